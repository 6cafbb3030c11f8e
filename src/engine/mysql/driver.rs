//! The JDBC drivers of MySQL and MariaDB: either connects to both servers.

use crate::engine::Target;
use crate::engine::driver_class::{
    DriverClass, GeneratedDriver, OtherScheme, Outdated, authority, database, encryption_comment, ssl_mode,
};

pub(super) static OF_MYSQL: &[&DriverClass] = &[&CONNECTOR_J, &CONNECTOR_5, &MARIADB];
pub(super) static OF_MARIADB: &[&DriverClass] = &[&MARIADB, &CONNECTOR_J, &CONNECTOR_5];

const DEFAULT_ISOLATION: Option<&str> = Some("REPEATABLE READ, the server's default");

static CONNECTOR_J: DriverClass = DriverClass {
    class: "com.mysql.cj.jdbc.Driver",
    name: "Connector/J",
    jar: "mysql-connector-j-*.jar",
    package: None,
    scheme: "jdbc:mysql:",
    also_accepts: None,
    encrypted: "sslMode=VERIFY_IDENTITY",
    default_isolation: DEFAULT_ISOLATION,
    outdated: None,
    generated: Some(GeneratedDriver {
        option: "mysql",
        servers: "MySQL",
        jars: "mysql-connector*.jar",
        url: connector_j_url,
        comments: |url| [vec![encryption_comment(url, "sslMode", "PREFERRED")], public_key_comment(url)].concat(),
    }),
};

/// The class name of Connector/J 5.
static CONNECTOR_5: DriverClass = DriverClass {
    class: "com.mysql.jdbc.Driver",
    name: "Connector/J",
    jar: CONNECTOR_J.jar,
    package: None,
    scheme: CONNECTOR_J.scheme,
    also_accepts: None,
    encrypted: CONNECTOR_J.encrypted,
    default_isolation: DEFAULT_ISOLATION,
    outdated: Some(Outdated {
        why: "com.mysql.jdbc.Driver is the class name of Connector/J 5: later versions log a warning at each start, and an update may remove the name",
        instead: CONNECTOR_J.class,
        url: None,
    }),
    generated: None,
};

static MARIADB: DriverClass = DriverClass {
    class: "org.mariadb.jdbc.Driver",
    name: "MariaDB's driver",
    jar: "mariadb-java-client-*.jar",
    package: None,
    scheme: "jdbc:mariadb:",
    also_accepts: Some(OtherScheme { scheme: CONNECTOR_J.scheme, refused_from: 3, parameter: "permitMysqlScheme" }),
    encrypted: "sslMode=verify-full",
    default_isolation: DEFAULT_ISOLATION,
    outdated: None,
    generated: Some(GeneratedDriver {
        option: "mariadb",
        servers: "MariaDB",
        jars: "mariadb-java-client*.jar",
        url: mariadb_url,
        comments: |url| {
            let versions =
                "(sslMode requires driver 3 or later.) The driver refuses jdbc:mysql: without permitMysqlScheme.";
            let mut comments = vec![encryption_comment(url, "sslMode", "PREFERRED"), versions.to_owned()];
            if url.contains("sslMode=verify-full") {
                comments.push(
                    "MariaDB 11.4 and later can create the certificate themselves; driver 3.4 and later verify such a certificate, using the account's password."
                        .to_owned(),
                );
            }
            [comments, public_key_comment(url)].concat()
        },
    }),
};

fn connector_j_url(target: &Target) -> String {
    let mode = match ssl_mode(target).as_str() {
        "disabled" => "DISABLED",
        "required" => "REQUIRED",
        "verifyca" => "VERIFY_CA",
        "verifyidentity" | "verifyfull" => "VERIFY_IDENTITY",
        _ if target.is_local() => "PREFERRED",
        _ => "VERIFY_IDENTITY",
    };
    let key = public_key(mode == "DISABLED");
    format!("jdbc:mysql://{}/{}?sslMode={mode}{key}", authority(target), database(target))
}

fn mariadb_url(target: &Target) -> String {
    let mode = match ssl_mode(target).as_str() {
        "disabled" => "disable",
        "required" => "trust",
        "verifyca" => "verify-ca",
        "verifyidentity" | "verifyfull" => "verify-full",
        _ if target.is_local() => "disable",
        _ => "verify-full",
    };
    // MariaDB's own servers have no caching_sha2_password.
    let key = public_key(target.engine.name() == "mysql" && mode == "disable");
    format!("jdbc:mariadb://{}/{}?sslMode={mode}{key}", authority(target), database(target))
}

/// What caching_sha2_password needs where there is no TLS.
fn public_key(needed: bool) -> &'static str {
    if needed { "&allowPublicKeyRetrieval=true" } else { "" }
}

fn public_key_comment(url: &str) -> Vec<String> {
    let comment = "allowPublicKeyRetrieval=true: without TLS the driver accepts any key as the server's, and an attacker on the network can read the password. Use TLS for servers on other machines.";
    if url.contains("allowPublicKeyRetrieval=true") { vec![comment.to_owned()] } else { Vec::new() }
}
