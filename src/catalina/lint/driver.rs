//! Rules about the JDBC driver and its URL.

use super::{Remedy, Severity, TomcatInstance, UrlCheck, Violation};
use crate::catalina::{ConfiguredStore, Element};

/// Classes of drivers, and the prefixes of their URLs.
const URL_PREFIXES: &[(&str, &[&str])] = &[
    ("com.mysql.cj.jdbc.Driver", &["jdbc:mysql:"]),
    ("com.mysql.jdbc.Driver", &["jdbc:mysql:"]),
    ("org.mariadb.jdbc.Driver", &["jdbc:mariadb:", "jdbc:mysql:"]),
    ("org.postgresql.Driver", &["jdbc:postgresql:"]),
    ("com.microsoft.sqlserver.jdbc.SQLServerDriver", &["jdbc:sqlserver:"]),
    ("net.sourceforge.jtds.jdbc.Driver", &["jdbc:jtds:"]),
];

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
        let known = URL_PREFIXES.iter().any(|(known, _)| *known == class)
            || class.starts_with("org.postgresql.")
            || class.starts_with("oracle.");
        let remedy = by_url(&at.url).map_or_else(
            || Remedy::action("check the spelling of the name"),
            |class| Remedy::config(format!("{}=\"{class}\"", class_attribute(element))),
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
    each_element(instance, |element, at| match class_of(at)? {
        "com.mysql.jdbc.Driver" => {
            let message = "com.mysql.jdbc.Driver is the class name of Connector/J 5: later versions log a warning at each start, and an update may remove the name";
            Some((
                Severity::Warning,
                message.to_owned(),
                Remedy::config(format!("{}=\"com.mysql.cj.jdbc.Driver\"", class_attribute(element))),
            ))
        }
        "net.sourceforge.jtds.jdbc.Driver" => {
            let message = "jTDS is no longer maintained and has no TLS 1.2 support of its own: a server that requires it refuses the login, and no session is saved";
            Some((
                Severity::Warning,
                message.to_owned(),
                Remedy::config(
                    "com.microsoft.sqlserver.jdbc.SQLServerDriver and jdbc:sqlserver://host:1433;databaseName=…",
                ),
            ))
        }
        _ => None,
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
            (Severity::Warning, "only applications with the driver in WEB-INF/lib can load and save sessions")
        } else {
            (Severity::Error, "no session is loaded or saved")
        };
        let message = format!("no jar in lib contains the class {class}: {consequence}");
        Some((
            severity,
            message,
            Remedy::action(format!("copy {} into the lib directory of CATALINA_BASE", jar_of(class))),
        ))
    })
}

pub(super) fn scheme(instance: &TomcatInstance) -> Vec<Violation> {
    each(instance, |at| {
        let class = class_of(at)?;
        let (_, takes) = URL_PREFIXES.iter().find(|(known, _)| *known == class)?;
        let url = at.url.to_ascii_lowercase();
        // The rest of the URL may contain a password.
        let scheme = url.split(':').take(2).collect::<Vec<_>>().join(":");
        if !takes.iter().any(|begin| url.starts_with(begin)) {
            let message = format!(
                "the driver {class} does not accept URLs with {scheme}: there is no connection, and no session is loaded or saved"
            );
            let remedy = by_url(&url).map_or_else(|| Remedy::config(format!("{}//…", takes[0])), Remedy::config);
            return Some((Severity::Error, message, remedy));
        }
        let of_mysql =
            class.starts_with("org.mariadb") && url.starts_with("jdbc:mysql:") && !url.contains("permitmysqlscheme");
        let version =
            instance.libraries.driver(class).and_then(|(_, version)| version?.split('.').next()?.parse::<u32>().ok());
        (of_mysql && version.is_none_or(|version| version >= 3)).then(|| {
            let message = "MariaDB's driver from version 3 refuses jdbc:mysql: there is no connection".to_owned();
            (Severity::Error, message, Remedy::config("jdbc:mariadb://…, or the parameter permitMysqlScheme"))
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
            let paste = format!("jdbc:sqlserver://{host};databaseName=…;encrypt=true;sendStringParametersAsUnicode=false, with account and password as attributes");
            (Severity::Error, message, Remedy::config(paste))
        })
    })
}

pub(super) fn unicode(instance: &TomcatInstance) -> Vec<Violation> {
    each(instance, |at| {
        let url = at.url.to_ascii_lowercase();
        (url.starts_with("jdbc:sqlserver:") && !url.contains("sendstringparametersasunicode=false")).then(|| {
            let message = "without sendStringParametersAsUnicode=false each load and save of a session scans the table, because ids are sent as NVARCHAR and the key is VARCHAR: requests become slower with every session".to_owned();
            (Severity::Warning, message, Remedy::config(";sendStringParametersAsUnicode=false"))
        })
    })
}

pub(super) fn clear_text(instance: &TomcatInstance) -> Vec<Violation> {
    each(instance, |at| {
        let url = at.url.to_ascii_lowercase();
        let remedy = match url.split("://").next().unwrap_or_default() {
            "jdbc:sqlserver" => "encrypt=true",
            "jdbc:jtds:sqlserver" => "ssl=authenticate",
            "jdbc:mariadb" => "sslMode=verify-full",
            "jdbc:postgresql" => "sslmode=verify-full",
            _ => "sslMode=VERIFY_IDENTITY",
        };
        matches!(read(instance, at), Some(UrlCheck::Usable { encrypted: false, local: false })).then(|| {
            let message = "with this URL the connection is not encrypted: session ids and data cross the network in clear text, and whoever reads an id is logged in".to_owned();
            (Severity::Warning, message, Remedy::config(remedy))
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
            (Severity::Warning, message, Remedy::config("use sslMode=VERIFY_IDENTITY instead"))
        })
    })
}

fn is_local(url: &str) -> bool {
    let host = url.split("//").nth(1).unwrap_or_default();
    ["localhost", "127.", "[::1]"].iter().any(|local| host.starts_with(local))
}

fn by_url(url: &str) -> Option<&'static str> {
    URL_PREFIXES
        .iter()
        .filter(|(class, _)| *class != "com.mysql.jdbc.Driver")
        .find(|(_, takes)| url.starts_with(takes[0]))
        .map(|(class, _)| *class)
}

fn jar_of(class: &str) -> &'static str {
    match class {
        "org.mariadb.jdbc.Driver" => "mariadb-java-client-*.jar",
        "org.postgresql.Driver" => "postgresql-*.jar",
        "com.microsoft.sqlserver.jdbc.SQLServerDriver" => "mssql-jdbc-*.jar",
        class if class.starts_with("com.mysql.") => "mysql-connector-j-*.jar",
        _ => "the driver's jar",
    }
}
