//! Searches in the data of sessions, in several batches: each session is found once.

use serde_json::Value;
use tempfile::TempDir;
use tomcat_sessions::session::{OnConflict, Session};

use crate::support::program::run;
use crate::support::{NOW, Scratch, sample, session};

crate::suite!(sessions_are_found_by_their_data);

/// Logins of alice with 50 KB each, so that a batch contains about forty.
const LOGINS: usize = 150;

fn logins() -> Vec<Session> {
    let data = [include_bytes!("../decode/fixtures/session-login.ser").as_slice(), &[0; 50_000]].concat();
    let login = |n: usize| {
        let mut row = session("/Catalina/localhost/shop", &format!("{n:032X}"), 1800, NOW.0);
        row.meta.size = Some(data.len() as u64);
        row.data = Some(data.clone().into());
        row
    };
    (0..LOGINS).map(login).collect()
}

async fn sessions_are_found_by_their_data(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    for some in [&sample()[..], &logins()] {
        store.insert(some, OnConflict::Fail).await.unwrap();
    }
    store.close().await;
    let result = async |args: &[&str], code: i32| -> Value {
        let done = run(&[args, &["--url", &db.url]].concat()).await;
        assert_eq!(done.code, Some(code), "{args:?}: {done:?}");
        done.result
    };

    let found = result(&["list", "--user", "alice"], 0).await;
    let mut ids: Vec<&str> = found.as_array().unwrap().iter().map(|row| row["session_id"].as_str().unwrap()).collect();
    assert!(ids.is_sorted());
    ids.dedup();
    assert_eq!(ids.len(), LOGINS);
    let by = result(&["stats", "--by", "user", "--app", "shop"], 0).await;
    assert_eq!(by["groups"][0], serde_json::json!({ "name": "alice", "sessions": LOGINS, "bytes": LOGINS * 51_293 }));
    let audit = result(&["audit"], 4).await;
    assert_eq!((&audit["sessions"], &audit["missed"]), (&(LOGINS + 26).into(), &0.into()));

    let dir = TempDir::new().unwrap();
    let archive = dir.path().join("alice.ndjson");
    let exported = result(&["export", "--user", "alice", archive.to_str().unwrap()], 0).await;
    assert_eq!(exported["sessions"], LOGINS);
    let deleted = result(&["delete", "--all", "--user", "alice", "--attr", "cart=book"], 0).await;
    assert_eq!(deleted["deleted"]["sessions"], LOGINS);
    assert_eq!(result(&["list"], 0).await.as_array().unwrap().len(), 26);
}
