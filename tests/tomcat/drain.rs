//! `tomcat drain`: a Tomcat that is killed afterwards has lost no session.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::jmx_commands::{Lab, run};
use crate::support::documented::same;
use crate::tomcat::Answer;

/// From 10.1.60 on, only sessions that were created while maxIdleSwap was set can be swapped out.
const SWAPPING: &str = "maxIdleBackup=\"-1\" maxIdleSwap=\"86400\" minIdleSwap=\"-1\" processExpiresFrequency=\"6\" saveOnRestart=\"true\"";

async fn drained(version: &str) {
    let Some(lab) = Lab::new(version) else { return };
    let (first, second) = (lab.tomcat(SWAPPING), lab.tomcat(SWAPPING));
    let state = tempfile::tempdir().unwrap();
    let drain = |more: &[&str]| {
        let node = format!("127.0.0.1:{}", first.port);
        let file = state.path().join("state.json");
        let words =
            [&["tomcat", "drain", &node, "--idle", "1s", "--state-file", file.to_str().unwrap()], more].concat();
        let done = run(&lab.db.url, &[&first, &second], &words);
        assert!(!file.exists(), "values are still to be put back");
        done
    };
    let users: Vec<Answer> = (0..30).map(|n| first.get(&format!("/create?user=u{n}&bytes=100"), None)).collect();
    let elsewhere = second.get("/create?user=elsewhere", None);

    let (code, planned, stderr) = drain(&["--dry-run"]);
    assert_eq!((code, planned["remaining"].as_array().unwrap().len()), (0, 30), "{stderr}");

    // The load balancer still sends requests: the user's session is listed.
    let over = AtomicBool::new(false);
    let (code, done, stderr) = thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                assert_eq!(first.get("/read", Some(users[0].id())).status, 200);
                thread::sleep(Duration::from_millis(50));
            }
        });
        let done = drain(&["--wait", "4s"]);
        over.store(true, Ordering::Relaxed);
        done
    });
    assert_eq!(code, 3, "{stderr} {done}");
    assert_eq!(done["remaining"][0]["session_id"], users[0].id(), "{done}");
    assert_eq!(done["remaining"].as_array().unwrap().len(), 1, "{done}");

    // A session that had a request only at the beginning.
    let (code, done, stderr) = thread::scope(|scope| {
        let late = scope.spawn(|| {
            thread::sleep(Duration::from_millis(400));
            first.get("/create?user=late", None)
        });
        let done = drain(&[]);
        late.join().unwrap();
        done
    });
    assert_eq!((code, &done["remaining"], &done["not_saved"]), (0, &json!([]), &json!([])), "{stderr} {done}");
    eprintln!("drain of {version}: {done}");
    same("tomcat drain", &{
        let mut all = done.clone();
        let key = json!([{"app_name": "", "session_id": ""}]);
        for name in ["new", "remaining", "not_saved"] {
            all[name] = key.clone();
        }
        all["without_store"] = json!([{"app_name": "", "sessions": 1}]);
        all
    });
    assert_eq!(done["applications"][0]["in_memory"], 0, "{done}");
    first.kill();
    for user in &users {
        let after = second.get("/read", Some(user.id()));
        assert_eq!(after.status, 200, "a session was lost: {}", after.body);
        let before: Vec<String> = user.attributes().iter().map(|line| line.replace(" new", " restored")).collect();
        let now: Vec<&str> = after.attributes();
        assert_eq!(now, before);
    }
    assert_eq!(second.get("/read", Some(elsewhere.id())).attributes(), elsewhere.attributes(), "it stayed in memory");
    let (code, _, stderr) = drain(&[]);
    assert_eq!(code, 10, "{stderr}");
    second.kill();
    lab.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn drain_of_tomcat10() {
    drained("tomcat10").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn drain_of_tomcat9() {
    drained("tomcat9").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn drain_of_tomcat11() {
    drained("tomcat11").await;
}
