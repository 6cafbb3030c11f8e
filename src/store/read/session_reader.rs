//! Reads sessions whole, one after the other, for those who look into the data.

use std::panic::resume_unwind;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::engine::Stop;
use crate::session::{EpochMillis, Filter};
use crate::store::error::Result;
use crate::store::read::pass::{PassEnd, SessionBatch};
use crate::store::read::passes::Passes;
use crate::store::session_store::SessionStore;

/// A reading under way, which knows how it ended.
pub struct Reader(JoinHandle<Result<PassEnd>>);

impl SessionStore {
    /// Begins to read every session that matches, with its data, in one pass and a task of its own,
    /// until `stop` asks or the receiver is dropped. Bytes in flight are bounded.
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
    /// Waits for the end, and tells how many sessions were missed because they were just being saved.
    ///
    /// # Errors
    /// [`crate::store::StoreError::Db`]; what came before it stands.
    pub async fn missed(self) -> Result<u64> {
        match self.0.await.map_err(tokio::task::JoinError::try_into_panic) {
            Ok(end) => end.map(|(PassEnd::Whole(count) | PassEnd::Cut(count, _))| count.missing),
            Err(Ok(panic)) => resume_unwind(panic),
            // Cancelled: the program ends.
            Err(Err(_)) => Ok(0),
        }
    }
}
