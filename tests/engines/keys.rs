//! Which ids are equal in both profiles, and non-ASCII text.

use tomcat_sessions::session::{Filter, OnConflict, SessionKey};
use tomcat_sessions::store::{Batch, DbErrorKind, Key, PrefixMatch, StoreError};

use crate::purge_runs::{Expire, all};
use crate::support::{Kind, NOW, Scratch, edit, session};

crate::suite!(
    the_key_is_read_from_the_catalogue,
    one_id_in_two_applications,
    case_and_trailing_spaces_under_the_recommended_table,
    case_and_trailing_spaces_under_the_documented_table,
    rows_without_an_application_are_handled,
    text_beyond_ascii,
    ids_with_nul,
    text_beyond_ascii_after_large_data,
    a_session_is_not_inserted_twice,
    a_session_is_not_inserted_twice_without_a_key,
);

async fn the_key_is_read_from_the_catalogue(db: &Scratch) {
    for (profile, key) in [("documented", Key::Id), ("recommended", Key::IdAndApp)] {
        db.create_table(profile).await;
        let store = db.open().await;
        assert_eq!(store.shape().key(store.names()), key);
        assert_eq!(store.shape().has_expiry_index(store.names(), store.dialect()), profile == "recommended");
        store.close().await;
        db.sql("DROP TABLE tomcat_sessions").await;
    }
}

async fn one_id_in_two_applications(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    store.insert(&[session("a", "0A", 1800, 1), session("b", "0A", 1800, NOW.0)], OnConflict::Fail).await.unwrap();
    let summary = Expire::new().run(&mut store).await;
    assert_eq!(summary.total.sessions, 1);
    let left: Vec<_> = all(&mut store, &Filter::default(), NOW).await.into_iter().map(|s| s.key).collect();
    assert!(left == [SessionKey::new("b".to_owned(), "0A")]);
}

/// The ids of the rows that are found by exactly their key, for all inserted keys.
async fn case_and_trailing_spaces_under_the_recommended_table(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    let ids = ["0A ", "0A", "0a", "0a  "];
    let mut sessions: Vec<_> = ids.iter().map(|id| session("demo", id, 1800, 1)).collect();
    sessions.extend(["Demo", "demo "].map(|app| session(app, "0A", 1800, 1)));
    if store.dialect().ignores_trailing_spaces {
        // Every collation of SQL Server ignores trailing spaces.
        let error = store.insert(&sessions, OnConflict::Fail).await.unwrap_err();
        assert_eq!(error.kind(), Some(DbErrorKind::Duplicate), "{error}");
        sessions.retain(|s| !s.meta.key.id.ends_with(' ') && s.meta.key.app.as_deref() != Some("demo "));
    }
    let all_of_them = sessions.len() as u64;
    // In one transaction, which would fail if two of them had the same key.
    assert_eq!(store.insert(&sessions, OnConflict::Fail).await.unwrap().inserted, all_of_them);
    for session in &sessions {
        assert_eq!(store.get(&session.meta.key).await.unwrap().as_ref(), Some(session));
    }
    assert!(store.get(&SessionKey::new("demo".to_owned(), "0A  ")).await.unwrap().is_none());
    assert_eq!(all(&mut store, &Filter::default(), NOW).await.len(), sessions.len());
    let summary = Expire::new().batch(1).run(&mut store).await;
    assert_eq!((summary.total.sessions, summary.skipped), (all_of_them, 0));
}

/// With the server's default collation, the id in lower case is equal; the rows that we read are compared by bytes
/// nevertheless.
async fn case_and_trailing_spaces_under_the_documented_table(db: &Scratch) {
    db.create_table("documented").await;
    let mut store = db.open().await;
    store.insert(&[session("demo", "0AFF", 1800, 1)], OnConflict::Fail).await.unwrap();
    let lower = store.insert(&[session("demo", "0aff", 1800, 1)], OnConflict::Fail).await;
    if matches!(db.kind, Kind::Sqlite | Kind::Postgres) {
        lower.unwrap();
    } else {
        assert_eq!(lower.unwrap_err().kind(), Some(DbErrorKind::Duplicate));
        assert!(store.get(&SessionKey::new("demo".to_owned(), "0aff")).await.unwrap().is_none());
        assert!(store.get(&SessionKey::new("Demo".to_owned(), "0AFF")).await.unwrap().is_none());
        let lower = Filter { id_prefix: Some("0af".to_owned()), ..Filter::default() };
        assert_eq!(all(&mut store, &lower, NOW).await, []);
        let other = Filter { apps: Some(vec![Some("DEMO".to_owned())]), ..Filter::default() };
        assert_eq!(all(&mut store, &other, NOW).await, []);
    }
    assert!(store.get(&SessionKey::new("demo".to_owned(), "0AFF")).await.unwrap().is_some());
}

