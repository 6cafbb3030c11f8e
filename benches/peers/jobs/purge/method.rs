//! The methods to purge a table.

use std::time::Instant;

use crate::client::Client;
use crate::run::{Outcome, Run, ours, theirs};
use crate::seed::EXPIRED;
use crate::support::{Kind, Scratch};
use crate::tools::dsn;

#[derive(Debug, Clone, Copy)]
pub enum PurgeMethod {
    OneDelete,
    Loop,
    /// pt-archiver, with these options.
    Archiver(&'static str),
    /// Ours, with these options.
    Expire(&'static [&'static str]),
}

impl PurgeMethod {
    /// The modes of pt-archiver; by row it commits every thousand rows, as `--bulk-delete` does not.
    pub const ARCHIVERS: [PurgeMethod; 4] = [
        PurgeMethod::Archiver("--limit 1000 --txn-size 1000"),
        PurgeMethod::Archiver("--limit 1000 --bulk-delete"),
        PurgeMethod::Archiver("--limit 1000 --bulk-delete --commit-each"),
        PurgeMethod::Archiver("--limit 1000 --bulk-delete --commit-each --primary-key-only"),
    ];

    /// Ours as it is, with pauses while the server is busy, and without.
    pub const OURS: PurgeMethod = PurgeMethod::Expire(&[]);
    pub const FAST: PurgeMethod = PurgeMethod::Expire(&["--fast"]);

    pub fn name(self) -> String {
        match self {
            PurgeMethod::OneDelete => "one DELETE".to_owned(),
            PurgeMethod::Loop => "DELETE of 10000 in a loop".to_owned(),
            PurgeMethod::Archiver(options) => format!("pt-archiver {options}"),
            PurgeMethod::Expire(options) => format!("`{}`", [&["expire"], options].concat().join(" ")),
        }
    }

    pub async fn run(self, db: &Scratch) -> Outcome {
        match self {
            PurgeMethod::OneDelete => deleted(db, false).await,
            PurgeMethod::Loop => deleted(db, true).await,
            PurgeMethod::Archiver(options) => {
                let source = dsn(db);
                theirs(&format!(
                    "pt-archiver --source {source} --purge --where '{EXPIRED}' {options} --no-check-charset"
                ))
                .await
                .map(|run| Run { peak_kb: 0, ..run })
            }
            PurgeMethod::Expire(options) => Ok(expire(db, options).await),
        }
    }
}

/// What an administrator would type, at once or by ten thousand until nothing is left.
async fn deleted(db: &Scratch, in_a_loop: bool) -> Outcome {
    let mut connection = Client::of(db).await;
    let text = match (in_a_loop, db.kind) {
        (false, _) => format!("DELETE FROM tomcat_sessions WHERE {EXPIRED}"),
        // It has no LIMIT for a DELETE.
        (true, Kind::Postgres) => format!(
            "DELETE FROM tomcat_sessions WHERE ctid = ANY (ARRAY(SELECT ctid FROM tomcat_sessions WHERE {EXPIRED} LIMIT 10000))"
        ),
        (true, _) => format!("DELETE FROM tomcat_sessions WHERE {EXPIRED} LIMIT 10000"),
    };
    let begun = Instant::now();
    loop {
        let done = connection.run(&text).await.map_err(|error| error.to_string())?;
        if !in_a_loop || done == 0 {
            return Ok(Run { took: begun.elapsed(), ..Run::default() });
        }
    }
}

/// The program as a timer would run it, start, login and all.
pub async fn expire(db: &Scratch, options: &[&str]) -> Run {
    ours(&[&["expire", "--quiet", "--allow-clock-skew", "--url", &db.url], options].concat()).await
}
