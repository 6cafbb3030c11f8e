//! Runs a program, ours or theirs, and measures it.

use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::support::NOW;

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
    watched(command).await
}

/// Runs a pipeline of the shell's.
pub async fn theirs(line: &str) -> Run {
    let mut command = Command::new("bash");
    command.args(["-c", &format!("set -o pipefail; {line}")]);
    watched(command).await
}

/// The run of the middle, with the highest peak of all.
pub fn median(runs: &mut [Run]) -> Run {
    runs.sort_by_key(|run| run.took);
    Run { peak_kb: runs.iter().map(|run| run.peak_kb).max().unwrap(), ..runs[runs.len() / 2] }
}

async fn watched(mut command: Command) -> Run {
    tokio::task::spawn_blocking(move || {
        let begun = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
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
        assert!(output.status.success(), "{command:?}: {:.2000}", String::from_utf8_lossy(&output.stderr));
        Run { took, peak_kb: watch.join().unwrap() }
    })
    .await
    .unwrap()
}

/// `VmHWM` of a `/proc/PID/status`, in kB.
fn high_water(status: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
