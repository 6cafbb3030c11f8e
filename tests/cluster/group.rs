//! A group of MySQL servers: reads that wait for the commits of others, conflicts at COMMIT, too large transactions,
//! and members that accept no writes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::{Connection, Executor};

use super::support::cluster::Cluster;
use super::support::program::run;

/// Makes the first member the primary, whichever is now; `multi` makes all of them primaries.
async fn primaries(group: &Cluster, multi: bool) {
    let is_single = group.number(1, "SELECT @@group_replication_single_primary_mode").await == 1;
    let switch = match (multi, is_single) {
        (true, _) => "SELECT group_replication_switch_to_multi_primary_mode()",
        (false, true) => "SELECT group_replication_set_as_primary(@@server_uuid)",
        (false, false) => "SELECT group_replication_switch_to_single_primary_mode(@@server_uuid)",
    };
    group.server_sql(1, switch).await;
    group.synced().await;
}

#[tokio::test]
async fn a_secondary_is_only_read() {
    let Some(group) = Cluster::group().await else { return };
    group.create_lease("tomcat_sessions").await;
    group.fill("tomcat_sessions", 40, 200, 7200).await;
    group.synced().await;
    let (primary, secondary) = (group.url(1), group.url(2));
    for args in
        [vec!["expire"], vec!["delete", "--all", "--app", "*"], vec!["swap-out", "--max-idle", "10m", "--create"]]
    {
        let done = run(&[vec!["--url", &secondary], args].concat()).await;
        assert_eq!(done.code, Some(1), "{done:?}");
        let named = format!("the primary is 127.0.0.1:{}", group.port(1));
        assert!(done.stderr.contains(&named), "{done:?}");
    }
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("all").display().to_string();
    let export = run(&["--url", &secondary, "export", &file]).await;
    assert_eq!((export.code, &export.result["sessions"]), (Some(0), &40.into()), "{export:?}");
    assert_eq!(export.result["role"], "secondary", "{export:?}");
    let check = run(&["--url", &secondary, "check"]).await;
    assert_eq!((&check.result["role"], &check.result["cluster"]), (&"secondary".into(), &"group-replication".into()));
    let named = check.result["findings"].as_array().unwrap().iter().find(|one| one["rule"] == "server.read-only");
    let remedy = named.unwrap()["remedy"]["text"].as_str().unwrap();
    assert!(remedy.contains(&format!("127.0.0.1:{}", group.port(1))), "{check:?}");
    // Of all members, the one that accepts writes is found.
    let done = run(&["--url", &group.url_of_all(2), "expire"]).await;
    assert_eq!((done.code, &done.result["deleted"]["sessions"]), (Some(0), &40.into()), "{done:?}");
    assert_eq!(done.result["node"], format!("127.0.0.1:{}", group.port(1)));
    assert_eq!(done.result["role"], "primary");
    let done = run(&["--url", &primary, "expire"]).await;
    assert_eq!(done.code, Some(0), "{done:?}");
    group.drop().await;
}

#[tokio::test]
async fn reads_wait_for_a_lagging_member() {
    let Some(group) = Cluster::group().await else { return };
    group.fill("tomcat_sessions", 50, 200, 60).await;
    group.synced().await;
    // It applies no more changes, so that a session that is saved now is between its DELETE and its INSERT there.
    let mut frozen = group.connection(2).await;
    frozen.execute("FLUSH TABLES WITH READ LOCK").await.unwrap();
    let save = "CREATE TEMPORARY TABLE saved AS SELECT * FROM tomcat_sessions ORDER BY session_id LIMIT 5";
    let columns = "session_id, app_name, valid_session, max_inactive, last_access, session_data";
    let again = format!("INSERT INTO tomcat_sessions ({columns}) SELECT {columns} FROM saved");
    group.sql(1, &format!("{save}; DELETE FROM tomcat_sessions ORDER BY session_id LIMIT 5; {again}")).await;
    let dir = tempfile::tempdir().unwrap();
    let (url, file) = (group.url(2), dir.path().join("all").display().to_string());
    let exporting = tokio::spawn(async move { run(&["--url", &url, "export", &file]).await });
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(!exporting.is_finished());
    frozen.close().await.unwrap();
    let done = exporting.await.unwrap();
    assert_eq!((done.code, &done.result["sessions"]), (Some(0), &50.into()), "{done:?}");
    group.drop().await;
}

