//! `stats`.

use crate::run::Done;
use crate::store::{each_state, holding, on};
use crate::streams::row;
use crate::support::{NOW, Scratch, sample, session};

#[tokio::test]
async fn totals_as_a_table() {
    let db = holding(&sample()).await;
    insta::assert_snapshot!(on(&db, "stats").run(), @"
    exit 0
    --- stdout
    APPLICATION                  SESSIONS  LIVE  NEVER  EXPIRED   OLDEST      DATA
    /Catalina/localhost/                4     0      0        4   14m 8s   7.0 KiB
    /Catalina/localhost/demo            9     2      2        5  14m 13s  28.8 KiB
    /Catalina/localhost/demo##2         4     0      0        4   14m 8s   7.0 KiB
    /Catalina/localhost/demo11          5     0      0        5  43m 56s   8.7 KiB
    /Catalina/localhost/demo9           4     0      0        4   14m 4s   7.0 KiB
    all                                26     2      2       22  43m 56s  58.4 KiB

    IDLE                             50%      99%   1m  5m 30m  1h  6h  1d  7d   +
    /Catalina/localhost/          44m 8s   44m 8s              ███
    /Catalina/localhost/demo     44m 13s  44m 13s              ███
    /Catalina/localhost/demo##2   44m 8s   44m 8s              ███
    /Catalina/localhost/demo11   43m 59s  43m 59s              ███
    /Catalina/localhost/demo9     44m 4s   44m 4s              ███
    all                          44m 13s  44m 13s              ███

    SIZE                             99%      MAX   1K  4K 16K 64K 256  1M  4M   +
    /Catalina/localhost/         1.7 KiB  1.7 KiB      ███
    /Catalina/localhost/demo     7.8 KiB  7.8 KiB      ███ ▁▁▁
    /Catalina/localhost/demo##2  1.7 KiB  1.7 KiB      ███
    /Catalina/localhost/demo11   1.7 KiB  1.7 KiB      ███
    /Catalina/localhost/demo9    1.7 KiB  1.7 KiB      ███
    all                          7.8 KiB  7.8 KiB      ███ ▁▁▁
    ");
    insta::assert_snapshot!(on(&db, "stats --app demo11 --state live").run(), @"
    exit 0
    --- stdout
    APPLICATION  SESSIONS  LIVE  NEVER  EXPIRED  OLDEST  DATA
    all                 0     0      0        0       -   0 B
    ");
}

/// Three applications, each of which is the first in one sort order.
async fn three() -> Scratch {
    let of = |app: &str, id: &str, max_inactive, age| {
        session(&format!("/Catalina/localhost/{app}"), id, max_inactive, NOW.0 - age)
    };
    let mut rows = vec![
        of("a", "A1", 1800, 0),
        of("a", "A2", 1800, 0),
        of("a", "A3", 1800, 0),
        of("b", "B1", 60, 36_000_000),
        of("c", "C1", 60, 3_600_000),
        of("c", "C2", 60, 3_600_000),
    ];
    rows[3].data = Some(vec![0; 2_000].into());
    rows[3].meta.size = Some(2_000);
    holding(&rows).await
}

#[tokio::test]
async fn orders_and_limits() {
    let db = three().await;
    let names = |run: &Done, list: &str, name: &str| -> Vec<String> {
        let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let lines = json[list].as_array().unwrap().iter();
        lines.map(|line| line[name].as_str().unwrap().rsplit('/').next().unwrap().to_owned()).collect()
    };
    for (sort, order) in [
        ("", ["a", "b", "c"]),
        ("--sort name", ["a", "b", "c"]),
        ("--sort sessions", ["a", "c", "b"]),
        ("--sort size", ["b", "a", "c"]),
        ("--sort expired", ["c", "b", "a"]),
        ("--sort oldest", ["b", "c", "a"]),
    ] {
        for (limit, shown) in [("", 3), ("--limit 2", 2), ("--limit 0", 3), ("--limit 9", 3)] {
            let run = on(&db, &format!("stats --format json {sort} {limit}")).run().code(0);
            assert_eq!(names(&run, "applications", "app_name"), order[..shown], "{sort} {limit}");
            let output_text = if shown < 3 { "Showing the first 2 of 3. All: --limit 0\n" } else { "" };
            assert_eq!(run.stderr, output_text, "{sort} {limit}");
            let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
            assert_eq!(json["total"]["sessions"], 6, "the sum is of all: {run}");
        }
    }
    for (sort, order) in [
        ("", ["a", "c", "b"]),
        ("--sort name", ["a", "b", "c"]),
        ("--sort sessions", ["a", "c", "b"]),
        ("--sort size", ["b", "a", "c"]),
    ] {
        let run = on(&db, &format!("stats --by app --format json {sort} --limit 2")).run().code(0);
        assert_eq!(names(&run, "groups", "name"), order[..2], "{sort}: {run}");
        assert_eq!(run.stderr, "Showing the first 2 of 3. All: --limit 0\n");
    }
    for args in
        ["stats --sort idle", "stats --by app --sort oldest", "stats --limit -1", "stats -o prometheus --limit 1"]
    {
        on(&db, args).run().code(2);
    }
}

#[tokio::test]
async fn every_machine_format() {
    let db = holding(&each_state()).await;
    insta::assert_snapshot!(on(&db, "stats --format prometheus").run(), @r#"
    exit 0
    --- stdout
    # HELP tomcat_sessions Sessions in the table by state.
    # TYPE tomcat_sessions gauge
    tomcat_sessions{store="sqlite:sessions.db",app="",state="live"} 0
    tomcat_sessions{store="sqlite:sessions.db",app="",state="expired"} 0
    tomcat_sessions{store="sqlite:sessions.db",app="",state="never"} 0
    tomcat_sessions{store="sqlite:sessions.db",app="",state="invalid"} 1
    tomcat_sessions{store="sqlite:sessions.db",app="/Catalina/localhost/demo",state="live"} 1
    tomcat_sessions{store="sqlite:sessions.db",app="/Catalina/localhost/demo",state="expired"} 1
    tomcat_sessions{store="sqlite:sessions.db",app="/Catalina/localhost/demo",state="never"} 0
    tomcat_sessions{store="sqlite:sessions.db",app="/Catalina/localhost/demo",state="invalid"} 0
    tomcat_sessions{store="sqlite:sessions.db",app="/Catalina/localhost/shop",state="live"} 0
    tomcat_sessions{store="sqlite:sessions.db",app="/Catalina/localhost/shop",state="expired"} 0
    tomcat_sessions{store="sqlite:sessions.db",app="/Catalina/localhost/shop",state="never"} 1
    tomcat_sessions{store="sqlite:sessions.db",app="/Catalina/localhost/shop",state="invalid"} 0
    # HELP tomcat_sessions_data_bytes Bytes of session data.
    # TYPE tomcat_sessions_data_bytes gauge
    tomcat_sessions_data_bytes{store="sqlite:sessions.db",app=""} 0
    tomcat_sessions_data_bytes{store="sqlite:sessions.db",app="/Catalina/localhost/demo"} 280
    tomcat_sessions_data_bytes{store="sqlite:sessions.db",app="/Catalina/localhost/shop"} 141
    # HELP tomcat_sessions_largest_bytes Bytes of the largest session.
    # TYPE tomcat_sessions_largest_bytes gauge
    tomcat_sessions_largest_bytes{store="sqlite:sessions.db",app=""} 0
    tomcat_sessions_largest_bytes{store="sqlite:sessions.db",app="/Catalina/localhost/demo"} 140
    tomcat_sessions_largest_bytes{store="sqlite:sessions.db",app="/Catalina/localhost/shop"} 141
    # HELP tomcat_sessions_oldest_expired_seconds Time since the earliest expiry among the expired sessions.
    # TYPE tomcat_sessions_oldest_expired_seconds gauge
    tomcat_sessions_oldest_expired_seconds{store="sqlite:sessions.db",app=""} 0
    tomcat_sessions_oldest_expired_seconds{store="sqlite:sessions.db",app="/Catalina/localhost/demo"} 5400
    tomcat_sessions_oldest_expired_seconds{store="sqlite:sessions.db",app="/Catalina/localhost/shop"} 0
    "#);
    insta::assert_snapshot!(on(&db, "stats --format csv").run(), @"
    exit 0
    --- stdout
    app_name,sessions,live,expired,never_expiring,invalid,bytes,oldest_expired_ms,size_bytes_p50,size_bytes_p95,size_bytes_p99,size_bytes_max,idle_ms_p50,idle_ms_p95,idle_ms_p99,idle_ms_max
    ,1,0,0,0,1,0,,0,0,0,0,0,0,0,0
    /Catalina/localhost/demo,2,1,1,0,0,280,5400000,140,140,140,140,60159,7200000,7200000,7200000
    /Catalina/localhost/shop,1,0,0,1,0,141,,141,141,141,141,86400000,86400000,86400000,86400000
    ");
    let run = on(&db, "stats --format json").run().code(0);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((json["total"]["sessions"].as_u64(), json["applications"].as_array().unwrap().len()), (Some(4), 3));
    let run = on(&db, "stats --format ndjson").run().code(0);
    assert_eq!(run.stdout.lines().count(), 1);
}

#[tokio::test]
async fn an_empty_table_is_all_zeros() {
    let db = holding(&[]).await;
    insta::assert_snapshot!(on(&db, "stats").run(), @"
    exit 0
    --- stdout
    APPLICATION  SESSIONS  LIVE  NEVER  EXPIRED  OLDEST  DATA
    all                 0     0      0        0       -   0 B
    ");
    insta::assert_snapshot!(on(&db, "stats --format prometheus").run(), @"
    exit 0
    --- stdout
    # HELP tomcat_sessions Sessions in the table by state.
    # TYPE tomcat_sessions gauge
    # HELP tomcat_sessions_data_bytes Bytes of session data.
    # TYPE tomcat_sessions_data_bytes gauge
    # HELP tomcat_sessions_largest_bytes Bytes of the largest session.
    # TYPE tomcat_sessions_largest_bytes gauge
    # HELP tomcat_sessions_oldest_expired_seconds Time since the earliest expiry among the expired sessions.
    # TYPE tomcat_sessions_oldest_expired_seconds gauge
    ");
}

/// Application names are chosen by the deployer, and become values of labels.
#[tokio::test]
async fn labels_are_escaped() {
    let db = holding(&[crate::support::session("a\"b\\c\nd", "0A", 0, 0)]).await;
    let run = on(&db, "stats --format prometheus").run().code(0);
    assert!(
        run.stdout.contains(r#"tomcat_sessions{store="sqlite:sessions.db",app="a\"b\\c\nd",state="never"} 1"#),
        "{run}"
    );
    assert!(run.stdout.lines().all(|line| line.starts_with('#') || line.starts_with("tomcat_sessions")), "{run}");
}

/// Two logins of Spring Security, and data that cannot be read.
async fn with_data() -> Scratch {
    let java = |id: &str, data: &[u8]| row(id, data.to_vec());
    holding(&[
        java("AAAA.jvm1", include_bytes!("../decode/fixtures/session-login.ser")),
        java("BBBB.jvm2", include_bytes!("../decode/fixtures/session-broken.ser")),
        crate::support::session("/Catalina/localhost/shop", "CCCC", 1800, NOW.0),
    ])
    .await
}

#[tokio::test]
async fn groups_by_session_contents() {
    let db = with_data().await;
    insta::assert_snapshot!(on(&db, "stats --by attr").run(), @"
    exit 0
    --- stdout
    ATTRIBUTE                SESSIONS     DATA
    count                           2    103 B
    deep                            1  2.5 KiB
    bare                            1  1.0 KiB
    SPRING_SECURITY_CONTEXT         1    845 B
    cart                            1     78 B
    again                           1     73 B
    after                           1     71 B
    first                           1     19 B
    user                            1     15 B

    Read the data of 3 sessions.
    The data of 1 session cannot be decoded. `tomcat-sessions list --restorable no` and `tomcat-sessions list --restorable unknown` print the reasons.
    ");
    insta::assert_snapshot!(on(&db, "stats --by user --format csv").run(), @"
    exit 0
    --- stdout
    name,sessions,bytes
    principal,2,5503
    alice,1,1293
    ");
    insta::assert_snapshot!(on(&db, "stats --by route").run(), @"
    exit 0
    --- stdout
    ROUTE  SESSIONS     DATA
    jvm2          1  4.1 KiB
    jvm1          1  1.3 KiB
    -             1    108 B

    Counted 3 sessions.
    ");
    insta::assert_snapshot!(on(&db, "stats --by app --user alice").run(), @"
    exit 0
    --- stdout
    APPLICATION               SESSIONS     DATA
    /Catalina/localhost/demo         1  1.3 KiB

    Counted 1 session.
    --- stderr
    warning: Skipped 1 session: the data could not be decoded completely. `tomcat-sessions list --restorable no` prints the reasons.
    ");
    let run = on(&db, "stats --by class --format csv").run().code(0);
    let of = |class: &str| run.stdout.lines().filter(|line| line.starts_with(&format!("{class},"))).collect::<String>();
    assert_eq!(of("java.lang.Long"), "java.lang.Long,2,212");
    insta::assert_snapshot!(on(&db, "stats --by attr --format prometheus").run(), @r#"
    exit 2
    --- stderr
    {"error":"--by cannot be combined with --format prometheus","causes":[],"hints":["use --format json"],"exit_code":2}
    "#);
}

#[tokio::test]
async fn totals_with_filters_on_the_data() {
    let db = with_data().await;
    insta::assert_snapshot!(on(&db, "stats --user alice").run(), @"
    exit 0
    --- stdout
    APPLICATION               SESSIONS  LIVE  NEVER  EXPIRED  OLDEST     DATA
    /Catalina/localhost/demo         1     1      0        0       -  1.3 KiB
    all                              1     1      0        0       -  1.3 KiB

    IDLE                      50%  99%   1m  5m 30m  1h  6h  1d  7d   +
    /Catalina/localhost/demo   0s   0s  ███
    all                        0s   0s  ███

    SIZE                          99%      MAX   1K  4K 16K 64K 256  1M  4M   +
    /Catalina/localhost/demo  1.3 KiB  1.3 KiB      ███
    all                       1.3 KiB  1.3 KiB      ███
    --- stderr
    warning: Skipped 1 session: the data could not be decoded completely. `tomcat-sessions list --restorable no` prints the reasons.
    ");
    insta::assert_snapshot!(on(&db, "stats --attr no-such").run(), @"
    exit 0
    --- stdout
    APPLICATION  SESSIONS  LIVE  NEVER  EXPIRED  OLDEST  DATA
    all                 0     0      0        0       -   0 B
    --- stderr
    warning: Skipped 1 session: the data could not be decoded completely. `tomcat-sessions list --restorable no` prints the reasons.
    ");
}

/// The page is well-formed and self-contained, and application names are not interpreted as markup.
#[tokio::test]
async fn html_writes_a_page_with_charts() {
    let odd = "<b onclick=\"x\">&amp;'</b>";
    let mut rows = each_state();
    rows.push(crate::support::session(odd, "0D", 1800, NOW.0 - 90_000));
    let db = holding(&rows).await;
    let dir = tempfile::TempDir::new().unwrap();
    let file = dir.path().join("stats.html");
    let write =
        |args: &str| on(&db, "stats").arg("--html").arg(&file).args(args).hide(dir.path().display(), "DIR").run();
    insta::assert_snapshot!(write(""), @"
    exit 0
    --- stderr
    Wrote the statistics of 5 sessions to `DIR/stats.html`.
    ");
    insta::assert_snapshot!(write(""), @"
    exit 1
    --- stderr
    error: `DIR/stats.html` already exists
    hint: use --force to overwrite it
    ");
    let unread = write("--table absent").code(1);
    assert!(unread.stderr.contains("already exists"), "{unread}");
    write("--force --quiet").code(0);
    let page = std::fs::read_to_string(&file).unwrap();
    assert_eq!(
        on(&db, "stats --html -").run().code(0).stdout,
        page.replace(&db.path().display().to_string(), "sessions.db")
    );
    write("--force --format json").code(2);

    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let document = roxmltree::Document::parse_with_options(&page, options).unwrap();
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let name = node.tag_name().name();
        assert!(!["script", "link", "img", "iframe", "object", "b"].contains(&name), "<{name}>");
        for attribute in node.attributes() {
            assert!(!["src", "href", "style"].contains(&attribute.name()) && !attribute.name().starts_with("on"));
        }
    }
    assert!(!page.contains("url(") && !page.contains("@import") && !page.contains("http://"), "{page}");
    let named = |name: &'static str| document.descendants().filter(move |node| node.has_tag_name(name));
    let text = |node: roxmltree::Node| {
        node.descendants().filter_map(|n| n.text().filter(|_| n.is_text())).collect::<Vec<_>>().join("|")
    };
    let rows: Vec<String> = named("tr").map(text).collect();
    // Four applications and the total, in three tables with one head each, and a chart for each in two of them.
    assert_eq!((rows.len(), named("figure").count()), (3 * 6, 2 * 5));
    assert!(rows.contains(&format!("{odd}|1|1|0|0|0|-|106 B")), "{rows:#?}");
    assert!(rows.contains(&format!("{odd}|0|1|0|0|0|0|0|0|1m 30s|1m 30s|1m 30s|1m 30s")), "{rows:#?}");
}
