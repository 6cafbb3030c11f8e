//! `tomcat …`: a real Tomcat, queried and controlled through the JMX proxy.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::account::{Account, program, run_successfully};
use crate::support::documented::same;
use crate::support::{Kind, Scratch, absent, variable};
use crate::tomcat::{self, JMX_PASSWORD, Tomcat};

/// A Manager that writes only when Tomcat is stopped regularly.
pub const MEMORY_ONLY: &str =
    "maxIdleBackup=\"-1\" maxIdleSwap=\"-1\" minIdleSwap=\"-1\" processExpiresFrequency=\"6\" saveOnRestart=\"true\"";

/// A password with characters that a URL may contain.
const JMX_PASSWORD_IN_URL: &str = "s3cr3t-im-URL";

/// A database that the program created, and Tomcats that use it.
pub struct Lab {
    pub db: Scratch,
    pub account: Account,
    pub home: String,
}

impl Lab {
    /// Prints a line and returns `None` if a server is missing.
    pub fn new(version: &str) -> Option<Lab> {
        let home = tomcat::home(version)?;
        let db = Scratch::reserve(Kind::Mariadb)?;
        let account = Account::provision(&db);
        Some(Lab { db, account, home })
    }

    pub fn tomcat(&self, manager: &str) -> Tomcat {
        let account = &self.account;
        Tomcat::start_managed(&self.home, (&account.jdbc_url, &account.user, &account.password_file()), manager)
    }

    pub async fn drop(self) {
        self.account.drop(&self.db).await;
        self.db.drop().await;
    }
}

/// Runs a command with these Tomcats; returns its exit code, its result, and stderr.
pub fn run(url: &str, tomcats: &[&Tomcat], args: &[&str]) -> (i32, Value, String) {
    let mut command = program(url);
    command.args(["--format", "json"]).args(args);
    for tomcat in tomcats {
        command.args(["--manager", &tomcat.manager("jmx")]);
    }
    command.arg("--manager-password-file").arg(tomcats[0].jmx_password_file());
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert!(!stdout.contains(JMX_PASSWORD) && !stderr.contains(JMX_PASSWORD), "the password was printed");
    (output.status.code().unwrap(), serde_json::from_str(&stdout).unwrap_or(Value::Null), stderr)
}

/// The numbers of the tested application.
pub fn tally(status: &Value) -> &Value {
    status["applications"].as_array().unwrap().iter().find(|app| app["app_name"] == crate::APP).unwrap()
}

