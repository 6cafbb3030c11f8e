//! Reads sessions whole, one after the other, for those who look into the data.

use std::ops::ControlFlow;

use tokio::sync::mpsc;

use super::{PassEnd, Passes, Result, SessionStore, Stop, Taken};
use crate::session::{EpochMillis, Filter, Session};

impl SessionStore {
    /// Hands every session that matches to `each`, with its data, until it breaks or `stop` asks.
    /// The next batch is read meanwhile; bytes in flight are bounded. A session that is just being
    /// saved may be missed: returns how many were.
    ///
    /// # Errors
    /// [`super::StoreError::Db`].
    pub async fn for_each_whole(
        self,
        filter: &Filter,
        now: EpochMillis,
        stop: &Stop,
        mut each: impl FnMut(Session) -> ControlFlow<()>,
    ) -> Result<u64> {
        let (sender, mut receiver) = mpsc::channel::<Taken>(1);
        let mut passes = Passes::new(self, filter.clone(), now, stop.clone());
        let read = async {
            let end = passes.pass(&sender, None).await;
            drop(sender);
            passes.close().await;
            end
        };
        // Dropping the receiver is what tells the reader that no more is wanted.
        let take = async move {
            while let Some(taken) = receiver.recv().await {
                if taken.sessions.into_iter().try_for_each(&mut each).is_break() {
                    return;
                }
            }
        };
        // Two halves of one task: the server works while sessions are looked into.
        let (end, ()) = tokio::join!(read, take);
        match end? {
            PassEnd::Whole(count) | PassEnd::Cut(count, _) => Ok(count.missing),
        }
    }
}
