//! PgBouncer in front of PostgreSQL: every command through a pool that keeps a session for its client, and none through
//! one that gives it away after each transaction.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{Connection, Executor, Row};
use tomcat_sessions::session::OnConflict;
use tomcat_sessions::store::{DbErrorKind, Naming, SessionStore, parse_url};

use crate::purge_runs::{count, expired};
use crate::support::pgbouncer::PgBouncer;
use crate::support::program::{Done, run};
use crate::support::{Kind, NOW, Scratch, session};

/// A pool of this kind in front of a database with ten live sessions and five expired ones.
async fn pool(settings: &[&str]) -> Option<(Scratch, PgBouncer)> {
    let db = Scratch::new(Kind::Postgres).await?;
    let pool = PgBouncer::start(&db, settings)?;
    db.create_table("recommended").await;
    let mut sessions = expired(5);
    sessions.extend((0..10).map(|n| session("/Catalina/localhost/demo", &format!("L{n}"), -1, NOW.0)));
    db.open().await.insert(&sessions, OnConflict::Fail).await.unwrap();
    Some((db, pool))
}

/// The pool's own sessions would keep the database.
async fn end(db: Scratch, pool: PgBouncer) {
    drop(pool);
    db.drop().await;
}

async fn client(url: &str) -> PgConnection {
    let options: PgConnectOptions = url.replace("ssl-mode=disabled", "sslmode=disable").parse().unwrap();
    // The pool refuses what it cannot keep apart.
    PgConnection::connect_with(&options.extra_float_digits(None)).await.unwrap()
}

fn names_the_remedy(done: &Done) -> bool {
    ["transaction pooling", "pool_mode = session"].iter().all(|text| done.stderr.contains(text))
}

#[tokio::test]
async fn every_command_works_through_session_pooling() {
    let Some((db, pool)) = pool(&["pool_mode = session"]).await else { return };
    let other = Scratch::new(Kind::Sqlite).await.unwrap();
    other.create_table("recommended").await;
    let dir = tempfile::tempdir().unwrap();
    let archive = dir.path().join("a.ndjson.zst").display().to_string();
    for url in [pool.url(&db), pool.url_by_socket(&db)] {
        for (args, left) in [
            (vec!["list"], 15),
            (vec!["show", "L3"], 15),
            (vec!["stats"], 15),
            (vec!["check"], 15),
            (vec!["export", "--force", &archive], 15),
            (vec!["verify", &archive], 15),
            (vec!["expire", "--grace", "0", "--allow-clock-skew"], 10),
            (vec!["swap-out", "--max-idle", "1h", "--create"], 0),
            (vec!["swap-in", "--all"], 10),
            (vec!["delete", "L7"], 9),
            (vec!["import", "--any-data", &archive], 15),
            (vec!["migrate", "--to", &other.url], 15),
            (vec!["verify", &other.url], 15),
            (vec!["init-db", "--no-user", "--apply"], 15),
        ] {
            let done = run(&[&["--url", &url], &args[..]].concat()).await;
            assert_eq!(done.code, Some(0), "{args:?} {done:?}\n{}", pool.output());
            assert_eq!(count(&mut db.open().await).await, left, "{args:?} {done:?}");
        }
        // The lock of a run holds for all others, through the pool or not.
        let mut first = SessionStore::open(&parse_url(&url).unwrap(), &Naming::default()).await.unwrap();
        first.lock(Duration::ZERO).await.unwrap();
        for other in [&url, &db.url] {
            let done = run(&["--url", other, "expire"]).await;
            assert_eq!(done.code, Some(12), "{done:?}");
        }
        assert!(first.holds_lock().await.unwrap());
        first.close().await;
        let done = run(&["--url", &url, "expire", "--grace", "0", "--dry-run"]).await;
        assert_eq!(done.code, Some(0), "{done:?}");
    }
    end(db, pool).await;
    other.drop().await;
}

/// What the sessions of the pool would keep of ours, and others would get.
async fn is_untouched(db: &Scratch, pool: &PgBouncer) {
    let mut client = client(&pool.url(db)).await;
    for (setting, default) in [("lock_timeout", "0"), ("idle_in_transaction_session_timeout", "0"), ("jit", "on")] {
        let row = client.fetch_one(sqlx::raw_sql(&format!("SHOW {setting}"))).await.unwrap();
        assert_eq!(row.get::<String, _>(0), default, "{setting}");
    }
    client.close().await.unwrap();
    let locks = "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' \
        AND database = (SELECT oid FROM pg_database WHERE datname = CURRENT_DATABASE())";
    assert_eq!(db.client().await.number(locks).await, 0);
    assert_eq!(count(&mut db.open().await).await, 15);
}

