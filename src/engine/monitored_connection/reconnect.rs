//! Replaces a lost connection by one to any suitable host.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::{MonitoredConnection, server};
use crate::engine::failover::{self, HostConnection, needs_other_host};
use crate::engine::liveness::stopped;
use crate::engine::lock_keepalive::LockKeepalive;
use crate::engine::{DbError, DbErrorKind};

/// Pause between two attempts to replace a connection.
const PAUSE: Duration = Duration::from_millis(500);

impl MonitoredConnection {
    /// A proxy may have closed a connection that was idle and holds nothing. It is replaced once, even if the target
    /// does not ask for that.
    pub(super) fn can_reconnect(&self) -> bool {
        (self.target.failover.reconnect.is_some() || self.was_idle)
            && !self.given_up
            && !self.target.failover.unanswered.is_set()
    }

    /// Evaluates an error: whether the connection is lost, and a transaction with it.
    pub(super) fn met(&mut self, error: DbError) -> DbError {
        let error = error.with_hints(self.target.engine.dialect());
        if !self.can_reconnect() || !needs_other_host(&self.target, &error) {
            return error;
        }
        self.lost = true;
        if !std::mem::take(&mut self.in_transaction) {
            return error;
        }
        DbError { kind: DbErrorKind::Broken, ..error }
    }

    /// Tells whether a failed call that changes nothing is repeated on another connection.
    pub(super) fn repeats(&self, error: &DbError) -> bool {
        self.can_reconnect() && self.lost && needs_other_host(&self.target, error)
    }

    /// Replaces the connection within the time that the target allows, and takes the advisory lock again.
    pub(super) async fn reconnect(&mut self) -> Result<(), DbError> {
        let limit = self.target.failover.reconnect.unwrap_or_default();
        let deadline = Instant::now() + limit;
        self.connection = None;
        self.keepalive = None;
        let mut lost = Some(self.server.target.clone());
        loop {
            let error = match failover::open(&self.target, false, lost.take().as_ref()).await {
                Ok(opened)
                    if opened.connection.variant() != self.variant || opened.connection.cluster() != self.cluster =>
                {
                    opened.connection.close().await;
                    DbError::new(DbErrorKind::NoQuorum, "", "a different kind of server answered than before")
                }
                Ok(opened) => return self.take_over(opened, deadline).await,
                Err(error) if matches!(error.kind, DbErrorKind::Stopped(_)) => return Err(error),
                Err(error) => error,
            };
            if Instant::now() + PAUSE >= deadline {
                self.given_up = true;
                return Err(failover::reconnect_failed(limit, error));
            }
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                cause = self.target.stop.wait_for_deadline() => return Err(stopped(cause)),
            }
        }
    }

    /// Uses a new connection, after it has taken the lock that the previous one held.
    pub(super) async fn take_over(
        &mut self,
        HostConnection { mut connection, place }: HostConnection,
        deadline: Instant,
    ) -> Result<(), DbError> {
        let server = Arc::new(server(&place, &*connection));
        if let Some(name) = self.locked.clone() {
            let wait = deadline.saturating_duration_since(Instant::now());
            match server.answer(0, connection.lock(&name, wait)).await.and_then(|taken| taken) {
                Ok(true) => {}
                Ok(false) => {
                    self.given_up = true;
                    let message = "the connection was lost, and another run has taken the advisory lock";
                    return Err(DbError::new(DbErrorKind::LockLost, "", message));
                }
                Err(error) => return Err(error),
            }
        }
        (self.server, self.connection) = (server, Some(connection));
        (self.lost, self.generation) = (false, self.generation + 1);
        if self.locked.is_some() {
            self.keep_alive();
        }
        Ok(())
    }

    pub(super) fn keep_alive(&mut self) {
        if let (None, Some(name), Some(_)) = (&self.keepalive, &self.locked, self.server.keepalive) {
            let keepalive = LockKeepalive::start(name, Arc::clone(&self.server));
            self.connection.take().into_iter().for_each(|connection| keepalive.put(connection));
            self.keepalive = Some(keepalive);
        }
    }
}
