//! Collects the facts about a store that the rules in `store::check` evaluate. Facts that the account may not read are
//! unknown, with the reason.

use std::collections::HashMap;

use futures_util::future::{join, join_all};

use crate::engine::{Bind, ClusterKind, DbError, DbErrorKind, Names, Row, Template};
use crate::session::EpochMillis;
use crate::store::catalog::grants::Grants;
use crate::store::catalog::table_structure::Key;
use crate::store::check::{Clocks, ConnectionLimits, Fact, Facts, Link, Member, OrphanedUser, Rows, Vacuum};
use crate::store::error::{Result, StoreError};
use crate::store::read::id_ranges::{IdRange, QUARTERS, open_range_readers};
use crate::store::session_store::SessionStore;
use crate::store::session_store::replica::NodeRole;

/// How far last_access may be ahead of both clocks, in milliseconds.
const MAX_AHEAD_MS: i64 = 300_000;

impl SessionStore {
    /// Collects everything except the rows; `here` reads this machine's clock.
    ///
    /// # Errors
    /// [`StoreError::Db`] if the connection is lost.
    pub async fn facts(&mut self, here: impl Fn() -> EpochMillis + Send) -> Result<Facts> {
        let grants = self.grants().await?;
        let clocks = if self.dialect().has_accounts {
            let (server, ahead, _) = self.clock_offset(here).await?;
            Fact::Known(Clocks { server, here: EpochMillis(server.0.saturating_sub(ahead)) })
        } else {
            Fact::Absent
        };
        let role = self.ask_role().await?;
        let primary =
            if role == Some(NodeRole::Primary) { None } else { self.connection.primary().await.ok().flatten() };
        Ok(Facts {
            names: self.named_account(),
            dialect: self.dialect(),
            statements: self.statements(),
            server: self.server.clone(),
            shape: self.shape.clone(),
            grants,
            clocks,
            link: self.link().await?,
            orphans: self.orphans().await?,
            member: self.member().await?,
            vacuum: self.vacuum().await?,
            limits: self.limits().await?,
            role,
            replicates: self.replicates.clone(),
            primary,
            rows: Fact::Unknown("not scanned".to_owned()),
            open_file: self.target.file_open_to_others(),
        })
    }

    /// Counts, in one scan of the table, the rows that Tomcat cannot handle, at the time `now`.
    ///
    /// # Errors
    /// [`StoreError::Db`] if the connection is lost; missing privileges are a fact.
    pub async fn scan(&mut self, now: EpochMillis) -> Result<Fact<Rows>> {
        let rows = self.scan_part((None, None), now).await?;
        self.with_duplicates(rows).await
    }

    /// As [`SessionStore::scan`], with four connections if the server accepts them and has an index for their ranges:
    /// faster, but with more load.
    ///
    /// # Errors
    /// As [`SessionStore::scan`].
    pub async fn scan_by_quarters(&mut self, now: EpochMillis) -> Result<Fact<Rows>> {
        if !self.shape.id_leads_primary(&self.names) {
            return self.scan(now).await;
        }
        let (readers, rest) = open_range_readers(self, QUARTERS).await;
        let scans = join_all(readers.into_iter().map(|(mut reader, part)| async move {
            let rows = reader.scan_part(part, now).await;
            reader.close().await;
            rows
        }));
        let (last, others) = join(self.scan_part(rest, now), scans).await;
        let rows = others.into_iter().try_fold(last?, |sum, part| -> Result<Fact<Rows>> {
            Ok(match (sum, part?) {
                (Fact::Known(sum), Fact::Known(part)) => Fact::Known(sum.and(part)),
                (Fact::Known(_), unknown) | (unknown, _) => unknown,
            })
        })?;
        self.with_duplicates(rows).await
    }

    /// Adds the number of duplicates, if the table has no unique key.
    async fn with_duplicates(&mut self, rows: Fact<Rows>) -> Result<Fact<Rows>> {
        let Fact::Known(rows) = rows else { return Ok(rows) };
        if self.shape.key(&self.names) != Key::None {
            return Ok(Fact::Known(rows));
        }
        let doing = "count the duplicates";
        let row = match self.query(doing, self.statements().duplicates, &Bind::new()).await {
            Ok(found) => found.into_iter().next(),
            Err(error) => return unknown_if_denied(error),
        };
        let count = row.map_or(Ok(None), |mut row| row.int(0)).map_err(|e| StoreError::db(doing, e))?;
        Ok(Fact::Known(Rows { duplicates: count.and_then(|n| u64::try_from(n).ok()).unwrap_or(0), ..rows }))
    }

