//! Rows come back as they went in.

use std::ops::ControlFlow;

use tomcat_sessions::session::{Filter, OnConflict};
use tomcat_sessions::store::{Reading, Stop};

use crate::support::{NOW, Scratch, sample};

crate::suite!(a_blob_comes_back_bit_for_bit, every_session_is_listed_once);

async fn a_blob_comes_back_bit_for_bit(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    let sessions = sample();
    assert_eq!(store.insert(&sessions, OnConflict::Fail).await.unwrap().inserted, sessions.len() as u64);
    for session in &sessions {
        assert_eq!(store.get(&session.meta.key).await.unwrap().as_ref(), Some(session));
    }
}

async fn every_session_is_listed_once(db: &Scratch) {
    db.create_table("documented").await;
    let mut store = db.open().await;
    let mut expected: Vec<_> = sample().into_iter().map(|session| session.meta).collect();
    store.insert(&sample(), OnConflict::Fail).await.unwrap();
    let mut found = Vec::new();
    let reading = Reading { filter: &Filter::default(), now: NOW, from: None, limit: None };
    store
        .for_each(&reading, &Stop::never(), |session| {
            found.push(session);
            ControlFlow::Continue(())
        })
        .await
        .unwrap();
    expected.sort_by(|a, b| a.key.id.cmp(&b.key.id));
    assert_eq!(found, expected);
}
