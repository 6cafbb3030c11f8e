//! `tomcat config` with the vendors' JDBC drivers on real Tomcats: MySQL's Connector/J, PostgreSQL's pgjdbc and
//! Microsoft's mssql-jdbc. MariaDB's driver, which Debian contains, is tested in `config`.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::account::{Account, program, run_successfully};
use crate::new_sessions::{Outcome, arrive_at_once};
use crate::support::{Kind, Scratch, absent, variable};
use crate::tomcat::{self, Tomcat};

#[tokio::test(flavor = "multi_thread")]
async fn connector_j_on_9() {
    on(Kind::Mysql, "tomcat9", "9", "required").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connector_j_on_10() {
    on(Kind::Mysql, "tomcat10", "10", "required").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connector_j_on_11() {
    on(Kind::Mysql, "tomcat11", "11", "disabled").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pgjdbc_on_9() {
    on(Kind::Postgres, "tomcat9", "9", "required").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pgjdbc_on_10() {
    on(Kind::Postgres, "tomcat10", "10", "required").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pgjdbc_on_11() {
    on(Kind::Postgres, "tomcat11", "11", "disabled").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mssql_jdbc_on_9() {
    on_sql_server("tomcat9", "9").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mssql_jdbc_on_10() {
    on_sql_server("tomcat10", "10").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mssql_jdbc_on_11() {
    on_sql_server("tomcat11", "11").await;
}

/// The jar of a driver; prints a line and returns `None` if Maven has not fetched it.
fn jar(name: &str) -> Option<String> {
    let found = variable(&format!("TOMCAT_SESSIONS_TEST_{name}_JDBC_JAR"));
    if found.is_none() {
        absent("drivers");
    }
    found
}

async fn on(kind: Kind, home: &str, version: &str, ssl_mode: &str) {
    let (Some(home), Some(jar)) = (tomcat::home(home), jar(&kind.name().to_uppercase())) else { return };
    let Some(db) = Scratch::reserve(kind) else { return };
    let account = Account::provision(&db);
    let url = account.plain_url().replace("ssl-mode=disabled", &format!("ssl-mode={ssl_mode}"));
    let dir = tempfile::tempdir().unwrap();
    let mut config = program(&url);
    config.arg("--password-file").arg(account.password_file());
    written(&mut config, version, dir.path());
    restarts_and_is_read(&home, &jar, dir.path(), &[]);
    account.drop(&db).await;
    db.drop().await;
}

/// With the administrator's account in the URL of the tests: Babelfish cannot create another one in every mode.
async fn on_sql_server(home: &str, version: &str) {
    let (Some(home), Some(jar)) = (tomcat::home(home), jar("MSSQL")) else { return };
    let Some(db) = Scratch::new(Kind::Mssql).await else { return };
    let url = db.direct_url();
    run_successfully(program(&url).args(["init-db", "--no-user", "--apply"]));
    let dir = tempfile::tempdir().unwrap();
    written(&mut program(&url), version, dir.path());
    // Findings about the server are not caused by the configuration.
    restarts_and_is_read(&home, &jar, dir.path(), &["--offline"]);
    db.drop().await;
}

fn written(config: &mut Command, version: &str, dir: &Path) {
    config.args(["tomcat", "config", "--tomcat", version, "--route", "node-7"]);
    run_successfully(config.arg("--output-dir").arg(dir));
}

/// Sessions are saved, loaded after a restart, and listed with `--context-xml`; lint reports only the version of
/// Tomcat.
fn restarts_and_is_read(home: &str, jar: &str, dir: &Path, lint: &[&str]) {
    let conf = dir.join("conf");
    let mut tomcat = Tomcat::start_with_driver(home, &conf, jar);
    let second = Tomcat::start_with_driver(home, &conf, jar);
    let outcome = arrive_at_once([&tomcat, &second]);
    assert_eq!(outcome, Outcome { lost: 0, failed_saves: 0 }, "{home} with {jar}");
    second.stop();
    let alice = tomcat.get("/create?user=alice&bytes=70000", None);
    tomcat.restart();
    let after = tomcat.get("/read", Some(alice.id()));
    assert_eq!(after.status, 200, "{}\n{}", after.body, tomcat.log());
    assert_eq!(after.attributes(), crate::restored(&alice));

    assert!(is_listed(&tomcat, alice.id()));

    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"));
    command.env_clear().args(["tomcat", "lint", "--strict", "--format", "json", "--catalina-home", home]).args(lint);
    let output = command.arg(tomcat.base()).output().unwrap();
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["unchecked"], serde_json::json!([]));
    let of_version = |finding: &&Value| {
        let rule = finding["rule"].as_str().unwrap();
        rule.starts_with("version.") || rule == "jar.unreadable"
    };
    let others = found["findings"].as_array().unwrap().iter().filter(|finding| !of_version(finding));
    assert_eq!(others.collect::<Vec<_>>(), Vec::<&Value>::new());
    removes_what_has_expired(&mut tomcat, &conf);
    tomcat.stop();
    assert!(!tomcat.log().contains("SEVERE"), "{}", tomcat.log());
}

fn is_listed(tomcat: &Tomcat, id: &str) -> bool {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"));
    command.env_clear().args(["list", "--format", "json", "--limit", "0", "--context-xml"]);
    let output = run_successfully(command.arg(tomcat.base().join("conf/context.xml"))).stdout;
    let listed: Value = serde_json::from_slice(&output).unwrap();
    listed.as_array().unwrap().iter().any(|row| row["session_id"] == id)
}

/// Tomcat's own background process finds a session that expired while it was stopped, with its own query, and removes
/// it; here it runs every second instead of once per minute.
fn removes_what_has_expired(tomcat: &mut Tomcat, conf: &Path) {
    let bob = tomcat.get("/create?user=bob&inactive=2", None);
    assert!(is_listed(tomcat, bob.id()));
    for (file, from, to) in [
        ("context.xml", "processExpiresFrequency=\"6\"", "processExpiresFrequency=\"1\""),
        ("server.xml", "<Engine ", "<Engine backgroundProcessorDelay=\"1\" "),
    ] {
        let text = std::fs::read_to_string(conf.join(file)).unwrap();
        assert!(text.contains(from), "{file}: {text}");
        std::fs::write(conf.join(file), text.replace(from, to)).unwrap();
    }
    tomcat.restart();
    let begun = Instant::now();
    while is_listed(tomcat, bob.id()) {
        assert!(begun.elapsed() < Duration::from_secs(90), "the session is still there\n{}", tomcat.log());
        std::thread::sleep(Duration::from_millis(500));
    }
}

/// The pool looks for the driver in the application too; `tomcat lint` reports it nevertheless.
#[tokio::test(flavor = "multi_thread")]
async fn a_driver_in_an_application() {
    let (Some(home), Some(jar)) = (tomcat::home("tomcat10"), jar("MARIADB")) else { return };
    let Some(db) = Scratch::reserve(Kind::Mariadb) else { return };
    let account = Account::provision(&db);
    let mut tomcat = Tomcat::start_with_application_driver(&home, &account, &jar);
    let alice = tomcat.get("/create?user=alice", None);
    assert_eq!(account.json(&["list"])[0]["session_id"], alice.id());
    tomcat.restart();
    assert_eq!(tomcat.get("/read", Some(alice.id())).attributes(), crate::restored(&alice));

    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"));
    command.env_clear().args(["tomcat", "lint", "--offline", "--format", "json", "--catalina-home", &home]);
    let output = command.arg(tomcat.base()).output().unwrap();
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let of_driver = found["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == "driver.missing");
    assert_eq!(of_driver.expect("the driver is not in lib")["severity"], "warning", "{found}");
    tomcat.stop();
    account.drop(&db).await;
    db.drop().await;
}
