//! JDBC drivers as a Tomcat's configuration names them: by their class, with the jar that contains it and the URLs that
//! it accepts. Each engine has a table of those that connect to it.
//!
//! How a driver reads the parameters of its URL is in `jdbc`.

use super::url::canonical;
use super::{ENGINES, Engine, Target};

/// A JDBC driver, by the name of its class.
#[derive(Debug)]
pub struct DriverClass {
    pub class: &'static str,
    /// The driver in a sentence.
    pub name: &'static str,
    /// The file name of its jar, without the version.
    pub jar: &'static str,
    /// Other classes of the driver begin with this, if a pool may name one of them.
    pub package: Option<&'static str>,
    /// The beginning of its URLs.
    pub scheme: &'static str,
    /// The beginning of another driver's URLs that it accepts too.
    pub also_accepts: Option<OtherScheme>,
    /// The property of a URL that encrypts the connection and checks the certificate.
    pub encrypted: &'static str,
    /// The isolation level of a connection that sets none, if it is not READ COMMITTED.
    pub default_isolation: Option<&'static str>,
    /// Why another class should be used.
    pub outdated: Option<Outdated>,
    /// What `tomcat config` writes; `None` if it does not write this driver.
    pub generated: Option<GeneratedDriver>,
}

/// Another driver's URLs, which a driver accepts only in some versions.
#[derive(Debug)]
pub struct OtherScheme {
    pub scheme: &'static str,
    /// The first version that refuses them without this parameter.
    pub refused_from: u32,
    pub parameter: &'static str,
}

/// A class that works, and should not be used.
#[derive(Debug)]
pub struct Outdated {
    pub why: &'static str,
    /// The class to use instead.
    pub instead: &'static str,
    /// The URL that goes with it, if it is a different one.
    pub url: Option<&'static str>,
}

/// A driver in the files that `tomcat config` writes.
#[derive(Debug)]
pub struct GeneratedDriver {
    /// The value of `--driver`.
    pub option: &'static str,
    /// The servers that Tomcat reaches with it.
    pub servers: &'static str,
    /// The jars of all versions, which Tomcat does not need to scan for TLDs.
    pub jars: &'static str,
    /// The URL for a store, with the parameters that matter, without account and password.
    pub url: fn(&Target) -> String,
    /// Explains the parameters of such a URL: a sentence for each that needs one.
    pub comments: fn(&str) -> Vec<String>,
}

/// The drivers of all engines.
pub fn driver_classes() -> impl Iterator<Item = &'static DriverClass> {
    let of_engines = ENGINES.iter().enumerate();
    of_engines.flat_map(|(nth, engine)| {
        // Engines can share a driver.
        let before = &ENGINES[..nth];
        let is_new = move |driver: &&DriverClass| {
            before.iter().all(|other| other.driver_classes().iter().all(|known| known.class != driver.class))
        };
        engine.driver_classes().iter().copied().filter(is_new)
    })
}

/// The driver with this class.
pub fn driver_class(class: &str) -> Option<&'static DriverClass> {
    driver_classes().find(|driver| driver.class == class)
}

/// The driver whose own URLs begin as this one does.
pub fn driver_of_url(url: &str) -> Option<&'static DriverClass> {
    driver_classes()
        .find(|driver| url.get(..driver.scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(driver.scheme)))
}

impl DriverClass {
    /// The beginnings of the URLs that it accepts.
    pub fn accepted(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.scheme).chain(self.also_accepts.as_ref().map(|other| other.scheme))
    }

    /// The error of the server of its URLs if `max_inactive * 1000` overflows; `None` if it cannot overflow there.
    pub fn int_overflow_error(&self) -> Option<&'static str> {
        let connects = |engine: &&&dyn Engine| engine.driver_classes().iter().any(|driver| driver.class == self.class);
        ENGINES.iter().filter(connects).find_map(|engine| engine.dialect().int_overflow_error)
    }
}

/// A sentence about the encryption that a URL asks for, by the value of a parameter, or its default.
pub(super) fn encryption_comment(url: &str, parameter: &str, default: &str) -> String {
    let value = |name: &str| url.split_once(&format!("{name}="))?.1.split([';', '&']).next();
    let mode = value(parameter).unwrap_or(default);
    let trusted = value("trustServerCertificate").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let effect = match mode.to_ascii_uppercase().replace('-', "_").as_str() {
        "VERIFY_IDENTITY" | "VERIFY_FULL" => "encrypted; Java must trust the certificate, and the host name must match",
        "VERIFY_CA" => "encrypted; Java must trust the certificate, the host name is not checked",
        "REQUIRED" | "REQUIRE" | "TRUST" => "encrypted; the certificate is not checked",
        "PREFERRED" | "PREFER" => "encrypted if the server offers TLS; the certificate is not checked",
        "TRUE" | "STRICT" if trusted => "encrypted; trustServerCertificate=true: the certificate is not checked",
        "TRUE" | "STRICT" => "encrypted; Java must trust the certificate",
        _ => "not encrypted; only for a server on the same machine",
    };
    format!("{parameter}={mode}: {effect}.")
}

