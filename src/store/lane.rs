//! One reader of the passes: a connection, and the part of the table that is its own.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use futures_util::TryStreamExt as _;
use tokio::sync::mpsc::Sender;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::page_size::{PageSize, ROW};
use super::parts::Part;
use super::passes::{BATCH_BYTES, PassCount, PassEnd, PassesEnded, Taken};
use super::read::{Met, meta};
use super::still::Mark;
use super::{Bind, Cursor, Reading, Result, SessionStore, Signal, Stop, StoreError};
use crate::ledger::Seen;
use crate::session::{EpochMillis, Filter, Session, SessionKey, SessionMeta, Standing};

/// A reader of those sessions of a part that a filter chooses.
pub(super) struct Lane {
    store: SessionStore,
    part: Part,
    filter: Filter,
    now: EpochMillis,
    stop: Stop,
    seen: Seen,
    first: bool,
    /// Room for big sessions, of all lanes together.
    big: Arc<Semaphore>,
}

impl Lane {
    pub(super) fn new(
        store: SessionStore,
        part: Part,
        filter: Filter,
        now: EpochMillis,
        stop: Stop,
        big: Arc<Semaphore>,
    ) -> Lane {
        Lane { store, part, filter, now, stop, seen: Seen::default(), first: true, big }
    }

    pub(super) async fn close(self) {
        self.store.close().await;
    }

    /// The state that the table is in.
    ///
    /// # Errors
    /// [`StoreError::Db`].
    pub(super) async fn mark(&mut self) -> Result<Option<Mark>> {
        self.store.mark().await
    }

    /// Runs one pass: the first takes everything, a later one what is new or has changed.
    ///
    /// # Errors
    /// [`StoreError::Db`], [`StoreError::Notes`].
    pub(super) async fn pass(&mut self, out: &Sender<Taken>, deadline: Option<Instant>) -> Result<PassEnd> {
        let mut pass = Pass { count: PassCount::default(), run: Vec::new(), bytes: 0 };
        let cut = if self.first && self.filter.is_empty() {
            self.take_all(&mut pass, out, deadline).await?
        } else {
            self.take_changed(&mut pass, out, deadline).await?
        };
        if let Some(why) = cut {
            return Ok(PassEnd::Cut(pass.count, why));
        }
        let absences = self.seen.end_pass()?;
        self.first = false;
        Ok(PassEnd::Whole(PassCount {
            missing: pass.count.missing + absences.missing,
            gone: absences.gone,
            ..pass.count
        }))
    }

    /// Takes every session, most of them with the page that they stand in.
    async fn take_all(
        &mut self,
        pass: &mut Pass,
        out: &Sender<Taken>,
        deadline: Option<Instant>,
    ) -> Result<Option<PassesEnded>> {
        // Rows that come one by one need no bound together.
        let streams = self.store.dialect().streams;
        let whole_to = |size: PageSize| if streams { BATCH_BYTES } else { size.whole_to };
        let mut cursor = Cursor::of(self.part);
        let mut size = PageSize::first();
        let mut batch = Batch::default();
        while let Some(sql) = self.store.whole_page(&cursor, size.rows, whole_to(size))? {
            let (mut sizes, mut apart, mut last) = (Vec::with_capacity(size.rows), Vec::new(), None);
            let mut page = self.store.whole_sessions(&sql);
            while let Some(met) = page.try_next().await? {
                let (Met::Whole(Session { meta, .. }) | Met::Apart(meta)) = &met;
                let standing = self.seen.meet(meta)?;
                last = Some(meta.key.clone());
                sizes.push(meta.size.unwrap_or(0));
                let session = match met {
                    Met::Whole(session) => session,
                    Met::Apart(meta) => {
                        apart.push((meta, standing));
                        continue;
                    }
                };
                let bytes = session.meta.size.unwrap_or(0);
                if batch.bytes + ROW + bytes > BATCH_BYTES
                    && let Some(why) = send(std::mem::take(&mut batch), false, &self.stop, out).await
                {
                    return Ok(Some(why));
                }
                self.seen.take(&session.meta)?;
                pass.count.new += 1;
                pass.count.bytes += bytes;
                batch.bytes += ROW + bytes;
                batch.sessions.push(session);
            }
            drop(page);
            cursor.pass(last, sizes.len() < size.rows);
            size = PageSize::after(sizes);
            for one in apart {
                if let Some(why) = self.add(one, pass, out, deadline).await? {
                    return Ok(Some(why));
                }
            }
            if let Some(why) = self.hand_on(pass, out).await? {
                return Ok(Some(why));
            }
            if let Some(why) = self.asked_to_end(deadline) {
                send(batch, false, &self.stop, out).await;
                return Ok(Some(why));
            }
        }
        Ok(send(batch, false, &self.stop, out).await)
    }

