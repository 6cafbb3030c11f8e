//! Starts a separate Tomcat with `tests/tomcat/instance`, and sends requests to it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::account::Account;
use crate::support::{absent, variable};

/// The CATALINA_HOME of a Tomcat; prints a line and returns `None` if it is missing.
pub fn home(version: &str) -> Option<String> {
    let found = variable(&format!("TOMCAT_SESSIONS_TEST_{}_HOME", version.to_uppercase()));
    if found.is_none() {
        absent(version);
    }
    found
}

/// The password of the Manager's users.
pub const JMX_PASSWORD: &str = "m@nager:\"<&'";

pub struct Tomcat {
    start: Vec<String>,
    /// Arguments of every start.
    options: usize,
    base: PathBuf,
    pub port: u16,
    /// Removed after the process has ended.
    dir: TempDir,
}

impl Tomcat {
    /// Starts a Tomcat with PersistentValve, whose background process saves and expires every second.
    pub fn start(home: &str, account: &Account) -> Tomcat {
        Tomcat::start_for(home, account, &[])
    }

    /// Starts a Tomcat with the unchanged files of a directory.
    pub fn start_with(home: &str, conf: &Path) -> Tomcat {
        Tomcat::start_by(home, &[("--conf", conf.to_str().unwrap())])
    }

    /// The same with another JDBC driver.
    pub fn start_with_driver(home: &str, conf: &Path, jar: &str) -> Tomcat {
        Tomcat::start_by(home, &[("--conf", conf.to_str().unwrap()), ("--jdbc-jar", jar)])
    }

    /// Starts a Tomcat with PersistentValve whose JDBC driver is in the application, and not in `lib`.
    pub fn start_with_application_driver(home: &str, account: &Account, jar: &str) -> Tomcat {
        Tomcat::start_for(home, account, &[("--app-jar", jar)])
    }

    fn start_for(home: &str, account: &Account, more: &[(&str, &str)]) -> Tomcat {
        let password = account.password_file();
        let database = [
            ("--db-url", &*account.jdbc_url),
            ("--db-user", &*account.user),
            ("--db-password-file", password.to_str().unwrap()),
        ];
        Tomcat::start_by(home, &[&database, more].concat())
    }

    /// Starts a Tomcat without PersistentValve whose Manager saves only as configured by these attributes, with the JMX
    /// proxy at `/manager`. `db` is a JDBC URL, a user, and the password file.
    pub fn start_managed(home: &str, db: (&str, &str, &Path), manager: &str) -> Tomcat {
        let (jdbc_url, user, password) = db;
        let password = password.to_str().unwrap();
        let options = [("--db-url", jdbc_url), ("--db-user", user), ("--db-password-file", password)];
        let mut tomcat = Tomcat::prepare(home, &options);
        let file = tomcat.jmx_password_file();
        std::fs::write(&file, JMX_PASSWORD).unwrap();
        let more = ["--no-valve", "--jmx-password-file", file.to_str().unwrap(), "--manager-attrs", manager];
        tomcat.start.extend(more.map(str::to_owned));
        tomcat.instance("start", &tomcat.start);
        tomcat
    }

    pub fn jmx_password_file(&self) -> PathBuf {
        self.dir.path().join("jmx-password")
    }

    /// The URL of the Manager for one of its users.
    pub fn manager(&self, user: &str) -> String {
        format!("http://{user}@127.0.0.1:{}/manager", self.port)
    }

    /// Starts a Tomcat with several applications, each with its unchanged file of the directory.
    pub fn start_apps(home: &str, contexts: &Path, apps: &[&str]) -> Tomcat {
        let mut options = vec![("--context-xml", contexts.to_str().unwrap())];
        options.extend(apps.iter().map(|app| ("--app", *app)));
        Tomcat::start_by(home, &options)
    }

