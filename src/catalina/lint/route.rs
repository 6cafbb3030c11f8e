//! Rules about jvmRoute.

use super::{Remedy, Severity, Site, Violation};

/// Characters of the documented table's session_id.
const DOCUMENTED: i64 = 100;
/// The id and the dot before the route.
const BEFORE: i64 = 33;

pub(super) fn missing(site: &Site) -> Vec<Violation> {
    if site.others.is_empty() {
        return Vec::new();
    }
    let bare = site.base.engines().filter(|engine| engine.get("jvmRoute").is_none());
    bare.map(|engine| {
        let message = "this is one of several Tomcats and has no jvmRoute: a load balancer cannot send a user back to the Tomcat that has the session";
        site.at(Severity::Warning, engine, message, Remedy::config("jvmRoute=\"jvm1\""))
    })
    .collect()
}

pub(super) fn same(site: &Site) -> Vec<Violation> {
    let mut faults = Vec::new();
    for engine in site.base.engines() {
        let Some(route) = engine.get("jvmRoute") else { continue };
        for (dir, _) in site.others.iter().filter(|(_, other)| other.as_deref() == Some(route)) {
            let message = format!(
                "jvmRoute `{route}` is also used by {}: users switch between the two Tomcats and get older states of their sessions",
                dir.display()
            );
            faults.push(site.at(
                Severity::Error,
                engine,
                message,
                Remedy::action("give each Tomcat a different route"),
            ));
        }
    }
    faults
}

pub(super) fn characters(site: &Site) -> Vec<Violation> {
    let plain = |route: &str| {
        !route.is_empty() && route.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    let odd =
        site.base.engines().filter_map(|engine| Some((engine, engine.get("jvmRoute").filter(|route| !plain(route))?)));
    odd.map(|(engine, route)| {
        let message = format!(
            "jvmRoute `{route}` contains characters that are not allowed in a cookie: users get a new session with each request"
        );
        site.at(Severity::Error, engine, message, Remedy::action("use only letters, digits, - and _"))
    })
    .collect()
}

pub(super) fn too_long(site: &Site) -> Vec<Violation> {
    let holds = site.stores().filter_map(|(_, store)| site.table(store)?.id_length).min().unwrap_or(DOCUMENTED);
    let most = (holds - BEFORE).max(0);
    let length = |route: &str| i64::try_from(route.chars().count()).unwrap_or(i64::MAX);
    let long = site.base.engines().filter(|engine| engine.get("jvmRoute").is_some_and(|route| length(route) > most));
    long.map(|engine| {
        let (message, remedy) = if most == 0 {
            let message = format!("the session id column holds {holds} characters, which leaves none for a jvmRoute: no session is saved");
            (message, "widen the column: `tomcat-sessions check` prints the statement")
        } else {
            let message = format!("jvmRoute is longer than {most}: with the id it does not fit into the column of {holds} characters, and no session is saved");
            (message, "shorten it, or widen the column: `tomcat-sessions check` prints the statement")
        };
        site.at(Severity::Error, engine, message, Remedy::action(remedy))
    })
    .collect()
}
