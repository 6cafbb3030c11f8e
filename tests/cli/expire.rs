//! `expire`.

use tomcat_sessions::session::Session;

use crate::run::{Done, Run};
use crate::store::{holding, on};
use crate::support::{Scratch, session};

const DEMO: &str = "/Catalina/localhost/demo";

/// Three sessions that are expired by any clock, one that is live by any clock, and one that never expires.
fn rows() -> Vec<Session> {
    vec![
        session(DEMO, "E1", 1800, 1_000_000),
        session(DEMO, "E2.jvm2", 1800, 1_000_000),
        session("/Catalina/localhost/shop", "E3", 1800, 1_000_000),
        session(DEMO, "LIVE", 1800, 4_000_000_000_000),
        session(DEMO, "NEVER", -1, 1_000_000),
    ]
}

/// Runs with this machine's clock, which SQLite also uses.
fn expire(db: &Scratch, args: &str) -> Run {
    on(db, "expire").real_clock().args(args)
}

/// The output without the times.
fn timeless(done: &Done) -> String {
    let mut text = String::new();
    for line in done.to_string().lines() {
        let line = match line.rsplit_once(" of data, in ") {
            Some((before, _)) => format!("{before} of data, in TIME."),
            None => line.to_owned(),
        };
        let timed = ["took_ms", "cutoff", "cutoff_rfc3339"]
            .iter()
            .find(|name| line.trim_start().starts_with(&format!("\"{name}\":")));
        text.push_str(&timed.map_or(line.clone(), |name| format!("  \"{name}\": TIME,")));
        text.push('\n');
    }
    text
}

async fn left(db: &Scratch) -> usize {
    on(db, "list --format ndjson --quiet").run().code(0).stdout.lines().count()
}

