//! `swap-out`.

use tomcat_sessions::session::{OnConflict, Session, SessionKey};

use crate::run::{Done, Run};
use crate::store::{holding, on};
use crate::support::{Kind, NOW, Scratch, session};

pub const DEMO: &str = "/Catalina/localhost/demo";
const HOUR: i64 = 3_600_000;

/// Sessions of two applications that have been idle for this many hours; one is expired.
fn rows() -> Vec<Session> {
    let mut rows: Vec<Session> =
        (0..5).map(|hours| session(DEMO, &format!("D{hours}"), -1, NOW.0 - hours * HOUR)).collect();
    rows.extend(
        (0..3).map(|hours| session("/Catalina/localhost/shop", &format!("S{hours}"), 86_400, NOW.0 - hours * HOUR)),
    );
    rows.push(session(DEMO, "E9", 1800, NOW.0 - 9 * HOUR));
    rows
}

/// Runs with a clock that differs widely from SQLite's.
pub fn swap(db: &Scratch, args: &str) -> Run {
    on(db, args).args("--allow-clock-skew")
}

/// The output without times and messages about clocks.
pub fn timeless(done: &Done) -> String {
    let mut text = String::new();
    for line in done.to_string().lines().filter(|line| !line.contains("clock and the server's differ")) {
        let line = match line.rsplit_once(" of data, in ") {
            Some((before, _)) => format!("{before} of data, in TIME."),
            None if line.trim_start().starts_with("\"took_ms\":") => "  \"took_ms\": TIME".to_owned(),
            None => line.to_owned(),
        };
        if line != "--- stderr" {
            text.push_str(&line);
            text.push('\n');
        }
    }
    text
}

/// The ids in the live table and in the other one.
pub fn ids(db: &Scratch) -> (Vec<String>, Vec<String>) {
    let of = |args: &str| -> Vec<String> {
        let listed = on(db, args).args("--format ndjson --quiet").run().code(0).stdout;
        let id = |line: &str| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["session_id"].as_str().unwrap().to_owned()
        };
        listed.lines().map(id).collect()
    };
    let swapped = on(db, "list --swapped --quiet").run().code == Some(0);
    (of("list"), if swapped { of("list --swapped") } else { Vec::new() })
}

