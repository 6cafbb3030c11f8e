//! The file of `--metrics-file`, compared with `docs/metrics.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tomcat_sessions::session::Session;

use crate::run::{PASSWORD, Run};
use crate::store::{each_state, holding, on};
use crate::support::prometheus::samples;
use crate::support::{NOW, Scratch, session};

const DEMO: &str = "/Catalina/localhost/demo";
const ODD: &str = "a\"b\\c\nd";
/// In milliseconds.
const HOUR: i64 = 3_600_000;

fn rows() -> Vec<Session> {
    let mut rows = vec![
        session(DEMO, "E1", 1800, NOW.0 - 2 * HOUR),
        session(DEMO, "E2", 1800, NOW.0 - HOUR),
        session(ODD, "E3", 1800, NOW.0 - 3 * HOUR),
        session("", "E4", 1800, NOW.0 - HOUR),
        session(DEMO, "LIVE", 1800, NOW.0),
        session("", "E5", 1800, NOW.0 - HOUR),
    ];
    rows[3].meta.key.app = None;
    rows
}

/// Runs at [`NOW`], which is not SQLite's clock.
fn metered(db: &Scratch, args: &str, file: &Path) -> Run {
    on(db, args).args("--allow-clock-skew --quiet --metrics-file").arg(file)
}

/// The samples of the file without the prefix and the store, with the duration set to 0.
fn read(file: &Path, db: &Scratch) -> BTreeMap<String, f64> {
    let text = std::fs::read_to_string(file).unwrap();
    let store = format!("store=\"sqlite:{}\"", db.path().display());
    let short = |series: String| {
        let series = series.replace(&store, "").replace("{,", "{").replace("{}", "");
        series.strip_prefix("tomcat_sessions_").unwrap().to_owned()
    };
    samples(&text)
        .into_iter()
        .map(|(series, value)| (short(series), value))
        .map(|(series, value)| if series.contains("duration_seconds") { (series, 0.0) } else { (series, value) })
        .collect()
}

fn shown(samples: &BTreeMap<String, f64>) -> String {
    samples.iter().map(|(series, value)| format!("{series} {value}\n")).collect()
}

fn prom(dir: &TempDir) -> PathBuf {
    dir.path().join("expire.prom")
}

