//! `import`.

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tomcat_sessions::archive::{Encoder, Header};
use tomcat_sessions::session::{OnConflict, Session, SessionKey};

use crate::run::Run;
use crate::store::{each_state, holding, on};
use crate::streams::{object, row, with_values};
use crate::support::{NOW, Scratch, sample, session};

/// The archive of the sample written by version 0.1.0, uncompressed.
const V1: &str = include_str!("../fixtures/archive-v1.ndjson");

fn fixture(name: &str) -> String {
    format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// An archive of these sessions.
fn archive(sessions: &[Session]) -> String {
    let (mut encoder, mut out) = (Encoder::default(), Vec::new());
    encoder.header(&Header::new("sqlite", "3", "tomcat_sessions", "other", NOW.0));
    sessions.iter().for_each(|session| encoder.session(session, &mut out).unwrap());
    encoder.trailer(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// `import` of a file with this text.
fn import(db: &Scratch, dir: &TempDir, args: &str, text: &str) -> Run {
    let path = dir.path().join("archive");
    fs::write(&path, text).unwrap();
    on(db, args).hide(dir.path().display(), "DIR").arg(path)
}

async fn get(db: &Scratch, key: &SessionKey) -> Option<Session> {
    db.open().await.get(key).await.unwrap()
}

async fn left(db: &Scratch) -> u64 {
    db.open().await.count_expired(NOW, None).await.unwrap().0
}

#[tokio::test]
async fn archives_of_version_1_are_read_for_ever() {
    for name in ["archive-v1.ndjson", "archive-v1.ndjson.gz", "archive-v1.ndjson.zst"] {
        let db = holding(&[]).await;
        let done = on(&db, "import").arg(fixture(name)).run().code(0);
        assert!(done.stdout.starts_with("Imported 26 of 26 sessions, in "), "{done}");
        for session in sample() {
            assert_eq!(get(&db, &session.meta.key).await.as_ref(), Some(&session), "{name}");
        }
    }
}

#[tokio::test]
async fn every_column_is_imported_including_nulls() {
    let from = Scratch::new(crate::support::Kind::Sqlite).await.unwrap();
    // NULL wherever possible, which no profile allows.
    let table = "CREATE TABLE tomcat_sessions (session_id varchar(100) PRIMARY KEY, app_name varchar(255), \
                 valid_session char(1), max_inactive bigint, last_access bigint, session_data blob)";
    from.sql(table).await;
    let mut sessions = each_state();
    sessions[3].meta.last_access = None;
    sessions[3].meta.max_inactive = None;
    sessions[3].meta.valid = None;
    sessions[3].meta.size = None;
    sessions[2].meta.max_inactive = Some(i64::MIN);
    sessions[1].data = Some(Vec::new().into());
    sessions[1].meta.size = Some(0);
    from.open().await.insert(&sessions, OnConflict::Fail).await.unwrap();
    // A file, because paths in captured output are replaced, and the header contains the store's path.
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("sessions.ndjson");
    on(&from, "export").arg(&file).run().code(0);
    let to = Scratch::new(crate::support::Kind::Sqlite).await.unwrap();
    to.sql(table).await;
    on(&to, "import --any-data").arg(&file).run().code(0);
    for session in sessions {
        assert_eq!(get(&to, &session.meta.key).await, Some(session));
    }
}

#[tokio::test]
async fn each_conflict_rule() {
    let dir = TempDir::new().unwrap();
    let one = |last_access| session("/Catalina/localhost/demo", "A", 60, last_access);
    for (rule, there, code, stays) in
        [("newer", 5, 0, 6), ("newer", 7, 0, 7), ("skip", 5, 0, 5), ("replace", 7, 0, 6), ("fail", 5, 1, 5)]
    {
        let db = holding(&[one(there)]).await;
        let args = format!("import --on-conflict {rule}");
        let done = import(&db, &dir, &args, &archive(&[one(6)])).run().code(code);
        assert_eq!(get(&db, &one(0).meta.key).await, Some(one(stays)), "{rule}: {done}");
        // Another run would end in the same way.
        assert_eq!(done.stderr.contains("hint: use --on-conflict newer, skip or replace"), rule == "fail", "{done}");
        assert!(!done.stderr.contains("run the command again"), "{done}");
    }
}

#[tokio::test]
async fn a_later_record_replaces_an_earlier_one() {
    let dir = TempDir::new().unwrap();
    let db = holding(&[]).await;
    let one = |last_access| session("/Catalina/localhost/demo", "A", 60, last_access);
    let twice = archive(&[one(5), one(9), one(6)]);
    import(&db, &dir, "import --on-conflict fail", &twice).run().code(0);
    assert_eq!(get(&db, &one(0).meta.key).await, Some(one(6)));
}

#[tokio::test]
async fn a_dry_run_reports_what_would_be_written() {
    let dir = TempDir::new().unwrap();
    let db = holding(&each_state()[..1]).await;
    let done = import(&db, &dir, "import --dry-run --drop-expired", &archive(&each_state())).run().code(0);
    let expected_text = "Would import 2 of 4 sessions (1 kept as they are in the table, 1 expired and skipped).";
    assert!(done.stdout.starts_with(expected_text), "{done}");
    assert_eq!(left(&db).await, 1);
    // With other names than in the archive.
    for (dry_run, [inserted, replaced], not) in [
        (" --dry-run", ["would_insert", "would_replace"], ["inserted", "replaced"]),
        ("", ["inserted", "replaced"], ["would_insert", "would_replace"]),
    ] {
        let args = format!("import --format json --on-conflict replace{dry_run}");
        let done = import(&db, &dir, &args, &archive(&each_state())).run().code(0);
        let report: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
        assert_eq!(
            (&report[inserted], &report[replaced], &report["kept"]),
            (&3.into(), &1.into(), &0.into()),
            "{done}"
        );
        assert!(not.iter().all(|name| report.get(name).is_none()), "{done}");
    }
}

#[tokio::test]
async fn applications_are_selected_and_renamed() {
    let dir = TempDir::new().unwrap();
    let db = holding(&[]).await;
    let args = "import --app shop --rename-app shop=/Catalina/localhost/store";
    import(&db, &dir, args, &archive(&each_state())).run().code(0);
    assert_eq!(db.open().await.apps().await.unwrap(), [Some("/Catalina/localhost/store".to_owned())]);
    let wrong = import(&db, &dir, "import --rename-app shop=store", V1).run().code(2);
    assert!(wrong.stderr.contains("demo=/Catalina/localhost/shop"), "{wrong}");
}

#[tokio::test]
async fn merging_applications_keeps_the_newer_session_and_reports_the_other() {
    let dir = TempDir::new().unwrap();
    let app = |name: &str| format!("/Catalina/localhost/{name}");
    let at = |name: &str, last_access: i64| session(&app(name), "S1", -1, last_access);
    // In both orders, renamed or not; a repeated session has its later record compared with the other session.
    let (newer, older) = (NOW.0 - 1_000, NOW.0 - 900_000);
    let cases = [
        (vec![at("shop##2", newer), at("shop##1", older)], 0, "shop##1"),
        (vec![at("shop##1", older), at("shop##2", newer)], 1, "shop##1"),
        (vec![at("shop", newer), at("shop##2", older)], 0, "shop##2"),
        (vec![at("shop##1", older), at("shop", newer)], 1, "shop##1"),
        (vec![at("shop##1", newer), at("shop##1", newer - 1), at("shop##2", newer)], 2, "shop##1"),
    ];
    for (case, (sessions, stays, loser)) in cases.into_iter().enumerate() {
        let db = holding(&[]).await;
        let args = "import --rename-app shop##1=/Catalina/localhost/shop --rename-app shop##2=/Catalina/localhost/shop";
        for dry_run in [" --dry-run", ""] {
            let done = import(&db, &dir, &format!("{args}{dry_run}"), &archive(&sessions)).run().code(3);
            let expected_text = format!("1 of {} sessions (1 skipped)", sessions.len());
            assert!(done.stdout.contains(&expected_text), "{case}: {done}");
            let named = format!("of {}: a session of ", app(loser));
            assert!(done.stderr.contains(&named), "{case}: {done}");
        }
        let mut expected = sessions[stays].clone();
        expected.meta.key.app = Some(app("shop"));
        assert_eq!(get(&db, &expected.meta.key).await, Some(expected), "{case}");
        assert_eq!(left(&db).await, 1);
    }
}

#[tokio::test]
async fn a_damaged_archive_is_refused_before_anything_is_written() {
    let dir = TempDir::new().unwrap();
    let lines: Vec<&str> = V1.lines().collect();
    let part = |from: usize, to: usize| lines[from..to].join("\n") + "\n";
    let flipped = V1.replacen("rO0ABXNyAA5qYXZh", "rO0ABXNyAA5qYXZi", 1);
    let data = V1.find("rO0ABX").unwrap();
    let unreadable = format!("{}*{}", &V1[..data], &V1[data + 1..]);
    for (text, expected_text) in [
        (part(0, 20), "line 21: the archive ends without a trailer, after 19 sessions"),
        (V1[..V1.len() / 2].to_owned(), ": EOF while parsing a string (column "),
        (flipped, "line 2: the SHA-256 of its data is not"),
        (unreadable, "line 2: session_data: Invalid symbol 42, offset 0"),
        (format!("{V1}{V1}"), "line 29: a second archive follows the trailer"),
        (part(0, 3) + V1, "line 4: a second header"),
        (
            part(0, 2) + lines[3] + "\n" + lines[2] + "\n" + &part(4, 28),
            "line 28: the SHA-256 of the lines before the trailer",
        ),
        (V1.replacen(",\"length\"", ",\"size\"", 1), "line 2: unknown field `size`"),
        (V1.replacen("\"valid_session\":\"1\",", "", 1), "line 2: missing field `valid_session`"),
        (part(0, 2) + &"x".repeat(100 << 20) + "\n" + &part(2, 28), "line 3: a line is longer than 89"),
    ] {
        let db = holding(&[]).await;
        let done = import(&db, &dir, "import", &text).run().code(1);
        let message = format!(
            "error: cannot use archive `DIR/archive`: {}",
            if expected_text.starts_with(':') { "line " } else { expected_text }
        );
        assert!(done.stderr.contains(&message) && done.stderr.contains(expected_text), "{expected_text}: {done}");
        assert!(done.stderr.contains("hint: `tomcat-sessions import --allow-truncated FILE`"), "{done}");
        assert_eq!(left(&db).await, 0, "{expected_text}");
        // The intact sessions can be imported, and missing ones are reported.
        let done = import(&db, &dir, "import --allow-truncated", &text).run().code(3);
        assert!(done.stderr.contains("warning: Skipped: line "), "{done}");
        assert!((18..=26).contains(&left(&db).await) || text.len() < V1.len() / 2 + 2, "{expected_text}: {done}");
    }
}

#[tokio::test]
async fn rejects_files_that_are_no_archives() {
    let dir = TempDir::new().unwrap();
    let db = holding(&[]).await;
    let newer = V1.replacen("\"version\":1,\"needs\":\"0.1.0\"", "\"version\":2,\"needs\":\"0.7.0\"", 1);
    for (text, expected_text) in [
        (
            newer.as_str(),
            "line 1: the archive has version 2, and this program reads version 1: it needs tomcat-sessions 0.7.0",
        ),
        ("", "line 1: it is empty, not an archive"),
        ("INSERT INTO `tomcat_sessions`\n", "line 1: this is not an archive of sessions"),
        ("\u{1f}\u{fffd}", "line 1: this is not an archive of sessions"),
    ] {
        for args in ["import", "import --allow-truncated"] {
            let done = import(&db, &dir, args, text).run().code(1);
            assert!(done.stderr.contains(expected_text), "{expected_text}: {done}");
            // A file written by another version is an archive.
            let hint = done.stderr.contains("hint: use a file that `tomcat-sessions export` wrote, or filestore:DIR");
            assert_eq!(hint, text != newer, "{done}");
        }
    }
    let done = on(&db, "import no-such-archive").run().code(1);
    assert!(done.stderr.contains("cannot open archive `no-such-archive`: No such file"), "{done}");
}

#[tokio::test]
async fn truncated_compressed_archives() {
    for name in ["archive-v1.ndjson.gz", "archive-v1.ndjson.zst"] {
        let dir = TempDir::new().unwrap();
        let db = holding(&[]).await;
        let whole = fs::read(fixture(name)).unwrap();
        let path = dir.path().join(name);
        fs::write(&path, &whole[..whole.len() - 100]).unwrap();
        let done = on(&db, "import").arg(&path).run().code(1);
        assert!(done.stderr.contains("cannot continue reading: "), "{name}: {done}");
        assert_eq!(left(&db).await, 0);
        on(&db, "import --allow-truncated").arg(&path).run().code(3);
    }
}

#[tokio::test]
async fn a_pipe_is_checked_while_it_is_imported() {
    let db = holding(&[]).await;
    on(&db, "import -").stdin(V1).run().code(0);
    assert_eq!(left(&db).await, 26);
    let db = holding(&[]).await;
    let cut: String = V1.lines().take(20).map(|line| format!("{line}\n")).collect();
    let done = on(&db, "import -").stdin(&cut).run().code(1);
    assert!(done.stdout.starts_with("Imported 19 of 19 sessions"), "{done}");
    assert!(done.stderr.contains("cannot use archive `-`: line 21: the archive ends without a trailer"), "{done}");
}

#[tokio::test]
async fn data_that_tomcat_could_not_load() {
    let dir = TempDir::new().unwrap();
    let db = holding(&[]).await;
    let mut text = session("/Catalina/localhost/demo", "A", 60, 1);
    text.data = Some(b"#!/bin/sh"[..].into());
    text.meta.size = Some(9);
    let archive = archive(&[text.clone(), each_state().remove(0)]);
    let done = import(&db, &dir, "import", &archive).run().code(3);
    let expected_text = "Skipped session A of /Catalina/localhost/demo: its data do not begin like a Java";
    assert!(done.stderr.contains(expected_text), "{done}");
    assert_eq!(left(&db).await, 1);
    import(&db, &dir, "import --any-data", &archive).run().code(0);
    assert_eq!(get(&db, &text.meta.key).await, Some(text));
}

/// `--any-data` includes `--unreadable keep`, and also accepts data that are not a stream; attacks in data that cannot
/// be decoded are refused with both.
#[tokio::test]
async fn any_data_keeps_what_cannot_be_decoded() {
    let dir = TempDir::new().unwrap();
    let values = |class| with_values("WH01E", [object(class), object("a.B"), object("a.C"), object("a.D")]);
    let cut = |id: &str, class| {
        let data = values(class).data.unwrap();
        row(id, data[..data.len() - 3].to_vec())
    };
    let sessions = [values("a.A"), cut("CUT", "a.A"), cut("ATTACK", "bsh.XThis"), row("TEXT", b"#!/bin/sh".to_vec())];
    let (keep, any) = ("its data cannot be decoded completely", "its data do not begin like a Java");
    let attack = "it contains `bsh.XThis`, a class used in deserialization attacks";
    for (options, taken, left_out) in [
        ("", &["WH01E"][..], &[("CUT", keep), ("ATTACK", attack), ("TEXT", any)][..]),
        ("--unreadable skip", &["WH01E"], &[("CUT", keep), ("ATTACK", attack), ("TEXT", any)]),
        ("--unreadable keep", &["CUT", "WH01E"], &[("ATTACK", attack), ("TEXT", any)]),
        ("--any-data", &["CUT", "TEXT", "WH01E"], &[("ATTACK", attack)]),
        ("--any-data --unreadable skip", &["CUT", "TEXT", "WH01E"], &[("ATTACK", attack)]),
        ("--any-data --no-gadget-check", &["ATTACK", "CUT", "TEXT", "WH01E"], &[]),
    ] {
        let db = holding(&[]).await;
        let done = import(&db, &dir, &format!("import {options}"), &archive(&sessions)).run();
        let done = done.code(if left_out.is_empty() { 0 } else { 3 });
        let mut ids = Vec::new();
        for session in &sessions {
            let found = get(&db, &session.meta.key).await;
            assert!(found.is_none() || found.as_ref() == Some(session), "{options}");
            ids.extend(found.map(|session| session.meta.key.id));
        }
        ids.sort();
        assert_eq!(ids, taken, "{options}: {done}");
        // One option for all, although several were suggested.
        let all = done.stderr.contains("--any-data accepts all 2 sessions whose data cannot be decoded.");
        assert_eq!(all, left_out.len() == 3, "{options}: {done}");
        for (id, why) in left_out {
            let named = |line: &str| line.contains(&format!("session {id} of ")) && line.contains(why);
            assert!(done.stderr.lines().any(named), "{options}: {id}: {done}");
        }
    }
}

#[tokio::test]
async fn a_filestore_is_imported_bit_for_bit() {
    let dir = TempDir::new().unwrap();
    let files = format!("filestore:{}", dir.path().display());
    for session in sample() {
        fs::write(dir.path().join(format!("{}.session", session.meta.key.id)), session.data.unwrap()).unwrap();
    }
    fs::write(dir.path().join("A.session.tmp"), "half a session").unwrap();
    fs::write(dir.path().join("README"), "not a session").unwrap();
    let db = holding(&[]).await;
    let app = "/Catalina/localhost/demo";
    on(&db, &format!("import --app {app}")).arg(&files).run().code(0);
    for mut session in sample() {
        session.meta.key.app = Some(app.to_owned());
        assert_eq!(get(&db, &session.meta.key).await, Some(session));
    }
    insta::assert_snapshot!(on(&db, "import").arg(&files).run(), @"
    exit 2
    --- stderr
    error: a FileStore does not record the application: exactly one --app is required
    hint: --app /Catalina/localhost/demo: engine, host and context path; the ROOT context ends in a slash
    ");
}

#[tokio::test]
async fn files_that_are_not_sessions_are_reported() {
    let dir = TempDir::new().unwrap();
    let good = &sample()[0];
    let data = good.data.clone().unwrap();
    fs::write(dir.path().join(format!("{}.session", good.meta.key.id)), &data).unwrap();
    fs::write(dir.path().join("OTHER-ID.session"), &data).unwrap();
    fs::write(dir.path().join("CUT-OFF.session"), &data[..100]).unwrap();
    fs::write(dir.path().join("NOTHING.session"), "").unwrap();
    symlink("/etc/passwd", dir.path().join("A-LINK.session")).unwrap();
    let db = holding(&[]).await;
    let files = format!("filestore:{}", dir.path().display());
    let done = on(&db, "import --app /Catalina/localhost/demo").arg(&files).run().code(3);
    for (session, reason) in [
        ("OTHER-ID", "the id in its data is not the id in the file name"),
        ("CUT-OFF", "its data are not a session"),
        ("NOTHING", "its data are not a session"),
        ("A-LINK", "it is not a regular file"),
    ] {
        let expected_text = format!("Skipped session {session} of /Catalina/localhost/demo: {reason}.");
        assert!(done.stderr.contains(&expected_text), "{expected_text}: {done}");
    }
    assert_eq!(left(&db).await, 1);
}

#[tokio::test]
async fn an_interrupted_import_reports_what_it_wrote() {
    let (text, left) = ended_by("-INT", 130, &[]).await;
    assert!(text.starts_with(&format!("Imported {left} of ")), "{text}");
    let (text, left) = ended_by("-TERM", 143, &["--format", "json"]).await;
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&report["ended"], &report["inserted"]), (&"terminated".into(), &left.into()), "{report}");
}

/// Ends an import with a signal after the first batch; returns its result and the number of rows.
async fn ended_by(signal: &str, code: i32, more: &[&str]) -> (String, u64) {
    let db = holding(&[]).await;
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"))
        .args(["import", "-", "--any-data", "--url", &db.url])
        .args(more)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // More than a batch, and then a pipe that sends nothing more.
    let big: Vec<Session> = (0..30)
        .map(|i| {
            let mut one = session("/Catalina/localhost/demo", &format!("{i:02}"), 60, 1);
            one.data = Some(vec![7; 200_000].into());
            one.meta.size = Some(200_000);
            one
        })
        .collect();
    let mut stdin = child.stdin.take().unwrap();
    let text = archive(&big);
    let cut = text.rfind("{\"type\":\"trailer\"").unwrap();
    stdin.write_all(&text.as_bytes()[..cut]).unwrap();
    let begun = Instant::now();
    while left(&db).await == 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "nothing is imported");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let killed = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let done = child.wait_with_output().unwrap();
    let text = String::from_utf8(done.stdout).unwrap();
    assert_eq!(done.status.code(), Some(code), "{text}");
    drop(stdin);
    (text, left(&db).await)
}

#[tokio::test]
async fn sessions_with_gadgets_are_skipped() {
    let bad = with_values("BAD0", [object("bsh.XThis"), object("a.B"), object("a.C"), object("a.D")]);
    let good = with_values("600D", [object("a.A"), object("a.B"), object("a.C"), object("a.D")]);
    let text = archive(&[bad, good]);
    let dir = TempDir::new().unwrap();
    let list = dir.path().join("classes");
    fs::write(&list, "a.A # and no other\na.B\na.C\n").unwrap();
    for (args, list, imported, why) in [
        ("import --dry-run", None, 1, Some("it contains `bsh.XThis`, a class used in deserialization attacks")),
        ("import", None, 1, Some("it contains `bsh.XThis`, a class used in deserialization attacks")),
        ("import --no-gadget-check", None, 2, None),
        ("import", Some(&list), 0, Some("it contains `a.D`, which is not an allowed class")),
    ] {
        let db = holding(&[]).await;
        let listed = list.map(|list| format!("--allow-classes={}", list.display()));
        let run = import(&db, &dir, args, &text).args(listed.as_deref().unwrap_or_default()).run();
        let run = run.code(if imported == 2 { 0 } else { 3 });
        assert!(run.stdout.contains(&format!("{imported} of 2 sessions")), "{run}");
        assert_eq!(left(&db).await, if args.contains("dry") { 0 } else { imported });
        if let Some(why) = why {
            assert!(run.stderr.contains(why), "{run}");
        }
    }
}

#[tokio::test]
async fn the_class_list_of_audit_admits_exactly_these_sessions() {
    let dir = TempDir::new().unwrap();
    let audit = crate::command().args("audit --format json").arg(fixture("archive-v1.ndjson")).run().code(0);
    let audit: serde_json::Value = serde_json::from_str(&audit.stdout).unwrap();
    let classes: Vec<&str> =
        audit["classes"].as_array().unwrap().iter().map(|class| class["class"].as_str().unwrap()).collect();
    let list = dir.path().join("classes");
    fs::write(&list, classes.join("\n")).unwrap();
    let imported = async |text: &str, code| {
        let db = holding(&[]).await;
        import(&db, &dir, &format!("import --allow-classes={}", list.display()), text).run().code(code);
        left(&db).await
    };
    assert_eq!(imported(V1, 0).await, 26);
    let mut rows = sample();
    rows.push(with_values("600D", [object("a.A"), object("a.B"), object("a.C"), object("a.D")]));
    assert_eq!(imported(&archive(&rows), 3).await, 26);
}
