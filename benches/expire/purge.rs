//! Runs a purge, ours or the plain one, and measures it.

use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use sqlx::Executor;

use crate::support::{NOW, Scratch};

#[derive(Debug, Clone, Copy)]
pub struct Purge {
    pub took: Duration,
    pub deleted: u64,
    /// Peak resident memory of the client; zero for a statement that runs on the server.
    pub peak_kb: u64,
}

/// What an administrator would type.
pub async fn one_delete(db: &Scratch) -> Purge {
    let mut connection = db.mysql().await;
    let text = format!(
        "DELETE FROM tomcat_sessions WHERE max_inactive > 0 AND last_access + max_inactive * 1000 < {}",
        NOW.0 - 300_000
    );
    let begun = Instant::now();
    let done = connection.execute(sqlx::raw_sql(&text)).await.unwrap();
    Purge { took: begun.elapsed(), deleted: done.rows_affected(), peak_kb: 0 }
}

/// The program as cron would run it, start, login and all.
pub async fn expire(db: &Scratch) -> Purge {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tomcat-sessions"));
    command
        .args(["expire", "--format", "json", "--quiet", "--allow-clock-skew", "--url", &db.url])
        .env("TOMCAT_SESSIONS_CLOCK", NOW.0.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    tokio::task::spawn_blocking(move || {
        let begun = Instant::now();
        let child = command.spawn().unwrap();
        let status = format!("/proc/{}/status", child.id());
        let (stop, stopped) = mpsc::channel::<()>();
        let watch = std::thread::spawn(move || {
            let mut peak = 0;
            while stopped.recv_timeout(Duration::from_millis(20)) == Err(mpsc::RecvTimeoutError::Timeout) {
                peak = peak.max(high_water(&std::fs::read_to_string(&status).unwrap_or_default()));
            }
            peak
        });
        let output = child.wait_with_output().unwrap();
        let took = begun.elapsed();
        drop(stop);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        Purge { took, deleted: report["deleted"]["sessions"].as_u64().unwrap(), peak_kb: watch.join().unwrap() }
    })
    .await
    .unwrap()
}

/// `VmHWM` of a `/proc/PID/status`, in kB.
fn high_water(status: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
