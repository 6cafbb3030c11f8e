//! Moves sessions to where no transaction reaches, in two steps: all are copied first, and once the copy
//! is durable, only what is still what was copied is deleted. A run that is killed between the two
//! leaves sessions in both places, never in none.

use std::time::Duration;

use async_trait::async_trait;

use super::digest::fitting;
use super::purge::COPIED;
use super::{Batch, DbError, Deleted, Disposal, Judge, Result, SessionStore, StoreError};
use crate::ledger::{self, Ledger};
use crate::session::{Digest, Session, SessionKey, SessionMeta, sha256, short_digest};

/// The states in which sessions were copied, by digests of 64 bits.
#[derive(Default)]
pub struct Copied(Ledger);

impl Copied {
    pub fn len(&self) -> u64 {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Tells whether a session was copied in this very state.
    ///
    /// # Errors
    /// [`ledger::LedgerError`].
    pub fn has(&mut self, session: &Digest) -> ledger::Result<bool> {
        Ok(self.0.get(short_digest(&session.meta.key))? == Some(state(session)))
    }

    fn add(&mut self, session: &Digest) -> ledger::Result<()> {
        self.0.set(short_digest(&session.meta.key), state(session))?;
        Ok(())
    }
}

/// All columns and the data.
fn state(session: &Digest) -> u64 {
    let SessionMeta { valid, max_inactive, last_access, size, .. } = &session.meta;
    let columns = format!("{valid:?} {max_inactive:?} {last_access:?} {size:?} {:?}", session.sha256);
    sha256(columns.as_bytes()).iter().take(8).fold(0, |state, byte| state << 8 | u64::from(*byte))
}

/// Takes whole sessions to where they go; why it cannot, otherwise.
pub type Take<'a> = dyn FnMut(&[Session]) -> std::result::Result<(), String> + Send + 'a;

/// The first step: hands the sessions of a batch out whole, and deletes nothing.
pub struct CopyOut<'a> {
    pub take: Box<Take<'a>>,
    pub copied: Copied,
}

#[async_trait]
impl Disposal for CopyOut<'_> {
    async fn dispose(&mut self, store: &mut SessionStore, batch: &Batch<'_>, wanted: &Judge<'_>) -> Result<Deleted> {
        let rows = store.lock_rows(&Batch { dry_run: true, ..*batch }, wanted).await?;
        let mut done = Deleted::default();
        let mut rest = rows.as_slice();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(fitting(rest));
            rest = later;
            let keys: Vec<SessionKey> = now.iter().map(|row| row.key.clone()).collect();
            let mut sessions = store.sessions_of(&keys).await?;
            sessions.retain(|session| wanted(&session.meta));
            done.sessions += sessions.len() as u64;
            done.bytes += sessions.iter().map(|session| session.meta.size.unwrap_or(0)).sum::<u64>();
            if !batch.dry_run {
                (self.take)(&sessions).map_err(|why| StoreError::db("copy sessions", DbError::other(why)))?;
                for session in &sessions {
                    self.copied.add(&Digest::of(session))?;
                }
            }
        }
        done.spared = (batch.ids.len() as u64).saturating_sub(done.sessions);
        Ok(done)
    }

    fn batch_time(&self) -> Duration {
        COPIED
    }
}

/// The second step: deletes what is still what was copied. What is left of the copies then is of no
/// use: those sessions were used meanwhile, or somebody else deleted them.
pub struct DeleteCopied {
    pub copied: Copied,
}

#[async_trait]
impl Disposal for DeleteCopied {
    async fn dispose(&mut self, store: &mut SessionStore, batch: &Batch<'_>, wanted: &Judge<'_>) -> Result<Deleted> {
        store.begin().await?;
        match self.delete(store, batch, wanted).await {
            Ok((deleted, gone)) => {
                store.commit().await?;
                for key in &gone {
                    self.copied.0.remove(short_digest(key))?;
                }
                Ok(deleted)
            }
            Err(error) => {
                store.rollback().await;
                Err(error)
            }
        }
    }
}

impl DeleteCopied {
    async fn delete(
        &mut self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        wanted: &Judge<'_>,
    ) -> Result<(Deleted, Vec<SessionKey>)> {
        let mut rows = store.lock_rows(batch, wanted).await?;
        let mut keys = Vec::new();
        for row in &rows {
            if self.copied.0.get(short_digest(&row.key))?.is_some() {
                keys.push(row.key.clone());
            }
        }
        let mut gone = Vec::new();
        for digest in store.digests_of(&keys).await? {
            if self.copied.has(&digest)? {
                gone.push(digest.meta.key);
            }
        }
        rows.retain(|row| gone.contains(&row.key));
        let (ids, deleted) = batch.judged(rows);
        store.delete_rows(batch, &ids).await?;
        Ok((deleted, gone))
    }
}

impl SessionStore {
    /// Leaves of copies those that say more than the table: it lacks the session, or has it in an older
    /// state.
    ///
    /// # Errors
    /// [`StoreError::Db`].
    pub async fn leave_what_it_lacks(&mut self, sessions: &mut Vec<Session>) -> Result<()> {
        let there = self.existing(sessions, false).await?;
        sessions
            .retain(|Session { meta, .. }| there.get(&meta.key).is_none_or(|row| row.last_access < meta.last_access));
        Ok(())
    }
}
