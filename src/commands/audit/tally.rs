//! Counts classes and problems in the data of sessions.

use std::collections::{BTreeMap, BTreeSet};

use super::problem::{DataProblem, URL, versions};
use crate::finding::Finding;
use crate::javaser::{ClassId, Decoded, Limits, NodeId, Tree, Value, View, decode, find_gadgets, gadget};
use crate::session::Session;

/// Maximum number of classes that are counted: a manipulated table could contain any number.
const CLASSES: usize = 20_000;
/// Maximum number of sessions named in a finding.
const MAX_LISTED: usize = 5;
/// Maximum number of versions that are counted per class.
const VERSIONS: usize = 20;

/// Maps that call `hashCode` of their keys when they are deserialized.
const MAPS: [&str; 3] = ["java.util.HashMap", "java.util.LinkedHashMap", "java.util.Hashtable"];

/// Packages that were renamed to jakarta.* in Tomcat 10.
const JAVAX: [&str; 3] = ["javax.servlet.", "javax.el.", "javax.websocket."];

/// Number of sessions with a problem.
#[derive(Debug, Default)]
struct ClassUse {
    sessions: u64,
    /// Prefixes of the ids of the first few sessions.
    named: Vec<String>,
}

#[derive(Debug, Default)]
pub struct ClassTally {
    pub sessions: u64,
    /// The applications with such sessions, and the serialVersionUIDs of the class in each.
    pub apps: BTreeMap<String, BTreeSet<i64>>,
    /// Number of sessions per serialVersionUID.
    pub versions: BTreeMap<i64, u64>,
}

#[derive(Debug, Default)]
pub struct Tally {
    pub sessions: u64,
    pub classes: BTreeMap<String, ClassTally>,
    /// Classes of the attribute values in Tomcat's memory. Tomcat applies `sessionAttributeValueClassNameFilter` to
    /// these classes when it saves, and to the classes in the data when it loads.
    saved: BTreeSet<String>,
    /// Whether there were more classes than are counted.
    pub cut: bool,
    faults: BTreeMap<DataProblem, ClassUse>,
}

impl Tally {
    /// Adds a session.
    pub fn add(&mut self, session: &Session) {
        self.sessions += 1;
        let mut faults = BTreeSet::new();
        match decode(session.data.as_deref().unwrap_or_default(), Limits::default()) {
            Err(_) => {
                faults.insert(DataProblem::Undecodable);
                let data = session.data.as_deref().unwrap_or_default();
                faults.extend(find_gadgets(data).map(|(_, class)| DataProblem::Gadget(class)).take(MAX_LISTED));
            }
            Ok(decoded) => {
                let app = session.meta.key.app.as_deref().unwrap_or("NULL");
                self.classes_of(&decoded.tree, app);
                self.classes_saved(&decoded);
                find_problems(&decoded, &session.meta.key.id, &mut faults);
            }
        }
        for fault in faults {
            if self.faults.len() >= CLASSES && !self.faults.contains_key(&fault) {
                self.cut = true;
                continue;
            }
            let met = self.faults.entry(fault).or_default();
            met.sessions += 1;
            if met.named.len() < MAX_LISTED {
                met.named.push(session.meta.key.redacted());
            }
        }
    }

    /// Adds the results of another tally, whose sessions come after those of this one.
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
            for (app, uids) in theirs.apps {
                let known = class.apps.entry(app).or_default();
                known.extend(uids.into_iter().take(VERSIONS.saturating_sub(known.len())));
            }
            for (uid, sessions) in theirs.versions {
                class.add_version(uid, sessions);
            }
        }
        self.saved.extend(other.saved.into_iter().take(CLASSES - self.saved.len().min(CLASSES)));
        for (fault, theirs) in other.faults {
            if self.faults.len() >= CLASSES && !self.faults.contains_key(&fault) {
                self.cut = true;
                continue;
            }
            let met = self.faults.entry(fault).or_default();
            met.sessions += theirs.sessions;
            let room = MAX_LISTED - met.named.len();
            met.named.extend(theirs.named.into_iter().take(room));
        }
    }

    fn classes_of(&mut self, tree: &Tree<'_>, app: &str) {
        let mut names: BTreeMap<_, BTreeSet<i64>> = BTreeMap::new();
        for (id, class) in tree.classes() {
            match class.interfaces {
                None => drop(names.entry(tree.class_name(id)).or_default().insert(class.suid)),
                Some(_) => names.extend(tree.interfaces(id).map(|name| (tree.text(name), BTreeSet::new()))),
            }
        }
        for (name, uids) in names {
            if self.classes.len() >= CLASSES && !self.classes.contains_key(name.as_ref()) {
                self.cut = true;
                continue;
            }
            let class = self.classes.entry(name.into_owned()).or_default();
            class.sessions += 1;
            uids.iter().for_each(|&uid| class.add_version(uid, 1));
            match class.apps.get_mut(app) {
                Some(known) => known.extend(uids.into_iter().take(VERSIONS.saturating_sub(known.len()))),
                None => drop(class.apps.insert(app.to_owned(), uids)),
            }
        }
    }

    fn classes_saved(&mut self, decoded: &Decoded<'_>) {
        let mut met = BTreeSet::new();
        for attribute in decoded.session.attributes.iter().filter(|attribute| !attribute.broken) {
            // Many attributes may have the same class, whose name may be long.
            if let Value::Node(id) = attribute.value
                && let Some(class) = decoded.tree.class_of(id)
                && !decoded.tree.is(class, "java.time.Ser")
                && !met.insert(class)
            {
                continue;
            }
            for class in decoded.tree.classes_read(attribute.value) {
                if !self.saved.contains(class.as_ref()) && self.saved.len() < CLASSES {
                    self.saved.insert(class.into_owned());
                }
            }
        }
    }

    /// A value of `sessionAttributeValueClassNameFilter` with which these sessions can be saved and loaded.
    pub fn filter(&self) -> String {
        let all: BTreeSet<&String> = self.classes.keys().chain(&self.saved).collect();
        filter(all.into_iter())
    }

    /// The findings, the most severe kind first.
    pub fn findings(&self) -> Vec<Finding> {
        let faults = self.faults.iter().map(|(fault, met)| fault.finding(met.sessions, &met.named));
        // A single application has one version of a class at a time; two applications may have different ones.
        let mixed = self.classes.iter().filter(|(_, class)| class.apps.values().any(|uids| uids.len() > 1));
        faults.chain(mixed.map(|(name, class)| versions(name, &class.versions))).collect()
    }
}

