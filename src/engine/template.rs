//! Converts a text from `sql/`, with names and parameters, to a statement with its parameters in order. No other code
//! passes these texts to a driver.
//!
//! The language of the files: `:name` is a parameter; a line that ends with `-- if name` is kept if that parameter is
//! set, and dropped otherwise; lines that only contain a comment are explanations; a quoted identifier with one of
//! the default names is replaced. Everything else is SQL.

use std::collections::BTreeMap;

use super::{DbError, Dialect, Names, Value};

/// A statement for the driver.
#[derive(Debug, Clone, PartialEq)]
pub struct Sql {
    pub text: String,
    pub params: Vec<Value>,
    /// The file from which it was made.
    pub(super) source: Option<Template>,
    /// Whether values are part of the text.
    pub(super) has_literals: bool,
}

impl Sql {
    /// A complete statement without parameters.
    pub fn plain(text: impl Into<String>) -> Sql {
        Sql { text: text.into(), params: Vec::new(), source: None, has_literals: false }
    }

    /// Approximate size of its values, in bytes.
    pub(super) fn size(&self) -> usize {
        self.params.iter().map(Value::size).sum()
    }
}

/// The parameters of one call, by name.
#[derive(Debug, Default, Clone)]
pub struct Bind(BTreeMap<&'static str, Param>);

#[derive(Debug, Clone)]
enum Param {
    One(Value),
    List(Vec<Value>),
    Rows(Vec<Vec<Value>>),
    Placeholder(&'static str),
}

impl Bind {
    pub fn new() -> Bind {
        Bind::default()
    }

    /// Sets a value.
    pub fn set(mut self, name: &'static str, value: impl Into<Value>) -> Bind {
        self.0.insert(name, Param::One(value.into()));
        self
    }

    /// Sets a value if there is one; otherwise leaves the parameter unset.
    pub fn set_if(self, name: &'static str, value: Option<impl Into<Value>>) -> Bind {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// Sets a condition for `-- if` that is not a parameter.
    pub fn flag(self, name: &'static str, on: bool) -> Bind {
        self.set_if(name, on.then_some(1))
    }

    /// Leaves a placeholder for the reader of a script, written without quotes.
    pub fn placeholder(mut self, name: &'static str, text: &'static str) -> Bind {
        self.0.insert(name, Param::Placeholder(text));
        self
    }

    /// Sets a list, written `a, b, c`. An empty list becomes `NULL`, which equals nothing.
    pub fn list(mut self, name: &'static str, values: impl IntoIterator<Item = impl Into<Value>>) -> Bind {
        self.0.insert(name, Param::List(values.into_iter().map(Into::into).collect()));
        self
    }

    /// Sets a list if there is one.
    pub fn list_if<V: Into<Value>>(self, name: &'static str, values: Option<impl IntoIterator<Item = V>>) -> Bind {
        match values {
            Some(values) => self.list(name, values),
            None => self,
        }
    }

    /// Sets the keys of rows of one application, for each way in which engines look them up; `primary` is true if the
    /// primary key finds them.
    pub fn keys<'a>(self, app: Option<&str>, ids: impl IntoIterator<Item = &'a str>, primary: bool) -> Bind {
        let ids: Vec<&str> = ids.into_iter().collect();
        // Text that is not ASCII is compared differently, without an index seek on some servers.
        let seek = primary && !ids.is_empty() && ids.iter().all(|id| id.is_ascii());
        let rows = ids.iter().map(|id| vec![Value::from(*id)]).collect();
        self.set("app", app).rows("id_rows", rows).list("ids", ids).flag("primary", primary).flag("seek", seek)
    }

    /// Sets rows, written `(a, b), (c, d)`.
    pub fn rows(mut self, name: &'static str, rows: Vec<Vec<Value>>) -> Bind {
        self.0.insert(name, Param::Rows(rows));
        self
    }
}

/// The text of one file of `sql/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template(pub &'static str);

impl Template {
    /// Tells whether the file contains a statement; otherwise its comments explain why the engine needs none.
    pub fn is_statement(self) -> bool {
        self.0.lines().any(|line| !line.trim_start().starts_with("--") && !line.trim().is_empty())
    }

    /// The comment at the beginning of the file, without the dashes.
    pub fn comment(self) -> impl Iterator<Item = &'static str> {
        self.0.lines().map_while(|line| line.strip_prefix("--")).map(|line| line.strip_prefix(' ').unwrap_or(line))
    }

    /// The comment at the beginning of the file, with the quoted names of the statement.
    ///
    /// # Errors
    /// If a quoted name is not terminated.
    pub fn comment_with(self, names: &Names, dialect: &Dialect) -> Result<Vec<String>, DbError> {
        let quote = dialect.quote;
        let line = |line: &str| {
            let mut text = String::new();
            let mut rest = line;
            while let Some((before, found)) = rest.split_once(quote.open) {
                text.push_str(before);
                let Some((token, after)) = found.split_once(quote.close) else {
                    return Err(DbError::other(format!("a quoted name does not end in `{line}`")));
                };
                text.push_str(&names.written(token, dialect));
                rest = after;
            }
            Ok(text + rest)
        };
        self.comment().map(line).collect()
    }

    /// Fills in names, and parameters as placeholders.
    ///
    /// # Errors
    /// If the text contains a parameter that `bind` does not have, which is a bug.
    pub fn render(self, names: &Names, dialect: &Dialect, bind: &Bind) -> Result<Sql, DbError> {
        self.fill(names, dialect, bind, None)
    }

    /// Fills in names, and parameters as literals: for statements that cannot be prepared, and
    /// for scripts that people read.
    ///
    /// # Errors
    /// As [`Template::render`].
    pub fn render_script(self, names: &Names, dialect: &Dialect, bind: &Bind) -> Result<Sql, DbError> {
        self.fill(names, dialect, bind, Some(|dialect, text| (dialect.literal)(text)))
    }

    /// As [`Template::render_script`], for texts chosen by others: the literals mean the same in every client,
    /// whatever its character set and `sql_mode`.
    ///
    /// # Errors
    /// As [`Template::render`].
    pub fn render_data(self, names: &Names, dialect: &Dialect, bind: &Bind) -> Result<Sql, DbError> {
        self.fill(names, dialect, bind, Some(data_literal))
    }

    fn fill(
        self,
        names: &Names,
        dialect: &Dialect,
        bind: &Bind,
        literal: Option<fn(&Dialect, &str) -> String>,
    ) -> Result<Sql, DbError> {
        let sql = Sql {
            source: Some(self),
            has_literals: literal.is_some(),
            ..Sql::plain(String::with_capacity(self.0.len()))
        };
        let mut out = Writer { sql, dialect, literal };
        let mut first = true;
        for line in self.0.lines().filter(|line| !line.trim_start().starts_with("--")) {
            let line = match line.rsplit_once(" -- if ") {
                Some((line, condition)) if bind.0.contains_key(condition.trim()) => line,
                Some(_) => continue,
                None => line,
            };
            if !first {
                out.sql.text.push('\n');
            }
            first = false;
            out.line(line, names, bind)?;
        }
        Ok(out.sql)
    }
}

struct Writer<'a> {
    sql: Sql,
    dialect: &'a Dialect,
    /// How texts are written, if parameters become literals.
    literal: Option<fn(&Dialect, &str) -> String>,
}

