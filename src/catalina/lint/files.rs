//! Files that cannot be read as they stand, and what stands in them for nothing.

use super::{Fault, Remedy, Severity, Site};
use crate::catalina::Element;

const MANAGER: &[&str] = &[
    "className",
    "maxIdleBackup",
    "maxIdleSwap",
    "minIdleSwap",
    "maxActiveSessions",
    "processExpiresFrequency",
    "saveOnRestart",
    "sessionActivityCheck",
    "sessionLastAccessAtStart",
    "persistAuthentication",
    "persistAuthenticationNotes",
    "pathname",
    "sessionAttributeNameFilter",
    "sessionAttributeValueClassNameFilter",
    "warnOnSessionAttributeFilterFailure",
    "secureRandomClass",
    "secureRandomAlgorithm",
    "secureRandomProvider",
    "sessionIdLength",
    "maxInactiveInterval",
    "distributable",
    "notifyAttributeListenerOnUnchangedValue",
    "notifyBindingListenerOnUnchangedValue",
    "randomFile",
    "algorithm",
    "entropy",
    "name",
];
const STORE: &[&str] = &[
    "className",
    "dataSourceName",
    "localDataSource",
    "sessionTable",
    "sessionIdCol",
    "sessionAppCol",
    "sessionDataCol",
    "sessionValidCol",
    "sessionMaxInactiveCol",
    "sessionLastAccessedCol",
    "driverName",
    "connectionURL",
    "connectionName",
    "connectionPassword",
    "directory",
    "checkInterval",
];

pub(super) fn unread(site: &Site) -> Vec<Fault> {
    let fault = |trouble: &crate::catalina::Trouble| {
        let remedy = Remedy::action(trouble.hints.first().cloned().unwrap_or_else(|| "mend or remove it".to_owned()));
        site.of_file(Severity::Error, "file", &trouble.file, trouble.line.max(1), trouble.message.clone(), remedy)
    };
    site.base.unread.iter().map(fault).collect()
}

pub(super) fn unread_jar(site: &Site) -> Vec<Fault> {
    let fault = |trouble: &crate::catalina::Trouble| {
        let message = format!("{}: what should be in it is missing at run time", trouble.message);
        site.of_file(Severity::Warning, "jar", &trouble.file, 1, message, Remedy::action("download it anew"))
    };
    site.libraries.unread.iter().map(fault).collect()
}

pub(super) fn unresolved(site: &Site) -> Vec<Fault> {
    let of_connections = site.connections().into_iter().map(|(element, _)| element);
    let all: Vec<&Element> = of_connections.chain(site.stores().map(|(_, store)| store)).collect();
    let mut faults = Vec::new();
    let mut seen = Vec::new();
    for element in all.into_iter().filter(|element| {
        let new = !seen.contains(&&element.place);
        seen.push(&element.place);
        new
    }) {
        for (name, value) in element.attributes().filter(|(_, value)| value.contains("${")) {
            let property = value.split("${").nth(1).and_then(|rest| rest.split('}').next()).unwrap_or_default();
            let message = format!(
                "`{name}` names the property `{property}`, which is set nowhere: Tomcat takes the text as it stands"
            );
            let remedy = Remedy::config(format!("{property}=…"));
            faults.push(site.at(Severity::Warning, element, message, remedy));
        }
    }
    faults
}

pub(super) fn unknown_attribute(site: &Site) -> Vec<Fault> {
    let mut faults = Vec::new();
    for kept in site.kept() {
        for (element, known) in [(Some(kept.of.manager), MANAGER), (kept.store, STORE)] {
            let Some(element) = element.filter(|element| known_class(element)) else { continue };
            for (name, _) in element.attributes().filter(|(name, _)| !known.contains(name)) {
                let near = known.iter().find(|known| known.eq_ignore_ascii_case(name) || near(known, name));
                let message = format!(
                    "<{}> has no attribute `{name}`: Tomcat warns once in its log and goes on without it",
                    element.name
                );
                let remedy = match near {
                    Some(near) => Remedy::action(format!("write `{near}`")),
                    None => Remedy::action("take it out, or write it as Tomcat's documentation does"),
                };
                faults.push(site.at(Severity::Warning, element, message, remedy));
            }
        }
    }
    faults
}

/// Attributes of another's class are that class's business.
fn known_class(element: &Element) -> bool {
    element.get("className").is_some_and(|class| class.starts_with("org.apache.catalina.session."))
}

/// Two names with the same beginning and end: sessionLastAccessCol, sessionLastAccessedCol.
fn near(known: &str, name: &str) -> bool {
    let begin = known.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
    begin >= 8 && begin * 2 > known.len() && known.as_bytes().last() == name.as_bytes().last()
}

pub(super) fn twice(site: &Site) -> Vec<Fault> {
    let mut faults = Vec::new();
    for context in &site.base.contexts {
        let stores = context.root.all("Manager").flat_map(|manager| manager.all("Store").rev().skip(1));
        for lost in context.root.all("Manager").rev().skip(1).chain(stores) {
            let message = format!("another <{0}> follows in the same place, and this one is not used", lost.name);
            faults.push(site.at(
                Severity::Warning,
                lost,
                message,
                Remedy::action("take out the one that is not meant"),
            ));
        }
    }
    faults
}

pub(super) fn no_store(site: &Site) -> Vec<Fault> {
    if !site.base.unread.is_empty() {
        // It may stand in what could not be read.
        return Vec::new();
    }
    let without = site.kept().filter(|kept| kept.store.is_none());
    let message = "the Manager has no Store: it cannot save, and all users are logged out by a restart";
    let remedy = || Remedy::action(format!("{} prints one", site.config()));
    let mut faults: Vec<Fault> =
        without.map(|kept| site.at(Severity::Error, kept.of.manager, message, remedy())).collect();
    if site.kept().next().is_none() {
        let file = site.base.dir.join("conf/context.xml");
        let comment = site.base.comments.iter().find(|comment| comment.elements.iter().any(|name| name == "Store"));
        let (file, line, but) = match comment {
            Some(comment) => (comment.place.file.clone(), comment.place.line, "; one stands in this comment"),
            None => (file, 1, ""),
        };
        let message = format!(
            "no context has a PersistentManager: sessions are in memory only, and a Tomcat that ends unexpectedly takes them along{but}"
        );
        faults.push(site.of_file(Severity::Error, "Manager", &file, line, message, remedy()));
    }
    faults
}
