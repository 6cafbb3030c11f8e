//! A connection whose server is monitored. It is closed if the server is unreachable (`liveness`), or if a request to
//! stop says so. If the target allows it, the connection is then replaced by one to any suitable host (`failover`).
//! While it holds the advisory lock, it is also kept from being idle (`lock_keepalive`).
//!
//! # What a replaced connection may do
//!
//! Outside of a transaction, a query only reads, and is sent again. A transaction is never continued: the call that
//! noticed the loss fails with [`DbErrorKind::Broken`], and nothing is sent until the caller begins another one. The
//! advisory lock is taken again before anything else; if another run has it by now, everything fails with
//! [`DbErrorKind::LockLost`]. [`Connection::generation`] shows whether the lock was held all the time, or taken
//! again.

mod reconnect;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use tokio::time::{Instant, timeout};

use super::failover::{self, HostConnection, Role};
use super::liveness::{Server, Timeouts, stopped};
use super::lock_keepalive::LockKeepalive;
use super::monitored_rows::{MonitoredRows, RowMonitor};
use super::statement_log;
use super::{
    ClusterKind, Connection, DbError, DbErrorKind, HostPort, Names, Replication, Row, Sql, Statements, Target,
    USE_PRIMARY, Value,
};

/// Time limit for closing a connection.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);
/// Idle time after which a proxy may have closed a connection.
const MAX_IDLE: Duration = Duration::from_secs(2);
/// How often one call may lose its connection before it gives up.
const MAX_LOSSES: u32 = 5;

impl Target {
    /// Connects and logs in; `create` creates the database if it is a file. From then on, an unreachable server is
    /// noticed within the time that the URL allows.
    ///
    /// # Errors
    /// A [`DbError`] of the kind `Unreachable`, `Auth`, `NoDatabase`, `Tls`, `Timeout` or `Stopped`.
    pub async fn connect(&self, create: bool) -> Result<Box<dyn Connection>, DbError> {
        let logged = self.failover.log.begin("connect", || None);
        let opened = failover::open(self, create, None).await;
        statement_log::end(logged, &opened, |_| 0);
        let HostConnection { connection, place } = opened.map_err(|error| error.with_hints(self.engine.dialect()))?;
        Ok(Box::new(MonitoredConnection {
            statements: connection.statements(),
            variant: connection.variant(),
            cluster: connection.cluster(),
            server: Arc::new(server(&place, &*connection)),
            target: self.clone(),
            connection: Some(connection),
            lost: false,
            in_transaction: false,
            given_up: false,
            used: Instant::now(),
            was_idle: false,
            generation: 0,
            locked: None,
            keepalive: None,
        }))
    }
}

fn server(place: &Target, connection: &dyn Connection) -> Server {
    let Timeouts { keepalive, .. } = place.engine.timeouts(place);
    Server { target: place.clone(), keepalive, session: connection.session() }
}

/// A connection and its monitor.
pub(super) struct MonitoredConnection {
    statements: &'static Statements,
    variant: &'static str,
    cluster: Option<ClusterKind>,
    /// The target with all hosts; the connection belongs to one of them.
    target: Target,
    server: Arc<Server>,
    /// `None` after it was closed, after a call that was dropped halfway, and while the keepalive has it.
    connection: Option<Box<dyn Connection>>,
    /// Whether the connection can no longer be used, for example because it is out of sync.
    lost: bool,
    in_transaction: bool,
    /// Whether the connection could not be replaced.
    given_up: bool,
    /// Time of the last answer.
    used: Instant,
    /// Whether it had been idle before the current call.
    was_idle: bool,
    /// How often the connection has been replaced.
    generation: u64,
    /// The advisory lock that it holds.
    locked: Option<String>,
    /// Owns the connection while nothing uses it and it holds the lock.
    keepalive: Option<Arc<LockKeepalive>>,
}

fn given_up() -> DbError {
    DbError::new(DbErrorKind::Unreachable, "", "the connection was closed because the server did not answer")
}

impl MonitoredConnection {
    /// Takes the connection for a call. A call that is dropped halfway drops the connection too: its answer would
    /// otherwise be read as that of the next call.
    async fn take(&mut self) -> Result<Box<dyn Connection>, DbError> {
        self.target.failover.unanswered.check()?;
        if self.lost && self.can_reconnect() && !self.in_transaction {
            self.reconnect().await?;
        }
        self.was_idle = self.used.elapsed() >= MAX_IDLE && !self.in_transaction && self.locked.is_none();
        if let Some(connection) = self.connection.take().filter(|_| !self.lost) {
            return Ok(connection);
        }
        match &self.keepalive {
            Some(keepalive) if !self.lost => tokio::select! {
                connection = keepalive.take() => connection.ok_or_else(given_up),
                cause = self.server.target.stop.wait_for_deadline() => Err(stopped(cause)),
            },
            _ => Err(given_up()),
        }
    }

