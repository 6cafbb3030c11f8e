//! Distinguishes a server that does not answer from one that is working: the connection to the first is closed within
//! the time that the URL allows; the program waits for the second.

use std::time::{Duration, Instant};

use tomcat_sessions::engine::{Bind, Names, Template};
use tomcat_sessions::session::OnConflict;
use tomcat_sessions::store::{Cause, DbErrorKind, GRACE, Naming, SessionStore, Signal, StoreError, parse_url};

use crate::check::account;
use crate::purge_runs::{Expire, count, expired};
use crate::support::faulty_proxy::Proxy;
use crate::support::{Kind, Scratch, variable};

crate::suite!(
    servers: a_server_that_stops_answering_counts_as_unreachable,
    the_rest_of_a_run_does_not_wait_again,
    a_single_dead_connection_is_detected,
    an_unanswered_login_times_out,
    a_statement_longer_than_the_timeout_is_not_interrupted,
    an_account_without_privileges_waits_for_a_long_statement,
    a_late_answer_is_accepted,
    a_signal_limits_every_wait,
    a_cancelled_call_closes_its_connection,
    a_statement_of_ninety_seconds_is_not_interrupted,
);

/// The URL parameters that limit connecting and silence, in seconds.
pub fn bounds(kind: Kind, connect: u32, keepalive: u32) -> String {
    match kind {
        Kind::Mssql => format!("loginTimeout={connect}&keepaliveTimeout={keepalive}"),
        _ => format!("connect-timeout={connect}&keepalive-timeout={keepalive}"),
    }
}

/// The keepalive timeout for a server of this kind, in seconds. Babelfish needs two seconds of processor time for the
/// first statements of a connection, and more on a busy machine.
fn silence(kind: Kind, seconds: u32) -> u32 {
    if kind == Kind::Mssql { seconds.max(8) } else { seconds }
}

async fn through(db: &Scratch, proxy: &Proxy, seconds: u32) -> SessionStore {
    // On a loaded machine, a login takes time.
    let url = proxy.url(&db.url, db.target().port, &bounds(db.kind, 20, seconds));
    SessionStore::open(&parse_url(&url).unwrap(), &Naming::default()).await.unwrap()
}

async fn a_server_that_stops_answering_counts_as_unreachable(db: &Scratch) {
    db.create_table("recommended").await;
    let proxy = Proxy::to(db.address()).await;
    let silence = silence(db.kind, 2);
    let mut store = through(db, &proxy, silence).await;
    proxy.swallow_after(0);
    let begun = Instant::now();
    let error = store.count().await.unwrap_err();
    let took = begun.elapsed();
    assert_eq!(error.kind(), Some(DbErrorKind::Unreachable), "{error}");
    let silence = Duration::from_secs(silence.into());
    assert!(took >= silence && took < 3 * silence, "{took:?}");
    // Later operations do not wait again.
    let begun = Instant::now();
    assert_eq!(store.count().await.unwrap_err().kind(), Some(DbErrorKind::Unreachable));
    store.close().await;
    assert!(begun.elapsed() < Duration::from_millis(500), "{:?}", begun.elapsed());
}

/// Idle and new connections of a run know that the server does not answer.
async fn the_rest_of_a_run_does_not_wait_again(db: &Scratch) {
    db.create_table("recommended").await;
    let proxy = Proxy::to(db.address()).await;
    let target = parse_url(&proxy.url(&db.url, db.target().port, &bounds(db.kind, 20, 4))).unwrap();
    let mut store = SessionStore::open(&target, &Naming::default()).await.unwrap();
    let mut idle = SessionStore::open(&target, &Naming::default()).await.unwrap();
    // Long enough to be replaced by another connection, like one that a proxy has closed.
    tokio::time::sleep(Duration::from_secs(6)).await;
    proxy.swallow_after(0);
    assert_eq!(store.count().await.unwrap_err().kind(), Some(DbErrorKind::Unreachable));
    let begun = Instant::now();
    assert_eq!(idle.count().await.unwrap_err().kind(), Some(DbErrorKind::Unreachable));
    let error = SessionStore::open(&target, &Naming::default()).await.map(|_| ()).unwrap_err();
    assert_eq!(error.kind(), Some(DbErrorKind::Unreachable), "{error}");
    idle.close().await;
    store.close().await;
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
}

async fn a_single_dead_connection_is_detected(db: &Scratch) {
    db.create_table("recommended").await;
    let proxy = Proxy::to(db.address()).await;
    let mut store = through(db, &proxy, 8).await;
    proxy.swallow_open();
    let answer = tokio::time::timeout(Duration::from_secs(30), store.count()).await;
    match answer {
        Ok(answer) => {
            let error = answer.unwrap_err();
            assert_eq!(error.kind(), Some(DbErrorKind::Unreachable), "{error}");
            assert!(error.to_string().contains("is not executing"), "{error}");
        }
        // Babelfish does not show requests, so an existing session counts as working.
        Err(_) => assert_eq!(db.kind, Kind::Mssql),
    }
}

async fn an_unanswered_login_times_out(db: &Scratch) {
    let proxy = Proxy::to(db.address()).await;
    let url = proxy.url(&db.url, db.target().port, &bounds(db.kind, 2, 60));
    for bytes in [0, 100, 1_000, 2_000] {
        proxy.swallow_after(bytes);
        let begun = Instant::now();
        let Err(error) = parse_url(&url).unwrap().connect(false).await else { continue };
        assert_eq!(error.kind, DbErrorKind::Timeout, "after {bytes} bytes: {error}");
        assert!(begun.elapsed() < Duration::from_secs(5), "after {bytes} bytes: {:?}", begun.elapsed());
    }
}

