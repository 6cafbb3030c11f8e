//! Shared code of the test programs: the servers that `tests/servers` started, a new database on one of them for each
//! test, and the sessions written by real Tomcats.
//!
//! If a server is missing, the test prints that it is skipped; if the server is listed in
//! `TOMCAT_SESSIONS_TEST_REQUIRE`, the test fails.
#![allow(dead_code, reason = "each test program uses a part")]

pub mod balancer;
pub mod client;
pub mod cluster;
pub mod documented;
pub mod fake_tds;
pub mod faulty_proxy;
pub mod guide;
pub mod pgbouncer;
mod pgsql;
pub mod private;
pub mod private_postgres;
pub mod program;
pub mod prometheus;
pub mod stepping_proxy;
mod tds_pool;
mod tsql;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use base64::Engine as _;
use secrecy::ExposeSecret;
use sqlx::{Connection, Executor};
use tempfile::TempDir;
use tokio_util::compat::{Compat, TokioAsyncWriteCompatExt};
use tomcat_sessions::session::{EpochMillis, Session, SessionKey, SessionMeta};
use tomcat_sessions::store::{Bind, Naming, SessionStore, Target, parse_url};

/// A database engine for tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Mariadb,
    Mysql,
    Postgres,
    Mssql,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Sqlite => "sqlite",
            Kind::Mariadb => "mariadb",
            Kind::Mysql => "mysql",
            Kind::Postgres => "postgres",
            Kind::Mssql => "mssql",
        }
    }

    /// The administrator URL of the server with this name, ending with a slash.
    fn server_url(self, name: &str) -> Option<String> {
        let url = variable(&format!("TOMCAT_SESSIONS_TEST_{}_URL", name.to_uppercase()))?;
        Some(if self == Kind::Mssql { tds_pool::url(&url) } else { url })
    }

    /// The same, without a pool or proxy of ours in between.
    fn direct_url(self) -> Option<String> {
        let name = format!("TOMCAT_SESSIONS_TEST_{}_URL", self.name().to_uppercase());
        variable(&name)
    }
}

/// A connection to SQL Server.
pub type Tds = tiberius::Client<Compat<tokio::net::TcpStream>>;

/// A database of one test, initially empty.
pub struct Scratch {
    pub kind: Kind,
    /// The administrator URL of the database.
    pub url: String,
    pub database: String,
    dir: Option<TempDir>,
}

impl Scratch {
    /// Creates a database; prints a line and returns `None` if the server is missing.
    pub async fn new(kind: Kind) -> Option<Scratch> {
        Scratch::on(kind, kind.name()).await
    }

    /// The same on the server with this name, which has another version than the usual one.
    pub async fn on(kind: Kind, server: &str) -> Option<Scratch> {
        let scratch = Scratch::reserve_on(kind, server)?;
        if kind != Kind::Sqlite {
            let create = match kind {
                Kind::Mssql => format!("CREATE DATABASE [{}]", scratch.database),
                // A connection of another test to template1 blocks only for a moment.
                Kind::Postgres => format!("CREATE DATABASE \"{}\" TEMPLATE template0", scratch.database),
                _ => format!("CREATE DATABASE `{}` CHARACTER SET utf8mb4", scratch.database),
            };
            scratch.server_sql(&create).await;
        } else {
            // An empty file is an empty database.
            std::fs::write(scratch.path(), b"").unwrap();
        }
        Some(scratch)
    }

    /// A database on a server of the test itself.
    pub async fn on_private(server: &private::Private) -> Scratch {
        let database = "s".to_owned();
        server.sql("CREATE DATABASE IF NOT EXISTS s CHARACTER SET utf8mb4").await;
        Scratch { kind: Kind::Mariadb, url: server.url(&database), database, dir: None }
    }

    /// Creates only the name and the URL of a database that does not exist yet.
    pub fn reserve(kind: Kind) -> Option<Scratch> {
        Scratch::reserve_on(kind, kind.name())
    }

