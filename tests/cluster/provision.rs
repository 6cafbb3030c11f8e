//! `init-db` on a cluster.

use super::support::cluster::Cluster;
use super::support::program::run;

#[tokio::test]
async fn the_account_of_a_cluster_can_hold_the_lease() {
    let Some(galera) = Cluster::galera().await else { return };
    let (admin, database) = (galera.url(1), galera.database.clone());
    let user = format!("u{database}");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "a-Password-1\n").unwrap();
    let password_file = file.path().display().to_string();
    let init = ["--url", &admin, "init-db", "--apply", "--user", &user, "--user-password-file", &password_file];
    let done = run(&init).await;
    assert_eq!(done.code, Some(0), "{done:?}");
    let again = run(&init).await;
    assert_eq!(again.code, Some(0), "{again:?}");
    galera.fill("tomcat_sessions", 20, 200, 7200).await;
    galera.synced().await;
    let url = format!("mariadb://{user}:a-Password-1@127.0.0.1:{}/{database}?ssl-mode=disabled", galera.port(2));
    let expired = run(&["--url", &url, "expire"]).await;
    assert_eq!((expired.code, &expired.result["deleted"]["sessions"]), (Some(0), &20.into()), "{expired:?}");
    assert!(expired.stderr.is_empty(), "{expired:?}");
    let held = "SELECT COUNT(*) FROM tomcat_sessions_lease WHERE name = 'tomcat_sessions' AND until = 0";
    assert_eq!(galera.number(3, held).await, 1, "it is given back");
    let script = run(&["--url", &admin, "init-db"]).await;
    assert!(script.result.to_string().contains("tomcat_sessions_lease"), "{script:?}");
    galera.server_sql(1, &format!("DROP USER `{user}`@`%`")).await;
    galera.drop().await;
}
