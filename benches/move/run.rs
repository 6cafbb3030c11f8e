//! Runs a program, ours or theirs, and measures it.

use std::process::Command;
use std::time::Duration;

use crate::support::NOW;
use crate::watched::watched;

#[derive(Debug, Clone, Copy)]
pub struct Run {
    pub took: Duration,
    /// Peak resident memory of our process; of theirs, that of the shell.
    pub peak_kb: u64,
}

/// Runs the program under test.
pub async fn ours(args: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tomcat-sessions"));
    command.args(args).args(["--format", "json", "--quiet"]).env("TOMCAT_SESSIONS_CLOCK", NOW.0.to_string());
    measure(command).await
}

/// Runs a pipeline of the shell's.
pub async fn theirs(line: &str) -> Run {
    let mut command = Command::new("bash");
    command.args(["-c", &format!("set -o pipefail; {line}")]);
    measure(command).await
}

/// The run of the middle, with the highest peak of all.
pub fn median(runs: &mut [Run]) -> Run {
    runs.sort_by_key(|run| run.took);
    Run { peak_kb: runs.iter().map(|run| run.peak_kb).max().unwrap(), ..runs[runs.len() / 2] }
}

async fn measure(command: Command) -> Run {
    let (_, took, peak_kb) = watched(command).await;
    Run { took, peak_kb }
}
