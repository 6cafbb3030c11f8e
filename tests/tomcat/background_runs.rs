//! `tomcat flush`, `swap-out` and `expire` on a real Tomcat, and restoring its settings.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tomcat_sessions::session::OnConflict;

use crate::account::{Account, program, run_successfully};
use crate::jmx_commands::{Lab, MEMORY_ONLY, run, tally};
use crate::support::documented::same;
use crate::support::faulty_proxy::Proxy;
use crate::support::{Kind, Scratch, session};
use crate::tomcat::{Answer, Tomcat};

/// Distinguishable values, and no background passes during a test.
const OWN: &str = "maxIdleBackup=\"600\" maxIdleSwap=\"900\" minIdleSwap=\"300\" processExpiresFrequency=\"600\" saveOnRestart=\"true\"";

/// The current attributes of the Manager.
fn values(url: &str, tomcat: &Tomcat) -> Value {
    let (_, status, _) = run(url, &[tomcat], &["tomcat", "status", "--no-stale", "--app", "demo"]);
    let context = &status["nodes"][0]["contexts"][0];
    ["max_idle_backup", "max_idle_swap", "min_idle_swap", "process_expires_frequency"]
        .map(|name| context[name].clone())
        .into()
}

fn users(tomcat: &Tomcat, n: usize) -> Vec<Answer> {
    (0..n).map(|i| tomcat.get(&format!("/create?user=u{i}"), None)).collect()
}

/// The attributes after they have been stored in the database.
fn restored(answer: &Answer) -> Vec<String> {
    answer.attributes().iter().map(|line| line.replace(" new", " restored")).collect()
}

