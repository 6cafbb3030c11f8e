//! A batch of a purge: what it is, what becomes of it, and what it did.

use std::time::Duration;

use async_trait::async_trait;

use crate::engine::Bind;
use crate::session::{EpochMillis, SessionKey, SessionMeta, SessionState, expired_at};
use crate::store::error::Result;
use crate::store::session_store::SessionStore;

/// Sessions of one application to delete in one transaction.
#[derive(Debug)]
pub struct Batch<'a> {
    pub app: Option<&'a str>,
    pub ids: &'a [String],
    /// With it, the server deletes only what is still expired at this moment.
    pub cutoff: Option<EpochMillis>,
    /// With it, the server deletes only what was accessed before it.
    pub accessed_before: Option<EpochMillis>,
    /// Judge and count, but change nothing.
    pub dry_run: bool,
}

/// What a batch did.
#[derive(Debug, Default)]
pub struct Deleted {
    pub sessions: u64,
    /// Bytes of `session_data`.
    pub bytes: u64,
    /// When the first of them expired, or will.
    pub earliest: Option<EpochMillis>,
    /// Rows that were gone, locked by another, no longer expired, or not what the judge wanted.
    pub spared: u64,
    /// Sessions that stayed because there is a newer state of them where they were to go.
    pub newer: u64,
    /// Sessions that stayed for a reason of their own, and why; those of `newer` among them.
    pub left: Vec<KeptRow>,
}

/// Why sessions of a batch stayed, as far as another look at their rows tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SparedCounts {
    /// Not what the caller wants, though they are within the bounds of the batch.
    pub unwanted: u64,
    /// Outside the bounds of the batch now: used since their keys were read.
    pub changed: u64,
    pub gone: u64,
    /// Another transaction held their rows.
    pub locked: u64,
}

impl std::ops::AddAssign for SparedCounts {
    fn add_assign(&mut self, other: SparedCounts) {
        self.unwanted += other.unwanted;
        self.changed += other.changed;
        self.gone += other.gone;
        self.locked += other.locked;
    }
}

/// A session that stayed, and why.
#[derive(Debug, Clone)]
pub struct KeptRow {
    pub key: SessionKey,
    pub reason: String,
}

impl KeptRow {
    /// A session that stays because of the row `there` where it was to go.
    pub(in crate::store) fn newer(
        key: &SessionKey,
        there: Option<&SessionMeta>,
        last_access: Option<EpochMillis>,
    ) -> KeptRow {
        KeptRow::newer_at(key, there.and_then(|there| there.last_access), last_access)
    }

    /// The same by the moment at which the row there was accessed last.
    pub(in crate::store) fn newer_at(
        key: &SessionKey,
        there: Option<EpochMillis>,
        last_access: Option<EpochMillis>,
    ) -> KeptRow {
        let state = if there == last_access { "a different state with the same last access" } else { "a newer state" };
        KeptRow { key: key.clone(), reason: format!("the target has {state}") }
    }
}

impl Batch<'_> {
    /// What chooses rows of it; `primary` says that they are found by the primary key.
    pub(in crate::store) fn bind(&self, ids: &[String], primary: bool) -> Bind {
        Bind::new()
            .keys(self.app, ids.iter().map(String::as_str), primary)
            .set_if("cutoff", self.cutoff.map(|t| t.0))
            .set_if("accessed_before", self.accessed_before.map(|t| t.0))
    }

    /// Tells whether a row is within the bounds that the server tests.
    pub(in crate::store) fn is_within(&self, session: &SessionMeta) -> bool {
        let expired = |at| matches!(session.state_at(at), SessionState::Expired { .. });
        let before = |at| session.last_access.is_some_and(|accessed| accessed < at);
        self.cutoff.is_none_or(expired) && self.accessed_before.is_none_or(before)
    }

    /// The ids of the sessions that go, and what their going amounts to.
    pub(in crate::store) fn judged(&self, rows: Vec<SessionMeta>) -> (Vec<String>, Deleted) {
        let (mut ids, mut deleted) = (Vec::with_capacity(rows.len()), Deleted::default());
        for session in rows {
            deleted.sessions += 1;
            deleted.bytes += session.size.unwrap_or(0);
            let expires = session.max_inactive.zip(session.last_access).and_then(|(max, at)| expired_at(max, at));
            deleted.earliest = deleted.earliest.into_iter().chain(expires).min();
            ids.push(session.key.id);
        }
        deleted.spared = (self.ids.len() as u64).saturating_sub(deleted.sessions);
        (ids, deleted)
    }
}
/// What a batch should take whose rows are locked: a save of one of them waits for it.
const LOCKED: Duration = Duration::from_millis(50);

/// What one should take that is copied before a row is locked.
pub(in crate::store) const COPIED: Duration = Duration::from_millis(200);

/// Judges a row under its lock.
pub type RowPredicate<'a> = dyn Fn(&SessionMeta) -> bool + Sync + 'a;

/// What becomes of the sessions of a batch.
#[async_trait]
pub trait BatchAction: Send {
    /// Takes out of the table those sessions of `batch` that `wanted` still wants, all or none of them.
    ///
    /// # Errors
    /// [`StoreError::Db`]; nothing of the batch has left the table then, unless a commit was under way.
    async fn apply(
        &mut self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        wanted: &RowPredicate<'_>,
    ) -> Result<Deleted>;

    /// What a batch should take, unless somebody says so.
    fn batch_time(&self) -> Duration {
        LOCKED
    }

    /// Tells whether the rows that stay are looked at again, to say why.
    fn explains_spared(&self) -> bool {
        false
    }

    /// Puts in order what the batches left, however the purge has ended; returns sessions that are to be
    /// named.
    async fn finish(&mut self, _store: &mut SessionStore) -> Vec<KeptRow> {
        Vec::new()
    }
}

/// Who knows what the table does not: whether a session is in a Tomcat's memory, where its row is
/// only a copy. Asked for each batch just before it goes.
#[async_trait]
pub trait InMemoryCheck: Send + Sync {
    /// Those of `ids` that may go.
    ///
    /// # Errors
    /// Why it cannot be said, as a fragment: "cannot ask …". The purge ends with it.
    async fn of(&self, app: Option<&str>, ids: &[String]) -> std::result::Result<Vec<String>, String>;
}
