//! A PostgreSQL of one test, and a standby of it. They may be stopped, paused and reconfigured, while other tests use
//! the one that `tests/servers` started.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{Connection, Executor};
use tempfile::TempDir;

use super::{absent, pgsql, variable};

pub struct PrivatePostgres {
    dir: TempDir,
    pub port: u16,
    /// The server process, while it runs.
    server: Option<Child>,
    options: Vec<String>,
}

impl PrivatePostgres {
    /// Creates and starts a server with these settings; prints a line and returns `None` if PostgreSQL is not
    /// installed.
    pub fn with(settings: &[&str]) -> Option<PrivatePostgres> {
        let mut private = PrivatePostgres::reserve(settings)?;
        private.do_once("initdb", &["--username=root", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]);
        private.start();
        Some(private)
    }

    /// Creates and starts a standby of this server.
    pub fn standby(&self, settings: &[&str]) -> PrivatePostgres {
        let mut private = PrivatePostgres::reserve(settings).unwrap();
        let port = self.port.to_string();
        private.do_once(
            "pg_basebackup",
            &["-h", "127.0.0.1", "-p", &port, "-U", "root", "-R", "-X", "stream", "-c", "fast", "--no-sync"],
        );
        private.start();
        private
    }

    fn reserve(settings: &[&str]) -> Option<PrivatePostgres> {
        if find("initdb").is_none() {
            absent("postgres");
            return None;
        }
        let dir = tempfile::Builder::new().prefix("ts.").tempdir().unwrap();
        if is_root() {
            assert!(Command::new("chown").args(["nobody:", &at(&dir, "")]).status().unwrap().success());
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Some(PrivatePostgres { dir, port, server: None, options: settings.iter().map(|&s| s.to_owned()).collect() })
    }

    /// Runs a program that creates the data directory.
    fn do_once(&self, program: &str, args: &[&str]) {
        let done = as_its_account(program).args(["-D", &at(&self.dir, "data")]).args(args).output().unwrap();
        assert!(done.status.success(), "{program}: {done:?}");
    }

    /// Starts it with its existing data, and waits until it accepts connections.
    pub fn start(&mut self) {
        let log = File::options().create(true).append(true).open(at(&self.dir, "log")).unwrap();
        let port = self.port.to_string();
        let mut command = as_its_account("postgres");
        command
            .args(["-D", &at(&self.dir, "data"), "-p", &port, "-k", &at(&self.dir, ""), "-c", "fsync=off"])
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "shared_buffers=16MB", "-c", "max_wal_senders=4"])
            .args(self.options.iter().flat_map(|setting| ["-c", setting]))
            .stdout(Stdio::null())
            .stderr(log);
        self.server = Some(command.spawn().unwrap());
        let up = (0..300).any(|_| {
            thread::sleep(Duration::from_millis(100));
            let mut ready = Command::new(find("pg_isready").unwrap());
            ready.args(["-q", "-h", "127.0.0.1", "-p", &port]).status().unwrap().success()
        });
        assert!(up, "{}", std::fs::read_to_string(at(&self.dir, "log")).unwrap());
    }

    /// Ends the sessions of all clients, and stops it.
    pub fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            // Setpriv was replaced by the server.
            Command::new("kill").args(["-INT", &server.id().to_string()]).status().unwrap();
            server.wait().unwrap();
        }
    }

    /// The URL of a database.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://root@127.0.0.1:{}/{database}?ssl-mode=disabled", self.port)
    }

    /// An administrator connection, without the tested code.
    pub async fn client(&self, database: &str) -> PgConnection {
        let options = PgConnectOptions::new_without_pgpass().host("127.0.0.1").port(self.port).username("root");
        PgConnection::connect_with(&options.database(database)).await.unwrap()
    }

    /// Runs statements in a database, one by one.
    pub async fn sql(&self, database: &str, text: &str) {
        let mut client = self.client(database).await;
        for statement in pgsql::statements(text) {
            let done = client.execute(sqlx::raw_sql(&statement)).await;
            done.unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
        client.close().await.unwrap();
    }
}

/// A failed test leaves no server running.
impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A program of PostgreSQL; those of the server are not in the PATH of users.
fn find(name: &str) -> Option<PathBuf> {
    if let Some(programs) = variable("TOMCAT_SESSIONS_TEST_POSTGRES_BIN") {
        return Some(Path::new(&programs).join(name)).filter(|file| file.is_file());
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut found: Vec<PathBuf> = versions.flatten().map(|version| version.path().join("bin").join(name)).collect();
    found.retain(|file| file.is_file());
    found.sort();
    found.pop()
}

/// The server refuses to run as root.
fn as_its_account(program: &str) -> Command {
    let file = find(program).unwrap();
    if !is_root() {
        return Command::new(file);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"]).arg(file).current_dir("/");
    command
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().unwrap().stdout == b"0\n"
}

fn at(dir: &TempDir, name: &str) -> String {
    Path::new(dir.path()).join(name).display().to_string()
}
