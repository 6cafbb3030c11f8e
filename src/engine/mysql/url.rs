//! Our own URLs of MySQL and MariaDB. Those of the JDBC drivers are in `jdbc`.

use std::collections::BTreeMap;
use std::time::Duration;

use secrecy::SecretString;

use crate::engine::jdbc::unknown_parameter;
use crate::engine::url::{KEEPALIVE, canonical, failover, parts, seconds};
use crate::engine::{Engine, Stop, Target, Timeouts, UrlError};

/// The parameters that we understand: the name that stands in help texts, and in canonical form
/// all names for it.
const KNOWN: &[(&str, &[&str])] = &[
    ("user", &["user"]),
    ("password", &["password"]),
    ("ssl-mode", &["sslmode"]),
    ("ssl-ca", &["sslca", "serversslcert"]),
    ("ssl-cert", &["sslcert"]),
    ("ssl-key", &["sslkey"]),
    ("socket", &["socket", "localsocket"]),
    ("connect-timeout", &["connecttimeout"]),
    ("keepalive-timeout", &["keepalivetimeout"]),
];

pub(super) fn parse(engine: &'static dyn Engine, text: &str) -> Result<Target, UrlError> {
    let rest = text.split_once(':').map_or("", |(_, rest)| rest);
    let example = format!("{}://user:password@host:3306/database", engine.name());
    let mut parts = parts(rest, &example)?;
    let mut params = BTreeMap::new();
    for (given, value) in std::mem::take(&mut parts.query) {
        let name = canonical(&given);
        let Some((shown, _)) = KNOWN.iter().find(|(_, names)| names.contains(&name.as_str())) else {
            let known: Vec<&str> = KNOWN.iter().map(|(shown, _)| *shown).collect();
            return Err(unknown_parameter(&given, &known));
        };
        match *shown {
            "user" => parts.user = Some(value),
            "password" => parts.password = Some(SecretString::from(value)),
            _ => drop(params.insert(*shown, value)),
        }
    }
    let target = Target {
        engine,
        host: parts.host,
        port: parts.port.unwrap_or(3306),
        user: parts.user,
        password: parts.password,
        database: parts.database,
        params,
        stop: Stop::never(),
        failover: failover(parts.others, 3306),
        accepts_any_certificate: false,
        notes: Vec::new(),
    };
    check(&target)?;
    Ok(target)
}

/// Checks the values of the parameters.
///
/// # Errors
/// When one of them is none that its parameter has.
pub(super) fn check(target: &Target) -> Result<(), UrlError> {
    Tls::of(target)?;
    connect_timeout(target)?;
    keepalive(target).map(drop)
}

/// How TLS is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tls {
    /// No TLS.
    Disabled,
    /// TLS where the server offers it, none where it does not. The certificate is checked, unless the
    /// target accepts any.
    Tried,
    /// TLS, whoever answers.
    Required,
    /// TLS, and the certificate is signed by an authority that we trust.
    VerifyCa,
    /// TLS, and the certificate is also that of the host's name.
    VerifyIdentity,
}

impl Tls {
    /// The word in our own URLs.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Tls::Disabled => "disabled",
            Tls::Tried => "preferred",
            Tls::Required => "required",
            Tls::VerifyCa => "verify-ca",
            Tls::VerifyIdentity => "verify-identity",
        }
    }

    /// What the URL says, in the words of the mysql client, Connector/J or MariaDB's driver.
    pub(super) fn of(target: &Target) -> Result<Tls, UrlError> {
        let Some(mode) = target.params.get("ssl-mode") else {
            return Ok(Tls::Tried);
        };
        Ok(match canonical(mode).as_str() {
            "disabled" | "disable" => Tls::Disabled,
            "preferred" => Tls::Tried,
            "required" | "trust" => Tls::Required,
            "verifyca" => Tls::VerifyCa,
            "verifyidentity" | "verifyfull" => Tls::VerifyIdentity,
            _ => {
                return Err(UrlError::new(
                    "the URL's ssl-mode has an unknown value",
                    "use ssl-mode=disabled, preferred (the default), required (no check of the certificate), verify-ca or verify-identity",
                ));
            }
        })
    }
}

