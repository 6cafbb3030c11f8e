//! The loop that deletes candidates, or moves them elsewhere, in small batches while Tomcat is running.
//!
//! # Safety while Tomcat is running
//!
//! Candidates are read without locks, and may be out of date. Each batch of `expire` and `delete` is one transaction:
//! it locks the rows of its keys that are still within the bounds of the purge, reads their columns, applies the same
//! rule again, deletes those rows, and commits ([`SessionStore::delete`]). On MariaDB and PostgreSQL it is one DELETE …
//! RETURNING, which checks the bounds under its own locks; it is rolled back if the rule does not apply to a returned
//! row.
//!
//! | between | another client may | result |
//! |---|---|---|
//! | reading candidates and locking rows | save the session (DELETE, then INSERT) | the locked row is live and is kept, or there is no row: Tomcat inserts it later, and nothing blocks the INSERT |
//! | | log the user out | there is no row, and the session is counted as skipped |
//! | | load the session, and continue with it in memory | Tomcat drops an expired session when it is requested; if `delete` names the session, its row is deleted, and a Tomcat with the session in memory writes it again |
//! | | lock the row | the row is skipped (SKIP LOCKED, READPAST), and is left to the next run |
//! | locking rows and the commit | save the session | its DELETE waits for the lock and then finds no row, and its INSERT writes the live state: nothing is lost |
//! | | load the session | it reads the expired row, and Tomcat drops the session |
//! | | be a second run | the lock of the table refuses it (exit code 12); without that lock, the row locks keep the runs apart, and neither finds rows that the other has deleted |
//! | any two statements | kill this run | the server has committed the batch, or rolls it back completely |
//!
//! The DELETE checks the bounds of the batch once more, for accounts that cannot lock rows. If the response to a COMMIT
//! is lost, the batch is counted as unconfirmed. These commands only delete whole rows, so that no session can be
//! duplicated, changed, or set back to an older state.

use std::time::{Duration, Instant};

use crate::engine::{Cause, Stop};
use crate::session::EpochMillis;
use crate::store::error::Result;
use crate::store::purge::batch::{Batch, BatchAction, InMemoryCheck, RowPredicate};
use crate::store::purge::batch_queue::BatchQueue;
use crate::store::purge::batch_size::{next_size, within_bytes};
use crate::store::purge::candidates::Candidates;
use crate::store::purge::pace::{Pace, Pauses};
use crate::store::purge::summary::{Ended, PurgeSummary};
use crate::store::purge::throttle::Throttle;
use crate::store::session_store::{MAX_LOSSES, SessionStore};

/// How often a batch is retried after a deadlock or a lock timeout.
const RETRIES: u32 = 6;
/// Pause before the first retry; it is doubled for each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
/// Size of the first batch in a cluster; later ones grow while they meet the target duration.
const FIRST_IN_CLUSTER: usize = 100;
/// Interval at which a throttled purge checks the thresholds again.
const THROTTLE_INTERVAL: Duration = Duration::from_millis(250);
/// Limits of a purge.
#[derive(Debug, Clone)]
pub struct PurgeLimits {
    /// Maximum number of rows per batch.
    pub batch: usize,
    /// Target duration of a batch; after one that took longer, the next one is smaller.
    pub batch_time: Duration,
    pub pauses: Pauses,
    pub max_rows: Option<u64>,
    pub max_time: Option<Duration>,
}

/// A purge that is ready to run.
pub struct Purger<'a> {
    /// The connection that deletes. It holds the table's lock, unless the purge is a dry run.
    pub store: &'a mut SessionStore,
    pub action: &'a mut dyn BatchAction,
    /// Called before each batch, if there are Tomcats to ask.
    pub in_memory_check: Option<&'a dyn InMemoryCheck>,
    /// If set, the server deletes only sessions that are still expired at this time.
    pub cutoff: Option<EpochMillis>,
    /// If set, the server deletes only sessions that were last accessed before this time.
    pub accessed_before: Option<EpochMillis>,
    pub wanted: &'a RowPredicate<'a>,
    pub limits: &'a PurgeLimits,
    /// Delays batches while replicas lag or the server is busy.
    pub throttle: &'a mut Throttle,
    pub dry_run: bool,
    pub stop: Stop,
}

