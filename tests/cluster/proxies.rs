//! HAProxy in front of a Galera cluster, and MySQL Router in front of a group: nodes that answer in turn, idle
//! connections that are closed, lost nodes, and logins that Router passes on.

use std::time::Duration;

use super::failover::{end, number, start, until};
use super::support::balancer::Balancer;
use super::support::cluster::Cluster;
use super::support::program::run;

/// The application whose sessions are purged, with an account that is not an administrator.
const PASSWORD: &str = "a-Password-1";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_connections_closed_by_haproxy_are_reopened() {
    let Some(galera) = Cluster::galera().await else { return };
    let ports = [galera.port(1), galera.port(2), galera.port(3)];
    let Some(haproxy) = Balancer::haproxy(&ports, Duration::from_secs(5)) else { return };
    galera.create_lease("tomcat_sessions").await;
    galera.fill("tomcat_sessions", 40, 200, 7200).await;
    let url = haproxy.url(&galera.url(1), ports[0], 0);
    let slow = start(&["--url", &url, "expire", "--batch", "20", "--sleep", "7s"]);
    until(&galera, "SELECT COUNT(*) FROM tomcat_sessions", |left| left == 20).await;
    // Another node answers, and the lock of the first run is also valid there.
    let refused = run(&["--url", &url, "expire"]).await;
    assert_eq!(refused.code, Some(12), "{refused:?}");
    let waiting = start(&["--url", &url, "expire", "--wait-lock", "60s"]);
    let (slow, waiting) = tokio::join!(end(slow), end(waiting));
    assert_eq!((slow.code, number(&slow, &["deleted", "sessions"])), (Some(0), 40), "{slow:?}");
    assert_eq!(waiting.code, Some(0), "{waiting:?}");
    galera.drop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_haproxy_a_lost_node_is_replaced() {
    let Some(galera) = Cluster::galera().await else { return };
    let ports = [galera.port(1), galera.port(2), galera.port(3)];
    // The first connection goes to the first server.
    let Some(haproxy) = Balancer::haproxy(&ports, Duration::from_secs(60)) else { return };
    galera.create_lease("tomcat_sessions").await;
    galera.fill("tomcat_sessions", 200, 200, 7200).await;
    let url = haproxy.url(&galera.url(1), ports[0], 0);
    let run = start(&["--url", &url, "expire", "--batch", "10", "--sleep", "250ms", "--reconnect", "60s"]);
    until(&galera, "SELECT COUNT(*) FROM tomcat_sessions", |left| left <= 180).await;
    galera.kill(1).await;
    let done = end(run).await;
    galera.start(1);
    assert_eq!(done.code, Some(0), "{done:?}");
    let (sure, unconfirmed) = (number(&done, &["deleted", "sessions"]), number(&done, &["unconfirmed"]));
    assert!(sure <= 200 && sure + unconfirmed >= 200, "{done:?}");
    assert_eq!(galera.number(2, "SELECT COUNT(*) FROM tomcat_sessions").await, 0);
    galera.drop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_haproxy_a_new_account_is_waited_for() {
    let Some(galera) = Cluster::galera().await else { return };
    let ports = [galera.port(1), galera.port(2)];
    let Some(haproxy) = Balancer::haproxy(&ports, Duration::from_secs(60)) else { return };
    let url = haproxy.url(&galera.url(1), ports[0], 0);
    let user = format!("u{}", galera.database);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), format!("{PASSWORD}\n")).unwrap();
    let file = file.path().display().to_string();
    // A new object on the first node has not been replicated to the second one, which answers every other login.
    let mut frozen = galera.connection(2).await;
    sqlx::Executor::execute(&mut frozen, "FLUSH TABLES WITH READ LOCK").await.unwrap();
    // The next connection goes to the first node.
    let through = url.replacen("mariadb:", "mysql:", 1);
    let mut at = String::new();
    while at != "n2" {
        let mut connection = <sqlx::MySqlConnection as sqlx::Connection>::connect(&through).await.unwrap();
        let row = sqlx::Executor::fetch_one(&mut connection, "SELECT @@wsrep_node_name").await.unwrap();
        at = sqlx::Row::get(&row, 0);
        sqlx::Connection::close(connection).await.unwrap();
    }
    let init = start(&["--url", &url, "init-db", "--apply", "--user", &user, "--user-password-file", &file]);
    tokio::time::sleep(Duration::from_secs(4)).await;
    sqlx::Connection::close(frozen).await.unwrap();
    let done = end(init).await;
    assert_eq!(done.code, Some(0), "{done:?}");
    galera.server_sql(1, &format!("DROP USER `{user}`@`%`")).await;
    galera.drop().await;
}

/// Router's TLS modes for clients and for servers. The first is its default configuration, the second the one that
/// `mysqlrouter --bootstrap` writes.
const TLS: [(&str, &str); 5] = [
    ("PASSTHROUGH", "AS_CLIENT"),
    ("PREFERRED", "PREFERRED"),
    ("PREFERRED", "REQUIRED"),
    ("DISABLED", "DISABLED"),
    ("REQUIRED", "REQUIRED"),
];

#[tokio::test]
async fn through_router_with_and_without_tls() {
    let Some(group) = Cluster::group().await else { return };
    let Some(router) = Balancer::router(&[group.port(1)], &TLS) else { return };
    let (user, database) = (format!("u{}", group.database), &group.database);
    group.server_sql(1, &format!("CREATE USER {user}@'%' IDENTIFIED BY '{PASSWORD}'")).await;
    group.server_sql(1, &format!("GRANT SELECT, INSERT, UPDATE, DELETE ON {database}.* TO {user}@'%'")).await;
    for (nth, (client, server)) in TLS.iter().enumerate() {
        for mode in ["disabled", "preferred", "required"] {
            // If Router passes TLS through, the certificates of the members are checked.
            if mode == "preferred" && *client == "PASSTHROUGH" {
                continue;
            }
            let refused =
                (mode == "disabled" && *client == "REQUIRED") || (mode == "required" && *client == "DISABLED");
            group.fill("tomcat_sessions", 20, 200, 7200).await;
            // The server forgets known accounts: the password itself must be sent, encrypted with the server's key.
            group.server_sql(1, "FLUSH PRIVILEGES").await;
            let ca = super::support::variable("TOMCAT_SESSIONS_TEST_CA").unwrap();
            let url = format!(
                "mysql://{user}:{PASSWORD}@127.0.0.1:{}/{database}?ssl-mode={mode}&ssl-ca={ca}",
                router.ports[nth]
            );
            for _ in 0..2 {
                let done = run(&["--url", &url, "expire"]).await;
                let told = format!("{client} {server} {mode}: {done:?}");
                assert_eq!(done.code, Some(if refused { 10 } else { 0 }), "{told}\n{}", router.output());
            }
            let left = group.number(1, "SELECT COUNT(*) FROM tomcat_sessions").await;
            assert_eq!(left, if refused { 20 } else { 0 }, "{client} {server} {mode}");
            group.sql(1, "DELETE FROM tomcat_sessions").await;
        }
        // A wrong password is reported, whatever the TLS mode.
        let url = format!("mysql://{user}:wrong@127.0.0.1:{}/{database}?ssl-mode=disabled", router.ports[nth]);
        let done = run(&["--url", &url, "expire"]).await;
        assert_eq!(done.code, Some(10), "{client} {server}: {done:?}");
        assert!(*client == "REQUIRED" || done.stderr.contains("cannot log in"), "{client} {server}: {done:?}");
    }
    group.server_sql(1, &format!("DROP USER {user}@'%'")).await;
    group.drop().await;
}
