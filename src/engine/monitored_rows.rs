//! The rows of a query as they arrive; each row shows that the server is alive.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use futures_util::stream::{BoxStream, Stream, StreamExt as _};

use super::failover::needs_other_host;
use super::liveness::Server;
use super::{DbError, DbErrorKind, Row, Target};

/// State for monitoring a stream of rows.
pub(super) struct RowMonitor {
    pub(super) server: Arc<Server>,
    pub(super) bytes: usize,
    pub(super) moved: Arc<AtomicU64>,
}

impl RowMonitor {
    fn begin(&self) -> Pin<Box<dyn Future<Output = DbError> + Send>> {
        let (server, bytes, moved) = (Arc::clone(&self.server), self.bytes, Arc::clone(&self.moved));
        Box::pin(async move { server.given_up(bytes, &moved).await })
    }
}

/// A stream of rows, each of which shows that the server is alive.
pub(super) struct MonitoredRows<'a> {
    /// `None` after they were given up.
    pub(super) rows: Option<BoxStream<'a, Result<Row, DbError>>>,
    pub(super) watch: RowMonitor,
    /// Started when a row is waited for the first time.
    pub(super) given_up: Option<Pin<Box<dyn Future<Output = DbError> + Send>>>,
    pub(super) lost: &'a mut bool,
    pub(super) in_transaction: &'a mut bool,
    /// The hosts among which a lost connection can be replaced, if any.
    pub(super) target: Option<&'a Target>,
}

impl MonitoredRows<'_> {
    /// Evaluates an error: whether the connection is lost.
    fn met(&mut self, error: DbError) -> DbError {
        if !self.target.is_some_and(|target| needs_other_host(target, &error)) {
            return error;
        }
        self.rows = None;
        (*self.lost, *self.in_transaction) = (true, false);
        DbError { kind: DbErrorKind::Broken, ..error }
    }
}

impl Stream for MonitoredRows<'_> {
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