/// Progress of a purge.
#[derive(Debug, Clone, Copy)]
pub struct PurgeProgress {
    pub candidates: u64,
    pub deleted: u64,
}

impl Purger<'_> {
    /// Deletes or moves the candidates until there are no more, a limit is reached, or a signal arrives; the current
    /// batch is finished first.
    pub async fn run(
        mut self,
        candidates: &mut Candidates,
        progress: &mut (dyn FnMut(PurgeProgress) + Send),
    ) -> PurgeSummary {
        let begun = Instant::now();
        let mut summary = PurgeSummary::default();
        summary.ended = match self.pages(candidates, &mut summary, begun, progress).await {
            Ok(ended) => ended,
            Err(error) => match error.stopped() {
                Some(Cause::Signal(signal)) => Ended::Signal(signal),
                Some(Cause::MaxTime) => Ended::MaxTime,
                None => Ended::Failed(error),
            },
        };
        let kept = self.action.finish(self.store).await;
        summary.list_kept(kept);
        summary.in_grace = candidates.in_grace();
        summary.took = begun.elapsed();
        summary
    }

    async fn pages(
        &mut self,
        candidates: &mut Candidates,
        summary: &mut PurgeSummary,
        begun: Instant,
        progress: &mut (dyn FnMut(PurgeProgress) + Send),
    ) -> Result<Ended> {
        let mut most = self.limits.batch.clamp(1, self.store.dialect().max_batch);
        // A commit in a cluster waits for the slowest member, even if the batch has few bytes: start small.
        let mut size = if self.store.cluster().is_some() { most.min(FIRST_IN_CLUSTER) } else { most };
        let deadline = self.limits.max_time.map(|limit| begun + limit);
        let (mut waiting, mut more) = (BatchQueue::default(), true);
        let mut pace = Pace::new(match self.limits.pauses {
            // A dry run only reads, and delays nobody.
            Pauses::Adaptive if self.dry_run => Pauses::Fixed(Duration::ZERO),
            pauses => pauses,
        });
        while more || !waiting.is_empty() {
            if let Some(signal) = self.stop.requested() {
                return Ok(Ended::Signal(signal));
            }
            if deadline.is_some_and(|at| Instant::now() >= at) {
                return Ok(Ended::MaxTime);
            }
            if !self.dry_run
                && !waiting.is_empty()
                && let Some(why) = self.throttle.reason_to_wait(self.store).await?
            {
                let since = Instant::now();
                tokio::select! {
                    () = tokio::time::sleep(THROTTLE_INTERVAL) => {}
                    _ = self.stop.wait() => {}
                }
                summary.throttled += since.elapsed();
                summary.throttled_by = Some(why);
                continue;
            }
            let room = self.limits.max_rows.map_or(u64::MAX, |max| max.saturating_sub(summary.total.sessions));
            if room == 0 && !waiting.is_empty() {
                return Ok(Ended::MaxRows);
            }
            let most_now = size.min(usize::try_from(room).unwrap_or(usize::MAX));
            let Some((app, ids)) = waiting.batch(most_now, !more) else {
                // The other connection only reads: cancelling that loses nothing.
                let page = tokio::select! {
                    page = candidates.next() => page,
                    signal = self.stop.wait() => return Ok(Ended::Signal(signal)),
                    () = until(deadline) => return Ok(Ended::MaxTime),
                };
                match page {
                    Some(page) => waiting.add(page?),
                    None => more = false,
                }
                continue;
            };
            if !self.dry_run {
                match self.store.holds_lock().await {
                    Ok(true) => {}
                    Err(error) if !error.is_lock_lost() => return Err(error),
                    _ => return Ok(Ended::LockLost),
                }
            }
            let found = ids.len();
            let ids = match self.in_memory_check {
                None => ids,
                Some(in_memory_check) => match in_memory_check.not_in_memory(app.as_deref(), &ids).await {
                    Ok(granted) => granted,
                    Err(why) => return Ok(Ended::MemoryUnknown(why)),
                },
            };
            summary.in_memory += found.saturating_sub(ids.len()) as u64;
            summary.candidates += found.saturating_sub(ids.len()) as u64;
            let started = Instant::now();
            let all = match self.attempt(app, &ids, summary).await {
                Ok(all) => all,
                Err(error) if error.is_retryable() => return Ok(Ended::Contention(error)),
                Err(error) if error.is_lock_lost() => return Ok(Ended::LockLost),
                Err(error) => return Err(error),
            };
            let took = started.elapsed();
            size = next_size(size, most, took, self.limits.batch_time);
            if self.store.cluster().is_some() {
                size = size.min(within_bytes(summary.total));
            }
            if let BatchResult::Parts { largest, too_large } = all {
                size = size.min(largest);
                // The limit of the cluster applies to later batches too.
                most = if too_large { largest } else { most };
            }
            progress(PurgeProgress { candidates: summary.candidates, deleted: summary.total.sessions });
            let pause = pace.pause_after(ids.len(), took);
            if !pause.is_zero() {
                let since = Instant::now();
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = until(deadline) => {}
                    _ = self.stop.wait() => {}
                }
                summary.paused += since.elapsed();
            }
        }
        Ok(Ended::Done)
    }

    fn batch<'b>(&self, app: Option<&'b str>, ids: &'b [String]) -> Batch<'b> {
        let Purger { cutoff, accessed_before, dry_run, .. } = *self;
        Batch { app, ids, cutoff, accessed_before, dry_run }
    }

    /// Runs a batch. If another transaction was in the way, it is retried after growing pauses; if it was too large for
    /// the cluster, at once. Each retry takes half of the sessions, and the others follow.
    async fn attempt(
        &mut self,
        app: Option<String>,
        ids: &[String],
        summary: &mut PurgeSummary,
    ) -> Result<BatchResult> {
        let (mut rest, mut size, mut tries, mut pause) = (ids, ids.len(), 0, FIRST_PAUSE);
        let (mut parts, mut too_large) = (false, false);
        // Sessions in a commit whose response was lost, and the number of sessions of the batch after them.
        let (mut losses, mut unconfirmed, mut behind) = (0, 0, 0);
        loop {
            let (now, later) = rest.split_at(size.min(rest.len()));
            let batch = self.batch(app.as_deref(), now);
            match self.action.apply(self.store, &batch, self.wanted).await {
                Ok(deleted) => {
                    // Sessions that are deleted now were not deleted by the commit whose response was lost.
                    let known = if rest.len() > behind { unconfirmed.min(deleted.sessions) } else { 0 };
                    (summary.unconfirmed, unconfirmed) = (summary.unconfirmed - known, unconfirmed - known);
                    if self.action.explains_skipped() {
                        // The batch is committed: an error of this query must not fail the run.
                        let why = self.store.skip_reasons(&batch, self.wanted, deleted.skipped).await;
                        summary.skip_reasons += why.unwrap_or_default();
                    }
                    summary.add(app.clone(), now.len(), deleted);
                    (rest, tries, pause, losses) = (later, 0, FIRST_PAUSE, 0);
                    if rest.is_empty() || self.stop.requested().is_some() {
                        return Ok(if parts {
                            BatchResult::Parts { largest: size, too_large }
                        } else {
                            BatchResult::Whole
                        });
                    }
                }
                Err(error) if error.is_retryable() && tries < RETRIES => {
                    (tries, parts) = (tries + 1, true);
                    summary.retries += 1;
                    tokio::time::sleep(pause + Duration::from_millis(fastrand::u64(0..20))).await;
                    pause *= 2;
                    size = now.len().div_ceil(2);
                }
                Err(error) if error.is_too_large() && now.len() > 1 => {
                    (parts, too_large) = (true, true);
                    summary.retries += 1;
                    size = now.len().div_ceil(2);
                }
                Err(error) => {
                    if error.is_unconfirmed_commit() {
                        summary.unconfirmed += now.len() as u64;
                        (unconfirmed, behind) = (now.len() as u64, later.len());
                    }
                    // The batch is repeated on a new connection, which does not find rows that are already deleted.
                    if !error.is_broken() || losses >= MAX_LOSSES {
                        return Err(error);
                    }
                    (losses, summary.retries) = (losses + 1, summary.retries + 1);
                }
            }
        }
    }
}

/// How a batch was executed.
enum BatchResult {
    Whole,
    /// Split into parts, the last of this many sessions; `too_large`: a cluster refused a larger transaction.
    Parts {
        largest: usize,
        too_large: bool,
    },
}

/// Waits until `deadline`; forever if there is none.
async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}
