//! URLs for SQL Server in the program's own form. Those of the JDBC drivers are in `jdbc`.

use std::collections::BTreeMap;
use std::time::Duration;

use secrecy::SecretString;

use super::Mssql;
use crate::engine::jdbc::unknown_parameter;
use crate::engine::url::{KEEPALIVE, canonical, failover, parts, seconds};
use crate::engine::{Stop, Target, Timeouts, UrlError};

/// The known parameters: the name in help texts, and all names in canonical form
/// (<https://learn.microsoft.com/sql/connect/jdbc/setting-the-connection-properties>).
const KNOWN: &[(&str, &[&str])] = &[
    ("user", &["user", "username"]),
    ("password", &["password"]),
    ("databaseName", &["databasename", "database"]),
    ("serverName", &["servername", "server"]),
    ("portNumber", &["portnumber", "port"]),
    ("instanceName", &["instancename", "instance"]),
    ("encrypt", &["encrypt"]),
    ("trustServerCertificate", &["trustservercertificate"]),
    ("hostNameInCertificate", &["hostnameincertificate"]),
    ("serverCertificate", &["servercertificate"]),
    ("applicationName", &["applicationname", "appname"]),
    ("loginTimeout", &["logintimeout"]),
    ("applicationIntent", &["applicationintent"]),
    ("multiSubnetFailover", &["multisubnetfailover"]),
    ("keepaliveTimeout", &["keepalivetimeout"]),
];

/// Default time limit for connecting and logging in.
const LOGIN: Duration = Duration::from_secs(10);

const EXAMPLE: &str = "mssql://user:password@host:1433/database";

pub(super) fn parse(text: &str) -> Result<Target, UrlError> {
    let rest = text.split_once(':').map_or("", |(_, rest)| rest);
    let mut parts = parts(rest, EXAMPLE)?;
    let mut target = Target {
        engine: &Mssql,
        host: parts.host,
        port: parts.port.unwrap_or(1433),
        user: parts.user,
        password: parts.password,
        database: parts.database,
        params: BTreeMap::new(),
        stop: Stop::never(),
        failover: failover(parts.others, 1433),
        accepts_any_certificate: false,
        notes: Vec::new(),
    };
    for (name, value) in std::mem::take(&mut parts.query) {
        set(&mut target, &name, value)?;
    }
    Encrypt::of(&target)?;
    Ok(target)
}

fn set(target: &mut Target, given: &str, value: String) -> Result<(), UrlError> {
    let name = canonical(given);
    let Some((shown, _)) = KNOWN.iter().find(|(_, names)| names.contains(&name.as_str())) else {
        return match name.as_str() {
            "integratedsecurity" if value.eq_ignore_ascii_case("false") => Ok(()),
            "authentication" if ["notspecified", "sqlpassword"].contains(&canonical(&value).as_str()) => Ok(()),
            "integratedsecurity" | "authentication" | "domain" => Err(UrlError::new(
                format!("the URL's parameter `{given}` requests a login other than a SQL Server login"),
                "create a SQL Server login: `tomcat-sessions init-db --engine mssql` prints the statements",
            )),
            _ => {
                let known: Vec<&str> = KNOWN.iter().map(|(shown, _)| *shown).collect();
                Err(unknown_parameter(given, &known))
            }
        };
    };
    match *shown {
        "user" => target.user = Some(value),
        "password" => target.password = Some(SecretString::from(value)),
        "databaseName" => target.database = Some(value),
        "serverName" => target.host = value,
        "portNumber" => {
            target.port = value
                .parse()
                .map_err(|_| UrlError::new("the URL's portNumber is not a number", "write portNumber=1433"))?;
        }
        "instanceName" => return Err(named_instance()),
        "applicationIntent" if !is_intent(&value) => {
            return Err(UrlError::new(
                "the URL's applicationIntent has an unknown value",
                "write applicationIntent=ReadOnly for a readable secondary",
            ));
        }
        "loginTimeout" if value.parse::<u16>().is_err() => {
            return Err(UrlError::new("the URL's loginTimeout is not a number of seconds", "write loginTimeout=15"));
        }
        "keepaliveTimeout" if seconds(&value).is_none() => {
            return Err(UrlError::new(
                "the URL's keepaliveTimeout is not a number of seconds above zero",
                "write keepaliveTimeout=60",
            ));
        }
        _ => drop(target.params.insert(*shown, value)),
    }
    Ok(())
}

