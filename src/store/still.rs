//! Whether a table stands still, by what its server knows of changes.

use super::{Bind, DbErrorKind, Result, SessionStore, StoreError};

/// A state of the table: two that are the same have no commit between them.
///
/// InnoDB notes the second of a table's last commit (MySQL Reference Manual, "The
/// INFORMATION_SCHEMA TABLES Table", `UPDATE_TIME`), so that there is a mark only once that second
/// is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark(i64);

impl SessionStore {
    /// The state that the table is in; `None` where the server does not know, or a commit that is
    /// still to come could leave the same mark.
    ///
    /// # Errors
    /// [`StoreError::Db`] when the connection breaks.
    pub(super) async fn mark(&mut self) -> Result<Option<Mark>> {
        let file = self.statements().last_change;
        if !file.is_statement() {
            return Ok(None);
        }
        let doing = "ask when the table was changed last";
        let bind = Bind::new().set("table", self.names.table.as_str());
        let rows = match self.query(doing, file, &bind).await {
            Ok(rows) => rows,
            // Not to know is the ordinary case of some accounts.
            Err(error) if matches!(error.kind(), Some(DbErrorKind::Denied | DbErrorKind::Other)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let Some(mut row) = rows.into_iter().next() else { return Ok(None) };
        let mark = (|| Ok(row.int(0)?.filter(|_| row.int(1).is_ok_and(|over| over == Some(1)))))();
        Ok(mark.map_err(|e| StoreError::db(doing, e))?.map(Mark))
    }
}
