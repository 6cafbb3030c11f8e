//! Parses URLs of pgjdbc like the driver (`org.postgresql.Driver.parseURL`).

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use secrecy::SecretString;

use super::Postgres;
use super::url::{PORT, check, tls_named};
use crate::engine::jdbc::ParameterEffect::{Different, Refused, Used};
use crate::engine::jdbc::{Configured, Driver, Parameter, parse_bool, unchecked};
use crate::engine::url_parameters::Tls;
use crate::engine::{Failover, HostPort, Stop, Target, UrlError};

pub(super) static DRIVERS: &[&Driver] = &[&PGJDBC];

const fn parameter(names: &'static [&'static str], effect: crate::engine::jdbc::ParameterEffect) -> Parameter {
    Parameter::new(names, effect)
}

static PGJDBC: Driver = Driver {
    name: "PostgreSQL's driver (pgjdbc)",
    scheme: "jdbc:postgresql:",
    exact_case: true,
    rules: &[
        "An account in the URL takes precedence over the one configured separately.",
        "Names are case-sensitive; names and values are percent-decoded.",
        "The host is `localhost` and the port is 5432 if the URL names none.",
        "Without `sslmode` and `ssl` the driver uses TLS if the server offers it, and does not check the certificate.",
    ],
    parameters: &[
        parameter(&["user"], Used("account")),
        parameter(&["password"], Used("password")),
        parameter(&["PGHOST"], Used("host, if the URL has none")),
        parameter(&["PGPORT"], Used("port, if the URL has none")),
        parameter(&["PGDBNAME"], Used("database, if the URL has none")),
        parameter(&["sslmode"], Used("TLS: `disable`, `allow`, `prefer`, `require`, `verify-ca` or `verify-full`")),
        parameter(&["ssl"], Used("`true` is `sslmode=verify-full`")),
        parameter(&["sslfactory"], Used("`org.postgresql.ssl.NonValidatingFactory`: the certificate is not checked")),
        parameter(&["sslrootcert"], Used("file of the authority that signed the server's certificate")),
        parameter(&["currentSchema"], Used("schemas that are searched for the table")),
        parameter(&["connectTimeout"], Used("time limit for connecting, in seconds")),
        parameter(&["targetServerType"], Used("`secondary` and `preferSecondary` prefer a standby")),
        parameter(
            &["sslcert", "sslkey", "sslpassword", "sslpasswordcallback"],
            Different(
                "the driver's key files are not read. An account that requires a client certificate needs `ssl-cert` and `ssl-key` in `--url`.",
            ),
        ),
        parameter(&["loadBalanceHosts"], Different("the servers are tried in the order of the URL.")),
        parameter(&["options"], Different("the program sets its own session parameters.")),
        parameter(&["localSocketAddress"], Different("the system chooses the local address.")),
        parameter(
            &["socketFactory", "socketFactoryArg"],
            Refused { unless: &[""], why: "a custom class would open the connection" },
        ),
        parameter(&["service"], Refused { unless: &[""], why: "a file names the server and the account" }),
        parameter(
            &["authenticationPluginClassName"],
            Refused { unless: &[""], why: "a custom class would provide the password" },
        ),
    ],
    ignored: &[
        "adaptiveFetch adaptiveFetchMaximum adaptiveFetchMinimum allowEncodingChanges ApplicationName",
        "assumeMinServerVersion autosave binaryTransfer binaryTransferDisable binaryTransferEnable cancelSignalTimeout",
        "channelBinding cleanupSavepoints convertBooleanToNumeric databaseMetadataCacheFields",
        "databaseMetadataCacheFieldsMiB defaultRowFetchSize disableColumnSanitiser escapeSyntaxCallMode gssEncMode",
        "gssResponseTimeout groupStartupParameters gsslib hideUnprivilegedObjects hostRecheckSeconds jaasApplicationName",
        "jaasLogin kerberosServerName localSocketAddress logServerErrorDetail loggerFile loggerLevel loginTimeout",
        "logUnclosedConnections maxResultBuffer maxSendBufferSize pemKeyAlgorithm preferQueryMode",
        "preparedStatementCacheQueries preparedStatementCacheSizeMiB prepareThreshold protocolVersion queryTimeout",
        "quoteReturningIdentifiers readOnly readOnlyMode receiveBufferSize replication requireAuth reWriteBatchedInserts",
        "sendBufferSize socketTimeout sslhostnameverifier sslNegotiation sslResponseTimeout sspiServiceClass stringtype",
        "tcpKeepAlive tcpNoDelay unknownLength useSpnego xmlFactoryFactory",
    ],
};

