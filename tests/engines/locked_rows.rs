//! A purge yields to Tomcat's transactions and survives lost connections. Only servers have row locks, and connections
//! that can be ended.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tomcat_sessions::session::{Filter, OnConflict, SessionKey};
use tomcat_sessions::store::{Bind, Candidates, DbErrorKind, Ended, Pauses, Template};

use crate::purge_runs::{Expire, all, count, expired};
use crate::support::client::Client;
use crate::support::{Kind, NOW, Scratch};

crate::suite!(
    servers:
    locked_rows_are_skipped,
    locked_rows_are_skipped_without_an_index,
    a_table_lock_is_waited_for,
    a_lasting_table_lock_ends_the_run,
    a_deadlock_is_retried,
    a_connection_killed_by_the_server_is_reported,
);

fn keys(n: usize) -> Candidates {
    Candidates::named(expired(n).into_iter().map(|s| s.meta.key).collect())
}

async fn lock_some_rows(db: &Scratch) -> Duration {
    let mut store = db.open().await;
    store.insert(&expired(20), OnConflict::Fail).await.unwrap();
    let mut tomcat = db.client().await;
    tomcat.begin().await;
    tomcat.run("UPDATE tomcat_sessions SET valid_session = '0' WHERE session_id IN ('E0005', 'E0011')").await;
    let begun = Instant::now();
    let summary = Expire::new().run(&mut store).await;
    let took = begun.elapsed();
    if db.differs("hints take no locks, and a DELETE waits for the rows that READPAST leaves out").await {
        assert!(matches!(summary.ended, Ended::Contention(_)), "{:?}", summary.ended);
        // The rows that it deletes before it reaches the first locked one.
        let before = summary.total.sessions;
        assert!(before < 18, "{before}");
        tomcat.rollback().await;
        assert_eq!(Expire::new().run(&mut store).await.total.sessions, 20 - before);
        return Duration::ZERO;
    }
    assert!(matches!(summary.ended, Ended::Done), "{:?}", summary.ended);
    // SQL Server already skips locked rows when it reads candidates.
    let skipped = if db.kind == Kind::Mssql { 0 } else { 2 };
    assert_eq!((summary.total.sessions, summary.skipped, summary.retries), (18, skipped, 0));
    assert_eq!((summary.skip_reasons.locked, summary.remaining()), (skipped, skipped));
    tomcat.rollback().await;
    let left: Vec<_> = all(&mut store, &Filter::default(), NOW).await.into_iter().map(|s| s.key.id).collect();
    assert_eq!(left, ["E0005", "E0011"]);
    took
}

/// A lock wait ends after 3 s on our connections.
const NO_WAIT: Duration = Duration::from_secs(2);

async fn locked_rows_are_skipped(db: &Scratch) {
    db.create_table("recommended").await;
    let took = lock_some_rows(db).await;
    assert!(took < NO_WAIT, "{took:?}");
}

async fn locked_rows_are_skipped_without_an_index(db: &Scratch) {
    db.create_table("documented").await;
    let took = lock_some_rows(db).await;
    assert!(took < NO_WAIT, "{took:?}");
}

/// Locks the whole table like an ALTER TABLE, until [`unlock`].
async fn lock(db: &Scratch) -> Client {
    let mut other = db.client().await;
    if db.kind == Kind::Mssql {
        other.begin().await;
        other.run("ALTER TABLE tomcat_sessions ADD another INT").await;
    } else if db.kind == Kind::Postgres {
        other.begin().await;
        other.run("LOCK TABLE tomcat_sessions IN ACCESS EXCLUSIVE MODE").await;
    } else {
        other.run("LOCK TABLES tomcat_sessions WRITE").await;
    }
    other
}

async fn unlock(mut other: Client) {
    match other {
        Client::Mysql(_) => other.run("UNLOCK TABLES").await,
        Client::Mssql(_) | Client::Postgres(_) => other.rollback().await,
    }
}

async fn a_table_lock_is_waited_for(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    store.insert(&expired(5), OnConflict::Fail).await.unwrap();
    store.lock(Duration::ZERO).await.unwrap();
    let other = lock(db).await;
    // On PostgreSQL, the first statement of a batch also waits for the lock, before the next one fails.
    let held = if db.kind == Kind::Postgres { 6_500 } else { 3_500 };
    let release = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(held)).await;
        unlock(other).await;
    });
    let summary = Expire::new().of(&mut store, keys(5), &mut |_| {}).await;
    assert!(matches!(summary.ended, Ended::Done), "{:?}", summary.ended);
    assert!(summary.retries >= 1);
    assert_eq!((summary.total.sessions, count(&mut store).await), (5, 0));
    release.await.unwrap();
}

/// An ALTER TABLE may lock the table for hours; a cron job must not hang on it.
async fn a_lasting_table_lock_ends_the_run(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    store.insert(&expired(5), OnConflict::Fail).await.unwrap();
    store.lock(Duration::ZERO).await.unwrap();
    let other = lock(db).await;
    let summary = Expire::new().of(&mut store, keys(5), &mut |_| {}).await;
    assert!(matches!(summary.ended, Ended::Contention(_)), "{:?}", summary.ended);
    assert_eq!(summary.total.sessions, 0);
    unlock(other).await;
    assert_eq!(count(&mut store).await, 5);
}

