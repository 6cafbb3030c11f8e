//! Converts the URL of a store to the URL of a JDBC driver.

use crate::catalina::generated::Driver;
use crate::store::Target;

/// The URL with the relevant parameters, but without account and password.
pub(super) fn jdbc_url(target: &Target, driver: Driver) -> String {
    let (host, port) = (bracketed(&target.host), target.port);
    let database = target.database.as_deref().unwrap_or("tomcat");
    let mode = canonical(target.params.get("ssl-mode"));
    let parameters = match driver {
        Driver::Mysql => {
            let mode = match mode.as_str() {
                "disabled" => "DISABLED",
                "required" => "REQUIRED",
                "verifyca" => "VERIFY_CA",
                "verifyidentity" | "verifyfull" => "VERIFY_IDENTITY",
                _ if is_local(target) => "PREFERRED",
                _ => "VERIFY_IDENTITY",
            };
            format!("sslMode={mode}{}", public_key(mode == "DISABLED"))
        }
        Driver::Mariadb => {
            let mode = match mode.as_str() {
                "disabled" => "disable",
                "required" => "trust",
                "verifyca" => "verify-ca",
                "verifyidentity" | "verifyfull" => "verify-full",
                _ if is_local(target) => "disable",
                _ => "verify-full",
            };
            // MariaDB servers do not have caching_sha2_password.
            let of_mysql = target.engine.name() == "mysql";
            format!("sslMode={mode}{}", public_key(of_mysql && mode == "disable"))
        }
        Driver::Postgres => {
            let mode = match mode.as_str() {
                "disabled" | "disable" => "disable",
                "required" | "require" => "require",
                "verifyca" => "verify-ca",
                "verifyidentity" | "verifyfull" => "verify-full",
                _ if is_local(target) => "prefer",
                _ => "verify-full",
            };
            // Without it, the driver reads the certificate authority from a file of the account under which Tomcat
            // runs.
            let factory =
                if mode.starts_with("verify") { "&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory" } else { "" };
            format!("sslmode={mode}{factory}&connectTimeout=10&tcpKeepAlive=true")
        }
        Driver::Mssql => return sqlserver(target, &host, database),
    };
    let scheme = match driver {
        Driver::Mysql => "jdbc:mysql",
        Driver::Postgres => "jdbc:postgresql",
        _ => "jdbc:mariadb",
    };
    format!("{scheme}://{host}:{port}/{database}?{parameters}")
}

/// The parameter that caching_sha2_password needs without TLS.
fn public_key(needed: bool) -> &'static str {
    if needed { "&allowPublicKeyRetrieval=true" } else { "" }
}

fn sqlserver(target: &Target, host: &str, database: &str) -> String {
    let get = |name: &str, default: &str| target.params.get(name).cloned().unwrap_or_else(|| default.to_owned());
    // Microsoft's driver has no value for "encrypt if possible".
    let encrypt = match get("encrypt", "true").as_str() {
        "optional" => "true".to_owned(),
        other => other.to_owned(),
    };
    let mut url = format!("jdbc:sqlserver://{host}:{};databaseName={}", target.port, braced(database));
    for (name, value) in [("encrypt", encrypt), ("trustServerCertificate", get("trustServerCertificate", "false"))] {
        url.push_str(&format!(";{name}={}", braced(&value)));
    }
    if let Some(name) = target.params.get("hostNameInCertificate") {
        url.push_str(&format!(";hostNameInCertificate={}", braced(name)));
    }
    url + ";sendStringParametersAsUnicode=false;loginTimeout=15"
}

/// In braces, if the driver would otherwise end the value early.
fn braced(value: &str) -> String {
    if value.contains([';', '{', '}', '=']) { format!("{{{}}}", value.replace('}', "}}")) } else { value.to_owned() }
}

fn bracketed(host: &str) -> String {
    if host.contains(':') { format!("[{host}]") } else { host.to_owned() }
}

fn is_local(target: &Target) -> bool {
    target.host.eq_ignore_ascii_case("localhost") || target.host == "::1" || target.host.starts_with("127.")
}

fn canonical(mode: Option<&String>) -> String {
    mode.map(|mode| mode.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::parse_url;

    #[test]
    fn generated_jdbc_urls_are_parsed_by_this_program() {
        for (store, driver, url) in [
            ("mysql://u:p@db/t", Driver::Mysql, "jdbc:mysql://db:3306/t?sslMode=VERIFY_IDENTITY"),
            ("mysql://u@127.0.0.1:3307/t", Driver::Mysql, "jdbc:mysql://127.0.0.1:3307/t?sslMode=PREFERRED"),
            (
                "mysql://u@db/t?ssl-mode=disabled",
                Driver::Mysql,
                "jdbc:mysql://db:3306/t?sslMode=DISABLED&allowPublicKeyRetrieval=true",
            ),
            (
                "mysql://u@[::1]/t",
                Driver::Mariadb,
                "jdbc:mariadb://[::1]:3306/t?sslMode=disable&allowPublicKeyRetrieval=true",
            ),
            ("mariadb://u@db/t?ssl-mode=required", Driver::Mariadb, "jdbc:mariadb://db:3306/t?sslMode=trust"),
            (
                "postgres://u@db/t",
                Driver::Postgres,
                "jdbc:postgresql://db:5432/t?sslmode=verify-full&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory&connectTimeout=10&tcpKeepAlive=true",
            ),
            (
                "postgres://u@127.0.0.1:5433/t",
                Driver::Postgres,
                "jdbc:postgresql://127.0.0.1:5433/t?sslmode=prefer&connectTimeout=10&tcpKeepAlive=true",
            ),
            (
                "mssql://u@db/t;u?hostNameInCertificate=x",
                Driver::Mssql,
                "jdbc:sqlserver://db:1433;databaseName={t;u};encrypt=true;trustServerCertificate=false;hostNameInCertificate=x;sendStringParametersAsUnicode=false;loginTimeout=15",
            ),
        ] {
            let target = parse_url(store).unwrap();
            assert_eq!(jdbc_url(&target, driver), url);
            let again = parse_url(url).unwrap();
            assert_eq!((again.host, again.port, again.database), (target.host, target.port, target.database), "{url}");
        }
    }
}
