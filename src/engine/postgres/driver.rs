//! The JDBC driver of PostgreSQL.

use crate::engine::Target;
use crate::engine::driver_class::{DriverClass, GeneratedDriver, authority, database, encryption_comment, ssl_mode};

pub(super) static DRIVERS: &[&DriverClass] = &[&PGJDBC];

static PGJDBC: DriverClass = DriverClass {
    class: "org.postgresql.Driver",
    name: "PostgreSQL's driver",
    jar: "postgresql-*.jar",
    package: Some("org.postgresql."),
    scheme: "jdbc:postgresql:",
    also_accepts: None,
    encrypted: "sslmode=verify-full",
    default_isolation: None,
    outdated: None,
    generated: Some(GeneratedDriver {
        option: "postgres",
        servers: "PostgreSQL",
        jars: "postgresql*.jar",
        url,
        comments: |url| {
            let mut comments = vec![encryption_comment(url, "sslmode", "prefer")];
            if url.contains("DefaultJavaSSLFactory") {
                comments.push(
                    "(Without sslfactory the driver does not read Java's trust store, but ~/.postgresql/root.crt.)"
                        .to_owned(),
                );
            }
            comments
        },
    }),
};

fn url(target: &Target) -> String {
    let mode = match ssl_mode(target).as_str() {
        "disabled" | "disable" => "disable",
        "required" | "require" => "require",
        "verifyca" => "verify-ca",
        "verifyidentity" | "verifyfull" => "verify-full",
        _ if target.is_local() => "prefer",
        _ => "verify-full",
    };
    // Without it the driver looks for the authority in a file of the account that Tomcat runs as.
    let factory = if mode.starts_with("verify") { "&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory" } else { "" };
    let (authority, database) = (authority(target), database(target));
    format!("jdbc:postgresql://{authority}/{database}?sslmode={mode}{factory}&connectTimeout=10&tcpKeepAlive=true")
}