impl Writer<'_> {
    fn line(&mut self, line: &str, names: &Names, bind: &Bind) -> Result<(), DbError> {
        let quote = self.dialect.quote;
        let mut rest = line;
        while let Some(at) = rest.find(['\'', ':', quote.open]) {
            let (before, found) = rest.split_at(at);
            self.sql.text.push_str(before);
            // All three are one byte long.
            let after = &found[1..];
            rest = if found.starts_with('\'') {
                let end = after.find('\'').map_or(found.len(), |i| i + 2);
                self.sql.text.push_str(&found[..end]);
                &found[end..]
            } else if found.starts_with(quote.open) {
                let Some(end) = after.find(quote.close) else {
                    return Err(DbError::other(format!("a quoted name does not end in `{line}`")));
                };
                let token = &after[..end];
                self.sql.text.push_str(&names.written(token, self.dialect));
                &after[end + 1..]
            } else {
                let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
                self.param(&after[..end], bind)?;
                &after[end..]
            };
        }
        self.sql.text.push_str(rest);
        Ok(())
    }

    fn param(&mut self, name: &str, bind: &Bind) -> Result<(), DbError> {
        match bind.0.get(name) {
            None => return Err(DbError::other(format!("a statement's parameter :{name} was not given"))),
            Some(Param::One(value)) => self.value(value),
            Some(Param::Placeholder(text)) => self.sql.text.push_str(text),
            Some(Param::List(values)) if values.is_empty() => self.sql.text.push_str("NULL"),
            Some(Param::List(values)) => self.values(values),
            Some(Param::Rows(rows)) => {
                for (i, row) in rows.iter().enumerate() {
                    self.sql.text.push_str(if i == 0 { "(" } else { ", (" });
                    self.values(row);
                    self.sql.text.push(')');
                }
            }
        }
        Ok(())
    }

    fn values(&mut self, values: &[Value]) {
        for (i, value) in values.iter().enumerate() {
            if i > 0 {
                self.sql.text.push_str(", ");
            }
            self.value(value);
        }
    }

    fn value(&mut self, value: &Value) {
        let text = match (value, self.literal) {
            // NULL has no type, and a parameter needs one.
            (Value::Null, _) => "NULL".to_owned(),
            (Value::Int(n), Some(_)) => n.to_string(),
            (Value::Text(text), Some(literal)) => literal(self.dialect, text),
            (Value::Bytes(bytes), Some(_)) => (self.dialect.blob_literal)(&hex(bytes)),
            (_, None) => {
                self.sql.params.push(value.clone());
                (self.dialect.placeholder)(self.sql.params.len(), value)
            }
        };
        self.sql.text.push_str(&text);
    }
}

