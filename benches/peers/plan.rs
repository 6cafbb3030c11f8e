//! What was asked for.

use std::path::PathBuf;

use crate::jobs::{JOBS, Job};
use crate::seed::Contents;
use crate::support::Kind;

pub struct Plan {
    /// Sessions of the table that most jobs work on.
    pub rows: u64,
    /// Sessions of the largest one.
    pub large: u64,
    /// How often each contender runs; the median counts.
    pub rounds: usize,
    pub jobs: Vec<&'static Job>,
    /// What the sessions hold.
    pub contents: Contents,
    /// Whose table it is.
    pub engine: Kind,
    pub quick: bool,
    pub dir: PathBuf,
    pub out: PathBuf,
    /// What is measured as ours.
    pub program: PathBuf,
    /// An earlier build of it, for the job that measures both in turns.
    pub baseline: Option<PathBuf>,
}

const USAGE: &str = "\
usage: benches/run [OPTIONS]

  --quick          a small table and one round: minutes in the place of an hour; indicative
  --rows N         sessions of the table (300000; quick: 10000)
  --rounds N       runs of each contender, of which the median counts (3; quick: 1)
  --only JOB,…     these jobs alone
  --data KIND      what the sessions hold: text, or random, where every second attribute is random bytes (text)
  --engine NAME    whose table is purged, listed and counted: mariadb, mysql or postgres (mariadb); the jobs
                   that need the tools of MariaDB are left out with the others
  --dir DIR        where archives and dumps go; room for six times the table (the temporary directory)
  --program FILE   what is measured as ours (the program built from this source)
  --baseline FILE  an earlier build of it: the job `baseline` measures both in turns
  --out FILE       where the figures go (bench.md in target/)

jobs:
";

impl Plan {
    /// Reads the arguments; `--bench` is cargo's own.
    pub fn from_args(args: impl Iterator<Item = String>) -> Result<Plan, String> {
        let (mut rows, mut rounds) = (None, None);
        let mut plan = Plan {
            rows: 0,
            large: 0,
            rounds: 0,
            jobs: JOBS.iter().collect(),
            contents: Contents::Text,
            engine: Kind::Mariadb,
            quick: false,
            dir: std::env::temp_dir(),
            out: PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("bench.md"),
            program: env!("CARGO_BIN_EXE_tomcat-sessions").into(),
            baseline: None,
        };
        let mut args = args.filter(|arg| arg != "--bench");
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
            match arg.as_str() {
                "--quick" => plan.quick = true,
                "--rows" => rows = Some(number(&value()?)?),
                "--rounds" => rounds = Some(number(&value()?)? as usize),
                "--only" => plan.jobs = chosen(&value()?)?,
                "--data" => plan.contents = contents(&value()?)?,
                "--engine" => plan.engine = engine(&value()?)?,
                "--dir" => plan.dir = value()?.into(),
                "--program" => plan.program = value()?.into(),
                "--baseline" => plan.baseline = Some(value()?.into()),
                "--out" => plan.out = value()?.into(),
                "--help" | "-h" => {
                    print!("{}", usage());
                    std::process::exit(0);
                }
                other => return Err(format!("`{other}` is no option of this benchmark\n\n{}", usage())),
            }
        }
        if plan.baseline.is_none() {
            if plan.jobs.len() < JOBS.len() && plan.jobs.iter().any(|job| job.name == "baseline") {
                return Err(format!("the job `baseline` needs --baseline FILE\n\n{}", usage()));
            }
            plan.jobs.retain(|job| job.name != "baseline");
        }
        plan.rows = rows.unwrap_or(if plan.quick { 10_000 } else { 300_000 });
        plan.rounds = rounds.unwrap_or(if plan.quick { 1 } else { 3 });
        // 300,000 makes it a million.
        plan.large = plan.rows * 10 / 3;
        Ok(plan)
    }
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().ok().filter(|n| *n > 0).ok_or_else(|| format!("`{text}` is no number of at least one"))
}

fn contents(name: &str) -> Result<Contents, String> {
    [Contents::Text, Contents::Random]
        .into_iter()
        .find(|contents| contents.name() == name)
        .ok_or_else(|| format!("`{name}` is neither text nor random"))
}

fn engine(name: &str) -> Result<Kind, String> {
    [Kind::Mariadb, Kind::Mysql, Kind::Postgres]
        .into_iter()
        .find(|kind| kind.name() == name)
        .ok_or_else(|| format!("`{name}` is none of mariadb, mysql and postgres"))
}

/// In the order of [`JOBS`]: those that want a larger table come last.
fn chosen(names: &str) -> Result<Vec<&'static Job>, String> {
    let names: Vec<&str> = names.split(',').collect();
    match names.iter().find(|name| JOBS.iter().all(|job| job.name != **name)) {
        Some(name) => Err(format!("`{name}` is no job\n\n{}", usage())),
        None => Ok(JOBS.iter().filter(|job| names.contains(&job.name)).collect()),
    }
}

fn usage() -> String {
    JOBS.iter().fold(USAGE.to_owned(), |text, job| format!("{text}  {:<16} {}\n", job.name, job.about))
}
