//! A loop of generated inputs, each of which is read within bounds of time and memory.
//!
//! `TOMCAT_SESSIONS_FUZZ_SECONDS=600` goes on for so long. Each round has a seed of its own, one more than
//! the round before it: `TOMCAT_SESSIONS_FUZZ_SEED` begins at the one that a failure names.

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use fastrand::Rng;

use super::support::variable;

/// Time of the processor that a round may take, in an unoptimized build.
const LONGEST: Duration = Duration::from_secs(60);
/// MiB that a round may add to what the process holds.
const LARGEST: u64 = 1_024;
/// A round that has not ended after so long never will.
const HANGS: Duration = Duration::from_secs(600);

/// The rounds of a run, and the costliest of them.
#[derive(Debug, Default)]
pub struct Summary {
    pub rounds: u64,
    pub longest: Duration,
    pub largest_mib: u64,
}

/// Runs `round` at least so often. A round that panics, that takes too long or too much memory fails, and
/// its seed is named.
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
        let (before, since) = (peak_mib_from_here(), processor_time());
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

/// Ends the process where a round never ends, and names it; the result is where the round's seed goes.
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

/// Not by a macro for printing, whose text the harness keeps from a test that passes or aborts.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// What this thread has had of the processor; a busy machine adds nothing to it.
pub fn processor_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())
}

/// The most memory that the process has held, in MiB.
fn peak_mib() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<u64>().unwrap() >> 10
}

/// The same, counted anew from here where the system allows it.
fn peak_mib_from_here() -> u64 {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    peak_mib()
}

/// Changes a text of bytes in a few places; `words` are put in, and pieces of it are moved and repeated.
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