#[tokio::test]
async fn transaction_pooling_is_refused_before_anything_changes() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str| dir.path().join(name).display().to_string();
    let (archive, new) = (file("a.ndjson.zst"), file("new.ndjson.zst"));
    for settings in [
        &["pool_mode = transaction"][..],
        &["pool_mode = transaction", "default_pool_size = 1"],
        &["pool_mode = transaction", "server_round_robin = 1", "min_pool_size = 3"],
        &["pool_mode = transaction", "max_prepared_statements = 0"],
        &["pool_mode = statement"],
    ] {
        let Some((db, pool)) = pool(settings).await else { return };
        let export = run(&["--url", &db.url, "export", "--force", &archive]).await;
        assert_eq!(export.code, Some(0), "{export:?}");
        for url in [pool.url(&db), pool.url_by_socket(&db)] {
            for args in [
                vec!["list"],
                vec!["show", "L3"],
                vec!["stats"],
                vec!["check"],
                vec!["export", &new],
                vec!["verify", &archive],
                vec!["expire", "--grace", "0"],
                vec!["swap-out", "--max-idle", "1h", "--create"],
                vec!["swap-in", "--all"],
                vec!["delete", "L7"],
                vec!["logout", "--id", "L7"],
                vec!["import", "--any-data", "--on-conflict", "replace", &archive],
                vec!["migrate", "--from", &db.url, "--to", &url],
                vec!["init-db", "--no-user", "--apply"],
            ] {
                let done = run(&[&["--url", &url], &args[..]].concat()).await;
                assert_eq!(done.code, Some(10), "{settings:?} {args:?} {done:?}");
                assert!(names_the_remedy(&done), "{settings:?} {args:?} {done:?}");
            }
            is_untouched(&db, &pool).await;
        }
        end(db, pool).await;
    }
}

/// Where others use the sessions of the pool at the same time, none of them is taken for our own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_pool_is_recognized() {
    let Some((db, pool)) = pool(&["pool_mode = transaction", "default_pool_size = 3"]).await else { return };
    let (url, over) = (pool.url(&db), Arc::new(AtomicBool::new(false)));
    let others: Vec<_> = (0..4)
        .map(|_| {
            let (url, over) = (url.clone(), Arc::clone(&over));
            tokio::spawn(async move {
                let mut client = client(&url).await;
                while !over.load(Ordering::Relaxed) {
                    client.execute(sqlx::raw_sql("SELECT PG_SLEEP(0.001)")).await.unwrap();
                }
                client.close().await.unwrap();
            })
        })
        .collect();
    for _ in 0..10 {
        let done = run(&["--url", &url, "list"]).await;
        assert!(done.code == Some(10) && names_the_remedy(&done), "{done:?}");
    }
    over.store(true, Ordering::Relaxed);
    for other in others {
        other.await.unwrap();
    }
    is_untouched(&db, &pool).await;
    end(db, pool).await;
}

/// A pool without free sessions lets the second connection wait, which is no reason to wait for long.
#[tokio::test]
async fn a_session_pool_with_one_session_is_used() {
    let Some((db, pool)) = pool(&["pool_mode = session", "default_pool_size = 1"]).await else { return };
    let begun = Instant::now();
    let mut store = SessionStore::open(&parse_url(&pool.url(&db)).unwrap(), &Naming::default()).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    store.lock(Duration::ZERO).await.unwrap();
    assert!(store.holds_lock().await.unwrap());
    store.close().await;
    end(db, pool).await;
}

/// A pool that does not reset its sessions passes on the lock of a run that was killed: nobody may take it for his own.
#[tokio::test]
async fn a_lock_that_a_pool_passes_on_is_not_taken_twice() {
    let settings = ["pool_mode = session", "server_reset_query = ", "default_pool_size = 2"];
    let Some((db, pool)) = pool(&settings).await else { return };
    let mut killed = client(&pool.url(&db)).await;
    let take =
        format!("SELECT PG_ADVISORY_LOCK(HASHTEXTEXTENDED('tomcat-sessions:{}.tomcat_sessions', 0))", db.database);
    killed.execute(sqlx::raw_sql(&take)).await.unwrap();
    killed.close().await.unwrap();
    let mut store = SessionStore::open(&parse_url(&pool.url(&db)).unwrap(), &Naming::default()).await.unwrap();
    let error = store.lock(Duration::ZERO).await.unwrap_err();
    assert_eq!(error.kind(), Some(DbErrorKind::SharedSession), "{error}");
    store.close().await;
    // The same where it does not come first.
    let done = run(&["--url", &db.url, "expire"]).await;
    assert_eq!(done.code, Some(12), "{done:?}");
    end(db, pool).await;
}
