//! Reads pages of columns in key order, and single complete sessions.

use std::ops::ControlFlow;

use futures_util::stream::{BoxStream, StreamExt as _};

use crate::engine::{Bind, DbError, Row, Sql, Stop};
use crate::session::{EpochMillis, Filter, Session, SessionData, SessionKey, SessionMeta};
use crate::store::error::{Result, StoreError};
use crate::store::read::id_ranges::IdRange;
use crate::store::session_store::SessionStore;

/// Rows per page. With about 200 bytes per row, a page has about a megabyte.
const PAGE: usize = 5_000;
const READING: &str = "read sessions";

/// The sessions to read, and where to begin.
#[derive(Debug)]
pub struct ReadRequest<'a> {
    pub filter: &'a Filter,
    /// The reference time for states and idle times.
    pub now: EpochMillis,
    /// The first id to read, or the position where it would be.
    pub from: Option<&'a str>,
    /// Maximum number of sessions, if known; a page is not larger.
    pub limit: Option<usize>,
}

/// Position of a reader.
#[derive(Debug, Default)]
pub struct Cursor {
    after: Option<SessionKey>,
    done: bool,
    part: IdRange,
    /// The id before which it ends, if that is before the end of the range.
    before: Option<String>,
}

impl Cursor {
    /// The beginning of a range of the table.
    pub(in crate::store) fn of(part: IdRange) -> Cursor {
        Cursor { part, ..Cursor::default() }
    }

    /// Continues, after its end, with the sessions up to the id `before`, or to the end of the range.
    pub(in crate::store) fn continue_before(&mut self, before: Option<String>) {
        (self.before, self.done) = (before, false);
    }

    /// The id of the last session that was read.
    pub(in crate::store) fn last_id(&self) -> Option<&str> {
        self.after.as_ref().map(|key| key.id.as_str())
    }

    /// Tells whether the last page was read.
    pub(in crate::store) fn is_done(&self) -> bool {
        self.done
    }

    /// Moves to the position after a page whose last session is `last`; `done` is true for the last page.
    pub(in crate::store) fn pass(&mut self, last: Option<SessionKey>, done: bool) {
        self.after = last.or(self.after.take());
        self.done = done;
    }
}

/// A row of a page of complete sessions.
pub(in crate::store) enum ReadRow {
    Whole(Session),
    /// Its data are larger than the limit of the page.
    Apart(SessionMeta),
}

/// Maximum number of matches that [`SessionStore::find`] returns.
pub const MAX_MATCHES: usize = 10;

/// Result of searching for a prefix of an id.
#[derive(Debug)]
pub enum PrefixMatch {
    None,
    One(SessionKey),
    /// The first matches, at most one more than [`MAX_MATCHES`].
    Several(Vec<SessionMeta>),
}

impl SessionStore {
    /// The applications that have sessions, sorted; `None` stands for rows without an application.
    pub async fn apps(&mut self) -> Result<Vec<Option<String>>> {
        let doing = "list the applications";
        let rows = self.query(doing, self.statements().apps, &Bind::new()).await?;
        rows.into_iter()
            .map(|mut row| row.text(0))
            .collect::<std::result::Result<_, _>>()
            .map_err(|e| StoreError::db(doing, e))
    }

    /// Reads the next page of matching sessions in key order; `None` at the end. A page may be empty if the server
    /// cannot test the whole filter.
    pub async fn next_page(
        &mut self,
        reading: &ReadRequest<'_>,
        cursor: &mut Cursor,
    ) -> Result<Option<Vec<SessionMeta>>> {
        if cursor.done || !self.may_match(reading.filter) {
            return Ok(None);
        }
        // One row more than requested shows whether there is more.
        let limit = reading.limit.map_or(PAGE, |n| n.saturating_add(1).clamp(1, PAGE));
        let mut rows = self.page(reading, cursor, limit).await?;
        cursor.pass(rows.last().map(|row| row.key.clone()), rows.len() < limit);
        rows.retain(|session| reading.filter.matches(session, reading.now));
        Ok(Some(rows))
    }

    /// Passes every matching session to `each`, in key order, until `each` breaks or `stop` is requested.
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

    /// The statement that reads the next `rows` of all sessions, with their data if these have at most `whole_to`
    /// bytes; `None` at the end.
    ///
    /// # Errors
    /// [`StoreError::Db`].
    pub(in crate::store) fn whole_page(&self, cursor: &Cursor, rows: usize, whole_to: u64) -> Result<Option<Sql>> {
        let all = Filter::default();
        let reading = ReadRequest { filter: &all, now: EpochMillis(0), from: None, limit: None };
        self.whole_page_of(&reading, cursor, rows, whole_to)
    }