    /// Puts the connection back after a call, unless it has to be closed.
    fn return_connection<T>(
        &mut self,
        connection: Box<dyn Connection>,
        answer: Result<Result<T, DbError>, DbError>,
    ) -> Result<T, DbError> {
        self.used = Instant::now();
        let answer = answer.and_then(|answer| {
            match &self.keepalive {
                Some(keepalive) => keepalive.put(connection),
                None => self.connection = Some(connection),
            }
            answer
        });
        answer.map_err(|error| self.met(error))
    }
}

/// A call of the inner connection whose answer is monitored.
macro_rules! watched {
    ($self:ident, $bytes:expr, $connection:ident => $call:expr) => {{
        match $self.take().await {
            Ok(mut $connection) => {
                let answer = $self.server.answer($bytes, $call).await;
                $self.return_connection($connection, answer)
            }
            Err(error) => Err($self.met(error)),
        }
    }};
}

/// The same for a call that changes nothing: it is repeated if the connection was lost and replaced.
macro_rules! repeated {
    ($self:ident, $bytes:expr, $connection:ident => $call:expr) => {{
        let mut losses = 0;
        loop {
            match watched!($self, $bytes, $connection => $call) {
                Err(error) if losses < MAX_LOSSES && $self.repeats(&error) => losses += 1,
                done => break done,
            }
        }
    }};
}

impl MonitoredConnection {
    /// Names the server that accepts writes in the error of a server that accepts none.
    async fn name_primary<T>(&mut self, answer: Result<T, DbError>) -> Result<T, DbError> {
        let error = match answer {
            Err(error) if error.kind == DbErrorKind::ReadOnly && !self.lost => error,
            answer => return answer,
        };
        let primary: Result<Option<String>, DbError> = watched!(self, 0, connection => connection.primary());
        Err(match primary {
            Ok(Some(primary)) => {
                let message = format!("this server is read-only: the primary is {primary}");
                DbError { message, hints_of: |_| &[USE_PRIMARY], ..error }
            }
            _ => error,
        })
    }
}

impl MonitoredConnection {
    async fn begin_as(&mut self, relaxed: bool) -> Result<(), DbError> {
        let logged = self.target.failover.log.begin("begin", || None);
        let begun =
            repeated!(self, 0, connection => if relaxed { connection.begin_relaxed() } else { connection.begin() });
        statement_log::end(logged, &begun, |()| 0);
        self.in_transaction = begun.is_ok();
        begun
    }
}

