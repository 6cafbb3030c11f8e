//! Conflicts at COMMIT, and transactions that are too large for the cluster.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::{Connection, Executor};

use super::support::cluster::Cluster;
use super::support::program::run;

/// Sessions that Tomcats on other nodes save repeatedly: their rows conflict with every batch that contains one of
/// them.
async fn busy(galera: &Cluster, node: usize, stop: Arc<AtomicBool>) -> tokio::task::JoinHandle<u64> {
    let mut connection = galera.connection(node).await;
    tokio::spawn(async move {
        let mut saves = 0;
        while !stop.load(Ordering::Relaxed) {
            let touch = "UPDATE tomcat_sessions SET valid_session = '1', session_data = CONCAT('y', session_data) \
                 WHERE RIGHT(session_id, 2) = ? ORDER BY session_id LIMIT 3";
            let part = format!("{:02X}", fastrand::u8(..));
            saves += u64::from(connection.execute(sqlx::query(touch).bind(part)).await.is_ok());
            // Frequent, but on a busy machine the batches must still get their turn.
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        connection.close().await.unwrap();
        saves
    })
}

#[tokio::test]
async fn batches_succeed_despite_concurrent_writers() {
    let Some(galera) = Cluster::galera().await else { return };
    galera.create_table("tomcat_sessions_swapped").await;
    galera.fill("tomcat_sessions", 1_500, 200, 1200).await;
    let stop = Arc::new(AtomicBool::new(false));
    let writers = [busy(&galera, 2, Arc::clone(&stop)).await, busy(&galera, 3, Arc::clone(&stop)).await];
    let url = galera.url(1);
    let done = run(&["--url", &url, "swap-out", "--max-idle", "10m", "--batch-time", "10s"]).await;
    stop.store(true, Ordering::Relaxed);
    let mut saves = 0;
    for writer in writers {
        saves += writer.await.unwrap();
    }
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(saves > 0 && done.result["retries"].as_u64().unwrap() > 0, "{saves}, {done:?}");
    let live = galera.number(1, "SELECT COUNT(*) FROM tomcat_sessions").await;
    let away = galera.number(2, "SELECT COUNT(*) FROM tomcat_sessions_swapped").await;
    assert_eq!(live + away, 1_500);
    assert_eq!(done.result["moved"]["sessions"].as_i64().unwrap(), away);
    galera.drop().await;
}

#[tokio::test]
async fn a_batch_too_large_for_the_cluster_is_halved() {
    let Some(galera) = Cluster::galera().await else { return };
    galera.fill("tomcat_sessions", 60, 100_000, 7200).await;
    for limit in ["wsrep_max_ws_size = 1500000", "wsrep_max_ws_rows = 10"] {
        galera.server_sql(1, &format!("SET GLOBAL {limit}")).await;
        let url = galera.url(1);
        let done = run(&["--url", &url, "expire", "--max-rows", "30"]).await;
        galera.server_sql(1, "SET GLOBAL wsrep_max_ws_size = DEFAULT, GLOBAL wsrep_max_ws_rows = DEFAULT").await;
        // The second time, there are no more.
        assert!(matches!(done.code, Some(0 | 3)), "{limit}: {done:?}");
        assert_eq!(done.result["deleted"]["sessions"], 30, "{limit}: {done:?}");
    }
    assert_eq!(galera.number(2, "SELECT COUNT(*) FROM tomcat_sessions").await, 0);
    galera.drop().await;
}
