//! Each rule with a configuration that violates it, and with a similar one that does not. The base is the output of
//! `tomcat config`.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use tempfile::TempDir;

use super::*;
use crate::catalina::generated::{Generation, Plan, Preset, StoreKind, generated_files};
use crate::catalina::{NAMES, StoreNames};
use crate::engine::{DriverClass, driver_classes};

const NINE: &str = "9.0.122";
const TEN: &str = "10.1.60";
const ELEVEN: &str = "11.0.26";

const CONTEXT: &str = "conf/context.xml";
const SERVER: &str = "conf/server.xml";
const PROPERTIES: &str = "conf/catalina.properties";
const WEB: &str = "conf/web.xml";

/// Replaces a text in a file; an empty text appends to the file, or creates it.
type Edit = (&'static str, &'static str, &'static str);

/// A change of something that is not in the files.
type Change = fn(&mut TomcatInstance);

struct Case {
    rule: &'static str,
    version: &'static str,
    /// The version for `near`, if it is another one.
    near_version: &'static str,
    /// Edits that violate the rule.
    bad: &'static [Edit],
    /// Similar edits that do not violate it.
    near: &'static [Edit],
    both: Change,
    /// Whether the configuration has no PersistentValve.
    sticky: bool,
}

impl Case {
    fn sticky(self) -> Case {
        Case { sticky: true, ..self }
    }
}

fn case(rule: &'static str, version: &'static str, bad: &'static [Edit], near: &'static [Edit]) -> Case {
    Case { rule, version, near_version: version, bad, near, both: |_| {}, sticky: false }
}

fn with(rule: &'static str, version: &'static str, bad: &'static [Edit], near: &'static [Edit], both: Change) -> Case {
    Case { rule, version, near_version: version, bad, near, both, sticky: false }
}

/// A rule about versions: the last affected version, and the first one that is not affected.
fn until(rule: &'static str, version: &'static str, near_version: &'static str, edits: &'static [Edit]) -> Case {
    Case { rule, version, near_version, bad: edits, near: edits, both: |_| {}, sticky: false }
}

const STORE_CLASS: &str = "org.apache.catalina.session.DataSourceStore";
const JDBC: &str =
    "org.apache.catalina.session.JDBCStore\" driverName=\"com.mysql.cj.jdbc.Driver\" connectionURL=\"jdbc:mysql://db/t";
const SOURCE: &str = "dataSourceName=\"jdbc/sessions\" localDataSource=\"true\"";
const VALVE: &str = "<Valve className=\"org.apache.catalina.valves.PersistentValve\"/>";
const AUTOCOMMIT: &str = "defaultAutoCommit=\"false\" ";
const COMMITTED: &str = "defaultTransactionIsolation=\"READ_COMMITTED\"";
const HOST: &str = "<Host name=\"localhost\" appBase=\"webapps\" unpackWARs=\"true\" autoDeploy=\"false\"/>";
const FILES: Edit = (CONTEXT, STORE_CLASS, "org.apache.catalina.session.FileStore");
const URL: &str = "jdbc:mysql://db:3306/tomcat?sslMode=VERIFY_IDENTITY";
const TIMEOUT: &str = "<web-app><session-config><session-timeout>40000</session-timeout></session-config></web-app>";

fn cases() -> Vec<Case> {
    let mssql: &'static [Edit] = &[
        (CONTEXT, URL, "jdbc:sqlserver://db:1433;databaseName=t;sendStringParametersAsUnicode=false"),
        (WEB, "", TIMEOUT),
    ];
    vec![
        case(
            "config.unreadable",
            TEN,
            &[(SERVER, "</Engine>", "")],
            &[(SERVER, "<Service", "<!-- <Engine> --><Service")],
        ),
        case(
            "config.no-store",
            TEN,
            &[(CONTEXT, "PersistentManager\"", "StandardManager\"")],
            &[(CONTEXT, "org.apache.catalina.session.PersistentManager", "com.example.CachedManager")],
        ),
        case(
            "config.class",
            TEN,
            &[(CONTEXT, STORE_CLASS, "org.apache.catalina.session.DatasourceStore")],
            &[(CONTEXT, STORE_CLASS, "com.example.RedisStore")],
        ),
        case("config.class", TEN, &[(CONTEXT, STORE_CLASS, "...session.DataSourceStore")], &[]),
        case("config.class", TEN, &[(CONTEXT, STORE_CLASS, "org.apache.catalina.JDBCStore")], &[]),
        case("config.class", TEN, &[(CONTEXT, "<Store className", "<Store calssName")], &[]),
        case(
            "config.class",
            TEN,
            &[(CONTEXT, "session.PersistentManager\"", "session.PersistManager\"")],
            &[(CONTEXT, "</Manager>", "</Manager><!-- <Manager className='x'/> -->")],
        ),
        case("config.class", TEN, &[(CONTEXT, "valves.PersistentValve", "valves.PersistantValve")], &[]),
        case(
            "config.class",
            TEN,
            &[(CONTEXT, "<Manager className=\"org.apache.catalina.session.PersistentManager\"", "<Manager")],
            &[(CONTEXT, "<Context>\n", "<Context><Manager pathname=''/>")],
        ),
        case(
            "config.misplaced",
            TEN,
            &[(SERVER, HOST, "<Host name=\"localhost\"><Manager/></Host>")],
            &[(SERVER, HOST, "<Host name=\"localhost\"><Cluster><Manager/></Cluster></Host>")],
        ),
        case("config.misplaced", TEN, &[(CONTEXT, "</Context>", "<Store className='x'/></Context>")], &[]),
        case(
            "config.replaced",
            TEN,
            &[("conf/Catalina/localhost/ROOT.xml", "", "<Context><Manager pathname=''/></Context>")],
            &[("conf/Catalina/localhost/manager.xml", "", "<Context privileged='true'><Manager/></Context>")],
        ),
        case(
            "config.text",
            TEN,
            &[(CONTEXT, "</Manager>", "maxIdleBackup=\"1\"</Manager>")],
            &[(CONTEXT, "</Context>", "<WatchedResource>WEB-INF/web.xml</WatchedResource></Context>")],
        ),
        case(
            "config.template",
            TEN,
            &[(CONTEXT, "jdbc:mysql://db:", "jdbc:mysql://$DB_HOST:")],
            &[(CONTEXT, "\"tomcat_sessions\"", "\"tomcat$SESSIONS\"")],
        ),
        case(
            "config.duplicate",
            TEN,
            &[(CONTEXT, "<Manager ", "<Manager/><Manager ")],
            &[(CONTEXT, "<Manager ", "<!-- <Manager/> --><Manager ")],
        ),
        case(
            "config.unresolved",
            TEN,
            &[(PROPERTIES, "sessions.db.password=", "other=")],
            &[(CONTEXT, "${sessions.db.password}", "${db:-x}${java.io.tmpdir}")],
        ),
        case("config.unresolved", TEN, &[(PROPERTIES, "password=Xz7", "password=a${b}c")], &[]),
        case(
            "config.unresolved",
            TEN,
            &[(SERVER, "port=\"8080\"", "port=\"${http.port}\"")],
            &[(SERVER, "port=\"8080\"", "port=\"${http.port}\""), (PROPERTIES, "", "\nhttp.port=8081\n")],
        ),
        case(
            "config.unknown-attribute",
            TEN,
            &[(CONTEXT, "sessionLastAccessedCol", "sessionLastAccessCol")],
            &[(CONTEXT, "maxIdleBackup", "sessionLastAccessAtStart=\"true\" maxIdleBackup")],
        ),
        case(
            "config.unknown-attribute",
            NINE,
            &[(CONTEXT, "maxIdleBackup", "sessionActivityCheck=\"true\" maxIdleBackup")],
            &[(CONTEXT, "maxIdleBackup", "persistAuthenticationNotes=\"true\" maxIdleBackup")],
        ),
        case(
            "config.unknown-attribute",
            TEN,
            &[(CONTEXT, "maxIdleBackup", "maxInactiveInterval=\"900\" maxIdleBackup")],
            &[],
        ),
        case(
            "config.unknown-attribute",
            TEN,
            &[(CONTEXT, "maxIdleBackup", "pathname=\"\" maxIdleBackup")],
            &[(CONTEXT, "<Context>\n", "<Context><Manager pathname=''/>")],
        ),
        case(
            "config.unknown-attribute",
            TEN,
            &[(CONTEXT, "localDataSource=", "checkInterval=\"60\" localDataSource=")],
            &[],
        ),
        case(
            "version.store-removed",
            TEN,
            &[(CONTEXT, STORE_CLASS, JDBC)],
            &[(CONTEXT, STORE_CLASS, "com.example.JDBCStores")],
        ),
        case("version.store-missing", "9.0.39", &[], &[(CONTEXT, STORE_CLASS, JDBC)]),
        until("version.swallowed-errors", "9.0.118", "9.0.119", &[]),
        until("version.never-expiring", "11.0.25", "11.0.26", &[]),
        until("version.filestore-loss", "9.0.109", "9.0.110", &[FILES]),
        until("version.vulnerable", "10.1.34", "10.1.35", &[]),
        case(
            "store.names",
            TEN,
            &[(CONTEXT, "sessionTable=\"tomcat_sessions\"", "")],
            &[(CONTEXT, "sessionTable=\"tomcat_sessions\"", "sessionTable=\"other\"")],
        ),
        case(
            "store.names",
            TEN,
            &[(CONTEXT, "sessionAppCol=\"app_name\"", "")],
            &[
                (CONTEXT, "\"tomcat_sessions\"", "\"tomcat$sessions\""),
                (CONTEXT, "\"session_id\"", "\"id\""),
                (CONTEXT, "sessionAppCol=\"app_name\"", ""),
                (CONTEXT, "\"session_data\"", "\"data\""),
                (CONTEXT, "\"valid_session\"", "\"valid\""),
                (CONTEXT, "\"max_inactive\"", "\"maxinactive\""),
                (CONTEXT, "\"last_access\"", "\"lastaccess\""),
            ],
        ),
        case(
            "store.resource",
            TEN,
            &[(CONTEXT, SOURCE, "dataSourceName=\"jdbc/other\"")],
            &[(CONTEXT, SOURCE, "dataSourceName=\"java:comp/env/jdbc/sessions\"")],
        ),
        case(
            "store.global-resource",
            "10.1.33",
            &[
                (CONTEXT, "<Resource name=\"jdbc/sessions\"", "<Resource name=\"jdbc/own\""),
                (
                    SERVER,
                    "<Service ",
                    "<GlobalNamingResources><Resource name=\"jdbc/sessions\" url=\"x\"/></GlobalNamingResources><Service ",
                ),
            ],
            &[
                (
                    CONTEXT,
                    "<Resource name=\"jdbc/sessions\"",
                    "<ResourceLink name=\"jdbc/sessions\" global=\"jdbc/all\"/><Resource name=\"jdbc/own\"",
                ),
                (
                    SERVER,
                    "<Service ",
                    "<GlobalNamingResources><Resource name=\"jdbc/all\" url=\"x\"/></GlobalNamingResources><Service ",
                ),
            ],
        ),
        case(
            "store.one-connection",
            NINE,
            &[(CONTEXT, STORE_CLASS, JDBC), (CONTEXT, SOURCE, "")],
            &[(CONTEXT, STORE_CLASS, "org.apache.catalina.session.JDBCStore")],
        ),
        case(
            "store.reachable-files",
            TEN,
            &[FILES, (CONTEXT, SOURCE, "directory=\"webapps/shop/sessions\"")],
            &[FILES, (CONTEXT, SOURCE, "directory=\"webapps/shop/WEB-INF/sessions\"")],
        ),
        case(
            "store.cookie-path",
            TEN,
            &[(CONTEXT, "<Context>\n", "<Context sessionCookiePath=\"/\">")],
            &[(CONTEXT, "<Context>\n", "<Context sessionCookiePath=\"/shop\">")],
        ),
        case(
            "activity.missing",
            "11.0.25",
            &[(CONTEXT, "sessionActivityCheck=\"true\"", "")],
            &[(CONTEXT, "maxIdleSwap=\"900\"", "maxIdleSwap=\"-1\"")],
        )
        .sticky(),
        case(
            "activity.missing",
            NINE,
            &[(PROPERTIES, "ACTIVITY_CHECK=true", "ACTIVITY_CHECK=false")],
            // Backups only.
            &[
                (PROPERTIES, "ACTIVITY_CHECK=true", "ACTIVITY_CHECK=false"),
                (CONTEXT, "maxIdleSwap=\"900\"", "maxIdleSwap=\"-1\""),
            ],
        )
        .sticky(),
        case(
            "activity.ineffective",
            TEN,
            &[(PROPERTIES, "", "\norg.apache.catalina.session.StandardSession.ACTIVITY_CHECK=true\n")],
            &[],
        ),
        case(
            "manager.swap-before-backup",
            TEN,
            &[(CONTEXT, "maxIdleBackup=\"30\"", "maxIdleBackup=\"901\"")],
            &[(CONTEXT, "maxIdleBackup=\"30\"", "maxIdleBackup=\"900\"")],
        )
        .sticky(),
        case(
            "manager.min-above-max",
            TEN,
            &[(CONTEXT, "minIdleSwap=\"60\"", "minIdleSwap=\"901\"")],
            &[(CONTEXT, "minIdleSwap=\"60\"", "minIdleSwap=\"900\"")],
        )
        .sticky(),
        case(
            "manager.lag",
            TEN,
            &[(CONTEXT, "maxIdleBackup=\"30\"", "maxIdleBackup=\"111\"")],
            &[(CONTEXT, "maxIdleBackup=\"30\"", "maxIdleBackup=\"110\"")],
        )
        .sticky(),
        case("manager.lag", TEN, &[(CONTEXT, "maxIdleBackup=\"30\"", "maxIdleBackup=\"-1\"")], &[]).sticky(),
        case(
            "manager.save-on-restart",
            TEN,
            &[(CONTEXT, "saveOnRestart=\"true\"", "saveOnRestart=\"false\"")],
            &[(CONTEXT, "saveOnRestart=\"true\"", "")],
        ),
        with(
            "manager.max-active",
            TEN,
            &[(CONTEXT, "maxIdleBackup=", "maxActiveSessions=\"100\" maxIdleBackup=")],
            &[(CONTEXT, "maxIdleBackup=", "maxActiveSessions=\"101\" maxIdleBackup=")],
            |instance| table_of(instance, |table| table.sessions = Some(90)),
        )
        .sticky(),
        with("route.missing", TEN, &[(SERVER, " jvmRoute=\"jvm1\"", "")], &[], two),
        with("route.duplicate", TEN, &[(SERVER, "jvmRoute=\"jvm1\"", "jvmRoute=\"jvm2\"")], &[], two),
        case(
            "route.characters",
            TEN,
            &[(SERVER, "jvmRoute=\"jvm1\"", "jvmRoute=\"jvm;1\"")],
            &[(SERVER, "jvmRoute=\"jvm1\"", "jvmRoute=\"jvm.a_1-2\"")],
        ),
        with(
            "route.too-long",
            TEN,
            &[(SERVER, "jvmRoute=\"jvm1\"", "jvmRoute=\"12345678\"")],
            &[(SERVER, "jvmRoute=\"jvm1\"", "jvmRoute=\"1234567\"")],
            |instance| {
                table_of(instance, |table| table.id_length = Some(40));
            },
        ),
        case(
            "valve.with-backup",
            TEN,
            &[(CONTEXT, "maxIdleSwap=\"-1\"", "maxIdleSwap=\"60\"")],
            &[(CONTEXT, "maxIdleSwap=\"-1\"", "maxIdleSwap=\"-2\"")],
        ),
        case(
            "valve.missing",
            TEN,
            &[(CONTEXT, VALVE, ""), (SERVER, " jvmRoute=\"jvm1\"", "")],
            &[(CONTEXT, VALVE, "<Valve className=\"x.PersistentValve\" filter=\".*png\"/>")],
        ),
        case(
            "valve.order",
            TEN,
            &[(
                CONTEXT,
                "<Resources",
                "<Valve className=\"org.apache.catalina.authenticator.FormAuthenticator\"/><Resources",
            )],
            &[(
                CONTEXT,
                "</Context>",
                "<Valve className=\"org.apache.catalina.authenticator.FormAuthenticator\"/></Context>",
            )],
        ),
        case(
            "valve.on-host",
            TEN,
            &[(
                SERVER,
                HOST,
                "<Host name=\"localhost\"><Valve className=\"org.apache.catalina.valves.PersistentValve\"/></Host>",
            )],
            &[(
                SERVER,
                HOST,
                "<Host name=\"localhost\"><Valve className=\"org.apache.catalina.valves.AccessLogValve\"/></Host>",
            )],
        ),
        case("valve.without-manager", TEN, &[(CONTEXT, "PersistentManager\"", "StandardManager\"")], &[]),
        case(
            "driver.unknown",
            TEN,
            &[(CONTEXT, "com.mysql.cj.jdbc.Driver", "com.mysql.cj.Driver")],
            &[(CONTEXT, "com.mysql.cj.jdbc.Driver", "org.mariadb.jdbc.Driver")],
        ),
        case("driver.old", TEN, &[(CONTEXT, "com.mysql.cj.jdbc.Driver", "com.mysql.jdbc.Driver")], &[]),
        with(
            "driver.missing",
            TEN,
            &[],
            &[(CONTEXT, "com.mysql.cj.jdbc.Driver", "org.mariadb.jdbc.Driver"), (CONTEXT, URL, "jdbc:mariadb://db/t")],
            |instance| {
                instance.libraries = Libraries::with_driver("org.mariadb.jdbc.Driver", "2.7.6");
            },
        ),
        case(
            "driver.scheme",
            TEN,
            &[(CONTEXT, "com.mysql.cj.jdbc.Driver", "org.mariadb.jdbc.Driver")],
            &[
                (CONTEXT, "com.mysql.cj.jdbc.Driver", "org.mariadb.jdbc.Driver"),
                (CONTEXT, URL, "jdbc:mysql://db/t?permitMysqlScheme"),
            ],
        ),
        case("driver.scheme", TEN, &[(CONTEXT, URL, "jdbc:sqlserver://db:1433;databaseName=t")], &[]),
        case(
            "url.ampersand",
            TEN,
            &[(CONTEXT, URL, "jdbc:sqlserver://db:1433&amp;databaseName=t")],
            &[(CONTEXT, URL, "jdbc:sqlserver://db:1433;databaseName=t;applicationName=a&amp;b")],
        ),
        case(
            "url.unicode",
            TEN,
            &[(CONTEXT, URL, "jdbc:sqlserver://db;databaseName=t")],
            &[(CONTEXT, URL, "jdbc:sqlserver://db;databaseName=t;SendStringParametersAsUnicode=false")],
        ),
        case(
            "url.clear-text",
            TEN,
            &[(CONTEXT, URL, "jdbc:mysql://db/t?useSSL=false")],
            &[(CONTEXT, URL, "jdbc:mysql://localhost/t?useSSL=false")],
        ),
        case(
            "url.clear-text",
            TEN,
            &[(CONTEXT, URL, "jdbc:sqlserver://db;encrypt=false")],
            &[(CONTEXT, URL, "jdbc:sqlserver://db;encrypt=strict")],
        ),
        case(
            "url.invalid",
            TEN,
            &[(CONTEXT, URL, "jdbc:mysql://db/t?sslMode=ALWAYS")],
            &[(CONTEXT, URL, "jdbc:mysql://db/t?sslMode=REQUIRED")],
        ),
        case(
            "url.public-key",
            TEN,
            &[(CONTEXT, URL, "jdbc:mysql://db/t?allowPublicKeyRetrieval=true")],
            &[(CONTEXT, URL, "jdbc:mysql://127.0.0.1/t?allowPublicKeyRetrieval=true")],
        ),
        case(
            "pool.autocommit",
            TEN,
            &[(CONTEXT, AUTOCOMMIT, "")],
            &[(CONTEXT, AUTOCOMMIT, "defaultAutoCommit=\"FALSE\" ")],
        ),
        case(
            "pool.isolation",
            TEN,
            &[(CONTEXT, COMMITTED, "")],
            &[(CONTEXT, AUTOCOMMIT, ""), (CONTEXT, COMMITTED, "")],
        ),
        case(
            "pool.isolation",
            TEN,
            &[(CONTEXT, COMMITTED, "defaultTransactionIsolation=\"REPEATABLE_READ\"")],
            &[
                (CONTEXT, COMMITTED, ""),
                (CONTEXT, URL, "jdbc:mariadb://db/t?sessionVariables=tx_isolation='READ-COMMITTED'"),
            ],
        ),
        case(
            "pool.isolation",
            TEN,
            &[
                (CONTEXT, URL, "jdbc:sqlserver://db"),
                (CONTEXT, COMMITTED, "defaultTransactionIsolation=\"SERIALIZABLE\""),
            ],
            &[(CONTEXT, URL, "jdbc:sqlserver://db"), (CONTEXT, COMMITTED, "")],
        ),
        case(
            "pool.ignored-attribute",
            TEN,
            &[(CONTEXT, "maxTotal=", "maxActive=")],
            &[
                (CONTEXT, "maxTotal=", "maxActive="),
                (CONTEXT, "auth=\"Container\"", "factory=\"org.apache.tomcat.jdbc.pool.DataSourceFactory\""),
            ],
        ),
        case("secret.readable", TEN, &[(PROPERTIES, "mode", "644")], &[(CONTEXT, "mode", "644")]),
        case(
            "secret.root",
            TEN,
            &[(CONTEXT, "username=\"tomcat\"", "username=\"root\"")],
            &[(CONTEXT, "username=\"tomcat\"", "username=\"rooty\"")],
        ),
        case(
            "secret.guessable",
            TEN,
            &[(PROPERTIES, "password=Xz7", "password=tomcat")],
            &[(PROPERTIES, "password=Xz7", "password=tomcat1")],
        ),
        case(
            "secret.class-filter",
            TEN,
            &[(CONTEXT, "sessionAttributeValueClassNameFilter", "sessionAttributeNameFilter")],
            &[],
        ),
        case(
            "secret.persist-authentication",
            NINE,
            &[(CONTEXT, "maxIdleBackup=", "persistAuthentication=\"true\" maxIdleBackup=")],
            &[(CONTEXT, "maxIdleBackup=", "persistAuthentication=\"false\" maxIdleBackup=")],
        ),
        case(
            "timeout.never",
            TEN,
            &[(WEB, "", "<web-app><session-config><session-timeout>-1</session-timeout></session-config></web-app>")],
            &[(WEB, "", "<web-app><session-config><session-timeout>1</session-timeout></session-config></web-app>")],
        ),
        case("timeout.overflow", TEN, mssql, &[(WEB, "", TIMEOUT)]),
        with("timeout.overflow", TEN, &[(WEB, "", TIMEOUT)], &[], |instance| {
            table_of(instance, |table| table.expiry_overflow = Some("error 8115"))
        }),
        case(
            "deploy.automatic",
            TEN,
            &[(SERVER, "autoDeploy=\"false\"", "autoDeploy=\"true\"")],
            &[
                (SERVER, "autoDeploy=\"false\"", ""),
                (CONTEXT, "org.apache.catalina.session.PersistentManager", "com.example.CachedManager"),
            ],
        ),
        case(
            "deploy.automatic",
            TEN,
            &[(SERVER, "autoDeploy=\"false\"", "")],
            &[(SERVER, "autoDeploy=\"false\"", "autoDeploy=\"no\"")],
        ),
        case("jar.unreadable", TEN, &[("lib/broken.jar", "", "no zip")], &[("lib/broken.txt", "", "no zip")]),
    ]
}

