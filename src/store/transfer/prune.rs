//! Deletes from a copy the sessions that ended in the original (`migrate --delete-gone`).
//!
//! An absent session has not necessarily ended: Tomcat saves with DELETE and then INSERT. A row is therefore deleted
//! only if two reads of the original, 250 ms apart, missed its session, and if the row, under a lock, is exactly what
//! this run sent: a state that somebody else wrote to the copy is kept. A third read after the commit copies sessions
//! that reappeared in between, and the final comparison is a fourth.

use std::time::Duration;

use crate::engine::Stop;
use crate::session::{Digest, EpochMillis, Filter, SessionKey, SessionMeta};
use crate::spillable_map::{KeySet, SentSessions, SinceSent};
use crate::store::error::Result;
use crate::store::purge::batch::Batch;
use crate::store::purge::batch_queue::BatchQueue;
use crate::store::read::pages::{Cursor, ReadRequest};
use crate::store::session_store::{MAX_LOSSES, SessionStore};
use crate::store::transfer::final_check::copy_sessions;
use crate::store::transfer::writers::{Refusal, Rejected};

/// Time between two reads.
const RECHECK_PAUSE: Duration = Duration::from_millis(250);
/// Number of sessions that are looked up and deleted at a time.
const BATCH: usize = 500;
/// Maximum number of sessions that wait for the second read.
const MAX_WAITING: usize = 10_000;

/// Result of pruning.
#[derive(Debug, Default)]
pub struct PruneResult {
    /// Sessions that were deleted and did not reappear.
    pub sessions: u64,
    /// Sessions that reappeared and were refused by the target.
    pub rejected: Vec<Rejected>,
}

/// Deletes from `to` the sessions of `sent` that ended in `from`. Sessions that were never in the original, and those
/// that somebody else changed in the copy, are kept.
///
/// # Errors
/// [`crate::store::StoreError::Db`], [`crate::store::StoreError::Spill`]; deletions before remain valid.
pub async fn prune(
    from: &mut SessionStore,
    to: &mut SessionStore,
    sent: &mut SentSessions,
    refusal: &Refusal,
    stop: &Stop,
) -> Result<PruneResult> {
    let all = Filter::default();
    let reading = ReadRequest { filter: &all, now: EpochMillis(0), from: None, limit: None };
    let mut present = KeySet::default();
    let mut cursor = Cursor::default();
    from.require_current().await?;
    while stop.requested().is_none()
        && let Some(page) = from.next_page(&reading, &mut cursor).await?
    {
        for meta in page {
            present.insert(&meta.key)?;
        }
    }
    let (mut pruned, mut candidates) = (PruneResult::default(), Vec::new());
    let mut cursor = Cursor::default();
    // A first read that was interrupted misses existing sessions.
    while stop.requested().is_none() {
        let page = to.next_page(&reading, &mut cursor).await?;
        let more = page.is_some();
        for meta in page.unwrap_or_default() {
            if sent.has(&meta.key)? && !present.contains(&meta.key)? {
                candidates.push(meta.key);
            }
        }
        if candidates.len() >= MAX_WAITING || !more {
            let gone = delete_if_still_missing(from, to, &std::mem::take(&mut candidates), sent, stop).await?;
            restore(from, to, gone, sent, refusal, &mut pruned).await?;
        }
        if !more {
            break;
        }
    }
    Ok(pruned)
}

