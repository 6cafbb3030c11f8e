//! Finds sessions that may be purged, ahead of the connection that deletes them.
//!
//! What is found here is a candidate only: no lock is held, and the row is judged again under one
//! before it goes.

use tokio::sync::mpsc;

use super::{Bind, Cursor, Reading, Result, SessionStore, StoreError};
use crate::session::{EpochMillis, Filter, SessionKey};

/// Keys a page of candidates. Some 100 bytes each, and at most four pages wait.
const PAGE: usize = 5_000;

/// How expired sessions are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpiryRoute {
    /// One scan of the table in key order: the published table has nothing better.
    Scan,
    /// By the index on the expiry, application by application: costs what is expired.
    Index,
}

impl ExpiryRoute {
    pub fn word(self) -> &'static str {
        match self {
            ExpiryRoute::Scan => "scan",
            ExpiryRoute::Index => "index",
        }
    }
}

/// Pages of candidates, found while earlier ones are being deleted.
pub struct Candidates {
    pages: mpsc::Receiver<Result<Vec<SessionKey>>>,
}

impl Candidates {
    /// Starts to look for sessions that are expired at `cutoff`, in `apps` or in all applications.
    pub fn expired(
        reader: SessionStore,
        route: ExpiryRoute,
        cutoff: EpochMillis,
        apps: Option<Vec<String>>,
    ) -> Candidates {
        let (sender, pages) = mpsc::channel(4);
        tokio::spawn(async move {
            let mut search = Search { reader, sender, cutoff };
            let found = match route {
                ExpiryRoute::Scan => search.scan(apps).await,
                ExpiryRoute::Index => search.by_index(apps).await,
            };
            search.end(found).await;
        });
        Candidates { pages }
    }

    /// Starts to look for sessions that match `filter` at `now`.
    pub fn matching(reader: SessionStore, filter: Filter, now: EpochMillis) -> Candidates {
        let (sender, pages) = mpsc::channel(4);
        tokio::spawn(async move {
            let mut search = Search { reader, sender, cutoff: now };
            let found = search.matching(&filter, now).await;
            search.end(found).await;
        });
        Candidates { pages }
    }

    /// Candidates that another finds.
    pub fn of(pages: mpsc::Receiver<Result<Vec<SessionKey>>>) -> Candidates {
        Candidates { pages }
    }

    /// The candidates that are known already.
    pub fn named(mut keys: Vec<SessionKey>) -> Candidates {
        keys.sort();
        keys.dedup();
        let (sender, pages) = mpsc::channel(1);
        // The channel has room for the one page.
        let _ = sender.try_send(Ok(keys));
        Candidates { pages }
    }

    /// The next candidates; `None` when there are no more.
    pub async fn next(&mut self) -> Option<Result<Vec<SessionKey>>> {
        self.pages.recv().await
    }
}

struct Search {
    reader: SessionStore,
    sender: mpsc::Sender<Result<Vec<SessionKey>>>,
    cutoff: EpochMillis,
}

impl Search {
    async fn scan(&mut self, apps: Option<Vec<String>>) -> Result<()> {
        let mut after: Option<SessionKey> = None;
        loop {
            let bind = Bind::new()
                .set("cutoff", self.cutoff.0)
                .set_if("after_id", after.as_ref().map(|key| key.id.as_str()))
                .set("after_app", after.as_ref().and_then(|key| key.app.clone()))
                .flag("app_in_key", self.reader.shape.app_in_key(&self.reader.names))
                .list_if("apps", apps.clone())
                .set("limit", PAGE as i64);
            let page = self.page(self.reader.statements().expired_page, &bind).await?;
            let keys: Vec<SessionKey> = page.into_iter().map(|(key, _)| key).collect();
            after = keys.last().cloned();
            let last = keys.len() < PAGE;
            if self.sender.send(Ok(keys)).await.is_err() || last {
                return Ok(());
            }
        }
    }

    async fn matching(&mut self, filter: &Filter, now: EpochMillis) -> Result<()> {
        let reading = Reading { filter, now, from: None, limit: None };
        let mut cursor = Cursor::default();
        while let Some(page) = self.reader.next_page(&reading, &mut cursor).await? {
            let keys = page.into_iter().map(|session| session.key).collect();
            if self.sender.send(Ok(keys)).await.is_err() {
                break;
            }
        }
        Ok(())
    }

    async fn by_index(&mut self, apps: Option<Vec<String>>) -> Result<()> {
        let apps = match apps {
            Some(apps) => apps,
            None => self.reader.apps().await?.into_iter().flatten().collect(),
        };
        for app in apps {
            let mut after: Option<(SessionKey, i64)> = None;
            loop {
                let bind = Bind::new()
                    .set("app", app.as_str())
                    .set("cutoff", self.cutoff.0)
                    .set_if("after_id", after.as_ref().map(|(key, _)| key.id.as_str()))
                    .set_if("after_expiry", after.as_ref().map(|(_, expiry)| *expiry))
                    .set("limit", PAGE as i64);
                let page = self.page(self.reader.statements().expired_page_by_index, &bind).await?;
                after = page.last().cloned();
                let last = page.len() < PAGE;
                let keys = page.into_iter().map(|(key, _)| key).collect();
                if self.sender.send(Ok(keys)).await.is_err() {
                    return Ok(());
                }
                if last {
                    break;
                }
            }
        }
        Ok(())
    }

    /// A page of keys, with what stands in the third column where there is one.
    async fn page(&mut self, template: super::Template, bind: &Bind) -> Result<Vec<(SessionKey, i64)>> {
        let doing = "look for expired sessions";
        let rows = self.reader.query(doing, template, bind).await?;
        let key = |mut row: crate::engine::Row| {
            let key = SessionKey { id: row.text(0)?.unwrap_or_default(), app: row.text(1)? };
            let third = if row.0.len() > 2 { row.int(2)?.unwrap_or_default() } else { 0 };
            Ok((key, third))
        };
        rows.into_iter().map(key).collect::<std::result::Result<_, _>>().map_err(|e| StoreError::db(doing, e))
    }

    async fn end(self, found: Result<()>) {
        if let Err(error) = found {
            let _ = self.sender.send(Err(error)).await;
        }
        self.reader.close().await;
    }
}
