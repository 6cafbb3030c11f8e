//! The report of `prune`.

use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::scan::{DamagedArchive, FoundArchive};
use crate::archive::KeepReason;
use crate::session::EpochMillis;
use crate::ui::{Head, Page, Report, Table, bytes, count, plural, took};

#[derive(Debug, Serialize)]
pub struct PruneReport {
    command: &'static str,
    dry_run: bool,
    dir: String,
    /// Sorted by job, then from new to old.
    archives: Vec<PrunedArchive>,
    pub damaged: Vec<DamagedArchive>,
    /// Archives that `export` did not write, or that cannot be decrypted.
    ignored: u64,
    kept: u64,
    /// In a dry run: the archives that would be deleted.
    deleted: u64,
    deleted_bytes: u64,
    took_ms: u64,
}

/// An archive that was kept or deleted.
#[derive(Debug, Serialize)]
pub struct PrunedArchive {
    file: String,
    store: String,
    table: String,
    /// A hash of the export's filters; `null` without filters.
    filters: Option<String>,
    /// Epoch milliseconds.
    created: EpochMillis,
    sessions: u64,
    size_bytes: u64,
    /// `keep` or `delete`.
    action: &'static str,
    /// Why the archive is kept.
    reasons: Vec<&'static str>,
    /// Why the archive could not be deleted.
    error: Option<String>,
}

impl PrunedArchive {
    pub fn new(archive: FoundArchive, reasons: &[KeepReason], goes: bool, error: Option<String>) -> PrunedArchive {
        PrunedArchive {
            file: archive.path.display().to_string(),
            store: archive.job.store,
            table: archive.job.table,
            filters: archive.job.filters,
            created: archive.created,
            sessions: archive.sessions,
            size_bytes: archive.size,
            action: if goes { "delete" } else { "keep" },
            reasons: reasons.iter().map(|reason| reason.as_str()).collect(),
            error,
        }
    }

    fn is_deleted(&self) -> bool {
        self.action == "delete"
    }

    fn is_of_job_of(&self, other: &PrunedArchive) -> bool {
        (&self.store, &self.table, &self.filters) == (&other.store, &other.table, &other.filters)
    }
}

impl PruneReport {
    pub fn new(dry_run: bool, dir: &Path, damaged: Vec<DamagedArchive>, ignored: u64) -> PruneReport {
        PruneReport {
            command: "prune",
            dry_run,
            dir: dir.display().to_string(),
            archives: Vec::new(),
            damaged,
            ignored,
            kept: 0,
            deleted: 0,
            deleted_bytes: 0,
            took_ms: 0,
        }
    }

    pub fn add(&mut self, archive: PrunedArchive) {
        if archive.is_deleted() && archive.error.is_none() {
            (self.deleted, self.deleted_bytes) = (self.deleted + 1, self.deleted_bytes + archive.size_bytes);
        } else {
            self.kept += 1;
        }
        self.archives.push(archive);
    }

    pub fn took(&mut self, time: Duration) {
        self.took_ms = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    }

    pub fn deleted_any(&self) -> bool {
        self.deleted > 0 && !self.dry_run
    }

    /// Archives that could not be deleted, with the reasons.
    pub fn failed(&self) -> impl Iterator<Item = (&str, &str)> {
        self.archives.iter().filter_map(|archive| Some((archive.file.as_str(), archive.error.as_deref()?)))
    }

    pub fn is_partial(&self) -> bool {
        !self.damaged.is_empty() || self.failed().next().is_some()
    }
}

impl Report for PruneReport {
    const RECORDS: Option<&'static str> = Some("archives");

    fn page(&self, page: &mut Page) {
        let several = self.archives.chunk_by(PrunedArchive::is_of_job_of).count() > 1;
        for job in self.archives.chunk_by(PrunedArchive::is_of_job_of) {
            if several && let Some(PrunedArchive { store, table, filters, .. }) = job.first() {
                let filters = if filters.is_some() { ", with filters" } else { "" };
                page.line(format!("Table `{table}` of {store}{filters}:"));
            }
            let heads = vec![
                Head::left("CREATED"),
                Head::left("FILE"),
                Head::right("SESSIONS"),
                Head::right("SIZE"),
                Head::left("KEPT"),
            ];
            let row = |archive: &PrunedArchive| {
                let name = Path::new(&archive.file).file_name().unwrap_or_default().to_string_lossy().into_owned();
                let kept = match archive.is_deleted() {
                    true if archive.error.is_some() => "cannot be deleted".to_owned(),
                    true => "-".to_owned(),
                    false => archive.reasons.join(", "),
                };
                vec![page.time(archive.created), name, count(archive.sessions), bytes(archive.size_bytes), kept]
            };
            let rows = job.iter().map(row).collect();
            page.table(&Table { heads, rows });
            page.blank();
        }
        let (verb, keep) = if self.dry_run { ("Would delete", "keep") } else { ("Deleted", "kept") };
        page.line(format!(
            "{verb} {}, {}, and {keep} {}{}.",
            plural(self.deleted, "archive"),
            bytes(self.deleted_bytes),
            count(self.kept),
            took(self.dry_run, self.took_ms)
        ));
        if self.ignored > 0 {
            page.line(format!(
                "Did not touch {}: written by another command, or encrypted and without its --identity.",
                plural(self.ignored, "archive")
            ));
        }
    }
}
