//! One open connection to a PostgreSQL server.
//!
//! # Accounts that may not lock rows
//!
//! SELECT … FOR UPDATE requires the UPDATE privilege on a column of the table, which Tomcat's own account does not
//! need. Without it, transactions are REPEATABLE READ, and rows are not locked before the DELETE: a DELETE of a row
//! that has been changed or deleted since it was read fails (40001), and a row that has been inserted since is not
//! found. As with locks, only rows in the state that was checked are deleted. There are two differences: the DELETE
//! waits for a row that another transaction has locked, and a change of that row rolls the whole batch back, which is
//! then retried.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures_util::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use sqlx::postgres::PgConnection;
use sqlx::{Connection as _, Executor};

use super::login::connect;
use super::pooler::{exclusive_session, passed_on};
use super::script::Script;
use super::url::timeouts;
use super::values::{arguments, row};
use super::{DIALECT, STATEMENTS, error, replication};
use crate::engine::socket::keep_alive_all;
use crate::engine::{
    Bind, Connection, DbError, DbErrorKind, Names, Replication, Role, Row, Sql, Statements, Target, Template, Value,
    insert,
};

/// Maximum size of the driver's buffers between two messages, in bytes.
const BUFFERS: usize = 1 << 20;
/// Maximum duration of one attempt to take the advisory lock.
const LOCK_ATTEMPT: Duration = Duration::from_secs(1);
/// The same value as in `set_session.sql`.
const LOCK_TIMEOUT: &str = "SET lock_timeout = '3s'";
/// SQLSTATE of a lock timeout.
const LOCK_NOT_AVAILABLE: &str = "55P03";

/// While this session holds the advisory lock, the server ends it after 90 s without a message of the client
/// (PostgreSQL 14).
const SET_IDLE_TIMEOUT: &str =
    "SELECT SET_CONFIG(name, '90s', FALSE) FROM pg_settings WHERE name = 'idle_session_timeout'";
const RESET_IDLE_TIMEOUT: &str =
    "SELECT SET_CONFIG(name, reset_val, FALSE) FROM pg_settings WHERE name = 'idle_session_timeout'";
/// All statements in transactions find rows by key. The planner has no statistics of a table that was loaded a moment
/// ago, and would scan it for each batch.
const SETTINGS: &str = "SET LOCAL enable_seqscan = off";
const BEGIN_WITHOUT_LOCKS: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ";
/// The commit of a relaxed transaction does not wait for the disk or for a standby. If the server crashes within a second
/// after it, it is lost, but only together with all later ones: the log is written in order.
const RELAXED: &str = "SET LOCAL synchronous_commit = off";
/// A commit that waits for the disk, and so for all commits before it. A transaction that writes nothing does not wait.
const FLUSH: &str = "SELECT PG_LOGICAL_EMIT_MESSAGE(TRUE, 'tomcat-sessions', '')";
/// In an aborted transaction, COMMIT rolls back without an error; the SELECT before it fails.
const COMMIT: &str = "SELECT; COMMIT";

/// The locking clause of statements.
const LOCKING_CLAUSE: &str = "FOR UPDATE SKIP LOCKED";

pub(super) struct PostgresStore {
    connection: PgConnection,
    /// The server and the database of the connection.
    target: Target,
    /// The backend process id.
    session: Option<i64>,
    in_transaction: bool,
    /// Whether no statement has been executed in the open transaction.
    unused: bool,
    /// Whether the account may lock rows, as far as is known.
    may_lock: bool,
    /// Whether a commit did not wait for the disk.
    unflushed: bool,
}

impl PostgresStore {
    pub(super) async fn open(target: &Target) -> Result<PostgresStore, DbError> {
        let begun = Instant::now();
        let mut connection = connect(target).await?;
        let session = exclusive_session(&mut connection, target, begun.elapsed()).await?;
        if let Some(silence) = timeouts(target).keepalive.filter(|_| !target.params.contains_key("socket")) {
            keep_alive_all(target.port, silence);
        }
        let mut store = PostgresStore {
            connection,
            target: target.clone(),
            session: Some(session),
            in_transaction: false,
            unused: false,
            may_lock: true,
            unflushed: false,
        };
        for file in [STATEMENTS.set_session, STATEMENTS.set_isolation] {
            store.execute_raw(&bare(file)?).await?;
        }
        if let Some(schema) = target.params.get("schema") {
            let set = Sql::plain("SELECT SET_CONFIG('search_path', $1, FALSE)");
            let set = Sql { params: vec![Value::from(schema.as_str())], ..set };
            store.query(&set).await?;
        }
        Ok(store)
    }

