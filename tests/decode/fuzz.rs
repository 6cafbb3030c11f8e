//! A loop over generated inputs, each of which is read within limits of time and memory.
//!
//! `TOMCAT_SESSIONS_FUZZ_SECONDS=600` sets the duration. Each round has its own seed, one higher than that of the round
//! before; `TOMCAT_SESSIONS_FUZZ_SEED` starts with the seed that a failure prints.

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use fastrand::Rng;

use super::support::variable;

/// Limit for the processor time of a round, in an unoptimized build.
const LONGEST: Duration = Duration::from_secs(60);
/// Limit for the memory that a round may add, in MiB.
const LARGEST: u64 = 1_024;
/// Time after which a round is considered to hang.
const HANGS: Duration = Duration::from_secs(600);

/// The rounds of a run, and the most expensive of them.
#[derive(Debug, Default)]
pub struct Summary {
    pub rounds: u64,
    pub longest: Duration,
    pub largest_mib: u64,
}

/// Runs `round` at least this many times. A round that panics, or takes too much time or memory, fails, and its seed is
/// printed.
pub fn run(name: &'static str, least: u64, mut round: impl FnMut(&mut Rng)) -> Summary {
    let number = |name: &str| variable(name).and_then(|n| n.parse::<u64>().ok());
    let seconds = number("TOMCAT_SESSIONS_FUZZ_SECONDS").unwrap_or(0);
    let first = number("TOMCAT_SESSIONS_FUZZ_SEED").unwrap_or(if seconds == 0 { 7 } else { fastrand::u64(..1 << 48) });
    let until = Instant::now() + Duration::from_secs(seconds);
    let at = watched(name, first);
    let mut summary = Summary::default();
    let mut told = Instant::now();
    while summary.rounds < least || Instant::now() < until {
        let seed = first.wrapping_add(summary.rounds);
        at.store(seed, Ordering::Relaxed);
        let (before, since) = (reset_peak_mib(), processor_time());
        let outcome = catch_unwind(AssertUnwindSafe(|| round(&mut Rng::with_seed(seed))));
        let (took, grown) = (processor_time() - since, peak_mib().saturating_sub(before));
        let fail = |what: String| panic!("{name}: TOMCAT_SESSIONS_FUZZ_SEED={seed} {what}");
        if outcome.is_err() {
            fail("fails".to_owned());
        }
        if took > LONGEST {
            fail(format!("takes {took:?}"));
        }
        if grown > LARGEST {
            fail(format!("takes {grown} MiB"));
        }
        summary.rounds += 1;
        summary.longest = summary.longest.max(took);
        summary.largest_mib = summary.largest_mib.max(grown);
        if told.elapsed() > Duration::from_secs(60) {
            told = Instant::now();
            say(&format!("{name}: TOMCAT_SESSIONS_FUZZ_SEED={seed}, {summary:?}"));
        }
    }
    at.store(u64::MAX, Ordering::Relaxed);
    say(&format!("{name}: from TOMCAT_SESSIONS_FUZZ_SEED={first}, {summary:?}"));
    summary
}

/// Ends the process if a round hangs, and prints its seed; the returned value holds the seed of the current round.
fn watched(name: &'static str, first: u64) -> Arc<AtomicU64> {
    let at = Arc::new(AtomicU64::new(first));
    let seen = Arc::clone(&at);
    std::thread::spawn(move || {
        let (mut last, mut since) = (first, Instant::now());
        while last != u64::MAX {
            std::thread::sleep(Duration::from_millis(500));
            let now = seen.load(Ordering::Relaxed);
            if now != last {
                (last, since) = (now, Instant::now());
            } else if since.elapsed() > HANGS {
                say(&format!("{name}: TOMCAT_SESSIONS_FUZZ_SEED={last} hangs"));
                std::process::abort();
            }
        }
    });
    at
}

/// Without a print macro, whose output the test harness hides for passed and aborted tests.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// The processor time of this thread, which does not depend on the load of the machine.
pub fn processor_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())
}

/// The peak memory of the process, in MiB.
fn peak_mib() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<u64>().unwrap() >> 10
}

/// Resets the peak if the system supports it, and returns it.
fn reset_peak_mib() -> u64 {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    peak_mib()
}

/// Changes a byte string in a few places: `words` are inserted, and parts of it are moved and repeated.
pub fn mutate(bytes: &mut Vec<u8>, words: &[&str], random: &mut Rng) {
    for _ in 0..random.usize(1..6) {
        let at = random.usize(..=bytes.len());
        match random.u8(..12) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.u8(..8),
            1 if at < bytes.len() => bytes[at] = random.u8(..),
            2 => {
                let end = (at + random.usize(..32)).min(bytes.len());
                bytes.drain(at..end);
            }
            3 => bytes.truncate(at.max(1)),
            4 | 5 => {
                let piece = piece(bytes, random);
                let times = if random.u8(..16) == 0 { random.usize(..500) } else { random.usize(..4) };
                bytes.splice(at..at, piece.repeat(times));
            }
            _ => {
                let word = words[random.usize(..words.len())];
                bytes.splice(at..at, word.bytes());
            }
        }
    }
}

fn piece(bytes: &[u8], random: &mut Rng) -> Vec<u8> {
    let from = random.usize(..=bytes.len());
    bytes[from..(from + random.usize(..80)).min(bytes.len())].to_vec()
}
