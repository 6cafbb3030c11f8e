//! Loading an archive: repeated sessions, and sessions that a target cannot store.

use sqlx::{Connection, Executor};
use tomcat_sessions::session::{OnConflict, Session};
use tomcat_sessions::store::{InsertResult, Loader, Record, StoreError};

use crate::support::program::run;
use crate::support::{Kind, NOW, Scratch, edit, session};

crate::suite!(
    later_records_replace_earlier_ones,
    concurrent_writes_follow_the_conflict_rule,
    a_refused_session_is_reported_and_the_import_continues,
    a_dry_run_writes_nothing,
    kept_rows_are_not_treated_as_written,
    existing_rows_are_not_replaced_by_older_ones,
    a_save_before_a_later_record_is_written_is_kept,
    sessions_deleted_meanwhile_do_not_come_back,
    merging_applications_keeps_the_newer_session,
);

const APP: &str = "/Catalina/localhost/demo";

/// Loads a batch of sessions unchanged.
async fn load(loader: &mut Loader, sessions: Vec<Session>) -> Result<(), StoreError> {
    loader.load(sessions.into_iter().map(Record::from).collect()).await
}

fn at(id: &str, last_access: i64) -> Session {
    session(APP, id, 60, last_access)
}

async fn rows(db: &Scratch) -> u64 {
    db.open().await.count_expired(NOW, None).await.unwrap().0
}

async fn later_records_replace_earlier_ones(db: &Scratch) {
    db.create_table("recommended").await;
    for rule in [OnConflict::Fail, OnConflict::Skip, OnConflict::Newer, OnConflict::Replace] {
        let mut loader = Loader::new(db.open().await, rule, false);
        // In the same batch, and in a later one; the older state is the later record.
        let app = format!("{APP}-{rule:?}");
        let one = |last_access| session(&app, "A", 60, last_access);
        load(&mut loader, vec![one(5), session(&app, "B", 60, 1), one(6)]).await.unwrap();
        load(&mut loader, vec![one(4)]).await.unwrap();
        assert_eq!(loader.done, InsertResult { inserted: 2, replaced: 0, kept: 0 }, "{rule:?}");
        assert_eq!((loader.again, loader.refused.len()), (2, 0), "{rule:?}");
        assert_eq!(db.open().await.get(&one(4).meta.key).await.unwrap(), Some(one(4)), "{rule:?}");
    }
}

async fn concurrent_writes_follow_the_conflict_rule(db: &Scratch) {
    db.create_table("recommended").await;
    let mut loader = Loader::new(db.open().await, OnConflict::Newer, false);
    load(&mut loader, vec![at("A", 5)]).await.unwrap();
    db.open().await.insert(&[at("A", 9)], OnConflict::Replace).await.unwrap();
    load(&mut loader, vec![at("A", 6)]).await.unwrap();
    assert_eq!(db.open().await.get(&at("A", 9).meta.key).await.unwrap(), Some(at("A", 9)));
}

async fn a_refused_session_is_reported_and_the_import_continues(db: &Scratch) {
    if !matches!(db.kind, Kind::Mariadb | Kind::Mysql) {
        return;
    }
    // Ids of ten characters that differ in more than case, and data of 64 KB.
    db.sql(
        "CREATE TABLE tomcat_sessions (session_id varchar(10) COLLATE utf8mb4_general_ci NOT NULL PRIMARY KEY, \
         app_name varchar(255), valid_session char(1) NOT NULL, max_inactive int NOT NULL, \
         last_access bigint NOT NULL, session_data blob)",
    )
    .await;
    let mut big = at("BIG", 1);
    big.data = Some(vec![7; 70_000].into());
    big.meta.size = Some(70_000);
    let wide = session(APP, "WIDE", i64::MAX, 1);
    let sessions = vec![at("A", 1), at("abc", 1), big, at("ABC", 1), at("LONGER-THAN-TEN", 1), wide, at("Z", 1)];
    let mut loader = Loader::new(db.open().await, OnConflict::Newer, false);
    load(&mut loader, sessions).await.unwrap();
    let mut refused: Vec<_> = loader.refused.iter().map(|r| (r.key.id.as_str(), r.reason.as_str())).collect();
    refused.sort_unstable();
    let [collides, big, long, wide] = refused[..] else { panic!("{refused:?}") };
    assert!(collides.0 == "ABC" && collides.1.contains("already exists"), "{collides:?}");
    assert!(big.0 == "BIG" && big.1.contains("70000 bytes") && big.1.contains("65535"), "{big:?}");
    assert!(long.0 == "LONGER-THAN-TEN" && long.1.contains("15 characters"), "{long:?}");
    assert!(wide.0 == "WIDE" && wide.1.contains("ut of range"), "{wide:?}");
    assert_eq!((loader.done.inserted, rows(db).await), (3, 3));
    assert_eq!(db.open().await.get(&at("Z", 1).meta.key).await.unwrap(), Some(at("Z", 1)));
}