#[async_trait]
impl Connection for MonitoredConnection {
    fn statements(&self) -> &'static Statements {
        self.statements
    }

    fn variant(&self) -> &'static str {
        self.variant
    }

    fn cluster(&self) -> Option<ClusterKind> {
        self.cluster
    }

    fn session(&self) -> Option<i64> {
        self.server.session
    }

    async fn is_working(&mut self, session: i64) -> Result<Option<bool>, DbError> {
        watched!(self, 0, connection => connection.is_working(session))
    }

    fn generation(&self) -> u64 {
        self.generation
    }

    fn node(&self) -> Option<String> {
        let Target { host, port, .. } = &self.server.target;
        (!host.is_empty()).then(|| format!("{host}:{port}"))
    }

    async fn role(&mut self) -> Result<Role, DbError> {
        repeated!(self, 0, connection => connection.role())
    }

    async fn replication(&mut self) -> Result<Vec<Replication>, DbError> {
        repeated!(self, 0, connection => connection.replication())
    }

    async fn primary(&mut self) -> Result<Option<String>, DbError> {
        repeated!(self, 0, connection => connection.primary())
    }

    async fn replicas(&mut self) -> Result<Vec<HostPort>, DbError> {
        repeated!(self, 0, connection => connection.replicas())
    }

    async fn query(&mut self, sql: &Sql) -> Result<Vec<Row>, DbError> {
        let logged = statement_log::begin(&self.target.failover.log, self.statements, sql);
        let rows = if self.in_transaction {
            let rows = watched!(self, sql.size(), connection => connection.query(sql));
            // Queries can lock rows, so they can fail on a read-only server too.
            self.name_primary(rows).await
        } else {
            repeated!(self, sql.size(), connection => connection.query(sql))
        };
        statement_log::end(logged, &rows, |rows| rows.len() as u64);
        rows
    }

    fn stream<'a>(&'a mut self, sql: &'a Sql) -> BoxStream<'a, Result<Row, DbError>> {
        let mut logged = statement_log::Rows::begin(&self.target.failover.log, self.statements, sql);
        let dialect = self.target.engine.dialect();
        let rows = async move {
            // The stream borrows it: dropping the stream is no reason to lose the connection.
            let taken = match self.take().await {
                Ok(taken) => taken,
                Err(error) => return Err(self.met(error)),
            };
            let reconnects = self.can_reconnect();
            let MonitoredConnection { connection, server, lost, in_transaction, target, .. } = self;
            let watch = RowMonitor { server: Arc::clone(server), bytes: sql.size(), moved: Arc::default() };
            let rows = Some(connection.insert(taken).stream(sql));
            let target = reconnects.then_some(&*target);
            Ok(MonitoredRows { rows, watch, given_up: None, lost, in_transaction, target })
        };
        let rows = stream::once(rows).try_flatten().map_err(|error| error.with_hints(dialect));
        rows.inspect(move |row| logged.add(row)).boxed()
    }

    async fn execute(&mut self, sql: &Sql) -> Result<u64, DbError> {
        let logged = statement_log::begin(&self.target.failover.log, self.statements, sql);
        let done = watched!(self, sql.size(), connection => connection.execute(sql));
        let done = self.name_primary(done).await;
        statement_log::end(logged, &done, |rows| *rows);
        done
    }

    async fn execute_raw(&mut self, sql: &Sql) -> Result<(), DbError> {
        let logged = statement_log::begin(&self.target.failover.log, self.statements, sql);
        let done = watched!(self, sql.size(), connection => connection.execute_raw(sql));
        let done = self.name_primary(done).await;
        statement_log::end(logged, &done, |()| 0);
        done
    }

    async fn insert_many(
        &mut self,
        names: &Names,
        rows: Vec<Vec<Value>>,
        max_packet: Option<u64>,
    ) -> Result<u64, DbError> {
        let bytes = rows.iter().flatten().map(Value::size).sum();
        let logged = self.target.failover.log.begin("insert", || None);
        let done = watched!(self, bytes, connection => connection.insert_many(names, rows, max_packet));
        let done = self.name_primary(done).await;
        statement_log::end(logged, &done, |rows| *rows);
        done
    }

    async fn stage_keys(
        &mut self,
        names: &Names,
        keys: &mut (dyn Iterator<Item = Vec<Value>> + Send),
    ) -> Result<bool, DbError> {
        let logged = self.target.failover.log.begin("stage keys", || None);
        let done = watched!(self, 0, connection => connection.stage_keys(names, keys));
        statement_log::end(logged, &done, |_| 0);
        done
    }

    async fn begin(&mut self) -> Result<(), DbError> {
        self.begin_as(false).await
    }

    async fn begin_relaxed(&mut self) -> Result<(), DbError> {
        self.begin_as(true).await
    }

    async fn flush_commits(&mut self) -> Result<(), DbError> {
        // A new connection would know nothing of the commits of the lost one.
        if self.lost { Ok(()) } else { watched!(self, 0, connection => connection.flush_commits()) }
    }

    async fn commit(&mut self) -> Result<(), DbError> {
        let logged = self.target.failover.log.begin("commit", || None);
        let done = watched!(self, 0, connection => connection.commit());
        self.in_transaction = false;
        let done = self.name_primary(done).await;
        statement_log::end(logged, &done, |()| 0);
        done
    }

    async fn rollback(&mut self) -> Result<(), DbError> {
        if self.lost && self.can_reconnect() {
            // The transaction ended with the connection.
            self.in_transaction = false;
            return Ok(());
        }
        let logged = self.target.failover.log.begin("rollback", || None);
        let done = watched!(self, 0, connection => connection.rollback());
        self.in_transaction = false;
        statement_log::end(logged, &done, |()| 0);
        done
    }

    async fn lock(&mut self, name: &str, wait: Duration) -> Result<bool, DbError> {
        let logged = self.target.failover.log.begin("lock", || None);
        let taken = watched!(self, 0, connection => connection.lock(name, wait));
        statement_log::end(logged, &taken, |_| 0);
        let taken = taken?;
        if taken {
            self.locked = Some(name.to_owned());
            self.keep_alive();
        }
        Ok(taken)
    }

    async fn holds_lock(&mut self, name: &str) -> Result<bool, DbError> {
        repeated!(self, 0, connection => connection.holds_lock(name))
    }

    async fn unlock(&mut self, name: &str) -> Result<(), DbError> {
        self.locked = None;
        if self.lost {
            return Ok(());
        }
        let connection = self.take().await?;
        self.keepalive = None;
        self.connection = Some(connection);
        watched!(self, 0, connection => connection.unlock(name))
    }

    async fn close(mut self: Box<Self>) {
        if !self.lost
            && let Ok(Ok(connection)) = timeout(CLOSE_TIMEOUT, self.take()).await
        {
            let _ = timeout(CLOSE_TIMEOUT, connection.close()).await;
        }
    }
}