fn two(instance: &mut TomcatInstance) {
    instance.others = vec![(PathBuf::from("node2"), Some("jvm2".to_owned()))];
}

fn table_of(instance: &mut TomcatInstance, set: impl Fn(&mut Table)) {
    let mut table = Table::default();
    set(&mut table);
    instance.tables = instance.databases().into_iter().map(|at| (at.place, table.clone())).collect();
}

fn plan(generation: Generation, driver: &str, url: &str) -> Plan {
    let is_meant = |one: &&DriverClass| one.generated.as_ref().is_some_and(|generated| generated.option == driver);
    let driver = driver_classes().find(is_meant).unwrap();
    let names = [0, 1, 2, 3, 4, 5, 6].map(|i| {
        ["tomcat_sessions", "session_id", "app_name", "session_data", "valid_session", "max_inactive", "last_access"][i]
            .to_owned()
    });
    let [table, id, app, data, valid, max_inactive, last_access] = names;
    Plan {
        generation,
        store: StoreKind::DataSource,
        driver,
        generated: driver.generated.as_ref().unwrap(),
        url: url.to_owned(),
        user: "tomcat".to_owned(),
        password: "Xz7".to_owned(),
        names: StoreNames { table, id, app, data, valid, max_inactive, last_access },
        route: "jvm1".to_owned(),
        sticky: false,
        values: Preset::Production,
    }
}

