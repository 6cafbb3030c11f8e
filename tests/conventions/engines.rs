//! What belongs to one engine is in its folder: its hints, with its privileges and statements, and its JDBC drivers. A
//! new engine changes nothing elsewhere.

use crate::files::{below, read};

/// Words of one engine, with the options and the settings that it alone has.
const OF_ONE_ENGINE: [&str; 19] = [
    "MySQL",
    "MariaDB",
    "PostgreSQL",
    "SQL Server",
    "SQLite",
    "mysql",
    "mariadb",
    "postgres",
    "mssql",
    "sqlite",
    "wsrep",
    "Galera",
    "REPLICATION CLIENT",
    "performance_schema",
    "pg_",
    "NVARCHAR",
    "ssl-ca",
    "serverCertificate",
    "--no-password-policy",
];

#[test]
fn hints_of_one_engine_are_in_its_folder() {
    for file in ["src/failure.rs".to_owned()].into_iter().chain(below("src/store/session_store", ".rs")) {
        let text = read(&file);
        let code = text.split("#[cfg(test)]").next().unwrap();
        for line in code.lines().filter(|line| line.contains('"') && !line.trim_start().starts_with("//")) {
            let word = OF_ONE_ENGINE.iter().find(|word| line.contains(**word));
            assert_eq!(word, None, "{file}: `{}`", line.trim());
        }
    }
    // They are there: each folder has hints of its own.
    for engine in ["mysql", "postgres", "mssql", "sqlite"] {
        assert!(read(&format!("src/engine/{engine}/mod.rs")).contains("of_kind: |kind| match kind {"), "{engine}");
    }
}

/// `tomcat config`, `tomcat lint` and `--context-xml` know the drivers from the tables of the engines.
#[test]
fn jdbc_drivers_are_in_the_folders_of_their_engines() {
    let classes =
        ["com.mysql.", "org.mariadb.", "org.postgresql.", "com.microsoft.sqlserver.", "net.sourceforge.jtds."];
    let elsewhere = below("src", ".rs").into_iter().filter(|file| !file.starts_with("src/engine/"));
    for file in elsewhere.filter(|file| !file.ends_with("/tests.rs")) {
        let text = read(&file);
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        for class in classes {
            assert!(!code.contains(class), "{file}: {class}");
        }
    }
    for (engine, class) in
        [("mysql", classes[0]), ("mysql", classes[1]), ("postgres", classes[2]), ("mssql", classes[3])]
    {
        assert!(read(&format!("src/engine/{engine}/driver.rs")).contains(class), "{engine}");
    }
}
