//! One batch of a purge: its bounds, the action on its sessions, and the result.

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
    /// If set, the server deletes only sessions that are still expired at this time.
    pub cutoff: Option<EpochMillis>,
    /// If set, the server deletes only sessions that were last accessed before this time.
    pub accessed_before: Option<EpochMillis>,
    /// Read and count only, without locks and without changes.
    pub dry_run: bool,
}

/// The result of a batch.
#[derive(Debug, Default)]
pub struct BatchResult {
    pub sessions: u64,
    /// Bytes of `session_data`.
    pub bytes: u64,
    /// The earliest expiry time of the sessions, in the past or in the future.
    pub earliest: Option<EpochMillis>,
    /// Rows that were already deleted, locked by another transaction, outside the bounds of the batch, or rejected by
    /// the predicate.
    pub skipped: u64,
    /// Sessions that were kept because the target has a newer state of them.
    pub newer: u64,
    /// Sessions that were kept for an individual reason, including those in `newer`.
    pub kept: Vec<KeptRow>,
}

/// Why sessions of a batch were skipped, as far as a second read of their rows shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SkipReasons {
    /// Within the bounds of the batch, but rejected by the predicate.
    pub unwanted: u64,
    /// Outside the bounds of the batch: accessed since their keys were read.
    pub changed: u64,
    pub already_deleted: u64,
    /// Locked by another transaction.
    pub locked: u64,
}

impl std::ops::AddAssign for SkipReasons {
    fn add_assign(&mut self, other: SkipReasons) {
        self.unwanted += other.unwanted;
        self.changed += other.changed;
        self.already_deleted += other.already_deleted;
        self.locked += other.locked;
    }
}

/// A session that was kept, and the reason.
#[derive(Debug, Clone)]
pub struct KeptRow {
    pub key: SessionKey,
    pub reason: String,
}

impl KeptRow {
    /// A session that is kept because of its row `there` in the target.
    pub(in crate::store) fn newer(
        key: &SessionKey,
        there: Option<&SessionMeta>,
        last_access: Option<EpochMillis>,
    ) -> KeptRow {
        KeptRow::newer_at(key, there.and_then(|there| there.last_access), last_access)
    }

    /// As [`KeptRow::newer`], with only the last access of the row in the target.
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
    /// The parameters that select rows of the batch; `primary`: rows are found by the primary key.
    pub(in crate::store) fn bind<'b>(&self, ids: impl IntoIterator<Item = &'b String>, primary: bool) -> Bind {
        Bind::new()
            .keys(self.app, ids.into_iter().map(String::as_str), primary)
            .set_if("cutoff", self.cutoff.map(|t| t.0))
            .set_if("accessed_before", self.accessed_before.map(|t| t.0))
    }

    /// Tells whether a row is within the bounds that the server checks.
    pub(in crate::store) fn is_within(&self, session: &SessionMeta) -> bool {
        let expired = |at| matches!(session.state_at(at), SessionState::Expired { .. });
        let before = |at| session.last_access.is_some_and(|accessed| accessed < at);
        self.cutoff.is_none_or(expired) && self.accessed_before.is_none_or(before)
    }

    /// The ids of the rows, and their totals as the result of the batch.
    pub(in crate::store) fn totals(&self, rows: Vec<SessionMeta>) -> (Vec<String>, BatchResult) {
        let (mut ids, mut deleted) = (Vec::with_capacity(rows.len()), BatchResult::default());
        for session in rows {
            deleted.sessions += 1;
            deleted.bytes += session.size.unwrap_or(0);
            let expires = session.max_inactive.zip(session.last_access).and_then(|(max, at)| expired_at(max, at));
            deleted.earliest = deleted.earliest.into_iter().chain(expires).min();
            ids.push(session.key.id);
        }
        deleted.skipped = (self.ids.len() as u64).saturating_sub(deleted.sessions);
        (ids, deleted)
    }
}
/// Target duration of a batch whose rows are locked: Tomcat's save of one of them can wait that long.
const BATCH_TIME: Duration = Duration::from_millis(50);

/// Target duration of a batch whose sessions are also copied, to an archive or to another store.
pub(in crate::store) const COPY_BATCH_TIME: Duration = Duration::from_millis(200);

/// Decides by its columns whether a row is deleted or moved. It is called again with the locked row.
pub type RowPredicate<'a> = dyn Fn(&SessionMeta) -> bool + Sync + 'a;

/// What a purge does with the sessions of a batch: delete or move them.
#[async_trait]
pub trait BatchAction: Send {
    /// Deletes or moves those sessions of `batch` for which `wanted` still returns true: all of them, or none.
    ///
    /// # Errors
    /// [`StoreError::Db`]; no session of the batch has left the table, unless a commit was in progress.
    async fn apply(
        &mut self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        wanted: &RowPredicate<'_>,
    ) -> Result<BatchResult>;

    /// Target duration of a batch, unless --batch-time is given.
    fn batch_time(&self) -> Duration {
        BATCH_TIME
    }

    /// Tells whether the rows of skipped sessions are read again, to find out why they were skipped.
    fn explains_skipped(&self) -> bool {
        false
    }

    /// Completes what the batches left unfinished, however the purge ended. Returns sessions to list in the report.
    async fn finish(&mut self, _store: &mut SessionStore) -> Vec<KeptRow> {
        Vec::new()
    }
}

/// Checks which sessions are in the memory of a Tomcat. The table does not show that, and the row of such a session is
/// only a copy. Called for each batch, directly before it is deleted or moved.
#[async_trait]
pub trait InMemoryCheck: Send + Sync {
    /// Returns those of `ids` that may be deleted or moved.
    ///
    /// # Errors
    /// The reason why the check failed, as a fragment: "cannot ask …". It ends the purge.
    async fn not_in_memory(&self, app: Option<&str>, ids: &[String]) -> std::result::Result<Vec<String>, String>;
}
