//! Rules about the JDBC driver and its URL.

use super::{Remedy, Severity, TomcatInstance, UrlCheck, Violation};
use crate::catalina::{ConfiguredStore, Element};
use crate::engine::{DriverClass, driver_class, driver_classes, driver_of_url};

fn class_of(at: &ConfiguredStore) -> Option<&str> {
    at.driver.as_deref()
}

/// The attribute that contains the class of the driver.
fn class_attribute(element: &Element) -> &'static str {
    match element.name.as_str() {
        "Store" => "driverName",
        _ if element.get("driverClass").is_some() => "driverClass",
        _ => "driverClassName",
    }
}

fn each(
    instance: &TomcatInstance,
    evaluate: impl Fn(&ConfiguredStore) -> Option<(Severity, String, Remedy)>,
) -> Vec<Violation> {
    each_element(instance, |_, at| evaluate(at))
}

fn each_element(
    instance: &TomcatInstance,
    evaluate: impl Fn(&Element, &ConfiguredStore) -> Option<(Severity, String, Remedy)>,
) -> Vec<Violation> {
    let fault = |(element, at): (&Element, ConfiguredStore)| {
        let (severity, message, remedy) = evaluate(element, &at)?;
        Some(instance.at(severity, element, message, remedy))
    };
    instance.connections().into_iter().filter_map(fault).collect()
}

pub(super) fn unknown(instance: &TomcatInstance) -> Vec<Violation> {
    each_element(instance, |element, at| {
        let class = class_of(at)?;
        let of_package = |driver: &DriverClass| driver.package.is_some_and(|package| class.starts_with(package));
        let known = driver_class(class).is_some() || driver_classes().any(of_package) || class.starts_with("oracle.");
        let remedy = driver_of_url(&at.url).map_or_else(
            || Remedy::action("check the spelling of the name"),
            |driver| Remedy::config(format!("{}=\"{}\"", class_attribute(element), driver.class)),
        );
        (!known).then(|| {
            (
                Severity::Warning,
                format!("the driver class {class} is unknown: if it is not in lib, no session is loaded or saved"),
                remedy,
            )
        })
    })
}

pub(super) fn old(instance: &TomcatInstance) -> Vec<Violation> {
    each_element(instance, |element, at| {
        let outdated = driver_class(class_of(at)?)?.outdated.as_ref()?;
        let remedy = match outdated.url {
            None => Remedy::config(format!("{}=\"{}\"", class_attribute(element), outdated.instead)),
            Some(url) => Remedy::action(format!(
                "use {}=\"{}\" and a URL of the form {url}",
                class_attribute(element),
                outdated.instead
            )),
        };
        Some((Severity::Warning, outdated.why.to_owned(), remedy))
    })
}

pub(super) fn missing(instance: &TomcatInstance) -> Vec<Violation> {
    if instance.libraries.opened == 0 {
        // Without CATALINA_HOME and with an empty lib, the jars are not known.
        return Vec::new();
    }
    each_element(instance, |element, at| {
        let class = class_of(at)?;
        if instance.libraries.driver(class).is_some() {
            return None;
        }
        // JDBCStore does not look in applications.
        let in_application = element.name != "Store" && instance.libraries.is_in_application(class);
        let (severity, consequence) = if in_application {
            (Severity::Warning, "only applications with the driver in WEB-INF can load and save sessions")
        } else {
            (Severity::Error, "no session is loaded or saved")
        };
        let message = format!("no jar in lib contains the class {class}: {consequence}");
        Some((
            severity,
            message,
            Remedy::action(format!(
                "copy {} into the lib directory of CATALINA_BASE",
                driver_class(class).map_or("the driver's jar", |driver| driver.jar)
            )),
        ))
    })
}

