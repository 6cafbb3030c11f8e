//! The URL of a store. Each engine parses its own schemes; the common parts are here.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{ENGINES, Engine, Stop, Unresponsive};
use crate::private_file;
use crate::redaction::{holds_secret, is_within_secret, redact_quotes, redact_url};
use crate::request_log::RequestLog;
use crate::suggestion::nearest;

/// A database and the account for it.
#[derive(Clone)]
pub struct Target {
    pub engine: &'static dyn Engine,
    /// Empty for a file.
    pub host: String,
    pub port: u16,
    pub user: Option<String>,
    pub password: Option<SecretString>,
    /// The name of the database, or of the file.
    pub database: Option<String>,
    /// Parameters by their canonical names, checked by the engine.
    pub params: BTreeMap<&'static str, String>,
    /// Ends waits for the server early.
    pub stop: Stop,
    /// The other hosts, and what to do if the server is lost.
    pub failover: Failover,
    /// Whether certificates are accepted unchecked, unless `params` says otherwise.
    pub accepts_any_certificate: bool,
    /// Notes for the user about the URL: complete sentences, without any part that may be secret.
    pub notes: Vec<String>,
}

/// One of several servers with the same sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPort {
    pub host: String,
    pub port: u16,
}

/// The other servers of a target, and how its connections use them.
#[derive(Debug, Clone, Default)]
pub struct Failover {
    /// The hosts after the first, in the order of the URL.
    pub others: Vec<HostPort>,
    /// For how long the program tries to replace a lost connection; `None` ends the work.
    pub reconnect: Option<Duration>,
    /// Whether a read-only host is preferred to the one that accepts writes.
    pub prefers_replica: bool,
    /// Whether the server was given up.
    pub unanswered: Unresponsive,
    /// The log in which connections record what they send.
    pub log: RequestLog,
}

/// Default time for replacing a lost connection, if the URL lists several hosts.
const RECONNECT: Duration = Duration::from_secs(60);

impl Failover {
    /// For a URL that lists these hosts after the first.
    pub(super) fn to(others: Vec<HostPort>) -> Failover {
        let reconnect = (!others.is_empty()).then_some(RECONNECT);
        Failover { others, reconnect, ..Failover::default() }
    }
}

impl Target {
    /// One target for each host.
    pub(super) fn hosts(&self) -> Vec<Target> {
        if self.failover.others.is_empty() {
            return vec![self.clone()];
        }
        let first = HostPort { host: self.host.clone(), port: self.port };
        std::iter::once(&first).chain(&self.failover.others).map(|place| self.at(place)).collect()
    }

    /// The same target at another host only.
    pub fn at(&self, HostPort { host, port }: &HostPort) -> Target {
        Target { host: host.clone(), port: *port, failover: Failover::default(), ..self.clone() }
    }

    fn unredacted(&self) -> String {
        let user = self.user.as_deref().map(|u| format!("{u}@")).unwrap_or_default();
        let database = self.database.as_deref().unwrap_or_default();
        if self.host.is_empty() {
            return format!("{}:{database}", self.engine.name());
        }
        let others = self.failover.others.iter().map(|other| format!(",{}:{}", other.host, other.port));
        format!("{}://{user}{}:{}{}/{database}", self.engine.name(), self.host, self.port, others.collect::<String>())
    }

    /// Host, port and database, without the account.
    pub fn place(&self) -> String {
        Target { user: None, ..self.clone() }.to_string()
    }

    /// The database file, if every account on this machine can read it; `None` for a server.
    pub fn file_open_to_others(&self) -> Option<PathBuf> {
        let file = self.database.as_ref().filter(|_| self.host.is_empty() && self.params.is_empty()).map(PathBuf::from);
        file.filter(|file| private_file::others_may_read(file))
    }

    /// Tells whether nobody can intercept the connection, because the server is on this machine.
    pub fn is_local(&self) -> bool {
        let is_here = |host: &str| {
            let address: Option<std::net::IpAddr> = host.parse().ok();
            host.eq_ignore_ascii_case("localhost") || address.is_some_and(|address| address.is_loopback())
        };
        let others = self.failover.others.iter().map(|other| other.host.as_str());
        std::iter::once(self.host.as_str()).chain(others).all(is_here) || self.params.contains_key("socket")
    }

