//! Moves sessions from one store to another, beside Tomcats that write them: passes over the source
//! on one connection, writers to the target on others.
//!
//! The state of a move is in the target: a session that is there with the same or a later
//! `last_access` stays, so that a run that was killed at any moment can be started again. Bytes in
//! flight are bounded, by the passes' batches and by what all writers may hold together.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, mpsc};

use super::writers::{IN_FLIGHT, MoveProgress, Refusal, Rejected, Shared, Source, write};
use super::{
    Cause, CompareEnded, Comparison, Inserted, PassCount, PassEnd, Passes, PassesEnded, Result, SessionStore, Signal,
    Stop, StoreError,
};
use crate::session::{EpochMillis, Filter, SessionKey};

/// The pause between two passes of a move that follows its source.
const FOLLOW_PAUSE: Duration = Duration::from_secs(1);
/// How often the caller is told how far it is.
const TICK: Duration = Duration::from_millis(100);
/// How a move goes about.
#[derive(Debug, Clone)]
pub struct MovePlan {
    /// Writers.
    pub jobs: usize,
    /// Bytes of data a second, at most.
    pub max_rate: Option<u64>,
    /// Passes after the first.
    pub passes: u32,
    /// The time after which no further batch is read.
    pub max_time: Option<Duration>,
    /// Goes on with passes until a signal comes.
    pub follow: bool,
    /// With `follow`: until the source has not changed for this long.
    pub until_quiet: Option<Duration>,
    /// Read and judge, but write nothing.
    pub dry_run: bool,
    /// Read each batch back after its commit, and compare it with what was sent.
    pub read_back: bool,
    /// What is moved.
    pub filter: Filter,
    /// The moment that the filter judges at.
    pub now: EpochMillis,
}

/// Why a move ended.
#[derive(Debug)]
pub enum MoveEnded {
    /// A pass found nothing any more.
    Settled,
    /// So many passes were allowed.
    Passes,
    /// The source was quiet for as long as was asked for.
    Quiet,
    MaxTime,
    Signal(Signal),
    Failed(StoreError),
}

/// What a move did. It is true whatever ended it.
#[derive(Debug)]
pub struct Moved {
    pub passes: Vec<PassCount>,
    pub written: Inserted,
    /// Each session once.
    pub rejected: Vec<Rejected>,
    /// With `read_back`: batches' sessions that stood in the target as they were sent.
    confirmed: u64,
    /// When the last pass that saw the whole table began: what was accessed later it may have missed.
    pub last_pass: EpochMillis,
    pub ended: MoveEnded,
    pub took: Duration,
}

impl Moved {
    /// What comparing every row would find, where reading back has shown it: the source stood still
    /// while it was read, and each of its sessions was set aside or seen in the target as it is in the
    /// source. `None` where that is not known.
    ///
    /// The target must have been empty before: what it has beyond the source is not counted.
    pub fn proof(&self) -> Option<Comparison> {
        let (first, later) = self.passes.split_first()?;
        let rejected = self.rejected.len() as u64;
        let still = !later.is_empty() && later.iter().all(|pass| pass.unread);
        let proven = still && first.missing == 0 && self.confirmed > 0 && self.confirmed + rejected == first.new;
        proven.then_some(Comparison {
            left: first.new,
            right: self.confirmed,
            same: self.confirmed,
            missing: rejected,
            extra: 0,
            different: 0,
            changed: 0,
            ended: CompareEnded::Done,
            took: Duration::ZERO,
        })
    }
}

/// A move about to run.
pub struct Mover<'a> {
    pub from: &'a SessionStore,
    pub to: &'a SessionStore,
    pub plan: &'a MovePlan,
    /// Sessions that may not be written, whatever the target takes.
    pub refusal: Refusal,
    /// Sessions that were written are named here.
    pub moved: &'a mut (dyn FnMut(&SessionKey) + Send),
    pub stop: Stop,
}

