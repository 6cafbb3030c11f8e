//! The rows of a query as they come, each of which shows that the server is there.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use futures_util::stream::{BoxStream, Stream, StreamExt as _};

use super::failover::is_loss;
use super::liveness::Server;
use super::{DbError, DbErrorKind, Row, Target};

/// What a stream of rows is watched by.
pub(super) struct RowsWatch {
    pub(super) server: Arc<Server>,
    pub(super) bytes: usize,
    pub(super) moved: Arc<AtomicU64>,
}

impl RowsWatch {
    fn begin(&self) -> Pin<Box<dyn Future<Output = DbError> + Send>> {
        let (server, bytes, moved) = (Arc::clone(&self.server), self.bytes, Arc::clone(&self.moved));
        Box::pin(async move { server.given_up(bytes, &moved).await })
    }
}

/// Rows, each of which shows that the server is there.
pub(super) struct WatchedRows<'a> {
    /// `None` once they are given up.
    pub(super) rows: Option<BoxStream<'a, Result<Row, DbError>>>,
    pub(super) watch: RowsWatch,
    /// Begun when a row is waited for the first time.
    pub(super) given_up: Option<Pin<Box<dyn Future<Output = DbError> + Send>>>,
    pub(super) lost: &'a mut bool,
    pub(super) in_transaction: &'a mut bool,
    /// Where another connection can be had instead of a lost one: of which hosts.
    pub(super) target: Option<&'a Target>,
}

impl WatchedRows<'_> {
    /// Takes note of an error: whether the connection is lost.
    fn met(&mut self, error: DbError) -> DbError {
        if !self.target.is_some_and(|target| is_loss(target, &error)) {
            return error;
        }
        self.rows = None;
        (*self.lost, *self.in_transaction) = (true, false);
        DbError { kind: DbErrorKind::Broken, ..error }
    }
}

impl Stream for WatchedRows<'_> {
    type Item = Result<Row, DbError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let Some(rows) = &mut this.rows else { return Poll::Ready(None) };
        if let Poll::Ready(row) = rows.poll_next_unpin(context) {
            this.watch.moved.fetch_add(1, Ordering::Relaxed);
            return Poll::Ready(row.map(|row| row.map_err(|error| this.met(error))));
        }
        let watch = &this.watch;
        let given_up = this.given_up.get_or_insert_with(|| watch.begin());
        match given_up.as_mut().poll(context) {
            Poll::Ready(error) => {
                this.rows = None;
                *this.lost = true;
                let error = this.met(error);
                Poll::Ready(Some(Err(error)))
            }
            Poll::Pending => Poll::Pending,
        }
    }
}