    fn reserve_on(kind: Kind, name: &str) -> Option<Scratch> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let database = format!("ts_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        if kind == Kind::Sqlite {
            // Only for its owner, like stores.
            let owner = std::os::unix::fs::PermissionsExt::from_mode(0o700);
            let dir = tempfile::Builder::new().permissions(owner).tempdir().unwrap();
            let url = format!("sqlite:{}", dir.path().join("sessions.db").display());
            return Some(Scratch { kind, url, database, dir: Some(dir) });
        }
        let Some(server) = kind.server_url(name) else {
            absent(name);
            return None;
        };
        let url = database_url(kind, &server, &database);
        Some(Scratch { kind, url, database, dir: None })
    }

    /// The direct URL of the database, for tests of connections.
    pub fn direct_url(&self) -> String {
        database_url(self.kind, &self.kind.direct_url().unwrap(), &self.database)
    }

    /// The file of a SQLite database.
    pub fn path(&self) -> PathBuf {
        self.dir.as_ref().unwrap().path().join("sessions.db")
    }

    pub fn target(&self) -> Target {
        parse_url(&self.url).unwrap()
    }

    pub async fn open(&self) -> SessionStore {
        self.open_as(&Naming::default()).await
    }

    pub async fn open_as(&self, naming: &Naming) -> SessionStore {
        SessionStore::open(&self.target(), naming).await.unwrap()
    }

    /// Runs SQL in the database, without the tested code.
    pub async fn sql(&self, text: &str) {
        if self.kind == Kind::Sqlite {
            let mut connection =
                sqlx::SqliteConnection::connect(&self.url.replace("sqlite:", "sqlite://")).await.unwrap();
            connection.execute(sqlx::raw_sql(text)).await.unwrap();
            connection.close().await.unwrap();
        } else if self.kind == Kind::Mssql {
            for batch in tsql::batches(text) {
                self.tds_sql(&self.database, &batch).await;
            }
        } else if self.kind == Kind::Postgres {
            let mut connection = self.postgres(&self.database).await;
            for statement in pgsql::statements(text) {
                let done = connection.execute(sqlx::raw_sql(&statement)).await;
                done.unwrap_or_else(|error| panic!("{statement}: {error}"));
            }
            connection.close().await.unwrap();
        } else {
            let mut connection = self.mysql().await;
            connection.execute(sqlx::raw_sql(text)).await.unwrap();
            connection.close().await.unwrap();
        }
    }

    /// A MySQL or MariaDB connection to the database, without the tested code.
    pub async fn mysql(&self) -> sqlx::MySqlConnection {
        sqlx::MySqlConnection::connect(&self.sqlx_url()).await.unwrap()
    }

    /// The same with another account.
    pub async fn mysql_as(&self, user: &str, password: &str) -> sqlx::MySqlConnection {
        let options: sqlx::mysql::MySqlConnectOptions = self.sqlx_url().parse().unwrap();
        sqlx::MySqlConnection::connect_with(&options.username(user).password(password)).await.unwrap()
    }

    /// A PostgreSQL connection, with the driver only.
    pub async fn postgres(&self, database: &str) -> sqlx::PgConnection {
        let target = self.target();
        let password = target.password.as_ref().map_or("", |p| p.expose_secret());
        let user = target.user.as_deref().unwrap_or("postgres");
        self.postgres_as(database, user, password).await.unwrap()
    }

    /// The same with another account, which may be refused.
    pub async fn postgres_as(
        &self,
        database: &str,
        user: &str,
        password: &str,
    ) -> Result<sqlx::PgConnection, sqlx::Error> {
        let target = self.target();
        let options = sqlx::postgres::PgConnectOptions::new_without_pgpass()
            .host(&target.host)
            .port(target.port)
            .username(user)
            .password(password)
            .database(database);
        sqlx::PgConnection::connect_with(&options).await
    }

    /// A SQL Server connection, with the driver only.
    pub async fn tds(&self, database: &str) -> Tds {
        let target = self.target();
        let password = target.password.as_ref().map_or("", |p| p.expose_secret());
        self.tds_as(database, target.user.as_deref().unwrap_or("sa"), password).await.unwrap()
    }

    /// The same with another account, which may be refused.
    pub async fn tds_as(&self, database: &str, user: &str, password: &str) -> Result<Tds, tiberius::error::Error> {
        let target = self.target();
        let mut config = tiberius::Config::new();
        config.host(&target.host);
        config.port(target.port);
        config.database(database);
        config.authentication(tiberius::AuthMethod::sql_server(user, password));
        config.trust_cert();
        if target.params.get("encrypt").is_some_and(|mode| mode == "optional") {
            config.encryption(tiberius::EncryptionLevel::NotSupported);
        }
        let mut attempts = 0;
        loop {
            let tcp = tokio::net::TcpStream::connect(config.get_addr()).await.unwrap();
            match tiberius::Client::connect(config.clone(), tcp.compat_write()).await {
                Err(error) if disturbed(&error) && attempts < 5 => attempts += 1,
                other => return other,
            }
        }
    }

    /// Runs a SQL Server batch unchanged; returns the text of the error if it is refused.
    pub async fn batch(&self, text: &str) -> Result<(), String> {
        let mut client = self.tds(&self.database).await;
        let answer = client.simple_query(text).await.map_err(|e| e.to_string())?;
        answer.into_results().await.map(drop).map_err(|e| e.to_string())
    }

    async fn tds_sql(&self, database: &str, text: &str) {
        let mut attempts = 0;
        loop {
            let mut client = self.tds(database).await;
            let answer = match client.simple_query(text).await {
                Ok(answer) => answer.into_results().await,
                Err(error) => Err(error),
            };
            match answer {
                Err(error) if disturbed(&error) && attempts < 5 => attempts += 1,
                answer => {
                    answer.unwrap_or_else(|error| panic!("{text}: {error}"));
                    return client.close().await.unwrap();
                }
            }
        }
    }

    fn sqlx_url(&self) -> String {
        self.url.replacen("mariadb://", "mysql://", 1)
    }

    /// The URL of the database for another account, with these parameters.
    pub fn url_as(&self, user: &str, password: &str, query: &str) -> String {
        let target = self.target();
        let scheme = self.kind.name();
        format!("{scheme}://{user}:{password}@{}:{}/{}?{query}", target.host, target.port, self.database)
    }

    /// The end of this server's URLs.
    pub fn query(&self) -> &str {
        self.url.split_once('?').map_or("", |(_, query)| query)
    }

    /// The URL with another port, without TLS.
    pub fn url_through(&self, port: u16) -> String {
        let plain = match self.kind {
            // The server that stands in for SQL Server may take long for a login.
            Kind::Mssql if self.query() == "encrypt=optional" => "encrypt=optional&loginTimeout=60",
            Kind::Mssql => "encrypt=false&loginTimeout=60",
            _ => "ssl-mode=disabled",
        };
        let target = self.target();
        let password = target.password.as_ref().map_or("", |p| p.expose_secret());
        let (scheme, user) = (self.kind.name(), target.user.as_deref().unwrap_or_default());
        format!("{scheme}://{user}:{password}@127.0.0.1:{port}/{}?{plain}", self.database)
    }

    /// Host and port of the server.
    pub fn address(&self) -> String {
        let target = self.target();
        format!("{}:{}", target.host, target.port)
    }

    /// Runs SQL on the server, without a database.
    pub async fn server_sql(&self, text: &str) {
        if self.kind == Kind::Mssql {
            let _alone = alone(self.kind).await;
            return answered(self.tds_sql("master", text)).await;
        }
        if self.kind == Kind::Postgres {
            if ["GRANT ", "DROP USER "].iter().any(|begin| text.starts_with(begin)) {
                // Statements about tables, which only their own database knows.
                return Box::pin(self.sql(text)).await;
            }
            let mut connection = self.postgres("postgres").await;
            for statement in pgsql::statements(text) {
                connection.execute(sqlx::raw_sql(&statement)).await.unwrap();
            }
            return connection.close().await.unwrap();
        }
        let url = self.sqlx_url().replacen(&format!("/{}?", self.database), "/?", 1);
        let mut connection = sqlx::MySqlConnection::connect(&url).await.unwrap();
        connection.execute(sqlx::raw_sql(text)).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Creates the table of a profile, `recommended` or `documented`, with the program's own files.
    pub async fn create_table(&self, profile: &str) {
        let target = self.target();
        let statements = target.engine.statements();
        let names = Naming::default().names(&target, None).unwrap();
        let files = match profile {
            "recommended" => vec![statements.create_table, statements.create_index_app, statements.create_index_expiry],
            "documented" => vec![statements.create_table_documented, statements.create_index_app],
            other => panic!("no profile {other}"),
        };
        for file in files.into_iter().filter(|file| file.is_statement()) {
            let bind = Bind::new().set("table", names.catalogue_name(&names.table, target.engine.dialect()));
            let sql = file.render_script(&names, target.engine.dialect(), &bind).unwrap();
            self.sql(&sql.text).await;
        }
    }

    /// Removes the database; that of a failed test is kept for inspection.
    pub async fn drop(self) {
        if self.kind != Kind::Sqlite {
            let name = target_quote(self.kind, &self.database);
            let force = if self.kind == Kind::Postgres { " WITH (FORCE)" } else { "" };
            let drop = format!("DROP DATABASE IF EXISTS {name}{force}");
            if self.kind == Kind::Mssql {
                // The server may take a moment to notice that a client is gone.
                for _ in 0..100 {
                    let mut client = self.tds("master").await;
                    let refused = match client.simple_query(drop.as_str()).await {
                        Ok(answer) => answer.into_results().await.err(),
                        Err(error) => Some(error),
                    };
                    if !refused.is_some_and(|error| error.to_string().contains("in use")) {
                        break;
                    }
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
            self.server_sql(&drop).await;
        }
    }
}

fn database_url(kind: Kind, server: &str, database: &str) -> String {
    let query = if kind == Kind::Mssql { "trustServerCertificate=true" } else { "ssl-mode=required" };
    // The URL of a server without TLS already has a query.
    let (server, query) = server.split_once('?').unwrap_or((server, query));
    let server = server.trim_end_matches('/').trim_end_matches("/master");
    format!("{server}/{database}?{query}")
}

fn target_quote(kind: Kind, name: &str) -> String {
    match kind {
        Kind::Mssql => format!("[{name}]"),
        Kind::Postgres => format!("\"{name}\""),
        _ => format!("`{name}`"),
    }
}

/// The answer of a TDS server, within two minutes. If the server hangs (Babelfish has done so, in its own lock), the
/// current and all later tests fail immediately, instead of waiting one after the other.
async fn answered<T>(answer: impl Future<Output = T>) -> T {
    static HANGS: AtomicBool = AtomicBool::new(false);
    assert!(!HANGS.load(Ordering::Relaxed), "the TDS server hangs since an earlier test");
    match tokio::time::timeout(Duration::from_secs(120), answer).await {
        Ok(answer) => answer,
        Err(_) => {
            HANGS.store(true, Ordering::Relaxed);
            panic!("the TDS server has not answered for two minutes");
        }
    }
}

/// Babelfish can create only one database or account at a time ("tuple concurrently updated"); SQL Server can create
/// several.
pub async fn alone(kind: Kind) -> Option<tokio::sync::MutexGuard<'static, ()>> {
    static ONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    if kind == Kind::Mssql { Some(ONE.lock().await) } else { None }
}

/// Prints, once per test program, that a server or another program is missing; fails if it is required.
pub fn absent(name: &str) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let required = variable("TOMCAT_SESSIONS_TEST_REQUIRE").unwrap_or_default();
    assert!(!required.split(',').any(|r| r == name), "{name} is required, and it is not there");
    if SAID.lock().unwrap().insert(name.to_owned()) {
        // Without a print macro, whose output the test harness hides for passed tests.
        let _ = writeln!(std::io::stderr(), "skipped: what needs {name}, which is not here");
    }
}

