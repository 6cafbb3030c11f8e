//! How fast sessions are decoded on one core, beside a JVM's ObjectInputStream on the same bytes:
//! `cargo bench --bench decode [SECONDS]`. The JVM's part, and sessions of 2 KB, need a JDK;
//! without one, only the sessions of the tests' sample are read.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and fails by panicking")]

use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use base64::Engine;
use tomcat_sessions::javaser::{Limits, decode};

fn main() {
    let seconds = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(5);
    let sample = sample();
    report("the tests' sample", &sample, rate(&sample, seconds));
    let Some((sessions, jvm)) = java(seconds) else {
        println!("no JDK: sessions of 2 KB and the JVM's rate are left out");
        return;
    };
    let ours = rate(&sessions, seconds);
    report("sessions of 2 KB", &sessions, ours);
    report("the same in a JVM", &sessions, jvm);
    println!("this decoder is {:.1} times as fast as ObjectInputStream", ours / jvm);
}

fn report(what: &str, sessions: &[Vec<u8>], rate: f64) {
    let mean = sessions.iter().map(Vec::len).sum::<usize>() / sessions.len();
    println!("{what:18} {:5.0} MB/s, {:7.0} sessions/s of {mean} bytes", rate / 1e6, rate / mean as f64);
}

/// Bytes a second, of the best fifth of the time: a machine that does other things as well makes
/// some rounds slower and none faster.
fn rate(sessions: &[Vec<u8>], seconds: u64) -> f64 {
    let bytes: usize = sessions.iter().map(Vec::len).sum();
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut rounds = Vec::new();
    while Instant::now() < until {
        let since = Instant::now();
        for session in sessions {
            let decoded = decode(black_box(session), Limits::default()).unwrap();
            assert!(decoded.broken.is_none());
            black_box(&decoded);
        }
        rounds.push(since.elapsed());
    }
    rounds.sort();
    let best = &rounds[..rounds.len().div_ceil(5)];
    (bytes * best.len()) as f64 / best.iter().sum::<Duration>().as_secs_f64()
}

fn sample() -> Vec<Vec<u8>> {
    let text = include_str!("../tests/fixtures/sessions.ndjson");
    let data = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        base64::engine::general_purpose::STANDARD.decode(row["session_data"].as_str().unwrap()).unwrap()
    };
    text.lines().map(data).collect()
}

/// Sessions that a JVM wrote, and the bytes a second in which it reads them.
fn java(seconds: u64) -> Option<(Vec<Vec<u8>>, f64)> {
    let dir = tempfile::TempDir::new().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/java/Decode.java");
    Command::new("javac").arg("-d").arg(dir.path()).arg(source).status().ok()?;
    let file = dir.path().join("sessions");
    let java = |verb: &str| {
        let run = Command::new("java")
            .arg("-cp")
            .arg(dir.path())
            .args(["Decode", verb])
            .arg(&file)
            .arg(seconds.to_string())
            .output();
        let run = run.unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8(run.stdout).unwrap()
    };
    java("write");
    let bytes = std::fs::read(&file).unwrap();
    let mut rest = &bytes[..];
    let mut sessions = Vec::new();
    while let Some((length, more)) = rest.split_first_chunk() {
        let (session, more) = more.split_at(u32::from_be_bytes(*length) as usize);
        sessions.push(session.to_vec());
        rest = more;
    }
    Some((sessions, java("read").trim().parse().unwrap()))
}
