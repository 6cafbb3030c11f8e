//! Reads a table in passes, beside Tomcats that write it.
//!
//! Tomcat saves by DELETE and then INSERT, each committed by itself, so that a session in use is
//! absent for a moment: one look at the table, even in a consistent snapshot, loses such sessions.
//! So a mover looks again. The first pass takes every session; each further one reads the columns
//! alone, and takes what is new or has changed. It is settled when a pass finds nothing to take and
//! misses nothing. What `session::Seen` decides is pure; here is the reading.
//!
//! Bytes in flight are bounded: a batch is cut at [`BATCH_BYTES`] (a larger session goes alone),
//! and the channel to the writer should hold one or two.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::Sender;

use super::read::meta;
use super::{Bind, Cursor, Reading, Result, SessionStore, Signal, Stop, StoreError};
use crate::session::{EpochMillis, Filter, Seen, Session, SessionKey, SessionMeta, Standing};

/// What the sessions of a batch take together, in bytes.
pub const BATCH_BYTES: u64 = 2 << 20;
/// What a session takes beside its data, about.
const ROW: u64 = 512;
/// The pause between two passes, so that a session which both miss was not being saved.
const PAUSE: Duration = Duration::from_millis(250);

/// When reading ends.
#[derive(Debug, Clone, Copy)]
pub struct PassLimits {
    /// Passes after the first.
    pub passes: u32,
    /// The time after which no further pass goes on. The first is always finished.
    pub max_time: Option<Duration>,
}

/// What one pass found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct PassCount {
    /// Sessions that were taken for the first time.
    pub new: u64,
    /// Sessions that were taken once more.
    pub changed: u64,
    /// Missed for the first time, or absent when their data was to be read: perhaps they are being
    /// saved.
    pub missing: u64,
    /// Missed by two passes in a row.
    pub gone: u64,
    /// Bytes of `session_data` that were taken.
    pub bytes: u64,
}

/// Why reading ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassesEnded {
    /// The last pass found nothing to take, and missed nothing.
    Settled,
    /// So many passes were allowed.
    Passes,
    MaxTime,
    Signal(Signal),
    /// Who takes the sessions has gone.
    Refused,
}

/// What all passes found.
#[derive(Debug)]
pub struct PassesSummary {
    /// In order; the first took everything.
    pub passes: Vec<PassCount>,
    pub ended: PassesEnded,
}

/// How a single pass ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassEnd {
    Whole(PassCount),
    /// Before it had seen the whole table.
    Cut(PassCount, PassesEnded),
}

/// Sessions that a pass took.
#[derive(Debug)]
pub struct Taken {
    pub sessions: Vec<Session>,
    /// Whether they are of a later pass than the first, so that some may have been taken before.
    pub again: bool,
}

/// A reader of the sessions that a filter chooses.
pub struct Passes {
    store: SessionStore,
    filter: Filter,
    now: EpochMillis,
    stop: Stop,
    seen: Seen,
    first: bool,
}

impl Passes {
    /// `now` is the moment that the filter judges at; `store` is this reader's own connection.
    pub fn new(store: SessionStore, filter: Filter, now: EpochMillis, stop: Stop) -> Passes {
        Passes { store, filter, now, stop, seen: Seen::default(), first: true }
    }

    /// Says goodbye to the server.
    pub async fn close(self) {
        self.store.close().await;
    }

