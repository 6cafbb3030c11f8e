//! An open connection to a MySQL or MariaDB server.

use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use sqlx::mysql::MySqlConnection;
use sqlx::{Connection as _, Executor};

use super::login::connect;
use super::url::{timeouts, tls};
use super::values::{arguments, row};
use super::{DIALECT, MARIADB, MYSQL, error, replication};
use crate::engine::socket::keep_alive_all;
use crate::engine::url_parameters::{Tls, require_readable_files};
use crate::engine::{
    Bind, ClusterKind, Connection, DbError, DbErrorKind, HostPort, Names, Replication, Role, Row, Sql, Statements,
    Target, Value, insert,
};

/// Maximum size of the driver's buffers that is kept between two messages, in bytes.
const BUFFERS: usize = 1 << 20;
/// Size of the values from which on a statement is sent as ASCII, if it can be.
const ASCII_MIN_BYTES: usize = 64 << 10;

/// Declares that statements are sent as ASCII. Not used if the binary log records them as text, because a replica
/// would read the data in them as ASCII and replace half of it with question marks.
const SEND_ASCII: &str = "SET SESSION character_set_client = ascii";
const SEND_UTF8: &str = "SET SESSION character_set_client = utf8mb4";

/// While the session locks rows or holds the advisory lock, the server ends it 90 s after the last statement of its
/// client instead of after hours, so that nobody waits long for a client that is gone.
const SET_IDLE_TIMEOUT: &str = "SET SESSION wait_timeout = 90";
const RESET_IDLE_TIMEOUT: &str = "SET SESSION wait_timeout = DEFAULT";
/// One round trip each. None begins with SET: ProxySQL would treat it as a single statement that it cannot parse, and
/// from then on refuse what its rules send to another host group (error 9006).
const SET_TIMEOUT_AND_BEGIN: &str = "START TRANSACTION; SET SESSION wait_timeout = 90";
const COMMIT_AND_RESET_TIMEOUT: &str = "COMMIT; SET SESSION wait_timeout = DEFAULT";
const ROLLBACK_AND_RESET_TIMEOUT: &str = "ROLLBACK; SET SESSION wait_timeout = DEFAULT";

/// A connection, to be used on a single-threaded runtime. With several threads, the driver's TLS may wait for an
/// answer forever while a part of the statement is unsent: this happens if the socket accepts bytes again between its
/// refusal and the check (transact-rs/sqlx#4248; one in ten runs of `migrate` with 900 MB was affected). On one
/// thread, nothing polls the socket in between.
pub(super) struct MysqlStore {
    connection: MySqlConnection,
    mariadb: bool,
    cluster: Option<ClusterKind>,
    in_transaction: bool,
    /// Whether the server takes statements for ASCII instead of UTF-8; `None` if it always takes them for UTF-8.
    ascii: Option<bool>,
    /// The id of the session on the server.
    session: Option<i64>,
    /// Whether it holds the advisory lock.
    locked: bool,
}

impl MysqlStore {
    pub(super) async fn open(target: &Target) -> Result<MysqlStore, DbError> {
        let faulty = |e: crate::engine::UrlError| DbError::other(e.message);
        let tls = tls(target).map_err(faulty)?;
        require_readable_files(target)?;
        crate::engine::choose_cryptography();
        let connection = match connect(target, tls).await {
            // A server without TLS: the only error that [`Tls::Tried`] tolerates.
            Err(e) if tls == Tls::Tried && e.kind == DbErrorKind::Tls && e.message.contains("does not support TLS") => {
                connect(target, Tls::Disabled).await?
            }
            opened => opened?,
        };
        if let Some(silence) = timeouts(target).keepalive.filter(|_| !target.params.contains_key("socket")) {
            keep_alive_all(target.port, silence);
        }
        let mut store = MysqlStore {
            connection,
            mariadb: false,
            cluster: None,
            in_transaction: false,
            ascii: None,
            session: None,
            locked: false,
        };
        store.recognise().await?;
        let files = store.statements();
        let causal = store.cluster.map(|kind| match kind {
            ClusterKind::Galera => files.set_causal_galera,
            ClusterKind::Group => files.set_causal_group,
        });
        for file in [files.set_session, files.set_isolation].into_iter().chain(causal) {
            store.execute_raw(&file.render(&Names::default(), &DIALECT, &Bind::new())?).await?;
        }
        Ok(store)
    }

