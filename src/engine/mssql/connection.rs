//! An open connection to SQL Server.

use std::time::Duration;

use async_trait::async_trait;
use tiberius::{ColumnData, Query};

use super::login::{Tds, connect};
use super::{AZURE, AZURE_EDITION, AZURE_NAME, DIALECT, STATEMENTS, bulk, error};
use crate::engine::{Bind, Connection, DbError, Names, Role, Row, Sql, Statements, Target, Template, Value, insert};

pub(super) struct MssqlStore {
    client: Tds,
    /// The id of the session on the server, if another connection can ask about it.
    session: Option<i64>,
    /// Whether it is Azure SQL Database.
    azure: bool,
}

impl MssqlStore {
    pub(super) async fn open(target: &Target) -> Result<MssqlStore, DbError> {
        crate::engine::choose_cryptography();
        let mut store = MssqlStore { client: connect(target).await?, session: None, azure: false };
        let [session, isolation] = [STATEMENTS.set_session, STATEMENTS.set_isolation];
        let (mark, kind) = (STATEMENTS.mark_connection, STATEMENTS.cluster);
        let sets = match store.batch(&[session, isolation, mark, kind]).await {
            Ok(sets) => sets,
            // Without the mark, other connections cannot ask about this session; everything else works.
            Err(_) => store.batch(&[session, isolation, kind]).await?,
        };
        let mut sets = sets.into_iter().rev().map(|rows| rows.into_iter().next());
        let edition = sets.next().flatten().map_or(Ok(None), |mut row| row.int(4))?;
        store.azure = edition == Some(AZURE_EDITION);
        store.session = sets.next().flatten().map_or(Ok(None), |mut row| row.int(0))?;
        Ok(store)
    }

    async fn run(&mut self, text: &str) -> Result<(), DbError> {
        self.client.simple_query(text).await.map_err(error::map)?.into_results().await.map(drop).map_err(error::map)
    }

    /// Runs statements without parameters in one batch; returns the rows of those that have any.
    async fn batch(&mut self, files: &[Template]) -> Result<Vec<Vec<Row>>, DbError> {
        let texts = files.iter().map(|file| Ok(file.render(&Names::default(), &DIALECT, &Bind::new())?.text));
        let text = texts.collect::<Result<Vec<String>, DbError>>()?.join(";\n");
        let sets =
            self.client.simple_query(text).await.map_err(error::map)?.into_results().await.map_err(error::map)?;
        Ok(sets.into_iter().map(|rows| rows.into_iter().map(row).collect()).collect())
    }

    /// As [`MssqlStore::first_number`], for the advisory lock.
    async fn number(&mut self, file: Template, name: &str, wait: Duration) -> Result<Option<i64>, DbError> {
        let seconds = i64::try_from(wait.as_secs()).unwrap_or(i64::MAX);
        self.first_number(file, &Bind::new().set("name", name).set("wait_seconds", seconds)).await
    }

    /// The number in a result with one row; `None` for NULL.
    async fn first_number(&mut self, file: Template, bind: &Bind) -> Result<Option<i64>, DbError> {
        let sql = file.render(&Names::default(), &DIALECT, bind)?;
        match self.query(&sql).await?.first_mut() {
            Some(row) => row.int(0),
            None => Ok(None),
        }
    }
}

fn bound(sql: &Sql) -> Query<'_> {
    let mut query = Query::new(sql.text.as_str());
    for value in &sql.params {
        match value {
            Value::Null => query.bind(None::<&str>),
            Value::Int(n) => query.bind(*n),
            Value::Text(s) => query.bind(s.as_str()),
            Value::Bytes(b) => query.bind(&b[..]),
        }
    }
    query
}

fn row(row: tiberius::Row) -> Row {
    Row(row.into_iter().map(value).collect())
}

fn value(data: ColumnData<'static>) -> Value {
    match data {
        ColumnData::U8(Some(n)) => Value::Int(n.into()),
        ColumnData::I16(Some(n)) => Value::Int(n.into()),
        ColumnData::I32(Some(n)) => Value::Int(n.into()),
        ColumnData::I64(Some(n)) => Value::Int(n),
        ColumnData::Bit(Some(b)) => Value::Int(b.into()),
        ColumnData::String(Some(s)) => Value::Text(s.into_owned()),
        ColumnData::Binary(Some(b)) => Value::Bytes(b.into_owned().into()),
        ColumnData::F32(Some(x)) => Value::Text(x.to_string()),
        ColumnData::F64(Some(x)) => Value::Text(x.to_string()),
        ColumnData::Numeric(Some(n)) => Value::Text(n.to_string()),
        ColumnData::Guid(Some(g)) => Value::Text(g.to_string()),
        _ => Value::Null,
    }
}

