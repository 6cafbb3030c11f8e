//! Names of the table, its columns and indexes, and their quotes.

use super::{DbError, DbErrorKind, Dialect};

/// Quote characters of an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    pub open: char,
    /// Doubled inside a name.
    pub close: char,
}

impl Quote {
    /// `name` in quotes.
    pub fn quote(self, name: &str) -> String {
        let doubled = name.replace(self.close, &format!("{0}{0}", self.close));
        format!("{}{doubled}{}", self.open, self.close)
    }
}

/// The names that a store uses instead of the default names in `sql/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    pub database: String,
    /// Tomcat's account.
    pub account: String,
    /// The schema of both tables, if it is not the account's default schema.
    pub schema: Option<String>,
    pub table: String,
    /// The table for swapped-out sessions, in the same database.
    pub swapped: String,
    /// The lease table, for the live table and the swap table.
    pub lease: String,
    pub id: String,
    pub app: String,
    pub valid: String,
    pub max_inactive: String,
    pub last_access: String,
    pub data: String,
    /// The generated column of the recommended table.
    pub expires_at: String,
}

impl Default for Names {
    /// The names of the published table.
    fn default() -> Names {
        Names::of([
            "tomcat_sessions",
            "session_id",
            "app_name",
            "valid_session",
            "max_inactive",
            "last_access",
            "session_data",
        ])
    }
}

impl Names {
    /// The default names of Tomcat's Store (`DataSourceStore.sessionTable` and the related fields).
    pub fn tomcat_defaults() -> Names {
        Names::of(["tomcat$sessions", "id", "app", "valid", "maxinactive", "lastaccess", "data"])
    }

    fn of([table, id, app, valid, max_inactive, last_access, data]: [&str; 7]) -> Names {
        Names {
            database: "tomcat".to_owned(),
            account: "tomcat".to_owned(),
            schema: None,
            table: table.to_owned(),
            swapped: format!("{table}_swapped"),
            lease: format!("{table}_lease"),
            id: id.to_owned(),
            app: app.to_owned(),
            valid: valid.to_owned(),
            max_inactive: max_inactive.to_owned(),
            last_access: last_access.to_owned(),
            data: data.to_owned(),
            expires_at: "expires_at".to_owned(),
        }
    }

