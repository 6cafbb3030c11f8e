//! One pass over a table: the batches that it takes, and what it found.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::engine::Signal;
use crate::session::Session;

/// What the sessions of a batch take together, in bytes.
pub const BATCH_BYTES: u64 = 1 << 20;

/// What one pass found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct PassCount {
    /// Sessions that were taken for the first time.
    pub new: u64,
    /// Sessions that were taken once more.
    pub changed: u64,
    /// Missed for the first time, or absent when their data was to be read: perhaps they are being
    /// saved.
    pub missing: u64,
    /// Missed by two passes in a row.
    pub gone: u64,
    /// Bytes of `session_data` that were taken.
    pub bytes: u64,
    /// The server told that nothing had changed since the pass before began, so the table was not read.
    pub skipped: bool,
}

/// Why reading ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassesEnded {
    /// The last pass found nothing to take, and missed nothing.
    Settled,
    /// So many passes were allowed.
    Passes,
    MaxTime,
    Signal(Signal),
    /// Who takes the sessions has gone.
    Refused,
}

/// How a single pass ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassEnd {
    Whole(PassCount),
    /// Before it had seen the whole table.
    Cut(PassCount, PassesEnded),
}

impl PassEnd {
    /// Both parts of a pass together.
    pub(in crate::store) fn and(self, other: PassEnd) -> PassEnd {
        let (PassEnd::Whole(a) | PassEnd::Cut(a, _)) = self;
        let (PassEnd::Whole(b) | PassEnd::Cut(b, _)) = other;
        let count = PassCount {
            new: a.new + b.new,
            changed: a.changed + b.changed,
            missing: a.missing + b.missing,
            gone: a.gone + b.gone,
            bytes: a.bytes + b.bytes,
            skipped: a.skipped && b.skipped,
        };
        match (self, other) {
            (PassEnd::Whole(_), PassEnd::Whole(_)) => PassEnd::Whole(count),
            (PassEnd::Cut(_, why), _) | (_, PassEnd::Cut(_, why)) => PassEnd::Cut(count, why),
        }
    }
}

/// Sessions that a pass took.
#[derive(Debug)]
pub struct SessionBatch {
    pub sessions: Vec<Session>,
    /// Whether they are of a later pass than the first, so that some may have been taken before.
    pub again: bool,
    /// The place of a big one among `BIG_ONES`, free again once this is dropped.
    pub room: Option<OwnedSemaphorePermit>,
    /// Its place among all batches that are not yet written.
    pub in_hand: Option<OwnedSemaphorePermit>,
}

/// What all range readers share.
#[derive(Clone)]
pub(in crate::store) struct InFlightLimits {
    /// Room for big sessions.
    pub(in crate::store) big: Arc<Semaphore>,
    /// A place for each batch that was handed on and is not yet dropped.
    pub(in crate::store) in_hand: Arc<Semaphore>,
}
