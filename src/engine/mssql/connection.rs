//! One open connection to SQL Server.

use std::time::Duration;

use async_trait::async_trait;
use tiberius::{AuthMethod, Client, ColumnData, Config, EncryptionLevel, Query};
use tokio::net::TcpStream;
use tokio_util::compat::{Compat, TokioAsyncWriteCompatExt};

use super::url::{Encrypt, timeouts, trusts_any};
use super::{DIALECT, STATEMENTS, bulk, error};
use crate::engine::insert;
use crate::engine::socket::keep_alive;
use crate::engine::{
    Bind, Connection, DbError, DbErrorKind, Names, Role, Row, Sql, Statements, Target, Template, Value,
};

pub(super) struct MssqlStore {
    client: Client<Compat<TcpStream>>,
    /// The number of the session at the server, where another can ask after it.
    session: Option<i64>,
}

impl MssqlStore {
    pub(super) async fn open(target: &Target) -> Result<MssqlStore, DbError> {
        crate::engine::choose_cryptography();
        let mut store = MssqlStore { client: connect(target).await?, session: None };
        for file in [STATEMENTS.set_session, STATEMENTS.set_isolation] {
            store.execute_raw(&file.render(&Names::default(), &DIALECT, &Bind::new())?).await?;
        }
        // Where that cannot be had, nobody can ask after this session, and that is all.
        store.session = store.first_number(STATEMENTS.mark_session, &Bind::new()).await.unwrap_or_default();
        Ok(store)
    }

    async fn run(&mut self, text: &str) -> Result<(), DbError> {
        self.client.simple_query(text).await.map_err(error::map)?.into_results().await.map(drop).map_err(error::map)
    }

    /// As [`MssqlStore::first_number`], of the advisory lock.
    async fn number(&mut self, file: Template, name: &str, wait: Duration) -> Result<Option<i64>, DbError> {
        let seconds = i64::try_from(wait.as_secs()).unwrap_or(i64::MAX);
        self.first_number(file, &Bind::new().set("name", name).set("wait_seconds", seconds)).await
    }

    /// The one number in an answer of one row; `None` for NULL.
    async fn first_number(&mut self, file: Template, bind: &Bind) -> Result<Option<i64>, DbError> {
        let sql = file.render(&Names::default(), &DIALECT, bind)?;
        match self.query(&sql).await?.first_mut() {
            Some(row) => row.int(0),
            None => Ok(None),
        }
    }
}

async fn connect(target: &Target) -> Result<Client<Compat<TcpStream>>, DbError> {
    let mut config = Config::new();
    config.host(&target.host);
    config.port(target.port);
    config.authentication(AuthMethod::sql_server(target.user.as_deref().unwrap_or("sa"), target.password()));
    config.application_name(target.params.get("applicationName").map_or("tomcat-sessions", String::as_str));
    if let Some(database) = &target.database {
        config.database(database);
    }
    // The driver would cut the login after 15 s and every statement after 30 s; `liveness` knows better.
    config.handshake_timeout(None);
    config.command_timeout(None);
    let encrypt = Encrypt::of(target).map_err(|e| DbError::other(e.message))?;
    config.encryption(match encrypt {
        Encrypt::LoginOnly => EncryptionLevel::Off,
        Encrypt::Tried => EncryptionLevel::On,
        Encrypt::Required => EncryptionLevel::Required,
        Encrypt::Strict => EncryptionLevel::Strict,
    });
    if trusts_any(target) || encrypt == Encrypt::LoginOnly {
        config.trust_cert();
    } else if let Some(file) = target.params.get("serverCertificate") {
        config.trust_cert_ca(file);
    }
    let Some(pattern) = target.params.get("hostNameInCertificate").filter(|name| name.starts_with("*.")) else {
        if let Some(name) = target.params.get("hostNameInCertificate") {
            config.hostname_in_certificate(name);
        }
        return connect_with(target, config).await;
    };
    config.hostname_in_certificate(first_name(pattern, &target.host));
    match connect_with(target, config.clone()).await {
        // The certificate is good, but for another name of the pattern.
        Err(error) if error.kind == DbErrorKind::Tls => match presented_name(pattern, &error.message) {
            Some(name) => {
                config.hostname_in_certificate(name);
                connect_with(target, config).await
            }
            None => Err(error),
        },
        connected => connected,
    }
}

