//! Sends statements on a connection that holds the advisory lock while nothing else uses it, because the server ends
//! the session of a quiet client.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::Connection;
use super::liveness::Server;

/// Interval of these statements: short, because of proxies that close idle connections regardless of the server's
/// timeout.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(3);

/// Holds the connection between two uses.
pub(super) struct LockKeepalive {
    place: Mutex<LockConnection>,
    /// Notified when a statement has been answered.
    back: Notify,
}

enum LockConnection {
    Here(Box<dyn Connection>),
    /// The holder of the lock is using it.
    InUse,
    /// A statement is in progress.
    Signing,
    /// The server did not answer the statement.
    Lost,
}

impl LockKeepalive {
    /// Takes care of a connection that holds the lock `name`, until its user drops the keepalive.
    pub(super) fn start(name: &str, server: Arc<Server>) -> Arc<LockKeepalive> {
        let keepalive = Arc::new(LockKeepalive { place: Mutex::new(LockConnection::InUse), back: Notify::new() });
        let (kept, name) = (Arc::downgrade(&keepalive), name.to_owned());
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(KEEPALIVE_INTERVAL).await;
                let Some(keepalive) = kept.upgrade() else { return };
                let Some(mut connection) = keepalive.try_take(LockConnection::Signing) else { continue };
                // Whether it still holds the lock is checked by its user.
                match server.answer(0, connection.holds_lock(&name)).await {
                    Ok(Ok(_)) => keepalive.put(connection),
                    Ok(Err(_)) | Err(_) => keepalive.set(LockConnection::Lost),
                }
            }
        });
        keepalive
    }

    /// Returns the connection as soon as it is available; `None` if it was lost, or dropped during a call.
    pub(super) async fn take(&self) -> Option<Box<dyn Connection>> {
        loop {
            if let Some(connection) = self.try_take(LockConnection::InUse) {
                return Some(connection);
            }
            if !matches!(*self.place.lock().unwrap_or_else(PoisonError::into_inner), LockConnection::Signing) {
                return None;
            }
            self.back.notified().await;
        }
    }

    pub(super) fn put(&self, connection: Box<dyn Connection>) {
        self.set(LockConnection::Here(connection));
    }

    fn try_take(&self, leaving: LockConnection) -> Option<Box<dyn Connection>> {
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        if !matches!(*place, LockConnection::Here(_)) {
            return None;
        }
        match std::mem::replace(&mut *place, leaving) {
            LockConnection::Here(connection) => Some(connection),
            _ => None,
        }
    }

    fn set(&self, now: LockConnection) {
        *self.place.lock().unwrap_or_else(PoisonError::into_inner) = now;
        self.back.notify_one();
    }
}
