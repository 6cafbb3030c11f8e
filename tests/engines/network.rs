//! Commands on networks that fail at any byte, or with a server that is stopped at that moment: each command ends
//! without help or after one signal, its summary is correct, nothing is lost, duplicated or changed, the lock is
//! released, and the same command on a working network completes the work.
//!
//! `TOMCAT_SESSIONS_TEST_NETWORK=8` sets the number of failure points per command, with the default time limits of
//! URLs; `TOMCAT_SESSIONS_TEST_SEED` repeats the points of an earlier run, which prints its seed.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use tomcat_sessions::archive::Item;
use tomcat_sessions::endpoint::{Archive, Identities, Next};
use tomcat_sessions::session::{Filter, OnConflict, Session, SessionKey};
use tomcat_sessions::store::{SessionStore, Stop};

use crate::network_down::signal;
use crate::purge_runs::expired;
use crate::support::faulty_proxy::Proxy;
use crate::support::private::Private;
use crate::support::program::program;
use crate::support::{Kind, NOW, Scratch, session, variable};
use crate::swap::two_tables;
use crate::unresponsive_server::bounds;

crate::suite!(servers: purging, moving_away, moving_between_stores, reading);

/// Time after which a run counts as hanging: its URL allows at most 60 s without an answer.
const HANGS: Duration = Duration::from_secs(90);
/// Time limit for a run after a signal.
const AFTER_SIGNAL: Duration = Duration::from_secs(15);
/// Time for which the server may hold the lock of a lost client.
const LOCKED: Duration = Duration::from_secs(120);

/// Sessions by key.
type Sessions = BTreeMap<SessionKey, Session>;

/// A store behind a network, with targets for its sessions.
struct Site<'a> {
    db: &'a Scratch,
    proxy: Proxy,
    /// The store through the network.
    url: String,
    other_store: Scratch,
    dir: TempDir,
    random: fastrand::Rng,
    points: u32,
    /// The server, if it may be stopped.
    server: Option<&'a Private>,
}

/// The failure of the network.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Failure {
    Reset,
    /// Data are acknowledged, but not answered.
    Silence,
    /// The same, and the server does not notice that the client is gone.
    SilenceBothWays,
    /// All data arrive, but late.
    Delay,
    /// The server's process is stopped.
    Stop,
}

/// A command, and where its sessions must be afterwards.
struct Case {
    args: Vec<String>,
    goes: Destination,
}

#[derive(Clone, Copy, PartialEq)]
enum Destination {
    /// Expired sessions are deleted.
    Expired,
    /// Idle sessions move to the other table, each batch in one transaction.
    OtherTable,
    /// Idle sessions move to a target outside of the transaction: a copy may remain.
    SwapArchive,
    Archive,
    /// All sessions are copied from the store to other_store, or to the store from other_store or an archive.
    Out,
    Back,
    Nowhere,
}

impl<'a> Site<'a> {
    async fn new(db: &'a Scratch) -> Site<'a> {
        Site::with(db, None).await
    }

    async fn with(db: &'a Scratch, server: Option<&'a Private>) -> Site<'a> {
        two_tables(db, "recommended").await.close().await;
        let other_store = Scratch::new(Kind::Sqlite).await.unwrap();
        other_store.create_table("recommended").await;
        let proxy = Proxy::to(db.address()).await;
        let long = variable("TOMCAT_SESSIONS_TEST_NETWORK").is_some();
        let query = if long { String::new() } else { bounds(db.kind, 2, 2) };
        let url = proxy.url(&db.url, db.target().port, &query);
        let number = |name: &str| variable(name).and_then(|n| n.parse().ok());
        let seed = number("TOMCAT_SESSIONS_TEST_SEED").unwrap_or_else(|| fastrand::u64(..));
        eprintln!("TOMCAT_SESSIONS_TEST_SEED={seed} on {}", db.kind.name());
        let points = number("TOMCAT_SESSIONS_TEST_NETWORK").map_or(1, |n| u32::try_from(n).unwrap());
        let random = fastrand::Rng::with_seed(seed);
        Site { db, proxy, url, other_store, dir: TempDir::new().unwrap(), random, points, server }
    }

    fn archive(&self) -> PathBuf {
        self.dir.path().join("swapped.ndjson")
    }

    fn whole_archive(&self) -> PathBuf {
        self.dir.path().join("all.ndjson")
    }