    async fn run(&mut self, text: &str) -> Result<(), DbError> {
        self.connection.execute(sqlx::raw_sql(text)).await.map(drop).map_err(error::map)
    }

    /// The number in the first row; `None` for NULL, and if there is no row.
    async fn number(&mut self, file: Template, bind: &Bind) -> Result<Option<i64>, DbError> {
        let sql = file.render(&Names::default(), &DIALECT, bind)?;
        match self.query(&sql).await?.first_mut() {
            Some(row) => row.int(0),
            None => Ok(None),
        }
    }

    /// Reads all rows of a query.
    async fn all_rows(&mut self, sql: &Sql) -> Result<Vec<Row>, DbError> {
        let mut rows = Vec::new();
        let mut biggest = 0;
        {
            // Row by row: otherwise a page would be in memory twice.
            let mut stream = self.stream(sql);
            while let Some(next) = stream.try_next().await? {
                biggest = biggest.max(next.0.iter().map(Value::size).sum());
                rows.push(next);
            }
        }
        self.shrink(biggest);
        Ok(rows)
    }

    /// Begins a transaction with more settings. Within a transaction, BEGIN would continue that transaction.
    async fn begin_transaction(&mut self, more: &str) -> Result<(), DbError> {
        if self.in_transaction {
            self.rollback().await?;
        }
        let begin = if self.may_lock { "BEGIN" } else { BEGIN_WITHOUT_LOCKS };
        self.run(&[begin, SETTINGS, more].join("; ")).await?;
        (self.in_transaction, self.unused) = (true, true);
        Ok(())
    }

    /// Runs a query without its locking clause, in a REPEATABLE READ transaction. `denied` is the error of the query
    /// with that clause.
    async fn query_without_locks(&mut self, sql: &Sql, denied: Option<DbError>) -> Result<Vec<Row>, DbError> {
        if let Some(denied) = denied {
            self.may_lock = false;
            if !self.unused {
                // This transaction is not REPEATABLE READ; the next attempt is.
                return Err(DbError { kind: DbErrorKind::Retryable, ..denied });
            }
            self.begin_transaction("").await?;
        }
        self.unused = false;
        let sql = Sql { text: sql.text.replace(LOCKING_CLAUSE, ""), ..sql.clone() };
        self.all_rows(&sql).await
    }

    /// Frees the driver's buffers after a large message.
    fn shrink(&mut self, message: usize) {
        if message > BUFFERS {
            self.connection.shrink_buffers();
        }
    }

    /// Connects to another database of the same server.
    async fn connect_to(&mut self, database: String) -> Result<(), DbError> {
        let target = Target { database: Some(database), ..self.target.clone() };
        let there = std::mem::replace(self, PostgresStore::open(&target).await?);
        let _ = there.connection.close().await;
        Ok(())
    }

    /// Executes each text in the rows of a query as a statement.
    async fn run_results(&mut self, query: &str) -> Result<(), DbError> {
        for Row(values) in self.query(&Sql::plain(query)).await? {
            for value in values {
                if let Value::Text(statement) = value {
                    self.run(&statement).await?;
                }
            }
        }
        Ok(())
    }
}

fn bare(file: Template) -> Result<Sql, DbError> {
    file.render(&Names::default(), &DIALECT, &Bind::new())
}

