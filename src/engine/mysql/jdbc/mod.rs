//! Reads the URLs of Connector/J and of MariaDB's driver as these drivers read them.

mod hosts;
mod tables;

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use secrecy::SecretString;

use tables::{CONNECTOR_5, CONNECTOR_8, MARIADB_2, MARIADB_3};

use super::url::check;
use crate::engine::jdbc::{Configured, Driver, parse_bool, unchecked};
use crate::engine::url_parameters::Tls;
use crate::engine::{Engine, Failover, Stop, Target, UrlError};

/// The drivers of a scheme, for the reference page.
pub(super) static OF_MYSQL: &[&Driver] = &[&CONNECTOR_8, &CONNECTOR_5];
pub(super) static OF_MARIADB: &[&Driver] = &[&MARIADB_3, &MARIADB_2];

/// The driver that reads a URL: determined by its class, otherwise by the scheme; an old version only by its jar.
fn driver_of(engine: &'static dyn Engine, configured: Option<&Configured<'_>>) -> &'static Driver {
    let class = configured.and_then(|configured| configured.class).unwrap_or_default();
    let before = |major| configured.is_some_and(|configured| configured.is_before(major, 0));
    let of_mariadb =
        class.starts_with("org.mariadb.") || engine.name() == "mariadb" && !class.starts_with("com.mysql.");
    match (of_mariadb, before(3), before(6)) {
        (true, true, _) => &MARIADB_2,
        (true, false, _) => &MARIADB_3,
        (false, _, true) => &CONNECTOR_5,
        (false, ..) => &CONNECTOR_8,
    }
}

/// Reads `jdbc:mysql:…` or `jdbc:mariadb:…`. With `configured`, the driver's defaults apply; otherwise those of this
/// program.
///
/// # Errors
/// If the driver would refuse the URL, it cannot be applied, or its separators are misplaced.
pub(super) fn parse(
    engine: &'static dyn Engine,
    text: &str,
    configured: Option<&Configured<'_>>,
) -> Result<Target, UrlError> {
    let driver = driver_of(engine, configured);
    let of_mariadb = std::ptr::eq(driver, &MARIADB_3) || std::ptr::eq(driver, &MARIADB_2);
    let rest = text.splitn(3, ':').last().unwrap_or_default();
    let parts = Parts::of(rest, of_mariadb)?;
    if !hosts::is_mode(parts.mode) {
        return Err(UrlError::new(
            format!("the text between {} and // is unknown to the driver", driver.scheme),
            format!("the form is {}//host:3306/database?user=…&password=…", driver.scheme),
        ));
    }
    let (host, others) = hosts::first_and_others(hosts::parse(parts.authority, !of_mariadb)?, 3306)?;
    let mut given = parts.parameters()?;
    // Parameters in the long form of a host take precedence over those after the `?`.
    given.extend(host.parameters);
    let own = if configured.is_none() { own_parameters(&mut given) } else { BTreeMap::new() };
    let sorted = driver.classify(given)?;
    let mut target = Target {
        engine,
        host: host.name,
        port: host.port.unwrap_or(3306),
        user: None,
        password: None,
        database: Some(decoded(parts.path, !of_mariadb)?.trim().to_owned()).filter(|name| !name.is_empty()),
        params: BTreeMap::new(),
        stop: Stop::never(),
        failover: Failover::to(others),
        accepts_any_certificate: false,
        notes: sorted.notes,
    };
    let mut settings: BTreeMap<&'static str, String> = BTreeMap::new();
    for (name, value) in sorted.used {
        settings.insert(name, value);
    }
    let word = |name: &str| settings.get(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
    if target.host.is_empty() {
        target.host = word("host").unwrap_or_else(|| "localhost".to_owned());
    }
    if host.port.is_none()
        && let Some(port) = word("port")
    {
        target.port =
            port.parse().map_err(|_| UrlError::new("the URL's parameter `port` is not a number", "write port=3306"))?;
    }
    target.database = word("dbname").or(target.database);
    if let Some(socket) = word("localSocket") {
        target.params.insert("socket", socket);
    }
    match word("serverSslCert") {
        Some(file) if file.starts_with("classpath:") => target.notes.push(
            "The URL's parameter `serverSslCert` is ignored: it names a file in the class path. Use `ssl-ca` in `--url`.".to_owned(),
        ),
        Some(file) => drop(target.params.insert("ssl-ca", file.strip_prefix("file:").unwrap_or(&file).to_owned())),
        None => {}
    }
    if let Some(milliseconds) = word("connectTimeout") {
        let milliseconds: u64 = milliseconds.parse().map_err(|_| {
            UrlError::new(
                "the URL's parameter `connectTimeout` is not a number",
                "the driver's unit is milliseconds: connectTimeout=10000",
            )
        })?;
        if milliseconds > 0 {
            target.params.insert("connect-timeout", milliseconds.div_ceil(1000).to_string());
        }
    }
    account(&mut target, &settings, host.user, host.password, of_mariadb, configured);
    encryption(&mut target, &settings, driver, configured.is_some())?;
    target.params.extend(own);
    check(&target)?;
    Ok(target)
}

/// Removes the parameters of the program's own URLs, which hints suggest, if the user wrote the URL.
fn own_parameters(given: &mut Vec<(String, String)>) -> BTreeMap<&'static str, String> {
    let mut own = BTreeMap::new();
    given.retain(|(name, value)| {
        let found =
            ["ssl-mode", "ssl-ca", "ssl-cert", "ssl-key", "socket", "connect-timeout"].into_iter().find(|n| n == name);
        found.is_none_or(|name| {
            own.insert(name, value.clone());
            false
        })
    });
    own
}

