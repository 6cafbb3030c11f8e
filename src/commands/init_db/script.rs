//! The text of the script.

use crate::store::provision::{Object, Step};
use crate::store::{Dialect, Sql};

/// Tells whether a statement has characters that another character set or `sql_mode` would change. In a quoted name, a
/// backslash always stands for itself.
fn depends_on_client(statement: &str) -> bool {
    !statement.is_ascii() || statement.split('`').step_by(2).any(|outside| outside.contains('\\'))
}

/// The script: each statement with its comment and, at the end, the statements that resume execution after a guard.
pub(super) fn text(steps: &[Step], head: &str, mut guard: Option<(Vec<String>, Sql)>, dialect: &Dialect) -> String {
    let (mut text, guarded) = (String::new(), guard.is_some());
    // Without a guard, the head is needed only if a literal or a name depends on the client.
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