async fn a_dry_run_writes_nothing(db: &Scratch) {
    db.create_table("recommended").await;
    db.open().await.insert(&[at("A", 5), at("B", 5)], OnConflict::Fail).await.unwrap();
    let mut loader = Loader::new(db.open().await, OnConflict::Newer, true);
    load(&mut loader, vec![at("A", 6), at("B", 4), at("C", 1)]).await.unwrap();
    assert_eq!(loader.done, InsertResult { inserted: 1, replaced: 1, kept: 1 });
    assert_eq!(rows(db).await, 2);
}

/// The row with the key of `session`.
async fn there(db: &Scratch, session: &Session) -> Option<Session> {
    db.open().await.get(&session.meta.key).await.unwrap()
}

fn with_data(mut session: Session, byte: u8) -> Session {
    edit(&mut session, |data| data[20] = byte);
    session
}

async fn kept_rows_are_not_treated_as_written(db: &Scratch) {
    db.create_table("recommended").await;
    for (rule, later) in [(OnConflict::Skip, 20), (OnConflict::Newer, 5), (OnConflict::Newer, 10)] {
        let id = format!("{rule:?}{later}");
        let row = with_data(at(&id, 10), 1);
        db.open().await.insert(std::slice::from_ref(&row), OnConflict::Fail).await.unwrap();
        let mut loader = Loader::new(db.open().await, rule, false);
        // The archive contains the row itself, and then another state of it.
        load(&mut loader, vec![row.clone()]).await.unwrap();
        load(&mut loader, vec![with_data(at(&id, later), 2)]).await.unwrap();
        assert_eq!(there(db, &row).await, Some(row), "{id}");
        assert_eq!((loader.done.inserted, loader.done.replaced), (0, 0), "{id}");
    }
}

async fn existing_rows_are_not_replaced_by_older_ones(db: &Scratch) {
    db.create_table("recommended").await;
    for together in [false, true] {
        let id = format!("A{together}");
        db.open().await.insert(&[at(&id, 10)], OnConflict::Fail).await.unwrap();
        let mut loader = Loader::new(db.open().await, OnConflict::Newer, false);
        if together {
            load(&mut loader, vec![at(&id, 12), at(&id, 5)]).await.unwrap();
        } else {
            load(&mut loader, vec![at(&id, 12)]).await.unwrap();
            load(&mut loader, vec![at(&id, 5)]).await.unwrap();
        }
        assert_eq!(there(db, &at(&id, 0)).await, Some(at(&id, 12)), "{id}");
        assert_eq!(loader.done, InsertResult { inserted: 0, replaced: 1, kept: 0 }, "{id}");
    }
}

