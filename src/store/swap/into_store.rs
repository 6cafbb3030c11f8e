//! Moves sessions into another store.
//!
//! # Why no session is lost, aged, duplicated or resurrected
//!
//! No transaction spans two servers. A batch is moved in five steps; steps 3, 4 and 5 are one transaction each:
//!
//! | step | store | action |
//! |---|---|---|
//! | 1 | source | reads the columns of the candidates and checks them, without locks |
//! | 2 | source | reads these sessions completely and computes their digests; with `--touch`, sets their access times |
//! | 3 | target | locks the rows with their keys, decides with [`Direction::decide`], writes the copies and a journal entry with their keys |
//! | 4 | source | locks the rows, checks them again, deletes those whose columns and data are still what was copied |
//! | 5 | target | resolves: removes copies whose originals were not deleted, and deletes the journal entry |
//!
//! The deletion of step 4 decides whether a session is moved: before its commit the session is in the source, and
//! after it in the target. What others do to the row before that is visible under the locks of step 4; what others do
//! to the copy is visible under those of steps 3 and 5.
//!
//! | after step | event | result |
//! |---|---|---|
//! | 1, 2, 3 | a Tomcat saves the session (the row is deleted, or already inserted again) | step 4 finds no row, or another state, and deletes nothing; the session remains in the source, and step 5 removes the copy |
//! | 1, 2, 3 | the user logs out | step 4 finds no row; step 5 removes the copy, so that nothing resurrects the session |
//! | 2 | a newer state is written to the target (`swap-in --touch` while Tomcat is running) | step 3 decides by the state at the source, under the lock, and keeps the newer one: both are kept, and listed |
//! | 3 | a Tomcat uses the copy in the live table (`swap-in`) | step 5 removes nothing from a live table |
//! | 3 | somebody else locks the row of the source | step 4 skips it; step 5 as above |
//! | 4 | a Tomcat that held the session in memory saves it | the live row is newer than the copy: the next move of the session replaces the copy |
//! | 1 to 5 | a second run starts | it takes the locks of both tables first, and ends with exit code 12; see below if a lock is not valid for everybody |
//! | 3, 4 | this run ends, because of locks of others, `--max-time`, a signal, or a lost lock | [`BatchAction::finish`] executes step 5 for the remaining copies |
//! | 3 | this run is killed, or the connection to the source is lost | the session is in both stores, and the entry in the target's journal says so |
//! | 4 | this run is killed, or the answer to the commit is lost | the session is in the target, or in both stores, and the entry says that one of these is the case |
//!
//! **A tie** is decided in favor of the live row ([`Direction::decide`]): its data may be newer than `last_access`
//! says.
//!
//! **The journal** ([`super::journal`]) is read by the next run that is alone with both tables
//! ([`IntoStore::reconcile`]). If the live row has the same state or a newer one, the other row is removed. If there
//! is no live row, nobody can tell whether the session was moved or its user has logged out since: the copy is kept
//! and listed, and `swap-in --all` does not bring it back; only `swap-in ID` does ([`SessionStore::in_doubt`]).
//!
//! **Without a lock that is valid for everybody** (each node of a cluster has its own advisory locks), two runs may
//! move the same session. Both copy it; the second one finds the copy of the first in the same state and writes
//! nothing. One deletion finds the row and counts the session as moved; the other finds none, and cannot know whether
//! the session was moved or its user logged out. [`Direction::resolve`] therefore removes a copy only in two cases:
//! if the source has the session in another state than the copied one, so that it survives whatever the other run
//! does; or if this run holds the target's lock, so that no other run can have adopted the copy. Otherwise the copy
//! is kept and listed: keeping an ended session until it expires is the lesser harm.
//!
//! **No byte changes**: the data are copied unchanged; `--touch` sets the access times, and a session whose times
//! cannot be set is not moved.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use async_trait::async_trait;

