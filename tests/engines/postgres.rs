//! Features of PostgreSQL only: accounts that may not lock rows, aborted transactions, and sockets in a directory.

use std::time::Duration;

use sqlx::Executor;
use tomcat_sessions::engine::Sql;
use tomcat_sessions::session::OnConflict;
use tomcat_sessions::store::{Batch, DbErrorKind, Naming, SessionStore, parse_url};

use crate::purge_runs::{count, expired};
use crate::support::{Kind, NOW, Scratch, absent, variable};

/// A database with the recommended table and five expired sessions, and a store opened with an account that has only
/// Tomcat's privileges.
async fn without_update() -> Option<(Scratch, SessionStore)> {
    let db = Scratch::new(Kind::Postgres).await?;
    db.create_table("recommended").await;
    db.open().await.insert(&expired(5), OnConflict::Fail).await.unwrap();
    let user = &db.database;
    db.sql(&format!("CREATE USER `{user}`@`%` IDENTIFIED BY 'pw-Geheim1'")).await;
    db.sql(&format!("GRANT SELECT, INSERT, DELETE ON `{user}`.tomcat_sessions TO `{user}`@`%`")).await;
    let target = parse_url(&db.url_as(user, "pw-Geheim1", "ssl-mode=disabled")).unwrap();
    let store = SessionStore::open(&target, &Naming::default()).await.unwrap();
    Some((db, store))
}

async fn end(db: Scratch, store: SessionStore) {
    store.close().await;
    db.sql(&format!("DROP USER `{}`@`%`", db.database)).await;
    db.drop().await;
}

/// Saves a session like Tomcat, from a separate thread, while the caller waits.
fn save(db: &Scratch, id: &str) {
    let target = db.target();
    let url = (target.host.clone(), target.port, db.database.clone());
    let password = target.password.as_ref().map(|p| secrecy::ExposeSecret::expose_secret(p).to_owned());
    let (user, id) = (target.user.clone().unwrap(), id.to_owned());
    let saving = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let (host, port, database) = url;
            let options = sqlx::postgres::PgConnectOptions::new_without_pgpass()
                .host(&host)
                .port(port)
                .username(&user)
                .password(&password.unwrap_or_default())
                .database(&database);
            let mut tomcat = <sqlx::PgConnection as sqlx::Connection>::connect_with(&options).await.unwrap();
            tomcat.execute("SET lock_timeout = '5s'").await.unwrap();
            let remove = format!("DELETE FROM tomcat_sessions WHERE session_id = '{id}'");
            tomcat.execute(&*remove).await.unwrap();
            let insert = format!(
                "INSERT INTO tomcat_sessions (session_id, app_name, valid_session, max_inactive, last_access, session_data) \
                 VALUES ('{id}', '/Catalina/localhost/demo', '1', 1800, {}, 'new')",
                NOW.0
            );
            tomcat.execute(&*insert).await.unwrap();
        });
    });
    saving.join().unwrap();
}

/// A session that is used between the read of its row and the DELETE is kept, although its row was not locked.
#[tokio::test(flavor = "multi_thread")]
async fn without_row_locks_a_concurrently_saved_session_is_kept() {
    let Some((db, mut store)) = without_update().await else { return };
    let ids: Vec<String> = expired(5).into_iter().map(|session| session.meta.key.id).collect();
    // Without bounds, so that only the server's own check can detect it.
    let batch =
        Batch { app: Some("/Catalina/localhost/demo"), ids: &ids, cutoff: None, accessed_before: None, dry_run: false };
    let saved = std::sync::atomic::AtomicBool::new(false);
    let result = store
        .delete(&batch, &|row| {
            if row.key.id == ids[2] && !saved.swap(true, std::sync::atomic::Ordering::Relaxed) {
                save(&db, &ids[2]);
            }
            true
        })
        .await;
    let error = result.unwrap_err();
    assert_eq!(error.kind(), Some(DbErrorKind::Retryable), "{error}");
    let mut admin = db.open().await;
    assert_eq!(count(&mut admin).await, 5, "the batch is undone as a whole");
    let used = admin.get(&expired(5)[2].meta.key).await.unwrap().unwrap();
    assert_eq!((used.meta.last_access, used.data.as_deref()), (Some(NOW), Some(&b"new"[..])));
    // The next attempt evaluates the current state of the session.
    let done = store.delete(&batch, &|row| row.last_access != Some(NOW)).await.unwrap();
    assert_eq!((done.sessions, done.skipped), (4, 1));
    assert_eq!(admin.get(&expired(5)[2].meta.key).await.unwrap(), Some(used));
    end(db, store).await;
}

/// The COMMIT of an aborted transaction rolls back, without an error.
#[tokio::test]
async fn a_commit_of_an_aborted_transaction_fails() {
    let Some(db) = Scratch::new(Kind::Postgres).await else { return };
    let mut connection = db.target().connect(false).await.unwrap();
    connection.execute_raw(&Sql::plain("CREATE TABLE t (a INT PRIMARY KEY)")).await.unwrap();
    connection.begin().await.unwrap();
    connection.execute(&Sql::plain("INSERT INTO t VALUES (1)")).await.unwrap();
    let error = connection.execute(&Sql::plain("INSERT INTO t VALUES (1)")).await.unwrap_err();
    assert_eq!(error.kind, DbErrorKind::Duplicate);
    let error = connection.commit().await.unwrap_err();
    assert_eq!(error.code, "25P02", "{error}");
    connection.rollback().await.unwrap();
    assert_eq!(db.client().await.number("SELECT COUNT(*) FROM t").await, 0);
    // The connection remains usable.
    connection.begin().await.unwrap();
    connection.execute(&Sql::plain("INSERT INTO t VALUES (1)")).await.unwrap();
    connection.commit().await.unwrap();
    assert_eq!(db.client().await.number("SELECT COUNT(*) FROM t").await, 1);
    connection.close().await;
    db.drop().await;
}

#[tokio::test]
async fn the_socket_directory_connects() {
    let Some(db) = Scratch::new(Kind::Postgres).await else { return };
    let Some(directory) = variable("TOMCAT_SESSIONS_TEST_POSTGRES_SOCKET") else { return absent("postgres' socket") };
    db.create_table("recommended").await;
    let user = &db.database;
    db.sql(&format!("CREATE USER `{user}`@`%` IDENTIFIED BY 'pw-Geheim1'")).await;
    db.sql(&format!("GRANT SELECT ON `{user}`.tomcat_sessions TO `{user}`@`%`")).await;
    let port = db.target().port;
    for socket in [directory.clone(), format!("{directory}/.s.PGSQL.{port}")] {
        let url = format!("postgres://{user}:pw-Geheim1@localhost:{port}/{user}?socket={socket}");
        let mut store = SessionStore::open(&parse_url(&url).unwrap(), &Naming::default()).await.unwrap();
        assert_eq!(count(&mut store).await, 0);
        assert!(store.lock(Duration::ZERO).await.is_ok());
        store.close().await;
    }
    db.sql(&format!("DROP USER `{user}`@`%`")).await;
    db.drop().await;
}
