//! The report of `import`.

use serde::Serialize;

use super::source::ReadSummary;
use crate::endpoint::{Endpoint, Rejected};
use crate::failure::{DONE, PARTLY};
use crate::operations::server_report::ServerReport;
use crate::store::{Loader, SessionStore};
use crate::ui::{Page, Report, count, plural, took};

#[derive(Debug, Serialize)]
pub struct ImportReport {
    pub command: &'static str,
    pub dry_run: bool,
    pub source: String,
    /// URL of the store, without its password.
    pub store: String,
    pub table: String,
    /// The server that answered at the start.
    #[serde(flatten)]
    pub server: ServerReport,
    /// Sessions that were read from the source.
    pub sessions: u64,
    pub filtered: u64,
    pub expired: u64,
    #[serde(flatten)]
    written: WriteCounts,
    pub kept: u64,
    /// Sessions in a transaction whose COMMIT was in progress when the connection was lost.
    pub unconfirmed: u64,
    /// Sessions that a later record of the source replaced.
    pub superseded: u64,
    pub rejected: Vec<Rejected>,
    pub damaged_lines: Vec<String>,
    /// `done`, `interrupted`, `failed`.
    pub ended: &'static str,
    pub took_ms: u64,
}

/// Counts of sessions, named differently in a dry run.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum WriteCounts {
    Done { inserted: u64, replaced: u64 },
    DryRun { would_insert: u64, would_replace: u64 },
}

impl WriteCounts {
    fn new(dry_run: bool, inserted: u64, replaced: u64) -> WriteCounts {
        if dry_run {
            WriteCounts::DryRun { would_insert: inserted, would_replace: replaced }
        } else {
            WriteCounts::Done { inserted, replaced }
        }
    }

    /// Inserted and replaced sessions.
    fn numbers(&self) -> (u64, u64) {
        match *self {
            WriteCounts::Done { inserted, replaced } => (inserted, replaced),
            WriteCounts::DryRun { would_insert, would_replace } => (would_insert, would_replace),
        }
    }
}

impl ImportReport {
    pub fn new(dry_run: bool, source: &Endpoint, store: &SessionStore) -> ImportReport {
        ImportReport {
            command: "import",
            dry_run,
            source: source.to_string(),
            store: store.target().to_string(),
            table: store.names().table.clone(),
            server: ServerReport::of(store),
            sessions: 0,
            filtered: 0,
            expired: 0,
            written: WriteCounts::new(dry_run, 0, 0),
            kept: 0,
            unconfirmed: 0,
            superseded: 0,
            rejected: Vec::new(),
            damaged_lines: Vec::new(),
            ended: "done",
            took_ms: 0,
        }
    }

    pub fn read(&mut self, read: &ReadSummary) {
        self.sessions = read.sessions;
        self.filtered = read.filtered;
        self.expired = read.expired;
        self.rejected.extend(read.rejected.iter().cloned());
        self.damaged_lines.clone_from(&read.damaged);
    }

    pub fn loaded(&mut self, loader: &Loader) {
        self.written = WriteCounts::new(self.dry_run, loader.done.inserted, loader.done.replaced);
        self.kept = loader.done.kept;
        self.superseded = loader.again;
        self.rejected.extend(loader.refused.iter().map(|refused| Rejected::new(&refused.key, refused.reason.as_str())));
    }

    /// The exit code of a complete import.
    pub fn code(&self) -> u8 {
        if self.rejected.is_empty() && self.damaged_lines.is_empty() { DONE } else { PARTLY }
    }
}

impl Report for ImportReport {
    const RECORDS: Option<&'static str> = Some("rejected");

    fn page(&self, page: &mut Page) {
        let verb = if self.dry_run { "Would import" } else { "Imported" };
        let (inserted, replaced) = self.written.numbers();
        let written = inserted + replaced;
        let replacing = if self.dry_run { "would replace existing rows" } else { "replaced existing rows" };
        let mut parts = Vec::new();
        for (n, words) in [
            (replaced, replacing),
            (self.kept, "kept as they are in the table"),
            (self.expired, "expired and skipped"),
            (self.filtered, "excluded by the filters"),
            (self.rejected.len() as u64, "skipped"),
        ] {
            if n > 0 {
                parts.push(format!("{} {words}", count(n)));
            }
        }
        let rest = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
        page.line(format!(
            "{verb} {written} of {}{rest}{}.",
            plural(self.sessions, "session"),
            took(self.dry_run, self.took_ms),
            written = count(written)
        ));
        self.server.line(page);
        if self.unconfirmed > 0 {
            page.line(format!(
                "The connection was lost during a COMMIT: up to {} more may have been written.",
                plural(self.unconfirmed, "session")
            ));
        }
        if !self.damaged_lines.is_empty() {
            page.line("The source is damaged: it may have contained more sessions.");
        }
    }
}
