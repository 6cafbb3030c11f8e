//! Sends the sessions that a reader has read to the writer, in batches.

use std::sync::Arc;

use tokio::sync::mpsc::Sender;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::engine::Stop;
use crate::session::Session;
use crate::store::read::pass::{PassesEnded, SessionBatch};

/// Sends batches.
pub(in crate::store::read) struct BatchSender<'a> {
    /// They belong to a later pass than the first.
    pub(in crate::store::read) again: bool,
    pub(in crate::store::read) in_hand: Arc<Semaphore>,
    pub(in crate::store::read) stop: Stop,
    pub(in crate::store::read) out: &'a Sender<SessionBatch>,
}

impl BatchSender<'_> {
    /// Sends a batch; returns why it could not be sent.
    pub(in crate::store::read) async fn send(
        &mut self,
        PendingBatch { sessions, room, .. }: PendingBatch,
    ) -> Option<PassesEnded> {
        if sessions.is_empty() {
            return None;
        }
        let in_hand = Arc::clone(&self.in_hand).try_acquire_owned().ok();
        // The receiver may be blocked on a pipe.
        tokio::select! {
            sent = self.out.send(SessionBatch { sessions, again: self.again, room, in_hand }) => {
                sent.is_err().then_some(PassesEnded::Refused)
            }
            cause = self.stop.wait_or_deadline() => Some(cause.into()),
        }
    }
}

/// Sessions that are sent together.
#[derive(Default)]
pub(in crate::store::read) struct PendingBatch {
    pub(in crate::store::read) sessions: Vec<Session>,
    pub(in crate::store::read) bytes: u64,
    pub(in crate::store::read) room: Option<OwnedSemaphorePermit>,
}