/// Writes a CATALINA_BASE with the output of `tomcat config`, edited.
fn base(plan: &Plan, edits: &[Edit]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let write = |file: &str, text: &str| {
        let path = dir.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    };
    for piece in generated_files(plan) {
        write(piece.file, &piece.text);
    }
    for (file, from, to) in edits {
        let path = dir.path().join(file);
        let text = fs::read_to_string(&path).unwrap_or_default();
        match *from {
            "mode" => {
                fs::set_permissions(&path, fs::Permissions::from_mode(u32::from_str_radix(to, 8).unwrap())).unwrap()
            }
            "" => write(file, &format!("{text}{to}")),
            from => {
                assert!(text.contains(from), "`{from}` is not in {file}");
                write(file, &text.replacen(from, to, 1));
            }
        }
    }
    dir
}

fn generation(version: &str) -> Generation {
    match Version::parse(version).unwrap().major() {
        9 => Generation::Nine,
        10 => Generation::Ten,
        _ => Generation::Eleven,
    }
}

fn instance(dir: &Path, version: &str) -> TomcatInstance {
    let instance = TomcatInstance::of(Base::read(dir, None, &|_| None), Version::parse(version));
    TomcatInstance { libraries: Libraries::read(&instance.base, &[]), ..instance }
}

fn found(version: &str, sticky: bool, edits: &[Edit], change: Change) -> Vec<&'static str> {
    findings(version, sticky, edits, change).into_iter().map(|finding| finding.rule).collect()
}

