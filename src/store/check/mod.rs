//! What must be so for sessions to be kept well: the rules, as one table of pure functions from
//! gathered facts to findings. The facts are gathered in `inspect`.

mod account;
mod capacity;
mod cluster;
mod column_roles;
mod index;
mod inspect;
mod remedies;
mod rows;
mod schema;
mod server;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

pub use cluster::Member;

use crate::engine::{Dialect, Names, Replication, Statements};
use crate::finding::{Finding, Violation};
use crate::session::EpochMillis;
use crate::store::catalog::grants::Grants;
use crate::store::catalog::queries::ServerInfo;
use crate::store::catalog::shape::Shape;
use crate::store::session_store::replica::NodeRole;

/// All that is known of a store.
#[derive(Debug, Clone)]
pub struct Facts {
    pub names: Names,
    pub dialect: &'static Dialect,
    /// What remedies are written from.
    pub statements: &'static Statements,
    pub server: ServerInfo,
    pub shape: Shape,
    pub grants: Fact<Grants>,
    pub clocks: Fact<Clocks>,
    pub link: Fact<Link>,
    pub orphans: Fact<Vec<OrphanedUser>>,
    pub member: Fact<Member>,
    /// What the server is; `None` for a file.
    pub role: Option<NodeRole>,
    /// What it replicates, the source that it is furthest behind.
    pub replicates: Option<Replication>,
    /// The server that takes writes, where this one does not, as far as it is known.
    pub primary: Option<String>,
    pub rows: Fact<Rows>,
    /// The file of the store, where every account of this machine may read it.
    pub open_file: Option<PathBuf>,
}

/// Something that may be beyond reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact<T> {
    Known(T),
    /// It was not found out, and why.
    Unknown(String),
    /// This engine has no such thing.
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

/// Two clocks at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clocks {
    pub here: EpochMillis,
    pub server: EpochMillis,
}

/// The way to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    pub encrypted: bool,
    /// Whether it leaves this machine.
    pub remote: bool,
}

/// An account of the database without a login on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrphanedUser {
    pub user: String,
    /// Whether the server has a login of that name, which is another's.
    pub has_namesake: bool,
}

/// What one scan of the table counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rows {
    pub sessions: u64,
    /// Bytes of the largest session's data.
    pub biggest: u64,
    pub without_data: u64,
    pub without_app: u64,
    /// Without a timeout or a last access.
    pub without_times: u64,
    /// Whose data has exactly the length of a full BLOB or MEDIUMBLOB.
    pub cut_off: u64,
    pub never_expiring: u64,
    pub from_the_future: u64,
    /// Whose timeout in milliseconds does not fit into 32 bits.
    pub beyond_narrow: u64,
    /// Whose data do not begin as a Java serialization stream does.
    pub no_stream: u64,
    /// Rows of sessions that have another row, the first of each apart; counted where no key keeps them out.
    pub duplicates: u64,
}

impl Rows {
    /// What two parts of a table have together.
    pub(super) fn and(self, other: Rows) -> Rows {
        Rows {
            sessions: self.sessions + other.sessions,
            biggest: self.biggest.max(other.biggest),
            without_data: self.without_data + other.without_data,
            without_app: self.without_app + other.without_app,
            without_times: self.without_times + other.without_times,
            cut_off: self.cut_off + other.cut_off,
            never_expiring: self.never_expiring + other.never_expiring,
            from_the_future: self.from_the_future + other.from_the_future,
            beyond_narrow: self.beyond_narrow + other.beyond_narrow,
            no_stream: self.no_stream + other.no_stream,
            duplicates: self.duplicates + other.duplicates,
        }
    }
}

/// A rule about a store.
pub type Rule = crate::finding::Rule<Facts>;

/// Every rule, in the order in which remedies are best applied.
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
    index::APP,
    index::EXPIRES_AT,
    index::EXPIRY,
    capacity::COLUMN,
    capacity::PACKET,
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
    server::SKEW_RULE,
    server::CLEAR_TEXT,
    server::OPEN_FILE,
    account::MISSING,
    account::ADMINISTRATOR,
    account::EXCESS,
    account::ORPHAN,
];

/// The rule of that name.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

/// Every rule that these facts break, in the order of [`RULES`].
pub fn judge(facts: &Facts) -> Vec<Finding> {
    crate::finding::judge(RULES, facts)
}
