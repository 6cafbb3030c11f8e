//! The session store: what can be done with a table of sessions, written once for all engines.
//!
//! The verbs are here, the statements in `sql/`, the rules in `session`, the way to a server in
//! `engine`. Not here: anything that a user types or reads.
//!
//! Tomcats work on the same rows meanwhile: they save (DELETE, then INSERT), log out (DELETE) and load
//! (SELECT), each in a transaction of its own. Why no session is lost, brought back, doubled or replaced
//! by an older state, whatever they, another run or a kill do between two of our statements, is argued
//! where the statements are: [`copy`] for `export`, `migrate` and `verify`, `purge` for `expire` and `delete`, `load` for `import`, and for `swap-out`
//! and `swap-in` `swap` (between two tables), `swap_away` (between two stores) and `swap_copied` (into an
//! archive).

mod batch_size;
mod catalogue;
pub mod check;
mod compare;
pub mod copy;
mod delete;
mod digest;
mod error;
mod expired;
mod final_check;
mod fitting;
mod grants;
mod insert;
mod inspect;
mod lane;
mod lease;
mod load;
mod mover;
mod naming;
mod only_in_target;
mod page_size;
mod parts;
mod passes;
mod preflight;
pub mod provision;
mod prune;
mod purge;
mod purge_summary;
mod read;
mod replica;
mod script;
mod shape;
mod swap;
mod swap_away;
mod swap_copied;
mod swap_journal;
mod swap_settle;
mod swap_table;
mod table_name;
mod table_version;
mod throttle;
mod waiting;
mod whole;
mod writers;

use std::time::{Duration, Instant};

pub use crate::engine::{
    Bind, Cause, ClusterKind, Configured, DbError, DbErrorKind, Dialect, ENGINES, Engine, Failover, GRACE, Names,
    Signal, Sql, Statements, Stop, Target, Template, UrlError, by_name, parse_configured, parse_url, sqlite_in_memory,
};
use crate::engine::{Connection, Row};
use crate::session::EpochMillis;
pub use catalogue::ServerInfo;
pub use compare::{CompareEnded, Comparer, Comparison, Since};
pub use delete::{Batch, Delete, DeleteByData, Deleted, Left, SparedCounts};
pub use digest::{condensed, fitting};
pub use error::{Result, StoreError};
pub use expired::{Candidates, Expiry, ExpiryRoute};
pub use final_check::{FinalCheck, FinalState};
pub use fitting::Fitting;
pub use insert::Inserted;
pub use load::{Loader, Record, Refused};
pub use mover::{MoveEnded, MovePlan, Moved, Mover};
pub use naming::Naming;
pub use only_in_target::only_in_target;
pub use passes::{BATCH_BYTES, PassCount, PassEnd, PassLimits, Passes, PassesEnded, PassesSummary, Taken};
pub use preflight::preflight;
pub use prune::{Pruned, prune};
pub use purge::{Consent, Disposal, Ended, Judge, PurgeLimits, PurgeProgress, Purger};
pub use purge_summary::{AppCount, PurgeSummary};
pub use read::{Cursor, Found, Reading};
pub use script::{insert_script, script_head};
pub use shape::{Column, Index, Key, Shape};
pub use swap::{IntoTable, Mend};
pub use swap_away::IntoStore;
pub use swap_copied::{Archived, Beside, Copied, CopyOut, DeleteCopied, DeletionLog};
pub use swap_journal::is_journal;
pub use swap_settle::Reconciled;
pub use swap_table::SwapTable;
pub use table_name::{TableName, name_text};
pub use throttle::{Thresholds, Throttle};
pub use whole::Reader;
pub use writers::{MoveProgress, Refusal, Rejected, write_each};

/// The columns of a session table, as `--columns` calls them.
pub const COLUMNS: &[&str] = &["id", "app", "data", "valid", "max-inactive", "last-access"];

/// How often work is begun again that lost its connection: a batch, or a page of which nothing had come.
const LOSSES: u32 = 5;
/// How long the lock is waited for at a time.
const LOCK_POLL: Duration = Duration::from_secs(2);

/// An open store: a connection, the table's names and shape, and what the server is.
pub struct SessionStore {
    connection: Box<dyn Connection>,
    target: Target,
    names: Names,
    shape: Shape,
    server: ServerInfo,
    /// The last sessions to be written were all new: it is likely of the next ones.
    all_new: bool,
    /// With it, a replica that lags more is no source.
    max_lag: Option<Duration>,
    /// The connection, by its generation, that took the lock.
    locked_by: Option<u64>,
    /// Renewed by every transaction that writes, where this run holds one.
    lease: Option<lease::Lease>,
    /// Its sessions have digests in the place of their data.
    condensed: bool,
}