fn findings(version: &str, sticky: bool, edits: &[Edit], change: Change) -> Vec<Finding> {
    let dir = base(&Plan { sticky, ..plan(generation(version), "mysql", URL) }, edits);
    let mut instance = instance(dir.path(), version);
    instance.urls = instance.databases().into_iter().map(|at| (at.place.clone(), read(&at.url))).collect();
    change(&mut instance);
    evaluate(&instance)
}

/// Whether Tomcat's files stay well-formed with this text: attributes of an element, or elements.
fn can_be_pasted(text: &str) -> bool {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("conf")).unwrap();
    let is_element = text.starts_with('<') && text.ends_with('>');
    let file = if is_element { format!("<Context>{text}</Context>") } else { format!("<Context {text}/>") };
    fs::write(dir.path().join(CONTEXT), file).unwrap();
    Base::read(dir.path(), None, &|_| None).unread.is_empty() && !text.contains(['\u{2026}', '\u{a0}'])
}

#[test]
fn every_text_to_paste_can_be_pasted() {
    assert!(can_be_pasted("a=\"1\" b=\"2\"") && can_be_pasted("<a b=\"1\"/>"));
    assert!(!can_be_pasted("a=\"1\" in the Manager") && !can_be_pasted("a.b=true"));
    for Case { rule, version, bad, both, sticky, .. } in cases() {
        for finding in findings(version, sticky, bad, both) {
            if let Remedy::Config(text) = &finding.remedy {
                assert!(can_be_pasted(text), "{rule}: {}: {text}", finding.rule);
            }
        }
    }
}

