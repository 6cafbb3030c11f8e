//! The small boundary to a database engine: connect, query, execute, transactions, an advisory
//! lock. What to say to a server is in `sql/<engine>/`, when to say it is in `store`; an engine
//! only knows how.
//!
//! # Adding an engine
//!
//! 1. Write `sql/<engine>/`: the file names of the other folders, one statement each
//!    (`sql/README.md` has the rules). A statement that the engine does not need is a file of
//!    comments that says why.
//! 2. Write `src/engine/<engine>/`: an [`Engine`] that reads its URLs and connects, a
//!    [`Connection`], and the one place that maps its error numbers to [`DbErrorKind`].
//! 3. Add its row to [`ENGINES`].
//! 4. Add its row to the conformance suite in `tests/engines/`; the suite says when it is finished.
//!
//! Not here: any rule about sessions, any name of a statement's meaning.

mod error;
mod failover;
mod insert;
pub mod jdbc;
mod liveness;
mod lock_keepalive;
mod logged;
mod mssql;
mod mysql;
mod names;
mod postgres;
mod socket;
mod sql;
mod sqlite;
mod statements;
mod stop;
mod unanswered;
mod url;
mod url_parameters;
mod value;
mod watched;
mod watched_rows;

use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};

pub use error::{DbError, DbErrorKind};
pub use failover::Role;
pub use jdbc::{Configured, Driver, parse_configured};
pub use liveness::Timeouts;
pub use names::{Names, Quote};
pub use sql::{Bind, Sql, Template};
pub use sqlite::in_memory as sqlite_in_memory;
pub use statements::Statements;
pub use stop::{Cause, GRACE, Signal, Stop};
pub use unanswered::Unanswered;
pub use url::{Failover, HostPort, Target, UrlError};
pub use value::{Row, Value};

/// Every engine, in the order in which help texts name them.
pub const ENGINES: &[&dyn Engine] =
    &[&mysql::Mysql, &mysql::Mariadb, &postgres::Postgres, &mssql::Mssql, &sqlite::Sqlite];

/// One kind of database server, or of file.
#[async_trait]
pub trait Engine: Sync {
    /// The name in `--engine` and in reports.
    fn name(&self) -> &'static str;

    /// The schemes of its URLs, without the colon (`mysql`, `jdbc:mysql`).
    fn schemes(&self) -> &'static [&'static str];

    /// Reads a URL of one of [`Engine::schemes`].
    ///
    /// # Errors
    /// When it is malformed or holds a parameter that this engine does not understand.
    fn parse_url(&self, url: &str) -> Result<Target, UrlError>;

    /// Reads a URL as the driver does that a Tomcat is configured with.
    ///
    /// # Errors
    /// When the driver would refuse it, or it cannot be followed.
    fn parse_configured(&self, url: &str, configured: &Configured<'_>) -> Result<Target, UrlError> {
        let target = self.parse_url(url)?;
        let user = configured.user.map(str::to_owned).or(target.user);
        let password = configured.password.clone().or(target.password);
        Ok(Target { user, password, ..target })
    }

    /// The JDBC drivers whose URLs it reads.
    fn drivers(&self) -> &'static [&'static Driver] {
        &[]
    }

    /// Its statements, before any connection tells what flavour of server it is.
    fn statements(&self) -> &'static Statements;

    /// The statements of flavours of its servers that no URL tells, by their names in `init-db --engine`.
    fn flavours(&self) -> &'static [(&'static str, &'static Statements)] {
        &[]
    }

    /// How it writes names and literals.
    fn dialect(&self) -> &'static Dialect;

    /// What bounds the waits for a server. Only [`Target::connect`] keeps to it.
    fn timeouts(&self, _target: &Target) -> Timeouts {
        Timeouts::default()
    }

    /// Tells whether a server that refused a connection does so because it has too many.
    fn is_full(&self, _error: &DbError) -> bool {
        false
    }

    /// Connects and logs in, for as long as it takes: for [`Target::connect`].
    ///
    /// # Errors
    /// Those of [`Target::connect`].
    async fn open(&self, target: &Target, create: bool) -> Result<Box<dyn Connection>, DbError>;
}