    /// The six columns that Tomcat writes, with their names in `--columns`.
    pub fn columns(&self) -> [(&'static str, &str); 6] {
        [
            ("id", &self.id),
            ("app", &self.app),
            ("valid", &self.valid),
            ("max-inactive", &self.max_inactive),
            ("last-access", &self.last_access),
            ("data", &self.data),
        ]
    }

    /// The names with the two tables exchanged.
    pub fn with_tables_exchanged(&self) -> Names {
        Names { table: self.swapped.clone(), swapped: self.table.clone(), ..self.clone() }
    }

    /// The names of the columns with these default names.
    pub fn of_tokens(&self, tokens: &[&str]) -> Vec<String> {
        let own = |token: &str| match token {
            "app_name" => &self.app,
            "last_access" => &self.last_access,
            "max_inactive" => &self.max_inactive,
            "expires_at" => &self.expires_at,
            _ => &self.id,
        };
        tokens.iter().map(|token| own(token).clone()).collect()
    }

    /// The name for the default name `token`; `None` if it is not one of the default names.
    fn replacement(&self, token: &str, dialect: &Dialect) -> Option<String> {
        Some(match token {
            "tomcat" => self.database.clone(),
            "tomcat_account" => self.account.clone(),
            "tomcat_schema" => self.schema.clone().unwrap_or_else(|| "public".to_owned()),
            "session_id" => self.id.clone(),
            "app_name" => self.app.clone(),
            "valid_session" => self.valid.clone(),
            "max_inactive" => self.max_inactive.clone(),
            "last_access" => self.last_access.clone(),
            "session_data" => self.data.clone(),
            "expires_at" => self.expires_at.clone(),
            "kapp_name" | "kexpires_at" => self.index(token, dialect),
            _ => return None,
        })
    }

    /// The name of the index that has the default name `token`. If it would be too long with the name of the table, the
    /// end of the table's name is replaced by a hash: a server that truncates names would give two indexes the same one.
    pub fn index(&self, token: &str, dialect: &Dialect) -> String {
        if !dialect.indexes_share_names {
            return token.to_owned();
        }
        let whole = format!("{}_{token}", self.table);
        if (dialect.name_length)(&whole) <= dialect.max_name {
            return whole;
        }
        let end = format!("_{:08x}_{token}", fnv1a(self.table.as_bytes()) & 0xffff_ffff);
        let mut start = self.table.clone();
        while (dialect.name_length)(&start) + end.len() > dialect.max_name {
            start.pop();
        }
        start + &end
    }

    /// The name of a table in queries of the catalogue: quoted and with its schema, if the engine has schemas.
    pub fn catalogue_name(&self, table: &str, dialect: &Dialect) -> String {
        if dialect.qualifiers.contains(&"schema") { self.qualified(table, dialect) } else { table.to_owned() }
    }

    /// A quoted table, with its schema if it has one.
    fn qualified(&self, table: &str, dialect: &Dialect) -> String {
        let schema = self.schema.as_ref().map(|schema| format!("{}.", dialect.quote.quote(schema)));
        format!("{}{}", schema.unwrap_or_default(), dialect.quote.quote(table))
    }

    /// The quoted text that replaces the default name `token` in a statement.
    pub(super) fn written(&self, token: &str, dialect: &Dialect) -> String {
        match token {
            "tomcat_sessions" => self.qualified(&self.table, dialect),
            "tomcat_sessions_swapped" => self.qualified(&self.swapped, dialect),
            "tomcat_sessions_lease" => self.qualified(&self.lease, dialect),
            token => dialect.quote.quote(self.replacement(token, dialect).as_deref().unwrap_or(token)),
        }
    }

    /// Checks that all names are valid for the engine.
    ///
    /// # Errors
    /// If a name is empty, too long, or contains characters that cannot be quoted.
    pub fn check(&self, dialect: &Dialect) -> Result<(), DbError> {
        let schema = self.schema.iter().map(|schema| ("schema", schema.as_str()));
        let places = [("database", self.database.as_str()), ("table", &self.table)].into_iter().chain(schema);
        let all = places.chain(self.columns());
        for (what, name) in all {
            let length = (dialect.name_length)(name);
            let fault = if name.is_empty() {
                "is empty".to_owned()
            } else if name.chars().any(char::is_control) {
                "contains a control character".to_owned()
            } else if length > dialect.max_name {
                format!("has {length} {}; the maximum of this engine is {}", unit(name, length), dialect.max_name)
            } else if name.ends_with(' ') {
                "ends with a space".to_owned()
            } else {
                continue;
            };
            let start: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
            let of_table = matches!(what, "database" | "schema" | "table");
            let kind = if of_table { DbErrorKind::TableName } else { DbErrorKind::ColumnName };
            return Err(DbError::new(kind, "", format!("the {what} name `{start}` {fault}")).with_hints(dialect));
        }
        let columns = self.columns().into_iter().chain([("expires-at", self.expires_at.as_str())]);
        let columns: Vec<_> = columns.map(|(what, name)| (what, name.to_lowercase())).collect();
        for (i, (what, name)) in columns.iter().enumerate() {
            if let Some((other, _)) = columns[..i].iter().find(|(_, earlier)| earlier == name) {
                let message = format!("the columns {other} and {what} have the same name `{name}`");
                return Err(DbError::new(DbErrorKind::ColumnName, "", message));
            }
        }
        Ok(())
    }
}

/// The unit in which the length of a name was measured.
fn unit(name: &str, length: usize) -> &'static str {
    if length == name.chars().count() { "characters" } else { "bytes" }
}

/// FNV-1a. Its values must be the same in every build: two runs must use the same lock, and find the same index.
pub fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &b| (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}
