//! `tomcat lint`, and the part of it in `check --context-xml`.

use std::fs;
use std::io::{Cursor, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::command;
use crate::run::{PASSWORD, Run};
use crate::store::{each_state, holding};

/// The configuration of the published guide, readable for every account.
fn guide(engine: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/guide").join(engine).join("conf");
    fs::create_dir(dir.path().join("conf")).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        let to = dir.path().join("conf").join(file.file_name());
        fs::copy(file.path(), &to).unwrap();
        fs::set_permissions(&to, fs::Permissions::from_mode(0o644)).unwrap();
    }
    dir
}

fn lint(dir: &TempDir, args: &str) -> Run {
    command().args("tomcat lint").arg(dir.path()).args(args).hide(dir.path().display(), "BASE")
}

/// The violated rules, with their lines.
fn found(run: &str) -> Vec<String> {
    let json: Value = serde_json::from_str(run).unwrap();
    let one = |finding: &Value| {
        format!("{} {}:{}", finding["rule"].as_str().unwrap(), finding["file"].as_str().unwrap(), finding["line"])
    };
    json["findings"].as_array().unwrap().iter().map(one).collect()
}

#[test]
fn the_published_guide_for_mysql() {
    let dir = guide("mysql");
    insta::assert_snapshot!(lint(&dir, "--offline --tomcat-version 10.1.60").run(), @r#"
    exit 4
    --- stdout
    error: JDBCStore does not exist in Tomcat 10 and later: ClassNotFoundException at startup, and no session is stored [version.store-removed]
      at conf/context.xml:8
      do: use DataSourceStore with a Resource: `tomcat-sessions tomcat config --tomcat 10` prints both
    warning: Tomcat 10 and later ignore this property: sessions are not checked for active requests [activity.ineffective]
      at conf/catalina.properties:2
      do: set sessionActivityCheck="true" in the Manager
    warning: PersistentValve saves after each request, and because of maxIdleBackup, maxIdleSwap, minIdleSwap the background process saves too: if it saves while a request ends, it deletes the row and inserts nothing, and the user is logged out [valve.with-backup]
      at conf/context.xml:6
      paste: maxIdleBackup="-1" maxIdleSwap="-1" minIdleSwap="-1"
    warning: com.mysql.jdbc.Driver is the class name of Connector/J 5: later versions log a warning at each start, and an update may remove the name [driver.old]
      at conf/context.xml:8
      paste: driverName="com.mysql.cj.jdbc.Driver"
    warning: this file contains the database password, and every account on this machine can read it: anyone who reads it can log in as any user of the application [secret.readable]
      at conf/context.xml:8
      do: chmod 600 conf/context.xml, as Tomcat's own user
    warning: the password is empty or the account's name, as in the guides: whoever can connect to the database can log in as any user of the application [secret.guessable]
      at conf/context.xml:8
      do: `tomcat-sessions init-db --apply --generate-password --reset-password` sets a new one
    note: no sessionAttributeValueClassNameFilter: whoever can write to the table can run code in Tomcat, which deserializes every class [secret.class-filter]
      at conf/context.xml:6
      do: `tomcat-sessions audit` prints a filter that accepts the classes in use
    note: autoDeploy is on: if conf/context.xml changes while Tomcat is running, Tomcat redeploys every application with the new configuration within seconds [deploy.automatic]
      at conf/server.xml:6
      paste: autoDeploy="false"

    Checked BASE (Tomcat 10.1.60) against 59 rules.
    Found 1 error, 5 warnings, 2 notes.
    Explanation: `tomcat-sessions tomcat lint --explain version.store-removed`
    "#);
    let nine = lint(&dir, "--offline --tomcat-version 9.0.122 --format json").run().code(4);
    insta::assert_snapshot!(found(&nine.stdout).join("\n"), @"
    store.one-connection conf/context.xml:8
    valve.with-backup conf/context.xml:6
    driver.old conf/context.xml:8
    secret.readable conf/context.xml:8
    secret.guessable conf/context.xml:8
    secret.class-filter conf/context.xml:6
    deploy.automatic conf/server.xml:6
    ");
}

#[test]
fn the_published_guide_for_sql_server() {
    let dir = guide("mssql");
    let ten = lint(&dir, "--offline --tomcat-version 11.0.26 --format json").run().code(4);
    insta::assert_snapshot!(found(&ten.stdout).join("\n"), @"
    version.store-removed conf/context.xml:8
    url.ampersand conf/context.xml:8
    activity.ineffective conf/catalina.properties:2
    valve.with-backup conf/context.xml:6
    url.unicode conf/context.xml:8
    secret.readable conf/context.xml:8
    secret.guessable conf/context.xml:8
    secret.class-filter conf/context.xml:6
    deploy.automatic conf/server.xml:6
    ");
    // The URL is not supported, which is not a failure of the run.
    let run = lint(&dir, "--tomcat-version 11.0.26").run().code(4);
    assert!(run.stdout.contains("not checked: the database of BASE/conf/context.xml:8"), "{run}");
}

#[test]
fn the_output_of_tomcat_config_has_no_findings() {
    for (tomcat, version) in [("9", "9.0.122"), ("10", "10.1.60"), ("11", "11.0.26")] {
        for url in [
            "mysql://tomcat@db.example.org/t",
            "mariadb://tomcat@localhost/t",
            "mssql://tomcat@db.example.org/t",
            "mysql://tomcat@127.0.0.1/t?ssl-mode=disabled",
        ] {
            let dir = tempfile::tempdir().unwrap();
            let config = command()
                .args("tomcat config --tomcat")
                .arg(tomcat)
                .arg("--url")
                .arg(url)
                .env("TOMCAT_SESSIONS_PASSWORD", PASSWORD);
            config.arg("--output-dir").arg(dir.path()).run().code(0);
            let run = lint(&dir, "--offline --strict --tomcat-version").arg(version).run().code(0);
            assert!(run.stdout.ends_with("No findings.\n"), "{tomcat} {url}: {run}");
        }
    }
}

/// A CATALINA_BASE with this conf/context.xml, which only its owner can read.
fn base_with(context: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("conf")).unwrap();
    let file = dir.path().join("conf/context.xml");
    fs::write(&file, context).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    dir
}

/// The configuration in docs/tomcat.md, also with its Resource for SQL Server and with that of docs/migrate.md.
#[test]
fn the_minimal_configuration_of_the_guide_has_no_findings() {
    let guide = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/tomcat.md")).unwrap();
    let blocks: Vec<&str> = guide.split("```xml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    let migrate = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/migrate.md")).unwrap();
    let migrated = migrate.split("```xml\n").nth(1).unwrap().split("```").next().unwrap().replace('…', "Xz7");
    let (context, resource) = (blocks[0].replace('…', "Xz7"), blocks[1].replace('…', "Xz7"));
    let (begin, rest) = context.split_once("  <Resource").unwrap();
    let (_, end) = rest.split_once("/>\n").unwrap();
    for text in [context.clone(), format!("{begin}{resource}{end}"), format!("{begin}{migrated}{end}")] {
        for version in ["9.0.122", "10.1.60", "11.0.26"] {
            let run = lint(&base_with(&text), "--offline --strict --tomcat-version").arg(version).run().code(0);
            assert!(run.stdout.ends_with("No findings.\n"), "{version}: {run}\n{text}");
        }
    }
}

/// The rules about URLs follow the drivers: defaults, case, spelling.
#[test]
fn urls_are_checked_as_their_drivers_read_them() {
    let rules = |url: &str| -> Vec<String> {
        let url = url.replace('&', "&amp;");
        let context = format!(
            "<Context>\n<Resource name='jdbc/s' type='javax.sql.DataSource' url='{url}'/>\n\
             <Manager className='org.apache.catalina.session.PersistentManager'>\n\
             <Store className='org.apache.catalina.session.DataSourceStore' dataSourceName='jdbc/s'/></Manager></Context>"
        );
        let run = lint(&base_with(&context), "--offline --strict --tomcat-version 10.1.60 --format json").run().code(4);
        found(&run.stdout).iter().filter_map(|line| Some(line.split(' ').next()?.to_owned())).collect()
    };
    for (url, rule) in [
        ("jdbc:mysql://db/t?useSSL=FALSE", Some("url.clear-text")),
        ("jdbc:mysql://db/t?useSSL=no", Some("url.clear-text")),
        ("jdbc:mysql://db/t?sslMode=%44ISABLED", Some("url.clear-text")),
        ("jdbc:mysql://db/t?useSSL=false&sslMode=VERIFY_IDENTITY", None),
        ("jdbc:mysql://127.0.0.1/t?sslMode=DISABLED", None),
        ("jdbc:mariadb://db/t", Some("url.clear-text")),
        ("jdbc:mariadb://db/t?sslMode=verify-full", None),
        ("jdbc:sqlserver://db:1433;databaseName=t;encrypt=optional", Some("url.clear-text")),
        ("jdbc:sqlserver://db:1433;databaseName=t;encrypt=No", Some("url.clear-text")),
        ("jdbc:sqlserver://db:1433;databaseName=t", None),
        ("jdbc:jtds:sqlserver://db:1433/t", Some("url.clear-text")),
        ("jdbc:mysql://db/t?sslMode=ALWAYS", Some("url.invalid")),
        ("jdbc:mysql://db/t/user=u&password=p", Some("url.invalid")),
        ("jdbc:sqlserver://db:1433/t;encrypt=true", Some("url.invalid")),
        ("jdbc:sqlserver://db:1433;encrypt=perhaps", Some("url.invalid")),
        ("jdbc:mysql:loadbalance://a,b/t?sslMode=REQUIRED", None),
        ("jdbc:postgresql://db/t", None),
        ("jdbc:postgresql://db/t?sslmode=disable", Some("url.clear-text")),
        ("jdbc:postgresql://db/t?sslmode=always", Some("url.invalid")),
    ] {
        let of_urls = ["url.clear-text", "url.invalid"];
        let met: Vec<String> = rules(url).into_iter().filter(|met| of_urls.contains(&met.as_str())).collect();
        assert_eq!(met, rule.into_iter().map(str::to_owned).collect::<Vec<_>>(), "{url}");
    }
}

/// A Resource that configures its database with other attributes than a URL is not checked, and that is reported.
#[test]
fn a_resource_without_a_url_is_not_checked() {
    let context = |resource: &str| {
        format!(
            "<Context>\n<Resource name='jdbc/s' type='javax.sql.DataSource' factory='com.zaxxer.hikari.HikariJNDIFactory' {resource}/>\n\
             <Manager className='org.apache.catalina.session.PersistentManager'>\n\
             <Store className='org.apache.catalina.session.DataSourceStore' dataSourceName='jdbc/s'/></Manager></Context>"
        )
    };
    let run = lint(&base_with(&context("dataSource.serverName='db'")), "--offline --tomcat-version 10.1.60").run();
    assert!(
        run.stdout.contains(
            "note: not checked: the database of BASE/conf/context.xml:4 (the Resource at BASE/conf/context.xml:2"
        ),
        "{run}"
    );
    let url = "dataSource.url='jdbc:mysql://db/t?useSSL=false'";
    let run = lint(&base_with(&context(url)), "--offline --tomcat-version 10.1.60").run();
    assert!(run.stdout.contains("[url.clear-text]") && !run.stdout.contains("not checked: the database"), "{run}");
}

/// A zip file with these files.
fn zip_file(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A CATALINA_BASE with these files in addition to its conf/context.xml.
fn base_with_files(context: &str, files: &[(&str, &[u8])]) -> TempDir {
    let dir = base_with(context);
    for (name, bytes) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
    }
    dir
}

const CONTEXT: &str = "<Context>\n<Resource name='jdbc/s' type='javax.sql.DataSource' driverClassName='com.mysql.cj.jdbc.Driver' \
    url='jdbc:mysql://db/t?sslMode=VERIFY_IDENTITY'/>\n\
    <Manager className='org.apache.catalina.session.PersistentManager' sessionActivityCheck='true'>\n\
    <Store className='org.apache.catalina.session.DataSourceStore' dataSourceName='jdbc/s'/></Manager></Context>";

/// The severity of the finding of one rule.
fn severity_of(rule: &str, dir: &TempDir, args: &str) -> Option<String> {
    let run = lint(dir, "--offline --format json").args(args).run();
    let json: Value = serde_json::from_str(&run.stdout).unwrap();
    let of_rule = json["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == rule)?;
    Some(of_rule["severity"].as_str().unwrap().to_owned())
}

/// A pool finds the driver in the application, packed or not; JDBCStore does not.
#[test]
fn a_driver_in_an_application_is_found() {
    let class: (&str, &[u8]) = ("com/mysql/cj/jdbc/Driver.class", b"");
    let (driver, other) = (zip_file(&[class]), zip_file(&[("x.txt", b"")]));
    let jar_in_war = zip_file(&[("WEB-INF/lib/other.jar", &other), ("WEB-INF/lib/mysql.jar", &driver)]);
    let class_in_war = zip_file(&[("WEB-INF/classes/com/mysql/cj/jdbc/Driver.class", b"")]);
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("shop.war"), &jar_in_war).unwrap();
    fs::write(elsewhere.path().join("mysql.jar"), &driver).unwrap();
    let doc_base = format!("<Context docBase='{}'/>", elsewhere.path().join("shop.war").display());
    let loader = format!("common.loader=\"${{catalina.base}}/lib/*.jar\",\"{}/*.jar\"\n", elsewhere.path().display());
    let loader_of_jar =
        format!("common.loader=${{catalina.base}}/lib/*.jar,{}/mysql.jar\n", elsewhere.path().display());
    let lib: (&str, &[u8]) = ("lib/other.jar", &other);
    for (file, bytes, severity) in [
        ("webapps/shop.war", &other[..], Some("error")),
        ("webapps/shop.war", b"no zip file", Some("error")),
        ("webapps/shop.war", &jar_in_war, Some("warning")),
        ("webapps/shop.war", &class_in_war, Some("warning")),
        ("webapps/shop/WEB-INF/lib/mysql.jar", &driver, Some("warning")),
        ("webapps/shop/WEB-INF/classes/com/mysql/cj/jdbc/Driver.class", b"", Some("warning")),
        ("conf/Catalina/localhost/shop.xml", doc_base.as_bytes(), Some("warning")),
        ("conf/catalina.properties", loader.as_bytes(), None),
        ("conf/catalina.properties", loader_of_jar.as_bytes(), None),
        ("lib/mysql.jar", &driver, None),
    ] {
        let dir = base_with_files(CONTEXT, &[lib, (file, bytes)]);
        let found = severity_of("driver.missing", &dir, "--tomcat-version 10.1.60");
        assert_eq!(found.as_deref(), severity, "{file}");
    }
    let own = "<Context><Manager className='org.apache.catalina.session.PersistentManager'>\n\
        <Store className='org.apache.catalina.session.JDBCStore' driverName='com.mysql.cj.jdbc.Driver' \
        connectionURL='jdbc:mysql://db/t'/></Manager></Context>";
    let dir = base_with_files(own, &[lib, ("webapps/shop.war", &jar_in_war)]);
    assert_eq!(severity_of("driver.missing", &dir, "--tomcat-version 9.0.122").as_deref(), Some("error"));
}

/// The files of an application that is not unpacked are read, and those of one that is unpacked are read there.
#[test]
fn files_in_a_war_file_are_read() {
    let web = |minutes: i32| {
        format!("<web-app><session-config><session-timeout>{minutes}</session-timeout></session-config></web-app>")
    };
    let (never, usual) = (web(-1), web(30));
    let war = zip_file(&[("META-INF/context.xml", CONTEXT.as_bytes()), ("WEB-INF/web.xml", never.as_bytes())]);
    let packed = base_with_files("<Context/>", &[("webapps/shop##2.war", &war)]);
    let run = lint(&packed, "--offline --tomcat-version 10.1.60 --format json").run().code(4);
    let all = found(&run.stdout);
    assert!(all.contains(&"timeout.never webapps/shop##2.war/WEB-INF/web.xml:1".to_owned()), "{all:?}");
    assert!(all.iter().any(|one| one.contains("webapps/shop##2.war/META-INF/context.xml:3")), "{all:?}");
    assert!(!all.iter().any(|one| one.starts_with("config.no-store")), "{all:?}");
    let both = [("webapps/shop.war", &war[..]), ("webapps/shop/WEB-INF/web.xml", usual.as_bytes())];
    let run = lint(&base_with_files(CONTEXT, &both), "--offline --tomcat-version 10.1.60 --format json").run();
    assert!(!found(&run.stdout).iter().any(|one| one.contains(".war")), "{run}");
}

/// `-Dcatalina.config` names another file than conf/catalina.properties, by the rules of CatalinaProperties.
#[test]
fn the_configured_properties_file_is_read() {
    let context = CONTEXT.replace("VERIFY_IDENTITY", "${tls.mode}");
    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("with space.properties");
    fs::write(&file, "tls.mode=VERIFY_IDENTITY\n").unwrap();
    let url = format!("file:{}", file.display()).replace(' ', "%20");
    let lint = |option: &str, files: &[(&str, &[u8])]| {
        let script = format!("#!/bin/sh\nCATALINA_OPTS=\"$CATALINA_OPTS {option}\"\n");
        let dir = base_with_files(&context, &[files, &[("bin/setenv.sh", script.as_bytes())]].concat());
        let run = lint(&dir, "--offline --tomcat-version 10.1.60 --format json").run();
        found(&run.stdout).into_iter().filter(|one| one.starts_with("config.")).collect::<Vec<_>>()
    };
    let value: &[u8] = b"tls.mode=VERIFY_IDENTITY\n";
    let unresolved = ["config.unresolved conf/context.xml:2"];
    let unreadable = "config.unreadable bin/setenv.sh:2";
    assert_eq!(lint("", &[("conf/catalina.properties", value)]), [""; 0]);
    assert_eq!(lint("", &[]), unresolved);
    // The other file replaces conf/catalina.properties.
    let other = [("conf/other.properties", value)];
    assert_eq!(lint("-Dcatalina.config=other.properties", &other), [""; 0]);
    assert_eq!(lint("-Dcatalina.config=other.properties", &[other[0], ("conf/catalina.properties", b"a=b")]), [""; 0]);
    let none: (&str, &[u8]) = ("conf/other.properties", b"a=b\n");
    assert_eq!(lint("-Dcatalina.config=other.properties", &[none, ("conf/catalina.properties", value)]), unresolved);
    for option in [&url, "file:$CATALINA_BASE/conf/other.properties", "file://${CATALINA_BASE}/conf/other.properties"] {
        assert_eq!(lint(&format!("-Dcatalina.config={option}"), &other), [""; 0], "{option}");
    }
    // A path is no URL: Tomcat ignores it.
    let path = "-Dcatalina.config=$CATALINA_BASE/conf/other.properties";
    assert_eq!(lint(path, &[none, ("conf/catalina.properties", value)]), [unreadable]);
    assert_eq!(lint(path, &other), [unreadable, unresolved[0]]);
    // What cannot be read here is reported, and no property is called missing.
    for option in ["https://u:secret@config/tomcat.properties", "file:$CONFIG_DIR/tomcat.properties"] {
        assert_eq!(lint(&format!("-Dcatalina.config={option}"), &[("conf/catalina.properties", value)]), [unreadable]);
    }
    let missing = "config.unreadable conf/missing.properties:1";
    assert_eq!(lint("-Dcatalina.config=missing.properties", &[]), [missing, unresolved[0]]);
}

/// A named pipe instead of a file is reported, and does not block.
#[test]
fn a_named_pipe_is_not_read() {
    for name in [
        "lib/x.jar",
        "conf/server.xml",
        "conf/context.xml",
        "conf/web.xml",
        "conf/catalina.properties",
        "bin/setenv.sh",
        "conf/Catalina/localhost/app.xml",
    ] {
        let dir = guide("mysql");
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let _ = fs::remove_file(&path);
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        let mut lint = Command::new("timeout");
        lint.arg("60").arg(assert_cmd::cargo::cargo_bin!("tomcat-sessions")).args(["tomcat", "lint", "--offline"]);
        let done = lint.arg(dir.path()).env_clear().output().unwrap();
        let output_text = String::from_utf8(done.stdout).unwrap();
        assert_eq!(done.status.code(), Some(4), "{name}: {output_text}");
        // A shell script that cannot be read is ignored.
        assert!(output_text.contains("not a regular file") || name == "bin/setenv.sh", "{name}: {output_text}");
    }
}

/// Tomcat would interpret it as the name of a property.
#[test]
fn a_password_with_a_placeholder_is_refused() {
    let config = command().args("tomcat config --tomcat 10 --url mysql://tomcat@db/t");
    let run = config.env("TOMCAT_SESSIONS_PASSWORD", "ge${user.name}heim").run().code(2);
    assert!(run.stderr.contains("replace as a property") && !run.stderr.contains("heim"), "{run}");
}

#[test]
fn sarif_has_a_rule_and_a_line_for_each_finding() {
    let dir = guide("mssql");
    let run = lint(&dir, "--offline --tomcat-version 10.1.60 --format sarif").run().code(4);
    let sarif: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let rules: Vec<&Value> =
        run["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|rule| &rule["id"]).collect();
    let results = run["results"].as_array().unwrap();
    assert!(results.len() >= rules.len() && rules.len() > 3, "{sarif}");
    for result in results {
        assert!(rules.contains(&&result["ruleId"]), "{result}");
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["artifactLocation"]["uri"].as_str().unwrap().starts_with("conf/"), "{result}");
        // A version that was given has no line.
        let of_version = result["ruleId"].as_str().unwrap().starts_with("version.");
        assert!(of_version || place["region"]["startLine"].as_u64().unwrap() >= 1, "{result}");
    }
    let wrong = command().args("list --format sarif --url sqlite:x.db").run().code(2);
    assert!(wrong.stderr.contains("--format sarif is only available for `tomcat lint`"), "{wrong}");
}

#[test]
fn several_tomcats_are_compared() {
    let (one, two) = (guide("mysql"), guide("mysql"));
    let run = command()
        .args("tomcat lint --offline --format json --tomcat-version 9.0.122")
        .arg(one.path())
        .arg(two.path())
        .run()
        .code(4);
    let all = found(&run.stdout);
    for dir in [&one, &two] {
        let wanted = format!("route.duplicate {}:5", dir.path().join("conf/server.xml").display());
        assert!(all.contains(&wanted), "{wanted} is not in {all:?}");
    }
}

#[test]
fn notes_matter_with_strict_only() {
    let dir = guide("mysql");
    fs::remove_file(dir.path().join("conf/catalina.properties")).unwrap();
    let context = "<Context><Valve className='a.PersistentValve'/><Manager className='org.apache.catalina.session.PersistentManager' sessionActivityCheck='true'>\
        <Store className='org.apache.catalina.session.FileStore'/></Manager></Context>";
    fs::write(dir.path().join("conf/context.xml"), context).unwrap();
    let run = lint(&dir, "--tomcat-version 10.1.60").run().code(0);
    assert!(
        run.stdout.contains("note: no sessionAttributeValueClassNameFilter") && run.stdout.contains("Found 2 notes."),
        "{run}"
    );
    lint(&dir, "--tomcat-version 10.1.60 --strict").run().code(4);
}

#[test]
fn directories_other_than_a_catalina_base_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let run = lint(&dir, "").run().code(2);
    assert!(run.stderr.contains("is not a CATALINA_BASE"), "{run}");
    command().args("tomcat lint").run().code(2);
    let run = command().args("tomcat lint --explain no.rule").run().code(2);
    assert!(run.stderr.contains("rules are config.unreadable, ") && !run.stderr.contains("did you mean"), "{run}");
    insta::assert_snapshot!(command().args("tomcat lint --explain manager.min-above-max").run(), @"
    exit 0
    --- stdout
    manager.min-above-max: With maxIdleSwap, a session is swapped out only if it has also been idle for minIdleSwap. If valve.with-backup is reported too, follow its remedy instead of this one.
    source: PersistentManagerBase.processMaxIdleSwaps
    ");
}

/// A Store on SQLite, whose table is inspected too.
#[tokio::test]
async fn the_configured_table_is_checked_too() {
    let db = holding(&each_state()).await;
    let dir = guide("mysql");
    let file = dir.path().join("conf/context.xml");
    let text = fs::read_to_string(&file).unwrap();
    let url = format!("jdbc:sqlite:{}", db.path().display());
    let text = text.replace("jdbc:mysql://localhost:3306/tomcat?user=tomcat&amp;password=tomcat", &url);
    let text = text.replace("com.mysql.jdbc.Driver", "org.sqlite.JDBC");
    fs::write(&file, text.replace("<Context>", "<Context sessionCookiePath=\"/\">")).unwrap();
    let run = lint(&dir, "--tomcat-version 9.0.122 --format json").run().code(4);
    let all = found(&run.stdout);
    for wanted in [
        "store.cookie-path conf/context.xml:3",
        "schema.key-without-app conf/context.xml:8",
        "store.one-connection conf/context.xml:8",
    ] {
        assert!(all.iter().any(|found| found == wanted), "{wanted} is not in {all:?}");
    }
    let run = command().args("check --format json --context-xml").arg(&file).run().code(4);
    let all: Value = serde_json::from_str(&run.stdout).unwrap();
    let rules: Vec<&str> =
        all["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect();
    assert!(rules.contains(&"store.cookie-path") && rules.contains(&"schema.key-without-app"), "{rules:?}");
    // Warnings about the configuration count like those about the table.
    let plain = fs::read_to_string(&file).unwrap().replace(" sessionCookiePath=\"/\"", "");
    fs::write(&file, plain).unwrap();
    command().args("check --context-xml").arg(&file).run().code(0);
    command().args("check --strict --context-xml").arg(&file).run().code(4);
}
