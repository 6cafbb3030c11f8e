//! Findings of an inspection: the violated rule, the severity, and the remedy.
//!
//! Pure, and independent of the inspection. The rules are in `store::check` and `catalina::lint`.

use serde::Serialize;

/// Severity of a finding, the lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// For information.
    Note,
    /// It works, but sessions can be lost, exposed or slow.
    Warning,
    /// It does not work.
    Error,
}

impl Severity {
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// Remedy for a problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "text", rename_all = "lowercase")]
pub enum Remedy {
    /// Statements to paste into a client, each with its terminator.
    Sql(String),
    /// Text to paste into a configuration file.
    Config(String),
    /// An instruction.
    Action(String),
}

impl Remedy {
    pub fn action(text: impl Into<String>) -> Remedy {
        Remedy::Action(text.into())
    }

    pub fn config(text: impl Into<String>) -> Remedy {
        Remedy::Config(text.into())
    }
}

/// A rule about facts of one kind: its id, its check, and its reason.
pub struct Rule<F: 'static> {
    pub id: &'static str,
    pub evaluate: fn(&F) -> Vec<Violation>,
    pub why: &'static str,
    /// Source of the reason.
    pub source: &'static str,
}

/// A finding without its rule.
pub struct Violation {
    severity: Severity,
    object: String,
    message: String,
    remedy: Remedy,
    file: Option<String>,
    line: Option<u32>,
}

impl Violation {
    pub fn new(severity: Severity, object: &str, message: impl Into<String>, remedy: Remedy) -> Violation {
        Violation { severity, object: object.to_owned(), message: message.into(), remedy, file: None, line: None }
    }

    /// Sets its position in a file.
    pub fn at(self, file: impl Into<String>, line: u32) -> Violation {
        Violation { line: Some(line), ..self.in_file(file) }
    }

    /// Sets its file, which has no lines.
    pub fn in_file(self, file: impl Into<String>) -> Violation {
        Violation { file: Some(file.into()), ..self }
    }
}

/// The findings of these facts, in the order of the rules.
pub fn evaluate<F>(rules: &[Rule<F>], facts: &F) -> Vec<Finding> {
    let finding = |rule: &'static str, fault: Violation| {
        let Violation { severity, object, message, remedy, file, line } = fault;
        Finding { rule, severity, object, file, line, message, remedy }
    };
    rules.iter().flat_map(|rule| (rule.evaluate)(facts).into_iter().map(|fault| finding(rule.id, fault))).collect()
}

/// A violated rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Id of the rule, such as `schema.primary-key`.
    pub rule: &'static str,
    pub severity: Severity,
    /// The column, index, account or other object concerned.
    pub object: String,
    /// For a configuration: the file, and the line counted from one; a jar has no lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    pub message: String,
    pub remedy: Remedy,
}

/// The findings sorted by severity, the highest first; those of the same severity stay in order.
pub fn by_severity(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

/// The highest severity; `None` without findings.
pub fn worst(findings: &[Finding]) -> Option<Severity> {
    findings.iter().map(|finding| finding.severity).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(severity: Severity, object: &str) -> Finding {
        Finding {
            rule: "a.rule",
            severity,
            object: object.to_owned(),
            file: None,
            line: None,
            message: String::new(),
            remedy: Remedy::action("do it"),
        }
    }

    #[test]
    fn findings_are_sorted_by_severity_and_stable() {
        let found = [(Severity::Note, "1"), (Severity::Warning, "2"), (Severity::Error, "3"), (Severity::Warning, "4")];
        let sorted = by_severity(found.map(|(severity, object)| finding(severity, object)).to_vec());
        assert_eq!(sorted.iter().map(|f| f.object.as_str()).collect::<Vec<_>>(), ["3", "2", "4", "1"]);
        assert_eq!(worst(&sorted), Some(Severity::Error));
        assert_eq!(worst(&sorted[1..]), Some(Severity::Warning));
        assert_eq!(worst(&[]), None);
    }

    #[test]
    fn a_remedy_has_its_kind() {
        let json = serde_json::to_value(Remedy::Sql("X;".to_owned())).unwrap();
        assert_eq!(json, serde_json::json!({ "kind": "sql", "text": "X;" }));
    }
}