async fn rows_without_an_application_are_handled(db: &Scratch) {
    db.create_table("documented").await;
    let mut store = db.open().await;
    let mut nameless = session("", "0A", 1800, 1);
    nameless.meta.key.app = None;
    store
        .insert(&[nameless.clone(), session("", "0B", 1800, 1), session("demo", "0C", 1800, 1)], OnConflict::Fail)
        .await
        .unwrap();
    assert_eq!(store.get(&nameless.meta.key).await.unwrap(), Some(nameless));
    assert!(store.get(&SessionKey::new("demo".to_owned(), "0A")).await.unwrap().is_none());
    assert_eq!(store.apps().await.unwrap(), [None, Some(String::new()), Some("demo".to_owned())]);
    let only = Filter { apps: Some(vec![None]), ..Filter::default() };
    assert_eq!(all(&mut store, &only, NOW).await.len(), 1);
    let summary = Expire::new().run(&mut store).await;
    assert_eq!(summary.total.sessions, 3);
    assert_eq!(summary.by_app[&None].sessions, 1);
}

/// Where the texts of a server have no NUL, no session has such an id, and none is stored under one.
async fn ids_with_nul(db: &Scratch) {
    db.create_table("documented").await;
    let mut store = db.open().await;
    let (plain, of_id, of_app) =
        (session("demo", "0A", 1, 1), session("demo", "0A\0B", 1, 1), session("de\0mo", "0C", 1, 1));
    store.insert(std::slice::from_ref(&plain), OnConflict::Fail).await.unwrap();
    let mut stored = 0;
    for odd in [&of_id, &of_app] {
        let holds = match store.insert(std::slice::from_ref(odd), OnConflict::Newer).await {
            Ok(inserted) => inserted.inserted == 1,
            Err(StoreError::UnsupportedKey { .. }) => false,
            // Babelfish calls itself SQL Server, and is PostgreSQL.
            Err(error) if db.differs("a text contains NUL").await => {
                assert_eq!(error.kind(), Some(DbErrorKind::Other), "{error}");
                return;
            }
            Err(error) => panic!("{error}"),
        };
        assert_eq!(holds, db.kind != Kind::Postgres);
        stored += u64::from(holds);
        assert_eq!(store.get(&odd.meta.key).await.unwrap().as_ref(), holds.then_some(odd));
        assert_eq!(store.digests_of(std::slice::from_ref(&odd.meta.key)).await.unwrap().len(), usize::from(holds));
        let apps = Some(vec![odd.meta.key.app.clone()]);
        let of_this_app = Filter { apps, id_prefix: Some("0".to_owned()), ..Filter::default() };
        let expected = usize::from(holds) + usize::from(odd.meta.key.app == plain.meta.key.app);
        assert_eq!(all(&mut store, &of_this_app, NOW).await.len(), expected);
    }
    let filter = Filter { id_prefix: Some(of_id.meta.key.id.clone()), ..Filter::default() };
    assert_eq!(all(&mut store, &filter, NOW).await.len(), usize::from(stored > 0));
    let found = store.find(&of_id.meta.key.id, &Filter::default(), NOW).await.unwrap();
    assert_eq!(matches!(found, PrefixMatch::One(key) if key == of_id.meta.key), stored > 0);
    // A batch that names it has the others.
    let ids = [of_id.meta.key.id.clone(), plain.meta.key.id.clone()];
    for dry_run in [true, false] {
        let batch = Batch { app: Some("demo"), ids: &ids, cutoff: None, accessed_before: None, dry_run };
        let deleted = store.delete(&batch, &|_| true).await.unwrap();
        let expected = if stored > 0 { (2, 0) } else { (1, 1) };
        assert_eq!((deleted.sessions, deleted.skipped), expected, "{dry_run}");
    }
    assert_eq!(store.count().await.unwrap(), stored.saturating_sub(1));
}

