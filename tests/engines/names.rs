//! Tables and columns with other names.

use tomcat_sessions::session::{Filter, OnConflict};
use tomcat_sessions::store::{Naming, SessionStore, StoreError, Target};

use crate::purge_runs::{Expire, all, count, expired};
use crate::support::{Kind, NOW, Scratch};

crate::suite!(
    tomcats_own_table_is_found,
    tomcats_own_table_by_its_name,
    the_published_table_comes_first,
    names_that_need_quoting,
    names_with_a_qualifier,
    a_dot_in_a_name_is_quoted,
    a_renamed_column_can_be_configured,
    invalid_names_are_refused,
);

const OWN: &str = "CREATE TABLE `tomcat$sessions` (id VARCHAR(100) NOT NULL PRIMARY KEY, valid CHAR(1) NOT NULL, \
    maxinactive INT NOT NULL, lastaccess BIGINT NOT NULL, app VARCHAR(255), data BLOB)";

async fn works(mut store: SessionStore) {
    store.insert(&expired(7), OnConflict::Fail).await.unwrap();
    assert_eq!(all(&mut store, &Filter::default(), NOW).await.len(), 7);
    let one = &expired(7)[3];
    assert_eq!(store.get(&one.meta.key).await.unwrap().as_ref(), Some(one));
    assert_eq!(store.apps().await.unwrap().len(), 1);
    assert_eq!(Expire::new().run(&mut store).await.total.sessions, 7);
    assert_eq!(count(&mut store).await, 0);
}

async fn tomcats_own_table_is_found(db: &Scratch) {
    db.sql(OWN).await;
    let store = db.open().await;
    assert_eq!(store.names().table, "tomcat$sessions");
    works(store).await;
}

async fn tomcats_own_table_by_its_name(db: &Scratch) {
    db.sql(OWN).await;
    works(db.open_as(&Naming { table: Some("tomcat$sessions".to_owned()), ..Naming::default() }).await).await;
}

async fn the_published_table_comes_first(db: &Scratch) {
    db.sql(OWN).await;
    db.create_table("documented").await;
    assert_eq!(db.open().await.names().table, "tomcat_sessions");
}

/// Names with characters that quote, comment, mark a parameter or end a statement in some engine.
async fn names_that_need_quoting(db: &Scratch) {
    let names = ["my `odd` table; --", "id'1", "app \"2\"", "va:lid", "max?inactive", "last -- if app", "select"];
    let q = |name: &str| format!("`{}`", name.replace('`', "``"));
    let [table, id, app, valid, max, last, data] = names.map(q);
    db.sql(&format!(
        "CREATE TABLE {table} ({id} VARCHAR(100) NOT NULL PRIMARY KEY, {app} VARCHAR(255), {valid} CHAR(1) NOT NULL, \
         {max} INT NOT NULL, {last} BIGINT NOT NULL, {data} BLOB)"
    ))
    .await;
    let which = ["id", "app", "valid", "max-inactive", "last-access", "data"];
    let columns = which.iter().zip(&names[1..]).map(|(w, name)| ((*w).to_owned(), (*name).to_owned()));
    works(
        db.open_as(&Naming { table: Some(names[0].to_owned()), columns: columns.collect(), ..Naming::default() }).await,
    )
    .await;
}

