//! Compares the attributes that `tomcat lint` knows with the setters of the classes.

use std::path::Path;
use std::process::Command;

use tomcat_sessions::catalina::lint::setters;

use crate::tomcat;

const CLASSES: [&str; 6] = [
    "session.PersistentManager",
    "session.StandardManager",
    "session.DataSourceStore",
    "session.JDBCStore",
    "session.FileStore",
    "valves.PersistentValve",
];

/// Attributes that were added in a later release of the branch than the available one.
const LATER: [&str; 3] = ["semaphoreAcquireUninterruptibly", "semaphoreBlockOnAcquire", "semaphoreFairness"];

#[test]
fn attributes_are_those_that_the_classes_have() {
    for (version, major) in [("tomcat9", 9), ("tomcat10", 10), ("tomcat11", 11)] {
        let Some(home) = tomcat::home(version) else { continue };
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tomcat/Setters.java");
        let output = Command::new("java")
            .arg("-cp")
            .arg(format!("{home}/lib/*:{home}/bin/*"))
            .arg(source)
            .args(CLASSES)
            .output()
            .unwrap();
        let output_text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let lines: Vec<&str> = output_text.lines().collect();
        assert_eq!(lines.len(), if major == 9 { 6 } else { 5 }, "{output_text}");
        for line in lines {
            let (class, found) = line.split_once(' ').unwrap();
            let found: Vec<&str> = found.split(' ').collect();
            let mut known = setters(class, major).unwrap();
            known.sort_unstable();
            known.retain(|name| major > 9 || found.contains(name) || !LATER.contains(name));
            assert_eq!(known, found, "{class} of {home}");
        }
    }
}
