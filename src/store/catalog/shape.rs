//! What a table looks like, and whether sessions can be kept in it. Pure: the catalogue is read
//! elsewhere.

use crate::engine::{ColumnClass, Dialect, Names};

/// A table as the catalogue describes it.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// `BASE TABLE`, or what else it is.
    pub kind: String,
    /// The storage engine, where the server has several.
    pub engine: Option<String>,
    pub row_format: Option<String>,
    /// The server's own estimate.
    pub rows: Option<i64>,
    /// Bytes of data and indexes, by the server's own estimate.
    pub bytes: Option<i64>,
    pub columns: Vec<Column>,
    pub indexes: Vec<Index>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    /// The type without length, in lower case (`varchar`).
    pub data_type: String,
    /// The type as it was declared (`varchar(100)`).
    pub declared: String,
    /// Characters of text or bytes of a blob, where the type has a limit.
    pub length: Option<i64>,
    pub nullable: bool,
    pub collation: Option<String>,
    /// The expression of a generated column.
    pub generated: Option<String>,
    /// Whether the server has a value for it where an INSERT names none; NULL aside.
    pub has_default: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    pub name: String,
    pub primary: bool,
    pub unique: bool,
    /// Columns in order.
    pub columns: Vec<String>,
    /// Whether a column is indexed by its first characters only.
    pub prefix: bool,
    /// Whether the server may look for rows by it.
    pub visible: bool,
}

/// What makes a row unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// `session_id`: the published table, in which two contexts cannot hold the same id.
    Id,
    /// `session_id` and `app_name`.
    IdAndApp,
    /// Nothing does.
    None,
}

impl Column {
    /// Tells whether two texts in it are the same only when their bytes are: engines name such a
    /// collation by its ending, and one that has none compares so.
    pub fn is_compared_by_bytes(&self) -> bool {
        self.collation.as_deref().is_none_or(|collation| {
            let collation = collation.to_ascii_lowercase();
            collation == "binary" || collation.ends_with("_bin") || collation.ends_with("_bin2")
        })
    }
}

impl Shape {
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name.eq_ignore_ascii_case(name))
    }

    /// The key that makes rows unique.
    pub fn key(&self, names: &Names) -> Key {
        let unique = |wanted: &[&str]| {
            self.indexes.iter().any(|index| {
                index.unique
                    && !index.prefix
                    && index.columns.len() == wanted.len()
                    && wanted.iter().all(|w| index.columns.iter().any(|c| c.eq_ignore_ascii_case(w)))
            })
        };
        if unique(&[&names.id]) {
            Key::Id
        } else if unique(&[&names.id, &names.app]) {
            Key::IdAndApp
        } else {
            Key::None
        }
    }

    /// Tells whether pages may be read in the order of id and application: the primary key's, so
    /// that nothing is sorted. A key of the id alone orders by the id alone.
    pub fn app_in_key(&self, names: &Names) -> bool {
        self.key(names) != Key::Id
    }

    /// Tells whether rows are found by their id through the primary key.
    pub fn id_leads_primary(&self, names: &Names) -> bool {
        let leads = |index: &Index| index.columns.first().is_some_and(|c| c.eq_ignore_ascii_case(&names.id));
        self.indexes.iter().any(|index| index.primary && !index.prefix && leads(index))
    }

    /// Tells whether the index on the application, by the name that the published table gives it, has the
    /// rows of each in the order of their ids: InnoDB appends the primary key to every other one.
    pub fn app_in_id_order(&self, names: &Names) -> bool {
        let alone = |index: &Index| {
            index.visible
                && !index.prefix
                && matches!(&index.columns[..], [one] if one.eq_ignore_ascii_case(&names.app))
        };
        self.id_leads_primary(names)
            && self.indexes.iter().any(|index| index.name.eq_ignore_ascii_case("kapp_name") && alone(index))
    }

    /// Tells whether an index begins with these columns, in this order.
    pub fn has_index(&self, columns: &[impl AsRef<str>]) -> bool {
        self.indexes.iter().any(|index| {
            !index.prefix
                && index.columns.len() >= columns.len()
                && columns.iter().zip(&index.columns).all(|(wanted, c)| c.eq_ignore_ascii_case(wanted.as_ref()))
        })
    }

    /// Tells whether `expire` can find what is expired by an index of the recommended profile.
    pub fn has_expiry_index(&self, names: &Names, dialect: &Dialect) -> bool {
        let columns = names.of_tokens(dialect.expiry_index);
        // An expires_at that somebody fills in by hand says nothing.
        let generated =
            |name: &&str| **name != names.expires_at || self.column(name).is_some_and(|c| c.generated.is_some());
        // Rows without an application would not be found by it.
        let named = self.column(&names.app).is_some_and(|c| !c.nullable);
        named && columns.iter().all(|name| generated(&name.as_str())) && self.has_index(&columns)
    }

    /// What keeps sessions from being read from this table.
    pub fn unreadable(&self, names: &Names, dialect: &Dialect) -> Vec<String> {
        let missing = names.columns().into_iter().filter(|(_, name)| self.column(name).is_none());
        let missing = missing.map(|(_, name)| format!("the column `{name}` is missing"));
        missing.chain(self.mistyped(names, dialect).into_iter().map(|(_, fault)| fault)).collect()
    }

    /// Columns whose types cannot hold what Tomcat writes, each with what is wrong.
    pub fn mistyped<'a>(&self, names: &'a Names, dialect: &Dialect) -> Vec<(&'a str, String)> {
        let wanted = [
            (&names.id, Wanted::Text),
            (&names.app, Wanted::Text),
            (&names.valid, Wanted::Any),
            (&names.max_inactive, Wanted::Int { bits: 32 }),
            (&names.last_access, Wanted::Int { bits: 64 }),
            (&names.data, Wanted::Blob),
        ];
        let fault = |name: &str, wanted: &Wanted| wanted.fault(self.column(name)?, dialect);
        wanted.iter().filter_map(|(name, wanted)| Some((name.as_str(), fault(name, wanted)?))).collect()
    }

    /// What keeps sessions from being deleted from or inserted into this table by key.
    pub fn unwritable(&self, names: &Names) -> Vec<String> {
        if self.kind != "BASE TABLE" {
            return vec![format!("it is a {}, not a table", self.kind.to_lowercase())];
        }
        if self.key(names) == Key::None {
            return vec![format!("it has neither a primary key nor a unique key of `{}`", names.id)];
        }
        Vec::new()
    }
}

enum Wanted {
    Text,
    Int { bits: u32 },
    Blob,
    Any,
}

impl Wanted {
    fn fault(&self, column: &Column, dialect: &Dialect) -> Option<String> {
        let class = (dialect.class)(&column.data_type);
        let needs = match (self, class) {
            (Wanted::Any, _) | (Wanted::Text, ColumnClass::Text | ColumnClass::Binary { .. }) => return None,
            (Wanted::Int { bits }, ColumnClass::Int { bits: has }) if has >= *bits => return None,
            (Wanted::Blob, ColumnClass::Binary { .. }) => return None,
            (Wanted::Text, _) => "but must have a text type for ids and names",
            (Wanted::Int { bits: 64 }, _) => "but must have a 64-bit integer type for epoch milliseconds",
            (Wanted::Int { .. }, _) => "but must have an integer type for seconds",
            (Wanted::Blob, _) => "but must have a binary type",
        };
        Some(format!("the column `{}` is {}, {needs}", column.name, column.declared))
    }
}
