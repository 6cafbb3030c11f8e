//! Reads a table in passes, while Tomcats write to it.
//!
//! Tomcat saves with DELETE and then INSERT, usually in two transactions, so a session in use is absent for a moment.
//! A single read of the table, even from a consistent snapshot, loses such sessions. The first pass therefore reads
//! every session; each further pass reads the columns and the SHA-256 of the data, which the server computes if it
//! can, and reads again what is new or has changed. The passes end when one finds no change and misses no session.
//! `session::SeenState` decides what has changed. A pass begins when the previous one has ended, and reads no session
//! earlier than [`MIN_INTERVAL`] after the previous one. A table that is known to be unchanged ([`TableVersion`]) is not
//! read again.
//!
//! The bytes in flight are limited: a batch has at most [`BATCH_BYTES`], and the channel to the writer should hold
//! one or two. A larger session is sent alone; at most `MAX_LARGE_SESSIONS` of those are in flight.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::sync::mpsc::Sender;

use crate::engine::{Cause, DbErrorKind, Stop};
use crate::session::{EpochMillis, Filter};
use crate::store::error::Result;
use crate::store::read::id_ranges::{HALVES, IdRange, QUARTERS, open_range_readers};
use crate::store::read::pass::{InFlightLimits, PassCount, PassEnd, PassesEnded, SessionBatch};
use crate::store::read::range_reader::RangeReader;
use crate::store::read::read_times::MIN_INTERVAL;
use crate::store::read::table_version::TableVersion;
use crate::store::session_store::SessionStore;

/// Maximum number of sessions above [`BATCH_BYTES`] that are read but not yet written: one is read while the other is
/// written. Each is in up to four buffers at once, including those of the driver and of TLS.
const MAX_LARGE_SESSIONS: usize = 2;
/// Number of permits for batches that are not yet written, more than there can be.
const BATCH_PERMITS: u32 = 1 << 20;

/// Limits of the passes.
#[derive(Debug, Clone, Copy)]
pub struct PassLimits {
    /// Maximum number of passes after the first.
    pub passes: u32,
    /// Time after which a pass ends.
    pub max_time: Option<Duration>,
}

/// Result of all passes.
#[derive(Debug)]
pub struct PassesSummary {
    /// In order; the first one read everything.
    pub passes: Vec<PassCount>,
    /// Whether the first pass saw the whole table.
    pub whole: bool,
    pub ended: PassesEnded,
}

/// Reads the sessions that match a filter.
pub struct Passes {
    ranges: Vec<RangeReader>,
    stop: Stop,
    bounds: InFlightLimits,
    /// Whether passes after the first also compare the data.
    data: bool,
    first: bool,
    /// Version of the table before the last pass that compared the data, if that pass was complete and missed
    /// nothing.
    seen_at: Option<TableVersion>,
    /// Whether the source is known to have had all changes when the last pass began.
    current: bool,
}

impl Passes {
    /// `now` is the reference time of the filter; `store` is the reader's own connection.
    pub fn new(store: SessionStore, filter: Filter, now: EpochMillis, stop: Stop) -> Passes {
        Passes::of([(store, (None, None))], &filter, now, stop)
    }

    /// As [`Passes::new`], with four readers if the server accepts several connections: each reads a range of ids.
    /// The ranges are balanced for hexadecimal ids; other ids may all be in one range.
    pub async fn by_quarters(store: SessionStore, filter: Filter, now: EpochMillis, stop: Stop) -> Passes {
        Passes::by(store, QUARTERS, filter, now, stop).await
    }

    /// As [`Passes::by_quarters`], with two readers: enough if the sessions are written elsewhere.
    pub async fn by_halves(store: SessionStore, filter: Filter, now: EpochMillis, stop: Stop) -> Passes {
        Passes::by(store, HALVES, filter, now, stop).await
    }