/// A name of the pattern `*.example.org` to look for in the certificate: the host's own where it is one.
fn first_name(pattern: &str, host: &str) -> String {
    if matches_pattern(pattern, host) { host.to_owned() } else { format!("any{}", &pattern[1..]) }
}

/// One label, and what follows the `*`.
fn matches_pattern(pattern: &str, name: &str) -> bool {
    let (name, end) = (name.to_ascii_lowercase(), pattern[1..].to_ascii_lowercase());
    name.strip_suffix(&end).is_some_and(|label| !label.is_empty() && !label.contains('.'))
}

/// The name of the pattern that a certificate has, out of the message about the names that it has.
fn presented_name(pattern: &str, message: &str) -> Option<String> {
    let (_, presented) = message.split_once("only valid for")?;
    presented.split('"').skip(1).step_by(2).find(|name| matches_pattern(pattern, name)).map(str::to_owned)
}

async fn connect_with(target: &Target, config: Config) -> Result<Client<Compat<TcpStream>>, DbError> {
    let unreachable = |e: std::io::Error| DbError::new(DbErrorKind::Unreachable, "", e.to_string());
    let tcp = TcpStream::connect((target.host.as_str(), target.port)).await.map_err(unreachable)?;
    tcp.set_nodelay(true).map_err(unreachable)?;
    if let Some(silence) = timeouts(target).keepalive {
        keep_alive(&tcp, silence).map_err(unreachable)?;
    }
    Client::connect(config, tcp.compat_write()).await.map_err(error::map)
}

fn bound(sql: &Sql) -> Query<'_> {
    let mut query = Query::new(sql.text.as_str());
    for value in &sql.params {
        match value {
            Value::Null => query.bind(None::<&str>),
            Value::Int(n) => query.bind(*n),
            Value::Text(s) => query.bind(s.as_str()),
            Value::Bytes(b) => query.bind(&b[..]),
        }
    }
    query
}

fn value(data: ColumnData<'static>) -> Value {
    match data {
        ColumnData::U8(Some(n)) => Value::Int(n.into()),
        ColumnData::I16(Some(n)) => Value::Int(n.into()),
        ColumnData::I32(Some(n)) => Value::Int(n.into()),
        ColumnData::I64(Some(n)) => Value::Int(n),
        ColumnData::Bit(Some(b)) => Value::Int(b.into()),
        ColumnData::String(Some(s)) => Value::Text(s.into_owned()),
        ColumnData::Binary(Some(b)) => Value::Bytes(b.into_owned().into()),
        ColumnData::F32(Some(x)) => Value::Text(x.to_string()),
        ColumnData::F64(Some(x)) => Value::Text(x.to_string()),
        ColumnData::Numeric(Some(n)) => Value::Text(n.to_string()),
        ColumnData::Guid(Some(g)) => Value::Text(g.to_string()),
        _ => Value::Null,
    }
}

