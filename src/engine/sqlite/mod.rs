//! SQLite: an embedded store, for tests, experiments and archives.
//!
//! A file has no accounts, no clock other than this machine's, and one writer at a time. The advisory lock is a lock
//! on a file next to the database.

mod connection;
mod error;

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::template::hex;
use super::url::UrlError;
use super::{
    ColumnClass, Connection, DbError, DbErrorKind, Dialect, Engine, Failover, Hints, Quote, Statements, Stop, Target,
};

pub struct Sqlite;

pub(super) static STATEMENTS: Statements = super::statements::statements_in!("sqlite");

static DIALECT: Dialect = Dialect {
    hints: Hints {
        timeout: "",
        auth: &[],
        refused_password: &[],
        no_database: &[],
        tls: &[],
        wrong_name: "",
        encrypted: "",
        replication: "",
        see_lag: "",
        see_source: "",
        all_characters: "",
        of_kind: |kind| match kind {
            DbErrorKind::Unreachable => {
                &["check that the file is an SQLite database, and intact: sqlite3 FILE 'PRAGMA integrity_check'"]
            }
            DbErrorKind::ReadOnly => &["use a file and a directory that this user may write to"],
            DbErrorKind::NoDatabase => {
                &["check the path in the URL; `tomcat-sessions --url sqlite:FILE init-db --apply` creates the file"]
            }
            DbErrorKind::NoSpace => &["free disk space"],
            DbErrorKind::TableName => &["--table needs NAME; put a name that contains a dot into double quotes"],
            _ => &[],
        },
    },
    // Not "name": SQLite reads an unknown name in double quotes as a string. Not [name]: it cannot contain a ].
    quote: Quote { open: '`', close: '`' },
    name_quotes: &[('`', '`'), ('"', '"'), ('[', ']')],
    fold: str::to_owned,
    qualifiers: &[],
    placeholder: |n, _| format!("?{n}"),
    literal: |s| format!("'{}'", s.replace('\'', "''")),
    coded_literal: |s| format!("CAST(X'{}' AS TEXT)", hex(s.as_bytes())),
    without_variables: str::to_owned,
    blob_literal: |hex| format!("X'{hex}'"),
    grant_pattern: str::to_owned,
    terminator: ";",
    max_name: 1000,
    name_length: |name| name.chars().count(),
    max_user: 0,
    indexes_share_names: true,
    // SQLITE_MAX_VARIABLE_NUMBER.
    max_params: 32_766,
    max_batch: 5_000,
    max_key_bytes: None,
    expiry_index: &["app_name", "expires_at"],
    has_accounts: false,
    has_hosts: false,
    policy_is_optional: false,
    holds_nul: true,
    ignores_trailing_spaces: false,
    int_overflow_error: None,
    converts_text: true,
    converts_text_to_bytes: true,
    blob_type: "blob",
    enforces_lengths: false,
    streams: false,
    class,
};

/// Types are only declarations, and determine an affinity (<https://www.sqlite.org/datatype3.html>, 3.1); integers
/// always have 64 bits.
fn class(data_type: &str) -> ColumnClass {
    let has = |part| data_type.contains(part);
    if has("int") {
        ColumnClass::Int { bits: 64 }
    } else if has("char") || has("clob") || has("text") {
        ColumnClass::Text
    } else if has("blob") || data_type.is_empty() {
        ColumnClass::Binary { max: None }
    } else {
        ColumnClass::Other
    }
}

/// The parameter of an in-memory database, which only this program can request.
const IN_MEMORY: &str = "in-memory";

/// A database that is never written to disk; all connections to `name` in this process share it, and it disappears
/// with the last of them.
pub fn in_memory(name: &str) -> Target {
    Target {
        engine: &Sqlite,
        host: String::new(),
        port: 0,
        user: None,
        password: None,
        database: Some(name.to_owned()),
        params: BTreeMap::from([(IN_MEMORY, String::new())]),
        accepts_any_certificate: false,
        notes: Vec::new(),
        stop: Stop::never(),
        failover: Failover::default(),
    }
}

#[async_trait]
impl Engine for Sqlite {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn schemes(&self) -> &'static [&'static str] {
        &["sqlite", "jdbc:sqlite"]
    }

    fn parse_url(&self, url: &str) -> Result<Target, UrlError> {
        let lower = url.to_ascii_lowercase();
        let prefix = if lower.starts_with("jdbc:") { "jdbc:sqlite:" } else { "sqlite:" };
        let path = &url[prefix.len().min(url.len())..];
        let path = path.strip_prefix("//").unwrap_or(path);
        let example = "the form is sqlite:path/to/sessions.db";
        if path.contains('?') {
            return Err(UrlError::new("the URL has parameters, but a sqlite URL has none", example));
        }
        if path.is_empty() || path.contains('\0') {
            return Err(UrlError::new("the store's URL names no file", example));
        }
        if path == ":memory:" {
            return Err(UrlError::new("an in-memory database disappears when the command ends", example));
        }
        Ok(Target {
            engine: &Sqlite,
            host: String::new(),
            port: 0,
            user: None,
            password: None,
            database: Some(path.to_owned()),
            params: BTreeMap::new(),
            stop: Stop::never(),
            failover: Failover::default(),
            accepts_any_certificate: false,
            notes: Vec::new(),
        })
    }

    fn statements(&self) -> &'static Statements {
        &STATEMENTS
    }

    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    async fn open(&self, target: &Target, create: bool) -> Result<Box<dyn Connection>, DbError> {
        let connection = connection::SqliteStore::open(target, create).await?;
        Ok(Box::new(connection))
    }
}
