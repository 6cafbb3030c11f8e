//! Reads the digests of sessions. The server computes the hashes if it can, so that the data are not transferred.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use futures_util::TryStreamExt as _;
use tokio::sync::mpsc;

use crate::engine::{Bind, DbError, Row};
use crate::session::{Digest, EpochMillis, Filter, Session, SessionData, SessionKey, SessionMeta};
use crate::store::catalog::table_structure::Key;
use crate::store::error::{Result, StoreError};
use crate::store::read::id_ranges::IdRange;
use crate::store::read::page_size::PageSize;
use crate::store::read::pages::{Cursor, ReadRequest, ReadRow, meta};
use crate::store::read::pass::BATCH_BYTES;
use crate::store::session_store::SessionStore;

/// Maximum number of digests per page, about 250 bytes each; at most three pages wait.
const PAGE: usize = 2_000;
/// Minimum number, for sessions so large that hashing more takes the server a long time.
const MIN_PAGE: usize = 20;
/// Target time for a page on the server.
const PAGE_TIME: Duration = Duration::from_millis(500);
/// Size of a condensed session, in bytes.
const CONDENSED_BYTES: u64 = 40;
/// Keys per lookup.
const KEYS: usize = 500;
const READING_DIGESTS: &str = "read digests of sessions";

impl SessionStore {
    /// Tells whether a session may have several rows, because the table has no unique key.
    pub(in crate::store) fn may_have_duplicates(&self) -> bool {
        self.shape.key(&self.names) == Key::None
    }