/// The results for the URLs of the cases; the engines, which parse URLs, are not available to this module.
fn read(url: &str) -> UrlCheck {
    if url.contains("sslMode=ALWAYS") {
        return UrlCheck::Unusable {
            why: "a value that Connector/J refuses".to_owned(),
            remedy: "another".to_owned(),
            wrong_separator: false,
        };
    }
    let clear = ["useSSL=false", "encrypt=false"].into_iter().any(|off| url.contains(off));
    UrlCheck::Usable { encrypted: !clear, local: url.contains("//localhost") }
}

#[test]
fn each_rule_fires_for_its_fixture_and_not_for_the_corrected_one() {
    for (i, Case { rule, version, near_version, bad, near, both, sticky }) in cases().into_iter().enumerate() {
        let broken = found(version, sticky, bad, both);
        assert!(broken.contains(&rule), "{i}: {rule} is not among {broken:?}");
        // Without similar edits, this is the configuration without findings.
        let kept = found(near_version, sticky, near, both);
        assert!(!kept.contains(&rule), "{i}: {rule} is among {kept:?}");
    }
}

#[test]
fn each_rule_has_a_fixture_a_unique_id_and_a_reason() {
    let cases = cases();
    for (i, rule) in RULES.iter().enumerate() {
        assert!(cases.iter().any(|case| case.rule == rule.id), "{} has no fixture", rule.id);
        assert!(RULES[..i].iter().all(|other| other.id != rule.id), "{} is there twice", rule.id);
        assert!(!rule.why.is_empty() && !rule.source.is_empty(), "{}", rule.id);
    }
    assert!(cases.iter().all(|case| RULES.iter().any(|rule| rule.id == case.rule)));
}

