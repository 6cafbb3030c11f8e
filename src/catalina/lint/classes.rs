//! The classes of Tomcat's Managers, Stores and Valves.

use super::{Remedy, Severity, TomcatInstance, Violation};
use crate::catalina::Element;
use crate::suggestion::nearest;

/// Tomcat's own package.
const PACKAGE: &str = "org.apache.catalina.";

// The public classes with a constructor without parameters of 9.0.70, 10.1.60 and 11.0.24, read from their jars.
const MANAGERS: &[&str] =
    &["session.PersistentManager", "session.StandardManager", "ha.session.BackupManager", "ha.session.DeltaManager"];
/// Includes JDBCStore (up to Tomcat 9), for whose absence there is another rule.
const STORES: &[&str] = &["session.DataSourceStore", "session.FileStore", "session.JDBCStore"];
/// Of all three versions: later releases of a branch have some classes of the next branch.
const VALVES: &[&str] = &[
    "authenticator.BasicAuthenticator",
    "authenticator.DigestAuthenticator",
    "authenticator.FormAuthenticator",
    "authenticator.NonLoginAuthenticator",
    "authenticator.SSLAuthenticator",
    "authenticator.SingleSignOn",
    "authenticator.SpnegoAuthenticator",
    "ha.authenticator.ClusterSingleSignOn",
    "ha.session.JvmRouteBinderValve",
    "ha.tcp.ReplicationValve",
    "valves.AccessLogValve",
    "valves.CrawlerSessionManagerValve",
    "valves.ErrorReportValve",
    "valves.ExtendedAccessLogValve",
    "valves.FilterValve",
    "valves.HealthCheckValve",
    "valves.JDBCAccessLogValve",
    "valves.JsonAccessLogValve",
    "valves.JsonErrorReportValve",
    "valves.LoadBalancerDrainingValve",
    "valves.ParameterLimitValve",
    "valves.PersistentValve",
    "valves.ProxyErrorReportValve",
    "valves.RemoteAddrValve",
    "valves.RemoteCIDRValve",
    "valves.RemoteHostValve",
    "valves.RemoteIpValve",
    "valves.SSLValve",
    "valves.SemaphoreValve",
    "valves.StuckThreadDetectionValve",
    "valves.rewrite.RewriteValve",
];

/// Tells whether a Store is one of Tomcat's classes, or has the attributes of one.
pub(super) fn is_tomcats_store(store: &Element) -> bool {
    let class = store.get("className").unwrap_or_default();
    let of_jdbc = ["dataSourceName", "connectionURL", "sessionTable"].iter().any(|name| store.get(name).is_some());
    class.is_empty() || class.starts_with("org.apache.") || !is_java_name(class) || of_jdbc
}

/// Third-party classes, which may be in a jar in `lib`.
pub(super) fn foreign(base: &super::Base) -> Vec<String> {
    let all = elements(base).into_iter().filter_map(|(element, _)| element.get("className"));
    all.filter(|class| !class.starts_with("org.apache.") && is_java_name(class)).map(str::to_owned).collect()
}

pub(super) fn class(instance: &TomcatInstance) -> Vec<Violation> {
    let fault = |(element, known): (&Element, &[&str])| {
        let (message, remedy) = what_is_wrong(instance, element, known)?;
        let in_server = instance.base.server.as_ref().is_some_and(|server| server.place.file == element.place.file);
        let consequence = if in_server {
            "Tomcat does not start"
        } else {
            "Tomcat does not deploy the context and answers every request with 404"
        };
        Some(instance.at(Severity::Error, element, format!("{message}: {consequence}"), remedy))
    };
    elements(&instance.base).into_iter().filter_map(fault).collect()
}

fn what_is_wrong(instance: &TomcatInstance, element: &Element, known: &[&str]) -> Option<(String, Remedy)> {
    let name = &element.name;
    let Some(class) = element.get("className") else {
        if let Some(near) =
            element.attributes().map(|(name, _)| name).find(|name| nearest(name, ["className"]).is_some())
        {
            return Some((format!("<{name}> has `{near}` and no className"), Remedy::action("write `className`")));
        }
        // A Manager without className is a StandardManager, which does not support a Store.
        if name != "Manager" || element.last("Store").is_some() {
            let remedy = match name.as_str() {
                "Manager" => Remedy::config(format!("className=\"{PACKAGE}session.PersistentManager\"")),
                "Store" => Remedy::config(format!("className=\"{PACKAGE}session.DataSourceStore\"")),
                _ => Remedy::action("set className to the class of the valve"),
            };
            return Some((format!("<{name}> has no className"), remedy));
        }
        return None;
    };
    let bare = class.strip_prefix(PACKAGE);
    if bare.is_some_and(|bare| known.contains(&bare)) {
        return None;
    }
    if class.starts_with("org.apache.") || !is_java_name(class) {
        let simple = class.rsplit('.').next().unwrap_or_default();
        let candidates =
            known.iter().filter(|bare| instance.major().is_none_or(|major| major < 10) || !bare.ends_with("JDBCStore"));
        let of = |wanted: &str| candidates.clone().find(|bare| bare.rsplit('.').next() == Some(wanted));
        let meant = of(simple).or_else(|| {
            let simples = candidates.clone().filter_map(|bare| bare.rsplit('.').next());
            of(nearest(simple, simples)?)
        });
        let remedy = match meant {
            Some(meant) => Remedy::config(format!("className=\"{PACKAGE}{meant}\"")),
            None => Remedy::action(format!("use one of Tomcat's classes: {}", known.join(", "))),
        };
        let version = instance.version.map(|version| format!(" {version}")).unwrap_or_default();
        return Some((format!("Tomcat{version} has no class {class} for a <{name}>"), remedy));
    }
    // A third-party class must be in one of the jars that were read, unless another directory is configured.
    let elsewhere = instance
        .base
        .properties
        .get("common.loader")
        .is_some_and(|folders| folders.split(',').any(|folder| !folder.trim_matches(['"', ' ']).contains("/lib")));
    if instance.libraries.tomcat.is_some() && !elsewhere && instance.libraries.driver(class).is_none() {
        return Some((
            format!("no jar in lib contains the class {class}"),
            Remedy::action("copy its jar into the lib directory of CATALINA_BASE"),
        ));
    }
    None
}

/// Every Manager, Store and Valve, each with Tomcat's classes for it.
fn elements(base: &super::Base) -> Vec<(&Element, &'static [&'static str])> {
    let mut found: Vec<(&Element, &'static [&'static str])> = Vec::new();
    let containers = base.engines().flat_map(|engine| engine.children.iter().filter(|child| child.name == "Host"));
    let containers = containers.chain(base.engines()).chain(base.contexts.iter().map(|context| &context.root));
    for child in containers.flat_map(|container| &container.children) {
        if child.name == "Valve" {
            found.push((child, VALVES));
        }
    }
    for manager in base.contexts.iter().flat_map(|context| context.root.children.iter()).filter(|c| c.name == "Manager")
    {
        found.push((manager, MANAGERS));
        found.extend(manager.children.iter().filter(|child| child.name == "Store").map(|store| (store, STORES)));
    }
    found
}

fn is_java_name(class: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '$')
            && part.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$')
    };
    class.split('.').all(part)
}
