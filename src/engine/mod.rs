//! The interface to a database engine: connections, queries, statements, transactions, an advisory lock. The
//! statements are in `sql/<engine>/`, and `store` decides when to execute them.
//!
//! # Adding an engine
//!
//! 1. Write `sql/<engine>/`: the same file names as in the other folders, one statement per file (`sql/README.md` has
//!    the rules). If the engine does not need a statement, the file contains only comments with the reason.
//! 2. Write `src/engine/<engine>/`: an [`Engine`] that parses its URLs and connects, a [`Connection`], the mapping of
//!    its error numbers to [`DbErrorKind`], and a [`DriverClass`] for each JDBC driver, from which `tomcat config`,
//!    `tomcat lint` and `--context-xml` know it.
//! 3. Add it to [`ENGINES`].
//! 4. Add it to the conformance suite in `tests/engines/`. The engine is complete when the suite passes.
//!
//! Rules about sessions, and the purpose of statements, are elsewhere.

mod driver_class;
mod error;
mod failover;
mod identifiers;
mod insert;
pub mod jdbc;
mod liveness;
mod lock_keepalive;
mod monitored_connection;
mod monitored_rows;
mod mssql;
mod mysql;
mod postgres;
mod socket;
mod sqlite;
mod statement_log;
mod statements;
mod stop_request;
mod template;
mod unresponsive;
mod url;
mod url_parameters;
mod user_hints;
mod value;

use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};

pub use driver_class::{DriverClass, GeneratedDriver, driver_class, driver_classes, driver_of_url};
pub use error::{DbError, DbErrorKind, HintsOf};
pub use failover::Role;
pub use identifiers::{Names, Quote, fnv1a};
pub use jdbc::{Configured, Driver, parse_configured};
pub use liveness::Timeouts;
pub use sqlite::in_memory as sqlite_in_memory;
pub use statements::Statements;
pub use stop_request::{Cause, GRACE, Signal, Stop};
pub use template::{Bind, Sql, Template};
pub use unresponsive::Unresponsive;
pub use url::{Failover, HostPort, Target, UrlError, url_schemes};
pub use user_hints::{Hints, USE_PRIMARY};
pub use value::{Row, Value};

/// All engines, in the order in which help texts list them.
pub const ENGINES: &[&dyn Engine] =
    &[&mysql::Mysql, &mysql::Mariadb, &postgres::Postgres, &mssql::Mssql, &sqlite::Sqlite];

/// A kind of database server, or of file.
#[async_trait]
pub trait Engine: Sync {
    /// The name in `--engine` and in reports.
    fn name(&self) -> &'static str;

    /// The schemes of its URLs, without the colon (`mysql`, `jdbc:mysql`).
    fn schemes(&self) -> &'static [&'static str];

    /// Parses a URL with one of [`Engine::schemes`].
    ///
    /// # Errors
    /// If it is malformed, or contains an unknown parameter.
    fn parse_url(&self, url: &str) -> Result<Target, UrlError>;

    /// Parses a URL as Tomcat's driver does.
    ///
    /// # Errors
    /// If the driver would refuse it, or it cannot be applied.
    fn parse_configured(&self, url: &str, configured: &Configured<'_>) -> Result<Target, UrlError> {
        let target = self.parse_url(url)?;
        let user = configured.user.map(str::to_owned).or(target.user);
        let password = configured.password.clone().or(target.password);
        Ok(Target { user, password, ..target })
    }

    /// The JDBC drivers whose URLs it can read.
    fn drivers(&self) -> &'static [&'static Driver] {
        &[]
    }

    /// The JDBC drivers that connect to it, as Tomcat's configuration names them; `tomcat config` writes the first one.
    fn driver_classes(&self) -> &'static [&'static DriverClass] {
        &[]
    }

    /// Its statements, before a connection shows which kind of server it is.
    fn statements(&self) -> &'static Statements;

    /// The statements for kinds of servers that have no URL scheme of their own, by their names in `init-db
    /// --engine`.
    fn variants(&self) -> &'static [(&'static str, &'static Statements)] {
        &[]
    }

    /// The syntax of its names and literals.
    fn dialect(&self) -> &'static Dialect;

    /// The time limits for a server. Only [`Target::connect`] applies them.
    fn timeouts(&self, _target: &Target) -> Timeouts {
        Timeouts::default()
    }

    /// Tells whether a server refused a connection because it has too many.
    fn is_full(&self, _error: &DbError) -> bool {
        false
    }

    /// Connects and logs in, without a time limit: for [`Target::connect`].
    ///
    /// # Errors
    /// Those of [`Target::connect`].
    async fn open(&self, target: &Target, create: bool) -> Result<Box<dyn Connection>, DbError>;
}

