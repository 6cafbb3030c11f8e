//! One reader of the passes: a connection, and its range of the table.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use futures_util::TryStreamExt as _;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::Sender;

use crate::engine::{Bind, Stop};
use crate::session::{Digest, EpochMillis, Filter, RowChange, Session, SessionData, SessionKey, SessionMeta};
use crate::spillable_map::SeenSessions;
use crate::store::error::{Result, StoreError};
use crate::store::read::batch_sender::{BatchSender, PendingBatch};
use crate::store::read::digest::{DigestPages, newest};
use crate::store::read::id_ranges::IdRange;
use crate::store::read::page_reader::PageReader;
use crate::store::read::page_size::{PageSize, ROW};
use crate::store::read::pages::{Cursor, ReadRequest, ReadRow, meta};
use crate::store::read::pass::{BATCH_BYTES, InFlightLimits, PassCount, PassEnd, PassesEnded, SessionBatch};
use crate::store::read::read_times::{ReadTimes, Section, wait_until, whole_range};
use crate::store::read::table_version::TableVersion;
use crate::store::session_store::{MAX_LOSSES, SessionStore};

/// Reads the sessions of a range that match a filter.
pub(in crate::store) struct RangeReader {
    store: SessionStore,
    part: IdRange,
    filter: Filter,
    now: EpochMillis,
    stop: Stop,
    seen: SeenSessions,
    first: bool,
    times: ReadTimes,
    /// The range, in the sections in which the next pass reads it.
    sections: Vec<Section>,
    /// Whether passes after the first also compare the data, not only the columns.
    data: bool,
    bounds: InFlightLimits,
    /// Sessions that have several rows. Only their columns are compared: if several rows are equal otherwise, the
    /// server may return the data of any of them.
    with_several_rows: HashSet<SessionKey>,
}

impl RangeReader {
    pub(in crate::store) fn new(
        store: SessionStore,
        part: IdRange,
        filter: Filter,
        now: EpochMillis,
        stop: Stop,
        bounds: InFlightLimits,
    ) -> RangeReader {
        RangeReader {
            store,
            part,
            filter,
            now,
            stop,
            seen: SeenSessions::default(),
            first: true,
            times: ReadTimes::default(),
            sections: whole_range(),
            data: true,
            bounds,
            with_several_rows: HashSet::new(),
        }
    }

    /// Sets whether later passes also compare the data.
    pub(in crate::store) fn compare_data(&mut self, data: bool) {
        self.data = data;
    }

    /// Replaces the stop request.
    pub(in crate::store) fn stop_by(&mut self, stop: Stop) {
        self.stop = stop;
    }

    pub(in crate::store) async fn close(self) {
        self.store.close().await;
    }

    /// As [`SessionStore::require_current`].
    pub(in crate::store) async fn require_current(&mut self) -> Result<bool> {
        self.store.require_current().await
    }

    /// The current version of the table.
    ///
    /// # Errors
    /// [`StoreError::Db`].
    pub(in crate::store) async fn version(&mut self) -> Result<Option<TableVersion>> {
        self.store.version().await
    }

    /// Runs one pass: the first reads everything, a later one what is new or has changed.
    ///
    /// # Errors
    /// [`StoreError::Db`], [`StoreError::Spill`].
    pub(in crate::store) async fn pass(
        &mut self,
        out: &Sender<SessionBatch>,
        deadline: Option<Instant>,
    ) -> Result<PassEnd> {
        self.times = ReadTimes::default();
        let mut pass = PassState { count: PassCount::default(), run: Vec::new(), bytes: 0 };
        let cut = if self.first && self.filter.is_empty() {
            self.take_all(&mut pass, out, deadline).await?
        } else {
            self.take_changed(&mut pass, out, deadline).await?
        };
        if let Some(why) = cut {
            return Ok(PassEnd::Interrupted(pass.count, why));
        }
        self.sections = self.times.end_pass(Instant::now());
        let absences = self.seen.end_pass()?;
        self.first = false;
        Ok(PassEnd::Complete(PassCount {
            missing: pass.count.missing + absences.missing,
            gone: absences.gone,
            ..pass.count
        }))
    }

