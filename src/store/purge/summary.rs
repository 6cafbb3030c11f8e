//! What a purge did.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::engine::Signal;
use crate::session::EpochMillis;
use crate::store::error::StoreError;
use crate::store::purge::batch::{Deleted, KeptRow, SparedCounts};

/// So many of those that stayed are named.
const MOST_LEFT: usize = 1_000;

/// Sessions and bytes of one application.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct AppCount {
    pub sessions: u64,
    /// Bytes of `session_data`.
    pub bytes: u64,
}

/// What a purge did. It is true whatever ended it.
#[derive(Debug, Default)]
pub struct PurgeSummary {
    pub by_app: BTreeMap<Option<String>, AppCount>,
    pub total: AppCount,
    /// When the first of those of an application expired, or will.
    pub earliest: BTreeMap<Option<String>, EpochMillis>,
    /// Candidates that were looked at.
    pub candidates: u64,
    /// Candidates that stayed: gone already, locked by Tomcat, alive again, or not wanted.
    pub spared: u64,
    /// Why they stayed, where [`BatchAction::explains_spared`] and the look at them did not fail.
    pub why_spared: SparedCounts,
    /// Expired sessions that are no candidates, because they expired within the grace.
    pub in_grace: u64,
    /// Candidates that stayed because [`InMemoryCheck`] was refused.
    pub in_memory: u64,
    /// Candidates that stayed because there is a newer state of them where they were to go.
    pub newer: u64,
    /// Some of those that stayed for a reason of their own: a newer state, or data that cannot be edited.
    pub left: Vec<KeptRow>,
    pub batches: u64,
    pub retries: u64,
    /// Sessions of a batch whose commit was under way when the connection broke.
    pub unconfirmed: u64,
    /// For how long batches were held back, and by what at last.
    pub throttled: Duration,
    pub throttled_by: Option<String>,
    /// For how long it paused between batches.
    pub paused: Duration,
    pub ended: Ended,
    pub took: Duration,
}

impl PurgeSummary {
    /// Sessions that were found expired and are so still, of a purge of expired ones.
    pub fn remaining(&self) -> u64 {
        let SparedCounts { changed, gone, .. } = self.why_spared;
        self.in_grace + self.in_memory + self.spared.saturating_sub(changed + gone)
    }

    pub(in crate::store) fn name(&mut self, left: Vec<KeptRow>) {
        let room = MOST_LEFT.saturating_sub(self.left.len());
        self.left.extend(left.into_iter().take(room));
    }

    pub(in crate::store) fn add(&mut self, app: Option<String>, candidates: usize, deleted: Deleted) {
        self.batches += 1;
        self.candidates += candidates as u64;
        self.spared += deleted.spared;
        self.newer += deleted.newer;
        self.name(deleted.left);
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
    /// No candidate is left.
    #[default]
    Done,
    MaxRows,
    MaxTime,
    Signal(Signal),
    /// The advisory lock was lost, and with it the certainty of being alone.
    LockLost,
    /// The same batch was refused by deadlocks or lock waits every time.
    Contention(StoreError),
    /// [`InMemoryCheck`] could not be had, and why.
    MemoryUnknown(String),
    /// Something else failed, the connection most likely. What was deleted before is reported.
    Failed(StoreError),
}
