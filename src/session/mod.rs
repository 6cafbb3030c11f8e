//! What a session is, and the rules about it: its key, its columns, when it is expired, what
//! matches a filter, what a set of them adds up to.
//!
//! Everything here is pure: data in, data out. There is no I/O, no clock and no async; time is an
//! argument. The rules are here once, and every engine's SQL is held against them by the
//! conformance suite.
//!
//! Not here: what the bytes of a session mean (a later module), and how rows are read (`store`).

use bytes::Bytes;

mod conflict;
mod difference;
mod digest;
mod filter;
mod key;
mod moves;
mod pairing;
mod seen;
mod state;
mod swap;
mod time;
mod totals;

pub use conflict::{Decision, Earlier, OnConflict};
pub use difference::{Difference, Kind};
pub use digest::{Digest, sha256};
pub use filter::{Filter, Pushdown, StateFilter, UnknownApp, listed_apps, short_name};
pub use key::{IdPrefixes, SessionKey, route_of};
pub use moves::{CopyOutcome, Direction, LeftoverAction, UnresolvedCopy};
pub use pairing::{Pair, Pairing, Side, WINDOW};
#[cfg(test)]
pub(crate) use seen::tests::session as accessed;
pub use seen::{Absence, RowChange, SeenState, WrittenState, digest as short_digest, state as short_state};
pub use state::{MAX_INACTIVE_CLAMP, SessionState, expired_at};
pub use swap::{Swap, SwapRule, SwapSelection};
pub use time::EpochMillis;
pub use totals::{AppTotals, Bucket, Distribution, Totals};

/// The columns of one row of the session table, without `session_data`.
///
/// Tomcat writes every column; what it does not do is promise that nobody else wrote the row, so
/// everything but the id may be NULL here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionMeta {
    pub key: SessionKey,
    /// `valid_session`: `'1'` as Tomcat writes it. Tomcat never reads it back
    /// (`DataSourceStore.save` writes it, no statement selects it).
    pub valid: Option<String>,
    /// `max_inactive` in seconds; zero and below never expires.
    pub max_inactive: Option<i64>,
    /// `last_access` in epoch milliseconds.
    pub last_access: Option<EpochMillis>,
    /// Length of `session_data` in bytes; `None` where it is NULL.
    pub size: Option<u64>,
}

impl SessionMeta {
    /// Judges this row at `now`.
    pub fn state_at(&self, now: EpochMillis) -> SessionState {
        SessionState::of(self.valid.as_deref(), self.max_inactive, self.last_access, now)
    }

    /// Milliseconds since the last access, never negative; `None` where `last_access` is NULL.
    ///
    /// The column goes stale while Tomcat holds the session in memory, so this is an upper bound.
    pub fn idle_ms(&self, now: EpochMillis) -> Option<u64> {
        self.last_access.map(|at| now.since(at))
    }

    /// What orders several rows of one session, where no key keeps them out: the newest has the greatest. The files
    /// in `sql/` sort by the same.
    pub fn row_age(&self) -> (Option<EpochMillis>, Option<u64>, Option<i64>, Option<&str>) {
        (self.last_access, self.size, self.max_inactive, self.valid.as_deref())
    }

    /// Tells whether this row of a session is newer than another of it.
    pub fn is_newer_row(&self, other: &SessionMeta) -> bool {
        self.row_age() > other.row_age()
    }
}

/// One whole row: the columns and the serialized session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub meta: SessionMeta,
    /// `session_data`, the Java serialization stream of `StandardSession.writeObjectData`. A clone shares
    /// the bytes.
    pub data: Option<Bytes>,
}