#[async_trait]
impl Connection for MssqlStore {
    fn statements(&self) -> &'static Statements {
        if self.azure { &AZURE } else { &STATEMENTS }
    }

    fn variant(&self) -> &'static str {
        if self.azure { AZURE_NAME } else { "mssql" }
    }

    fn session(&self) -> Option<i64> {
        self.session
    }

    /// An account without VIEW SERVER STATE sees only whether the session still exists.
    async fn is_working(&mut self, session: i64) -> Result<Option<bool>, DbError> {
        let bind = Bind::new().set("session", session);
        if let Ok(Some(working)) = self.first_number(STATEMENTS.connection_activity, &bind).await {
            return Ok(Some(working == 1));
        }
        let there = self.first_number(STATEMENTS.marked_connection_exists, &bind).await?;
        Ok(there.map(|there| there == 1))
    }

    async fn role(&mut self) -> Result<Role, DbError> {
        let read_only = self.first_number(STATEMENTS.is_read_only, &Bind::new()).await?;
        Ok(if read_only == Some(1) { Role::ReadOnly } else { Role::Primary })
    }

    async fn primary(&mut self) -> Result<Option<String>, DbError> {
        let sql = STATEMENTS.group_primary.render(&Names::default(), &DIALECT, &Bind::new())?;
        self.query(&sql).await?.first_mut().map_or(Ok(None), |row| row.text(0))
    }

    /// A batch may return several results; the last one is that of the statement.
    async fn query(&mut self, sql: &Sql) -> Result<Vec<Row>, DbError> {
        let answer = bound(sql).query(&mut self.client).await.map_err(error::map)?;
        let sets = answer.into_results().await.map_err(error::map)?;
        let rows = sets.into_iter().next_back().unwrap_or_default();
        Ok(rows.into_iter().map(row).collect())
    }

    /// The counts of a trigger's statements are returned too, before the count of the statement itself.
    async fn execute(&mut self, sql: &Sql) -> Result<u64, DbError> {
        let done = bound(sql).execute(&mut self.client).await.map_err(error::map)?;
        Ok(done.rows_affected().last().copied().unwrap_or(0))
    }

    async fn execute_raw(&mut self, sql: &Sql) -> Result<(), DbError> {
        self.run(&sql.text).await
    }

    /// Bulk-loads rows into a temporary table and moves them with one statement. Rows that cannot be bulk-loaded are
    /// sent as parameters, in the same transaction.
    async fn insert_many(
        &mut self,
        names: &Names,
        rows: Vec<Vec<Value>>,
        max_packet: Option<u64>,
    ) -> Result<u64, DbError> {
        let (mut staged, mut single): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| bulk::can_load(row));
        if staged.len() >= bulk::MIN_ROWS {
            single.extend(bulk::without_cut_end(&mut staged));
        }
        let mut inserted = insert::by_statements(self, &DIALECT, names, single, max_packet).await?;
        if staged.len() < bulk::MIN_ROWS {
            return Ok(inserted + insert::by_statements(self, &DIALECT, names, staged, max_packet).await?);
        }
        let bare = |template: Template| template.render(names, &DIALECT, &Bind::new());
        self.execute_raw(&bare(STATEMENTS.create_staging_table)?).await?;
        bulk::load(&mut self.client, staged, bulk::COLUMNS.len()).await.map_err(error::map)?;
        inserted += self.execute(&bare(STATEMENTS.insert_from_staging)?).await?;
        Ok(inserted)
    }

    async fn stage_keys(
        &mut self,
        names: &Names,
        keys: &mut (dyn Iterator<Item = Vec<Value>> + Send),
    ) -> Result<bool, DbError> {
        let keys: Vec<Vec<Value>> = keys.collect();
        if keys.len() < bulk::MIN_ROWS || !keys.iter().all(|key| bulk::can_load_key(key)) {
            return Ok(false);
        }
        let bare = |template: Template| template.render(names, &DIALECT, &Bind::new());
        self.execute_raw(&bare(STATEMENTS.create_staging_table)?).await?;
        let columns = bulk::columns_for(&keys);
        bulk::load(&mut self.client, keys, columns).await.map_err(error::map)?;
        self.execute_raw(&bare(STATEMENTS.create_key_table)?).await?;
        Ok(true)
    }

    async fn begin(&mut self) -> Result<(), DbError> {
        self.run("BEGIN TRANSACTION").await
    }

    async fn commit(&mut self) -> Result<(), DbError> {
        self.run("COMMIT TRANSACTION").await
    }

    /// With XACT_ABORT, an error has already rolled back the transaction.
    async fn rollback(&mut self) -> Result<(), DbError> {
        self.run("IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION").await
    }

    async fn lock(&mut self, name: &str, wait: Duration) -> Result<bool, DbError> {
        match self.number(STATEMENTS.lock, name, wait).await? {
            Some(taken) => Ok(taken == 1),
            None => Err(DbError::other("the server could not take the advisory lock")),
        }
    }

    async fn holds_lock(&mut self, name: &str) -> Result<bool, DbError> {
        Ok(self.number(STATEMENTS.lock_held, name, Duration::ZERO).await? == Some(1))
    }

    async fn unlock(&mut self, name: &str) -> Result<(), DbError> {
        let sql = STATEMENTS.unlock.render(&Names::default(), &DIALECT, &Bind::new().set("name", name))?;
        self.execute(&sql).await.map(drop)
    }

    async fn close(self: Box<Self>) {
        let _ = self.client.close().await;
    }
}