    /// Determines the kind of server, and the cluster to which it belongs.
    async fn recognise(&mut self) -> Result<(), DbError> {
        let sql = self.statements().cluster.render(&Names::default(), &DIALECT, &Bind::new())?;
        let mut rows = match self.query(&sql).await {
            // Other servers with this protocol may not list their variables in this form.
            Err(error)
                if !matches!(error.kind, DbErrorKind::Unreachable | DbErrorKind::NoQuorum | DbErrorKind::Timeout) =>
            {
                self.query(&Sql::plain("SELECT VERSION(), CONNECTION_ID(), NULL, NULL, 1")).await?
            }
            found => found?,
        };
        let row = rows.first_mut().ok_or_else(|| DbError::other("the server does not report its version"))?;
        self.mariadb = row.text(0)?.unwrap_or_default().to_ascii_lowercase().contains("mariadb");
        self.session = row.int(1)?;
        let logs_text = row.int(4)? == Some(1);
        self.ascii = (!self.mariadb && !logs_text).then_some(false);
        self.cluster = match (row.int(2)?, row.int(3)?) {
            (Some(1), _) => Some(ClusterKind::Galera),
            (_, Some(1)) => Some(ClusterKind::Group),
            _ => None,
        };
        Ok(())
    }

    /// Tells whether the next statement waits only for the cluster, and for no row lock, because it only reads.
    fn waits_for_cluster(&self) -> bool {
        self.cluster == Some(ClusterKind::Galera) && !self.in_transaction
    }

    /// Releases the driver's buffers after a message of this size has passed through them.
    fn shrink(&mut self, message: usize) {
        if message > BUFFERS {
            self.connection.shrink_buffers();
        }
    }

    /// Declares the character set of a statement: ASCII if it has large data and otherwise only ASCII text. MySQL
    /// rewrites each statement with its values as text for auditing (`Prepared_statement::setup_stmt_logging`), and
    /// if the client's character set has multi-byte characters, it checks each byte of the data: a third of the
    /// processor time of its inserts. MariaDB does not.
    async fn announce(&mut self, sql: &Sql) -> Result<(), DbError> {
        let plain = || sql.text.is_ascii() && sql.params.iter().all(Value::is_ascii);
        match self.ascii {
            Some(true) if !plain() => {
                self.run(SEND_UTF8).await?;
                self.ascii = Some(false);
            }
            Some(false) if sql.size() >= ASCII_MIN_BYTES && plain() => {
                // Set before the answer: the change may be effective even if the call is dropped.
                self.ascii = Some(true);
                if self.run(SEND_ASCII).await.is_err() {
                    // It is only an optimization.
                    self.ascii = None;
                }
            }
            _ => {}
        }
        Ok(())
    }

    async fn run(&mut self, text: &'static str) -> Result<(), DbError> {
        self.connection.execute(sqlx::raw_sql(text)).await.map(drop).map_err(error::map)
    }

    /// The number in a result with one row; `None` for NULL.
    async fn number(&mut self, file: crate::engine::Template, bind: &Bind) -> Result<Option<i64>, DbError> {
        let sql = file.render(&Names::default(), &DIALECT, bind)?;
        match self.query(&sql).await?.first_mut() {
            Some(row) => row.int(0),
            None => Ok(None),
        }
    }
}

