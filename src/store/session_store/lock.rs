//! The lock that keeps two runs of this program from working on one table.

use std::time::{Duration, Instant};

use crate::engine::{DbError, DbErrorKind};
use crate::store::error::{Result, StoreError};
use crate::store::session_store::SessionStore;

/// How long the lock is waited for at a time.
const LOCK_POLL: Duration = Duration::from_secs(2);

impl SessionStore {
    /// Takes the advisory lock of this table, so that no two runs of this tool work on it at once; in
    /// a cluster, the lease too, where the database has a table for it.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another run holds it for longer than `wait`; [`StoreError::Replica`].
    pub async fn lock(&mut self, wait: Duration) -> Result<()> {
        let begun = Instant::now();
        self.require_source().await?;
        let leased = self.connection.cluster().is_some() && self.has_lease_table().await?;
        let name = self.lock_name();
        match self.wait_for_lock(&name, begun, wait).await {
            Ok(true) => self.locked_by = Some(self.connection.generation()),
            Ok(false) => return Err(StoreError::Locked { table: self.names.table.clone(), waited: wait }),
            // Percona XtraDB Cluster prohibits advisory locks, and so does MariaDB with MDEV-30473.
            Err(error) if leased && matches!(error.kind, DbErrorKind::Other | DbErrorKind::Denied) => {}
            Err(error) => return Err(StoreError::db("take the table's lock", error)),
        }
        if leased { self.take_lease(wait.saturating_sub(begun.elapsed())).await } else { Ok(()) }
    }

    /// Asks for the lock until it is there or `wait` is over, a while at a time: a proxy may close a
    /// connection on which
    /// nothing is said for long.
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

    /// Tells whether the lock taken by [`SessionStore::lock`] is still held. A lease is renewed by each
    /// transaction, which fails where another run has taken it: nothing is asked beforehand then.
    pub async fn holds_lock(&mut self) -> Result<bool> {
        if let Some(lease) = &self.lease {
            return Ok(!lease.is_lost());
        }
        let name = self.lock_name();
        self.connection.holds_lock(&name).await.map_err(|e| StoreError::db("verify the table's lock", e))
    }

    /// Tells whether no other run of this program works on this table, and none can begin to while this
    /// connection lasts: the lock is held, and holds for everybody. A lock that was taken again after the connection
    /// broke says nothing of what happened in between; a lease that can be renewed was held all the time.
    pub(in crate::store) async fn is_alone(&mut self) -> Result<bool> {
        let held = self.require_lease().is_ok() && self.holds_lock().await?;
        Ok(held && (self.lease.is_some() || self.locked_by == Some(self.connection.generation())))
    }

    /// Gives the lock back.
    pub async fn unlock(&mut self) -> Result<()> {
        self.release_lease().await;
        let name = self.lock_name();
        self.connection.unlock(&name).await.map_err(|e| StoreError::db("release the table's lock", e))
    }

    /// The server keeps locks for all its databases, so that both names stand in it; MySQL takes 64
    /// characters, and what is longer is told apart by a hash.
    fn lock_name(&self) -> String {
        let database = self.server.database.as_deref().unwrap_or_default();
        let name = format!("tomcat-sessions:{database}.{}", self.names.table);
        if name.len() <= 64 { name } else { format!("tomcat-sessions:{:016x}", fnv1a(name.as_bytes())) }
    }
}

/// FNV-1a, whose values must be the same in every build: two runs have to agree on the lock.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &b| (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}
