//! `export`.

use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use tomcat_sessions::session::{OnConflict, Session};

use crate::command;
use crate::init_db::{CLIENTS, paste};
use crate::run::Run;
use crate::store::{each_state, holding, on};
use crate::streams::row;
use crate::support::{Kind, NOW, Scratch, sample, session};

/// `export` of the store to a file in `dir`.
fn export(db: &Scratch, dir: &TempDir, args: &str, file: &str) -> Run {
    on(db, args).hide(dir.path().display(), "DIR").arg(dir.path().join(file))
}

fn names(dir: &TempDir) -> Vec<String> {
    let names = fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[tokio::test]
async fn an_archive_has_a_header_a_line_per_session_and_a_trailer() {
    let db = holding(&each_state()).await;
    let done = on(&db, "export").run().code(0);
    let lines: Vec<Value> = done.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let types: Vec<_> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["header", "session", "session", "session", "session", "trailer"]);
    assert_eq!(lines[0]["version"], 1);
    assert_eq!(lines[0]["profile"], "documented");
    assert_eq!(lines[0]["created"], 1_795_360_000_000i64);
    assert_eq!(lines[4]["session_id"], "CAFE0000000000000000000000000004");
    assert!(lines[4]["app_name"].is_null() && lines[4]["session_data"].is_null() && lines[4]["length"].is_null());
    assert_eq!(lines[5]["records"], 4);
    let note = "Exported 4 sessions, 421 B of data, to - in ";
    assert!(done.stderr.starts_with(note) && done.stderr.contains("; nothing changed in the meantime."), "{done}");
}

