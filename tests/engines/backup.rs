//! `--backup`: deleted sessions are in the archive, synced to disk, before they are deleted; `import` restores them bit
//! for bit.

use std::collections::HashMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use tomcat_sessions::archive::{Header, Item};
use tomcat_sessions::endpoint::{Archive, BackupArchive, Identities, Next};
use tomcat_sessions::session::{EpochMillis, Filter, OnConflict, Session, SessionKey};
use tomcat_sessions::store::{
    Batch, BatchAction as _, Candidates, DeleteWithBackup, Ended, Pauses, PurgeLimits, Purger, SessionBackup,
    SessionStore, Stop, Throttle,
};

use crate::purge_runs::{all, count};
use crate::support::program::{program, run, start};
use crate::support::{Kind, NOW, Scratch, WIDE_TABLE, edit, sample, session, variable};

crate::suite!(
    deleted_and_expired_sessions_come_back_bit_for_bit,
    a_batch_that_was_not_archived_is_not_deleted,
    a_rolled_back_batch_is_removed_from_the_archive,
    every_row_of_a_session_is_archived,
    a_full_disk_stops_before_anything_is_lost,
    sessions_too_large_for_an_archive_are_kept,
    killed_runs_lose_nothing,
);

const APP: &str = "/a";

/// All rows of the table, by key.
async fn table(store: &mut SessionStore) -> HashMap<SessionKey, Session> {
    let keys: Vec<SessionKey> =
        all(store, &Filter::default(), NOW).await.into_iter().map(|session| session.key).collect();
    let mut found = HashMap::new();
    for keys in keys.chunks(500) {
        found.extend(store.sessions_of(keys).await.unwrap().into_iter().map(|row| (row.meta.key.clone(), row)));
    }
    found
}

/// The sessions of an archive in order, as far as it can be read, and whether it has its trailer.
fn archived(path: &Path) -> (Vec<Session>, bool) {
    let (mut found, mut archive) = (Vec::new(), Archive::open(path, &Identities::default()).unwrap());
    loop {
        match archive.read_next() {
            Ok(Next::Item(Item::Session(session))) => found.push(session),
            Ok(Next::Item(_)) => {}
            Ok(Next::End) => return (found, true),
            Ok(Next::Damaged(_)) | Err(_) => return (found, false),
        }
    }
}

/// Sessions with incompressible data.
fn idle(n: usize, bytes: usize) -> Vec<Session> {
    let mut random = fastrand::Rng::with_seed(n as u64);
    let make = |at| {
        let mut one = session(APP, &format!("{at:032X}"), 1800, 1_000_000 + at as i64);
        edit(&mut one, |data| data.extend(std::iter::repeat_with(|| random.u8(..)).take(bytes)));
        one.meta.size = one.data.as_ref().map(|data| data.len() as u64);
        one
    };
    (0..n).map(make).collect()
}

async fn insert(db: &Scratch, rows: &[Session]) -> SessionStore {
    let mut store = db.open().await;
    for rows in rows.chunks(500) {
        store.insert(rows, OnConflict::Fail).await.unwrap();
    }
    store
}

async fn deleted_and_expired_sessions_come_back_bit_for_bit(db: &Scratch) {
    db.sql(WIDE_TABLE).await;
    let mut rows = sample();
    for row in &mut rows {
        row.meta.last_access = Some(EpochMillis(1_000_000));
        row.meta.max_inactive = Some(1800);
    }
    let name = if db.kind == Kind::Mssql { "Zoe\"\\" } else { "Zoë\u{1f600}\"\\" };
    let mut odd = [session("", "NULLS", 1800, 1_000_000), session(APP, name, 60, 5)];
    (odd[0].meta.key.app, odd[0].meta.valid, odd[0].data, odd[0].meta.size) = (None, None, None, None);
    edit(&mut odd[1], |data| *data = (0..=255).cycle().take(70_000).collect());
    odd[1].meta.size = Some(70_000);
    rows.extend(odd);
    rows.extend(idle(120, 300));
    let mut store = insert(db, &rows).await;
    let before = table(&mut store).await;
    let dir = tempfile::TempDir::new().unwrap();
    let commands =
        [("expire", &["expire", "--grace", "0", "--batch", "50"][..]), ("delete", &["delete", "--app", "*", "--all"])];
    for (name, command) in commands {
        for file in ["gone.ndjson", "gone.ndjson.gz", "gone.ndjson.zst"] {
            let path = dir.path().join(format!("{name}.{file}"));
            let path = path.to_str().unwrap();
            let args = [command, &["--backup", path, "--allow-clock-skew", "--url", &db.url]].concat();
            let args: Vec<&str> =
                args.into_iter().filter(|arg| name == "expire" || *arg != "--allow-clock-skew").collect();
            let dry = run(&[&args[..], &["--dry-run"]].concat()).await;
            assert_eq!((dry.code, &dry.result["backup"]), (Some(0), &serde_json::Value::Null), "{dry:?}");
            assert!(!Path::new(path).exists(), "a dry run wrote {path}");
            let done = run(&args).await;
            assert_eq!((done.code, &done.result["backup"]), (Some(0), &path.into()), "{done:?}");
            let left = table(&mut store).await;
            assert_eq!(left.len() as u64 + done.result["deleted"]["sessions"].as_u64().unwrap(), before.len() as u64);
            assert!(left.len() <= 1, "{left:?}");
            assert_eq!(done.result["archived"], done.result["deleted"]["sessions"], "{done:?}");
            let (found, whole) = archived(Path::new(path));
            assert!(whole && found.iter().all(|row| before.get(&row.meta.key) == Some(row)), "{path}");
            assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
            let again = run(&args).await;
            assert!(again.code == Some(1) && again.stderr.contains("already exists"), "{again:?}");
            let back = run(&["import", path, "--any-data", "--no-gadget-check", "--url", &db.url]).await;
            assert_eq!(back.code, Some(0), "{back:?}");
            assert!(table(&mut store).await == before, "{path} did not bring everything back");
        }
    }
    store.close().await;
}

