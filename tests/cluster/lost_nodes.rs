//! Killed nodes, and a cluster that has lost its majority.

use std::time::Duration;

use super::support::cluster::Cluster;
use super::support::program::run;

#[tokio::test]
async fn a_node_without_a_majority_is_unreachable() {
    let Some(galera) = Cluster::galera().await else { return };
    galera.fill("tomcat_sessions", 500, 200, 7200).await;
    let url = galera.url(1);
    let slow = url.clone();
    let cut = tokio::spawn(async move { run(&["--url", &slow, "expire", "--batch", "10", "--sleep", "500ms"]).await });
    tokio::time::sleep(Duration::from_secs(1)).await;
    galera.kill_unnoticed(2).await;
    galera.kill_unnoticed(3).await;
    let cut = cut.await.unwrap();
    let after = run(&["--url", &url, "expire"]).await;
    // The administrator lets this node continue alone, and restarts the others.
    galera.server_sql(1, "SET GLOBAL wsrep_provider_options = 'pc.bootstrap=YES'").await;
    galera.start(2);
    galera.start(3);
    for done in [&cut, &after] {
        assert_eq!(done.code, Some(10), "{done:?}");
        assert!(done.stderr.contains("majority"), "{done:?}");
    }
    let deleted = cut.result["deleted"]["sessions"].as_i64().unwrap();
    let unconfirmed = cut.result["unconfirmed"].as_i64().unwrap();
    let left = galera.number(2, "SELECT COUNT(*) FROM tomcat_sessions").await;
    assert!((500 - deleted - unconfirmed..=500 - deleted).contains(&left), "{left}, {cut:?}");
    let done = run(&["--url", &galera.url(3), "expire"]).await;
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(galera.number(1, "SELECT COUNT(*) FROM tomcat_sessions").await, 0);
    galera.drop().await;
}
