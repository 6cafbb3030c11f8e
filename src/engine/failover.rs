//! Chooses among the hosts of a target: the first one that accepts writes and is synchronized with its cluster or, if
//! requested, a read-only one.

use std::time::Duration;

use tokio::time::timeout;

use super::liveness::{Answer, Timeouts, stopped};
use super::{Connection, DbError, DbErrorKind, Target};

/// Role of a server for a client that wants to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It accepts writes.
    Primary,
    /// It accepts none: a replica, or a secondary of a group.
    ReadOnly,
    /// It is not a full member of its cluster at this moment.
    NonMember,
}

/// A connection, and the host to which it belongs.
pub(super) struct HostConnection {
    pub(super) connection: Box<dyn Connection>,
    pub(super) place: Target,
}

/// Connects and logs in to a suitable host. With one host, that host is used, whatever its role; `lost` is the host
/// whose connection was lost, which is tried last.
///
/// # Errors
/// Those of [`super::Engine::open`]; if no host is suitable, the reason for each.
pub(super) async fn open(target: &Target, create: bool, lost: Option<&Target>) -> Result<HostConnection, DbError> {
    target.failover.unanswered.check()?;
    let mut hosts = target.hosts();
    if hosts.len() == 1 {
        let place = hosts.swap_remove(0);
        return Ok(HostConnection { connection: open_one(&place, create).await?, place });
    }
    if let Some(lost) = lost
        && let Some(nth) = hosts.iter().position(|place| (&place.host, place.port) == (&lost.host, lost.port))
    {
        let after = nth + 1;
        hosts.rotate_left(after);
    }
    let (mut second_best, mut faults): (Option<HostConnection>, Vec<(String, DbError)>) = (None, Vec::new());
    for place in hosts {
        let shown = format!("{}:{}", place.host, place.port);
        let (connection, role) = match open_with_role(&place, create).await {
            Ok(opened) => opened,
            Err(error) if matches!(error.kind, DbErrorKind::Stopped(_)) => return Err(error),
            Err(error) => {
                faults.push((shown, error));
                continue;
            }
        };
        let opened = HostConnection { connection, place };
        match (role, target.failover.prefers_replica) {
            (Role::Primary, false) | (Role::ReadOnly, true) => {
                if let Some(other) = second_best {
                    other.connection.close().await;
                }
                return Ok(opened);
            }
            (Role::Primary, true) if second_best.is_none() => second_best = Some(opened),
            (role, _) => {
                opened.connection.close().await;
                let (kind, what) = match role {
                    Role::NonMember => (DbErrorKind::NoQuorum, "it is not a full member of its cluster"),
                    Role::ReadOnly => (DbErrorKind::ReadOnly, "it is read-only"),
                    Role::Primary => continue,
                };
                faults.push((shown, DbError::new(kind, "", what)));
            }
        }
    }
    match second_best {
        Some(opened) => Ok(opened),
        None => Err(of_all(faults)),
    }
}

/// One error for the errors of all hosts, with the kind of the first one.
fn of_all(faults: Vec<(String, DbError)>) -> DbError {
    let kind = faults.first().map_or(DbErrorKind::Unreachable, |(_, error)| error.kind);
    let each: Vec<String> = faults.into_iter().map(|(shown, error)| format!("{shown}: {error}")).collect();
    DbError::new(kind, "", each.join("; "))
}

async fn open_with_role(place: &Target, create: bool) -> Result<(Box<dyn Connection>, Role), DbError> {
    let mut connection = open_one(place, create).await?;
    let Timeouts { connect, .. } = place.engine.timeouts(place);
    let role = bounded(place, connect, connection.role()).await?;
    Ok((connection, role))
}

async fn open_one(place: &Target, create: bool) -> Result<Box<dyn Connection>, DbError> {
    let Timeouts { connect, .. } = place.engine.timeouts(place);
    bounded(place, connect, place.engine.open(place, create)).await
}

/// Limits a wait to this time, and to the time that a request to stop allows.
async fn bounded<T>(place: &Target, limit: Option<Duration>, answer: Answer<'_, T>) -> Result<T, DbError> {
    let within = async {
        let Some(limit) = limit else { return answer.await };
        match timeout(limit, answer).await {
            Ok(answer) => answer,
            Err(_) => {
                let message = format!("no answer within {} s", limit.as_secs_f64().ceil());
                Err(DbError::new(DbErrorKind::Timeout, "", message))
            }
        }
    };
    tokio::select! {
        biased;
        answer = within => answer,
        cause = place.stop.wait_for_deadline() => Err(stopped(cause)),
    }
}

/// The error that ends a run whose connection was lost and could not be replaced within this time.
pub(super) fn reconnect_failed(limit: Duration, error: DbError) -> DbError {
    let message =
        format!("the connection was lost, and reconnecting failed for {} s: {}", limit.as_secs(), error.message);
    let kind = if error.kind == DbErrorKind::Timeout { DbErrorKind::Unreachable } else { error.kind };
    DbError { kind, message, ..error }
}

/// Tells whether an error of a server means that another host should be tried.
pub(super) fn needs_other_host(target: &Target, error: &DbError) -> bool {
    match error.kind {
        DbErrorKind::Unreachable | DbErrorKind::NoQuorum => true,
        // It was the primary, and no longer is.
        DbErrorKind::ReadOnly => !target.failover.others.is_empty() && !target.failover.prefers_replica,
        _ => false,
    }
}
