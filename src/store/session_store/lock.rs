//! The lock that prevents two runs of this program from working on the same table.

use std::time::{Duration, Instant};

use crate::engine::{DbError, DbErrorKind, fnv1a};
use crate::store::error::{Result, StoreError};
use crate::store::session_store::SessionStore;

/// Duration of a single wait for the lock.
const LOCK_POLL: Duration = Duration::from_secs(2);

impl SessionStore {
    /// Takes the advisory lock of this table, so that no two runs of this program work on it at the same time; in a
    /// cluster, also the lease, if the database has a lease table.
    ///
    /// # Errors
    /// [`StoreError::Locked`] if another run holds it for longer than `wait`; [`StoreError::Replica`].
    pub async fn lock(&mut self, wait: Duration) -> Result<()> {
        let begun = Instant::now();
        self.require_source().await?;
        let leased = self.connection.cluster().is_some() && self.has_lease_table().await?;
        let name = self.lock_name();
        match self.wait_for_lock(&name, begun, wait).await {
            Ok(true) => self.locked_by = Some(self.connection.generation()),
            Ok(false) => return Err(StoreError::Locked { table: self.names.table.clone(), waited: wait }),
            // Percona XtraDB Cluster prohibits advisory locks, and so does MariaDB affected by MDEV-30473.
            Err(error) if leased && matches!(error.kind, DbErrorKind::Other | DbErrorKind::Denied) => {}
            Err(error) => return Err(StoreError::db("take the table's lock", error)),
        }
        if leased { self.take_lease(wait.saturating_sub(begun.elapsed())).await } else { Ok(()) }
    }

    /// Requests the lock repeatedly until it is granted or `wait` has passed: a proxy may close a connection that is
    /// quiet for long.
    async fn wait_for_lock(
        &mut self,
        name: &str,
        begun: Instant,
        wait: Duration,
    ) -> std::result::Result<bool, DbError> {
        loop {
            let left = wait.saturating_sub(begun.elapsed());
            if self.connection.lock(name, left.min(LOCK_POLL)).await? {
                return Ok(true);
            }
            let left = wait.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return Ok(false);
            }
            // Servers count whole seconds.
            if left < Duration::from_secs(1) {
                tokio::time::sleep(left).await;
            }
        }
    }

    /// Tells whether the lock taken by [`SessionStore::lock`] is still held. A lease is not checked
    /// on the server: each transaction renews it, and fails if another run has taken it.
    pub async fn holds_lock(&mut self) -> Result<bool> {
        if let Some(lease) = &self.lease {
            return Ok(!lease.is_lost());
        }
        let name = self.lock_name();
        self.connection.holds_lock(&name).await.map_err(|e| StoreError::db("verify the table's lock", e))
    }

    /// Tells whether no other run of this program works on this table, and none can start while this connection
    /// exists: the lock is held, and valid for everybody. A lock that was taken again after a lost connection says
    /// nothing about the time in between; a lease that can be renewed was held all the time.
    pub(in crate::store) async fn is_alone(&mut self) -> Result<bool> {
        let held = self.require_lease().is_ok() && self.holds_lock().await?;
        Ok(held && (self.lease.is_some() || self.locked_by == Some(self.connection.generation())))
    }

    /// Releases the lock.
    pub async fn unlock(&mut self) -> Result<()> {
        self.release_lease().await;
        let name = self.lock_name();
        self.connection.unlock(&name).await.map_err(|e| StoreError::db("release the table's lock", e))
    }

    /// Advisory locks are valid for the whole server, so the name contains the database and the table. MySQL allows
    /// 64 characters; longer names are replaced by a hash.
    fn lock_name(&self) -> String {
        let database = self.server.database.as_deref().unwrap_or_default();
        let name = format!("tomcat-sessions:{database}.{}", self.names.table);
        if name.len() <= 64 { name } else { format!("tomcat-sessions:{:016x}", fnv1a(name.as_bytes())) }
    }
}
