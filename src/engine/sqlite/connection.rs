//! An open SQLite file.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{Arguments, Column, ConnectOptions, Connection as _, Executor, Row as _, TypeInfo, ValueRef};

use super::{DIALECT, IN_MEMORY, STATEMENTS, error};
use crate::engine::{Connection, DbError, DbErrorKind, Names, Row, Sql, Statements, Target, Value, insert};
use crate::private_file;
use crate::redaction::redact_url;

pub(super) struct SqliteStore {
    connection: SqliteConnection,
    file: PathBuf,
    lock: Option<(String, File)>,
}

impl SqliteStore {
    pub(super) async fn open(target: &Target, create: bool) -> Result<SqliteStore, DbError> {
        let file = PathBuf::from(target.database.as_deref().unwrap_or_default());
        let in_memory = target.params.contains_key(IN_MEMORY);
        if !in_memory && !create && !file.exists() {
            return Err(DbError::new(DbErrorKind::NoDatabase, "", format!("there is no file `{}`", shown(&file))));
        }
        if create && !in_memory {
            // Session ids are credentials. SQLite gives the journal the permissions of the file.
            let there = private_file::new(&file).is_err_and(|e| e.kind() == io::ErrorKind::AlreadyExists);
            // SQLite reports other errors; but it would create the target of a symbolic link, readable by everybody.
            if there && !file.exists() {
                let message = format!("`{}` is a symbolic link to a missing file", shown(&file));
                return Err(DbError::new(DbErrorKind::NoDatabase, "", message));
            }
        }
        // The journal mode is that of the file; the program waits up to five seconds for another writer.
        let options = if in_memory {
            let name = format!("file:{}", file.display());
            SqliteConnectOptions::from_str("sqlite::memory:").map_err(error::map)?.filename(name)
        } else {
            SqliteConnectOptions::new().filename(&file)
        };
        let options =
            options.create_if_missing(create).busy_timeout(Duration::from_secs(5)).disable_statement_logging();
        let mut connection = SqliteConnection::connect_with(&options).await.map_err(error::map)?;
        // SQLite opens files lazily: that a file is not a database shows only when it is read.
        connection.execute("SELECT count(*) FROM sqlite_schema").await.map_err(error::map)?;
        Ok(SqliteStore { connection, file, lock: None })
    }

    async fn run(&mut self, text: &'static str) -> Result<(), DbError> {
        self.connection.execute(text).await.map(drop).map_err(error::map)
    }
}

/// A path for messages; it may be a mistyped URL with a password.
fn shown(file: &Path) -> String {
    redact_url(&file.display().to_string())
}

fn arguments(sql: &Sql) -> Result<SqliteArguments<'_>, DbError> {
    let mut arguments = SqliteArguments::default();
    for value in &sql.params {
        let added = match value {
            Value::Null => arguments.add(None::<i64>),
            Value::Int(n) => arguments.add(*n),
            Value::Text(s) => arguments.add(s.as_str()),
            Value::Bytes(b) => arguments.add(&b[..]),
        };
        added.map_err(|e| DbError::other(e.to_string()))?;
    }
    Ok(arguments)
}

/// Values have the type with which they were stored, regardless of the type of the column.
fn row(row: &SqliteRow) -> Result<Row, DbError> {
    let value = |i: usize| -> Result<Value, sqlx::Error> {
        let raw = row.try_get_raw(i)?;
        if raw.is_null() {
            return Ok(Value::Null);
        }
        let kind = raw.type_info().name().to_owned();
        Ok(match kind.as_str() {
            "INTEGER" | "BOOLEAN" => Value::Int(row.try_get_unchecked(i)?),
            "BLOB" => Value::Bytes(row.try_get_unchecked::<Vec<u8>, _>(i)?.into()),
            "REAL" => Value::Text(row.try_get_unchecked::<f64, _>(i)?.to_string()),
            _ => Value::Bytes(row.try_get_unchecked::<Vec<u8>, _>(i)?.into()),
        })
    };
    let values = row.columns().iter().map(|column| value(column.ordinal()));
    values.collect::<Result<Vec<_>, _>>().map(Row).map_err(error::map)
}

#[async_trait]
impl Connection for SqliteStore {
    fn statements(&self) -> &'static Statements {
        &STATEMENTS
    }

    fn variant(&self) -> &'static str {
        "sqlite"
    }

    async fn query(&mut self, sql: &Sql) -> Result<Vec<Row>, DbError> {
        let query = sqlx::query_with(&sql.text, arguments(sql)?);
        let rows = self.connection.fetch_all(query).await.map_err(error::map)?;
        rows.iter().map(row).collect()
    }

    async fn execute(&mut self, sql: &Sql) -> Result<u64, DbError> {
        let query = sqlx::query_with(&sql.text, arguments(sql)?);
        let done = self.connection.execute(query).await.map_err(error::map)?;
        Ok(done.rows_affected())
    }

    async fn execute_raw(&mut self, sql: &Sql) -> Result<(), DbError> {
        self.connection.execute(sqlx::raw_sql(&sql.text)).await.map(drop).map_err(error::map)
    }

    async fn insert_many(
        &mut self,
        names: &Names,
        rows: Vec<Vec<Value>>,
        max_packet: Option<u64>,
    ) -> Result<u64, DbError> {
        insert::by_statements(self, &DIALECT, names, rows, max_packet).await
    }

    /// Takes the write lock at once: at the first write, it could be refused.
    async fn begin(&mut self) -> Result<(), DbError> {
        self.run("BEGIN IMMEDIATE").await
    }

    async fn commit(&mut self) -> Result<(), DbError> {
        self.run("COMMIT").await
    }

    async fn rollback(&mut self) -> Result<(), DbError> {
        self.run("ROLLBACK").await
    }

    async fn lock(&mut self, name: &str, wait: Duration) -> Result<bool, DbError> {
        let path = private_file::lock_path(&self.file);
        let open = private_file::lock_file(&path);
        let file = open.map_err(|e| {
            DbError::new(DbErrorKind::ReadOnly, "", format!("cannot open the lock file `{}`: {e}", path.display()))
        })?;
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => {
                    self.lock = Some((name.to_owned(), file));
                    return Ok(true);
                }
                Err(TryLockError::WouldBlock) if begun.elapsed() >= wait => return Ok(false),
                Err(TryLockError::WouldBlock) => tokio::time::sleep(Duration::from_millis(50)).await,
                Err(TryLockError::Error(e)) => {
                    return Err(DbError::other(format!("cannot lock `{}`: {e}", path.display())));
                }
            }
        }
    }

    async fn holds_lock(&mut self, name: &str) -> Result<bool, DbError> {
        Ok(self.lock.as_ref().is_some_and(|(held, _)| held == name))
    }

    async fn unlock(&mut self, _name: &str) -> Result<(), DbError> {
        // The file is kept: if it were removed, a third run could lock a new file while a second one still waits for
        // the old one.
        self.lock = None;
        Ok(())
    }

    async fn close(self: Box<Self>) {
        let _ = self.connection.close().await;
    }
}
