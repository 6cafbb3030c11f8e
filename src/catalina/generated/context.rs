//! Generates `conf/context.xml`.

use super::escape::xml;
use super::{Generation, PASSWORD, Plan, Preset, StoreKind};
use crate::catalina::datasource::NAMES;

/// Refuses the classes with which known deserialization chains execute code; accepts all others.
const CLASS_FILTER: &str = r"(?!bsh\.|clojure\.|com\.mchange\.v2\.|com\.sun\.org\.apache\.xalan\.|com\.sun\.rowset\.|groovy\.|java\.rmi\.|javassist\.|javax\.management\.|org\.apache\.bcel\.|org\.apache\.commons\.beanutils\.|org\.apache\.commons\.collections4?\.(?:functors\.|comparators\.|keyvalue\.TiedMapEntry)|org\.apache\.xalan\.|org\.codehaus\.groovy\.|org\.mozilla\.javascript\.|org\.python\.|org\.springframework\.(?:beans\.factory\.|core\.SerializableTypeWrapper)|sun\.reflect\.annotation\.|sun\.rmi\.).*";

const VALVE: &str = r#"  <!-- Loads the session before each request and saves it after the request, so that any Tomcat can
       serve the next one. Valves that use the session must come after it. -->
  <Valve className="org.apache.catalina.valves.PersistentValve"/>

"#;

/// Intervals of the Manager in seconds, and the size of the connection pool.
struct Tuning {
    backup: u32,
    min_swap: u32,
    max_swap: u32,
    frequency: u32,
    pool: u32,
}

pub(super) fn text(plan: &Plan) -> String {
    let resource = match plan.store {
        StoreKind::DataSource => resource(plan),
        StoreKind::Jdbc => String::new(),
    };
    let valve = if plan.sticky { "" } else { VALVE };
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- For Tomcat {}. If you already have a context.xml, stop Tomcat and copy the
     contents of <Context> into it: with autoDeploy="true", a running Tomcat would redeploy all applications. -->
<Context>
  <WatchedResource>WEB-INF/web.xml</WatchedResource>

  <!-- Memory for cached static files, in KiB. -->
  <Resources cachingAllowed="true" cacheMaxSize="100000"/>
{resource}
{valve}{}
{}
  </Manager>
</Context>
"#,
        plan.generation.version(),
        manager(plan),
        store(plan)
    )
}

fn tuning(plan: &Plan) -> Tuning {
    match plan.values {
        Preset::Production => Tuning { backup: 30, min_swap: 60, max_swap: 900, frequency: 1, pool: 20 },
        Preset::Guide => Tuning { backup: 1, min_swap: 1, max_swap: 10, frequency: 1, pool: 8 },
    }
}

fn resource(plan: &Plan) -> String {
    let Tuning { pool, .. } = tuning(plan);
    format!(
        r#"
  <!-- The connection pool. Each application of each Tomcat has its own: the server must allow {pool} connections for
       each. defaultAutoCommit="false": the Store saves with DELETE and INSERT and commits when it returns the
       connection, so that the session is never missing in between. {}
{}  -->
  <Resource name="jdbc/sessions" auth="Container" type="javax.sql.DataSource"
    driverClassName="{}"
    url="{}"
    username="{}" password="${{{PASSWORD}}}"
    maxTotal="{pool}" maxIdle="{pool}" minIdle="1" maxWaitMillis="5000"
    validationQuery="SELECT 1" validationQueryTimeout="3" testOnBorrow="true"
    testWhileIdle="true" timeBetweenEvictionRunsMillis="60000"
    defaultAutoCommit="false" defaultTransactionIsolation="READ_COMMITTED"/>
"#,
        about_isolation(plan),
        about_url(plan),
        plan.driver.class,
        xml(&plan.url),
        xml(&plan.user),
    )
}

/// Why the isolation level is set.
fn about_isolation(plan: &Plan) -> &'static str {
    if plan.driver.default_isolation.is_none() {
        return "READ_COMMITTED is the server's\n       default.";
    }
    "READ_COMMITTED is required
       with it: under REPEATABLE READ, the server's default, the DELETE of a session without a row locks a
       gap, and the saves of new sessions deadlock."
}

