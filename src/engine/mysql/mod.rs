//! Servers with MySQL's protocol: MySQL 8.0 and later, and MariaDB 10.6 and later, with the same files except for
//! those with `mariadb` in their names.

mod connection;
mod driver;
mod error;
mod jdbc;
mod local_proxy;
mod login;
mod login_proxy;
mod replication;
mod tls_proxy;
mod url;
mod values;

use async_trait::async_trait;

use super::template::hex;
use super::url::UrlError;
use super::user_hints::USE_PRIMARY;
use super::{
    ColumnClass, Configured, Connection, DbError, DbErrorKind, Dialect, Driver, DriverClass, Engine, Hints, Quote,
    Statements, Target, Template, Timeouts,
};

pub struct Mysql;
pub struct Mariadb;

/// A constant, because a static cannot be copied.
const FILES: Statements = super::statements::statements_in!("mysql");

static MYSQL: Statements = FILES;

static MARIADB: Statements = Statements {
    delete_returning: Template(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/sql/mysql/delete_returning.mariadb.sql"
    ))),
    replication_settings: Template(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/sql/mysql/replication_settings.mariadb.sql"
    ))),
    set_session: Template(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/mysql/set_session.mariadb.sql"))),
    status: Template(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/mysql/status.mariadb.sql"))),
    replicas: Template(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/mysql/replicas.mariadb.sql"))),
    replication: Template(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/mysql/replication.mariadb.sql"))),
    indexes: Template(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/mysql/indexes.mariadb.sql"))),
    create_table: Template(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/mysql/create_table.mariadb.sql"))),
    upgrade_table: Template(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/mysql/upgrade_table.mariadb.sql"))),
    table_version: Template(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/mysql/table_version.mariadb.sql"))),
    fix_app: Template(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/mysql/fix_app.mariadb.sql"))),
    fix_app_missing: Template(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/sql/mysql/fix_app_missing.mariadb.sql"
    ))),
    fix_id: Template(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/mysql/fix_id.mariadb.sql"))),
    fix_index_expiry: Template(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/sql/mysql/fix_index_expiry.mariadb.sql"
    ))),
    ..FILES
};

const SEE_SOURCE: &str = "an account with REPLICATION CLIENT (MariaDB: SLAVE MONITOR) sees the source: SHOW REPLICA STATUS (MariaDB: SHOW ALL SLAVES STATUS)";

static DIALECT: Dialect = Dialect {
    hints: Hints {
        timeout: "connect-timeout=30",
        auth: &[],
        refused_password: &[
            "an anonymous account on localhost takes precedence over user@%: `tomcat-sessions init-db --apply` with an administrator's --url finds it",
        ],
        no_database: &[],
        tls: &[
            "add ssl-ca=/path/to/ca.pem to the URL: the certificate of the authority that signed the server's",
            "ssl-mode=required encrypts without checking the server; ssl-mode=disabled does not encrypt",
        ],
        wrong_name: "ssl-mode=verify-ca checks the certificate without the host name",
        encrypted: "ssl-mode=verify-identity",
        replication: "SHOW REPLICA STATUS (MariaDB: SHOW ALL SLAVES STATUS)",
        see_lag: "grant the account REPLICATION CLIENT (MariaDB: SLAVE MONITOR), so that it sees the lag",
        see_source: SEE_SOURCE,
        all_characters: "change the column to a character set with all these characters, such as utf8mb4",
        of_kind: |kind| match kind {
            DbErrorKind::NoQuorum => &[
                "this member has lost the majority of its cluster or is not synchronized: use another one in --url, or restore the cluster (`SHOW STATUS LIKE 'wsrep_%'`, `SELECT * FROM performance_schema.replication_group_members`)",
            ],
            DbErrorKind::ReadOnly => &[USE_PRIMARY, SEE_SOURCE],
            DbErrorKind::TableName => {
                &["--table needs NAME or DATABASE.NAME; put a name that contains a dot into backticks"]
            }
            _ => &[],
        },
    },
    quote: Quote { open: '`', close: '`' },
    name_quotes: &[('`', '`')],
    fold: str::to_owned,
    qualifiers: &["database"],
    placeholder: |_, _| "?".to_owned(),
    // Backslashes are doubled: they are escape characters in every sql_mode except NO_BACKSLASH_ESCAPES.
    literal: |s| format!("'{}'", s.replace('\\', "\\\\").replace('\'', "''")),
    coded_literal: |s| format!("_utf8mb4 X'{}'", hex(s.as_bytes())),
    without_variables: str::to_owned,
    blob_literal: |hex| format!("X'{hex}'"),
    // https://dev.mysql.com/doc/refman/8.4/en/grant.html#grant-quoting
    grant_pattern: |name| name.replace('\\', "\\\\").replace('_', "\\_").replace('%', "\\%"),
    terminator: ";",
    // https://dev.mysql.com/doc/refman/8.4/en/identifier-length.html
    max_name: 64,
    name_length: |name| name.chars().count(),
    // MariaDB accepts longer ones; a script should run on both.
    max_user: 32,
    indexes_share_names: false,
    // The protocol uses two bytes for the number of parameters of a prepared statement.
    max_params: 65_535,
    max_batch: 5_000,
    max_key_bytes: None,
    expiry_index: &["app_name", "expires_at"],
    has_accounts: true,
    has_hosts: true,
    policy_is_optional: false,
    holds_nul: true,
    ignores_trailing_spaces: false,
    int_overflow_error: None,
    converts_text: true,
    converts_text_to_bytes: true,
    blob_type: "mediumblob",
    enforces_lengths: true,
    streams: true,
    class,
};

/// <https://dev.mysql.com/doc/refman/8.4/en/storage-requirements.html>
fn class(data_type: &str) -> ColumnClass {
    match data_type {
        "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" => ColumnClass::Text,
        "tinyint" => ColumnClass::Int { bits: 8 },
        "smallint" => ColumnClass::Int { bits: 16 },
        "mediumint" => ColumnClass::Int { bits: 24 },
        "int" => ColumnClass::Int { bits: 32 },
        "bigint" => ColumnClass::Int { bits: 64 },
        "binary" | "varbinary" => ColumnClass::Binary { max: None },
        "tinyblob" => ColumnClass::Binary { max: Some(255) },
        "blob" => ColumnClass::Binary { max: Some(65_535) },
        "mediumblob" => ColumnClass::Binary { max: Some(16_777_215) },
        "longblob" => ColumnClass::Binary { max: Some(4_294_967_295) },
        _ => ColumnClass::Other,
    }
}

fn parse_url(engine: &'static dyn Engine, text: &str) -> Result<Target, UrlError> {
    let is_jdbc = text.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("jdbc:"));
    if is_jdbc { jdbc::parse(engine, text, None) } else { url::parse(engine, text) }
}

#[async_trait]
impl Engine for Mysql {
    fn name(&self) -> &'static str {
        "mysql"
    }

    fn schemes(&self) -> &'static [&'static str] {
        &["mysql", "jdbc:mysql"]
    }

    fn parse_url(&self, text: &str) -> Result<Target, UrlError> {
        parse_url(&Mysql, text)
    }

    fn parse_configured(&self, url: &str, configured: &Configured<'_>) -> Result<Target, UrlError> {
        jdbc::parse(&Mysql, url, Some(configured))
    }

    fn drivers(&self) -> &'static [&'static Driver] {
        jdbc::OF_MYSQL
    }

    fn driver_classes(&self) -> &'static [&'static DriverClass] {
        driver::OF_MYSQL
    }

    fn statements(&self) -> &'static Statements {
        &MYSQL
    }

    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    fn timeouts(&self, target: &Target) -> Timeouts {
        url::timeouts(target)
    }

    fn is_full(&self, error: &DbError) -> bool {
        error::is_full(error)
    }

    async fn open(&self, target: &Target, _create: bool) -> Result<Box<dyn Connection>, DbError> {
        Ok(Box::new(connection::MysqlStore::open(target).await?))
    }
}

#[async_trait]
impl Engine for Mariadb {
    fn name(&self) -> &'static str {
        "mariadb"
    }

    fn schemes(&self) -> &'static [&'static str] {
        &["mariadb", "jdbc:mariadb"]
    }

    fn parse_url(&self, text: &str) -> Result<Target, UrlError> {
        parse_url(&Mariadb, text)
    }

    fn parse_configured(&self, url: &str, configured: &Configured<'_>) -> Result<Target, UrlError> {
        jdbc::parse(&Mariadb, url, Some(configured))
    }

    fn drivers(&self) -> &'static [&'static Driver] {
        jdbc::OF_MARIADB
    }

    fn driver_classes(&self) -> &'static [&'static DriverClass] {
        driver::OF_MARIADB
    }

    fn statements(&self) -> &'static Statements {
        &MARIADB
    }

    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    fn timeouts(&self, target: &Target) -> Timeouts {
        url::timeouts(target)
    }

    fn is_full(&self, error: &DbError) -> bool {
        error::is_full(error)
    }

    async fn open(&self, target: &Target, _create: bool) -> Result<Box<dyn Connection>, DbError> {
        Ok(Box::new(connection::MysqlStore::open(target).await?))
    }
}