    fn case(&self, goes: Destination, args: &[&str]) -> Case {
        let archive = self.archive().display().to_string();
        let whole = self.whole_archive().display().to_string();
        let place = |arg: &&str| match *arg {
            "STORE" => self.url.clone(),
            "OTHER" => self.other_store.url.clone(),
            "ARCHIVE" => archive.clone(),
            "ALL" => whole.clone(),
            other => other.to_owned(),
        };
        Case { args: args.iter().map(place).collect(), goes }
    }

    /// Restores all sessions.
    async fn reset(&self, goes: Destination) -> Sessions {
        let all = [expired(40), (0..40).map(|n| session("/a", &format!("{n:032X}"), -1, 1_000_000)).collect()].concat();
        self.db.sql("DELETE FROM tomcat_sessions").await;
        self.db.sql("DELETE FROM tomcat_sessions_swapped").await;
        self.other_store.sql("DELETE FROM tomcat_sessions").await;
        let _ = std::fs::remove_file(self.archive());
        let mut source = if goes == Destination::Back { self.other_store.open().await } else { self.db.open().await };
        source.insert(&all, OnConflict::Fail).await.unwrap();
        source.close().await;
        if !self.whole_archive().exists() {
            let url = if goes == Destination::Back { &self.other_store.url } else { &self.db.url };
            let all = self.whole_archive().display().to_string();
            assert_eq!(ended(&["export", "--url", url, &all]).await.code, Some(0));
        }
        all.into_iter().map(|session| (session.meta.key.clone(), session)).collect()
    }

    /// The sessions in each place: the live table, the other table, other_store, the archive.
    async fn places(&self) -> [Sessions; 4] {
        [
            sessions(self.db.open().await).await,
            without_journal(sessions(self.db.open().await.into_swap_table().await.unwrap().0).await),
            without_journal(sessions(self.other_store.open().await).await),
            archived(&self.archive()),
        ]
    }

    /// Runs the case on a working network, and then on one that fails at random points.
    async fn holds(&mut self, case: Case) {
        let args: Vec<&str> = case.args.iter().map(String::as_str).collect();
        let before = self.reset(case.goes).await;
        self.proxy.heal();
        self.proxy.seen();
        let done = ended(&args).await;
        assert!(matches!(done.code, Some(0 | 4)), "{args:?}: {done:?}");
        let travelled = self.proxy.seen();
        self.check(&case, &before, None, true).await;
        for _ in 0..self.points {
            self.fails(&case, &args, travelled).await;
        }
    }

