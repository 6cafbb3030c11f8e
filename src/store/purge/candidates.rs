//! Finds the candidates of a purge on a second connection, ahead of the connection that deletes them.
//!
//! A candidate was read without a lock. Its row is checked again under a lock before it is deleted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::mpsc;

use crate::engine::Bind;
use crate::session::{EpochMillis, Filter, SessionKey, SessionMeta};
use crate::store::error::{Result, StoreError};
use crate::store::read::pages::{Cursor, ReadRequest};
use crate::store::session_store::SessionStore;

/// Maximum number of keys per page of candidates. Pages are small, and only one waits, so that the search stays close
/// to the deletion: the parts of the table that it read are still in the server's memory when the rows are deleted.
const PAGE: usize = 2_000;

/// Number of keys from the expiry index that are sorted into key order together. In expiry order they are scattered
/// over the table, and a server that cannot cache the table would read a page for each row. About 80 bytes per key.
const SORTED_KEYS: usize = 100_000;

/// How expired sessions are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpiryRoute {
    /// One scan of the table in key order: the only way without an expiry index, as in the published table, and the
    /// fastest way if a large part of the table is expired.
    Scan,
    /// By the expiry index, one application after another. The cost depends only on the number of expired sessions.
    Index,
}

/// The table is scanned if one in this many sessions is expired. A page of InnoDB holds about as many sessions, so that
/// fetching the expired ones one by one would read nearly every page, and without read-ahead.
const SCAN_RATIO: u64 = 8;

impl ExpiryRoute {
    /// Chooses the index if the table has one, unless a large part of the table is expired according to the index and
    /// the server's estimate of the number of rows.
    ///
    /// # Errors
    /// [`StoreError::Db`].
    pub async fn choose(store: &mut SessionStore, cutoff: EpochMillis, apps: Option<&[String]>) -> Result<ExpiryRoute> {
        if !store.shape.has_expiry_index(&store.names, store.dialect()) {
            return Ok(ExpiryRoute::Scan);
        }
        let rows = store.shape.rows.and_then(|rows| u64::try_from(rows).ok());
        if rows.is_none() {
            // Without an estimate, counting would not change the choice.
            return Ok(ExpiryRoute::Index);
        }
        let mut walk = ExpiryIndexScan::new(store, Expiry::at(cutoff), apps).await?;
        let mut expired = 0;
        while let Some(page) = walk.next(store).await? {
            expired += page.len() as u64;
            if is_large_part(expired, rows) {
                return Ok(ExpiryRoute::Scan);
            }
        }
        Ok(ExpiryRoute::Index)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            ExpiryRoute::Scan => "scan",
            ExpiryRoute::Index => "index",
        }
    }
}

/// The time before which a session must have expired.
#[derive(Debug, Clone, Copy)]
pub struct Expiry {
    pub cutoff: EpochMillis,
    /// Sessions that expired between `cutoff` and this time are counted, but are no candidates.
    pub now: EpochMillis,
}

impl Expiry {
    /// Without a grace period.
    pub fn at(cutoff: EpochMillis) -> Expiry {
        Expiry { cutoff, now: cutoff }
    }

    /// The parameters of the statements that find expired sessions.
    fn bind(self) -> Bind {
        let grace_begins = (self.cutoff < self.now).then_some(self.cutoff.0);
        Bind::new().set("cutoff", self.now.0).set_if("grace_begins", grace_begins)
    }
}

/// Pages of candidates, found while earlier ones are being deleted.
pub struct Candidates {
    pages: mpsc::Receiver<Result<Vec<SessionKey>>>,
    in_grace: Arc<AtomicU64>,
}

impl Candidates {
    /// Starts a search for expired sessions, in `apps` or in all applications.
    pub fn expired(reader: SessionStore, route: ExpiryRoute, expiry: Expiry, apps: Option<Vec<String>>) -> Candidates {
        let (sender, pages) = mpsc::channel(1);
        let in_grace = Arc::<AtomicU64>::default();
        let mut search = CandidateSearch { reader, sender, in_grace: Arc::clone(&in_grace) };
        tokio::spawn(async move {
            let found = match route {
                ExpiryRoute::Scan => search.scan(expiry, apps).await,
                ExpiryRoute::Index => search.by_index(expiry, apps).await,
            };
            search.end(found).await;
        });
        Candidates { pages, in_grace }
    }

    /// Expired sessions found so far that are no candidates because they expired within the grace period.
    pub fn in_grace(&self) -> u64 {
        self.in_grace.load(Ordering::Relaxed)
    }

