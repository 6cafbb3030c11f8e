//! Deletes sessions in small batches; each batch is written and synced to an archive before it is deleted.
//!
//! # Why no session is lost
//!
//! Each batch is one transaction. It locks its rows, reads them completely under the locks, appends them to the
//! archive, and syncs the archive; then it deletes the rows and commits. If the server deletes more or fewer rows than
//! were archived, the batch is rolled back.
//!
//! | event | result |
//! |---|---|
//! | the archive cannot be written or synced | the batch is rolled back, and the run ends |
//! | the DELETE or the COMMIT is refused | the batch is removed from the archive, and may be retried |
//! | the response to the COMMIT is lost | the batch stays in the archive, whether or not its rows were deleted |
//! | this run is killed | the archive contains all committed batches, and at most one more, whose rows still exist |
//! | Tomcat saves or deletes one of the rows | it waits for the lock, as in every batch (`purger`) |
//!
//! An account that cannot lock rows (PostgreSQL) uses REPEATABLE READ: the DELETE of a row that changed after it was
//! read fails, and the batch is retried. In addition, the DELETE takes no row with a later last access than those that
//! were read.

use std::collections::HashSet;
use std::time::Duration;

use async_trait::async_trait;

use crate::engine::{DbError, DbErrorKind};
use crate::session::{EpochMillis, Session, SessionKey, SessionMeta};
use crate::store::error::{Result, StoreError};
use crate::store::purge::batch::{Batch, BatchAction, BatchResult, COPY_BATCH_TIME, KeptRow, RowPredicate};
use crate::store::read::digest::rows_within_batch;
use crate::store::session_store::SessionStore;

/// Maximum number of keys per query.
const KEYS: usize = 500;

/// An archive that receives sessions before they are deleted.
pub trait SessionBackup: Send {
    /// Maximum size of the data of one session, in bytes.
    fn max_data(&self) -> u64;

    /// Appends sessions to the current batch.
    ///
    /// # Errors
    /// The reason why it cannot be written.
    fn write(&mut self, sessions: &[Session]) -> std::result::Result<(), String>;

    /// Syncs the current batch to disk.
    ///
    /// # Errors
    /// The reason why it cannot be synced.
    fn sync(&mut self) -> std::result::Result<(), String>;

    /// Ends the current batch: with `stay`, its sessions stay in the archive; otherwise they are removed from it,
    /// because their rows still exist.
    fn end_batch(&mut self, stay: bool);
}

/// Decides by the data of a session whether it is deleted.
pub type SessionPredicate = dyn Fn(&Session) -> bool + Send + Sync;

/// Archives the sessions of a batch, and then deletes them.
pub struct DeleteWithBackup<'a> {
    /// If set, only sessions whose data match, as read under the locks.
    pub by_data: Option<Box<SessionPredicate>>,
    pub backup: &'a mut dyn SessionBackup,
}

#[async_trait]
impl BatchAction for DeleteWithBackup<'_> {
    async fn apply(
        &mut self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        wanted: &RowPredicate<'_>,
    ) -> Result<BatchResult> {
        if batch.dry_run {
            let rows = store.lock_rows(batch, wanted).await?;
            let rows = match &self.by_data {
                Some(by_data) => store.with_data(rows, &**by_data).await?,
                None => rows,
            };
            return Ok(batch.totals(rows).1);
        }
        store.begin().await?;
        let deleted = match self.archive_and_delete(store, batch, wanted).await {
            Ok(deleted) => deleted,
            Err(error) => {
                store.rollback().await;
                self.backup.end_batch(false);
                return Err(error);
            }
        };
        let committed = store.commit().await;
        // After other errors of a COMMIT, it is not known whether it took effect.
        let refused = |error: &StoreError| {
            error.is_retryable() || error.is_too_large() || matches!(error, StoreError::LeaseLost { .. })
        };
        self.backup.end_batch(!committed.as_ref().is_err_and(refused));
        committed.map(|()| deleted)
    }

    fn batch_time(&self) -> Duration {
        COPY_BATCH_TIME
    }

    fn explains_skipped(&self) -> bool {
        self.by_data.is_none()
    }
}

