//! A database that goes away and comes back under a running Tomcat that swaps out: with `tomcat
//! maintenance`, and without.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::account::{program, said};
use crate::live::run;
use crate::support::documented::same;
use crate::support::{Kind, Scratch};
use crate::tomcat::{self, Answer, Tomcat};

/// Two seconds without a request, and a session leaves the memory.
const SWAPPING: &str =
    "maxIdleBackup=\"-1\" maxIdleSwap=\"2\" minIdleSwap=\"0\" processExpiresFrequency=\"1\" saveOnRestart=\"true\"";

/// A MariaDB of this test's own: it is stopped, and the others go on.
struct Database {
    dir: TempDir,
    port: u16,
    server: Option<Child>,
}

impl Database {
    fn new() -> Database {
        let dir = TempDir::new().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut install = Command::new("mariadb-install-db");
        install.args(["--no-defaults", "--skip-test-db", "--auth-root-authentication-method=normal"]);
        install
            .arg(format!("--user={}", Database::user()))
            .arg(format!("--datadir={}", dir.path().join("data").display()))
            // A server that starts deletes the temporary files of the others in the directory.
            .env("TMPDIR", dir.path());
        said(&mut install);
        fs::write(dir.path().join("root.sql"), "ALTER USER root@localhost IDENTIFIED BY 'root';\n").unwrap();
        let mut database = Database { dir, port, server: None };
        database.start();
        database
    }

    /// The server refuses to run as root unless it is told to.
    fn user() -> String {
        let output = Command::new("id").arg("-un").output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn start(&mut self) {
        let at = |name: &str| self.dir.path().join(name).display().to_string();
        let path = format!("{}:/usr/sbin", crate::support::variable("PATH").unwrap_or_default());
        let server = path.split(':').map(|dir| PathBuf::from(dir).join("mariadbd")).find(|file| file.exists()).unwrap();
        let log = fs::File::create(self.dir.path().join("server.log")).unwrap();
        let mut command = Command::new(server);
        command.args(["--no-defaults", "--bind-address=127.0.0.1", "--innodb-buffer-pool-size=32M"]);
        command.args([format!("--user={}", Database::user()), format!("--port={}", self.port)]);
        command.args([format!("--datadir={}", at("data")), format!("--socket={}", at("s"))]);
        command.args([format!("--init-file={}", at("root.sql")), format!("--pid-file={}", at("pid"))]);
        command.env("TMPDIR", self.dir.path());
        self.server = Some(command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap());
        let up = (0..300).any(|_| {
            thread::sleep(Duration::from_millis(100));
            TcpStream::connect(("127.0.0.1", self.port)).is_ok()
        });
        assert!(up, "{}", fs::read_to_string(self.dir.path().join("server.log")).unwrap());
    }

    fn stop(&mut self) {
        let mut server = self.server.take().unwrap();
        Command::new("kill").arg(server.id().to_string()).status().unwrap();
        server.wait().unwrap();
    }

    fn url(&self) -> String {
        format!("mariadb://root:root@127.0.0.1:{}/tomcat?ssl-mode=disabled", self.port)
    }
}

/// A test that fails leaves no server behind.
impl Drop for Database {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

fn users(tomcat: &Tomcat) -> Vec<Answer> {
    (0..5).map(|i| tomcat.get(&format!("/create?user=u{i}"), None)).collect()
}

fn served(tomcat: &Tomcat, users: &[Answer]) -> usize {
    users.iter().filter(|user| tomcat.get("/read", Some(user.id())).status == 200).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_with_and_without_maintenance() {
    // Where MariaDB is not there, neither is its server's program.
    let (Some(home), Some(_)) = (tomcat::home("tomcat10"), Scratch::reserve(Kind::Mariadb)) else { return };
    let mut database = Database::new();
    let url = database.url();
    let password = database.dir.path().join("tomcat.pw");
    fs::write(&password, "tomcat-pw\n").unwrap();
    said(program(&url).args(["init-db", "--apply", "--user", "tomcat", "--user-password-file"]).arg(&password));
    let jdbc_url = format!("jdbc:mariadb://127.0.0.1:{}/tomcat?connectTimeout=2000", database.port);
    let tomcat = Tomcat::start_managed(&home, (&jdbc_url, "tomcat", &password), SWAPPING);
    let file = database.dir.path().join("state.json").display().to_string();
    let maintenance = |what: &str| {
        let (code, value, stderr) = run(&url, &[&tomcat], &["tomcat", "maintenance", what, "--state-file", &file]);
        (code, value, stderr)
    };

    // With it, nothing is lost.
    let with = users(&tomcat);
    let (code, begun, stderr) = maintenance("begin");
    assert_eq!((code, &begun["in_memory"]), (0, &5.into()), "{stderr} {begun}");
    // Again is as good as once, and forgets nothing.
    assert_eq!(maintenance("begin").0, 0);
    let (code, _, stderr) = run(&url, &[&tomcat], &["tomcat", "flush", "--state-file", &file]);
    assert!(code == 1 && stderr.contains("under maintenance"), "{stderr}");
    database.stop();
    thread::sleep(Duration::from_secs(5));
    assert_eq!(served(&tomcat, &with), 5, "in memory, while the database is away");
    // The database must be there before Tomcat writes again.
    let (code, _, stderr) = maintenance("end");
    assert_eq!(code, 10, "{stderr}");
    database.start();
    let (code, ended, stderr) = maintenance("end");
    assert_eq!(code, 0, "{stderr} {ended}");
    let put_back = |attribute: &str| {
        let of = ended["settings"].as_array().unwrap().iter().find(|change| change["attribute"] == attribute).unwrap();
        (of["to"].as_i64().unwrap(), of["outcome"].as_str().unwrap())
    };
    assert_eq!((put_back("maxIdleSwap"), put_back("minIdleSwap")), ((2, "put-back"), (0, "put-back")));
    // They leave the memory now, and come back from the table.
    let empty = || run(&url, &[&tomcat], &["tomcat", "status"]).1["nodes"][0]["contexts"][0]["active_sessions"] == 0;
    assert!(crate::eventually(empty));
    assert_eq!(served(&tomcat, &with), 5, "after the maintenance");

    // Without it, they are.
    let without = users(&tomcat);
    database.stop();
    thread::sleep(Duration::from_secs(6));
    database.start();
    thread::sleep(Duration::from_secs(1));
    assert!(served(&tomcat, &without) < 5, "nothing was lost without maintenance: is it still needed?");

    // A Tomcat that dies in mid-maintenance has its own values when it is back, and is put right or left.
    users(&tomcat);
    assert_eq!(maintenance("begin").0, 0);
    tomcat.kill();
    let (code, _, stderr) = maintenance("end");
    assert!(code == 10 && fs::exists(&file).unwrap(), "{stderr}");
    tomcat.start_again();
    let (code, ended, stderr) = maintenance("end");
    assert!(code == 0 && !fs::exists(&file).unwrap(), "{stderr} {ended}");
    let mut documented = begun.clone();
    documented["missing"] = serde_json::json!([{"app_name": "", "session_id": ""}]);
    same("tomcat maintenance", &documented);
    tomcat.kill();
}
