//! A session is found by a prefix of its id, whatever characters it contains.

use tomcat_sessions::session::{Filter, OnConflict};
use tomcat_sessions::store::PrefixMatch;

use crate::purge_runs::all;
use crate::support::{NOW, Scratch, session};

crate::suite!(
    a_unique_prefix_finds_its_session,
    an_ambiguous_prefix_is_refused,
    an_id_that_is_a_prefix_of_another_is_found,
    find_with_one_id_in_two_applications,
    wildcards_and_quotes_are_literal,
);

async fn a_unique_prefix_finds_its_session(db: &Scratch) {
    db.create_table("documented").await;
    let mut store = db.open().await;
    store
        .insert(&[session("a", "ABCD", 1, 1), session("a", "ABCE", 1, 1), session("b", "B", 1, 1)], OnConflict::Fail)
        .await
        .unwrap();
    let filter = Filter::default();
    assert!(matches!(store.find("ABCD", &filter, NOW).await.unwrap(), PrefixMatch::One(key) if key.id == "ABCD"));
    assert!(matches!(store.find("B", &filter, NOW).await.unwrap(), PrefixMatch::One(key) if key.id == "B"));
    assert!(matches!(store.find("abcd", &filter, NOW).await.unwrap(), PrefixMatch::None));
    assert!(matches!(store.find("ABCDE", &filter, NOW).await.unwrap(), PrefixMatch::None));
}

async fn an_ambiguous_prefix_is_refused(db: &Scratch) {
    db.create_table("documented").await;
    let mut store = db.open().await;
    let rows: Vec<_> = (0..100).map(|i| session("a", &format!("AB{i:02}"), 1, 1)).collect();
    store.insert(&rows, OnConflict::Fail).await.unwrap();
    let found = store.find("AB", &Filter::default(), NOW).await.unwrap();
    assert!(matches!(found, PrefixMatch::Several(keys) if keys.len() >= 2));
    // A filter selects among the matches.
    let rich = Filter { id_prefix: Some("ignored".to_owned()), ..Filter::default() };
    assert!(matches!(store.find("AB42", &rich, NOW).await.unwrap(), PrefixMatch::One(_)));
}

async fn an_id_that_is_a_prefix_of_another_is_found(db: &Scratch) {
    db.create_table("documented").await;
    let mut store = db.open().await;
    let mut rows: Vec<_> = (0..30).map(|i| session("a", &format!("AB{i:02}"), 1, 1)).collect();
    rows.push(session("a", "AB", 1, 1));
    store.insert(&rows, OnConflict::Fail).await.unwrap();
    assert!(
        matches!(store.find("AB", &Filter::default(), NOW).await.unwrap(), PrefixMatch::One(key) if key.id == "AB")
    );
}

async fn find_with_one_id_in_two_applications(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    store.insert(&[session("a", "ABCD", 1, 1), session("b", "ABCD", 1, 1)], OnConflict::Fail).await.unwrap();
    assert!(
        matches!(store.find("ABC", &Filter::default(), NOW).await.unwrap(), PrefixMatch::Several(two) if two.len() == 2)
    );
    let of_b = Filter { apps: Some(vec![Some("b".to_owned())]), ..Filter::default() };
    let found = store.find("ABC", &of_b, NOW).await.unwrap();
    assert!(matches!(found, PrefixMatch::One(key) if key.app.as_deref() == Some("b")));
}

async fn wildcards_and_quotes_are_literal(db: &Scratch) {
    for profile in ["documented", "recommended"] {
        db.create_table(profile).await;
        let mut store = db.open().await;
        let ids = [
            "plain",
            "a%b",
            "axb",
            "a_b",
            "a'b",
            "a\"b",
            "a`b",
            "a\\b",
            "a\\%b",
            "a!b",
            "a!!b",
            "a!%b",
            "%",
            "_",
            "!",
            "'",
            "\\",
            "a;b--",
            "a:id",
            "a?b",
            "-- if app",
        ];
        let rows: Vec<_> = ids.iter().map(|id| session("a", id, 1, 1)).collect();
        store.insert(&rows, OnConflict::Fail).await.unwrap();
        for id in ids {
            let found = store.find(id, &Filter::default(), NOW).await.unwrap();
            assert!(matches!(&found, PrefixMatch::One(key) if key.id == id), "{id}: {found:?}");
            let filter = Filter { id_prefix: Some(id.to_owned()), ..Filter::default() };
            let begins = ids.iter().filter(|other| other.starts_with(id)).count();
            assert_eq!(all(&mut store, &filter, NOW).await.len(), begins, "{id}");
        }
        store.close().await;
        db.sql("DROP TABLE tomcat_sessions").await;
    }
}
