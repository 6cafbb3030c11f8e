//! The actions of a Tomcat on its session, as in `DataSourceStore`: each statement is its own transaction.

use sqlx::{Connection as _, Executor as _, MySqlConnection};
use tiberius::ToSql;
use tomcat_sessions::session::Session;

use crate::support::{Kind, Scratch, Tds};

/// The actions of a Tomcat while a command runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Loads the session: SELECT.
    Load,
    /// Saves the session after a request: DELETE, then INSERT with a later `last_access`.
    Save,
    /// Saves changes without a request, as at shutdown: with the same `last_access`.
    SaveAgain,
    /// As `Save`, with the INSERT in a transaction that stays open for a while.
    SaveOpen,
    /// As `Save`, from a machine whose clock is ahead of ours.
    SaveAhead,
    /// The user logs out: DELETE.
    Logout,
    /// Saves the session after a request, and the user logs out later: DELETE, INSERT, DELETE.
    SaveLogout,
    /// Saves another session for the first time: DELETE of nothing, then INSERT.
    Create,
}

impl Action {
    pub fn name(self) -> &'static str {
        match self {
            Action::Load => "load",
            Action::Save => "save",
            Action::SaveAgain => "save-again",
            Action::SaveAhead => "save-ahead",
            Action::SaveOpen => "save-open",
            Action::Logout => "logout",
            Action::SaveLogout => "save-logout",
            Action::Create => "create",
        }
    }

    /// Whether steps of ours can happen between its parts.
    pub fn has_two_parts(self) -> bool {
        self.saves() || self == Action::SaveLogout
    }

    /// Whether it leaves the session in a new state.
    pub fn saves(self) -> bool {
        matches!(self, Action::Save | Action::SaveOpen | Action::SaveAgain | Action::SaveAhead)
    }

    pub fn logs_out(self) -> bool {
        matches!(self, Action::Logout | Action::SaveLogout)
    }
}

/// Result of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    Loaded {
        found: bool,
    },
    Deleted {
        found: bool,
    },
    InsertResult,
    /// The key already existed. Tomcat then repeats the whole save.
    Refused,
}

/// A statement, and the number of our steps that had passed when it was sent and when it was done.
#[derive(Debug, Clone, Copy)]
pub struct Told {
    pub did: Did,
    pub began: usize,
    pub done: usize,
}

/// The connection of a Tomcat.
pub enum Tomcat {
    Mysql(Box<MySqlConnection>),
    Postgres(Box<sqlx::PgConnection>),
    Mssql(Box<Tds>),
}

const LOAD: &str = "SELECT 1 FROM tomcat_sessions WHERE session_id = ? AND app_name = ?";
const REMOVE: &str = "DELETE FROM tomcat_sessions WHERE session_id = ? AND app_name = ?";
const INSERT: &str = "INSERT INTO tomcat_sessions \
    (session_id, app_name, session_data, valid_session, max_inactive, last_access) VALUES (?, ?, ?, ?, ?, ?)";

/// With PostgreSQL's numbered parameters.
const NUMBERED_KEY: &str = "session_id = $1 AND app_name = $2";
const NUMBERED_INSERT: &str = "INSERT INTO tomcat_sessions \
    (session_id, app_name, session_data, valid_session, max_inactive, last_access) VALUES ($1, $2, $3, $4, $5, $6)";

/// As the driver sends it with sendStringParametersAsUnicode=false.
const TDS_KEY: &str = "session_id = CAST(@P1 AS VARCHAR(100)) AND app_name = CAST(@P2 AS VARCHAR(255))";
const TDS_INSERT: &str = "INSERT INTO tomcat_sessions \
    (session_id, app_name, session_data, valid_session, max_inactive, last_access) VALUES (@P1, @P2, @P3, @P4, @P5, @P6)";

impl Tomcat {
    pub async fn of(db: &Scratch) -> Tomcat {
        match db.kind {
            Kind::Mssql => Tomcat::Mssql(Box::new(db.tds(&db.database).await)),
            Kind::Postgres => Tomcat::Postgres(Box::new(db.postgres(&db.database).await)),
            _ => Tomcat::Mysql(Box::new(db.mysql().await)),
        }
    }

    pub async fn close(self) {
        match self {
            Tomcat::Mysql(connection) => connection.close().await.unwrap(),
            Tomcat::Postgres(connection) => connection.close().await.unwrap(),
            Tomcat::Mssql(connection) => connection.close().await.unwrap(),
        }
    }