/// With a trigger, our DELETE needs a row of another table, whose owner then needs one of our rows.
async fn a_deadlock_is_retried(db: &Scratch) {
    db.create_table("recommended").await;
    db.sql("CREATE TABLE gone (n INT PRIMARY KEY, times INT NOT NULL)").await;
    db.sql("INSERT INTO gone VALUES (1, 0)").await;
    let each = if db.kind == Kind::Mssql { "AS" } else { "FOR EACH ROW" };
    let trigger =
        if db.kind == Kind::Mssql { "ON tomcat_sessions AFTER DELETE" } else { "AFTER DELETE ON tomcat_sessions" };
    let counting = "UPDATE gone SET times = times + 1";
    db.sql(&if db.kind == Kind::Postgres {
        format!(
            "CREATE FUNCTION count_gone() RETURNS TRIGGER LANGUAGE plpgsql AS \
             $tomcat_sessions$ BEGIN {counting}; RETURN NULL; END $tomcat_sessions$; \
             CREATE TRIGGER count_gone {trigger} {each} EXECUTE FUNCTION count_gone()"
        )
    } else {
        format!("CREATE TRIGGER count_gone {trigger} {each} {counting}")
    })
    .await;
    let mut store = db.open().await;
    store.insert(&expired(5), OnConflict::Fail).await.unwrap();
    store.lock(Duration::ZERO).await.unwrap();
    let mut other = db.client().await;
    // Changes of many rows make it the larger transaction, and ours has a low priority: the server ends ours.
    db.sql("CREATE TABLE weight (n INT PRIMARY KEY)").await;
    let weight: Vec<String> = (0..500).map(|n| format!("({n})")).collect();
    other.begin().await;
    other.run(&format!("INSERT INTO weight VALUES {}", weight.join(", "))).await;
    other.run("UPDATE gone SET times = times + 100").await;
    let crossing = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(700)).await;
        // Our transaction now holds the row of the session, and waits for that of `gone`.
        let crossed = other.try_run("UPDATE tomcat_sessions SET valid_session = '1' WHERE session_id = 'E0002'").await;
        let _ = other.try_run("COMMIT").await;
        crossed
    });
    let summary = Expire::new().of(&mut store, keys(5), &mut |_| {}).await;
    assert!(matches!(summary.ended, Ended::Done), "{:?}", summary.ended);
    let crossed = crossing.await;
    if db.kind == Kind::Postgres {
        // The first of the two statements of a batch met the lock, and the second one continued.
        let mut deadlocks = 0;
        let count = format!("SELECT deadlocks FROM pg_stat_database WHERE datname = '{}'", db.database);
        for _ in 0..100 {
            deadlocks = db.client().await.number(&count).await;
            if deadlocks > 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(deadlocks > 0, "there was no deadlock: {crossed:?}");
    } else {
        assert!(summary.retries >= 1, "there was no deadlock: {crossed:?}");
    }
    if db.kind == Kind::Postgres && summary.skipped > 0 {
        // The other transaction had not been committed yet: its row was skipped.
        assert_eq!((summary.total.sessions, summary.skip_reasons.locked, count(&mut store).await), (4, 1, 1));
        return;
    }
    // The changes of the trigger do not count.
    assert_eq!((summary.total.sessions, count(&mut store).await), (5, 0));
}

async fn a_connection_killed_by_the_server_is_reported(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    store.insert(&expired(300), OnConflict::Fail).await.unwrap();
    let mut admin = db.client().await;
    let ours = if db.kind == Kind::Mssql {
        let spid = store.query("ask who we are", Template("SELECT @@SPID"), &Bind::new()).await.unwrap();
        format!("SELECT {}", spid.into_iter().next().unwrap().int(0).unwrap().unwrap())
    } else if db.kind == Kind::Postgres {
        "SELECT CAST(pid AS BIGINT) FROM pg_locks WHERE locktype = 'advisory' AND database = \
         (SELECT oid FROM pg_database WHERE datname = CURRENT_DATABASE())"
            .to_owned()
    } else {
        format!("SELECT IS_USED_LOCK('tomcat-sessions:{}.tomcat_sessions')", db.database)
    };
    let at_work = Arc::new(Notify::new());
    let begun = Arc::clone(&at_work);
    let killing = tokio::spawn(async move {
        begun.notified().await;
        let id = admin.number(&ours).await;
        let postgres = matches!(admin, Client::Postgres(_));
        admin.run(&if postgres { format!("SELECT PG_TERMINATE_BACKEND({id})") } else { format!("KILL {id}") }).await;
    });
    let mut expire = Expire::new().batch(1);
    expire.limits.pauses = Pauses::Fixed(Duration::from_millis(10));
    let summary = expire.watched(&mut store, &mut |_| at_work.notify_one()).await;
    killing.await.unwrap();
    match &summary.ended {
        Ended::LockLost => {}
        Ended::Failed(error) => assert_eq!(error.kind(), Some(DbErrorKind::Unreachable), "{error}"),
        other => panic!("{other:?}"),
    }
    let gone = 300 - count(&mut db.open().await).await;
    let known = summary.total.sessions;
    assert!(known > 0 && (known..=known + summary.unconfirmed).contains(&gone), "{gone} are gone: {summary:?}");
    // Another run finds the lock released and the remaining rows in place.
    let mut again = db.open().await;
    assert_eq!(Expire::new().run(&mut again).await.total.sessions, 300 - gone);
    assert!(again.get(&SessionKey::new("/Catalina/localhost/demo".to_owned(), "E0299")).await.unwrap().is_none());
}
