//! The psql commands that files in `sql/postgres/` contain, because PostgreSQL has no statements for them: `\connect`
//! connects to another database, `\gexec` executes the result of a query.

/// A text to execute.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Script<'a> {
    /// Connects to a database, and executes the rest there.
    Connect {
        database: String,
        rest: &'a str,
    },
    /// Executes each text in the result of this query as a statement.
    RunResults(&'a str),
    Plain(&'a str),
}

impl Script<'_> {
    pub(super) fn of(text: &str) -> Script<'_> {
        if let Some(line) = text.strip_prefix("\\connect ") {
            let (name, rest) = line.split_once('\n').unwrap_or((line, ""));
            let name = name.trim();
            let inner = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
            return Script::Connect { database: inner.replace("\"\"", "\""), rest };
        }
        match text.trim_end().strip_suffix("\\gexec \\\\") {
            Some(query) => Script::RunResults(query),
            None => Script::Plain(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_psql_are_recognized() {
        let connect = Script::Connect { database: "a\"b".to_owned(), rest: "SET x = 1" };
        assert_eq!(Script::of("\\connect \"a\"\"b\"\nSET x = 1"), connect);
        assert_eq!(Script::of("SELECT 'x'\n\\gexec \\\\"), Script::RunResults("SELECT 'x'\n"));
        assert_eq!(Script::of("SELECT 1"), Script::Plain("SELECT 1"));
    }
}
