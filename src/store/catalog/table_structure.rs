//! Structure of a table, and whether it can store sessions. Pure: the catalogue is read elsewhere.

use crate::engine::{ColumnClass, Dialect, Names};

/// A table as described by the catalogue.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// `BASE TABLE`, or the kind of other object.
    pub kind: String,
    /// The storage engine, if the server has several.
    pub engine: Option<String>,
    pub row_format: Option<String>,
    /// Number of rows, estimated by the server.
    pub rows: Option<i64>,
    /// Bytes of data and indexes, estimated by the server.
    pub bytes: Option<i64>,
    pub columns: Vec<Column>,
    pub indexes: Vec<Index>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    /// The type in lower case, without its length (`varchar`).
    pub data_type: String,
    /// The declared type (`varchar(100)`).
    pub declared: String,
    /// Length limit of the type: characters of text, or bytes of a blob.
    pub length: Option<i64>,
    pub nullable: bool,
    pub collation: Option<String>,
    /// Expression of a generated column.
    pub generated: Option<String>,
    /// Whether the column has a default value other than NULL.
    pub has_default: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    pub name: String,
    pub primary: bool,
    pub unique: bool,
    /// Columns in the order of the index.
    pub columns: Vec<String>,
    /// Whether only a prefix of a column is indexed.
    pub prefix: bool,
    /// Whether the server may use the index.
    pub visible: bool,
}

/// The key that makes rows unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// `session_id`: the key of the published table, in which two contexts cannot have the same id.
    Id,
    /// `session_id` and `app_name`.
    IdAndApp,
    /// There is no such key.
    None,
}

impl Column {
    /// Tells whether two texts in the column are equal only if their bytes are equal. Such a collation is recognized
    /// by its suffix; a column without a collation is compared by bytes.
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

    /// The unique key of the table.
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

    /// Tells whether pages can be read in the order of id and application without sorting: if that is the order of
    /// the primary key. A key on the id alone only sorts by id.
    pub fn app_in_key(&self, names: &Names) -> bool {
        self.key(names) != Key::Id
    }

    /// Tells whether the primary key finds rows by id.
    pub fn id_leads_primary(&self, names: &Names) -> bool {
        let leads = |index: &Index| index.columns.first().is_some_and(|c| c.eq_ignore_ascii_case(&names.id));
        self.indexes.iter().any(|index| index.primary && !index.prefix && leads(index))
    }

    /// Tells whether the index on the application, identified by its published name, returns the rows of an
    /// application in the order of their ids: InnoDB appends the primary key to every other index.
    pub fn app_in_id_order(&self, names: &Names) -> bool {
        let alone = |index: &Index| {
            index.visible
                && !index.prefix
                && matches!(&index.columns[..], [one] if one.eq_ignore_ascii_case(&names.app))
        };
        self.id_leads_primary(names)
            && self.indexes.iter().any(|index| index.name.eq_ignore_ascii_case("kapp_name") && alone(index))
    }

    /// Tells whether an index begins with these columns in this order.
    pub fn has_index(&self, columns: &[impl AsRef<str>]) -> bool {
        self.indexes.iter().any(|index| {
            !index.prefix
                && index.columns.len() >= columns.len()
                && columns.iter().zip(&index.columns).all(|(wanted, c)| c.eq_ignore_ascii_case(wanted.as_ref()))
        })
    }

    /// Tells whether `expire` can find expired sessions with an index of the recommended table.
    pub fn has_expiry_index(&self, names: &Names, dialect: &Dialect) -> bool {
        let columns = names.of_tokens(dialect.expiry_index);
        // A column expires_at that is not generated says nothing.
        let generated =
            |name: &&str| **name != names.expires_at || self.column(name).is_some_and(|c| c.generated.is_some());
        // The index would not find rows without an application.
        let named = self.column(&names.app).is_some_and(|c| !c.nullable);
        named && columns.iter().all(|name| generated(&name.as_str())) && self.has_index(&columns)
    }

    /// Reasons why sessions cannot be read from this table.
    pub fn unreadable(&self, names: &Names, dialect: &Dialect) -> Vec<String> {
        let missing = names.columns().into_iter().filter(|(_, name)| self.column(name).is_none());
        let missing = missing.map(|(_, name)| format!("the column `{name}` is missing"));
        missing.chain(self.columns_of_wrong_type(names, dialect).into_iter().map(|(_, fault)| fault)).collect()
    }

    /// Columns whose types cannot store what Tomcat writes, each with the reason.
    pub fn columns_of_wrong_type<'a>(&self, names: &'a Names, dialect: &Dialect) -> Vec<(&'a str, String)> {
        let wanted = [
            (&names.id, RequiredType::Text),
            (&names.app, RequiredType::Text),
            (&names.valid, RequiredType::Any),
            (&names.max_inactive, RequiredType::Int { bits: 32 }),
            (&names.last_access, RequiredType::Int { bits: 64 }),
            (&names.data, RequiredType::Blob),
        ];
        let fault = |name: &str, wanted: &RequiredType| wanted.fault(self.column(name)?, dialect);
        wanted.iter().filter_map(|(name, wanted)| Some((name.as_str(), fault(name, wanted)?))).collect()
    }

    /// Reasons why sessions cannot be deleted or inserted by key.
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

enum RequiredType {
    Text,
    Int { bits: u32 },
    Blob,
    Any,
}

impl RequiredType {
    fn fault(&self, column: &Column, dialect: &Dialect) -> Option<String> {
        let class = (dialect.class)(&column.data_type);
        let needs = match (self, class) {
            (RequiredType::Any, _) | (RequiredType::Text, ColumnClass::Text | ColumnClass::Binary { .. }) => {
                return None;
            }
            (RequiredType::Int { bits }, ColumnClass::Int { bits: has }) if has >= *bits => return None,
            (RequiredType::Blob, ColumnClass::Binary { .. }) => return None,
            (RequiredType::Text, _) => "but must have a text type for ids and names",
            (RequiredType::Int { bits: 64 }, _) => "but must have a 64-bit integer type for epoch milliseconds",
            (RequiredType::Int { .. }, _) => "but must have an integer type for seconds",
            (RequiredType::Blob, _) => "but must have a binary type",
        };
        Some(format!("the column `{}` is {}, {needs}", column.name, column.declared))
    }
}
