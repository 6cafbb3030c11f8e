//! `swap-out` while users continue to work with a Tomcat, and `swap-in` for one who returns.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::account::Account;
use crate::support::{Kind, Scratch};
use crate::tomcat::{self, Answer, Tomcat};

const USERS: usize = 200;
const WORKERS: usize = 4;

#[tokio::test(flavor = "multi_thread")]
async fn on_tomcat10() {
    swapped("tomcat10", Kind::Mariadb).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_tomcat9() {
    swapped("tomcat9", Kind::Mysql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_tomcat11() {
    swapped("tomcat11", Kind::Mariadb).await;
}

async fn swapped(version: &str, kind: Kind) {
    let Some(home) = tomcat::home(version) else { return };
    let Some(db) = Scratch::reserve(kind) else { return };
    let account = Account::provision_with(&db, &["--with-swap-table"]);
    let tomcat = Tomcat::start(&home, &account);
    let created = Instant::now();
    let create = |n: usize| {
        // One of the idle sessions expires while it is swapped out.
        let timeout = if n == USERS / 2 + 1 { "&inactive=20" } else { "" };
        tomcat.get(&format!("/create?user=user{n}{timeout}"), None)
    };
    let users: Vec<Answer> = (0..USERS).map(create).collect();
    let (busy, idle) = users.split_at(USERS / 2);

    let (over, requests) = (AtomicBool::new(false), AtomicUsize::new(0));
    let moved = thread::scope(|scope| {
        for users in busy.chunks(busy.len().div_ceil(WORKERS)) {
            let (tomcat, over, requests) = (&tomcat, &over, &requests);
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    for user in users {
                        let answer = tomcat.get("/set?seen=yes", Some(user.id()));
                        assert_eq!(answer.status, 200, "a busy user has lost the session: {}", answer.body);
                        requests.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        // A session without requests for this time is idle; active users send requests much more often.
        thread::sleep(Duration::from_secs(9));
        let mut moved = 0;
        for _ in 0..3 {
            let args = ["swap-out", "--max-idle", "8s", "--force", "--batch", "20", "--sleep", "5ms"];
            moved += account.json(&args)["moved"]["sessions"].as_u64().unwrap();
        }
        over.store(true, Ordering::Relaxed);
        moved
    });
    let requests = requests.load(Ordering::Relaxed);
    eprintln!("{version}: {moved} of {USERS} sessions moved beside {requests} requests");
    assert_eq!(moved, idle.len() as u64);
    assert!(requests > busy.len() * 2, "only {requests} requests");
    let ids = |args: &[&str]| -> Vec<String> {
        let listed = account.json(args);
        listed.as_array().unwrap().iter().map(|row| row["session_id"].as_str().unwrap().to_owned()).collect()
    };
    let sorted = |users: &[Answer]| {
        let mut ids: Vec<String> = users.iter().map(|user| user.id().to_owned()).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&["list"]), sorted(busy));
    assert_eq!(ids(&["list", "--swapped"]), sorted(idle));
    for user in busy {
        let answer = tomcat.get("/read", Some(user.id()));
        assert_eq!(answer.attributes().len(), user.attributes().len() + 1, "{}", answer.body);
    }

    // One user returns: not found before, complete after.
    let (one, other) = (&idle[0], &idle[1]);
    assert_eq!(tomcat.get("/read", Some(one.id())).status, 404);
    assert_eq!(account.json(&["swap-in", &one.id()[..12]])["moved"]["sessions"], 1);
    assert_eq!(tomcat.get("/read", Some(one.id())).attributes(), crate::restored(one));
    // And one whose session has expired meanwhile, with --touch: Tomcat uses the times in the data.
    thread::sleep(Duration::from_secs(25).saturating_sub(created.elapsed()));
    assert_eq!(ids(&["list", "--swapped", "--state", "expired"]), [other.id()]);
    assert_eq!(account.json(&["swap-in", &other.id()[..12], "--touch"])["moved"]["sessions"], 1);
    assert_eq!(tomcat.get("/read", Some(other.id())).attributes(), crate::restored(other));
    assert_eq!(ids(&["list", "--swapped"]).len(), idle.len() - 2);

    tomcat.stop();
    account.drop(&db).await;
    db.drop().await;
}
