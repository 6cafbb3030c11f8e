//! The database account that this program creates for a Tomcat, and the program run with that account.

use std::fs;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Kind, Scratch};

const PASSWORD: &str = "Kn0bl&uch <\"pizza\"> '1";

pub struct Account {
    pub user: String,
    pub jdbc_url: String,
    url: String,
    dir: TempDir,
}

impl Account {
    /// Runs `init-db --apply` like an administrator: database, account, grants, table.
    pub fn provision(db: &Scratch) -> Account {
        Account::provision_with(db, &[])
    }

    /// The same with more options of `init-db`.
    pub fn provision_with(db: &Scratch, more: &[&str]) -> Account {
        let dir = TempDir::new().unwrap();
        fs::write(dir.path().join("password"), format!("{PASSWORD}\n")).unwrap();
        let target = db.target();
        let (host, port, database) = (&target.host, target.port, &db.database);
        // MySQL's caching_sha2_password needs its public key without TLS.
        let options = if db.kind == Kind::Mysql { "?allowPublicKeyRetrieval=true" } else { "" };
        let account = Account {
            user: database.clone(),
            jdbc_url: format!("jdbc:mariadb://{host}:{port}/{database}{options}"),
            url: format!("{}://{database}@{host}:{port}/{database}?ssl-mode=required", db.kind.name()),
            dir,
        };
        let mut command = program(&db.url);
        command.args(["init-db", "--apply"]).args(more).args(["--user", &account.user, "--user-password-file"]);
        run_successfully(command.arg(account.password_file()));
        account
    }

    /// The URL of the store without TLS, for which the available JDBC driver would need a trust store.
    pub fn plain_url(&self) -> String {
        self.url.replace("ssl-mode=required", "ssl-mode=disabled")
    }

    pub fn password_file(&self) -> std::path::PathBuf {
        self.dir.path().join("password")
    }

    /// Runs a command with Tomcat's own account, and returns its result.
    pub fn json(&self, args: &[&str]) -> Value {
        let mut command = program(&self.url);
        command.arg("--password-file").arg(self.password_file()).args(["--format", "json"]).args(args);
        let output = run_successfully(&mut command);
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Removes the account, which is separate from the database.
    pub async fn drop(self, db: &Scratch) {
        db.sql(&format!("DROP USER `{}`@`%`", self.user)).await;
    }
}

/// The program with a store.
pub fn program(url: &str) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"));
    command.env_clear().args(["--url", url]);
    command
}

/// Runs the program, which must succeed and must not print the password.
pub fn run_successfully(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let both = format!("{}{}", text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{:?} ended with {}: {both}", command.get_args(), output.status);
    assert!(!both.contains(PASSWORD), "the password was printed");
    output
}
