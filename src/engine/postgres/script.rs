//! The two commands of psql's that files of `sql/postgres/` hold, since PostgreSQL has no statement for them:
//! `\connect` goes to another database, `\gexec` runs what a query has written.

/// What a text asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Script<'a> {
    /// A connection to that database, and then the rest.
    Connect {
        database: String,
        rest: &'a str,
    },
    /// The texts in the rows of that query, each as a statement.
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
    fn commands_are_told_apart() {
        let connect = Script::Connect { database: "a\"b".to_owned(), rest: "SET x = 1" };
        assert_eq!(Script::of("\\connect \"a\"\"b\"\nSET x = 1"), connect);
        assert_eq!(Script::of("SELECT 'x'\n\\gexec \\\\"), Script::RunResults("SELECT 'x'\n"));
        assert_eq!(Script::of("SELECT 1"), Script::Plain("SELECT 1"));
    }
}
