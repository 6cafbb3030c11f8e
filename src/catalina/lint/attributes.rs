//! The attributes of Tomcat's Manager, Store and PersistentValve, that is, their setters, by version.

use super::{Remedy, Severity, TomcatInstance, Violation};
use crate::catalina::{Element, NAMES};
use crate::suggestion::nearest;

// Read from the classes of 9.0.70, 10.1.60 and 11.0.24 by reflection; `tests/tomcat/lint_attributes.rs` compares them.
const OF_MANAGERS: &[&str] = &[
    "domain",
    "expiredSessions",
    "maxActive",
    "maxActiveSessions",
    "notifyAttributeListenerOnUnchangedValue",
    "notifyBindingListenerOnUnchangedValue",
    "persistAuthentication",
    "processExpiresFrequency",
    "processingTime",
    "secureRandomAlgorithm",
    "secureRandomClass",
    "secureRandomProvider",
    "sessionAttributeNameFilter",
    "sessionAttributeValueClassNameFilter",
    "sessionMaxAliveTime",
    "throwOnFailure",
    "warnOnSessionAttributeFilterFailure",
];
const OF_PERSISTENT: &[&str] = &["maxIdleBackup", "maxIdleSwap", "minIdleSwap", "saveOnRestart"];
const OF_STORES: &[&str] = &["throwOnFailure"];
const OF_TABLES: &[&str] = &[
    "dataSourceName",
    "localDataSource",
    "sessionAppCol",
    "sessionDataCol",
    "sessionIdCol",
    "sessionLastAccessedCol",
    "sessionMaxInactiveCol",
    "sessionTable",
    "sessionValidCol",
];
/// Up to Tomcat 9, DataSourceStore inherits these from JDBCStore.
const OF_CONNECTIONS: &[&str] = &["connectionName", "connectionPassword", "connectionURL", "driverName"];

/// The attributes of a class in a major version; `None` for a third-party class.
pub fn setters(class: &str, major: u32) -> Option<Vec<&'static str>> {
    let (nine, ten) = (major <= 9, major == 10);
    let when = |wanted: bool, names: &[&'static str]| if wanted { names.to_vec() } else { Vec::new() };
    let of_managers = || {
        [
            OF_MANAGERS.to_vec(),
            when(nine, &["persistAuthenticationNotes"]),
            when(!nine, &["sessionActivityCheck", "sessionLastAccessAtStart"]),
            when(nine || ten, &["duplicates", "sessionCounter"]),
        ]
        .concat()
    };
    Some(match class {
        "PersistentManager" => [of_managers(), OF_PERSISTENT.to_vec()].concat(),
        "StandardManager" => [of_managers(), vec!["pathname"]].concat(),
        "DataSourceStore" => [OF_STORES.to_vec(), OF_TABLES.to_vec(), when(nine, OF_CONNECTIONS)].concat(),
        "JDBCStore" => [OF_STORES, OF_TABLES, OF_CONNECTIONS].concat(),
        "FileStore" => [OF_STORES, &["directory"]].concat(),
        "PersistentValve" => {
            // The last three were added in 9.0.76 and 10.1.10.
            vec![
                "asyncSupported",
                "domain",
                "filter",
                "throwOnFailure",
                "semaphoreAcquireUninterruptibly",
                "semaphoreBlockOnAcquire",
                "semaphoreFairness",
            ]
        }
        _ => return None,
    })
}

pub(super) fn unknown(instance: &TomcatInstance) -> Vec<Violation> {
    let mut faults = Vec::new();
    for context in &instance.base.contexts {
        for manager in context.root.all("Manager") {
            faults.extend(of_element(instance, manager, "StandardManager"));
            faults.extend(manager.all("Store").flat_map(|store| of_element(instance, store, "")));
        }
        faults.extend(context.root.all("Valve").flat_map(|valve| of_element(instance, valve, "")));
    }
    faults
}

