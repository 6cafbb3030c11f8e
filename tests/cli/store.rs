//! Stores for the tests of the commands.

use tomcat_sessions::session::{OnConflict, Session};

use crate::command;
use crate::run::Run;
use crate::support::{Kind, NOW, Scratch, session};

/// A published SQLite table with these sessions.
pub async fn holding(sessions: &[Session]) -> Scratch {
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    db.create_table("documented").await;
    let mut store = db.open().await;
    store.insert(sessions, OnConflict::Fail).await.unwrap();
    store.close().await;
    db
}

/// One session in each state, of two applications and of none.
pub fn each_state() -> Vec<Session> {
    let demo = "/Catalina/localhost/demo";
    let mut rows = vec![
        session(demo, "A11CE00000000000000000000000001.jvm1", 1800, NOW.0 - 60_000),
        session(demo, "A11CE00000000000000000000000002.jvm2", 1800, NOW.0 - 7_200_000),
        session("/Catalina/localhost/shop", "B0B00000000000000000000000000003.jvm1", 0, NOW.0 - 86_400_000),
        session("", "CAFE0000000000000000000000000004", 1800, NOW.0),
    ];
    rows[3].meta.key.app = None;
    rows[3].meta.valid = Some("0".to_owned());
    rows[3].data = None;
    rows
}

/// Runs a command on the store, whose path is replaced in the output.
pub fn on(db: &Scratch, args: &str) -> Run {
    command().args(args).arg("--url").arg(&db.url).hide(db.path().display(), "sessions.db")
}