/// The account: the drivers differ in whether the URL or the separate configuration takes precedence.
fn account(
    target: &mut Target,
    settings: &BTreeMap<&'static str, String>,
    user: Option<String>,
    password: Option<SecretString>,
    url_wins: bool,
    configured: Option<&Configured<'_>>,
) {
    let of_query = settings.get("user").filter(|user| !user.is_empty()).cloned();
    let beside = configured.and_then(|configured| configured.user).map(str::to_owned);
    let secret_of_query =
        settings.get("password").filter(|password| !password.is_empty()).cloned().map(SecretString::from);
    let secret_beside = configured.and_then(|configured| configured.password.clone());
    (target.user, target.password) = if url_wins {
        (user.or(of_query).or(beside), password.or(secret_of_query).or(secret_beside))
    } else {
        (user.or(beside).or(of_query), password.or(secret_beside).or(secret_of_query))
    };
}

/// The use of TLS, from the driver's parameters.
fn encryption(
    target: &mut Target,
    settings: &BTreeMap<&'static str, String>,
    driver: &'static Driver,
    configured: bool,
) -> Result<(), UrlError> {
    let word = |name: &str| settings.get(name).map(|value| value.trim());
    let (tls, setting) = if std::ptr::eq(driver, &CONNECTOR_8) {
        connector_8(word, configured)?
    } else if std::ptr::eq(driver, &CONNECTOR_5) {
        connector_5(word)?
    } else if std::ptr::eq(driver, &MARIADB_3) {
        mariadb_3(word, configured)?
    } else {
        mariadb_2(word, configured)?
    };
    let Some(tls) = tls else {
        // The URL does not say, and it is not Tomcat's: the program's own default.
        return Ok(());
    };
    target.params.insert("ssl-mode", tls.as_str().to_owned());
    if configured && matches!(tls, Tls::Tried | Tls::Required) {
        target.accepts_any_certificate = true;
        target.notes.push(unchecked(driver, setting));
    }
    Ok(())
}

type Parameters = (Option<Tls>, &'static str);

const YES: &[&str] = &["true", "yes"];
const NO: &[&str] = &["false", "no"];

fn connector_8<'a>(word: impl Fn(&str) -> Option<&'a str>, configured: bool) -> Result<Parameters, UrlError> {
    if let Some(mode) = word("sslMode") {
        return Ok(match mode.to_ascii_uppercase().as_str() {
            "DISABLED" => (Some(Tls::Disabled), "sslMode=DISABLED"),
            "PREFERRED" => (Some(Tls::Tried), "sslMode=PREFERRED"),
            "REQUIRED" => (Some(Tls::Required), "sslMode=REQUIRED"),
            "VERIFY_CA" => (Some(Tls::VerifyCa), "sslMode=VERIFY_CA"),
            "VERIFY_IDENTITY" => (Some(Tls::VerifyIdentity), "sslMode=VERIFY_IDENTITY"),
            _ => {
                return Err(UrlError::new(
                    "the URL's parameter `sslMode` has a value that Connector/J refuses",
                    "sslMode is DISABLED, PREFERRED, REQUIRED, VERIFY_CA or VERIFY_IDENTITY",
                ));
            }
        });
    }
    let flag = |name: &str, default| word(name).map_or(Ok(default), |value| parse_bool(name, value, YES, NO));
    let (used, verified, required) =
        (flag("useSSL", true)?, flag("verifyServerCertificate", false)?, flag("requireSSL", false)?);
    let is_set = ["useSSL", "verifyServerCertificate", "requireSSL"].iter().any(|name| word(name).is_some());
    Ok(match (used, verified, required) {
        (false, ..) => (Some(Tls::Disabled), "useSSL=false"),
        (true, true, _) => (Some(Tls::VerifyCa), "verifyServerCertificate=true"),
        (true, false, true) => (Some(Tls::Required), "requireSSL=true"),
        (true, false, false) if is_set || configured => (Some(Tls::Tried), "sslMode=PREFERRED, its default"),
        (true, false, false) => (None, ""),
    })
}

