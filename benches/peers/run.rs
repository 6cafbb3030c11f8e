//! Runs programs, ours or theirs, and measures them.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{OnceLock, mpsc};
use std::time::{Duration, Instant};

use crate::seconds;
use crate::support::NOW;

/// How often the memory of a program is looked at.
const GLANCE: Duration = Duration::from_millis(10);

#[derive(Debug, Clone, Copy, Default)]
pub struct Run {
    pub took: Duration,
    /// Peak resident memory in kB (Linux): of our process, or of the shell that ran theirs.
    pub peak_kb: u64,
    /// Processor time of that process, up to its last glance (Linux).
    pub cpu: Duration,
}

/// A run; of a peer that failed, its last words.
pub type Outcome = Result<Run, String>;

/// Runs the program under test.
///
/// # Panics
/// When it fails.
pub async fn ours(args: &[&str]) -> Run {
    ours_as(PROGRAM.get().expect("the plan was read"), args).await
}

/// Runs another build of it.
///
/// # Panics
/// When it fails.
pub async fn ours_as(build: &Path, args: &[&str]) -> Run {
    run(built(build, args)).await.unwrap_or_else(|words| panic!("`{}` failed: {words}", args[0]))
}

/// The same as [`ours`], with the codes of exit that mean no failure here.
pub async fn ours_ending(args: &[&str], codes: &'static [i32]) -> Run {
    measure(program(args), codes).await.unwrap_or_else(|words| panic!("`{}` failed: {words}", args[0]))
}

/// The same with its output in a file.
pub async fn ours_into(file: &str, args: &[&str]) -> Run {
    let mut command = program(args);
    command.stdout(File::create(file).unwrap());
    run(command).await.unwrap_or_else(|words| panic!("`{}` failed: {words}", args[0]))
}

/// Runs a line of the shell's.
pub async fn theirs(line: &str) -> Outcome {
    let mut command = Command::new("bash");
    command.args(["-c", &format!("set -o pipefail; {line}")]).stdout(Stdio::piped());
    run(command).await
}

/// The program under test, as the plan names it.
pub static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

fn program(args: &[&str]) -> Command {
    built(PROGRAM.get().expect("the plan was read"), args)
}

fn built(build: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(build);
    command.args(args).stdout(Stdio::piped()).env("TOMCAT_SESSIONS_CLOCK", NOW.0.to_string());
    command
}

async fn run(command: Command) -> Outcome {
    measure(command, &[0]).await
}

async fn measure(mut command: Command, codes: &'static [i32]) -> Outcome {
    let measured = tokio::task::spawn_blocking(move || {
        let begun = Instant::now();
        let child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let process = child.id();
        let (stop, stopped) = mpsc::channel::<()>();
        let watch = std::thread::spawn(move || {
            let (mut peak, mut cpu) = (high_water(process), Duration::ZERO);
            while stopped.recv_timeout(GLANCE) == Err(mpsc::RecvTimeoutError::Timeout) {
                peak = peak.max(high_water(process));
                cpu = cpu.max(cpu_time(process));
            }
            (peak, cpu)
        });
        let output = child.wait_with_output().unwrap();
        let took = begun.elapsed();
        drop(stop);
        let (peak_kb, cpu) = watch.join().unwrap();
        if output.status.code().is_some_and(|code| codes.contains(&code)) {
            Ok(Run { took, peak_kb, cpu })
        } else {
            Err(last_words(&output.stderr, &output.stdout))
        }
    });
    measured.await.unwrap()
}

/// The line that says why, as far as that can be told.
fn last_words(stderr: &[u8], stdout: &[u8]) -> String {
    let all = [stdout, b"\n", stderr].concat();
    let text = String::from_utf8_lossy(&all);
    let said = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    // Hints of ours come after the error.
    let line =
        said().rfind(|line| line.starts_with("error:")).or_else(|| said().next_back()).unwrap_or("no word of why");
    // Colours are taken out, and what would end the cell.
    let plain = line.split('\x1b').map(|part| {
        part.strip_prefix('[').map_or(part, |part| part.trim_start_matches(|c: char| c != 'm').trim_start_matches('m'))
    });
    plain.flat_map(str::chars).filter(|c| !c.is_control() && *c != '|').take(200).collect()
}

/// The most memory that a process has had, in kB; zero once it is gone.
fn high_water(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// The processor time of a process, in ticks of 10 ms (proc(5): USER_HZ is 100); zero once it is gone.
fn cpu_time(process: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name of the program, in parentheses, may hold spaces: utime and stime are the 12th and 13th behind it.
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().skip(11).take(2);
    Duration::from_millis(fields.map(|ticks| ticks.parse::<u64>().unwrap_or(0) * 10).sum())
}

/// Runs all contenders `rounds` times, in turns, and returns the median of each; one that failed once is
/// not run again.
pub async fn in_turns<T>(rounds: usize, contenders: &[T], mut run: impl AsyncFnMut(&T) -> Outcome) -> Vec<Outcome> {
    let mut runs: Vec<Result<Vec<Run>, String>> = contenders.iter().map(|_| Ok(Vec::new())).collect();
    for _ in 0..rounds {
        for (contender, runs) in contenders.iter().zip(&mut runs) {
            if let Ok(before) = runs {
                settle().await;
                match run(contender).await {
                    Ok(run) => before.push(run),
                    Err(words) => *runs = Err(words),
                }
            }
        }
    }
    runs.into_iter().map(|runs| runs.map(median)).collect()
}

/// Waits until the disk has what was written before: the next contender should not pay for it.
async fn settle() {
    let synced = tokio::task::spawn_blocking(|| Command::new("sync").status()).await;
    assert!(synced.unwrap().unwrap().success());
}

/// The run of the middle, with the highest peak of all.
pub fn median(mut runs: Vec<Run>) -> Run {
    runs.sort_by_key(|run| run.took);
    let peak_kb = runs.iter().map(|run| run.peak_kb).max().unwrap_or(0);
    Run { peak_kb, ..runs[runs.len() / 2] }
}

/// How long a run took beside another, where both ended well.
pub fn ratio(run: &Outcome, of: &Outcome) -> Option<f64> {
    let (run, of) = (run.as_ref().ok()?, of.as_ref().ok()?);
    Some(run.took.as_secs_f64() / of.took.as_secs_f64())
}

/// The cells that say how long a run took, and how long beside another; or why it failed.
pub fn cells(run: &Outcome, of: &Outcome) -> [String; 2] {
    match run {
        Ok(ended) => [seconds(ended.took), ratio(run, of).map_or_else(String::new, |ratio| format!("{ratio:.2}"))],
        Err(words) => [format!("failed: {words}"), String::new()],
    }
}

/// The cell that says how much memory a run of ours took, in MB; empty if the run ended before the first look.
pub fn peak(run: &Outcome) -> String {
    match run {
        Ok(run) if run.peak_kb > 0 => format!("{:.0}", run.peak_kb as f64 / 1024.0),
        _ => String::new(),
    }
}
