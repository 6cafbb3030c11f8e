//! A connection whose server is watched: it is given up once the server is gone (`liveness`), or once a
//! request to stop says so.
//!
//! While it holds the advisory lock it is also kept from falling silent (`lock_keepalive`).

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::{self, BoxStream, Stream, StreamExt as _, TryStreamExt as _};
use tokio::time::timeout;

use super::liveness::{Answer, Server, Timeouts, stopped};
use super::lock_keepalive::LockKeepalive;
use super::{ClusterKind, Connection, DbError, DbErrorKind, Names, Replication, Row, Sql, Statements, Target, Value};

/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);

/// Connects, logs in, and watches the connection from then on.
///
/// # Errors
/// As [`super::Engine::connect`].
pub(super) async fn connect(target: &Target, create: bool) -> Result<Box<dyn Connection>, DbError> {
    let Timeouts { connect, keepalive } = target.engine.timeouts(target);
    let opening = target.engine.open(target, create);
    let opened = tokio::select! {
        biased;
        opened = within(connect, opening) => opened?,
        cause = target.stop.end() => return Err(stopped(cause)),
    };
    let server = Server { target: target.clone(), keepalive, session: opened.session() };
    Ok(Box::new(Watched {
        statements: opened.statements(),
        flavour: opened.flavour(),
        cluster: opened.cluster(),
        server: Arc::new(server),
        connection: Some(opened),
        lost: false,
        keepalive: None,
    }))
}

async fn within<T>(limit: Option<Duration>, opening: Answer<'_, T>) -> Result<T, DbError> {
    let Some(limit) = limit else { return opening.await };
    match timeout(limit, opening).await {
        Ok(opened) => opened,
        Err(_) => {
            Err(DbError::new(DbErrorKind::Timeout, "", format!("no answer within {} s", limit.as_secs_f64().ceil())))
        }
    }
}

/// A connection and its watch.
pub(super) struct Watched {
    statements: &'static Statements,
    flavour: &'static str,
    cluster: Option<ClusterKind>,
    server: Arc<Server>,
    /// `None` once it is given up, after a call that was dropped half-way, and while the keepalive has it.
    connection: Option<Box<dyn Connection>>,
    /// Whether rows were given up half-way, so that the connection is out of step.
    lost: bool,
    /// Has the connection while nothing uses it and it holds the lock.
    keepalive: Option<Arc<LockKeepalive>>,
}

impl Watched {
    /// Takes the connection for a call, so that one that is dropped half-way takes it along: its answer
    /// would come in the place of the next one's.
    async fn take(&mut self) -> Result<Box<dyn Connection>, DbError> {
        if let Some(connection) = self.connection.take().filter(|_| !self.lost) {
            return Ok(connection);
        }
        let lost = || DbError::new(DbErrorKind::Unreachable, "", "the connection was given up");
        match &self.keepalive {
            Some(keepalive) => tokio::select! {
                connection = keepalive.take() => connection.ok_or_else(lost),
                cause = self.server.target.stop.end() => Err(stopped(cause)),
            },
            None => Err(lost()),
        }
    }

    /// Puts the connection back after a call, unless it is given up.
    fn put_back<T>(
        &mut self,
        connection: Box<dyn Connection>,
        answer: Result<Result<T, DbError>, DbError>,
    ) -> Result<T, DbError> {
        let answer = answer?;
        match &self.keepalive {
            Some(keepalive) => keepalive.put(connection),
            None => self.connection = Some(connection),
        }
        answer
    }
}

/// One call of the connection within, with its answer watched.
macro_rules! watched {
    ($self:ident, $bytes:expr, $connection:ident => $call:expr) => {{
        let mut $connection = $self.take().await?;
        let answer = $self.server.answer($bytes, $call).await;
        $self.put_back($connection, answer)
    }};
}