impl SessionStore {
    /// Connects, finds the table and reads its shape.
    ///
    /// # Errors
    /// [`StoreError::Connect`], [`StoreError::NoTable`], and [`StoreError::WrongShape`] when a
    /// column is missing or of a type that cannot hold what Tomcat writes.
    pub async fn open(target: &Target, naming: &Naming) -> Result<SessionStore> {
        let store = SessionStore::inspect(target, naming).await?;
        let faults = store.shape.unreadable(&store.names, store.dialect());
        if !faults.is_empty() {
            return Err(StoreError::WrongShape { table: store.names.table, faults });
        }
        Ok(store)
    }

    /// As [`SessionStore::open`], but whatever shape the table has: to say what is wrong with it.
    ///
    /// # Errors
    /// [`StoreError::Connect`], [`StoreError::NoTable`].
    pub async fn inspect(target: &Target, naming: &Naming) -> Result<SessionStore> {
        let dialect = target.engine.dialect();
        let target = &naming.target(target)?;
        let mut names = naming.names(target, naming.table.as_deref())?;
        names.check(dialect).map_err(StoreError::Name)?;
        let mut connection = target.connect(false).await.map_err(|error| StoreError::connect(target, error))?;
        let server = catalogue::server(&mut *connection, dialect).await?;
        let mut shape = catalogue::shape(&mut *connection, &names, dialect).await?;
        if shape.is_none() && naming.table.is_none() {
            let default = Names { database: names.database.clone(), ..Names::tomcat_defaults() };
            shape = catalogue::shape(&mut *connection, &default, dialect).await?;
            if shape.is_some() {
                names = naming.apply(default, dialect)?;
            }
        }
        let Some(shape) = shape else {
            return Err(StoreError::NoTable { table: names.table, target: target.shown() });
        };
        Ok(SessionStore {
            connection,
            target: target.clone(),
            names,
            shape,
            server,
            all_new: false,
            max_lag: None,
            locked_by: None,
            lease: None,
            condensed: false,
        })
    }

    /// Opens a second connection to the same table.
    ///
    /// # Errors
    /// [`StoreError::Connect`].
    pub async fn another(&self) -> Result<SessionStore> {
        let connect = self.target.connect(false).await;
        Ok(SessionStore {
            connection: connect.map_err(|error| StoreError::connect(&self.target, error))?,
            target: self.target.clone(),
            names: self.names.clone(),
            shape: self.shape.clone(),
            server: self.server.clone(),
            all_new: false,
            max_lag: self.max_lag,
            locked_by: None,
            lease: self.lease.clone(),
            condensed: self.condensed,
        })
    }

    pub fn names(&self) -> &Names {
        &self.names
    }

    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    pub fn server(&self) -> &ServerInfo {
        &self.server
    }

    pub fn target(&self) -> &Target {
        &self.target
    }

