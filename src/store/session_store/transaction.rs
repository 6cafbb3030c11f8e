//! Transactions on the connection of a store.

use crate::store::error::{COMMIT, Result, StoreError};
use crate::store::session_store::SessionStore;

impl SessionStore {
    pub(in crate::store) async fn begin(&mut self) -> Result<()> {
        self.connection.begin().await.map_err(|e| StoreError::db("begin a transaction", e))
    }

    /// Commits; where this run holds the lease of the table, only if it holds it still. Where it
    /// fails, nothing of the transaction is left open.
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

    /// Commits what was done in a transaction, or rolls it back where it failed, with the error that it had.
    pub(in crate::store) async fn commit_or_roll_back<T>(&mut self, done: Result<T>) -> Result<T> {
        match done {
            Ok(done) => self.commit().await.map(|()| done),
            Err(error) => {
                self.rollback().await;
                Err(error)
            }
        }
    }

    /// Rolls back; where that fails too, the connection is gone and the server does it.
    pub(in crate::store) async fn rollback(&mut self) {
        let _ = self.connection.rollback().await;
    }
}
