//! Reads sessions: pages of columns in key order, and single sessions whole.

use std::ops::ControlFlow;

use futures_util::stream::{BoxStream, StreamExt as _};

use crate::engine::{Bind, DbError, Row, Sql, Stop};
use crate::session::{EpochMillis, Filter, Session, SessionKey, SessionMeta};
use crate::store::error::{Result, StoreError};
use crate::store::read::id_ranges::IdRange;
use crate::store::session_store::SessionStore;

/// Rows a page. At some 200 bytes each, a page stays around a megabyte.
const PAGE: usize = 5_000;
const READING: &str = "read sessions";

/// What to read, and where to begin.
#[derive(Debug)]
pub struct ReadRequest<'a> {
    pub filter: &'a Filter,
    /// The moment that states and idle times are judged at.
    pub now: EpochMillis,
    /// The first id to read, or the place where it would stand.
    pub from: Option<&'a str>,
    /// How many sessions are wanted, where that is known: a page is not larger.
    pub limit: Option<usize>,
}

/// How far reading has come.
#[derive(Debug, Default)]
pub struct Cursor {
    after: Option<SessionKey>,
    done: bool,
    part: IdRange,
}

impl Cursor {
    /// At the beginning of a part of the table.
    pub(in crate::store) fn of(part: IdRange) -> Cursor {
        Cursor { part, ..Cursor::default() }
    }

    /// Whether the last page was read.
    pub(in crate::store) fn is_done(&self) -> bool {
        self.done
    }

    /// Behind a page that had that last session, and was the last one or not.
    pub(in crate::store) fn pass(&mut self, last: Option<SessionKey>, done: bool) {
        (self.after, self.done) = (last, done);
    }
}

/// A session of a page of whole ones.
pub(in crate::store) enum ReadRow {
    Whole(Session),
    /// Its data are more than were to come with the page.
    Apart(SessionMeta),
}

/// Sessions that [`SessionStore::find`] finds before it gives up.
pub const FOUND: usize = 10;

/// What a prefix of an id found.
#[derive(Debug)]
pub enum PrefixMatch {
    None,
    One(SessionKey),
    /// The first sessions that it fits, at most one more than [`FOUND`].
    Several(Vec<SessionMeta>),
}

impl SessionStore {
    /// The applications that have sessions, in order; `None` stands for rows without one.
    pub async fn apps(&mut self) -> Result<Vec<Option<String>>> {
        let doing = "list the applications";
        let rows = self.query(doing, self.statements().apps, &Bind::new()).await?;
        rows.into_iter()
            .map(|mut row| row.text(0))
            .collect::<std::result::Result<_, _>>()
            .map_err(|e| StoreError::db(doing, e))
    }

    /// Reads the next page of sessions that match, in key order; `None` when there are no more. A
    /// page may be empty where the server could not test the whole filter.
    pub async fn next_page(
        &mut self,
        reading: &ReadRequest<'_>,
        cursor: &mut Cursor,
    ) -> Result<Option<Vec<SessionMeta>>> {
        if cursor.done {
            return Ok(None);
        }
        // A page of one more than is wanted tells whether there is more.
        let limit = reading.limit.map_or(PAGE, |n| n.saturating_add(1).clamp(1, PAGE));
        let mut rows = self.page(reading, cursor, limit).await?;
        cursor.done = rows.len() < limit;
        cursor.after = rows.last().map(|row| row.key.clone());
        rows.retain(|session| reading.filter.matches(session, reading.now));
        Ok(Some(rows))
    }

