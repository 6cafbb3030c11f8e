//! An open store: the connection to a database, the structure of its session table, and the execution of statements.

pub mod lease;
mod lock;
pub mod replica;
mod transaction;

use std::time::Duration;

use crate::engine::{Bind, Connection, Dialect, Names, Replication, Row, Statements, Target, Template};
use crate::session::{EpochMillis, SessionKey};
use crate::store::catalog::naming::Naming;
use crate::store::catalog::queries::{self, ServerInfo};
use crate::store::catalog::table_structure::Shape;
use crate::store::error::{Result, StoreError};
use crate::store::session_store::lease::Lease;

/// How often an operation whose connection was lost is retried: a batch, or a page of which nothing had arrived.
pub(in crate::store) const MAX_LOSSES: u32 = 5;
/// An open store: a connection, the names and structure of the table, and the server.
pub struct SessionStore {
    pub(in crate::store) connection: Box<dyn Connection>,
    pub(in crate::store) target: Target,
    pub(in crate::store) names: Names,
    pub(in crate::store) shape: Shape,
    pub(in crate::store) server: ServerInfo,
    /// All sessions written last were new, so the next ones probably are too.
    pub(in crate::store) all_new: bool,
    /// Maximum lag of a replica that is used as a source.
    pub(in crate::store) max_lag: Option<Duration>,
    /// The replication from the source that the server is furthest behind, when it was last examined.
    pub(in crate::store) replicates: Option<Replication>,
    /// Generation of the connection that took the lock.
    pub(in crate::store) locked_by: Option<u64>,
    /// The lease, if this run holds one; every transaction that writes renews it.
    pub(in crate::store) lease: Option<Lease>,
    /// Its sessions have digests instead of data.
    pub(in crate::store) condensed: bool,
}

impl SessionStore {
    /// Connects, finds the table and reads its structure.
    ///
    /// # Errors
    /// [`StoreError::Connect`], [`StoreError::NoTable`], and [`StoreError::WrongShape`] if a column is missing or has
    /// a type that cannot store what Tomcat writes.
    pub async fn open(target: &Target, naming: &Naming) -> Result<SessionStore> {
        let store = SessionStore::inspect(target, naming).await?;
        let faults = store.shape.unreadable(&store.names, store.dialect());
        if !faults.is_empty() {
            return Err(StoreError::WrongShape { table: store.names.table, faults });
        }
        Ok(store)
    }

    /// As [`SessionStore::open`], but accepts any structure, so that it can be reported.
    ///
    /// # Errors
    /// [`StoreError::Connect`], [`StoreError::NoTable`].
    pub async fn inspect(target: &Target, naming: &Naming) -> Result<SessionStore> {
        let dialect = target.engine.dialect();
        let target = &naming.target(target)?;
        let mut names = naming.names(target, naming.table.as_deref())?;
        names.check(dialect).map_err(StoreError::Name)?;
        let mut connection = target.connect(false).await.map_err(|error| StoreError::connect(target, error))?;
        let server = queries::server(&mut *connection, dialect).await?;
        let mut shape = queries::shape(&mut *connection, &names, dialect).await?;
        if shape.is_none() && naming.table.is_none() {
            let default = Names { database: names.database.clone(), ..Names::tomcat_defaults() };
            shape = queries::shape(&mut *connection, &default, dialect).await?;
            if shape.is_some() {
                names = naming.apply(default, dialect)?;
            }
        }
        let Some(shape) = shape else {
            return Err(StoreError::NoTable { table: names.table, target: target.to_string() });
        };
        Ok(SessionStore {
            connection,
            target: target.clone(),
            names,
            shape,
            server,
            all_new: false,
            max_lag: None,
            replicates: None,
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
            replicates: self.replicates.clone(),
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

    /// The kind of server (`mysql`, `mariadb`, `sqlite`).
    pub fn variant(&self) -> &'static str {
        self.connection.variant()
    }

    /// Tells whether the server's texts can be this one. One that has no NUL does not take it as a parameter either.
    pub(in crate::store) fn can_hold(&self, text: &str) -> bool {
        self.dialect().holds_nul || !text.contains('\0')
    }

    /// Tells whether a row can have this key.
    pub(in crate::store) fn can_hold_key(&self, key: &SessionKey) -> bool {
        self.can_hold(&key.id) && key.app.as_deref().is_none_or(|app| self.can_hold(app))
    }

    /// Refuses a table that cannot be written safely.
    ///
    /// # Errors
    /// [`StoreError::WrongShape`] for a view, and for a table without a unique key on the id.
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

    /// The server's clock, the milliseconds by which it is ahead of the clock that `here` reads (negative: behind),
    /// and the possible error of that, which is half of the round trip. An engine without a server uses this
    /// machine's clock.
    pub async fn clock_offset(&mut self, here: impl Fn() -> EpochMillis + Send) -> Result<(EpochMillis, i64, u64)> {
        let before = here();
        if !self.dialect().has_accounts {
            return Ok((before, 0, 0));
        }
        let server = self.clock().await?;
        let trip = here().0.saturating_sub(before.0);
        let ahead = server.0.saturating_sub(before.0.saturating_add(trip / 2));
        Ok((server, ahead, trip.unsigned_abs() / 2))
    }

    /// Host and port of the server; `None` for a file.
    pub fn node(&self) -> Option<String> {
        self.connection.node()
    }

    /// Closes the connection.
    pub async fn close(mut self) {
        self.release_lease().await;
        self.connection.close().await;
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
