//! A standby of PostgreSQL: reading commands can use it, nothing is written to it, and of several hosts the suitable
//! one is used.

use std::time::{Duration, Instant};

use serde_json::Value;
use sqlx::Row;

use crate::support::private_postgres::PrivatePostgres;
use crate::support::program::{Done, run};

/// Waits until the standby has this number of rows.
async fn arrived(standby: &PrivatePostgres, rows: i64) {
    let mut client = standby.client("s").await;
    let begun = Instant::now();
    loop {
        let found = sqlx::query("SELECT COUNT(*) FROM tomcat_sessions").fetch_one(&mut client).await;
        if found.is_ok_and(|row| row.get::<i64, _>(0) == rows) {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{rows} rows do not arrive");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn rules(check: &Done) -> Vec<&str> {
    check.result["findings"].as_array().unwrap().iter().map(|one| one["rule"].as_str().unwrap()).collect()
}

const FILL: &str = "INSERT INTO tomcat_sessions (session_id, app_name, valid_session, max_inactive, last_access, session_data) \
    SELECT UPPER(MD5(CAST(n AS TEXT))), '/Catalina/localhost/app', '1', 1800, \
    CAST(EXTRACT(EPOCH FROM NOW()) - 7200 AS BIGINT) * 1000, 'x' FROM GENERATE_SERIES(1, 50) n";

/// The state file of a maintenance that `begin` started.
const MAINTENANCE: &str = r#"{"version": 1, "since": 0, "entries": [{"manager": "http://127.0.0.1:1",
    "bean": "Catalina:type=Manager,host=localhost,context=/demo", "app_name": "/Catalina/localhost/demo",
    "attribute": "maxIdleSwap", "was": 60, "ours": [-1], "maintenance": true}]}"#;