#[expect(clippy::disallowed_methods, reason = "tests are told by the environment where their servers are")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|v| !v.is_empty())
}

/// The current time of the tests.
pub const NOW: EpochMillis = EpochMillis(1_795_360_000_000);

/// A table with the published columns but without limits: every column may be NULL, numbers have 64 bits, blobs 4 GB.
/// Every engine accepts this statement, in its own dialect.
pub const WIDE_TABLE: &str = "CREATE TABLE tomcat_sessions (session_id VARCHAR(100) NOT NULL PRIMARY KEY, \
    valid_session CHAR(1), max_inactive BIGINT, last_access BIGINT, app_name VARCHAR(255), session_data LONGBLOB)";

/// A session with a small blob that looks real.
pub fn session(app: &str, id: &str, max_inactive: i64, last_access: i64) -> Session {
    // A stream with one text, which is not a session.
    let length = u16::try_from(id.len() + 97).unwrap().to_be_bytes();
    let data = [&[0xac, 0xed, 0x00, 0x05, 0x74][..], &length, id.as_bytes(), &[0u8; 97]].concat();
    Session {
        meta: SessionMeta {
            key: SessionKey::new(Some(app.to_owned()), id),
            valid: Some("1".to_owned()),
            max_inactive: Some(max_inactive),
            last_access: Some(EpochMillis(last_access)),
            size: Some(data.len() as u64),
        },
        data: Some(data.into()),
    }
}

