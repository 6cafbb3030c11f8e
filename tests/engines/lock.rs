//! Two runs never work on the same table.

use std::time::{Duration, Instant};

use tomcat_sessions::session::OnConflict;
use tomcat_sessions::store::{Naming, SessionStore, StoreError};

use crate::purge_runs::{Expire, count, expired};
use crate::support::{Kind, Scratch, WIDE_TABLE};

crate::suite!(
    a_second_run_is_refused_at_once,
    a_second_run_waits_for_the_lock,
    waiting_for_the_lock_is_limited,
    another_table_is_another_lock,
    another_database_is_another_lock,
    a_dry_run_needs_no_lock,
);

async fn a_second_run_is_refused_at_once(db: &Scratch) {
    db.create_table("documented").await;
    let (mut first, mut second) = (db.open().await, db.open().await);
    first.lock(Duration::ZERO).await.unwrap();
    let begun = Instant::now();
    let error = second.lock(Duration::ZERO).await.unwrap_err();
    assert!(matches!(&error, StoreError::Locked { table, .. } if table == "tomcat_sessions"), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(1));
    assert!(first.holds_lock().await.unwrap() && !second.holds_lock().await.unwrap());
    // The end of a run releases the lock, even without an unlock.
    first.close().await;
    second.lock(Duration::from_secs(5)).await.unwrap();
    assert!(second.holds_lock().await.unwrap());
    second.unlock().await.unwrap();
    assert!(!second.holds_lock().await.unwrap());
}

async fn a_second_run_waits_for_the_lock(db: &Scratch) {
    db.create_table("documented").await;
    let (mut first, mut second) = (db.open().await, db.open().await);
    first.lock(Duration::ZERO).await.unwrap();
    let waiting = tokio::spawn(async move { second.lock(Duration::from_secs(20)).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!waiting.is_finished());
    first.unlock().await.unwrap();
    waiting.await.unwrap().unwrap();
}

async fn waiting_for_the_lock_is_limited(db: &Scratch) {
    db.create_table("documented").await;
    let (mut first, mut second) = (db.open().await, db.open().await);
    first.lock(Duration::ZERO).await.unwrap();
    let begun = Instant::now();
    let error = second.lock(Duration::from_secs(1)).await.unwrap_err();
    assert!(matches!(error, StoreError::Locked { waited, .. } if waited == Duration::from_secs(1)));
    assert!(begun.elapsed() >= Duration::from_millis(900), "{:?}", begun.elapsed());
}

async fn another_table_is_another_lock(db: &Scratch) {
    if db.kind == Kind::Sqlite {
        // A file has one writer at a time, whatever the table.
        return;
    }
    db.create_table("documented").await;
    // Longer than the 64 characters of MySQL's lock names, and different only at the end.
    let names = ["_1", "_2"].map(|end| format!("{}{end}", "t".repeat(60)));
    let mut stores = vec![db.open().await];
    for name in &names {
        db.sql(&WIDE_TABLE.replace("tomcat_sessions", name)).await;
        stores.push(db.open_as(&Naming { table: Some(name.clone()), ..Naming::default() }).await);
    }
    for store in &mut stores {
        store.lock(Duration::ZERO).await.unwrap();
    }
    for store in &mut stores {
        assert!(store.holds_lock().await.unwrap());
    }
    let mut again = db.open_as(&Naming { table: Some(names[0].clone()), ..Naming::default() }).await;
    assert!(matches!(again.lock(Duration::ZERO).await, Err(StoreError::Locked { .. })));
}

async fn another_database_is_another_lock(db: &Scratch) {
    let other = Scratch::new(db.kind).await.unwrap();
    let mut stores: Vec<SessionStore> = Vec::new();
    for db in [db, &other] {
        db.create_table("documented").await;
        let mut store = db.open().await;
        store.lock(Duration::ZERO).await.unwrap();
        stores.push(store);
    }
    for mut store in stores {
        assert!(store.holds_lock().await.unwrap());
        store.close().await;
    }
    other.drop().await;
}

async fn a_dry_run_needs_no_lock(db: &Scratch) {
    db.create_table("documented").await;
    let (mut first, mut second) = (db.open().await, db.open().await);
    first.insert(&expired(3), OnConflict::Fail).await.unwrap();
    first.lock(Duration::ZERO).await.unwrap();
    let dry = Expire { dry_run: true, ..Expire::new() }.run(&mut second).await;
    assert_eq!((dry.total.sessions, count(&mut first).await), (3, 3));
}
