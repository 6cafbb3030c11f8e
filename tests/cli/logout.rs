//! `logout` without Tomcats: rows only. With Tomcats, it is tested in `tests/tomcat/`.

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
async fn rows_are_deleted_from_both_tables() {
    let mut rows: Vec<_> = (0..5).map(|n| login(&format!("{n:04}.jvm1"))).collect();
    rows.extend(each_state());
    let db = holding(&rows).await;
    on(&db, "swap-out --max-idle 0 --force --include-expired --create --allow-clock-skew --id 0001").run().code(0);
    assert_eq!((left(&db, "").await, left(&db, "--swapped").await), (8, 1));
    let run = on(&db, "logout alice --dry-run").run().code(0);
    assert!(run.stdout.contains("Would log out 5 sessions: 4 in the table, 1 in the swap table."), "{run}");
    assert!(run.stderr.contains("No --manager is given, so only rows are deleted"), "{run}");
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
async fn logout_by_id_and_by_application() {
    let db = holding(&each_state()).await;
    let run = on(&db, "logout --id A11CE").run().code(2);
    // The same error as in `show` and `delete`.
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
async fn limits_end_the_run_with_exit_code_3() {
    let db = holding(&each_state()).await;
    let run = on(&db, "logout --app demo --all --max-rows 1").run().code(3);
    assert!(run.stdout.contains("--max-rows was reached"), "{run}");
    assert_eq!(left(&db, "").await, 3);
}

/// The Tomcats may be stopped for a while, or permanently: the hints differ, and nothing is deleted before.
#[tokio::test]
async fn no_tomcat_answers() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let db = holding(&[login("0001.jvm1"), login("0002.jvm1")]).await;
    for args in ["logout alice", "logout alice --dry-run", "logout --id 0001", "logout --app demo --all"] {
        let run = on(&db, args).arg("--manager").arg(format!("http://127.0.0.1:{port}")).run().code(10);
        assert!(run.stderr.contains("hint: nothing was deleted, and nobody was logged out"), "{args}: {run}");
        assert!(run.stderr.contains("hint: if every Tomcat is stopped on purpose, run it without --manager"), "{run}");
        assert_eq!(left(&db, "").await, 2);
    }
    on(&db, "logout alice").run().code(0);
    assert_eq!(left(&db, "").await, 0);
}

/// A refusal comes before any Tomcat is asked: the search would change settings of the Tomcats for a moment.
#[tokio::test]
async fn a_table_in_use_is_refused_before_any_tomcat_is_asked() {
    let db = holding(&[login("0001.jvm1")]).await;
    let mut other = db.open().await;
    other.lock(std::time::Duration::ZERO).await.unwrap();
    for args in ["logout alice", "logout --id 0001", "logout --app demo --all"] {
        // Nothing listens there: a run that asks this Tomcat ends with 10.
        let run = on(&db, args).args("--manager http://127.0.0.1:1").run().code(12);
        assert!(run.stderr.contains("another run holds the lock of table"), "{args}: {run}");
    }
    other.unlock().await.unwrap();
    on(&db, "logout alice --manager http://127.0.0.1:1").run().code(10);
    db.sql("CREATE VIEW sessions_view AS SELECT * FROM tomcat_sessions").await;
    let run = on(&db, "--table sessions_view logout alice --manager http://127.0.0.1:1").run().code(11);
    assert!(run.stderr.contains("the table `sessions_view` cannot be used"), "{run}");
    assert_eq!(left(&db, "").await, 1);
}

/// The temporary file of `--all` for more sessions than fit into memory: if it cannot be written, nobody is logged out.
#[tokio::test]
async fn logging_out_all_sessions_needs_the_temporary_directory() {
    let db = holding(&[]).await;
    db.sql(
        "INSERT INTO tomcat_sessions(session_id, app_name, valid_session, max_inactive, last_access) \
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 140000) \
         SELECT printf('%032X', i), '/a', '1', 60, i FROM n",
    )
    .await;
    let temp = tempfile::tempdir().unwrap();
    let missing = temp.path().join("missing");
    let all = "logout --app /a --all --max-rows 1000";
    let run = on(&db, all).env("TMPDIR", &missing).hide(temp.path().display(), "TEMP").run().code(1);
    let expected_text = "cannot write to the temporary directory `TEMP/missing`: No such file or directory";
    assert!(run.stderr.contains(expected_text) && run.stderr.contains("set TMPDIR to another directory"), "{run}");
    assert_eq!(db.open().await.count().await.unwrap(), 140_000);
    let run = on(&db, all).env("TMPDIR", temp.path()).run().code(3);
    assert!(run.stdout.contains("--max-rows was reached"), "{run}");
    assert_eq!(db.open().await.count().await.unwrap(), 139_000);
    assert_eq!(std::fs::read_dir(temp.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_user_id_or_attribute_is_required() {
    let db = holding(&each_state()).await;
    for args in ["logout", "logout --all", "logout alice --all --app demo", "logout alice --id A", "logout --attr user"]
    {
        on(&db, args).run().code(2);
    }
    assert_eq!(left(&db, "").await, 4);
}