#[test]
fn the_suggested_command_is_for_the_same_tomcat_version() {
    for (version, edits, named) in [
        (NINE, &[(CONTEXT, STORE_CLASS, JDBC), (CONTEXT, SOURCE, "")][..], "9"),
        (ELEVEN, &[(CONTEXT, STORE_CLASS, JDBC)], "11"),
    ] {
        let dir = base(&plan(generation(version), "mysql", URL), edits);
        let findings = evaluate(&instance(dir.path(), version));
        let remedies: Vec<String> = findings.iter().map(|finding| format!("{:?}", finding.remedy)).collect();
        let command = format!("`tomcat-sessions tomcat config --tomcat {named}`");
        assert!(remedies.iter().any(|remedy| remedy.contains(&command)), "{remedies:#?}");
    }
}

#[test]
fn the_output_of_tomcat_config_has_no_findings() {
    for version in [NINE, TEN, ELEVEN] {
        for (driver, url) in [
            ("mysql", URL),
            ("mariadb", "jdbc:mariadb://db:3306/tomcat?sslMode=verify-full"),
            (
                "postgres",
                "jdbc:postgresql://db:5432/tomcat?sslmode=verify-full&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory",
            ),
            (
                "mssql",
                "jdbc:sqlserver://db:1433;databaseName=tomcat;encrypt=true;trustServerCertificate=false;sendStringParametersAsUnicode=false;loginTimeout=15",
            ),
        ] {
            for (values, sticky) in [(Preset::Production, false), (Preset::Production, true), (Preset::Guide, true)] {
                let dir = base(&Plan { values, sticky, ..plan(generation(version), driver, url) }, &[]);
                assert_eq!(evaluate(&instance(dir.path(), version)), [], "{version} {driver}");
            }
        }
    }
}

#[test]
fn default_names_are_correct_for_the_default_table() {
    let mut edits: Vec<Edit> = Vec::new();
    for ((attribute, _), value) in NAMES.iter().zip([
        "tomcat_sessions",
        "session_id",
        "app_name",
        "session_data",
        "valid_session",
        "max_inactive",
        "last_access",
    ]) {
        edits.push((CONTEXT, Box::leak(format!("{attribute}=\"{value}\"").into_boxed_str()), ""));
    }
    assert!(found(TEN, false, &edits, |_| {}).contains(&"store.names"));
    assert_eq!(found(TEN, false, &edits, |instance| table_of(instance, |_| {})), [""; 0]);
}

/// The messages of the findings of one rule, with their remedies.
fn messages_of(rule: &str, version: &str, edits: &[Edit], change: Change) -> Vec<String> {
    let dir = base(&plan(generation(version), "mysql", URL), edits);
    let mut instance = instance(dir.path(), version);
    change(&mut instance);
    let of_rule = evaluate(&instance).into_iter().filter(|finding| finding.rule == rule);
    of_rule
        .map(|finding| {
            let (file, line) = (finding.file.unwrap_or_default(), finding.line.unwrap_or_default());
            format!("{file}:{line} {} | {:?}", finding.message, finding.remedy)
        })
        .collect()
}

/// A misspelt attribute for a column name is an error, unless its value is the default.
#[test]
fn a_misspelt_attribute_of_a_column_is_an_error() {
    let severities = |edits: &[Edit]| {
        let dir = base(&plan(generation(TEN), "mysql", URL), edits);
        let findings = evaluate(&instance(dir.path(), TEN)).into_iter();
        let of_rule = findings.filter(|finding| finding.rule == "config.unknown-attribute");
        of_rule.map(|finding| (finding.severity, finding.message)).collect::<Vec<_>>()
    };
    let [(severity, message)] = &severities(&[(CONTEXT, "sessionLastAccessedCol", "sessionLastAccessCol")])[..] else {
        panic!()
    };
    assert_eq!(*severity, Severity::Error);
    let expected_text = "ignores the attribute `sessionLastAccessCol` of DataSourceStore, which has no such property, and uses \
        `lastaccess`, the default of sessionLastAccessedCol, instead of `last_access`";
    assert!(message.ends_with(expected_text), "{message}");
    for (from, to) in [
        ("sessionLastAccessedCol=\"last_access\"", "sessionLastAccessCol=\"lastaccess\""),
        ("sessionLastAccessedCol", "sessionLastAccessCol=\"x\" sessionLastAccessedCol"),
        ("saveOnRestart=", "saveOnRestatr="),
    ] {
        let found = severities(&[(CONTEXT, from, to)]);
        assert!(matches!(&found[..], [(Severity::Warning, _)]), "{to}: {found:?}");
    }
}

