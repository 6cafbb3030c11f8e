//! Rules about jvmRoute.

use super::{Remedy, Severity, TomcatInstance, Violation};

/// Length of session_id in the documented table, in characters.
const DOCUMENTED: i64 = 100;
/// Length of the id, including the dot before the route.
const BEFORE: i64 = 33;

pub(super) fn missing(instance: &TomcatInstance) -> Vec<Violation> {
    if instance.others.is_empty() {
        return Vec::new();
    }
    let bare = instance.base.engines().filter(|engine| engine.get("jvmRoute").is_none());
    bare.map(|engine| {
        let message = "this is one of several Tomcats and has no jvmRoute: a load balancer cannot send a user back to the Tomcat that has the session";
        instance.at(Severity::Warning, engine, message, Remedy::config("jvmRoute=\"jvm1\""))
    })
    .collect()
}

pub(super) fn duplicate(instance: &TomcatInstance) -> Vec<Violation> {
    let mut faults = Vec::new();
    for engine in instance.base.engines() {
        let Some(route) = engine.get("jvmRoute") else { continue };
        for (dir, _) in instance.others.iter().filter(|(_, other)| other.as_deref() == Some(route)) {
            let message = format!(
                "jvmRoute `{route}` is also used by {}: users switch between the two Tomcats and get older states of their sessions",
                dir.display()
            );
            faults.push(instance.at(
                Severity::Error,
                engine,
                message,
                Remedy::action("give each Tomcat a different route"),
            ));
        }
    }
    faults
}

pub(super) fn characters(instance: &TomcatInstance) -> Vec<Violation> {
    let plain = |route: &str| {
        !route.is_empty() && route.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    let odd = instance
        .base
        .engines()
        .filter_map(|engine| Some((engine, engine.get("jvmRoute").filter(|route| !plain(route))?)));
    odd.map(|(engine, route)| {
        let message = format!(
            "jvmRoute `{route}` contains characters that are not allowed in a cookie: users get a new session with each request"
        );
        instance.at(Severity::Error, engine, message, Remedy::action("use only letters, digits, - and _"))
    })
    .collect()
}

pub(super) fn too_long(instance: &TomcatInstance) -> Vec<Violation> {
    let holds = instance.stores().filter_map(|(_, store)| instance.table(store)?.id_length).min().unwrap_or(DOCUMENTED);
    let most = (holds - BEFORE).max(0);
    let length = |route: &str| i64::try_from(route.chars().count()).unwrap_or(i64::MAX);
    let long =
        instance.base.engines().filter(|engine| engine.get("jvmRoute").is_some_and(|route| length(route) > most));
    long.map(|engine| {
        let (message, remedy) = if most == 0 {
            let message = format!("the session id column holds {holds} characters, which leaves none for a jvmRoute: no session is saved");
            (message, "widen the column: `tomcat-sessions check` prints the statement")
        } else {
            let message = format!("jvmRoute is longer than {most}: with the id it does not fit into the column of {holds} characters, and no session is saved");
            (message, "shorten it, or widen the column: `tomcat-sessions check` prints the statement")
        };
        instance.at(Severity::Error, engine, message, Remedy::action(remedy))
    })
    .collect()
}
