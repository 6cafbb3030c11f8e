//! Moves sessions into an archive, which no transaction covers, in two steps: all sessions are copied first; when the
//! copy is durable, the rows that are still in the copied state are deleted.
//!
//! # Why no session is lost, aged, duplicated or resurrected
//!
//! | step | action |
//! |---|---|
//! | 1 | The archive is written again next to the old one, without sessions that the table has in the same state or a newer one. |
//! | 2 | [`CopyToArchive`]: the candidates are read completely and appended. A session that the old archive has in a newer state stays in the table, and is listed. |
//! | 3 | The journal next to the archive lists the copied sessions, and is synced to disk. |
//! | 4 | The new archive is synced to disk, and replaces the old one. |
//! | 5 | [`DeleteCopied`]: batch by batch, the rows are locked and checked again; those still in the copied state are deleted; the journal records which; the deletion is committed. |
//! | 6 | Copies whose originals were not deleted are removed from the archive, and the journal is removed. |
//!
//! Until step 4, the old archive and the table are unchanged. From then on, the deletion of step 5 decides for each
//! row whether its session is moved. What others do to a row before that is visible under the lock.
//!
//! | after step | event | result |
//! |---|---|---|
//! | 1 to 4 | a Tomcat saves the session (the row is deleted, or already inserted again) | step 5 finds no row, or another state; step 6 removes the copy |
//! | 1 to 4 | the user logs out | step 5 finds no row; step 6 removes the copy, so that `import` does not resurrect the session |
//! | 5 | locks of others, `--max-time`, a signal or an error end the run | step 6 for the sessions that were not deleted, which the table still has |
//! | 4, 5 | this run is killed | The next run reads the journal. If the table has the session in the same state or a newer one, the copy is removed. If the table lacks it and its deletion had not begun, its user has logged out, and the copy is removed. If its deletion was being committed, which can be the case for one batch, the copy is kept and listed. |
//! | 6 | a Tomcat that held the session in memory saves it | the table has a newer state, and the next run removes the copy |
//!
//! A second run waits for the lock of the table and that of the archive. In a cluster without a lease, where the lock
//! of the table is not valid for everybody, each run removes only copies that it has written itself and whose
//! originals it has not deleted. The run that deletes a row therefore has its copy.

use std::time::Duration;

use async_trait::async_trait;

use crate::engine::DbError;
use crate::session::{Digest, EpochMillis, Session, SessionKey, SessionMeta, sha256, short_digest};
use crate::spillable_map;
use crate::spillable_map::SpillableMap;
use crate::store::error::{Result, StoreError};
use crate::store::purge::batch::{Batch, BatchAction, BatchResult, COPY_BATCH_TIME, KeptRow, RowPredicate};
use crate::store::read::digest::rows_within_batch;
use crate::store::session_store::SessionStore;

/// The bit of a copy's state which says that its original was deleted, or may have been.
const DELETED: u64 = 1;

/// The states in which sessions were copied, as 64-bit digests.
#[derive(Default)]
pub struct CopiedSessions {
    states: SpillableMap,
    deleted: u64,
}

impl CopiedSessions {
    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    /// Number of sessions that were copied and not deleted.
    pub fn undeleted(&self) -> u64 {
        self.states.len().saturating_sub(self.deleted)
    }

    /// Tells whether a session was copied in exactly this state, and certainly not deleted.
    ///
    /// # Errors
    /// [`spillable_map::SpillError`].
    pub fn is_undeleted(&mut self, session: &Digest) -> spillable_map::Result<bool> {
        Ok(self.states.get(short_digest(&session.meta.key))? == Some(state(session)))
    }

    /// Tells whether a session was copied in exactly this state. Its deletion may have been attempted without
    /// success: the row still exists.
    fn is_copy_of(&mut self, session: &Digest) -> spillable_map::Result<bool> {
        Ok(self.states.get(short_digest(&session.meta.key))?.map(|was| was & !DELETED) == Some(state(session)))
    }