    /// Number of surplus rows of sessions that have several rows.
    ///
    /// # Errors
    /// [`StoreError::Db`].
    pub async fn duplicates(&mut self) -> Result<u64> {
        if !self.may_have_duplicates() {
            return Ok(0);
        }
        let doing = "count the duplicates";
        let mut rows = self.query(doing, self.statements().duplicates, &Bind::new()).await?;
        let count = rows.first_mut().map(|row| row.int(0)).transpose().map_err(|e| StoreError::db(doing, e))?;
        Ok(count.flatten().and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
    }

    /// Tells whether the server computes the hashes. SQL Server cannot hash IMAGE columns (error 8116).
    pub fn hashes_on_server(&self) -> bool {
        let of_image = self.shape.column(&self.names.data).is_some_and(|column| column.data_type == "image");
        self.statements().digests.is_statement() && !of_image
    }

    /// The digests of those of `keys` that exist, in no particular order.
    pub async fn digests_of(&mut self, keys: &[SessionKey]) -> Result<Vec<Digest>> {
        let mut found = Vec::with_capacity(keys.len());
        for keys in keys.chunks(self.keys_per_query()) {
            if self.hashes_on_server() {
                // Several applications may have the same id, and under a case-insensitive collation the server also
                // finds similar ids.
                let bind = Bind::new()
                    .list("ids", self.possible_ids(keys))
                    .set("limit", i64::from(i32::MAX))
                    .flag("app_in_key", self.shape.app_in_key(&self.names));
                let all = self.hashed(&bind).await?;
                let asked: HashSet<&SessionKey> = keys.iter().collect();
                found.extend(all.into_iter().filter(|digest| asked.contains(&digest.meta.key)));
            } else {
                // The sizes are unknown, so one session is in memory at a time.
                for key in keys {
                    found.extend(self.get(key).await?.map(|session| digest_of(session, self.condensed)));
                }
            }
        }
        Ok(if self.may_have_duplicates() { newest(found, |digest| &digest.meta) } else { found })
    }

    /// Reads complete sessions by key, in no particular order; missing ones are omitted. The caller limits the bytes.
    pub async fn sessions_of(&mut self, keys: &[SessionKey]) -> Result<Vec<Session>> {
        let found = self.every_row_of(keys).await?;
        Ok(if self.may_have_duplicates() { newest(found, |session| &session.meta) } else { found })
    }

    /// The same with every row of a session, if the table has no unique key.
    pub(in crate::store) async fn every_row_of(&mut self, keys: &[SessionKey]) -> Result<Vec<Session>> {
        let doing = "read sessions";
        let mut found = Vec::with_capacity(keys.len());
        for keys in keys.chunks(self.keys_per_query()) {
            let bind = Bind::new().list("ids", self.possible_ids(keys));
            for mut row in self.query(doing, self.statements().read_rows, &bind).await? {
                let data = row.bytes(6).map_err(|e| StoreError::db(doing, e))?;
                let meta = meta(row).map_err(|e| StoreError::db(doing, e))?;
                if keys.contains(&meta.key) {
                    found.push(Session { meta, data: data.map(SessionData::from) });
                }
            }
        }
        Ok(found)
    }

    /// Number of sessions whose row is exactly in one of these states: columns, and SHA-256 of the data.
    pub(in crate::store) async fn count_in_states(&mut self, states: &[Digest]) -> Result<u64> {
        let keys: Vec<SessionKey> = states.iter().map(|state| state.meta.key.clone()).collect();
        let found: HashMap<SessionKey, Digest> =
            self.digests_of(&keys).await?.into_iter().map(|digest| (digest.meta.key.clone(), digest)).collect();
        Ok(states.iter().filter(|state| found.get(&state.meta.key) == Some(state)).count() as u64)
    }

    /// Treats the sessions of this store as [`condensed`] from now on.
    #[must_use]
    pub fn with_condensed_data(self) -> SessionStore {
        SessionStore { condensed: true, ..self }
    }

    /// The ids of keys that a row may have here.
    fn possible_ids<'a>(&'a self, keys: &'a [SessionKey]) -> impl Iterator<Item = &'a str> {
        keys.iter().map(|key| key.id.as_str()).filter(|id| self.can_hold(id))
    }

    /// Number of keys per lookup.
    pub(in crate::store) fn keys_per_query(&self) -> usize {
        KEYS.min(self.dialect().max_batch).min(self.dialect().max_params - 8)
    }

    async fn hashed(&mut self, bind: &Bind) -> Result<Vec<Digest>> {
        let rows = self.query(READING_DIGESTS, self.statements().digests, bind).await?;
        rows.into_iter()
            .map(digest)
            .collect::<std::result::Result<_, _>>()
            .map_err(|e| StoreError::db(READING_DIGESTS, e))
    }
}

/// The newest row of each session, in the order of the keys.
pub(in crate::store) fn newest<T>(mut rows: Vec<T>, meta: impl Fn(&T) -> &SessionMeta) -> Vec<T> {
    rows.sort_by(|a, b| {
        let (a, b) = (meta(a), meta(b));
        a.key.cmp(&b.key).then_with(|| b.row_age().cmp(&a.row_age()))
    });
    rows.dedup_by(|later, first| meta(later).key == meta(first).key);
    rows
}

fn digest(mut row: Row) -> std::result::Result<Digest, DbError> {
    let hash = row.bytes(6)?;
    let length = |hash: &[u8]| DbError::other(format!("a SHA-256 of the server's has {} bytes", hash.len()));
    let sha256 = hash.map(|hash| hash[..].try_into().map_err(|_| length(&hash))).transpose()?;
    Ok(Digest { meta: meta(row)?, sha256 })
}

/// The digests of a whole table, page by page; the next page is read while earlier ones are compared.
pub(in crate::store) struct Digests {
    pages: mpsc::Receiver<Result<Vec<Digest>>>,
}

impl Digests {
    /// Starts reading with its own connection.
    pub(in crate::store) fn of(mut reader: SessionStore) -> Digests {
        let (sender, pages) = mpsc::channel(1);
        tokio::spawn(async move {
            let all = Filter::default();
            // The filter does not depend on the time.
            let reading = ReadRequest { filter: &all, now: EpochMillis(0), from: None, limit: None };
            let mut digests = DigestPages::of((None, None));
            while let Some(page) = digests.next(&mut reader, &reading).await.transpose() {
                let failed = page.is_err();
                // If the receiver is gone, nobody needs the error.
                if sender.send(page).await.is_err() || failed {
                    break;
                }
            }
            reader.close().await;
        });
        Digests { pages }
    }

    /// The next page; `None` at the end.
    pub(in crate::store) async fn next(&mut self) -> Option<Result<Vec<Digest>>> {
        self.pages.recv().await
    }
}

/// Reads the digests of the sessions that match a filter, in the server's key order. The size of a page is chosen so
/// that it should take neither too long nor too much memory, judging by the previous pages.
pub(in crate::store) struct DigestPages {
    cursor: Cursor,
    /// Number of sessions on the next page, if the server computes the hashes.
    rows: usize,
    /// Size of the next page, if the data are read.
    size: PageSize,
    /// Sessions of the last page that have several rows.
    pub(in crate::store) with_several_rows: Vec<SessionKey>,
}

impl DigestPages {
    /// The pages of a range of the table.
    pub(in crate::store) fn of(part: IdRange) -> DigestPages {
        DigestPages {
            cursor: Cursor::of(part),
            rows: MIN_PAGE * 10,
            size: PageSize::first(),
            with_several_rows: Vec::new(),
        }
    }

