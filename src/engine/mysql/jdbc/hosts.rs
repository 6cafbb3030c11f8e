//! The servers in a JDBC URL: `h`, `h:3306`, `[::1]:3306`, `address=(host=h)(port=3306)`,
//! `(host=h,port=3306)`, and lists of them.

use secrecy::{ExposeSecret, SecretString};

use super::decoded;
use crate::engine::{HostPort, UrlError};

/// The words between the scheme and `//`, which determine how the driver chooses a server. This program uses the
/// first suitable server, whichever word it is.
const MODES: &[&str] = &["", "sequential", "failover", "loadbalance", "load-balance-read", "replication", "aurora"];

/// Tells whether a driver knows this word between the scheme and `//`.
pub(super) fn is_mode(word: &str) -> bool {
    MODES.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// A server, and its own parameters in the URL.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct Host {
    /// Empty if the URL omits it.
    pub name: String,
    pub port: Option<u16>,
    pub user: Option<String>,
    pub password: Option<SecretString>,
    /// Other parameters in the long form.
    pub parameters: Vec<(String, String)>,
}

/// Parses the part between `//` and the database; `percent` is true if the driver decodes it.
///
/// # Errors
/// If it is malformed. The message repeats no part of it, because it may contain a password.
pub(super) fn parse(authority: &str, percent: bool) -> Result<Vec<Host>, UrlError> {
    let mut hosts = Vec::new();
    for part in split(authority) {
        let part = part.trim();
        let (account, place) = part.rsplit_once('@').map_or((None, part), |(account, place)| (Some(account), place));
        let (user, password) = match account {
            Some(account) => {
                let (user, password) = account.split_once(':').map_or((account, None), |(u, p)| (u, Some(p)));
                let password = password.map(|p| decoded(p, percent)).transpose()?.map(SecretString::from);
                (Some(decoded(user.trim(), percent)?).filter(|user| !user.is_empty()), password)
            }
            None => (None, None),
        };
        let list =
            place.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).filter(|inside| inside.contains(','));
        let places = list.map_or_else(|| vec![place], split);
        for place in places {
            hosts.push(Host { user: user.clone(), password: password.clone(), ..one(place.trim(), percent)? });
        }
    }
    Ok(hosts)
}

/// Splits at the commas outside of parentheses and brackets.
fn split(text: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    text.split(|c| {
        depth += i32::from(matches!(c, '(' | '[')) - i32::from(matches!(c, ')' | ']'));
        c == ',' && depth == 0
    })
    .collect()
}

fn one(place: &str, percent: bool) -> Result<Host, UrlError> {
    let long = place.get(..8).filter(|head| head.eq_ignore_ascii_case("address=")).map(|_| place[8..].trim());
    let pairs: Vec<&str> = if let Some(pairs) = long {
        let inside = pairs.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).ok_or_else(malformed)?;
        inside.split(')').map(|pair| pair.trim().trim_start_matches('(')).collect()
    } else if let Some(inside) = place.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        inside.split(',').collect()
    } else {
        return short(place, percent);
    };
    let mut host = Host::default();
    for pair in pairs {
        let (name, value) = pair.split_once('=').ok_or_else(malformed)?;
        let value = decoded(value.trim(), percent)?;
        match name.trim().to_ascii_lowercase().as_str() {
            "host" => host.name = value.trim_matches(['[', ']']).to_owned(),
            "port" => host.port = Some(value.parse().map_err(|_| malformed())?),
            _ => host.parameters.push((name.trim().to_owned(), value)),
        }
    }
    Ok(host)
}

fn short(place: &str, percent: bool) -> Result<Host, UrlError> {
    let (name, port) = match place.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, port),
        _ => (place, ""),
    };
    let name = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(name);
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '%');
    if !name.chars().all(is_name) {
        return Err(malformed());
    }
    let port = Some(port).filter(|port| !port.is_empty()).map(str::parse).transpose().map_err(|_| malformed())?;
    Ok(Host { name: decoded(name, percent)?, port, ..Host::default() })
}

fn malformed() -> UrlError {
    UrlError::new(
        "the store's URL is malformed: the part between // and the database is not a host and port",
        "the form is jdbc:mysql://host:3306/database?user=…&password=…; put a password with @ or / after the ?, or into a separate attribute",
    )
}

/// The first server of a URL, and the others.
///
/// # Errors
/// If they differ in more than host and port: a lost connection could not be replaced by an equivalent one.
pub(super) fn first_and_others(hosts: Vec<Host>, driver_port: u16) -> Result<(Host, Vec<HostPort>), UrlError> {
    let mut hosts = hosts.into_iter();
    let first = hosts.next().unwrap_or_default();
    let secret = |host: &Host| host.password.as_ref().map(|password| password.expose_secret().to_owned());
    // Parameters that occur once for the whole list, and those that determine how the driver chooses a server.
    let own = |host: &Host| -> Vec<(String, String)> {
        let mut own = host.parameters.clone();
        own.retain(|(name, _)| !["type", "loadbalance", "protocol"].contains(&name.to_ascii_lowercase().as_str()));
        own.sort();
        own
    };
    let mut others = Vec::new();
    for other in hosts {
        let account = other.user.is_some() || other.password.is_some();
        if account && (other.user != first.user || secret(&other) != secret(&first)) || own(&other) != own(&first) {
            return Err(UrlError::new(
                "the URL names several servers with different accounts or parameters",
                "use --url with the server that accepts writes, or with several servers that share an account: mysql://USER@HOST:3306,HOST:3306/DATABASE",
            )
            .unsupported());
        }
        if other.name.is_empty() {
            return Err(malformed());
        }
        others.push(HostPort { host: other.name, port: other.port.unwrap_or(driver_port) });
    }
    Ok((first, others))
}
