//! Deletes sessions in small batches, each of which is in an archive, and on the disk, before it is deleted.
//!
//! # Why no session is lost
//!
//! A batch is one transaction. It locks its rows and reads them whole under the lock; they are appended to
//! the archive and synced; then they are deleted, and the commit follows. The server must delete exactly as
//! many rows as were archived, or the batch is rolled back.
//!
//! | what happens | then |
//! |---|---|
//! | the archive cannot be written or synced | the batch is rolled back, and the run ends |
//! | the deletion or the commit is refused | the batch is taken out of the archive again, and may be tried once more |
//! | the answer to the commit is lost | the batch stays in the archive, whether or not its rows are gone |
//! | this run is killed | the archive has all committed batches, and perhaps one more, whose rows are still there |
//! | a Tomcat saves or deletes one of the rows | it waits for the lock, as with every batch (`purger`) |
//!
//! On a server that takes no locks by hints, a row may change between reading and deleting. Then it was accessed
//! later than those that were read, and is not deleted.

use std::collections::HashSet;
use std::time::Duration;

use async_trait::async_trait;

use crate::engine::{DbError, DbErrorKind};
use crate::session::{EpochMillis, Session, SessionKey, SessionMeta};
use crate::store::error::{Result, StoreError};
use crate::store::purge::batch::{Batch, BatchAction, COPIED, Deleted, KeptRow, RowPredicate};
use crate::store::read::digest::rows_within_batch;
use crate::store::session_store::SessionStore;

/// The keys of a look-up.
const KEYS: usize = 500;

/// Where sessions are archived before they are deleted.
pub trait SessionBackup: Send {
    /// The most bytes of data that a session may have.
    fn max_data(&self) -> u64;

    /// Appends sessions to the batch.
    ///
    /// # Errors
    /// Why it cannot.
    fn write(&mut self, sessions: &[Session]) -> std::result::Result<(), String>;

    /// Puts the batch on the disk.
    ///
    /// # Errors
    /// Why it cannot.
    fn sync(&mut self) -> std::result::Result<(), String>;

    /// Ends the batch: its sessions stay in the archive, or are taken out because their rows are still there.
    fn end_batch(&mut self, stay: bool);
}

/// Tells whether a session is wanted by its data.
pub type SessionPredicate = dyn Fn(&Session) -> bool + Send + Sync;

/// Archives the sessions of a batch, and deletes them.
pub struct DeleteWithBackup<'a> {
    /// With it, those whose data it wants, as they are under the locks.
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
    ) -> Result<Deleted> {
        if batch.dry_run {
            let rows = store.lock_rows(batch, wanted).await?;
            let rows = match &self.by_data {
                Some(by_data) => store.with_data(rows, &**by_data).await?,
                None => rows,
            };
            return Ok(batch.judged(rows).1);
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
        // Of another error of a commit nobody knows whether it happened.
        let refused = |error: &StoreError| {
            error.is_retryable() || error.is_too_large() || matches!(error, StoreError::LeaseLost { .. })
        };
        self.backup.end_batch(!committed.as_ref().is_err_and(refused));
        committed.map(|()| deleted)
    }

    fn batch_time(&self) -> Duration {
        COPIED
    }

    fn explains_spared(&self) -> bool {
        self.by_data.is_none()
    }
}

impl DeleteWithBackup<'_> {
    async fn archive_and_delete(
        &mut self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        wanted: &RowPredicate<'_>,
    ) -> Result<Deleted> {
        let mut rows = store.lock_rows(batch, wanted).await?;
        let left = self.too_large(&mut rows);
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
        let (_, deleted) = batch.judged(gone);
        Ok(Deleted { spared: deleted.spared.saturating_sub(left.len() as u64), left, ..deleted })
    }

    /// Takes out of `rows` those that no archive takes.
    fn too_large(&self, rows: &mut Vec<SessionMeta>) -> Vec<KeptRow> {
        let (most, mut left) = (self.backup.max_data(), Vec::new());
        rows.retain(|row| {
            let fits = row.size.unwrap_or(0) <= most;
            if !fits {
                let reason = format!("it is larger than {most} bytes, the limit of archives");
                left.push(KeptRow { key: row.key.clone(), reason });
            }
            fits
        });
        left
    }

    /// Of rows that were read whole those that go, the newest of each session last. A session that has several
    /// goes with all that are within the bounds of the batch, and is judged by the newest.
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
    /// Deletes the rows that were archived, in the transaction that is open, and nothing else.
    ///
    /// # Errors
    /// [`StoreError::Db`]; retryable where there are more of them or fewer.
    async fn delete_archived(&mut self, batch: &Batch<'_>, archived: &[SessionMeta]) -> Result<()> {
        let mut ids: Vec<String> = archived.iter().map(|row| row.key.id.clone()).collect();
        ids.dedup();
        // What was accessed later was not read.
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

    /// Archives the rows of an application that somebody else is about to delete; returns how many.
    ///
    /// # Errors
    /// [`StoreError::Db`], also where the archive cannot be written.
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