/// Seconds that connecting may take; Connector/J counts milliseconds, told apart by their size.
fn connect_timeout(target: &Target) -> Result<u64, UrlError> {
    match target.params.get("connect-timeout").map(|s| s.parse::<u64>()) {
        None | Some(Ok(0)) => Ok(10),
        Some(Ok(ms)) if ms >= 1000 => Ok(ms / 1000),
        Some(Ok(seconds)) => Ok(seconds),
        Some(Err(_)) => {
            Err(UrlError::new("the URL's connect-timeout is not a number", "write seconds: connect-timeout=10"))
        }
    }
}

/// What bounds the waits for the server; the URL was checked before.
pub(super) fn timeouts(target: &Target) -> Timeouts {
    Timeouts { connect: connect_timeout(target).ok().map(Duration::from_secs), keepalive: keepalive(target).ok() }
}

/// The time without an answer after which the server is taken to be gone.
fn keepalive(target: &Target) -> Result<Duration, UrlError> {
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

#[cfg(test)]
mod tests {
    use super::super::Mysql;
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn our_own_form() {
        let t = parse(&Mysql, "mysql://to%40m:p%2Fw@db.example:3307/tomcat?ssl-mode=required").unwrap();
        assert_eq!(
            (t.host.as_str(), t.port, t.user.as_deref(), t.database.as_deref()),
            ("db.example", 3307, Some("to@m"), Some("tomcat"))
        );
        assert_eq!(t.password.as_ref().unwrap().expose_secret(), "p/w");
        assert_eq!(Tls::of(&t), Ok(Tls::Required));
        assert_eq!(t.to_string(), "mysql://to@m@db.example:3307/tomcat");
        assert!(!format!("{t:?}").contains("p/w"));
    }

    #[test]
    fn several_hosts() {
        let t = parse(&Mysql, "mysql://u:p@db1:3307,db2,[::1]:3308/tomcat?ssl-mode=required").unwrap();
        assert_eq!(t.to_string(), "mysql://u@db1:3307,db2:3306,::1:3308/tomcat");
        let hosts: Vec<String> = t.hosts().iter().map(ToString::to_string).collect();
        assert_eq!(hosts, ["mysql://u@db1:3307/tomcat", "mysql://u@db2:3306/tomcat", "mysql://u@::1:3308/tomcat"]);
        assert!(t.failover.reconnect.is_some() && !t.is_local());
        assert!(parse(&Mysql, "mysql://u:p@db1/tomcat").unwrap().failover.reconnect.is_none());
    }

    #[test]
    fn faults_are_named_without_the_password() {
        for (url, says) in [
            ("mysql://u:secret@h:33x6/tomcat", "port"),
            ("mysql:tomcat", "//"),
            ("mysql://u:secret@/tomcat", "host"),
            ("mysql://u:secret@h1,/tomcat", "host"),
            ("mysql://u:secret@h/tomcat?sslmod=required", "sslmod"),
            ("mysql://u:secret@h/tomcat?useUnicode=true", "useUnicode"),
            ("mysql://u:secret@h/tomcat?ssl-mode=always", "ssl-mode"),
            ("mysql://u:secret@h/tomcat?keepalive-timeout=0", "keepalive-timeout=60"),
            ("mysql://u@h/tomcat?password=se&s3cret", "a parameter of the URL"),
            ("mysql://u:sec#ret@h/tomcat", "malformed"),
            ("mysql://u:secret\t@h/tomcat", "control character"),
        ] {
            let error = parse(&Mysql, url).unwrap_err();
            let text = format!("{} {}", error.message, error.hint);
            assert!(text.contains(says), "{url}: {text}");
            assert!(!text.contains("secret") && !text.contains("s3cret"), "{url}: {text}");
        }
    }
}
