//! Checks both stores before a move: the rules of `store::check` about the target, applied with the sessions of the
//! source, and rules that involve both stores.

use crate::finding::{Finding, Remedy, Severity};
use crate::store::check::{Clocks, Facts, evaluate};

/// The rules about the target that matter for sessions to be written there.
const RULES: &[&str] = &[
    "capacity.column",
    "capacity.packet",
    "collation.case",
    "collation.nondeterministic",
    "collation.padding",
    "schema.key-without-app",
    "schema.too-short",
    "schema.unsigned",
    "server.sql-mode",
    "storage.in-row",
];
/// Clock difference between the servers from which a note is printed, in milliseconds.
const SKEW: u64 = 5_000;

/// Checks whether the sessions of `from` can be moved to `to`, which contains `held` sessions. With an error, the
/// move cannot start.
pub fn preflight(from: &Facts, to: &Facts, held: u64) -> Vec<Finding> {
    let wanted = Facts { rows: from.rows.clone(), ..to.clone() };
    let mut findings: Vec<Finding> = evaluate(&wanted)
        .into_iter()
        .filter(|f| RULES.contains(&f.rule) || f.severity == Severity::Error && !f.rule.starts_with("rows."))
        .collect();
    let nameless = from.rows.known().map_or(0, |rows| rows.without_app);
    if nameless > 0 && to.shape.column(&to.names.app).is_some_and(|column| !column.nullable) {
        findings.push(Finding {
            file: None,
            line: None,
            rule: "move.no-app",
            severity: Severity::Warning,
            object: to.names.app.clone(),
            message: format!(
                "{nameless} of the source's sessions have no application, and the target's column does not allow NULL"
            ),
            remedy: Remedy::action("leave them: the copy skips and lists them, and Tomcat never finds them"),
        });
    }
    if held > 0 {
        findings.push(Finding {
            file: None,
            line: None,
            rule: "move.not-empty",
            severity: Severity::Note,
            object: to.names.table.clone(),
            message: format!("the target has {held} sessions; of two with the same key, the one that was accessed later is kept"),
            remedy: Remedy::action(
                "if this run continues an earlier one, leave them; otherwise, empty the target with `tomcat-sessions delete --app '*' --app NULL --all` and the target's --url",
            ),
        });
    }
    let server = |facts: &Facts| facts.clocks.known().map(|Clocks { here, server }| server.0.saturating_sub(here.0));
    if let (Some(first), Some(second)) = (server(from), server(to))
        && first.abs_diff(second) > SKEW
    {
        findings.push(Finding {
            file: None,
            line: None,
            rule: "move.clocks",
            severity: Severity::Note,
            object: "clock".to_owned(),
            message: format!("the clocks of the two servers differ by {} s", first.abs_diff(second) / 1000),
            remedy: Remedy::action(
                "correct them; last_access comes from Tomcat's clock, but `expire` also uses the server's",
            ),
        });
    }
    findings
}
