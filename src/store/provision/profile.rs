//! The two tables that `init-db` can create, and the differences of an existing table. Pure.

use crate::engine::{Dialect, Names, Statements, Template};
use crate::store::catalog::table_structure::{Column, Index, Key, Shape};

/// Kind of table to create.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// The published columns, with the problems of the documented table fixed.
    Recommended,
    /// The table that Tomcat guides publish.
    Documented,
}

impl Profile {
    pub fn as_str(self) -> &'static str {
        match self {
            Profile::Recommended => "recommended",
            Profile::Documented => "documented",
        }
    }

    /// The statements that create the table, in order.
    pub fn table(self, files: &Statements) -> impl Iterator<Item = Template> {
        let statements = match self {
            Profile::Recommended => {
                vec![files.create_table, files.table_storage, files.create_index_app, files.create_index_expiry]
            }
            Profile::Documented => vec![files.create_table_documented, files.create_index_app],
        };
        statements.into_iter().filter(|file| file.is_statement())
    }

    /// Differences between an existing table and this profile. Sessions can be stored nevertheless; [`unusable`]
    /// lists what prevents that.
    pub fn differences(self, shape: &Shape, names: &Names, dialect: &Dialect) -> Vec<String> {
        let mut found = Vec::new();
        for (name, length) in [(&names.id, 100), (&names.valid, 1), (&names.app, 255)] {
            let Some(column) = shape.column(name) else { continue };
            if column.length.is_some_and(|has| has != length) {
                found
                    .push(format!("the column `{name}` holds {} characters, not {length}", column.length.unwrap_or(0)));
            }
        }
        for name in [&names.id, &names.valid, &names.max_inactive, &names.last_access] {
            found.extend(nullable(shape, name, false));
        }
        found.extend(nullable(shape, &names.app, self == Profile::Documented));
        if let Some(data) = shape.column(&names.data)
            && (dialect.class)(&data.data_type) != (dialect.class)(dialect.blob_type)
        {
            found.push(format!("the column `{}` is {}", names.data, data.declared));
        }
        let wanted = match self {
            Profile::Recommended => Key::IdAndApp,
            Profile::Documented => Key::Id,
        };
        if shape.key(names) != wanted {
            found.push(format!("the key is {}, not {}", key(shape.key(names), names), key(wanted, names)));
        }
        if !shape.has_index(&[&names.app]) {
            found.push(format!("there is no index on `{}`", names.app));
        }
        let known: Vec<&str> = names.columns().into_iter().map(|(_, name)| name).collect();
        let ours = |column: &Column| known.iter().any(|name| column.name.eq_ignore_ascii_case(name));
        let expires_at = |column: &Column| column.name.eq_ignore_ascii_case(&names.expires_at);
        if self == Profile::Recommended {
            found.extend(differences_from_recommended(shape, names, dialect));
        }
        for column in shape.columns.iter().filter(|c| !ours(c)) {
            if self == Profile::Documented || !expires_at(column) {
                found.push(format!("there is a column `{}` that Tomcat does not use", column.name));
            }
        }
        found
    }
}

/// Properties of the recommended table that this table lacks.
fn differences_from_recommended(shape: &Shape, names: &Names, dialect: &Dialect) -> Vec<String> {
    let mut found = Vec::new();
    for name in [&names.id, &names.app] {
        if let Some(collation) = shape.column(name).filter(|c| !c.is_compared_by_bytes()).map(|c| &c.collation) {
            let collation = collation.as_deref().unwrap_or_default();
            found.push(format!(
                "the column `{name}` has the collation {collation}, which treats different ids as equal"
            ));
        }
    }
    let index = names.of_tokens(dialect.expiry_index);
    let missing = index.iter().find(|name| shape.column(name).is_none());
    if let Some(name) = missing {
        found.push(format!("the column `{name}` is missing: `expire` reads the whole table"));
    } else if !shape.has_index(&index) {
        found.push(format!("there is no index on (`{}`): `expire` reads the whole table", index.join("`, `")));
    } else if index.contains(&names.expires_at)
        && shape.column(&names.expires_at).is_some_and(|column| column.generated.is_none())
    {
        found.push(format!("the column `{}` is not a generated column: `expire` does not use it", names.expires_at));
    }
    if let Some(engine) = shape.engine.as_deref().filter(|engine| !engine.eq_ignore_ascii_case("innodb")) {
        found.push(format!("the storage engine is {engine}, which has no transactions"));
    }
    found
}

/// Reasons why Tomcat cannot store sessions in a table.
pub fn unusable(shape: &Shape, names: &Names, dialect: &Dialect) -> Vec<String> {
    let mut faults = shape.unreadable(names, dialect);
    faults.extend(shape.unwritable(names));
    // 32 hexadecimal digits without a jvmRoute (ManagerBase.sessionIdLength is 16 bytes).
    for (name, least) in [(&names.id, 32), (&names.valid, 1)] {
        if let Some(length) = shape.column(name).and_then(|c| c.length).filter(|length| *length < least) {
            faults.push(format!("the column `{name}` holds {length} characters, but Tomcat writes {least} or more"));
        }
    }
    let known = names.columns();
    for column in &shape.columns {
        let ours = known.iter().any(|(_, name)| column.name.eq_ignore_ascii_case(name));
        if ours && column.generated.is_some() {
            faults.push(format!("the column `{}` is a generated column, but Tomcat writes it", column.name));
        }
        if !ours && !column.nullable && !column.has_default && column.generated.is_none() {
            faults.push(format!("the column `{}` requires a value, but Tomcat does not set it", column.name));
        }
    }
    for index in shape.indexes.iter().filter(|index| index.unique) {
        faults.extend(too_unique(index, names));
    }
    faults
}

/// A unique index without the id: one session prevents another from being stored.
fn too_unique(index: &Index, names: &Names) -> Option<String> {
    let has_id = index.columns.iter().any(|c| c.eq_ignore_ascii_case(&names.id));
    (!has_id).then(|| format!("the unique index `{}` does not contain the id", index.name))
}

fn nullable(shape: &Shape, name: &str, wanted: bool) -> Option<String> {
    let column = shape.column(name).filter(|c| c.nullable != wanted)?;
    Some(format!("the column `{}` {}", column.name, if wanted { "is NOT NULL" } else { "may be NULL" }))
}

fn key(key: Key, names: &Names) -> String {
    match key {
        Key::Id => format!("(`{}`)", names.id),
        Key::IdAndApp => format!("(`{}`, `{}`)", names.id, names.app),
        Key::None => "none".to_owned(),
    }
}
