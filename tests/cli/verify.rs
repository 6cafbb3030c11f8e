//! `verify`.

use tomcat_sessions::session::{EpochMillis, OnConflict, Session};

use crate::command;
use crate::run::Run;
use crate::support::{Kind, Scratch, flip, sample};

async fn table(sessions: &[Session]) -> Scratch {
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    db.create_table("recommended").await;
    db.open().await.insert(sessions, OnConflict::Fail).await.unwrap();
    db
}

fn verify(from: &Scratch, to: &Scratch, args: &str) -> Run {
    let run = command().args("verify").arg(&from.url).arg(&to.url).args(args);
    run.hide(from.path().display(), "first.db").hide(to.path().display(), "second.db")
}

/// Three sessions, and a copy that lacks the first, has other data in the second, and one more session.
async fn two() -> (Scratch, Scratch) {
    let mut sessions = sample();
    sessions.sort_by(|a, b| a.meta.key.cmp(&b.meta.key));
    let from = table(&sessions[..3]).await;
    let mut copies = sessions[1..4].to_vec();
    flip(&mut copies[0]);
    (from, table(&copies).await)
}

#[tokio::test]
async fn equal_stores_have_no_differences() {
    let (from, to) = (table(&sample()).await, table(&sample()).await);
    let run = verify(&from, &to, "").run().code(0);
    assert!(run.stdout.ends_with("26 sessions are the same: no difference.\n"), "{run}");
    let one = command().args("verify --url").arg(&from.url).arg(&to.url).run().code(0);
    assert!(one.stdout.contains("26 sessions are the same"), "{one}");
}

#[tokio::test]
async fn differences_are_listed_and_end_with_4() {
    let (from, to) = two().await;
    let run = verify(&from, &to, "").run().code(4);
    let lines: Vec<&str> = run.stdout.lines().map(str::trim_end).collect();
    let kinds: Vec<&str> = lines[1..4].iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(kinds, ["missing", "different", "extra"], "{run}");
    assert!(run.stdout.ends_with("Differences: 1 session missing from the second store, 1 session only in the second store, 1 session different; 1 session is the same.\n"), "{run}");
    for session in sample() {
        assert!(!run.stdout.contains(&session.meta.key.id), "a whole id on a terminal: {run}");
    }
    let json = verify(&from, &to, "--format json").run().code(4);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let kinds: Vec<_> = json["differences"].as_array().unwrap().iter().map(|d| d["kind"].clone()).collect();
    assert_eq!(kinds, ["missing", "different", "extra"]);
    assert_eq!(json["differences"][1]["columns"], serde_json::json!(["data"]));
    assert_eq!(
        (&json["differences"][0]["to"]["present"], &json["differences"][2]["from"]["present"]),
        (&false.into(), &false.into())
    );
    assert!(json["differences"][0]["session_id"].as_str().unwrap().len() >= 32);
    let csv = verify(&from, &to, "--format csv --limit 2").run().code(4);
    assert_eq!(csv.stdout.lines().count(), 3, "{csv}");
    let columns: Vec<usize> = csv.stdout.lines().map(|line| line.split(',').count()).collect();
    assert!(columns.iter().all(|n| *n == columns[0]), "{csv}");
}

#[tokio::test]
async fn sessions_saved_during_the_comparison_are_not_differences() {
    let from = table(&sample()).await;
    let mut copies = sample();
    copies[0].meta.last_access = Some(EpochMillis(crate::support::NOW.0 + 1));
    let to = table(&copies).await;
    let run = verify(&from, &to, "").run().code(0);
    assert!(run.stdout.ends_with("no difference. Tomcat changed 1 session in the meantime.\n"), "{run}");
    assert!(run.stdout.contains("changed"), "{run}");
}

#[tokio::test]
async fn a_table_is_not_compared_with_itself() {
    let from = table(&[]).await;
    let run = verify(&from, &from, "").run().code(2);
    assert!(run.stderr.contains("both stores are the table"), "{run}");
}

