//! Filters the sessions of an export by their data (`--attr`, `--class`, `--user`), between the reader and the writer.

use tokio::sync::mpsc::{Receiver, Sender};

use crate::javaser::Search;
use crate::operations::content_search::{ContentFilter, SkippedSessions};
use crate::session::{EpochMillis, RowChange};
use crate::spillable_map::{SeenSessions, SpillError};
use crate::store::{SessionBatch, Stop};

/// Filters batches, and counts the sessions that pass.
pub struct FilterTask {
    filter: ContentFilter,
    out: Sender<SessionBatch>,
    seen: SeenSessions,
    chosen: FilterTotals,
}

/// Counts of the sessions that passed the filter.
#[derive(Debug, Default)]
pub struct FilterTotals {
    /// Distinct sessions.
    pub sessions: u64,
    /// Sessions that passed again because they had changed.
    pub again: u64,
    pub left: SkippedSessions,
}

impl FilterTask {
    pub fn new(
        batches: Receiver<SessionBatch>,
        (search, now): (Search, EpochMillis),
        out: Sender<SessionBatch>,
    ) -> FilterTask {
        FilterTask {
            filter: ContentFilter::new(batches, search, now),
            out,
            seen: SeenSessions::default(),
            chosen: FilterTotals::default(),
        }
    }

    /// Filters batches until there are no more, or the receiver is gone.
    ///
    /// # Errors
    /// [`SpillError`]; some sessions were not sent.
    pub async fn run(mut self, mut stop: Stop) -> Result<FilterTotals, SpillError> {
        while let Some(taken) = self.filter.next().await {
            for session in &taken.sessions {
                match self.seen.observe(&session.meta)? {
                    RowChange::New => self.chosen.sessions += 1,
                    RowChange::Changed | RowChange::Same => self.chosen.again += 1,
                }
                self.seen.take(&session.meta)?;
            }
            if taken.sessions.is_empty() {
                continue;
            }
            // The receiver may be blocked on a pipe.
            let sent = tokio::select! {
                sent = self.out.send(taken) => sent.is_ok(),
                _ = stop.wait_or_deadline() => false,
            };
            if !sent {
                break;
            }
        }
        self.chosen.left = self.filter.skipped;
        Ok(self.chosen)
    }
}
