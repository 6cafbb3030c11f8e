//! `logout` without Tomcats: rows alone. With Tomcats it is in `tests/tomcat/`.

use crate::store::{each_state, holding, on};
use crate::streams::row;
use crate::support::Scratch;

async fn left(db: &Scratch, more: &str) -> usize {
    on(db, &format!("list --format ndjson --quiet {more}")).run().code(0).stdout.lines().count()
}

fn login(id: &str) -> tomcat_sessions::session::Session {
    row(id, include_bytes!("../decode/fixtures/session-login.ser").to_vec())
}

#[tokio::test]
async fn rows_go_from_both_tables() {
    let mut rows: Vec<_> = (0..5).map(|n| login(&format!("{n:04}.jvm1"))).collect();
    rows.extend(each_state());
    let db = holding(&rows).await;
    on(&db, "swap-out --max-idle 0 --force --include-expired --create --allow-clock-skew --id 0001").run().code(0);
    assert_eq!((left(&db, "").await, left(&db, "--swapped").await), (8, 1));
    let run = on(&db, "logout alice --dry-run").run().code(0);
    assert!(run.stdout.contains("Would log out 5 sessions: 4 deleted from the table, 1 deleted from"), "{run}");
    assert!(run.stderr.contains("No Tomcat is asked"), "{run}");
    assert_eq!(left(&db, "").await, 8);
    let run = on(&db, "logout nobody alice").run().code(0);
    assert!(
        run.stdout.contains("Logged out 5 sessions: 4 deleted from the table, 1 deleted from the swap table"),
        "{run}"
    );
    assert!(run.stderr.contains("Skipped 4 sessions: the data could not be decoded"), "{run}");
    assert_eq!((left(&db, "").await, left(&db, "--swapped").await), (4, 0));
    let run = on(&db, "logout alice").run().code(0);
    assert!(run.stdout.contains("No session matches in the table or in the swap table."), "{run}");
}

#[tokio::test]
async fn by_id_and_by_application() {
    let db = holding(&each_state()).await;
    let run = on(&db, "logout --id A11CE").run().code(2);
    // The same refusal as that of `show` and `delete`.
    assert!(run.stderr.ends_with(&on(&db, "show A11CE").run().code(2).stderr), "{run}");
    on(&db, "logout --id B0B --id CAFE0000000000000000000000000004 --id NOSUCH").run().code(0);
    assert_eq!(left(&db, "").await, 2);
    on(&db, "logout --id A11CE00000000000000000000000001.jvm1 --app shop").run().code(0);
    assert_eq!(left(&db, "").await, 2, "--app chooses");
    on(&db, "logout --app demo --all").run().code(0);
    assert_eq!(left(&db, "").await, 0);
    on(&db, "logout --app demo --all").run().code(0);
}

#[tokio::test]
async fn limits_end_it_with_3() {
    let db = holding(&each_state()).await;
    let run = on(&db, "logout --app demo --all --max-rows 1").run().code(3);
    assert!(run.stdout.contains("--max-rows was reached"), "{run}");
    assert_eq!(left(&db, "").await, 3);
}

#[tokio::test]
async fn somebody_must_be_named() {
    let db = holding(&each_state()).await;
    for args in ["logout", "logout --all", "logout alice --all --app demo", "logout alice --id A", "logout --attr user"]
    {
        on(&db, args).run().code(2);
    }
    assert_eq!(left(&db, "").await, 4);
}