/// Waiting for a lock is a statement of any duration.
async fn a_statement_longer_than_the_timeout_is_not_interrupted(db: &Scratch) {
    db.create_table("recommended").await;
    let proxy = Proxy::to(db.address()).await;
    let silence = silence(db.kind, 1);
    let (mut first, mut second) = (db.open().await, through(db, &proxy, silence).await);
    first.lock(Duration::ZERO).await.unwrap();
    let (begun, wait) = (Instant::now(), Duration::from_secs((silence + 4).into()));
    let error = second.lock(wait).await.unwrap_err();
    assert!(matches!(error, StoreError::Locked { .. }), "{error}");
    assert!(begun.elapsed() >= wait - Duration::from_millis(100), "{:?}", begun.elapsed());
    first.unlock().await.unwrap();
    second.lock(Duration::ZERO).await.unwrap();
    assert!(second.holds_lock().await.unwrap());
}

/// Longer than the default limit of a URL; run with `TOMCAT_SESSIONS_TEST_NETWORK`.
async fn a_statement_of_ninety_seconds_is_not_interrupted(db: &Scratch) {
    if variable("TOMCAT_SESSIONS_TEST_NETWORK").is_none() {
        return;
    }
    let target = db.target();
    let plain = |text| Template(text).render(&Names::default(), target.engine.dialect(), &Bind::new()).unwrap();
    let mut connection = target.connect(false).await.unwrap();
    let begun = Instant::now();
    if db.kind == Kind::Mssql {
        // Babelfish has no WAITFOR; waiting for a row is a statement as well.
        db.create_table("recommended").await;
        db.open().await.insert(&expired(1), OnConflict::Fail).await.unwrap();
        let mut other = target.connect(false).await.unwrap();
        other.begin().await.unwrap();
        other.execute_raw(&plain("UPDATE tomcat_sessions SET max_inactive = 1")).await.unwrap();
        let update = plain("SET LOCK_TIMEOUT -1; UPDATE tomcat_sessions SET max_inactive = 2");
        let release = async {
            tokio::time::sleep(Duration::from_secs(90)).await;
            other.rollback().await
        };
        let (done, released) = tokio::join!(connection.execute_raw(&update), release);
        done.unwrap();
        released.unwrap();
    } else {
        let sleep = if db.kind == Kind::Postgres { "SELECT PG_SLEEP(90)" } else { "DO SLEEP(90)" };
        connection.execute_raw(&plain(sleep)).await.unwrap();
    }
    connection.close().await;
    assert!(begun.elapsed() >= Duration::from_secs(89), "{:?}", begun.elapsed());
}

async fn an_account_without_privileges_waits_for_a_long_statement(db: &Scratch) {
    db.create_table("recommended").await;
    let mut first = db.open().await;
    let grant = format!("SELECT, INSERT, DELETE ON `{}`.tomcat_sessions", db.database);
    let mut target = account(db, &grant).await;
    let parameter = if db.kind == Kind::Mssql { "keepaliveTimeout" } else { "keepalive-timeout" };
    let silence = silence(db.kind, 3);
    target.params.insert(parameter, silence.to_string());
    let mut second = SessionStore::open(&target, &Naming::default()).await.unwrap();
    first.lock(Duration::ZERO).await.unwrap();
    let error = second.lock(Duration::from_secs((2 * silence + 2).into())).await.unwrap_err();
    assert!(matches!(error, StoreError::Locked { .. }), "{error}");
    second.close().await;
}

async fn a_late_answer_is_accepted(db: &Scratch) {
    db.create_table("recommended").await;
    let mut direct = db.open().await;
    direct.insert(&expired(20), OnConflict::Fail).await.unwrap();
    let proxy = Proxy::to(db.address()).await;
    let mut store = through(db, &proxy, silence(db.kind, 2)).await;
    // The reader's login needs seven answers.
    proxy.delay(Duration::from_millis(100));
    assert_eq!(Expire::new().run(&mut store).await.total.sessions, 20);
}

async fn a_signal_limits_every_wait(db: &Scratch) {
    db.create_table("recommended").await;
    let proxy = Proxy::to(db.address()).await;
    let mut store = through(db, &proxy, 60).await;
    proxy.swallow_after(0);
    store.target().stop.request(Signal::Terminate);
    let begun = Instant::now();
    let error = store.count().await.unwrap_err();
    assert_eq!(error.kind(), Some(DbErrorKind::Stopped(Cause::Signal(Signal::Terminate))), "{error}");
    assert!(begun.elapsed() < GRACE + Duration::from_secs(3), "{:?}", begun.elapsed());
}

async fn a_cancelled_call_closes_its_connection(db: &Scratch) {
    db.create_table("recommended").await;
    let (mut first, mut second) = (db.open().await, db.open().await);
    first.lock(Duration::ZERO).await.unwrap();
    let dropped = tokio::time::timeout(Duration::from_millis(300), second.lock(Duration::from_secs(30))).await;
    assert!(dropped.is_err());
    // The answer for the lock would be read as that of the count.
    assert_eq!(second.count().await.unwrap_err().kind(), Some(DbErrorKind::Unreachable));
    assert_eq!(count(&mut first).await, 0);
}
