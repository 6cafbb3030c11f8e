//! Reads the URLs of Microsoft's driver and of jTDS as these drivers read them.

mod tables;

use std::collections::BTreeMap;

use secrecy::SecretString;

use tables::{JTDS, MICROSOFT, MICROSOFT_OLD};

use super::Mssql;
use super::url::{Encrypt, is_intent, named_instance};
use crate::engine::jdbc::{Configured, Driver, parse_bool, unchecked};
use crate::engine::{Failover, HostPort, Stop, Target, UrlError};

pub(super) static DRIVERS: &[&Driver] = &[&MICROSOFT, &MICROSOFT_OLD, &JTDS];

const EXAMPLE: &str = "jdbc:sqlserver://host:1433;databaseName=tomcat;user=tomcat;password=…";
const JTDS_EXAMPLE: &str = "jdbc:jtds:sqlserver://host:1433/tomcat;user=tomcat;password=…";

/// Reads `jdbc:sqlserver:…` or `jdbc:jtds:sqlserver:…`. With `configured`, the driver's defaults apply; otherwise
/// those of this program.
///
/// # Errors
/// If the driver would refuse the URL, or it cannot be applied.
pub(super) fn parse(text: &str, configured: Option<&Configured<'_>>) -> Result<Target, UrlError> {
    let of_jtds = text.get(..10).is_some_and(|head| head.eq_ignore_ascii_case("jdbc:jtds:"));
    let is_old = configured.is_some_and(|configured| configured.is_before(10, 2));
    let driver = match (of_jtds, is_old) {
        (true, _) => &JTDS,
        (false, true) => &MICROSOFT_OLD,
        (false, false) => &MICROSOFT,
    };
    let rest = text.splitn(if of_jtds { 4 } else { 3 }, ':').last().unwrap_or_default();
    let Some(rest) = rest.strip_prefix("//") else {
        return Err(malformed("the scheme is not followed by //", driver));
    };
    let (place, properties) = rest.split_once(';').unwrap_or((rest, ""));
    let place = if of_jtds { jtds_place(place)? } else { place_of(place, rest)? };
    let sorted = driver.classify(split_properties(properties, driver)?)?;
    let mut target = Target {
        engine: &Mssql,
        host: place.host,
        port: place.port.unwrap_or(1433),
        user: None,
        password: None,
        database: place.database,
        params: BTreeMap::new(),
        stop: Stop::never(),
        failover: Failover::default(),
        accepts_any_certificate: false,
        notes: sorted.notes,
    };
    let mut port_given = place.port.is_some();
    let mut instance = place.instance;
    let mut settings: BTreeMap<&'static str, String> = BTreeMap::new();
    for (name, value) in sorted.used {
        match name {
            // jTDS prefers the server before the parameters.
            "serverName" if !of_jtds || target.host.is_empty() => target.host = value,
            "portNumber" => {
                target.port = value.parse().map_err(|_| {
                    UrlError::new("the URL's parameter `portNumber` is not a number", "write portNumber=1433")
                })?;
                port_given = true;
            }
            "databaseName" => target.database = Some(value).filter(|name| !name.is_empty()),
            "failoverPartner" if !value.is_empty() => {
                let partner = place_of(&value, rest)?;
                if partner.instance && partner.port.is_none() {
                    return Err(named_instance());
                }
                let partner = HostPort { host: partner.host, port: partner.port.unwrap_or(1433) };
                target.failover = Failover::to(vec![partner]);
            }
            "instanceName" | "instance" => instance = instance || !value.is_empty(),
            "hostNameInCertificate" if value.is_empty() => {}
            "hostNameInCertificate" => drop(target.params.insert("hostNameInCertificate", value)),
            "applicationIntent" if value.is_empty() => {}
            "applicationIntent" if is_intent(&value) => drop(target.params.insert("applicationIntent", value)),
            "applicationIntent" => {
                return Err(UrlError::new(
                    "the URL's parameter `applicationIntent` has a value that the driver refuses",
                    "use applicationIntent=ReadWrite or ReadOnly",
                ));
            }
            "multiSubnetFailover" => drop(target.params.insert("multiSubnetFailover", value)),
            "serverCertificate" if !value.is_empty() => drop(target.params.insert("serverCertificate", value)),
            "applicationName" | "appName" if !value.is_empty() => drop(target.params.insert("applicationName", value)),
            "loginTimeout" => {
                if value.parse::<u16>().is_err() {
                    return Err(UrlError::new(
                        "the URL's parameter `loginTimeout` is not a number of seconds",
                        "write loginTimeout=15",
                    ));
                }
                target.params.insert("loginTimeout", value);
            }
            _ => drop(settings.insert(name, value)),
        }
    }
    if target.host.is_empty() {
        return Err(malformed("it names no host", driver));
    }
    if instance && !port_given {
        return Err(named_instance());
    }
    let word = |name: &str| settings.get(name).filter(|value| !value.is_empty()).cloned();
    let beside = configured.and_then(|configured| configured.user).map(str::to_owned);
    let secret_beside = configured.and_then(|configured| configured.password.clone());
    let secret = word("password").map(SecretString::from);
    (target.user, target.password) = if of_jtds {
        (word("user").or(beside), secret.or(secret_beside))
    } else {
        (beside.or(word("user")), secret_beside.or(secret))
    };
    let word = |name: &str| settings.get(name).map(|value| value.trim()).filter(|value| !value.is_empty());
    let setting = if of_jtds {
        jtds_encryption(&mut target, word("ssl"), configured.is_some())
    } else {
        encryption(&mut target, &word, driver, configured.is_some())?
    };
    if let Some(setting) = setting.filter(|_| configured.is_some()) {
        target.notes.push(unchecked(driver, setting));
    }
    Encrypt::of(&target)?;
    Ok(target)
}

