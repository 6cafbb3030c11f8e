//! URLs of SQL Server: our own, and those of Microsoft's and jTDS's JDBC drivers.

use std::collections::BTreeMap;
use std::time::Duration;

use secrecy::SecretString;

use super::Mssql;
use crate::engine::url::{KEEPALIVE, canonical, parts, seconds};
use crate::engine::{Stop, Target, Timeouts, UrlError};

/// The parameters that we understand: the name that stands in help texts, and in canonical form
/// all names for it (<https://learn.microsoft.com/sql/connect/jdbc/setting-the-connection-properties>).
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
    ("keepaliveTimeout", &["keepalivetimeout"]),
];

/// Parameters of the JDBC drivers that change nothing for us.
const JDBC_ONLY: &[&str] = &[
    "applicationintent",
    "cancelquerytimeout",
    "charset",
    "connectretrycount",
    "connectretryinterval",
    "delayloadinglobs",
    "disablestatementpooling",
    "fips",
    "lastupdatecount",
    "locktimeout",
    "multisubnetfailover",
    "packetsize",
    "preparesql",
    "querytimeout",
    "responsebuffering",
    "selectmethod",
    "sendstringparametersasunicode",
    "sendtimeasdatetime",
    "sockettimeout",
    "statementpoolingcachesize",
    "tcpnodelay",
    "tds",
    "usebulkcopyforbatchinsert",
    "uselobs",
    "workstationid",
    "xopenstates",
];

/// For connecting and logging in, where the URL says nothing else.
const LOGIN: Duration = Duration::from_secs(10);

const EXAMPLE: &str = "mssql://user:password@host:1433/database";
const JDBC_EXAMPLE: &str = "jdbc:sqlserver://host:1433;databaseName=tomcat;user=tomcat;password=…";

pub(super) fn parse(text: &str) -> Result<Target, UrlError> {
    let lower = text.to_ascii_lowercase();
    let (rest, jdbc) = if lower.starts_with("jdbc:jtds:sqlserver:") {
        (&text["jdbc:jtds:sqlserver:".len()..], true)
    } else if lower.starts_with("jdbc:sqlserver:") {
        (&text["jdbc:sqlserver:".len()..], true)
    } else {
        (text.split_once(':').map_or("", |(_, rest)| rest), false)
    };
    let mut target = Target {
        engine: &Mssql,
        host: String::new(),
        port: 1433,
        user: None,
        password: None,
        database: None,
        params: BTreeMap::new(),
        stop: Stop::never(),
    };
    if jdbc {
        semicolons(rest, &mut target)?;
    } else {
        let mut parts = parts(rest, EXAMPLE)?;
        target.host = parts.host;
        target.port = parts.port.unwrap_or(1433);
        target.user = parts.user;
        target.password = parts.password;
        target.database = parts.database;
        for (name, value) in std::mem::take(&mut parts.query) {
            set(&mut target, &name, value, false)?;
        }
    }
    if target.host.is_empty() {
        return Err(UrlError::new(
            "the store's URL names no host",
            format!("the form is {EXAMPLE}, or {JDBC_EXAMPLE}"),
        ));
    }
    Encrypt::of(&target)?;
    Ok(target)
}

/// Takes apart `//host\instance:port/database;name=value;name={va;lue}`.
fn semicolons(rest: &str, target: &mut Target) -> Result<(), UrlError> {
    let Some(rest) = rest.strip_prefix("//") else {
        return Err(UrlError::new(
            "the store's URL is malformed: the scheme is not followed by //",
            format!("the form is {JDBC_EXAMPLE}"),
        ));
    };
    let (place, properties) = rest.split_once(';').unwrap_or((rest, ""));
    if let Some((place, _)) = place.split_once(['&', '?']) {
        // A guide's URL: MySQL's separators after SQL Server's scheme. The driver takes all of it for the port.
        return Err(UrlError::new(
            "the store's URL parts its properties by & where SQL Server's driver wants ;",
            format!("write jdbc:sqlserver://{place};databaseName=…;user=…;password=…"),
        ));
    }
    let (place, database) = place.split_once('/').map_or((place, None), |(place, db)| (place, Some(db)));
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (place, None),
    };
    if let Some(port) = port {
        target.port = port.parse().map_err(|_| {
            UrlError::new(
                "the store's URL is malformed: its port is not a number",
                format!("the form is {JDBC_EXAMPLE}"),
            )
        })?;
    }
    let (host, instance) = host.split_once('\\').map_or((host, None), |(host, instance)| (host, Some(instance)));
    if instance.is_some() && port.is_none() {
        return Err(named_instance());
    }
    target.host = host.trim_matches(['[', ']']).to_owned();
    target.database = database.filter(|d| !d.is_empty()).map(str::to_owned);
    for (name, value) in split_properties(properties)? {
        set(target, &name, value, true)?;
    }
    Ok(())
}

/// Parts `name=value;…`; a value in braces may hold `;`, and `}}` stands for one `}`.
fn split_properties(text: &str) -> Result<Vec<(String, String)>, UrlError> {
    let mut properties = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let Some((name, after)) = rest.split_once('=') else {
            return Err(UrlError::new(
                "the store's URL is malformed: a property has no =",
                format!("the form is {JDBC_EXAMPLE}"),
            ));
        };
        let value;
        (value, rest) = match after.strip_prefix('{') {
            Some(braced) => braced_value(braced)?,
            None => {
                let (value, rest) = after.split_once(';').unwrap_or((after, ""));
                (value.to_owned(), rest)
            }
        };
        properties.push((name.trim().to_owned(), value));
        rest = rest.trim_start_matches([';', ' ']);
    }
    Ok(properties)
}