pub(super) fn scheme(instance: &TomcatInstance) -> Vec<Violation> {
    each_element(instance, |element, at| {
        let class = class_of(at)?;
        let driver = driver_class(class)?;
        let url = at.url.to_ascii_lowercase();
        // The rest of the URL may contain a password.
        let scheme = url.split(':').take(2).collect::<Vec<_>>().join(":");
        if !driver.accepted().any(|begin| url.starts_with(begin)) {
            let message = format!(
                "the driver {class} does not accept `{scheme}:` URLs; there is no connection, and no session is loaded or saved"
            );
            let remedy = driver_of_url(&url).map_or_else(
                || Remedy::action(format!("use a URL that begins with {}//", driver.scheme)),
                |of_url| Remedy::config(format!("{}=\"{}\"", class_attribute(element), of_url.class)),
            );
            return Some((Severity::Error, message, remedy));
        }
        let other = driver.also_accepts.as_ref().filter(|other| url.starts_with(other.scheme))?;
        let version =
            instance.libraries.driver(class).and_then(|(_, version)| version?.split('.').next()?.parse::<u32>().ok());
        let permitted = url.contains(&other.parameter.to_ascii_lowercase());
        (!permitted && version.is_none_or(|version| version >= other.refused_from)).then(|| {
            let (name, from, scheme) = (driver.name, other.refused_from, other.scheme);
            let message = format!(
                "{name} refuses `{scheme}` URLs from version {from} on; there is no connection, and no session is loaded or saved"
            );
            let remedy = Remedy::action(format!(
                "use a URL that begins with {}//, or add the parameter {}",
                driver.scheme, other.parameter
            ));
            (Severity::Error, message, remedy)
        })
    })
}

pub(super) fn ampersand(instance: &TomcatInstance) -> Vec<Violation> {
    each(instance, |at| {
        let rest = at.url.strip_prefix("jdbc:sqlserver://")?;
        let place = rest.split(';').next()?;
        place.contains(['&', '?']).then(|| {
            let host = place.split(['&', '?']).next().unwrap_or_default();
            let message = "the URL separates its properties with & (in XML &amp;) instead of ;. SQL Server's driver reads the rest as the port and cannot connect, and no session is loaded or saved".to_owned();
            let form = format!("use a URL of the form jdbc:sqlserver://{host};databaseName=…;encrypt=true;sendStringParametersAsUnicode=false, with account and password as attributes");
            (Severity::Error, message, Remedy::action(form))
        })
    })
}

pub(super) fn unicode(instance: &TomcatInstance) -> Vec<Violation> {
    each(instance, |at| {
        let url = at.url.to_ascii_lowercase();
        (url.starts_with("jdbc:sqlserver:") && !url.contains("sendstringparametersasunicode=false")).then(|| {
            let message = "without sendStringParametersAsUnicode=false each load and save of a session scans the table, because ids are sent as NVARCHAR and the key is VARCHAR: requests become slower with every session".to_owned();
            (Severity::Warning, message, Remedy::action("add ;sendStringParametersAsUnicode=false to the URL"))
        })
    })
}

pub(super) fn clear_text(instance: &TomcatInstance) -> Vec<Violation> {
    each(instance, |at| {
        let remedy = driver_of_url(&at.url)?.encrypted;
        matches!(read(instance, at), Some(UrlCheck::Usable { encrypted: false, local: false })).then(|| {
            let message = "with this URL the connection is not encrypted: session ids and data cross the network in clear text, and whoever reads an id is logged in".to_owned();
            (Severity::Warning, message, Remedy::action(format!("set {remedy} in the URL")))
        })
    })
}

/// A URL that its driver refuses or misinterprets.
pub(super) fn invalid_url(instance: &TomcatInstance) -> Vec<Violation> {
    each(instance, |at| match read(instance, at)? {
        // Another rule reports the separators of SQL Server.
        UrlCheck::Unusable { wrong_separator: true, .. } => None,
        UrlCheck::Unusable { why, remedy, .. } => {
            let message = format!("{why}: there is no connection, and no session is loaded or saved");
            Some((Severity::Error, message, Remedy::action(remedy.clone())))
        }
        UrlCheck::Usable { .. } => None,
    })
}

fn read<'a>(instance: &'a TomcatInstance, at: &ConfiguredStore) -> Option<&'a UrlCheck> {
    instance.urls.iter().find(|(place, _)| *place == at.place).map(|(_, read)| read)
}

pub(super) fn public_key(instance: &TomcatInstance) -> Vec<Violation> {
    each(instance, |at| {
        let url = at.url.to_ascii_lowercase();
        (url.contains("allowpublickeyretrieval=true") && !is_local(&url)).then(|| {
            let message = "allowPublicKeyRetrieval=true accepts any key as the server's: an attacker on the network can get the database password".to_owned();
            (Severity::Warning, message, Remedy::action("set sslMode=VERIFY_IDENTITY in the URL instead"))
        })
    })
}

fn is_local(url: &str) -> bool {
    let host = url.split("//").nth(1).unwrap_or_default();
    ["localhost", "127.", "[::1]"].iter().any(|local| host.starts_with(local))
}
