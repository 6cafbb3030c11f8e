//! A PgBouncer of a test's own in front of a PostgreSQL server.

use std::fmt::Write as _;
use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use secrecy::ExposeSecret;
use tempfile::TempDir;

use super::{Scratch, absent, variable};

/// A pool, for as long as the test runs.
pub struct PgBouncer {
    pub port: u16,
    dir: TempDir,
    process: Child,
}

impl PgBouncer {
    /// Starts one for the server of this database, with these settings; `None`, with a line that says so, where there
    /// is no PgBouncer.
    pub fn start(db: &Scratch, settings: &[&str]) -> Option<PgBouncer> {
        let Some(program) = variable("TOMCAT_SESSIONS_TEST_PGBOUNCER") else {
            absent("proxies");
            return None;
        };
        let dir = tempfile::Builder::new().prefix("pb.").tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let target = db.target();
        let at = |name: &str| dir.path().join(name).display().to_string();
        let mut config = format!(
            "[databases]\n* = host={} port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir = {}\nauth_type = md5\nauth_file = {}\nmax_client_conn = 100\n",
            target.host,
            target.port,
            dir.path().display(),
            at("users")
        );
        for setting in settings {
            writeln!(config, "{setting}").unwrap();
        }
        std::fs::write(at("config"), config).unwrap();
        let password = target.password.as_ref().map_or("", |password| password.expose_secret());
        std::fs::write(at("users"), format!("\"{}\" \"{password}\"\n", target.user.unwrap())).unwrap();
        let is_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
        let mut command = if is_root {
            // It refuses to run as root.
            assert!(Command::new("chown").args(["-R", "nobody:"]).arg(dir.path()).status().unwrap().success());
            let mut command = Command::new("setpriv");
            command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--", &program]);
            command
        } else {
            Command::new(program)
        };
        let log = File::create(dir.path().join("log")).unwrap();
        let process = command.arg(at("config")).current_dir("/").stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let pool = PgBouncer { port, dir, process };
        let is_up = || TcpStream::connect(("127.0.0.1", port)).is_ok();
        let up = (0..100).any(|_| {
            thread::sleep(Duration::from_millis(50));
            is_up()
        });
        assert!(up, "{}", pool.output());
        Some(pool)
    }

    /// The URL of the database through it.
    pub fn url(&self, db: &Scratch) -> String {
        db.url_through(self.port)
    }

    /// The same through its Unix socket.
    pub fn url_by_socket(&self, db: &Scratch) -> String {
        format!("{}&socket={}", self.url(db), self.dir.path().display())
    }

    /// What it wrote.
    pub fn output(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default()
    }
}

/// Also where a test fails.
impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
