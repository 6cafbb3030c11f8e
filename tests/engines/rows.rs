//! Rows are read back as they were written.

use std::ops::ControlFlow;

use tomcat_sessions::session::{Filter, OnConflict};
use tomcat_sessions::store::{ReadRequest, Stop};

use crate::support::{NOW, Scratch, WIDE_TABLE, sample, session};

crate::suite!(a_blob_comes_back_bit_for_bit, every_session_is_listed_once, blobs_of_all_sizes);

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
    let reading = ReadRequest { filter: &Filter::default(), now: NOW, from: None, limit: None };
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

/// Without data, NULL, sizes around those of BLOB and MEDIUMBLOB, and more than one packet of the protocol.
async fn blobs_of_all_sizes(db: &Scratch) {
    db.sql(WIDE_TABLE).await;
    let mut store = db.open().await;
    let sizes = [None, Some(0), Some(1), Some(65_535), Some(65_536), Some(1 << 20), Some(16_777_215), Some(17_000_000)];
    let mut rows = Vec::new();
    for (i, size) in sizes.into_iter().enumerate() {
        let mut row = session("demo", &format!("{i}"), 1800, 1);
        row.data = size.map(|n| (0..n).map(|b| (b % 251) as u8).collect::<Vec<u8>>().into());
        row.meta.size = size.map(|n| n as u64);
        rows.push(row);
    }
    assert_eq!(store.insert(&rows, OnConflict::Fail).await.unwrap().inserted, 8);
    for row in &rows {
        let found = store.get(&row.meta.key).await.unwrap().unwrap();
        assert_eq!(found.meta, row.meta);
        assert!(found.data == row.data, "{:?} bytes are others", row.meta.size);
    }
}