    fn start_by(home: &str, more: &[(&str, &str)]) -> Tomcat {
        let tomcat = Tomcat::prepare(home, more);
        tomcat.instance("start", &tomcat.start);
        tomcat
    }

    fn prepare(home: &str, more: &[(&str, &str)]) -> Tomcat {
        let dir = TempDir::new().unwrap();
        // Another process may take the port before; Tomcat then reports it and the test fails.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let port_text = port.to_string();
        let options = [("--home", home), ("--port", &port_text)];
        let start: Vec<String> =
            options.iter().chain(more).flat_map(|(name, value)| [(*name).to_owned(), (*value).to_owned()]).collect();
        let options = start.len();
        Tomcat { start, options, base: dir.path().join("base"), port, dir }
    }

    /// Starts it again with the same settings.
    pub fn start_again(&self) {
        self.instance("start", &self.start);
    }

    /// Ends it like a crash.
    pub fn kill(&self) {
        self.instance("stop", &["--kill".to_owned()]);
    }

    /// Stops it regularly and starts it again with empty memory.
    pub fn restart(&mut self) {
        self.stop();
        self.start.truncate(self.options);
        self.instance("start", &self.start);
    }

    /// The same, with attributes for the Manager until the next restart.
    pub fn restart_with(&mut self, manager: &str) {
        self.stop();
        let attributes = format!(
            "maxIdleBackup=\"-1\" maxIdleSwap=\"-1\" processExpiresFrequency=\"1\" saveOnRestart=\"true\" {manager}"
        );
        self.start.truncate(self.options);
        self.start.extend(["--manager-attrs".to_owned(), attributes]);
        self.instance("start", &self.start);
    }

    pub fn stop(&self) {
        self.instance("stop", &[]);
    }

    fn instance(&self, what: &str, options: &[String]) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tomcat/instance");
        let output = Command::new(script).arg(what).arg("--base").arg(&self.base).args(options).output().unwrap();
        let output_text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{what}: {output_text}\n{}", self.log());
    }

    pub fn base(&self) -> &Path {
        &self.base
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.base.join("logs/catalina.out")).unwrap_or_default()
    }

    /// Sends a GET request to the webapp with the session `id`.
    pub fn get(&self, path: &str, id: Option<&str>) -> Answer {
        self.get_of("demo", path, id)
    }

    /// The same for another application.
    pub fn get_of(&self, app: &str, path: &str, id: Option<&str>) -> Answer {
        let cookie = id.map(|id| format!("Cookie: JSESSIONID={id}\r\n")).unwrap_or_default();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        write!(stream, "GET /{app}{path} HTTP/1.0\r\nHost: localhost\r\n{cookie}\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, body: body.to_owned() }
    }

    /// Tells whether it accepts connections.
    pub fn is_up(&self) -> bool {
        TcpStream::connect(("127.0.0.1", self.port)).is_ok()
    }

    /// The numbers of created and destroyed sessions of which the listeners were notified.
    pub fn events(&self) -> (u32, u32) {
        let answer = self.get("/events", None);
        let number = |name| answer.field(name).parse().unwrap();
        (number("created"), number("destroyed"))
    }
}

/// A failed test leaves no Tomcat running.
impl Drop for Tomcat {
    fn drop(&mut self) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tomcat/instance");
        let _ = Command::new(script).arg("stop").arg("--kill").arg("--base").arg(&self.base).output();
    }
}

/// The answer of the webapp; `tests/tomcat/webapp/Sessions.java` defines the format.
pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Answer {
    pub fn id(&self) -> &str {
        self.field("id")
    }

    /// The attributes: name, class and value.
    pub fn attributes(&self) -> Vec<&str> {
        self.body.lines().filter(|line| line.split('\t').count() == 3).collect()
    }

    fn field(&self, name: &str) -> &str {
        let value = self.body.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('\t'));
        value.unwrap_or_else(|| panic!("no {name}: {} {}", self.status, self.body))
    }
}
