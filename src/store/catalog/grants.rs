//! Parses the lines of SHOW GRANTS into the privileges of an account. Pure.
//!
//! The lines are not kept: those of MariaDB contain the hash of the password.

use crate::engine::Names;

/// The privileges that Tomcat's Store needs (`DataSourceStore`: keys, load, save, remove, clear).
pub const NEEDED: [&str; 3] = ["SELECT", "INSERT", "DELETE"];

/// The privileges of an account that administers the server.
const ADMINISTRATORS: [&str; 3] = ["ALL PRIVILEGES", "SUPER", "CREATE USER"];

/// The privileges of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants {
    pub grants: Vec<Grant>,
    /// Whether the account also has roles, whose privileges are not included.
    pub roles: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub privileges: Vec<Privilege>,
    pub scope: Scope,
    /// Whether the account may grant them to others.
    pub grant_option: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Privilege {
    pub name: String,
    /// The columns to which the privilege is limited; empty for the whole table.
    pub columns: Vec<String>,
}

/// Scope of a privilege.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    Server,
    /// A LIKE pattern.
    Database(String),
    Table(String, String),
}

impl Grants {
    /// Parses the lines of SHOW GRANTS; those about other objects than the server, a database or a table (routines,
    /// proxies) are omitted.
    pub fn parse<'a>(lines: impl IntoIterator<Item = &'a str>) -> Grants {
        let mut grants = Grants::default();
        for line in lines {
            let Some(rest) = line.strip_prefix("GRANT ") else { continue };
            match cut(rest, " ON ") {
                Some((privileges, rest)) => grants.grants.extend(grant(privileges, rest)),
                None => grants.roles = true,
            }
        }
        grants
    }

    /// Adds a privilege on the `server`, the `database` or the `table`.
    pub fn add(&mut self, privilege: &str, on: &str, database: Option<&str>, names: &Names) {
        let database = database.unwrap_or_default().to_owned();
        let scope = match on {
            "server" => Scope::Server,
            "database" => Scope::Database(database),
            _ => Scope::Table(database, names.table.clone()),
        };
        let privilege = Privilege { name: privilege.to_owned(), columns: Vec::new() };
        match self.grants.iter_mut().find(|grant| grant.scope == scope) {
            Some(grant) => grant.privileges.push(privilege),
            None => self.grants.push(Grant { privileges: vec![privilege], scope, grant_option: false }),
        }
    }

    /// Tells whether the account administers the server.
    pub fn is_administrator(&self) -> bool {
        self.grants.iter().filter(|grant| grant.scope == Scope::Server).any(|grant| {
            grant.grant_option || grant.privileges.iter().any(|p| ADMINISTRATORS.contains(&p.name.as_str()))
        })
    }

    /// The privileges that Tomcat needs and the account lacks on the table.
    pub fn missing(&self, database: &str, names: &Names) -> Vec<&'static str> {
        let held: Vec<&Privilege> = self.about(database, names).flat_map(|grant| &grant.privileges).collect();
        let whole = |p: &Privilege| {
            p.columns.is_empty()
                || names.columns().iter().all(|(_, name)| p.columns.iter().any(|c| c.eq_ignore_ascii_case(name)))
        };
        let holds = |wanted: &str| held.iter().any(|p| (p.name == wanted || p.name == "ALL PRIVILEGES") && whole(p));
        NEEDED.into_iter().filter(|wanted| !holds(wanted)).collect()
    }

    /// The privileges on the table that Tomcat does not need, each with its scope.
    pub fn excess(&self, database: &str, names: &Names) -> Vec<String> {
        let mut excess = Vec::new();
        for grant in self.about(database, names) {
            let everywhere = grant.scope == Scope::Server;
            let needless = |p: &&Privilege| everywhere || !NEEDED.contains(&p.name.as_str());
            let mut names: Vec<&str> = grant.privileges.iter().filter(needless).map(|p| p.name.as_str()).collect();
            if grant.grant_option {
                names.push("GRANT OPTION");
            }
            if names.is_empty() {
                continue;
            }
            let more = if names.len() > 6 { format!(" and {} more", names.len() - 6) } else { String::new() };
            names.truncate(6);
            excess.push(format!("{}{more} on {}", names.join(", "), grant.scope));
        }
        excess
    }

    fn about<'a>(&'a self, database: &'a str, names: &'a Names) -> impl Iterator<Item = &'a Grant> {
        self.grants.iter().filter(move |grant| match &grant.scope {
            Scope::Server => true,
            Scope::Database(pattern) => like(pattern, database),
            Scope::Table(of, table) => of == database && *table == names.table,
        })
    }
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Scope::Server => f.write_str("the whole server"),
            Scope::Database(pattern) => write!(f, "all tables of `{pattern}`"),
            Scope::Table(_, table) => write!(f, "`{table}`"),
        }
    }
}

