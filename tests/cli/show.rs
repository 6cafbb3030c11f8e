//! `show`.

use crate::store::{each_state, holding, on};
use crate::support::{Kind, NOW, Scratch, session};
use tomcat_sessions::session::{OnConflict, Session};

#[tokio::test]
async fn show_by_prefix_for_each_state() {
    let db = holding(&each_state()).await;
    insta::assert_snapshot!(on(&db, "show A11CE00000000000000000000000001").run(), @"
    exit 0
    --- stdout
    restorable     no: the data cannot be decoded: not a session: creationTime (a Long) was expected at offset 4
    session_id     A11CE000…
    app_name       /Catalina/localhost/demo
    route          jvm1
    state          live, expires in 29m
    valid_session  1
    max_inactive   1800 (30m)
    last_access    1795359940000 (2026-11-22 15:05:40+00:00)
    idle           1m
    session_data   140 B
    ");
    insta::assert_snapshot!(on(&db, "show A11CE00000000000000000000000002 --full-ids").run(), @"
    exit 0
    --- stdout
    restorable     no: the data cannot be decoded: not a session: creationTime (a Long) was expected at offset 4
    session_id     A11CE00000000000000000000000002.jvm2
    app_name       /Catalina/localhost/demo
    route          jvm2
    state          expired for 1h 30m
    valid_session  1
    max_inactive   1800 (30m)
    last_access    1795352800000 (2026-11-22 13:06:40+00:00)
    idle           2h
    session_data   140 B
    ");
    insta::assert_snapshot!(on(&db, "show B0").run(), @"
    exit 0
    --- stdout
    restorable     no: the data cannot be decoded: not a session: creationTime (a Long) was expected at offset 4
    session_id     B0B00000…
    app_name       /Catalina/localhost/shop
    route          jvm1
    state          never expires
    valid_session  1
    max_inactive   0 (never expires)
    last_access    1795273600000 (2026-11-21 15:06:40+00:00)
    idle           1d
    session_data   141 B
    ");
    insta::assert_snapshot!(on(&db, "show CAFE").run(), @"
    exit 0
    --- stdout
    restorable     no: session_data is NULL
    session_id     CAFE0000…
    app_name       NULL
    route          -
    state          invalid: valid_session is not '1', or max_inactive or last_access is NULL; Tomcat never writes such a row
    valid_session  0
    max_inactive   1800 (30m)
    last_access    1795360000000 (2026-11-22 15:06:40+00:00)
    idle           0s
    session_data   NULL
    ");
}

#[tokio::test]
async fn machine_formats_carry_the_whole_id() {
    let db = holding(&each_state()).await;
    insta::assert_snapshot!(on(&db, "show B0B --format json").run(), @r#"
    exit 0
    --- stdout
    {
      "session_id": "B0B00000000000000000000000000003.jvm1",
      "app_name": "/Catalina/localhost/shop",
      "route": "jvm1",
      "restorable": false,
      "restorable_reason": "the data cannot be decoded: not a session: creationTime (a Long) was expected at offset 4",
      "state": "never",
      "valid_session": "1",
      "max_inactive": 0,
      "last_access": 1795273600000,
      "last_access_rfc3339": "2026-11-21T15:06:40.000Z",
      "idle_ms": 86400000,
      "expires_at": null,
      "expires_at_rfc3339": null,
      "size_bytes": 141,
      "java_stream": true,
      "data": null,
      "decode_error": "not a session: creationTime (a Long) was expected at offset 4"
    }
    "#);
    insta::assert_snapshot!(on(&db, "show B0B --format ndjson").run(), @r#"
    exit 0
    --- stdout
    {"session_id":"B0B00000000000000000000000000003.jvm1","app_name":"/Catalina/localhost/shop","route":"jvm1","restorable":false,"restorable_reason":"the data cannot be decoded: not a session: creationTime (a Long) was expected at offset 4","state":"never","valid_session":"1","max_inactive":0,"last_access":1795273600000,"last_access_rfc3339":"2026-11-21T15:06:40.000Z","idle_ms":86400000,"expires_at":null,"expires_at_rfc3339":null,"size_bytes":141,"java_stream":true,"data":null,"decode_error":"not a session: creationTime (a Long) was expected at offset 4"}
    "#);
    insta::assert_snapshot!(on(&db, "show B0B --format csv").run(), @"
    exit 0
    --- stdout
    session_id,app_name,route,restorable,restorable_reason,state,valid_session,max_inactive,last_access,last_access_rfc3339,idle_ms,expires_at,expires_at_rfc3339,size_bytes,java_stream,data,decode_error
    B0B00000000000000000000000000003.jvm1,/Catalina/localhost/shop,jvm1,false,the data cannot be decoded: not a session: creationTime (a Long) was expected at offset 4,never,1,0,1795273600000,2026-11-21T15:06:40.000Z,86400000,,,141,true,,not a session: creationTime (a Long) was expected at offset 4
    ");
}

#[tokio::test]
async fn ambiguous_and_unknown_ids_are_refused() {
    let db = holding(&each_state()).await;
    insta::assert_snapshot!(on(&db, "show A11").run(), @"
    exit 2
    --- stderr
    error: the prefix `A11` is ambiguous: it matches 2 sessions
    hint: A11CE00000000000000000000000001  /Catalina/localhost/demo  live
    hint: A11CE00000000000000000000000002  /Catalina/localhost/demo  expired
    hint: write a longer prefix
    ");
    insta::assert_snapshot!(on(&db, "show b0b").run(), @"
    exit 1
    --- stderr
    error: the table `tomcat_sessions` has no session whose id starts with `b0b`
    hint: `tomcat-sessions list` shows the ids in the live table, `tomcat-sessions list --swapped` those in the swap table; ids are case-sensitive
    ");
    let filtered = on(&db, "show A11CE --app shop").run().code(1);
    let message = "has no session that matches the filters and whose id starts with `A11CE`";
    assert!(filtered.stderr.contains(message), "{filtered}");
    insta::assert_snapshot!(on(&db, "show --format json").arg("%").run(), @r#"
    exit 1
    --- stderr
    {"error":"the table `tomcat_sessions` has no session whose id starts with `%`","causes":[],"hints":["`tomcat-sessions list` shows the ids in the live table, `tomcat-sessions list --swapped` those in the swap table; ids are case-sensitive"],"exit_code":1}
    "#);
    insta::assert_snapshot!(on(&db, "show").arg("").run(), @"
    exit 2
    --- stderr
    error: a session id is empty
    ");
    // A complete id that does not exist is a credential nevertheless.
    let run = on(&db, "show 0123456789ABCDEF0123456789ABCDEF").secret("0123456789ABCDEF0123456789ABCDEF").run();
    run.code(1);
}

#[tokio::test]
async fn an_ambiguous_prefix_lists_ten_matches() {
    let rows: Vec<_> = (0..25).map(|n| session("demo", &format!("AB{n:02}7C5D9E11223344"), 1800, NOW.0)).collect();
    let db = holding(&rows).await;
    let run = on(&db, "show AB").run().code(2);
    insta::assert_snapshot!(run, @"
    exit 2
    --- stderr
    error: the prefix `AB` is ambiguous: it matches more than 10 sessions
    hint: AB007C5D  demo  live
    hint: AB017C5D  demo  live
    hint: AB027C5D  demo  live
    hint: AB037C5D  demo  live
    hint: AB047C5D  demo  live
    hint: AB057C5D  demo  live
    hint: AB067C5D  demo  live
    hint: AB077C5D  demo  live
    hint: AB087C5D  demo  live
    hint: AB097C5D  demo  live
    hint: write a longer prefix; `tomcat-sessions list --id AB` lists all of them
    ");
    // The command in the hint works, and so does each listed match.
    assert_eq!(on(&db, "list --id AB --json").run().code(0).stdout.matches("session_id").count(), 25);
    on(&db, "show AB007C5D").run().code(0);
    // Ids that differ in their last character are not printed completely.
    let db =
        holding(&[session("demo", "ABCDEFABCDEF1", 1800, NOW.0), session("demo", "ABCDEFABCDEF2", 0, NOW.0)]).await;
    let run = on(&db, "show ABC").secret("ABCDEFABCDEF1").secret("ABCDEFABCDEF2").run().code(2);
    assert!(run.stderr.contains("hint: ABCDEFAB…  demo  live\nhint: ABCDEFAB…  demo  never\n"), "{run}");
}

#[tokio::test]
async fn one_id_in_two_applications_is_chosen_by_app() {
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    db.create_table("recommended").await;
    let rows = ["a", "b"].map(|app| session(app, "0A1B2C3D4E5F", 1800, NOW.0));
    db.open().await.insert(&rows, OnConflict::Fail).await.unwrap();
    insta::assert_snapshot!(on(&db, "show 0A1B").run(), @"
    exit 2
    --- stderr
    error: the prefix `0A1B` is ambiguous: it matches 2 sessions
    hint: 0A1B2C3D  a  live
    hint: 0A1B2C3D  b  live
    hint: several applications have this id; add --app a or --app b
    ");
    let run = on(&db, "show 0A1B --app b --format json").run().code(0);
    assert!(run.stdout.contains(r#""app_name": "b""#), "{run}");
}

/// A session written by a JVM (`tests/decode/java/Sessions.java`), in a row with another id.
fn written_by_java(id: &str, data: &[u8]) -> Session {
    let mut row = session("/Catalina/localhost/demo", id, 1800, 1_700_000_001_000);
    row.meta.size = Some(data.len() as u64);
    row.data = Some(data.to_vec().into());
    row
}

const JAVAS_ID: &str = "0123456789ABCDEF0123456789ABCDEF.jvm1";
const SPRING: &[u8] = include_bytes!("../decode/fixtures/session-login.ser");

#[tokio::test]
async fn attributes_are_decoded_and_their_values_hidden() {
    let db = holding(&[written_by_java(JAVAS_ID, SPRING)]).await;
    insta::assert_snapshot!(on(&db, "show 0123").secret("hash of a password").run(), @"
    exit 0
    --- stdout
    session_id     01234567…
    app_name       /Catalina/localhost/demo
    route          jvm1
    state          expired for 1103d 16h
    valid_session  1
    max_inactive   1800 (30m)
    last_access    1700000001000 (2023-11-14 22:13:21+00:00)
    idle           1103d 16h
    session_data   1.3 KiB
    created        1700000000000 (2023-11-14 22:13:20+00:00)
    lastAccessed   1700000001000 (2023-11-14 22:13:21+00:00)
    thisAccessed   1700000002000 (2023-11-14 22:13:22+00:00)
    login          FORM, principal of class Sessions$Node
    users          alice, principal

    According to the data, too, it expired 1103d 16h ago.

    ATTRIBUTE                CLASS                                                          SERIALVERSIONUID   SIZE
    user                     java.lang.String                                                              -   15 B
    count                    java.lang.Integer                                                             -   18 B
    cart                     java.util.ArrayList                                                           -   78 B
    SPRING_SECURITY_CONTEXT  org.springframework.security.core.context.SecurityContextImpl               620  845 B
    --- stderr
    Values are hidden; --values shows them.
    ");
    insta::assert_snapshot!(on(&db, "show 0123 --values").secret("hash of a password").run(), @r#"
    exit 0
    --- stdout
    session_id     01234567…
    app_name       /Catalina/localhost/demo
    route          jvm1
    state          expired for 1103d 16h
    valid_session  1
    max_inactive   1800 (30m)
    last_access    1700000001000 (2023-11-14 22:13:21+00:00)
    idle           1103d 16h
    session_data   1.3 KiB
    created        1700000000000 (2023-11-14 22:13:20+00:00)
    lastAccessed   1700000001000 (2023-11-14 22:13:21+00:00)
    thisAccessed   1700000002000 (2023-11-14 22:13:22+00:00)
    login          FORM, principal of class Sessions$Node
    users          alice, principal

    According to the data, too, it expired 1103d 16h ago.

    ATTRIBUTE                CLASS                                                          SERIALVERSIONUID   SIZE  VALUE
    user                     java.lang.String                                                              -   15 B  "alice"
    count                    java.lang.Integer                                                             -   18 B  1800
    cart                     java.util.ArrayList                                                           -   78 B  ["book", 2]
    SPRING_SECURITY_CONTEXT  org.springframework.security.core.context.SecurityContextImpl               620  845 B  user alice
    "#);
    let revealed = on(&db, "show 0123 --reveal --format json").run().code(0).stdout;
    assert!(revealed.contains("\"password\": \"hash of a password\""), "{revealed}");
    let kept_back = on(&db, "show 0123 --values --format json").run().code(0).stdout;
    assert!(kept_back.contains("\"password\": \"***\""), "{kept_back}");
}

#[tokio::test]
async fn broken_attributes_and_foreign_ids_are_shown() {
    let broken = include_bytes!("../decode/fixtures/session-broken.ser");
    let db = holding(&[written_by_java("0DD", broken), written_by_java("C07", &SPRING[..1000])]).await;
    insta::assert_snapshot!(on(&db, "show 0DD").run(), @"
    exit 0
    --- stdout
    restorable     no: the session id in the data is not the id of the row
    session_id     0DD…
    app_name       /Catalina/localhost/demo
    route          -
    state          expired for 1103d 16h
    valid_session  1
    max_inactive   1800 (30m)
    last_access    1700000001000 (2023-11-14 22:13:21+00:00)
    idle           1103d 16h
    session_data   4.1 KiB
    created        1700000000000 (2023-11-14 22:13:20+00:00)
    lastAccessed   1700000001000 (2023-11-14 22:13:21+00:00)
    thisAccessed   1700000002000 (2023-11-14 22:13:22+00:00)
    login          FORM, principal of class Sessions$Node
    user           principal

    The session id in the data is not the id of the row: Tomcat will not load this session, and since 9.0.122, 10.1.60 and 11.0.26 deletes the row when it is asked for.
    According to the data, too, it expired 1103d 16h ago.

    ATTRIBUTE  CLASS                                                   SERIALVERSIONUID     SIZE
    first      Sessions$Node                                                          1     19 B
    bare       could not be written: java.io.NotSerializableException                 -  1.0 KiB
    deep       could not be written: java.io.NotSerializableException                 -  2.5 KiB
    after      Sessions$Node                                                          1     71 B
    count      java.lang.Integer                                                      -     85 B
    again      java.util.ArrayList                                                    -     73 B
    --- stderr
    Values are hidden; --values shows them.
    ");
    let cut = on(&db, "show C07").run().code(0).stdout;
    assert!(cut.contains("3 of 4 attributes can be read: the bytes end at offset 1000, where "), "{cut}");
}

#[tokio::test]
async fn raw_data_and_hex_dump() {
    let db = holding(&[written_by_java(JAVAS_ID, SPRING), written_by_java("C07", &SPRING[..100])]).await;
    let raw = assert_cmd::Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"))
        .args(["show", "0123", "--raw", "--url", &db.url])
        .output()
        .unwrap();
    assert_eq!(raw.stdout, SPRING);
    let hex = on(&db, "show 0123 --hex").run().code(0).stdout;
    assert!(hex.starts_with("00000000  ac ed 00 05 "), "{hex}");
    assert!(hex.contains("  TC_CLASSDESC java.lang.Long\n"), "{hex}");
    // Every byte occurs once.
    let bytes: usize = hex.lines().map(|line| line[10..57].split_whitespace().count()).sum();
    assert_eq!(bytes, SPRING.len());
    let cut = on(&db, "show C07 --hex").run().code(0).stdout;
    assert!(
        cut.ends_with("-- stopped here: the bytes end at offset 100, where the name of a class was expected\n"),
        "{cut}"
    );
}
