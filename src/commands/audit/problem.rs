//! The problems that the data of a session can have, as findings.

use std::collections::BTreeMap;

use crate::finding::{Finding, Remedy, Severity};
use crate::javaser::gadget;
use crate::ui::plural;

pub const URL: &str = "java.net.URL";

/// A problem in the data of a session. The order is that of the report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum DataProblem {
    Gadget(String),
    Probe,
    Proxy(String, Option<String>),
    Password(String),
    ForeignId,
    Undecodable,
    Trailing,
    Javax(String),
    Unwritten(String),
}

impl DataProblem {
    /// The finding for a problem in `sessions` sessions; `named` are the id prefixes of the first few.
    pub fn finding(&self, sessions: u64, named: &[String]) -> Finding {
        let (rule, severity, object, what, remedy) = match self {
            DataProblem::Gadget(class) => (
                "data.gadget",
                Severity::Error,
                class.as_str(),
                format!("`{class}` is used in deserialization attacks ({})", gadget(class).unwrap_or("known")),
                "find out who wrote these rows before a Tomcat loads them; then `tomcat-sessions delete` them, and set \
                 sessionAttributeValueClassNameFilter",
            ),
            DataProblem::Probe => (
                "data.gadget",
                Severity::Error,
                URL,
                "a map has a URL as its key, and Java looks up the host of that URL when it deserializes the map \
                 (URLDNS): an attacker tests whether the data are deserialized"
                    .to_owned(),
                "find out who wrote these rows, then `tomcat-sessions delete` them",
            ),
            DataProblem::Proxy(name, handler) => (
                "data.proxy",
                Severity::Warning,
                name.as_str(),
                match handler {
                    Some(handler) => format!("a dynamic {name}, which runs its handler, a `{handler}`, at every call"),
                    None => format!("a dynamic {name}, which runs its handler at every call"),
                },
                "look at the handler with `tomcat-sessions show ID --values`, and check whether the application stores it",
            ),
            DataProblem::Password(class) => (
                "data.password",
                Severity::Warning,
                class.as_str(),
                "the data contain the user's Realm password".to_owned(),
                "set persistAuthentication=\"false\", or upgrade to Tomcat 10.1, whose principals contain no password",
            ),
            DataProblem::ForeignId => (
                "data.id-mismatch",
                Severity::Error,
                "session_id",
                "the session id in the data is not the id of the row; Tomcat does not load such a session".to_owned(),
                "the row was copied, renamed or tampered with: `tomcat-sessions list --restorable no` lists such sessions, and \
                 `tomcat-sessions delete --restorable no --all` deletes them",
            ),
            DataProblem::Undecodable => (
                "data.unreadable",
                Severity::Warning,
                "session_data",
                "the data cannot be decoded completely as a session".to_owned(),
                "`tomcat-sessions list --restorable no` lists those that Tomcat cannot load, with the reasons, and `tomcat-sessions list --restorable unknown` those that cannot be judged; restore their rows from a backup, or delete them \
                 with `tomcat-sessions delete --restorable no --all`",
            ),
            DataProblem::Trailing => (
                "data.trailing",
                Severity::Warning,
                "session_data",
                "there are bytes after the end of the session, which Tomcat never writes".to_owned(),
                "look at them with `tomcat-sessions show ID --hex`",
            ),
            DataProblem::Javax(class) => (
                "data.javax",
                Severity::Warning,
                class.as_str(),
                format!("`{class}` does not exist in Tomcat 10 and later"),
                "delete them when you upgrade to Tomcat 10: it answers every request of such a user with 500 until the row is deleted",
            ),
            DataProblem::Unwritten(name) => (
                "data.not-serializable",
                Severity::Note,
                name.as_str(),
                format!(
                    "the attribute `{name}` was not serializable when it was saved; it is missing when Tomcat loads the session"
                ),
                "make its class and everything in it Serializable",
            ),
        };
        let more = if sessions > named.len() as u64 { ", …" } else { "" };
        Finding {
            rule,
            severity,
            object: object.to_owned(),
            file: None,
            line: None,
            message: format!("{what}: {} ({}{more})", plural(sessions, "session"), named.join(", ")),
            remedy: Remedy::action(remedy),
        }
    }
}

/// The finding for different versions of a class in the sessions of one application; `versions` maps each
/// serialVersionUID to its number of sessions.
pub fn versions(class: &str, versions: &BTreeMap<i64, u64>) -> Finding {
    let each: Vec<String> = versions.iter().map(|(uid, n)| format!("{uid} in {}", plural(*n, "session"))).collect();
    Finding {
        rule: "data.class-versions",
        severity: Severity::Warning,
        object: class.to_owned(),
        file: None,
        line: None,
        message: format!("`{class}` has {} serialVersionUIDs: {}", versions.len(), each.join(", ")),
        remedy: Remedy::action(format!(
            "Tomcat loads only sessions with the version that the application has now (`serialver {class}` prints it); \
             `tomcat-sessions delete --class '{class}@UID' --all` deletes those of another"
        )),
    }
}
