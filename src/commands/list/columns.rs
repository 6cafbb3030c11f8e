//! The columns of the list, their names, and the default selections.

use crate::failure::Failure;
use crate::suggestion::among;
use crate::ui::Head;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Id,
    App,
    State,
    User,
    Route,
    Valid,
    MaxInactive,
    LastAccess,
    Idle,
    Expires,
    Size,
    Restorable,
}

/// All columns with their names in `--columns`, and their fields in machine formats.
const COLUMNS: [(Column, &str, &[&str]); 12] = [
    (Column::Id, "id", &["session_id"]),
    (Column::App, "app", &["app_name"]),
    (Column::State, "state", &["state"]),
    (Column::User, "user", &["user"]),
    (Column::Route, "route", &["route"]),
    (Column::Valid, "valid", &["valid_session"]),
    (Column::MaxInactive, "max-inactive", &["max_inactive"]),
    (Column::LastAccess, "last-access", &["last_access", "last_access_rfc3339"]),
    (Column::Idle, "idle", &["idle_ms"]),
    (Column::Expires, "expires", &["expires_at", "expires_at_rfc3339"]),
    (Column::Size, "size", &["size_bytes"]),
    (Column::Restorable, "restorable", &["restorable", "restorable_reason"]),
];

/// The columns of a table without `--columns`.
pub const USUAL: [Column; 6] = [Column::Id, Column::App, Column::State, Column::Idle, Column::Expires, Column::Size];

/// The columns of `--format wide`.
pub const WIDE: [Column; 10] = [
    Column::Id,
    Column::App,
    Column::State,
    Column::User,
    Column::Route,
    Column::LastAccess,
    Column::Idle,
    Column::Expires,
    Column::MaxInactive,
    Column::Size,
];

impl Column {
    /// The column with this name, or with a field of this name.
    ///
    /// # Errors
    /// Usage error with a suggestion.
    pub fn named(name: &str) -> Result<Column, Failure> {
        let is_it = |(_, known, fields): &&(Column, &str, &[&str])| *known == name || fields.contains(&name);
        match COLUMNS.iter().find(is_it) {
            Some((column, ..)) => Ok(*column),
            None => {
                let names: Vec<&str> = COLUMNS.iter().map(|(_, name, _)| *name).chain(["attr=NAME"]).collect();
                Err(Failure::usage(format!("there is no column `{name}`")).hint(among("the columns", name, &names)))
            }
        }
    }

    /// Its fields in machine formats.
    pub fn fields(self) -> &'static [&'static str] {
        COLUMNS.iter().find(|(column, ..)| *column == self).map_or(&[], |(_, _, fields)| *fields)
    }

    /// Tells whether the column needs the data of the session.
    pub fn reads_data(self) -> bool {
        matches!(self, Column::User | Column::Restorable)
    }

    pub fn head(self) -> Head {
        match self {
            Column::Id => Head::left("SESSION"),
            Column::App => Head::left("APPLICATION"),
            Column::State => Head::state("STATE"),
            Column::User => Head::left("USER"),
            Column::Route => Head::left("ROUTE"),
            Column::Valid => Head::left("VALID"),
            Column::MaxInactive => Head::right("TIMEOUT"),
            Column::LastAccess => Head::left("LAST ACCESS"),
            Column::Idle => Head::right("IDLE"),
            Column::Expires => Head::right("EXPIRES"),
            Column::Size => Head::right("SIZE"),
            Column::Restorable => Head::state("RESTORABLE"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::value_parsers::LIST_COLUMNS;

    #[test]
    fn every_column_name_is_completed() {
        let names: Vec<&str> = COLUMNS.iter().map(|(_, name, _)| *name).collect();
        assert_eq!(names, LIST_COLUMNS);
        for (column, name, fields) in COLUMNS {
            assert_eq!(Column::named(name).unwrap(), column);
            assert_eq!(column.fields(), fields);
            assert!(fields.iter().all(|field| Column::named(field).unwrap() == column));
        }
    }
}
