//! Our commands and their peers, in turns, on one table, in one session: what `benches/run` runs, on
//! the servers that `tests/servers` started.
//!
//! ```text
//! cargo bench --bench peers -- [--quick] [--rows 300000] [--rounds 3] [--only JOB,…]
//!                              [--data text] [--engine mariadb] [--program FILE] [--baseline FILE] [--dir DIR]
//!                              [--out FILE]
//! ```
//!
//! Each program is run as one would type it: ours speaks TLS, MariaDB's clients plain TCP, MySQL's and PostgreSQL's
//! TLS.
//! What is said on the way goes to stderr; the figures, as Markdown, to FILE after each job and to
//! stdout at the end. A job that fails is reported, and the next one begins. `benches/RESULTS.md` keeps
//! full runs.
//!
//! | module | holds |
//! |---|---|
//! | `plan` | what was asked for, and the jobs |
//! | `client` | a connection of the driver's, to either kind of server |
//! | `seed` | the table, made from a seed, and copies of it |
//! | `tomcat_writer` | a client that saves as Tomcat does, beside the work |
//! | `server` | how long a server works on when it has answered |
//! | `tools` | the programs of others: whether they are there, how they are typed |
//! | `run` | one program run and measured; several in turns |
//! | `report` | figures, goals, Markdown |
//! | `jobs` | what is measured, a file a job |

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a benchmark prints, reads the clock, and fails by panicking"
)]

mod client;
mod jobs;
mod plan;
mod report;
mod run;
mod seed;
mod server;
#[path = "../../tests/support/mod.rs"]
mod support;
mod tomcat_writer;
mod tools;

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use plan::Plan;
use report::Report;
use seed::Seed;
use support::Scratch;
use tools::Tools;

/// What every job is given.
pub struct Bench {
    pub plan: Plan,
    pub tools: Tools,
    pub report: Report,
    pub seed: Seed,
    /// Where archives and dumps go; removed at the end.
    pub dir: tempfile::TempDir,
}

impl Bench {
    /// Says how far the session is.
    pub fn say(&self, what: &str) {
        eprintln!("bench: {:5.0} s  {what}", self.report.begun.elapsed().as_secs_f64());
    }

    /// A file of this session.
    pub fn file(&self, name: &str) -> String {
        self.dir.path().join(name).display().to_string()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let plan = match Plan::from_args(std::env::args().skip(1)) {
        Ok(plan) => plan,
        Err(message) => {
            eprintln!("{message}");
            std::process::exit(2);
        }
    };
    run::PROGRAM.get_or_init(|| plan.program.clone());
    let Some(db) = Scratch::new(plan.engine).await else { std::process::exit(1) };
    let mut bench = Bench {
        tools: Tools::look(plan.engine),
        report: Report::new(&plan, &db).await,
        seed: Seed::new(db, plan.contents).await,
        dir: tempfile::Builder::new().prefix("bench.").tempdir_in(&plan.dir).unwrap(),
        plan,
    };
    for job in bench.plan.jobs.clone() {
        bench.say(&format!("{}: {}", job.name, job.about));
        let begun = Instant::now();
        if let Err(panic) = AssertUnwindSafe((job.run)(&mut bench)).catch_unwind().await {
            bench.report.failed(job.name, message(&*panic));
        }
        bench.report.took(job.name, begun.elapsed());
        std::fs::write(&bench.plan.out, bench.report.markdown(&bench.tools)).unwrap();
    }
    bench.say(&format!("the figures are in {}", bench.plan.out.display()));
    print!("{}", bench.report.markdown(&bench.tools));
    bench.seed.db.drop().await;
}

/// What a panic said.
fn message(panic: &(dyn std::any::Any + Send)) -> &str {
    let owned = panic.downcast_ref::<String>().map(String::as_str);
    owned.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("for a reason that it did not tell")
}

/// Seconds, for a table.
fn seconds(took: Duration) -> String {
    let seconds = took.as_secs_f64();
    if seconds < 10.0 { format!("{seconds:.2}") } else { format!("{seconds:.1}") }
}

fn megabytes(bytes: u64) -> String {
    format!("{:.0}", bytes as f64 / 1e6)
}