#[tokio::test]
async fn the_second_table_may_have_another_name() {
    let from = table(&sample()).await;
    from.sql("CREATE TABLE other AS SELECT session_id AS sid, app_name, valid_session, max_inactive, last_access, session_data FROM tomcat_sessions").await;
    let args = "--to-table other --to-columns id=sid";
    let run = command().args("verify").arg(&from.url).arg(&from.url).args(args).run().code(0);
    assert!(run.stdout.contains("26 sessions are the same"), "{run}");
    command().args("verify").arg(&from.url).arg(&from.url).args("--to-table none").run().code(11);
}

/// An archive of a store, and its directory.
fn archive(db: &Scratch) -> (tempfile::TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("sessions.ndjson.zst");
    command().args("export --url").arg(&db.url).arg(&path).run().code(0);
    (dir, path)
}

#[tokio::test]
async fn an_archive_is_compared_with_a_store() {
    let from = table(&sample()).await;
    let (dir, archive) = archive(&from);
    let run = command().args("verify --url").arg(&from.url).arg(&archive).run().code(0);
    assert!(run.stdout.ends_with("26 sessions are the same: no difference.\n"), "{run}");
    from.sql("DELETE FROM tomcat_sessions WHERE app_name = '/Catalina/localhost/demo9'").await;
    from.sql("UPDATE tomcat_sessions SET session_data = X'ACED0005' WHERE app_name LIKE '%demo11'").await;
    let run = command().args("verify").arg(&archive).arg(&from.url).args("--format json").run().code(4);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&json["missing"], &json["extra"]), (&4.into(), &0.into()), "{run}");
    assert!(json["different"].as_u64().unwrap() > 0, "{run}");
    assert_eq!((&json["from"]["engine"], &json["from"]["table"]), (&"sqlite".into(), &"tomcat_sessions".into()));
    for (first, second, expected_text) in [
        (archive.as_os_str(), from.url.as_ref(), "missing from the store, "),
        (from.url.as_ref(), archive.as_os_str(), "only in the archive, "),
    ] {
        let run = command().args("verify").arg(first).arg(second).run().code(4);
        assert!(run.stdout.contains(&format!("Differences: 4 sessions {expected_text}")), "{run}");
    }
    let two = command().args("verify").arg(&archive).arg(&archive).run().code(0);
    assert!(two.stdout.ends_with("26 sessions are the same: no difference.\n"), "{two}");
    let piped = std::process::Command::new("sh")
        .args(["-c", "cat \"$1\" | \"$0\" verify - \"$1\""])
        .arg(assert_cmd::cargo::cargo_bin!("tomcat-sessions"))
        .arg(&archive)
        .output()
        .unwrap();
    assert!(piped.status.success(), "{piped:?}");
    drop(dir);
    let run = command().args("verify").arg(&archive).arg(&from.url).run().code(1);
    assert!(run.stderr.contains("cannot open archive"), "{run}");
}

#[tokio::test]
async fn sessions_saved_after_the_archive_are_not_differences() {
    let from = table(&sample()).await;
    let (_dir, archive) = archive(&from);
    // The archive was written at this time of the tests' clock; the comparison is made an hour later.
    let hour = 3_600_000;
    let mut later = sample();
    later[0].meta.last_access = Some(EpochMillis(crate::support::NOW.0 + 1));
    flip(&mut later[0]);
    later.push(crate::support::session("/new", "NEW", 60, crate::support::NOW.0 + 2));
    let to = table(&later).await;
    let clock = (crate::support::NOW.0 + hour).to_string();
    let run = command().args("verify").arg(&archive).arg(&to.url).env("TOMCAT_SESSIONS_CLOCK", clock).run().code(0);
    assert!(run.stdout.ends_with("no difference. Tomcat changed 2 sessions in the meantime.\n"), "{run}");
}

#[tokio::test]
async fn damaged_archives_and_filestores_are_refused() {
    let from = table(&sample()).await;
    let (_dir, archive) = archive(&from);
    let whole = std::fs::read(&archive).unwrap();
    std::fs::write(&archive, &whole[..whole.len() / 2]).unwrap();
    let run = command().args("verify").arg(&from.url).arg(&archive).run().code(1);
    assert!(run.stderr.contains("cannot use archive"), "{run}");
    let run = command().args("verify").arg(&from.url).args("filestore:/tmp").run().code(2);
    assert!(run.stderr.contains("import filestore:DIR --app NAME"), "{run}");
    command().args("verify").arg(&from.url).args("oracle://localhost/x").run().code(2);
}
