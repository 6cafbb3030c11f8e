//! A database that becomes unavailable and returns while a running Tomcat swaps out: with `tomcat maintenance`, and
//! without.

use std::fs;
use std::thread;
use std::time::Duration;

use crate::account::{program, run_successfully};
use crate::jmx_commands::run;
use crate::support::documented::same;
use crate::support::private::Private;
use crate::tomcat::{self, Answer, Tomcat};

/// A session leaves the memory after two seconds without a request.
const SWAPPING: &str =
    "maxIdleBackup=\"-1\" maxIdleSwap=\"2\" minIdleSwap=\"0\" processExpiresFrequency=\"1\" saveOnRestart=\"true\"";

fn users(tomcat: &Tomcat) -> Vec<Answer> {
    (0..5).map(|i| tomcat.get(&format!("/create?user=u{i}"), None)).collect()
}

fn served(tomcat: &Tomcat, users: &[Answer]) -> usize {
    users.iter().filter(|user| tomcat.get("/read", Some(user.id())).status == 200).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_survive_an_outage_only_with_maintenance() {
    let Some(home) = tomcat::home("tomcat10") else { return };
    let Some(mut database) = Private::new() else { return };
    let url = database.url("tomcat");
    let password = database.dir.path().join("tomcat.pw");
    fs::write(&password, "tomcat-pw\n").unwrap();
    run_successfully(
        program(&url).args(["init-db", "--apply", "--user", "tomcat", "--user-password-file"]).arg(&password),
    );
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
    // A second `begin` has the same effect, and keeps the original values.
    assert_eq!(maintenance("begin").0, 0);
    let (code, _, stderr) = run(&url, &[&tomcat], &["tomcat", "flush", "--state-file", &file]);
    assert!(code == 1 && stderr.contains("`tomcat maintenance begin` is in effect"), "{stderr}");
    database.stop();
    thread::sleep(Duration::from_secs(5));
    assert_eq!(served(&tomcat, &with), 5, "in memory, while the database is away");
    // The database must be available before Tomcat writes again.
    let (code, _, stderr) = maintenance("end");
    assert_eq!(code, 10, "{stderr}");
    database.start();
    let (code, ended, stderr) = maintenance("end");
    assert_eq!(code, 0, "{stderr} {ended}");
    let restored = |attribute: &str| {
        let of = ended["settings"].as_array().unwrap().iter().find(|change| change["attribute"] == attribute).unwrap();
        (of["to"].as_i64().unwrap(), of["outcome"].as_str().unwrap())
    };
    assert_eq!((restored("maxIdleSwap"), restored("minIdleSwap")), ((2, "restored"), (0, "restored")));
    // Now they leave the memory, and are loaded from the table.
    let empty = || run(&url, &[&tomcat], &["tomcat", "status"]).1["nodes"][0]["contexts"][0]["active_sessions"] == 0;
    assert!(crate::eventually(empty));
    assert_eq!(served(&tomcat, &with), 5, "after the maintenance");

    // Without it, they are lost.
    let without = users(&tomcat);
    database.stop();
    thread::sleep(Duration::from_secs(6));
    database.start();
    thread::sleep(Duration::from_secs(1));
    assert!(served(&tomcat, &without) < 5, "nothing was lost without maintenance: is it still needed?");

    // A Tomcat that dies during the maintenance has its own settings after the restart; they are restored or kept.
    users(&tomcat);
    assert_eq!(maintenance("begin").0, 0);
    tomcat.kill();
    let (code, _, stderr) = maintenance("end");
    assert!(code == 10 && fs::exists(&file).unwrap(), "{stderr}");
    tomcat.start_again();
    let (code, ended, stderr) = maintenance("end");
    assert!(code == 0 && !fs::exists(&file).unwrap(), "{stderr} {ended}");
    let mut documented = begun.clone();
    documented["not_saved"] = serde_json::json!([{"app_name": "", "session_id": ""}]);
    same("tomcat maintenance", &documented);
    tomcat.kill();
}
