//! A MariaDB of one test, which may be stopped, killed and reconfigured, while other tests use those that
//! `tests/servers` started.

use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use sqlx::mysql::MySqlConnectOptions;
use sqlx::{Connection, Executor, MySqlConnection};
use tempfile::TempDir;

use super::{absent, variable};

/// The password of root.
const PASSWORD: &str = "root";

pub struct Private {
    pub dir: TempDir,
    pub port: u16,
    /// The server process, while it runs.
    server: Option<Child>,
    options: Vec<String>,
}

impl Private {
    /// Creates and starts a server; prints a line and returns `None` if MariaDB is not installed.
    pub fn new() -> Option<Private> {
        Private::with(&[])
    }

    /// The same with additional options.
    pub fn with(options: &[String]) -> Option<Private> {
        let (Some(install), Some(_)) = (find("mariadb-install-db"), find("mariadbd")) else {
            absent("mariadb");
            return None;
        };
        // The path of a socket has at most 107 characters.
        let dir = tempfile::Builder::new().prefix("ts.").tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(install);
        command.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]);
        command.arg(format!("--datadir={}", dir.path().join("data").display()));
        let done = beside_others(&mut command, dir.path()).output().unwrap();
        assert!(done.status.success(), "{done:?}");
        let account = format!("ALTER USER root@localhost IDENTIFIED BY '{PASSWORD}';\n");
        std::fs::write(dir.path().join("account.sql"), account).unwrap();
        let mut private = Private { dir, port, server: None, options: options.to_vec() };
        private.start();
        Some(private)
    }

    /// Starts it with its existing data, and waits until it accepts connections.
    pub fn start(&mut self) {
        let at = |name: &str| self.dir.path().join(name).display().to_string();
        let log = File::options().create(true).append(true).open(at("log")).unwrap();
        let mut command = Command::new(find("mariadbd").unwrap());
        command
            .args(["--no-defaults", "--bind-address=127.0.0.1"])
            .args(["--innodb-buffer-pool-size=64M", "--max-allowed-packet=16M"])
            .args([format!("--datadir={}", at("data")), format!("--socket={}", at("s"))])
            .args([format!("--init-file={}", at("account.sql")), format!("--pid-file={}", at("pid"))])
            .arg(format!("--port={}", self.port))
            .args(&self.options)
            .stdout(Stdio::null())
            .stderr(log);
        self.server = Some(beside_others(&mut command, self.dir.path()).spawn().unwrap());
        // It listens on its port before its socket exists, and tests use both.
        let up = (0..300).any(|_| {
            thread::sleep(Duration::from_millis(100));
            TcpStream::connect(("127.0.0.1", self.port)).is_ok() && UnixStream::connect(at("s")).is_ok()
        });
        assert!(up, "{}", std::fs::read_to_string(at("log")).unwrap());
    }

    /// Stops it like an administrator.
    pub fn stop(&mut self) {
        let mut server = self.server.take().unwrap();
        Command::new("kill").arg(server.id().to_string()).status().unwrap();
        server.wait().unwrap();
    }

    /// Sends the server a signal.
    pub fn signal(&self, name: &str) {
        let server = self.server.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &server]).status().unwrap().success());
    }

    /// Ends it like a power failure.
    pub fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.kill().unwrap();
            server.wait().unwrap();
        }
    }

    /// The URL of a database over TCP.
    pub fn url(&self, database: &str) -> String {
        format!("mariadb://root:{PASSWORD}@127.0.0.1:{}/{database}?ssl-mode=disabled", self.port)
    }

    /// The same through the server's socket.
    pub fn socket_url(&self, database: &str) -> String {
        format!("mariadb://root:{PASSWORD}@localhost/{database}?socket={}", self.dir.path().join("s").display())
    }

    /// Runs SQL, without the tested code.
    pub async fn sql(&self, text: &str) {
        let socket = self.dir.path().join("s");
        let options = MySqlConnectOptions::new().username("root").password(PASSWORD).socket(socket);
        // With a name that no test mistakes for the program's own connection.
        let options = options.pipes_as_concat(false).no_engine_substitution(false);
        let mut connection = MySqlConnection::connect_with(&options).await.unwrap();
        connection.execute(sqlx::raw_sql(text)).await.unwrap();
        // With TLS, the server may be gone before it receives the end of the connection.
        let _ = connection.close().await;
    }
}

/// A failed test leaves no server running.
impl Drop for Private {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A program of MariaDB; those of the server are not in the PATH of users.
fn find(name: &str) -> Option<PathBuf> {
    let path = format!("{}:/usr/sbin:/usr/libexec", variable("PATH").unwrap_or_default());
    path.split(':').map(|dir| Path::new(dir).join(name)).find(|file| file.is_file())
}

/// A server that starts deletes temporary files of other servers in the shared directory for them; and it refuses to
/// run as root unless --user is given.
fn beside_others<'a>(command: &'a mut Command, dir: &Path) -> &'a mut Command {
    let root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    command.args(root.then_some("--user=root")).env("TMPDIR", dir)
}
