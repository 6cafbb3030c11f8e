//! Copies sessions from one store to another while Tomcats write to them: passes over the source on one connection,
//! writers to the target on others. [`super`] explains why that loses nothing.
//!
//! The state of the copy is in the target: a session that exists there with the same or a higher `last_access` is
//! kept, so that a run that was killed at any time can be started again. The bytes in flight are limited, by the
//! batches of the passes and by the total of all writers.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, mpsc};

use crate::engine::{Cause, Signal, Stop};
use crate::session::{EpochMillis, Filter, SessionKey};
use crate::spillable_map::SentSessions;
use crate::store::error::{Result, StoreError};
use crate::store::read::multi_pass::Passes;
use crate::store::read::pass::{PassCount, PassEnd, PassesEnded, SessionBatch};
use crate::store::session_store::SessionStore;
use crate::store::transfer::compare::Comparison;
use crate::store::transfer::writers::{
    BatchSource, MAX_KIB_IN_FLIGHT, MoveProgress, Refusal, Rejected, WriterState, write,
};
use crate::store::write::insert::InsertResult;

/// Pause between two passes, so that a session that both miss was not merely being saved; also the interval with
/// `--follow`.
const PAUSE: Duration = Duration::from_millis(250);
const FOLLOW_PAUSE: Duration = Duration::from_secs(1);
/// With `--follow`, passes that compare the data take at most one part in this many of the time.
const DATA_PASS_SHARE: u32 = 10;
/// Maximum number of final passes with `--follow`.
const MAX_FINAL_PASSES: u32 = 3;
/// Interval at which progress is reported.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);
/// Options of a move.
#[derive(Debug, Clone)]
pub struct MovePlan {
    /// Number of writers.
    pub jobs: usize,
    /// Maximum bytes of data per second.
    pub max_rate: Option<u64>,
    /// Maximum number of passes after the first.
    pub passes: u32,
    /// Time after which no further batch is read.
    pub max_time: Option<Duration>,
    /// Repeat passes until a signal is received.
    pub follow: bool,
    /// With `follow`: until the source has not changed for this long.
    pub until_quiet: Option<Duration>,
    /// Read and check, but write nothing.
    pub dry_run: bool,
    /// Read each batch back after its commit, and compare it with what was sent.
    pub read_back: bool,
    /// The sessions to move.
    pub filter: Filter,
    /// The reference time of the filter.
    pub now: EpochMillis,
}

/// Reason for the end of a move.
#[derive(Debug)]
pub enum MoveEnded {
    /// A pass found no change.
    Settled,
    /// The maximum number of passes was reached.
    Passes,
    /// The source has been quiet for the requested time.
    Quiet,
    MaxTime,
    Signal(Signal),
    Failed(StoreError),
}

/// Result of a move. It is correct whatever ended it.
#[derive(Debug)]
pub struct MoveResult {
    pub passes: Vec<PassCount>,
    pub written: InsertResult,
    /// Those of `written.replaced` that were changes found by later passes.
    pub updates: u64,
    /// Each session once.
    pub rejected: Vec<Rejected>,
    /// With `read_back`: number of sessions of batches that were in the target as they were sent.
    confirmed: u64,
    /// Sessions of transactions whose commit got no answer because the connection was lost.
    pub unconfirmed: u64,
    /// Whether a pass has seen the whole table.
    pub complete: bool,
    pub ended: MoveEnded,
    pub took: Duration,
}

impl MoveResult {
    /// The result of comparing every row, if reading back has shown it: each session that the first pass read was
    /// rejected, or seen in the target as it was read, and another pass over columns and data found the source
    /// unchanged. `None` if that is unknown.
    ///
    /// The target must have been empty before: additional rows of the target are not counted.
    pub fn comparison(&self) -> Option<Comparison> {
        let (first, later) = self.passes.split_first()?;
        let rejected = self.rejected.len() as u64;
        let still =
            !later.is_empty() && later.iter().all(|pass| pass.new + pass.changed + pass.missing + pass.gone == 0);
        let proven = still && first.missing == 0 && self.confirmed > 0 && self.confirmed + rejected == first.new;
        proven.then(|| Comparison {
            left: first.new,
            right: self.confirmed,
            same: self.confirmed,
            missing: rejected,
            ..Comparison::default()
        })
    }

    /// Adds a pass. A move that follows for days keeps the first passes and the sum of the others.
    fn count(&mut self, count: PassCount, follow: bool) {
        let long = follow && self.passes.len() > 100;
        match self.passes.last_mut().filter(|_| long) {
            Some(last) => {
                last.new += count.new;
                last.changed += count.changed;
                last.bytes += count.bytes;
                (last.missing, last.gone) = (count.missing, last.gone + count.gone);
            }
            None => self.passes.push(count),
        }
    }
}