/// Two ids begin with 😀, and one of them is longer: MariaDB's default collation treats all characters beyond the BMP as
/// equal.
async fn text_beyond_ascii(db: &Scratch) {
    for profile in ["documented", "recommended"] {
        db.create_table(profile).await;
        let mut store = db.open().await;
        let sessions = [
            session("/Catalina/localhost/größe", "ÄÖÜ.jvm1", 1800, 1),
            session("/Catalina/localhost/日本語", "識別子", 1800, 1),
            session("/Catalina/localhost/😀", "😀😁.jvm1", 1800, 1),
            session("/Catalina/localhost/😀", "😀😂.jvm22", 1800, 1),
        ];
        let inserted = store.insert(&sessions, OnConflict::Fail).await;
        let keeps_all = db.differs("a VARCHAR column keeps what its code page lacks").await;
        if db.kind == Kind::Mssql && !keeps_all {
            // A VARCHAR column has one code page: other characters would become question marks, so they are refused.
            assert!(matches!(inserted, Err(StoreError::UnsupportedKey { .. })), "{inserted:?}");
            assert_eq!(all(&mut store, &Filter::default(), NOW).await, []);
            store.insert(&sessions[..1], OnConflict::Fail).await.unwrap();
            assert_eq!(store.get(&sessions[0].meta.key).await.unwrap().as_ref(), Some(&sessions[0]));
            store.close().await;
            db.sql("DROP TABLE tomcat_sessions").await;
            continue;
        }
        inserted.unwrap();
        for session in &sessions {
            assert_eq!(store.get(&session.meta.key).await.unwrap().as_ref(), Some(session));
        }
        let by = |prefix: &str| Filter { id_prefix: Some(prefix.to_owned()), ..Filter::default() };
        assert_eq!(all(&mut store, &by("ÄÖ"), NOW).await.len(), 1);
        assert_eq!(all(&mut store, &by("😀😂"), NOW).await.len(), 1);
        if db.kind != Kind::Mariadb {
            // Its LIKE stops at U+FFFF (see sql/mysql/page.sql).
            assert_eq!(all(&mut store, &by("😀"), NOW).await.len(), 2);
        }
        let of = Filter { apps: Some(vec![Some("/Catalina/localhost/😀".to_owned())]), ..Filter::default() };
        assert_eq!(all(&mut store, &of, NOW).await.len(), 2);
        let summary = Expire::new().run(&mut store).await;
        assert_eq!((summary.total.sessions, summary.by_app.len()), (4, 3));
        store.close().await;
        db.sql("DROP TABLE tomcat_sessions").await;
    }
}

/// MySQL receives large data as ASCII, but not the following statements on the same connection.
async fn text_beyond_ascii_after_large_data(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    let large = |app: &str, id: &str| {
        let mut session = session(app, id, 1800, 1);
        edit(&mut session, |data| data.extend((0..300_000_u32).map(|n| (n.wrapping_mul(n) >> 7) as u8)));
        session.meta.size = session.data.as_ref().map(|data| data.len() as u64);
        session
    };
    let plain = large("/a", "0A");
    store.insert(std::slice::from_ref(&plain), OnConflict::Fail).await.unwrap();
    if db.kind == Kind::Mysql {
        let mut client = db.client().await;
        let ascii = "SELECT COUNT(*) FROM performance_schema.variables_by_thread \
             JOIN performance_schema.threads USING (thread_id) WHERE processlist_db = DATABASE() \
             AND variable_name = 'character_set_client' AND variable_value = 'ascii'";
        assert_eq!(client.number(ascii).await, 1, "it was not sent in ASCII");
    }
    // Characters in the code page of a VARCHAR column of SQL Server.
    let others = [large("/größe", "ÄÖÜ"), session("/größe", "É", 1800, 1), large("/a", "0B")];
    for session in &others {
        store.insert(std::slice::from_ref(session), OnConflict::Fail).await.unwrap();
    }
    let found = all(&mut store, &Filter { id_prefix: Some("ÄÖ".to_owned()), ..Filter::default() }, NOW).await;
    assert_eq!(found.len(), 1);
    for session in others.iter().chain([&plain]) {
        assert_eq!(store.get(&session.meta.key).await.unwrap().as_ref(), Some(session));
    }
}

/// All or nothing: an existing session undoes the others, and the message contains no id.
async fn a_session_is_not_inserted_twice(db: &Scratch) {
    db.create_table("documented").await;
    let mut store = db.open().await;
    let row = |i: usize| session("demo", &format!("{i}ABCDEF0123456789"), 1800, 1);
    store.insert(&[row(2)], OnConflict::Fail).await.unwrap();
    let error = store.insert(&[row(1), row(2), row(3)], OnConflict::Fail).await.unwrap_err();
    assert!(matches!(error, StoreError::Conflict { .. }), "{error}");
    assert!(!error.to_string().contains(&row(2).meta.key.id), "{error}");
    assert_eq!(all(&mut store, &Filter::default(), NOW).await.len(), 1);
}

/// After sessions that were all new, the next ones are inserted without a lookup, if the key of the table prevents
/// duplicates.
async fn a_session_is_not_inserted_twice_without_a_key(db: &Scratch) {
    let blob = if db.kind == Kind::Mssql { "VARBINARY(MAX)" } else { "LONGBLOB" };
    db.sql(&format!(
        "CREATE TABLE tomcat_sessions (session_id VARCHAR(100) NOT NULL, app_name VARCHAR(255), \
         valid_session CHAR(1) NOT NULL, max_inactive BIGINT NOT NULL, last_access BIGINT NOT NULL, session_data {blob})"
    ))
    .await;
    let mut store = db.open().await;
    let sessions = [session("a", "0A", 1800, 1), session("a", "0B", 1800, 1)];
    store.insert(&sessions[..1], OnConflict::Fail).await.unwrap();
    let written = store.insert(&sessions, OnConflict::Newer).await.unwrap();
    assert_eq!((written.inserted, written.kept), (1, 1));
    let error = store.insert(&sessions, OnConflict::Fail).await.unwrap_err();
    assert!(matches!(error, StoreError::Conflict { .. }), "{error}");
    assert_eq!(all(&mut store, &Filter::default(), NOW).await.len(), 2);
}