    /// Reads every session, most of them together with their page.
    async fn take_all(
        &mut self,
        pass: &mut PassState,
        out: &Sender<SessionBatch>,
        deadline: Option<Instant>,
    ) -> Result<Option<PassesEnded>> {
        // If rows arrive one by one, their total needs no limit.
        let streams = self.store.dialect().streams;
        let whole_to = |size: PageSize| if streams { BATCH_BYTES } else { size.whole_to };
        let mut cursor = Cursor::of(self.part);
        let mut size = PageSize::first();
        let mut batch = PendingBatch::default();
        let mut outlet = self.outlet(out);
        let mut losses = 0;
        let keyless = self.store.may_have_duplicates();
        while let Some(sql) = self.store.whole_page(&cursor, size.rows, whole_to(size))? {
            let (mut sizes, mut apart, mut last) = (Vec::with_capacity(size.rows), Vec::new(), None);
            let mut page = self.store.whole_sessions(&sql);
            let mut broken = false;
            loop {
                let met = match page.try_next().await {
                    Ok(Some(met)) => met,
                    Ok(None) => break,
                    // The next page begins after the last session that arrived.
                    Err(error) if error.is_broken() && losses < MAX_LOSSES => {
                        broken = true;
                        break;
                    }
                    Err(error) => return Err(error),
                };
                let (ReadRow::Whole(Session { meta, .. }) | ReadRow::Apart(meta)) = &met;
                sizes.push(meta.size.unwrap_or(0));
                if keyless && last.as_ref() == Some(&meta.key) {
                    self.with_several_rows.insert(meta.key.clone());
                    continue;
                }
                let change = self.seen.observe(meta)?;
                last = Some(meta.key.clone());
                let session = match met {
                    ReadRow::Whole(session) => session,
                    ReadRow::Apart(meta) => {
                        apart.push((meta, change));
                        continue;
                    }
                };
                let bytes = session.meta.size.unwrap_or(0);
                if batch.bytes + ROW + bytes > BATCH_BYTES
                    && let Some(why) = outlet.send(std::mem::take(&mut batch)).await
                {
                    return Ok(Some(why));
                }
                self.seen.take_digest(&Digest::of(&session))?;
                pass.count.new += 1;
                pass.count.bytes += bytes;
                batch.bytes += ROW + bytes;
                batch.sessions.push(session);
            }
            drop(page);
            losses = if broken && last.is_none() { losses + 1 } else { 0 };
            if let Some(last) = &last {
                self.times.passed(&last.id, Instant::now());
            }
            if !broken {
                cursor.pass(last, sizes.len() < size.rows);
                size = PageSize::after(sizes);
            } else if last.is_some() {
                cursor.pass(last, false);
            }
            for one in apart {
                if let Some(why) = self.add(one, pass, out, deadline).await? {
                    return Ok(Some(why));
                }
            }
            if let Some(why) = self.send_run(pass, out).await? {
                return Ok(Some(why));
            }
            if let Some(why) = self.asked_to_end(deadline).filter(|_| !cursor.is_done()) {
                outlet.send(batch).await;
                return Ok(Some(why));
            }
        }
        Ok(outlet.send(batch).await)
    }

    /// Reads the sessions that are new or have changed and match the filter.
    async fn take_changed(
        &mut self,
        pass: &mut PassState,
        out: &Sender<SessionBatch>,
        deadline: Option<Instant>,
    ) -> Result<Option<PassesEnded>> {
        let filter = self.filter.clone();
        let reading = ReadRequest { filter: &filter, now: self.now, from: None, limit: None };
        let mut pages = if self.first || !self.data {
            PageReader::Columns(Cursor::of(self.part))
        } else {
            PageReader::Digests(DigestPages::of(self.part))
        };
        let mut sections = std::mem::replace(&mut self.sections, whole_range()).into_iter().peekable();
        while let Some(Section { before, from }) = sections.next() {
            if let Some(signal) = wait_until(from, &mut self.stop).await {
                return Ok(Some(PassesEnded::Signal(signal)));
            }
            pages.continue_before(before);
            while let Some((changed, last)) = self.next_changes(&mut pages, &reading).await? {
                for (change, session) in changed {
                    if change != RowChange::Same
                        && let Some(why) = self.add((session, change), pass, out, deadline).await?
                    {
                        return Ok(Some(why));
                    }
                }
                if let Some(id) = last {
                    self.times.passed(&id, Instant::now());
                }
                let is_last = sections.peek().is_none() && pages.is_done();
                if let Some(why) = self.asked_to_end(deadline).filter(|_| !is_last) {
                    return Ok(Some(why));
                }
            }
        }
        self.send_run(pass, out).await
    }

    /// How the sessions of the next page compare with what has been seen, and the last id; `None` at the end.
    async fn next_changes(&mut self, pages: &mut PageReader, reading: &ReadRequest<'_>) -> Result<Option<PageChanges>> {
        let keyless = self.store.may_have_duplicates();
        let mut changed = Vec::new();
        let last;
        match pages {
            PageReader::Columns(cursor) => {
                let Some(mut page) = self.store.next_page(reading, cursor).await? else { return Ok(None) };
                if keyless {
                    page = newest(page, |session| session);
                }
                last = cursor.last_id().map(str::to_owned);
                for session in page {
                    changed.push((self.seen.observe(&session)?, session));
                }
            }
            PageReader::Digests(digests) => {
                let Some(page) = digests.next(&mut self.store, reading).await? else { return Ok(None) };
                self.with_several_rows.extend(digests.with_several_rows.drain(..));
                last = digests.last_id().map(str::to_owned);
                for digest in page {
                    let change = if keyless && self.with_several_rows.contains(&digest.meta.key) {
                        self.seen.observe(&digest.meta)?
                    } else {
                        self.seen.observe_digest(&digest)?
                    };
                    changed.push((change, digest.meta));
                }
            }
        }
        Ok(Some((changed, last)))
    }

