//! What the sessions hold, added up: classes, and what should not be there.

use std::collections::{BTreeMap, BTreeSet};

use super::problem::{DataProblem, URL, versions};
use crate::finding::Finding;
use crate::javaser::{ClassId, Decoded, Limits, NodeId, Tree, Value, View, decode, find_gadgets, gadget};
use crate::session::Session;

/// Different classes that are kept: a table that was tampered with could name any number.
const CLASSES: usize = 20_000;
/// Sessions that a finding names.
const NAMED: usize = 5;
/// Versions of a class that are kept.
const VERSIONS: usize = 20;

/// Maps that ask their keys for their hashes when they are read.
const MAPS: [&str; 3] = ["java.util.HashMap", "java.util.LinkedHashMap", "java.util.Hashtable"];

/// Packages of Tomcat up to 9, whose classes are called otherwise since 10.
const JAVAX: [&str; 3] = ["javax.servlet.", "javax.el.", "javax.websocket."];

/// How often something was met.
#[derive(Debug, Default)]
struct ClassUse {
    sessions: u64,
    /// The beginnings of the first few ids.
    named: Vec<String>,
}

#[derive(Debug, Default)]
pub struct ClassTally {
    pub sessions: u64,
    /// The applications whose sessions hold it, with its serialVersionUIDs there.
    pub apps: BTreeMap<String, BTreeSet<i64>>,
    /// Sessions by serialVersionUID.
    pub versions: BTreeMap<i64, u64>,
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
                faults.extend(find_gadgets(data).map(|(_, class)| DataProblem::Gadget(class)).take(NAMED));
            }
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
            for (app, uids) in theirs.apps {
                let known = class.apps.entry(app).or_default();
                known.extend(uids.into_iter().take(VERSIONS.saturating_sub(known.len())));
            }
            for (uid, sessions) in theirs.versions {
                class.meet(uid, sessions);
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
            let room = NAMED - met.named.len();
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
            uids.iter().for_each(|&uid| class.meet(uid, 1));
            match class.apps.get_mut(app) {
                Some(known) => known.extend(uids.into_iter().take(VERSIONS.saturating_sub(known.len()))),
                None => drop(class.apps.insert(app.to_owned(), uids)),
            }
        }
    }

    fn classes_saved(&mut self, decoded: &Decoded<'_>) {
        let mut met = BTreeSet::new();
        for attribute in decoded.session.attributes.iter().filter(|attribute| !attribute.broken) {
            // Many attributes may be of one class, and its name be long.
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

    /// The value of `sessionAttributeValueClassNameFilter` that lets these sessions through, both ways.
    pub fn filter(&self) -> String {
        let all: BTreeSet<&String> = self.classes.keys().chain(&self.saved).collect();
        filter(all.into_iter())
    }

    /// The findings, the gravest kind first.
    pub fn findings(&self) -> Vec<Finding> {
        let faults = self.faults.iter().map(|(fault, met)| fault.finding(met.sessions, &met.named));
        // An application has one version of a class at a time; two applications may differ.
        let mixed = self.classes.iter().filter(|(_, class)| class.apps.values().any(|uids| uids.len() > 1));
        faults.chain(mixed.map(|(name, class)| versions(name, &class.versions))).collect()
    }
}

impl ClassTally {
    fn meet(&mut self, uid: i64, sessions: u64) {
        if self.versions.len() < VERSIONS || self.versions.contains_key(&uid) {
            *self.versions.entry(uid).or_default() += sessions;
        }
    }
}

fn judge(decoded: &Decoded<'_>, row_id: &str, faults: &mut BTreeSet<DataProblem>) {
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
    // GenericPrincipal$SerializablePrincipal of Tomcat 9 and before.
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

/// Tells whether an object is the map of the chain URLDNS: a map asks its keys for their hashes before
/// it is written, and a URL keeps its own; one without it was put there to look up a name when it is read.
fn is_probe(tree: &Tree<'_>, id: NodeId) -> bool {
    let unasked = |key: Value| match key {
        Value::Node(key) => {
            tree.class_of(key).is_some_and(|class| tree.is(class, URL))
                && tree.field(key, "hashCode") == Some(Value::Int(-1))
        }
        _ => false,
    };
    // Those that have their entries to themselves: a wrapper's are looked at in what it wraps.
    if !tree.class_of(id).is_some_and(|class| MAPS.iter().any(|name| tree.is(class, name))) {
        return false;
    }
    match tree.view(Value::Node(id)) {
        View::Map(pairs) => pairs.into_iter().any(|(key, _)| unasked(key)),
        _ => false,
    }
}

/// The dynamic proxies, each with the classes of its objects' handlers.
fn proxies(tree: &Tree<'_>) -> BTreeSet<DataProblem> {
    let proxies = tree.classes().filter(|(_, class)| class.interfaces.is_some()).map(|(id, _)| (id, BTreeSet::new()));
    let mut proxies: BTreeMap<ClassId, BTreeSet<Option<ClassId>>> = proxies.collect();
    for (id, _) in tree.nodes() {
        if let Some(handlers) = tree.class_of(id).and_then(|class| proxies.get_mut(&class)) {
            // The one field of java.lang.reflect.Proxy.
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
    fn the_class_filter_is_quoted_and_omits_dangerous_classes() {
        let names =
            ["[Ljava.lang.String;", "bsh.XThis", "a.B$C", "evil\" /><Valve", "java.lang.Long"].map(str::to_owned);
        assert_eq!(filter(names.iter()), r"\[Ljava\.lang\.String;|a\.B\$C|java\.lang\.Long");
    }
}