async fn steering_of(version: &str) {
    let Some(lab) = Lab::new(version) else { return };
    let tomcat = lab.tomcat(OWN);
    let url = &lab.db.url;
    let state = tempfile::tempdir().unwrap();
    let file = state.path().join("state.json");
    let with = |words: &[&str]| {
        let file = file.to_str().unwrap();
        let words = [words, &["--state-file", file]].concat();
        let (code, value, stderr) = run(url, &[&tomcat], &words);
        assert_eq!(code, 0, "{words:?}: {stderr} {value}");
        assert!(!state.path().join("state.json").exists(), "the state file is left");
        assert_eq!(values(url, &tomcat), json!([600, 900, 300, 600]), "after {words:?}");
        value
    };
    let users = users(&tomcat, 6);

    let planned = with(&["tomcat", "flush", "--dry-run"]);
    assert_eq!(
        (&planned["applications"][0]["in_memory"], &planned["applications"][0]["in_table"]),
        (&6.into(), &0.into())
    );
    let flushed = with(&["tomcat", "flush"]);
    assert_eq!((&flushed["not_saved"], &flushed["applications"][0]["in_table"]), (&json!([]), &6.into()));
    // A second run writes the changes since then.
    tomcat.get("/set?more=1", Some(users[0].id()));
    tomcat.get("/set?more=2", Some(users[0].id()));
    let (_, status, _) = run(url, &[&tomcat], &["tomcat", "status"]);
    assert_eq!(tally(&status)["stale"], 1, "{status}");
    with(&["tomcat", "flush"]);
    let (_, status, _) = run(url, &[&tomcat], &["tomcat", "status"]);
    assert_eq!(tally(&status)["stale"], 0, "{status}");

    thread::sleep(Duration::from_millis(3_200));
    tomcat.get("/read", Some(users[0].id()));
    let swapped = with(&["tomcat", "swap-out", "--idle", "2s"]);
    assert_eq!(swapped["applications"][0]["in_memory"], 1, "{swapped}");
    for user in &users[1..] {
        assert_eq!(tomcat.get("/read", Some(user.id())).attributes(), restored(user));
    }

    // One session expires in memory and one in the table: the listener is notified of both.
    let (_, before) = tomcat.events();
    tomcat.get("/create?user=table&inactive=4", None);
    thread::sleep(Duration::from_millis(2_200));
    with(&["tomcat", "swap-out", "--idle", "2s"]);
    tomcat.get("/create?user=memory&inactive=1", None);
    thread::sleep(Duration::from_millis(3_000));
    let expired = with(&["tomcat", "expire"]);
    assert_eq!(tomcat.events().1 - before, 2, "{expired}");
    assert_eq!(expired["applications"][0]["in_table"], 6, "{expired}");
    same("tomcat flush", &{
        let mut all = flushed.clone();
        all["not_saved"] = json!([{"app_name": "", "session_id": ""}]);
        all
    });
    same("tomcat flush", &{
        let mut all = expired.clone();
        all["not_saved"] = json!([{"app_name": "", "session_id": ""}]);
        all
    });
    tomcat.kill();
    lab.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn steering_of_tomcat10() {
    steering_of("tomcat10").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn steering_of_tomcat9() {
    steering_of("tomcat9").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn steering_of_tomcat11() {
    steering_of("tomcat11").await;
}

/// A node that becomes unreachable at any moment of a flush: the next call restores its settings.
#[tokio::test(flavor = "multi_thread")]
async fn a_tomcat_that_dies_before_its_settings_are_restored() {
    let Some(lab) = Lab::new("tomcat10") else { return };
    let tomcat = lab.tomcat(OWN);
    let url = &lab.db.url;
    users(&tomcat, 2);
    let proxy = Proxy::to(format!("127.0.0.1:{}", tomcat.port)).await;
    let state = tempfile::tempdir().unwrap();
    let file = state.path().join("state.json");
    let flush = || {
        let mut command = program(url);
        command.args(["tomcat", "flush", "--manager-timeout", "2s", "--state-file"]).arg(&file);
        command.args(["--manager", &format!("http://jmx@127.0.0.1:{}", proxy.port), "--manager-password-file"]);
        let output = command.arg(tomcat.jmx_password_file()).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let mut left_behind = 0;
    for bytes in (1_000..100_000).step_by(300) {
        proxy.cut_after(bytes);
        let (code, stderr) = flush();
        assert!([0, 3, 10].contains(&code), "cut after {bytes}: {code} {stderr}");
        assert!(!stderr.contains("panicked"), "{stderr}");
        if code == 0 {
            break;
        }
        let unlike = values(url, &tomcat) != json!([600, 900, 300, 600]);
        left_behind += u32::from(unlike);
        assert!(!unlike || file.exists(), "cut after {bytes}: values are changed, and nothing remembers them");
        proxy.cut_after(i64::MAX);
        let (code, stderr) = flush();
        assert_eq!(code, 0, "after a cut after {bytes}: {stderr}");
        assert!(!unlike || stderr.contains("Restored"), "{stderr}");
        assert_eq!(values(url, &tomcat), json!([600, 900, 300, 600]), "after a cut after {bytes}");
        assert!(!file.exists());
    }
    assert!(left_behind > 0, "no cut fell between set and restore");
    tomcat.kill();
    lab.drop().await;
}

/// The Tomcat expires its own sessions and notifies the listener; SQL deletes those that no Tomcat serves, and nothing
/// at all if a Tomcat does not answer.
#[tokio::test(flavor = "multi_thread")]
async fn expire_via_tomcat() {
    let Some(lab) = Lab::new("tomcat10") else { return };
    let tomcat = lab.tomcat(OWN);
    let url = &lab.db.url;
    let left = |app: &str, n: u64| session(app, &format!("{n:032X}"), 60, 1_000);
    let mut store = lab.db.open().await;
    let rows: Vec<_> = (0..7).map(|n| left("/Catalina/localhost/gone", n)).collect();
    store.insert(&rows, OnConflict::Fail).await.unwrap();
    store.close().await;
    let state = tempfile::tempdir().unwrap();
    let file = state.path().join("state.json");
    let expire = |more: &[&str]| {
        let words = ["expire", "--via-tomcat", "--grace", "0", "--state-file", file.to_str().unwrap()];
        run(url, &[&tomcat], &[&words, more].concat())
    };
    // One in memory that also has a row.
    tomcat.get("/create?user=alice&inactive=2", None);
    let (code, _, stderr) = run(url, &[&tomcat], &["tomcat", "flush", "--state-file", file.to_str().unwrap()]);
    assert_eq!(code, 0, "{stderr}");
    thread::sleep(Duration::from_millis(3_100));

    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let dead = format!("http://jmx@{}", free.local_addr().unwrap());
    drop(free);
    let (code, _, stderr) = expire(&["--manager", &dead]);
    assert!(code == 3 && stderr.contains("no row was deleted"), "{code} {stderr}");
    assert_eq!(lab.account.json(&["list", "--app", "gone"]).as_array().unwrap().len(), 7);
    let (code, report, stderr) = expire(&["--dry-run"]);
    assert_eq!((code, &report["would_delete"]["sessions"]), (0, &7.into()), "{stderr}");

    tomcat.get("/create?user=bob&inactive=1", None);
    thread::sleep(Duration::from_millis(2_100));
    let (_, before) = tomcat.events();
    let (code, report, stderr) = expire(&[]);
    assert_eq!((code, &report["deleted"]["sessions"]), (0, &7.into()), "{stderr}");
    // The first one was expired by the run in which a Tomcat did not answer.
    assert_eq!((before, tomcat.events().1), (1, 2));
    assert_eq!(lab.account.json(&["list"]), json!([]));
    assert_eq!(values(url, &tomcat), json!([600, 900, 300, 600]));
    tomcat.kill();
    lab.drop().await;
}

/// A session that is used in memory has an old row: with `--manager` it is kept, and nobody is logged out.
#[tokio::test(flavor = "multi_thread")]
async fn swap_out_of_the_table_asks_first() {
    let Some(lab) = Lab::new("tomcat10") else { return };
    let tomcat = lab.tomcat(OWN);
    let url = &lab.db.url;
    let users = users(&tomcat, 30);
    let state = tempfile::tempdir().unwrap();
    let file = state.path().join("state.json");
    let (code, _, stderr) = run(url, &[&tomcat], &["tomcat", "flush", "--state-file", file.to_str().unwrap()]);
    assert_eq!(code, 0, "{stderr}");
    thread::sleep(Duration::from_millis(2_200));
    let moved = |more: &[&str]| {
        let (code, report, stderr) =
            run(url, &[&tomcat], &[&["swap-out", "--max-idle", "1s", "--create"], more].concat());
        assert_eq!(code, 0, "{stderr}");
        report["moved"]["sessions"].as_u64().unwrap()
    };
    assert_eq!(moved(&[]), 0, "all are in memory");
    let words = ["tomcat", "swap-out", "--idle", "2s", "--state-file", file.to_str().unwrap()];
    assert_eq!(run(url, &[&tomcat], &words).0, 0);
    // They are loaded again; their rows stay as old as they were.
    for user in &users[..3] {
        assert_eq!(tomcat.get("/set?busy=yes", Some(user.id())).status, 200);
    }
    assert_eq!(moved(&["--id", users[0].id()]), 0, "one by one");
    assert_eq!(moved(&[]), 27);
    tomcat.stop();
    tomcat.start_again();
    for user in &users[..3] {
        assert_eq!(tomcat.get("/read", Some(user.id())).attributes().len(), 16, "a busy user has lost something");
    }
    tomcat.kill();
    let dead = ["swap-out", "--max-idle", "1s"];
    let (code, _, stderr) = run(url, &[&tomcat], &dead);
    assert!(code == 10 && stderr.contains("cannot reach the Manager"), "{stderr}");
    lab.drop().await;
}

/// Sessions that were only in memory are served by a Tomcat on another database.
#[tokio::test(flavor = "multi_thread")]
async fn flush_then_migrate() {
    let (Some(lab), Some(new)) = (Lab::new("tomcat10"), Scratch::reserve(Kind::Mysql)) else { return };
    let account = Account::provision(&new);
    let tomcat = lab.tomcat(MEMORY_ONLY);
    let users = users(&tomcat, 20);
    let state = tempfile::tempdir().unwrap();
    let file = state.path().join("state.json");
    let (code, flushed, stderr) =
        run(&lab.db.url, &[&tomcat], &["tomcat", "flush", "--state-file", file.to_str().unwrap()]);
    assert_eq!((code, &flushed["applications"][0]["in_table"]), (0, &20.into()), "{stderr}");
    run_successfully(program(&lab.db.url).args(["migrate", "--to", &new.url]));
    // Sessions that are only in memory are lost with it.
    tomcat.kill();
    let db = (account.jdbc_url.as_str(), account.user.as_str(), &*account.password_file());
    let next = Tomcat::start_managed(&lab.home, db, MEMORY_ONLY);
    for user in &users {
        let answer = next.get("/read", Some(user.id()));
        assert_eq!((answer.status, answer.attributes()), (200, restored(user).iter().map(String::as_str).collect()));
    }
    next.kill();
    account.drop(&new).await;
    new.drop().await;
    lab.drop().await;
}
