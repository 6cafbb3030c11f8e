//! `list`.

use std::process::{Command, Stdio};

use crate::command;
use crate::store::{each_state, holding, on};
use crate::support::{NOW, Scratch, session};
use tomcat_sessions::session::Session;

#[test]
fn without_a_store_it_says_how_to_name_one() {
    insta::assert_snapshot!(command().args("list").run(), @"
    exit 2
    --- stderr
    error: no store was given
    hint: use --url mysql://tomcat@localhost:3306/tomcat, or set TOMCAT_SESSIONS_URL
    hint: --store NAME takes it from the configuration file; `tomcat-sessions stores` lists the names
    hint: use --context-xml conf/context.xml to read it from a Tomcat's configuration
    hint: `tomcat-sessions demo` shows a tour on a temporary store
    ");
}

#[tokio::test]
async fn every_state_as_a_table() {
    let db = holding(&each_state()).await;
    insta::assert_snapshot!(on(&db, "list").run(), @"
    exit 0
    --- stdout
    SESSION                          APPLICATION               STATE    IDLE     EXPIRES   SIZE
    A11CE00000000000000000000000001  /Catalina/localhost/demo  live       1m      in 29m  140 B
    A11CE00000000000000000000000002  /Catalina/localhost/demo  expired    2h  1h 30m ago  140 B
    B0B0000000000000000000000000000  /Catalina/localhost/shop  never      1d           -  141 B
    CAFE000000000000000000000000000  NULL                      invalid    0s           -   NULL
    ");
    insta::assert_snapshot!(on(&db, "list --full-ids --app demo").run(), @"
    exit 0
    --- stdout
    SESSION                               APPLICATION               STATE    IDLE     EXPIRES   SIZE
    A11CE00000000000000000000000001.jvm1  /Catalina/localhost/demo  live       1m      in 29m  140 B
    A11CE00000000000000000000000002.jvm2  /Catalina/localhost/demo  expired    2h  1h 30m ago  140 B
    ");
}

#[tokio::test]
async fn every_machine_format() {
    let db = holding(&each_state()).await;
    insta::assert_snapshot!(on(&db, "list --format json").run(), @r#"
    exit 0
    --- stdout
    [
    {"session_id":"A11CE00000000000000000000000001.jvm1","app_name":"/Catalina/localhost/demo","route":"jvm1","state":"live","valid_session":"1","max_inactive":1800,"last_access":1795359940000,"last_access_rfc3339":"2026-11-22T15:05:40.000Z","idle_ms":60000,"expires_at":1795361740000,"expires_at_rfc3339":"2026-11-22T15:35:40.000Z","size_bytes":140},
    {"session_id":"A11CE00000000000000000000000002.jvm2","app_name":"/Catalina/localhost/demo","route":"jvm2","state":"expired","valid_session":"1","max_inactive":1800,"last_access":1795352800000,"last_access_rfc3339":"2026-11-22T13:06:40.000Z","idle_ms":7200000,"expires_at":1795354600000,"expires_at_rfc3339":"2026-11-22T13:36:40.000Z","size_bytes":140},
    {"session_id":"B0B00000000000000000000000000003.jvm1","app_name":"/Catalina/localhost/shop","route":"jvm1","state":"never","valid_session":"1","max_inactive":0,"last_access":1795273600000,"last_access_rfc3339":"2026-11-21T15:06:40.000Z","idle_ms":86400000,"expires_at":null,"expires_at_rfc3339":null,"size_bytes":141},
    {"session_id":"CAFE0000000000000000000000000004","app_name":null,"route":null,"state":"invalid","valid_session":"0","max_inactive":1800,"last_access":1795360000000,"last_access_rfc3339":"2026-11-22T15:06:40.000Z","idle_ms":0,"expires_at":null,"expires_at_rfc3339":null,"size_bytes":null}
    ]
    "#);
    insta::assert_snapshot!(on(&db, "list --format ndjson --state live").run(), @r#"
    exit 0
    --- stdout
    {"session_id":"A11CE00000000000000000000000001.jvm1","app_name":"/Catalina/localhost/demo","route":"jvm1","state":"live","valid_session":"1","max_inactive":1800,"last_access":1795359940000,"last_access_rfc3339":"2026-11-22T15:05:40.000Z","idle_ms":60000,"expires_at":1795361740000,"expires_at_rfc3339":"2026-11-22T15:35:40.000Z","size_bytes":140}
    "#);
    insta::assert_snapshot!(on(&db, "list --format csv --state invalid").run(), @"
    exit 0
    --- stdout
    session_id,app_name,route,state,valid_session,max_inactive,last_access,last_access_rfc3339,idle_ms,expires_at,expires_at_rfc3339,size_bytes
    CAFE0000000000000000000000000004,,,invalid,0,1800,1795360000000,2026-11-22T15:06:40.000Z,0,,,
    ");
    insta::assert_snapshot!(on(&db, "list --format prometheus").run(), @r#"
    exit 2
    --- stderr
    {"error":"--format prometheus is only available for `stats`","causes":[],"hints":["use `tomcat-sessions stats --format prometheus`, or --format json, which most commands support"],"exit_code":2}
    "#);
}

#[tokio::test]
async fn an_empty_list_exits_with_0() {
    let db = holding(&[]).await;
    insta::assert_snapshot!(on(&db, "list").run(), @"
    exit 0
    --- stderr
    No session matches.
    ");
    insta::assert_snapshot!(on(&db, "list --quiet").run(), @"
    exit 0
    ");
    insta::assert_snapshot!(on(&db, "list --format json").run(), @"
    exit 0
    --- stdout
    []
    --- stderr
    No session matches.
    ");
    insta::assert_snapshot!(on(&db, "list --app nothing-here --format ndjson --quiet").run(), @"
    exit 0
    ");
}

#[tokio::test]
async fn filters_select_sessions() {
    let db = holding(&each_state()).await;
    for (filter, expected) in [
        ("--state live", 1),
        ("--state expired", 1),
        ("--state never", 1),
        ("--state invalid", 1),
        ("--idle-over 30m", 2),
        ("--idle-under 2m", 2),
        ("--id A11CE", 2),
        ("--id a11ce", 0),
        ("--route jvm1", 2),
        ("--app demo", 2),
        ("--app demo --app shop", 3),
        ("--app */sh?p", 1),
        ("--larger-than 1", 3),
        ("--smaller-than 1", 1),
        ("--app demo --state live --route jvm2", 0),
    ] {
        let run = on(&db, "list --format ndjson --quiet").args(filter).run().code(0);
        assert_eq!((run.stdout.lines().count(), run.stderr.as_str()), (expected, ""), "{filter}");
    }
}

#[tokio::test]
async fn sorting_and_limits_report_what_is_omitted() {
    let rows: Vec<_> = (0..120).map(|i| session("demo", &format!("{i:032X}"), 1800, NOW.0 - i * 1000)).collect();
    let db = holding(&rows).await;
    let run = on(&db, "list").run().code(0);
    assert_eq!(run.stdout.lines().count(), 101);
    insta::assert_snapshot!(run.stderr, @"
    Showing the first 100. Next page: --from 00000000000000000000000000000064. All: --limit 0
    ");
    insta::assert_snapshot!(on(&db, "list --sort idle --limit 3").run(), @"
    exit 0
    --- stdout
    SESSION                           APPLICATION  STATE    IDLE    EXPIRES   SIZE
    00000000000000000000000000000077  demo         live   1m 59s  in 28m 1s  136 B
    00000000000000000000000000000076  demo         live   1m 58s  in 28m 2s  136 B
    00000000000000000000000000000075  demo         live   1m 57s  in 28m 3s  136 B
    --- stderr
    Showing the first 3 of 120. All: --limit 0
    ");
    insta::assert_snapshot!(on(&db, "list --sort idle --reverse --limit 2").run().stdout, @"
    SESSION                           APPLICATION  STATE  IDLE     EXPIRES   SIZE
    00000000000000000000000000000000  demo         live     0s      in 30m  136 B
    00000000000000000000000000000001  demo         live     1s  in 29m 59s  136 B
    ");
    insta::assert_snapshot!(on(&db, "list --from 00000000000000000000000000000076").run().stdout, @"
    SESSION                           APPLICATION  STATE    IDLE    EXPIRES   SIZE
    00000000000000000000000000000076  demo         live   1m 58s  in 28m 2s  136 B
    00000000000000000000000000000077  demo         live   1m 59s  in 28m 1s  136 B
    ");
    assert_eq!(on(&db, "list --limit 0").run().code(0).stdout.lines().count(), 121);
    insta::assert_snapshot!(on(&db, "list --reverse").run(), @"
    exit 2
    --- stderr
    error: --reverse cannot be combined with --sort id
    hint: use --sort idle, size, remaining or timeout
    ");
}

/// Control characters in the table or in a cookie do not reach the administrator's terminal.
#[tokio::test]
async fn escape_sequences_are_not_printed() {
    let db = holding(&[session("\x1b[2Jdemo", "0A\x1b]0;title\x07", 1800, NOW.0)]).await;
    for format in ["table", "json", "ndjson"] {
        let run = on(&db, &format!("list --full-ids --format {format}")).run().code(0);
        assert!(!run.stdout.contains('\x1b') && !run.stdout.contains('\x07'), "{format}: {run}");
    }
}

#[tokio::test]
async fn a_closed_pipe_is_not_an_error() {
    let rows: Vec<_> = (0..5_000).map(|i| session("demo", &format!("{i:032X}"), 1800, NOW.0)).collect();
    let db = holding(&rows).await;
    for format in ["table", "json", "ndjson", "csv"] {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"))
            .env_clear()
            .args(["list", "--limit", "0", "--format", format, "--url", &db.url])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""), "{format}");
    }
}

/// Two logins of Spring Security, and a session of this test that cannot be decoded.
async fn with_data() -> Scratch {
    let java = |id: &str, data: &[u8]| {
        let mut row = session("/Catalina/localhost/demo", id, 1800, NOW.0 - 60_000);
        row.data = Some(data.to_vec().into());
        row.meta.size = Some(data.len() as u64);
        row
    };
    let broken: &[u8] = include_bytes!("../decode/fixtures/session-broken.ser");
    holding(&[
        java("AAAA", include_bytes!("../decode/fixtures/session-login.ser")),
        java("BBBB", broken),
        session("/Catalina/localhost/demo", "CCCC", 1800, NOW.0),
    ])
    .await
}

#[tokio::test]
async fn filters_on_the_data() {
    let db = with_data().await;
    let ids = |args: &str| -> String {
        let run = on(&db, "list --format csv -q").args(args).run().code(0);
        run.stdout.lines().skip(1).map(|line| &line[..1]).collect()
    };
    for (args, found) in [
        ("--user alice", "A"),
        ("--user ali*", "A"),
        ("--user principal", "AB"),
        ("--user bob", ""),
        ("--attr cart", "A"),
        ("--attr cart=book", "A"),
        ("--attr cart=pen", ""),
        ("--attr count=1800", "AB"),
        ("--attr count=1800 --sort size", "BA"),
        ("--attr count=1800 --smaller-than 2KB", "A"),
        ("--class java.lang.Thread", ""),
        ("--class java.lang.String --user alice", "A"),
        ("--class java.io.*Exception", "B"),
        ("--class org.springframework.security.* --user alice", "A"),
        ("--class org.springframework.security.* --user bob", ""),
    ] {
        assert_eq!(ids(args), found, "{args}");
    }
}

#[tokio::test]
async fn undecodable_sessions_are_reported() {
    let db = with_data().await;
    insta::assert_snapshot!(on(&db, "list --user alice").run(), @"
    exit 0
    --- stdout
    SESSION  APPLICATION               STATE  IDLE  EXPIRES     SIZE  NOT RESTORABLE
    AAAA     /Catalina/localhost/demo  live     1m   in 29m  1.3 KiB  the session id in the data is not the id of the row
    --- stderr
    warning: Skipped 1 session: the data could not be decoded completely. `tomcat-sessions list --restorable no` prints the reasons.
    ");
    insta::assert_snapshot!(on(&db, "list --user [").run(), @"
    exit 2
    --- stderr
    error: `--user [`: unclosed character class; missing ']'
    ");
}

#[tokio::test]
async fn a_search_stops_at_the_limit() {
    let rows: Vec<Session> = (0..40)
        .map(|i| {
            let mut row = session("/Catalina/localhost/demo", &format!("{i:04}"), 1800, NOW.0);
            let blob = include_bytes!("../decode/fixtures/session-login.ser");
            // Several batches: the reader is stopped while it waits to send one.
            row.data = Some([&blob[..], &vec![0; 500_000]].concat().into());
            row.meta.size = row.data.as_ref().map(|data| data.len() as u64);
            row
        })
        .collect();
    let db = holding(&rows).await;
    let run = on(&db, "list --user alice --limit 3").run().code(0);
    assert_eq!(run.stdout.lines().count(), 4, "{run}");
    assert_eq!(run.stderr, "Showing the first 3. All: --limit 0\n");
}

#[tokio::test]
async fn wide_shows_the_user() {
    let db = with_data().await;
    insta::assert_snapshot!(on(&db, "list -o wide --id A").run(), @"
    exit 0
    --- stdout
    SESSION  APPLICATION               STATE  USER              ROUTE  LAST ACCESS                IDLE  EXPIRES  TIMEOUT     SIZE  NOT RESTORABLE
    AAAA     /Catalina/localhost/demo  live   alice, principal  -      2026-11-22 15:05:40+00:00    1m   in 29m      30m  1.3 KiB  the session id in the data is not the id of the row
    ");
    let run = on(&db, "stats -o wide").run().code(2);
    assert!(run.stderr.contains("--format wide is only available for `list`"), "{run}");
}

#[tokio::test]
async fn columns_are_chosen_by_name() {
    let db = with_data().await;
    insta::assert_snapshot!(on(&db, "list --columns user,id,last-access,max-inactive --utc").run().stdout, @"
    USER              SESSION  LAST ACCESS           TIMEOUT  NOT RESTORABLE
    alice, principal  AAAA     2026-11-22 15:05:40Z      30m  the session id in the data is not the id of the row
    principal         BBBB     2026-11-22 15:05:40Z      30m  the session id in the data is not the id of the row
    -                 CCCC     2026-11-22 15:06:40Z      30m  the data cannot be decoded: not a session: creationTime (a Long) was expected at offset 4
    ");
    insta::assert_snapshot!(on(&db, "list --columns user,id,expires --id A --json").run().stdout, @r#"
    [
    {"user":"alice, principal","session_id":"AAAA","expires_at":1795361740000,"expires_at_rfc3339":"2026-11-22T15:35:40.000Z"}
    ]
    "#);
    let reasons = on(&db, "list --columns id,restorable").run().code(0);
    assert!(reasons.stdout.starts_with("SESSION  RESTORABLE  REASON\n"), "{reasons}");
    insta::assert_snapshot!(on(&db, "list --columns session_id,size -o csv").run().stdout, @"
    session_id,size_bytes
    AAAA,1293
    BBBB,4210
    CCCC,108
    ");
    // With names of the table's columns, and with a search, which already reads the data.
    let run = on(&db, "list --columns id=session_id,user,size --user alice -o ndjson").run().code(0);
    assert_eq!(run.stdout, "{\"user\":\"alice, principal\",\"size_bytes\":1293}\n");
    insta::assert_snapshot!(on(&db, "list --columns id,usr").run(), @"
    exit 2
    --- stderr
    error: there is no column `usr`
    hint: did you mean `user`? the columns are id, app, state, user, route, valid, max-inactive, last-access, idle, expires, size, restorable, attr=NAME
    ");
    insta::assert_snapshot!(on(&db, "stats --columns user").run(), @"
    exit 2
    --- stderr
    error: --columns user: only `list` has columns to choose
    hint: write COLUMN=NAME for the name of a column in the table, for example --columns id=SESSION_ID
    ");
}

#[tokio::test]
async fn since_and_before_select_sessions() {
    let db = holding(&each_state()).await;
    // The clock shows 2026-11-22 15:06:40 UTC; the last accesses are 0 s, 1 minute, 2 hours and 1 day earlier.
    for (filter, expected) in [
        ("--since 30m", 2),
        ("--before 30m", 2),
        ("--since 1d --before 1m", 2),
        ("--since 2026-11-22T15:05:40Z", 2),
        ("--since 2026-11-22T15:05:40.001Z", 1),
        ("--before 2026-11-22T15:05:40Z", 2),
        ("--since 2026-11-22", 3),
        ("--before 2026-11-22T13:06:40+00:00", 1),
        ("--before 2026-11-22", 1),
        ("--since 2026-11-22T20:36:40", 0),
    ] {
        let run = on(&db, "list --format ndjson --quiet").args(filter).run().code(0);
        assert_eq!(run.stdout.lines().count(), expected, "{filter}");
    }
    // Local time is that of the time zone.
    let run = on(&db, "list -o ndjson").arg("--since=2026-11-22 20:35").env("TZ", "Asia/Kolkata").run().code(0);
    assert_eq!(run.stdout.lines().count(), 2, "{run}");
    let run = on(&db, "list --since yesterday").run().code(2);
    assert!(run.stderr.contains("2026-11-26T09:30:00Z"), "{run}");
}

#[tokio::test]
async fn rows_without_an_application_have_a_name_too() {
    let db = holding(&each_state()).await;
    let run = on(&db, "list --app * -o ndjson").run().code(0);
    assert_eq!(run.stdout.lines().count(), 3);
    assert_eq!(run.stderr, "`--app '*'` does not include the rows without an application; --app NULL selects them.\n");
    let run = on(&db, "list --app NULL -o ndjson").run().code(0);
    assert_eq!((run.stdout.lines().count(), run.stderr.as_str()), (1, ""));
    assert_eq!(on(&db, "list --app NULL,demo -o ndjson").run().code(0).stdout.lines().count(), 3);
}

#[tokio::test]
async fn attributes_as_columns() {
    let db = with_data().await;
    insta::assert_snapshot!(on(&db, "list --columns attr=cart,attr=count,attr=userToken,attr=no\u{1b}ne").run(), @r#"
    exit 0
    --- stdout
    SESSION  APPLICATION               STATE  IDLE  EXPIRES     SIZE  NOT RESTORABLE                                                                             cart         count  userToken  no�ne
    AAAA     /Catalina/localhost/demo  live     1m   in 29m  1.3 KiB  the session id in the data is not the id of the row                                        ["book", 2]  1800   -          -
    BBBB     /Catalina/localhost/demo  live     1m   in 29m  4.1 KiB  the session id in the data is not the id of the row                                        -            1800   -          -
    CCCC     /Catalina/localhost/demo  live     0s   in 30m    108 B  the data cannot be decoded: not a session: creationTime (a Long) was expected at offset 4  -            -      -          -
    "#);
    let run = on(&db, "list --columns attr=cart --columns attr=count --format json --user alice").run().code(0);
    let listed: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    insta::assert_json_snapshot!(listed[0]["attributes"], @r#"
    {
      "cart": {
        "class": "java.util.ArrayList",
        "id": 17,
        "items": [
          "book",
          2
        ]
      },
      "count": 1800
    }
    "#);
    let run = on(&db, "list --columns attr=cart --format csv --sort size").run().code(0);
    insta::assert_snapshot!(run.stdout, @r#"
    session_id,app_name,route,state,valid_session,max_inactive,last_access,last_access_rfc3339,idle_ms,expires_at,expires_at_rfc3339,size_bytes,restorable,restorable_reason,user,attributes_cart
    BBBB,/Catalina/localhost/demo,,live,1,1800,1795359940000,2026-11-22T15:05:40.000Z,60000,1795361740000,2026-11-22T15:35:40.000Z,4210,false,the session id in the data is not the id of the row,principal,
    AAAA,/Catalina/localhost/demo,,live,1,1800,1795359940000,2026-11-22T15:05:40.000Z,60000,1795361740000,2026-11-22T15:35:40.000Z,1293,false,the session id in the data is not the id of the row,"alice, principal","[""book"", 2]"
    CCCC,/Catalina/localhost/demo,,live,1,1800,1795360000000,2026-11-22T15:06:40.000Z,0,1795361800000,2026-11-22T15:36:40.000Z,108,false,the data cannot be decoded: not a session: creationTime (a Long) was expected at offset 4,,
    "#);
    insta::assert_snapshot!(on(&db, "stats --columns attr=cart").run(), @"
    exit 2
    --- stderr
    error: attributes in --columns are only available for `list`
    hint: `tomcat-sessions show ID --values` shows all attributes of a session, `tomcat-sessions stats --by attr` all attribute names
    ");
}
