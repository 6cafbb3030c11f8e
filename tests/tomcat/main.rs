//! End-to-end tests with a real Tomcat: this program creates its database, and both work on the same table at the same
//! time.
//!
//! One sequence for each Tomcat and database server. Its parts depend on each other, because starting a Tomcat takes
//! most of the time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and prints its skips"
)]

#[path = "../support/mod.rs"]
mod support;

mod account;
mod all_engines;
mod background_runs;
mod config;
mod decoded;
mod drain;
mod drivers;
mod guides;
mod jmx_commands;
mod lint_attributes;
mod lint_findings;
mod logout;
mod new_sessions;
mod outage;
mod redeploy;
mod stores_in_use;
mod swap;
mod tomcat;
mod upgrade;

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use support::{Kind, Scratch, session};
use tomcat_sessions::session::OnConflict;

use account::Account;
use tomcat::{Answer, Tomcat};

const APP: &str = "/Catalina/localhost/demo";

#[tokio::test(flavor = "multi_thread")]
async fn tomcat10_on_mariadb() {
    story("tomcat10", Kind::Mariadb).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tomcat10_on_mysql() {
    story("tomcat10", Kind::Mysql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tomcat9_on_mariadb() {
    story("tomcat9", Kind::Mariadb).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tomcat11_on_mysql() {
    story("tomcat11", Kind::Mysql).await;
}

async fn story(version: &str, kind: Kind) {
    let Some(home) = tomcat::home(version) else { return };
    let Some(db) = Scratch::reserve(kind) else { return };
    let account = Account::provision(&db);
    let mut tomcat = Tomcat::start(&home, &account);

    let alice = tomcat.get("/create?user=alice&bytes=70000", None);
    let bob = tomcat.get("/create?user=bob", None);
    sessions_are_listed(&account, &[&alice, &bob]);
    // Tomcat 9.0.70 does not save the notes of a login by default.
    let form = if version == "tomcat9" { "login" } else { "login-and-notes" };
    decoded::is_what_tomcat_shows(&account, form, &[&alice, &bob]);
    tomcat_expires_by_its_own_query(&tomcat, &account);

    the_filter_of_audit_lets_through_what_is_there(&mut tomcat, &account, &alice);
    tomcat.restart();
    for (name, before) in [("alice", &alice), ("bob", &bob)] {
        let after = tomcat.get("/read", Some(before.id()));
        assert_eq!(after.status, 200, "{name}: {}", after.body);
        assert_eq!(after.attributes(), restored(before), "{name} after the restart");
    }

    expire_spares_the_living(&tomcat, &account, &db, &[&alice, &bob]).await;
    delete_logs_out(&tomcat, &account, &alice, &bob);

    tomcat.stop();
    account.drop(&db).await;
    db.drop().await;
}

/// The attributes after they have been stored in the database: unchanged, except that the basket knows that it was
/// deserialized.
fn restored(created: &Answer) -> Vec<String> {
    let attributes = created.attributes();
    assert_eq!(attributes.len(), 15, "{}", created.body);
    assert!(attributes[0].starts_with("basket\t") && attributes[0].ends_with(" new"), "{}", attributes[0]);
    attributes.iter().map(|line| line.replace(" new", " restored")).collect()
}

/// With the filter that `audit` prints, nothing is lost when Tomcat saves or loads; with one that lacks the
/// application's own class, that class is lost.
fn the_filter_of_audit_lets_through_what_is_there(tomcat: &mut Tomcat, account: &Account, alice: &Answer) {
    let audit = account.json(&["audit"]);
    assert_eq!(audit["findings"], serde_json::json!([]));
    let filter = audit["class_name_filter"].as_str().unwrap();
    let under = |tomcat: &mut Tomcat, filter: &str| {
        tomcat.restart_with(&format!("sessionAttributeValueClassNameFilter='{filter}'"));
        // Twice: the valve saves after each request, and loads before it.
        tomcat.get("/read", Some(alice.id()));
        tomcat.get("/read", Some(alice.id()))
    };
    assert_eq!(under(tomcat, filter).attributes(), restored(alice), "under {filter}");
    let without = filter.replace(r"sessionmaker\.Basket", "no");
    assert_ne!(without, filter);
    let brief = tomcat.get("/create?user=dora", None);
    let before = brief.attributes().len();
    tomcat.restart_with(&format!("sessionAttributeValueClassNameFilter='{without}'"));
    let after = tomcat.get("/read", Some(brief.id()));
    assert!(after.status == 404 || after.attributes().len() < before, "{}", after.body);
    tomcat.get("/invalidate", Some(brief.id()));
}

/// `list` and `show` report what Tomcat wrote, with Tomcat's own privileges.
fn sessions_are_listed(account: &Account, expected: &[&Answer]) {
    let listed = account.json(&["list"]);
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.len(), expected.len(), "{listed:?}");
    for answer in expected {
        let row = listed.iter().find(|row| row["session_id"] == answer.id()).unwrap();
        let shown = account.json(&["show", &answer.id()[..12]]);
        for row in [row, &shown] {
            assert_eq!(row["app_name"], APP);
            assert_eq!(row["state"], "live");
            assert_eq!(row["valid_session"], "1");
            assert_eq!(row["max_inactive"], 1800);
            let idle = row["idle_ms"].as_u64().unwrap();
            assert!(idle < 60_000, "idle for {idle} ms");
        }
        assert_eq!(shown["java_stream"], true);
        assert_eq!(shown["size_bytes"], row["size_bytes"]);
    }
    let sizes: Vec<u64> = listed.iter().map(|row| row["size_bytes"].as_u64().unwrap()).collect();
    assert!(sizes.iter().any(|n| *n > 70_000), "{sizes:?}");
}

/// An expired row is removed by Tomcat, and its listener is notified.
fn tomcat_expires_by_its_own_query(tomcat: &Tomcat, account: &Account) {
    assert_eq!(tomcat.events(), (2, 0));
    let brief = tomcat.get("/create?user=carol&inactive=1", None);
    let gone = eventually(|| account.json(&["list", "--id", brief.id()]).as_array().unwrap().is_empty());
    assert!(gone, "the row is still there: {}", tomcat.log());
    assert!(eventually(|| tomcat.events() == (3, 1)), "{:?}", tomcat.events());
    assert_eq!(account.json(&["list"]).as_array().unwrap().len(), 2);
}

/// `expire` during requests: it deletes sessions of an application that no Tomcat serves, and none of those in use.
async fn expire_spares_the_living(tomcat: &Tomcat, account: &Account, db: &Scratch, living: &[&Answer]) {
    let left = |n: u64, max_inactive| session("/Catalina/localhost/gone", &format!("{n:032X}"), max_inactive, 1_000);
    let mut store = db.open().await;
    store
        .insert(&(0..200).map(|n| left(n, 60)).chain([left(200, -1)]).collect::<Vec<_>>(), OnConflict::Fail)
        .await
        .unwrap();
    store.close().await;

    let done = AtomicBool::new(false);
    let deleted = thread::scope(|scope| {
        let users: Vec<_> = living
            .iter()
            .map(|user| {
                scope.spawn(|| {
                    let mut requests = 0;
                    while !done.load(Ordering::Relaxed) {
                        let answer = tomcat.get("/set?seen=yes", Some(user.id()));
                        assert_eq!(answer.status, 200, "after {requests} requests: {}", answer.body);
                        requests += 1;
                    }
                    requests
                })
            })
            .collect();
        let mut deleted = 0;
        for _ in 0..5 {
            let summary = account.json(&["expire", "--grace", "0", "--batch", "20", "--sleep", "5ms"]);
            assert_eq!(summary["ended"], "done");
            deleted += summary["deleted"]["sessions"].as_u64().unwrap();
        }
        done.store(true, Ordering::Relaxed);
        let requests: Vec<u32> = users.into_iter().map(|user| user.join().unwrap()).collect();
        assert!(requests.iter().all(|n| *n > 0), "{requests:?}");
        deleted
    });
    assert_eq!(deleted, 200);
    for user in living {
        let answer = tomcat.get("/read", Some(user.id()));
        assert_eq!(answer.attributes().len(), user.attributes().len() + 1, "{}", answer.body);
    }
    let never = account.json(&["list", "--app", "gone"]);
    assert_eq!(never.as_array().unwrap().len(), 1, "{never}");
    assert_eq!(never[0]["state"], "never");
}

/// With PersistentValve, the row is the session: without it, the user is not logged in.
fn delete_logs_out(tomcat: &Tomcat, account: &Account, out: &Answer, stays: &Answer) {
    let summary = account.json(&["delete", &out.id()[..12]]);
    assert_eq!(summary["deleted"]["sessions"], 1, "{summary}");
    assert_eq!(tomcat.get("/read", Some(out.id())).status, 404);
    assert_eq!(tomcat.get("/read", Some(stays.id())).status, 200);
}

/// Waits until `holds` returns true, for at most 20 s.
fn eventually(mut holds: impl FnMut() -> bool) -> bool {
    for _ in 0..100 {
        if holds() {
            return true;
        }
        thread::sleep(Duration::from_millis(200));
    }
    false
}