    fn add(&mut self, session: &Digest) -> spillable_map::Result<()> {
        self.states.set(short_digest(&session.meta.key), state(session))?;
        Ok(())
    }

    /// Records that the originals are being deleted, or that they were not.
    fn set_deleted(&mut self, keys: &[SessionKey], deleted: bool) -> spillable_map::Result<()> {
        for key in keys.iter().map(short_digest) {
            let Some(before) = self.states.get(key)? else { continue };
            let now = if deleted { before | DELETED } else { before & !DELETED };
            if now != before {
                self.states.set(key, now)?;
                self.deleted = if deleted { self.deleted + 1 } else { self.deleted.saturating_sub(1) };
            }
        }
        Ok(())
    }
}

/// Digest of all columns and the data, with the bit [`DELETED`] cleared.
fn state(session: &Digest) -> u64 {
    let SessionMeta { valid, max_inactive, last_access, size, .. } = &session.meta;
    let columns = format!("{valid:?} {max_inactive:?} {last_access:?} {size:?} {:?}", session.sha256);
    sha256(columns.as_bytes()).iter().take(8).fold(0, |state, byte| state << 8 | u64::from(*byte)) & !DELETED
}

/// The sessions of an archive, with their `last_access`.
#[derive(Default)]
pub struct ArchivedSessions(SpillableMap);

impl ArchivedSessions {
    /// Adds a session.
    ///
    /// # Errors
    /// [`spillable_map::SpillError`].
    pub fn add(&mut self, session: &SessionMeta) -> spillable_map::Result<()> {
        let key = short_digest(&session.key);
        let newest = self.last_access(session)?.max(session.last_access);
        self.0.set(key, newest.map_or(i64::MIN, |at| at.0).cast_unsigned())?;
        Ok(())
    }

    fn last_access(&mut self, session: &SessionMeta) -> spillable_map::Result<Option<EpochMillis>> {
        Ok(self.0.get(short_digest(&session.key))?.map(|at| EpochMillis(at.cast_signed())))
    }
}

/// Writes complete sessions to the target; the error is the reason why that failed.
pub type WriteSessions<'a> = dyn FnMut(&[Session]) -> std::result::Result<(), String> + Send + 'a;

/// The first step: passes the complete sessions of a batch to the archive, and deletes nothing.
pub struct CopyToArchive<'a> {
    pub take: Box<WriteSessions<'a>>,
    pub copied: CopiedSessions,
    /// The sessions that the archive already has.
    pub archived: ArchivedSessions,
}

#[async_trait]
impl BatchAction for CopyToArchive<'_> {
    async fn apply(
        &mut self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        wanted: &RowPredicate<'_>,
    ) -> Result<BatchResult> {
        let rows = store.lock_rows(&Batch { dry_run: true, ..*batch }, wanted).await?;
        let mut done = BatchResult::default();
        let mut rest = rows.as_slice();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rows_within_batch(rest));
            rest = later;
            let keys: Vec<SessionKey> = now.iter().map(|row| row.key.clone()).collect();
            let mut sessions = Vec::with_capacity(keys.len());
            for session in store.sessions_of(&keys).await? {
                let archived = self.archived.last_access(&session.meta)?;
                if archived > session.meta.last_access {
                    done.newer += 1;
                    done.kept.push(KeptRow::newer_at(&session.meta.key, archived, session.meta.last_access));
                } else if wanted(&session.meta) {
                    sessions.push(session);
                }
            }
            done.sessions += sessions.len() as u64;
            done.bytes += sessions.iter().map(|session| session.meta.size.unwrap_or(0)).sum::<u64>();
            if !batch.dry_run {
                (self.take)(&sessions).map_err(|why| StoreError::db("copy sessions", DbError::other(why)))?;
                for session in &sessions {
                    self.copied.add(&Digest::of(session))?;
                }
            }
        }
        done.skipped = (batch.ids.len() as u64).saturating_sub(done.sessions + done.newer);
        Ok(done)
    }

    fn batch_time(&self) -> Duration {
        COPY_BATCH_TIME
    }
}

