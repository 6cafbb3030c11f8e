//! Purges that wait while replicas lag or the server is busy.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sqlx::{Connection, Executor};

use super::failover::{end, start};
use super::support::cluster::Cluster;
use super::support::program::run;

fn expire<'a>(url: &'a str, args: &[&'a str]) -> Vec<&'a str> {
    [&["--url", url, "expire", "--batch", "20"], args].concat()
}

#[tokio::test]
async fn a_busy_server_holds_batches_back() {
    let Some(galera) = Cluster::galera().await else { return };
    galera.create_lease("tomcat_sessions").await;
    galera.fill("tomcat_sessions", 100, 200, 7200).await;
    let url = galera.url(1);
    // A connection of its own is there at least.
    let done = run(&expire(&url, &["--max-load", "Threads_connected=0", "--max-time", "3s"])).await;
    assert_eq!((done.code, &done.result["deleted"]["sessions"]), (Some(3), &0.into()), "{done:?}");
    assert!(done.result["throttled_ms"].as_i64().unwrap() >= 1_000, "{done:?}");
    assert!(done.result["throttled_by"].as_str().unwrap().starts_with("Threads_connected is "), "{done:?}");
    let done = run(&expire(&url, &["--max-load", "No_such_thing=1"])).await;
    assert!(done.code == Some(1) && done.stderr.contains("No_such_thing"), "{done:?}");
    let done = run(&expire(&url, &["--max-load", "Threads_running=100000", "--max-flow-control", "50%"])).await;
    assert_eq!((done.code, &done.result["deleted"]["sessions"]), (Some(0), &100.into()), "{done:?}");
    assert_eq!(done.result["throttled_ms"], 0, "{done:?}");
    galera.drop().await;
}

/// Writes so much, through two nodes, that one with a queue of a single transaction cannot keep up.
async fn flood(galera: &Cluster, node: usize, stop: Arc<AtomicBool>) -> tokio::task::JoinHandle<()> {
    let mut connection = galera.connection(node).await;
    tokio::spawn(async move {
        while !stop.load(Ordering::Relaxed) {
            let insert = format!("INSERT INTO flood{node} SELECT seq, REPEAT('x', 200) FROM seq_1_to_4000");
            let _ = connection.execute(sqlx::raw_sql(&insert)).await;
            let _ = connection.execute(sqlx::raw_sql(&format!("DELETE FROM flood{node}"))).await;
        }
        connection.close().await.unwrap();
    })
}

/// Nanoseconds for which flow control stopped the writers of a node.
async fn paused(galera: &Cluster) -> u64 {
    galera.status(1, "wsrep_flow_control_paused_ns").await.parse().unwrap()
}

#[tokio::test]
async fn flow_control_holds_batches_back() {
    let Some(galera) = Cluster::galera().await else { return };
    galera.create_lease("tomcat_sessions").await;
    galera.fill("tomcat_sessions", 200, 200, 7200).await;
    for node in [2, 3] {
        galera.sql(1, &format!("CREATE TABLE flood{node} (id INT PRIMARY KEY, data TEXT)")).await;
    }
    galera.synced().await;
    // The first node stops the others as soon as two transactions wait for it.
    galera.server_sql(1, "SET GLOBAL wsrep_provider_options = 'gcs.fc_limit=1'").await;
    let stop = Arc::new(AtomicBool::new(false));
    let writers = [flood(&galera, 2, Arc::clone(&stop)).await, flood(&galera, 3, Arc::clone(&stop)).await];
    let begun = Instant::now();
    loop {
        let before = paused(&galera).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let share = (paused(&galera).await - before) / 10_000_000;
        if share >= 5 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{share} %");
    }
    let url = galera.url(1);
    let purge = start(&["--url", &url, "expire", "--batch", "5", "--sleep", "100ms", "--max-flow-control", "1%"]);
    tokio::time::sleep(Duration::from_secs(6)).await;
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    let done = end(purge).await;
    galera.server_sql(1, "SET GLOBAL wsrep_provider_options = 'gcs.fc_limit=16'").await;
    assert_eq!((done.code, &done.result["deleted"]["sessions"]), (Some(0), &200.into()), "{done:?}");
    assert!(done.result["throttled_ms"].as_i64().unwrap() >= 1_000, "{done:?}");
    assert!(done.result["throttled_by"].as_str().unwrap().starts_with("flow control paused"), "{done:?}");
    galera.drop().await;
}

#[tokio::test]
async fn check_knows_the_cluster() {
    let Some(galera) = Cluster::galera().await else { return };
    let rules = |done: &super::support::program::Done| -> Vec<String> {
        let findings = done.result["findings"].as_array().unwrap();
        findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
    };
    let done = run(&["--url", &galera.url(2), "check"]).await;
    assert!(rules(&done).contains(&"cluster.lease".to_owned()), "{done:?}");
    // What it says to paste makes the lease.
    let findings = done.result["findings"].as_array().unwrap();
    let lease = findings.iter().find(|finding| finding["rule"] == "cluster.lease").unwrap();
    galera.sql(1, lease["remedy"]["text"].as_str().unwrap()).await;
    galera.synced().await;
    let done = run(&["--url", &galera.url(2), "check"]).await;
    assert_eq!((&done.result["role"], &done.result["cluster"]), (&"primary".into(), &"galera".into()), "{done:?}");
    assert!(!rules(&done).iter().any(|rule| rule.starts_with("cluster.")), "{done:?}");
    galera.drop().await;
}