/// Fails after a number of syncs, like a full disk.
struct Failing {
    archive: BackupArchive,
    syncs: usize,
}

impl SessionBackup for Failing {
    fn max_data(&self) -> u64 {
        1 << 20
    }

    fn write(&mut self, sessions: &[Session]) -> Result<(), String> {
        self.archive.write(sessions).map_err(|e| e.to_string())
    }

    fn sync(&mut self) -> Result<(), String> {
        self.syncs = self.syncs.checked_sub(1).ok_or("the disk is full")?;
        self.archive.sync().map_err(|e| e.to_string())
    }

    fn end_batch(&mut self, stay: bool) {
        self.archive.end_batch(stay);
    }
}

fn new_archive(path: &Path) -> BackupArchive {
    BackupArchive::create(path, &Header::new("test", "1", "tomcat_sessions", "other", 1)).unwrap()
}

/// Deletes all sessions in batches of ten; returns how the purge ended, and the number of deleted sessions.
async fn purge(store: &mut SessionStore, backup: &mut dyn SessionBackup) -> (Ended, u64) {
    let limits = PurgeLimits {
        batch: 10,
        batch_time: Duration::from_secs(60),
        pauses: Pauses::Fixed(Duration::ZERO),
        max_rows: None,
        max_time: None,
    };
    store.lock(Duration::ZERO).await.unwrap();
    let reader = store.another().await.unwrap();
    let mut candidates = Candidates::selected(reader, Filter::default(), NOW, |_| true);
    let purger = Purger {
        store,
        action: &mut DeleteWithBackup { by_data: None, backup },
        in_memory_check: None,
        cutoff: None,
        accessed_before: None,
        wanted: &|_| true,
        limits: &limits,
        throttle: &mut Throttle::default(),
        dry_run: false,
        stop: Stop::never(),
    };
    let summary = purger.run(&mut candidates, &mut |_| {}).await;
    store.unlock().await.unwrap();
    (summary.ended, summary.total.sessions)
}

/// Table and archive together have every session, and none is in both.
async fn parted(store: &mut SessionStore, path: &Path, rows: &[Session]) -> usize {
    let (archived, whole) = archived(path);
    let left = table(store).await;
    assert!(whole && left.len() + archived.len() == rows.len(), "{} and {}", left.len(), archived.len());
    for row in rows {
        assert!(left.get(&row.meta.key) == Some(row) || archived.contains(row), "{:?} is lost", row.meta);
    }
    archived.len()
}

async fn a_batch_that_was_not_archived_is_not_deleted(db: &Scratch) {
    db.create_table("recommended").await;
    let rows = idle(55, 100);
    let mut store = insert(db, &rows).await;
    let dir = tempfile::TempDir::new().unwrap();
    let path = dir.path().join("gone.ndjson.zst");
    let mut backup = Failing { archive: new_archive(&path), syncs: 3 };
    let (ended, deleted) = purge(&mut store, &mut backup).await;
    let Ended::Failed(error) = ended else { panic!("{ended:?}") };
    assert!(error.to_string().contains("the disk is full"), "{error}");
    assert!(backup.archive.finish().unwrap());
    assert_eq!((parted(&mut store, &path, &rows).await, deleted), (30, 30));
    store.close().await;
}