fn grant(privileges: &str, rest: &str) -> Option<Grant> {
    let (on, to) = cut(rest, " TO ")?;
    let (database, table) = cut(on, ".")?;
    let scope = match (database, table) {
        ("*", "*") => Scope::Server,
        (database, "*") => Scope::Database(unquoted(database)?),
        (database, table) => Scope::Table(unquoted(database)?, unquoted(table)?),
    };
    let privileges =
        pieces(privileges).into_iter().map(privilege).filter(|p| p.name != "USAGE" && p.name != "PROXY").collect();
    Some(Grant { privileges, scope, grant_option: to.ends_with(" WITH GRANT OPTION") })
}

fn privilege(text: &str) -> Privilege {
    let (name, columns) = match cut(text, "(") {
        Some((name, columns)) => (name, pieces(columns.trim_end_matches(')'))),
        None => (text, Vec::new()),
    };
    Privilege { name: name.trim().to_uppercase(), columns: columns.into_iter().filter_map(unquoted).collect() }
}

/// A quoted name without its quotes; with ANSI_QUOTES the server prints double quotes.
fn unquoted(name: &str) -> Option<String> {
    let quote = name.chars().next().filter(|c| matches!(c, '`' | '"'))?;
    let inner = name.strip_prefix(quote)?.strip_suffix(quote)?;
    Some(inner.replace(&format!("{quote}{quote}"), &quote.to_string()))
}

/// Splits at the first `mark` outside of quotes and parentheses.
fn cut<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let at = outside(text).find(|&i| text[i..].starts_with(mark))?;
    Some((&text[..at], &text[at + mark.len()..]))
}

/// Splits at the commas outside of quotes and parentheses.
fn pieces(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((part, after)) = cut(rest, ",") {
        parts.push(part.trim());
        rest = after;
    }
    parts.push(rest.trim());
    parts
}

/// Offsets of the characters outside of quotes and parentheses.
fn outside(text: &str) -> impl Iterator<Item = usize> {
    let (mut quote, mut depth) = (None, 0u32);
    text.char_indices().filter_map(move |(i, c)| {
        let was_outside = quote.is_none() && depth == 0;
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '`' | '"' | '\'') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
        was_outside.then_some(i)
    })
}