#[async_trait]
impl Connection for PostgresStore {
    fn statements(&self) -> &'static Statements {
        &STATEMENTS
    }

    fn variant(&self) -> &'static str {
        "postgres"
    }

    fn session(&self) -> Option<i64> {
        self.session
    }

    async fn is_working(&mut self, session: i64) -> Result<Option<bool>, DbError> {
        let working = self.number(STATEMENTS.connection_activity, &Bind::new().set("session", session)).await?;
        Ok(working.map(|working| working > 0))
    }

    async fn role(&mut self) -> Result<Role, DbError> {
        let read_only = self.number(STATEMENTS.is_read_only, &Bind::new()).await?;
        Ok(if read_only == Some(1) { Role::ReadOnly } else { Role::Primary })
    }

    async fn replication(&mut self) -> Result<Vec<Replication>, DbError> {
        let rows = self.query(&bare(STATEMENTS.replication)?).await?;
        rows.into_iter().map(replication::read).collect()
    }

    async fn primary(&mut self) -> Result<Option<String>, DbError> {
        Ok(self.replication().await?.into_iter().find_map(|one| one.source))
    }

    async fn query(&mut self, sql: &Sql) -> Result<Vec<Row>, DbError> {
        let locks = self.in_transaction && sql.text.contains(LOCKING_CLAUSE);
        if locks && !self.may_lock {
            return self.query_without_locks(sql, None).await;
        }
        match self.all_rows(sql).await {
            Err(error) if locks && error.kind == DbErrorKind::Denied => {
                self.query_without_locks(sql, Some(error)).await
            }
            rows => {
                self.unused = false;
                rows
            }
        }
    }

    fn stream<'a>(&'a mut self, sql: &'a Sql) -> BoxStream<'a, Result<Row, DbError>> {
        let rows = async move {
            let query = sqlx::query_with(&sql.text, arguments(sql)?);
            Ok(self.connection.fetch(query).map(move |next| row(&next.map_err(error::map)?)))
        };
        stream::once(rows).try_flatten().boxed()
    }

    async fn execute(&mut self, sql: &Sql) -> Result<u64, DbError> {
        self.unused = false;
        let query = sqlx::query_with(&sql.text, arguments(sql)?);
        let done = self.connection.execute(query).await.map_err(error::map)?;
        self.shrink(sql.size());
        Ok(done.rows_affected())
    }

    /// Also executes the psql commands in SQL files.
    async fn execute_raw(&mut self, sql: &Sql) -> Result<(), DbError> {
        match Script::of(&sql.text) {
            Script::Connect { database, rest } => {
                self.connect_to(database).await?;
                self.run(rest).await
            }
            Script::RunResults(query) => self.run_results(query).await,
            Script::Plain(text) => self.run(text).await,
        }
    }

    async fn insert_many(
        &mut self,
        names: &Names,
        rows: Vec<Vec<Value>>,
        max_packet: Option<u64>,
    ) -> Result<u64, DbError> {
        insert::by_statements(self, &DIALECT, names, rows, max_packet).await
    }

    async fn begin(&mut self) -> Result<(), DbError> {
        self.begin_transaction("").await
    }

    async fn begin_relaxed(&mut self) -> Result<(), DbError> {
        self.unflushed = true;
        self.begin_transaction(RELAXED).await
    }

    async fn flush_commits(&mut self) -> Result<(), DbError> {
        if self.unflushed {
            self.run(FLUSH).await?;
            self.unflushed = false;
        }
        Ok(())
    }

    async fn commit(&mut self) -> Result<(), DbError> {
        self.run(COMMIT).await?;
        self.in_transaction = false;
        Ok(())
    }

    async fn rollback(&mut self) -> Result<(), DbError> {
        if !self.in_transaction {
            return Ok(());
        }
        self.run("ROLLBACK").await?;
        self.in_transaction = false;
        Ok(())
    }

    async fn lock(&mut self, name: &str, wait: Duration) -> Result<bool, DbError> {
        let sql = STATEMENTS.lock.render(&Names::default(), &DIALECT, &Bind::new().set("name", name))?;
        let begun = Instant::now();
        let taken = loop {
            let left = wait.saturating_sub(begun.elapsed());
            // A timeout of 0 would mean no limit.
            let attempt = left.min(LOCK_ATTEMPT).as_millis().max(1);
            self.run(&format!("SET lock_timeout = '{attempt}ms'")).await?;
            match self.query(&sql).await {
                Ok(mut rows) => match rows.first_mut().map_or(Ok(None), |row| row.int(0))? {
                    Some(taken) => break taken == 1,
                    None => return Err(passed_on()),
                },
                Err(error) if error.code == LOCK_NOT_AVAILABLE && left > LOCK_ATTEMPT => {}
                Err(error) if error.code == LOCK_NOT_AVAILABLE => break false,
                Err(error) => return Err(error),
            }
        };
        self.run(LOCK_TIMEOUT).await?;
        if taken {
            self.run(SET_IDLE_TIMEOUT).await?;
        }
        Ok(taken)
    }

    async fn holds_lock(&mut self, name: &str) -> Result<bool, DbError> {
        let held = self.number(STATEMENTS.lock_held, &Bind::new().set("name", name)).await?;
        Ok(held.is_some_and(|held| held > 0))
    }

    async fn unlock(&mut self, name: &str) -> Result<(), DbError> {
        self.number(STATEMENTS.unlock, &Bind::new().set("name", name)).await?;
        self.run(RESET_IDLE_TIMEOUT).await
    }

    async fn close(self: Box<Self>) {
        let _ = self.connection.close().await;
    }
}
