//! Findings as SARIF 2.1.0 (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/>), which code hosts and editors show in
//! the files.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::catalina::lint::rule;
use crate::finding::{Finding, Remedy};
use crate::store::check;

/// Characters that need no escaping in the path of a URI.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~');

pub(super) fn document(findings: &[Finding]) -> String {
    let mut ids: Vec<&str> = findings.iter().map(|finding| finding.rule).collect();
    ids.sort_unstable();
    ids.dedup();
    let rules: Vec<Value> = ids.iter().filter_map(|id| described(id)).collect();
    let results: Vec<Value> = findings.iter().map(result).collect();
    let driver = json!({ "name": "tomcat-sessions", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules });
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{ "tool": { "driver": driver }, "results": results }],
    });
    format!("{document:#}\n")
}

/// The description of a rule about configurations or about tables.
fn described(id: &str) -> Option<Value> {
    let (why, source) =
        rule(id).map(|rule| (rule.why, rule.source)).or_else(|| check::rule(id).map(|rule| (rule.why, rule.source)))?;
    Some(json!({ "id": id, "fullDescription": { "text": why }, "help": { "text": format!("Source: {source}") } }))
}

fn result(finding: &Finding) -> Value {
    let (Remedy::Sql(remedy) | Remedy::Config(remedy) | Remedy::Action(remedy)) = &finding.remedy;
    // A result needs a location: a version that was given stands for the configuration of that Tomcat.
    let file = finding.file.as_deref().unwrap_or("conf/server.xml");
    let mut location = json!({ "artifactLocation": { "uri": utf8_percent_encode(file, PATH).to_string() } });
    if let Some(line) = finding.line {
        location["region"] = json!({ "startLine": line });
    }
    json!({
        "ruleId": finding.rule,
        "level": finding.severity.as_str(),
        "message": { "text": format!("{}\nRemedy: {remedy}", finding.message) },
        "locations": [{ "physicalLocation": location }],
    })
}