    /// Starts a search for sessions that match `filter` at `now`.
    pub fn matching(reader: SessionStore, filter: Filter, now: EpochMillis) -> Candidates {
        Candidates::selected(reader, filter, now, |_| true)
    }

    /// Starts a search for sessions that match `filter` at `now` and for which `wanted` returns true.
    pub fn selected(
        reader: SessionStore,
        filter: Filter,
        now: EpochMillis,
        wanted: impl Fn(&SessionMeta) -> bool + Send + Sync + 'static,
    ) -> Candidates {
        let (sender, pages) = mpsc::channel(1);
        tokio::spawn(async move {
            let mut search = CandidateSearch { reader, sender, in_grace: Arc::default() };
            let found = search.matching(&filter, now, &wanted).await;
            search.end(found).await;
        });
        Candidates::of(pages)
    }

    /// Candidates from another search.
    pub fn of(pages: mpsc::Receiver<Result<Vec<SessionKey>>>) -> Candidates {
        Candidates { pages, in_grace: Arc::default() }
    }

    /// Candidates whose keys are already known.
    pub fn named(mut keys: Vec<SessionKey>) -> Candidates {
        keys.sort();
        keys.dedup();
        let (sender, pages) = mpsc::channel(1);
        // The channel has room for one page.
        let _ = sender.try_send(Ok(keys));
        Candidates::of(pages)
    }

    /// The next page; `None` after the last one.
    pub async fn next(&mut self) -> Option<Result<Vec<SessionKey>>> {
        self.pages.recv().await
    }
}

struct CandidateSearch {
    reader: SessionStore,
    sender: mpsc::Sender<Result<Vec<SessionKey>>>,
    in_grace: Arc<AtomicU64>,
}

impl CandidateSearch {
    async fn scan(&mut self, expiry: Expiry, apps: Option<Vec<String>>) -> Result<()> {
        let mut after: Option<SessionKey> = None;
        let one_app = apps.as_ref().is_some_and(|apps| apps.len() == 1);
        loop {
            let bind = expiry
                .bind()
                .set_if("after_id", after.as_ref().map(|key| key.id.as_str()))
                .set("after_app", after.as_ref().and_then(|key| key.app.clone()))
                .flag("app_in_key", !one_app && self.reader.shape.app_in_key(&self.reader.names))
                .flag("app_in_id_order", one_app && self.reader.shape.app_in_id_order(&self.reader.names))
                .list_if("apps", apps.clone())
                .set("limit", PAGE as i64);
            let template = self.reader.statements().expired_page;
            let found = page(&mut self.reader, template, false, &bind).await?;
            after = found.last().map(|row| row.key.clone());
            let (last, all) = (found.len() < PAGE, found.len());
            let keys: Vec<SessionKey> = found.into_iter().filter(|row| !row.in_grace).map(|row| row.key).collect();
            self.in_grace.fetch_add((all - keys.len()) as u64, Ordering::Relaxed);
            if self.sender.send(Ok(keys)).await.is_err() || last {
                return Ok(());
            }
        }
    }

    async fn matching(
        &mut self,
        filter: &Filter,
        now: EpochMillis,
        wanted: &(dyn Fn(&SessionMeta) -> bool + Send + Sync),
    ) -> Result<()> {
        let reading = ReadRequest { filter, now, from: None, limit: None };
        let mut cursor = Cursor::default();
        while let Some(page) = self.reader.next_page(&reading, &mut cursor).await? {
            let keys = page.into_iter().filter(wanted).map(|session| session.key).collect();
            if self.sender.send(Ok(keys)).await.is_err() {
                break;
            }
        }
        Ok(())
    }

    async fn by_index(&mut self, expiry: Expiry, apps: Option<Vec<String>>) -> Result<()> {
        let mut walk = ExpiryIndexScan::new(&mut self.reader, expiry, apps.as_deref()).await?;
        let mut run = Vec::new();
        while let Some(page) = walk.next(&mut self.reader).await? {
            let all = page.len();
            let before = run.len();
            run.extend(page.into_iter().filter(|found| !found.in_grace).map(|found| (found.id, found.app)));
            self.in_grace.fetch_add((all + before - run.len()) as u64, Ordering::Relaxed);
            if run.len() >= SORTED_KEYS && !self.send_run(&mut run, &walk.apps).await {
                return Ok(());
            }
        }
        self.send_run(&mut run, &walk.apps).await;
        Ok(())
    }