use crate::session::{Decision, Digest, Direction, Session, SessionKey, SessionMeta, UnresolvedCopy};
use crate::store::error::{Result, StoreError};
use crate::store::purge::batch::{Batch, BatchAction, BatchResult, COPY_BATCH_TIME, KeptRow, RowPredicate};
use crate::store::read::digest::rows_within_batch;
use crate::store::session_store::SessionStore;
use crate::store::swap::into_table::SessionFix;
use crate::store::swap::journal::Entry;
use crate::store::write::insert::{ConflictResolver, Existing, WriteOutcome, written};
use crate::store::write::table_limits::TableLimits;

/// Moves the sessions of a batch into another store. Rows of the target with an older state, or the same one, are
/// replaced; if the target has a newer state, both rows are kept.
pub struct IntoStore {
    pub(in crate::store) to: SessionStore,
    pub(in crate::store) way: Direction,
    fix: Option<Box<SessionFix>>,
    /// Copies whose originals have not been deleted, of the current batch or of earlier ones.
    pub(in crate::store) open: HashMap<SessionKey, UnresolvedCopy>,
    /// Those of them whose batch has failed and is being retried, possibly in parts: they are not resolved before.
    pub(in crate::store) to_retry: HashSet<SessionKey>,
    /// The entries of this run in the target's journal.
    pub(in crate::store) journal: Vec<SessionKey>,
}

#[async_trait]
impl BatchAction for IntoStore {
    async fn apply(
        &mut self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        wanted: &RowPredicate<'_>,
    ) -> Result<BatchResult> {
        let done = self.run(store, batch, wanted).await;
        if done.is_err() {
            self.to_retry = self.open.keys().cloned().collect();
        }
        done
    }

    fn batch_time(&self) -> Duration {
        COPY_BATCH_TIME
    }

    async fn finish(&mut self, store: &mut SessionStore) -> Vec<KeptRow> {
        self.resolve_at_the_end(store).await
    }
}

impl IntoStore {
    /// `fix` edits sessions before they are written.
    pub fn new(to: SessionStore, way: Direction, fix: Option<Box<SessionFix>>) -> IntoStore {
        IntoStore { to, way, fix, open: HashMap::new(), to_retry: HashSet::new(), journal: Vec::new() }
    }

    async fn run(
        &mut self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        wanted: &RowPredicate<'_>,
    ) -> Result<BatchResult> {
        let look = Batch { dry_run: true, ..*batch };
        let rows = store.lock_rows(&look, wanted).await?;
        let mut done = BatchResult {
            skipped: (batch.ids.len() - rows.len().min(batch.ids.len())) as u64,
            ..BatchResult::default()
        };
        let copied = self.copy(store, batch, (rows, wanted), &mut done).await?;
        if batch.dry_run {
            done.sessions = copied.len() as u64;
            done.bytes = copied.iter().map(|row| row.size.unwrap_or(0)).sum();
            return Ok(done);
        }
        let gone = self.delete_copied(store, batch, wanted, &copied).await?;
        for key in &gone {
            let copy = self.open.remove(key);
            done.bytes += copy.and_then(|copy| copy.is.meta.size).unwrap_or(0);
        }
        done.sessions = gone.len() as u64;
        // These sessions were used in the meantime: the copied state is no longer theirs.
        done.skipped += (copied.len() - gone.len()) as u64;
        // The deletion is committed, so no error may cause the batch to be repeated. Copies that cannot be resolved
        // now are resolved with the next batch, or at the end.
        if let Ok(kept) = self.resolve(store).await {
            done.kept.extend(kept);
        }
        Ok(done)
    }

