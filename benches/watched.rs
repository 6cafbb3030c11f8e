//! Runs a program and watches its memory (Linux).

use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Runs `command` to its end; returns what it wrote, how long it took, and its peak resident memory in kB.
pub async fn watched(mut command: Command) -> (Output, Duration, u64) {
    tokio::task::spawn_blocking(move || {
        let begun = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let process = child.id().to_string();
        let (stop, stopped) = mpsc::channel::<()>();
        let watch = std::thread::spawn(move || {
            let mut peak = 0;
            while stopped.recv_timeout(Duration::from_millis(20)) == Err(mpsc::RecvTimeoutError::Timeout) {
                peak = peak.max(high_water(&process));
            }
            peak
        });
        let output = child.wait_with_output().unwrap();
        let took = begun.elapsed();
        drop(stop);
        assert!(output.status.success(), "{command:?}: {:.2000}", String::from_utf8_lossy(&output.stderr));
        (output, took, watch.join().unwrap())
    })
    .await
    .unwrap()
}

/// The most memory that a process has had, in kB; zero once it is gone.
fn high_water(process: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
