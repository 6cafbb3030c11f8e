//! Runs the commands in the units and the crontab of `packaging/`.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::store::holding;
use crate::support::guide::has;
use crate::support::{NOW, session};

const CRONTAB: &str = include_str!("../../packaging/cron.d/tomcat-sessions");
const SERVICE: &str = include_str!("../../packaging/systemd/tomcat-sessions-expire.service");
const METRICS: &str = include_str!("../../packaging/systemd/tomcat-sessions-expire.service.d/metrics.conf");
const INSTALLED: &str = "/usr/bin/tomcat-sessions";

/// Runs a line in a shell like cron, with the program under test instead of the installed one.
fn sh(line: &str, url: &str, credentials: &Path) -> Output {
    assert!(line.contains(INSTALLED), "{line}");
    let line = line
        .replace(INSTALLED, assert_cmd::cargo::cargo_bin!("tomcat-sessions").to_str().unwrap())
        .replace("/etc/tomcat-sessions/password", "\"$CREDENTIALS_DIRECTORY\"/password");
    Command::new("/bin/sh")
        .args(["-c", &line])
        .env_clear()
        .env("TOMCAT_SESSIONS_URL", url)
        .env("CREDENTIALS_DIRECTORY", credentials)
        .output()
        .unwrap()
}

fn line<'a>(text: &'a str, before: &str) -> &'a str {
    text.lines().find_map(|line| line.strip_prefix(before)).unwrap_or_else(|| panic!("no line begins with {before}"))
}

/// A password file that only its owner can read, as systemd provides it.
fn credentials() -> TempDir {
    let dir = TempDir::new().unwrap();
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(dir.path().join("password")).unwrap();
    file.write_all(b"nobody asks SQLite's\n").unwrap();
    dir
}

#[tokio::test]
async fn systemd_and_cron_delete_expired_sessions_and_report_problems() {
    let credentials = credentials();
    for command in [line(CRONTAB, "* * * * * tomcat-sessions "), line(SERVICE, "ExecStart=")] {
        let db = holding(&[
            session("/Catalina/localhost/demo", "E1", 1800, 1_000_000),
            session("/Catalina/localhost/demo", "LIVE", 1800, 4_000_000_000_000),
        ])
        .await;
        let done = sh(command, &db.url, credentials.path());
        assert_eq!(done.status.code(), Some(0), "{command}: {done:?}");
        // Cron mails both streams.
        assert!(done.stderr.is_empty() && done.stdout.is_empty(), "{command}: {done:?}");
        assert_eq!(db.open().await.count_expired(NOW, None).await.unwrap(), (1, 0), "{command}");

        let missing = sh(command, "sqlite:/nowhere/at/all.db", credentials.path());
        assert_eq!(missing.status.code(), Some(10), "{command}: {missing:?}");
        assert!(!missing.stderr.is_empty(), "{command}");
    }
}

/// The drop-in adds an option to the service's command line.
#[tokio::test]
async fn the_drop_in_writes_metrics() {
    let credentials = credentials();
    let db = holding(&[session("/Catalina/localhost/demo", "E1", 1800, 1_000_000)]).await;
    let option = line(METRICS, "Environment=METRICS=");
    let directory = line(METRICS, "ReadWritePaths=");
    assert!(option.contains(directory), "{option}");
    let option = option.replace(directory, credentials.path().to_str().unwrap());
    let command = line(SERVICE, "ExecStart=").replace("$METRICS", &option);
    assert!(command.contains(&option), "{command}");
    let done = sh(&command, &db.url, credentials.path());
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    let text = std::fs::read_to_string(credentials.path().join("tomcat_sessions_expire.prom")).unwrap();
    assert!(crate::support::prometheus::samples(&text).keys().any(|series| series.contains("_expire_success")));
    let rules = include_str!("../../packaging/prometheus/tomcat-sessions.rules.yml");
    let named = rules.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    for name in named.filter(|word| word.starts_with("tomcat_sessions_")) {
        assert!(text.contains(&format!("# HELP {name} ")), "{name}");
    }
}

#[test]
fn the_units_are_what_systemd_understands() {
    if !has("systemd-analyze") {
        return;
    }
    let dir = TempDir::new().unwrap();
    // It looks for the program, which is not installed here.
    std::fs::write(dir.path().join("tomcat-sessions-expire.service"), SERVICE.replace(INSTALLED, "/bin/true")).unwrap();
    let drop_in = dir.path().join("tomcat-sessions-expire.service.d");
    std::fs::create_dir(&drop_in).unwrap();
    std::fs::write(drop_in.join("metrics.conf"), METRICS).unwrap();
    let timer = include_str!("../../packaging/systemd/tomcat-sessions-expire.timer");
    std::fs::write(dir.path().join("tomcat-sessions-expire.timer"), timer).unwrap();
    let verified = Command::new("systemd-analyze")
        .args(["verify", "--man=no", "./tomcat-sessions-expire.service", "./tomcat-sessions-expire.timer"])
        .current_dir(dir.path())
        .output()
        .unwrap();
    let output_text = String::from_utf8_lossy(&verified.stderr);
    assert!(verified.status.success() && !output_text.contains("tomcat-sessions-expire"), "{output_text}");
}
