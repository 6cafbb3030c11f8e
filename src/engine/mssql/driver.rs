//! The JDBC drivers of SQL Server.

use crate::engine::Target;
use crate::engine::driver_class::{DriverClass, GeneratedDriver, Outdated, authority, database, encryption_comment};

pub(super) static DRIVERS: &[&DriverClass] = &[&MICROSOFT, &JTDS];

static MICROSOFT: DriverClass = DriverClass {
    class: "com.microsoft.sqlserver.jdbc.SQLServerDriver",
    name: "Microsoft's driver",
    jar: "mssql-jdbc-*.jar",
    package: None,
    scheme: "jdbc:sqlserver:",
    also_accepts: None,
    encrypted: "encrypt=true",
    default_isolation: None,
    outdated: None,
    generated: Some(GeneratedDriver {
        option: "mssql",
        servers: "SQL Server",
        jars: "mssql-jdbc*.jar",
        url,
        comments: |url| {
            vec![
                "Separate properties with ; and not with & (in XML &amp;).".to_owned(),
                encryption_comment(url, "encrypt", "true"),
                "sendStringParametersAsUnicode=false: with NVARCHAR parameters SQL Server would scan the table for each VARCHAR key.".to_owned(),
            ]
        },
    }),
};

static JTDS: DriverClass = DriverClass {
    class: "net.sourceforge.jtds.jdbc.Driver",
    name: "jTDS",
    jar: "jtds-*.jar",
    package: None,
    scheme: "jdbc:jtds:",
    also_accepts: None,
    encrypted: "ssl=authenticate",
    default_isolation: None,
    outdated: Some(Outdated {
        why: "jTDS is no longer maintained and has no TLS 1.2 support of its own: a server that requires it refuses the login, and no session is saved",
        instead: MICROSOFT.class,
        url: Some("jdbc:sqlserver://host:1433;databaseName=…"),
    }),
    generated: None,
};

fn url(target: &Target) -> String {
    let get = |name: &str, default: &str| target.params.get(name).cloned().unwrap_or_else(|| default.to_owned());
    // Microsoft's driver knows no "tried".
    let encrypt = match get("encrypt", "true").as_str() {
        "optional" => "true".to_owned(),
        other => other.to_owned(),
    };
    let mut url = format!("jdbc:sqlserver://{};databaseName={}", authority(target), braced(database(target)));
    for (name, value) in [("encrypt", encrypt), ("trustServerCertificate", get("trustServerCertificate", "false"))] {
        url.push_str(&format!(";{name}={}", braced(&value)));
    }
    if let Some(name) = target.params.get("hostNameInCertificate") {
        url.push_str(&format!(";hostNameInCertificate={}", braced(name)));
    }
    url + ";sendStringParametersAsUnicode=false;loginTimeout=15"
}

/// In braces where the driver would take something in it for the end.
fn braced(value: &str) -> String {
    if value.contains([';', '{', '}', '=']) { format!("{{{}}}", value.replace('}', "}}")) } else { value.to_owned() }
}