    /// Hands every session that matches to `each`, in key order, until it breaks or `stop` asks.
    pub async fn for_each(
        &mut self,
        reading: &ReadRequest<'_>,
        stop: &Stop,
        mut each: impl FnMut(SessionMeta) -> ControlFlow<()> + Send,
    ) -> Result<()> {
        let mut cursor = Cursor::default();
        while stop.requested().is_none() {
            let Some(page) = self.next_page(reading, &mut cursor).await? else { break };
            for session in page {
                if each(session).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The statement that reads the next `rows` of all sessions, with the data of those that have at most
    /// `whole_to` bytes of it; `None` when there are no more.
    ///
    /// # Errors
    /// [`StoreError::Db`].
    pub(in crate::store) fn whole_page(&self, cursor: &Cursor, rows: usize, whole_to: u64) -> Result<Option<Sql>> {
        let all = Filter::default();
        let reading = ReadRequest { filter: &all, now: EpochMillis(0), from: None, limit: None };
        self.whole_page_of(&reading, cursor, rows, whole_to)
    }

    /// The same of those that a filter chooses.
    ///
    /// # Errors
    /// [`StoreError::Db`].
    pub(in crate::store) fn whole_page_of(
        &self,
        reading: &ReadRequest<'_>,
        cursor: &Cursor,
        rows: usize,
        whole_to: u64,
    ) -> Result<Option<Sql>> {
        if cursor.done {
            return Ok(None);
        }
        self.page_sql(reading, cursor, rows, Some(whole_to)).map(Some)
    }

    /// Its sessions, as they come.
    pub(in crate::store) fn whole_sessions<'a>(&'a mut self, page: &'a Sql) -> BoxStream<'a, Result<ReadRow>> {
        let met = |row: std::result::Result<Row, DbError>| {
            let mut row = row?;
            let (data, meta) = (row.bytes(6)?, meta(row)?);
            let whole = data.is_some() || meta.size.is_none();
            Ok(if whole { ReadRow::Whole(Session { meta, data }) } else { ReadRow::Apart(meta) })
        };
        self.connection.stream(page).map(move |row| met(row).map_err(|e| StoreError::db(READING, e))).boxed()
    }

    /// Reads the next `limit` sessions that the server finds to match.
    async fn page(&mut self, reading: &ReadRequest<'_>, cursor: &Cursor, limit: usize) -> Result<Vec<SessionMeta>> {
        let sql = self.page_sql(reading, cursor, limit, None)?;
        metas(READING, self.connection.query(&sql).await.map_err(|e| StoreError::db(READING, e))?)
    }

    fn page_sql(&self, reading: &ReadRequest<'_>, cursor: &Cursor, limit: usize, whole_to: Option<u64>) -> Result<Sql> {
        let whole_to = whole_to.map(|n| i64::try_from(n).unwrap_or(i64::MAX));
        let bind = self.page_bind(reading, cursor, limit).set_if("whole_to", whole_to);
        let page = self.statements().page;
        page.render(&self.names, self.dialect(), &bind).map_err(|e| StoreError::db(READING, e))
    }

    /// What chooses the sessions of a page.
    pub(in crate::store) fn page_bind(
        &self,
        reading: &ReadRequest<'_>,
        Cursor { after, part: (first, before), .. }: &Cursor,
        limit: usize,
    ) -> Bind {
        let after = after.as_ref();
        let sql = reading.filter.pushdown(reading.now);
        let bytes = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let one_app = sql.apps.as_ref().is_some_and(|apps| apps.len() == 1);
        Bind::new()
            .set_if("after_id", after.map(|key| key.id.as_str()))
            .set("after_app", after.and_then(|key| key.app.clone()))
            .set_if("from_id", reading.from.or(*first).filter(|_| after.is_none()))
            .set_if("before_id", *before)
            // Within one application an id is one session, and MariaDB sorts what is in order already.
            .flag("app_in_key", !one_app && self.shape.app_in_key(&self.names))
            .flag("app_in_id_order", one_app && self.shape.app_in_id_order(&self.names))
            // Of several rows of a session the newest comes first.
            .flag("with_duplicates", self.may_have_duplicates())
            .list_if("apps", sql.apps)
            .set_if("expired_before", sql.expired_before.map(|t| t.0))
            .set_if("accessed_before", sql.accessed_before.map(|t| t.0))
            .set_if("accessed_from", sql.accessed_from.map(|t| t.0))
            .set_if("id_prefix", sql.id_prefix)
            .set_if("larger_than", sql.larger_than.map(bytes))
            .set_if("smaller_than", sql.smaller_than.map(bytes))
            .set("limit", i64::try_from(limit).unwrap_or(i64::MAX))
    }

    /// Reads one whole session.
    pub async fn get(&mut self, key: &SessionKey) -> Result<Option<Session>> {
        let doing = "read the session";
        let bind = Bind::new().set("id", key.id.as_str()).set("app", key.app.clone());
        let rows = self.query(doing, self.statements().get, &bind).await?;
        let mut found: Option<Session> = None;
        for mut row in rows {
            let data = row.bytes(6).map_err(|e| StoreError::db(doing, e))?;
            let meta = meta(row).map_err(|e| StoreError::db(doing, e))?;
            // Under a case-insensitive collation the server finds ids that are not this one. Without a key there
            // may be several rows.
            if meta.key == *key && found.as_ref().is_none_or(|found| meta.is_newer_row(&found.meta)) {
                found = Some(Session { meta, data });
            }
        }
        Ok(found)
    }

    /// Counts the sessions of the table.
    pub async fn count(&mut self) -> Result<u64> {
        let doing = "count the sessions";
        let rows = self.query(doing, self.statements().count, &Bind::new()).await?;
        let count = rows.into_iter().next().map(|mut row| row.int(0)).transpose();
        let count = count.map_err(|e| StoreError::db(doing, e))?.flatten();
        Ok(count.map_or(0, |n| u64::try_from(n).unwrap_or(0)))
    }

    /// Counts all sessions of `apps`, or of the table, and those of them that are expired at `cutoff`.
    pub async fn count_expired(&mut self, cutoff: EpochMillis, apps: Option<&[String]>) -> Result<(u64, u64)> {
        let doing = "count the sessions";
        let bind =
            Bind::new().set("cutoff", cutoff.0).list_if("apps", apps.map(|apps| apps.iter().map(String::as_str)));
        let rows = self.query(doing, self.statements().count_expired, &bind).await?;
        let count = |i| match rows.first().cloned() {
            Some(mut row) => row.int(i).map(|n| u64::try_from(n.unwrap_or(0)).unwrap_or(0)),
            None => Ok(0),
        };
        let counted = (|| Ok((count(0)?, count(1)?)))();
        counted.map_err(|e| StoreError::db(doing, e))
    }

    /// Finds the session that an id, or the beginning of one, means within `filter`. A whole id
    /// means itself even where it begins another.
    pub async fn find(&mut self, id: &str, filter: &Filter, now: EpochMillis) -> Result<PrefixMatch> {
        let filter = Filter { id_prefix: Some(id.to_owned()), ..filter.clone() };
        let reading = ReadRequest { filter: &filter, now, from: None, limit: Some(FOUND) };
        let mut found = Vec::new();
        let mut exact = Vec::new();
        self.for_each(&reading, &Stop::never(), |session| {
            if session.key.id == id { &mut exact } else { &mut found }.push(session);
            // An exact id comes first in key order under every collation that tells ids apart.
            if found.len() > FOUND { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .await?;
        let mut sessions = if exact.is_empty() { found } else { exact };
        Ok(match sessions.len() {
            0 => PrefixMatch::None,
            1 => PrefixMatch::One(sessions.remove(0).key),
            _ => PrefixMatch::Several(sessions),
        })
    }
}

/// Sessions of the first six columns of rows.
pub(in crate::store) fn metas(doing: &str, rows: Vec<Row>) -> Result<Vec<SessionMeta>> {
    rows.into_iter().map(meta).collect::<std::result::Result<_, _>>().map_err(|e| StoreError::db(doing, e))
}

/// A session of the first six columns of a row.
pub(in crate::store) fn meta(mut row: Row) -> std::result::Result<SessionMeta, DbError> {
    Ok(SessionMeta {
        key: SessionKey { id: row.text(0)?.unwrap_or_default(), app: row.text(1)? },
        valid: row.text(2)?,
        max_inactive: row.int(3)?,
        last_access: row.int(4)?.map(EpochMillis),
        size: row.int(5)?.map(|n| u64::try_from(n).unwrap_or(0)),
    })
}