    /// As [`Cursor::last_id`].
    pub(in crate::store) fn last_id(&self) -> Option<&str> {
        self.cursor.last_id()
    }

    /// As [`Cursor::continue_before`].
    pub(in crate::store) fn continue_before(&mut self, before: Option<String>) {
        self.cursor.continue_before(before);
    }

    /// The next page, which may be empty; `None` at the end.
    ///
    /// # Errors
    /// [`StoreError::Db`].
    pub(in crate::store) async fn next(
        &mut self,
        store: &mut SessionStore,
        reading: &ReadRequest<'_>,
    ) -> Result<Option<Vec<Digest>>> {
        if self.cursor.is_done() {
            return Ok(None);
        }
        let mut page = if store.hashes_on_server() {
            self.by_server(store, reading).await
        } else {
            self.by_client(store, reading).await
        }?;
        self.with_several_rows.clear();
        if store.may_have_duplicates() {
            page.dedup_by(|later, first| {
                let same = later.meta.key == first.meta.key;
                if same {
                    self.with_several_rows.push(first.meta.key.clone());
                }
                same
            });
        }
        page.retain(|digest| reading.filter.matches(&digest.meta, reading.now));
        Ok(Some(page))
    }

    async fn by_server(&mut self, store: &mut SessionStore, reading: &ReadRequest<'_>) -> Result<Vec<Digest>> {
        let begun = Instant::now();
        let page = store.hashed(&store.page_bind(reading, &self.cursor, self.rows)).await?;
        self.cursor.pass(page.last().map(|digest| digest.meta.key.clone()), page.len() < self.rows);
        self.rows = if begun.elapsed() > PAGE_TIME { (self.rows / 2).max(MIN_PAGE) } else { (self.rows * 2).min(PAGE) };
        Ok(page)
    }

    async fn by_client(&mut self, store: &mut SessionStore, reading: &ReadRequest<'_>) -> Result<Vec<Digest>> {
        let Some(sql) = store.whole_page_of(reading, &self.cursor, self.size.rows, self.size.whole_to)? else {
            return Ok(Vec::new());
        };
        let (mut page, mut apart, mut sizes, mut last) = (Vec::new(), Vec::new(), Vec::new(), None);
        let condensed = store.condensed;
        let mut rows = store.whole_sessions(&sql);
        while let Some(met) = rows.try_next().await? {
            let (ReadRow::Whole(Session { meta, .. }) | ReadRow::Apart(meta)) = &met;
            last = Some(meta.key.clone());
            sizes.push(meta.size.unwrap_or(0));
            match met {
                ReadRow::Whole(session) => page.push(digest_of(session, condensed)),
                ReadRow::Apart(meta) => apart.push(meta.key),
            }
        }
        drop(rows);
        self.cursor.pass(last, sizes.len() < self.size.rows);
        self.size = PageSize::after(sizes);
        // One session in memory at a time.
        for key in apart {
            page.extend(store.get(&key).await?.map(|session| digest_of(session, condensed)));
        }
        page.sort_by(|a, b| a.meta.key.cmp(&b.meta.key));
        Ok(page)
    }
}

/// The digest of a session, which may be [`condensed`].
fn digest_of(mut session: Session, condensed: bool) -> Digest {
    if !condensed {
        return Digest::of(&session);
    }
    let (sha256, size) = match session.data.as_deref().and_then(|data| data.split_first_chunk::<32>()) {
        Some((sha256, size)) => (Some(*sha256), size.try_into().ok().map(u64::from_be_bytes)),
        None => (None, None),
    };
    session.meta.size = size;
    Digest { meta: session.meta, sha256 }
}

/// The session with SHA-256 and size of its data instead of the data, for a table that is only compared.
pub fn condensed(session: &Session) -> Session {
    let digest = Digest::of(session);
    let data = digest.sha256.map(|sha256| {
        let size = digest.meta.size.unwrap_or_default().to_be_bytes();
        [&sha256[..], &size].concat().into()
    });
    let size = data.is_some().then_some(CONDENSED_BYTES);
    Session { meta: SessionMeta { size, ..digest.meta }, data }
}

/// How many sessions, from the first on, fit into the memory limit; at least one.
pub fn rows_within_batch(metas: &[SessionMeta]) -> usize {
    let mut bytes = 0;
    let fits = metas.iter().take(KEYS).take_while(|meta| {
        bytes += meta.size.unwrap_or(0);
        bytes <= BATCH_BYTES
    });
    fits.count().max(1)
}