    /// Adds a session to the run; if the run is full, it is read and sent first.
    async fn add(
        &mut self,
        (session, change): (SessionMeta, RowChange),
        pass: &mut PassState,
        out: &Sender<SessionBatch>,
        deadline: Option<Instant>,
    ) -> Result<Option<PassesEnded>> {
        let most_rows = self.store.dialect().max_batch.min(self.store.dialect().max_params - 8);
        let bytes = ROW + session.size.unwrap_or(0);
        let full = pass.bytes + bytes > BATCH_BYTES || pass.run.len() >= most_rows;
        if full && !pass.run.is_empty() {
            if let Some(why) = self.send_run(pass, out).await? {
                return Ok(Some(why));
            }
            if let Some(why) = self.asked_to_end(deadline) {
                return Ok(Some(why));
            }
        }
        pass.bytes += bytes;
        pass.run.push((session, change));
        Ok(None)
    }

    fn asked_to_end(&self, deadline: Option<Instant>) -> Option<PassesEnded> {
        match self.stop.requested() {
            Some(signal) => Some(PassesEnded::Signal(signal)),
            None => deadline.filter(|at| Instant::now() >= *at).map(|_| PassesEnded::MaxTime),
        }
    }

    /// Reads the sessions of the run completely and sends them. A session that is absent at this moment, or no longer
    /// matches, is left to the next pass.
    async fn send_run(&mut self, pass: &mut PassState, out: &Sender<SessionBatch>) -> Result<Option<PassesEnded>> {
        let bytes = std::mem::take(&mut pass.bytes);
        let run = std::mem::take(&mut pass.run);
        if run.is_empty() {
            return Ok(None);
        }
        let room = match self.reserve(bytes).await {
            Ok(room) => room,
            Err(ended) => return Ok(Some(ended)),
        };
        let bind = Bind::new().list("ids", run.iter().map(|(session, _)| session.key.id.as_str()));
        let mut wanted: HashMap<SessionKey, RowChange> =
            run.into_iter().map(|(session, change)| (session.key, change)).collect();
        let doing = "read sessions";
        let rows = self.store.query(doing, self.store.statements().read_rows, &bind).await?;
        let mut batch = PendingBatch { room, ..PendingBatch::default() };
        let mut sessions = Vec::with_capacity(rows.len());
        for mut row in rows {
            let data = row.bytes(6).map_err(|e| StoreError::db(doing, e))?;
            let meta: SessionMeta = meta(row).map_err(|e| StoreError::db(doing, e))?;
            sessions.push(Session { meta, data: data.map(SessionData::from) });
        }
        if self.store.may_have_duplicates() {
            sessions = newest(sessions, |session| &session.meta);
        }
        for Session { meta, data } in sessions {
            let Some(change) = wanted.remove(&meta.key) else { continue };
            if !self.filter.matches(&meta, self.now) {
                continue;
            }
            match change {
                RowChange::New => pass.count.new += 1,
                RowChange::Changed | RowChange::Same => pass.count.changed += 1,
            }
            pass.count.bytes += meta.size.unwrap_or(0);
            let session = Session { meta, data };
            self.seen.take_digest(&Digest::of(&session))?;
            batch.sessions.push(session);
        }
        pass.count.missing += wanted.len() as u64;
        if !wanted.is_empty() {
            // They were looked for later than their page was read.
            self.times = ReadTimes::default();
        }
        Ok(self.outlet(out).send(batch).await)
    }

    fn outlet<'a>(&self, out: &'a Sender<SessionBatch>) -> BatchSender<'a> {
        BatchSender { again: !self.first, in_hand: Arc::clone(&self.bounds.in_hand), stop: self.stop.clone(), out }
    }

    /// Waits for a permit for a large session, or for a request to stop: the receiver of the previous one may be
    /// blocked on a pipe.
    async fn reserve(&mut self, bytes: u64) -> std::result::Result<Option<OwnedSemaphorePermit>, PassesEnded> {
        if bytes <= BATCH_BYTES {
            return Ok(None);
        }
        tokio::select! {
            // The semaphore is never closed.
            room = Arc::clone(&self.bounds.big).acquire_owned() => Ok(room.ok()),
            cause = self.stop.wait_or_deadline() => Err(cause.into()),
        }
    }
}

/// The sessions of a page, and the last id.
type PageChanges = (Vec<(RowChange, SessionMeta)>, Option<String>);

/// State of a pass in progress.
struct PassState {
    count: PassCount,
    /// Sessions to read next, in key order.
    run: Vec<(SessionMeta, RowChange)>,
    /// Their size.
    bytes: u64,
}