    /// Takes what is new or has changed, and what a filter chooses.
    async fn take_changed(
        &mut self,
        pass: &mut Pass,
        out: &Sender<Taken>,
        deadline: Option<Instant>,
    ) -> Result<Option<PassesEnded>> {
        let filter = self.filter.clone();
        let reading = Reading { filter: &filter, now: self.now, from: None, limit: None };
        let mut cursor = Cursor::of(self.part);
        while let Some(page) = self.store.next_page(&reading, &mut cursor).await? {
            for session in page {
                let standing = self.seen.meet(&session)?;
                if standing != Standing::Same
                    && let Some(why) = self.add((session, standing), pass, out, deadline).await?
                {
                    return Ok(Some(why));
                }
            }
            if let Some(signal) = self.stop.requested() {
                return Ok(Some(PassesEnded::Signal(signal)));
            }
        }
        self.hand_on(pass, out).await
    }

    /// Adds a session to the run, which is read and handed on first where it is full.
    async fn add(
        &mut self,
        (session, standing): (SessionMeta, Standing),
        pass: &mut Pass,
        out: &Sender<Taken>,
        deadline: Option<Instant>,
    ) -> Result<Option<PassesEnded>> {
        let most_rows = self.store.dialect().max_batch.min(self.store.dialect().max_params - 8);
        let bytes = ROW + session.size.unwrap_or(0);
        let full = pass.bytes + bytes > BATCH_BYTES || pass.run.len() >= most_rows;
        if full && !pass.run.is_empty() {
            if let Some(why) = self.hand_on(pass, out).await? {
                return Ok(Some(why));
            }
            if let Some(why) = self.asked_to_end(deadline) {
                return Ok(Some(why));
            }
        }
        pass.bytes += bytes;
        pass.run.push((session, standing));
        Ok(None)
    }

    fn asked_to_end(&self, deadline: Option<Instant>) -> Option<PassesEnded> {
        match self.stop.requested() {
            Some(signal) => Some(PassesEnded::Signal(signal)),
            None => deadline.filter(|at| Instant::now() >= *at).map(|_| PassesEnded::MaxTime),
        }
    }

    /// Reads the sessions of the run whole and hands them on. One that is absent at this moment, or
    /// no longer matches, is left to the next pass.
    async fn hand_on(&mut self, pass: &mut Pass, out: &Sender<Taken>) -> Result<Option<PassesEnded>> {
        let bytes = std::mem::take(&mut pass.bytes);
        let run = std::mem::take(&mut pass.run);
        if run.is_empty() {
            return Ok(None);
        }
        let room = match self.room(bytes).await {
            Ok(room) => room,
            Err(signal) => return Ok(Some(PassesEnded::Signal(signal))),
        };
        let bind = Bind::new().list("ids", run.iter().map(|(session, _)| session.key.id.as_str()));
        let mut wanted: HashMap<SessionKey, Standing> =
            run.into_iter().map(|(session, standing)| (session.key, standing)).collect();
        let doing = "read sessions";
        let rows = self.store.query(doing, self.store.statements().read_rows, &bind).await?;
        let mut batch = Batch { room, ..Batch::default() };
        for mut row in rows {
            let data = row.bytes(6).map_err(|e| StoreError::db(doing, e))?;
            let meta: SessionMeta = meta(row).map_err(|e| StoreError::db(doing, e))?;
            let Some(standing) = wanted.remove(&meta.key) else { continue };
            if !self.filter.matches(&meta, self.now) {
                continue;
            }
            self.seen.take(&meta)?;
            match standing {
                Standing::New => pass.count.new += 1,
                Standing::Changed | Standing::Same => pass.count.changed += 1,
            }
            pass.count.bytes += meta.size.unwrap_or(0);
            batch.sessions.push(Session { meta, data });
        }
        pass.count.missing += wanted.len() as u64;
        Ok(send(batch, !self.first, &self.stop, out).await)
    }

    /// Waits for the room that a big session takes, or for a signal: whoever takes the one before may
    /// hang in a pipe.
    async fn room(&mut self, bytes: u64) -> std::result::Result<Option<OwnedSemaphorePermit>, Signal> {
        if bytes <= BATCH_BYTES {
            return Ok(None);
        }
        tokio::select! {
            // It is never closed.
            room = Arc::clone(&self.big).acquire_owned() => Ok(room.ok()),
            signal = self.stop.wait() => Err(signal),
        }
    }
}

/// Hands a batch on, of sessions that may have been taken before or not; tells why it could not.
async fn send(
    Batch { sessions, room, .. }: Batch,
    again: bool,
    stop: &Stop,
    out: &Sender<Taken>,
) -> Option<PassesEnded> {
    if sessions.is_empty() {
        return None;
    }
    let mut stop = stop.clone();
    // Whoever takes them may hang in a pipe.
    tokio::select! {
        sent = out.send(Taken { sessions, again, room }) => sent.is_err().then_some(PassesEnded::Refused),
        signal = stop.wait() => Some(PassesEnded::Signal(signal)),
    }
}

/// What is handed on together.
#[derive(Default)]
struct Batch {
    sessions: Vec<Session>,
    bytes: u64,
    room: Option<OwnedSemaphorePermit>,
}

/// A pass under way.
struct Pass {
    count: PassCount,
    /// What is to be read next, in key order.
    run: Vec<(SessionMeta, Standing)>,
    /// What it will take.
    bytes: u64,
}
