//! Deletes sessions in small batches, under locks.

use super::{Bind, Result, SessionStore, StoreError};
use crate::session::{EpochMillis, SessionMeta};
use crate::store::read::meta;

/// Sessions of one application to delete in one transaction.
#[derive(Debug)]
pub struct Batch<'a> {
    pub app: Option<&'a str>,
    pub ids: &'a [String],
    /// With it, the server deletes only what is still expired at this moment.
    pub cutoff: Option<EpochMillis>,
    /// Judge and count, but change nothing.
    pub dry_run: bool,
}

/// What a batch did.
#[derive(Debug, Default)]
pub struct Deleted {
    pub sessions: u64,
    /// Bytes of `session_data`.
    pub bytes: u64,
    /// Rows that were gone, locked by another, no longer expired, or not what the judge wanted.
    pub spared: u64,
}

impl SessionStore {
    /// Deletes those sessions of `batch` that `wanted` still wants, in one transaction.
    ///
    /// The rows are locked and read again first, so that what is judged is what is deleted: a
    /// session that came back to life since its key was read stays. A row that Tomcat is writing
    /// at this moment is left alone where the engine can skip locked rows, and is not waited for.
    ///
    /// # Errors
    /// [`StoreError::Db`]; the transaction is rolled back then.
    pub async fn delete(
        &mut self,
        batch: &Batch<'_>,
        wanted: &(dyn Fn(&SessionMeta) -> bool + Sync),
    ) -> Result<Deleted> {
        if batch.dry_run {
            return self.judge(batch, wanted).await.map(|(_, deleted)| deleted);
        }
        self.begin().await?;
        let done = self.delete_locked(batch, wanted).await;
        match done {
            Ok(deleted) => {
                self.commit().await?;
                Ok(deleted)
            }
            Err(error) => {
                self.rollback().await;
                Err(error)
            }
        }
    }

    async fn delete_locked(
        &mut self,
        batch: &Batch<'_>,
        wanted: &(dyn Fn(&SessionMeta) -> bool + Sync),
    ) -> Result<Deleted> {
        let (ids, mut deleted) = self.judge(batch, wanted).await?;
        if ids.is_empty() {
            return Ok(deleted);
        }
        let bind = Bind::new()
            .set("app", batch.app)
            .list("ids", ids.iter().map(String::as_str))
            .set_if("cutoff", batch.cutoff.map(|t| t.0))
            .flag("primary", self.shape.id_leads_primary(&self.names));
        let gone = self.execute("delete sessions", self.statements().delete_rows, &bind).await?;
        // The rows are locked, so that both agree; the server's count is the one that is reported.
        deleted.spared += deleted.sessions.saturating_sub(gone);
        deleted.sessions = gone;
        Ok(deleted)
    }

    /// Reads the rows of `batch`, under locks unless it is a dry run, and returns the ids that are
    /// to be deleted.
    async fn judge(
        &mut self,
        batch: &Batch<'_>,
        wanted: &(dyn Fn(&SessionMeta) -> bool + Sync),
    ) -> Result<(Vec<String>, Deleted)> {
        let doing = "lock the sessions to delete";
        let bind = Bind::new()
            .set("app", batch.app)
            .list("ids", batch.ids.iter().map(String::as_str))
            .set_if("cutoff", batch.cutoff.map(|t| t.0))
            .flag("primary", self.shape.id_leads_primary(&self.names))
            .flag("lock", !batch.dry_run);
        let rows = self.query(doing, self.statements().lock_rows, &bind).await?;
        let (mut ids, mut deleted) = (Vec::with_capacity(rows.len()), Deleted::default());
        for row in rows {
            let session = meta(row).map_err(|e| StoreError::db(doing, e))?;
            if wanted(&session) {
                deleted.sessions += 1;
                deleted.bytes += session.size.unwrap_or(0);
                ids.push(session.key.id);
            }
        }
        deleted.spared = (batch.ids.len() as u64).saturating_sub(deleted.sessions);
        Ok((ids, deleted))
    }

    pub(super) async fn begin(&mut self) -> Result<()> {
        self.connection.begin().await.map_err(|e| StoreError::db("begin a transaction", e))
    }

    pub(super) async fn commit(&mut self) -> Result<()> {
        self.connection.commit().await.map_err(|e| StoreError::db("commit", e))
    }

    /// Rolls back; where that fails too, the connection is gone and the server does it.
    pub(super) async fn rollback(&mut self) {
        let _ = self.connection.rollback().await;
    }
}