/// As Tomcat copies them into its SQL.
async fn names_with_a_qualifier(db: &Scratch) {
    db.create_table("documented").await;
    let database = &db.database;
    let texts = match db.kind {
        Kind::Sqlite => vec!["main.tomcat_sessions".to_owned(), "\"main\".[tomcat_sessions]".to_owned()],
        Kind::Mssql => vec![
            "dbo.tomcat_sessions".to_owned(),
            "[dbo].[tomcat_sessions]".to_owned(),
            format!("{database}.dbo.tomcat_sessions"),
            format!("{database}..[tomcat_sessions]"),
        ],
        Kind::Postgres => vec![
            "public.tomcat_sessions".to_owned(),
            "\"public\".\"tomcat_sessions\"".to_owned(),
            // As the server interprets names without quotes.
            "Public.TOMCAT_SESSIONS".to_owned(),
        ],
        _ => vec![format!("{database}.tomcat_sessions"), format!("`{database}`.`tomcat_sessions`")],
    };
    for text in texts {
        let naming = Naming { table: Some(text), ..Naming::default() };
        works(db.open_as(&naming).await).await;
        if matches!(db.kind, Kind::Mysql | Kind::Mariadb) {
            // Also from another database.
            let elsewhere = Target { database: Some("information_schema".to_owned()), ..db.target() };
            works(SessionStore::open(&elsewhere, &naming).await.unwrap()).await;
        }
    }
    let naming = Naming { table: Some("a.b.c.d".to_owned()), ..Naming::default() };
    let error = SessionStore::open(&db.target(), &naming).await.err().unwrap();
    assert!(matches!(error, StoreError::Name(_)) && error.to_string().contains("4 parts"), "{error}");
}

async fn a_dot_in_a_name_is_quoted(db: &Scratch) {
    let quote = match db.kind {
        Kind::Mssql => ["[", "]"],
        Kind::Postgres => ["\"", "\""],
        _ => ["`", "`"],
    };
    let name = format!("{}our.sessions{}", quote[0], quote[1]);
    db.sql(&format!(
        "CREATE TABLE {name} (session_id VARCHAR(100) NOT NULL PRIMARY KEY, valid_session CHAR(1) NOT NULL, \
         max_inactive INT NOT NULL, last_access BIGINT NOT NULL, app_name VARCHAR(255), session_data {})",
        if db.kind == Kind::Mssql { "VARBINARY(MAX)" } else { "BLOB" }
    ))
    .await;
    works(db.open_as(&Naming { table: Some(name), ..Naming::default() }).await).await;
    let naming = Naming { table: Some("our.sessions".to_owned()), ..Naming::default() };
    assert!(SessionStore::open(&db.target(), &naming).await.is_err());
}

async fn a_renamed_column_can_be_configured(db: &Scratch) {
    db.create_table("documented").await;
    db.sql("ALTER TABLE tomcat_sessions RENAME COLUMN session_data TO `blob`").await;
    let naming = Naming { columns: vec![("data".to_owned(), "blob".to_owned())], ..Naming::default() };
    works(db.open_as(&naming).await).await;
}

async fn invalid_names_are_refused(db: &Scratch) {
    db.create_table("documented").await;
    let long = "x".repeat(10_000);
    for (name, expected_text) in
        [("", "empty"), ("a\0b", "control"), ("a\nb", "control"), (long.as_str(), "10000"), ("a ", "space")]
    {
        let naming = Naming { table: Some(name.to_owned()), ..Naming::default() };
        let error = SessionStore::open(&db.target(), &naming).await.err().unwrap();
        assert!(matches!(error, StoreError::Name(_)), "{error}");
        assert!(error.to_string().contains(expected_text) && error.to_string().len() < 200, "{error}");
        let naming = Naming { columns: vec![("app".to_owned(), name.to_owned())], ..Naming::default() };
        let error = SessionStore::open(&db.target(), &naming).await.err().unwrap();
        assert!(error.to_string().contains("the app name"), "{error}");
    }
    // Names that are valid, but are not names of tables or columns.
    for name in
        ["tomcat_sessions'", "tomcat_sessions`; DROP TABLE tomcat_sessions; --", "`tomcat_sessions.tomcat_sessions`"]
    {
        let naming = Naming { table: Some(name.to_owned()), ..Naming::default() };
        let error = SessionStore::open(&db.target(), &naming).await.err().unwrap();
        assert!(matches!(error, StoreError::NoTable { .. }), "{error}");
    }
    let naming = Naming { columns: vec![("key".to_owned(), "x".to_owned())], ..Naming::default() };
    assert!(matches!(SessionStore::open(&db.target(), &naming).await, Err(StoreError::UnknownColumn(_))));
    if db.kind == Kind::Sqlite {
        assert!(
            db.open_as(&Naming { table: Some("TOMCAT_SESSIONS".to_owned()), ..Naming::default() })
                .await
                .dialect()
                .max_name
                > 64
        );
    }
}
