//! Common parts of the program's own URLs for MySQL, MariaDB and PostgreSQL: reading parameters, TLS, and time
//! limits.

use std::collections::BTreeMap;
use std::time::Duration;

use secrecy::SecretString;

use super::jdbc::unknown_parameter;
use super::url::{KEEPALIVE, canonical, failover, parts, seconds};
use super::{DbError, DbErrorKind, Engine, Stop, Target, Timeouts, UrlError};

/// A parameter: the name in help texts, and all names in canonical form.
pub(super) type Parameter = (&'static str, &'static [&'static str]);

/// Parses the part of a URL after its scheme; the values of the parameters are not checked. `port` is the default
/// port.
///
/// # Errors
/// If it is not a URL, or a parameter is not in `known`.
pub(super) fn parse(
    engine: &'static dyn Engine,
    text: &str,
    port: u16,
    known: &[Parameter],
) -> Result<Target, UrlError> {
    let rest = text.split_once(':').map_or("", |(_, rest)| rest);
    let mut parts = parts(rest, &format!("{}://user:password@host:{port}/database", engine.name()))?;
    let mut params = BTreeMap::new();
    for (given, value) in std::mem::take(&mut parts.query) {
        let name = canonical(&given);
        let Some((shown, _)) = known.iter().find(|(_, names)| names.contains(&name.as_str())) else {
            let known: Vec<&str> = known.iter().map(|(shown, _)| *shown).collect();
            return Err(unknown_parameter(&given, &known));
        };
        match *shown {
            "user" => parts.user = Some(value),
            "password" => parts.password = Some(SecretString::from(value)),
            _ => drop(params.insert(*shown, value)),
        }
    }
    Ok(Target {
        engine,
        host: parts.host,
        port: parts.port.unwrap_or(port),
        user: parts.user,
        password: parts.password,
        database: parts.database,
        params,
        stop: Stop::never(),
        failover: failover(parts.others, port),
        accepts_any_certificate: false,
        notes: Vec::new(),
    })
}

/// Use of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tls {
    /// No TLS.
    Disabled,
    /// TLS if the server offers it. The certificate is checked, unless the target accepts any.
    Tried,
    /// TLS, without a check of the certificate.
    Required,
    /// TLS with a certificate that is signed by a trusted authority.
    VerifyCa,
    /// TLS with such a certificate for the name of the host.
    VerifyIdentity,
}

impl Tls {
    /// The value in the program's own URLs.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Tls::Disabled => "disabled",
            Tls::Tried => "preferred",
            Tls::Required => "required",
            Tls::VerifyCa => "verify-ca",
            Tls::VerifyIdentity => "verify-identity",
        }
    }

    /// The value in the URL, converted by `named`.
    ///
    /// # Errors
    /// If `named` does not know the value.
    pub(super) fn of(target: &Target, named: impl Fn(&str) -> Option<Tls>) -> Result<Tls, UrlError> {
        let Some(mode) = target.params.get("ssl-mode") else {
            return Ok(Tls::Tried);
        };
        named(mode).ok_or_else(|| {
            UrlError::new(
                "the URL's ssl-mode has an unknown value",
                "use ssl-mode=disabled, preferred (the default), required (no check of the certificate), verify-ca or verify-identity",
            )
        })
    }
}

/// Finds a certificate file that cannot be read: the driver would report it as a failed connection.
///
/// # Errors
/// A [`DbError`] of the kind `Tls`, with the name of the file.
pub(super) fn require_readable_files(target: &Target) -> Result<(), DbError> {
    for name in ["ssl-ca", "ssl-cert", "ssl-key"] {
        if let Some(file) = target.params.get(name)
            && let Err(e) = std::fs::File::open(file)
        {
            return Err(DbError::new(DbErrorKind::Tls, "", format!("cannot read {name} `{file}`: {e}")));
        }
    }
    Ok(())
}

/// Time limit for connecting, in seconds.
///
/// # Errors
/// If the value is not a number.
pub(super) fn connect_timeout(target: &Target) -> Result<u64, UrlError> {
    match target.params.get("connect-timeout").map(|s| s.parse::<u64>()) {
        None | Some(Ok(0)) => Ok(10),
        Some(Ok(seconds)) => Ok(seconds),
        Some(Err(_)) => {
            Err(UrlError::new("the URL's connect-timeout is not a number", "write seconds: connect-timeout=10"))
        }
    }
}

/// The time limits for the server; `connect` is the limit for connecting in seconds. The URL has already been
/// checked.
pub(super) fn timeouts(target: &Target, connect: Result<u64, UrlError>) -> Timeouts {
    Timeouts { connect: connect.ok().map(Duration::from_secs), keepalive: keepalive(target).ok() }
}

/// Time without an answer after which the server counts as unreachable.
///
/// # Errors
/// If the value is not a positive number of seconds.
pub(super) fn keepalive(target: &Target) -> Result<Duration, UrlError> {
    match target.params.get("keepalive-timeout") {
        None => Ok(KEEPALIVE),
        Some(text) => seconds(text).ok_or_else(|| {
            UrlError::new(
                "the URL's keepalive-timeout is not a number of seconds above zero",
                "write seconds: keepalive-timeout=60",
            )
        }),
    }
}