impl Mover<'_> {
    /// Moves until the source is settled, a limit is reached, or a signal comes; then the batches in
    /// hand are finished first. `clock` reads this machine's.
    pub async fn run(
        mut self,
        clock: &(dyn Fn() -> EpochMillis + Sync),
        progress: &mut (dyn FnMut(MoveProgress) + Send),
    ) -> Moved {
        let begun = Instant::now();
        let mut moved = Moved {
            passes: Vec::new(),
            written: Inserted::default(),
            rejected: Vec::new(),
            confirmed: 0,
            last_pass: clock(),
            ended: MoveEnded::Settled,
            took: Duration::ZERO,
        };
        moved.ended = match self.passes(&mut moved, begun, clock, progress).await {
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

    async fn passes(
        &mut self,
        moved: &mut Moved,
        begun: Instant,
        clock: &(dyn Fn() -> EpochMillis + Sync),
        progress: &mut (dyn FnMut(MoveProgress) + Send),
    ) -> Result<MoveEnded> {
        let (sender, batches) = mpsc::channel(1);
        let source =
            Source { batches, max_rate: self.plan.max_rate, begun: Instant::now(), bytes: 0, stop: self.stop.clone() };
        let shared = Arc::new(Shared {
            batches: tokio::sync::Mutex::new(source),
            done: Mutex::default(),
            in_flight: Semaphore::new(IN_FLIGHT as usize),
            dry_run: self.plan.dry_run,
            read_back: self.plan.read_back,
            refusal: Arc::clone(&self.refusal),
        });
        let mut writers = Vec::new();
        for _ in 0..self.plan.jobs.max(1) {
            let target = self.to.another().await?;
            writers.push(tokio::spawn(write(target, Arc::clone(&shared))));
        }
        let source = self.from.another().await?;
        let mut reader = Passes::by_halves(source, self.plan.filter.clone(), self.plan.now, self.stop.clone()).await;
        let deadline = self.plan.max_time.map(|most| begun + most);
        let (mut quiet_since, mut ended) = (Instant::now(), None);
        while ended.is_none() {
            let started = clock();
            let pass = {
                let passing = reader.pass(&sender, deadline);
                tokio::pin!(passing);
                loop {
                    tokio::select! {
                        pass = &mut passing => break pass,
                        () = tokio::time::sleep(TICK) => self.tell(&shared, progress),
                    }
                }
            };
            let first = moved.passes.is_empty();
            ended = match pass {
                Err(error) => Some(MoveEnded::Failed(error)),
                Ok(PassEnd::Cut(count, why)) => {
                    moved.passes.push(count);
                    Some(match why {
                        PassesEnded::Signal(signal) => MoveEnded::Signal(signal),
                        PassesEnded::MaxTime => MoveEnded::MaxTime,
                        // Only a writer that failed refuses; it says why.
                        PassesEnded::Settled | PassesEnded::Passes | PassesEnded::Refused => MoveEnded::Passes,
                    })
                }
                Ok(PassEnd::Whole(count)) => {
                    moved.last_pass = started;
                    let nothing = count.new + count.changed + count.missing == 0;
                    if !nothing {
                        quiet_since = Instant::now();
                    }
                    self.plan.after(moved, count, nothing && !first, quiet_since, deadline)
                }
            };
            if ended.is_none() {
                let mut stop = self.stop.clone();
                tokio::select! {
                    () = tokio::time::sleep(if self.plan.follow { FOLLOW_PAUSE } else { Duration::from_millis(250) }) => {}
                    signal = stop.wait() => ended = Some(MoveEnded::Signal(signal)),
                }
            }
        }
        drop(sender);
        for writer in writers {
            // A writer that panicked has said so itself, and its sessions are missed by the verification.
            let _ = writer.await;
        }
        reader.close().await;
        self.tell(&shared, progress);
        let done = std::mem::take(&mut *shared.done.lock().unwrap_or_else(PoisonError::into_inner));
        (moved.written, moved.rejected, moved.confirmed) = (done.written, once(done.rejected), done.confirmed);
        match done.failed {
            Some(error) => Err(error),
            None => Ok(ended.unwrap_or(MoveEnded::Settled)),
        }
    }

    fn tell(&mut self, shared: &Shared, progress: &mut (dyn FnMut(MoveProgress) + Send)) {
        let (at, keys) = {
            let mut done = shared.done.lock().unwrap_or_else(PoisonError::into_inner);
            (done.progress, std::mem::take(&mut done.keys))
        };
        keys.iter().for_each(|key| (self.moved)(key));
        progress(at);
    }
}

impl MovePlan {
    /// Tells whether the move is over after a whole pass.
    fn after(
        &self,
        moved: &mut Moved,
        count: PassCount,
        settled: bool,
        quiet_since: Instant,
        deadline: Option<Instant>,
    ) -> Option<MoveEnded> {
        // What follows for days keeps the first passes and the sum of the others.
        let long = self.follow && moved.passes.len() > 100;
        match moved.passes.last_mut().filter(|_| long) {
            Some(last) => {
                last.new += count.new;
                last.changed += count.changed;
                last.bytes += count.bytes;
                (last.missing, last.gone) = (count.missing, last.gone + count.gone);
            }
            None => moved.passes.push(count),
        }
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

/// Each session's last rejection.
fn once(rejected: Vec<Rejected>) -> Vec<Rejected> {
    let by_key: std::collections::BTreeMap<SessionKey, String> =
        rejected.into_iter().map(|one| (one.key, one.reason)).collect();
    by_key.into_iter().map(|(key, reason)| Rejected { key, reason }).collect()
}