    async fn scan_part(&mut self, (from, before): IdRange, now: EpochMillis) -> Result<Fact<Rows>> {
        let doing = "scan the table";
        let bind = Bind::new()
            .set("future", now.0.saturating_add(MAX_AHEAD_MS))
            .set_if("from_id", from)
            .set_if("before_id", before);
        let row = match self.query(doing, self.statements().count_anomalies, &bind).await {
            Ok(rows) => rows.into_iter().next(),
            Err(error) => return unknown_if_denied(error),
        };
        let read = || row.map_or(Ok(Rows::default()), counts);
        read().map(Fact::Known).map_err(|e| StoreError::db(doing, e))
    }

    /// The names, including that of the account if it is known only by its name.
    fn named_account(&self) -> Names {
        let mut names = self.names.clone();
        if let Some(user) = self.server.user.as_ref().filter(|_| !self.dialect().has_hosts) {
            names.account.clone_from(user);
        }
        names
    }

    async fn grants(&mut self) -> Result<Fact<Grants>> {
        let file = self.statements().my_grants;
        if !file.is_statement() {
            return Ok(Fact::Absent);
        }
        let doing = "read the privileges of the account";
        let bind = Bind::new().set("table", self.names.catalogue_name(&self.names.table, self.dialect()));
        let rows = match self.query(doing, file, &bind).await {
            Ok(rows) => rows,
            Err(error) => return unknown_if_denied(error),
        };
        let mut lines = Vec::new();
        let mut grants = Grants::default();
        let mut read = |mut row: Row| {
            let text = row.text(0)?.unwrap_or_default();
            // Either a line of SHOW GRANTS, or a privilege and its scope.
            match row.0.get(1).is_some().then(|| row.text(1)).transpose()?.flatten() {
                Some(scope) => grants.add(&text, &scope, self.server.database.as_deref(), &self.names),
                None => lines.push(text),
            }
            Ok(())
        };
        rows.into_iter().try_for_each(&mut read).map_err(|e| StoreError::db(doing, e))?;
        if grants == Grants::default() {
            grants = Grants::parse(lines.iter().map(String::as_str));
        }
        Ok(Fact::Known(grants))
    }

    async fn orphans(&mut self) -> Result<Fact<Vec<OrphanedUser>>> {
        let file = self.statements().orphans;
        if !file.is_statement() {
            return Ok(Fact::Absent);
        }
        let doing = "look for accounts without a login";
        let rows = match self.query(doing, file, &Bind::new()).await {
            Ok(rows) => rows,
            // A user database of Azure has no view of the server's logins.
            Err(error) if error.kind() == Some(DbErrorKind::NoTable) => return Ok(Fact::Unknown(error.to_string())),
            Err(error) => return unknown_if_denied(error),
        };
        let orphan = |mut row: Row| {
            Ok(OrphanedUser { user: row.text(0)?.unwrap_or_default(), has_namesake: row.int(1)? == Some(1) })
        };
        let orphans: std::result::Result<_, DbError> = rows.into_iter().map(orphan).collect();
        orphans.map(Fact::Known).map_err(|e| StoreError::db(doing, e))
    }

    async fn member(&mut self) -> Result<Fact<Member>> {
        let file = self.statements().replication_settings;
        if !file.is_statement() {
            return Ok(Fact::Absent);
        }
        let doing = "read the variables of the server's cluster";
        let rows = match self.query(doing, file, &Bind::new()).await {
            Ok(rows) => rows,
            Err(error) => return unknown_if_denied(error),
        };
        let mut variables = HashMap::new();
        for mut row in rows {
            let read = (|| Ok((row.text(0)?, row.text(1)?)))();
            let (name, value) = read.map_err(|e| StoreError::db(doing, e))?;
            variables.insert(name.unwrap_or_default(), value.unwrap_or_default());
        }
        let kind = self.cluster();
        let has_lease = kind.is_some() && self.has_lease_table().await?;
        let text = |name: &str| variables.get(name).filter(|value| !value.is_empty()).cloned();
        let size = match kind {
            Some(ClusterKind::Galera) => text("wsrep_max_ws_size"),
            Some(ClusterKind::Group) => text("group_replication_transaction_size_limit"),
            None => None,
        };
        let logs = text("log_bin").is_some_and(|value| value == "ON");
        Ok(Fact::Known(Member {
            kind,
            // Galera replicates in the format of the binary log, even if the log is disabled.
            binlog_format: text("binlog_format").filter(|_| logs || kind == Some(ClusterKind::Galera)),
            autoinc_lock_mode: text("innodb_autoinc_lock_mode").and_then(|value| value.parse().ok()),
            strict_mode: text("pxc_strict_mode"),
            max_transaction: size.and_then(|value| value.parse().ok()),
            has_lease,
        }))
    }

