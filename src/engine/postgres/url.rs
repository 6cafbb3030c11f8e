//! URLs in this program's own format. JDBC URLs are in `jdbc`.

use crate::engine::url::canonical;
use crate::engine::url_parameters::{self, Parameter, Tls, connect_timeout, keepalive};
use crate::engine::{Target, Timeouts, UrlError};

use super::Postgres;

/// The default port.
pub(super) const PORT: u16 = 5432;

/// The supported parameters.
const KNOWN: &[Parameter] = &[
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
    let target = url_parameters::parse(&Postgres, text, PORT, KNOWN)?;
    check(&target)?;
    Ok(target)
}

/// Checks the values of the parameters.
///
/// # Errors
/// A value is invalid for its parameter.
pub(super) fn check(target: &Target) -> Result<(), UrlError> {
    tls(target)?;
    connect_timeout(target)?;
    if target.params.get("socket").is_some_and(|socket| !socket.starts_with('/')) {
        return Err(UrlError::new(
            "the URL's socket is not an absolute path",
            "write the directory of the socket: socket=/var/run/postgresql",
        ));
    }
    keepalive(target).map(drop)
}

/// The TLS mode, by the names of this program or of libpq.
pub(super) fn tls(target: &Target) -> Result<Tls, UrlError> {
    Tls::of(target, tls_named)
}

pub(super) fn tls_named(mode: &str) -> Option<Tls> {
    Some(match canonical(mode).as_str() {
        "disabled" | "disable" => Tls::Disabled,
        "preferred" | "prefer" | "allow" => Tls::Tried,
        "required" | "require" => Tls::Required,
        "verifyca" => Tls::VerifyCa,
        "verifyidentity" | "verifyfull" => Tls::VerifyIdentity,
        _ => return None,
    })
}

/// The time limits for the server. The URL has been checked before.
pub(super) fn timeouts(target: &Target) -> Timeouts {
    url_parameters::timeouts(target, connect_timeout(target))
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn urls_of_this_program_are_parsed() {
        let t = parse("postgresql://to%40m:p%2Fw@db.example:5433/tomcat?sslmode=require").unwrap();
        assert_eq!(
            (t.host.as_str(), t.port, t.user.as_deref(), t.database.as_deref()),
            ("db.example", 5433, Some("to@m"), Some("tomcat"))
        );
        assert_eq!(t.password.as_ref().unwrap().expose_secret(), "p/w");
        assert_eq!(tls(&t), Ok(Tls::Required));
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
    fn errors_name_the_problem_without_the_password() {
        for (url, expected_text) in [
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
            assert!(text.contains(expected_text), "{url}: {text}");
            assert!(!text.contains("secret") && !text.contains("s3cret"), "{url}: {text}");
        }
    }
}
