//! One reader of the passes: a connection, and the part of the table that is its own.

use std::collections::HashMap;
use std::time::Instant;

use tokio::sync::mpsc::Sender;

use super::passes::{BATCH_BYTES, PassCount, PassEnd, PassesEnded, Taken};
use super::read::meta;
use super::{Bind, Cursor, Reading, Result, SessionStore, Stop, StoreError};
use crate::session::{EpochMillis, Filter, Seen, Session, SessionKey, SessionMeta, Standing};

/// What a session takes beside its data, about.
const ROW: u64 = 512;

/// The ids of a part of the table: from the first one on, and up to the second one. `None` is no bound.
pub(super) type Part = (Option<&'static str>, Option<&'static str>);

/// A reader of those sessions of a part that a filter chooses.
pub(super) struct Lane {
    store: SessionStore,
    part: Part,
    filter: Filter,
    now: EpochMillis,
    stop: Stop,
    seen: Seen,
    first: bool,
}

impl Lane {
    pub(super) fn new(store: SessionStore, part: Part, filter: Filter, now: EpochMillis, stop: Stop) -> Lane {
        Lane { store, part, filter, now, stop, seen: Seen::default(), first: true }
    }

    pub(super) async fn close(self) {
        self.store.close().await;
    }

    /// Runs one pass: the first takes everything, a later one what is new or has changed.
    ///
    /// # Errors
    /// [`StoreError::Db`].
    pub(super) async fn pass(&mut self, out: &Sender<Taken>, deadline: Option<Instant>) -> Result<PassEnd> {
        let filter = self.filter.clone();
        let reading = Reading { filter: &filter, now: self.now, from: None, limit: None };
        let mut pass = Pass { count: PassCount::default(), run: Vec::new(), bytes: 0 };
        let most_rows = self.store.dialect().max_batch.min(self.store.dialect().max_params - 8);
        let mut cursor = Cursor::of(self.part);
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
