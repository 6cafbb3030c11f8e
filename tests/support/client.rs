//! A connection to a server with its driver and without code of this program, for the actions of Tomcats and
//! administrators.

use sqlx::{Executor, Row};

use super::{Kind, Scratch, Tds};

pub enum Client {
    Mysql(sqlx::MySqlConnection),
    Postgres(sqlx::PgConnection),
    Mssql(Box<Tds>),
}

impl Scratch {
    /// The administrator, in the database of the test.
    pub async fn client(&self) -> Client {
        match self.kind {
            Kind::Mssql => Client::Mssql(Box::new(self.tds(&self.database).await)),
            Kind::Postgres => Client::Postgres(self.postgres(&self.database).await),
            _ => Client::Mysql(self.mysql().await),
        }
    }

    /// Prints how this server differs from the product for which it stands in; returns false if it is the product
    /// itself.
    pub async fn differs(&self, how: &str) -> bool {
        let differs = self.kind == Kind::Mssql && self.is_babelfish().await;
        if differs {
            eprintln!("other than SQL Server: {how}");
        }
        differs
    }

    /// Babelfish for PostgreSQL uses SQL Server's protocol, and can be recognized by a server property.
    async fn is_babelfish(&self) -> bool {
        let mut client = self.tds("master").await;
        let answer = client.simple_query("SELECT CAST(SERVERPROPERTY('Babelfish') AS INT)").await.unwrap();
        answer.into_row().await.unwrap().unwrap().get::<i32, _>(0) == Some(1)
    }
}

impl Client {
    /// Runs a statement unchanged; returns the text of the error if it is refused.
    pub async fn try_run(&mut self, sql: &str) -> Result<(), String> {
        match self {
            Client::Mysql(client) => client.execute(sqlx::raw_sql(sql)).await.map(drop).map_err(|e| e.to_string()),
            Client::Postgres(client) => client.execute(sqlx::raw_sql(sql)).await.map(drop).map_err(|e| e.to_string()),
            Client::Mssql(client) => {
                let answer = client.simple_query(sql).await.map_err(|e| e.to_string())?;
                answer.into_results().await.map(drop).map_err(|e| e.to_string())
            }
        }
    }

    pub async fn run(&mut self, sql: &str) {
        self.try_run(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    pub async fn begin(&mut self) {
        self.run(if matches!(self, Client::Mysql(_) | Client::Postgres(_)) {
            "START TRANSACTION"
        } else {
            "BEGIN TRANSACTION"
        })
        .await;
    }

    pub async fn rollback(&mut self) {
        self.run("ROLLBACK").await;
    }

    /// The number in the first row of a query.
    pub async fn number(&mut self, sql: &str) -> i64 {
        match self {
            Client::Mysql(client) => client.fetch_one(sql).await.unwrap().try_get_unchecked(0).unwrap(),
            Client::Postgres(client) => client.fetch_one(sql).await.unwrap().try_get_unchecked(0).unwrap(),
            Client::Mssql(client) => {
                let row = client.simple_query(sql).await.unwrap().into_row().await.unwrap().unwrap();
                row.get::<i32, _>(0).unwrap().into()
            }
        }
    }
}

/// Saves a session as Tomcat's Store does, by `statements`, each committed by itself; a save that the server refuses
/// is tried once more, from the first statement on (`numberOfTries` in `JDBCStore.save` and `DataSourceStore.save`).
/// InnoDB's report of a deadlock goes to stderr.
pub async fn save_as_tomcat(connection: &mut sqlx::MySqlConnection, statements: [&str; 2]) {
    if let Err(refused) = each(connection, statements).await {
        let report = connection.fetch_one("SHOW ENGINE INNODB STATUS").await.unwrap().get::<String, _>(2);
        let deadlock =
            report.split("LATEST DETECTED DEADLOCK").nth(1).and_then(|rest| rest.split("\nTRANSACTIONS").next());
        eprintln!("a save was refused: {refused}\n{}", deadlock.unwrap_or_default());
        each(connection, statements).await.unwrap();
    }
}

async fn each(connection: &mut sqlx::MySqlConnection, statements: [&str; 2]) -> sqlx::Result<()> {
    for statement in statements {
        connection.execute(statement).await?;
    }
    Ok(())
}