    /// Copies the sessions, as many at a time as fit into the memory limit; returns the columns of the
    /// copied sessions, as they were written.
    async fn copy(
        &mut self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        (rows, wanted): (Vec<SessionMeta>, &RowPredicate<'_>),
        done: &mut BatchResult,
    ) -> Result<Vec<SessionMeta>> {
        let (mut copied, source) = (Vec::with_capacity(rows.len()), store.place());
        let mut rest = rows.as_slice();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rows_within_batch(rest));
            rest = later;
            let keys: Vec<SessionKey> = now.iter().map(|row| row.key.clone()).collect();
            let mut sessions = store.sessions_of(&keys).await?;
            sessions.retain(|session| wanted(&session.meta));
            done.skipped += (keys.len() - sessions.len()) as u64;
            let was: HashMap<SessionKey, Digest> =
                sessions.iter().map(|session| (session.meta.key.clone(), Digest::of(session))).collect();
            let limits = TableLimits::of(&self.to);
            sessions.retain_mut(|session| {
                let fixed = self.fix.as_ref().map_or(Ok(()), |fix| fix(session));
                match fixed.err().or_else(|| limits.fault(session)) {
                    None => true,
                    Some(reason) => {
                        done.kept.push(KeptRow { key: session.meta.key.clone(), reason });
                        false
                    }
                }
            });
            if sessions.is_empty() {
                continue;
            }
            let written = self.write(&source, batch, &sessions, &was).await?;
            for (session, one) in sessions.into_iter().zip(written) {
                if one.decision == Decision::Keep {
                    done.newer += 1;
                    let last_access = was.get(&session.meta.key).and_then(|was| was.meta.last_access);
                    done.kept.push(KeptRow::newer_at(&session.meta.key, one.before, last_access));
                    self.open.remove(&session.meta.key);
                } else {
                    copied.push(session.meta);
                }
            }
        }
        Ok(copied)
    }

    /// Writes sessions of the table `source` to the target, with an entry in its journal, and records them as
    /// unresolved; in a dry run, only decides.
    async fn write(
        &mut self,
        source: &str,
        batch: &Batch<'_>,
        sessions: &[Session],
        was: &HashMap<SessionKey, Digest>,
    ) -> Result<Vec<WriteOutcome>> {
        let arbiter = MoveResolver { way: self.way, was, open: &self.open };
        if batch.dry_run {
            let existing = self.to.existing(sessions, false).await?;
            let decisions = arbiter.decide(&mut self.to, sessions, &existing).await?;
            return Ok(written(sessions, decisions, &existing));
        }
        let keys = sessions.iter().map(|session| session.meta.key.clone()).collect();
        let youngest = sessions.iter().filter_map(|session| session.meta.last_access).max();
        let entry = Entry::new(self.way, source, keys);
        let written = self.to.insert_by(sessions, &[entry.session(youngest)], &arbiter).await;
        let written = written.map_err(|error| error.while_doing("copy sessions to the other store"))?;
        self.journal.push(entry.row);
        for (session, one) in sessions.iter().zip(&written) {
            let Some(was) = was.get(&session.meta.key) else { continue };
            self.to_retry.remove(&session.meta.key);
            let wrote = matches!(one.decision, Decision::Insert | Decision::Replace);
            let before = self.open.get(&session.meta.key);
            let ours = wrote || before.is_some_and(|before| before.ours);
            let is = if self.fix.is_some() { Digest::of(session) } else { was.clone() };
            // The answer to the commit that deletes the original was lost; an unreachable server may still be
            // executing it.
            let deleting = before.is_some_and(|before| before.deleting);
            let copy = UnresolvedCopy { was: was.clone(), is, ours, deleting };
            if one.decision != Decision::Keep {
                self.open.insert(session.meta.key.clone(), copy);
            }
        }
        Ok(written)
    }

    /// Deletes from the source, in one transaction, those of `copied` whose columns and data are still what was
    /// copied; returns which.
    async fn delete_copied(
        &mut self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        wanted: &RowPredicate<'_>,
        copied: &[SessionMeta],
    ) -> Result<Vec<SessionKey>> {
        if copied.is_empty() {
            return Ok(Vec::new());
        }
        store.begin().await?;
        let gone = match delete_unchanged(store, batch, wanted, (copied, &self.open)).await {
            Ok(gone) => gone,
            Err(error) => {
                store.rollback().await;
                return Err(error);
            }
        };
        match store.commit().await {
            Ok(()) => Ok(gone),
            Err(error) => {
                // A server that refuses a commit because of a deadlock has rolled back; after other errors the
                // outcome is unknown.
                for key in gone.iter().filter(|_| !error.is_retryable()) {
                    if let Some(copy) = self.open.get_mut(key) {
                        copy.deleting = true;
                    }
                }
                Err(error)
            }
        }
    }
}

