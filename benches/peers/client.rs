//! A connection to a database server that uses the driver directly, without the code of the program. Statements have
//! `?` for each parameter.

use sqlx::mysql::{MySqlArguments, MySqlRow};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{Arguments, Encode, Executor as _, MySqlConnection, PgConnection, Row as _, Type};

use crate::support::{Kind, Scratch};

pub enum Client {
    Mysql(MySqlConnection),
    Postgres(PgConnection),
}

/// A parameter.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    Text(&'a str),
    Int(i64),
    Bytes(&'a [u8]),
}

enum Found {
    Mysql(MySqlRow),
    Postgres(PgRow),
}

impl Client {
    pub async fn of(db: &Scratch) -> Client {
        match db.kind {
            Kind::Postgres => Client::Postgres(db.postgres(&db.database).await),
            _ => Client::Mysql(db.mysql().await),
        }
    }

    /// Runs a statement that stays prepared; returns how many rows it changed.
    pub async fn execute(&mut self, text: &str, values: &[Value<'_>]) -> Result<u64, sqlx::Error> {
        Ok(match self {
            Client::Mysql(client) => {
                client.execute(sqlx::query_with(text, arguments::<MySqlArguments>(values))).await?.rows_affected()
            }
            Client::Postgres(client) => client
                .execute(sqlx::query_with(&numbered(text), arguments::<PgArguments>(values)))
                .await?
                .rows_affected(),
        })
    }

    /// Runs a statement as it stands; returns how many rows it changed.
    pub async fn run(&mut self, text: &str) -> Result<u64, sqlx::Error> {
        Ok(match self {
            Client::Mysql(client) => client.execute(sqlx::raw_sql(text)).await?.rows_affected(),
            Client::Postgres(client) => client.execute(sqlx::raw_sql(text)).await?.rows_affected(),
        })
    }

    async fn first(&mut self, text: &str, values: &[Value<'_>]) -> Result<Option<Found>, sqlx::Error> {
        Ok(match self {
            Client::Mysql(client) => client
                .fetch_optional(sqlx::query_with(text, arguments::<MySqlArguments>(values)))
                .await?
                .map(Found::Mysql),
            Client::Postgres(client) => {
                let text = numbered(text);
                client
                    .fetch_optional(sqlx::query_with(&text, arguments::<PgArguments>(values)))
                    .await?
                    .map(Found::Postgres)
            }
        })
    }

    /// Tells whether a query finds a row.
    pub async fn finds(&mut self, text: &str, values: &[Value<'_>]) -> Result<bool, sqlx::Error> {
        Ok(self.first(text, values).await?.is_some())
    }

    /// The one number that a query has.
    pub async fn number(&mut self, text: &str) -> i64 {
        match self.first(text, &[]).await.unwrap().unwrap() {
            Found::Mysql(row) => row.get_unchecked(0),
            Found::Postgres(row) => row.get_unchecked(0),
        }
    }

    /// The one text that a query has.
    pub async fn text(&mut self, text: &str) -> Result<String, sqlx::Error> {
        match self.first(text, &[]).await?.ok_or(sqlx::Error::RowNotFound)? {
            Found::Mysql(row) => row.try_get_unchecked(0),
            Found::Postgres(row) => row.try_get_unchecked(0),
        }
    }

    /// The two texts of each row of a query.
    pub async fn pairs(&mut self, text: &str) -> Vec<(String, String)> {
        match self {
            Client::Mysql(client) => {
                let rows = sqlx::query(text).fetch_all(client).await.unwrap();
                rows.iter().map(|row| (row.get_unchecked(0), row.get_unchecked(1))).collect()
            }
            Client::Postgres(client) => {
                let rows = sqlx::query(text).fetch_all(client).await.unwrap();
                rows.iter().map(|row| (row.get_unchecked(0), row.get_unchecked(1))).collect()
            }
        }
    }
}

/// The parameters as a driver takes them.
fn arguments<'q, A: Arguments<'q> + Default>(values: &[Value<'q>]) -> A
where
    &'q str: Encode<'q, A::Database> + Type<A::Database>,
    i64: Encode<'q, A::Database> + Type<A::Database>,
    &'q [u8]: Encode<'q, A::Database> + Type<A::Database>,
{
    let mut arguments = A::default();
    for value in values {
        match *value {
            Value::Text(text) => arguments.add(text),
            Value::Int(n) => arguments.add(n),
            Value::Bytes(bytes) => arguments.add(bytes),
        }
        .unwrap();
    }
    arguments
}

/// PostgreSQL numbers its parameters.
fn numbered(text: &str) -> String {
    let mut parts = text.split('?');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for (n, part) in parts.enumerate() {
        out.push_str(&format!("${}{part}", n + 1));
    }
    out
}