/// Tells whether `text` matches a LIKE pattern, in which a backslash escapes a wildcard.
fn like(pattern: &str, text: &str) -> bool {
    let mut rest = pattern.chars();
    match rest.next() {
        None => text.is_empty(),
        Some('%') => {
            let ends = text.char_indices().map(|(i, _)| i).chain([text.len()]);
            ends.into_iter().any(|i| like(rest.as_str(), &text[i..]))
        }
        Some(c) => {
            let wanted = if c == '\\' { rest.next().unwrap_or(c) } else { c };
            let mut chars = text.chars();
            chars.next().is_some_and(|t| t == wanted || c == '_') && like(rest.as_str(), chars.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> Grants {
        Grants::parse(lines.iter().copied())
    }

    fn missing(lines: &[&str]) -> Vec<&'static str> {
        read(lines).missing("tomcat", &Names::default())
    }

    fn excess(lines: &[&str]) -> Vec<String> {
        read(lines).excess("tomcat", &Names::default())
    }

    const USAGE: &str =
        "GRANT USAGE ON *.* TO `t`@`%` IDENTIFIED BY PASSWORD '*B69027D44F6E5EDC07F1AEAD1477967B16F28227'";

    #[test]
    fn minimal_grants_are_recognised() {
        let lines = [USAGE, "GRANT SELECT, INSERT, DELETE ON `tomcat`.`tomcat_sessions` TO `t`@`%`"];
        assert_eq!(missing(&lines), [""; 0]);
        assert_eq!(excess(&lines), [""; 0]);
        assert!(!read(&lines).is_administrator());
    }

    #[test]
    fn missing_privileges_are_found() {
        assert_eq!(missing(&[USAGE]), NEEDED);
        assert_eq!(missing(&["GRANT SELECT ON `tomcat`.* TO `t`@`%`"]), ["INSERT", "DELETE"]);
        assert_eq!(missing(&["GRANT ALL PRIVILEGES ON `other`.* TO `t`@`%`"]), NEEDED);
        assert_eq!(missing(&["GRANT ALL PRIVILEGES ON `tomcat`.`other` TO `t`@`%`"]), NEEDED);
        let some = "GRANT SELECT (`app_name`, `session_id`), INSERT, DELETE ON `tomcat`.`tomcat_sessions` TO `t`@`%`";
        assert_eq!(missing(&[some]), ["SELECT"]);
        let all = "GRANT SELECT (`session_id`, `app_name`, `valid_session`, `max_inactive`, `last_access`, `session_data`), INSERT, DELETE ON `tomcat`.`tomcat_sessions` TO `t`@`%`";
        assert_eq!(missing(&[all]), [""; 0]);
    }

    #[test]
    fn excess_privileges_are_found() {
        assert_eq!(
            excess(&["GRANT ALL PRIVILEGES ON `tomcat`.* TO `t`@`%` WITH GRANT OPTION"]),
            ["ALL PRIVILEGES, GRANT OPTION on all tables of `tomcat`"]
        );
        assert_eq!(
            excess(&["GRANT SELECT, UPDATE, DROP ON `tomcat`.`tomcat_sessions` TO `t`@`%`"]),
            ["UPDATE, DROP on `tomcat_sessions`"]
        );
        assert_eq!(excess(&["GRANT SELECT ON *.* TO `t`@`%`"]), ["SELECT on the whole server"]);
        assert_eq!(
            excess(&["GRANT A,B,C,D,E,F,G,H ON *.* TO `t`@`%`"]),
            ["A, B, C, D, E, F and 2 more on the whole server"]
        );
    }

    #[test]
    fn administrators() {
        for line in [
            "GRANT ALL PRIVILEGES ON *.* TO `root`@`%` IDENTIFIED BY PASSWORD '*38' WITH GRANT OPTION",
            "GRANT SELECT, SUPER ON *.* TO `root`@`%`",
            "GRANT USAGE ON *.* TO `root`@`%` WITH GRANT OPTION",
        ] {
            assert!(read(&[line]).is_administrator(), "{line}");
        }
        assert!(!read(&["GRANT ALL PRIVILEGES ON `tomcat`.* TO `t`@`%` WITH GRANT OPTION"]).is_administrator());
    }

    #[test]
    fn lines_that_grant_nothing_are_skipped() {
        let grants =
            read(&["GRANT `r`@`%` TO `t`@`%`", "GRANT PROXY ON ``@`%` TO `t`@`%`", "SET DEFAULT ROLE `r`", ""]);
        assert_eq!(grants, Grants { grants: Vec::new(), roles: true });
        assert_eq!(read(&["GRANT EXECUTE ON PROCEDURE `a`.`b` TO `t`@`%`"]).grants, []);
    }

    #[test]
    fn names_that_look_like_syntax() {
        let grants = read(&["GRANT SELECT ON `a ON ``b`.`c TO .d` TO `x TO y`@`%`"]);
        assert_eq!(grants.grants[0].scope, Scope::Table("a ON `b".to_owned(), "c TO .d".to_owned()));
        assert_eq!(read(&["GRANT SELECT ON \"a\".* TO \"x\"@\"%\""]).grants[0].scope, Scope::Database("a".to_owned()));
    }

    #[test]
    fn databases_are_patterns() {
        for (pattern, database, expected) in [
            ("tomcat", "tomcat", true),
            ("tom%", "tomcat", true),
            ("%", "", true),
            ("tom_at", "tomcat", true),
            ("tom\\_at", "tomcat", false),
            ("tom\\_at", "tom_at", true),
            ("%é%", "café!", true),
            ("tom", "tomcat", false),
        ] {
            assert_eq!(like(pattern, database), expected, "{pattern} {database}");
        }
    }
}
