//! Digests are the same whether the server or the client computes them, and two stores are compared row by row.

use std::collections::BTreeMap;

use tomcat_sessions::session::{Difference, Digest, EpochMillis, Kind, OnConflict, Session, SessionKey};
use tomcat_sessions::store::{CompareEnded, Comparer, Comparison, SessionStore, Stop, WritePeriod};

use crate::support::{Kind as Engine, NOW, Scratch, edit, sample, session};

crate::suite!(
    server_and_client_compute_the_same_hash,
    a_copy_on_another_engine_is_the_same,
    each_kind_of_difference_is_found,
    a_session_that_reappears_is_not_a_difference,
);

/// Sessions without data, with empty data, with small data, and with data larger than a packet.
fn odd() -> Vec<Session> {
    let with = |id: &str, data: Option<Vec<u8>>| {
        let mut session = session("/Catalina/localhost/demo", id, 1800, NOW.0);
        session.meta.size = data.as_ref().map(|data| data.len() as u64);
        session.data = data.map(Vec::into);
        session
    };
    let big: Vec<u8> = (0..5_000_000u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    vec![with("AA", None), with("BB", Some(Vec::new())), with("CC", Some((0..=255).collect())), with("DD", Some(big))]
}

async fn server_and_client_compute_the_same_hash(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    let sessions = [odd(), sample()].concat();
    store.insert(&sessions, OnConflict::Fail).await.unwrap();
    let keys: Vec<SessionKey> = sessions.iter().map(|s| s.meta.key.clone()).collect();
    let found = store.digests_of(&keys).await.unwrap();
    let found: BTreeMap<SessionKey, Digest> = found.into_iter().map(|d| (d.meta.key.clone(), d)).collect();
    assert_eq!(found.len(), sessions.len());
    for session in &sessions {
        assert_eq!(found[&session.meta.key], Digest::of(session));
    }
    let lower = SessionKey::new(keys[0].app.clone(), "aa");
    assert_eq!(store.digests_of(&[lower]).await.unwrap(), []);
}

/// Compares `left` with `right`; returns the differences by id.
async fn compare(left: &mut SessionStore, right: &mut SessionStore) -> (Comparison, BTreeMap<String, Difference>) {
    let mut found = BTreeMap::new();
    let since = Some(WritePeriod { from: EpochMillis(NOW.0 + 1), at: EpochMillis(NOW.0 + 10_000) });
    let comparer = Comparer { left, right, since: [since, since], stop: Stop::never() };
    let done =
        comparer.run(&mut |difference| drop(found.insert(difference.key.id.clone(), difference)), &mut |_| {}).await;
    assert!(matches!(done.ended, CompareEnded::Done), "{done:?}");
    (done, found)
}

/// A SQLite table with `sessions`, to compare with.
async fn copy(sessions: &[Session]) -> Scratch {
    let db = Scratch::new(Engine::Sqlite).await.unwrap();
    db.create_table("recommended").await;
    db.open().await.insert(sessions, OnConflict::Fail).await.unwrap();
    db
}

async fn a_copy_on_another_engine_is_the_same(db: &Scratch) {
    // The published table sorts ids case-insensitively, the copy by bytes.
    db.create_table("documented").await;
    let mut sessions = odd();
    for n in 0..3_000 {
        let letter = if n % 2 == 0 { 'a' } else { 'B' };
        sessions.push(session("/Catalina/localhost/demo", &format!("{letter}{n:05}"), 1800, NOW.0));
    }
    let mut store = db.open().await;
    store.insert(&sessions, OnConflict::Fail).await.unwrap();
    let copy = copy(&sessions).await;
    let (done, found) = compare(&mut store, &mut copy.open().await).await;
    assert_eq!((found.len(), done.same), (0, sessions.len() as u64), "{done:?}");
    assert_eq!((done.left, done.right), (sessions.len() as u64, sessions.len() as u64));
}

async fn each_kind_of_difference_is_found(db: &Scratch) {
    db.create_table("recommended").await;
    let sessions = odd();
    let mut store = db.open().await;
    store.insert(&sessions[..3], OnConflict::Fail).await.unwrap();
    let mut others = sessions[1..].to_vec();
    // One bit of the data differs; the length is the same.
    edit(&mut others[1], |data| data[255] ^= 1);
    others[2].meta.key.id = "EE".to_owned();
    let copy = copy(&others).await;
    let (done, found) = compare(&mut store, &mut copy.open().await).await;
    let kinds: Vec<(&str, Kind, Vec<&str>)> = found.iter().map(|(id, d)| (id.as_str(), d.kind, d.columns())).collect();
    assert_eq!(
        kinds,
        [("AA", Kind::Missing, vec![]), ("CC", Kind::Different, vec!["data"]), ("EE", Kind::Extra, vec![])]
    );
    assert_eq!((done.same, done.missing, done.extra, done.different, done.changed), (1, 1, 1, 1, 0));
}

/// A session is absent while it is being saved, and another one is changed.
async fn a_session_that_reappears_is_not_a_difference(db: &Scratch) {
    db.create_table("recommended").await;
    let sessions = odd();
    let (mut store, mut writer) = (db.open().await, db.open().await);
    store.insert(&sessions[1..3], OnConflict::Fail).await.unwrap();
    let copy = copy(&sessions[..3]).await;
    let mut moved = sessions[1].clone();
    moved.meta.last_access = Some(EpochMillis(NOW.0 + 1_000));
    let saving = async {
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        writer.insert(&sessions[..1], OnConflict::Fail).await.unwrap();
        writer.insert(&[moved.clone()], OnConflict::Newer).await.unwrap();
    };
    let mut right = copy.open().await;
    let ((done, found), ()) = tokio::join!(compare(&mut store, &mut right), saving);
    assert_eq!(done.differences(), 0, "{found:?}");
    assert!(done.changed <= 1 && done.same >= 2, "{done:?}");
}