    async fn by(
        store: SessionStore,
        parts: &'static [&'static str],
        filter: Filter,
        now: EpochMillis,
        stop: Stop,
    ) -> Passes {
        let (beside, rest) = open_range_readers(&store, parts).await;
        Passes::of(beside.into_iter().chain([(store, rest)]), &filter, now, stop)
    }

    fn of(
        readers: impl IntoIterator<Item = (SessionStore, IdRange)>,
        filter: &Filter,
        now: EpochMillis,
        stop: Stop,
    ) -> Passes {
        let bounds = InFlightLimits {
            big: Arc::new(Semaphore::new(MAX_LARGE_SESSIONS)),
            in_hand: Arc::new(Semaphore::new(BATCH_PERMITS as usize)),
        };
        let range = |(reader, part)| RangeReader::new(reader, part, filter.clone(), now, stop.clone(), bounds.clone());
        let ranges = readers.into_iter().map(range).collect();
        Passes { ranges, stop, bounds, data: true, first: true, seen_at: None, current: true }
    }

    /// Sets whether the next passes also compare the data of sessions. Otherwise they compare only the columns and
    /// the size of the data, and do not notice a save that changes neither.
    pub fn compare_data(&mut self, data: bool) {
        self.data = data;
        self.ranges.iter_mut().for_each(|range| range.compare_data(data));
    }

    /// From now on, signals do not end passes.
    pub fn finish_passes(&mut self) {
        self.stop = Stop::never();
        self.ranges.iter_mut().for_each(|range| range.stop_by(Stop::never()));
    }

    /// Waits until all batches that were sent have been dropped.
    pub async fn written(&self) {
        // The semaphore is never closed.
        drop(self.bounds.in_hand.acquire_many(BATCH_PERMITS).await);
    }

    /// Closes the connections.
    pub async fn close(self) {
        for range in self.ranges {
            range.close().await;
        }
    }

    /// Runs passes until one finds no change or a limit is reached.
    ///
    /// # Errors
    /// [`crate::store::StoreError::Db`], [`crate::store::StoreError::Spill`]; batches that were already sent remain
    /// valid.
    pub async fn run(&mut self, limits: PassLimits, out: &Sender<SessionBatch>) -> Result<PassesSummary> {
        let begun = Instant::now();
        let deadline = limits.max_time.map(|most| begun + most);
        let mut summary = PassesSummary { passes: Vec::new(), whole: true, ended: PassesEnded::Settled };
        loop {
            let first = summary.passes.is_empty();
            let end = match self.pass(out, deadline).await {
                // Batches that were already sent remain valid.
                Err(error) if error.kind() == Some(DbErrorKind::Stopped(Cause::MaxTime)) => {
                    PassEnd::Interrupted(PassCount::default(), PassesEnded::MaxTime)
                }
                end => end?,
            };
            let (count, cut) = match end {
                PassEnd::Complete(count) => (count, None),
                PassEnd::Interrupted(count, why) => (count, Some(why)),
            };
            summary.whole &= !first || cut.is_none();
            summary.passes.push(count);
            let settled = !first && self.current && count.new + count.changed + count.missing == 0;
            let passes = summary.passes.len() - 1;
            let ended = match cut {
                Some(why) => Some(why),
                None if settled => Some(PassesEnded::Settled),
                None if passes >= limits.passes as usize => Some(PassesEnded::Passes),
                None if deadline.is_some_and(|at| Instant::now() + MIN_INTERVAL >= at) => Some(PassesEnded::MaxTime),
                None => None,
            };
            if let Some(ended) = ended {
                return Ok(PassesSummary { ended, ..summary });
            }
            // Without a version the next pass reads the table, and waits where it is too early for that.
            if self.seen_at.is_some() {
                self.pause().await;
            }
        }
    }

    /// Waits for the minimum time between two passes, or less if a signal requests the end: a session that is being
    /// saved changes the version only with its INSERT.
    async fn pause(&mut self) {
        let mut stop = self.stop.clone();
        tokio::select! {
            () = tokio::time::sleep(MIN_INTERVAL) => {}
            _ = stop.wait() => {}
        }
    }

    /// Runs one pass: the first reads everything, a later one what is new or has changed.
    ///
    /// # Errors
    /// [`crate::store::StoreError::Db`], [`crate::store::StoreError::Spill`].
    pub async fn pass(&mut self, out: &Sender<SessionBatch>, deadline: Option<Instant>) -> Result<PassEnd> {
        let version = match self.ranges.first_mut() {
            Some(range) => {
                self.current = range.require_current().await?;
                range.version().await?
            }
            None => None,
        };
        if version.is_some() && version == self.seen_at {
            let count = PassCount { skipped: true, ..PassCount::default() };
            // A signal shortens the pause, so it is too early for a result.
            return Ok(match self.stop.requested() {
                Some(signal) => PassEnd::Interrupted(count, PassesEnded::Signal(signal)),
                None => PassEnd::Complete(count),
            });
        }
        let compared = self.first || self.data;
        if compared {
            self.seen_at = None;
        }
        let end = self.read(out, deadline).await?;
        // Replication may have stopped in the meantime.
        if let Some(range) = self.ranges.first_mut() {
            self.current &= range.require_current().await?;
        }
        if let PassEnd::Complete(count) = end {
            self.first = false;
            if compared && count.missing == 0 {
                self.seen_at = version;
            }
        }
        Ok(end)
    }

    /// Tells whether the source is known to have had all changes when the last pass began and when it ended.
    pub fn saw_all_changes(&self) -> bool {
        self.current
    }

    async fn read(&mut self, out: &Sender<SessionBatch>, deadline: Option<Instant>) -> Result<PassEnd> {
        let passes = self.ranges.iter_mut().map(|range| range.pass(out, deadline));
        let ends = futures_util::future::try_join_all(passes).await?;
        Ok(ends.into_iter().fold(PassEnd::Complete(PassCount::default()), PassEnd::and))
    }
}