fn of_element(instance: &TomcatInstance, element: &Element, default: &str) -> Vec<Violation> {
    let class = element.get("className").unwrap_or(default);
    let class = if let Some(tomcats) = class.strip_prefix("org.apache.catalina.") {
        tomcats.rsplit('.').next().unwrap_or_default()
    } else if class == default {
        default
    } else {
        return Vec::new();
    };
    let major = instance.major().map_or(11, |major| major.clamp(9, 11));
    let Some(mut known) = setters(class, major) else { return Vec::new() };
    if instance.version.is_none() {
        known.extend(setters(class, 9).unwrap_or_default());
    }
    let fault = |name: &str, value: &str| {
        let version = instance.version.map(|version| format!(" {version}")).unwrap_or_default();
        let message = format!("Tomcat{version} ignores the attribute `{name}` of {class}, which has no such property");
        let remedy = elsewhere(instance, name, value, &known);
        match misnamed(element, name, value, &known) {
            Some((attribute, default)) => {
                let message =
                    format!("{message}, and uses `{default}`, the default of {attribute}, instead of `{value}`");
                instance.at(Severity::Error, element, message, remedy)
            }
            None => instance.at(Severity::Warning, element, message, remedy),
        }
    };
    let unknown = element.attributes().filter(|(name, _)| *name != "className" && !known.contains(name));
    // A misspelt className has its own rule.
    let unknown =
        unknown.filter(|(name, _)| element.get("className").is_some() || nearest(name, ["className"]).is_none());
    // Up to Tomcat 8, this attribute set the timeout.
    let unknown =
        unknown.filter(|(name, _)| *name != "maxInactiveInterval" || instance.major().is_none_or(|major| major > 8));
    unknown.map(|(name, value)| fault(name, value)).collect()
}

/// The attribute that was probably meant, and its default, if a misspelt attribute names the table or a column: every
/// load and save then fails.
fn misnamed(element: &Element, name: &str, value: &str, known: &[&str]) -> Option<(&'static str, &'static str)> {
    let near = nearest(name, known.iter().copied())?;
    let (attribute, default) = NAMES.into_iter().find(|(attribute, _)| *attribute == near)?;
    (element.get(attribute).is_none() && value != default).then_some((attribute, default))
}

/// The remedy: the setting with the intended effect.
fn elsewhere(instance: &TomcatInstance, name: &str, value: &str, known: &[&str]) -> Remedy {
    match name {
        "maxInactiveInterval" => match value.trim().parse::<i64>() {
            Ok(seconds) => Remedy::action(format!(
                "set <session-timeout>{}</session-timeout> (minutes) in the <session-config> of conf/web.xml",
                if seconds <= 0 { -1 } else { (seconds + 59) / 60 }
            )),
            Err(_) => Remedy::action("set session-timeout in conf/web.xml, in minutes"),
        },
        "sessionIdLength" => Remedy::action("put a <SessionIdGenerator sessionIdLength=…/> into the Manager instead"),
        "distributable" => Remedy::action("remove it; an application declares <distributable/> in its web.xml"),
        "checkInterval" => Remedy::action(
            "remove it: backgroundProcessorDelay of the Engine and processExpiresFrequency of the Manager determine the interval",
        ),
        "debug" => Remedy::action("remove it; conf/logging.properties sets log levels"),
        "pathname" => Remedy::action("remove it: the Store of a PersistentManager decides where sessions are stored"),
        "sessionActivityCheck" | "sessionLastAccessAtStart" if instance.major() == Some(9) => Remedy::action(format!(
            "set org.apache.catalina.session.StandardSession.{}=true in conf/catalina.properties",
            if name == "sessionActivityCheck" { "ACTIVITY_CHECK" } else { "LAST_ACCESS_AT_START" }
        )),
        _ => match nearest(name, known.iter().copied()) {
            Some(near) => Remedy::action(format!("write `{near}`")),
            None => Remedy::action("remove it"),
        },
    }
}
