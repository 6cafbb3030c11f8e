//! Many rows at once on PostgreSQL: columns of unusual types, row security, rejected rows.

use tomcat_sessions::session::{OnConflict, Session};
use tomcat_sessions::store::{DbErrorKind, Naming, SessionStore, parse_url};

use crate::purge_runs::{count, expired};
use crate::support::program::run;
use crate::support::{Kind, NOW, Scratch, session};

async fn all(store: &mut SessionStore, sessions: &[Session]) {
    for session in sessions {
        assert_eq!(store.get(&session.meta.key).await.unwrap().as_ref(), Some(session));
    }
}

#[tokio::test]
async fn columns_of_every_type_take_rows() {
    let Some(db) = Scratch::new(Kind::Postgres).await else { return };
    for change in [
        "ALTER COLUMN max_inactive TYPE SMALLINT",
        "ALTER COLUMN max_inactive TYPE INT, ALTER COLUMN valid_session TYPE TEXT",
        "ALTER COLUMN session_id TYPE TEXT, ALTER COLUMN app_name TYPE CHAR(40)",
        "ALTER COLUMN last_access TYPE NUMERIC(20)",
    ] {
        db.create_table("documented").await;
        db.sql(&format!("ALTER TABLE tomcat_sessions {change}")).await;
        let mut store = SessionStore::inspect(&db.target(), &Naming::default()).await.unwrap();
        if change.contains("NUMERIC") {
            // Not usable as a session table, but an insert would work.
            assert!(!store.shape().unreadable(store.names(), store.dialect()).is_empty());
        } else {
            let mut sessions = expired(30);
            sessions[7].data = None;
            sessions[7].meta.size = None;
            sessions[8].meta.max_inactive = Some(-1);
            store.insert(&sessions, OnConflict::Fail).await.unwrap();
            all(&mut store, &sessions).await;
            if change.contains("SMALLINT") {
                // Out of the range of the column: the server reports it.
                let mut far = expired(60).split_off(30);
                far[3].meta.max_inactive = Some(40_000);
                let error = store.insert(&far, OnConflict::Fail).await.unwrap_err();
                assert!(error.to_string().contains("smallint out of range"), "{error}");
                assert_eq!(count(&mut store).await, 30);
            }
        }
        store.close().await;
        db.sql("DROP TABLE tomcat_sessions").await;
    }
    db.drop().await;
}

/// After a rejected batch, the transaction is undone, and the connection remains usable.
#[tokio::test]
async fn a_batch_that_is_refused_is_undone_as_a_whole() {
    let Some(db) = Scratch::new(Kind::Postgres).await else { return };
    db.create_table("recommended").await;
    db.sql("ALTER TABLE tomcat_sessions ADD CHECK (session_id <> 'E0017')").await;
    let mut store = db.open().await;
    // Large enough that the server answers before everything is sent.
    let mut sessions = expired(30);
    for session in &mut sessions {
        session.data = Some(vec![7; 300_000].into());
        session.meta.size = Some(300_000);
    }
    for _ in 0..2 {
        let error = store.insert(&sessions, OnConflict::Fail).await.unwrap_err();
        assert!(error.kind() == Some(DbErrorKind::Other) && error.to_string().contains("violates check"), "{error}");
        assert_eq!(count(&mut store).await, 0);
    }
    sessions.remove(17);
    store.insert(&sessions, OnConflict::Fail).await.unwrap();
    all(&mut store, &sessions).await;
    let error = store.insert(&sessions, OnConflict::Fail).await.unwrap_err();
    assert!(!error.to_string().contains("E0001 "), "{error}");
    assert_eq!(store.insert(&sessions, OnConflict::Newer).await.unwrap().kept, 29);
    store.close().await;
    db.drop().await;
}

#[tokio::test]
async fn a_table_with_row_security_takes_rows() {
    let Some(db) = Scratch::new(Kind::Postgres).await else { return };
    db.create_table("recommended").await;
    let user = &db.database;
    db.sql(&format!("CREATE USER `{user}`@`%` IDENTIFIED BY 'pw-Geheim1'")).await;
    db.sql(&format!("GRANT SELECT, INSERT, DELETE ON `{user}`.tomcat_sessions TO `{user}`@`%`")).await;
    db.sql(
        "ALTER TABLE tomcat_sessions ENABLE ROW LEVEL SECURITY; CREATE POLICY every ON tomcat_sessions USING (TRUE)",
    )
    .await;
    let target = parse_url(&db.url_as(user, "pw-Geheim1", "ssl-mode=disabled")).unwrap();
    let mut store = SessionStore::open(&target, &Naming::default()).await.unwrap();
    let sessions = expired(40);
    assert_eq!(store.insert(&sessions, OnConflict::Fail).await.unwrap().inserted, 40);
    all(&mut store, &sessions).await;
    store.close().await;
    db.sql(&format!("DROP USER `{user}`@`%`")).await;
    db.drop().await;
}

/// An id that is valid in MySQL, but not as text in PostgreSQL: it is reported, and the others are moved.
#[tokio::test]
async fn an_id_with_nul_is_named_and_left_out() {
    let (Some(from), Some(to)) = (Scratch::new(Kind::Sqlite).await, Scratch::new(Kind::Postgres).await) else { return };
    from.create_table("recommended").await;
    to.create_table("recommended").await;
    let mut sessions: Vec<Session> = (0..20).map(|n| session("/a", &format!("N{n:02}"), -1, NOW.0)).collect();
    sessions[9] = session("/a", "N\09", -1, NOW.0);
    from.open().await.insert(&sessions, OnConflict::Fail).await.unwrap();
    let file = tempfile::tempdir().unwrap();
    let archive = file.path().join("archive").display().to_string();
    let export = run(&["--url", &from.url, "export", &archive]).await;
    assert_eq!((export.code, &export.result["sessions"]), (Some(0), &20.into()), "{export:?}");
    for args in [vec!["--url", &to.url, "import", &archive], vec!["migrate", "--from", &from.url, "--to", &to.url]] {
        let done = run(&args).await;
        assert_eq!(done.code, Some(3), "{args:?} {done:?}");
        assert!(done.stderr.contains("NUL") || done.result.to_string().contains("character NUL"), "{args:?} {done:?}");
        assert_eq!(count(&mut to.open().await).await, 19);
    }
    // A swap moves the others, and leaves it where it is.
    to.sql("DELETE FROM tomcat_sessions").await;
    let swap = ["--url", &from.url, "swap-out", "--max-idle", "1h", "--to", &to.url];
    let dry = run(&[&swap[..], &["--dry-run"]].concat()).await;
    let done = run(&swap).await;
    for done in [&dry, &done] {
        let kept = done.result["not_moved"].as_array().unwrap();
        assert!(done.code == Some(0) && kept.len() == 1, "{done:?}");
        assert!(kept[0]["reason"].as_str().unwrap().contains("character NUL"), "{done:?}");
    }
    assert_eq!((count(&mut from.open().await).await, count(&mut to.open().await).await), (1, 19));
    from.drop().await;
    to.drop().await;
}
