//! Generates the configuration files of a Tomcat, with comments that explain them.
//!
//! Pure. `lint` finds no error in these files; a test checks that.

mod context;
mod escape;

use super::StoreNames;
use crate::engine::{DriverClass, GeneratedDriver, driver_classes};

/// Tomcat versions that need different files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generation {
    Nine,
    Ten,
    Eleven,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreKind {
    /// A connection from a pool for each operation.
    DataSource,
    /// A single connection of its own, which all operations share; up to Tomcat 9.
    Jdbc,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    Production,
    /// Short times, so that a trial shows results within seconds.
    Guide,
}

/// The input of the generator. It contains a password, so it has no `Debug`.
pub struct Plan {
    pub generation: Generation,
    pub store: StoreKind,
    pub driver: &'static DriverClass,
    pub generated: &'static GeneratedDriver,
    /// A JDBC URL.
    pub url: String,
    pub user: String,
    pub password: String,
    pub names: StoreNames,
    pub route: String,
    /// Whether the load balancer sends each user to the same Tomcat. Sessions are then backed up periodically instead of
    /// saved after each request.
    pub sticky: bool,
    pub values: Preset,
}

/// A generated file.
pub struct GeneratedFile {
    /// Its path below CATALINA_BASE.
    pub file: &'static str,
    pub text: String,
}

/// The property that contains the database password.
const PASSWORD: &str = "sessions.db.password";

impl Generation {
    pub fn version(self) -> &'static str {
        match self {
            Generation::Nine => "9.0",
            Generation::Ten => "10.1",
            Generation::Eleven => "11.0",
        }
    }
}

/// Every file, in the order in which a person does it.
pub fn generated_files(plan: &Plan) -> Vec<GeneratedFile> {
    vec![
        GeneratedFile { file: "conf/context.xml", text: context::text(plan) },
        GeneratedFile { file: "conf/server.xml", text: server(plan) },
        GeneratedFile { file: "conf/catalina.properties", text: properties(plan) },
    ]
}

fn server(plan: &Plan) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- If you already have a server.xml, copy only jvmRoute of the Engine. Do not change the names of
     Engine and Host: the app_name of every stored session begins with them. -->
<Server port="-1">
  <Service name="Catalina">
    <Connector port="8080" protocol="HTTP/1.1" connectionTimeout="20000"/>
    <!-- jvmRoute: the load balancer's name for this Tomcat, different for each Tomcat. session_id is the
         id, a dot and the route, which leaves 67 of 100 characters for the route. -->
    <Engine name="Catalina" defaultHost="localhost" jvmRoute="{}">
      <Host name="localhost" appBase="webapps" unpackWARs="true" autoDeploy="false"/>
    </Engine>
  </Service>
</Server>
"#,
        escape::xml(&plan.route)
    )
}

fn properties(plan: &Plan) -> String {
    let activity = match plan.generation {
        Generation::Nine => {
            "\
# Counts the active requests of a session, so that a session in use is neither swapped out nor expired. Up
# to Tomcat 9 this is a system property; from 10 it is the attribute sessionActivityCheck of the Manager.
org.apache.catalina.session.StandardSession.ACTIVITY_CHECK=true
"
        }
        Generation::Ten | Generation::Eleven => {
            "\
# org.apache.catalina.session.StandardSession.ACTIVITY_CHECK is not set: Tomcat 10 and later ignore it and
# use the attribute sessionActivityCheck of the Manager in conf/context.xml.
"
        }
    };
    let lines = match plan.generation {
        Generation::Nine => "only the settings ACTIVITY_CHECK and sessions.db.password",
        Generation::Ten | Generation::Eleven => "only the setting sessions.db.password",
    };
    let password = escape::property(&plan.password);
    let mut drivers: Vec<&str> = driver_classes().filter_map(|driver| Some(driver.generated.as_ref()?.jars)).collect();
    drivers.sort_unstable();
    let drivers = drivers.join(",");
    format!(
        r#"# If you already have a catalina.properties, copy {lines}.

{activity}
# The database password; conf/context.xml refers to it as ${{{PASSWORD}}}. Only Tomcat's user should be able
# to read this file: chmod 600.
{PASSWORD}={password}

# Tomcat's defaults.
common.loader="${{catalina.base}}/lib","${{catalina.base}}/lib/*.jar","${{catalina.home}}/lib","${{catalina.home}}/lib/*.jar"
server.loader=
shared.loader=
tomcat.util.scan.StandardJarScanFilter.jarsToSkip=catalina*.jar,tomcat*.jar,{drivers}
tomcat.util.buf.StringCache.byte.enabled=true
"#
    )
}