#[tokio::test]
async fn conflicts_at_commit_are_retried() {
    let Some(group) = Cluster::group().await else { return };
    group.create_lease("tomcat_sessions").await;
    group.fill("tomcat_sessions", 800, 200, 7200).await;
    primaries(&group, true).await;
    let stop = Arc::new(AtomicBool::new(false));
    let mut writers = Vec::new();
    for node in [2, 3] {
        let mut connection = group.connection(node).await;
        let stop = Arc::clone(&stop);
        writers.push(tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                let touch = "UPDATE tomcat_sessions SET session_data = CONCAT('y', session_data) \
                     WHERE RIGHT(session_id, 2) = ? ORDER BY session_id LIMIT 3";
                let _ = connection.execute(sqlx::query(touch).bind(format!("{:02X}", fastrand::u8(..)))).await;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            connection.close().await.unwrap();
        }));
    }
    let done = run(&["--url", &group.url(1), "expire", "--batch-time", "10s"]).await;
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    primaries(&group, false).await;
    assert_eq!(done.code, Some(0), "{done:?}");
    let left = group.number(2, "SELECT COUNT(*) FROM tomcat_sessions").await;
    assert_eq!(done.result["deleted"]["sessions"].as_i64().unwrap() + left, 800, "{done:?}");
    group.drop().await;
}

#[tokio::test]
async fn a_transaction_too_large_for_the_group_is_halved() {
    let Some(group) = Cluster::group().await else { return };
    group.fill("tomcat_sessions", 40, 100_000, 7200).await;
    group.server_sql(1, "SET GLOBAL group_replication_transaction_size_limit = 1500000").await;
    let done = run(&["--url", &group.url(1), "expire"]).await;
    group.server_sql(1, "SET GLOBAL group_replication_transaction_size_limit = DEFAULT").await;
    assert_eq!((done.code, &done.result["deleted"]["sessions"]), (Some(0), &40.into()), "{done:?}");
    assert!(done.result["retries"].as_i64().unwrap() > 0, "{done:?}");
    assert_eq!(group.number(3, "SELECT COUNT(*) FROM tomcat_sessions").await, 0);
    group.drop().await;
}

#[tokio::test]
async fn a_new_primary_is_found() {
    let Some(group) = Cluster::group().await else { return };
    group.create_lease("tomcat_sessions").await;
    group.fill("tomcat_sessions", 200, 200, 7200).await;
    let url = group.url_of_all(1);
    let slow = tokio::spawn(async move { run(&["--url", &url, "expire", "--batch", "10", "--sleep", "200ms"]).await });
    while group.number(1, "SELECT COUNT(*) FROM tomcat_sessions").await == 200 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    group.kill(1).await;
    let done = slow.await.unwrap();
    group.start(1);
    primaries(&group, false).await;
    assert_eq!(done.code, Some(0), "{done:?}");
    let (sure, unconfirmed) =
        (done.result["deleted"]["sessions"].as_i64().unwrap(), done.result["unconfirmed"].as_i64().unwrap());
    assert!(sure <= 200 && sure + unconfirmed >= 200, "{done:?}");
    assert_eq!(group.number(2, "SELECT COUNT(*) FROM tomcat_sessions").await, 0);
    group.drop().await;
}

/// A URL with one member, which is no longer the primary.
#[tokio::test]
async fn a_primary_that_became_read_only_reports_the_new_one() {
    let Some(group) = Cluster::group().await else { return };
    group.create_lease("tomcat_sessions").await;
    group.fill("tomcat_sessions", 200, 200, 7200).await;
    let url = group.url(1);
    let slow = tokio::spawn(async move { run(&["--url", &url, "expire", "--batch", "10", "--sleep", "200ms"]).await });
    while group.number(1, "SELECT COUNT(*) FROM tomcat_sessions").await == 200 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    group.server_sql(2, "SELECT group_replication_set_as_primary(@@server_uuid)").await;
    let done = slow.await.unwrap();
    let left = group.number(3, "SELECT COUNT(*) FROM tomcat_sessions").await;
    primaries(&group, false).await;
    assert_eq!(done.code, Some(1), "{done:?}");
    let named = format!("this server is read-only: the primary is 127.0.0.1:{}", group.port(2));
    assert!(done.stderr.contains(&named), "{done:?}");
    assert_eq!(done.result["deleted"]["sessions"].as_i64().unwrap() + left, 200, "{done:?}");
    group.drop().await;
}
