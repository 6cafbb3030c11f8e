//! `tomcat config` with real Tomcats: they are started with its output, and `--context-xml` reads it back.

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use sqlx::{Connection, Executor};

use crate::account::{Account, program, run_successfully};
use crate::new_sessions::{Outcome, arrive_at_once};
use crate::support::{Kind, Scratch};
use crate::tomcat::{self, Answer, Tomcat};

#[tokio::test(flavor = "multi_thread")]
async fn written_for_10_on_mariadb() {
    written("tomcat10", "10", Kind::Mariadb, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn written_for_10_on_mysql() {
    written("tomcat10", "10", Kind::Mysql, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn written_for_9_on_mariadb() {
    written("tomcat9", "9", Kind::Mariadb, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn written_for_9_on_mysql() {
    written("tomcat9", "9", Kind::Mysql, &["--sticky", "--values", "guide"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn written_for_11_on_mariadb() {
    written("tomcat11", "11", Kind::Mariadb, &["--sticky", "--values", "guide"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn written_for_11_on_mysql() {
    written("tomcat11", "11", Kind::Mysql, &[]).await;
}

/// `tomcat lint` on files, jars and table together.
fn nothing_but_the_version_is_wrong(tomcat: &Tomcat, home: &str) {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"));
    command.env_clear().args(["tomcat", "lint", "--strict", "--format", "json", "--catalina-home", home]);
    let output = command.arg(tomcat.base()).output().unwrap();
    let lint: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(lint["unchecked"], serde_json::json!([]));
    let version = lint["tomcats"][0]["version"].as_str().unwrap();
    assert!(version.split('.').count() == 3, "{version}");
    // Debian 11 has a link to a jar that is not installed.
    let expected = |finding: &&Value| {
        let rule = finding["rule"].as_str().unwrap();
        rule.starts_with("version.") || rule == "jar.unreadable"
    };
    let others = lint["findings"].as_array().unwrap().iter().filter(|finding| !expected(finding));
    assert_eq!(others.collect::<Vec<_>>(), Vec::<&Value>::new());
}

/// Nobody sees a session missing between DELETE and INSERT: defaultAutoCommit="false" is effective.
async fn a_save_is_one_transaction(tomcat: &Tomcat, db: &Scratch, of: &Answer) {
    let done = AtomicBool::new(false);
    let mut connection = db.mysql().await;
    let looks = thread::scope(|scope| {
        scope.spawn(|| {
            let answers: Vec<u16> = (0..60).map(|_| tomcat.get("/read", Some(of.id())).status).collect();
            // The other thread reads until then, whatever the answers.
            done.store(true, Ordering::Relaxed);
            assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
        });
        tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(async {
                let mut looks = 0;
                while !done.load(Ordering::Relaxed) {
                    let rows = connection.fetch_all("SELECT session_id FROM tomcat_sessions").await.unwrap();
                    assert_eq!(rows.len(), 1, "at look {looks}");
                    looks += 1;
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                looks
            })
        })
    });
    assert!(looks > 60, "only {looks} looks");
    connection.close().await.unwrap();
}

async fn written(home: &str, version: &str, kind: Kind, options: &[&str]) {
    let Some(home) = tomcat::home(home) else { return };
    let Some(db) = Scratch::reserve(kind) else { return };
    let account = Account::provision(&db);
    let dir = tempfile::tempdir().unwrap();
    let mut command = program(&account.plain_url());
    command.arg("--password-file").arg(account.password_file());
    // The available driver is MariaDB's, for both.
    command.args(["tomcat", "config", "--tomcat", version, "--driver", "mariadb", "--route", "node-7"]).args(options);
    run_successfully(command.arg("--output-dir").arg(dir.path()));

    let mut tomcat = Tomcat::start_with(&home, &dir.path().join("conf"));
    if options.is_empty() {
        let second = Tomcat::start_with(&home, &dir.path().join("conf"));
        let outcome = arrive_at_once([&tomcat, &second]);
        assert_eq!(outcome, Outcome { lost: 0, failed_saves: 0 }, "{home} on {}", kind.name());
        second.stop();
        db.mysql().await.execute("DELETE FROM tomcat_sessions").await.unwrap();
    }
    let alice = tomcat.get("/create?user=alice&bytes=70000", None);
    assert!(alice.id().ends_with(".node-7"), "{}", alice.id());
    tomcat.restart();
    let after = tomcat.get("/read", Some(alice.id()));
    assert_eq!(after.status, 200, "{}\n{}", after.body, tomcat.log());
    assert_eq!(after.attributes(), crate::restored(&alice));

    let file = tomcat.base().join("conf/context.xml");
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"));
    command.env_clear().args(["list", "--format", "json", "--context-xml"]).arg(file);
    let listed: Value = serde_json::from_slice(&run_successfully(&mut command).stdout).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(listed[0]["session_id"], alice.id());

    if options.is_empty() {
        a_save_is_one_transaction(&tomcat, &db, &alice).await;
    }
    nothing_but_the_version_is_wrong(&tomcat, &home);
    tomcat.stop();
    assert!(!tomcat.log().contains("SEVERE"), "{}", tomcat.log());
    account.drop(&db).await;
    db.drop().await;
}
