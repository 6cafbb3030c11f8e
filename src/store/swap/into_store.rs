//! Moves sessions into another store.
//!
//! # Why no session is lost, aged, doubled or brought back
//!
//! No transaction spans two servers. A batch goes in five steps, of which 3, 4 and 5 are one transaction
//! each:
//!
//! | step | at | does |
//! |---|---|---|
//! | 1 | source | reads the columns of the candidates and judges them, without locks |
//! | 2 | source | reads those sessions whole; their digests are taken; with `--touch` their clocks are set |
//! | 3 | target | locks the rows of their keys, decides by [`Direction::decide`], writes the copies and a journal entry with their keys |
//! | 4 | source | locks the rows, judges again, deletes those whose columns and data are what was copied |
//! | 5 | target | settles: takes copies back, deletes the entry |
//!
//! The deletion of step 4 decides whether a session is moved: before its commit it is in the source, and
//! after it in the target. What another may do before it shows under its locks; what another may do to the
//! copy shows under those of steps 3 and 5.
//!
//! | after step | another does | then |
//! |---|---|---|
//! | 1, 2, 3 | a Tomcat saves the session (deleted, or inserted too) | step 4 finds no row, or another state, and deletes nothing; the session lives in the source, and step 5 takes the copy back |
//! | 1, 2, 3 | the user logs out | step 4 finds no row; step 5 takes the copy back, so that nothing brings the session to life again |
//! | 2 | a newer state is written to the target (`swap-in --touch` while Tomcat is running) | step 3 decides by the state at the source, under the lock, and keeps the newer one: both stay, and are named |
//! | 3 | a Tomcat uses the copy in the live table (`swap-in`) | step 5 takes nothing back from a live table |
//! | 3 | the row of the source is locked by somebody | step 4 leaves it out; step 5 as above |
//! | 4 | a Tomcat that held the session in memory saves it | the live row is newer than the copy: the next move of it replaces the copy |
//! | 1 to 5 | a second run | takes the locks of both tables first, and ends with exit code 12. Where a lock does not hold for everybody, see below |
//! | 3, 4 | this run ends: by a lock that others hold, `--max-time`, a signal, the loss of a lock | [`BatchAction::finish`] does step 5 for what is open |
//! | 3 | this run is killed, or the connection to the source breaks | the session is in both stores, and the entry in the target's journal says so |
//! | 4 | this run is killed, or the commit's answer is lost | the session is in the target, or in both, and the entry says that one of both is so |
//!
//! **A tie** is decided for the live row ([`Direction::decide`]): data may be of a later moment than
//! `last_access` says.
//!
//! **The journal** ([`super::journal`]) is read by the next run that is alone with both tables
//! ([`IntoStore::reconcile`]). Where the live row is there in the same state or a newer one, the other one
//! goes. Where there is none, nobody can tell whether the session was moved or its user has logged out
//! since: it stays where it is, it is named, and `swap-in --all` does not bring it back, which takes its id
//! ([`SessionStore::in_doubt`]).
//!
//! **Without a lock that holds for everybody** (the nodes of a cluster each have their own) two runs may
//! move one session. Both copy it; the second finds the first one's copy in the same state and writes
//! nothing. One deletion finds the row, which counts it as moved; the other finds none, and cannot know
//! whether the session was moved or its user logged out. [`Direction::resolve`] therefore takes a copy back only
//! where the source has the session in another state than the one that was copied, so that it lives
//! whatever the other run does, or where this run holds the target's lock and with it knows that no other
//! has taken the copy for its own. Otherwise the copy stays and is named: that a session which has ended
//! is kept until it expires is the lesser harm.
//!
//! **No byte changes**: the data travel as they are; `--touch` sets the clocks, and what cannot be set stays.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use async_trait::async_trait;

use crate::session::{Decision, Digest, Direction, Session, SessionKey, SessionMeta, UnresolvedCopy};
use crate::store::error::{Result, StoreError};
use crate::store::purge::batch::{Batch, BatchAction, COPIED, Deleted, KeptRow, RowPredicate};
use crate::store::read::digest::rows_within_batch;
use crate::store::session_store::SessionStore;
use crate::store::swap::into_table::SessionFix;
use crate::store::swap::journal::Entry;
use crate::store::write::insert::{ConflictResolver, Existing, Written, written};

/// Moves the sessions of a batch into another store. What stands there already in an older state, or
/// in the same one, is replaced; of what stands there in a newer state, both stay.
pub struct IntoStore {
    pub(in crate::store) to: SessionStore,
    pub(in crate::store) way: Direction,
    fix: Option<Box<SessionFix>>,
    /// Copies whose originals were not deleted, of the batch in hand or of earlier ones.
    pub(in crate::store) open: HashMap<SessionKey, UnresolvedCopy>,
    /// Those of them whose batch has failed and is tried again, perhaps in parts: they are not settled before.
    pub(in crate::store) to_retry: HashSet<SessionKey>,
    /// The entries that this run has in the target's journal.
    pub(in crate::store) journal: Vec<SessionKey>,
}

