//! Rules about sessions: key, columns, expiry, filters, totals.
//!
//! Everything here is pure: there is no I/O, no clock and no async; time is an argument. The rules are implemented
//! once; the conformance suite compares each engine's SQL with them.
//!
//! The contents of the session data are decoded by `javaser`, rows are read by `store`.

mod change_tracking;
mod data;
mod difference;
mod digest;
mod filter;
mod key;
mod merge_join;
mod on_conflict;
mod state;
mod swap_rules;
mod swap_selection;
mod time;
mod totals;

#[cfg(test)]
pub(crate) use change_tracking::tests::session as accessed;
pub use change_tracking::{Absence, RowChange, SeenState, WrittenState, digest as short_digest, state as short_state};
pub use data::{SessionData, sha256};
pub use difference::{Difference, Kind};
pub use digest::Digest;
pub use filter::{Filter, Pushdown, StateFilter, UnknownApp, listed_apps, short_name};
pub use key::{IdPrefixes, SessionKey, route_of};
pub use merge_join::{Pair, Pairing, Side, WINDOW};
pub use on_conflict::{Decision, EarlierWrite, OnConflict};
pub use state::{MAX_INACTIVE_CLAMP, SessionState, expired_at};
pub use swap_rules::{CopyOutcome, Direction, LeftoverAction, UnresolvedCopy};
pub use swap_selection::{Swap, SwapRule, SwapSelection};
pub use time::EpochMillis;
pub use totals::{AppTotals, Bucket, Distribution, Totals};

/// The columns of one row of the session table, without `session_data`.
///
/// Tomcat writes every column, but others may have written the row, so everything except the id may be NULL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionMeta {
    pub key: SessionKey,
    /// `valid_session`: Tomcat writes `'1'` (`DataSourceStore.save`). No statement of Tomcat reads it.
    pub valid: Option<String>,
    /// `max_inactive` in seconds; a session with 0 or less never expires.
    pub max_inactive: Option<i64>,
    /// `last_access` in epoch milliseconds.
    pub last_access: Option<EpochMillis>,
    /// Length of `session_data` in bytes; `None` if it is NULL.
    pub size: Option<u64>,
}

impl SessionMeta {
    /// State of this row at the time `now`.
    pub fn state_at(&self, now: EpochMillis) -> SessionState {
        SessionState::of(self.valid.as_deref(), self.max_inactive, self.last_access, now)
    }

    /// Milliseconds since the last access, never negative; `None` if `last_access` is NULL.
    ///
    /// The column is stale while Tomcat holds the session in memory, so this is an upper bound.
    pub fn idle_ms(&self, now: EpochMillis) -> Option<u64> {
        self.last_access.map(|at| now.since(at))
    }

    /// Sort key for several rows of one session in a table without a key: the newest row has the greatest. The files
    /// in `sql/` sort in the same order.
    pub fn row_age(&self) -> (Option<EpochMillis>, Option<u64>, Option<i64>, Option<&str>) {
        (self.last_access, self.size, self.max_inactive, self.valid.as_deref())
    }

    /// Tells whether this row of a session is newer than another row of the same session.
    pub fn is_newer_row(&self, other: &SessionMeta) -> bool {
        self.row_age() > other.row_age()
    }
}

/// A complete row: the columns and the serialized session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub meta: SessionMeta,
    /// `session_data`, the Java serialization stream of `StandardSession.writeObjectData`.
    pub data: Option<SessionData>,
}