async fn a_rolled_back_batch_is_removed_from_the_archive(db: &Scratch) {
    db.create_table("recommended").await;
    let rows = idle(55, 100);
    let mut store = insert(db, &rows).await;
    let kept = &rows[25].meta.key.id;
    db.sql(&match db.kind {
        Kind::Sqlite => format!(
            "CREATE TRIGGER kept BEFORE DELETE ON tomcat_sessions WHEN OLD.session_id = '{kept}' BEGIN SELECT RAISE(ABORT, 'kept'); END"
        ),
        Kind::Mssql => format!(
            "CREATE TRIGGER kept ON tomcat_sessions AFTER DELETE AS IF EXISTS (SELECT 1 FROM deleted WHERE session_id = '{kept}') THROW 50001, 'kept', 1"
        ),
        Kind::Postgres => format!(
            "CREATE FUNCTION kept() RETURNS TRIGGER LANGUAGE plpgsql AS $tomcat_sessions$ BEGIN \
             IF OLD.session_id = '{kept}' THEN RAISE EXCEPTION 'kept'; END IF; RETURN OLD; END $tomcat_sessions$; \
             CREATE TRIGGER kept BEFORE DELETE ON tomcat_sessions FOR EACH ROW EXECUTE FUNCTION kept()"
        ),
        _ => format!(
            "CREATE TRIGGER kept BEFORE DELETE ON tomcat_sessions FOR EACH ROW IF OLD.session_id = '{kept}' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'kept'; END IF"
        ),
    })
    .await;
    let dir = tempfile::TempDir::new().unwrap();
    let path = dir.path().join("gone.ndjson");
    let mut backup = Failing { archive: new_archive(&path), syncs: usize::MAX };
    let (ended, deleted) = purge(&mut store, &mut backup).await;
    assert!(matches!(ended, Ended::Failed(_)), "{ended:?}");
    assert!(backup.archive.finish().unwrap());
    assert_eq!((parted(&mut store, &path, &rows).await as u64, deleted), (deleted, 20));
    store.close().await;
}

async fn every_row_of_a_session_is_archived(db: &Scratch) {
    db.sql(&WIDE_TABLE.replace(" NOT NULL PRIMARY KEY", "")).await;
    let mut store = insert(db, &idle(10, 10)).await;
    db.sql(
        "INSERT INTO tomcat_sessions (session_id, valid_session, max_inactive, last_access, app_name, session_data) \
         SELECT session_id, valid_session, max_inactive, last_access - 50, app_name, session_data FROM tomcat_sessions",
    )
    .await;
    let dir = tempfile::TempDir::new().unwrap();
    let path = dir.path().join("gone.ndjson.zst");
    let mut archive = new_archive(&path);
    let ids: Vec<String> = idle(10, 10).into_iter().map(|row| row.meta.key.id).collect();
    let batch = Batch { app: Some(APP), ids: &ids, cutoff: None, accessed_before: None, dry_run: false };
    struct Plain<'a>(&'a mut BackupArchive);
    impl SessionBackup for Plain<'_> {
        fn max_data(&self) -> u64 {
            1 << 20
        }
        fn write(&mut self, sessions: &[Session]) -> Result<(), String> {
            self.0.write(sessions).map_err(|e| e.to_string())
        }
        fn sync(&mut self) -> Result<(), String> {
            self.0.sync().map_err(|e| e.to_string())
        }
        fn end_batch(&mut self, stay: bool) {
            self.0.end_batch(stay);
        }
    }
    let mut backup = Plain(&mut archive);
    let mut action = DeleteWithBackup { by_data: None, backup: &mut backup };
    action.apply(&mut store, &batch, &|_| true).await.unwrap();
    assert_eq!(count(&mut store).await, 0);
    assert!(archive.finish().unwrap());
    let (found, _) = archived(&path);
    assert_eq!(found.len(), 20);
    // On import the last record counts, so the newest one comes last.
    let newest: HashMap<SessionKey, Session> = found.into_iter().map(|row| (row.meta.key.clone(), row)).collect();
    assert!(idle(10, 10).iter().all(|row| newest.get(&row.meta.key) == Some(row)));
    store.close().await;
}

