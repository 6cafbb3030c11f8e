//! Sources that do not have all commits of other nodes yet.

use sqlx::{Connection, Executor};

use super::support::cluster::Cluster;
use super::support::program::run;

/// A node that has applied Tomcat's DELETE but not the following INSERT: a live session that is being saved has no row
/// there. This lasts until the connection is closed.
async fn freeze(galera: &Cluster, node: usize) -> sqlx::MySqlConnection {
    galera.sql(1, "CREATE TABLE saved AS SELECT * FROM tomcat_sessions LIMIT 0").await;
    galera.sql(1, "ALTER TABLE saved DROP COLUMN expires_at, ADD PRIMARY KEY (session_id, app_name)").await;
    let columns = "session_id, app_name, valid_session, max_inactive, last_access, session_data";
    galera
        .sql(
            1,
            &format!("INSERT INTO saved ({columns}) SELECT {columns} FROM tomcat_sessions ORDER BY session_id LIMIT 5"),
        )
        .await;
    galera.sql(1, "DELETE s FROM tomcat_sessions s JOIN saved USING (session_id, app_name)").await;
    galera.synced().await;
    let mut frozen = galera.connection(node).await;
    frozen.execute("FLUSH TABLES WITH READ LOCK").await.unwrap();
    galera.sql(1, &format!("INSERT INTO tomcat_sessions ({columns}) SELECT {columns} FROM saved")).await;
    frozen
}

#[tokio::test]
async fn a_lagging_node_is_refused_as_source() {
    let Some(galera) = Cluster::galera().await else { return };
    galera.fill("tomcat_sessions", 50, 200, 60).await;
    galera.create_table("copy").await;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("all.ndjson").display().to_string();
    let frozen = freeze(&galera, 2).await;
    // How long a node waits to catch up; 30 s by default.
    galera.server_sql(2, "SET GLOBAL wsrep_provider_options = 'repl.causal_read_timeout=PT4S'").await;
    let (lagging, current) = (galera.url(2), galera.url(1));
    let export = ["--url", &lagging, "export", &file];
    let migrate = ["migrate", "--from", &lagging, "--to", &current, "--to-table", "copy", "--delete-gone"];
    let verify = ["verify", &lagging, &current, "--to-table", "copy"];
    let (exported, moved, verified) = tokio::join!(run(&export), run(&migrate), run(&verify));
    for done in [&exported, &moved, &verified] {
        assert_eq!(done.code, Some(10), "{done:?}");
    }
    assert!(!dir.path().join("all.ndjson").exists());
    frozen.close().await.unwrap();
    galera.server_sql(2, "SET GLOBAL wsrep_provider_options = 'repl.causal_read_timeout=PT30S'").await;
    // After the node has caught up, all sessions are read.
    let exported = run(&export).await;
    assert_eq!((exported.code, &exported.result["sessions"]), (Some(0), &50.into()), "{exported:?}");
    galera.drop().await;
}

#[tokio::test]
async fn export_waits_for_a_node_that_catches_up() {
    let Some(galera) = Cluster::galera().await else { return };
    galera.fill("tomcat_sessions", 50, 200, 60).await;
    let frozen = freeze(&galera, 2).await;
    let dir = tempfile::tempdir().unwrap();
    let (url, file) = (galera.url(2), dir.path().join("all.ndjson").display().to_string());
    let exporting = tokio::spawn(async move { run(&["--url", &url, "export", &file]).await });
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    assert!(!exporting.is_finished());
    frozen.close().await.unwrap();
    let done = exporting.await.unwrap();
    assert_eq!((done.code, &done.result["sessions"]), (Some(0), &50.into()), "{done:?}");
    galera.drop().await;
}