#[async_trait]
impl Connection for MssqlStore {
    fn statements(&self) -> &'static Statements {
        &STATEMENTS
    }

    fn flavour(&self) -> &'static str {
        "mssql"
    }

    fn session(&self) -> Option<i64> {
        self.session
    }

    /// An account without VIEW SERVER STATE learns only whether the session is still there.
    async fn is_working(&mut self, session: i64) -> Result<Option<bool>, DbError> {
        let bind = Bind::new().set("session", session);
        if let Ok(Some(working)) = self.first_number(STATEMENTS.session_state, &bind).await {
            return Ok(Some(working == 1));
        }
        let there = self.first_number(STATEMENTS.session_there, &bind).await?;
        Ok(there.map(|there| there == 1))
    }

    /// A batch may have several answers; the last is the one that was asked for.
    async fn role(&mut self) -> Result<Role, DbError> {
        let read_only = self.first_number(STATEMENTS.is_read_only, &Bind::new()).await?;
        Ok(if read_only == Some(1) { Role::ReadOnly } else { Role::Primary })
    }

    async fn query(&mut self, sql: &Sql) -> Result<Vec<Row>, DbError> {
        let answer = bound(sql).query(&mut self.client).await.map_err(error::map)?;
        let sets = answer.into_results().await.map_err(error::map)?;
        let rows = sets.into_iter().next_back().unwrap_or_default();
        Ok(rows.into_iter().map(|row| Row(row.into_iter().map(value).collect())).collect())
    }

    /// A trigger's statements have their counts told too, and before the statement's own.
    async fn execute(&mut self, sql: &Sql) -> Result<u64, DbError> {
        let done = bound(sql).execute(&mut self.client).await.map_err(error::map)?;
        Ok(done.rows_affected().last().copied().unwrap_or(0))
    }

    async fn execute_raw(&mut self, sql: &Sql) -> Result<(), DbError> {
        self.run(&sql.text).await
    }

    /// Loads rows in bulk into a table of this session and moves them in one statement. Rows that
    /// tiberius' bulk load refuses go as parameters, in the same transaction.
    async fn insert_many(
        &mut self,
        names: &Names,
        rows: Vec<Vec<Value>>,
        max_packet: Option<u64>,
    ) -> Result<u64, DbError> {
        let (staged, single): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| bulk::takes(row));
        let mut inserted = insert::by_statements(self, &DIALECT, names, single, max_packet).await?;
        if staged.len() < bulk::WORTHWHILE {
            return Ok(inserted + insert::by_statements(self, &DIALECT, names, staged, max_packet).await?);
        }
        let bare = |template: Template| template.render(names, &DIALECT, &Bind::new());
        self.execute_raw(&bare(STATEMENTS.stage_create)?).await?;
        bulk::load(&mut self.client, staged).await.map_err(error::map)?;
        inserted += self.execute(&bare(STATEMENTS.stage_move)?).await?;
        Ok(inserted)
    }

    async fn stage_keys(
        &mut self,
        names: &Names,
        keys: &mut (dyn Iterator<Item = Vec<Value>> + Send),
    ) -> Result<bool, DbError> {
        let keys: Vec<Vec<Value>> = keys.collect();
        if keys.len() < bulk::WORTHWHILE || !keys.iter().all(|key| bulk::takes_key(key)) {
            return Ok(false);
        }
        let bare = |template: Template| template.render(names, &DIALECT, &Bind::new());
        self.execute_raw(&bare(STATEMENTS.stage_create)?).await?;
        bulk::load(&mut self.client, keys).await.map_err(error::map)?;
        self.execute_raw(&bare(STATEMENTS.keys_create)?).await?;
        Ok(true)
    }

    async fn begin(&mut self) -> Result<(), DbError> {
        self.run("BEGIN TRANSACTION").await
    }

    async fn commit(&mut self) -> Result<(), DbError> {
        self.run("COMMIT TRANSACTION").await
    }

    /// With XACT_ABORT an error has rolled back already.
    async fn rollback(&mut self) -> Result<(), DbError> {
        self.run("IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION").await
    }

    async fn lock(&mut self, name: &str, wait: Duration) -> Result<bool, DbError> {
        match self.number(STATEMENTS.lock, name, wait).await? {
            Some(taken) => Ok(taken == 1),
            None => Err(DbError::other("the server could not take the advisory lock")),
        }
    }

    async fn holds_lock(&mut self, name: &str) -> Result<bool, DbError> {
        Ok(self.number(STATEMENTS.lock_held, name, Duration::ZERO).await? == Some(1))
    }

    async fn unlock(&mut self, name: &str) -> Result<(), DbError> {
        let sql = STATEMENTS.unlock.render(&Names::default(), &DIALECT, &Bind::new().set("name", name))?;
        self.execute(&sql).await.map(drop)
    }

    async fn close(self: Box<Self>) {
        let _ = self.client.close().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_pattern() {
        let pattern = "*.database.example.net";
        assert_eq!(first_name(pattern, "shop.Database.example.net"), "shop.Database.example.net");
        assert_eq!(first_name(pattern, "10.0.0.7"), "any.database.example.net");
        assert_eq!(first_name(pattern, "a.b.database.example.net"), "any.database.example.net");
        let message = "certificate not valid for name \"any.database.example.net\"; certificate is only valid for DnsName(\"other.example.net\") or DnsName(\"db7.database.example.net\")";
        assert_eq!(presented_name(pattern, message).as_deref(), Some("db7.database.example.net"));
        assert_eq!(presented_name("*.example.com", message), None);
        assert_eq!(presented_name(pattern, "UnknownIssuer"), None);
    }
}
