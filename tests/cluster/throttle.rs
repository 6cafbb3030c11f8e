//! Purges that wait while replicas lag or the server is busy.

use std::time::Duration;

use sqlx::{Connection, Executor};

use super::failover::{end, start, until};
use super::support::cluster::Cluster;
use super::support::program::run;

fn expire<'a>(url: &'a str, args: &[&'a str]) -> Vec<&'a str> {
    [&["--url", url, "expire", "--batch", "20"], args].concat()
}

#[tokio::test]
async fn a_busy_server_throttles_the_batches() {
    let Some(galera) = Cluster::galera().await else { return };
    galera.create_lease("tomcat_sessions").await;
    galera.fill("tomcat_sessions", 100, 200, 7200).await;
    let url = galera.url(1);
    // There is at least its own connection.
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

#[tokio::test]
async fn flow_control_throttles_the_batches() {
    let Some(galera) = Cluster::galera().await else { return };
    galera.create_lease("tomcat_sessions").await;
    galera.fill("tomcat_sessions", 200, 200, 7200).await;
    galera.sql(1, "CREATE TABLE other (id INT AUTO_INCREMENT PRIMARY KEY)").await;
    galera.synced().await;
    // This node stops the others as soon as two transactions wait for it.
    galera.server_sql(3, "SET GLOBAL wsrep_provider_options = 'gcs.fc_limit=1'").await;
    let url = galera.url(1);
    let purge = start(&["--url", &url, "expire", "--batch", "5", "--sleep", "100ms", "--max-flow-control", "5%"]);
    until(&galera, "SELECT COUNT(*) FROM tomcat_sessions", |left| left <= 190).await;
    // It applies no more changes after the first one to this table.
    let mut slow = galera.connection(3).await;
    slow.execute("FLUSH TABLES other WITH READ LOCK").await.unwrap();
    galera.sql(2, "INSERT INTO other VALUES ()").await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    slow.close().await.unwrap();
    let done = end(purge).await;
    galera.server_sql(3, "SET GLOBAL wsrep_provider_options = 'gcs.fc_limit=16'").await;
    assert_eq!((done.code, &done.result["deleted"]["sessions"]), (Some(0), &200.into()), "{done:?}");
    assert!(done.result["throttled_ms"].as_i64().unwrap() > 0, "{done:?}");
    assert!(done.result["throttled_by"].as_str().unwrap().starts_with("flow control paused"), "{done:?}");
    galera.drop().await;
}

#[tokio::test]
async fn check_reports_the_cluster() {
    let Some(galera) = Cluster::galera().await else { return };
    let rules = |done: &super::support::program::Done| -> Vec<String> {
        let findings = done.result["findings"].as_array().unwrap();
        findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
    };
    let done = run(&["--url", &galera.url(2), "check"]).await;
    assert!(rules(&done).contains(&"cluster.lease".to_owned()), "{done:?}");
    // The statement in the hint creates the lease table.
    let findings = done.result["findings"].as_array().unwrap();
    let lease = findings.iter().find(|finding| finding["rule"] == "cluster.lease").unwrap();
    galera.sql(1, lease["remedy"]["text"].as_str().unwrap()).await;
    galera.synced().await;
    let done = run(&["--url", &galera.url(2), "check"]).await;
    assert_eq!((&done.result["role"], &done.result["cluster"]), (&"primary".into(), &"galera".into()), "{done:?}");
    assert!(!rules(&done).iter().any(|rule| rule.starts_with("cluster.")), "{done:?}");
    galera.drop().await;
}