/// The TLS settings of Microsoft's driver; returns the setting that leaves the certificate unchecked.
fn encryption<'a>(
    target: &mut Target,
    word: &impl Fn(&str) -> Option<&'a str>,
    driver: &'static Driver,
    configured: bool,
) -> Result<Option<&'static str>, UrlError> {
    let is_old = std::ptr::eq(driver, &MICROSOFT_OLD);
    let encrypt = word("encrypt").map(str::to_ascii_lowercase);
    let mode = match encrypt.as_deref() {
        None if !configured => None,
        None if is_old => Some("false"),
        None => Some("true"),
        Some("true" | "yes") => Some("true"),
        Some("false" | "no") => Some("false"),
        Some("mandatory") if !is_old => Some("true"),
        Some("optional") if !is_old => Some("false"),
        Some("strict") if !is_old => Some("strict"),
        Some(_) => {
            return Err(UrlError::new(
                "the URL's parameter `encrypt` has a value that the driver refuses",
                "use encrypt=true or false; from 10.2 also mandatory, optional, no or strict",
            ));
        }
    };
    if let Some(mode) = mode {
        target.params.insert("encrypt", mode.to_owned());
    }
    let trusts = match word("trustServerCertificate") {
        Some(value) => parse_bool("trustServerCertificate", value, &["true", "yes"], &["false", "no"])?,
        None => false,
    };
    if trusts {
        target.params.insert("trustServerCertificate", "true".to_owned());
    }
    Ok((trusts && mode != Some("false")).then_some("trustServerCertificate=true"))
}

/// The TLS settings of jTDS; returns the setting that leaves the certificate unchecked.
fn jtds_encryption(target: &mut Target, ssl: Option<&str>, configured: bool) -> Option<&'static str> {
    let (encrypt, trusts, setting) = match ssl.map(str::to_ascii_lowercase).as_deref() {
        None if !configured => return None,
        Some("request") => ("optional", true, Some("ssl=request")),
        Some("require") => ("true", true, Some("ssl=require")),
        Some("authenticate") => ("true", false, None),
        _ => ("false", false, None),
    };
    target.params.insert("encrypt", encrypt.to_owned());
    if trusts {
        target.params.insert("trustServerCertificate", "true".to_owned());
    }
    setting
}

/// The part before the first `;`.
struct ServerAddress {
    host: String,
    port: Option<u16>,
    instance: bool,
    database: Option<String>,
}

