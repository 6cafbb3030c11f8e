//! Rules about finding rows: collations, indexes, the generated column with the expiry time.

use super::schema::with_bounded_columns;
use super::{Facts, Rule, Violation};
use crate::engine::{Bind, ColumnClass};
use crate::finding::{Remedy, Severity};

/// Number of rows (estimated by the server) from which a scan per minute by each Tomcat is a burden.
const MANY_ROWS: i64 = 10_000;

pub(super) const CASE: Rule = Rule {
    id: "collation.case",
    evaluate: |facts| {
        let fault = |name: &str, collation: &str, remedy: Remedy| {
            let message =
                format!("the column `{name}` has the collation {collation}, which treats `k` and `K` as equal");
            Violation::new(Severity::Warning, name, message, remedy)
        };
        collated(facts, ignores_case).into_iter().map(|(name, c, remedy)| fault(name, c, remedy)).collect()
    },
    why: "A cookie with the id in lower case finds the row of the session, although the id in the data differs. Since 9.0.122, 10.1.60 and 11.0.26, Tomcat then deletes the row: whoever knows an id can destroy the session. Two applications whose names differ only in case share their sessions.",
    source: "PersistentManagerBase.swapIn and PersistentValve; seen on Tomcat 10.1.60 with MariaDB 10.11 and MySQL 9.7",
};

pub(super) const PADDING: Rule = Rule {
    id: "collation.padding",
    evaluate: |facts| {
        if facts.dialect.ignores_trailing_spaces {
            // There is no other collation to choose.
            return Vec::new();
        }
        let pads = |collation: &str| !ignores_case(collation) && ignores_trailing_spaces(collation);
        let fault = |name: &str, collation: &str, remedy: Remedy| {
            let message =
                format!("the column `{name}` has the collation {collation}, which treats `K ` and `K` as equal");
            Violation::new(Severity::Note, name, message, remedy)
        };
        collated(facts, pads).into_iter().map(|(name, c, remedy)| fault(name, c, remedy)).collect()
    },
    why: "A PAD SPACE collation ignores trailing spaces. An id with a trailing space finds the row, with the same consequence as under a case-insensitive collation. Cookies rarely contain spaces, but ids in the URL path can.",
    source: "MySQL manual, the effect of collation pad attributes; MariaDB manual, NOPAD collations",
};

pub(super) const NONDETERMINISTIC: Rule = Rule {
    id: "collation.nondeterministic",
    evaluate: |facts| {
        let fault = |name: &str, collation: &str, remedy: Remedy| {
            let message =
                format!("the column `{name}` has the collation {collation}, which may treat different texts as equal");
            Violation::new(Severity::Warning, name, message, remedy)
        };
        let is_faulty = |collation: &str| collation.ends_with(NONDETERMINISTIC_COLLATION);
        collated(facts, is_faulty).into_iter().map(|(name, c, remedy)| fault(name, c, remedy)).collect()
    },
    why: "A nondeterministic collation of PostgreSQL can ignore case, accents or punctuation. A cookie with another spelling of the id then finds the row of the session, with the same consequence as under a case-insensitive collation. COLLATE \"C\" compares bytes.",
    source: "PostgreSQL manual, nondeterministic collations",
};

pub(super) const APP: Rule = Rule {
    id: "index.app",
    evaluate: |facts| {
        let app = &facts.names.app;
        if facts.shape.kind != "BASE TABLE" || facts.shape.column(app).is_none() || facts.shape.has_index(&[app]) {
            return Vec::new();
        }
        let message =
            format!("no index starts with `{app}`: each search for an application's sessions reads the whole table");
        let files = with_bounded_columns(facts, &[app], facts.statements.fix_index_app);
        vec![Violation::new(Severity::Warning, app, message, facts.remedy_of(&files, &Bind::new()))]
    },
    why: "Tomcat's statements that search for expired sessions, count sessions, and clear the Store select by application. Without the index on the application, each of these statements reads every row of every application; the search for expired sessions does so once per minute for every Tomcat.",
    source: "org.apache.catalina.session.DataSourceStore, expiredKeys, keys, getSize, clear: WHERE app = ?",
};

pub(super) const EXPIRES_AT: Rule = Rule {
    id: "schema.expires-at",
    evaluate: |facts| {
        let names = &facts.names;
        let Some(column) = facts.shape.column(&names.expires_at).filter(|c| c.generated.is_some()) else {
            return Vec::new();
        };
        let expression = column.generated.as_deref().unwrap_or_default();
        let remedy = || facts.remedy(facts.statements.fix_expires_at, &Bind::new());
        let fault = |severity, message: String| vec![Violation::new(severity, &column.name, message, remedy())];
        if !matches!((facts.dialect.class)(&column.data_type), ColumnClass::Int { bits: 64 }) {
            let message = format!("the generated column `{}` is {}, too small for", column.name, column.declared);
            return fault(Severity::Error, format!("{message} epoch milliseconds: no session can be saved"));
        }
        // Not every catalogue contains the expression.
        if expression == "generated" || is_expiry(expression, &names.last_access, &names.max_inactive) {
            return Vec::new();
        }
        let wanted = format!("{} + {} * 1000", names.last_access, names.max_inactive);
        fault(
            Severity::Warning,
            format!("the generated column `{}` is {expression}, not {wanted}: `expire` misses sessions", column.name),
        )
    },
    why: "`expire` finds its candidates with the generated column expires_at. MySQL uses the index on this column for Tomcat's own query only if the column is defined with exactly the expression in that query. If the type is too small for milliseconds, every INSERT fails.",
    source: "org.apache.catalina.session.DataSourceStore, expiredKeys: lastaccess + maxinactive * 1000 < ?",
};

