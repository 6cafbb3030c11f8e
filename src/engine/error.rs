//! What can go wrong at a database, in one vocabulary for all engines.

use std::fmt;

use super::Cause;

/// The kinds that commands tell apart. Each driver's numbers are mapped once, in its engine's
/// `error.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DbErrorKind {
    /// No connection, or the connection broke.
    Unreachable,
    /// The connection broke in the middle of a transaction or of the rows of a query. The next one goes to whichever
    /// host can be had, so that the same again may succeed.
    Broken,
    /// The connection broke, and another run has the advisory lock by now.
    LockLost,
    /// The server is a member of a cluster that has lost its majority, or is not in step with it.
    NoQuorum,
    /// The server refused the account or its password.
    Auth,
    /// The account may not do this.
    Denied,
    NoDatabase,
    NoTable,
    NoColumn,
    Duplicate,
    /// What is to be created already exists.
    Exists,
    /// The server finds no way to run the statement as its hints ask for.
    NoPlan,
    /// A deadlock or a lock wait that timed out: the same again may succeed.
    Retryable,
    /// Encryption failed, or the server's certificate is not trusted.
    Tls,
    /// The server's certificate is trusted, but for another name than the host's.
    CertificateName,
    Timeout,
    /// The cluster takes no transaction of this size: a smaller one may succeed.
    BatchTooLarge,
    /// A value is longer than its column, or a statement than the server takes.
    TooLarge,
    /// A password that the server's policy does not take.
    Policy,
    /// The server, the database or the file takes no writes.
    ReadOnly,
    /// The disk, the table or the log is full.
    NoSpace,
    /// The wait for an answer was ended, by a signal or by `--max-time`.
    Stopped(Cause),
    Other,
}

/// An error of an engine. The message never holds a password or a parameter's value.
#[derive(Debug)]
pub struct DbError {
    pub kind: DbErrorKind,
    /// The server's own number and state, as `1146 (42S02)`; empty where it has none.
    pub code: String,
    pub message: String,
}

impl DbError {
    pub fn new(kind: DbErrorKind, code: impl Into<String>, message: impl Into<String>) -> DbError {
        DbError { kind, code: code.into(), message: message.into() }
    }

    /// An error without a number of its own.
    pub fn other(message: impl Into<String>) -> DbError {
        DbError::new(DbErrorKind::Other, "", message)
    }
}

impl fmt::Display for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if !self.code.is_empty() {
            write!(f, " [error {}]", self.code)?;
        }
        Ok(())
    }
}

impl std::error::Error for DbError {}