fn connector_5<'a>(word: impl Fn(&str) -> Option<&'a str>) -> Result<Parameters, UrlError> {
    let flag = |name: &str, default| {
        let value = word(name).filter(|value| !value.is_empty());
        value.map_or(Ok(default), |value| parse_bool(name, value, YES, NO))
    };
    if word("useSSL").is_none_or(str::is_empty) {
        return Ok((Some(Tls::Tried), "no useSSL"));
    }
    Ok(match (flag("useSSL", false)?, flag("verifyServerCertificate", true)?, flag("requireSSL", false)?) {
        (false, ..) => (Some(Tls::Disabled), "useSSL=false"),
        (true, true, _) => (Some(Tls::VerifyCa), "useSSL=true"),
        (true, false, true) => (Some(Tls::Required), "verifyServerCertificate=false"),
        (true, false, false) => (Some(Tls::Tried), "verifyServerCertificate=false"),
    })
}

fn mariadb_3<'a>(word: impl Fn(&str) -> Option<&'a str>, configured: bool) -> Result<Parameters, UrlError> {
    // The driver compares these values, which it supports only for old URLs, case-sensitively.
    let on = |name: &str| word(name).is_some_and(|value| matches!(value, "" | "1" | "true"));
    if on("useSsl") {
        return Ok(if on("trustServerCertificate") {
            (Some(Tls::Required), "trustServerCertificate=true")
        } else if on("disableSslHostnameVerification") {
            (Some(Tls::VerifyCa), "disableSslHostnameVerification=true")
        } else {
            (Some(Tls::VerifyIdentity), "useSsl=true")
        });
    }
    let Some(mode) = word("sslMode").filter(|mode| !mode.is_empty()) else {
        return Ok((configured.then_some(Tls::Disabled), "no sslMode"));
    };
    let tls = match mode.to_ascii_lowercase().as_str() {
        "disable" | "disabled" | "0" | "false" => Tls::Disabled,
        "trust" | "required" => Tls::Required,
        "verify-ca" | "verify_ca" => Tls::VerifyCa,
        "verify-full" | "verify_full" | "verify_identity" | "1" | "true" => Tls::VerifyIdentity,
        "preferred" if !configured => Tls::Tried,
        _ => {
            return Err(UrlError::new(
                "the URL's parameter `sslMode` has a value that MariaDB's driver refuses",
                "sslMode is disable, trust, verify-ca or verify-full",
            ));
        }
    };
    Ok((Some(tls), "sslMode=trust"))
}

fn mariadb_2<'a>(word: impl Fn(&str) -> Option<&'a str>, configured: bool) -> Result<Parameters, UrlError> {
    let flag =
        |name: &str| word(name).map_or(Ok(false), |value| parse_bool(name, value, &["true", "1", ""], &["false", "0"]));
    Ok(match (flag("useSsl")?, flag("trustServerCertificate")?, flag("disableSslHostnameVerification")?) {
        (false, ..) => ((configured || word("useSsl").is_some()).then_some(Tls::Disabled), "no useSsl"),
        (true, true, _) => (Some(Tls::Required), "trustServerCertificate=true"),
        (true, false, true) => (Some(Tls::VerifyCa), "disableSslHostnameVerification=true"),
        (true, false, false) => (Some(Tls::VerifyIdentity), "useSsl=true"),
    })
}

/// The parts of a URL after the scheme, undecoded.
struct Parts<'a> {
    /// `loadbalance` and similar.
    mode: &'a str,
    authority: &'a str,
    path: &'a str,
    query: &'a str,
    percent: bool,
}

