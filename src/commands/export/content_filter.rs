//! What `--attr`, `--class` and `--user` leave of an export: between the reader and the writer.

use tokio::sync::mpsc::{Receiver, Sender};

use crate::javaser::Search;
use crate::operations::content_search::{ContentFilter, SkippedSessions};
use crate::session::{EpochMillis, RowChange};
use crate::spill::{SeenSessions, SpillError};
use crate::store::{SessionBatch, Stop};

/// Sessions on their way through the search.
pub struct FilterTask {
    sieve: ContentFilter,
    out: Sender<SessionBatch>,
    seen: SeenSessions,
    chosen: FilterTotals,
}

/// What was let through.
#[derive(Debug, Default)]
pub struct FilterTotals {
    /// Different sessions.
    pub sessions: u64,
    /// Sessions once more, because they had changed.
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
            sieve: ContentFilter::new(batches, search, now),
            out,
            seen: SeenSessions::default(),
            chosen: FilterTotals::default(),
        }
    }

    /// Hands on what is found, until no more comes or is wanted.
    ///
    /// # Errors
    /// [`SpillError`]; what was handed on is not all then.
    pub async fn run(mut self, mut stop: Stop) -> Result<FilterTotals, SpillError> {
        while let Some(taken) = self.sieve.next().await {
            for session in &taken.sessions {
                match self.seen.meet(&session.meta)? {
                    RowChange::New => self.chosen.sessions += 1,
                    RowChange::Changed | RowChange::Same => self.chosen.again += 1,
                }
                self.seen.take(&session.meta)?;
            }
            if taken.sessions.is_empty() {
                continue;
            }
            // Whoever takes them may hang in a pipe.
            let sent = tokio::select! {
                sent = self.out.send(taken) => sent.is_ok(),
                _ = stop.wait() => false,
            };
            if !sent {
                break;
            }
        }
        self.chosen.left = self.sieve.skipped;
        Ok(self.chosen)
    }
}