/// How an engine writes names and literals, and what it bounds.
#[derive(Debug)]
pub struct Dialect {
    pub quote: Quote,
    /// The quotes that a user may write around a name, opening and closing.
    pub name_quotes: &'static [(char, char)],
    /// What the server makes of a name without quotes.
    pub fold: fn(&str) -> String,
    /// What may stand before a table's name, the outermost first: of `database` and `schema`.
    pub qualifiers: &'static [&'static str],
    /// How the n-th parameter of a statement is written, counted from one.
    pub placeholder: fn(usize, &Value) -> String,
    /// How a text is written as a literal in a printed script.
    pub literal: fn(&str) -> String,
    /// The same by the codes of its characters, which no client and no setting changes. Not every statement
    /// takes it, and no person reads it.
    pub coded_literal: fn(&str) -> String,
    /// How a statement is written in a printed script so that the usual client puts no variables of its own into it.
    pub without_variables: fn(&str) -> String,
    /// How bytes, given in hexadecimal, are written as a literal in a printed script.
    pub blob_literal: fn(&str) -> String,
    /// How the name of a database is written where a grant takes a pattern.
    pub grant_pattern: fn(&str) -> String,
    /// What ends a batch of statements in a printed script.
    pub terminator: &'static str,
    /// The longest name of a table or a column, in characters.
    pub max_name: usize,
    /// The longest name of an account, in characters.
    pub max_user: usize,
    /// Whether indexes share one namespace, so that their names must begin with the table's.
    pub indexes_share_names: bool,
    /// The most parameters that one statement may have.
    pub max_params: usize,
    /// The most rows that one statement should lock.
    pub max_batch: usize,
    /// The most bytes that the columns of the primary key may take, where a remedy could pass them.
    pub max_key_bytes: Option<i64>,
    /// The columns, by their default names, that an index must begin with to serve `expire`.
    pub expiry_index: &'static [&'static str],
    /// Whether the engine has accounts and databases to provision.
    pub has_accounts: bool,
    /// Whether an account is known together with the host it connects from.
    pub has_hosts: bool,
    /// Whether texts that differ by trailing spaces are equal under every collation.
    pub pads_blanks: bool,
    /// Whether a product of two 32-bit numbers has 32 bits, and fails where it does not fit.
    pub multiplies_narrow: bool,
    /// Whether a text is made into a number, bytes or whatever else the column has.
    pub converts_text: bool,
    /// The type of `session_data`, in lower case.
    pub blob_type: &'static str,
    /// Whether a text that is longer than its column was declared is refused.
    pub enforces_lengths: bool,
    /// Whether the rows of a query come one by one, and wait for whoever takes them.
    pub streams: bool,
    /// What a column of that type, in lower case and without its length, can hold.
    pub class: fn(&str) -> ColumnClass,
    pub hints: ConnectHints,
}

/// What to try when a connection fails, in the words of the engine's URLs.
#[derive(Debug)]
pub struct ConnectHints {
    /// The parameter that waits longer.
    pub timeout: &'static str,
    /// What else may be wrong with a login without a password.
    pub auth: &'static [&'static str],
    /// What else than the password may be wrong with a login with one.
    pub refused_password: &'static [&'static str],
    /// What else than its absence may be wrong with a database.
    pub no_database: &'static [&'static str],
    pub tls: &'static [&'static str],
    /// What to try when the certificate has another name than the host's.
    pub wrong_name: &'static str,
    /// The parameter that encrypts, with a checked certificate.
    pub encrypted: &'static str,
}

/// What a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnClass {
    Text,
    Int {
        bits: u32,
    },
    /// At most `max` bytes, where the type itself sets a limit.
    Binary {
        max: Option<u64>,
    },
    Other,
}

/// A kind of cluster in which every member keeps all sessions, and an advisory lock holds on one
/// member alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClusterKind {
    /// MariaDB Galera, Percona XtraDB Cluster.
    Galera,
    /// MySQL Group Replication.
    Group,
}

/// One source that a server replicates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replication {
    /// Host and port.
    pub source: String,
    /// Whether it receives and applies changes.
    pub running: bool,
    /// How far behind it is; `None` where it does not know.
    pub lag: Option<Duration>,
}

/// One open connection.
#[async_trait]
pub trait Connection: Send {
    /// Its statements, in the flavour of the server that answered.
    fn statements(&self) -> &'static Statements;

    /// The name of the flavour that answered (`mysql`, `mariadb`, `sqlite`).
    fn flavour(&self) -> &'static str;

    /// The number of its session at the server, where there is one.
    fn session(&self) -> Option<i64> {
        None
    }

    /// Tells whether the server is at work for another session of the same account; `None` where the
    /// account cannot learn it.
    async fn is_working(&mut self, _session: i64) -> Result<Option<bool>, DbError> {
        Ok(None)
    }

    /// The kind of cluster that the server is a member of.
    fn cluster(&self) -> Option<ClusterKind> {
        None
    }

    /// How often this connection was replaced by another, perhaps to another host.
    fn generation(&self) -> u64 {
        0
    }