impl DeleteWithBackup<'_> {
    async fn archive_and_delete(
        &mut self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        wanted: &RowPredicate<'_>,
    ) -> Result<BatchResult> {
        let mut rows = store.lock_rows(batch, wanted).await?;
        let kept = self.too_large(&mut rows);
        let (mut gone, mut seen, mut rest) = (Vec::with_capacity(rows.len()), HashSet::new(), rows.as_slice());
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rows_within_batch(rest));
            rest = later;
            let keys = now.iter().map(|row| &row.key).filter(|key| seen.insert((*key).clone()));
            let keys: Vec<SessionKey> = keys.cloned().collect();
            let read = store.every_row_of(&keys).await?;
            let sessions = self.chosen(read, batch, wanted);
            self.backup.write(&sessions).map_err(no_backup)?;
            gone.extend(sessions.into_iter().map(|session| session.meta));
        }
        if !gone.is_empty() {
            self.backup.sync().map_err(no_backup)?;
            store.delete_archived(batch, &gone).await?;
        }
        let (_, deleted) = batch.totals(gone);
        Ok(BatchResult { skipped: deleted.skipped.saturating_sub(kept.len() as u64), kept, ..deleted })
    }

    /// Removes from `rows` those that are too large for an archive, and returns them.
    fn too_large(&self, rows: &mut Vec<SessionMeta>) -> Vec<KeptRow> {
        let (most, mut kept) = (self.backup.max_data(), Vec::new());
        rows.retain(|row| {
            let fits = row.size.unwrap_or(0) <= most;
            if !fits {
                let reason = format!("it is larger than {most} bytes, the limit of archives");
                kept.push(KeptRow { key: row.key.clone(), reason });
            }
            fits
        });
        kept
    }

    /// Of rows with their data, those to delete, the newest of each session last. A session with several rows is judged
    /// by the newest one, and all of its rows within the bounds of the batch are deleted.
    fn chosen(&self, mut rows: Vec<Session>, batch: &Batch<'_>, wanted: &RowPredicate<'_>) -> Vec<Session> {
        rows.retain(|row| batch.is_within(&row.meta));
        rows.sort_by(|a, b| a.meta.key.cmp(&b.meta.key).then_with(|| a.meta.row_age().cmp(&b.meta.row_age())));
        let goes =
            |newest: &Session| wanted(&newest.meta) && self.by_data.as_ref().is_none_or(|by_data| by_data(newest));
        let groups = rows.chunk_by(|a, b| a.meta.key == b.meta.key);
        groups.filter(|group| group.last().is_some_and(goes)).flatten().cloned().collect()
    }
}

impl SessionStore {
    /// Deletes exactly the archived rows, in the open transaction.
    ///
    /// # Errors
    /// [`StoreError::Db`]; retryable if the number of deleted rows is not that of the archived rows.
    async fn delete_archived(&mut self, batch: &Batch<'_>, archived: &[SessionMeta]) -> Result<()> {
        let mut ids: Vec<String> = archived.iter().map(|row| row.key.id.clone()).collect();
        ids.dedup();
        // A row with a later access is not the one that was archived.
        let newest = archived.iter().map(|row| row.last_access).max().flatten();
        let read = newest.filter(|_| archived.iter().all(|row| row.last_access.is_some()));
        let read = read.map(|at| EpochMillis(at.0.saturating_add(1)));
        let accessed_before = batch.accessed_before.into_iter().chain(read).min();
        let deleted = self.delete_rows(&Batch { accessed_before, ..*batch }, &ids).await?;
        if deleted == archived.len() as u64 {
            return Ok(());
        }
        let what = format!("{deleted} rows were deleted, of {} that were archived", archived.len());
        Err(StoreError::db("delete sessions", DbError::new(DbErrorKind::Retryable, "", what)))
    }

    /// Archives rows of an application that a Tomcat is about to delete; returns their number.
    ///
    /// # Errors
    /// [`StoreError::Db`], also if the archive cannot be written.
    pub async fn archive_rows(
        &mut self,
        app: Option<&str>,
        ids: &[String],
        backup: &mut dyn SessionBackup,
    ) -> Result<u64> {
        let archived = self.copy_rows(app, ids, backup).await;
        backup.end_batch(archived.is_ok());
        archived
    }

    async fn copy_rows(&mut self, app: Option<&str>, ids: &[String], backup: &mut dyn SessionBackup) -> Result<u64> {
        let mut archived = 0;
        for ids in ids.chunks(KEYS.min(self.dialect().max_batch)) {
            let batch = Batch { app, ids, cutoff: None, accessed_before: None, dry_run: true };
            let most = backup.max_data();
            let rows = self.lock_rows(&batch, &|row| row.size.unwrap_or(0) <= most).await?;
            let mut rest = rows.as_slice();
            while !rest.is_empty() {
                let (now, later) = rest.split_at(rows_within_batch(rest));
                rest = later;
                let keys: Vec<SessionKey> = now.iter().map(|row| row.key.clone()).collect();
                let sessions = self.sessions_of(&keys).await?;
                archived += sessions.len() as u64;
                backup.write(&sessions).map_err(no_backup)?;
            }
        }
        backup.sync().map_err(no_backup)?;
        Ok(archived)
    }
}

fn no_backup(why: String) -> StoreError {
    StoreError::db("archive sessions before they are deleted", DbError::other(why))
}
