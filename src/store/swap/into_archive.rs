//! Moves sessions to where no transaction reaches, in two steps: all are copied first, and once the copy
//! is durable, only what is still what was copied is deleted.
//!
//! # Why no session is lost, aged, doubled or brought back
//!
//! | step | does |
//! |---|---|
//! | 1 | the archive is written again beside the old one, without what the table has in the same state or a newer one |
//! | 2 | [`CopyToArchive`]: the candidates are read whole and written behind it; one that the old archive has in a newer state stays, and is named |
//! | 3 | the journal beside the archive says which sessions were copied, and is on the disk |
//! | 4 | the new archive is on the disk, and takes the place of the old one |
//! | 5 | [`DeleteCopied`]: batch by batch, the rows are locked and judged again, those that are still what was copied are deleted, the journal says which, and the deletion is committed |
//! | 6 | what was copied and not deleted is taken out of the archive, and the journal goes |
//!
//! Until step 4 the old archive and the table are as they were. From then on the deletion of step 5 decides,
//! row by row, whether a session is moved; what another does to a row before it shows under the lock.
//!
//! | after step | another does | then |
//! |---|---|---|
//! | 1 to 4 | a Tomcat saves the session (deleted, or inserted too) | step 5 finds no row, or another state; step 6 takes the copy out |
//! | 1 to 4 | the user logs out | step 5 finds no row; step 6 takes the copy out, so that `import` does not bring it back |
//! | 5 | locks that others hold, `--max-time`, a signal, an error end the run | step 6 for what was not deleted, which the table still has |
//! | 4, 5 | this run is killed | the next one reads the journal: the table has the session in the same state or a newer one, and the copy goes; the table lacks it and its deletion was not begun, so that its user has logged out, and the copy goes; or its deletion was being committed, and the copy stays and is named, once a batch at most |
//! | 6 | a Tomcat that held the session in memory saves it | the table has a newer state, and the next run drops the copy |
//!
//! A second run waits for the lock of the table and for that of the archive. Where the first does not hold
//! for everybody, in a cluster, each run takes back only what it has put into its own archive and not
//! deleted itself, so that whoever has deleted a row has its copy.

use std::time::Duration;

use async_trait::async_trait;

use crate::engine::DbError;
use crate::session::{Digest, EpochMillis, Session, SessionKey, SessionMeta, sha256, short_digest};
use crate::spill;
use crate::spill::SpillMap;
use crate::store::error::{Result, StoreError};
use crate::store::purge::batch::{Batch, BatchAction, COPIED, Deleted, KeptRow, RowPredicate};
use crate::store::read::digest::rows_within_batch;
use crate::store::session_store::SessionStore;

/// The bit of a copy's state that says that its original was deleted, or may have been.
const DELETED: u64 = 1;

/// The states in which sessions were copied, by digests of 64 bits.
#[derive(Default)]
pub struct CopiedSessions {
    states: SpillMap,
    deleted: u64,
}

impl CopiedSessions {
    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    /// How many were copied and not deleted.
    pub fn undeleted(&self) -> u64 {
        self.states.len().saturating_sub(self.deleted)
    }

    /// Tells whether a session was copied in this very state, and certainly not deleted.
    ///
    /// # Errors
    /// [`spill::SpillError`].
    pub fn is_undeleted(&mut self, session: &Digest) -> spill::Result<bool> {
        Ok(self.states.get(short_digest(&session.meta.key))? == Some(state(session)))
    }

    /// Tells whether a session was copied in this very state. Its deletion may have been begun, and not
    /// have happened:
    /// the row is there.
    fn is_copy_of(&mut self, session: &Digest) -> spill::Result<bool> {
        Ok(self.states.get(short_digest(&session.meta.key))?.map(|was| was & !DELETED) == Some(state(session)))
    }

    fn add(&mut self, session: &Digest) -> spill::Result<()> {
        self.states.set(short_digest(&session.meta.key), state(session))?;
        Ok(())
    }