    /// Refuses an invalid host, database or user, which may be a password.
    pub(super) fn without_misplaced_secrets(self, url: &str) -> Result<Target, UrlError> {
        let wrong = |part: &Option<String>| part.as_deref().is_some_and(holds_secret) && !self.host.is_empty();
        let misplaced = |host: &str| !host.is_empty() && (!is_host(host) || is_within_secret(url, host));
        let found = if misplaced(&self.host) || self.failover.others.iter().any(|other| misplaced(&other.host)) {
            Some("host")
        } else if wrong(&self.database) {
            Some("database")
        } else {
            wrong(&self.user).then_some("user")
        };
        if let Some(what) = found {
            return Err(UrlError::new(
                format!(
                    "the store's URL is malformed: its {what} is invalid, and may be a part of the account or of the parameters"
                ),
                "the forms are mysql://user@host:3306/database?name=value&name=value and jdbc:sqlserver://host:1433;databaseName=NAME;user=NAME",
            ));
        }
        Ok(self)
    }

    /// The password in clear text; empty if there is none.
    pub(super) fn password(&self) -> &str {
        self.password.as_ref().map_or("", |p| p.expose_secret())
    }
}

/// Tells whether this can be a server: a name, or an address with or without a zone.
fn is_host(host: &str) -> bool {
    let address = host.split('%').next().unwrap_or_default();
    address.parse::<std::net::Ipv6Addr>().is_ok()
        || host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

impl fmt::Display for Target {
    /// The URL without its password. A host or database that turns out to be a password is masked.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&redact_url(&self.unredacted()))
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Default time without an answer after which a server counts as unreachable.
pub(super) const KEEPALIVE: Duration = Duration::from_secs(60);

/// The error in a URL, and what to type instead. Never contains a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlError {
    pub message: String,
    pub hint: String,
    /// The driver may accept the URL, but this program cannot apply it.
    pub unsupported: bool,
    /// A `jdbc:sqlserver:` URL whose properties are separated by `&`.
    pub wrong_separator: bool,
}

impl UrlError {
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> UrlError {
        UrlError { message: message.into(), hint: hint.into(), unsupported: false, wrong_separator: false }
    }

    pub(super) fn unsupported(self) -> UrlError {
        UrlError { unsupported: true, ..self }
    }

    pub(super) fn wrong_separator(self) -> UrlError {
        UrlError { wrong_separator: true, ..self }
    }

    /// The same, with everything masked that [`redact_url`] masks in `url`.
    pub(super) fn redacted(self, url: &str) -> UrlError {
        UrlError { message: redact_quotes(&self.message, url), hint: redact_quotes(&self.hint, url), ..self }
    }

    /// No engine has the scheme of `url`.
    pub(super) fn unknown_scheme(url: &str) -> UrlError {
        // The text before the first colon can be a password only if the scheme is missing; in that case it is not
        // repeated.
        let scheme =
            url.split_once(':').map(|(scheme, _)| scheme).filter(|s| s.chars().all(|c| c.is_ascii_alphanumeric()));
        let message = match scheme {
            Some(scheme) => format!("no database engine has the URL scheme `{scheme}`"),
            None => "the store's URL has no scheme".to_owned(),
        };
        let known = url_schemes();
        let meant = scheme.and_then(|scheme| nearest(scheme, known.iter().copied()));
        let meant = meant.map(|meant| format!("did you mean `{meant}:`? ")).unwrap_or_default();
        UrlError::new(
            message,
            format!("{meant}schemes are {}; for example mysql://tomcat@localhost:3306/tomcat", known.join(", ")),
        )
        .unsupported()
    }
}

/// The schemes of the URLs of all engines, without the colon.
pub fn url_schemes() -> Vec<&'static str> {
    ENGINES.iter().flat_map(|engine| engine.schemes()).copied().collect()
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UrlError {}

/// The parts of a URL of the form `scheme://user:password@host:port/database?name=value&…`.
pub(super) struct Parts {
    pub host: String,
    pub port: Option<u16>,
    /// The hosts after the first.
    pub others: Vec<(String, Option<u16>)>,
    pub user: Option<String>,
    pub password: Option<SecretString>,
    pub database: Option<String>,
    pub query: Vec<(String, String)>,
}

/// Parses the URL of a server; `rest` is the part after the scheme and its colon.
///
/// # Errors
/// If it is malformed. The message does not repeat the URL, which may contain a password.
pub(super) fn parts(rest: &str, example: &str) -> Result<Parts, UrlError> {
    let malformed = |what: String| {
        UrlError::new(
            format!("the store's URL is malformed: {what}"),
            format!(
                "the form is {example}; in names and passwords write @ as %40, : as %3A, / as %2F, # as %23, ? as %3F, % as %25"
            ),
        )
    };
    if !rest.starts_with("//") {
        return Err(malformed("the scheme is not followed by //".to_owned()));
    }
    // The url crate drops tabs and line breaks, even in a password.
    if rest.contains(|c: char| c.is_ascii_control()) {
        return Err(malformed("it contains a control character, for example a tab or a line end".to_owned()));
    }
    let authority = rest[2..].split(['/', '?', '#']).next().unwrap_or_default();
    let after_user = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if after_user.contains('(') {
        return Err(malformed("write a host as host:port".to_owned()));
    }
    // With an unknown scheme, the url crate does not change the path.
    let parse = |rest: &str| Url::parse(&format!("store:{rest}")).map_err(|e| malformed(e.to_string()));
    let (first, others) =
        after_user.split_once(',').map_or((after_user, None), |(first, others)| (first, Some(others)));
    let before = &rest[..2 + authority.len() - after_user.len()];
    let url = parse(&format!("{before}{first}{}", &rest[2 + authority.len()..]))?;
    let mut hosts = Vec::new();
    for other in others.into_iter().flat_map(|others| others.split(',')) {
        let url = parse(&format!("//{other}"))?;
        let host = url.host_str().filter(|h| !h.is_empty()).ok_or_else(|| malformed("it names no host".to_owned()))?;
        hosts.push((host.trim_matches(['[', ']']).to_owned(), url.port()));
    }
    if url.fragment().is_some() {
        return Err(malformed("it contains a #".to_owned()));
    }
    if url.query().is_none() && url.path().contains('&') {
        return Err(UrlError::new(
            "the store's URL is malformed: its first parameter follows `&`",
            "the first parameter follows `?`, and only the others follow `&`: DATABASE?name=value&name=value; in a database's name write & as %26",
        ));
    }
    let decode = |s: &str, what: &str| {
        percent_decode_str(s)
            .decode_utf8()
            .map(|s| s.into_owned())
            .map_err(|_| malformed(format!("its {what} is not UTF-8")))
    };
    let host = url.host_str().filter(|h| !h.is_empty()).ok_or_else(|| malformed("it names no host".to_owned()))?;
    let user = Some(url.username()).filter(|u| !u.is_empty()).map(|u| decode(u, "user")).transpose()?;
    let password = url.password().map(|p| decode(p, "password")).transpose()?.map(SecretString::from);
    let path = decode(url.path().trim_start_matches('/'), "database")?;
    Ok(Parts {
        host: decode(host, "host")?.trim_matches(['[', ']']).to_owned(),
        port: url.port(),
        others: hosts,
        user,
        password,
        database: Some(path).filter(|p| !p.is_empty()),
        query: url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect(),
    })
}

/// The other hosts of a URL, with the default port if none is given.
pub(super) fn failover(others: Vec<(String, Option<u16>)>, port: u16) -> Failover {
    Failover::to(others.into_iter().map(|(host, given)| HostPort { host, port: given.unwrap_or(port) }).collect())
}

/// A positive number of seconds.
pub(super) fn seconds(text: &str) -> Option<Duration> {
    text.parse().ok().filter(|&seconds: &u32| seconds > 0).map(|seconds| Duration::from_secs(seconds.into()))
}

/// The name of a parameter in canonical form: `ssl-mode`, `ssl_mode` and `sslMode` are the same.
pub(super) fn canonical(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_')).map(|c| c.to_ascii_lowercase()).collect()
}