/// Syntax of names and literals, and limits of an engine.
#[derive(Debug)]
pub struct Dialect {
    pub quote: Quote,
    /// The quotes that a user may write around a name: opening and closing.
    pub name_quotes: &'static [(char, char)],
    /// Case folding of names without quotes.
    pub fold: fn(&str) -> String,
    /// The qualifiers of a table name, the outermost first: of `database` and `schema`.
    pub qualifiers: &'static [&'static str],
    /// The n-th parameter in a statement, counted from one.
    pub placeholder: fn(usize, &Value) -> String,
    /// A text as a literal in a printed script.
    pub literal: fn(&str) -> String,
    /// The same with the codes of its characters, independent of the client and its settings. Not every statement
    /// accepts it, and it is not readable.
    pub coded_literal: fn(&str) -> String,
    /// A statement in a printed script, written so that the usual client finds no variables in it.
    pub without_variables: fn(&str) -> String,
    /// Bytes, given in hexadecimal, as a literal in a printed script.
    pub blob_literal: fn(&str) -> String,
    /// The name of a database in a grant, which treats it as a pattern.
    pub grant_pattern: fn(&str) -> String,
    /// The end of a batch of statements in a printed script.
    pub terminator: &'static str,
    /// Maximum length of the name of a table or a column, as `name_length` measures it.
    pub max_name: usize,
    /// Length of a name for the server: in characters, or in bytes.
    pub name_length: fn(&str) -> usize,
    /// Maximum length of the name of an account, in characters.
    pub max_user: usize,
    /// Whether all indexes share one namespace, so that their names must begin with that of the table.
    pub indexes_share_names: bool,
    /// Maximum number of parameters per statement.
    pub max_params: usize,
    /// Maximum number of rows that one statement should lock.
    pub max_batch: usize,
    /// Maximum size of the columns of the primary key in bytes, if a remedy could exceed it.
    pub max_key_bytes: Option<i64>,
    /// The columns, by their default names, with which an index for `expire` must begin.
    pub expiry_index: &'static [&'static str],
    /// Whether the engine has accounts and databases to provision.
    pub has_accounts: bool,
    /// Whether an account includes the host from which it connects.
    pub has_hosts: bool,
    /// Whether the server's password policy can be switched off for an account.
    pub policy_is_optional: bool,
    /// Whether a text may contain the character NUL.
    pub holds_nul: bool,
    /// Whether texts that differ only in trailing spaces are equal under every collation.
    pub ignores_trailing_spaces: bool,
    /// The error if the product of two 32-bit numbers overflows; `None` if the server computes it with more bits.
    pub int_overflow_error: Option<&'static str>,
    /// Whether text is converted to the type of the column: a number, bytes or others.
    pub converts_text: bool,
    /// Whether that includes bytes.
    pub converts_text_to_bytes: bool,
    /// The type of `session_data`, in lower case.
    pub blob_type: &'static str,
    /// Whether a text that is longer than the declared length is refused.
    pub enforces_lengths: bool,
    /// Whether the rows of a query arrive one by one, at the pace of the reader.
    pub streams: bool,
    /// What a column of this type (in lower case, without its length) can store.
    pub class: fn(&str) -> ColumnClass,
    pub hints: Hints,
}

/// What a column can store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnClass {
    Text,
    Int {
        bits: u32,
    },
    /// At most `max` bytes, if the type itself has a limit.
    Binary {
        max: Option<u64>,
    },
    Other,
}

/// A kind of cluster in which every member stores all sessions, and an advisory lock is valid on one member only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClusterKind {
    /// MariaDB Galera, Percona XtraDB Cluster.
    Galera,
    /// MySQL Group Replication.
    Group,
}

/// A source that a server replicates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replication {
    /// Host and port; `None` if the account may not see them.
    pub source: Option<String>,
    /// Whether it receives and applies changes.
    pub running: bool,
    /// Its lag; `None` if unknown.
    pub lag: Option<Duration>,
}

impl Replication {
    /// The source in a sentence.
    pub fn source_text(&self) -> &str {
        self.source.as_deref().unwrap_or("a server that the account may not see")
    }
}

/// An open connection.
#[async_trait]
pub trait Connection: Send {
    /// Its statements, for the kind of server that answered.
    fn statements(&self) -> &'static Statements;

    /// The kind of server that answered (`mysql`, `mariadb`, `sqlite`).
    fn variant(&self) -> &'static str;

    /// The id of its session on the server, if there is one.
    fn session(&self) -> Option<i64> {
        None
    }

    /// Tells whether the server is executing a statement for another session of the same account; `None` if the
    /// account cannot see that.
    async fn is_working(&mut self, _session: i64) -> Result<Option<bool>, DbError> {
        Ok(None)
    }

    /// The kind of cluster to which the server belongs.
    fn cluster(&self) -> Option<ClusterKind> {
        None
    }

    /// How often this connection has been replaced, possibly by one to another host.
    fn generation(&self) -> u64 {
        0
    }

    /// The host and port of the connection; `None` for a file.
    fn node(&self) -> Option<String> {
        None
    }

