//! Signals, `--max-time` and the lock while the network is silent; a stopped server; lost packets between two network
//! namespaces; an outage of ten minutes under cron.
//!
//! `TOMCAT_SESSIONS_TEST_NETWORK=1` adds tests that take minutes: the lock of a lost client. With
//! `TOMCAT_SESSIONS_TEST_SILENCE=10`, the outage lasts that many minutes; without it, that test is omitted.

use std::process::Command;
use std::time::{Duration, Instant};

use tomcat_sessions::session::OnConflict;
use tomcat_sessions::store::{Naming, SessionStore, parse_url};

use crate::network::{end_of, started};
use crate::purge_runs::{count, expired};
use crate::support::faulty_proxy::Proxy;
use crate::support::private::Private;
use crate::support::{NOW, Scratch, WIDE_TABLE, absent, session, variable};
use crate::unresponsive_server::bounds;

crate::suite!(servers: one_signal_ends_the_run, max_time_ends_the_run);

/// Number of expired sessions; one session is live.
async fn fill(store: &mut SessionStore, sessions: usize) {
    store.insert(&expired(sessions), OnConflict::Fail).await.unwrap();
    store.insert(&[session("/Catalina/localhost/demo", "live", -1, NOW.0)], OnConflict::Fail).await.unwrap();
}