#[tokio::test]
async fn a_standby_is_read_and_never_written() {
    let Some(primary) = PrivatePostgres::with(&[]) else { return };
    let made = run(&["--url", &primary.url("s"), "init-db", "--no-user", "--apply"]).await;
    assert_eq!(made.code, Some(0), "{made:?}");
    let standby = primary.standby(&[]);
    primary.sql("s", FILL).await;
    arrived(&standby, 50).await;
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str| dir.path().join(name).display().to_string();
    let (whole, swapped, state_file) = (file("whole"), file("swapped"), file("tomcats.json"));
    std::fs::write(&state_file, MAINTENANCE).unwrap();
    let primary_url = primary.url("s");
    let source = format!("replica of 127.0.0.1:{}", primary.port);

    // When it has caught up, it is a source, and the report names it.
    let export = run(&["--url", &standby.url("s"), "export", &file("whole")]).await;
    assert_eq!((export.code, &export.result["sessions"]), (Some(0), &50.into()), "{export:?}");
    assert!(export.stderr.contains(&source), "{export:?}");
    assert_eq!((&export.result["role"], &export.result["lag_ms"]), (&"replica".into(), &0.into()), "{export:?}");

    // Nothing is written there, and the error names the server that accepts writes.
    for command in [
        vec!["expire", "--grace", "0"],
        vec!["delete", "--all", "--app", "*"],
        vec!["import", "--any-data", &file("whole")],
    ] {
        let done = run(&[vec!["--url", &standby.url("s")], command].concat()).await;
        assert_eq!(done.code, Some(1), "{done:?}");
        let names_it = done.stderr.contains(&primary.port.to_string());
        assert!(names_it || done.stderr.contains("use the primary server"), "{done:?}");
    }

    // `check` reports that Tomcat cannot save there, and where it can.
    let check = run(&["--url", &standby.url("s"), "check"]).await;
    assert_eq!((check.code, &check.result["role"]), (Some(11), &"replica".into()), "{check:?}");
    assert_eq!(check.result["lag_ms"], 0, "{check:?}");
    assert!(rules(&check).contains(&"server.read-only") && !rules(&check).contains(&"server.replication"), "{check:?}");
    let findings = check.result["findings"].as_array().unwrap();
    let read_only = findings.iter().find(|one| one["rule"] == "server.read-only").unwrap();
    assert!(read_only["remedy"]["text"].as_str().unwrap().contains(&primary.port.to_string()), "{read_only}");

    // An account that may not see the source sees that it is a standby, and its lag.
    primary
        .sql("s", "CREATE ROLE tomcat LOGIN; GRANT CONNECT ON DATABASE s TO tomcat; GRANT SELECT, INSERT, DELETE ON `s`.tomcat_sessions TO `tomcat`@`%`")
        .await;
    primary.sql("s", &FILL.replace("(1, 50)", "(51, 51)")).await;
    arrived(&standby, 51).await;
    let blind = standby.url("s").replace("root@", "tomcat@");
    let export = run(&["--url", &blind, "export", &file("blind")]).await;
    assert_eq!((export.code, &export.result["role"]), (Some(0), &"replica".into()), "{export:?}");
    // Every command that writes says how to find the primary, and names it once the account may see it.
    let writing = [
        vec!["expire", "--grace", "0"],
        vec!["delete", "--all", "--app", "*"],
        vec!["import", "--any-data", &whole],
        vec!["swap-out", "--to", &swapped, "--max-idle", "1h"],
        vec!["migrate", "--from", &primary_url, "--to", &blind],
        // Nothing listens there: a run that asks this Tomcat before it is refused ends with 10.
        vec!["logout", "alice", "--manager", "http://127.0.0.1:1"],
        vec!["tomcat", "maintenance", "end", "--manager", "http://127.0.0.1:1", "--state-file", &state_file],
    ];
    for command in &writing {
        let done = run(&[vec!["--url", &blind], command.clone()].concat()).await;
        let expected_text =
            ["read-only replica", "pg_monitor", "pg_stat_wal_receiver"].iter().all(|one| done.stderr.contains(one));
        assert!(done.code == Some(1) && expected_text, "{command:?} {done:?}");
    }
    primary.sql("s", "GRANT pg_monitor TO tomcat").await;
    primary.sql("s", &FILL.replace("(1, 50)", "(52, 52)")).await;
    arrived(&standby, 52).await;
    for command in &writing {
        let done = run(&[vec!["--url", &blind], command.clone()].concat()).await;
        let hint = format!("use the source in --url: 127.0.0.1:{}", primary.port);
        assert!(done.code == Some(1) && done.stderr.contains(&hint), "{command:?} {done:?}");
    }
    primary.sql("s", "REVOKE pg_monitor FROM tomcat").await;

    // While it is paused, it is not a source.
    standby.sql("s", "SELECT PG_WAL_REPLAY_PAUSE()").await;
    for url in [&standby.url("s"), &blind] {
        let done = run(&["--url", url, "export", &file("paused")]).await;
        assert!(done.code == Some(1) && done.stderr.contains("replication has stopped"), "{done:?}");
        assert!(done.stderr.contains("`SELECT * FROM pg_stat_wal_receiver`"), "{done:?}");
        let check = run(&["--url", url, "check"]).await;
        assert!(rules(&check).contains(&"server.replication"), "{check:?}");
    }
    standby.sql("s", "SELECT PG_WAL_REPLAY_RESUME()").await;

    // Each command uses the suitable host, in any order of the hosts.
    for (first, second) in [(&primary, &standby), (&standby, &primary)] {
        let hosts = format!("postgres://root@127.0.0.1:{},127.0.0.1:{}/s?ssl-mode=disabled", first.port, second.port);
        let expire = run(&["--url", &hosts, "expire", "--grace", "0", "--max-rows", "5"]).await;
        assert_eq!((expire.code, &expire.result["deleted"]["sessions"]), (Some(3), &5.into()), "{expire:?}");
        let out = file(&first.port.to_string());
        let read = run(&["--url", &hosts, "export", "--read-from", "replica", &out]).await;
        assert_eq!((read.code, &read.result["role"]), (Some(0), &"replica".into()), "{read:?}");
        let node: Value = format!("127.0.0.1:{}", standby.port).into();
        assert_eq!(read.result["node"], node, "{read:?}");
    }

    // Its source is gone: it has stopped, too.
    drop(primary);
    let begun = Instant::now();
    loop {
        let check = run(&["--url", &standby.url("s"), "check"]).await;
        if rules(&check).contains(&"server.replication") {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{check:?}");
    }
}

/// A primary that accepts no writes: Tomcat could not save the sessions that it swaps out after `maintenance end`.
#[tokio::test]
async fn a_maintenance_does_not_end_while_the_server_is_read_only() {
    let Some(primary) = PrivatePostgres::with(&[]) else { return };
    let made = run(&["--url", &primary.url("s"), "init-db", "--no-user", "--apply"]).await;
    assert_eq!(made.code, Some(0), "{made:?}");
    let dir = tempfile::tempdir().unwrap();
    let state_file = dir.path().join("tomcats.json").display().to_string();
    std::fs::write(&state_file, MAINTENANCE).unwrap();
    let url = primary.url("s");
    let end =
        ["--url", &url, "tomcat", "maintenance", "end", "--manager", "http://127.0.0.1:1", "--state-file", &state_file];
    primary.sql("s", "ALTER DATABASE s SET default_transaction_read_only = on").await;
    let done = run(&end).await;
    assert!(done.code == Some(1) && done.stderr.contains("is read-only: Tomcat cannot save"), "{done:?}");
    primary.sql("postgres", "ALTER DATABASE s RESET default_transaction_read_only").await;
    // Then the Tomcat is asked, which does not answer.
    assert_eq!(run(&end).await.code, Some(10));
}

/// A standby that has replayed nothing since it started does not know how far it is behind.
#[tokio::test]
async fn a_standby_of_unknown_lag_is_refused_in_the_servers_words() {
    let Some(primary) = PrivatePostgres::with(&[]) else { return };
    let made = run(&["--url", &primary.url("s"), "init-db", "--no-user", "--apply"]).await;
    assert_eq!(made.code, Some(0), "{made:?}");
    let standby = primary.standby(&["recovery_min_apply_delay=1h"]);
    primary.sql("s", FILL).await;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("whole").display().to_string();
    let export = run(&["--url", &standby.url("s"), "export", &file]).await;
    assert!(export.code == Some(1) && export.stderr.contains("with an unknown lag"), "{export:?}");
    assert!(export.stderr.contains("pg_monitor") && export.stderr.contains("--allow-stale"), "{export:?}");
    assert!(!export.stderr.contains("REPLICATION CLIENT"), "{export:?}");
    let export = run(&["--url", &standby.url("s"), "export", "--allow-stale", &file]).await;
    assert_eq!((export.code, &export.result["sessions"]), (Some(0), &0.into()), "{export:?}");
}