pub(super) const EXPIRY: Rule = Rule {
    id: "index.expiry",
    evaluate: |facts| {
        let (shape, names) = (&facts.shape, &facts.names);
        let columns = [&names.app, &names.last_access, &names.max_inactive];
        let there = columns.iter().all(|name| shape.column(name).is_some());
        if shape.kind != "BASE TABLE" || !there || shape.has_expiry_index(names, facts.dialect) {
            return Vec::new();
        }
        let column = shape.column(&names.expires_at);
        let remedy = if column.is_some_and(|c| c.generated.is_none()) {
            Remedy::action(format!("rename the column `{}`, which is not a generated column", names.expires_at))
        } else {
            facts.remedy(facts.statements.fix_index_expiry, &Bind::new().flag("column", column.is_none()))
        };
        let rows = shape.rows.unwrap_or(0);
        let size = if rows > 1 { format!(" (about {rows} rows)") } else { String::new() };
        let message = format!(
            "no index on the expiry time: each Tomcat reads all rows of each of its applications once per minute, and `expire` the whole \
             table{size}"
        );
        let severity = if rows >= MANY_ROWS { Severity::Warning } else { Severity::Note };
        vec![Violation::new(severity, &names.table, message, remedy)]
    },
    why: "An index on one of two columns does not help to search by their sum. With a generated column for the sum and an index on it, `expire` reads only expired sessions. MySQL uses that index for Tomcat's unmodified query too. MariaDB 10.11 does not recognize the expression, so Tomcat's query still reads all rows of the application. In PostgreSQL the index is on the expression itself, and serves both queries.",
    source: "DataSourceStore.expiredKeys, once every processExpiresFrequency * backgroundProcessorDelay = 60 s",
};

/// The key columns whose collation `is_faulty`, with the remedy.
fn collated(facts: &Facts, is_faulty: impl Fn(&str) -> bool) -> Vec<(&str, &str, Remedy)> {
    let faulty = |name: &str| {
        let collation = facts.shape.column(name)?.collation.as_deref()?;
        is_faulty(&collation.to_ascii_lowercase()).then_some(collation)
    };
    let (id, app) = (&facts.names.id, &facts.names.app);
    let of_id = faulty(id).map(|collation| (id.as_str(), collation, facts.remedy_id()));
    let of_app = faulty(app).map(|collation| (app.as_str(), collation, facts.remedy_app()));
    of_id.into_iter().chain(of_app).collect()
}

/// How `columns.sql` marks them.
const NONDETERMINISTIC_COLLATION: &str = "(nondeterministic)";

/// `utf8mb4_general_ci`, `utf8mb4_0900_ai_ci`, `SQL_Latin1_General_CP1_CI_AS`; not `…_as_cs`, `…_bin`, `…_BIN2`.
fn ignores_case(collation: &str) -> bool {
    collation.split('_').any(|part| part == "ci")
}

/// MySQL: all collations except UCA 9.0.0 and `binary`; MariaDB: all except NOPAD collations; PostgreSQL: none.
fn ignores_trailing_spaces(collation: &str) -> bool {
    let others = collation == "binary" || collation.ends_with(NONDETERMINISTIC_COLLATION);
    !others && !collation.split('_').any(|part| part == "nopad" || part == "0900")
}

/// Tells whether an expression of the catalogue is `last_access + max_inactive * 1000`, regardless of spaces, quotes
/// and superfluous parentheses.
fn is_expiry(expression: &str, last_access: &str, max_inactive: &str) -> bool {
    let bare = |text: &str| -> String {
        text.chars().filter(|c| !c.is_whitespace() && *c != '`').collect::<String>().to_lowercase()
    };
    let (last, max) = (bare(last_access), bare(max_inactive));
    let mut found = bare(expression);
    if let Some(inner) = found.strip_prefix('(').and_then(|e| e.strip_suffix(')')) {
        found = inner.to_owned();
    }
    let product = [format!("{max}*1000"), format!("({max}*1000)"), format!("1000*{max}"), format!("(1000*{max})")];
    product.iter().any(|product| found == format!("{last}+{product}") || found == format!("{product}+{last}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collations() {
        for (name, case, blanks) in [
            ("utf8mb4_0900_ai_ci", true, false),
            ("utf8mb4_general_ci", true, true),
            ("utf8mb4_uca1400_ai_ci", true, true),
            ("utf8mb4_uca1400_nopad_as_cs", false, false),
            ("utf8mb4_nopad_bin", false, false),
            ("utf8mb4_0900_bin", false, false),
            ("utf8mb4_bin", false, true),
            ("latin1_general_cs", false, true),
            ("binary", false, false),
        ] {
            assert_eq!((ignores_case(name), ignores_trailing_spaces(name)), (case, blanks), "{name}");
        }
    }

    #[test]
    fn expressions() {
        for (text, same) in [
            ("(`last_access` + (`max_inactive` * 1000))", true),
            ("`last_access` + `max_inactive` * 1000", true),
            ("(`max_inactive` * 1000) + `last_access`", true),
            ("(`last_access` + `max_inactive`) * 1000", false),
            ("`last_access` + `max_inactive` * 60", false),
            ("`last_access`", false),
        ] {
            assert_eq!(is_expiry(text, "last_access", "max_inactive"), same, "{text}");
        }
        assert!(is_expiry("`l a` + `M` * 1000", "l a", "m"));
    }
}