/// Parses `jdbc:postgresql:…`: with `configured` as Tomcat's driver does; without it, with the defaults of this program
/// for everything that is not in the URL.
///
/// # Errors
/// The driver would refuse the URL, or it contains an unsupported parameter.
pub(super) fn parse(text: &str, configured: Option<&Configured<'_>>) -> Result<Target, UrlError> {
    let rest = text.splitn(3, ':').last().unwrap_or_default();
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = match place.strip_prefix("//") {
        Some(behind) => behind.split_once('/').unwrap_or((behind, "")),
        None => ("", place.strip_prefix('/').unwrap_or(place)),
    };
    if authority.contains(['&', ';', '=', '@']) || path.contains(['&', ';', '=']) {
        return Err(malformed("its parameters do not follow a ?, or an account stands before the host"));
    }
    let mut given = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        given.push((decoded(name)?, decoded(value)?));
    }
    let own = if configured.is_none() { own_parameters(&mut given) } else { BTreeMap::new() };
    let sorted = PGJDBC.classify(given)?;
    let mut settings: BTreeMap<&'static str, String> = BTreeMap::new();
    for (name, value) in sorted.used {
        settings.insert(name, value);
    }
    let word = |name: &str| settings.get(name).map(|value| value.trim()).filter(|value| !value.is_empty());
    let mut hosts = hosts(authority, word("PGHOST"), word("PGPORT"))?;
    let first = hosts.remove(0);
    let database = Some(decoded(path)?).filter(|name| !name.is_empty());
    let mut target = Target {
        engine: &Postgres,
        host: first.host,
        port: first.port,
        user: word("user").map(str::to_owned).or_else(|| configured.and_then(|c| c.user).map(str::to_owned)),
        password: settings
            .get("password")
            .cloned()
            .map(SecretString::from)
            .or_else(|| configured.and_then(|configured| configured.password.clone())),
        database: database.or_else(|| word("PGDBNAME").map(str::to_owned)),
        params: BTreeMap::new(),
        stop: Stop::never(),
        failover: Failover::to(hosts),
        accepts_any_certificate: false,
        notes: sorted.notes,
    };
    // The default database of the driver has the name of the account.
    target.database = target.database.or_else(|| configured.and(target.user.clone()));
    target.failover.prefers_replica = word("targetServerType")
        .is_some_and(|kind| matches!(kind, "secondary" | "slave" | "preferSecondary" | "preferSlave"));
    if let Some(seconds) = word("connectTimeout") {
        target.params.insert("connect-timeout", seconds.to_owned());
    }
    if let Some(schema) = word("currentSchema") {
        target.params.insert("schema", schema.to_owned());
    }
    if let Some(file) = word("sslrootcert") {
        target.params.insert("ssl-ca", file.to_owned());
    }
    encryption(&mut target, word, configured.is_some())?;
    target.params.extend(own);
    check(&target)?;
    Ok(target)
}

/// Removes this program's own parameters, which hints suggest. They are accepted only in a URL that the user gives.
fn own_parameters(given: &mut Vec<(String, String)>) -> BTreeMap<&'static str, String> {
    const OWN: [&str; 7] =
        ["ssl-mode", "ssl-ca", "ssl-cert", "ssl-key", "socket", "connect-timeout", "keepalive-timeout"];
    let mut own = BTreeMap::new();
    given.retain(|(name, value)| {
        let found = OWN.into_iter().find(|n| n == name);
        found.is_none_or(|name| {
            own.insert(name, value.clone());
            false
        })
    });
    own
}

/// Sets the TLS mode from the driver's parameters.
fn encryption<'a>(
    target: &mut Target,
    word: impl Fn(&str) -> Option<&'a str>,
    configured: bool,
) -> Result<(), UrlError> {
    let ssl = match word("ssl") {
        Some(value) => parse_bool("ssl", value, &["true"], &["false"])?,
        // An `ssl` without a value is true.
        None => false,
    };
    let (tls, setting) = match (word("sslmode"), ssl) {
        (Some(mode), _) => {
            let tls = tls_named(mode).ok_or_else(|| {
                UrlError::new(
                    "the URL's parameter `sslmode` has a value that the driver refuses",
                    "sslmode is disable, allow, prefer, require, verify-ca or verify-full",
                )
            })?;
            (tls, format!("sslmode={mode}"))
        }
        (None, true) => (Tls::VerifyIdentity, "ssl=true".to_owned()),
        (None, false) if !configured => return Ok(()),
        (None, false) => (Tls::Tried, "sslmode=prefer, its default".to_owned()),
    };
    let validates = word("sslfactory").is_none_or(|class| !class.ends_with("NonValidatingFactory"));
    let tls = if validates || matches!(tls, Tls::Disabled | Tls::Tried) { tls } else { Tls::Required };
    target.params.insert("ssl-mode", tls.as_str().to_owned());
    if configured && matches!(tls, Tls::Tried | Tls::Required) {
        target.accepts_any_certificate = true;
        target.notes.push(unchecked(&PGJDBC, &setting));
    }
    Ok(())
}