fn braced_value(text: &str) -> Result<(String, &str), UrlError> {
    let mut value = String::new();
    let mut rest = text;
    loop {
        let Some((before, after)) = rest.split_once('}') else {
            return Err(UrlError::new("the store's URL is malformed: a { has no }", "a } inside braces is written }}"));
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

fn set(target: &mut Target, given: &str, value: String, jdbc: bool) -> Result<(), UrlError> {
    let name = canonical(given);
    let Some((shown, _)) = KNOWN.iter().find(|(_, names)| names.contains(&name.as_str())) else {
        return match name.as_str() {
            "integratedsecurity" if value.eq_ignore_ascii_case("false") => Ok(()),
            "authentication" if ["notspecified", "sqlpassword"].contains(&canonical(&value).as_str()) => Ok(()),
            "integratedsecurity" | "authentication" | "domain" => Err(UrlError::new(
                format!("the URL's parameter `{given}` asks for a login that is not SQL Server's own"),
                "make a SQL login: `tomcat-sessions init-db --engine mssql` prints how",
            )),
            "ssl" if jdbc => {
                let encrypt = match canonical(&value).as_str() {
                    "off" | "request" => "optional",
                    _ => "true",
                };
                target.params.insert("encrypt", encrypt.to_owned());
                Ok(())
            }
            other if jdbc && JDBC_ONLY.contains(&other) => Ok(()),
            _ => {
                let known: Vec<&str> = KNOWN.iter().map(|(shown, _)| *shown).collect();
                Err(UrlError::unknown_param(given, &known))
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

/// What bounds the waits for the server.
pub(super) fn timeouts(target: &Target) -> Timeouts {
    let of = |name: &str| target.params.get(name).and_then(|text| seconds(text));
    Timeouts {
        connect: Some(of("loginTimeout").unwrap_or(LOGIN)),
        keepalive: Some(of("keepaliveTimeout").unwrap_or(KEEPALIVE)),
    }
}

fn named_instance() -> UrlError {
    UrlError::new(
        "the store's URL names an instance, and finding it needs the SQL Server Browser",
        "give the port that the instance listens on: mssql://user@host:PORT/database; SQL Server Configuration Manager shows it",
    )
}

/// How TLS is used, in the words of Microsoft's driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encrypt {
    /// Only the login, as every driver does it, whoever answers.
    LoginOnly,
    /// Everything where the server can, with a checked certificate.
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
                format!("the URL's encrypt `{mode}` is not understood"),
                "encrypt is true, false, optional (the default: tried) or strict",
            )),
        }
    }
}

/// Tells whether any certificate will do.
pub(super) fn trusts_any(target: &Target) -> bool {
    target
        .params
        .get("trustServerCertificate")
        .is_some_and(|v| matches!(v.to_ascii_lowercase().as_str(), "true" | "yes"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn our_own_form() {
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
    fn as_it_stands_in_a_context_xml() {
        let t = parse(
            "jdbc:sqlserver://db:1434;databaseName=tomcat;user=tomcat;password={a;b}}c};encrypt=true;trustServerCertificate=true;sendStringParametersAsUnicode=false",
        )
        .unwrap();
        assert_eq!((t.host.as_str(), t.port, t.database.as_deref()), ("db", 1434, Some("tomcat")));
        assert_eq!(t.password.as_ref().unwrap().expose_secret(), "a;b}c");
        assert!(trusts_any(&t));
        assert_eq!(Encrypt::of(&t), Ok(Encrypt::Required));
    }

    #[test]
    fn jtds() {
        let t = parse("jdbc:jtds:sqlserver://db:1433/tomcat;ssl=request;user=u;password=p").unwrap();
        assert_eq!((t.database.as_deref(), t.user.as_deref()), (Some("tomcat"), Some("u")));
        assert_eq!(Encrypt::of(&t), Ok(Encrypt::Tried));
    }

    #[test]
    fn faults_are_named_without_the_password() {
        for (url, says) in [
            (
                "jdbc:sqlserver://db:1433&databaseName=tomcat&user=u&password=secret",
                "jdbc:sqlserver://db:1433;databaseName=",
            ),
            ("jdbc:sqlserver://db\\SQLEXPRESS;databaseName=tomcat;password=secret", "port"),
            ("jdbc:sqlserver://db;instanceName=X;password=secret", "port"),
            ("jdbc:sqlserver://db;password={secret", "}"),
            ("jdbc:sqlserver://db;password=secret;integratedSecurity=true", "integratedSecurity"),
            ("jdbc:sqlserver://db;password=secret;encrpt=true", "encrpt"),
            ("jdbc:sqlserver://;password=secret", "host"),
            ("jdbc:sqlserver:db;password=secret", "//"),
            ("jdbc:sqlserver://db:port;password=secret", "port"),
            ("mssql://u:secret@db/tomcat?encrypt=perhaps", "perhaps"),
            ("mssql://u:secret@db/tomcat?keepaliveTimeout=soon", "keepaliveTimeout=60"),
            ("mssql://u:secret@db/tomcat?sendStringParametersAsUnicode=false", "sendStringParametersAsUnicode"),
        ] {
            let error = parse(url).unwrap_err();
            let text = format!("{} {}", error.message, error.hint);
            assert!(text.contains(says), "{url}: {text}");
            assert!(!text.contains("secret"), "{url}: {text}");
        }
    }
}
