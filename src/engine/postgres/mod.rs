//! PostgreSQL 13 and later, through sqlx.
//!
//! Tomcat does not quote names of tables and columns, so that the server folds them to lower case. This program folds
//! names that the user does not quote in the same way.
//!
//! After an error, the server refuses every statement until the end of the transaction, and COMMIT rolls back without
//! an error. [`connection`] therefore checks the transaction before it commits.

mod connection;
mod driver;
mod error;
mod jdbc;
mod login;
mod pooler;
mod replication;
mod script;
mod url;
mod values;

use async_trait::async_trait;

use super::template::hex;
use super::url::UrlError;
use super::user_hints::USE_PRIMARY;
use super::{
    ColumnClass, Configured, Connection, DbError, DbErrorKind, Dialect, Driver, DriverClass, Engine, Hints, Quote,
    Statements, Target, Timeouts,
};

pub struct Postgres;

static STATEMENTS: Statements = super::statements::statements_in!("postgres");

const PG_HBA: &str = "pg_hba.conf on the server says which account may connect from where, and whether it needs TLS";

const SEE_SOURCE: &str = "a member of pg_monitor sees which server is the primary: `SELECT sender_host, sender_port FROM pg_stat_wal_receiver`";

static DIALECT: Dialect = Dialect {
    hints: Hints {
        timeout: "connect-timeout=30",
        auth: &[PG_HBA],
        refused_password: &[PG_HBA],
        no_database: &[],
        tls: &[
            "add ssl-ca=/path/to/ca.pem to the URL: the certificate of the authority that signed the server's",
            "ssl-mode=required encrypts without checking the server; ssl-mode=disabled does not encrypt",
        ],
        wrong_name: "connect by the name in the certificate",
        encrypted: "ssl-mode=verify-identity",
        replication: "`SELECT * FROM pg_stat_wal_receiver`, or the server's log,",
        see_lag: "the lag is known once the standby has replayed a transaction; a member of pg_monitor sees what it receives: `SELECT * FROM pg_stat_wal_receiver`",
        see_source: SEE_SOURCE,
        all_characters: "PostgreSQL stores no NUL characters; all others need a database with the encoding UTF8",
        of_kind: |kind| match kind {
            DbErrorKind::ReadOnly => &[
                USE_PRIMARY,
                SEE_SOURCE,
                "if this is the primary server, `SHOW default_transaction_read_only` may say on: turn it off where it was set, by ALTER SYSTEM, ALTER DATABASE or ALTER ROLE",
            ],
            DbErrorKind::SharedSession => &[
                "connect to the server itself, or set pool_mode = session for this database or account in the pool (PgBouncer): the lock against simultaneous runs and the settings of a connection belong to one database session, which the pool gives to other clients",
            ],
            DbErrorKind::TableName => &[
                "--table needs NAME or SCHEMA.NAME; put a name that contains a dot or an upper-case letter into double quotes",
            ],
            _ => &[],
        },
    },
    quote: Quote { open: '"', close: '"' },
    name_quotes: &[('"', '"')],
    fold: str::to_ascii_lowercase,
    qualifiers: &["schema"],
    placeholder: |n, _| format!("${n}"),
    literal,
    coded_literal: |s| format!("CONVERT_FROM(DECODE('{}', 'hex'), 'UTF8')", hex(s.as_bytes())),
    without_variables: str::to_owned,
    blob_literal: |hex| format!("DECODE('{hex}', 'hex')"),
    grant_pattern: str::to_owned,
    terminator: ";",
    // NAMEDATALEN is 64 bytes, including the terminator; the server truncates longer names.
    max_name: 63,
    name_length: str::len,
    max_user: 63,
    indexes_share_names: true,
    // The protocol counts the parameters of a statement in 16 bits.
    max_params: 65_535,
    max_batch: 5_000,
    max_key_bytes: None,
    expiry_index: &["app_name", "expires_at"],
    has_accounts: true,
    has_hosts: false,
    policy_is_optional: false,
    holds_nul: false,
    ignores_trailing_spaces: false,
    int_overflow_error: Some("error 22003"),
    converts_text: false,
    converts_text_to_bytes: false,
    blob_type: "bytea",
    enforces_lengths: true,
    streams: true,
    class,
};

/// Writes dollar signs as escapes, because the literal may be inside a dollar-quoted string, and backslashes too,
/// because their meaning depends on a setting of the server.
fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if !quoted.contains(['\\', '$']) {
        return format!("'{quoted}'");
    }
    format!("E'{}'", quoted.replace('\\', "\\\\").replace('$', "\\x24"))
}

/// <https://www.postgresql.org/docs/current/datatype.html>
fn class(data_type: &str) -> ColumnClass {
    match data_type {
        "character" | "character varying" | "text" | "citext" => ColumnClass::Text,
        "smallint" => ColumnClass::Int { bits: 16 },
        "integer" => ColumnClass::Int { bits: 32 },
        "bigint" => ColumnClass::Int { bits: 64 },
        "bytea" => ColumnClass::Binary { max: Some(1_073_741_823) },
        _ => ColumnClass::Other,
    }
}

#[async_trait]
impl Engine for Postgres {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn schemes(&self) -> &'static [&'static str] {
        &["postgres", "postgresql", "jdbc:postgresql"]
    }

    fn parse_url(&self, text: &str) -> Result<Target, UrlError> {
        let is_jdbc = text.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("jdbc:"));
        if is_jdbc { jdbc::parse(text, None) } else { url::parse(text) }
    }

    fn parse_configured(&self, url: &str, configured: &Configured<'_>) -> Result<Target, UrlError> {
        jdbc::parse(url, Some(configured))
    }

    fn drivers(&self) -> &'static [&'static Driver] {
        jdbc::DRIVERS
    }

    fn driver_classes(&self) -> &'static [&'static DriverClass] {
        driver::DRIVERS
    }

    fn statements(&self) -> &'static Statements {
        &STATEMENTS
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
        Ok(Box::new(connection::PostgresStore::open(target).await?))
    }
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn a_literal_cannot_end_dollar_quotes() {
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal("a\\b"), "E'a\\\\b'");
        assert_eq!(literal("$tomcat_sessions$'"), "E'\\x24tomcat_sessions\\x24'''");
    }
}
