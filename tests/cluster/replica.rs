//! An asynchronous replica is not a source if replication has stopped, and never a target.

use std::time::{Duration, Instant};

use serde_json::Value;
use sqlx::{Connection, Executor, Row};
use tokio::sync::Mutex;

use super::support::program::run;
use super::support::{absent, variable};

/// Only one test at a time stops its replication.
static ALONE: Mutex<()> = Mutex::const_new(());

/// Runs SQL on a server, without a database.
async fn sql(url: &str, text: &str) {
    let mut connection = sqlx::MySqlConnection::connect(&url.replacen("mariadb:", "mysql:", 1)).await.unwrap();
    connection.execute(sqlx::raw_sql(text)).await.unwrap_or_else(|e| panic!("{text}: {e}"));
    connection.close().await.unwrap();
}

/// Waits until a table of the replica has this number of rows.
async fn arrived(url: &str, table: &str, rows: i64) {
    let mut connection = sqlx::MySqlConnection::connect(&url.replacen("mariadb:", "mysql:", 1)).await.unwrap();
    let begun = Instant::now();
    loop {
        let found = connection.fetch_one(&*format!("SELECT COUNT(*) FROM {table}")).await;
        if found.is_ok_and(|row| row.get::<i64, _>(0) == rows) {
            return connection.close().await.unwrap();
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{table} does not arrive");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_stopped_replica_is_refused_as_source_and_target() {
    let (Some(source), Some(replica)) =
        (variable("TOMCAT_SESSIONS_TEST_REPLICA_SOURCE_URL"), variable("TOMCAT_SESSIONS_TEST_REPLICA_URL"))
    else {
        return absent("replica");
    };
    let _alone = ALONE.lock().await;
    let database = format!("ts_{}", std::process::id());
    let (at_source, at_replica) =
        (format!("{source}{database}?ssl-mode=disabled"), format!("{replica}{database}?ssl-mode=disabled"));
    let made = run(&["--url", &at_source, "init-db", "--no-user", "--apply"]).await;
    assert_eq!(made.code, Some(0), "{made:?}");
    let table = format!("{database}.tomcat_sessions");
    let fill = format!(
        "USE {database}; INSERT INTO {table} (session_id, app_name, valid_session, max_inactive, last_access, session_data) \
         SELECT UPPER(MD5(seq)), '/Catalina/localhost/app', '1', 1800, (UNIX_TIMESTAMP() - 60) * 1000, 'x' FROM seq_1_to_50"
    );
    sql(&source, &fill).await;
    arrived(&replica, &table, 50).await;
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str| dir.path().join(name).display().to_string();

    // When it has caught up, it is a source, and the report names it.
    let export = run(&["--url", &at_replica, "export", &file("whole")]).await;
    assert_eq!((export.code, &export.result["sessions"]), (Some(0), &50.into()), "{export:?}");
    assert!(export.stderr.contains("is a replica of 127.0.0.1:"), "{export:?}");
    assert_eq!((&export.result["role"], &export.result["lag_ms"]), (&"replica".into(), &0.into()), "{export:?}");

    // It has applied a DELETE of Tomcat, but not the following INSERT.
    let save = format!("DELETE FROM {table} ORDER BY session_id LIMIT 5");
    sql(&source, &save).await;
    arrived(&replica, &table, 45).await;
    sql(&replica, "STOP SLAVE SQL_THREAD").await;
    sql(&source, &fill.replace("INSERT INTO", "INSERT IGNORE INTO")).await;
    let (out, whole) = (file("missing"), file("whole"));
    let to = format!("sqlite:{}", file("copy.db"));
    for args in [
        vec!["--url", &at_replica, "export", &out],
        vec!["migrate", "--from", &at_replica, "--to", &to, "--init", "--delete-gone"],
        vec!["verify", &at_replica, &at_source],
    ] {
        let done = run(&args).await;
        assert_eq!(done.code, Some(1), "{args:?} {done:?}");
        assert!(
            done.stderr.contains("replication has stopped") && done.stderr.contains("SHOW ALL SLAVES STATUS"),
            "{done:?}"
        );
    }
    assert!(!dir.path().join("missing").exists() && !dir.path().join("copy.db").exists());
    let stale = run(&["--url", &at_replica, "export", &out, "--allow-stale"]).await;
    assert_eq!((stale.code, &stale.result["sessions"]), (Some(0), &45.into()), "{stale:?}");
    assert_eq!((&stale.result["role"], &stale.result["lag_ms"]), (&"replica".into(), &Value::Null), "{stale:?}");
    let check = run(&["--url", &at_replica, "check"]).await;
    assert_eq!(check.result["role"], "replica", "{check:?}");
    let rules: Vec<&Value> = check.result["findings"].as_array().unwrap().iter().map(|one| &one["rule"]).collect();
    assert!(rules.contains(&&"server.replication".into()) && rules.contains(&&"server.read-only".into()), "{rules:?}");

    // An account that cannot see the replication, on a read-only server.
    let account = format!(
        "CREATE USER u{database}@'%' IDENTIFIED BY 'pw'; GRANT SELECT, INSERT, DELETE ON {database}.* TO u{database}@'%'"
    );
    sql(&replica, &format!("SET sql_log_bin = 0; {account}")).await;
    let port = at_replica.split("127.0.0.1:").nth(1).unwrap().split('/').next().unwrap();
    let blind = format!("mariadb://u{database}:pw@127.0.0.1:{port}/{database}?ssl-mode=disabled");
    let done = run(&["--url", &blind, "export", &file("blind")]).await;
    assert!(done.code == Some(1) && done.stderr.contains("has no privilege to see whether"), "{done:?}");
    assert!(done.stderr.contains("SLAVE MONITOR") && done.stderr.contains("--allow-stale"), "{done:?}");
    // Nor which server takes writes: a server says no more than that it takes none.
    let done = run(&["--url", &blind, "import", "--any-data", &whole]).await;
    assert!(done.code == Some(1) && done.stderr.contains("SLAVE MONITOR"), "{done:?}");

    // Nothing is deleted there, even by an administrator, whom read_only does not stop.
    sql(&replica, "START SLAVE").await;
    arrived(&replica, &table, 50).await;
    for command in [
        vec!["expire", "--grace", "0"],
        vec!["delete", "--all", "--app", "*"],
        vec!["import", "--any-data", "--on-conflict", "replace", &whole],
        vec!["migrate", "--from", &at_source, "--to", &at_replica],
    ] {
        let done = run(&[vec!["--url", at_replica.as_str()], command].concat()).await;
        assert_eq!(done.code, Some(1), "{done:?}");
        assert!(done.stderr.contains("replica of 127.0.0.1:"), "{done:?}");
    }
    arrived(&replica, &table, 50).await;
    sql(&replica, &format!("SET sql_log_bin = 0; DROP USER u{database}@'%'")).await;
    sql(&source, &format!("DROP DATABASE {database}")).await;
}

#[tokio::test]
async fn the_source_is_written_and_the_replica_read() {
    let (Some(source), Some(replica)) =
        (variable("TOMCAT_SESSIONS_TEST_REPLICA_SOURCE_URL"), variable("TOMCAT_SESSIONS_TEST_REPLICA_URL"))
    else {
        return absent("replica");
    };
    let _alone = ALONE.lock().await;
    let database = format!("ts_hosts_{}", std::process::id());
    let port = |url: &str| url.trim_end_matches('/').rsplit_once(':').unwrap().1.to_owned();
    let both = |first: &str, second: &str| {
        let hosts = format!("127.0.0.1:{},127.0.0.1:{}", port(first), port(second));
        format!("{}{hosts}/{database}?ssl-mode=disabled", source.split("127.0.0.1").next().unwrap())
    };
    let url = both(&replica, &source);
    let made = run(&["--url", &url, "init-db", "--no-user", "--apply"]).await;
    assert_eq!(made.code, Some(0), "{made:?}");
    let table = format!("{database}.tomcat_sessions");
    let fill = |name: &str, idle: u32| {
        format!(
            "INSERT INTO {table} (session_id, app_name, valid_session, max_inactive, last_access, session_data) \
             VALUES ('{name}', '/Catalina/localhost/app', '1', 1800, (UNIX_TIMESTAMP() - {idle}) * 1000, 'x')"
        )
    };
    sql(&source, &fill("A", 60)).await;
    sql(&source, &fill("B", 7200)).await;
    arrived(&replica, &table, 2).await;
    // The replica is the first host, and is not written to.
    sql(&replica, "STOP SLAVE SQL_THREAD").await;
    let done = run(&["--url", &url, "expire"]).await;
    assert_eq!((done.code, &done.result["deleted"]["sessions"]), (Some(0), &1.into()), "{done:?}");
    for (url, from, sessions) in [(&url, "primary", 1), (&url, "replica", 2), (&both(&source, &replica), "replica", 2)]
    {
        let done = run(&["--url", url, "list", "--read-from", from]).await;
        assert_eq!((done.code, done.result.as_array().map(Vec::len)), (Some(0), Some(sessions)), "{done:?}");
    }
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("stale").display().to_string();
    let done = run(&["--url", &url, "export", &file, "--read-from", "replica"]).await;
    assert!(done.code == Some(1) && done.stderr.contains("replication has stopped"), "{done:?}");
    sql(&replica, "START SLAVE").await;
    arrived(&replica, &table, 1).await;
    sql(&source, &format!("DROP DATABASE {database}")).await;
}

#[tokio::test]
async fn a_purge_waits_for_a_lagging_replica() {
    let (Some(source), Some(replica)) =
        (variable("TOMCAT_SESSIONS_TEST_REPLICA_SOURCE_URL"), variable("TOMCAT_SESSIONS_TEST_REPLICA_URL"))
    else {
        return absent("replica");
    };
    let _alone = ALONE.lock().await;
    let database = format!("ts_lag_{}", std::process::id());
    let (url, lag_url) =
        (format!("{source}{database}?ssl-mode=disabled"), format!("{replica}{database}?ssl-mode=disabled"));
    let made = run(&["--url", &url, "init-db", "--no-user", "--apply"]).await;
    assert_eq!(made.code, Some(0), "{made:?}");
    let table = format!("{database}.tomcat_sessions");
    let fill = format!(
        "USE {database}; INSERT INTO {table} (session_id, app_name, valid_session, max_inactive, last_access, session_data) \
         SELECT UPPER(MD5(seq)), '/Catalina/localhost/app', '1', 1800, (UNIX_TIMESTAMP() - 7200) * 1000, 'x' FROM seq_1_to_50"
    );
    sql(&source, &fill).await;
    arrived(&replica, &table, 50).await;
    sql(&replica, "STOP SLAVE SQL_THREAD").await;
    // The source knows its replica.
    let done = run(&["--url", &url, "expire", "--max-lag", "1s", "--max-time", "3s"]).await;
    assert_eq!((done.code, &done.result["deleted"]["sessions"]), (Some(3), &0.into()), "{done:?}");
    assert!(done.result["throttled_by"].as_str().unwrap().contains("replication has stopped"), "{done:?}");
    let expire = ["--url", &url, "expire", "--max-lag", "1s", "--lag-url", &lag_url];
    let waiting = {
        let args: Vec<String> = expire.iter().map(|arg| (*arg).to_owned()).collect();
        tokio::spawn(async move { run(&args.iter().map(String::as_str).collect::<Vec<_>>()).await })
    };
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(!waiting.is_finished());
    sql(&replica, "START SLAVE").await;
    let done = waiting.await.unwrap();
    assert_eq!((done.code, &done.result["deleted"]["sessions"]), (Some(0), &50.into()), "{done:?}");
    sql(&source, &format!("DROP DATABASE {database}")).await;
}
