//! Database errors, in one vocabulary for all engines.

use std::fmt;

use super::{Cause, Dialect};

/// The kinds of errors that commands distinguish. Each engine maps the error numbers of its server in its `error.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DbErrorKind {
    /// No connection, or the connection was lost.
    Unreachable,
    /// The connection was lost during a transaction, or between the rows of a query. The next connection may be to
    /// another host, so a retry may succeed.
    Broken,
    /// The connection was lost, and another run has the advisory lock by now.
    LockLost,
    /// A connection pool gives the session of the server to other clients after each transaction.
    SharedSession,
    /// The server belongs to a cluster and has lost the majority, or is not synchronized.
    NoQuorum,
    /// The server refused the account or its password.
    Auth,
    /// The account lacks a privilege.
    Denied,
    NoDatabase,
    NoTable,
    NoColumn,
    Duplicate,
    /// The object to create already exists.
    Exists,
    /// The server finds no plan that satisfies the hints of the statement.
    NoPlan,
    /// A deadlock, or a lock wait that timed out: a retry may succeed.
    Retryable,
    /// Encryption failed, or the server's certificate is not trusted.
    Tls,
    /// The server's certificate is trusted, but its name is not that of the host.
    CertificateName,
    Timeout,
    /// The transaction is too large for the cluster; a smaller one may succeed.
    BatchTooLarge,
    /// A value is longer than its column, or a statement longer than the server accepts.
    TooLarge,
    /// The password violates the server's policy.
    Policy,
    /// The engine can have no table of this name.
    TableName,
    /// The engine can have no column of this name.
    ColumnName,
    /// The server, the database or the file accepts no writes.
    ReadOnly,
    /// The disk, the table or the log is full.
    NoSpace,
    /// A signal or `--max-time` ended the wait for an answer.
    Stopped(Cause),
    Other,
}

/// An error of an engine. The message never contains a password or the value of a parameter.
#[derive(Debug)]
pub struct DbError {
    pub kind: DbErrorKind,
    /// Number and state of the server's error, such as `1146 (42S02)`; empty if it has none.
    pub code: String,
    pub message: String,
    /// The engine's own hints for an error of a kind; none before the error leaves the engine.
    pub hints_of: HintsOf,
}

/// Hints for errors, by their kind; empty for a kind that needs no other hints than those of every engine.
pub type HintsOf = fn(DbErrorKind) -> &'static [&'static str];

impl DbError {
    pub fn new(kind: DbErrorKind, code: impl Into<String>, message: impl Into<String>) -> DbError {
        DbError { kind, code: code.into(), message: message.into(), hints_of: |_| &[] }
    }

    /// Adds the engine's own hints.
    #[must_use]
    pub fn with_hints(self, dialect: &Dialect) -> DbError {
        DbError { hints_of: dialect.hints.of_kind, ..self }
    }

    /// The engine's own hints for it.
    pub fn hints(&self) -> &'static [&'static str] {
        (self.hints_of)(self.kind)
    }

    /// An error without a number.
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
