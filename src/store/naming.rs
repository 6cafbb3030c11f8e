//! How the user names the table and its columns.

use super::{Names, Result, StoreError, Target};

/// How the user names the table and its columns.
#[derive(Debug, Clone, Default)]
pub struct Naming {
    /// `--table`; without it, `tomcat_sessions`, or `tomcat$sessions` where only that one is there.
    pub table: Option<String>,
    /// `--columns`: the name in the option and the column's own.
    pub columns: Vec<(String, String)>,
    /// `--swap-table`: where sessions are swapped out to; without it, the table's name with
    /// `_swapped` behind it.
    pub swap_table: Option<String>,
}

impl Naming {
    /// The names for `table`, with the user's columns in the place of the published ones.
    ///
    /// # Errors
    /// When `--columns` names what is no column of ours.
    pub fn names(&self, target: &Target, table: Option<&str>) -> Result<Names> {
        let tomcat = Names::tomcat_defaults();
        let mut names = if table == Some(tomcat.table.as_str()) { tomcat } else { Names::default() };
        if let Some(table) = table {
            table.clone_into(&mut names.table);
            names.swapped = format!("{table}_swapped");
            names.lease = format!("{table}_lease");
        }
        if let Some(database) = target.database.as_ref().filter(|_| target.engine.dialect().has_accounts) {
            names.database.clone_from(database);
        }
        self.apply(names)
    }

    pub(super) fn apply(&self, mut names: Names) -> Result<Names> {
        if let Some(table) = &self.swap_table {
            names.swapped.clone_from(table);
        }
        for (which, name) in &self.columns {
            let column = match which.as_str() {
                "id" => &mut names.id,
                "app" => &mut names.app,
                "data" => &mut names.data,
                "valid" => &mut names.valid,
                "max-inactive" => &mut names.max_inactive,
                "last-access" => &mut names.last_access,
                other => return Err(StoreError::UnknownColumn(other.to_owned())),
            };
            column.clone_from(name);
        }
        Ok(names)
    }
}