#[tokio::test]
async fn an_archive_is_private_and_is_not_overwritten() {
    let db = holding(&each_state()).await;
    let dir = TempDir::new().unwrap();
    for file in ["a.ndjson", "a.ndjson.gz", "a.ndjson.zst"] {
        let done = export(&db, &dir, "export", file).run().code(0);
        assert!(done.stdout.is_empty() && done.stderr.contains(&format!("to DIR/{file} in ")), "{done}");
        let path = dir.path().join(file);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let before = fs::read(&path).unwrap();
        insta::allow_duplicates! {
            insta::assert_snapshot!(export(&db, &dir, "export", file).hide(file, "FILE").run(), @"
            exit 1
            --- stderr
            error: `DIR/FILE` already exists
            hint: use --force to overwrite it
            ");
        }
        assert_eq!(fs::read(&path).unwrap(), before);
        export(&db, &dir, "export --force", file).run().code(0);
    }
    assert_eq!(names(&dir), ["a.ndjson", "a.ndjson.gz", "a.ndjson.zst"], "nothing but the archives is left");
    let begins = |file| fs::read(dir.path().join(file)).unwrap()[..2].to_vec();
    assert_eq!(begins("a.ndjson.gz"), [0x1f, 0x8b]);
    assert_eq!(begins("a.ndjson.zst"), [0x28, 0xb5]);
    export(&db, &dir, "export --force --compress none", "a.ndjson.gz").run().code(0);
    assert_eq!(begins("a.ndjson.gz"), *b"{\"");
}

#[tokio::test]
async fn filters_select_the_exported_sessions() {
    let db = holding(&each_state()).await;
    let done = on(&db, "export --format csv --state expired").run().code(0);
    insta::assert_snapshot!(done.stdout, @"
    session_id,app_name,valid_session,max_inactive,last_access,size_bytes
    A11CE00000000000000000000000002.jvm2,/Catalina/localhost/demo,1,1800,1795352800000,140
    ");
}

#[tokio::test]
async fn sql_that_another_database_can_run() {
    let db = holding(&[]).await;
    db.open().await.insert(&sample(), OnConflict::Fail).await.unwrap();
    let dir = TempDir::new().unwrap();
    for (dialect, kind) in [("sqlite", Kind::Sqlite), ("mysql", Kind::Mysql), ("mariadb", Kind::Mariadb)] {
        let file = format!("{dialect}.sql");
        export(&db, &dir, &format!("export --format sql --dialect {dialect}"), &file).run().code(0);
        let Some(other) = Scratch::new(kind).await else { continue };
        other.create_table("recommended").await;
        other.sql(&fs::read_to_string(dir.path().join(file)).unwrap()).await;
        let mut store = other.open().await;
        for session in sample() {
            assert_eq!(store.get(&session.meta.key).await.unwrap().as_ref(), Some(&session), "{dialect}");
        }
        store.close().await;
        other.drop().await;
    }
    let mssql = on(&db, "export --format sql --dialect mssql").run().code(0);
    assert!(mssql.stdout.contains("INSERT INTO [tomcat_sessions]") && mssql.stdout.contains("0xACED0005"));
    insta::assert_snapshot!(on(&db, "export --format sql --dialect oracle").run(), @"
    exit 2
    --- stderr
    error: there is no dialect `oracle`
    hint: use one of mysql, mariadb, postgres, mssql, sqlite
    ");
}

/// Ids and application names that the reader of a script could interpret as syntax.
fn hostile() -> Vec<Session> {
    let texts = [
        "plain",
        "it's",
        "back\\slash\\",
        "\\' OR 1=1 -- ",
        "\"double\"",
        "`tick`",
        "a;b",
        "/* a */ # b -- c",
        "line\nGO\nDELIMITER //\n",
        "line\r\nend\r",
        "tab\tbell\u{7}nul\0end",
        "$(variable) %1 :name ?",
        "caf\u{e9} \u{20ac} \u{1f600}",
        "\u{2028}\u{feff}\u{202e}",
        "\\u0041 \\x41 \\0 \\Z",
    ];
    let app = |text: &str| format!("/Catalina/localhost/{text}");
    texts.iter().enumerate().map(|(n, text)| session(&app(text), &format!("{n:032X}{text}"), 1800, NOW.0)).collect()
}

#[tokio::test]
async fn an_sql_script_has_the_same_effect_in_every_client() {
    let db = holding(&hostile()).await;
    for kind in [Kind::Mysql, Kind::Mariadb] {
        let script = on(&db, &format!("export --format sql --dialect {}", kind.name())).run().code(0).stdout;
        assert!(script.is_ascii() && !script.contains('\\'), "{script}");
        for options in CLIENTS {
            let Some(other) = Scratch::new(kind).await else { continue };
            other.create_table("recommended").await;
            let options = [options, &[other.database.as_str()]].concat();
            let Some((ended_well, output_text)) = paste(kind, &options, &script) else { return };
            assert!(ended_well, "{options:?}: {output_text}");
            let mut store = other.open().await;
            for session in hostile() {
                let found = store.get(&session.meta.key).await.unwrap();
                assert_eq!(found.as_ref(), Some(&session), "{options:?}");
            }
            store.close().await;
            other.drop().await;
        }
    }
}

#[tokio::test]
async fn a_filestore_contains_the_exact_data() {
    let db = holding(&[]).await;
    db.open().await.insert(&sample(), OnConflict::Fail).await.unwrap();
    let dir = TempDir::new().unwrap();
    let target = format!("filestore:{}", dir.path().join("sessions").display());
    let done = on(&db, "export").arg(&target).run().code(0);
    assert!(done.stderr.contains("A FileStore does not record the application"), "{done}");
    for session in sample() {
        let path = dir.path().join("sessions").join(format!("{}.session", session.meta.key.id));
        assert_eq!(fs::read(&path).unwrap(), &session.data.unwrap()[..]);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // Another run does not overwrite them, and lists them.
    let again = on(&db, "export").arg(&target).run().code(3);
    assert_eq!(again.stderr.lines().filter(|line| line.contains("the file `")).count(), 26, "{again}");
    on(&db, "export --force").arg(&target).run().code(0);
}

#[tokio::test]
async fn sessions_that_a_filestore_cannot_store_are_reported() {
    let mut sessions = each_state();
    sessions.push(session("/Catalina/localhost/demo", "../../evil", 60, 1));
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    db.create_table("recommended").await;
    let null = sessions.remove(3);
    sessions.push(session("/Catalina/localhost/shop", &sessions[0].meta.key.id, 60, 1));
    db.open().await.insert(&sessions, OnConflict::Fail).await.unwrap();
    assert!(null.data.is_none());
    db.sql("UPDATE tomcat_sessions SET session_data = NULL WHERE session_id LIKE 'B0B%'").await;
    let dir = TempDir::new().unwrap();
    let done = on(&db, "export").arg(format!("filestore:{}", dir.path().display())).run().code(3);
    for (session, reason) in [
        ("../../ev…", "its id cannot be a file name in the directory"),
        ("B0B00000…", "its session_data is NULL"),
        ("A11CE000…", "a session of another application has this id"),
    ] {
        let named = |line: &str| line.contains(session) && line.contains(reason);
        assert!(done.stderr.lines().any(named), "{session} {reason}: {done}");
    }
    assert_eq!(names(&dir).len(), 2, "{:?}", names(&dir));
    // The bytes are those of the written files, without skipped sessions.
    let written: u64 = fs::read_dir(dir.path()).unwrap().map(|file| file.unwrap().metadata().unwrap().len()).sum();
    assert!(done.stderr.contains(&format!("Exported 2 sessions, {written} B of data, to filestore:")), "{done}");
    let all: u64 = sessions.iter().filter_map(|session| session.meta.size).sum();
    assert!(written > 0 && written < all, "{written} of {all}");
    let target = format!("filestore:{}", dir.path().join("again").display());
    let again = on(&db, "export --format json").arg(target).run().code(3);
    let report: Value = serde_json::from_str(&again.stdout).unwrap();
    assert_eq!((&report["sessions"], &report["bytes"]), (&2.into(), &written.into()), "{again}");
}

#[tokio::test]
async fn a_full_disk_is_reported() {
    let db = holding(&each_state()).await;
    let full = File::options().write(true).open("/dev/full").unwrap();
    let run = Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"))
        .args(["export", "-", "--url", &db.url])
        .stdout(Stdio::from(full))
        .output()
        .unwrap();
    let text = String::from_utf8(run.stderr).unwrap();
    assert_eq!(run.status.code(), Some(1), "{text}");
    assert!(text.contains("cannot write to stdout: No space left") && text.contains("hint: free disk space"), "{text}");
}

#[tokio::test]
async fn invalid_targets_are_refused() {
    let db = holding(&each_state()).await;
    insta::assert_snapshot!(on(&db, "export sqlite:other.db").run(), @"
    exit 2
    --- stderr
    error: the target is a store
    hint: export to an archive, and import that
    ");
    let dir = TempDir::new().unwrap();
    let place = dir.path().join("a-directory");
    fs::create_dir(&place).unwrap();
    insta::assert_snapshot!(export(&db, &dir, "export --force", "a-directory").run(), @"
    exit 1
    --- stderr
    error: `DIR/a-directory` is not a regular file
    hint: use `-` to write to stdout, and redirect it
    ");
    // A link is kept, and its target is written.
    symlink("elsewhere", dir.path().join("link")).unwrap();
    fs::write(dir.path().join("elsewhere"), "old").unwrap();
    export(&db, &dir, "export --force", "link").run().code(0);
    assert!(dir.path().join("link").is_symlink());
    assert!(fs::read_to_string(dir.path().join("elsewhere")).unwrap().starts_with("{\"type\":\"header\""));
    let done = on(&db, "export no/such/directory/a.ndjson").run().code(1);
    assert!(done.stderr.contains("cannot write `no/such/directory/a.ndjson`: No such file"), "{done}");
    insta::assert_snapshot!(command().args("list --format sql --url").arg(&db.url).run(), @"
    exit 2
    --- stderr
    error: --format sql is only available for `export`
    hint: use --format json, which most commands support
    ");
}

#[tokio::test]
async fn an_interrupted_export_leaves_no_file() {
    let db = holding(&each_state()).await;
    let dir = TempDir::new().unwrap();
    let child = Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"))
        // A pass begins 250 ms after the one before, so there is time.
        .args(["export", "--url", &db.url])
        .arg(dir.path().join("a.ndjson"))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while names(&dir).is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(30), "the export does not begin");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    let done = child.wait_with_output().unwrap();
    let text = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(143), "{text}");
    assert!(text.contains("the incomplete export was removed"), "{text}");
    assert_eq!(names(&dir), [""; 0]);
}

/// Session files stay, because each is complete; the message counts them, and files of other programs are untouched.
#[tokio::test]
async fn an_interrupted_export_to_a_filestore_keeps_the_session_files() {
    let db = holding(&each_state()).await;
    let dir = TempDir::new().unwrap();
    let foreign = dir.path().join("FOREIGN.session");
    fs::write(&foreign, "not ours").unwrap();
    let child = Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"))
        .args(["export", "--url", &db.url])
        .arg(format!("filestore:{}", dir.path().display()))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let files = |dir: &TempDir| names(dir).iter().filter(|name| name.ends_with(".session")).count();
    while files(&dir) < 4 {
        assert!(begun.elapsed() < Duration::from_secs(30), "the export does not begin");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    let done = child.wait_with_output().unwrap();
    let text = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(143), "{text}");
    assert!(text.contains("Stopped; 3 session files stay in `") && text.contains("with --force"), "{text}");
    assert!(!text.contains("removed"), "{text}");
    assert_eq!((files(&dir), fs::read_to_string(&foreign).unwrap()), (4, "not ours".to_owned()));
}

/// A failure in the middle of an export to a FileStore: the hint counts the files of the sessions before it.
#[tokio::test]
async fn a_failed_export_to_a_filestore_keeps_the_session_files() {
    let rows: Vec<Session> = ["AAA", "AAB", "ZZZ"].iter().map(|id| session("/a", id, 60, NOW.0)).collect();
    let db = holding(&rows).await;
    let dir = TempDir::new().unwrap();
    // A directory cannot be replaced by a file.
    fs::create_dir(dir.path().join("ZZZ.session")).unwrap();
    let target = format!("filestore:{}", dir.path().display());
    let run = on(&db, "export --force").arg(target).run().code(1);
    assert!(run.stderr.contains("error: cannot write") && run.stderr.contains("ZZZ.session"), "{run}");
    assert!(
        run.stderr.contains("hint: 2 session files stay in `filestore:") && run.stderr.contains("--force"),
        "{run}"
    );
    assert_eq!(names(&dir), ["AAA.session", "AAB.session", "ZZZ.session"]);
}

/// Nobody reads the pipe: the export ends by itself after `--max-time` and the time for the current batch, 10 s.
/// The sessions fit into the batches that wait for the writer (`few`), or do not.
#[tokio::test]
async fn max_time_ends_an_export_that_nobody_reads() {
    let [mut few, mut many] = [(), ()].map(|()| Vec::new());
    for n in 0..40 {
        let mut one = session("/a", &format!("S{n:02}"), 60, NOW.0);
        one.data = Some(vec![0xac; 256 << 10].into());
        if n < 2 {
            few.push(one.clone());
        }
        many.push(one);
    }
    for rows in [few, many] {
        let db = holding(&rows).await;
        let sessions = rows.len();
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"))
            .args(["export", "--max-time", "1s", "--url", &db.url, "-"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let unread = child.stdout.take();
        let begun = Instant::now();
        while child.try_wait().unwrap().is_none() {
            if begun.elapsed() > Duration::from_secs(60) {
                child.kill().unwrap();
                panic!("{sessions} sessions: it does not end");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let done = child.wait_with_output().unwrap();
        let text = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(3), "{sessions} sessions: {text}");
        assert!(text.contains("--max-time ended the ") && text.contains("; the output is incomplete."), "{text}");
        drop(unread);
    }
}

#[tokio::test]
async fn filters_on_the_data() {
    let login = |id: &str| row(id, include_bytes!("../decode/fixtures/session-login.ser").to_vec());
    let mut rows = vec![login("AAAA"), login("BBBB")];
    rows.extend(sample());
    let db = holding(&rows).await;
    let dir = TempDir::new().unwrap();
    let run = export(&db, &dir, "export --user alice --attr cart=book --format json", "a.ndjson").run().code(0);
    let summary: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&summary["sessions"], &summary["passes"][0]["new"]), (&2.into(), &28.into()), "{summary}");
    let archive = fs::read_to_string(dir.path().join("a.ndjson")).unwrap();
    assert_eq!(archive.lines().count(), 4, "{archive}");
    let run = export(&db, &dir, "export --class no.such.Class", "b.ndjson").run().code(0);
    assert!(run.stderr.starts_with("Exported 0 sessions"), "{run}");
}

#[tokio::test]
async fn a_disk_that_fills_up_leaves_no_archive() {
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    db.create_table("recommended").await;
    let mut big = session("/a", "BIG", 60, NOW.0);
    big.data = Some(vec![7; 900_000].into());
    big.meta.size = Some(900_000);
    db.open().await.insert(&[big], OnConflict::Fail).await.unwrap();
    let dir = TempDir::new().unwrap();
    // A limit on the size of files ends the writing in the middle, like a full disk.
    let limited = "trap '' XFSZ; ulimit -f 200; exec \"$0\" --url \"$1\" export \"$2\"";
    for script in [limited, "exec \"$0\" --url \"$1\" export - >/dev/full"] {
        let output = Command::new("bash")
            .args(["-c", script])
            .arg(assert_cmd::cargo::cargo_bin!("tomcat-sessions"))
            .args([&db.url, &dir.path().join("s.ndjson").display().to_string()])
            .output()
            .unwrap();
        let output_text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{output_text}");
        assert!(output_text.contains("cannot write to") && output_text.contains("free disk space"), "{output_text}");
        assert_eq!(output_text.contains("left no file"), script == limited, "{output_text}");
        assert_eq!(output_text.contains("hint: the output is incomplete"), script != limited, "{output_text}");
        assert_eq!(names(&dir), [""; 0], "{output_text}");
    }
    let output = Command::new("bash")
        .args(["-c", limited])
        .arg(assert_cmd::cargo::cargo_bin!("tomcat-sessions"))
        .args([&db.url, &format!("filestore:{}", dir.path().display())])
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("free disk space") && !stderr.contains("left no file"), "{stderr}");
    assert_eq!(names(&dir), [""; 0], "{stderr}");
}

#[tokio::test]
async fn records_of_many_sessions_spill_to_tmpdir() {
    // More than the memory limit.
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    db.create_table("documented").await;
    db.sql(
        "INSERT INTO tomcat_sessions(session_id, app_name, valid_session, max_inactive, last_access) \
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 140000) \
         SELECT printf('%032X', i), '/a', '1', 60, i FROM n",
    )
    .await;
    let (dir, temp) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let missing = temp.path().join("missing");
    let run = export(&db, &dir, "export", "s.ndjson").env("TMPDIR", &missing).hide(temp.path().display(), "TEMP").run();
    insta::assert_snapshot!(run, @"
    exit 1
    --- stderr
    error: cannot write to the temporary directory `TEMP/missing`: No such file or directory (os error 2)
    hint: free disk space there, or set TMPDIR to another directory; at most 41 bytes per session are needed
    ");
    assert_eq!(names(&dir), [""; 0]);
    let run = export(&db, &dir, "export --format csv", "s.csv").env("TMPDIR", temp.path()).run().code(0);
    assert!(run.stderr.starts_with("Exported 140,000 sessions") && run.stderr.contains("nothing changed"), "{run}");
    assert_eq!(names(&temp), [""; 0]);
}