/// Changes the data of a session that has data.
pub fn edit(session: &mut Session, change: impl FnOnce(&mut Vec<u8>)) {
    let mut data = session.data.as_deref().unwrap().to_vec();
    change(&mut data);
    session.data = Some(data.into());
}

/// Flips the last bit of the data of a session.
pub fn flip(session: &mut Session) {
    edit(session, |data| *data.last_mut().unwrap() ^= 1);
}

/// The 26 sessions written by Tomcat 9, 10.1 and 11.
pub fn sample() -> Vec<Session> {
    let text = include_str!("../fixtures/sessions.ndjson");
    text.lines().map(|line| read(&serde_json::from_str(line).unwrap())).collect()
}

fn read(row: &serde_json::Value) -> Session {
    let text = |name: &str| row[name].as_str().map(str::to_owned);
    let data = base64::engine::general_purpose::STANDARD.decode(text("session_data").unwrap()).unwrap();
    Session {
        meta: SessionMeta {
            key: SessionKey::new(text("app_name"), text("session_id").unwrap()),
            valid: text("valid_session"),
            max_inactive: row["max_inactive"].as_i64(),
            last_access: row["last_access"].as_i64().map(EpochMillis),
            size: Some(data.len() as u64),
        },
        data: Some(data.into()),
    }
}

/// Tells whether Babelfish refused a statement because another test was creating or dropping a database: it looks at
/// the roles of all databases.
fn disturbed(error: &tiberius::error::Error) -> bool {
    matches!(error, tiberius::error::Error::Server(token) if token.server() == "BABELFISH"
        && (token.message().ends_with("does not exist") || token.message().starts_with("cache lookup failed for ") || token.message() == "tuple concurrently updated"))
}
