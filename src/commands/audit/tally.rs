//! What the sessions hold, added up: classes, and what should not be there.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, Remedy, Severity};
use crate::javaser::{ClassId, Decoded, Limits, Tree, Value, decode, gadget};
use crate::session::Session;
use crate::ui::plural;

/// Different classes that are kept: a table that was tampered with could name any number.
const CLASSES: usize = 20_000;
/// Sessions that a finding names.
const NAMED: usize = 5;

/// Packages of Tomcat up to 9, whose classes are called otherwise since 10.
const JAVAX: [&str; 3] = ["javax.servlet.", "javax.el.", "javax.websocket."];

/// What is wrong, in the order in which it is told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    Gadget(String),
    Proxy(String, Option<String>),
    Password(String),
    ForeignId,
    Undecodable,
    Trailing,
    Javax(String),
    Unwritten(String),
}

/// How often something was met.
#[derive(Debug, Default)]
struct Met {
    sessions: u64,
    /// The beginnings of the first few ids.
    named: Vec<String>,
}

#[derive(Debug, Default)]
pub struct ClassTally {
    pub sessions: u64,
    pub apps: BTreeSet<String>,
}

#[derive(Debug, Default)]
pub struct Tally {
    pub sessions: u64,
    pub classes: BTreeMap<String, ClassTally>,
    /// Classes of attributes as they are in Tomcat's memory: it holds its filter against them when it
    /// saves, and against the classes in the data when it loads.
    saved: BTreeSet<String>,
    /// There were more classes than are kept.
    pub cut: bool,
    faults: BTreeMap<Fault, Met>,
}

impl Tally {
    /// Adds a session.
    pub fn add(&mut self, session: &Session) {
        self.sessions += 1;
        let mut faults = BTreeSet::new();
        match decode(session.data.as_deref().unwrap_or_default(), Limits::default()) {
            Err(_) => drop(faults.insert(Fault::Undecodable)),
            Ok(decoded) => {
                let app = session.meta.key.app.as_deref().unwrap_or("NULL");
                self.classes_of(&decoded.tree, app);
                self.classes_saved(&decoded);
                judge(&decoded, &session.meta.key.id, &mut faults);
            }
        }
        for fault in faults {
            if self.faults.len() >= CLASSES && !self.faults.contains_key(&fault) {
                self.cut = true;
                continue;
            }
            let met = self.faults.entry(fault).or_default();
            met.sessions += 1;
            if met.named.len() < NAMED {
                met.named.push(session.meta.key.redacted());
            }
        }
    }

    /// Adds what another tally has, of sessions that come behind these.
    pub fn merge(&mut self, other: Tally) {
        self.sessions += other.sessions;
        self.cut |= other.cut;
        for (name, theirs) in other.classes {
            if self.classes.len() >= CLASSES && !self.classes.contains_key(&name) {
                self.cut = true;
                continue;
            }
            let class = self.classes.entry(name).or_default();
            class.sessions += theirs.sessions;
            class.apps.extend(theirs.apps);
        }
        self.saved.extend(other.saved.into_iter().take(CLASSES - self.saved.len().min(CLASSES)));
        for (fault, theirs) in other.faults {
            if self.faults.len() >= CLASSES && !self.faults.contains_key(&fault) {
                self.cut = true;
                continue;
            }
            let met = self.faults.entry(fault).or_default();
            met.sessions += theirs.sessions;
            let room = NAMED - met.named.len();
            met.named.extend(theirs.named.into_iter().take(room));
        }
    }

    fn classes_of(&mut self, tree: &Tree<'_>, app: &str) {
        let mut names = BTreeSet::new();
        for (id, class) in tree.classes() {
            match class.interfaces {
                None => drop(names.insert(tree.class_name(id))),
                Some(_) => names.extend(tree.interfaces(id).map(|name| tree.text(name))),
            }
        }
        for name in names {
            if self.classes.len() >= CLASSES && !self.classes.contains_key(name.as_ref()) {
                self.cut = true;
                continue;
            }
            let class = self.classes.entry(name.into_owned()).or_default();
            class.sessions += 1;
            if !class.apps.contains(app) {
                class.apps.insert(app.to_owned());
            }
        }
    }

    fn classes_saved(&mut self, decoded: &Decoded<'_>) {
        for attribute in decoded.session.attributes.iter().filter(|attribute| !attribute.broken) {
            for class in decoded.tree.classes_read(attribute.value) {
                if !self.saved.contains(class.as_ref()) && self.saved.len() < CLASSES {
                    self.saved.insert(class.into_owned());
                }
            }
        }
    }

    /// The value of `sessionAttributeValueClassNameFilter` that lets these sessions through, both ways.
    pub fn filter(&self) -> String {
        let all: BTreeSet<&String> = self.classes.keys().chain(&self.saved).collect();
        filter(all.into_iter())
    }

    /// The findings, the gravest kind first.
    pub fn findings(&self) -> Vec<Finding> {
        self.faults.iter().map(|(fault, met)| finding(fault, met)).collect()
    }
}

