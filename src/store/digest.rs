//! Reads digests of sessions: hashed by the server where it can, so that the data stays there, and
//! here where it cannot.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::read::meta;
use super::{BATCH_BYTES, Bind, Cursor, DbError, Reading, Result, SessionStore, StoreError};
use crate::engine::Row;
use crate::session::{Digest, EpochMillis, Filter, Session, SessionKey, SessionMeta};

/// The most digests a page; some 250 bytes each, and three pages wait at most.
const PAGE: usize = 2_000;
/// The fewest, where sessions are so big that hashing more takes the server long.
const LEAST: usize = 20;
/// What a page should take the server.
const PAGE_TIME: Duration = Duration::from_millis(500);
/// Keys a look-up.
const KEYS: usize = 500;

impl SessionStore {
    /// Tells whether the server computes the hashes.
    pub fn hashes_itself(&self) -> bool {
        self.statements().digests.is_statement()
    }

    /// The digests of those of `keys` that are there, in no order.
    pub async fn digests_of(&mut self, keys: &[SessionKey]) -> Result<Vec<Digest>> {
        let mut found = Vec::with_capacity(keys.len());
        for keys in keys.chunks(self.keys_a_statement()) {
            if self.hashes_itself() {
                // One id may stand for several applications, and under a collation that ignores case
                // for several ids.
                let bind = Bind::new().list("ids", keys.iter().map(|key| key.id.as_str()));
                let all = self.hashed(bind, i64::from(i32::MAX)).await?;
                let asked: HashSet<&SessionKey> = keys.iter().collect();
                found.extend(all.into_iter().filter(|digest| asked.contains(&digest.meta.key)));
            } else {
                // The sizes are not known: one session in memory at a time.
                for key in keys {
                    found.extend(self.get(key).await?.as_ref().map(Digest::of));
                }
            }
        }
        Ok(found)
    }

    /// Reads whole sessions by their keys, in no order; those that are not there are left out. The
    /// caller bounds the bytes.
    pub async fn sessions_of(&mut self, keys: &[SessionKey]) -> Result<Vec<Session>> {
        let doing = "read sessions";
        let mut found = Vec::with_capacity(keys.len());
        for keys in keys.chunks(self.keys_a_statement()) {
            let bind = Bind::new().list("ids", keys.iter().map(|key| key.id.as_str()));
            for mut row in self.query(doing, self.statements().read_rows, &bind).await? {
                let data = row.bytes(6).map_err(|e| StoreError::db(doing, e))?;
                let meta = meta(row).map_err(|e| StoreError::db(doing, e))?;
                if keys.contains(&meta.key) {
                    found.push(Session { meta, data });
                }
            }
        }
        Ok(found)
    }

    /// How many of `sessions` stand in the table exactly as they are here: columns, and SHA-256 of the data.
    pub(super) async fn standing(&mut self, sessions: &[Session]) -> Result<u64> {
        let keys: Vec<SessionKey> = sessions.iter().map(|session| session.meta.key.clone()).collect();
        let found: HashMap<SessionKey, Digest> =
            self.digests_of(&keys).await?.into_iter().map(|digest| (digest.meta.key.clone(), digest)).collect();
        let same = |session: &&Session| found.get(&session.meta.key) == Some(&Digest::of(session));
        Ok(sessions.iter().filter(same).count() as u64)
    }

    fn keys_a_statement(&self) -> usize {
        KEYS.min(self.dialect().max_batch).min(self.dialect().max_params - 8)
    }

    /// The next `limit` digests in the server's order of keys.
    async fn hashed_page(&mut self, after: Option<&SessionKey>, limit: usize) -> Result<Vec<Digest>> {
        let bind = Bind::new()
            .set_if("after_id", after.map(|key| key.id.as_str()))
            .set("after_app", after.and_then(|key| key.app.clone()));
        self.hashed(bind, i64::try_from(limit).unwrap_or(i64::MAX)).await
    }

    async fn hashed(&mut self, bind: Bind, limit: i64) -> Result<Vec<Digest>> {
        let doing = "read digests of sessions";
        let bind = bind.set("limit", limit).flag("app_in_key", self.shape.app_in_key(&self.names));
        let rows = self.query(doing, self.statements().digests, &bind).await?;
        rows.into_iter().map(digest).collect::<std::result::Result<_, _>>().map_err(|e| StoreError::db(doing, e))
    }
}

fn digest(mut row: Row) -> std::result::Result<Digest, DbError> {
    let hash = row.bytes(6)?;
    let length = |hash: &[u8]| DbError::other(format!("a SHA-256 of the server's has {} bytes", hash.len()));
    let sha256 = hash.map(|hash| hash[..].try_into().map_err(|_| length(&hash))).transpose()?;
    Ok(Digest { meta: meta(row)?, sha256 })
}

/// The digests of a whole table, page by page, read while earlier ones are compared.
pub(super) struct Digests {
    pages: mpsc::Receiver<Result<Vec<Digest>>>,
}

impl Digests {
    /// Starts to read by a connection of its own.
    pub(super) fn of(mut reader: SessionStore) -> Digests {
        let (sender, pages) = mpsc::channel(1);
        tokio::spawn(async move {
            let read = if reader.hashes_itself() {
                by_server(&mut reader, &sender).await
            } else {
                by_client(&mut reader, &sender).await
            };
            if let Err(error) = read {
                // Where nobody waits any more, nobody asks why.
                let _ = sender.send(Err(error)).await;
            }
            reader.close().await;
        });
        Digests { pages }
    }

    /// The next page; `None` when there is no more.
    pub(super) async fn next(&mut self) -> Option<Result<Vec<Digest>>> {
        self.pages.recv().await
    }
}

type Pages = mpsc::Sender<Result<Vec<Digest>>>;

async fn by_server(reader: &mut SessionStore, pages: &Pages) -> Result<()> {
    let (mut after, mut limit) = (None::<SessionKey>, LEAST * 10);
    loop {
        let begun = Instant::now();
        let page = reader.hashed_page(after.as_ref(), limit).await?;
        let last = page.len() < limit;
        after = page.last().map(|digest| digest.meta.key.clone());
        limit = if begun.elapsed() > PAGE_TIME { (limit / 2).max(LEAST) } else { (limit * 2).min(PAGE) };
        if pages.send(Ok(page)).await.is_err() || last {
            return Ok(());
        }
    }
}

/// Reads the data too, as much at a time as a batch of a mover's has.
async fn by_client(reader: &mut SessionStore, pages: &Pages) -> Result<()> {
    let all = Filter::default();
    // The filter asks for nothing that a moment would decide.
    let reading = Reading { filter: &all, now: EpochMillis(0), from: None, limit: None };
    let mut cursor = Cursor::default();
    while let Some(metas) = reader.next_page(&reading, &mut cursor).await? {
        let mut rest = metas.as_slice();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(fitting(rest));
            rest = later;
            let keys: Vec<SessionKey> = now.iter().map(|meta| meta.key.clone()).collect();
            let mut page: Vec<Digest> = reader.sessions_of(&keys).await?.iter().map(Digest::of).collect();
            page.sort_by(|a, b| a.meta.key.cmp(&b.meta.key));
            if pages.send(Ok(page)).await.is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// How many sessions from the first on fit into what memory is meant to hold; one at least.
pub fn fitting(metas: &[SessionMeta]) -> usize {
    let mut bytes = 0;
    let fits = metas.iter().take(KEYS).take_while(|meta| {
        bytes += meta.size.unwrap_or(0);
        bytes <= BATCH_BYTES
    });
    fits.count().max(1)
}
