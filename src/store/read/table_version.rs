//! Detects that a table has not changed, from what its server knows about changes.

use crate::engine::{Bind, DbErrorKind};
use crate::store::error::{Result, StoreError};
use crate::store::session_store::SessionStore;

/// Version of a table. If two versions are equal, no commit ended between reading the first and reading the second.
///
/// - MySQL: InnoDB records the second of the last commit to a table (MySQL Reference Manual, "The INFORMATION_SCHEMA
///   TABLES Table": `UPDATE_TIME`), after the commit becomes visible and before it is acknowledged. There is a
///   version only after that second is over.
/// - SQLite: `PRAGMA data_version`, which changes with every commit of another connection.
/// - MariaDB: none. Its `UPDATE_TIME` is the time when the transaction began, not when it was committed; Aria does
///   not update it at all.
/// - SQL Server: none for an ordinary account.
///
/// The comments in `sql/<engine>/table_version.sql` say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct TableVersion {
    change: i64,
    /// The connection that read it: a server knows only about its own commits.
    generation: u64,
}

impl SessionStore {
    /// The current version of the table; `None` if the server does not know it, or if a commit in progress could
    /// result in the same version.
    ///
    /// # Errors
    /// [`StoreError::Db`] if the connection is lost.
    pub(in crate::store) async fn version(&mut self) -> Result<Option<TableVersion>> {
        let file = self.statements().table_version;
        if !file.is_statement() {
            return Ok(None);
        }
        let doing = "ask when the table was changed last";
        let bind = Bind::new().set("table", self.names.catalogue_name(&self.names.table, self.dialect()));
        let rows = match self.query(doing, file, &bind).await {
            Ok(rows) => rows,
            // Some accounts may not see it.
            Err(error) if matches!(error.kind(), Some(DbErrorKind::Denied | DbErrorKind::Other)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let Some(mut row) = rows.into_iter().next() else { return Ok(None) };
        let version = (|| Ok(row.int(0)?.filter(|_| row.int(1).is_ok_and(|over| over == Some(1)))))();
        let generation = self.connection.generation();
        Ok(version.map_err(|e| StoreError::db(doing, e))?.map(|change| TableVersion { change, generation }))
    }
}