impl<'a> Parts<'a> {
    fn of(rest: &'a str, of_mariadb: bool) -> Result<Parts<'a>, UrlError> {
        let percent = !of_mariadb;
        // Connector/J ignores everything after a #; for MariaDB's driver it is an ordinary character.
        let rest = if percent { rest.split('#').next().unwrap_or_default() } else { rest };
        let (mode, behind) = match rest.split_once("//") {
            Some((mode, behind)) if !mode.contains(['/', '?']) => (mode, behind),
            // Without a host, Connector/J uses localhost.
            None | Some(_) if percent && rest.starts_with('/') => ("", rest),
            None | Some(_) => {
                return Err(UrlError::new(
                    "the store's URL is malformed: the scheme is not followed by //",
                    "the form is jdbc:mysql://host:3306/database?user=…&password=…",
                ));
            }
        };
        let end = behind.find(['/', '?']).unwrap_or(behind.len());
        let (authority, behind) = behind.split_at(end);
        let (path, query) = behind.split_once('?').unwrap_or((behind, ""));
        let parts = Parts {
            mode: mode.trim_end_matches(':').trim(),
            authority,
            path: path.strip_prefix('/').unwrap_or(path),
            query,
            percent,
        };
        parts.separators()?;
        Ok(parts)
    }

    /// Finds parameters where the driver does not look for them. It would read them as part of the port, the database
    /// or the user, and messages about these would contain them.
    fn separators(&self) -> Result<(), UrlError> {
        let misplaced = |what: &str| {
            UrlError::new(
                format!("the store's URL is malformed: {what}"),
                "parameters start with ? and are separated by & (in XML &amp;): jdbc:mysql://host:3306/database?user=…&password=…",
            )
        };
        let long_form = self.authority.contains('(');
        if self.authority.contains([';', '&']) || !long_form && self.authority.contains('=') {
            return Err(misplaced("parameters follow the host, before any ?"));
        }
        if self.path.contains([';', '&', '=']) {
            return Err(misplaced("parameters follow the database without a ?"));
        }
        for parameter in self.query.split('&') {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            // This is reported together with the other parameters.
            let name = name.trim_start().trim_start_matches("amp;");
            let within_name = name.find([';', '?', '/']).map(|at| &name[at..=at]);
            let within_user = || value.find([';', '?', '=', '/']).filter(|_| is_user(name)).map(|at| &value[at..=at]);
            if let Some(separator) = within_name.or_else(within_user) {
                return Err(misplaced(&match separator {
                    "=" => "its parameters are not separated by &".to_owned(),
                    other => format!("its parameters are separated by {other} instead of &"),
                }));
            }
            if !is_password(name) && begins_account(value) {
                return Err(misplaced("its parameters are not separated by &"));
            }
        }
        Ok(())
    }

    fn parameters(&self) -> Result<Vec<(String, String)>, UrlError> {
        let decode = |text: &str| decoded(text.trim(), self.percent);
        let pair = |parameter: &str| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let value = if self.percent { decode(value)? } else { value.to_owned() };
            Ok((decode(name)?, value))
        };
        self.query.split('&').filter(|parameter| !parameter.is_empty()).map(pair).collect()
    }
}

fn is_user(name: &str) -> bool {
    ["user", "username"].contains(&name.trim().to_ascii_lowercase().as_str())
}

fn is_password(name: &str) -> bool {
    name.trim().to_ascii_lowercase().ends_with("password")
}

/// Tells whether a value contains another parameter, of an account, after a character that is not a separator.
fn begins_account(value: &str) -> bool {
    value.split([';', '?', ',', ' ']).skip(1).any(|rest| {
        rest.split_once('=').is_some_and(|(name, _)| is_user(name) || is_password(name) || name.trim() == "pwd")
    })
}

/// Decodes `%40`, and `+` for a space, as `java.net.URLDecoder` does.
fn decoded(text: &str, percent: bool) -> Result<String, UrlError> {
    if !percent {
        return Ok(text.to_owned());
    }
    let broken = || {
        UrlError::new(
            "the store's URL is malformed: a % in it is not followed by the two digits of a character",
            "write % as %25",
        )
    };
    let whole = text
        .split('%')
        .skip(1)
        .all(|rest| rest.as_bytes().get(..2).is_some_and(|d| d.iter().all(u8::is_ascii_hexdigit)));
    if !whole {
        return Err(broken());
    }
    let blanks = text.replace('+', " ");
    percent_decode_str(&blanks).decode_utf8().map(|text| text.into_owned()).map_err(|_| broken())
}

#[cfg(test)]
mod tests;
