//! The rules of `check`: a table of pure functions from facts to findings. `inspect` collects the facts.

mod account;
mod cluster;
mod column_roles;
mod connections;
mod index;
mod inspect;
mod remedies;
mod rows;
mod schema;
mod server;
mod session_size;
#[cfg(test)]
mod tests;
mod vacuum;

use std::path::PathBuf;

pub use cluster::Member;
pub use connections::ConnectionLimits;
pub use vacuum::Vacuum;

use crate::engine::{Dialect, Names, Replication, Statements};
use crate::finding::{Finding, Violation};
use crate::session::EpochMillis;
use crate::store::catalog::grants::Grants;
use crate::store::catalog::queries::ServerInfo;
use crate::store::catalog::table_structure::Shape;
use crate::store::session_store::replica::NodeRole;

/// Everything known about a store.
#[derive(Debug, Clone)]
pub struct Facts {
    pub names: Names,
    pub dialect: &'static Dialect,
    /// The statements of the remedies.
    pub statements: &'static Statements,
    pub server: ServerInfo,
    pub shape: Shape,
    pub grants: Fact<Grants>,
    pub clocks: Fact<Clocks>,
    pub link: Fact<Link>,
    pub orphans: Fact<Vec<OrphanedUser>>,
    pub member: Fact<Member>,
    pub vacuum: Fact<Vacuum>,
    pub limits: Fact<ConnectionLimits>,
    /// The role of the server; `None` for a file.
    pub role: Option<NodeRole>,
    /// The replication from the source that the server is furthest behind.
    pub replicates: Option<Replication>,
    /// The server that accepts writes, if this one does not and the account may see it.
    pub primary: Option<String>,
    pub rows: Fact<Rows>,
    /// The SQLite file, if every account on this machine can read it.
    pub open_file: Option<PathBuf>,
}

/// A fact that may be unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact<T> {
    Known(T),
    /// It could not be determined, for this reason.
    Unknown(String),
    /// The engine has no such thing.
    Absent,
}

impl<T> Fact<T> {
    pub fn known(&self) -> Option<&T> {
        match self {
            Fact::Known(fact) => Some(fact),
            Fact::Unknown(_) | Fact::Absent => None,
        }
    }
}

/// Two clocks, read at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clocks {
    pub here: EpochMillis,
    pub server: EpochMillis,
}

/// The connection to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    pub encrypted: bool,
    /// Whether it leaves this machine.
    pub remote: bool,
}

/// A database account without a login on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrphanedUser {
    pub user: String,
    /// Whether the server has another login of that name.
    pub has_namesake: bool,
}

/// Numbers counted by one scan of the table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rows {
    pub sessions: u64,
    /// Bytes of data of the largest session.
    pub largest_bytes: u64,
    pub without_data: u64,
    pub without_app: u64,
    /// Without a timeout or a last access.
    pub without_times: u64,
    /// With data of exactly the length of a full BLOB or MEDIUMBLOB.
    pub truncated: u64,
    pub never_expiring: u64,
    pub from_the_future: u64,
    /// Whose timeout in milliseconds does not fit into 32 bits.
    pub timeouts_above_int: u64,
    /// Whose data do not begin like a Java serialization stream.
    pub no_stream: u64,
    /// Surplus rows of sessions that have several; counted if the table has no unique key.
    pub duplicates: u64,
}

impl Rows {
    /// The sum of two ranges of a table.
    pub(super) fn and(self, other: Rows) -> Rows {
        Rows {
            sessions: self.sessions + other.sessions,
            largest_bytes: self.largest_bytes.max(other.largest_bytes),
            without_data: self.without_data + other.without_data,
            without_app: self.without_app + other.without_app,
            without_times: self.without_times + other.without_times,
            truncated: self.truncated + other.truncated,
            never_expiring: self.never_expiring + other.never_expiring,
            from_the_future: self.from_the_future + other.from_the_future,
            timeouts_above_int: self.timeouts_above_int + other.timeouts_above_int,
            no_stream: self.no_stream + other.no_stream,
            duplicates: self.duplicates + other.duplicates,
        }
    }
}

/// A rule of `check`.
pub type Rule = crate::finding::Rule<Facts>;

/// All rules, in the order in which remedies are best applied.
pub const RULES: &[Rule] = &[
    schema::VIEW,
    schema::ENGINE,
    schema::ROW_FORMAT,
    schema::COLUMN_MISSING,
    schema::COLUMN_TYPE,
    schema::EXTRA_COLUMN,
    schema::VALID,
    rows::NO_APP,
    rows::NO_DATA,
    rows::NO_TIMES,
    rows::CUT_OFF,
    rows::NO_STREAM,
    rows::FUTURE,
    rows::NEVER_EXPIRING,
    rows::DUPLICATES,
    schema::KEY,
    schema::KEY_WITHOUT_APP,
    schema::HEAP,
    schema::NULLABLE,
    schema::TOO_SHORT,
    schema::UNSIGNED,
    schema::MAX_INACTIVE,
    index::CASE,
    index::PADDING,
    index::NONDETERMINISTIC,
    index::APP,
    index::EXPIRES_AT,
    index::EXPIRY,
    session_size::COLUMN,
    session_size::PACKET,
    vacuum::STORAGE,
    vacuum::OFF,
    vacuum::DEAD,
    vacuum::UNUSED_SPACE,
    vacuum::TRANSACTION_IDS,
    server::READ_ONLY,
    cluster::MEMBER,
    cluster::REPLICATION,
    server::SQL_MODE,
    cluster::BINLOG_FORMAT,
    cluster::LEASE,
    cluster::PRIMARY_KEY,
    cluster::AUTOINC,
    cluster::STRICT_MODE,
    cluster::TRANSACTION_SIZE,
    server::ROW_VERSIONS,
    connections::FULL,
    server::SKEW_RULE,
    server::CLEAR_TEXT,
    server::OPEN_FILE,
    account::MISSING,
    account::ADMINISTRATOR,
    account::EXCESS,
    connections::FEW,
    account::ORPHAN,
];

/// The rule with this id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

/// The findings of these facts, in the order of [`RULES`].
pub fn evaluate(facts: &Facts) -> Vec<Finding> {
    crate::finding::evaluate(RULES, facts)
}
