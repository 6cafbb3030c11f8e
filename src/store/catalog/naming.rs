//! The table and column names given by the user.

use crate::engine::{DbError, Dialect, Names, Target};
use crate::store::catalog::table_name;
use crate::store::catalog::table_name::TableName;
use crate::store::error::{Result, StoreError};

/// The columns of a session table, by their names in `--columns`.
pub const COLUMNS: &[&str] = &["id", "app", "data", "valid", "max-inactive", "last-access"];

/// The table and column names given by the user.
#[derive(Debug, Clone, Default)]
pub struct Naming {
    /// `--table`; the default is `tomcat_sessions`, or `tomcat$sessions` if only that table exists.
    pub table: Option<String>,
    /// `--columns`: the name in the option, and the name of the column.
    pub columns: Vec<(String, String)>,
    /// `--swap-table`: the table for swapped-out sessions; the default is the name of the table with `_swapped`
    /// appended.
    pub swap_table: Option<String>,
}

impl Naming {
    /// The names of `table`, with the user's columns instead of the published ones.
    ///
    /// # Errors
    /// If `--columns` contains an unknown column.
    pub fn names(&self, target: &Target, table: Option<&str>) -> Result<Names> {
        let dialect = target.engine.dialect();
        let tomcat = Names::tomcat_defaults();
        let table = table.map(|table| TableName::parse(table, dialect)).transpose().map_err(StoreError::Name)?;
        let is_tomcats = table.as_ref().is_some_and(|name| name.table == tomcat.table);
        let mut names = if is_tomcats { tomcat } else { Names::default() };
        if let Some(database) = target.database.as_ref().filter(|_| dialect.has_accounts) {
            names.database.clone_from(database);
        }
        if let Some(TableName { database, schema, table }) = table {
            names.swapped = format!("{table}_swapped");
            names.lease = format!("{table}_lease");
            (names.table, names.schema) = (table, schema);
            names.database = database.unwrap_or(names.database);
        }
        self.apply(names, dialect)
    }

    /// The target with the database in the table's name.
    ///
    /// # Errors
    /// If that name is invalid for the engine.
    pub fn target(&self, target: &Target) -> Result<Target> {
        let name = self.table.as_deref().map(|table| TableName::parse(table, target.engine.dialect())).transpose();
        let database = name.map_err(StoreError::Name)?.and_then(|name| name.database);
        Ok(Target { database: database.or_else(|| target.database.clone()), ..target.clone() })
    }

    pub(in crate::store) fn apply(&self, mut names: Names, dialect: &Dialect) -> Result<Names> {
        if let Some(table) = &self.swap_table {
            let swapped = TableName::parse(table, dialect).map_err(StoreError::Name)?;
            let same_database = swapped.database.is_none_or(|database| database == names.database);
            if !same_database || swapped.schema.is_some_and(|schema| names.schema.as_ref() != Some(&schema)) {
                return Err(StoreError::Name(DbError::other(
                    "the swap table is in a different database or schema than the live table",
                )));
            }
            names.swapped = swapped.table;
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
            *column = table_name::column(name, dialect);
        }
        Ok(names)
    }
}