    /// Runs passes until the table is settled or a limit is reached.
    ///
    /// # Errors
    /// [`StoreError::Db`]; what was handed on before stands.
    pub async fn run(&mut self, limits: PassLimits, out: &Sender<Taken>) -> Result<PassesSummary> {
        let begun = Instant::now();
        let deadline = limits.max_time.map(|most| begun + most);
        let mut summary = PassesSummary { passes: Vec::new(), ended: PassesEnded::Settled };
        loop {
            let first = summary.passes.is_empty();
            let (count, cut) = match self.pass(out, deadline.filter(|_| !first)).await? {
                PassEnd::Whole(count) => (count, None),
                PassEnd::Cut(count, why) => (count, Some(why)),
            };
            summary.passes.push(count);
            let settled = !first && count.new + count.changed + count.missing == 0;
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
    /// [`StoreError::Db`].
    pub async fn pass(&mut self, out: &Sender<Taken>, deadline: Option<Instant>) -> Result<PassEnd> {
        let filter = self.filter.clone();
        let reading = Reading { filter: &filter, now: self.now, from: None, limit: None };
        let mut pass = Pass { count: PassCount::default(), run: Vec::new(), bytes: 0 };
        let most_rows = self.store.dialect().max_batch.min(self.store.dialect().max_params - 8);
        let mut cursor = Cursor::default();
        while let Some(page) = self.store.next_page(&reading, &mut cursor).await? {
            for session in page {
                let standing = self.seen.meet(&session);
                if standing == Standing::Same {
                    continue;
                }
                let bytes = ROW + session.size.unwrap_or(0);
                let full = pass.bytes + bytes > BATCH_BYTES || pass.run.len() >= most_rows;
                if full && !pass.run.is_empty() {
                    if let Some(why) = self.hand_on(&mut pass, out).await? {
                        return Ok(PassEnd::Cut(pass.count, why));
                    }
                    if deadline.is_some_and(|at| Instant::now() >= at) {
                        return Ok(PassEnd::Cut(pass.count, PassesEnded::MaxTime));
                    }
                }
                pass.bytes += bytes;
                pass.run.push((session, standing));
            }
            if let Some(signal) = self.stop.requested() {
                return Ok(PassEnd::Cut(pass.count, PassesEnded::Signal(signal)));
            }
        }
        if let Some(why) = self.hand_on(&mut pass, out).await? {
            return Ok(PassEnd::Cut(pass.count, why));
        }
        let absences = self.seen.end_pass();
        self.first = false;
        Ok(PassEnd::Whole(PassCount {
            missing: pass.count.missing + absences.missing,
            gone: absences.gone,
            ..pass.count
        }))
    }

    /// Reads the sessions of the run whole and hands them on. One that is absent at this moment, or
    /// no longer matches, is left to the next pass.
    async fn hand_on(&mut self, pass: &mut Pass, out: &Sender<Taken>) -> Result<Option<PassesEnded>> {
        pass.bytes = 0;
        let run = std::mem::take(&mut pass.run);
        let (Some((from, _)), Some((to, _))) = (run.first(), run.last()) else { return Ok(None) };
        let bind = if self.first && self.filter.is_empty() {
            // All that lies between is wanted: a range costs the server less than a list.
            Bind::new().set("from_id", from.key.id.as_str()).set("to_id", to.key.id.as_str())
        } else {
            Bind::new().list("ids", run.iter().map(|(session, _)| session.key.id.as_str()))
        };
        let mut wanted: HashMap<SessionKey, Standing> =
            run.into_iter().map(|(session, standing)| (session.key, standing)).collect();
        let doing = "read sessions";
        let rows = self.store.query(doing, self.store.statements().read_rows, &bind).await?;
        let mut batch = Vec::with_capacity(rows.len());
        for mut row in rows {
            let data = row.bytes(6).map_err(|e| StoreError::db(doing, e))?;
            let meta: SessionMeta = meta(row).map_err(|e| StoreError::db(doing, e))?;
            let Some(standing) = wanted.remove(&meta.key) else { continue };
            if !self.filter.matches(&meta, self.now) {
                continue;
            }
            self.seen.take(&meta);
            match standing {
                Standing::New => pass.count.new += 1,
                Standing::Changed | Standing::Same => pass.count.changed += 1,
            }
            pass.count.bytes += meta.size.unwrap_or(0);
            batch.push(Session { meta, data });
        }
        pass.count.missing += wanted.len() as u64;
        if batch.is_empty() {
            return Ok(None);
        }
        let mut stop = self.stop.clone();
        // Whoever takes them may hang in a pipe.
        tokio::select! {
            sent = out.send(Taken { sessions: batch, again: !self.first }) => {
                Ok(sent.is_err().then_some(PassesEnded::Refused))
            }
            signal = stop.wait() => Ok(Some(PassesEnded::Signal(signal))),
        }
    }
}

/// A pass under way.
struct Pass {
    count: PassCount,
    /// What is to be read next, in key order.
    run: Vec<(SessionMeta, Standing)>,
    /// What it will take.
    bytes: u64,
}
