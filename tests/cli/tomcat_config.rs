//! `tomcat config`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::command;
use crate::run::PASSWORD;

fn config(args: &str) -> crate::run::Run {
    command().args("tomcat config --url").arg(format!("mysql://tom&cat:{PASSWORD}@db.example.org/tomcat")).args(args)
}

#[test]
fn the_files_are_printed_without_the_password() {
    let run = config("--tomcat 10").run().code(0);
    let heads: Vec<&str> = run.stdout.lines().filter(|line| line.starts_with("==> ")).collect();
    assert_eq!(heads, ["==> conf/context.xml", "==> conf/server.xml", "==> conf/catalina.properties", "==> lib"]);
    assert!(run.stdout.contains("sessions.db.password=CHANGE-ME"), "{run}");
    for part in [
        "sessionActivityCheck=\"true\"",
        "username=\"tom&amp;cat\"",
        "url=\"jdbc:mysql://db.example.org:3306/tomcat?sslMode=VERIFY_IDENTITY\"",
        "dataSourceName=\"jdbc/sessions\" localDataSource=\"true\"",
        "sessionLastAccessedCol=\"last_access\"",
        "jvmRoute=\"jvm1\"",
        "Copy mysql-connector-j-*.jar into the lib directory",
    ] {
        assert!(run.stdout.contains(part), "`{part}` is missing: {run}");
    }
    let nine = config("--tomcat 9 --store-class jdbc --route n2 --table t --columns id=sid").run().code(0).stdout;
    for part in [
        "StandardSession.ACTIVITY_CHECK=true",
        "JDBCStore",
        "jvmRoute=\"n2\"",
        "sessionTable=\"t\"",
        "sessionIdCol=\"sid\"",
    ] {
        assert!(nine.contains(part), "`{part}` is missing: {nine}");
    }
    assert!(!nine.contains("sessionActivityCheck=") && !nine.contains("<Resource "), "{nine}");
}

#[test]
fn files_are_private_and_nothing_is_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    config("--tomcat 11 --output-dir").arg(dir.path()).run().code(0);
    let file = |name: &str| dir.path().join("conf").join(name);
    let properties = fs::read_to_string(file("catalina.properties")).unwrap();
    assert!(properties.contains(&format!("sessions.db.password={PASSWORD}\n")));
    assert_eq!(fs::metadata(file("catalina.properties")).unwrap().permissions().mode() & 0o777, 0o600);
    fs::remove_file(file("context.xml")).unwrap();
    let run = config("--tomcat 11 --output-dir").arg(dir.path()).run().code(1);
    assert!(run.stderr.contains("server.xml` already exists; nothing was written"), "{run}");
    assert!(!file("context.xml").exists());
}

#[test]
fn unsupported_configurations_are_refused() {
    for (args, expected_text) in [
        ("--tomcat 8", "invalid value '8'"),
        ("", "--tomcat"),
        ("--tomcat 10 --store-class jdbc", "has no JDBCStore"),
        ("--tomcat 10 --driver mssql", "cannot connect to mysql"),
        ("--tomcat 10 --route a.b", "letters, digits, _ and -"),
        ("--tomcat 10 --route 12345678901234567890123456789012345678901234567890123456789012345678", "at most 67"),
    ] {
        let run = config(args).run().code(2);
        assert!(run.stderr.contains(expected_text), "{args}: {run}");
    }
    let run = command().args("tomcat config --tomcat 10 --url sqlite:x.db").run().code(2);
    assert!(run.stderr.contains("cannot store sessions in sqlite"), "{run}");
}
