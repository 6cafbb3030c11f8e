//! A Tomcat with `autoDeploy="true"`, the default, whose store moves to another server as docs/migrate.md describes:
//! nobody is logged out. A change to `conf/context.xml` while Tomcat is running redeploys every application at once.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::account::{Account, program, run_successfully};
use crate::support::{Kind, Scratch};
use crate::tomcat::{self, Tomcat};
use crate::{eventually, restored};

const UNDEPLOYED: &str = "Undeploying context [/demo]";

#[tokio::test(flavor = "multi_thread")]
async fn a_move_with_auto_deploy_on_tomcat_9() {
    with_auto_deploy("tomcat9", "9").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_with_auto_deploy_on_tomcat_10() {
    with_auto_deploy("tomcat10", "10").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_with_auto_deploy_on_tomcat_11() {
    with_auto_deploy("tomcat11", "11").await;
}

/// Writes the configuration for this account's store, with `autoDeploy="true"` and a background process that looks
/// for changes every second.
fn configure(account: &Account, version: &str, dir: &Path) {
    let mut command = program(&account.plain_url());
    command.arg("--password-file").arg(account.password_file());
    command.args(["tomcat", "config", "--tomcat", version, "--driver", "mariadb", "--output-dir"]);
    run_successfully(command.arg(dir));
    let server = dir.join("conf/server.xml");
    let text = fs::read_to_string(&server).unwrap();
    let changed = text
        .replace("autoDeploy=\"false\"", "autoDeploy=\"true\"")
        .replace("<Engine ", "<Engine backgroundProcessorDelay=\"1\" ");
    assert_eq!(changed.matches("autoDeploy=\"true\"").count() + changed.matches("Delay=\"1\"").count(), 2, "{text}");
    fs::write(server, changed).unwrap();
}

/// Waits until Tomcat has looked for changes: it then also deploys a new application.
fn tomcat_has_looked_for_changes(tomcat: &Tomcat) {
    let (base, webapps) = (tomcat.base().to_owned(), tomcat.base().join("webapps"));
    let copied = Command::new("cp").arg("-r").arg(webapps.join("demo")).arg(base.join("second")).status().unwrap();
    assert!(copied.success());
    fs::rename(base.join("second"), webapps.join("second")).unwrap();
    assert!(eventually(|| tomcat.get_of("second", "/events", None).status == 200), "{}", tomcat.log());
}

async fn with_auto_deploy(home: &str, version: &str) {
    let Some(home) = tomcat::home(home) else { return };
    let (Some(old_db), Some(new_db)) = (Scratch::reserve(Kind::Mysql), Scratch::reserve(Kind::Mariadb)) else { return };
    let (old, new) = (Account::provision(&old_db), Account::provision(&new_db));
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    configure(&old, version, from.path());
    configure(&new, version, to.path());

    let tomcat = Tomcat::start_with(&home, &from.path().join("conf"));
    let alice = tomcat.get("/create?user=alice&bytes=70000", None);
    let context = tomcat.base().join("conf/context.xml");
    fs::copy(to.path().join("conf/context.xml"), context.with_extension("xml.new")).unwrap();
    tomcat_has_looked_for_changes(&tomcat);
    assert!(!tomcat.log().contains(UNDEPLOYED), "{}", tomcat.log());
    assert_eq!(tomcat.get("/read", Some(alice.id())).status, 200);
    tomcat.stop();

    let mut migrate = Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"));
    migrate.env_clear().args(["migrate", "--from", &old.plain_url(), "--to", &new.plain_url()]);
    migrate.arg("--from-password-file").arg(old.password_file());
    run_successfully(migrate.arg("--to-password-file").arg(new.password_file()));
    let tomcat = Tomcat::start_with(&home, &to.path().join("conf"));
    let after = tomcat.get("/read", Some(alice.id()));
    assert_eq!(after.status, 200, "{}\n{}", after.body, tomcat.log());
    assert_eq!(after.attributes(), restored(&alice));

    // What the guide warns of: the new driver is in lib only since Tomcat's start.
    let context = tomcat.base().join("conf/context.xml");
    let text = fs::read_to_string(&context).unwrap();
    let other = text.replace("org.mariadb.jdbc.Driver", "org.example.NewDriver");
    assert_ne!(other, text);
    fs::write(&context, other).unwrap();
    assert!(eventually(|| tomcat.log().contains(UNDEPLOYED)), "{}", tomcat.log());
    assert!(eventually(|| tomcat.get("/events", None).status == 200), "{}", tomcat.log());
    assert_eq!(tomcat.get("/read", Some(alice.id())).status, 404, "{}", tomcat.log());
    let bob = tomcat.get("/create?user=bob", None);
    assert_eq!(new.json(&["list", "--id", bob.id()]), serde_json::json!([]));
    tomcat.kill();
    for (account, db) in [(old, old_db), (new, new_db)] {
        account.drop(&db).await;
        db.drop().await;
    }
}