    /// Runs the case while the network fails at a random point, and then again.
    async fn fails(&mut self, case: &Case, args: &[&str], travelled: u64) {
        use Failure::{Delay, Reset, Silence, SilenceBothWays, Stop};
        let before = self.reset(case.goes).await;
        let point = self.random.u64(0..travelled);
        let failure = match self.server {
            Some(_) => Stop,
            // The server then keeps the lock for 90 seconds.
            None if variable("TOMCAT_SESSIONS_TEST_NETWORK").is_some() && self.random.u8(..4) == 0 => SilenceBothWays,
            None => [Reset, Silence, Silence, Delay][self.random.usize(..4)],
        };
        let by_signal = failure != Delay && self.random.u8(..4) == 0;
        self.proxy.seen();
        match failure {
            Reset => self.proxy.cut_after(i64::try_from(point).unwrap()),
            Silence => self.proxy.swallow_after(i64::try_from(point).unwrap()),
            SilenceBothWays => {
                self.proxy.hold(true);
                self.proxy.swallow_after(i64::try_from(point).unwrap());
            }
            Delay => self.proxy.delay(Duration::from_millis(self.random.u64(5..40))),
            Stop => {}
        }
        let mut run = started(args);
        let ends = async |run: &mut Child| run.try_wait().unwrap().is_some();
        while (failure == Stop || by_signal) && self.proxy.passed() < point && !ends(&mut run).await {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        if let (Stop, Some(server)) = (failure, self.server) {
            server.signal("STOP");
        }
        let signalled = Instant::now();
        if by_signal && !ends(&mut run).await {
            signal(run.id(), "TERM");
        }
        let done = end_of(run, args).await;
        eprintln!(
            "{args:?}: {failure:?} after {point} of {travelled} bytes, by signal: {by_signal}: {:?} after {:?}",
            done.code, done.took
        );
        if let (Stop, Some(server)) = (failure, self.server) {
            server.signal("CONT");
        }
        let told = format!("{args:?}: {failure:?} after {point} bytes: {done:?}");
        match (failure, by_signal) {
            (Delay, _) => assert!(matches!(done.code, Some(0 | 4)), "{told}"),
            (_, false) => assert!(matches!(done.code, Some(0 | 3 | 4 | 10)), "{told}"),
            // Before the signal handlers are installed, a signal ends the process immediately.
            (_, true) => {
                let unheard = done.code.is_none() && done.result.is_null();
                assert!(unheard || matches!(done.code, Some(0 | 3 | 4 | 10 | 143)), "{told}");
                assert!(signalled.elapsed() < AFTER_SIGNAL, "{told}");
            }
        }
        let hurries = args.windows(2).find(|pair| pair[0] == "--max-time").map(|pair| pair[1]);
        assert!(hurries != Some("5s") || done.took < Duration::from_secs(20), "{told}");
        self.check(case, &before, Some(&done.result), failure == Delay).await;
        let gone = Instant::now();
        self.proxy.heal();
        if self.db.kind == Kind::Mssql {
            // It detects a lost client only by TCP, and the proxy answers for the client (docs/network.md).
            self.proxy.close_held();
        }
        // The server may take a moment to notice that the client, and with it the lock, is gone.
        let again = loop {
            let again = ended(args).await;
            if again.code != Some(12) {
                break again;
            }
            assert!(gone.elapsed() < LOCKED, "the lock is not free again: {told}");
            tokio::time::sleep(Duration::from_millis(250)).await;
        };
        if gone.elapsed() > Duration::from_secs(20) {
            eprintln!("{args:?}: the lock was free after {:?}", gone.elapsed());
        }
        assert!(matches!(again.code, Some(0 | 4)), "once more after {told}: {again:?}");
        self.check(case, &before, None, true).await;
    }

    async fn check(&self, case: &Case, before: &Sessions, result: Option<&Value>, whole: bool) {
        let [live, other, other_store, archive] = self.places().await;
        let all = [&live, &other, &other_store, &archive];
        for (key, session) in all.iter().copied().flatten() {
            assert_eq!(before.get(key), Some(session), "a session is not what it was");
        }
        let (idle, old): (Vec<_>, Vec<_>) = before.keys().partition(|key| key.app.as_deref() == Some("/a"));
        let count = |keys: &[&SessionKey], place: &Sessions| keys.iter().filter(|key| place.contains_key(key)).count();
        let (there, moved) = match case.goes {
            Destination::Expired => {
                assert_eq!(count(&idle, &live), idle.len(), "sessions that live are gone");
                let gone = (old.len() - count(&old, &live)) as u64;
                if let Some(deleted) = result.and_then(|result| result["deleted"]["sessions"].as_u64()) {
                    let most = deleted + result.and_then(|result| result["unconfirmed"].as_u64()).unwrap();
                    assert!((deleted..=most).contains(&gone), "{gone} are gone, by the summary {deleted} to {most}");
                }
                (old.len() - count(&old, &live), old.len())
            }
            Destination::OtherTable | Destination::SwapArchive | Destination::Archive => {
                let to = [&other, &other_store, &archive][[
                    Destination::OtherTable,
                    Destination::SwapArchive,
                    Destination::Archive,
                ]
                .iter()
                .position(|goes| *goes == case.goes)
                .unwrap()];
                assert_eq!(count(&old, &live), old.len(), "sessions that were not meant are gone");
                for key in &idle {
                    let both = (live.contains_key(key), to.contains_key(key));
                    assert!(both.0 || both.1, "a session is lost");
                    assert!(both != (true, true) || case.goes != Destination::OtherTable, "a session is there twice");
                }
                (count(&idle, to), idle.len())
            }
            Destination::Out => {
                assert_eq!(live.len(), before.len(), "the source has lost sessions");
                (other_store.len(), before.len())
            }
            Destination::Back => (live.len(), before.len()),
            Destination::Nowhere => {
                assert_eq!(live.len(), before.len(), "a command that reads has lost sessions");
                return;
            }
        };
        assert!(!whole || there == moved, "{:?}: only {there} of {moved} have gone where they should", case.args);
    }
}

async fn purging(db: &Scratch) {
    Site::new(db).await.purging().await;
}

async fn moving_away(db: &Scratch) {
    Site::new(db).await.moving_away().await;
}

async fn moving_between_stores(db: &Scratch) {
    Site::new(db).await.moving_between_stores().await;
}

async fn reading(db: &Scratch) {
    Site::new(db).await.reading().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_is_stopped_at_random_moments() {
    let Some(server) = Private::new() else { return };
    let db = Scratch::on_private(&server).await;
    let mut site = Site::with(&db, Some(&server)).await;
    site.purging().await;
    site.moving_away().await;
    site.moving_between_stores().await;
    site.reading().await;
}

impl Site<'_> {
    async fn purging(&mut self) {
        for args in [&["expire", "--batch", "5"][..], &["expire", "--batch", "40", "--max-time", "5s"]] {
            self.holds(self.case(Destination::Expired, &[args, &["--url", "STORE"]].concat())).await;
        }
        let swap = ["swap-out", "--max-idle", "30d", "--batch", "5", "--url", "STORE"];
        self.holds(self.case(Destination::OtherTable, &swap)).await;
    }

    async fn moving_away(&mut self) {
        let swap = ["swap-out", "--max-idle", "30d", "--batch", "5", "--url", "STORE"];
        self.holds(self.case(Destination::SwapArchive, &[&swap[..], &["--to", "OTHER"]].concat())).await;
        self.holds(self.case(Destination::Archive, &[&swap[..], &["--to", "ARCHIVE"]].concat())).await;
    }

    async fn moving_between_stores(&mut self) {
        self.holds(self.case(Destination::Out, &["migrate", "--from", "STORE", "--to", "OTHER"])).await;
        self.holds(self.case(Destination::Back, &["migrate", "--from", "OTHER", "--to", "STORE"])).await;
        self.holds(self.case(Destination::Back, &["import", "ALL", "--url", "STORE"])).await;
    }

    async fn reading(&mut self) {
        let archive = self.dir.path().join("again.ndjson").display().to_string();
        for args in [
            &["list", "--limit", "0", "--url", "STORE"][..],
            &["export", &archive, "--force", "--url", "STORE"],
            &["verify", "STORE", "ALL"],
            &["check", "--url", "STORE"],
            &["stats", "--url", "STORE"],
        ] {
            self.holds(self.case(Destination::Nowhere, args)).await;
        }
    }
}

/// An interrupted swap keeps the entries for the next run as rows of its target.
fn without_journal(mut sessions: Sessions) -> Sessions {
    sessions.retain(|key, _| key.app.as_deref() != Some("/tomcat-sessions/swap-journal"));
    sessions
}

/// Reads a whole table.
async fn sessions(store: SessionStore) -> Sessions {
    let (mut batches, reader) = store.read_whole(Filter::default(), NOW, Stop::never());
    let mut found = Sessions::new();
    while let Some(batch) = batches.recv().await {
        found.extend(batch.sessions.into_iter().map(|session| (session.meta.key.clone(), session)));
    }
    reader.missed().await.unwrap();
    found
}

/// The sessions of an archive; none if there is no archive.
fn archived(path: &std::path::Path) -> Sessions {
    let mut found = Sessions::new();
    if !path.exists() {
        return found;
    }
    let mut archive = Archive::open(path, &Identities::default()).unwrap();
    loop {
        match archive.read_next().unwrap() {
            Next::Item(Item::Session(session)) => drop(found.insert(session.meta.key.clone(), session)),
            Next::Item(_) => {}
            Next::Damaged(fault) => panic!("{fault}"),
            Next::End => return found,
        }
    }
}

/// Result of a run, for assertions and failure messages.
#[derive(Debug)]
#[allow(dead_code, reason = "read by a failure's message")]
pub struct Ended {
    pub code: Option<i32>,
    pub result: Value,
    stderr: String,
    took: Duration,
}

/// Starts the program with piped output.
pub fn started(args: &[&str]) -> Child {
    program(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits until it ends without help.
pub async fn end_of(mut child: Child, args: &[&str]) -> Ended {
    let begun = Instant::now();
    // The output fits into the pipes.
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > HANGS {
            child.kill().unwrap();
            panic!("{args:?} hangs: {:?}", child.wait_with_output());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let took = begun.elapsed();
    let output = child.wait_with_output().unwrap();
    Ended {
        code: output.status.code(),
        result: serde_json::from_slice(&output.stdout).unwrap_or_default(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        took,
    }
}

async fn ended(args: &[&str]) -> Ended {
    end_of(started(args), args).await
}