/// A limit on the size of files acts like a full disk.
async fn a_full_disk_stops_before_anything_is_lost(db: &Scratch) {
    db.create_table("recommended").await;
    let rows = idle(1_000, 200);
    let mut store = insert(db, &rows).await;
    let dir = tempfile::TempDir::new().unwrap();
    let path = dir.path().join("gone.ndjson");
    let most = match db.kind {
        // SQLite's own file and its journal need space.
        Kind::Sqlite => std::fs::metadata(db.path()).unwrap().len() / 512 + 20,
        _ => 400,
    };
    let shell = program(&[]);
    let done = Command::new("sh")
        .args(["-c", &format!("trap '' XFSZ; ulimit -f {most}; exec \"$0\" \"$@\"")])
        .arg(shell.get_program())
        .args(["delete", "--app", APP, "--all", "--batch", "50", "--url", &db.url, "--format", "json", "--backup"])
        .arg(&path)
        .env_clear()
        .env("TMPDIR", dir.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.code() == Some(1) && stderr.contains("cannot archive sessions before"), "{done:?}");
    let archived = parted(&mut store, &path, &rows).await;
    let result: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert!(archived > 0 && archived < rows.len() && result["archived"] == archived, "{archived}: {result}");
    assert_eq!((&result["deleted"]["sessions"], &result["ended"]), (&archived.into(), &"failed".into()), "{result}");
    store.close().await;
}

async fn sessions_too_large_for_an_archive_are_kept(db: &Scratch) {
    db.create_table("recommended").await;
    let mut rows = idle(12, 10);
    rows[4] = idle(1, 2 << 20).remove(0);
    rows[4].meta.key.id = "LARGE".to_owned();
    let mut store = insert(db, &rows).await;
    let dir = tempfile::TempDir::new().unwrap();
    let path = dir.path().join("gone.ndjson");
    let mut backup = Failing { archive: new_archive(&path), syncs: usize::MAX };
    let (ended, deleted) = purge(&mut store, &mut backup).await;
    assert!(matches!(ended, Ended::Done) && deleted == 11, "{ended:?} {deleted}");
    assert!(backup.archive.finish().unwrap());
    assert_eq!(parted(&mut store, &path, &rows).await, 11);
    store.close().await;
}

/// `TOMCAT_SESSIONS_TEST_KILLS=50` sets the number of kills.
async fn killed_runs_lose_nothing(db: &Scratch) {
    let kills: usize = variable("TOMCAT_SESSIONS_TEST_KILLS").and_then(|n| n.parse().ok()).unwrap_or(3);
    db.create_table("recommended").await;
    let rows = idle(1_500 * kills + 500, 300);
    let mut store = insert(db, &rows).await;
    let dir = tempfile::TempDir::new().unwrap();
    let file =
        |n: usize| dir.path().join(["a.ndjson", "b.ndjson.zst", "c.ndjson.gz"][n % 3].replace('.', &format!("{n}.")));
    let command = |n: usize| {
        let file = file(n).to_str().unwrap().to_owned();
        let words = ["delete", "--app", APP, "--all", "--batch", "40", "--sleep", "3ms", "--url", &db.url, "--backup"];
        words
            .map(str::to_owned)
            .into_iter()
            .chain([file, "--wait-lock".to_owned(), "100s".to_owned()])
            .collect::<Vec<_>>()
    };
    let mut both = 0;
    for n in 0..kills {
        let args = command(n);
        let mut child = start(&args.iter().map(String::as_str).collect::<Vec<_>>());
        // Some of its batches have been synced.
        let begun = std::time::Instant::now();
        while std::fs::metadata(file(n)).map_or(0, |about| about.len()) < 8_000 {
            assert!(begun.elapsed() < Duration::from_secs(100) && child.try_wait().unwrap().is_none(), "run {n}");
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        tokio::time::sleep(Duration::from_millis(fastrand::u64(0..60))).await;
        child.kill().unwrap();
        assert_eq!(child.wait().unwrap().code(), None, "run {n} came to its end");
    }
    let last = command(kills);
    let done = run(&last.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(count(&mut store).await, 0);
    let mut found: HashMap<SessionKey, Session> = HashMap::new();
    for n in 0..=kills {
        let (sessions, whole) = archived(&file(n));
        assert_eq!(whole, n == kills, "archive {n}");
        for session in sessions {
            both += usize::from(found.insert(session.meta.key.clone(), session).is_some());
        }
    }
    assert!(rows.iter().all(|row| found.get(&row.meta.key) == Some(row)), "sessions are lost");
    eprintln!(
        "{kills} kills, {} sessions, {both} of them archived and not deleted by a run that was killed",
        rows.len()
    );
    assert!(both <= 40 * kills, "{both} are twice in the archives");
    for n in 0..=kills {
        let back =
            run(&["import", file(n).to_str().unwrap(), "--any-data", "--allow-truncated", "--url", &db.url]).await;
        assert!(matches!(back.code, Some(0 | 3)), "{back:?}");
    }
    let there = table(&mut store).await;
    assert!(there.len() == rows.len() && rows.iter().all(|row| there.get(&row.meta.key) == Some(row)));
    store.close().await;
}
