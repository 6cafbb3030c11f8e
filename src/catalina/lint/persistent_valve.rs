//! Rules about PersistentValve.

use super::{PersistentManager, Remedy, Severity, TomcatInstance, Violation};
use crate::catalina::Element;

pub(super) fn persistent(element: &Element) -> bool {
    element.all("Valve").any(|valve| valve.class() == "PersistentValve")
}

/// PersistentValves in Engines and Hosts.
pub(super) fn above(instance: &TomcatInstance) -> impl Iterator<Item = &Element> {
    let hosts = instance.base.engines().flat_map(|engine| engine.children.iter().filter(|child| child.name == "Host"));
    let of = |element: &'_ Element| -> Vec<usize> {
        element
            .children
            .iter()
            .enumerate()
            .filter(|(_, child)| child.name == "Valve" && child.class() == "PersistentValve")
            .map(|(i, _)| i)
            .collect()
    };
    instance
        .base
        .engines()
        .chain(hosts)
        .flat_map(move |element| of(element).into_iter().map(move |i| &element.children[i]))
}

pub(super) fn missing(instance: &TomcatInstance) -> Vec<Violation> {
    let mut faults = Vec::new();
    for PersistentManager { of, .. } in instance.persistent_managers() {
        if above(instance).next().is_some()
            || instance.base.inherited(of.context).any(|context| persistent(&context.root))
        {
            continue;
        }
        // With a route, the load balancer may be sticky.
        if instance.base.engines().any(|engine| engine.get("jvmRoute").is_some()) {
            continue;
        }
        let message = "without PersistentValve, another Tomcat gets the last backup of a session: the load balancer must send each user to the same Tomcat, and without a jvmRoute it cannot";
        faults.push(instance.at(
            Severity::Note,
            of.manager,
            message,
            Remedy::config("<Valve className=\"org.apache.catalina.valves.PersistentValve\"/>"),
        ));
    }
    faults
}

pub(super) fn with_backup(instance: &TomcatInstance) -> Vec<Violation> {
    let mut faults = Vec::new();
    for PersistentManager { of, .. } in instance.persistent_managers() {
        let valve = above(instance).next().is_some()
            || instance.base.inherited(of.context).any(|context| persistent(&context.root));
        let times = ["maxIdleBackup", "maxIdleSwap", "minIdleSwap"];
        let on: Vec<&str> = times.into_iter().filter(|name| of.manager.number(name).is_some_and(|n| n >= 0)).collect();
        if valve && !on.is_empty() {
            let message = format!(
                "PersistentValve saves after each request, and because of {} the background process saves too: if it saves while a request ends, it deletes the row and inserts nothing, and the user is logged out",
                on.join(", ")
            );
            let off: Vec<String> = on.iter().map(|name| format!("{name}=\"-1\"")).collect();
            faults.push(instance.at(Severity::Warning, of.manager, message, Remedy::config(off.join(" "))));
        }
    }
    faults
}

pub(super) fn order(instance: &TomcatInstance) -> Vec<Violation> {
    let touches = |class: &str| {
        class.ends_with("Authenticator")
            || ["SingleSignOn", "CrawlerSessionManagerValve", "ReplicatedSessionListener", "LoadBalancerDrainingValve"]
                .contains(&class)
    };
    let mut faults = Vec::new();
    for context in &instance.base.contexts {
        let mut first: Option<&Element> = None;
        for valve in context.root.all("Valve") {
            match (valve.class(), first) {
                ("PersistentValve", Some(other)) => {
                    let message = format!(
                        "{} comes before PersistentValve and uses the session before it is loaded: users who come from another Tomcat are logged out",
                        other.class()
                    );
                    faults.push(instance.at(
                        Severity::Warning,
                        valve,
                        message,
                        Remedy::action(format!("move PersistentValve before line {}", other.place.line)),
                    ));
                }
                (class, None) if touches(class) => first = Some(valve),
                _ => {}
            }
        }
    }
    faults
}

pub(super) fn on_host(instance: &TomcatInstance) -> Vec<Violation> {
    above(instance)
        .map(|valve| {
            let lock = if instance.version.is_none() || instance.is_before(&[(9, 0, 76), (10, 1, 10), (11, 0, 0)]) {
                ", and before 9.0.76 and 10.1.10 it does not lock each session"
            } else {
                ""
            };
            let message =
                format!("PersistentValve is outside the contexts: it handles every request of every application{lock}");
            instance.at(
                Severity::Note,
                valve,
                message,
                Remedy::action("move it into the <Context> of the applications with a PersistentManager"),
            )
        })
        .collect()
}

pub(super) fn without_manager(instance: &TomcatInstance) -> Vec<Violation> {
    if instance.persistent_managers().next().is_some() || !instance.base.unread.is_empty() {
        return Vec::new();
    }
    let valves = instance.base.contexts.iter().flat_map(|context| context.root.children.iter());
    let idle = valves.filter(|valve| valve.name == "Valve" && valve.class() == "PersistentValve");
    idle.map(|valve| {
        let message =
            "PersistentValve without a PersistentManager has no effect: sessions stay in the memory of one Tomcat";
        instance.at(
            Severity::Warning,
            valve,
            message,
            Remedy::action(format!("{} prints the Manager", instance.config())),
        )
    })
    .collect()
}