/// The hosts; at least one.
fn hosts(authority: &str, host: Option<&str>, port: Option<&str>) -> Result<Vec<HostPort>, UrlError> {
    let number = |port: &str| port.parse().map_err(|_| malformed("a port is not a number from 1 to 65535"));
    let default_port = port.map_or(Ok(PORT), number)?;
    if authority.is_empty() {
        return Ok(vec![HostPort { host: host.unwrap_or("localhost").to_owned(), port: default_port }]);
    }
    let one = |place: &str| {
        // Colons in IPv6 addresses are in brackets.
        let (host, port) = match place.rfind(':').filter(|&at| !place[at..].contains(']')) {
            Some(at) => (&place[..at], Some(&place[at + 1..])),
            None => (place, None),
        };
        let port = port.filter(|port| !port.is_empty()).map_or(Ok(default_port), number)?;
        let host = host.trim_matches(['[', ']']);
        Ok(HostPort { host: if host.is_empty() { "localhost" } else { host }.to_owned(), port })
    };
    authority.split(',').map(one).collect()
}

fn decoded(text: &str) -> Result<String, UrlError> {
    // The driver decodes a plus as a space.
    let text = text.replace('+', " ");
    let decoded = percent_decode_str(&text).decode_utf8().map(|text| text.into_owned());
    decoded.map_err(|_| malformed("a part of it is not UTF-8"))
}

fn malformed(what: &str) -> UrlError {
    UrlError::new(
        format!("the store's URL is malformed: {what}"),
        "the form is jdbc:postgresql://host:5432/database?user=…&password=… (in XML, & is &amp;)",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    fn configured() -> Configured<'static> {
        Configured { user: Some("beside"), password: Some(SecretString::from("pw")), ..Configured::default() }
    }

    #[test]
    fn hosts_and_databases() {
        for (url, shown) in [
            ("jdbc:postgresql://db:5433/shop", "postgres://beside@db:5433/shop"),
            ("jdbc:postgresql://db/shop", "postgres://beside@db:5432/shop"),
            ("jdbc:postgresql:shop", "postgres://beside@localhost:5432/shop"),
            ("jdbc:postgresql:/", "postgres://beside@localhost:5432/beside"),
            (
                "jdbc:postgresql://a:1,b,[::1]:3/shop?targetServerType=primary",
                "postgres://beside@a:1,b:5432,::1:3/shop",
            ),
            ("jdbc:postgresql://db/my%20shop?user=u%40x&password=p", "postgres://u@x@db:5432/my shop"),
        ] {
            assert_eq!(parse(url, Some(&configured())).unwrap().to_string(), shown, "{url}");
        }
    }

    #[test]
    fn tls_as_the_driver_uses_it() {
        for (query, mode) in [
            ("", "preferred"),
            ("?ssl=true", "verify-identity"),
            ("?ssl=true&sslfactory=org.postgresql.ssl.NonValidatingFactory", "required"),
            ("?sslmode=disable", "disabled"),
            ("?sslmode=require", "required"),
            ("?sslmode=verify-ca", "verify-ca"),
            ("?ssl=true&sslmode=prefer", "preferred"),
        ] {
            let target = parse(&format!("jdbc:postgresql://db/shop{query}"), Some(&configured())).unwrap();
            assert_eq!(target.params["ssl-mode"], mode, "{query}");
            assert_eq!(target.accepts_any_certificate, matches!(mode, "preferred" | "required"), "{query}");
        }
        assert!(!parse("jdbc:postgresql://db/shop", None).unwrap().params.contains_key("ssl-mode"));
    }

    #[test]
    fn url_parameters_take_precedence() {
        let target = parse("jdbc:postgresql://db/shop?user=u&password=p", Some(&configured())).unwrap();
        assert_eq!((target.user.as_deref(), target.password.unwrap().expose_secret()), (Some("u"), "p"));
    }

    #[test]
    fn unsupported_parameters_are_refused() {
        for (url, expected_text) in [
            ("jdbc:postgresql://u:secret@db/shop", "an account"),
            ("jdbc:postgresql://db:x/shop?password=secret", "port"),
            ("jdbc:postgresql://db/shop?service=secret", "service"),
            ("jdbc:postgresql://db/shop?socketFactory=secret", "socketFactory"),
            ("jdbc:postgresql://db/shop?sslmode=secret", "sslmode"),
            ("jdbc:postgresql://db/shop&password=secret", "parameters"),
        ] {
            let error = parse(url, Some(&configured())).unwrap_err();
            assert!(
                error.message.contains(expected_text) && !error.message.contains("secret"),
                "{url}: {}",
                error.message
            );
        }
    }
}