    /// Notes that the originals are being deleted, or that they were not.
    fn set_deleted(&mut self, keys: &[SessionKey], deleted: bool) -> spill::Result<()> {
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

/// All columns and the data, with no bit where [`DELETED`] stands.
fn state(session: &Digest) -> u64 {
    let SessionMeta { valid, max_inactive, last_access, size, .. } = &session.meta;
    let columns = format!("{valid:?} {max_inactive:?} {last_access:?} {size:?} {:?}", session.sha256);
    sha256(columns.as_bytes()).iter().take(8).fold(0, |state, byte| state << 8 | u64::from(*byte)) & !DELETED
}

/// The sessions of an archive, and when each was accessed last.
#[derive(Default)]
pub struct ArchivedSessions(SpillMap);

impl ArchivedSessions {
    /// Notes a session.
    ///
    /// # Errors
    /// [`spill::SpillError`].
    pub fn add(&mut self, session: &SessionMeta) -> spill::Result<()> {
        let key = short_digest(&session.key);
        let newest = self.last_access(session)?.max(session.last_access);
        self.0.set(key, newest.map_or(i64::MIN, |at| at.0).cast_unsigned())?;
        Ok(())
    }

    fn last_access(&mut self, session: &SessionMeta) -> spill::Result<Option<EpochMillis>> {
        Ok(self.0.get(short_digest(&session.key))?.map(|at| EpochMillis(at.cast_signed())))
    }
}

/// Takes whole sessions to where they go; why it cannot, otherwise.
pub type WriteSessions<'a> = dyn FnMut(&[Session]) -> std::result::Result<(), String> + Send + 'a;

/// The first step: hands the sessions of a batch out whole, and deletes nothing.
pub struct CopyToArchive<'a> {
    pub take: Box<WriteSessions<'a>>,
    pub copied: CopiedSessions,
    /// What already exists.
    pub archived: ArchivedSessions,
}

#[async_trait]
impl BatchAction for CopyToArchive<'_> {
    async fn apply(
        &mut self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        wanted: &RowPredicate<'_>,
    ) -> Result<Deleted> {
        let rows = store.lock_rows(&Batch { dry_run: true, ..*batch }, wanted).await?;
        let mut done = Deleted::default();
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
                    done.left.push(KeptRow::newer_at(&session.meta.key, archived, session.meta.last_access));
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
        done.spared = (batch.ids.len() as u64).saturating_sub(done.sessions + done.newer);
        Ok(done)
    }

    fn batch_time(&self) -> Duration {
        COPIED
    }
}

/// What is told of the deletion of copied sessions, in the moments that decide.
pub trait DeletionLog: Send {
    /// Those sessions are deleted, and the commit follows.
    ///
    /// # Errors
    /// Why it cannot be noted; they stay then.
    fn deleting(&mut self, keys: &[SessionKey]) -> std::result::Result<(), String>;

    /// What became of them. It is not told where nobody knows.
    fn ended(&mut self, deleted: bool);
}

/// The second step: deletes what is still what was copied. What is left of the copies then is of no
/// use: those sessions were used in the meantime, or somebody else deleted them.
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
    ) -> Result<Deleted> {
        store.begin().await?;
        let (deleted, gone) = match self.delete(store, batch, wanted).await {
            Ok(done) => done,
            Err(error) => {
                store.rollback().await;
                return Err(error);
            }
        };
        // All that can fail of the notes comes before the commit: a failure after it would say of sessions
        // that have gone that they are there.
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
                // A server that refuses a commit by a deadlock has rolled back; of another error nobody knows.
                if error.is_retryable() {
                    self.kept(&gone);
                }
                Err(error)
            }
        }
    }
}

impl DeleteCopied<'_> {
    /// Notes that those sessions were not deleted. Where it cannot, their copies are kept: twice is better
    /// than never.
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
    ) -> Result<(Deleted, Vec<SessionKey>)> {
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
        let (_, deleted) = batch.judged(rows);
        Ok((deleted, gone))
    }
}

impl SessionStore {
    /// Tells of each of those sessions how the table's row stands to it.
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

/// What the table has of a session that is in an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredState {
    Nothing,
    Older,
    SameOrNewer,
}