/// `host\instance:port`. `[::1]` is accepted although the driver refuses it. `rest` is the part after `//`.
fn place_of(place: &str, rest: &str) -> Result<ServerAddress, UrlError> {
    if place.contains(['&', '?']) {
        // A URL from a guide: MySQL's separators with SQL Server's scheme. The driver reads all of it as the port.
        let host = place.split(['&', '?']).next().unwrap_or_default();
        return Err(UrlError::new(
            "the store's URL separates its properties with &, but SQL Server's driver requires ;",
            format!("write jdbc:sqlserver://{};databaseName=…;user=…;password=…", shown_place(host, rest)),
        )
        .wrong_separator());
    }
    if place.contains('/') {
        let host = place.split('/').next().unwrap_or_default();
        return Err(UrlError::new(
            "the store's URL has the database after a /, which SQL Server's driver takes for a part of the port or the host",
            format!("write jdbc:sqlserver://{};databaseName=…", shown_place(host, rest)),
        ));
    }
    if place.contains(['=', '@']) {
        return Err(malformed("the part before the first ; is not a host and port", &MICROSOFT));
    }
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (place, None),
    };
    let (host, instance) = host.split_once('\\').map_or((host, false), |(host, _)| (host, true));
    Ok(ServerAddress {
        host: host.trim().trim_matches(['[', ']']).to_owned(),
        port: port.map(|port| number(port, &MICROSOFT)).transpose()?,
        instance,
        database: None,
    })
}

/// `host:port/database`, each in brackets if it contains special characters.
fn jtds_place(place: &str) -> Result<ServerAddress, UrlError> {
    if place.contains(['&', '?', '@', '=']) {
        return Err(malformed("the part before the first ; is not a host, port and database", &JTDS));
    }
    let (place, database) = place.split_once('/').map_or((place, None), |(place, database)| (place, Some(database)));
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (place, None),
    };
    Ok(ServerAddress {
        host: host.trim().trim_matches(['[', ']']).to_owned(),
        port: port.map(|port| number(port, &JTDS)).transpose()?,
        instance: false,
        database: database.map(|name| name.trim_matches(['[', ']']).to_owned()).filter(|name| !name.is_empty()),
    })
}

fn number(port: &str, driver: &Driver) -> Result<u16, UrlError> {
    port.trim().parse().map_err(|_| malformed("its port is not a number", driver))
}

/// A host and port that may appear in a message. Unusual characters, an unusual port or a following account may mean
/// that it contains a password.
fn shown_place<'a>(place: &'a str, rest: &str) -> &'a str {
    let (host, port) = place.split_once(':').unwrap_or((place, ""));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let is_place = !host.is_empty() && host.chars().all(plain) && port.chars().all(|c| c.is_ascii_digit());
    if is_place && !rest.contains('@') { place } else { "host:1433" }
}

fn malformed(what: &str, driver: &Driver) -> UrlError {
    let example = if std::ptr::eq(driver, &JTDS) { JTDS_EXAMPLE } else { EXAMPLE };
    UrlError::new(format!("the store's URL is malformed: {what}"), format!("the form is {example}"))
}

/// Splits `name=value;…`; a value in braces may contain `;`, and `}}` stands for `}`.
fn split_properties(text: &str, driver: &Driver) -> Result<Vec<(String, String)>, UrlError> {
    let of_jtds = std::ptr::eq(driver, &JTDS);
    let mut properties = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let name_end = rest.find(['=', ';']).unwrap_or(rest.len());
        let name = rest[..name_end].trim();
        if !rest[name_end..].starts_with('=') {
            if !name.is_empty() && !of_jtds {
                return Err(malformed("a property has no =", driver));
            }
            rest = rest[name_end..].trim_start_matches([';', ' ']);
            continue;
        }
        let after = &rest[name_end + 1..];
        let value;
        (value, rest) = match after.trim_start().strip_prefix('{') {
            Some(braced) if !of_jtds => braced_value(braced)?,
            _ => {
                let (value, rest) = after.split_once(';').unwrap_or((after, ""));
                if value.contains('{') && !of_jtds {
                    return Err(malformed("a { is not at the beginning of its value", driver));
                }
                (value.trim().to_owned(), rest)
            }
        };
        properties.push((name.to_owned(), value));
        rest = rest.trim_start_matches([';', ' ']);
    }
    Ok(properties)
}

fn braced_value(text: &str) -> Result<(String, &str), UrlError> {
    let mut value = String::new();
    let mut rest = text;
    loop {
        let Some((before, after)) = rest.split_once('}') else {
            return Err(UrlError::new("the store's URL is malformed: a { has no }", "write a } inside braces as }}"));
        };
        value.push_str(before);
        match after.strip_prefix('}') {
            Some(after) => {
                value.push('}');
                rest = after;
            }
            None => return Ok((value, after)),
        }
    }
}

#[cfg(test)]
mod tests;
