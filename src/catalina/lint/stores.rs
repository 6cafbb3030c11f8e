//! Rules about the Store: the names that it uses, and whether its Resource exists.

use super::{Remedy, Severity, TomcatInstance, Violation};
use crate::catalina::{NAMES, ResourceLookup, Scope, Source};

/// The names of the published table, in the order of [`NAMES`].
const PUBLISHED: [&str; 7] =
    ["tomcat_sessions", "session_id", "app_name", "session_data", "valid_session", "max_inactive", "last_access"];

pub(super) fn names(instance: &TomcatInstance) -> Vec<Violation> {
    let mut faults = Vec::new();
    for (of, store) in instance.stores() {
        let missing: Vec<usize> = (0..NAMES.len()).filter(|&i| store.get(NAMES[i].0).is_none()).collect();
        // A table with Tomcat's default name has the default column names. If the table was inspected, `check` reports
        // missing columns.
        let own = store.get("sessionTable") == Some(NAMES[0].1)
            && NAMES.iter().all(|(attribute, default)| store.get(attribute).is_none_or(|name| name == *default));
        if missing.is_empty()
            || matches!(instance.base.source(of, store), Source::Files)
            || own
            || instance.table(store).is_some()
        {
            continue;
        }
        let list: Vec<String> = missing.iter().map(|&i| format!("{} ({})", NAMES[i].0, NAMES[i].1)).collect();
        let message = format!(
            "the Store does not set {}: Tomcat uses its defaults, which do not match the documented table, and every load and save fails",
            list.join(", ")
        );
        let paste: Vec<String> = missing.iter().map(|&i| format!("{}=\"{}\"", NAMES[i].0, PUBLISHED[i])).collect();
        faults.push(instance.at(Severity::Warning, store, message, Remedy::config(paste.join(" "))));
    }
    faults
}

pub(super) fn resource(instance: &TomcatInstance) -> Vec<Violation> {
    let mut faults = Vec::new();
    for (of, store) in instance.stores() {
        match instance.base.source(of, store) {
            Source::MissingResource(name) => {
                let message = format!(
                    "the Store refers to the Resource `{name}`, which no file defines: no session is loaded or saved"
                );
                let remedy = Remedy::action(format!("{} prints one; or correct the name", instance.config()));
                faults.push(instance.at(Severity::Error, store, message, remedy));
            }
            Source::Nothing if known(store.class()) => {
                let message =
                    "the Store has neither a dataSourceName nor a connectionURL: no session is loaded or saved";
                faults.push(instance.at(
                    Severity::Error,
                    store,
                    message,
                    Remedy::config("dataSourceName=\"jdbc/sessions\" localDataSource=\"true\""),
                ));
            }
            _ => {}
        }
    }
    faults
}

fn known(class: &str) -> bool {
    ["JDBCStore", "DataSourceStore"].contains(&class)
}

pub(super) fn global_resource(instance: &TomcatInstance) -> Vec<Violation> {
    if !instance.is_before(&[(9, 0, 98), (10, 1, 34), (11, 0, 2)]) {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for (of, store) in instance.stores() {
        let Source::Resource(resource, ResourceLookup::Global) = instance.base.source(of, store) else { continue };
        let name = resource.get("name").unwrap_or_default();
        let message = format!(
            "the Resource `{name}` is global, and no ResourceLink refers to it: before 9.0.98, 10.1.34 and 11.0.2 Tomcat does not find it (\"Name [{name}] is not bound in this Context\"), and no session is saved"
        );
        let remedy =
            Remedy::config(format!("<ResourceLink name=\"{name}\" global=\"{name}\" type=\"javax.sql.DataSource\"/>"));
        faults.push(instance.at(Severity::Error, store, message, remedy));
    }
    faults
}

pub(super) fn filestore_reachable(instance: &TomcatInstance) -> Vec<Violation> {
    let mut faults = Vec::new();
    for (of, store) in instance.stores() {
        if !matches!(instance.base.source(of, store), Source::Files) {
            continue;
        }
        let Some(directory) = store.get("directory") else { continue };
        let hosts = instance.base.engines().flat_map(|engine| engine.all("Host"));
        let mut served: Vec<std::path::PathBuf> =
            hosts.map(|host| instance.base.dir.join(host.get("appBase").unwrap_or("webapps"))).collect();
        served.push(instance.base.dir.join("webapps"));
        let path = instance.base.dir.join(directory);
        let hidden = path.components().any(|part| matches!(part.as_os_str().to_str(), Some("WEB-INF" | "META-INF")));
        if !hidden && served.iter().any(|served| path.starts_with(served)) {
            let message = format!(
                "the FileStore's directory `{directory}` is served to the web: anyone can download sessions, and whoever can upload files there can run code"
            );
            faults.push(instance.at(
                Severity::Error,
                store,
                message,
                Remedy::config("directory=\"${catalina.base}/sessions\""),
            ));
        }
    }
    faults
}

pub(super) fn cookie_path(instance: &TomcatInstance) -> Vec<Violation> {
    let mut faults = Vec::new();
    for (of, store) in instance.stores() {
        let shared = instance.base.contexts.iter().filter(|context| {
            let same =
                of.context.scope == Scope::All || context.scope == of.context.scope || context.scope == Scope::All;
            same && context.root.get("sessionCookiePath") == Some("/")
        });
        for context in shared {
            let (severity, key) = match instance.table(store) {
                Some(table) if !table.key_is_id => continue,
                Some(_) => (Severity::Error, "because the table's primary key is the id alone"),
                None => (Severity::Note, "where the table's primary key is the id alone, as in the documented table"),
            };
            let message = format!(
                "sessionCookiePath=\"/\" gives one id to the sessions of several applications; {key}, Tomcat can save only one of these sessions, and users lose the others"
            );
            let remedy = Remedy::action(
                "make (session_id, app_name) the primary key: `tomcat-sessions check` prints the statement",
            );
            faults.push(instance.at(severity, &context.root, message, remedy));
        }
    }
    faults
}
