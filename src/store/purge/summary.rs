//! The result of a purge.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::engine::Signal;
use crate::session::EpochMillis;
use crate::store::error::StoreError;
use crate::store::purge::batch::{BatchResult, KeptRow, SkipReasons};

/// Maximum number of kept sessions that are listed.
const MAX_KEPT: usize = 1_000;

/// Sessions and bytes of one application.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct AppCount {
    pub sessions: u64,
    /// Bytes of `session_data`.
    pub bytes: u64,
}

/// The result of a purge. The counts are correct however it ended.
#[derive(Debug, Default)]
pub struct PurgeSummary {
    pub by_app: BTreeMap<Option<String>, AppCount>,
    pub total: AppCount,
    /// The earliest expiry time of the deleted sessions of each application.
    pub earliest: BTreeMap<Option<String>, EpochMillis>,
    /// Candidates that were processed.
    pub candidates: u64,
    /// Candidates that were skipped: already deleted, locked by Tomcat, live again, or no longer selected.
    pub skipped: u64,
    /// Why they were skipped, if [`BatchAction::explains_skipped`] and their rows could be read again.
    pub skip_reasons: SkipReasons,
    /// Expired sessions that are no candidates because they expired within the grace period.
    pub in_grace: u64,
    /// Candidates that were kept because a Tomcat has them in memory ([`InMemoryCheck`]).
    pub in_memory: u64,
    /// Candidates that were kept because the target has a newer state of them.
    pub newer: u64,
    /// Sessions that were kept for an individual reason (at most 1,000): the target has a newer state, or the
    /// data cannot be changed, for example.
    pub kept: Vec<KeptRow>,
    pub batches: u64,
    pub retries: u64,
    /// Sessions in batches whose COMMIT was in progress when the connection was lost.
    pub unconfirmed: u64,
    /// Total time for which batches were throttled, and the last cause.
    pub throttled: Duration,
    pub throttled_by: Option<String>,
    /// Total time of the pauses between batches.
    pub paused: Duration,
    pub ended: Ended,
    pub took: Duration,
}

impl PurgeSummary {
    /// Sessions that are still expired after a purge of expired sessions.
    pub fn remaining(&self) -> u64 {
        let SkipReasons { changed, already_deleted, .. } = self.skip_reasons;
        self.in_grace + self.in_memory + self.skipped.saturating_sub(changed + already_deleted)
    }

    pub(in crate::store) fn list_kept(&mut self, kept: Vec<KeptRow>) {
        let room = MAX_KEPT.saturating_sub(self.kept.len());
        self.kept.extend(kept.into_iter().take(room));
    }

    pub(in crate::store) fn add(&mut self, app: Option<String>, candidates: usize, deleted: BatchResult) {
        self.batches += 1;
        self.candidates += candidates as u64;
        self.skipped += deleted.skipped;
        self.newer += deleted.newer;
        self.list_kept(deleted.kept);
        if let Some(earliest) = deleted.earliest {
            let known = self.earliest.entry(app.clone()).or_insert(earliest);
            *known = earliest.min(*known);
        }
        if deleted.sessions > 0 {
            let count = self.by_app.entry(app).or_default();
            for total in [count, &mut self.total] {
                total.sessions += deleted.sessions;
                total.bytes += deleted.bytes;
            }
        }
    }
}
/// Why a purge ended.
#[derive(Debug, Default)]
pub enum Ended {
    /// There are no more candidates.
    #[default]
    Done,
    MaxRows,
    MaxTime,
    Signal(Signal),
    /// The advisory lock was lost: another run may be active.
    LockLost,
    /// The same batch failed with deadlocks or lock timeouts in every attempt.
    Contention(StoreError),
    /// The [`InMemoryCheck`] failed, with the reason.
    MemoryUnknown(String),
    /// Another error, usually of the connection. The sessions deleted before it are counted.
    Failed(StoreError),
}