fn judge(decoded: &Decoded<'_>, row_id: &str, faults: &mut BTreeSet<Fault>) {
    let Decoded { tree, session, broken, trailing } = decoded;
    for (id, class) in tree.classes() {
        let name = tree.class_name(id);
        let interfaces = || tree.interfaces(id).map(|interface| tree.text(interface));
        if gadget(&name).is_some() {
            faults.insert(Fault::Gadget(name.clone().into_owned()));
        }
        faults.extend(interfaces().filter(|name| gadget(name).is_some()).map(|n| Fault::Gadget(n.into_owned())));
        if class.interfaces.is_some() {
            faults
                .extend(handlers(tree, id).into_iter().map(|handler| Fault::Proxy(name.clone().into_owned(), handler)));
        }
        let element = name.trim_start_matches('[').trim_start_matches('L');
        if JAVAX.iter().any(|package| element.starts_with(package)) {
            faults.insert(Fault::Javax(name.into_owned()));
        }
    }
    // GenericPrincipal$SerializablePrincipal of Tomcat 9 and before.
    if let Value::Node(principal) = session.principal
        && tree.field(principal, "password").is_some_and(|value| tree.string(value).is_some())
    {
        faults.insert(Fault::Password(tree.type_of(session.principal).into_owned()));
    }
    if tree.string(Value::Node(session.id)).is_none_or(|id| id != row_id) {
        faults.insert(Fault::ForeignId);
    }
    if broken.is_some() {
        faults.insert(Fault::Undecodable);
    }
    if *trailing > 0 {
        faults.insert(Fault::Trailing);
    }
    for attribute in session.attributes.iter().filter(|attribute| attribute.broken) {
        faults.insert(Fault::Unwritten(tree.string(attribute.name).unwrap_or_default().into_owned()));
    }
}

/// The classes of the handlers of a proxy class's objects.
fn handlers(tree: &Tree<'_>, proxy: ClassId) -> BTreeSet<Option<String>> {
    let objects = tree.nodes().map(|(id, _)| id).filter(|id| tree.class_of(*id) == Some(proxy));
    // java.lang.reflect.Proxy has the one field.
    let found: BTreeSet<_> =
        objects.map(|id| tree.field(id, "h").map(|handler| tree.type_of(handler).into_owned())).collect();
    if found.is_empty() { BTreeSet::from([None]) } else { found }
}

fn finding(fault: &Fault, met: &Met) -> Finding {
    let (rule, severity, object, what, remedy) = match fault {
        Fault::Gadget(class) => (
            "data.gadget",
            Severity::Error,
            class.as_str(),
            format!("`{class}` is a class of deserialization attacks ({})", gadget(class).unwrap_or("known")),
            "find out who wrote these rows before any Tomcat loads them; then `tomcat-sessions delete` them, and set \
             sessionAttributeValueClassNameFilter",
        ),
        Fault::Proxy(name, handler) => (
            "data.proxy",
            Severity::Warning,
            name.as_str(),
            match handler {
                Some(handler) => format!("a dynamic {name}, which runs its handler, a `{handler}`, at any call"),
                None => format!("a dynamic {name}, which runs its handler at any call"),
            },
            "look at the handler with `tomcat-sessions show ID --values`: does the application put it there?",
        ),
        Fault::Password(class) => (
            "data.password",
            Severity::Warning,
            class.as_str(),
            "the realm's password of the user stands in the data".to_owned(),
            "set persistAuthentication=\"false\", or go to Tomcat 10.1, whose principals hold none",
        ),
        Fault::ForeignId => (
            "data.id",
            Severity::Error,
            "session_id",
            "the data hold another id than the row; Tomcat gives no such session out".to_owned(),
            "the row was copied, renamed or tampered with: delete it",
        ),
        Fault::Undecodable => (
            "data.unreadable",
            Severity::Warning,
            "session_data",
            "the data are no session, or not to their end; Tomcat cannot load them".to_owned(),
            "`tomcat-sessions show ID` says where they stop; delete what cannot be mended",
        ),
        Fault::Trailing => (
            "data.trailing",
            Severity::Warning,
            "session_data",
            "bytes follow behind the session, which Tomcat never writes".to_owned(),
            "look at them with `tomcat-sessions show ID --hex`",
        ),
        Fault::Javax(class) => (
            "data.javax",
            Severity::Warning,
            class.as_str(),
            format!("`{class}` is not there in Tomcat 10 and later"),
            "before going to Tomcat 10, let these sessions end: it cannot load them",
        ),
        Fault::Unwritten(name) => (
            "data.unwritten",
            Severity::Note,
            name.as_str(),
            format!(
                "attribute `{name}` was not serializable when it was saved; it is lost when Tomcat loads the session"
            ),
            "make its class and all that it holds Serializable",
        ),
    };
    let more = if met.sessions > met.named.len() as u64 { ", …" } else { "" };
    Finding {
        rule,
        severity,
        object: object.to_owned(),
        message: format!("{what}: {} ({}{more})", plural(met.sessions, "session"), met.named.join(", ")),
        remedy: Remedy::action(remedy),
    }
}

/// The regular expression for `sessionAttributeValueClassNameFilter` that lets exactly these classes
/// through, but for gadgets and for names that no Java class has.
fn filter<'a>(classes: impl Iterator<Item = &'a String>) -> String {
    let plain = |name: &&String| {
        let ok = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '$' | '[' | ';' | '-');
        name.chars().all(ok) && gadget(name).is_none()
    };
    let quoted: Vec<String> = classes
        .filter(plain)
        .map(|name| {
            name.chars().fold(String::new(), |mut out, c| {
                if matches!(c, '.' | '$' | '[') {
                    out.push('\\');
                }
                out.push(c);
                out
            })
        })
        .collect();
    quoted.join("|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_is_quoted_and_leaves_out_what_must_not_pass() {
        let names =
            ["[Ljava.lang.String;", "bsh.XThis", "a.B$C", "evil\" /><Valve", "java.lang.Long"].map(str::to_owned);
        assert_eq!(filter(names.iter()), r"\[Ljava\.lang\.String;|a\.B\$C|java\.lang\.Long");
    }
}