pub(super) fn is_intent(value: &str) -> bool {
    ["readonly", "readwrite"].contains(&value.to_ascii_lowercase().as_str())
}

/// Tells whether a boolean parameter is true.
pub(super) fn is_true(target: &Target, name: &str) -> bool {
    target.params.get(name).is_some_and(|value| matches!(value.to_ascii_lowercase().as_str(), "true" | "yes"))
}

/// The time limits for the server.
pub(super) fn timeouts(target: &Target) -> Timeouts {
    let of = |name: &str| target.params.get(name).and_then(|text| seconds(text));
    Timeouts {
        connect: Some(of("loginTimeout").unwrap_or(LOGIN)),
        keepalive: Some(of("keepaliveTimeout").unwrap_or(KEEPALIVE)),
    }
}

pub(super) fn named_instance() -> UrlError {
    UrlError::new(
        "the store's URL names an instance, which is not supported",
        "use the port of the instance: mssql://user@host:PORT/database; SQL Server Configuration Manager shows the port",
    )
}

/// Use of TLS, with the values of Microsoft's driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encrypt {
    /// Only the login is encrypted, as with every driver; the certificate is not checked.
    LoginOnly,
    /// Everything is encrypted if the server offers TLS, with a checked certificate.
    Tried,
    Required,
    /// TLS before the first byte of TDS (SQL Server 2022).
    Strict,
}

impl Encrypt {
    pub(super) fn of(target: &Target) -> Result<Encrypt, UrlError> {
        let Some(mode) = target.params.get("encrypt") else {
            return Ok(Encrypt::Tried);
        };
        match mode.to_ascii_lowercase().as_str() {
            "false" | "no" => Ok(Encrypt::LoginOnly),
            "optional" => Ok(Encrypt::Tried),
            "true" | "yes" | "mandatory" => Ok(Encrypt::Required),
            "strict" => Ok(Encrypt::Strict),
            _ => Err(UrlError::new(
                "the URL's encrypt has an unknown value",
                "use encrypt=true, false, optional or strict",
            )),
        }
    }
}

/// Tells whether every certificate is accepted: if the URL says so, or if it says nothing about TLS and the server is
/// on this machine.
pub(super) fn trusts_any(target: &Target) -> bool {
    let words = ["encrypt", "trustServerCertificate", "serverCertificate", "hostNameInCertificate"];
    let silent = !words.iter().any(|name| target.params.contains_key(name));
    (silent && target.accepts_any_certificate) || is_true(target, "trustServerCertificate")
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn urls_of_this_program_are_parsed() {
        let t = parse("mssql://sa:p%40w@db.example/tomcat?encrypt=strict&applicationName=cron").unwrap();
        assert_eq!(
            (t.host.as_str(), t.port, t.user.as_deref(), t.database.as_deref()),
            ("db.example", 1433, Some("sa"), Some("tomcat"))
        );
        assert_eq!(t.password.as_ref().unwrap().expose_secret(), "p@w");
        assert_eq!(Encrypt::of(&t), Ok(Encrypt::Strict));
        assert_eq!(t.params["applicationName"], "cron");
    }

    #[test]
    fn errors_do_not_contain_the_password() {
        for (url, expected_text) in [
            ("mssql://u:secret@db/tomcat?encrypt=perhaps", "encrypt"),
            ("mssql://u:secret@db/tomcat?keepaliveTimeout=soon", "keepaliveTimeout=60"),
            ("mssql://u:secret@db/tomcat?sendStringParametersAsUnicode=false", "sendStringParametersAsUnicode"),
        ] {
            let error = parse(url).unwrap_err();
            let text = format!("{} {}", error.message, error.hint);
            assert!(text.contains(expected_text), "{url}: {text}");
            assert!(!text.contains("secret"), "{url}: {text}");
        }
    }
}