    /// The same for the sessions that match a filter.
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
        if cursor.done || !self.may_match(reading.filter) {
            return Ok(None);
        }
        self.page_sql(reading, cursor, rows, Some(whole_to)).map(Some)
    }

    /// Its sessions, as they arrive.
    pub(in crate::store) fn whole_sessions<'a>(&'a mut self, page: &'a Sql) -> BoxStream<'a, Result<ReadRow>> {
        let met = |row: std::result::Result<Row, DbError>| {
            let mut row = row?;
            let (data, meta) = (row.bytes(6)?, meta(row)?);
            let whole = data.is_some() || meta.size.is_none();
            Ok(if whole {
                ReadRow::Whole(Session { meta, data: data.map(SessionData::from) })
            } else {
                ReadRow::Apart(meta)
            })
        };
        self.connection.stream(page).map(move |row| met(row).map_err(|e| StoreError::db(READING, e))).boxed()
    }

    /// Tells whether a row here can match the texts of a filter.
    fn may_match(&self, filter: &Filter) -> bool {
        let app = |app: &Option<String>| app.as_deref().is_none_or(|app| self.can_hold(app));
        filter.id_prefix.as_deref().is_none_or(|id| self.can_hold(id))
            && filter.apps.as_ref().is_none_or(|apps| apps.is_empty() || apps.iter().any(app))
    }

    /// Reads the next `limit` sessions that the server considers matching.
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

    /// The parameters that select the sessions of a page.
    pub(in crate::store) fn page_bind(
        &self,
        reading: &ReadRequest<'_>,
        Cursor { after, part: (first, end), before, .. }: &Cursor,
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
            .set_if("before_id", before.as_deref().or(*end))
            // Within one application an id is unique; and MariaDB would sort rows that are already in order.
            .flag("app_in_key", !one_app && self.shape.app_in_key(&self.names))
            .flag("app_in_id_order", one_app && self.shape.app_in_id_order(&self.names))
            // The newest of several rows of a session comes first.
            .flag("with_duplicates", self.may_have_duplicates())
            .list_if("apps", sql.apps.map(|apps| apps.into_iter().filter(|app| self.can_hold(app))))
            .set_if("expired_before", sql.expired_before.map(|t| t.0))
            .set_if("accessed_before", sql.accessed_before.map(|t| t.0))
            .set_if("accessed_from", sql.accessed_from.map(|t| t.0))
            // The pattern of a LIKE ends at a NUL on SQLite; the rows are tested again here.
            .set_if("id_prefix", sql.id_prefix.filter(|prefix| !prefix.contains('\0')))
            .set_if("larger_than", sql.larger_than.map(bytes))
            .set_if("smaller_than", sql.smaller_than.map(bytes))
            .set("limit", i64::try_from(limit).unwrap_or(i64::MAX))
    }

    /// Reads one complete session.
    pub async fn get(&mut self, key: &SessionKey) -> Result<Option<Session>> {
        if !self.can_hold_key(key) {
            return Ok(None);
        }
        let doing = "read the session";
        let bind = Bind::new().set("id", key.id.as_str()).set("app", key.app.clone());
        let rows = self.query(doing, self.statements().get, &bind).await?;
        let mut found: Option<Session> = None;
        for mut row in rows {
            let data = row.bytes(6).map_err(|e| StoreError::db(doing, e))?;
            let meta = meta(row).map_err(|e| StoreError::db(doing, e))?;
            // Under a case-insensitive collation the server also finds other ids. Without a key, there may be several
            // rows.
            if meta.key == *key && found.as_ref().is_none_or(|found| meta.is_newer_row(&found.meta)) {
                found = Some(Session { meta, data: data.map(SessionData::from) });
            }
        }
        Ok(found)
    }

    /// Number of sessions in the table.
    pub async fn count(&mut self) -> Result<u64> {
        let doing = "count the sessions";
        let rows = self.query(doing, self.statements().count, &Bind::new()).await?;
        let count = rows.into_iter().next().map(|mut row| row.int(0)).transpose();
        let count = count.map_err(|e| StoreError::db(doing, e))?.flatten();
        Ok(count.map_or(0, |n| u64::try_from(n).unwrap_or(0)))
    }

    /// Number of all sessions of `apps`, or of the table, and of those that are expired at `cutoff`.
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

    /// Finds the session with this id, or with this prefix of an id, that matches `filter`. A complete id means only
    /// itself, even if another id begins with it.
    pub async fn find(&mut self, id: &str, filter: &Filter, now: EpochMillis) -> Result<PrefixMatch> {
        let filter = Filter { id_prefix: Some(id.to_owned()), ..filter.clone() };
        let reading = ReadRequest { filter: &filter, now, from: None, limit: Some(MAX_MATCHES) };
        let mut found = Vec::new();
        let mut exact = Vec::new();
        self.for_each(&reading, &Stop::never(), |session| {
            if session.key.id == id { &mut exact } else { &mut found }.push(session);
            // In key order, an exact id comes first under every collation that distinguishes ids.
            if found.len() > MAX_MATCHES { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
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

/// Sessions from the first six columns of rows.
pub(in crate::store) fn metas(doing: &str, rows: Vec<Row>) -> Result<Vec<SessionMeta>> {
    rows.into_iter().map(meta).collect::<std::result::Result<_, _>>().map_err(|e| StoreError::db(doing, e))
}

/// A session from the first six columns of a row.
pub(in crate::store) fn meta(mut row: Row) -> std::result::Result<SessionMeta, DbError> {
    Ok(SessionMeta {
        key: SessionKey { id: row.text(0)?.unwrap_or_default(), app: row.text(1)? },
        valid: row.text(2)?,
        max_inactive: row.int(3)?,
        last_access: row.int(4)?.map(EpochMillis),
        size: row.int(5)?.map(|n| u64::try_from(n).unwrap_or(0)),
    })
}
