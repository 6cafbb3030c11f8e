//! Commands on networks that fail at any byte: each ends by itself, its summary is true, nothing is
//! lost, doubled or changed, and the same command on a network that works does the rest.
//!
//! `TOMCAT_SESSIONS_TEST_NETWORK=100` lets it fail at as many points for each command, and
//! `TOMCAT_SESSIONS_TEST_SEED` repeats those of an earlier run, which prints its seed.

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

use crate::runs::expired;
use crate::silence::keepalive;
use crate::support::program::program;
use crate::support::proxy::Proxy;
use crate::support::{Kind, NOW, Scratch, session, variable};
use crate::swap::two_tables;

crate::suite!(servers: purging, moving_away, moving_between_stores, reading);

/// A run that is still there then hangs: its URL allows 2 s of silence.
const HANGS: Duration = Duration::from_secs(60);

/// Sessions by their keys.
type Sessions = BTreeMap<SessionKey, Session>;

/// A store behind a network, with places to move its sessions to.
struct Site<'a> {
    db: &'a Scratch,
    proxy: Proxy,
    /// The store by way of the network.
    url: String,
    attic: Scratch,
    dir: TempDir,
    random: fastrand::Rng,
    points: u32,
}

/// A command, and where its sessions are to be afterwards.
struct Case {
    args: Vec<String>,
    goes: Goes,
}

#[derive(Clone, Copy, PartialEq)]
enum Goes {
    /// Expired ones are deleted.
    Expired,
    /// Idle ones go to the other table, each in one transaction.
    OtherTable,
    /// Idle ones go where no transaction reaches: a copy may be left.
    Attic,
    Archive,
    /// All are copied from the store to the attic, or to it from the attic or an archive.
    Out,
    Back,
    Nowhere,
}

impl<'a> Site<'a> {
    async fn new(db: &'a Scratch) -> Site<'a> {
        two_tables(db, "recommended").await.close().await;
        let attic = Scratch::new(Kind::Sqlite).await.unwrap();
        attic.create_table("recommended").await;
        let proxy = Proxy::to(db.address()).await;
        let url = proxy.url(&db.url, db.target().port, &keepalive(db.kind, 2));
        let number = |name: &str| variable(name).and_then(|n| n.parse().ok());
        let seed = number("TOMCAT_SESSIONS_TEST_SEED").unwrap_or_else(|| fastrand::u64(..));
        eprintln!("TOMCAT_SESSIONS_TEST_SEED={seed} on {}", db.kind.name());
        let points = number("TOMCAT_SESSIONS_TEST_NETWORK").map_or(1, |n| u32::try_from(n).unwrap());
        let random = fastrand::Rng::with_seed(seed);
        Site { db, proxy, url, attic, dir: TempDir::new().unwrap(), random, points }
    }

    fn archive(&self) -> PathBuf {
        self.dir.path().join("attic.ndjson")
    }

    fn whole_archive(&self) -> PathBuf {
        self.dir.path().join("all.ndjson")
    }

    fn case(&self, goes: Goes, args: &[&str]) -> Case {
        let archive = self.archive().display().to_string();
        let whole = self.whole_archive().display().to_string();
        let place = |arg: &&str| match *arg {
            "STORE" => self.url.clone(),
            "ATTIC" => self.attic.url.clone(),
            "ARCHIVE" => archive.clone(),
            "ALL" => whole.clone(),
            other => other.to_owned(),
        };
        Case { args: args.iter().map(place).collect(), goes }
    }

    /// Puts every session where it was.
    async fn reset(&self, goes: Goes) -> Sessions {
        let all = [expired(40), (0..40).map(|n| session("/a", &format!("{n:032X}"), -1, 1_000_000)).collect()].concat();
        self.db.sql("DELETE FROM tomcat_sessions").await;
        self.db.sql("DELETE FROM tomcat_sessions_swapped").await;
        self.attic.sql("DELETE FROM tomcat_sessions").await;
        let _ = std::fs::remove_file(self.archive());
        let mut source = if goes == Goes::Back { self.attic.open().await } else { self.db.open().await };
        source.insert(&all, OnConflict::Fail).await.unwrap();
        source.close().await;
        if !self.whole_archive().exists() {
            let url = if goes == Goes::Back { &self.attic.url } else { &self.db.url };
            let all = self.whole_archive().display().to_string();
            assert_eq!(ended(&["export", "--url", url, &all]).await.code, Some(0));
        }
        all.into_iter().map(|session| (session.meta.key.clone(), session)).collect()
    }

    /// What is where: in the live table, in the other one, in the attic, in the archive.
    async fn places(&self) -> [Sessions; 4] {
        [
            sessions(self.db.open().await).await,
            sessions(self.db.open().await.turn().await.unwrap().0).await,
            sessions(self.attic.open().await).await,
            archived(&self.archive()),
        ]
    }

    /// Runs the case on a network that works, and then on one that fails at random points.
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
            let before = self.reset(case.goes).await;
            let point = i64::try_from(self.random.u64(0..travelled)).unwrap();
            let cuts = self.random.u8(0..4) == 0;
            if cuts {
                self.proxy.cut_after(point)
            } else {
                self.proxy.swallow_after(point)
            }
            let done = ended(&args).await;
            eprintln!(
                "{args:?}: {} after {point} of {travelled} bytes: {:?}",
                if cuts { "cut" } else { "silent" },
                done.code
            );
            assert!(matches!(done.code, Some(0 | 3 | 4 | 10)), "{args:?} after {point} bytes: {done:?}");
            self.check(&case, &before, Some(&done.result), false).await;
            self.proxy.heal();
            let mut again = ended(&args).await;
            for _ in 0..40 {
                // The server may take a moment to see that the client, and with it the lock, is gone.
                if again.code == Some(12) {
                    tokio::time::sleep(Duration::from_millis(250)).await;
                    again = ended(&args).await;
                }
            }
            assert!(matches!(again.code, Some(0 | 4)), "{args:?} once more after {point} bytes: {again:?}");
            self.check(&case, &before, None, true).await;
        }
    }

    async fn check(&self, case: &Case, before: &Sessions, result: Option<&Value>, whole: bool) {
        let [live, other, attic, archive] = self.places().await;
        let all = [&live, &other, &attic, &archive];
        for (key, session) in all.iter().copied().flatten() {
            assert_eq!(before.get(key), Some(session), "a session is not what it was");
        }
        let (idle, old): (Vec<_>, Vec<_>) = before.keys().partition(|key| key.app.as_deref() == Some("/a"));
        let count = |keys: &[&SessionKey], place: &Sessions| keys.iter().filter(|key| place.contains_key(key)).count();
        let (there, moved) = match case.goes {
            Goes::Expired => {
                assert_eq!(count(&idle, &live), idle.len(), "sessions that live are gone");
                let gone = (old.len() - count(&old, &live)) as u64;
                if let Some(deleted) = result.and_then(|result| result["deleted"]["sessions"].as_u64()) {
                    let most = deleted + result.and_then(|result| result["unconfirmed"].as_u64()).unwrap();
                    assert!((deleted..=most).contains(&gone), "{gone} are gone, by the summary {deleted} to {most}");
                }
                (old.len() - count(&old, &live), old.len())
            }
            Goes::OtherTable | Goes::Attic | Goes::Archive => {
                let to = [&other, &attic, &archive][[Goes::OtherTable, Goes::Attic, Goes::Archive]
                    .iter()
                    .position(|goes| *goes == case.goes)
                    .unwrap()];
                assert_eq!(count(&old, &live), old.len(), "sessions that were not meant are gone");
                for key in &idle {
                    let both = (live.contains_key(key), to.contains_key(key));
                    assert!(both.0 || both.1, "a session is lost");
                    assert!(both != (true, true) || case.goes != Goes::OtherTable, "a session is there twice");
                }
                (count(&idle, to), idle.len())
            }
            Goes::Out => {
                assert_eq!(live.len(), before.len(), "the source has lost sessions");
                (attic.len(), before.len())
            }
            Goes::Back => (live.len(), before.len()),
            Goes::Nowhere => {
                assert_eq!(live.len(), before.len(), "a command that reads has lost sessions");
                return;
            }
        };
        assert!(!whole || there == moved, "{:?}: only {there} of {moved} have gone where they should", case.args);
    }
}

