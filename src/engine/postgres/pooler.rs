//! Recognizes connection pools that give a session of the server to another client after each transaction (PgBouncer:
//! `pool_mode = transaction` or `statement`).
//!
//! Behind such a pool, the session-level lock stays with a session that others use next: two runs can hold it at the
//! same time, or nobody can release it. The settings of a session, such as a short lock_timeout, would apply to Tomcat.
//! So the program refuses it before it changes anything.
//!
//! A connection that the server sees coming from our own socket has no pool in between. For others, a second connection
//! is opened: a session that both use, or a change of sessions, shows such a pool. A pool that keeps a session for its
//! client until that disconnects (`pool_mode = session`) does neither.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::postgres::PgConnection;
use sqlx::{Connection as _, Executor};

use super::login::connect;
use super::url::timeouts;
use super::values::row;
use super::{DIALECT, STATEMENTS, error};
use crate::engine::socket::local_addresses;
use crate::engine::{Bind, DbError, DbErrorKind, Names, Target};

/// Maximum number of comparisons: others use the sessions of a busy pool too.
const ROUNDS: usize = 5;
/// Time after which a comparison is the last one.
const ENOUGH: Duration = Duration::from_millis(300);
/// Maximum wait for the second connection. A pool without a free session lets it wait, and shares none.
const MAX_CHECK_TIME: Duration = Duration::from_secs(3);

/// The places whose connections have been found to have a session of their own.
static EXCLUSIVE: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// A session of the server, as a statement sees it.
struct Answer {
    session: i64,
    /// The client of the server: this program, or what is in between; `None` for a Unix socket.
    client: Option<SocketAddr>,
}

/// Returns the id of the session. `took` is the time that the connection took: the search for a pool ends before
/// that of `connect-timeout`.
///
/// # Errors
/// [`DbErrorKind::SharedSession`] if other clients can use it too.
pub(super) async fn exclusive_session(
    connection: &mut PgConnection,
    target: &Target,
    took: Duration,
) -> Result<i64, DbError> {
    let Answer { session, client } = ask(connection).await?;
    let is_ours = |client: SocketAddr| local_addresses(target.port).into_iter().any(|ours| same(ours, client));
    let place = format!("{target} {:?}", target.params.get("socket"));
    let is_known = || EXCLUSIVE.lock().unwrap_or_else(PoisonError::into_inner).contains(&place);
    if client.is_some_and(is_ours) || is_known() {
        return Ok(session);
    }
    let left = timeouts(target).connect.map_or(MAX_CHECK_TIME, |limit| limit.saturating_sub(took) / 2);
    match tokio::time::timeout(MAX_CHECK_TIME.min(left), is_shared(connection, target, session)).await {
        Ok(Ok(true)) => {
            let message = "a connection pool gives the database connection to other clients after each transaction (transaction pooling)";
            return Err(DbError::new(DbErrorKind::SharedSession, "", message));
        }
        Ok(Ok(false)) | Err(_) => {}
        // There may be no place for a second connection.
        Ok(Err(error)) if error::is_full(&error) => {}
        Ok(Err(error)) => return Err(error),
    }
    EXCLUSIVE.lock().unwrap_or_else(PoisonError::into_inner).insert(place);
    Ok(session)
}

/// The error for a session that holds the lock of another run.
pub(super) fn passed_on() -> DbError {
    let message = "this database connection still holds the lock of another run: a connection pool has reused it";
    DbError::new(DbErrorKind::SharedSession, "", message)
}

async fn is_shared(connection: &mut PgConnection, target: &Target, session: i64) -> Result<bool, DbError> {
    let mut other = connect(target).await?;
    let shared = compare(connection, &mut other, session).await?;
    let _ = other.close().await;
    Ok(shared)
}

async fn compare(connection: &mut PgConnection, other: &mut PgConnection, session: i64) -> Result<bool, DbError> {
    let begun = Instant::now();
    for _ in 0..ROUNDS {
        // Twice, because a pool may hand out its sessions in turn.
        let changed = ask(connection).await?.session != session || ask(connection).await?.session != session;
        if changed || ask(other).await?.session == session {
            return Ok(true);
        }
        if begun.elapsed() >= ENOUGH {
            break;
        }
    }
    Ok(false)
}

/// Asks without a prepared statement, which would belong to a session.
async fn ask(connection: &mut PgConnection) -> Result<Answer, DbError> {
    let sql = STATEMENTS.cluster.render(&Names::default(), &DIALECT, &Bind::new())?;
    let mut row = row(&connection.fetch_one(sqlx::raw_sql(&sql.text)).await.map_err(error::map)?)?;
    let session = row.int(1)?.unwrap_or_default();
    let (address, port) = (row.text(5)?, row.int(6)?);
    let address: Option<IpAddr> = address.and_then(|address| address.parse().ok());
    let port = port.and_then(|port| u16::try_from(port).ok());
    Ok(Answer { session, client: address.zip(port).map(SocketAddr::from) })
}

fn same(one: SocketAddr, other: SocketAddr) -> bool {
    one.port() == other.port() && one.ip().to_canonical() == other.ip().to_canonical()
}