/// Host and port in a URL.
pub(super) fn authority(target: &Target) -> String {
    let Target { host, port, .. } = target;
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// The `ssl-mode` of a URL in the spelling of [`canonical`]; empty without one.
pub(super) fn ssl_mode(target: &Target) -> String {
    target.params.get("ssl-mode").map(|mode| canonical(mode)).unwrap_or_default()
}

/// The database of a URL, or the one that `init-db` makes.
pub(super) fn database(target: &Target) -> &str {
    target.database.as_deref().unwrap_or("tomcat")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::parse_url;

    #[test]
    fn a_class_has_one_row_and_what_replaces_it_another() {
        let all: Vec<&DriverClass> = driver_classes().collect();
        for (nth, driver) in all.iter().enumerate() {
            assert!(all[..nth].iter().all(|other| other.class != driver.class), "{}", driver.class);
            if let Some(outdated) = &driver.outdated {
                let instead = driver_class(outdated.instead).unwrap();
                assert!(instead.outdated.is_none(), "{}", driver.class);
                assert_eq!(instead.scheme == driver.scheme, outdated.url.is_none(), "{}", driver.class);
            }
            if driver.outdated.is_none() {
                assert_eq!(driver_of_url(driver.scheme).unwrap().class, driver.class);
            }
        }
        // Each engine with accounts can be configured, and an option names one driver.
        let options: Vec<&str> = all.iter().filter_map(|driver| Some(driver.generated.as_ref()?.option)).collect();
        assert_eq!(options, ["mysql", "mariadb", "postgres", "mssql"]);
        for engine in ENGINES {
            let first = engine.driver_classes().first().and_then(|driver| driver.generated.as_ref());
            assert_eq!(first.is_some(), engine.dialect().has_accounts, "{}", engine.name());
        }
    }

    #[test]
    fn generated_jdbc_urls_are_parsed_by_this_program() {
        for (store, driver, url) in [
            ("mysql://u:p@db/t", "mysql", "jdbc:mysql://db:3306/t?sslMode=VERIFY_IDENTITY"),
            ("mysql://u@127.0.0.1:3307/t", "mysql", "jdbc:mysql://127.0.0.1:3307/t?sslMode=PREFERRED"),
            (
                "mysql://u@db/t?ssl-mode=disabled",
                "mysql",
                "jdbc:mysql://db:3306/t?sslMode=DISABLED&allowPublicKeyRetrieval=true",
            ),
            (
                "mysql://u@[::1]/t",
                "mariadb",
                "jdbc:mariadb://[::1]:3306/t?sslMode=disable&allowPublicKeyRetrieval=true",
            ),
            ("mariadb://u@db/t?ssl-mode=required", "mariadb", "jdbc:mariadb://db:3306/t?sslMode=trust"),
            (
                "postgres://u@db/t",
                "postgres",
                "jdbc:postgresql://db:5432/t?sslmode=verify-full&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory&connectTimeout=10&tcpKeepAlive=true",
            ),
            (
                "postgres://u@127.0.0.1:5433/t",
                "postgres",
                "jdbc:postgresql://127.0.0.1:5433/t?sslmode=prefer&connectTimeout=10&tcpKeepAlive=true",
            ),
            (
                "mssql://u@db/t;u?hostNameInCertificate=x",
                "mssql",
                "jdbc:sqlserver://db:1433;databaseName={t;u};encrypt=true;trustServerCertificate=false;hostNameInCertificate=x;sendStringParametersAsUnicode=false;loginTimeout=15",
            ),
        ] {
            let target = parse_url(store).unwrap();
            let mut generated = driver_classes().filter_map(|one| one.generated.as_ref());
            let generated = generated.find(|one| one.option == driver).unwrap();
            assert_eq!((generated.url)(&target), url);
            let again = parse_url(url).unwrap();
            assert_eq!((again.host, again.port, again.database), (target.host, target.port, target.database), "{url}");
        }
    }
}
