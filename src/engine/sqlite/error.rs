//! Maps SQLite's result codes (<https://www.sqlite.org/rescode.html>).

use crate::engine::{DbError, DbErrorKind};

pub(super) fn map(error: sqlx::Error) -> DbError {
    let sqlx::Error::Database(db) = &error else {
        let kind = match &error {
            sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => DbErrorKind::Unreachable,
            _ => DbErrorKind::Other,
        };
        return DbError::new(kind, "", error.to_string());
    };
    let code = db.code().unwrap_or_default().into_owned();
    let message = db.message();
    // The low byte is the primary code, the other bits are the extended code.
    let primary = code.parse::<i64>().unwrap_or(0) & 0xff;
    let kind = match primary {
        5 | 6 => DbErrorKind::Retryable,          // SQLITE_BUSY, SQLITE_LOCKED
        8 => DbErrorKind::ReadOnly,               // SQLITE_READONLY
        14 => DbErrorKind::NoDatabase,            // SQLITE_CANTOPEN
        10 | 11 | 26 => DbErrorKind::Unreachable, // SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB
        13 | 18 => DbErrorKind::TooLarge,         // SQLITE_FULL, SQLITE_TOOBIG
        19 => DbErrorKind::Duplicate,             // SQLITE_CONSTRAINT; below it may be another one
        3 | 23 => DbErrorKind::Denied,            // SQLITE_PERM, SQLITE_AUTH
        _ if message.starts_with("no such table") => DbErrorKind::NoTable,
        _ if message.starts_with("no such column") => DbErrorKind::NoColumn,
        _ => DbErrorKind::Other,
    };
    // Of the constraint errors, only UNIQUE (2067) and PRIMARYKEY (1555) mean that the row already exists.
    let kind = if kind == DbErrorKind::Duplicate && !matches!(code.as_str(), "2067" | "1555") {
        DbErrorKind::Other
    } else {
        kind
    };
    DbError::new(kind, code, message)
}
