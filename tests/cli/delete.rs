//! `delete`.

use crate::store::{each_state, holding, on};
use crate::streams::row;
use crate::support::Scratch;

async fn left(db: &Scratch) -> usize {
    on(db, "list --format ndjson --quiet").run().code(0).stdout.lines().count()
}

/// The output without the time.
fn timeless(text: &str) -> String {
    let line = |line: &str| match line.rsplit_once(" of data, in ") {
        Some((before, _)) => format!("{before} of data, in TIME.\n"),
        None => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

#[tokio::test]
async fn delete_by_id() {
    let db = holding(&each_state()).await;
    insta::assert_snapshot!(timeless(&on(&db, "delete B0B CAFE --dry-run").run().to_string()), @"
    exit 0
    --- stdout
    APPLICATION               SESSIONS   DATA
    NULL                             1    0 B
    /Catalina/localhost/shop         1  141 B

    Would delete 2 sessions of 2 applications, 141 B of data.
    --- stderr
    If a Tomcat has a deleted session in memory, it writes the row again.
    `tomcat-sessions logout` also ends the sessions in the memory of the Tomcats.
    ");
    assert_eq!(left(&db).await, 4);
    insta::assert_snapshot!(timeless(&on(&db, "delete B0B CAFE").run().to_string()), @"
    exit 0
    --- stdout
    APPLICATION               SESSIONS   DATA
    NULL                             1    0 B
    /Catalina/localhost/shop         1  141 B

    Deleted 2 sessions of 2 applications, 141 B of data, in TIME.
    --- stderr
    If a Tomcat has a deleted session in memory, it writes the row again.
    `tomcat-sessions logout` also ends the sessions in the memory of the Tomcats.
    ");
    assert_eq!(left(&db).await, 2);
    // A repeated id counts once.
    on(&db, "delete A11CE00000000000000000000000001.jvm1 A11CE00000000000000000000000001").run().code(0);
    assert_eq!(left(&db).await, 1);
}

#[tokio::test]
async fn one_wrong_id_deletes_nothing() {
    let db = holding(&each_state()).await;
    insta::assert_snapshot!(on(&db, "delete B0B NOSUCH").run(), @"
    exit 1
    --- stderr
    error: the table `tomcat_sessions` has no session whose id starts with `NOSUCH`
    hint: `tomcat-sessions list` shows the ids in the live table, `tomcat-sessions list --swapped` those in the swap table; ids are case-sensitive
    ");
    insta::assert_snapshot!(on(&db, "delete B0B A11").run(), @"
    exit 2
    --- stderr
    error: the prefix `A11` is ambiguous: it matches 2 sessions
    hint: A11CE00000000000000000000000001  /Catalina/localhost/demo  live
    hint: A11CE00000000000000000000000002  /Catalina/localhost/demo  expired
    hint: write a longer prefix
    ");
    assert_eq!(left(&db).await, 4);
}

#[tokio::test]
async fn all_requires_a_filter() {
    let db = holding(&each_state()).await;
    insta::assert_snapshot!(on(&db, "delete --all").run(), @"
    exit 2
    --- stderr
    error: --all without a filter would delete every session
    hint: `tomcat-sessions delete --app demo --all` deletes those of one application
    hint: `tomcat-sessions delete --app '*' --all` deletes those of every application; add --app NULL for the rows without an application
    ");
    on(&db, "delete").run().code(2);
    on(&db, "delete --all B0B").run().code(2);
    assert_eq!(left(&db).await, 4);
    on(&db, "delete --all --app demo --state expired").run().code(0);
    assert_eq!(left(&db).await, 3);
    on(&db, "delete --all --app no-such-app").run().code(0);
    assert_eq!(left(&db).await, 3);
}

#[tokio::test]
async fn limits_end_the_run_with_exit_code_3() {
    let db = holding(&each_state()).await;
    on(&db, "delete --all --app demo --max-rows 1").run().code(3);
    assert_eq!(left(&db).await, 3);
}

#[tokio::test]
async fn filters_on_the_data() {
    let login = |id: &str| row(id, include_bytes!("../decode/fixtures/session-login.ser").to_vec());
    let mut rows: Vec<_> = (0..50).map(|n| login(&format!("{n:04}.jvm1"))).collect();
    rows.extend(each_state());
    let db = holding(&rows).await;
    insta::assert_snapshot!(on(&db, "delete --user alice").run(), @"
    exit 2
    --- stderr
    error: no session id was given
    hint: to delete all sessions that match filters, add --all: `tomcat-sessions delete --user alice --all`
    ");
    insta::assert_snapshot!(on(&db, "delete 0000 --user alice").run(), @"
    exit 2
    --- stderr
    error: --attr, --class, --user and --restorable cannot be combined with ids
    hint: `tomcat-sessions delete --user alice --all`
    ");
    on(&db, "delete --all --user bob -q").run().code(0);
    assert_eq!(left(&db).await, 54);
    let run = on(&db, "delete --all --user alice --attr cart=book --max-rows 20").run().code(3);
    assert!(run.stdout.starts_with("Deleted 20 sessions of"), "{run}");
    let run = on(&db, "delete --all --user alice --dry-run").run().code(0);
    assert!(run.stdout.starts_with("Would delete 30 sessions of"), "{run}");
    let run = on(&db, "delete --all --user alice").run().code(0);
    assert!(run.stdout.starts_with("Deleted 30 sessions of"), "{run}");
    assert_eq!(
        run.stderr,
        "warning: Skipped 4 sessions: the data could not be decoded completely. `tomcat-sessions list --restorable no` prints the reasons.\nIf a Tomcat has a deleted session in memory, it writes the row again.\n`tomcat-sessions logout` also ends the sessions in the memory of the Tomcats.\n"
    );
    // An expired session is in no Tomcat's memory.
    let expired = holding(&each_state()).await;
    assert_eq!(on(&expired, "delete --all --state expired").run().code(0).stderr, "");
    assert_eq!(left(&db).await, 4);
}