/// Waits until a purge has begun to delete.
async fn begun(store: &mut SessionStore, before: u64) {
    for _ in 0..600 {
        if count(store).await < before {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("nothing was deleted");
}

pub fn signal(process: u32, name: &str) {
    assert!(Command::new("kill").args([format!("-{name}"), process.to_string()]).status().unwrap().success());
}

async fn one_signal_ends_the_run(db: &Scratch) {
    db.create_table("recommended").await;
    let mut direct = db.open().await;
    fill(&mut direct, 400).await;
    let proxy = Proxy::to(db.address()).await;
    let url = proxy.url(&db.url, db.target().port, &bounds(db.kind, 2, 60));
    let args = ["expire", "--batch", "5", "--sleep", "50ms", "--url", &url];
    let run = started(&args);
    begun(&mut direct, 401).await;
    proxy.swallow_after(0);
    signal(run.id(), "TERM");
    let since = Instant::now();
    let done = end_of(run, &args).await;
    assert!(since.elapsed() < Duration::from_secs(15), "{done:?}");
    assert_eq!((done.code, &done.result["ended"]), (Some(143), &"terminated".into()), "{done:?}");
    let (deleted, unconfirmed) = (&done.result["deleted"]["sessions"], &done.result["unconfirmed"]);
    let (deleted, unconfirmed) = (deleted.as_u64().unwrap(), unconfirmed.as_u64().unwrap());
    let gone = 401 - count(&mut direct).await;
    assert!((deleted..=deleted + unconfirmed).contains(&gone), "{gone} are gone: {done:?}");
}

async fn max_time_ends_the_run(db: &Scratch) {
    db.create_table("recommended").await;
    let mut direct = db.open().await;
    fill(&mut direct, 400).await;
    let proxy = Proxy::to(db.address()).await;
    let url = proxy.url(&db.url, db.target().port, &bounds(db.kind, 2, 60));
    let args = ["expire", "--batch", "5", "--sleep", "50ms", "--max-time", "5s", "--url", &url];
    let since = Instant::now();
    let run = started(&args);
    begun(&mut direct, 401).await;
    proxy.swallow_after(0);
    let done = end_of(run, &args).await;
    assert!(since.elapsed() < Duration::from_secs(20), "{done:?}");
    assert_eq!((done.code, &done.result["ended"]), (Some(3), &"max-time".into()), "{done:?}");
    // The same before the first answers of a login.
    proxy.swallow_after(3_000);
    let since = Instant::now();
    let done = end_of(started(&args), &args).await;
    assert!(since.elapsed() < Duration::from_secs(20) && done.code == Some(10), "{done:?}");
}

/// A server with expired sessions, and URL parameters that allow little silence.
async fn private(sessions: usize) -> Option<Private> {
    let private = Private::new()?;
    private.sql("CREATE DATABASE s CHARACTER SET utf8mb4").await;
    private.sql(&format!("USE s; {WIDE_TABLE}")).await;
    let mut store = open(&private).await;
    fill(&mut store, sessions).await;
    store.close().await;
    Some(private)
}

async fn open(private: &Private) -> SessionStore {
    SessionStore::open(&parse_url(&private.url("s")).unwrap(), &Naming::default()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_server_counts_as_unreachable() {
    let Some(private) = private(400).await else { return };
    let url = format!("{}&keepalive-timeout=3&connect-timeout=2", private.url("s"));
    let args = ["expire", "--batch", "5", "--sleep", "50ms", "--url", &url];
    let run = started(&args);
    begun(&mut open(&private).await, 401).await;
    private.signal("STOP");
    let done = end_of(run, &args).await;
    private.signal("CONT");
    assert_eq!(done.code, Some(10), "{done:?}");
    let again = ["expire", "--wait-lock", "20s", "--url", &url];
    let done = end_of(started(&again), &again).await;
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(count(&mut open(&private).await).await, 1);
}

/// A virtual cable between this machine and a network namespace; both are removed with it.
struct Cable {
    name: String,
    net: String,
}

impl Cable {
    /// Creates the cable; prints a line and returns `None` if this user or this machine cannot.
    fn lay() -> Option<Cable> {
        let id = std::process::id();
        let cable = Cable { name: format!("ts{id}"), net: format!("10.{}.{}", 200 + id % 50, id / 50 % 250) };
        let Cable { name, net } = &cable;
        let laid = [
            format!("netns add {name}"),
            format!("link add {name}a type veth peer name {name}b netns {name}"),
            format!("addr add {net}.1/30 dev {name}a"),
            format!("link set {name}a up"),
            format!("-n {name} addr add {net}.2/30 dev {name}b"),
            format!("-n {name} link set {name}b up"),
        ]
        .iter()
        .all(|args| Cable::ip(args));
        if !laid {
            absent("network-namespaces");
            return None;
        }
        Some(cable)
    }

    fn ip(args: &str) -> bool {
        Command::new("ip").args(args.split(' ')).output().is_ok_and(|done| done.status.success())
    }

    /// Packets are dropped without a notification.
    fn cut(&self) {
        assert!(Cable::ip(&format!("link set {}a down", self.name)));
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        Cable::ip(&format!("link del {}a", self.name));
        Cable::ip(&format!("netns del {}", self.name));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_packets_are_detected_and_the_lock_is_released() {
    let Some(cable) = Cable::lay() else { return };
    let Some(private) = private(400).await else { return };
    let host = format!("{}.1", cable.net);
    let proxy = Proxy::at(&host, format!("127.0.0.1:{}", private.port)).await;
    let url = private.url("s").replace(&format!("127.0.0.1:{}", private.port), &format!("{host}:{}", proxy.port));
    let url = format!("{url}&keepalive-timeout=4&connect-timeout=2");
    let args = ["expire", "--batch", "5", "--sleep", "50ms", "--url", &url];
    let mut inside = Command::new("ip");
    inside.args(["netns", "exec", &cable.name]).arg(env!("CARGO_BIN_EXE_tomcat-sessions")).args(args);
    inside.args(["--format", "json"]).env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    let run = inside.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut direct = open(&private).await;
    begun(&mut direct, 401).await;
    cable.cut();
    let since = Instant::now();
    let done = end_of(run, &args).await;
    assert_eq!(done.code, Some(10), "{done:?}");
    assert!(since.elapsed() < Duration::from_secs(20), "{done:?}");
    if variable("TOMCAT_SESSIONS_TEST_NETWORK").is_none() {
        return;
    }
    // The server has not noticed anything.
    let direct = format!("{}&keepalive-timeout=10", private.url("s"));
    let refused = ["expire", "--url", &direct];
    assert_eq!(end_of(started(&refused), &refused).await.code, Some(12));
    for _ in 0..3 {
        let again = ["expire", "--wait-lock", "45s", "--url", &direct];
        let done = end_of(started(&again), &again).await;
        if done.code == Some(0) {
            let took = since.elapsed();
            eprintln!("the lock was free after {took:?}");
            assert!(took < Duration::from_secs(120), "{took:?}");
            assert_eq!(count(&mut open(&private).await).await, 1);
            return;
        }
        assert_eq!(done.code, Some(12), "{done:?}");
    }
    panic!("the lock was not given back");
}

/// A lock is kept while its client exists, even if the client is idle.
#[tokio::test(flavor = "multi_thread")]
async fn the_lock_survives_a_long_pause_of_its_client() {
    if variable("TOMCAT_SESSIONS_TEST_NETWORK").is_none() {
        return;
    }
    let Some(private) = private(3).await else { return };
    let mut store = open(&private).await;
    store.lock(Duration::ZERO).await.unwrap();
    tokio::time::sleep(Duration::from_secs(125)).await;
    assert!(store.holds_lock().await.unwrap());
}

/// The runs of cron, and the metrics that an administrator then finds.
#[tokio::test(flavor = "multi_thread")]
async fn runs_of_cron_do_not_pile_up_during_an_outage() {
    let Some(minutes) = variable("TOMCAT_SESSIONS_TEST_SILENCE").and_then(|n| n.parse::<u32>().ok()) else { return };
    let Some(private) = private(300).await else { return };
    let proxy = Proxy::to(format!("127.0.0.1:{}", private.port)).await;
    let dir = tempfile::TempDir::new().unwrap();
    let metrics = dir.path().join("expire.prom").display().to_string();
    let url = proxy.url(&private.url("s"), private.port, "");
    let args =
        ["expire", "--batch", "5", "--sleep", "1s", "--max-time", "50s", "--metrics-file", &metrics, "--url", &url];
    let mut runs = vec![started(&args)];
    tokio::time::sleep(Duration::from_secs(5)).await;
    proxy.swallow_after(0);
    let (mut most, mut codes) = (0, Vec::new());
    for minute in 0..=minutes {
        tokio::time::sleep(Duration::from_secs(60)).await;
        let mut alive = Vec::new();
        for mut run in runs {
            match run.try_wait().unwrap() {
                Some(status) => codes.push(status.code()),
                None => alive.push(run),
            }
        }
        runs = alive;
        most = most.max(runs.len());
        if minute == minutes {
            let text = std::fs::read_to_string(&metrics).unwrap();
            assert!(
                text.lines().any(|line| line.starts_with("tomcat_sessions_expire_success") && line.ends_with(" 0")),
                "{text}"
            );
            assert!(
                text.lines().any(|line| line.starts_with("tomcat_sessions_expire_exit_code") && line.ends_with(" 10")),
                "{text}"
            );
            proxy.heal();
        }
        runs.push(started(&args));
    }
    let last = runs.pop().unwrap();
    let done = end_of(last, &args).await;
    eprintln!("at most {most} runs at once, exit codes {codes:?}, then {done:?}");
    assert!(most <= 1 && codes.iter().all(|code| matches!(code, Some(3 | 10))), "{most} {codes:?}");
    assert!(matches!(done.code, Some(0 | 3)) && done.result["deleted"]["sessions"].as_u64() > Some(0), "{done:?}");
    let text = std::fs::read_to_string(&metrics).unwrap();
    assert!(
        text.lines().any(|line| line.starts_with("tomcat_sessions_expire_success") && line.ends_with(" 1")),
        "{text}"
    );
}
