//! The loop that deletes candidates, or moves them elsewhere, in small batches while Tomcat is running.
//!
//! # Why `expire` and `delete` delete no session that is alive
//!
//! Candidates are read without locks, and mean nothing yet. Each batch is one transaction: it locks the
//! rows of its keys that still are what is purged, reads their columns, judges them by the same rule,
//! deletes those rows, and commits ([`SessionStore::delete`]); on MariaDB it is one DELETE that judges
//! under its own locks and returns what went, and is rolled back where the judge does not want it.
//!
//! | between | another may | then |
//! |---|---|---|
//! | the look and the lock | save the session (deleted, and inserted or not yet) | the row under the lock is live and stays, or there is none; Tomcat inserts it later, and nothing of ours is in its way |
//! | | log the user out | there is no row, and the session is counted as spared |
//! | | load the session, and go on with it in memory | an expired session is dropped by Tomcat when it is asked for; one that `delete` names ends in the table, and a Tomcat that holds it in memory writes it again |
//! | | hold the row's lock | it is left out (SKIP LOCKED, READPAST), and stays for the next run |
//! | the lock and the commit | save the session | its DELETE waits for the lock and then finds no row, its INSERT brings the live state: nothing is lost |
//! | | load it | it reads the expired row, which Tomcat drops |
//! | | be a second run | the table's lock refuses it (exit code 12); without it, the locks of the rows part the two, and what one has deleted the other does not find |
//! | any two statements | this run is killed | the server rolls the batch back, or has committed it; both are whole |
//!
//! A server that takes no locks by hints judges once more in the DELETE itself, by the bounds of the batch.
//! Where the answer to a commit is lost, the batch is counted as unconfirmed. Nothing is written but by
//! deleting whole rows, so that no state can grow older, double or change.

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
use crate::store::session_store::{LOSSES, SessionStore};

/// How often a batch that a deadlock or a lock wait threw back is tried again.
const RETRIES: u32 = 6;
/// The pause before the first of them.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
/// Sessions in the first batch in a cluster; later ones grow as far as they keep to their time.
const FIRST_IN_CLUSTER: usize = 100;
/// The pause of a batch that is held back.
const HELD_BACK: Duration = Duration::from_millis(250);
/// What bounds a purge.
#[derive(Debug, Clone)]
pub struct PurgeLimits {
    /// Rows a batch.
    pub batch: usize,
    /// What a batch should take; the next one is smaller where one took longer.
    pub batch_time: Duration,
    pub pauses: Pauses,
    pub max_rows: Option<u64>,
    pub max_time: Option<Duration>,
}

/// A purge about to run.
pub struct Purger<'a> {
    /// The connection that deletes. It holds the table's lock, unless the purge is a dry run.
    pub store: &'a mut SessionStore,
    pub action: &'a mut dyn BatchAction,
    /// Asked before each batch, where there is somebody to ask.
    pub in_memory_check: Option<&'a dyn InMemoryCheck>,
    /// With it, the server deletes only what is still expired at this moment.
    pub cutoff: Option<EpochMillis>,
    /// With it, the server deletes only what was accessed before it.
    pub accessed_before: Option<EpochMillis>,
    pub wanted: &'a RowPredicate<'a>,
    pub limits: &'a PurgeLimits,
    /// Holds batches back while others would suffer from them.
    pub throttle: &'a mut Throttle,
    pub dry_run: bool,
    pub stop: Stop,
}

/// What is known while it runs.
#[derive(Debug, Clone, Copy)]
pub struct PurgeProgress {
    pub candidates: u64,
    pub deleted: u64,
}

impl Purger<'_> {
    /// Deletes what `candidates` brings until it ends, a limit is reached, or a signal comes; then
    /// the batch in hand is finished first.
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
        let left = self.action.finish(self.store).await;
        summary.name(left);
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
        // A cluster waits for its slowest member to apply a batch, whatever its bytes: the first one is small.
        let mut size = if self.store.cluster().is_some() { most.min(FIRST_IN_CLUSTER) } else { most };
        let deadline = self.limits.max_time.map(|limit| begun + limit);
        let (mut waiting, mut more) = (BatchQueue::default(), true);
        let mut pace = Pace::new(match self.limits.pauses {
            // Nobody waits for one that only reads.
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
                && let Some(why) = self.throttle.holds_back(self.store).await?
            {
                let since = Instant::now();
                tokio::select! {
                    () = tokio::time::sleep(HELD_BACK) => {}
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
                // Only reading is under way on the other connection here: to drop it loses nothing.
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
                Some(in_memory_check) => match in_memory_check.of(app.as_deref(), &ids).await {
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
                // The cluster's limit is the same for the next ones.
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

    /// One batch, tried again with growing pauses where another transaction was in the way, or at once
    /// where it was too large for a cluster; each time half of it at most, and then the other half.
    async fn attempt(
        &mut self,
        app: Option<String>,
        ids: &[String],
        summary: &mut PurgeSummary,
    ) -> Result<BatchResult> {
        let (mut rest, mut size, mut tries, mut pause) = (ids, ids.len(), 0, FIRST_PAUSE);
        let (mut parts, mut too_large) = (false, false);
        // Sessions of a commit whose answer was lost, and how many of the batch come after them.
        let (mut losses, mut unconfirmed, mut behind) = (0, 0, 0);
        loop {
            let (now, later) = rest.split_at(size.min(rest.len()));
            let batch = self.batch(app.as_deref(), now);
            match self.action.apply(self.store, &batch, self.wanted).await {
                Ok(deleted) => {
                    // What is deleted now was not deleted by the commit whose answer was lost.
                    let known = if rest.len() > behind { unconfirmed.min(deleted.sessions) } else { 0 };
                    (summary.unconfirmed, unconfirmed) = (summary.unconfirmed - known, unconfirmed - known);
                    if self.action.explains_spared() {
                        // The batch is done, and no failure of this look may say otherwise.
                        let why = self.store.why_spared(&batch, self.wanted, deleted.spared).await;
                        summary.why_spared += why.unwrap_or_default();
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
                    // The batch is judged again, by another connection: what has gone is not found there.
                    if !error.is_broken() || losses >= LOSSES {
                        return Err(error);
                    }
                    (losses, summary.retries) = (losses + 1, summary.retries + 1);
                }
            }
        }
    }
}

/// How a batch went.
enum BatchResult {
    Whole,
    /// In parts, of this many sessions in the end; `too_large` where a cluster refused more.
    Parts {
        largest: usize,
        too_large: bool,
    },
}

/// Waits until `deadline`; forever without one.
async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}