    /// The host and port that it is connected to; `None` for a file.
    fn node(&self) -> Option<String> {
        None
    }

    /// What the server is to whoever wants to write.
    ///
    /// # Errors
    /// [`DbErrorKind::NoQuorum`] where it is not in step with its cluster.
    async fn role(&mut self) -> Result<Role, DbError> {
        Ok(Role::Primary)
    }

    /// What the server replicates; nothing on an engine or a server without such a thing.
    ///
    /// # Errors
    /// [`DbErrorKind::Denied`] where the account may not know.
    async fn replication(&mut self) -> Result<Vec<Replication>, DbError> {
        Ok(Vec::new())
    }

    /// The server that takes writes, where this one does not, as far as it can be found out.
    ///
    /// # Errors
    /// [`DbErrorKind::Denied`] where the account may not know.
    async fn primary(&mut self) -> Result<Option<String>, DbError> {
        Ok(None)
    }

    /// The replicas that the server knows, as far as they say where they are.
    ///
    /// # Errors
    /// [`DbErrorKind::Denied`] where the account may not know.
    async fn replicas(&mut self) -> Result<Vec<HostPort>, DbError> {
        Ok(Vec::new())
    }

    /// Runs a query and reads all its rows; the caller bounds them.
    async fn query(&mut self, sql: &Sql) -> Result<Vec<Row>, DbError>;

    /// As [`Connection::query`], with each row as it comes, where the dialect says that it
    /// `streams`.
    fn stream<'a>(&'a mut self, sql: &'a Sql) -> BoxStream<'a, Result<Row, DbError>> {
        let rows = async move { Ok(stream::iter(self.query(sql).await?.into_iter().map(Ok))) };
        stream::once(rows).try_flatten().boxed()
    }

    /// Runs a statement and returns the number of rows it changed.
    async fn execute(&mut self, sql: &Sql) -> Result<u64, DbError>;

    /// Runs a statement that the engine cannot prepare (DDL, GRANT, USE).
    async fn execute_raw(&mut self, sql: &Sql) -> Result<(), DbError>;

    /// Inserts rows, each of the six columns of `insert.sql`, in the transaction that is open;
    /// returns how many. `max_packet` is the longest statement that the server takes, in bytes.
    async fn insert_many(
        &mut self,
        names: &Names,
        rows: Vec<Vec<Value>>,
        max_packet: Option<u64>,
    ) -> Result<u64, DbError>;

    /// Puts keys, each an id and an application, where `lock_keys.sql` finds them; false where the
    /// engine has no such place, or looking for so few is not worth it.
    async fn stage_keys(
        &mut self,
        _names: &Names,
        _keys: &mut (dyn Iterator<Item = Vec<Value>> + Send),
    ) -> Result<bool, DbError> {
        Ok(false)
    }

    /// Begins a transaction that will write.
    async fn begin(&mut self) -> Result<(), DbError>;

    async fn commit(&mut self) -> Result<(), DbError>;

    async fn rollback(&mut self) -> Result<(), DbError>;

    /// Takes the advisory lock `name`, waiting for at most `wait`; false when another holds it.
    async fn lock(&mut self, name: &str, wait: Duration) -> Result<bool, DbError>;

    /// Tells whether this connection still holds the advisory lock `name`.
    async fn holds_lock(&mut self, name: &str) -> Result<bool, DbError>;

    /// Gives the advisory lock `name` back.
    async fn unlock(&mut self, name: &str) -> Result<(), DbError>;

    /// Says goodbye; a connection that is only dropped is noticed by the server later.
    async fn close(self: Box<Self>);
}

/// Finds the engine of `url` by its scheme and lets it read the rest.
///
/// # Errors
/// When no engine has that scheme, or the engine finds fault with the URL.
pub fn parse_url(url: &str) -> Result<Target, UrlError> {
    let url = &jdbc::unwrapped(url.trim());
    let target = jdbc::engine_of(url).and_then(|engine| engine.parse_url(url));
    let mut target =
        target.and_then(|target| target.without_misplaced_secrets(url)).map_err(|error| error.redacted(url))?;
    // Nobody stands between, and the certificate that a server makes itself cannot be checked.
    target.accepts_any_certificate |= target.is_local();
    Ok(target)
}

/// The engine of that name.
pub fn by_name(name: &str) -> Option<&'static dyn Engine> {
    ENGINES.iter().find(|engine| engine.name() == name).copied()
}

/// Settles which library does the cryptography of TLS: with the drivers' two in the program, rustls
/// would panic rather than choose. Called before each connection; the first call counts.
fn choose_cryptography() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}