#[test]
fn a_misspelt_name_gets_a_suggestion() {
    for (rule, from, to, meant) in [
        ("config.unknown-attribute", "saveOnRestart=", "saveOnRestatr=", "write `saveOnRestart`"),
        (
            "config.unknown-attribute",
            "maxIdleBackup",
            "maxActiveSession=\"-1\" maxIdleBackup",
            "write `maxActiveSessions`",
        ),
        (
            "config.unknown-attribute",
            "sessionLastAccessedCol",
            "sessionLastAccessCol",
            "write `sessionLastAccessedCol`",
        ),
        ("config.class", "session.DataSourceStore", "session.DatasourceStore", "session.DataSourceStore\\\""),
        ("config.class", "session.DataSourceStore", "DataSourceStore", "session.DataSourceStore\\\""),
        ("config.class", "<Store className", "<Store calssName", "write `className`"),
        ("config.class", "session.PersistentManager", "session.PersistManager", "session.PersistentManager\\\""),
        ("pool.ignored-attribute", "maxWaitMillis", "maxWaitMilis", "write `maxWaitMillis`"),
        (
            "driver.unknown",
            "com.mysql.cj.jdbc.Driver",
            "org.gjt.mm.mysql.Driver",
            "driverClassName=\\\"com.mysql.cj.jdbc.Driver",
        ),
    ] {
        let found = messages_of(rule, TEN, &[(CONTEXT, from, to)], |_| {});
        assert!(found.len() == 1 && found[0].contains(meant), "{to}: {found:?}");
    }
    let own = [
        (CONTEXT, STORE_CLASS, JDBC),
        (CONTEXT, SOURCE, ""),
        (CONTEXT, "com.mysql.cj.jdbc.Driver\" connectionURL", "org.gjt.mm.mysql.Driver\" connectionURL"),
    ];
    assert!(messages_of("driver.unknown", NINE, &own, |_| {})[0].contains("Config(\"driverName="));
}

/// The message has the error of the server in use, and no other server's.
#[test]
fn an_overflow_is_reported_with_the_servers_error() {
    let postgres: &[Edit] = &[
        (CONTEXT, "com.mysql.cj.jdbc.Driver", "org.postgresql.Driver"),
        (CONTEXT, URL, "jdbc:postgresql://db/t?sslmode=verify-full"),
        (WEB, "", TIMEOUT),
    ];
    let found = messages_of("timeout.overflow", TEN, postgres, |_| {});
    assert!(found[0].contains("(error 22003)") && !found[0].contains("SQL Server"), "{found:?}");
    let of_table = messages_of("timeout.overflow", TEN, &[(WEB, "", TIMEOUT)], |instance| {
        table_of(instance, |table| table.expiry_overflow = Some("error 8115"));
    });
    assert!(of_table[0].contains("(error 8115)") && !of_table[0].contains("PostgreSQL"), "{of_table:?}");
}

#[test]
fn third_party_stores_are_not_checked() {
    let redis = (CONTEXT, STORE_CLASS, "com.example.RedisStore\" host=\"h");
    let names: Vec<Edit> = NAMES
        .iter()
        .zip([
            "tomcat_sessions",
            "session_id",
            "app_name",
            "session_data",
            "valid_session",
            "max_inactive",
            "last_access",
        ])
        .map(|((attribute, _), value)| -> Edit {
            (CONTEXT, Box::leak(format!("{attribute}=\"{value}\"").into_boxed_str()), "")
        })
        .chain([redis, (CONTEXT, SOURCE, "")])
        .collect();
    assert_eq!(found(TEN, false, &names, |_| {}), [""; 0]);
}

#[test]
fn messages_contain_placeholders_and_no_values() {
    let edits = [
        (CONTEXT, "jdbc:mysql://db:3306/tomcat", "jdbc:mysql://${db.host}:${db.port}/tomcat"),
        (PROPERTIES, "password=Xz7", "password=geheim${x}"),
    ];
    let found = messages_of("config.unresolved", TEN, &edits, |_| {});
    for name in ["${db.host}", "${db.port}", "${x}"] {
        assert!(found.iter().any(|output_text| output_text.contains(name)), "{name}: {found:?}");
    }
    assert!(found.iter().all(|output_text| !output_text.contains("geheim")) && found.len() == 3, "{found:?}");
    // Tomcat ignores variables of the environment, unless it is configured to read them.
    let base_of = |source: &'static str| {
        let dir = base(
            &plan(Generation::Ten, "mysql", URL),
            &[(CONTEXT, "${sessions.db.password}", "${DB_PASSWORD}"), (PROPERTIES, "", source)],
        );
        let base = Base::read(dir.path(), None, &|name| (name == "DB_PASSWORD").then(|| "x".to_owned()));
        let instance = TomcatInstance::of(base, Version::parse(TEN));
        evaluate(&instance)
            .into_iter()
            .map(|finding| (finding.rule, finding.severity))
            .filter(|(rule, _)| *rule == "config.unresolved")
            .collect::<Vec<_>>()
    };
    const PROPERTY_SOURCE: &str =
        "\norg.apache.tomcat.util.digester.PROPERTY_SOURCE=org.apache.tomcat.util.digester.EnvironmentPropertySource\n";
    const VAULT: &str = "\norg.apache.tomcat.util.digester.PROPERTY_SOURCE=com.example.Vault\n";
    assert_eq!(base_of(""), [("config.unresolved", Severity::Error)]);
    assert_eq!(base_of(PROPERTY_SOURCE), []);
    assert_eq!(base_of(VAULT), [("config.unresolved", Severity::Note)]);
}

