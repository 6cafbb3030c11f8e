//! The name of a table as users and Tomcat write it: `sessions`, `shop.sessions`, `` `shop`.`sessions` ``,
//! `[dbo].[sessions]`. Tomcat copies the name from its configuration into its SQL, so dots separate and quotes are
//! quotes.

use crate::engine::{DbError, DbErrorKind, Dialect, Names};

/// The parts of a table name, without quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableName {
    /// If the engine has such a qualifier.
    pub database: Option<String>,
    pub schema: Option<String>,
    pub table: String,
}

impl TableName {
    /// Splits a name as the server does.
    ///
    /// # Errors
    /// If it has more parts than the engine allows, or an empty part.
    pub fn parse(text: &str, dialect: &Dialect) -> Result<TableName, DbError> {
        let invalid = |message: String| DbError::new(DbErrorKind::TableName, "", message).with_hints(dialect);
        let mut parts = parts(text, dialect);
        let table = parts.pop().unwrap_or_default();
        let (database, schema) = match (dialect.qualifiers, parts.as_mut_slice()) {
            (_, []) => (None, None),
            (["database"], [database]) => (Some(std::mem::take(database)), None),
            (["schema"], [schema]) => (None, Some(std::mem::take(schema))),
            (["database", "schema"], [schema]) => (None, Some(std::mem::take(schema))),
            (["database", "schema"], [database, schema]) => {
                (Some(std::mem::take(database)), Some(std::mem::take(schema)))
            }
            // Of the databases of an SQLite connection, the first one.
            ([], [main]) if main.eq_ignore_ascii_case("main") => (None, None),
            _ => {
                let form: Vec<&str> = dialect.qualifiers.iter().copied().chain(["table"]).collect();
                return Err(invalid(format!(
                    "the table name has {} parts; the longest form in this database is {}",
                    parts.len() + 1,
                    form.join(".").to_uppercase()
                )));
            }
        };
        // In `shop..sessions`, the schema is the default schema of the login.
        let schema = schema.filter(|schema| !schema.is_empty());
        if database.as_ref().is_some_and(String::is_empty) {
            return Err(invalid("the table name begins with a dot".to_owned()));
        }
        Ok(TableName { database, schema, table })
    }
}

/// Splits at the dots, and removes the quotes of quoted parts. Quotes that do not enclose a whole part belong to it.
fn parts(text: &str, dialect: &Dialect) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let (part, behind) = enclosed(rest, dialect).unwrap_or_else(|| {
            let end = rest.find('.').unwrap_or(rest.len());
            ((dialect.fold)(&rest[..end]), &rest[end..])
        });
        parts.push(part);
        match behind.strip_prefix('.') {
            Some(next) => rest = next,
            None => return parts,
        }
    }
}

/// A quoted part, and what follows it: nothing or a dot.
fn enclosed<'a>(text: &'a str, dialect: &Dialect) -> Option<(String, &'a str)> {
    let (open, close) = *dialect.name_quotes.iter().find(|(open, _)| text.starts_with(*open))?;
    let mut part = String::new();
    let mut rest = &text[open.len_utf8()..];
    loop {
        let (before, after) = rest.split_once(close)?;
        part.push_str(before);
        match after.strip_prefix(close) {
            Some(after) => {
                part.push(close);
                rest = after;
            }
            None if after.is_empty() || after.starts_with('.') => return Some((part, after)),
            None => return None,
        }
    }
}

/// The name of a column without enclosing quotes; an unquoted name is folded as the server does.
pub(in crate::store) fn column(text: &str, dialect: &Dialect) -> String {
    match enclosed(text, dialect) {
        Some((name, "")) => name,
        _ => (dialect.fold)(text),
    }
}

impl Names {
    /// The name of the table as written in SQL and in Tomcat's configuration: with its schema, and quoted if
    /// necessary.
    pub fn table_text(&self, dialect: &Dialect) -> String {
        let parts = self.schema.iter().chain([&self.table]);
        parts.map(|part| name_text(part, dialect)).collect::<Vec<_>>().join(".")
    }
}

/// A name as written in SQL: quoted, unless it is a plain word that the server does not change.
pub fn name_text(name: &str, dialect: &Dialect) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$');
    let is_word = name.chars().all(plain) && !name.starts_with(|c: char| c.is_ascii_digit());
    if is_word && (dialect.fold)(name) == name { name.to_owned() } else { dialect.quote.quote(name) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::by_name;

    fn parsed(engine: &str, text: &str) -> Option<(Option<String>, Option<String>, String)> {
        let name = TableName::parse(text, by_name(engine).unwrap().dialect()).ok()?;
        Some((name.database, name.schema, name.table))
    }

    #[test]
    fn names_are_split_as_the_server_does() {
        let owned = |part: &str| (!part.is_empty()).then(|| part.to_owned());
        for (engine, text, database, schema, table) in [
            ("mysql", "tomcat$sessions", "", "", "tomcat$sessions"),
            ("mysql", "shop.sessions", "shop", "", "sessions"),
            ("mariadb", "`shop`.`sess``ions`", "shop", "", "sess`ions"),
            ("mysql", "`shop.sessions`", "", "", "shop.sessions"),
            ("mysql", "my `odd` table; --", "", "", "my `odd` table; --"),
            ("mssql", "dbo.sessions", "", "dbo", "sessions"),
            ("mssql", "[dbo].[sess]]ions]", "", "dbo", "sess]ions"),
            ("mssql", "\"dbo\".sessions", "", "dbo", "sessions"),
            ("mssql", "shop.dbo.sessions", "shop", "dbo", "sessions"),
            ("mssql", "shop..sessions", "shop", "", "sessions"),
            ("postgres", "Tomcat$Sessions", "", "", "tomcat$sessions"),
            ("postgres", "Shop.\"Sess.ions\"", "", "shop", "Sess.ions"),
            ("sqlite", "main.sessions", "", "", "sessions"),
            ("sqlite", "\"a.b\"", "", "", "a.b"),
        ] {
            assert_eq!(parsed(engine, text), Some((owned(database), owned(schema), table.to_owned())), "{text}");
        }
        for (engine, text) in [("mysql", "a.b.c"), ("mysql", ".t"), ("mssql", "a.b.c.d"), ("sqlite", "other.t")] {
            assert_eq!(parsed(engine, text), None, "{text}");
        }
    }

    #[test]
    fn table_names_round_trip() {
        for (engine, schema, table, text) in [
            ("mysql", None, "tomcat$sessions", "tomcat$sessions"),
            ("mysql", None, "a.b", "`a.b`"),
            ("mssql", Some("dbo"), "sessions", "dbo.sessions"),
            ("mssql", Some("my schema"), "a]b", "[my schema].[a]]b]"),
            ("postgres", Some("shop"), "Sessions", "shop.\"Sessions\""),
        ] {
            let dialect = by_name(engine).unwrap().dialect();
            let names = Names { table: table.to_owned(), schema: schema.map(str::to_owned), ..Names::default() };
            assert_eq!(names.table_text(dialect), text);
            let again = TableName::parse(text, dialect).unwrap();
            assert_eq!((again.schema.as_deref(), again.table.as_str()), (schema, table), "{text}");
        }
        assert_eq!(column("`id`", by_name("mysql").unwrap().dialect()), "id");
        assert_eq!(column("a`b", by_name("mysql").unwrap().dialect()), "a`b");
    }
}