#[async_trait]
impl BatchAction for IntoStore {
    async fn apply(
        &mut self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        wanted: &RowPredicate<'_>,
    ) -> Result<Deleted> {
        let done = self.run(store, batch, wanted).await;
        if done.is_err() {
            self.to_retry = self.open.keys().cloned().collect();
        }
        done
    }

    fn batch_time(&self) -> Duration {
        COPIED
    }

    async fn finish(&mut self, store: &mut SessionStore) -> Vec<KeptRow> {
        self.resolve_at_the_end(store).await
    }
}

impl IntoStore {
    /// `fix` edits sessions on their way.
    pub fn new(to: SessionStore, way: Direction, fix: Option<Box<SessionFix>>) -> IntoStore {
        IntoStore { to, way, fix, open: HashMap::new(), to_retry: HashSet::new(), journal: Vec::new() }
    }

    async fn run(&mut self, store: &mut SessionStore, batch: &Batch<'_>, wanted: &RowPredicate<'_>) -> Result<Deleted> {
        let look = Batch { dry_run: true, ..*batch };
        let rows = store.lock_rows(&look, wanted).await?;
        let mut done =
            Deleted { spared: (batch.ids.len() - rows.len().min(batch.ids.len())) as u64, ..Deleted::default() };
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
        // They were used in the meantime: what was copied is not their state any more.
        done.spared += (copied.len() - gone.len()) as u64;
        // The deletion is committed, so that no error may say that the batch is to be done again: what could
        // not be settled is settled with the next batch, or in the end.
        if let Ok(left) = self.resolve(store).await {
            done.left.extend(left);
        }
        Ok(done)
    }

    /// Copies the sessions, as many at a time as memory is meant to hold; returns the rows that were, as
    /// they are written.
    async fn copy(
        &mut self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        (rows, wanted): (Vec<SessionMeta>, &RowPredicate<'_>),
        done: &mut Deleted,
    ) -> Result<Vec<SessionMeta>> {
        let (mut copied, source) = (Vec::with_capacity(rows.len()), store.place());
        let mut rest = rows.as_slice();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rows_within_batch(rest));
            rest = later;
            let keys: Vec<SessionKey> = now.iter().map(|row| row.key.clone()).collect();
            let mut sessions = store.sessions_of(&keys).await?;
            sessions.retain(|session| wanted(&session.meta));
            done.spared += (keys.len() - sessions.len()) as u64;
            let was: HashMap<SessionKey, Digest> =
                sessions.iter().map(|session| (session.meta.key.clone(), Digest::of(session))).collect();
            if let Some(fix) = &self.fix {
                sessions.retain_mut(|session| match fix(session) {
                    Ok(()) => true,
                    Err(reason) => {
                        done.left.push(KeptRow { key: session.meta.key.clone(), reason });
                        false
                    }
                });
            }
            if sessions.is_empty() {
                continue;
            }
            let written = self.write(&source, batch, &sessions, &was).await?;
            for (session, one) in sessions.into_iter().zip(written) {
                if one.decision == Decision::Keep {
                    done.newer += 1;
                    let last_access = was.get(&session.meta.key).and_then(|was| was.meta.last_access);
                    done.left.push(KeptRow::newer_at(&session.meta.key, one.before, last_access));
                    self.open.remove(&session.meta.key);
                } else {
                    copied.push(session.meta);
                }
            }
        }
        Ok(copied)
    }

    /// Writes sessions of the table `source` to the target, with an entry in its journal, and notes them as
    /// open; in a dry run it only decides.
    async fn write(
        &mut self,
        source: &str,
        batch: &Batch<'_>,
        sessions: &[Session],
        was: &HashMap<SessionKey, Digest>,
    ) -> Result<Vec<Written>> {
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
            // The answer to the commit that deletes the original was lost, and a server that cannot be reached
            // may still be at it.
            let deleting = before.is_some_and(|before| before.deleting);
            let copy = UnresolvedCopy { was: was.clone(), is, ours, deleting };
            if one.decision != Decision::Keep {
                self.open.insert(session.meta.key.clone(), copy);
            }
        }
        Ok(written)
    }

    /// Deletes from the source, in one transaction, those of `copied` whose columns and data are still
    /// what was copied; returns which.
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
                // A server that refuses a commit by a deadlock has rolled back; of another error nobody knows.
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

/// Deletes those rows, in the transaction that is open, whose columns and data are still what was
/// copied; returns which.
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

/// Decides about copies by what their originals were.
struct MoveResolver<'a> {
    way: Direction,
    was: &'a HashMap<SessionKey, Digest>,
    /// Copies of an attempt before: they already exist.
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
                // What was edited on its way is written also where the original already exists.
                Decision::Same if Digest::of(session) != *was => Decision::Replace,
                // The row went between the lock and the look: only where a server takes no locks by hints.
                Decision::Insert => Decision::Replace,
                decision => decision,
            }
        };
        Ok(sessions.iter().map(decide).collect())
    }
}

impl StoreError {
    /// Says what a database's error was in the way of.
    pub(in crate::store) fn while_doing(self, what: &str) -> StoreError {
        match self {
            StoreError::Db { doing, error } => StoreError::db(format!("{what}: cannot {doing}"), error),
            error => error,
        }
    }
}