#[test]
fn messages_say_what_this_tomcat_does() {
    let off = [(CONTEXT, VALVE, ""), (CONTEXT, "saveOnRestart=\"true\"", "saveOnRestart=\"false\"")];
    let lag = messages_of("manager.lag", TEN, &off, |_| {});
    assert!(lag[0].contains("no session is ever saved") && !lag[0].contains("only when Tomcat stops"), "{lag:?}");
    let lag = messages_of("manager.lag", TEN, &off[..1], |_| {});
    assert!(lag[0].contains("only when Tomcat stops"), "{lag:?}");
    let files = messages_of("version.filestore-loss", "10.1.45", &[FILES], |_| {});
    assert!(files[0].contains("does not start"), "{files:?}");
    let narrow =
        messages_of("route.too-long", TEN, &[], |instance| table_of(instance, |table| table.id_length = Some(32)));
    assert!(narrow[0].contains("widen the column") && !narrow[0].contains(" 0 "), "{narrow:?}");
    let misplaced =
        messages_of("config.misplaced", TEN, &[(SERVER, HOST, "<Host name=\"localhost\">\n<Manager/></Host>")], |_| {});
    assert!(misplaced[0].starts_with("conf/server.xml:11 a <Manager> in <Host> is ignored"), "{misplaced:?}");
    let replaced = messages_of(
        "config.replaced",
        TEN,
        &[("conf/Catalina/localhost/ROOT.xml", "", "<Context>\n<Manager/></Context>")],
        |_| {},
    );
    assert!(
        replaced[0].starts_with("conf/Catalina/localhost/ROOT.xml:2 ") && replaced[0].contains("/Catalina/localhost/,"),
        "{replaced:?}"
    );
    let host = [(
        SERVER,
        HOST,
        "<Host name=\"localhost\"><Valve className=\"org.apache.catalina.valves.PersistentValve\"/></Host>",
    )];
    assert!(!messages_of("valve.on-host", TEN, &host, |_| {})[0].contains("before 9.0.76"));
    let unsaved = [(
        CONTEXT,
        "org.apache.catalina.session.PersistentManager",
        "org.apache.catalina.session.StandardManager\" pathname=\"",
    )];
    assert!(messages_of("config.no-store", TEN, &unsaved, |_| {})[0].contains("not saved when Tomcat stops either"));
}

#[test]
fn typographic_quotes_are_reported() {
    let found = messages_of(
        "config.unreadable",
        TEN,
        &[(SERVER, "name=\"Catalina\"", "name=\u{201d}Catalina\u{201d}")],
        |_| {},
    );
    assert!(found[0].contains("typographic quote \u{201d}") && found[0].starts_with("conf/server.xml:5 "), "{found:?}");
}

/// The comments on a Resource describe its URL.
#[test]
fn comments_match_the_url() {
    for (driver, url, expected_text) in [
        (
            "mysql",
            "jdbc:mysql://db/t?sslMode=PREFERRED",
            "sslMode=PREFERRED: encrypted if the server offers TLS; the certificate is not checked",
        ),
        ("mysql", "jdbc:mysql://db/t?sslMode=DISABLED&allowPublicKeyRetrieval=true", "sslMode=DISABLED: not encrypted"),
        ("mysql", URL, "sslMode=VERIFY_IDENTITY: encrypted; Java must trust the certificate, and the host name"),
        ("mariadb", "jdbc:mariadb://db/t?sslMode=trust", "sslMode=trust: encrypted; the certificate is not checked"),
        (
            "mssql",
            "jdbc:sqlserver://db;encrypt=true;trustServerCertificate=true",
            "encrypt=true: encrypted; trustServerCertificate=true",
        ),
        ("mssql", "jdbc:sqlserver://db;encrypt=false", "encrypt=false: not encrypted"),
    ] {
        let generated_files = generated_files(&plan(Generation::Ten, driver, url));
        assert!(generated_files[0].text.contains(expected_text), "{expected_text}: {}", generated_files[0].text);
        assert!(expected_text.contains("VERIFY_IDENTITY") || !generated_files[0].text.contains("VERIFY_IDENTITY"));
    }
}

/// A remedy for a Resource uses the attribute names of its pool.
#[test]
fn remedies_use_the_attribute_names_of_each_pool() {
    let pool = |factory: &'static str, attributes: &'static str| -> Vec<Remedy> {
        let edits =
            [(CONTEXT, "auth=\"Container\"", factory), (CONTEXT, AUTOCOMMIT, attributes), (CONTEXT, COMMITTED, "")];
        let dir = base(&plan(Generation::Ten, "mysql", URL), &edits);
        let findings = evaluate(&instance(dir.path(), TEN)).into_iter();
        findings.filter(|finding| finding.rule.starts_with("pool.")).map(|finding| finding.remedy).collect()
    };
    const HIKARI: &str = "factory=\"com.zaxxer.hikari.HikariJNDIFactory\"";
    const BEAN: &str = "factory=\"org.apache.naming.factory.BeanFactory\"";
    let config = |text: &str| vec![Remedy::config(text)];
    assert_eq!(pool("", ""), config("defaultAutoCommit=\"false\" defaultTransactionIsolation=\"READ_COMMITTED\""));
    assert_eq!(pool(HIKARI, ""), config("autoCommit=\"false\" transactionIsolation=\"TRANSACTION_READ_COMMITTED\""));
    assert_eq!(pool(HIKARI, "autoCommit=\"false\" "), config("transactionIsolation=\"TRANSACTION_READ_COMMITTED\""));
    assert!(matches!(pool(BEAN, "").as_slice(), [Remedy::Action(_)]));
    assert_eq!(
        pool("", "defaultAutoCommit=\"false\" maxWait=\"10000\" removeAbandoned=\"true\"")[1..],
        [Remedy::config("maxWaitMillis=\"10000\""), Remedy::config("removeAbandonedOnBorrow=\"true\"")]
    );
}

#[test]
fn circular_links_and_special_files_are_not_followed() {
    let dir = base(&plan(Generation::Ten, "mysql", URL), &[]);
    let conf = dir.path().join("conf");
    fs::create_dir_all(conf.join("Catalina/localhost")).unwrap();
    fs::create_dir_all(dir.path().join("webapps")).unwrap();
    symlink(conf.join("b.xml"), conf.join("Catalina/localhost/a.xml")).unwrap();
    symlink(conf.join("Catalina/localhost/a.xml"), conf.join("b.xml")).unwrap();
    symlink(dir.path().join("webapps"), dir.path().join("webapps/webapps")).unwrap();
    symlink(dir.path(), dir.path().join("lib")).unwrap();
    let found: Vec<&str> = evaluate(&instance(dir.path(), TEN)).into_iter().map(|finding| finding.rule).collect();
    assert_eq!(found, ["config.unreadable"]);
}
