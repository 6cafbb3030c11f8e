//! The servers in a JDBC URL: `h`, `h:3306`, `[::1]:3306`, `address=(host=h)(port=3306)`,
//! `(host=h,port=3306)`, and lists of them.

use secrecy::SecretString;

use super::decoded;
use crate::engine::UrlError;

/// How a driver uses the servers that a URL names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Mode {
    /// The first that answers, in their order.
    Failover,
    LoadBalance,
    Replication,
}

/// The words between the scheme and `//`.
const MODES: &[(&str, Mode)] = &[
    ("", Mode::Failover),
    ("sequential", Mode::Failover),
    ("failover", Mode::LoadBalance),
    ("loadbalance", Mode::LoadBalance),
    ("load-balance-read", Mode::Replication),
    ("replication", Mode::Replication),
    ("aurora", Mode::Replication),
];

impl Mode {
    /// Finds the mode of a word between the scheme and `//`.
    pub(super) fn of(word: &str) -> Option<Mode> {
        MODES.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, mode)| *mode)
    }

    fn as_str(self) -> &'static str {
        match self {
            Mode::Failover => "failover",
            Mode::LoadBalance => "load balancing",
            Mode::Replication => "replication",
        }
    }
}

/// A server, and what the URL says of it alone.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct Host {
    /// Empty where the URL leaves it out.
    pub name: String,
    pub port: Option<u16>,
    pub user: Option<String>,
    pub password: Option<SecretString>,
    /// Other parameters in the long form.
    pub parameters: Vec<(String, String)>,
}

/// Takes apart what stands between `//` and the database; `percent` where the driver decodes.
///
/// # Errors
/// When it is malformed. No part of it is repeated, since it may hold a password.
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
        "the store's URL is malformed: what stands between // and the database is no host and port",
        "the form is jdbc:mysql://host:3306/database?user=…&password=…; a password with @ or / in it belongs behind the ?, or into an attribute of its own",
    )
}

/// The one server of a URL.
///
/// # Errors
/// When the URL names several.
pub(super) fn single(mut hosts: Vec<Host>, mode: Mode, in_clear: bool, scheme: &str) -> Result<Host, UrlError> {
    match hosts.len() {
        0 => Ok(Host::default()),
        1 => Ok(hosts.swap_remove(0)),
        several => {
            // With an account among them, what looks like a host may be a part of a password.
            let first = if in_clear { hosts[0].name.as_str() } else { "HOST" };
            let port = hosts[0].port.filter(|_| in_clear).unwrap_or(3306);
            Err(UrlError::new(
                format!("the URL names {several} servers for {}, and this program connects to one", mode.as_str()),
                format!(
                    "name one by --url, the one that takes writes: --url {scheme}://USER@{first}:{port}/DATABASE, with --table and --columns where the Store names them"
                ),
            ))
        }
    }
}
