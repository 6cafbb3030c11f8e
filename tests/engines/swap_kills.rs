//! `swap-out` killed at any moment, with concurrent writers: every session is in the live table or in the target.
//!
//! `TOMCAT_SESSIONS_TEST_KILLS=50` sets the number of kills.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::{Connection, Executor};
use tomcat_sessions::archive::Item;
use tomcat_sessions::endpoint::{Archive, Identities, Next};
use tomcat_sessions::session::{EpochMillis, Filter, OnConflict, Session, SessionMeta};
use tomcat_sessions::store::SessionStore;

use crate::purge_runs::all;
use crate::support::client::save_as_tomcat;
use crate::support::program::{run, start};
use crate::support::{Kind, NOW, Scratch, session, variable};

const APP: &str = "/a";
/// Times far in the past and in the future.
const IDLE: i64 = 1_000_000;
const BUSY: i64 = 4_000_000_000_000;

/// Tomcats with PersistentValve: they load a session, and save it with DELETE and INSERT.
struct Tomcats {
    over: Arc<AtomicBool>,
    tasks: Vec<tokio::task::JoinHandle<HashSet<String>>>,
}

impl Tomcats {
    fn start(db: &Scratch, sessions: usize) -> Tomcats {
        let over = Arc::new(AtomicBool::new(false));
        let url = db.url.replacen("mariadb://", "mysql://", 1);
        let task = |writer: usize| {
            let (over, url) = (over.clone(), url.clone());
            tokio::spawn(async move {
                let mut connection = sqlx::MySqlConnection::connect(&url).await.unwrap();
                let (mut random, mut used) = (fastrand::Rng::with_seed(writer as u64), HashSet::new());
                while !over.load(Ordering::Relaxed) {
                    // Each has its own sessions.
                    let id = id(random.usize(..sessions / 4) * 4 + writer);
                    let load =
                        format!("SELECT 1 FROM tomcat_sessions WHERE session_id = '{id}' AND app_name = '{APP}'");
                    if connection.fetch_optional(&*load).await.unwrap().is_some() {
                        let delete =
                            format!("DELETE FROM tomcat_sessions WHERE session_id = '{id}' AND app_name = '{APP}'");
                        let insert = format!(
                            "INSERT INTO tomcat_sessions (session_id, app_name, valid_session, max_inactive, last_access, session_data) \
                             VALUES ('{id}', '{APP}', '1', -1, {BUSY}, REPEAT(X'55', 500))"
                        );
                        save_as_tomcat(&mut connection, [&delete, &insert]).await;
                        used.insert(id);
                    }
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                connection.close().await.unwrap();
                used
            })
        };
        let tasks = (0..4).map(task).collect();
        Tomcats { over, tasks }
    }

    /// The sessions that were used.
    async fn stop(self) -> HashSet<String> {
        self.over.store(true, Ordering::Relaxed);
        let mut used = HashSet::new();
        for task in self.tasks {
            used.extend(task.await.unwrap());
        }
        used
    }
}

fn id(n: usize) -> String {
    format!("{n:032X}")
}

async fn table(store: &mut SessionStore) -> HashMap<String, SessionMeta> {
    let rows = all(store, &Filter::default(), NOW).await;
    rows.into_iter().map(|row| (row.key.id.clone(), row)).collect()
}

/// Kills runs, lets one complete, and compares the result with the initial state.
async fn killed(db: &Scratch, args: &[&str], a_run: &[&str], swapped: impl AsyncFn() -> HashMap<String, SessionMeta>) {
    let kills: usize = variable("TOMCAT_SESSIONS_TEST_KILLS").and_then(|n| n.parse().ok()).unwrap_or(6);
    let sessions = 4_000 + 1_500 * kills;
    let rows: Vec<Session> = (0..sessions).map(|n| session(APP, &id(n), -1, IDLE)).collect();
    let mut live = db.open().await;
    for rows in rows.chunks(2_000) {
        live.insert(rows, OnConflict::Fail).await.unwrap();
    }
    let tomcats = Tomcats::start(db, sessions);
    let pace = ["--batch", "50", "--sleep", "5ms", "--allow-clock-skew", "--url", &db.url];
    let command = [&["swap-out", "--max-idle", "30d"], args, &pace].concat();
    let a_run = [&command, a_run].concat();
    let mut ended = 0;
    for _ in 0..kills {
        let mut child = start(&a_run);
        tokio::time::sleep(Duration::from_millis(fastrand::u64(50..500))).await;
        child.kill().unwrap();
        ended += usize::from(child.wait().unwrap().code().is_some());
    }
    assert!(ended < kills, "{ended} of {kills} runs had come to their end before they were killed");
    let between = (table(&mut live).await.len(), swapped().await.len());
    // The server may take a moment to notice that the last connection, and with it the lock, is gone.
    let mut done = run(&command).await;
    for _ in 0..20 {
        if done.code == Some(12) {
            tokio::time::sleep(Duration::from_millis(100)).await;
            done = run(&command).await;
        }
    }
    let used = tomcats.stop().await;
    // Sessions that were being saved when the run read them.
    let last = run(&command).await;
    assert_eq!((done.code, last.code), (Some(0), Some(0)), "{done:?} {last:?}");
    let (live, swapped) = (table(&mut live).await, swapped().await);
    eprintln!(
        "{kills} kills, {} sessions used; then {between:?}, in the end {} and {}",
        used.len(),
        live.len(),
        swapped.len()
    );
    assert!(!used.is_empty() && done.result["moved"]["sessions"].as_u64() > Some(0), "{done:?}");
    for n in 0..sessions {
        let id = id(n);
        match (live.get(&id), swapped.get(&id)) {
            (Some(row), None) => assert!(used.contains(&id) && row.last_access == Some(EpochMillis(BUSY)), "{row:?}"),
            (None, Some(row)) => assert!(!used.contains(&id) && row.last_access == Some(EpochMillis(IDLE)), "{row:?}"),
            // Loaded by a Tomcat just before it was moved, or copied by a killed run: the live row is newer.
            (Some(row), Some(old)) => {
                assert!(used.contains(&id) && row.last_access > old.last_access, "twice: {row:?} {old:?}");
            }
            (None, None) => panic!("session {n} is lost"),
        }
    }
    assert!(live.len() + swapped.len() < sessions + 20, "too many are there twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn swap_into_the_other_table_is_killed() {
    for kind in [Kind::Mariadb, Kind::Mysql] {
        let Some(db) = Scratch::new(kind).await else { continue };
        crate::swap::two_tables(&db, "recommended").await.close().await;
        let swapped = async || table(&mut db.open().await.into_swap_table().await.unwrap().0).await;
        killed(&db, &[], &[], swapped).await;
        db.drop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn swap_into_another_store_is_killed() {
    let (Some(db), Some(other_store)) = (Scratch::new(Kind::Mariadb).await, Scratch::new(Kind::Mysql).await) else {
        return;
    };
    for db in [&db, &other_store] {
        db.create_table("recommended").await;
    }
    killed(&db, &["--to", &other_store.url], &[], async || table(&mut other_store.open().await).await).await;
    db.drop().await;
    other_store.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn swap_into_an_archive_is_killed() {
    let Some(db) = Scratch::new(Kind::Mariadb).await else { return };
    db.create_table("recommended").await;
    let dir = tempfile::TempDir::new().unwrap();
    let path = dir.path().join("swapped.ndjson.zst");
    // Each run moves a part, so that runs are killed while they copy, and while they delete.
    let part = ["--max-rows", "400"];
    killed(&db, &["--to", path.to_str().unwrap()], &part, async || archived(&path)).await;
    db.drop().await;
}

/// The sessions of an archive; none if there is no archive.
fn archived(path: &Path) -> HashMap<String, SessionMeta> {
    let mut found = HashMap::new();
    if !path.exists() {
        return found;
    }
    let mut archive = Archive::open(path, &Identities::default()).unwrap();
    loop {
        match archive.read_next().unwrap() {
            Next::Item(Item::Session(session)) => {
                let twice = found.insert(session.meta.key.id.clone(), session.meta);
                assert_eq!(twice, None, "an archive holds a session twice");
            }
            Next::Item(_) => {}
            Next::Damaged(fault) => panic!("{fault}"),
            Next::End => return found,
        }
    }
}
