//! A single pass over a table: its batches and its result.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::engine::{Cause, Signal};
use crate::session::Session;

/// Maximum size of the sessions of a batch, in bytes.
pub const BATCH_BYTES: u64 = 1 << 20;

/// Result of a pass.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct PassCount {
    /// Sessions that were read for the first time.
    pub new: u64,
    /// Sessions that were read again.
    pub changed: u64,
    /// Missing for the first time, or absent when their data were to be read: they may be in the middle of a save.
    pub missing: u64,
    /// Missing in two consecutive passes.
    pub gone: u64,
    /// Bytes of `session_data` that were read.
    pub bytes: u64,
    /// The server reported no change since the previous pass began, so the table was not read.
    pub skipped: bool,
}

/// Reason for the end of the passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassesEnded {
    /// The last pass found no change and missed no session.
    Settled,
    /// The maximum number of passes was reached.
    Passes,
    MaxTime,
    Signal(Signal),
    /// The receiver of the sessions is gone.
    Refused,
}

impl From<Cause> for PassesEnded {
    fn from(cause: Cause) -> PassesEnded {
        match cause {
            Cause::Signal(signal) => PassesEnded::Signal(signal),
            Cause::MaxTime => PassesEnded::MaxTime,
        }
    }
}

/// Result of a single pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassEnd {
    /// It saw the whole table.
    Complete(PassCount),
    /// It ended before it had seen the whole table.
    Interrupted(PassCount, PassesEnded),
}

impl PassEnd {
    /// The sum of two ranges of a pass.
    pub(in crate::store) fn and(self, other: PassEnd) -> PassEnd {
        let (PassEnd::Complete(a) | PassEnd::Interrupted(a, _)) = self;
        let (PassEnd::Complete(b) | PassEnd::Interrupted(b, _)) = other;
        let count = PassCount {
            new: a.new + b.new,
            changed: a.changed + b.changed,
            missing: a.missing + b.missing,
            gone: a.gone + b.gone,
            bytes: a.bytes + b.bytes,
            skipped: a.skipped && b.skipped,
        };
        match (self, other) {
            (PassEnd::Complete(_), PassEnd::Complete(_)) => PassEnd::Complete(count),
            (PassEnd::Interrupted(_, why), _) | (_, PassEnd::Interrupted(_, why)) => PassEnd::Interrupted(count, why),
        }
    }
}

/// Sessions read by a pass.
#[derive(Debug)]
pub struct SessionBatch {
    pub sessions: Vec<Session>,
    /// Whether they belong to a later pass than the first, so that some may have been read before.
    pub again: bool,
    /// The permit of a large session among `BIG_ONES`, released when this is dropped.
    pub room: Option<OwnedSemaphorePermit>,
    /// Its permit among all batches that have not been written yet.
    pub in_hand: Option<OwnedSemaphorePermit>,
}

/// Limits shared by all range readers.
#[derive(Clone)]
pub(in crate::store) struct InFlightLimits {
    /// Permits for large sessions.
    pub(in crate::store) big: Arc<Semaphore>,
    /// A permit for each batch that was sent and not dropped yet.
    pub(in crate::store) in_hand: Arc<Semaphore>,
}