impl ClassTally {
    fn add_version(&mut self, uid: i64, sessions: u64) {
        if self.versions.len() < VERSIONS || self.versions.contains_key(&uid) {
            *self.versions.entry(uid).or_default() += sessions;
        }
    }
}

fn find_problems(decoded: &Decoded<'_>, row_id: &str, faults: &mut BTreeSet<DataProblem>) {
    let Decoded { tree, session, broken, trailing } = decoded;
    for (id, _) in tree.classes() {
        let name = tree.class_name(id);
        let interfaces = || tree.interfaces(id).map(|interface| tree.text(interface));
        if gadget(&name).is_some() {
            faults.insert(DataProblem::Gadget(name.clone().into_owned()));
        }
        faults.extend(interfaces().filter(|name| gadget(name).is_some()).map(|n| DataProblem::Gadget(n.into_owned())));
        let element = name.trim_start_matches('[').trim_start_matches('L');
        if JAVAX.iter().any(|package| element.starts_with(package)) {
            faults.insert(DataProblem::Javax(name.into_owned()));
        }
    }
    if tree.classes().any(|(_, class)| class.interfaces.is_some()) {
        faults.extend(proxies(tree));
    }
    if tree.classes().any(|(id, _)| tree.is(id, URL)) && tree.nodes().any(|(id, _)| is_probe(tree, id)) {
        faults.insert(DataProblem::Probe);
    }
    // GenericPrincipal$SerializablePrincipal of Tomcat 9 and earlier.
    if let Value::Node(principal) = session.principal
        && tree.field(principal, "password").is_some_and(|value| tree.string(value).is_some())
    {
        faults.insert(DataProblem::Password(tree.type_of(session.principal).into_owned()));
    }
    if tree.string(Value::Node(session.id)).is_none_or(|id| id != row_id) {
        faults.insert(DataProblem::ForeignId);
    }
    if broken.is_some() {
        faults.insert(DataProblem::Undecodable);
    }
    if *trailing > 0 {
        faults.insert(DataProblem::Trailing);
    }
    for attribute in session.attributes.iter().filter(|attribute| attribute.broken) {
        faults.insert(DataProblem::Unwritten(tree.string(attribute.name).unwrap_or_default().into_owned()));
    }
}

/// Tells whether an object is the map of a URLDNS chain. A map calls `hashCode` of its keys before it is serialized,
/// and a URL stores the result; a URL without it was prepared to cause a DNS lookup when the map is deserialized.
fn is_probe(tree: &Tree<'_>, id: NodeId) -> bool {
    let unasked = |key: Value| match key {
        Value::Node(key) => {
            tree.class_of(key).is_some_and(|class| tree.is(class, URL))
                && tree.field(key, "hashCode") == Some(Value::Int(-1))
        }
        _ => false,
    };
    // Only maps with entries of their own. A wrapper contains one of these.
    if !tree.class_of(id).is_some_and(|class| MAPS.iter().any(|name| tree.is(class, name))) {
        return false;
    }
    match tree.view(Value::Node(id)) {
        View::Map(pairs) => pairs.into_iter().any(|(key, _)| unasked(key)),
        _ => false,
    }
}

/// The dynamic proxies, each with the classes of its invocation handlers.
fn proxies(tree: &Tree<'_>) -> BTreeSet<DataProblem> {
    let proxies = tree.classes().filter(|(_, class)| class.interfaces.is_some()).map(|(id, _)| (id, BTreeSet::new()));
    let mut proxies: BTreeMap<ClassId, BTreeSet<Option<ClassId>>> = proxies.collect();
    for (id, _) in tree.nodes() {
        if let Some(handlers) = tree.class_of(id).and_then(|class| proxies.get_mut(&class)) {
            // The only field of java.lang.reflect.Proxy.
            let handler = tree.field(id, "h");
            handlers.insert(handler.and_then(|handler| match handler {
                Value::Node(handler) => tree.class_of(handler),
                _ => None,
            }));
        }
    }
    let mut faults = BTreeSet::new();
    for (proxy, mut handlers) in proxies {
        if handlers.is_empty() {
            handlers.insert(None);
        }
        let fault = |handler: Option<ClassId>| {
            DataProblem::Proxy(
                tree.class_name(proxy).into_owned(),
                handler.map(|class| tree.class_name(class).into_owned()),
            )
        };
        faults.extend(handlers.into_iter().map(fault));
    }
    faults
}

/// The regular expression for `sessionAttributeValueClassNameFilter` that accepts exactly these classes, except gadgets
/// and names that no Java class can have.
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
    fn the_class_filter_is_quoted_and_omits_dangerous_classes() {
        let names =
            ["[Ljava.lang.String;", "bsh.XThis", "a.B$C", "evil\" /><Valve", "java.lang.Long"].map(str::to_owned);
        assert_eq!(filter(names.iter()), r"\[Ljava\.lang\.String;|a\.B\$C|java\.lang\.Long");
    }
}
