//! Whether a table stands still, by what its server knows of changes.

use crate::engine::{Bind, DbErrorKind};
use crate::store::error::{Result, StoreError};
use crate::store::session_store::SessionStore;

/// A version of the table: two that are equal have no commit between them that was over when the second
/// was read.
///
/// - MySQL: InnoDB notes the second in which a table's last transaction was committed (MySQL Reference Manual,
///   "The INFORMATION_SCHEMA TABLES Table": `UPDATE_TIME`), just after it can be seen and before whoever
///   committed it is answered. There is a version only once that second is over.
/// - SQLite: `PRAGMA data_version`, which every commit of another connection changes.
/// - MariaDB: none. Its `UPDATE_TIME` is when the transaction began, not when it was committed; Aria does not
///   move it at all.
/// - SQL Server: none for an ordinary account.
///
/// `sql/<engine>/last_change.sql` says the same where it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct TableVersion {
    change: i64,
    /// The connection that it was read by, whose server knows of its own commits.
    generation: u64,
}

impl SessionStore {
    /// The version that the table is in; `None` where the server does not know, or a commit that is
    /// still to come could leave the same one.
    ///
    /// # Errors
    /// [`StoreError::Db`] when the connection breaks.
    pub(in crate::store) async fn version(&mut self) -> Result<Option<TableVersion>> {
        let file = self.statements().last_change;
        if !file.is_statement() {
            return Ok(None);
        }
        let doing = "ask when the table was changed last";
        let bind = Bind::new().set("table", self.names.catalogue_name(&self.names.table, self.dialect()));
        let rows = match self.query(doing, file, &bind).await {
            Ok(rows) => rows,
            // Not to know is the ordinary case of some accounts.
            Err(error) if matches!(error.kind(), Some(DbErrorKind::Denied | DbErrorKind::Other)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let Some(mut row) = rows.into_iter().next() else { return Ok(None) };
        let version = (|| Ok(row.int(0)?.filter(|_| row.int(1).is_ok_and(|over| over == Some(1)))))();
        let generation = self.connection.generation();
        Ok(version.map_err(|e| StoreError::db(doing, e))?.map(|change| TableVersion { change, generation }))
    }
}
