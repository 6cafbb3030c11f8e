//! Statements in the log of a run: with the name of their file, and without values.

use super::{DbError, DbErrorKind, Sql, Statements};
use crate::request_log::{Request, RequestLog};

/// Records the start of a statement.
pub(super) fn begin(log: &RequestLog, statements: &Statements, sql: &Sql) -> Request {
    if !log.is_on() {
        return log.begin("", || None);
    }
    log.begin(name(statements, sql), || Some(text(sql)))
}

/// The rows of a statement as they arrive; it ends when the stream is dropped.
pub(super) struct Rows {
    request: Option<Request>,
    rows: u64,
}

impl Rows {
    pub(super) fn begin(log: &RequestLog, statements: &Statements, sql: &Sql) -> Rows {
        Rows { request: Some(begin(log, statements, sql)), rows: 0 }
    }

    pub(super) fn add<T>(&mut self, row: &Result<T, DbError>) {
        match row {
            Ok(_) => self.rows += 1,
            Err(error) => {
                if let Some(request) = self.request.take() {
                    request.failed(reason(error.kind));
                }
            }
        }
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        if let Some(request) = self.request.take() {
            request.answered(self.rows);
        }
    }
}

/// The file that contains the statement.
fn name(statements: &Statements, sql: &Sql) -> &'static str {
    let Some(source) = sql.source else { return "other" };
    statements.all().into_iter().find(|(_, template)| *template == source).map_or("other", |(name, _)| name)
}

/// Records the end of a statement.
pub(super) fn end<T>(request: Request, answer: &Result<T, DbError>, rows: impl FnOnce(&T) -> u64) {
    match answer {
        Ok(answer) => request.answered(rows(answer)),
        Err(error) => request.failed(reason(error.kind)),
    }
}

/// A short reason why a statement failed.
fn reason(kind: DbErrorKind) -> &'static str {
    match kind {
        DbErrorKind::Retryable => "deadlock or lock wait",
        DbErrorKind::Broken | DbErrorKind::Unreachable | DbErrorKind::Timeout => "connection lost",
        DbErrorKind::BatchTooLarge => "transaction too large",
        DbErrorKind::TooLarge => "value too large",
        DbErrorKind::Duplicate => "duplicate key",
        DbErrorKind::NoPlan => "no plan for the hints",
        DbErrorKind::ReadOnly => "read-only",
        DbErrorKind::Denied => "denied",
        DbErrorKind::NoTable | DbErrorKind::NoColumn | DbErrorKind::NoDatabase => "not found",
        DbErrorKind::Stopped(_) => "interrupted",
        _ => "error",
    }
}

/// The statement with placeholders. A statement with literal values is shown as in its file.
fn text(sql: &Sql) -> String {
    let written_out = sql.source.filter(|_| sql.has_literals);
    let text = match written_out {
        Some(template) => {
            let lines = template.0.lines().filter(|line| !line.trim_start().starts_with("--"));
            lines.map(|line| line.split_once(" -- if ").map_or(line, |(line, _)| line)).collect::<Vec<_>>().join(" ")
        }
        None => shortened(&sql.text),
    };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match sql.params.len() {
        0 => text,
        1 => format!("{text} (1 parameter)"),
        number => format!("{text} ({number} parameters)"),
    }
}

/// The text with `?, …, ?` instead of a long list of placeholders.
fn shortened(text: &str) -> String {
    let is_placeholder = |part: &str| {
        let number = part.trim_start_matches(['(', '?', '$', '@', 'P']).trim_end_matches(')');
        part.contains(['?', '$', '@'])
            && (number.bytes().all(|byte| byte.is_ascii_digit()) || part.starts_with("CAST(@P"))
    };
    let parts: Vec<&str> = text.split(", ").collect();
    let mut kept: Vec<&str> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let within =
            at > 0 && is_placeholder(part) && parts.get(at + 1).is_some_and(|next| next.contains(['?', '$', '@']));
        if within && kept.last() == Some(&"…") {
            continue;
        }
        kept.push(if within { "…" } else { part });
    }
    kept.join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::{Bind, Names, Template, by_name};
    use super::*;

    #[test]
    fn the_logged_sql_contains_no_values() {
        let dialect = by_name("mysql").unwrap().dialect();
        let file = Template(
            "-- Reads it.\nSELECT `session_id` FROM `tomcat_sessions`\nWHERE `session_id` IN (:ids)\n  AND `app_name` = :app -- if app\n",
        );
        let bind = Bind::new().list("ids", ["S3CRET1", "S3CRET2", "S3CRET3", "S3CRET4"]).set("app", "S3CRET5");
        let prepared = file.render(&Names::default(), dialect, &bind).unwrap();
        assert_eq!(
            text(&prepared),
            "SELECT `session_id` FROM `tomcat_sessions` WHERE `session_id` IN (?, …, ?) AND `app_name` = ? (5 parameters)"
        );
        let written = file.render_script(&Names::default(), dialect, &bind).unwrap();
        assert!(written.text.contains("S3CRET1"));
        assert_eq!(
            text(&written),
            "SELECT `session_id` FROM `tomcat_sessions` WHERE `session_id` IN (:ids) AND `app_name` = :app"
        );
        assert_eq!(name(by_name("mysql").unwrap().statements(), &prepared), "other");
    }
}
