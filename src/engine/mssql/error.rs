//! SQL Server's error numbers in our vocabulary
//! (<https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors>).

use tiberius::error::Error;

use crate::engine::{DbError, DbErrorKind};

pub(super) fn map(error: Error) -> DbError {
    match error {
        Error::Server(token) => {
            let kind = kind(token.code(), token.message());
            let message = match kind {
                // The message repeats the key, which is a session id.
                DbErrorKind::Duplicate => "a session with this key is there already".to_owned(),
                _ => token.message().to_owned(),
            };
            DbError::new(kind, token.code().to_string(), message)
        }
        Error::Tls(message) => DbError::new(DbErrorKind::Tls, "", message),
        Error::Io { message, .. } if message.contains("certificate") => DbError::new(DbErrorKind::Tls, "", message),
        Error::Io { message, .. } => DbError::new(DbErrorKind::Unreachable, "", message),
        Error::Protocol(message) => {
            DbError::new(DbErrorKind::Unreachable, "", format!("the answer is not TDS: {message}"))
        }
        Error::Routing { host, port } => DbError::new(
            DbErrorKind::Unreachable,
            "",
            format!("the server sends us to {host}:{port}: name that one in the URL"),
        ),
        other => DbError::other(other.to_string()),
    }
}

fn kind(code: u32, message: &str) -> DbErrorKind {
    match code {
        // login failed; untrusted domain; account disabled, locked, or its password expired
        18456 | 18452 | 18470 | 18486 | 18487 | 18488 => DbErrorKind::Auth,
        // no permission on an object, in a database, to create one, on the server; not allowed to use the database
        229 | 230 | 262 | 297 | 300 | 916 | 15151 | 15247 => DbErrorKind::Denied,
        4060 | 911 => DbErrorKind::NoDatabase,
        208 | 3701 | 4902 => DbErrorKind::NoTable,
        207 => DbErrorKind::NoColumn,
        2627 | 2601 => DbErrorKind::Duplicate,
        // too short, too simple, refused by a filter, expired at once
        15113..=15119 => DbErrorKind::Policy,
        // deadlock, lock time-out, snapshot conflict
        1205 | 1222 | 3960 => DbErrorKind::Retryable,
        // data would be truncated; row too long; too many parameters
        8152 | 2628 | 511 | 1701 => DbErrorKind::TooLarge,
        // read-only database, full disk or log
        3906 | 3908 | 1105 | 9002 => DbErrorKind::ReadOnly,
        // shutdown, not enough of something, Azure's throttling and failover
        6005 | 17142 | 40197 | 40501 | 40613 | 49918 => DbErrorKind::Unreachable,
        _ => by_text(message),
    }
}

/// Babelfish gives most of PostgreSQL's errors one number of its own, and PostgreSQL's text.
fn by_text(message: &str) -> DbErrorKind {
    let says = |part| message.contains(part);
    if says("canceling statement due to lock timeout") || says("could not serialize access") {
        DbErrorKind::Retryable
    } else if says("relation \"") && says("does not exist") {
        DbErrorKind::NoTable
    } else if says("column \"") && says("does not exist") {
        DbErrorKind::NoColumn
    } else if says("permission denied") || says("does not have permission") {
        DbErrorKind::Denied
    } else if says("database \"") && says("does not exist") {
        DbErrorKind::NoDatabase
    } else {
        DbErrorKind::Other
    }
}
