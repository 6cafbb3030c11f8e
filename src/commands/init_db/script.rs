//! The script as a DBA gets it.

use crate::store::provision::{Object, Step};
use crate::store::{Dialect, Sql};

/// Tells whether a statement has characters that another character set or `sql_mode` would change. A backslash
/// in a quoted name stands for itself everywhere.
fn depends_on_client(statement: &str) -> bool {
    !statement.is_ascii() || statement.split('`').step_by(2).any(|outside| outside.contains('\\'))
}

/// The script: each statement after the reasons for it; at the end, what a guard has stopped is let go on.
pub(super) fn text(steps: &[Step], head: &str, mut guard: Option<(Vec<String>, Sql)>, dialect: &Dialect) -> String {
    let (mut text, guarded) = (String::new(), guard.is_some());
    // Else only where a literal or a name could mean other things to other clients.
    if guarded || steps.iter().any(|step| depends_on_client(&step.sql.text)) {
        text.push_str(head);
    }
    let mut write = |comment: &[String], sql: &str| {
        for line in comment {
            text.push_str(format!("-- {line}").trim_end());
            text.push('\n');
        }
        text.push_str(&format!("{sql}{}\n\n", dialect.terminator));
    };
    for step in steps {
        if step.object == Object::Table
            && let Some((comment, sql)) = guard.take()
        {
            write(&comment, &sql.text);
        }
        if step.object.holds_password() {
            write(&step.comment, &(dialect.without_variables)(&step.sql.text));
        } else {
            write(&step.comment, &step.sql.text);
        }
    }
    if guarded {
        let statements = head.lines().filter(|line| !line.starts_with("--"));
        statements.for_each(|line| text.push_str(&format!("{line}\n")));
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}