    /// Begins, commits or rolls back a transaction.
    pub async fn transaction(&mut self, statement: &'static str) {
        match self {
            Tomcat::Mysql(connection) => drop(connection.execute(statement).await.unwrap()),
            Tomcat::Postgres(connection) => drop(connection.execute(statement).await.unwrap()),
            Tomcat::Mssql(connection) => {
                connection.simple_query(statement).await.unwrap().into_results().await.unwrap();
            }
        }
    }

    /// The statement that begins a transaction.
    pub fn begin(&self) -> &'static str {
        if matches!(self, Tomcat::Mssql(_)) { "BEGIN TRANSACTION" } else { "START TRANSACTION" }
    }

    pub async fn load(&mut self, session: &Session) -> Did {
        let key = &session.meta.key;
        let found = match self {
            Tomcat::Mysql(connection) => {
                let row = sqlx::query(LOAD).bind(&key.id).bind(key.app.as_deref());
                row.fetch_optional(&mut **connection).await.unwrap().is_some()
            }
            Tomcat::Postgres(connection) => {
                let text = format!("SELECT 1 FROM tomcat_sessions WHERE {NUMBERED_KEY}");
                let row = sqlx::query(&text).bind(&key.id).bind(key.app.as_deref());
                row.fetch_optional(&mut **connection).await.unwrap().is_some()
            }
            Tomcat::Mssql(connection) => {
                let text = format!("SELECT 1 FROM tomcat_sessions WHERE {TDS_KEY}");
                let answer = connection.query(text, &[&key.id, &key.app]).await.unwrap();
                answer.into_row().await.unwrap().is_some()
            }
        };
        Did::Loaded { found }
    }

    pub async fn delete(&mut self, session: &Session) -> Did {
        let key = &session.meta.key;
        let rows = match self {
            Tomcat::Mysql(connection) => {
                let remove = sqlx::query(REMOVE).bind(&key.id).bind(key.app.as_deref());
                remove.execute(&mut **connection).await.unwrap().rows_affected()
            }
            Tomcat::Postgres(connection) => {
                let text = format!("DELETE FROM tomcat_sessions WHERE {NUMBERED_KEY}");
                let remove = sqlx::query(&text).bind(&key.id).bind(key.app.as_deref());
                remove.execute(&mut **connection).await.unwrap().rows_affected()
            }
            Tomcat::Mssql(connection) => {
                let text = format!("DELETE FROM tomcat_sessions WHERE {TDS_KEY}");
                connection.execute(text, &[&key.id, &key.app]).await.unwrap().total()
            }
        };
        Did::Deleted { found: rows > 0 }
    }

    pub async fn insert(&mut self, session: &Session) -> Did {
        let Session { meta, data } = session;
        let refused = |text: String| {
            let duplicate = ["1062", "Duplicate", "duplicate"].iter().any(|word| text.contains(word));
            assert!(duplicate, "a save failed: {text}");
            Did::Refused
        };
        match self {
            Tomcat::Mysql(connection) => {
                let row = sqlx::query(INSERT)
                    .bind(&meta.key.id)
                    .bind(meta.key.app.as_deref())
                    .bind(data.as_deref())
                    .bind(meta.valid.as_deref())
                    .bind(meta.max_inactive)
                    .bind(meta.last_access.map(|t| t.0));
                row.execute(&mut **connection).await.map_or_else(|e| refused(e.to_string()), |_| Did::InsertResult)
            }
            Tomcat::Postgres(connection) => {
                let row = sqlx::query(NUMBERED_INSERT)
                    .bind(&meta.key.id)
                    .bind(meta.key.app.as_deref())
                    .bind(data.as_deref())
                    .bind(meta.valid.as_deref())
                    .bind(meta.max_inactive)
                    .bind(meta.last_access.map(|t| t.0));
                row.execute(&mut **connection).await.map_or_else(|e| refused(e.to_string()), |_| Did::InsertResult)
            }
            Tomcat::Mssql(connection) => {
                let row: [&dyn ToSql; 6] = [
                    &meta.key.id,
                    &meta.key.app,
                    &data.as_deref(),
                    &meta.valid,
                    &meta.max_inactive,
                    &meta.last_access.map(|t| t.0),
                ];
                connection
                    .execute(TDS_INSERT, &row)
                    .await
                    .map_or_else(|e| refused(e.to_string()), |_| Did::InsertResult)
            }
        }
    }
}