/// A Tomcat whose pool commits a save as one transaction holds the row when the later record is written.
async fn a_save_before_a_later_record_is_written_is_kept(db: &Scratch) {
    if db.kind == Kind::Mssql {
        // With a driver for which the test has no transaction.
        return;
    }
    db.create_table("recommended").await;
    let mut loader = Loader::new(db.open().await, OnConflict::Newer, false);
    load(&mut loader, vec![at("A", 5)]).await.unwrap();
    let saved = at("A", 9);
    let data = saved.data.as_ref().unwrap().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let save = [
        "DELETE FROM tomcat_sessions WHERE session_id = 'A'".to_owned(),
        format!(
            "INSERT INTO tomcat_sessions (session_id, app_name, valid_session, max_inactive, last_access, session_data) \
             VALUES ('A', '{APP}', '1', 60, 9, x'{data}')"
        ),
    ];
    let wait = std::time::Duration::from_millis(500);
    // Connected before the time is measured.
    let tomcat = if db.kind == Kind::Sqlite { None } else { Some(db.client().await) };
    let later = async {
        // The save has begun by then.
        tokio::time::sleep(wait / 2).await;
        load(&mut loader, vec![at("A", 6)]).await
    };
    let saving = async {
        let Some(mut tomcat) = tomcat else {
            let mut tomcat = sqlx::SqliteConnection::connect(&db.url.replace("sqlite:", "sqlite://")).await.unwrap();
            tomcat.execute("BEGIN IMMEDIATE").await.unwrap();
            for statement in &save {
                tomcat.execute(sqlx::raw_sql(statement)).await.unwrap();
            }
            tokio::time::sleep(wait).await;
            tomcat.execute("COMMIT").await.unwrap();
            return;
        };
        tomcat.begin().await;
        for statement in &save {
            let of_postgres = statement.replace(&format!("x'{data}'"), &format!("DECODE('{data}', 'hex')"));
            tomcat.run(if db.kind == Kind::Postgres { &of_postgres } else { statement }).await;
        }
        tokio::time::sleep(wait).await;
        tomcat.run("COMMIT").await;
    };
    let (loaded, ()) = tokio::join!(later, saving);
    loaded.unwrap();
    assert_eq!(there(db, &saved).await, Some(saved));
}

async fn sessions_deleted_meanwhile_do_not_come_back(db: &Scratch) {
    db.create_table("recommended").await;
    let mut loader = Loader::new(db.open().await, OnConflict::Newer, false);
    load(&mut loader, vec![at("A", 5), at("B", 5)]).await.unwrap();
    db.sql("DELETE FROM tomcat_sessions WHERE session_id = 'A'").await;
    load(&mut loader, vec![at("A", 6), at("B", 6)]).await.unwrap();
    assert_eq!(there(db, &at("A", 0)).await, None);
    assert_eq!(there(db, &at("B", 0)).await, Some(at("B", 6)));
}

/// Whichever comes first; `cli import` tests the messages.
async fn merging_applications_keeps_the_newer_session(db: &Scratch) {
    db.create_table("recommended").await;
    let app = |name: &str| format!("/Catalina/localhost/{name}");
    for newer in ["shop##1", "shop##2"] {
        db.sql("DELETE FROM tomcat_sessions").await;
        let from = Scratch::new(Kind::Sqlite).await.unwrap();
        from.create_table("recommended").await;
        let age = |name: &str| if name == newer { 1_000 } else { 900_000 };
        let both = ["shop##1", "shop##2"].map(|name| session(&app(name), "S1", -1, NOW.0 - age(name)));
        from.open().await.insert(&both, OnConflict::Fail).await.unwrap();
        let archive = from.path().with_extension("ndjson").display().to_string();
        assert_eq!(run(&["export", "--url", &from.url, &archive]).await.code, Some(0));
        let rename = ["shop##1", "shop##2"].map(|name| format!("{name}=/Catalina/localhost/shop"));
        let args = ["import", &archive, "--url", &db.url, "--unreadable", "keep"];
        let done = run(&[&args[..], &["--rename-app", &rename[0], "--rename-app", &rename[1]]].concat()).await;
        assert_eq!(done.code, Some(3), "{newer}: {done:?}");
        let mut expected = both[usize::from(newer == "shop##2")].clone();
        expected.meta.key.app = Some(app("shop"));
        assert_eq!(db.open().await.get(&expected.meta.key).await.unwrap(), Some(expected), "{newer}: {done:?}");
        assert_eq!(rows(db).await, 1, "{newer}");
    }
}
