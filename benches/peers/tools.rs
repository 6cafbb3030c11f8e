//! The programs of others: whether they are there, and how they are typed.

use std::path::PathBuf;

use secrecy::ExposeSecret as _;

use crate::support::{Kind, Scratch, variable};

/// A program, and where it comes from.
struct Tool {
    name: &'static str,
    from: &'static str,
}

const TOOLS: [Tool; 10] = [
    Tool { name: "mariadb-dump", from: "Debian's mariadb-client-core" },
    Tool { name: "mariadb", from: "Debian's mariadb-client-core" },
    Tool { name: "zstd", from: "Debian's zstd" },
    Tool { name: "gzip", from: "Debian's gzip" },
    Tool { name: "pt-archiver", from: "Debian's percona-toolkit" },
    Tool { name: "sling", from: "PyPI's sling-linux-amd64" },
    Tool { name: "psql", from: "Debian's postgresql-client" },
    Tool { name: "pg_dump", from: "Debian's postgresql-client" },
    Tool { name: "pg_restore", from: "Debian's postgresql-client" },
    Tool { name: "pgloader", from: "Debian's pgloader" },
];

pub struct Tools {
    absent: Vec<&'static Tool>,
    engine: Kind,
}

impl Tools {
    /// Looks which programs the PATH has.
    pub fn look(engine: Kind) -> Tools {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let dirs: Vec<PathBuf> = std::env::split_paths(&path).collect();
        let there = |tool: &&Tool| dirs.iter().any(|dir| dir.join(tool.name).is_file());
        Tools { absent: TOOLS.iter().filter(|tool| !there(tool)).collect(), engine }
    }

    pub fn has(&self, name: &str) -> bool {
        assert!(TOOLS.iter().any(|tool| tool.name == name), "{name} is not in the list");
        self.absent.iter().all(|tool| tool.name != name)
    }

    /// Whether a table of MariaDB's can be dumped and loaded by MariaDB's own tools.
    pub fn dumps(&self) -> bool {
        self.engine == Kind::Mariadb && self.has("mariadb-dump") && self.has("mariadb")
    }

    /// A line for each program that is not there.
    pub fn absent(&self) -> impl Iterator<Item = String> {
        self.absent.iter().map(|tool| format!("`{}` is not installed ({}): skipped", tool.name, tool.from))
    }

    /// A server's client as it is typed.
    pub fn client(&self, kind: Kind) -> String {
        let client = variable(&format!("TOMCAT_SESSIONS_TEST_{}_CLIENT", kind.name().to_uppercase()));
        format!("{} --defaults-file={}", client.unwrap_or_else(|| kind.name().to_owned()), options(kind))
    }

    /// A program of PostgreSQL's as it is typed, up to its options.
    fn postgres(&self, program: &str, db: &Scratch) -> String {
        let target = db.target();
        let passfile = variable("TOMCAT_SESSIONS_TEST_POSTGRES_PASSFILE").unwrap_or_default();
        let user = target.user.as_deref().unwrap_or("postgres");
        format!("PGPASSFILE={passfile} {program} -h {} -p {} -U {user} -d {}", target.host, target.port, db.database)
    }

    pub fn psql(&self, db: &Scratch) -> String {
        format!("{} -X -q", self.postgres("psql", db))
    }

    pub fn pg_dump(&self, db: &Scratch) -> String {
        format!("{} -t tomcat_sessions", self.postgres("pg_dump", db))
    }

    pub fn pg_restore(&self, db: &Scratch) -> String {
        format!("{} --data-only", self.postgres("pg_restore", db))
    }

    /// The data of MariaDB's table into one of PostgreSQL's that is there, by commands in `file`.
    pub fn pgloader(&self, from: &Scratch, to: &Scratch, file: &str) -> String {
        let load = format!(
            "LOAD DATABASE FROM {} INTO {} WITH data only INCLUDING ONLY TABLE NAMES MATCHING 'tomcat_sessions' \
             ALTER SCHEMA '{}' RENAME TO 'public';",
            account_url(from, "mysql"),
            account_url(to, "postgresql"),
            from.database
        );
        format!("printf '%s' \"{load}\" > {file} && pgloader --on-error-stop {file}")
    }

    /// A dump as it is typed.
    pub fn dump(&self, db: &Scratch) -> String {
        format!(
            "mariadb-dump --defaults-file={} --single-transaction --quick --hex-blob {} tomcat_sessions",
            options(db.kind),
            db.database
        )
    }
}

/// The table, as pt-archiver is told of it.
pub fn dsn(db: &Scratch) -> String {
    format!("F={},D={},t=tomcat_sessions", options(db.kind), db.database)
}

/// The options file of a server's client, with address and password.
fn options(kind: Kind) -> String {
    let name = format!("TOMCAT_SESSIONS_TEST_{}_CLIENT_CNF", kind.name().to_uppercase());
    variable(&name).unwrap_or_else(|| panic!("{name} is not set: tests/servers sets it"))
}

/// A connection of sling's, for its environment.
pub fn sling_url(db: &Scratch) -> String {
    match db.kind {
        Kind::Postgres => format!("{}?sslmode=require", account_url(db, "postgres")),
        _ => format!("{}?tls=skip-verify", account_url(db, "mysql")),
    }
}

/// The URL of a database with its account.
fn account_url(db: &Scratch, scheme: &str) -> String {
    let target = db.target();
    let password = target.password.as_ref().map_or("", |password| password.expose_secret());
    let user = target.user.as_deref().unwrap_or("root");
    format!("{scheme}://{user}:{password}@{}:{}/{}", target.host, target.port, db.database)
}