#[async_trait]
impl Connection for MysqlStore {
    fn statements(&self) -> &'static Statements {
        if self.mariadb { &MARIADB } else { &MYSQL }
    }

    fn variant(&self) -> &'static str {
        if self.mariadb { "mariadb" } else { "mysql" }
    }

    fn session(&self) -> Option<i64> {
        self.session
    }

    /// Asks in a transaction: a proxy that sends reads to replicas sends those of a transaction to the server that
    /// accepts writes.
    async fn is_working(&mut self, session: i64) -> Result<Option<bool>, DbError> {
        self.run("START TRANSACTION").await?;
        let sql = self.statements().connection_activity.render(
            &Names::default(),
            &DIALECT,
            &Bind::new().set("session", session),
        )?;
        let (mut sees_itself, mut working) = (false, false);
        for mut row in self.query(&sql).await? {
            let (own, at_work) = (row.int(0)? == Some(1), row.int(1)? == Some(1));
            sees_itself |= own;
            working |= !own && at_work;
        }
        Ok(sees_itself.then_some(working))
    }

    fn cluster(&self) -> Option<ClusterKind> {
        self.cluster
    }

    async fn role(&mut self) -> Result<Role, DbError> {
        let files = self.statements();
        let read_only = self.number(files.is_read_only, &Bind::new()).await? == Some(1);
        if self.cluster == Some(ClusterKind::Group) {
            match self.number(files.is_group_member, &Bind::new()).await {
                Ok(Some(1)) => {}
                Ok(_) => return Ok(Role::NonMember),
                // An account that may not see the members still sees that a secondary is read-only.
                Err(error) if error.kind == DbErrorKind::Denied => {}
                Err(error) => return Err(error),
            }
        }
        Ok(if read_only { Role::ReadOnly } else { Role::Primary })
    }

    async fn replication(&mut self) -> Result<Vec<Replication>, DbError> {
        let sql = self.statements().replication.render(&Names::default(), &DIALECT, &Bind::new())?;
        // As text, regardless of the types of the columns.
        let rows = self.connection.fetch_all(sqlx::raw_sql(&sql.text)).await.map_err(error::map)?;
        Ok(rows.iter().filter_map(replication::read).collect())
    }

    async fn primary(&mut self) -> Result<Option<String>, DbError> {
        if self.cluster != Some(ClusterKind::Group) {
            return Ok(self.replication().await?.into_iter().find_map(|one| one.source));
        }
        let sql = self.statements().group_primary.render(&Names::default(), &DIALECT, &Bind::new())?;
        self.query(&sql).await?.first_mut().map_or(Ok(None), |row| row.text(0))
    }

    async fn replicas(&mut self) -> Result<Vec<HostPort>, DbError> {
        let sql = self.statements().replicas.render(&Names::default(), &DIALECT, &Bind::new())?;
        let rows = self.connection.fetch_all(sqlx::raw_sql(&sql.text)).await.map_err(error::map)?;
        Ok(rows.iter().filter_map(replication::host).collect())
    }

    async fn query(&mut self, sql: &Sql) -> Result<Vec<Row>, DbError> {
        let mut rows = Vec::new();
        let mut biggest = 0;
        {
            // Row by row; otherwise a page would be in memory twice.
            let mut stream = self.stream(sql);
            while let Some(next) = stream.try_next().await? {
                biggest = biggest.max(next.0.iter().map(Value::size).sum());
                rows.push(next);
            }
        }
        self.shrink(biggest);
        Ok(rows)
    }

    fn stream<'a>(&'a mut self, sql: &'a Sql) -> BoxStream<'a, Result<Row, DbError>> {
        let waits = self.waits_for_cluster();
        let rows = async move {
            self.announce(sql).await?;
            let query = sqlx::query_with(&sql.text, arguments(sql)?);
            let map_lock_timeout = move |error| error::map_lock_timeout(waits, error::map(error));
            Ok(self.connection.fetch(query).map(move |next| row(&next.map_err(map_lock_timeout)?)))
        };
        stream::once(rows).try_flatten().boxed()
    }

    async fn execute(&mut self, sql: &Sql) -> Result<u64, DbError> {
        self.announce(sql).await?;
        let query = sqlx::query_with(&sql.text, arguments(sql)?);
        let done = self.connection.execute(query).await.map_err(error::map)?;
        self.shrink(sql.size());
        Ok(done.rows_affected())
    }

    async fn execute_raw(&mut self, sql: &Sql) -> Result<(), DbError> {
        self.announce(sql).await?;
        self.connection.execute(sqlx::raw_sql(&sql.text)).await.map(drop).map_err(error::map)
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
        let waits = self.waits_for_cluster();
        let begun = self.run(if self.locked { "START TRANSACTION" } else { SET_TIMEOUT_AND_BEGIN }).await;
        begun.map_err(|error| error::map_lock_timeout(waits, error))?;
        self.in_transaction = true;
        Ok(())
    }

    async fn commit(&mut self) -> Result<(), DbError> {
        self.in_transaction = false;
        self.run(if self.locked { "COMMIT" } else { COMMIT_AND_RESET_TIMEOUT }).await
    }

    async fn rollback(&mut self) -> Result<(), DbError> {
        self.in_transaction = false;
        self.run(if self.locked { "ROLLBACK" } else { ROLLBACK_AND_RESET_TIMEOUT }).await
    }

    async fn lock(&mut self, name: &str, wait: Duration) -> Result<bool, DbError> {
        let seconds = i64::try_from(wait.as_secs()).unwrap_or(i64::MAX);
        let bind = Bind::new().set("name", name).set("wait_seconds", seconds);
        self.run(SET_IDLE_TIMEOUT).await?;
        match self.number(self.statements().lock, &bind).await? {
            Some(taken) => {
                self.locked = taken == 1;
                Ok(self.locked)
            }
            None => Err(DbError::other("the server could not take the advisory lock")),
        }
    }

    async fn holds_lock(&mut self, name: &str) -> Result<bool, DbError> {
        let held = self.number(self.statements().lock_held, &Bind::new().set("name", name)).await?;
        Ok(held == Some(1))
    }

    async fn unlock(&mut self, name: &str) -> Result<(), DbError> {
        self.number(self.statements().unlock, &Bind::new().set("name", name)).await?;
        self.locked = false;
        self.run(RESET_IDLE_TIMEOUT).await
    }

    async fn close(self: Box<Self>) {
        let _ = self.connection.close().await;
    }
}
