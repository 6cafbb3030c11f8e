//! `swap-in`.

use tomcat_sessions::javaser::{Limits, decode};
use tomcat_sessions::session::{OnConflict, Session, SessionKey};

use crate::store::{holding, on};
use crate::support::{NOW, Scratch, session};
use crate::swap_out::{DEMO, ids, swap, timeless};

const DAY: i64 = 86_400_000;

/// A store from which three sessions were swapped out: one is live, two have expired since, one of which Tomcat wrote.
async fn swapped_out() -> Scratch {
    let mut rows = vec![
        session(DEMO, "A0", -1, NOW.0 - DAY),
        session(DEMO, "B0", 3_600, NOW.0 - DAY),
        session(DEMO, "B1", 3_600, NOW.0 - DAY),
    ];
    rows[1].data = Some(include_bytes!("../decode/fixtures/session-login.ser")[..].into());
    rows[1].meta.size = rows[1].data.as_ref().map(|data| data.len() as u64);
    let db = holding(&rows).await;
    swap(&db, "swap-out --max-idle 1h --include-expired --create").run().code(0);
    assert_eq!(ids(&db), (vec![], vec!["A0".to_owned(), "B0".to_owned(), "B1".to_owned()]));
    db
}

#[tokio::test]
async fn a_session_is_swapped_in() {
    let db = swapped_out().await;
    insta::assert_snapshot!(timeless(&swap(&db, "swap-in A --dry-run").run()), @"
    exit 0
    --- stdout
    Would move 1 session of /Catalina/localhost/demo from `tomcat_sessions_swapped` to `tomcat_sessions`, 106 B of data.
    ");
    insta::assert_snapshot!(timeless(&swap(&db, "swap-in A").run()), @"
    exit 0
    --- stdout
    Moved 1 session of /Catalina/localhost/demo from `tomcat_sessions_swapped` to `tomcat_sessions`, 106 B of data, in TIME.
    ");
    assert_eq!(ids(&db).0, ["A0"]);
    let run = swap(&db, "swap-in A").run().code(1);
    assert!(
        run.stderr.contains("error: the table `tomcat_sessions_swapped` has no session whose id starts with `A`\n")
            && run.stderr.contains("`tomcat-sessions list --swapped` those in the swap table"),
        "{run}"
    );
    swap(&db, "swap-in B").run().code(2);
    swap(&db, "swap-in").run().code(2);
}

#[tokio::test]
async fn expired_sessions_are_not_moved_and_are_listed() {
    let db = swapped_out().await;
    insta::assert_snapshot!(timeless(&swap(&db, "swap-in --all").run()), @"
    exit 3
    --- stdout
    Moved 1 session of /Catalina/localhost/demo from `tomcat_sessions_swapped` to `tomcat_sessions`, 106 B of data, in TIME.
    Kept 2 sessions: expired (--touch moves them too).
      B0 of /Catalina/localhost/demo: it has expired
      B1 of /Catalina/localhost/demo: it has expired
    Tomcat would delete an expired session at the first request. --touch sets its last access to now.
    ");
    assert_eq!(ids(&db), (vec!["A0".to_owned()], vec!["B0".to_owned(), "B1".to_owned()]));
}

#[tokio::test]
async fn touch_makes_sessions_live_again() {
    let db = swapped_out().await;
    // The data of B1 are not a session.
    insta::assert_snapshot!(timeless(&swap(&db, "swap-in --id B --touch --format json").run()), @r#"
    exit 3
    --- stdout
    {
      "command": "swap-in",
      "dry_run": false,
      "node": null,
      "role": null,
      "lag_ms": null,
      "from": "tomcat_sessions_swapped",
      "to": "tomcat_sessions",
      "moved": {
        "sessions": 1,
        "bytes": 1293
      },
      "applications": [
        {
          "app_name": "/Catalina/localhost/demo",
          "sessions": 1,
          "bytes": 1293
        }
      ],
      "candidates": 2,
      "skipped": 0,
      "in_memory": 0,
      "newer_in_target": 0,
      "expired": 0,
      "in_doubt": 0,
      "reconciled": 0,
      "not_moved": [
        {
          "session_id": "B1",
          "app_name": "/Catalina/localhost/demo",
          "reason": "its times cannot be set: not a session: creationTime (a Long) was expected at offset 4"
        }
      ],
      "unconfirmed": 0,
      "batches": 1,
      "retries": 0,
      "throttled_ms": 0,
      "throttled_by": null,
      "paused_ms": 0,
      "ended": "done",
      "error": null,
      "took_ms": TIME
    }
    "#);
    let mut store = db.open().await;
    let Session { meta, data } = store.get(&SessionKey::new(DEMO.to_owned(), "B0")).await.unwrap().unwrap();
    assert_eq!(meta.last_access, Some(NOW));
    let session = decode(data.as_ref().unwrap(), Limits::default()).unwrap().session;
    assert_eq!((session.last_accessed_time, session.this_accessed_time), (NOW.0, NOW.0));
    let listed = on(&db, "list --state live --format ndjson -q").run().code(0);
    assert_eq!(listed.stdout.lines().count(), 1);
    assert_eq!(ids(&db).1, ["A0", "B1"]);
}

#[tokio::test]
async fn a_newer_state_is_not_overwritten() {
    let db = swapped_out().await;
    let newer = session(DEMO, "A0", -1, NOW.0);
    db.open().await.insert(std::slice::from_ref(&newer), OnConflict::Fail).await.unwrap();
    let run = swap(&db, "swap-in A0").run().code(3);
    assert!(run.stdout.contains("A0 of /Catalina/localhost/demo: the target has a newer state"), "{run}");
    assert_eq!(db.open().await.get(&newer.meta.key).await.unwrap(), Some(newer));
    assert_eq!(ids(&db).1.len(), 3);
}

#[tokio::test]
async fn filters_on_the_data() {
    let db = swapped_out().await;
    swap(&db, "swap-in --user alice --touch").run().code(0);
    assert_eq!(ids(&db).0, ["B0"]);
    swap(&db, "swap-in A0 --user alice").run().code(2);
}

/// A killed run left a journal: it is not known whether the user has logged out since.
#[tokio::test]
async fn sessions_in_doubt_are_swapped_in_by_id() {
    let (db, other_store) = (holding(&[]).await, holding(&[]).await);
    let mut entry = session("/tomcat-sessions/swap-journal", "tomcat-sessions-0123456789abcdef", -1, 0);
    let text = format!(
        r#"{{"about":"","version":1,"way":"out","source":"elsewhere","app_name":"{DEMO}","session_ids":["A0"]}}"#
    );
    entry.data = Some(text.into_bytes().into());
    let rows = [session(DEMO, "A0", -1, NOW.0 - DAY), session(DEMO, "B0", -1, NOW.0 - DAY), entry];
    other_store.open().await.insert(&rows, OnConflict::Fail).await.unwrap();
    let back = |args: &str| swap(&db, &format!("swap-in {args} --from={}", other_store.url)).run();
    let run = back("--all").code(3);
    assert!(run.stdout.contains("Moved 1 session of"), "{run}");
    assert!(run.stdout.contains("Kept 1 session: an earlier run was interrupted"), "{run}");
    assert!(run.stdout.contains("A0 of /Catalina/localhost/demo: an interrupted run copied it"), "{run}");
    assert_eq!(ids(&db).0, ["B0"]);
    back("A0").code(0);
    assert_eq!(ids(&db).0, ["A0", "B0"]);
}
