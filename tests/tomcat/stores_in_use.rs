//! Stores that were in use before. The way back in docs/migrate.md logs nobody in again, and a table without a key
//! loses its duplicates with the statements of `check`; each time with real Tomcats.

use std::process::Command;

use serde_json::Value;

use crate::account::{Account, program, run_successfully};
use crate::support::guide::Script;
use crate::support::{Kind, Scratch};
use crate::tomcat::{self, Answer, Tomcat};

/// The attributes after they have been stored in a database.
fn restored(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.attributes().iter().map(|line| line.replace(" new", " restored")).collect()
}

/// `migrate` between the stores of two accounts.
fn migrate(from: &Account, to: &Account, more: &[&str]) -> (Value, String) {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"));
    command.env_clear().args(["migrate", "--format", "json", "--from", &from.plain_url(), "--to", &to.plain_url()]);
    command.arg("--from-password-file").arg(from.password_file());
    command.arg("--to-password-file").arg(to.password_file()).args(more);
    let output = run_successfully(&mut command);
    (serde_json::from_slice(&output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// The command for the way back in one of the steps of the guide.
fn emptied(old: &Account) -> Script {
    let guide = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/migrate.md")).unwrap();
    let (_, way_back) = guide.split_once("\n## The way back\n").unwrap();
    let command = way_back.split('`').nth(1).unwrap();
    assert!(command.starts_with("tomcat-sessions --url $OLD "), "{command}");
    let password = old.password_file();
    Script(format!("OLD='{}'\n{command}", old.plain_url())).with("old.pw", format!("'{}'", password.display()))
}

#[tokio::test(flavor = "multi_thread")]
async fn after_moving_back_logged_out_users_stay_logged_out() {
    let Some(home) = tomcat::home("tomcat10") else { return };
    let (Some(old_db), Some(new_db)) = (Scratch::reserve(Kind::Mysql), Scratch::reserve(Kind::Mariadb)) else { return };
    let (old, new) = (Account::provision(&old_db), Account::provision(&new_db));

    let tomcat = Tomcat::start(&home, &old);
    let [alice, bob, carol] = ["alice", "bob", "carol"].map(|user| tomcat.get(&format!("/create?user={user}"), None));
    tomcat.stop();
    let (moved, _) = migrate(&old, &new, &[]);
    assert_eq!((&moved["written"]["inserted"], &moved["live_only_in_target"]), (&3.into(), &0.into()), "{moved}");

    let tomcat = Tomcat::start(&home, &new);
    assert_eq!(tomcat.get("/invalidate", Some(alice.id())).status, 200);
    let bob_later = tomcat.get("/set?seen=yes", Some(bob.id()));
    let dora = tomcat.get("/create?user=dora", None);
    tomcat.stop();

    // The old store still has the session of alice; this is reported before anything is written.
    for more in [&["--dry-run"][..], &[]] {
        let (moved, stderr) = migrate(&new, &old, more);
        assert_eq!(moved["live_only_in_target"], 1, "{more:?}: {moved}");
        let warning = "warning: The target has 1 live session that the source does not have. They are kept";
        assert!(stderr.contains(warning) && stderr.contains("delete --app '*' --app NULL --all"), "{stderr}");
    }
    // The consequence of ignoring the warning: a migration to the remaining rows logs her in again.
    let tomcat = Tomcat::start(&home, &old);
    assert_eq!(tomcat.get("/read", Some(alice.id())).status, 200, "nothing to be warned of");
    tomcat.stop();

    let dir = tempfile::tempdir().unwrap();
    let deleted = emptied(&old).run(dir.path()).await;
    assert!(deleted.contains("Deleted 4 sessions of "), "{deleted}");
    let (moved, stderr) = migrate(&new, &old, &[]);
    assert_eq!((&moved["written"]["inserted"], &moved["live_only_in_target"]), (&3.into(), &0.into()), "{moved}");
    assert!(!stderr.contains("The target has 1 live"), "{stderr}");
    let tomcat = Tomcat::start(&home, &old);
    assert_eq!(tomcat.get("/read", Some(alice.id())).status, 404, "she is logged in again");
    for (user, before) in [("bob", &bob_later), ("carol", &carol), ("dora", &dora)] {
        assert_eq!(restored(&tomcat.get("/read", Some(before.id()))), restored(before), "{user}");
    }
    tomcat.stop();
    for (account, db) in [(old, old_db), (new, new_db)] {
        account.drop(&db).await;
        db.drop().await;
    }
}

/// Runs the statements of these findings, in the order in which `check` reports them.
async fn mend(db: &Scratch, rules: &[&str]) {
    let report: Value =
        serde_json::from_slice(&program(&db.url).args(["check", "--format", "json"]).output().unwrap().stdout).unwrap();
    let found: Vec<&Value> = report["findings"].as_array().unwrap().iter().collect();
    let mut done = Vec::new();
    for finding in found.into_iter().filter(|finding| rules.contains(&finding["rule"].as_str().unwrap())) {
        assert_eq!(finding["remedy"]["kind"], "sql", "{finding}");
        db.sql(finding["remedy"]["text"].as_str().unwrap()).await;
        done.push(finding["rule"].as_str().unwrap());
    }
    assert_eq!(done, rules, "{report}");
}

fn rules(db: &Scratch) -> Vec<String> {
    let output = program(&db.url).args(["check", "--format", "json"]).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    report["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

async fn without_a_key(version: &str, kind: Kind) {
    let Some(home) = tomcat::home(version) else { return };
    let Some(db) = Scratch::reserve(kind) else { return };
    let account = Account::provision(&db);
    let table = "(session_id VARCHAR(128), session_data MEDIUMBLOB, max_inactive INT, last_access BIGINT, \
        app_name VARCHAR(128), valid_session CHAR(2))";
    db.sql(&format!("DROP TABLE tomcat_sessions; CREATE TABLE tomcat_sessions {table}")).await;

    let mut tomcat = Tomcat::start(&home, &account);
    let [alice, bob] = ["alice", "bob"].map(|user| tomcat.get(&format!("/create?user={user}"), None));
    db.sql("CREATE TABLE older AS SELECT * FROM tomcat_sessions").await;
    let alice = tomcat.get("/set?seen=yes", Some(alice.id()));
    tomcat.stop();
    // The rows that two nodes leave that save simultaneously: each deleted before the other inserted.
    db.sql("INSERT INTO tomcat_sessions SELECT session_id, session_data, max_inactive, last_access - 5000, app_name, valid_session FROM older").await;
    db.sql("DROP TABLE older").await;
    let found = rules(&db);
    assert!(found.contains(&"rows.duplicates".to_owned()) && found.contains(&"schema.key".to_owned()), "{found:?}");
    let listed = account.json(&["list", "--limit", "0"]);
    assert_eq!(listed.as_array().unwrap().len(), 4, "{listed}");

    mend(&db, &["rows.duplicates", "schema.key"]).await;
    let found = rules(&db);
    assert!(!found.iter().any(|rule| rule == "rows.duplicates" || rule == "schema.key"), "{found:?}");
    assert_eq!(account.json(&["list", "--limit", "0"]).as_array().unwrap().len(), 2);
    for _ in 0..2 {
        // With the key: loaded unchanged, saved, and loaded again.
        tomcat.restart();
        for (user, before) in [("alice", &alice), ("bob", &bob)] {
            assert_eq!(restored(&tomcat.get("/read", Some(before.id()))), restored(before), "{user} on {version}");
        }
    }
    tomcat.stop();
    assert!(!tomcat.log().contains("SEVERE"), "{}", tomcat.log());
    account.drop(&db).await;
    db.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn duplicates_are_removed_and_the_key_is_added_on_tomcat_10() {
    without_a_key("tomcat10", Kind::Mariadb).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn duplicates_are_removed_and_the_key_is_added_on_tomcat_9() {
    without_a_key("tomcat9", Kind::Mysql).await;
}