/// A move before it runs.
pub struct Mover<'a> {
    pub from: &'a SessionStore,
    pub to: &'a SessionStore,
    pub plan: &'a MovePlan,
    /// Rejects sessions regardless of the target.
    pub refusal: Refusal,
    /// Records what was sent.
    pub sent: Option<&'a mut SentSessions>,
    pub stop: Stop,
}

/// State of a move in progress.
struct MoveInProgress<'a> {
    reader: Passes,
    sender: mpsc::Sender<SessionBatch>,
    shared: Arc<WriterState>,
    moved: &'a mut MoveResult,
    progress: &'a mut (dyn FnMut(MoveProgress) + Send),
}

impl Mover<'_> {
    /// Runs until a pass finds no change, a limit is reached, or a signal is received; the current batches are
    /// finished first. With `--follow`, the changes are then read once more.
    pub async fn run(mut self, progress: &mut (dyn FnMut(MoveProgress) + Send)) -> MoveResult {
        let begun = Instant::now();
        let mut moved = MoveResult {
            passes: Vec::new(),
            written: InsertResult::default(),
            updates: 0,
            rejected: Vec::new(),
            confirmed: 0,
            unconfirmed: 0,
            complete: false,
            ended: MoveEnded::Settled,
            took: Duration::ZERO,
        };
        moved.ended = match self.move_all(&mut moved, begun, progress).await {
            Ok(ended) => ended,
            Err(error) => match error.stopped() {
                Some(Cause::Signal(signal)) => MoveEnded::Signal(signal),
                Some(Cause::MaxTime) => MoveEnded::MaxTime,
                None => MoveEnded::Failed(error),
            },
        };
        moved.took = begun.elapsed();
        moved
    }

    async fn move_all(
        &mut self,
        moved: &mut MoveResult,
        begun: Instant,
        progress: &mut (dyn FnMut(MoveProgress) + Send),
    ) -> Result<MoveEnded> {
        let (sender, batches) = mpsc::channel(1);
        let source = BatchSource {
            batches,
            max_rate: self.plan.max_rate,
            begun: Instant::now(),
            bytes: 0,
            stop: self.stop.clone(),
        };
        let shared = Arc::new(WriterState {
            batches: tokio::sync::Mutex::new(source),
            done: Mutex::default(),
            in_flight: Semaphore::new(MAX_KIB_IN_FLIGHT as usize),
            dry_run: self.plan.dry_run,
            read_back: self.plan.read_back,
            noted: self.sent.is_some(),
            refusal: Arc::clone(&self.refusal),
        });
        let mut writers = Vec::new();
        for _ in 0..self.plan.jobs.max(1) {
            let target = self.to.another().await?;
            writers.push(tokio::spawn(write(target, Arc::clone(&shared))));
        }
        let source = self.from.another().await?;
        let reader = Passes::by_halves(source, self.plan.filter.clone(), self.plan.now, self.stop.clone()).await;
        let deadline = self.plan.max_time.map(|most| begun + most);
        let mut moving = MoveInProgress { reader, sender, shared: Arc::clone(&shared), moved: &mut *moved, progress };
        let mut ended = self.passes(&mut moving, deadline).await;
        let MoveInProgress { reader, sender, progress, moved, .. } = moving;
        drop(sender);
        for writer in writers {
            // A writer that panicked has reported that itself, and the verification misses its sessions.
            let _ = writer.await;
        }
        reader.close().await;
        if let Err(error) = self.report_progress(&shared, moved.complete, progress) {
            ended = Err(error);
        }
        let done = std::mem::take(&mut *shared.done.lock().unwrap_or_else(PoisonError::into_inner));
        (moved.written, moved.rejected, moved.confirmed) =
            (done.written, last_per_session(done.rejected), done.confirmed);
        (moved.unconfirmed, moved.updates) = (done.unconfirmed, done.updates);
        match done.failed {
            Some(error) => Err(error),
            None => ended,
        }
    }

    /// Runs passes until the move ends.
    async fn passes(&mut self, moving: &mut MoveInProgress<'_>, deadline: Option<Instant>) -> Result<MoveEnded> {
        let follow = self.plan.follow;
        let (mut quiet_since, mut compared, mut cost) = (Instant::now(), Instant::now(), Duration::ZERO);
        loop {
            let first = !moving.moved.complete;
            let data = !follow || compared.elapsed() >= cost * (DATA_PASS_SHARE - 1);
            moving.reader.compare_data(data);
            let started = Instant::now();
            let count = match self.pass(moving, deadline.filter(|_| first || !follow)).await? {
                PassEnd::Complete(count) => count,
                PassEnd::Interrupted(count, why) => {
                    moving.moved.passes.push(count);
                    return Ok(match why {
                        PassesEnded::Signal(signal) => MoveEnded::Signal(signal),
                        PassesEnded::MaxTime => MoveEnded::MaxTime,
                        // Only a failed writer refuses; it reports the reason.
                        PassesEnded::Settled | PassesEnded::Passes | PassesEnded::Refused => MoveEnded::Passes,
                    });
                }
            };
            if data {
                (compared, cost) = (Instant::now(), started.elapsed());
            }
            moving.moved.complete = true;
            if first && follow {
                // From here on a signal is the expected end, and everything is finished.
                moving.reader.finish_passes();
            }
            let nothing = moving.reader.saw_all_changes() && count.new + count.changed + count.missing == 0;
            if !nothing {
                quiet_since = Instant::now();
            }
            let mut ended = self.plan.after(moving.moved, count, nothing && !first, quiet_since, deadline);
            if ended.is_none() {
                let mut stop = self.stop.clone();
                tokio::select! {
                    () = tokio::time::sleep(if follow { FOLLOW_PAUSE } else { PAUSE }) => {}
                    signal = stop.wait() => ended = Some(MoveEnded::Signal(signal)),
                }
            }
            if let Some(ended) = ended {
                if follow && !self.plan.dry_run {
                    self.last_passes(moving).await?;
                }
                return Ok(ended);
            }
        }
    }

    /// Reads the changes until the end, including those of the data.
    async fn last_passes(&mut self, moving: &mut MoveInProgress<'_>) -> Result<()> {
        moving.reader.compare_data(true);
        self.stop.remove_deadline();
        for _ in 0..MAX_FINAL_PASSES {
            tokio::time::sleep(PAUSE).await;
            let (PassEnd::Complete(count) | PassEnd::Interrupted(count, _)) = self.pass(moving, None).await?;
            moving.moved.count(count, true);
            if count.new + count.changed + count.missing == 0 {
                break;
            }
        }
        Ok(())
    }

    /// Runs one pass. What it read has been written when this returns, so that no older state is written after a
    /// newer one.
    async fn pass(&mut self, moving: &mut MoveInProgress<'_>, deadline: Option<Instant>) -> Result<PassEnd> {
        let MoveInProgress { reader, sender, shared, progress, moved } = moving;
        let finishes = self.plan.follow && moved.complete;
        let passing = async {
            let end = reader.pass(sender, deadline).await?;
            tokio::select! {
                () = reader.written() => Ok(end),
                () = shared.failed() => Ok(PassEnd::Interrupted(PassCount::default(), PassesEnded::Refused)),
            }
        };
        tokio::pin!(passing);
        loop {
            tokio::select! {
                end = &mut passing => return end,
                () = tokio::time::sleep(PROGRESS_INTERVAL) => {
                    if finishes && self.stop.requested().is_some() {
                        self.stop.remove_deadline();
                    }
                    self.report_progress(shared, moved.complete, *progress)?;
                }
            }
        }
    }

    /// Updates the result with what the writers have done.
    fn report_progress(
        &mut self,
        shared: &WriterState,
        changes: bool,
        progress: &mut (dyn FnMut(MoveProgress) + Send),
    ) -> Result<()> {
        let (at, sent) = {
            let mut done = shared.done.lock().unwrap_or_else(PoisonError::into_inner);
            (done.progress, std::mem::take(&mut done.sent))
        };
        progress(MoveProgress { changes, ..at });
        if let Some(noted) = &mut self.sent {
            sent.into_iter().try_for_each(|state| noted.note(state))?;
        }
        Ok(())
    }
}

impl MovePlan {
    /// Tells whether the move ends after a complete pass.
    fn after(
        &self,
        moved: &mut MoveResult,
        count: PassCount,
        settled: bool,
        quiet_since: Instant,
        deadline: Option<Instant>,
    ) -> Option<MoveEnded> {
        moved.count(count, self.follow);
        if self.dry_run {
            return Some(MoveEnded::Passes);
        }
        if deadline.is_some_and(|at| Instant::now() >= at) {
            return Some(MoveEnded::MaxTime);
        }
        if self.follow {
            return self
                .until_quiet
                .filter(|quiet| settled && quiet_since.elapsed() >= *quiet)
                .map(|_| MoveEnded::Quiet);
        }
        if settled {
            return Some(MoveEnded::Settled);
        }
        (moved.passes.len() > self.passes as usize).then_some(MoveEnded::Passes)
    }
}

/// The last rejection of each session.
fn last_per_session(rejected: Vec<Rejected>) -> Vec<Rejected> {
    let by_key: std::collections::BTreeMap<SessionKey, String> =
        rejected.into_iter().map(|one| (one.key, one.reason)).collect();
    by_key.into_iter().map(|(key, reason)| Rejected { key, reason }).collect()
}
