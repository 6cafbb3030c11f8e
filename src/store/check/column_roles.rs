//! Guesses which of Tomcat's columns a column is, by name and type, if the configuration names another one.

use super::Facts;
use crate::engine::{ColumnClass, Dialect};
use crate::store::catalog::table_structure::{Column, Shape};
use crate::suggestion::nearest;

/// One of the six columns.
struct Role {
    /// Its name in `--columns`.
    option: &'static str,
    /// The attribute of Tomcat's Store.
    attribute: &'static str,
    /// Its names in published tables, without case and separators.
    names: &'static [&'static str],
    fits: fn(ColumnClass) -> bool,
}

const ROLES: [Role; 6] = [
    Role {
        option: "id",
        attribute: "sessionIdCol",
        names: &["sessionid", "id", "session"],
        fits: |class| matches!(class, ColumnClass::Text | ColumnClass::Binary { .. }),
    },
    Role {
        option: "app",
        attribute: "sessionAppCol",
        names: &["appname", "app", "sessionapp", "appcontext", "application", "context"],
        fits: |class| class == ColumnClass::Text,
    },
    Role {
        option: "data",
        attribute: "sessionDataCol",
        names: &["sessiondata", "data"],
        fits: |class| matches!(class, ColumnClass::Binary { .. }),
    },
    Role {
        option: "valid",
        attribute: "sessionValidCol",
        names: &["validsession", "valid", "sessionvalid", "isvalid"],
        fits: |_| true,
    },
    Role {
        option: "max-inactive",
        attribute: "sessionMaxInactiveCol",
        names: &["maxinactive", "maxinactiveinterval", "sessionmaxinactive"],
        fits: |class| matches!(class, ColumnClass::Int { bits: 32.. }),
    },
    Role {
        option: "last-access",
        attribute: "sessionLastAccessedCol",
        names: &["lastaccess", "lastaccessed", "lastaccessedtime", "sessionlastaccess"],
        fits: |class| matches!(class, ColumnClass::Int { bits: 64 }),
    },
];

/// A column that is probably the missing one, and where to configure it.
pub struct ColumnGuess<'a> {
    pub column: &'a str,
    pub option: &'static str,
    pub attribute: &'static str,
}

/// The column that is probably the missing column `option`.
pub fn guess<'a>(facts: &'a Facts, option: &str) -> Option<ColumnGuess<'a>> {
    let role = ROLES.iter().find(|role| role.option == option)?;
    let taken = facts.names.columns();
    let free = |column: &&Column| {
        taken.iter().all(|(_, name)| !column.name.eq_ignore_ascii_case(name))
            && column.generated.is_none()
            && fits(role, column, facts.dialect)
    };
    let named = |column: &&Column| role_of(column).is_some_and(|played| played.option == role.option);
    let mut by_name = facts.shape.columns.iter().filter(free).filter(named);
    let column = by_name.next()?;
    Some(ColumnGuess { column: &column.name, option: role.option, attribute: role.attribute })
}

/// Tells whether a column could be one of the six, by its name or type.
pub fn may_be_tomcats(shape: &Shape, name: &str, dialect: &Dialect) -> bool {
    shape
        .column(name)
        .is_some_and(|column| role_of(column).is_some() || (dialect.class)(&column.data_type) != ColumnClass::Other)
}

fn fits(role: &Role, column: &Column, dialect: &Dialect) -> bool {
    (role.fits)((dialect.class)(&column.data_type))
}

/// The role of a column, by its name alone.
fn role_of(column: &Column) -> Option<&'static Role> {
    let plain: String = column.name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let exact = ROLES.iter().find(|role| role.names.contains(&plain.as_str()));
    exact.or_else(|| {
        let name = nearest(&plain, ROLES.iter().flat_map(|role| role.names.iter().copied()))?;
        ROLES.iter().find(|role| role.names.contains(&name))
    })
}