/// Deletes from `to` the sessions that `from` still lacks; returns those that it deleted.
async fn delete_if_still_missing(
    from: &mut SessionStore,
    to: &mut SessionStore,
    candidates: &[SessionKey],
    sent: &mut SentSessions,
    stop: &Stop,
) -> Result<Vec<SessionKey>> {
    let mut gone = Vec::new();
    if candidates.is_empty() {
        return Ok(gone);
    }
    tokio::time::sleep(RECHECK_PAUSE).await;
    from.outwait_lag().await?;
    for keys in candidates.chunks(BATCH) {
        if stop.requested().is_some() {
            break;
        }
        let back = from.digests_of(keys).await?;
        if !from.require_current().await? {
            // A lagging replica may not have the INSERT of a save yet.
            break;
        }
        let is_back = |key: &&SessionKey| back.iter().any(|digest| digest.meta.key == **key);
        let mut absent = BatchQueue::default();
        absent.add(keys.iter().filter(|key| !is_back(key)).cloned().collect());
        while let Some((app, ids)) = absent.batch(BATCH, true) {
            let batch = Batch { app: app.as_deref(), ids: &ids, cutoff: None, accessed_before: None, dry_run: false };
            gone.extend(to.delete_as_sent(&batch, sent).await?);
        }
    }
    Ok(gone)
}

/// Copies the sessions that reappeared in `from` while they were deleted.
async fn restore(
    from: &mut SessionStore,
    to: &mut SessionStore,
    gone: Vec<SessionKey>,
    sent: &mut SentSessions,
    refusal: &Refusal,
    pruned: &mut PruneResult,
) -> Result<()> {
    if gone.is_empty() {
        return Ok(());
    }
    tokio::time::sleep(RECHECK_PAUSE).await;
    pruned.sessions += gone.len() as u64;
    let back: Vec<SessionMeta> = from.digests_of(&gone).await?.into_iter().map(|digest| digest.meta).collect();
    let (written, rejected) = copy_sessions(from, to, &back, refusal, sent).await?;
    pruned.sessions = pruned.sessions.saturating_sub(written.inserted + written.replaced + written.kept);
    pruned.rejected.extend(rejected);
    Ok(())
}

impl SessionStore {
    /// Deletes the rows of a batch that are as they were sent, in one transaction; returns their keys. If another
    /// transaction is in the way, the batch is kept.
    async fn delete_as_sent(&mut self, batch: &Batch<'_>, sent: &mut SentSessions) -> Result<Vec<SessionKey>> {
        // Sessions whose deletion was being committed when the connection was lost: they are gone, or are deleted
        // now.
        let mut unconfirmed = Vec::new();
        for _ in 0..MAX_LOSSES {
            self.begin().await?;
            let deleted = match self.delete_locked_as_sent(batch, sent).await {
                Ok(deleted) => self.commit().await.map_err(|error| (error, deleted.clone())).map(|()| deleted),
                Err(error) => {
                    self.rollback().await;
                    Err((error, Vec::new()))
                }
            };
            match deleted {
                Ok(mut keys) => {
                    unconfirmed.retain(|key| !keys.contains(key));
                    keys.append(&mut unconfirmed);
                    // Sessions that reappear are new.
                    keys.iter().try_for_each(|key| sent.forget(key))?;
                    return Ok(keys);
                }
                Err((error, keys)) if error.is_broken() => unconfirmed.extend(keys),
                Err((error, _)) if error.is_retryable() => return Ok(unconfirmed),
                Err((error, _)) => return Err(error),
            }
        }
        Ok(unconfirmed)
    }

    async fn delete_locked_as_sent(&mut self, batch: &Batch<'_>, sent: &mut SentSessions) -> Result<Vec<SessionKey>> {
        let rows = self.lock_rows(batch, &|_| true).await?;
        let keys: Vec<SessionKey> = rows.into_iter().map(|row| row.key).collect();
        // The rows are locked, so they do not change any more.
        let mut same = Vec::with_capacity(keys.len());
        for Digest { meta, sha256 } in self.digests_of(&keys).await? {
            let key = meta.key.clone();
            if let SinceSent::Same { .. } = sent.since(&key, Some(&Digest { meta, sha256 }))? {
                same.push(key);
            }
        }
        let ids: Vec<String> = same.iter().map(|key| key.id.clone()).collect();
        self.delete_rows(batch, &ids).await?;
        Ok(same)
    }
}