/// Deletes, in the open transaction, the rows whose columns and data are still what was copied; returns which.
async fn delete_unchanged(
    store: &mut SessionStore,
    batch: &Batch<'_>,
    wanted: &RowPredicate<'_>,
    (copied, open): (&[SessionMeta], &HashMap<SessionKey, UnresolvedCopy>),
) -> Result<Vec<SessionKey>> {
    let ids: Vec<String> = copied.iter().map(|row| row.key.id.clone()).collect();
    let locked = store.lock_rows(&Batch { ids: &ids, ..*batch }, wanted).await?;
    let keys: Vec<SessionKey> = locked.into_iter().map(|row| row.key).filter(|key| open.contains_key(key)).collect();
    let now = store.digests_of(&keys).await?;
    let same = now.into_iter().filter(|digest| open.get(&digest.meta.key).is_some_and(|copy| copy.was == *digest));
    let gone: Vec<SessionMeta> = same.map(|digest| digest.meta).collect();
    store.delete_seen(&gone.iter().collect::<Vec<_>>()).await?;
    Ok(gone.into_iter().map(|row| row.key).collect())
}

/// Decides about copies by the state of their originals.
struct MoveResolver<'a> {
    way: Direction,
    was: &'a HashMap<SessionKey, Digest>,
    /// Copies of an earlier attempt, which already exist.
    open: &'a HashMap<SessionKey, UnresolvedCopy>,
}

#[async_trait]
impl ConflictResolver for MoveResolver<'_> {
    async fn decide(&self, to: &mut SessionStore, sessions: &[Session], existing: &Existing) -> Result<Vec<Decision>> {
        let by_columns = |row: &SessionMeta| {
            let was = self.was.get(&row.key).filter(|_| !self.open.contains_key(&row.key))?;
            self.way.decide_by_columns(row, &was.meta)
        };
        let close: Vec<SessionKey> =
            existing.values().filter(|row| by_columns(row).is_none()).map(|row| row.key.clone()).collect();
        let digests: HashMap<SessionKey, Digest> =
            to.digests_of(&close).await?.into_iter().map(|digest| (digest.meta.key.clone(), digest)).collect();
        let decide = |session: &Session| {
            let key = &session.meta.key;
            let (Some(row), Some(was)) = (existing.get(key), self.was.get(key)) else { return Decision::Insert };
            if let Some(decision) = by_columns(row) {
                return decision;
            }
            let digest = digests.get(key);
            if self.open.get(key).is_some_and(|copy| digest == Some(&copy.is) && copy.was == *was) {
                return Decision::Same;
            }
            match self.way.decide(digest, was) {
                // A session that was edited is written even if the target has the original.
                Decision::Same if Digest::of(session) != *was => Decision::Replace,
                // The row disappeared between the lock and the read: only on a server that ignores locking hints.
                Decision::Insert => Decision::Replace,
                decision => decision,
            }
        };
        Ok(sessions.iter().map(decide).collect())
    }
}

impl StoreError {
    /// Adds to a database error what it prevented.
    pub(in crate::store) fn while_doing(self, what: &str) -> StoreError {
        match self {
            StoreError::Db { doing, error } => StoreError::db(format!("{what}: cannot {doing}"), error),
            error => error,
        }
    }
}