#[tokio::test]
async fn idle_sessions_are_moved_to_the_swap_table() {
    let db = holding(&rows()).await;
    insta::assert_snapshot!(timeless(&swap(&db, "swap-out --max-idle 2h").run()), @"
    exit 11
    error: there is no swap table `tomcat_sessions_swapped` in sqlite:sessions.db
    hint: `tomcat-sessions init-db --with-swap-table --apply` creates it; on a database server this requires an administrator's --url
    hint: `tomcat-sessions swap-out --max-idle 12h --create` creates it before it moves sessions, if the account may create tables
    hint: use --swap-table for a table with another name
    ");
    insta::assert_snapshot!(timeless(&swap(&db, "swap-out --max-idle 2h --create --dry-run").run()), @"
    exit 0
    --- stdout
    APPLICATION               SESSIONS   DATA
    /Catalina/localhost/demo         3  318 B
    /Catalina/localhost/shop         1  106 B

    Would move 4 sessions of 2 applications from `tomcat_sessions` to `tomcat_sessions_swapped`, 424 B of data.
    Tomcat was not asked which of these sessions are in its memory: they are idle only according to the table.
    ");
    on(&db, "list --swapped").run().code(11);
    insta::assert_snapshot!(timeless(&swap(&db, "swap-out --max-idle 2h --create").run()), @"
    exit 0
    --- stdout
    APPLICATION               SESSIONS   DATA
    /Catalina/localhost/demo         3  318 B
    /Catalina/localhost/shop         1  106 B

    Moved 4 sessions of 2 applications from `tomcat_sessions` to `tomcat_sessions_swapped`, 424 B of data, in TIME.
    Tomcat was not asked which of these sessions are in its memory: they are idle only according to the table.
    ");
    let (live, swapped) = ids(&db);
    assert_eq!(live, ["D0", "D1", "E9", "S0", "S1"]);
    assert_eq!(swapped, ["D2", "D3", "D4", "S2"]);
    insta::assert_snapshot!(timeless(&swap(&db, "swap-out --max-idle 2h --format json").run()), @r#"
    exit 0
    --- stdout
    {
      "command": "swap-out",
      "dry_run": false,
      "node": null,
      "role": null,
      "lag_ms": null,
      "from": "tomcat_sessions",
      "to": "tomcat_sessions_swapped",
      "moved": {
        "sessions": 0,
        "bytes": 0
      },
      "applications": [],
      "candidates": 0,
      "skipped": 0,
      "in_memory": 0,
      "newer_in_target": 0,
      "expired": 0,
      "in_doubt": 0,
      "reconciled": 0,
      "not_moved": [],
      "unconfirmed": 0,
      "batches": 0,
      "retries": 0,
      "throttled_ms": 0,
      "throttled_by": null,
      "paused_ms": 0,
      "ended": "done",
      "error": null,
      "took_ms": TIME
    }
    Tomcat was not asked which of these sessions are in its memory: they are idle only according to the table.
    "#);
}

#[tokio::test]
async fn max_active_moves_the_longest_idle_sessions() {
    let db = holding(&rows()).await;
    swap(&db, "swap-out --max-active 2 --min-idle 90m --create").run().code(0);
    assert_eq!(ids(&db).0, ["D0", "D1", "E9", "S0", "S1"]);
    swap(&db, "swap-out --max-active 1 --min-idle 10m --app demo").run().code(0);
    assert_eq!(ids(&db).0, ["D0", "E9", "S0", "S1"]);
    swap(&db, "swap-out --max-active 0 --min-idle 0 --force --include-expired --max-rows 2").run().code(3);
    assert_eq!(ids(&db).0.len(), 2);
}

#[tokio::test]
async fn a_short_idle_time_needs_force() {
    let db = holding(&rows()).await;
    insta::assert_snapshot!(swap(&db, "swap-out --max-idle 9m --create").run(), @"
    exit 2
    --- stderr
    error: sessions idle for only 9m are probably still in a Tomcat's memory, and their rows are outdated copies
    hint: use 10 minutes or more, or --force
    ");
    swap(&db, "swap-out --max-idle 1h --max-active 5 --min-idle 5m --create").run().code(2);
    swap(&db, "swap-out --max-active 5 --create").run().code(2);
    swap(&db, "swap-out").run().code(2);
    swap(&db, "swap-out --max-active 5 --min-idle 1h --user alice --create").run().code(2);
    assert_eq!(on(&db, "list --format ndjson -q").run().code(0).stdout.lines().count(), 9);
    swap(&db, "swap-out --max-idle 9m --create --force").run().code(0);
    assert_eq!(ids(&db).0, ["D0", "E9", "S0"]);
    // The risk is reported.
    let run = on(&db, "swap-out --max-idle 1h --allow-clock-skew").run().code(0);
    assert!(run.stderr.contains("Tomcat was not asked"), "{run}");
}

#[tokio::test]
async fn filters_on_the_data() {
    let mut rows = rows();
    rows[2].data = Some(include_bytes!("../decode/fixtures/session-login.ser")[..].into());
    let db = holding(&rows).await;
    let run = swap(&db, "swap-out --max-idle 1h --user alice --create").run().code(0);
    assert!(run.stdout.starts_with("Moved 1 session of"), "{run}");
    assert!(run.stderr.contains("the data could not be decoded completely"), "{run}");
    assert_eq!(ids(&db).1, ["D2"]);
}

#[tokio::test]
async fn swapped_selects_the_swap_table() {
    let db = holding(&rows()).await;
    swap(&db, "swap-out --max-idle 2h --create --include-expired").run().code(0);
    let json = |args: &str| -> serde_json::Value {
        serde_json::from_str(&on(&db, args).args("--format json -q").run().code(0).stdout).unwrap()
    };
    assert_eq!(json("stats --swapped")["total"]["sessions"], 5);
    assert_eq!(json("show D2 --swapped")["session_id"], "D2");
    on(&db, "show D2").run().code(1);
    assert_eq!(on(&db, "export --swapped --format csv -q").run().code(0).stdout.lines().count(), 6);
    assert_eq!(json("expire --swapped --allow-clock-skew")["deleted"]["sessions"], 1);
    assert_eq!(json("delete D2 --swapped")["table"], "tomcat_sessions_swapped");
    assert_eq!(ids(&db).1, ["D3", "D4", "S2"]);
}

#[tokio::test]
async fn sessions_move_to_another_store_and_back() {
    let (db, other_store) = (holding(&rows()).await, holding(&[]).await);
    let path = other_store.path();
    let there = |args: &str| swap(&db, &format!("{args}={}", other_store.url)).hide(path.display(), "swapped.db");
    insta::assert_snapshot!(timeless(&there("swap-out --max-idle 2h --to").run()), @"
    exit 0
    --- stdout
    APPLICATION               SESSIONS   DATA
    /Catalina/localhost/demo         3  318 B
    /Catalina/localhost/shop         1  106 B

    Moved 4 sessions of 2 applications from `tomcat_sessions` to `sqlite:swapped.db`, 424 B of data, in TIME.
    Tomcat was not asked which of these sessions are in its memory: they are idle only according to the table.
    ");
    assert_eq!(ids(&db).0, ["D0", "D1", "E9", "S0", "S1"]);
    insta::assert_snapshot!(timeless(&there("swap-in --app shop --from").run()), @"
    exit 0
    --- stdout
    Moved 1 session of /Catalina/localhost/shop from `sqlite:swapped.db` to `tomcat_sessions`, 106 B of data, in TIME.
    ");
    assert_eq!(ids(&db).0, ["D0", "D1", "E9", "S0", "S1", "S2"]);
    // The store itself is not another store, and neither is a table that cannot store sessions.
    let run = swap(&db, &format!("swap-out --max-idle 1h --to={}", db.url)).run().code(2);
    assert!(run.stderr.contains("both stores are the table"), "{run}");
    other_store.sql("DROP TABLE tomcat_sessions").await;
    there("swap-out --max-idle 1h --to").run().code(11);
    assert_eq!(ids(&db).0.len(), 6);
}

#[tokio::test]
async fn sessions_move_to_an_archive_and_back() {
    let db = holding(&rows()).await;
    let dir = tempfile::TempDir::new().unwrap();
    let path = dir.path().join("swapped.ndjson.zst");
    let out = |args: &str| {
        swap(&db, &format!("swap-out --to={} {args}", path.display())).hide(path.display(), "swapped.ndjson.zst")
    };
    insta::assert_snapshot!(timeless(&out("--max-idle 3h --dry-run").run()), @"
    exit 0
    --- stdout
    Would move 2 sessions of /Catalina/localhost/demo from `tomcat_sessions` to `swapped.ndjson.zst`, 212 B of data.
    Tomcat was not asked which of these sessions are in its memory: they are idle only according to the table.
    ");
    assert!(!path.exists());
    // Without sessions to move, no archive is created.
    out("--max-idle 300h").run().code(0);
    assert!(!path.exists());
    insta::assert_snapshot!(timeless(&out("--max-idle 3h").run()), @"
    exit 0
    --- stdout
    Moved 2 sessions of /Catalina/localhost/demo from `tomcat_sessions` to `swapped.ndjson.zst`, 212 B of data, in TIME.
    Tomcat was not asked which of these sessions are in its memory: they are idle only according to the table.
    ");
    assert_eq!(ids(&db).0, ["D0", "D1", "D2", "E9", "S0", "S1", "S2"]);
    // The next run adds to it.
    out("--max-idle 2h --max-rows 1").run().code(3);
    out("--max-idle 2h").run().code(0);
    let held = |id: &str| -> usize {
        let all = Scratch::reserve(Kind::Sqlite).unwrap();
        on(&all, "init-db --apply").run().code(0);
        let run = on(&all, "import --any-data --format json").arg(&path).run().code(0);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&run.stdout).unwrap()["superseded"], 0);
        on(&all, &format!("list {id} --format ndjson -q")).run().code(0).stdout.lines().count()
    };
    assert_eq!((held(""), held("--id D")), (4, 3));
    // The next run removes sessions that were brought back.
    on(&db, "import --id D3 --any-data -q").arg(&path).run().code(0);
    assert_eq!(ids(&db).0, ["D0", "D1", "D3", "E9", "S0", "S1"]);
    out("--max-idle 1h --id S").run().code(0);
    assert_eq!((held(""), held("--id D3")), (4, 0));
    let run = swap(&db, "swap-in --all --from=swapped.ndjson.zst").run().code(2);
    assert!(run.stderr.contains("`tomcat-sessions import swapped.ndjson.zst"), "{run}");
}

#[tokio::test]
async fn an_archive_that_cannot_be_extended_is_not_changed() {
    let db = holding(&rows()).await;
    let dir = tempfile::TempDir::new().unwrap();
    let path = dir.path().join("swapped.ndjson");
    let out = || swap(&db, &format!("swap-out --max-idle 2h --to={}", path.display())).run();
    for text in ["not an archive", ""] {
        std::fs::write(&path, text).unwrap();
        out().code(1);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    out().code(2);
    std::fs::remove_dir(&path).unwrap();
    let lock = std::fs::File::options().write(true).open(dir.path().join("swapped.ndjson.lock")).unwrap();
    lock.lock().unwrap();
    out().code(12);
    lock.unlock().unwrap();
    assert_eq!(ids(&db).0.len(), 9);
    out().code(0);
    assert_eq!(ids(&db).0.len(), 5);
    swap(&db, "swap-out --max-idle 2h --to -").run().code(2);
    swap(&db, "swap-out --max-idle 2h --to filestore:x").run().code(2);
    swap(&db, "swap-out --max-idle 2h --to oracle://x/y").run().code(2);
}

#[tokio::test]
async fn another_swap_table_can_be_used() {
    let db = holding(&rows()).await;
    swap(&db, "swap-out --max-idle 2h --create --swap-table swapped").run().code(0);
    let listed = on(&db, "list --swapped --swap-table swapped --format ndjson -q").run().code(0);
    assert_eq!(listed.stdout.lines().count(), 4);
    on(&db, "list --swapped").run().code(11);
    db.sql("CREATE TABLE cellar (session_id TEXT PRIMARY KEY, app_name TEXT)").await;
    let run = swap(&db, "swap-out --max-idle 1h --swap-table cellar").run().code(11);
    assert!(run.stderr.contains("the table `cellar` cannot be used"), "{run}");
}

#[tokio::test]
async fn init_db_creates_the_swap_table() {
    let db = Scratch::reserve(Kind::Sqlite).unwrap();
    let run = on(&db, "init-db --with-swap-table --apply").run().code(0);
    assert!(run.stdout.contains("table     tomcat_sessions_swapped  "), "{run}");
    let mut store = db.open().await;
    assert_eq!(store.swap_table().await.unwrap().name(), "tomcat_sessions_swapped");
    assert!(store.shape().has_expiry_index(store.names(), store.dialect()));
    let (swapped, _) = store.into_swap_table().await.unwrap();
    assert!(swapped.shape().has_expiry_index(swapped.names(), swapped.dialect()));
    for engine in ["mysql", "mssql"] {
        let script = on(&db, &format!("init-db --with-swap-table --no-user --engine {engine}")).run().code(0).stdout;
        assert_eq!(
            script.matches("tomcat_sessions_swapped").count(),
            script.matches("tomcat_sessions").count() / 2,
            "{script}"
        );
    }
}

/// The sessions of an archive, each with its id and its last access in hours ago.
async fn archived(path: &std::path::Path) -> Vec<(String, i64)> {
    let db = holding(&[]).await;
    on(&db, &format!("import {} --quiet", path.display())).run().code(0);
    let mut store = db.open().await;
    let mut found = Vec::new();
    for (app, id) in listed(&db) {
        let session = store.get(&SessionKey::new(app, id.as_str())).await.unwrap().unwrap();
        found.push((id, (NOW.0 - session.meta.last_access.unwrap().0) / HOUR));
    }
    found
}

fn listed(db: &Scratch) -> Vec<(String, String)> {
    let listed = on(db, "list --format ndjson --quiet").run().code(0).stdout;
    let row = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        (row["app_name"].as_str().unwrap().to_owned(), row["session_id"].as_str().unwrap().to_owned())
    };
    listed.lines().map(row).collect()
}

fn at(id: &str, hours: i64) -> Session {
    session(DEMO, id, -1, NOW.0 - hours * HOUR)
}

#[tokio::test]
async fn an_archive_with_a_newer_state_keeps_it_and_the_row_is_kept() {
    let dir = tempfile::TempDir::new().unwrap();
    let path = dir.path().join("swapped.ndjson");
    let first = holding(&[at("D1", 3), at("D2", 3)]).await;
    swap(&first, &format!("swap-out --max-idle 2h --to {}", path.display())).run().code(0);
    let db = holding(&[at("D1", 5), at("D2", 5), at("D3", 5)]).await;
    db.open().await.insert(&[at("D2", 2)], OnConflict::Replace).await.unwrap();
    for dry_run in [" --dry-run", ""] {
        let args = format!("swap-out --max-idle 2h --to {}{dry_run}", path.display());
        let run = swap(&db, &args).run().code(0);
        assert!(run.stdout.contains("ove 2 sessions") || run.stdout.contains("oved 2 sessions"), "{run}");
        assert!(run.stdout.contains("Kept 1 session: newer in the target."), "{run}");
        assert!(run.stdout.contains("D1 of /Catalina/localhost/demo: the target has a newer state"), "{run}");
    }
    assert_eq!(ids(&db).0, ["D1"]);
    let expected = [("D1", 3), ("D2", 2), ("D3", 5)].map(|(id, hours)| (id.to_owned(), hours));
    assert_eq!(archived(&path).await, expected);
}

#[tokio::test]
async fn the_journal_resolves_an_archive_after_a_kill() {
    let dir = tempfile::TempDir::new().unwrap();
    let path = dir.path().join("swapped.ndjson");
    let journal = dir.path().join("swapped.ndjson.journal");
    let all = ["OLD", "OUT", "SAME", "USED", "WAS"].map(|id| at(id, 5));
    let first = holding(&all).await;
    swap(&first, &format!("swap-out --max-idle 2h --to {}", path.display())).run().code(0);
    assert!(!journal.exists(), "a run that came to its end leaves no journal");
    // The state left by a run that was killed while it deleted WAS, after copying all except OLD.
    let line = |what: &str, id: &str| format!("[\"{what}\",\"{id}\",\"{DEMO}\"]\n");
    let text: String = ["OUT", "SAME", "USED", "WAS"].map(|id| line("copied", id)).concat() + &line("deleting", "WAS");
    std::fs::write(&journal, text).unwrap();
    let warned = on(&holding(&[]).await, &format!("import {}", path.display())).run().code(0);
    assert!(warned.stderr.contains("was interrupted"), "{warned}");
    let db = holding(&[at("SAME", 5), at("USED", 0)]).await;
    let args = format!("swap-out --max-idle 9h --to {} --format json", path.display());
    for (round, removed) in [3, 0].into_iter().enumerate() {
        let run = swap(&db, &args).run().code(0);
        let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!((&report["reconciled"], &report["in_doubt"]), (&removed.into(), &1.into()), "{round}: {run}");
        assert_eq!(report["not_moved"][0]["session_id"], "WAS", "{run}");
        assert!(journal.exists());
    }
    assert_eq!(ids(&db).0, ["SAME", "USED"]);
    assert_eq!(archived(&path).await, [("OLD".to_owned(), 5), ("WAS".to_owned(), 5)]);
    // It turns out to be live.
    db.open().await.insert(&[at("WAS", 0)], OnConflict::Fail).await.unwrap();
    swap(&db, &args).run().code(0);
    assert!(!journal.exists());
    assert_eq!(archived(&path).await, [("OLD".to_owned(), 5)]);
}