async fn status_of(version: &str) {
    let Some(lab) = Lab::new(version) else { return };
    let first = lab.tomcat(MEMORY_ONLY);
    let users: Vec<_> = ["alice", "bob", "carol"].map(|user| first.get(&format!("/create?user={user}"), None)).into();
    let url = &lab.db.url;

    let (code, status, stderr) = run(url, &[&first], &["tomcat", "status"]);
    assert_eq!(code, 0, "{stderr}");
    same("tomcat status", &status);
    let context = &status["nodes"][0]["contexts"][0];
    assert_eq!((&context["app_name"], &context["manager_class"]), (&crate::APP.into(), &"PersistentManager".into()));
    assert_eq!((&context["active_sessions"], &context["max_idle_backup"]), (&3.into(), &(-1).into()));
    assert_eq!((&context["persistent"], &context["persistent_valve"]), (&true.into(), &false.into()));
    let number = |status: &Value, name: &str| tally(status)[name].as_u64().unwrap();
    assert_eq!((number(&status, "only_in_memory"), number(&status, "in_table")), (3, 0));

    // A regular stop writes the sessions; later changes of one that is used again are only in memory.
    first.stop();
    first.start_again();
    first.get("/read", Some(users[0].id()));
    first.get("/set?a=b", Some(users[0].id()));
    first.get("/create?user=dora", None);
    let (_, status, _) = run(url, &[&first], &["tomcat", "status", "--app", "demo"]);
    let numbers = ["in_memory", "in_table", "in_both", "stale", "only_in_memory", "only_in_table", "on_several_nodes"];
    assert_eq!(numbers.map(|name| number(&status, name)), [2, 3, 1, 1, 1, 2, 0]);

    // Two nodes with the same session, and one that is stopped.
    let second = lab.tomcat(MEMORY_ONLY);
    second.get("/read", Some(users[0].id()));
    let (code, status, _) = run(url, &[&first, &second], &["tomcat", "status"]);
    assert_eq!((code, number(&status, "nodes"), number(&status, "on_several_nodes")), (0, 2, 1));
    second.kill();
    let (code, status, stderr) = run(url, &[&first, &second], &["tomcat", "status"]);
    assert_eq!((code, status["nodes"].as_array().unwrap().len()), (3, 2), "{stderr}");
    assert!(stderr.contains("cannot reach the Manager"), "{stderr}");
    assert!(status["nodes"][1]["error"].is_string(), "{status}");

    for (user, file, code, expected_text) in
        [("gui", true, 10, "(403)"), ("nobody", true, 10, "(401)"), ("jmx", false, 10, "(401)")]
    {
        let mut command = program(url);
        command.args(["tomcat", "status", "--manager", &first.manager(user)]);
        if file {
            command.arg("--manager-password-file").arg(first.jmx_password_file());
        }
        let output = command.output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.code() == Some(code) && stderr.contains(expected_text) && stderr.contains("hint: "),
            "{stderr}"
        );
    }
    // The test's own webapp is not a Manager, and answers 404.
    let elsewhere = first.manager("jmx").replace("/manager", "/demo");
    let output = program(url).args(["tomcat", "status", "--manager", &elsewhere]).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("no Manager application at"), "{output:?}");
    let (code, _, stderr) = run(url, &[&first], &["tomcat", "status", "--app", "nosuch"]);
    assert_eq!(code, 1, "{stderr}");
    run_successfully(program(url).arg("check"));
    first.kill();
    lab.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn status_of_tomcat10() {
    status_of("tomcat10").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn status_of_tomcat9() {
    status_of("tomcat9").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn status_of_tomcat11() {
    status_of("tomcat11").await;
}

/// The server's certificate must be signed by a known authority: one of the system, or `--manager-ca`.
#[test]
fn certificates_are_checked() {
    let (Some(ca), Some(other)) = (variable("TOMCAT_SESSIONS_TEST_CA"), variable("TOMCAT_SESSIONS_TEST_OTHER_CA"))
    else {
        return absent("mariadb");
    };
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let tls = Path::new(&ca).parent().unwrap();
    let mut server = Command::new("openssl");
    server.args(["s_server", "-quiet", "-www", "-accept", &format!("127.0.0.1:{port}")]);
    server.arg("-cert").arg(tls.join("server.pem")).arg("-key").arg(tls.join("server-key.pem"));
    let mut server = server.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let up = (0..100).any(|_| {
        thread::sleep(Duration::from_millis(50));
        TcpStream::connect(("127.0.0.1", port)).is_ok()
    });
    assert!(up);
    let output_text: Vec<String> =
        [&[][..], &["--manager-ca", &other], &["--manager-ca", &ca], &["--manager-insecure"]]
            .iter()
            .map(|options| {
                let mut command = program("sqlite:none.db");
                command.args([
                    "tomcat",
                    "status",
                    "--manager",
                    &format!("https://u:{JMX_PASSWORD_IN_URL}@localhost:{port}"),
                ]);
                let output = command.args(*options).output().unwrap();
                assert_eq!(output.status.code(), Some(10));
                String::from_utf8(output.stderr).unwrap()
            })
            .collect();
    server.kill().unwrap();
    server.wait().unwrap();
    for refused in &output_text[..2] {
        assert!(refused.contains("UnknownIssuer") && refused.contains("--manager-ca"), "{refused}");
    }
    for trusted in &output_text[2..] {
        assert!(trusted.contains("is not a JMX proxy") && !trusted.contains(JMX_PASSWORD_IN_URL), "{trusted}");
    }
    assert!(output_text[3].contains("certificates of the Manager applications are not checked"), "{}", output_text[3]);
}
