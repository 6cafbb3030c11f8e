//! Our own URLs of PostgreSQL. Those of the JDBC driver are in `jdbc`.

use std::collections::BTreeMap;
use std::time::Duration;

use secrecy::SecretString;

use crate::engine::jdbc::unknown_parameter;
use crate::engine::url::{KEEPALIVE, canonical, failover, parts, seconds};
use crate::engine::{Stop, Target, Timeouts, UrlError};

use super::Postgres;

/// The port where a URL names none.
pub(super) const PORT: u16 = 5432;

/// The parameters that we understand: the name that stands in help texts, and in canonical form
/// all names for it.
const KNOWN: &[(&str, &[&str])] = &[
    ("user", &["user"]),
    ("password", &["password"]),
    ("ssl-mode", &["sslmode"]),
    ("ssl-ca", &["sslca", "sslrootcert"]),
    ("ssl-cert", &["sslcert"]),
    ("ssl-key", &["sslkey"]),
    ("socket", &["socket", "host"]),
    ("schema", &["schema", "currentschema"]),
    ("connect-timeout", &["connecttimeout"]),
    ("keepalive-timeout", &["keepalivetimeout"]),
];

pub(super) fn parse(text: &str) -> Result<Target, UrlError> {
    let rest = text.split_once(':').map_or("", |(_, rest)| rest);
    let mut parts = parts(rest, "postgres://user:password@host:5432/database")?;
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
        engine: &Postgres,
        host: parts.host,
        port: parts.port.unwrap_or(PORT),
        user: parts.user,
        password: parts.password,
        database: parts.database,
        params,
        stop: Stop::never(),
        failover: failover(parts.others, PORT),
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
    if target.params.get("socket").is_some_and(|socket| !socket.starts_with('/')) {
        return Err(UrlError::new(
            "the URL's socket is not a path from the root on",
            "write the directory of the socket: socket=/var/run/postgresql",
        ));
    }
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

    /// What the URL says, in our words or in those of libpq.
    pub(super) fn of(target: &Target) -> Result<Tls, UrlError> {
        let Some(mode) = target.params.get("ssl-mode") else {
            return Ok(Tls::Tried);
        };
        Tls::named(mode).ok_or_else(|| {
            UrlError::new(
                "the URL's ssl-mode has an unknown value",
                "use ssl-mode=disabled, preferred (the default), required (no check of the certificate), verify-ca or verify-identity",
            )
        })
    }

    pub(super) fn named(mode: &str) -> Option<Tls> {
        Some(match canonical(mode).as_str() {
            "disabled" | "disable" => Tls::Disabled,
            "preferred" | "prefer" | "allow" => Tls::Tried,
            "required" | "require" => Tls::Required,
            "verifyca" => Tls::VerifyCa,
            "verifyidentity" | "verifyfull" => Tls::VerifyIdentity,
            _ => return None,
        })
    }
}

/// Seconds that connecting may take.
fn connect_timeout(target: &Target) -> Result<u64, UrlError> {
    match target.params.get("connect-timeout").map(|s| s.parse::<u64>()) {
        None | Some(Ok(0)) => Ok(10),
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
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn our_own_form() {
        let t = parse("postgresql://to%40m:p%2Fw@db.example:5433/tomcat?sslmode=require").unwrap();
        assert_eq!(
            (t.host.as_str(), t.port, t.user.as_deref(), t.database.as_deref()),
            ("db.example", 5433, Some("to@m"), Some("tomcat"))
        );
        assert_eq!(t.password.as_ref().unwrap().expose_secret(), "p/w");
        assert_eq!(Tls::of(&t), Ok(Tls::Required));
        assert_eq!(t.to_string(), "postgres://to@m@db.example:5433/tomcat");
        assert!(!format!("{t:?}").contains("p/w"));
    }

    #[test]
    fn several_hosts_and_a_socket() {
        let t = parse("postgres://u:p@db1:5433,db2/tomcat").unwrap();
        assert_eq!(t.to_string(), "postgres://u@db1:5433,db2:5432/tomcat");
        let t = parse("postgres://u@localhost/tomcat?host=/var/run/postgresql").unwrap();
        assert_eq!(t.params["socket"], "/var/run/postgresql");
    }

    #[test]
    fn faults_are_named_without_the_password() {
        for (url, says) in [
            ("postgres://u:secret@h:54x2/tomcat", "port"),
            ("postgres:tomcat", "//"),
            ("postgres://u:secret@/tomcat", "host"),
            ("postgres://u:secret@h/tomcat?sslmod=required", "sslmod"),
            ("postgres://u:secret@h/tomcat?ssl-mode=always", "ssl-mode"),
            ("postgres://u:secret@h/tomcat?socket=run", "socket=/var/run"),
            ("postgres://u:secret@h/tomcat?keepalive-timeout=0", "keepalive-timeout=60"),
            ("postgres://u@h/tomcat?password=se&s3cret", "a parameter of the URL"),
        ] {
            let error = parse(url).unwrap_err();
            let text = format!("{} {}", error.message, error.hint);
            assert!(text.contains(says), "{url}: {text}");
            assert!(!text.contains("secret") && !text.contains("s3cret"), "{url}: {text}");
        }
    }
}
