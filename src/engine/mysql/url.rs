//! URLs for MySQL and MariaDB in the program's own form. Those of the JDBC drivers are in `jdbc`.

use crate::engine::url::canonical;
use crate::engine::url_parameters::{self, Parameter, Tls, keepalive};
use crate::engine::{Engine, Target, Timeouts, UrlError};

/// The known parameters.
const KNOWN: &[Parameter] = &[
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
    let target = url_parameters::parse(engine, text, 3306, KNOWN)?;
    check(&target)?;
    Ok(target)
}

/// Checks the values of the parameters.
///
/// # Errors
/// If a value is invalid for its parameter.
pub(super) fn check(target: &Target) -> Result<(), UrlError> {
    tls(target)?;
    connect_timeout(target)?;
    keepalive(target).map(drop)
}

/// Use of TLS, with the values of the mysql client, Connector/J or MariaDB's driver.
pub(super) fn tls(target: &Target) -> Result<Tls, UrlError> {
    Tls::of(target, |mode| {
        Some(match canonical(mode).as_str() {
            "disabled" | "disable" => Tls::Disabled,
            "preferred" => Tls::Tried,
            "required" | "trust" => Tls::Required,
            "verifyca" => Tls::VerifyCa,
            "verifyidentity" | "verifyfull" => Tls::VerifyIdentity,
            _ => return None,
        })
    })
}

/// Time limit for connecting in seconds; Connector/J uses milliseconds, which are recognized by their size.
fn connect_timeout(target: &Target) -> Result<u64, UrlError> {
    let given = url_parameters::connect_timeout(target)?;
    Ok(if given >= 1000 { given / 1000 } else { given })
}

/// The time limits for the server; the URL has already been checked.
pub(super) fn timeouts(target: &Target) -> Timeouts {
    url_parameters::timeouts(target, connect_timeout(target))
}

#[cfg(test)]
mod tests {
    use super::super::Mysql;
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn urls_of_this_program_are_parsed() {
        let t = parse(&Mysql, "mysql://to%40m:p%2Fw@db.example:3307/tomcat?ssl-mode=required").unwrap();
        assert_eq!(
            (t.host.as_str(), t.port, t.user.as_deref(), t.database.as_deref()),
            ("db.example", 3307, Some("to@m"), Some("tomcat"))
        );
        assert_eq!(t.password.as_ref().unwrap().expose_secret(), "p/w");
        assert_eq!(tls(&t), Ok(Tls::Required));
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
    fn errors_do_not_contain_the_password() {
        for (url, expected_text) in [
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
            assert!(text.contains(expected_text), "{url}: {text}");
            assert!(!text.contains("secret") && !text.contains("s3cret"), "{url}: {text}");
        }
    }
}