/// Unchanged if every client reads it in the same way. A backslash may be an escape character, `$(` begins a variable
/// of sqlcmd, a line may be a command of a client, and the bytes of other characters depend on the client's character
/// set.
fn data_literal(dialect: &Dialect, text: &str) -> String {
    let plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'\\') && !text.contains("$(");
    if plain { (dialect.literal)(text) } else { (dialect.coded_literal)(text) }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from(b"0123456789ABCDEF"[usize::from(n)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::super::by_name;
    use super::*;

    fn dialect() -> &'static Dialect {
        by_name("mysql").unwrap().dialect()
    }

    const FILE: Template = Template(
        "-- Does it.\n-- Why: it's needed.\nSELECT `session_id`, 'a :b `c`' FROM `tomcat_sessions`\nWHERE `app_name` = :app -- if app\n  AND `session_id` IN (:ids)\nLIMIT :limit\n",
    );

    #[test]
    fn names_parameters_and_conditions() {
        let names = Names { table: "my`table".to_owned(), ..Names::default() };
        let bind = Bind::new().set("app", "x").list("ids", ["1", "2"]).set("limit", 3);
        let sql = FILE.render(&names, dialect(), &bind).unwrap();
        assert_eq!(
            sql.text,
            "SELECT `session_id`, 'a :b `c`' FROM `my``table`\nWHERE `app_name` = ?\n  AND `session_id` IN (?, ?)\nLIMIT ?"
        );
        assert_eq!(sql.params, ["x".into(), "1".into(), "2".into(), Value::Int(3)]);
    }

    #[test]
    fn a_condition_that_is_not_set_drops_its_line() {
        let bind = Bind::new().list("ids", Vec::<String>::new()).set("limit", 3);
        let sql = FILE.render(&Names::default(), dialect(), &bind).unwrap();
        assert!(!sql.text.contains("app_name"), "{}", sql.text);
        assert!(sql.text.contains("IN (NULL)"), "{}", sql.text);
    }

    #[test]
    fn a_missing_parameter_is_an_error() {
        let error = FILE.render(&Names::default(), dialect(), &Bind::new()).unwrap_err();
        assert!(error.to_string().contains(":ids"), "{error}");
    }

    #[test]
    fn literals_in_scripts_are_quoted() {
        let sql = Template("VALUES :rows")
            .render_script(
                &Names::default(),
                dialect(),
                &Bind::new().rows("rows", vec![vec!["o'h\\".into(), Value::Bytes(vec![1u8, 255].into())]]),
            )
            .unwrap();
        assert_eq!(sql.text, "VALUES ('o''h\\\\', X'01FF')");
    }

    #[test]
    fn data_in_scripts_is_the_same_to_every_client() {
        for (engine, text, literal) in [
            ("mysql", "it's plain", "'it''s plain'"),
            ("mysql", "a\\b", "_utf8mb4 X'615C62'"),
            ("mariadb", "\u{e9}", "_utf8mb4 X'C3A9'"),
            ("sqlite", "a\nb", "CAST(X'610A62' AS TEXT)"),
            ("mssql", "\nGO\n", "CAST(0x0A0047004F000A00 AS NVARCHAR(4000))"),
            ("mssql", "$(x)", "CAST(0x2400280078002900 AS NVARCHAR(4000))"),
        ] {
            let bind = Bind::new().set("app", text);
            let dialect = by_name(engine).unwrap().dialect();
            assert_eq!(Template(":app").render_data(&Names::default(), dialect, &bind).unwrap().text, literal);
        }
    }

    #[test]
    fn the_head_of_a_file_is_its_comment() {
        assert_eq!(FILE.comment().collect::<Vec<_>>(), ["Does it.", "Why: it's needed."]);
        assert!(FILE.is_statement());
        assert!(!Template("-- Nothing.\n").is_statement());
    }
}
