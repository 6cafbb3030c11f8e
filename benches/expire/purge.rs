//! Runs a purge, ours or the plain one, and measures it.

use std::process::Command;
use std::time::{Duration, Instant};

use sqlx::Executor;

use crate::support::{NOW, Scratch};
use crate::watched::watched;

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
    run(db, &["expire"], "deleted").await
}

/// `swap-out` of what `expire` deletes.
pub async fn swap_out(db: &Scratch) -> Purge {
    run(db, &["swap-out", "--max-idle", "12h", "--include-expired"], "moved").await
}

async fn run(db: &Scratch, args: &[&str], counted: &str) -> Purge {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tomcat-sessions"));
    command
        .args(args)
        .args(["--format", "json", "--quiet", "--allow-clock-skew", "--url", &db.url])
        .env("TOMCAT_SESSIONS_CLOCK", NOW.0.to_string());
    let (output, took, peak_kb) = watched(command).await;
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    Purge { took, deleted: report[counted]["sessions"].as_u64().unwrap(), peak_kb }
}