    /// Sends the ids in `run`, which have the positions of their applications in `apps`, in key order, and empties it.
    /// Returns `false` if there is no receiver any more.
    async fn send_run(&mut self, run: &mut Vec<(String, usize)>, apps: &[String]) -> bool {
        run.sort_unstable();
        let mut keys = run.drain(..).map(|(id, nth)| SessionKey { id, app: Some(apps[nth].clone()) });
        loop {
            let page: Vec<SessionKey> = keys.by_ref().take(PAGE).collect();
            if page.is_empty() {
                return true;
            }
            if self.sender.send(Ok(page)).await.is_err() {
                return false;
            }
        }
    }

    async fn end(self, found: Result<()>) {
        if let Err(error) = found {
            let _ = self.sender.send(Err(error)).await;
        }
        self.reader.close().await;
    }
}

/// Reads the expiry index page by page, one application after another.
struct ExpiryIndexScan {
    apps: Vec<String>,
    expiry: Expiry,
    /// Position of the current application in `apps`.
    nth: usize,
    after: Option<(SessionKey, i64)>,
}

impl ExpiryIndexScan {
    async fn new(store: &mut SessionStore, expiry: Expiry, apps: Option<&[String]>) -> Result<ExpiryIndexScan> {
        let apps = match apps {
            Some(apps) => apps.to_vec(),
            None => store.apps().await?.into_iter().flatten().collect(),
        };
        Ok(ExpiryIndexScan { apps, expiry, nth: 0, after: None })
    }

    /// The next page; `None` after the last one.
    async fn next(&mut self, store: &mut SessionStore) -> Result<Option<Vec<IndexPosition>>> {
        let Some(app) = self.apps.get(self.nth) else { return Ok(None) };
        let bind = self
            .expiry
            .bind()
            .set("app", app.as_str())
            .set_if("after_id", self.after.as_ref().map(|(key, _)| key.id.as_str()))
            .set_if("after_expiry", self.after.as_ref().map(|(_, expiry)| *expiry))
            .set("limit", PAGE as i64);
        let template = store.statements().expired_page_by_index;
        let found = page(store, template, true, &bind).await?;
        let nth = self.nth;
        self.after = found.last().map(|row| (row.key.clone(), row.order));
        if found.len() < PAGE {
            (self.nth, self.after) = (nth + 1, None);
        }
        Ok(Some(
            found.into_iter().map(|row| IndexPosition { id: row.key.id, app: nth, in_grace: row.in_grace }).collect(),
        ))
    }
}

/// An expired session that was found in the index.
struct IndexPosition {
    id: String,
    /// Position of its application in [`ExpiryIndexScan::apps`].
    app: usize,
    in_grace: bool,
}

/// A row of a page of expired sessions.
struct ExpiredRow {
    key: SessionKey,
    /// Value of the index column by which the page is ordered; 0 without the index.
    order: i64,
    in_grace: bool,
}

/// `by_index` tells which of the two statements `template` is: their columns differ.
async fn page(
    store: &mut SessionStore,
    template: crate::engine::Template,
    by_index: bool,
    bind: &Bind,
) -> Result<Vec<ExpiredRow>> {
    let doing = "look for expired sessions";
    let grace = if by_index { 3 } else { 2 };
    let rows = store.query(doing, template, bind).await?;
    let key = |mut row: crate::engine::Row| {
        let key = SessionKey { id: row.text(0)?.unwrap_or_default(), app: row.text(1)? };
        let order = if by_index { row.int(2)?.unwrap_or_default() } else { 0 };
        let in_grace = row.0.len() > grace && row.int(grace)?.unwrap_or_default() != 0;
        Ok(ExpiredRow { key, order, in_grace })
    };
    rows.into_iter().map(key).collect::<std::result::Result<_, _>>().map_err(|e| StoreError::db(doing, e))
}

/// Tells whether `expired` is so large a part of a table of about `rows` rows that a scan is faster.
fn is_large_part(expired: u64, rows: Option<u64>) -> bool {
    // An estimate below the number of expired sessions is out of date.
    expired > PAGE as u64 && rows.is_some_and(|rows| rows >= expired && expired >= rows / SCAN_RATIO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_part_is_an_eighth_of_a_table_of_known_size() {
        assert!(is_large_part(10_000, Some(80_000)));
        assert!(!is_large_part(9_999, Some(80_000)));
        assert!(!is_large_part(10_000, None));
        assert!(!is_large_part(10_000, Some(9_000)), "an estimate out of date");
        assert!(!is_large_part(500, Some(1_000)), "a small table");
    }
}
