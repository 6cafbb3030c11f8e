//! Pages follow each other without gaps and duplicates.

use std::ops::ControlFlow;

use tomcat_sessions::session::{Filter, OnConflict, Session, SessionKey};
use tomcat_sessions::store::{Candidates, Expiry, ExpiryRoute, ReadRequest, Stop};

use crate::purge_runs::{all, expired};
use crate::support::{Kind, NOW, Scratch, WIDE_TABLE, session};

crate::suite!(
    more_than_two_pages_by_id,
    more_than_two_pages_by_id_and_application,
    rows_without_an_application_differ_from_empty_names,
    list_starts_at_the_given_id,
    candidates_are_read_once_by_index_and_by_scan,
    an_invisible_index_is_not_used,
);

/// More than two pages of 5,000, the last one not full.
const MANY: usize = 10_007;

async fn more_than_two_pages_by_id(db: &Scratch) {
    db.create_table("documented").await;
    let mut store = db.open().await;
    let sessions: Vec<_> =
        (0..MANY).map(|i| session("/Catalina/localhost/demo", &format!("{i:032X}"), 1800, NOW.0)).collect();
    store.insert(&sessions, OnConflict::Fail).await.unwrap();
    let found = all(&mut store, &Filter::default(), NOW).await;
    assert!(found.iter().map(|s| &s.key).eq(sessions.iter().map(|s| &s.meta.key)), "{} of {MANY}", found.len());
}

/// One id in 7 applications: pages end within an id.
async fn more_than_two_pages_by_id_and_application(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    let sessions: Vec<_> = (0..MANY)
        .map(|i| session(&format!("/Catalina/localhost/app{}", i % 7), &format!("{:032X}", i / 7), 1800, NOW.0))
        .collect();
    store.insert(&sessions, OnConflict::Fail).await.unwrap();
    let found = all(&mut store, &Filter::default(), NOW).await;
    assert!(found.iter().map(|s| &s.key).eq(sessions.iter().map(|s| &s.meta.key)), "{} of {MANY}", found.len());
}

/// A table without a primary key can contain both, and a page may end between them.
async fn rows_without_an_application_differ_from_empty_names(db: &Scratch) {
    db.sql(&WIDE_TABLE.replace(" PRIMARY KEY", "")).await;
    db.sql("CREATE UNIQUE INDEX uk ON tomcat_sessions (session_id, app_name)").await;
    let mut store = db.open().await;
    let mut sessions: Vec<Session> = Vec::new();
    for i in 0..2_502 {
        for app in [None, Some(""), Some("a")] {
            let mut row = session("", &format!("{i:06}"), 1800, 1);
            row.meta.key.app = app.map(str::to_owned);
            sessions.push(row);
        }
    }
    store.insert(&sessions, OnConflict::Fail).await.unwrap();
    let keys: Vec<SessionKey> = sessions.into_iter().map(|s| s.meta.key).collect();
    let found: Vec<_> = all(&mut store, &Filter::default(), NOW).await.into_iter().map(|s| s.key).collect();
    assert_eq!(found.len(), keys.len());
    assert!(found == keys);

    let mut candidates = Candidates::expired(store.another().await.unwrap(), ExpiryRoute::Scan, Expiry::at(NOW), None);
    let mut found = Vec::new();
    while let Some(page) = candidates.next().await {
        found.extend(page.unwrap());
    }
    assert_eq!(found.len(), keys.len());
    assert!(found == keys);
}

async fn list_starts_at_the_given_id(db: &Scratch) {
    db.create_table("documented").await;
    let mut store = db.open().await;
    store.insert(&expired(10), OnConflict::Fail).await.unwrap();
    for (from, first, limit, expected) in
        [("E0003", "E0003", None, 7), ("E00035", "E0004", Some(2), 3), ("", "E0000", Some(0), 1), ("F", "", None, 0)]
    {
        let mut found = Vec::new();
        let reading = ReadRequest { filter: &Filter::default(), now: NOW, from: Some(from), limit };
        store
            .for_each(&reading, &Stop::never(), |session| {
                found.push(session.key.id);
                // `limit` means at most one page of that size, plus one row.
                if limit.is_some_and(|n| found.len() > n) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })
            .await
            .unwrap();
        assert_eq!((found.len(), found.first().map_or("", String::as_str)), (expected, first), "from {from}");
    }
}

async fn candidates_are_read_once_by_index_and_by_scan(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    // Every expiry time occurs 11 times, so that pages by expiry end among equal ones.
    let mut sessions: Vec<_> = (0..MANY as i64)
        .map(|i| session(&format!("/Catalina/localhost/app{}", i % 2), &format!("{i:032X}"), 10, 1_000 + i / 11))
        .collect();
    let mut keys: Vec<SessionKey> = sessions.iter().map(|s| s.meta.key.clone()).collect();
    keys.sort();
    sessions.extend((0..50).map(|i| session("/Catalina/localhost/app0", &format!("live{i}"), 10, NOW.0)));
    sessions.extend((0..50).map(|i| session("/Catalina/localhost/app0", &format!("never{i}"), 0, 1_000)));
    store.insert(&sessions, OnConflict::Fail).await.unwrap();
    for route in [ExpiryRoute::Scan, ExpiryRoute::Index] {
        let mut candidates = Candidates::expired(store.another().await.unwrap(), route, Expiry::at(NOW), None);
        let mut found = Vec::new();
        while let Some(page) = candidates.next().await {
            found.extend(page.unwrap());
        }
        found.sort();
        assert_eq!(found.len(), keys.len(), "{route:?}");
        assert!(found == keys, "{route:?}");
    }
}

/// Administrators make an index invisible to find out who needs it before they drop it.
async fn an_invisible_index_is_not_used(db: &Scratch) {
    let hidden = match db.kind {
        Kind::Mysql => "INVISIBLE",
        Kind::Mariadb => "IGNORED",
        // There, statements do not name indexes.
        Kind::Sqlite | Kind::Mssql | Kind::Postgres => return,
    };
    db.create_table("documented").await;
    db.sql(&format!("ALTER TABLE tomcat_sessions ALTER INDEX kapp_name {hidden}")).await;
    let mut store = db.open().await;
    let app = "/Catalina/localhost/demo";
    let sessions = [session(app, "0A", 10, 1_000), session("/Catalina/localhost/shop", "0B", 10, 1_000)];
    store.insert(&sessions, OnConflict::Fail).await.unwrap();
    let of_one = Filter { apps: Some(vec![Some(app.to_owned())]), ..Filter::default() };
    assert_eq!(all(&mut store, &of_one, NOW).await.len(), 1);
    let apps = Some(vec![app.to_owned()]);
    let mut candidates = Candidates::expired(store.another().await.unwrap(), ExpiryRoute::Scan, Expiry::at(NOW), apps);
    assert_eq!(candidates.next().await.unwrap().unwrap().len(), 1);
}
