//! Runs the guides whose commands need a running Tomcat, as written.

use std::thread;
use std::time::Duration;

use crate::jmx_commands::Lab;
use crate::support::guide::Script;
use crate::tomcat::{JMX_PASSWORD, Tomcat};

/// A Manager without background passes during a test.
const SLOW: &str = "maxIdleBackup=\"600\" maxIdleSwap=\"900\" minIdleSwap=\"300\" processExpiresFrequency=\"600\" saveOnRestart=\"true\"";

/// The store, the Managers and the passwords of this run, for the following lines.
fn prepared(lab: &Lab, tomcat: &Tomcat, dir: &std::path::Path) -> String {
    std::fs::write(dir.join("nodes"), tomcat.manager("jmx")).unwrap();
    std::fs::write(dir.join("mgr.pw"), JMX_PASSWORD).unwrap();
    format!("export TOMCAT_SESSIONS_URL='{}' XDG_STATE_HOME='{}'\n", lab.db.url, dir.display())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_logged_out_everywhere() {
    let Some(lab) = Lab::new("tomcat10") else { return };
    let tomcat = lab.tomcat(SLOW);
    let dir = tempfile::tempdir().unwrap();
    let [alice, again, bob] = ["alice", "alice", "bob"].map(|user| tomcat.get(&format!("/create?user={user}"), None));
    // A session that was created within this second is not idle yet.
    thread::sleep(Duration::from_millis(1_100));
    // The webapp stores the login in its own attribute.
    let script = Script::of("docs/incident.md", "## Log a user out, everywhere");
    let output_text = Script(prepared(&lab, &tomcat, dir.path()) + &script.0).run(dir.path()).await;
    assert!(output_text.contains("Logged out 2 sessions"), "{output_text}");
    for gone in [&alice, &again] {
        assert_eq!(tomcat.get("/read", Some(gone.id())).status, 404);
    }
    assert_eq!(tomcat.get("/read", Some(bob.id())).status, 200);
    tomcat.kill();
    lab.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn maintenance_step_by_step() {
    let Some(lab) = Lab::new("tomcat10") else { return };
    let tomcat = lab.tomcat(SLOW);
    let dir = tempfile::tempdir().unwrap();
    let users = [0, 1].map(|i| tomcat.get(&format!("/create?user=u{i}"), None));
    let script = Script::of("docs/maintenance.md", "## Step by step").without(&["systemctl ", "printf "]);
    Script(prepared(&lab, &tomcat, dir.path()) + &script.0).run(dir.path()).await;
    assert!(!dir.path().join("tomcat-sessions/tomcats.json").exists(), "something was not put back");
    // The state file of `begin` survives a crash.
    tomcat.kill();
    tomcat.start_again();
    for user in &users {
        assert_eq!(tomcat.get("/read", Some(user.id())).status, 200);
    }
    tomcat.kill();
    lab.drop().await;
}
