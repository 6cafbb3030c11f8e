//! Rules about elements at places where Tomcat ignores them, and about elements that others replace.

use super::{Remedy, Severity, TomcatInstance, Violation};
use crate::catalina::{ContextFile, Element, Scope};

/// Elements that contain no text.
const WITHOUT_TEXT: &[&str] =
    &["Server", "Service", "Engine", "Host", "Context", "Manager", "Store", "Valve", "Resource", "ResourceLink"];

pub(super) fn misplaced(instance: &TomcatInstance) -> Vec<Violation> {
    let mut found: Vec<(&Element, &str)> = Vec::new();
    if let Some(server) = &instance.base.server {
        in_containers(server, &mut found);
    }
    for context in &instance.base.contexts {
        found.extend(context.root.children.iter().filter(|c| c.name == "Store").map(|store| (store, "Context")));
    }
    let fault = |(element, parent): (&Element, &str)| {
        let (message, remedy) = if element.name == "Manager" {
            (
                "a <Manager> in <P> is ignored, and sessions stay in memory",
                "move it into a <Context>; the one in conf/context.xml is for all applications",
            )
        } else {
            ("a <Store> in <P> is ignored, and sessions are not stored", "move it into the <Manager> of a <Context>")
        };
        instance.at(Severity::Error, element, message.replace("<P>", &format!("<{parent}>")), Remedy::action(remedy))
    };
    found.into_iter().map(fault).collect()
}

/// Managers and Stores directly in `element`, or in a container inside it.
fn in_containers<'a>(element: &'a Element, found: &mut Vec<(&'a Element, &'a str)>) {
    for child in &element.children {
        match child.name.as_str() {
            "Manager" | "Store" => found.push((child, &element.name)),
            "Service" | "Engine" | "Host" => in_containers(child, found),
            _ => {}
        }
    }
}

pub(super) fn replaced(instance: &TomcatInstance) -> Vec<Violation> {
    let stores = |context: &ContextFile| {
        context
            .root
            .last("Manager")
            .is_some_and(|manager| manager.class().starts_with("Persistent") && manager.last("Store").is_some())
    };
    let mut faults = Vec::new();
    for context in instance.base.contexts.iter().filter(|context| context.scope != Scope::All && !stores(context)) {
        let Some(manager) = context.root.last("Manager") else { continue };
        // Tomcat's own Manager applications have their own Manager element.
        if context.root.flag("privileged") == Some(true) {
            continue;
        }
        let Some(general) = instance.base.inherited(context).rev().skip(1).find(|general| stores(general)) else {
            continue;
        };
        let place = general.root.last("Manager").map_or(&general.root.place, |manager| &manager.place);
        let message = format!(
            "this <Manager> replaces that of {}:{} for {}, whose sessions are not stored: a restart logs their users out",
            instance.shown(&place.file),
            place.line,
            context.scope
        );
        faults.push(instance.at(
            Severity::Warning,
            manager,
            message,
            Remedy::action("remove it, or add a Store to it"),
        ));
    }
    faults
}

pub(super) fn text(instance: &TomcatInstance) -> Vec<Violation> {
    let mut faults = Vec::new();
    let roots = instance.base.server.iter().chain(instance.base.contexts.iter().map(|context| &context.root));
    for root in roots {
        with_text(root, &mut |element| {
            if faults.iter().all(|(known, _): &(&Element, _)| known.place != element.place) {
                let message =
                    format!("Tomcat ignores the text in <{}>: attributes belong in the start tag", element.name);
                let remedy = Remedy::action(format!(
                    "write <{} name=\"value\" …>, without > before the attributes",
                    element.name
                ));
                faults.push((element, instance.at(Severity::Warning, element, message, remedy)));
            }
        });
    }
    faults.into_iter().map(|(_, fault)| fault).collect()
}

fn with_text<'a>(element: &'a Element, found: &mut impl FnMut(&'a Element)) {
    if !element.text.trim().is_empty() && WITHOUT_TEXT.contains(&element.name.as_str()) {
        found(element);
    }
    element.children.iter().for_each(|child| with_text(child, found));
}
