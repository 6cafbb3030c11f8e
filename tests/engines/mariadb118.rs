//! Changes in MariaDB since 11.4: a self-signed certificate and, since 11.6, innodb_snapshot_isolation, which ends a
//! REPEATABLE READ transaction that writes a row that has changed since it was read (error 1020).
//!
//! To run the whole suite there, set TOMCAT_SESSIONS_TEST_MARIADB_URL to the URL of this server.

use sqlx::Row;
use tomcat_sessions::session::OnConflict;

use crate::support::client::Client;
use crate::support::{Kind, NOW, Scratch, session};

async fn server() -> Option<Scratch> {
    Scratch::on(Kind::Mariadb, "mariadb118").await
}

const LOAD: &str = "SELECT session_id, session_data FROM tomcat_sessions WHERE app_name = '/a' AND session_id = 'S'";
const DELETE: &str = "DELETE FROM tomcat_sessions WHERE session_id = 'S' AND app_name = '/a'";
const INSERT: &str = "INSERT INTO tomcat_sessions (session_id, app_name, session_data, valid_session, max_inactive, \
    last_access) VALUES ('S', '/a', 'x', '1', 1800, 5)";

async fn isolated(db: &Scratch, level: &str) -> Client {
    let mut client = db.client().await;
    client.run(&format!("SET SESSION TRANSACTION ISOLATION LEVEL {level}")).await;
    client
}

/// Tomcat commits each load and each save separately, so neither has an older snapshot of the row that it writes.
#[tokio::test]
async fn tomcat_saves_do_not_fail_with_error_1020() {
    let Some(db) = server().await else { return };
    db.create_table("recommended").await;
    let on: i64 =
        sqlx::query("SELECT @@innodb_snapshot_isolation").fetch_one(&mut db.mysql().await).await.unwrap().get(0);
    assert_eq!(on, 1, "the server is not of that kind");
    db.open().await.insert(&[session("/a", "S", 1800, NOW.0)], OnConflict::Fail).await.unwrap();
    for level in ["REPEATABLE READ", "READ COMMITTED"] {
        let (mut tomcat, mut other) = (isolated(&db, level).await, isolated(&db, level).await);
        tomcat.begin().await;
        tomcat.run(LOAD).await;
        tomcat.run("COMMIT").await;
        for client in [&mut other, &mut tomcat] {
            client.begin().await;
            client.run(DELETE).await;
            client.run(INSERT).await;
            client.run("COMMIT").await;
        }
        // The server ends a REPEATABLE READ transaction that loads and saves.
        tomcat.begin().await;
        tomcat.run(LOAD).await;
        other.run("UPDATE tomcat_sessions SET last_access = last_access + 1").await;
        let saved = tomcat.try_run(DELETE).await;
        if level == "REPEATABLE READ" {
            assert!(saved.as_ref().is_err_and(|error| error.contains("1020")), "{saved:?}");
        } else {
            assert_eq!(saved, Ok(()));
        }
        tomcat.rollback().await;
    }
    db.drop().await;
}

/// The server creates a self-signed certificate when it starts.
#[tokio::test]
async fn the_automatic_certificate_encrypts_and_is_not_trusted() {
    let Some(db) = server().await else { return };
    let url = |mode: &str| db.url.split('?').next().unwrap().to_owned() + "?ssl-mode=" + mode;
    let connect = async |mode: &str| tomcat_sessions::store::parse_url(&url(mode)).unwrap().connect(false).await;
    connect("required").await.unwrap().close().await;
    let refused = connect("verify-ca").await.err().unwrap();
    assert_eq!(refused.kind, tomcat_sessions::store::DbErrorKind::Tls, "{refused}");
    db.drop().await;
}
