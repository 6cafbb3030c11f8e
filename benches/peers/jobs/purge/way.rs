//! The ways to purge a table.

use std::time::Instant;

use sqlx::Executor as _;

use crate::run::{Outcome, Run, ours, theirs};
use crate::seed::EXPIRED;
use crate::support::Scratch;
use crate::tools::dsn;

#[derive(Debug, Clone, Copy)]
pub enum Way {
    OneDelete,
    Loop,
    /// pt-archiver, with these options.
    Archiver(&'static str),
    /// Ours, with these options.
    Expire(&'static [&'static str]),
}

impl Way {
    /// The modes of pt-archiver; by row it commits every thousand rows, as `--bulk-delete` does not.
    pub const ARCHIVERS: [Way; 4] = [
        Way::Archiver("--limit 1000 --txn-size 1000"),
        Way::Archiver("--limit 1000 --bulk-delete"),
        Way::Archiver("--limit 1000 --bulk-delete --commit-each"),
        Way::Archiver("--limit 1000 --bulk-delete --commit-each --primary-key-only"),
    ];

    /// Ours as it is, with pauses while the server is busy, and without.
    pub const OURS: Way = Way::Expire(&[]);
    pub const FAST: Way = Way::Expire(&["--fast"]);

    pub fn name(self) -> String {
        match self {
            Way::OneDelete => "one DELETE".to_owned(),
            Way::Loop => "DELETE … LIMIT 10000 in a loop".to_owned(),
            Way::Archiver(options) => format!("pt-archiver {options}"),
            Way::Expire(options) => format!("`{}`", [&["expire"], options].concat().join(" ")),
        }
    }

    pub async fn run(self, db: &Scratch) -> Outcome {
        match self {
            Way::OneDelete => deleted(db, "").await,
            Way::Loop => deleted(db, " LIMIT 10000").await,
            Way::Archiver(options) => {
                let source = dsn(db);
                theirs(&format!(
                    "pt-archiver --source {source} --purge --where '{EXPIRED}' {options} --no-check-charset"
                ))
                .await
                .map(|run| Run { peak_kb: 0, ..run })
            }
            Way::Expire(options) => Ok(expire(db, options).await),
        }
    }
}

/// What an administrator would type; with a limit, until nothing is left.
async fn deleted(db: &Scratch, limit: &str) -> Outcome {
    let mut connection = db.mysql().await;
    let text = format!("DELETE FROM tomcat_sessions WHERE {EXPIRED}{limit}");
    let begun = Instant::now();
    loop {
        let done = connection.execute(sqlx::raw_sql(&text)).await.map_err(|error| error.to_string())?;
        if limit.is_empty() || done.rows_affected() == 0 {
            return Ok(Run { took: begun.elapsed(), ..Run::default() });
        }
    }
}

/// The program as a timer would run it, start, login and all.
pub async fn expire(db: &Scratch, options: &[&str]) -> Run {
    ours(&[&["expire", "--quiet", "--allow-clock-skew", "--url", &db.url], options].concat()).await
}
