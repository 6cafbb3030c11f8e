//! What is measured: a file a job, a row here.

mod baseline;
mod export;
mod few_expired;
mod import;
mod list_stats;
mod memory;
mod migrate;
mod mssql;
mod postgres;
mod purge;
mod read_lower_bound;
mod save_latency;
mod scale;
mod startup;
mod swap;

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;

use crate::Bench;

/// A job, by the name that `--only` knows.
pub struct Job {
    pub name: &'static str,
    pub about: &'static str,
    pub run: for<'a> fn(&'a mut Bench) -> LocalBoxFuture<'a, ()>,
}

/// In the order in which they run: those that want a larger table come last.
pub const JOBS: [Job; 15] = [
    Job {
        name: "baseline",
        about: "our commands beside an earlier build of them (--baseline)",
        run: |b| baseline::run(b).boxed_local(),
    },
    Job {
        name: "read-lower-bound",
        about: "time in which the server's own client reads the table",
        run: |b| read_lower_bound::run(b).boxed_local(),
    },
    Job {
        name: "list-stats",
        about: "list and stats beside the same asked in SQL",
        run: |b| list_stats::run(b).boxed_local(),
    },
    Job { name: "export", about: "export beside mariadb-dump and sling", run: |b| export::run(b).boxed_local() },
    Job { name: "import", about: "import beside the client and LOAD DATA", run: |b| import::run(b).boxed_local() },
    Job { name: "migrate", about: "migrate beside dumps, sling, pt-archiver", run: |b| migrate::run(b).boxed_local() },
    Job { name: "mssql", about: "import into SQL Server, by rows and in bulk", run: |b| mssql::run(b).boxed_local() },
    Job {
        name: "postgres",
        about: "purge, export, import and migrate on PostgreSQL",
        run: |b| postgres::run(b).boxed_local(),
    },
    Job { name: "purge", about: "expire beside DELETE and pt-archiver", run: |b| purge::run(b).boxed_local() },
    Job { name: "swap", about: "swap-out beside expire of the same rows", run: |b| swap::run(b).boxed_local() },
    Job {
        name: "save-latency",
        about: "latency of saves while each command runs",
        run: |b| save_latency::run(b).boxed_local(),
    },
    Job { name: "memory", about: "peaks on a table of 16 MB sessions", run: |b| memory::run(b).boxed_local() },
    Job { name: "scale", about: "time a row at a third, once and 3.3 times", run: |b| scale::run(b).boxed_local() },
    Job {
        name: "few-expired",
        about: "expire of 1,000 among 3.3 times as many",
        run: |b| few_expired::run(b).boxed_local(),
    },
    Job { name: "startup", about: "--help, a wrong usage, list --limit 20", run: |b| startup::run(b).boxed_local() },
];

/// What a list shows of each session.
const COLUMNS: &str =
    "SELECT session_id, app_name, valid_session, max_inactive, last_access, LENGTH(session_data) FROM tomcat_sessions";

/// A query of the seed's table by the server's own client, as it is typed, its answer in a file.
fn asked(bench: &Bench, query: &str, file: &str) -> String {
    let Bench { tools, plan, seed, .. } = bench;
    format!(
        "{} --quick --batch --skip-column-names {} -e \"{query}\" > {file}",
        tools.client(plan.engine),
        seed.db.database
    )
}