    /// The role of the server.
    ///
    /// # Errors
    /// [`DbErrorKind::NoQuorum`] if it is not synchronized with its cluster.
    async fn role(&mut self) -> Result<Role, DbError> {
        Ok(Role::Primary)
    }

    /// What the server replicates; empty for an engine or a server without replication.
    ///
    /// # Errors
    /// [`DbErrorKind::Denied`] if the account may not see it.
    async fn replication(&mut self) -> Result<Vec<Replication>, DbError> {
        Ok(Vec::new())
    }

    /// The server that accepts writes, if this one does not and it can be determined.
    ///
    /// # Errors
    /// [`DbErrorKind::Denied`] if the account may not see it.
    async fn primary(&mut self) -> Result<Option<String>, DbError> {
        Ok(None)
    }

    /// The replicas that the server knows, if they report their address.
    ///
    /// # Errors
    /// [`DbErrorKind::Denied`] if the account may not see them.
    async fn replicas(&mut self) -> Result<Vec<HostPort>, DbError> {
        Ok(Vec::new())
    }

    /// Runs a query and reads all its rows; the caller limits their number.
    async fn query(&mut self, sql: &Sql) -> Result<Vec<Row>, DbError>;

    /// As [`Connection::query`], but returns each row as it arrives, if the dialect `streams`.
    fn stream<'a>(&'a mut self, sql: &'a Sql) -> BoxStream<'a, Result<Row, DbError>> {
        let rows = async move { Ok(stream::iter(self.query(sql).await?.into_iter().map(Ok))) };
        stream::once(rows).try_flatten().boxed()
    }

    /// Runs a statement and returns the number of rows that it changed.
    async fn execute(&mut self, sql: &Sql) -> Result<u64, DbError>;

    /// Runs a statement that the engine cannot prepare (DDL, GRANT, USE).
    async fn execute_raw(&mut self, sql: &Sql) -> Result<(), DbError>;

    /// Inserts rows, each with the six columns of `insert.sql`, in the open transaction; returns their number.
    /// `max_packet` is the server's maximum length of a statement, in bytes.
    async fn insert_many(
        &mut self,
        names: &Names,
        rows: Vec<Vec<Value>>,
        max_packet: Option<u64>,
    ) -> Result<u64, DbError>;

    /// Stores keys, each an id and an application, where `lock_staged_keys.sql` finds them; false if the engine has no such
    /// table, or if it is not worthwhile for so few keys.
    async fn stage_keys(
        &mut self,
        _names: &Names,
        _keys: &mut (dyn Iterator<Item = Vec<Value>> + Send),
    ) -> Result<bool, DbError> {
        Ok(false)
    }

    /// Begins a transaction that will write.
    async fn begin(&mut self) -> Result<(), DbError>;

    /// Begins a transaction that deletes only rows that nobody needs any more: if the server crashes, they may be there
    /// again. Its commit need not wait for the disk, if the engine has such commits.
    async fn begin_relaxed(&mut self) -> Result<(), DbError> {
        self.begin().await
    }

    /// Waits until everything that was committed so far is on the server's disk.
    async fn flush_commits(&mut self) -> Result<(), DbError> {
        Ok(())
    }

    async fn commit(&mut self) -> Result<(), DbError>;

    async fn rollback(&mut self) -> Result<(), DbError>;

    /// Takes the advisory lock `name`, waiting for at most `wait`; false if another connection holds it.
    async fn lock(&mut self, name: &str, wait: Duration) -> Result<bool, DbError>;

    /// Tells whether this connection still holds the advisory lock `name`.
    async fn holds_lock(&mut self, name: &str) -> Result<bool, DbError>;

    /// Releases the advisory lock `name`.
    async fn unlock(&mut self, name: &str) -> Result<(), DbError>;

    /// Closes the connection. If it is only dropped, the server notices that later.
    async fn close(self: Box<Self>);
}

/// Finds the engine of `url` by its scheme, and lets it parse the URL.
///
/// # Errors
/// If no engine has that scheme, or the URL is invalid.
pub fn parse_url(url: &str) -> Result<Target, UrlError> {
    let url = &jdbc::unwrapped(url.trim());
    let target = jdbc::engine_of(url).and_then(|engine| engine.parse_url(url));
    let mut target =
        target.and_then(|target| target.without_misplaced_secrets(url)).map_err(|error| error.redacted(url))?;
    // Nobody can intercept such a connection, and a self-signed certificate cannot be checked.
    target.accepts_any_certificate |= target.is_local();
    Ok(target)
}

/// The engine of that name.
pub fn by_name(name: &str) -> Option<&'static dyn Engine> {
    ENGINES.iter().find(|engine| engine.name() == name).copied()
}

/// Selects the cryptography library of TLS: the drivers bring two, and rustls would panic instead of choosing one.
/// Called before each connection; only the first call has an effect.
fn choose_cryptography() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}