async fn purging(db: &Scratch) {
    let mut site = Site::new(db).await;
    for args in [&["expire", "--batch", "5"][..], &["expire", "--batch", "40", "--max-time", "30s"]] {
        site.holds(site.case(Goes::Expired, &[args, &["--url", "STORE"]].concat())).await;
    }
    let swap = ["swap-out", "--max-idle", "30d", "--batch", "5", "--url", "STORE"];
    site.holds(site.case(Goes::OtherTable, &swap)).await;
}

async fn moving_away(db: &Scratch) {
    let mut site = Site::new(db).await;
    let swap = ["swap-out", "--max-idle", "30d", "--batch", "5", "--url", "STORE"];
    site.holds(site.case(Goes::Attic, &[&swap[..], &["--to", "ATTIC"]].concat())).await;
    site.holds(site.case(Goes::Archive, &[&swap[..], &["--to", "ARCHIVE"]].concat())).await;
}

async fn moving_between_stores(db: &Scratch) {
    let mut site = Site::new(db).await;
    site.holds(site.case(Goes::Out, &["migrate", "--from", "STORE", "--to", "ATTIC"])).await;
    site.holds(site.case(Goes::Back, &["migrate", "--from", "ATTIC", "--to", "STORE"])).await;
    site.holds(site.case(Goes::Back, &["import", "ALL", "--url", "STORE"])).await;
}

async fn reading(db: &Scratch) {
    let mut site = Site::new(db).await;
    let archive = site.dir.path().join("again.ndjson").display().to_string();
    for args in [
        &["list", "--limit", "0", "--url", "STORE"][..],
        &["export", &archive, "--force", "--url", "STORE"],
        &["verify", "STORE", "ALL"],
        &["check", "--url", "STORE"],
        &["stats", "--url", "STORE"],
    ] {
        site.holds(site.case(Goes::Nowhere, args)).await;
    }
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

/// What an archive holds; nothing where there is none.
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

/// What a run left behind, for assertions and whoever reads why they fail.
#[derive(Debug)]
#[allow(dead_code, reason = "read by a failure's message")]
pub struct Ended {
    pub code: Option<i32>,
    pub result: Value,
    stderr: String,
    took: Duration,
}

/// Starts the program with its output piped.
pub fn started(args: &[&str]) -> Child {
    program(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits until it ends by itself.
pub async fn end_of(mut child: Child, args: &[&str]) -> Ended {
    let begun = Instant::now();
    // Its output fits into the pipes.
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
