//! Reads a table in passes, beside Tomcats that write it.
//!
//! Tomcat saves by DELETE and then INSERT, each committed by itself, so that a session in use is
//! absent for a moment: one look at the table, even in a consistent snapshot, loses such sessions.
//! So a mover looks again. The first pass takes every session; each further one reads the columns and the
//! SHA-256 of the data, which the server computes where it can, and takes what is new or has changed. It is
//! settled when a pass finds nothing to take and misses nothing. What has changed says `session::SeenState`;
//! here is the reading. A table that the server knows to stand still ([`TableVersion`]) is not read again.
//!
//! Bytes in flight are bounded: a batch is cut at [`BATCH_BYTES`], and the channel to the writer should
//! hold one or two. A larger session goes alone, and of those `BIG_ONES` at most are on their way.

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
use crate::store::read::table_version::TableVersion;
use crate::store::session_store::SessionStore;

/// Sessions beyond [`BATCH_BYTES`] between the server and the end of their writing: one is read while the
/// other is written. Each is in up to four buffers at once, the driver's and those of TLS among them.
const BIG_ONES: usize = 2;
/// Batches between the reader and the end of their writing, more than there can be.
const IN_HAND: u32 = 1 << 20;
/// The pause between two passes, so that a session which both miss was not being saved.
const PAUSE: Duration = Duration::from_millis(250);

/// When reading ends.
#[derive(Debug, Clone, Copy)]
pub struct PassLimits {
    /// Passes after the first.
    pub passes: u32,
    /// The time after which no pass goes on.
    pub max_time: Option<Duration>,
}

/// What all passes found.
#[derive(Debug)]
pub struct PassesSummary {
    /// In order; the first took everything.
    pub passes: Vec<PassCount>,
    /// Whether the first pass saw the whole table.
    pub whole: bool,
    pub ended: PassesEnded,
}

/// A reader of the sessions that a filter chooses.
pub struct Passes {
    ranges: Vec<RangeReader>,
    stop: Stop,
    bounds: InFlightLimits,
    /// Whether passes after the first compare the data of sessions too.
    data: bool,
    first: bool,
    /// The table's version before the last pass that compared the data, where that was whole and missed nothing.
    seen_at: Option<TableVersion>,
    /// Whether the source is known to have had all changes when the last pass began.
    current: bool,
}

impl Passes {
    /// `now` is the moment that the filter judges at; `store` is this reader's own connection.
    pub fn new(store: SessionStore, filter: Filter, now: EpochMillis, stop: Stop) -> Passes {
        Passes::of([(store, (None, None))], &filter, now, stop)
    }

    /// As [`Passes::new`], with four readers where a server takes more than one: each has a
    /// connection and a part of the ids, which are hexadecimal digits, or else all are in one part.
    pub async fn by_quarters(store: SessionStore, filter: Filter, now: EpochMillis, stop: Stop) -> Passes {
        Passes::by(store, QUARTERS, filter, now, stop).await
    }

    /// As [`Passes::by_quarters`], with two readers: enough where what is read is written elsewhere.
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
            big: Arc::new(Semaphore::new(BIG_ONES)),
            in_hand: Arc::new(Semaphore::new(IN_HAND as usize)),
        };
        let range = |(reader, part)| RangeReader::new(reader, part, filter.clone(), now, stop.clone(), bounds.clone());
        let ranges = readers.into_iter().map(range).collect();
        Passes { ranges, stop, bounds, data: true, first: true, seen_at: None, current: true }
    }

    /// Says whether the next passes compare the data of sessions with what was taken, or the columns and the
    /// size of the data alone, which miss a save that changes neither.
    pub fn compare_data(&mut self, data: bool) {
        self.data = data;
        self.ranges.iter_mut().for_each(|range| range.compare_data(data));
    }

    /// Lets no signal end the next passes.
    pub fn finish_passes(&mut self) {
        self.stop = Stop::never();
        self.ranges.iter_mut().for_each(|range| range.stop_by(Stop::never()));
    }

    /// Waits until all batches are dropped that were handed on.
    pub async fn written(&self) {
        // It is never closed.
        drop(self.bounds.in_hand.acquire_many(IN_HAND).await);
    }

    /// Says goodbye to the server.
    pub async fn close(self) {
        for range in self.ranges {
            range.close().await;
        }
    }

    /// Runs passes until the table is settled or a limit is reached.
    ///
    /// # Errors
    /// [`crate::store::StoreError::Db`], [`crate::store::StoreError::Notes`]; what was handed on before stands.
    pub async fn run(&mut self, limits: PassLimits, out: &Sender<SessionBatch>) -> Result<PassesSummary> {
        let begun = Instant::now();
        let deadline = limits.max_time.map(|most| begun + most);
        let mut summary = PassesSummary { passes: Vec::new(), whole: true, ended: PassesEnded::Settled };
        loop {
            let first = summary.passes.is_empty();
            let end = match self.pass(out, deadline).await {
                // What was handed on before stands.
                Err(error) if error.kind() == Some(DbErrorKind::Stopped(Cause::MaxTime)) => {
                    PassEnd::Cut(PassCount::default(), PassesEnded::MaxTime)
                }
                end => end?,
            };
            let (count, cut) = match end {
                PassEnd::Whole(count) => (count, None),
                PassEnd::Cut(count, why) => (count, Some(why)),
            };
            summary.whole &= !first || cut.is_none();
            summary.passes.push(count);
            let settled = !first && self.current && count.new + count.changed + count.missing == 0;
            let passes = summary.passes.len() - 1;
            let ended = match cut {
                Some(why) => Some(why),
                None if settled => Some(PassesEnded::Settled),
                None if passes >= limits.passes as usize => Some(PassesEnded::Passes),
                None if deadline.is_some_and(|at| Instant::now() + PAUSE >= at) => Some(PassesEnded::MaxTime),
                None => None,
            };
            if let Some(ended) = ended {
                return Ok(PassesSummary { ended, ..summary });
            }
            self.pause().await;
        }
    }

    /// Lets the time pass that must lie between two passes, or less where a signal asks to stop.
    pub async fn pause(&mut self) {
        let mut stop = self.stop.clone();
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            _ = stop.wait() => {}
        }
    }

    /// Runs one pass: the first takes everything, a later one what is new or has changed.
    ///
    /// # Errors
    /// [`crate::store::StoreError::Db`], [`crate::store::StoreError::Notes`].
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
            // A signal cuts the pause short, so that it is too early to know.
            return Ok(match self.stop.requested() {
                Some(signal) => PassEnd::Cut(count, PassesEnded::Signal(signal)),
                None => PassEnd::Whole(count),
            });
        }
        let compared = self.first || self.data;
        if compared {
            self.seen_at = None;
        }
        let end = self.read(out, deadline).await?;
        // Replication may have stopped meanwhile.
        if let Some(range) = self.ranges.first_mut() {
            self.current &= range.require_current().await?;
        }
        if let PassEnd::Whole(count) = end {
            self.first = false;
            if compared && count.missing == 0 {
                self.seen_at = version;
            }
        }
        Ok(end)
    }

    /// Tells whether the source is known to have had all changes when the last pass began and ended.
    pub fn saw_all(&self) -> bool {
        self.current
    }

    async fn read(&mut self, out: &Sender<SessionBatch>, deadline: Option<Instant>) -> Result<PassEnd> {
        let passes = self.ranges.iter_mut().map(|range| range.pass(out, deadline));
        let ends = futures_util::future::try_join_all(passes).await?;
        Ok(ends.into_iter().fold(PassEnd::Whole(PassCount::default()), PassEnd::and))
    }
}
