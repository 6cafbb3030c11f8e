//! Transactions on the connection of a store.

use crate::store::error::{COMMIT, Result, StoreError};
use crate::store::session_store::SessionStore;

impl SessionStore {
    pub(in crate::store) async fn begin(&mut self) -> Result<()> {
        self.connection.begin().await.map_err(|e| StoreError::db("begin a transaction", e))
    }

    /// Begins a transaction that deletes only rows that nobody needs any more ([`Connection::begin_relaxed`]).
    pub(in crate::store) async fn begin_relaxed(&mut self) -> Result<()> {
        self.connection.begin_relaxed().await.map_err(|e| StoreError::db("begin a transaction", e))
    }

    /// Commits; if this run uses a lease, only if it still holds it. If it fails, nothing of the transaction remains
    /// open.
    pub(in crate::store) async fn commit(&mut self) -> Result<()> {
        let mut done = self.renew_lease().await;
        if done.is_ok() {
            done = self.connection.commit().await.map_err(|e| StoreError::db(COMMIT, e));
        }
        if done.is_err() {
            // The next START TRANSACTION would commit it.
            self.rollback().await;
        }
        done
    }

    /// Commits a transaction that succeeded, or rolls it back and returns its error.
    pub(in crate::store) async fn commit_or_roll_back<T>(&mut self, done: Result<T>) -> Result<T> {
        match done {
            Ok(done) => self.commit().await.map(|()| done),
            Err(error) => {
                self.rollback().await;
                Err(error)
            }
        }
    }

    /// Rolls back; if that fails too, the connection is gone, and the server rolls back.
    pub(in crate::store) async fn rollback(&mut self) {
        let _ = self.connection.rollback().await;
    }
}