    async fn vacuum(&mut self) -> Result<Fact<Vacuum>> {
        let table = self.names.catalogue_name(&self.names.table, self.dialect());
        let bind = Bind::new().set("table", table).set("data_column", self.names.data.as_str());
        let read = |mut row: Row| {
            Ok(Vacuum {
                server_on: row.int(0)? == Some(1),
                counts: row.int(1)? == Some(1),
                table_on: row.int(2)? == Some(1),
                dead_rows: count(&mut row, 3)?.unwrap_or(0),
                live_rows: count(&mut row, 4)?.unwrap_or(0),
                since: count(&mut row, 5)?,
                table_age: count(&mut row, 6)?.unwrap_or(0),
                database_age: count(&mut row, 7)?.unwrap_or(0),
                table_limit: count(&mut row, 8)?.unwrap_or(u64::MAX),
                server_limit: count(&mut row, 9)?.unwrap_or(u64::MAX),
                bytes: count(&mut row, 10)?.unwrap_or(0),
                needed: count(&mut row, 11)?,
                in_row: row.int(12)? == Some(1),
            })
        };
        self.one_row("read the state of the table's space", self.statements().vacuum, &bind, read).await
    }

    async fn limits(&mut self) -> Result<Fact<ConnectionLimits>> {
        let read = |mut row: Row| {
            Ok(ConnectionLimits {
                server: count(&mut row, 0)?.unwrap_or(u64::MAX),
                in_use: count(&mut row, 1)?.unwrap_or(0),
                account: count(&mut row, 2)?,
                database: count(&mut row, 3)?,
            })
        };
        self.one_row("read the limits on connections", self.statements().connection_limits, &Bind::new(), read).await
    }

    /// What a query of one row answers.
    async fn one_row<T>(
        &mut self,
        doing: &'static str,
        file: Template,
        bind: &Bind,
        read: impl Fn(Row) -> std::result::Result<T, DbError>,
    ) -> Result<Fact<T>> {
        if !file.is_statement() {
            return Ok(Fact::Absent);
        }
        match self.query(doing, file, bind).await {
            Ok(rows) => {
                let row = rows.into_iter().next().map(read).transpose().map_err(|e| StoreError::db(doing, e))?;
                Ok(row.map_or(Fact::Absent, Fact::Known))
            }
            Err(error) => unknown_if_denied(error),
        }
    }

    async fn link(&mut self) -> Result<Fact<Link>> {
        let file = self.statements().encrypted;
        if !file.is_statement() {
            return Ok(Fact::Absent);
        }
        let doing = "ask whether the connection is encrypted";
        let mut rows = match self.query(doing, file, &Bind::new()).await {
            Ok(rows) => rows,
            Err(error) => return unknown_if_denied(error),
        };
        let cipher = rows.first_mut().map(|row| row.text(1)).transpose().map_err(|e| StoreError::db(doing, e))?;
        let remote = !self.target.is_local();
        Ok(Fact::Known(Link { encrypted: cipher.flatten().is_some_and(|c| !c.is_empty()), remote }))
    }
}

/// Missing privileges do not make an inspection fail; a lost connection does.
fn unknown_if_denied<T>(error: StoreError) -> Result<Fact<T>> {
    match error.kind() {
        Some(DbErrorKind::Denied | DbErrorKind::Timeout | DbErrorKind::Other) => Ok(Fact::Unknown(error.to_string())),
        _ => Err(error),
    }
}

/// A number that is not below zero, where there is one.
fn count(row: &mut Row, column: usize) -> std::result::Result<Option<u64>, DbError> {
    Ok(row.int(column)?.and_then(|n| u64::try_from(n).ok()))
}

fn counts(mut row: Row) -> std::result::Result<Rows, DbError> {
    let mut count = |i| Ok(row.int(i)?.and_then(|n| u64::try_from(n).ok()).unwrap_or(0));
    Ok(Rows {
        sessions: count(0)?,
        largest_bytes: count(1)?,
        without_data: count(2)?,
        without_app: count(3)?,
        without_times: count(4)?,
        truncated: count(5)?,
        never_expiring: count(6)?,
        from_the_future: count(7)?,
        timeouts_above_int: count(8)?,
        no_stream: count(9)?,
        duplicates: 0,
    })
}