#[tokio::test]
async fn a_dry_run_prints_the_same_report() {
    let db = holding(&rows()).await;
    insta::assert_snapshot!(timeless(&expire(&db, "--dry-run").run()), @"
    exit 0
    --- stdout
    APPLICATION               SESSIONS   DATA
    /Catalina/localhost/demo         2  217 B
    /Catalina/localhost/shop         1  106 B

    Would delete 3 expired sessions of 2 applications, 323 B of data.
    ");
    assert_eq!(left(&db).await, 5);
    insta::assert_snapshot!(timeless(&expire(&db, "").run()), @"
    exit 0
    --- stdout
    APPLICATION               SESSIONS   DATA
    /Catalina/localhost/demo         2  217 B
    /Catalina/localhost/shop         1  106 B

    Deleted 3 expired sessions of 2 applications, 323 B of data, in TIME.
    ");
    assert_eq!(left(&db).await, 2);
    insta::assert_snapshot!(timeless(&expire(&db, "--quiet").run()), @"
    exit 0
    ");
}

#[tokio::test]
async fn the_summary_as_one_json_object() {
    let db = holding(&rows()).await;
    insta::assert_snapshot!(timeless(&expire(&db, "--app demo --format json").run()), @r#"
    exit 0
    --- stdout
    {
      "command": "expire",
      "dry_run": false,
      "table": "tomcat_sessions",
      "node": null,
      "role": null,
      "lag_ms": null,
      "cutoff": TIME,
      "cutoff_rfc3339": TIME,
      "access_path": "scan",
      "deleted": {
        "sessions": 2,
        "bytes": 217
      },
      "applications": [
        {
          "app_name": "/Catalina/localhost/demo",
          "sessions": 2,
          "bytes": 217
        }
      ],
      "candidates": 2,
      "skipped": 0,
      "filtered": 0,
      "changed": 0,
      "already_deleted": 0,
      "locked": 0,
      "in_grace": 0,
      "unconfirmed": 0,
      "batches": 1,
      "retries": 0,
      "throttled_ms": 0,
      "throttled_by": null,
      "paused_ms": 0,
      "ended": "done",
      "error": null,
      "backup": null,
      "archived": 0,
      "took_ms": TIME,
    }
    "#);
    let run = expire(&db, "--format ndjson").run().code(0);
    assert_eq!(run.stdout.lines().count(), 1);
}

#[tokio::test]
async fn limits_end_the_run_with_exit_code_3() {
    let db = holding(&rows()).await;
    insta::assert_snapshot!(timeless(&expire(&db, "--max-rows 1 --app demo").run()), @"
    exit 3
    --- stdout
    Deleted 1 expired session of /Catalina/localhost/demo, 106 B of data, in TIME.
    Stopped early: --max-rows was reached.
    ");
    assert_eq!(left(&db).await, 4);
    expire(&db, "--max-time 0").run().code(3);
    assert_eq!(left(&db).await, 4);
}

#[tokio::test]
async fn max_fraction_refuses_a_large_purge() {
    let db = holding(&rows()).await;
    insta::assert_snapshot!(expire(&db, "--max-fraction 50%").run(), @"
    exit 1
    --- stderr
    error: 3 of 5 sessions are expired, which is 60.0 % of the table and more than --max-fraction allows
    hint: check `tomcat-sessions stats` and the clocks; a wrong clock or a quiet weekend can expire many sessions at once
    hint: to purge anyway, increase --max-fraction
    ");
    assert_eq!(left(&db).await, 5);
    // The only session of the shop would be deleted, which is a fifth of the table.
    expire(&db, "--max-fraction 10% --app shop").run().code(1);
    expire(&db, "--max-fraction 20% --app shop --dry-run").run().code(0);
    expire(&db, "--max-fraction 0.6").run().code(0);
    assert_eq!(left(&db).await, 2);
}

#[tokio::test]
async fn filters_select_among_expired_sessions() {
    let db = holding(&rows()).await;
    expire(&db, "--route jvm2").run().code(0);
    assert_eq!(left(&db).await, 4);
    expire(&db, "--state live").run().code(0);
    assert_eq!(left(&db).await, 4);
    expire(&db, "--app shop").run().code(0);
    assert_eq!(left(&db).await, 3);
}

/// For every expired session that is kept, the reason is counted.
#[tokio::test]
async fn skipped_sessions_are_counted_by_reason() {
    let db = holding(&rows()).await;
    for dry in ["--dry-run", ""] {
        let run = expire(&db, dry).args("--idle-under 1s --format json").run().code(0);
        let summary: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(
            [
                &summary["candidates"],
                &summary["skipped"],
                &summary["filtered"],
                &summary["changed"],
                &summary["locked"]
            ],
            [3u64, 3, 3, 0, 0],
            "{run}"
        );
        // A dry run deletes nothing, and its JSON has no such field.
        assert_eq!(
            (summary.get("deleted").is_none(), summary.get("would_delete").is_none()),
            (!dry.is_empty(), dry.is_empty())
        );
        let text = expire(&db, dry).args("--idle-under 1s").run().code(0);
        assert!(text.stdout.contains("Skipped 3 sessions: excluded by the filters."), "{text}");
    }
    let run = expire(&db, "--grace 36500d --format json").run().code(0);
    let summary: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!([&summary["candidates"], &summary["skipped"], &summary["in_grace"]], [0u64, 0, 3], "{run}");
    assert_eq!(left(&db).await, 5);
}

/// A typo in a cron job would be a purge that never runs.
#[tokio::test]
async fn unknown_applications_are_reported_and_lists_are_accepted() {
    let db = holding(&rows()).await;
    let run = expire(&db, "--app crm --quiet").run().code(0);
    assert!(
        run.stderr.contains("warning: There is no session of application `crm`. The table has sessions of demo, shop."),
        "{run}"
    );
    let run = expire(&db, "--app demmo,shop --dry-run").run().code(0);
    assert!(run.stderr.contains("There is no session of application `demmo`; did you mean --app demo?"), "{run}");
    assert!(run.stdout.contains("Would delete 1 expired session of /Catalina/localhost/shop"), "{run}");
    let run = expire(&db, "--app demo,shop").run().code(0);
    assert!(run.stdout.contains("Deleted 3 expired sessions of 2 applications"), "{run}");
}

#[tokio::test]
async fn max_lag_without_replicas_is_refused() {
    let db = holding(&rows()).await;
    let done = expire(&db, "--max-lag 1s").run().code(1);
    assert!(done.stderr.contains("give the URL of a replica with --lag-url"), "{done}");
    assert!(done.stderr.contains("correct the cause, then run the command again"), "{done}");
    assert!(done.stdout.contains("Stopped early: an error occurred."), "{done}");
    assert_eq!(left(&db).await, 5);
}

#[tokio::test]
async fn a_wrong_clock_is_refused() {
    let db = holding(&rows()).await;
    let ahead = |args: &str| on(&db, "expire").env("TOMCAT_SESSIONS_CLOCK", "4102444800000").args(args).run();
    let run = ahead("").code(1);
    assert!(run.stderr.contains("this machine's clock and the server's differ by"), "{run}");
    assert!(run.stderr.contains("--allow-clock-skew"), "{run}");
    assert_eq!(left(&db).await, 5);
    // The earlier clock decides: sessions that are expired only by the later one are kept.
    let run = ahead("--allow-clock-skew").code(0);
    assert!(run.stderr.contains("the earlier one is used"), "{run}");
    assert_eq!(left(&db).await, 2);
}

#[tokio::test]
async fn sessions_within_the_grace_are_left_to_tomcat() {
    let db = holding(&rows()).await;
    let run = expire(&db, "--grace 36500d").run().code(0);
    assert!(
        run.stdout.contains("Skipped 3 sessions: expired within the last 36500d, left to Tomcat (--grace)."),
        "{run}"
    );
    assert_eq!(left(&db).await, 5);
    let run = expire(&db, "--grace 200000000000d").run().code(2);
    assert!(run.stderr.contains("100 years"), "{run}");
    expire(&db, "--max-time 18446744073709551615s").run().code(2);
}

#[tokio::test]
async fn a_second_run_ends_with_12() {
    let db = holding(&rows()).await;
    let mut first = db.open().await;
    first.lock(std::time::Duration::ZERO).await.unwrap();
    insta::assert_snapshot!(expire(&db, "").run(), @"
    exit 12
    --- stderr
    error: another run holds the lock of table `tomcat_sessions`
    hint: wait with --wait-lock 60s
    hint: run the command again when the other run has ended; it then releases the lock
    ");
    expire(&db, "--wait-lock 1s").run().code(12);
    assert_eq!(left(&db).await, 5);
    first.close().await;
    expire(&db, "--wait-lock 5s").run().code(0);
}

/// The clocks are compared after the lock is acquired, not with the time before the wait.
#[tokio::test]
async fn waiting_for_the_lock_is_not_a_clock_difference() {
    let db = holding(&rows()).await;
    let mut first = db.open().await;
    first.lock(std::time::Duration::ZERO).await.unwrap();
    let second = tokio::task::spawn_blocking({
        let run = expire(&db, "--wait-lock 60s");
        move || run.run().code(0)
    });
    // Longer than the difference for a warning.
    tokio::time::sleep(std::time::Duration::from_secs(7)).await;
    first.close().await;
    let run = second.await.unwrap();
    assert!(run.stdout.contains("Deleted 3 expired sessions") && run.stderr.is_empty(), "{run}");
}

#[tokio::test]
async fn a_signal_ends_the_run_with_a_summary() {
    let rows: Vec<_> = (0..400).map(|i| session(DEMO, &format!("E{i:04}"), 1800, 1)).collect();
    for (signal, code, word) in [("-INT", 130, "interrupted"), ("-TERM", 143, "terminated")] {
        let db = holding(&rows).await;
        let child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"))
            .env_clear()
            .args(["expire", "--batch", "1", "--sleep", "20ms", "--format", "json", "--url", &db.url])
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(1_500));
        let kill = std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code));
        let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(summary["ended"], word);
        let deleted = summary["deleted"]["sessions"].as_u64().unwrap();
        assert!(deleted > 0, "{summary}");
        assert_eq!(left(&db).await as u64, 400 - deleted);
    }
}