#[async_trait]
impl Connection for Watched {
    fn statements(&self) -> &'static Statements {
        self.statements
    }

    fn flavour(&self) -> &'static str {
        self.flavour
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

    async fn replication(&mut self) -> Result<Vec<Replication>, DbError> {
        watched!(self, 0, connection => connection.replication())
    }

    async fn query(&mut self, sql: &Sql) -> Result<Vec<Row>, DbError> {
        watched!(self, sql.size(), connection => connection.query(sql))
    }

    fn stream<'a>(&'a mut self, sql: &'a Sql) -> BoxStream<'a, Result<Row, DbError>> {
        let rows = async move {
            // It stays here: a row that is not taken is no reason to lose the connection.
            let taken = self.take().await?;
            let Watched { connection, server, lost, .. } = self;
            let watch = RowsWatch { server: Arc::clone(server), bytes: sql.size(), moved: Arc::default() };
            Ok(WatchedRows { rows: Some(connection.insert(taken).stream(sql)), watch, given_up: None, lost })
        };
        stream::once(rows).try_flatten().boxed()
    }

    async fn execute(&mut self, sql: &Sql) -> Result<u64, DbError> {
        watched!(self, sql.size(), connection => connection.execute(sql))
    }

    async fn execute_raw(&mut self, sql: &Sql) -> Result<(), DbError> {
        watched!(self, sql.size(), connection => connection.execute_raw(sql))
    }

    async fn insert_many(
        &mut self,
        names: &Names,
        rows: Vec<Vec<Value>>,
        max_packet: Option<u64>,
    ) -> Result<u64, DbError> {
        let bytes = rows.iter().flatten().map(Value::size).sum();
        watched!(self, bytes, connection => connection.insert_many(names, rows, max_packet))
    }

    async fn stage_keys(
        &mut self,
        names: &Names,
        keys: &mut (dyn Iterator<Item = Vec<Value>> + Send),
    ) -> Result<bool, DbError> {
        watched!(self, 0, connection => connection.stage_keys(names, keys))
    }

    async fn begin(&mut self) -> Result<(), DbError> {
        watched!(self, 0, connection => connection.begin())
    }

    async fn commit(&mut self) -> Result<(), DbError> {
        watched!(self, 0, connection => connection.commit())
    }

    async fn rollback(&mut self) -> Result<(), DbError> {
        watched!(self, 0, connection => connection.rollback())
    }

    async fn lock(&mut self, name: &str, wait: Duration) -> Result<bool, DbError> {
        let taken = watched!(self, 0, connection => connection.lock(name, wait))?;
        if taken && self.keepalive.is_none() && self.server.keepalive.is_some() {
            let keepalive = LockKeepalive::start(name, Arc::clone(&self.server));
            self.connection.take().into_iter().for_each(|connection| keepalive.put(connection));
            self.keepalive = Some(keepalive);
        }
        Ok(taken)
    }

    async fn holds_lock(&mut self, name: &str) -> Result<bool, DbError> {
        watched!(self, 0, connection => connection.holds_lock(name))
    }

    async fn unlock(&mut self, name: &str) -> Result<(), DbError> {
        let connection = self.take().await?;
        self.keepalive = None;
        self.connection = Some(connection);
        watched!(self, 0, connection => connection.unlock(name))
    }

    async fn close(mut self: Box<Self>) {
        if let Ok(Ok(connection)) = timeout(GOODBYE, self.take()).await {
            let _ = timeout(GOODBYE, connection.close()).await;
        }
    }
}

/// What a stream of rows is watched by.
struct RowsWatch {
    server: Arc<Server>,
    bytes: usize,
    moved: Arc<AtomicU64>,
}

impl RowsWatch {
    fn begin(&self) -> Pin<Box<dyn Future<Output = DbError> + Send>> {
        let (server, bytes, moved) = (Arc::clone(&self.server), self.bytes, Arc::clone(&self.moved));
        Box::pin(async move { server.given_up(bytes, &moved).await })
    }
}

/// Rows, each of which shows that the server is there.
struct WatchedRows<'a> {
    /// `None` once they are given up.
    rows: Option<BoxStream<'a, Result<Row, DbError>>>,
    watch: RowsWatch,
    /// Begun when a row is waited for the first time.
    given_up: Option<Pin<Box<dyn Future<Output = DbError> + Send>>>,
    lost: &'a mut bool,
}

impl Stream for WatchedRows<'_> {
    type Item = Result<Row, DbError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let Some(rows) = &mut this.rows else { return Poll::Ready(None) };
        if let Poll::Ready(row) = rows.poll_next_unpin(context) {
            this.watch.moved.fetch_add(1, Ordering::Relaxed);
            return Poll::Ready(row);
        }
        let watch = &this.watch;
        let given_up = this.given_up.get_or_insert_with(|| watch.begin());
        match given_up.as_mut().poll(context) {
            Poll::Ready(error) => {
                this.rows = None;
                *this.lost = true;
                Poll::Ready(Some(Err(error)))
            }
            Poll::Pending => Poll::Pending,
        }
    }
}
