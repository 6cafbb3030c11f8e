//! Errors of a store, in terms that commands can act on.

use std::fmt;
use std::time::Duration;

use crate::engine::{Cause, DbError, DbErrorKind, Dialect, Target};
use crate::session::SessionKey;
use crate::spillable_map::SpillError;

/// The value of `doing` in [`StoreError::Db`] for a commit.
pub(super) const COMMIT: &str = "commit";

pub type Result<T> = std::result::Result<T, StoreError>;

#[derive(Debug)]
pub enum StoreError {
    /// No connection, or no login. `target` contains no password, `given` the names of the URL's parameters.
    Connect { target: String, dialect: &'static Dialect, given: Vec<&'static str>, with_password: bool, error: DbError },
    /// The database exists, but not the table.
    NoTable { table: String, target: String },
    /// The table exists, but not its swap table.
    NoSwapTable { table: String, target: String },
    /// The table cannot store sessions, for these reasons.
    WrongShape { table: String, faults: Vec<String> },
    /// A name that is invalid for the engine.
    Name(DbError),
    /// `--columns` contains an unknown column.
    UnknownColumn(String),
    /// A session with this key already exists, and the rule is to fail.
    Conflict { key: SessionKey },
    /// A column cannot store the characters of this key; `hint` is in the engine's words.
    UnsupportedKey { key: SessionKey, hint: &'static str },
    /// Another run holds the lock of the table.
    Locked { table: String, waited: Duration },
    /// Another run holds the lease of the table, through this or another member of the cluster.
    Leased { table: String, waited: Duration, left: Duration },
    /// Another run has taken the lease of the table; uncommitted work of this run was rolled back.
    LeaseLost { table: String },
    /// A cluster member without a lease table, which this operation needs.
    NoLease { table: String, target: String },
    /// A replica that lacks commits of its source; `why` completes "the server …", and `hint` is in the engine's words,
    /// or empty.
    Stale { target: String, why: String, hint: String },
    /// A read-only replica, to which nothing may be written; `see_source` says how to find its source, if unknown.
    Replica { target: String, source: Option<String>, see_source: &'static str },
    /// A group member that accepts no writes, and the one that does, if known.
    Secondary { target: String, primary: Option<String> },
    /// The account lacks administrator privileges; `doing` completes "cannot …".
    NotAdministrator { doing: String, error: DbError },
    /// This machine has no space for the record of the sessions.
    Spill(SpillError),
    /// A statement failed; `doing` completes "cannot …".
    Db { doing: String, error: DbError },
}

impl StoreError {
    pub(super) fn connect(target: &Target, error: DbError) -> StoreError {
        let given = target.params.keys().copied().collect();
        StoreError::Connect {
            target: target.to_string(),
            dialect: target.engine.dialect(),
            given,
            with_password: target.password.is_some(),
            error,
        }
    }

    pub fn db(doing: impl Into<String>, error: DbError) -> StoreError {
        StoreError::Db { doing: doing.into(), error }
    }

    /// The kind of the database's error, if it is one.
    pub fn kind(&self) -> Option<DbErrorKind> {
        match self {
            StoreError::Connect { error, .. }
            | StoreError::Db { error, .. }
            | StoreError::NotAdministrator { error, .. }
            | StoreError::Name(error) => Some(error.kind),
            _ => None,
        }
    }

    /// Tells whether a COMMIT got no answer, so that its outcome is unknown.
    pub fn is_unconfirmed_commit(&self) -> bool {
        let StoreError::Db { doing, error } = self else { return false };
        let lost = matches!(
            error.kind,
            DbErrorKind::Unreachable
                | DbErrorKind::Broken
                | DbErrorKind::NoQuorum
                | DbErrorKind::Timeout
                | DbErrorKind::Stopped(_)
        );
        lost && doing == COMMIT
    }

    /// The reason why it was stopped early, if nothing else failed.
    pub fn stopped(&self) -> Option<Cause> {
        match self.kind() {
            Some(DbErrorKind::Stopped(cause)) => Some(cause),
            _ => None,
        }
    }

    /// Tells whether fewer sessions per transaction may succeed.
    pub fn is_too_large(&self) -> bool {
        self.kind() == Some(DbErrorKind::BatchTooLarge)
    }

    /// Tells whether another run may be working on the table by now.
    pub fn is_lock_lost(&self) -> bool {
        matches!(self, StoreError::LeaseLost { .. }) || self.kind() == Some(DbErrorKind::LockLost)
    }

    /// Tells whether the connection was lost and can be replaced: a retry may succeed. For a commit it is unknown
    /// whether it was executed.
    pub fn is_broken(&self) -> bool {
        self.kind() == Some(DbErrorKind::Broken)
    }

    /// Tells whether a retry may succeed: deadlock, lock wait.
    pub fn is_retryable(&self) -> bool {
        matches!(self, StoreError::Db { error, .. } if error.kind == DbErrorKind::Retryable)
    }
}

impl From<SpillError> for StoreError {
    fn from(error: SpillError) -> StoreError {
        StoreError::Spill(error)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Connect { target, error, .. } => match error.kind {
                DbErrorKind::Auth => write!(f, "cannot log in to {target}: {error}"),
                DbErrorKind::NoDatabase => write!(f, "cannot open the database of {target}: {error}"),
                _ => write!(f, "cannot connect to {target}: {error}"),
            },
            StoreError::NoSwapTable { table, target } => {
                write!(f, "there is no swap table `{table}` in {target}")
            }
            StoreError::NoTable { table, target } => write!(f, "there is no table `{table}` in {target}"),
            StoreError::WrongShape { table, faults } => {
                write!(f, "the table `{table}` cannot be used: {}", faults.join("; "))
            }
            StoreError::Name(error) => error.fmt(f),
            StoreError::Spill(error) => error.fmt(f),
            StoreError::UnknownColumn(name) => write!(f, "`{name}` is not a column of a session table"),
            StoreError::Conflict { key } => write!(f, "session {} already exists", key.redacted()),
            StoreError::UnsupportedKey { key, .. } => write!(
                f,
                "session {} of {} cannot be stored: the column's character set does not contain a character of its id or application",
                key.redacted(),
                key.app.as_deref().unwrap_or("no application")
            ),
            StoreError::Locked { table, waited } if waited.is_zero() => {
                write!(f, "another run holds the lock of table `{table}`")
            }
            StoreError::Locked { table, waited } => {
                write!(f, "another run has held the lock of table `{table}` for {} s", waited.as_secs())
            }
            StoreError::Leased { table, left, .. } => write!(
                f,
                "another run holds the lease of table `{table}`, here or through another member of the cluster; it ends in {} s unless it is renewed",
                left.as_secs()
            ),
            StoreError::Stale { target, why, .. } => write!(f, "{target} {why}: live sessions may be missing from it"),
            StoreError::Replica { target, source: Some(source), .. } => {
                write!(f, "{target} is a read-only replica of {source}, which alone takes writes")
            }
            StoreError::Replica { target, source: None, .. } => write!(f, "{target} is a read-only replica"),
            StoreError::Secondary { target, primary } => {
                write!(f, "{target} is a secondary of its group and accepts no writes")?;
                primary.as_ref().map_or(Ok(()), |primary| write!(f, ": the primary is {primary}"))
            }
            StoreError::LeaseLost { table } => write!(f, "another run has taken the lease of table `{table}`"),
            StoreError::NoLease { table, target } => write!(
                f,
                "{target} is a member of a cluster, where a lock is valid on one member only, and there is no table `{table}` for the lease"
            ),
            StoreError::NotAdministrator { doing, error } | StoreError::Db { doing, error } => {
                write!(f, "cannot {doing}: {error}")
            }
        }
    }
}

impl std::error::Error for StoreError {}