    pub fn dialect(&self) -> &'static Dialect {
        self.target.engine.dialect()
    }

    pub fn statements(&self) -> &'static Statements {
        self.connection.statements()
    }

    /// The flavour of server that answered (`mysql`, `mariadb`, `sqlite`).
    pub fn flavour(&self) -> &'static str {
        self.connection.flavour()
    }

    /// Refuses a table that cannot be written safely.
    ///
    /// # Errors
    /// [`StoreError::WrongShape`] for a view, and for a table without a unique key of the id.
    pub fn require_writable(&self) -> Result<()> {
        let faults = self.shape.unwritable(&self.names);
        if faults.is_empty() {
            return Ok(());
        }
        Err(StoreError::WrongShape { table: self.names.table.clone(), faults })
    }

    /// The server's clock.
    pub async fn clock(&mut self) -> Result<EpochMillis> {
        let mut rows = self.query("read the server's clock", self.statements().clock, &Bind::new()).await?;
        let at = rows
            .first_mut()
            .map(|row| row.int(0))
            .transpose()
            .map_err(|e| StoreError::db("read the server's clock", e))?;
        Ok(EpochMillis(at.flatten().unwrap_or_default()))
    }

    /// The server's clock; by how many milliseconds it is ahead of the clock that `here` reads, or behind; and how
    /// far that may be wrong, which is half of the round trip. An engine without a server has this machine's.
    pub async fn clock_beside(&mut self, here: impl Fn() -> EpochMillis + Send) -> Result<(EpochMillis, i64, u64)> {
        let before = here();
        if !self.dialect().has_accounts {
            return Ok((before, 0, 0));
        }
        let server = self.clock().await?;
        let trip = here().0.saturating_sub(before.0);
        let ahead = server.0.saturating_sub(before.0.saturating_add(trip / 2));
        Ok((server, ahead, trip.unsigned_abs() / 2))
    }

    /// Takes the advisory lock of this table, so that no two runs of this tool work on it at once; in
    /// a cluster, the lease too, where the database has a table for it.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another run holds it for longer than `wait`; [`StoreError::Replica`].
    pub async fn lock(&mut self, wait: Duration) -> Result<()> {
        let begun = Instant::now();
        self.require_source().await?;
        let leased = self.connection.cluster().is_some() && self.has_lease_table().await?;
        let name = self.lock_name();
        match self.wait_for_lock(&name, begun, wait).await {
            Ok(true) => self.locked_by = Some(self.connection.generation()),
            Ok(false) => return Err(StoreError::Locked { table: self.names.table.clone(), waited: wait }),
            // Percona XtraDB Cluster prohibits advisory locks, and so does MariaDB with MDEV-30473.
            Err(error) if leased && matches!(error.kind, DbErrorKind::Other | DbErrorKind::Denied) => {}
            Err(error) => return Err(StoreError::db("take the table's lock", error)),
        }
        if leased { self.take_lease(wait.saturating_sub(begun.elapsed())).await } else { Ok(()) }
    }

    /// Asks for the lock until it is there or `wait` is over, a while at a time: a proxy may close a connection on which
    /// nothing is said for long.
    async fn wait_for_lock(
        &mut self,
        name: &str,
        begun: Instant,
        wait: Duration,
    ) -> std::result::Result<bool, DbError> {
        loop {
            let left = wait.saturating_sub(begun.elapsed());
            if self.connection.lock(name, left.min(LOCK_POLL)).await? {
                return Ok(true);
            }
            let left = wait.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return Ok(false);
            }
            // Servers count whole seconds.
            if left < Duration::from_secs(1) {
                tokio::time::sleep(left).await;
            }
        }
    }

    /// Tells whether the lock taken by [`SessionStore::lock`] is still held. A lease is renewed by each
    /// transaction, which fails where another run has taken it: nothing is asked beforehand then.
    pub async fn holds_lock(&mut self) -> Result<bool> {
        if let Some(lease) = &self.lease {
            return Ok(!lease.is_lost());
        }
        let name = self.lock_name();
        self.connection.holds_lock(&name).await.map_err(|e| StoreError::db("verify the table's lock", e))
    }

    /// Tells whether no other run of this program works on this table, and none can begin to while this
    /// connection lasts: the lock is held, and holds for everybody. A lock that was taken again after the connection
    /// broke says nothing of what happened in between; a lease that can be renewed was held all the time.
    pub(super) async fn is_alone(&mut self) -> Result<bool> {
        let held = self.require_lease().is_ok() && self.holds_lock().await?;
        Ok(held && (self.lease.is_some() || self.locked_by == Some(self.connection.generation())))
    }

    /// The host and port that answer; `None` for a file.
    pub fn node(&self) -> Option<String> {
        self.connection.node()
    }

    /// Gives the lock back.
    pub async fn unlock(&mut self) -> Result<()> {
        self.release_lease().await;
        let name = self.lock_name();
        self.connection.unlock(&name).await.map_err(|e| StoreError::db("give the table's lock back", e))
    }

    /// Says goodbye to the server.
    pub async fn close(mut self) {
        self.release_lease().await;
        self.connection.close().await;
    }

    /// The server keeps locks for all its databases, so that both names stand in it; MySQL takes 64
    /// characters, and what is longer is told apart by a hash.
    fn lock_name(&self) -> String {
        let database = self.server.database.as_deref().unwrap_or_default();
        let name = format!("tomcat-sessions:{database}.{}", self.names.table);
        if name.len() <= 64 { name } else { format!("tomcat-sessions:{:016x}", fnv1a(name.as_bytes())) }
    }

    /// Fills in a statement of `sql/` and runs it as a query.
    pub async fn query(&mut self, doing: &str, template: Template, bind: &Bind) -> Result<Vec<Row>> {
        let sql = template.render(&self.names, self.dialect(), bind).map_err(|e| StoreError::db(doing, e))?;
        self.connection.query(&sql).await.map_err(|e| StoreError::db(doing, e))
    }

    /// Fills in a statement of `sql/` and runs it; returns the number of rows it changed.
    pub async fn execute(&mut self, doing: &str, template: Template, bind: &Bind) -> Result<u64> {
        let sql = template.render(&self.names, self.dialect(), bind).map_err(|e| StoreError::db(doing, e))?;
        self.connection.execute(&sql).await.map_err(|e| StoreError::db(doing, e))
    }
}

/// FNV-1a, whose values must be the same in every build: two runs have to agree on the lock.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &b| (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}