/// Comments on the parameters of the URL.
fn about_url(plan: &Plan) -> String {
    (plan.generated.comments)(&plan.url).iter().map(|line| format!("       {line}\n")).collect()
}

fn manager(plan: &Plan) -> String {
    let activity = match plan.generation {
        Generation::Nine => "",
        Generation::Ten | Generation::Eleven => "\n    sessionActivityCheck=\"true\"",
    };
    let (about, times) = if plan.sticky { by_time(plan) } else { by_valve() };
    format!(
        r#"  <!-- {about}
       saveOnRestart saves all sessions when Tomcat is shut down normally.
       The class filter refuses classes used in known attacks. `tomcat-sessions audit` prints a stricter one
       that accepts only the classes in the stored sessions. -->
  <Manager className="org.apache.catalina.session.PersistentManager"
    {times}
    saveOnRestart="true"{activity}
    warnOnSessionAttributeFilterFailure="true"
    sessionAttributeValueClassNameFilter="{}">"#,
        xml(CLASS_FILTER)
    )
}

/// The valve saves the sessions, and nothing else may: a backup at the end of a request could delete the row and insert
/// none.
fn by_valve() -> (String, String) {
    let about = "\
The valve saves every session. Background backups and swaps are therefore off: a backup at the end
       of a request can delete the row and insert nothing, which logs the user out.";
    let times = r#"maxIdleBackup="-1" minIdleSwap="-1" maxIdleSwap="-1" processExpiresFrequency="6""#;
    (about.to_owned(), times.to_owned())
}

fn by_time(plan: &Plan) -> (String, String) {
    let Tuning { backup, min_swap, max_swap, frequency, .. } = tuning(plan);
    let checked = match plan.generation {
        Generation::Nine => {
            "ACTIVITY_CHECK in conf/catalina.properties keeps\n       sessions in use from being swapped out or expired."
        }
        Generation::Ten | Generation::Eleven => {
            "sessionActivityCheck keeps sessions in use\n       from being swapped out or expired."
        }
    };
    let lag = u64::from(backup) + u64::from(frequency) * 10;
    let about = format!(
        "The load balancer must send each user to the same Tomcat. A session is backed up after {backup} s
       without a request and swapped out after {max_swap} s. The background process runs every {frequency} x 10 s
       (backgroundProcessorDelay of the Engine), so that the changes of a session are saved at most {lag} s after
       its last request. A session that is never idle for {backup} s is not backed up: a failover loses all changes
       since its last backup. {checked}"
    );
    let times = format!(
        r#"maxIdleBackup="{backup}" minIdleSwap="{min_swap}" maxIdleSwap="{max_swap}" processExpiresFrequency="{frequency}""#
    );
    (about, times)
}

fn store(plan: &Plan) -> String {
    let names = &plan.names;
    let values =
        [&names.table, &names.id, &names.app, &names.data, &names.valid, &names.max_inactive, &names.last_access];
    let attributes: Vec<String> = NAMES
        .iter()
        .zip(values)
        .map(|((attribute, _), value)| format!("      {attribute}=\"{}\"", xml(value)))
        .collect();
    let head = match plan.store {
        StoreKind::DataSource => "    <!-- localDataSource: the Resource belongs to this context. All names are set, because Tomcat's defaults
         (tomcat$sessions, id, app ...) differ from the documented table. -->
    <Store className=\"org.apache.catalina.session.DataSourceStore\"
      dataSourceName=\"jdbc/sessions\" localDataSource=\"true\""
            .to_owned(),
        StoreKind::Jdbc => format!(
            "    <!-- JDBCStore has a single connection for all loads and saves. It has been deprecated since 9.0.40, and was
         removed in 10. All names are set, because Tomcat's defaults differ from the documented table.
{}    -->
    <Store className=\"org.apache.catalina.session.JDBCStore\"
      driverName=\"{}\"
      connectionURL=\"{}\"
      connectionName=\"{}\" connectionPassword=\"${{{PASSWORD}}}\"",
            about_url(plan),
            plan.driver.class,
            xml(&plan.url),
            xml(&plan.user)
        ),
    };
    format!("{head}\n{}/>", attributes.join("\n"))
}