/// Receives the progress of deleting copied sessions.
pub trait DeletionLog: Send {
    /// These sessions are being deleted; the commit follows.
    ///
    /// # Errors
    /// The reason why that cannot be recorded; the sessions are then kept.
    fn deleting(&mut self, keys: &[SessionKey]) -> std::result::Result<(), String>;

    /// The outcome. Not called if it is unknown.
    fn ended(&mut self, deleted: bool);
}

/// The second step: deletes rows that are still in the copied state. The other copies are then useless: those
/// sessions were used in the meantime, or somebody else deleted them.
pub struct DeleteCopied<'a> {
    pub copied: CopiedSessions,
    pub log: &'a mut dyn DeletionLog,
}

#[async_trait]
impl BatchAction for DeleteCopied<'_> {
    async fn apply(
        &mut self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        wanted: &RowPredicate<'_>,
    ) -> Result<BatchResult> {
        store.begin().await?;
        let (deleted, gone) = match self.delete(store, batch, wanted).await {
            Ok(done) => done,
            Err(error) => {
                store.rollback().await;
                return Err(error);
            }
        };
        // Everything that can fail while recording happens before the commit: a later failure would claim that
        // deleted sessions exist.
        let noted = match self.copied.set_deleted(&gone, true) {
            Ok(()) if gone.is_empty() => Ok(()),
            Ok(()) => self.log.deleting(&gone).map_err(|why| StoreError::db("note a deletion", DbError::other(why))),
            Err(error) => Err(error.into()),
        };
        if let Err(error) = noted {
            store.rollback().await;
            self.kept(&gone);
            return Err(error);
        }
        match store.commit().await {
            Ok(()) => {
                if !gone.is_empty() {
                    self.log.ended(true);
                }
                Ok(deleted)
            }
            Err(error) => {
                // A server that refuses a commit because of a deadlock has rolled back; after other errors the
                // outcome is unknown.
                if error.is_retryable() {
                    self.kept(&gone);
                }
                Err(error)
            }
        }
    }
}

impl DeleteCopied<'_> {
    /// Records that these sessions were not deleted. If that fails, their copies are kept: a duplicate is better than
    /// a loss.
    fn kept(&mut self, keys: &[SessionKey]) {
        let _ = self.copied.set_deleted(keys, false);
        if !keys.is_empty() {
            self.log.ended(false);
        }
    }

    async fn delete(
        &mut self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        wanted: &RowPredicate<'_>,
    ) -> Result<(BatchResult, Vec<SessionKey>)> {
        let mut rows = store.lock_rows(batch, wanted).await?;
        let mut keys = Vec::new();
        for row in &rows {
            if self.copied.states.get(short_digest(&row.key))?.is_some() {
                keys.push(row.key.clone());
            }
        }
        let mut gone = Vec::new();
        for digest in store.digests_of(&keys).await? {
            if self.copied.is_copy_of(&digest)? {
                gone.push(digest.meta.key);
            }
        }
        rows.retain(|row| gone.contains(&row.key));
        store.delete_seen(&rows.iter().collect::<Vec<_>>()).await?;
        let (_, deleted) = batch.totals(rows);
        Ok((deleted, gone))
    }
}

impl SessionStore {
    /// Compares the rows of the table with these sessions.
    ///
    /// # Errors
    /// [`StoreError::Db`].
    pub async fn stored_states(&mut self, sessions: &[Session]) -> Result<Vec<StoredState>> {
        let there = self.existing(sessions, false).await?;
        let beside = |Session { meta, .. }: &Session| match there.get(&meta.key) {
            None => StoredState::Nothing,
            Some(row) if row.last_access < meta.last_access => StoredState::Older,
            Some(_) => StoredState::SameOrNewer,
        };
        Ok(sessions.iter().map(beside).collect())
    }
}

/// The row of a session that is in an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredState {
    Nothing,
    Older,
    SameOrNewer,
}