#[tokio::test]
async fn a_run_writes_its_metrics_and_continues_the_counters() {
    let db = holding(&rows()).await;
    let dir = TempDir::new().unwrap();
    metered(&db, "expire", &prom(&dir)).run().code(0);
    insta::assert_snapshot!(shown(&read(&prom(&dir), &db)), @r#"
    expire_complete 1
    expire_deleted_bytes_total{app=""} 212
    expire_deleted_bytes_total{app="/Catalina/localhost/demo"} 212
    expire_deleted_bytes_total{app="a\"b\\c\nd"} 106
    expire_deleted_total{app=""} 2
    expire_deleted_total{app="/Catalina/localhost/demo"} 2
    expire_deleted_total{app="a\"b\\c\nd"} 1
    expire_duration_seconds 0
    expire_exit_code 0
    expire_last_run_deleted{app=""} 2
    expire_last_run_deleted{app="/Catalina/localhost/demo"} 2
    expire_last_run_deleted{app="a\"b\\c\nd"} 1
    expire_last_run_timestamp_seconds 1795360000
    expire_last_success_timestamp_seconds 1795360000
    expire_oldest_expired_seconds{app=""} 1800
    expire_oldest_expired_seconds{app="/Catalina/localhost/demo"} 5400
    expire_oldest_expired_seconds{app="a\"b\\c\nd"} 9000
    expire_remaining 0
    expire_success 1
    "#);
    db.sql("INSERT INTO tomcat_sessions SELECT 'E9', '1', 60, 0, app_name, session_data FROM tomcat_sessions").await;
    metered(&db, "expire", &prom(&dir)).run().code(0);
    let second = read(&prom(&dir), &db);
    for (series, value) in [
        (r#"expire_deleted_total{app="/Catalina/localhost/demo"}"#, 3.0),
        (r#"expire_deleted_total{app="a\"b\\c\nd"}"#, 1.0),
        (r#"expire_last_run_deleted{app="/Catalina/localhost/demo"}"#, 1.0),
        (r#"expire_last_run_deleted{app=""}"#, 0.0),
        (r#"expire_oldest_expired_seconds{app=""}"#, 0.0),
    ] {
        assert_eq!(second.get(series), Some(&value), "{series} in {second:?}");
    }
}

#[tokio::test]
async fn a_failed_run_keeps_the_time_of_the_last_success() {
    let db = holding(&rows()).await;
    let dir = TempDir::new().unwrap();
    metered(&db, "expire", &prom(&dir)).run().code(0);
    db.sql("ALTER TABLE tomcat_sessions RENAME TO away").await;
    metered(&db, "expire", &prom(&dir)).env("TOMCAT_SESSIONS_CLOCK", (NOW.0 + HOUR).to_string()).run().code(11);
    insta::assert_snapshot!(shown(&read(&prom(&dir), &db)), @r#"
    expire_complete 0
    expire_deleted_bytes_total{app=""} 212
    expire_deleted_bytes_total{app="/Catalina/localhost/demo"} 212
    expire_deleted_bytes_total{app="a\"b\\c\nd"} 106
    expire_deleted_total{app=""} 2
    expire_deleted_total{app="/Catalina/localhost/demo"} 2
    expire_deleted_total{app="a\"b\\c\nd"} 1
    expire_duration_seconds 0
    expire_exit_code 11
    expire_last_run_timestamp_seconds 1795363600
    expire_last_success_timestamp_seconds 1795360000
    expire_success 0
    "#);
    // Samples of another store in the file are ignored.
    let new = dir.path().join("new.prom");
    std::fs::copy(prom(&dir), &new).unwrap();
    let run = crate::command().args("expire --url mysql://shop@127.0.0.1:1/tomcat --metrics-file").arg(&new);
    run.env("TOMCAT_SESSIONS_PASSWORD", PASSWORD).run().code(10);
    let text = std::fs::read_to_string(&new).unwrap();
    let there = samples(&text);
    assert_eq!(
        there.get(r#"tomcat_sessions_expire_success{store="mysql://127.0.0.1:1/tomcat"}"#),
        Some(&0.0),
        "{text}"
    );
    assert!(!there.keys().any(|series| series.contains("last_success")), "{text}");
    assert!(!text.contains(PASSWORD) && !text.contains("shop@"), "{text}");
}

#[tokio::test]
async fn a_run_ended_by_a_limit_is_successful_and_incomplete() {
    let db = holding(&rows()).await;
    let dir = TempDir::new().unwrap();
    metered(&db, "expire --max-rows 1", &prom(&dir)).run().code(3);
    let there = read(&prom(&dir), &db);
    let of = |name: &str| there.get(name).copied();
    assert_eq!(
        (of("expire_success"), of("expire_complete"), of("expire_exit_code")),
        (Some(1.0), Some(0.0), Some(3.0))
    );
    assert_eq!(of("expire_last_success_timestamp_seconds"), of("expire_last_run_timestamp_seconds"));
    // The remaining sessions were not counted.
    assert_eq!(of("expire_remaining"), None);
}

#[tokio::test]
async fn the_table_is_a_label_where_the_user_names_it() {
    let db = holding(&rows()).await;
    let dir = TempDir::new().unwrap();
    metered(&db, "swap-out --max-idle 30m --include-expired --create --table tomcat_sessions", &prom(&dir))
        .run()
        .code(0);
    insta::assert_snapshot!(shown(&read(&prom(&dir), &db)), @r#"
    swap_out_complete{table="tomcat_sessions"} 1
    swap_out_duration_seconds{table="tomcat_sessions"} 0
    swap_out_exit_code{table="tomcat_sessions"} 0
    swap_out_last_run_moved{table="tomcat_sessions",app=""} 2
    swap_out_last_run_moved{table="tomcat_sessions",app="/Catalina/localhost/demo"} 2
    swap_out_last_run_moved{table="tomcat_sessions",app="a\"b\\c\nd"} 1
    swap_out_last_run_timestamp_seconds{table="tomcat_sessions"} 1795360000
    swap_out_last_success_timestamp_seconds{table="tomcat_sessions"} 1795360000
    swap_out_moved_bytes_total{table="tomcat_sessions",app=""} 212
    swap_out_moved_bytes_total{table="tomcat_sessions",app="/Catalina/localhost/demo"} 212
    swap_out_moved_bytes_total{table="tomcat_sessions",app="a\"b\\c\nd"} 106
    swap_out_moved_total{table="tomcat_sessions",app=""} 2
    swap_out_moved_total{table="tomcat_sessions",app="/Catalina/localhost/demo"} 2
    swap_out_moved_total{table="tomcat_sessions",app="a\"b\\c\nd"} 1
    swap_out_success{table="tomcat_sessions"} 1
    "#);
    metered(&db, "expire --swapped", &prom(&dir)).run().code(0);
    let there = read(&prom(&dir), &db);
    assert_eq!(there.get(r#"expire_success{table="tomcat_sessions_swapped"}"#), Some(&1.0), "{there:?}");
}

#[tokio::test]
async fn the_metrics_file_is_readable_and_complete() {
    let db = holding(&rows()).await;
    let dir = TempDir::new().unwrap();
    metered(&db, "expire --dry-run", &prom(&dir)).run().code(0);
    assert!(!prom(&dir).exists());
    std::fs::write(prom(&dir), [0xff, 0xfe, b'\n']).unwrap();
    metered(&db, "expire", &prom(&dir)).run().code(0);
    assert_eq!(std::fs::metadata(prom(&dir)).unwrap().permissions().mode() & 0o7777, 0o644);
    let names: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["expire.prom"]);
    let text = std::fs::read_to_string(prom(&dir)).unwrap();
    assert!(!["E1", "E2", "E3"].iter().any(|id| text.contains(id)), "{text}");
}

#[tokio::test]
async fn an_unwritable_metrics_file_fails_the_run() {
    let db = holding(&rows()).await;
    let nowhere = Path::new("/nowhere/at/all.prom");
    // The run's own failure is reported.
    let failed = metered(&db, "expire --max-fraction 0", nowhere).run().code(1);
    assert!(failed.stderr.contains("warning: cannot write `/nowhere/at/all.prom`: "), "{failed}");
    assert!(failed.stderr.contains("error: 5 of 6 sessions are expired"), "{failed}");
    let done = metered(&db, "expire", nowhere).run().code(1);
    assert!(done.stdout.contains("Deleted 5 expired sessions"), "{done}");
    assert!(done.stderr.contains("error: cannot write `/nowhere/at/all.prom`: "), "{done}");
    assert!(done.stderr.contains("hint: the run itself is complete; only the metrics are missing"), "{done}");
    insta::assert_snapshot!(metered(&db, "expire", Path::new("/tmp/metrics.txt")).run(), @"
    exit 2
    --- stderr
    error: invalid value '/tmp/metrics.txt' for '--metrics-file <FILE>': the name must end in .prom, because node_exporter reads no other files

    For more information, try '--help'.
    ");
}

#[tokio::test]
async fn every_metric_is_documented() {
    let text = include_str!("../../docs/metrics.md");
    let documented: BTreeSet<&str> =
        text.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let db = holding(&rows()).await;
    let dir = TempDir::new().unwrap();
    let mut printed = String::new();
    for args in ["expire", "swap-out --max-idle 1h --create --include-expired"] {
        metered(&db, args, &prom(&dir)).run().code(0);
        printed.push_str(&std::fs::read_to_string(prom(&dir)).unwrap());
    }
    printed.push_str(&on(&db, "stats --format prometheus").run().code(0).stdout);
    let names: BTreeSet<&str> =
        printed.lines().filter_map(|line| line.strip_prefix("# HELP ")?.split(' ').next()).collect();
    // One row represents `expire` and `swap-out`.
    let names: BTreeSet<String> =
        names.iter().map(|name| name.replace("_swap_out_", "_expire_").replace("moved", "deleted")).collect();
    assert_eq!(names, documented.iter().map(|name| (*name).to_owned()).collect());
}

/// The file has the text of `--format prometheus`, and is replaced atomically, only by successful runs.
#[tokio::test]
async fn the_table_in_a_file() {
    let db = holding(&rows()).await;
    let dir = TempDir::new().unwrap();
    let file = prom(&dir);
    std::fs::write(&file, "old").unwrap();
    let read = || std::fs::read_to_string(&file).unwrap();
    for args in ["stats --by user", "stats --watch", "stats --limit 1"] {
        on(&db, args).args("--metrics-file").arg(&file).run().code(2);
    }
    on(&db, "stats --metrics-file metrics.txt").run().code(2);
    on(&db, "stats --table nowhere").args("--metrics-file").arg(&file).run().code(11);
    assert_eq!(read(), "old");
    let run = on(&db, "stats --quiet").args("--metrics-file").arg(&file).run().code(0);
    assert!(run.stdout.is_empty() && run.stderr.is_empty(), "{run}");
    let printed = on(&db, "stats --format prometheus").run().code(0).stdout;
    let whole = read().replace(&db.path().display().to_string(), "sessions.db");
    assert_eq!(whole, printed);
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644, "node_exporter has an account of its own");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "no temporary file is left");
    let beside = on(&db, "stats --format json --app demo").args("--metrics-file").arg(&file).run().code(0);
    assert!(beside.stdout.starts_with('{'), "{beside}");
    assert!(samples(&read()).keys().all(|series| series.contains(DEMO)), "{}", read());
    let missing = dir.path().join("none").join("a.prom");
    on(&db, "stats").args("--metrics-file").arg(missing).run().code(1);
}

/// NULL and the empty name have the same label.
#[tokio::test]
async fn stats_keeps_to_the_format_too() {
    let mut rows = each_state();
    rows.push(session("", "0B", 1800, NOW.0));
    rows.push(session(ODD, "0C", 1800, NOW.0));
    let db = holding(&rows).await;
    let text = on(&db, "stats --format prometheus").run().code(0).stdout;
    let there = samples(&text);
    assert_eq!(there[r#"tomcat_sessions{store="sqlite:sessions.db",app="",state="live"}"#], 1.0, "{text}");
    assert_eq!(there[r#"tomcat_sessions{store="sqlite:sessions.db",app="",state="invalid"}"#], 1.0, "{text}");
}
