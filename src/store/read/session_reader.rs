//! Reads complete sessions one after the other, for commands that examine the data.

use std::panic::resume_unwind;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::engine::Stop;
use crate::session::{EpochMillis, Filter};
use crate::store::error::Result;
use crate::store::read::multi_pass::Passes;
use crate::store::read::pass::{PassEnd, SessionBatch};
use crate::store::session_store::SessionStore;

/// A read in progress.
pub struct Reader(JoinHandle<Result<PassEnd>>);

impl SessionStore {
    /// Starts to read every matching session with its data, in one pass and in its own task, until `stop` is
    /// requested or the receiver is dropped. The bytes in flight are limited.
    pub fn read_whole(self, filter: Filter, now: EpochMillis, stop: Stop) -> (mpsc::Receiver<SessionBatch>, Reader) {
        let (sender, batches) = mpsc::channel(1);
        let mut passes = Passes::new(self, filter, now, stop);
        let reader = tokio::spawn(async move {
            let end = passes.pass(&sender, None).await;
            drop(sender);
            passes.close().await;
            end
        });
        (batches, Reader(reader))
    }
}

impl Reader {
    /// Waits for the end; returns how many sessions were missed because they were being saved.
    ///
    /// # Errors
    /// [`crate::store::StoreError::Db`]; sessions that were already sent remain valid.
    pub async fn missed(self) -> Result<u64> {
        match self.0.await.map_err(tokio::task::JoinError::try_into_panic) {
            Ok(end) => end.map(|(PassEnd::Complete(count) | PassEnd::Interrupted(count, _))| count.missing),
            Err(Ok(panic)) => resume_unwind(panic),
            // Cancelled: the program is ending.
            Err(Err(_)) => Ok(0),
        }
    }
}
