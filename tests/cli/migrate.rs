//! `migrate`.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tomcat_sessions::session::{EpochMillis, OnConflict, Session};

use crate::command;
use crate::run::Run;
use crate::streams::{object, with_values};
use crate::support::{Kind, NOW, Scratch, flip, sample, session};

async fn table(sessions: &[Session]) -> Scratch {
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    db.create_table("recommended").await;
    db.open().await.insert(sessions, OnConflict::Fail).await.unwrap();
    db
}

fn migrate(from: &Scratch, to: &Scratch, args: &str) -> Run {
    let run = command().args("migrate --from").arg(&from.url).arg("--to").arg(&to.url).args(args);
    run.hide(from.path().display(), "first.db").hide(to.path().display(), "second.db")
}

fn json(run: Run, code: i32) -> Value {
    serde_json::from_str(&run.args("--format json").run().code(code).stdout).unwrap()
}

async fn held(db: &Scratch) -> u64 {
    db.open().await.count_expired(NOW, None).await.unwrap().0
}

/// The lines without the duration.
fn steady(text: &str) -> String {
    let line = |line: &str| match line.split_once(", in ") {
        Some((before, time)) => format!("{before}, in TIME{}", &time[time.find(';').unwrap_or(time.len())..]),
        None => line.trim_end().to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn every_session_is_copied_and_compared() {
    let (from, to) = (table(&sample()).await, table(&[]).await);
    let run = migrate(&from, &to, "").run().code(0);
    insta::assert_snapshot!(steady(&run.stdout), @"
    PASS  NEW  CHANGED  MISSING  GONE      DATA
       1   26        0        0     0  58.4 KiB
       2    0        0        0     0       0 B

    Copied 26 sessions from `tomcat_sessions` of sqlite:first.db to `tomcat_sessions` of sqlite:second.db, in TIME; read 58.4 KiB of data.
    Read back 26 sessions after writing, with no change in the source: the target has every session of the source.
    ");
    assert_eq!(run.stderr, "");
    command().args("verify").arg(&from.url).arg(&to.url).run().code(0);
    // A second run changes nothing.
    let again = json(migrate(&from, &to, ""), 0);
    assert_eq!(again["written"], serde_json::json!({ "inserted": 0, "replaced": 0, "kept": 26 }));
}

/// Sessions that differ when they are read back are compared again at the end, and reported.
#[tokio::test]
async fn a_target_that_changes_the_data_is_detected() {
    for (ahead, alter) in [
        "UPDATE tomcat_sessions SET session_data = zeroblob(length(session_data))",
        "UPDATE tomcat_sessions SET max_inactive = max_inactive + 1",
        "DELETE FROM tomcat_sessions",
    ]
    .into_iter()
    .flat_map(|alter| [(false, alter), (true, alter)])
    {
        let mut sessions = sample();
        if ahead {
            // The clock of Tomcat is ahead of ours: that is no reason for a difference.
            sessions.iter_mut().for_each(|one| one.meta.last_access = Some(EpochMillis(NOW.0 + 120_000)));
        }
        let (from, to) = (table(&sessions).await, table(&[]).await);
        let id = sample()[3].meta.key.id.clone();
        to.sql(&format!(
            "CREATE TRIGGER altering AFTER INSERT ON tomcat_sessions WHEN NEW.session_id = '{id}'
            BEGIN {alter} WHERE session_id = NEW.session_id AND app_name = NEW.app_name; END"
        ))
        .await;
        let moved = json(migrate(&from, &to, ""), 4);
        let twins = sample().iter().filter(|session| session.meta.key.id == id).count();
        let verification = &moved["verification"];
        assert_eq!((&verification["behind"], &verification["read_back"]), (&twins.into(), &false.into()), "{moved}");
    }
}

#[tokio::test]
async fn a_dry_run_writes_nothing() {
    let (from, to) = (table(&sample()).await, table(&[]).await);
    let run = migrate(&from, &to, "--dry-run").run().code(0);
    assert!(run.stdout.contains("Would copy up to 26 sessions"), "{run}");
    assert_eq!(held(&to).await, 0);
}

#[tokio::test]
async fn init_creates_a_missing_table() {
    let (from, to) = (table(&sample()).await, Scratch::new(Kind::Sqlite).await.unwrap());
    let run = migrate(&from, &to, "").run().code(11);
    assert!(run.stderr.contains("hint: this is the target; --init creates its table\n"), "{run}");
    let run = migrate(&from, &to, "--init --dry-run").run().code(11);
    assert!(run.stderr.contains("hint: this is the target; a run without --dry-run creates its table\n"), "{run}");
    // The source does not have the structure of init-db.
    let run = migrate(&to, &from, "").run().code(11);
    assert!(run.stderr.contains("hint: this is the source") && !run.stderr.contains("init-db"), "{run}");
    // An existing table is not created.
    let wrong = Scratch::new(Kind::Sqlite).await.unwrap();
    wrong.sql("CREATE TABLE tomcat_sessions (session_id VARCHAR(100))").await;
    for args in ["", "--init"] {
        let run = migrate(&from, &wrong, args).run().code(11);
        assert!(
            run.stderr.contains("`tomcat-sessions check` with its --url") && !run.stderr.contains("--init"),
            "{run}"
        );
    }
    migrate(&from, &to, "--init").run().code(0);
    let nowhere = Scratch::reserve(Kind::Sqlite).unwrap();
    migrate(&from, &nowhere, "").run().code(10);
    migrate(&from, &nowhere, "--init --dry-run").run().code(10);
    assert!(!nowhere.path().exists());
    migrate(&from, &nowhere, "--init").run().code(0);
    assert_eq!((held(&to).await, held(&nowhere).await), (26, 26));
}

#[tokio::test]
async fn the_session_accessed_later_is_kept() {
    let (mut old, mut new) = (sample(), sample());
    old.truncate(2);
    new.truncate(2);
    new[0].meta.last_access = Some(EpochMillis(NOW.0 - 5));
    // The same last access, but other data: the source is right.
    flip(&mut new[1]);
    let (from, to) = (table(&old).await, table(&new).await);
    let moved = json(migrate(&from, &to, ""), 0);
    assert_eq!(moved["written"]["kept"], 2);
    assert_eq!(
        (&moved["verification"]["repaired"], &moved["verification"]["behind"]),
        (&1.into(), &0.into()),
        "{moved}"
    );
    let mut store = to.open().await;
    assert_eq!(store.get(&new[0].meta.key).await.unwrap().unwrap(), new[0]);
    assert_eq!(store.get(&old[1].meta.key).await.unwrap().unwrap(), old[1]);
}

#[tokio::test]
async fn sessions_that_do_not_fit_are_reported_and_the_rest_is_copied() {
    let mut sessions = sample();
    sessions[0].meta.key.app = None;
    let from = Scratch::new(Kind::Sqlite).await.unwrap();
    from.create_table("documented").await;
    from.open().await.insert(&sessions[..2], OnConflict::Fail).await.unwrap();
    let to = table(&[]).await;
    let run = migrate(&from, &to, "").run().code(3);
    assert!(run.stdout.contains("Skipped 1 session:"), "{run}");
    assert!(run.stdout.contains("of no application: it has no application"), "{run}");
    assert!(run.stdout.contains("the target has all sessions of the source except the skipped ones."), "{run}");
    assert!(run.stderr.starts_with("warning: 1 of the source's sessions have no application"), "{run}");
    assert!(!run.stdout.contains(&sessions[0].meta.key.id), "a whole id on a terminal");
    let left = json(migrate(&from, &to, ""), 3);
    assert_eq!(left["rejected"][0]["session_id"], sessions[0].meta.key.id.as_str());
}

#[tokio::test]
async fn an_unusable_target_is_refused_before_the_copy() {
    let from = table(&sample()).await;
    let to = table(&[]).await;
    to.sql("ALTER TABLE tomcat_sessions ADD COLUMN node TEXT NOT NULL DEFAULT ''").await;
    migrate(&from, &to, "").run().code(0);
    let to = Scratch::new(Kind::Sqlite).await.unwrap();
    to.sql(
        "CREATE TABLE tomcat_sessions (session_id TEXT PRIMARY KEY, app_name TEXT, valid_session TEXT, \
         max_inactive INTEGER, last_access INTEGER, session_data BLOB, node TEXT NOT NULL)",
    )
    .await;
    let run = migrate(&from, &to, "").run().code(11);
    assert!(run.stdout.contains("[schema.extra-column]") && run.stderr.contains("nothing was written"), "{run}");
    assert_eq!(held(&to).await, 0);
}

#[tokio::test]
async fn a_simultaneous_run_is_refused() {
    let (from, to) = (table(&sample()).await, table(&[]).await);
    let mut store = to.open().await;
    store.lock(Duration::ZERO).await.unwrap();
    migrate(&from, &to, "").run().code(12);
    migrate(&from, &to, "--dry-run").run().code(0);
    store.unlock().await.unwrap();
    migrate(&from, &to, "").run().code(0);
}

#[tokio::test]
async fn max_time_ends_the_run_and_another_finishes() {
    let sessions: Vec<Session> = (0..9_000).map(|n| session("/a", &format!("{n:032X}"), 60, NOW.0)).collect();
    let (from, to) = (table(&sessions).await, table(&[]).await);
    let cut = json(migrate(&from, &to, "--max-time 0"), 3);
    assert_eq!(cut["ended"], "max-time");
    assert!(cut["written"]["inserted"].as_u64().unwrap() < 9_000 && cut["verification"].is_null(), "{cut}");
    assert_eq!(held(&to).await, cut["written"]["inserted"].as_u64().unwrap());
    assert_eq!(json(migrate(&from, &to, ""), 0)["verification"]["same"], 9_000);
}

/// Starts a run with --follow, waits until the target has `n` sessions, and calls the function.
async fn following(from: &Scratch, to: &Scratch, n: u64, args: &[&str]) -> std::process::Child {
    let child = Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"))
        .env_clear()
        .env("TOMCAT_SESSIONS_CLOCK", NOW.0.to_string())
        .args(["migrate", "--format", "json", "--from", &from.url, "--to", &to.url, "--follow"])
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    for _ in 0..100 {
        if held(to).await == n {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    child
}

#[tokio::test]
async fn a_signal_ends_follow_with_a_correct_summary() {
    let (from, to) = (table(&sample()).await, table(&[]).await);
    let child = following(&from, &to, 26, &[]).await;
    from.open().await.insert(&[session("/new", "NEW", 60, NOW.0)], OnConflict::Fail).await.unwrap();
    for _ in 0..100 {
        if held(&to).await == 27 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&result["ended"], &result["written"]["inserted"]), (&"interrupted".into(), &27.into()), "{result}");
    assert_eq!(
        (&result["verification"]["same"], &result["verification"]["behind"]),
        (&27.into(), &0.into()),
        "{result}"
    );
}

/// The table of passes, the sentences below it, the JSON and the rows of the target have the same numbers if a copy is
/// interrupted.
#[tokio::test]
async fn an_interrupted_copy_is_reported_correctly() {
    let big = |n: u32| {
        let mut session = session("/a", &format!("{n:032X}"), 60, NOW.0);
        session.data = Some(vec![7u8; 20_000].into());
        session.meta.size = Some(20_000);
        session
    };
    let sessions: Vec<Session> = (0..600).map(big).collect();
    for format in ["table", "json"] {
        let (from, to) = (table(&sessions).await, table(&[]).await);
        // At 1 MB per second the copy takes 12 s; it is interrupted after the first batch.
        let child = Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"))
            .env_clear()
            .env("TOMCAT_SESSIONS_CLOCK", NOW.0.to_string())
            .args(["migrate", "--format", format, "--from", &from.url, "--to", &to.url])
            .args(["--max-rate", "1MB", "--unreadable", "keep"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        while held(&to).await == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        let output = child.wait_with_output().unwrap();
        let output_text = format!("{output:?}");
        assert_eq!(output.status.code(), Some(130), "{output_text}");
        let written = held(&to).await;
        assert!(written > 0 && written < 600, "{written} of 600 were written: nothing was interrupted");
        let text = String::from_utf8(output.stdout).unwrap();
        let (taken, bytes, copied, unwritten) = if format == "json" {
            let report: Value = serde_json::from_str(&text).unwrap();
            let pass = &report["passes"][0];
            let number = |value: &Value| value.as_u64().unwrap();
            assert_eq!((report["passes"].as_array().unwrap().len(), &report["ended"]), (1, &"interrupted".into()));
            let written = ["inserted", "replaced", "kept"].map(|name| number(&report["written"][name]));
            (
                number(&pass["new"]),
                number(&report["bytes"]),
                written[0],
                number(&pass["new"]) - written.iter().sum::<u64>(),
            )
        } else {
            let number = |word: &str| word.replace(',', "").parse::<u64>().unwrap();
            let row: Vec<&str> = text.lines().nth(1).unwrap().split_whitespace().collect();
            assert_eq!([row[0], row[2], row[3], row[4]], ["1", "0", "0", "0"], "{text}");
            let line = |with: &str| text.lines().find(|line| line.contains(with));
            let copied = line("Copied ").unwrap_or_else(|| panic!("{text}"));
            assert!(copied.contains(&format!("; read {} {} of data.", row[5], row[6])), "{text}");
            let unwritten = line("had been read but not written when the run ended");
            let unwritten = unwritten.map_or(0, |line| number(line.split(' ').next().unwrap()));
            assert!(line("Stopped early: interrupted.").is_some(), "{text}");
            let taken = number(row[1]);
            (taken, taken * 20_000, number(copied.split(' ').nth(1).unwrap()), unwritten)
        };
        assert_eq!((copied, copied + unwritten, taken * 20_000), (written, taken, bytes), "{output_text}");
    }
}

#[tokio::test]
async fn delete_gone_deletes_sessions_that_left_the_source() {
    let stranger = session("/other", "STRANGER", 60, NOW.0);
    let (from, to) = (table(&sample()).await, table(std::slice::from_ref(&stranger)).await);
    let child = following(&from, &to, 27, &["--delete-gone", "--until-quiet", "1s"]).await;
    from.sql("DELETE FROM tomcat_sessions WHERE app_name = '/Catalina/localhost/demo9'").await;
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&result["ended"], &result["deleted"]), (&"quiet".into(), &4.into()), "{result}");
    // Sessions that were never in the source are kept.
    assert_eq!(held(&to).await, 23);
    assert!(to.open().await.get(&stranger.meta.key).await.unwrap().is_some());
}

#[tokio::test]
async fn sessions_with_gadgets_are_skipped_and_reported() {
    let bad = with_values("BAD0", [object("a.A"), object("[Lbsh.XThis;"), object("a.C"), object("a.D")]);
    let good = with_values("600D", [object("a.A"), object("a.B"), object("a.C"), object("a.D")]);
    let (from, to) = (table(&[bad, good]).await, table(&[]).await);
    let dry = json(migrate(&from, &to, "--dry-run"), 3);
    assert_eq!(dry["rejected"].as_array().unwrap().len(), 1, "{dry}");
    let moved = json(migrate(&from, &to, ""), 3);
    let reason = moved["rejected"][0]["reason"].as_str().unwrap();
    assert!(reason.starts_with("it contains `[Lbsh.XThis;`, a class used in deserialization attacks"), "{moved}");
    assert_eq!((&moved["verification"]["behind"], held(&to).await), (&0.into(), 1));
    json(migrate(&from, &to, "--no-gadget-check"), 0);
    assert_eq!(held(&to).await, 2);
}

#[tokio::test]
async fn filters_select_what_is_copied_and_compared() {
    let (from, to) = (table(&sample()).await, table(&[]).await);
    let moved = json(migrate(&from, &to, "--app demo9 --app demo11"), 0);
    assert_eq!((&moved["written"]["inserted"], &moved["verification"]["behind"]), (&9.into(), &0.into()), "{moved}");
    assert_eq!(held(&to).await, 9);
    migrate(&from, &to, "--app nobody").run().code(0);
    let live = json(migrate(&from, &to, "--state live"), 0);
    assert_eq!(live["verification"]["behind"], 0, "{live}");
    assert!(held(&to).await > 9 && held(&to).await < 26);
}

/// Users who logged out while the other store was in use would be logged in again.
#[tokio::test]
async fn live_sessions_only_in_the_target_are_reported() {
    let only = |id: &str, last_access: i64| session("/Catalina/localhost/demo", id, 1800, last_access);
    let (from, to) = (table(&sample()).await, table(&sample()[..3]).await);
    // Two live sessions, one that never expires, one expired.
    let stale = [only("L1", NOW.0), only("L2", NOW.0 - 1000), session("/a", "N", -1, 1), only("E", 1)];
    to.open().await.insert(&stale, OnConflict::Fail).await.unwrap();
    for args in ["--dry-run", "", "--no-verify"] {
        let run = migrate(&from, &to, args).run().code(0);
        assert!(run.stderr.contains("warning: The target has 3 live sessions that the source does not have"), "{run}");
        assert!(run.stderr.contains("delete --app '*' --app NULL --all"), "{run}");
    }
    let filtered = migrate(&from, &to, "--app /a --format json").run().code(0);
    let result: Value = serde_json::from_str(&filtered.stdout).unwrap();
    assert_eq!(result["live_only_in_target"], 1, "{filtered}");
    // The command in the warning empties the target.
    command().args("delete --all --table tomcat_sessions --url").arg(&to.url).args("--app").arg("*").run().code(0);
    let run = migrate(&from, &to, "").run().code(0);
    assert_eq!(run.stderr, "");
    assert_eq!(held(&to).await, 26);
}

/// A session that changes during the copy counts once.
#[tokio::test]
async fn a_changed_session_is_counted_once() {
    let (from, to) = (table(&sample()).await, table(&[]).await);
    let mut older = sample();
    older.iter_mut().for_each(|one| one.meta.last_access = one.meta.last_access.map(|at| EpochMillis(at.0 - 1)));
    to.open().await.insert(&older[..5], OnConflict::Fail).await.unwrap();
    let run = migrate(&from, &to, "").run().code(0);
    assert!(run.stdout.contains("\nCopied 26 sessions from "), "{run}");
    let again = json(migrate(&from, &to, "--dry-run"), 0);
    assert!(again.get("written").is_none() && again.get("deleted").is_none(), "{again}");
    assert_eq!(again["would_write"]["inserted"], 26, "{again}");
}
