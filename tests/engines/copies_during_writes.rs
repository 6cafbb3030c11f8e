//! `migrate`, `export` and `verify` while Tomcats and other clients write: everything that is committed before a copy
//! ends is in it, and differences are reported whatever the clocks say.

use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::{Connection as _, Executor as _};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tomcat_sessions::session::{EpochMillis, Filter, OnConflict, Session, SessionKey};
use tomcat_sessions::store::{PassCount, PassEnd, Passes, SessionBatch, Stop};

use crate::race::Client;
use crate::support::program::{Done, program, run};
use crate::support::{Kind, NOW, Scratch, WIDE_TABLE, edit, flip, session};

crate::suite!(
    a_pass_is_skipped_only_if_nothing_was_committed,
    changes_of_only_the_data_are_copied,
    changes_of_only_the_data_are_copied_with_follow,
    a_difference_with_a_future_access_time_counts,
    a_session_saved_during_the_comparison_is_not_a_difference,
    a_table_of_another_storage_engine_is_always_read_again,
    a_commit_of_an_older_transaction_is_copied,
);

pub const APP: &str = "/Catalina/localhost/demo";
/// Time until servers with a resolution of a second report a change.
const SECONDS: Duration = Duration::from_millis(3_200);

pub fn sessions(number: usize) -> Vec<Session> {
    (0..number).map(|n| session(APP, &format!("{n:032X}"), 1_800, NOW.0)).collect()
}

/// A table with this number of sessions.
pub async fn table(db: &Scratch, number: usize) {
    db.create_table("recommended").await;
    if db.kind == Kind::Sqlite {
        db.sql("PRAGMA journal_mode = wal").await;
    }
    db.open().await.insert(&sessions(number), OnConflict::Fail).await.unwrap();
}

/// A SQLite database with a table and these sessions.
pub async fn target(sessions: &[Session]) -> Scratch {
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    db.create_table("recommended").await;
    db.sql("PRAGMA journal_mode = wal").await;
    db.open().await.insert(sessions, OnConflict::Fail).await.unwrap();
    db
}

pub fn key(id: &str) -> SessionKey {
    SessionKey::new(Some(APP.to_owned()), id)
}

/// An INSERT of a session without data, as an administrator would write it.
fn insert(id: &str) -> String {
    format!(
        "INSERT INTO tomcat_sessions (session_id, app_name, valid_session, max_inactive, last_access) \
         VALUES ('{id}', '{APP}', '1', 1800, {})",
        NOW.0
    )
}

fn delete(id: &str) -> String {
    format!("DELETE FROM tomcat_sessions WHERE session_id = '{id}'")
}

async fn pass(passes: &mut Passes, sender: &mpsc::Sender<SessionBatch>) -> PassCount {
    let PassEnd::Complete(count) = passes.pass(sender, None).await.unwrap() else { panic!("cut") };
    count
}

/// Discards everything that is read.
async fn reader(db: &Scratch) -> (Passes, mpsc::Sender<SessionBatch>) {
    let (sender, mut receiver) = mpsc::channel::<SessionBatch>(1);
    tokio::spawn(async move { while receiver.recv().await.is_some() {} });
    (Passes::by_quarters(db.open().await, Filter::default(), NOW, Stop::never()).await, sender)
}

/// Whatever a server reports about the last change of a table: if a second read was skipped, there was no commit
/// between the two reads.
async fn a_pass_is_skipped_only_if_nothing_was_committed(db: &Scratch) {
    table(db, 50).await;
    let (mut passes, sender) = reader(db).await;
    let ways: &[How] = match db.kind {
        // SQLite: readers wait for writers.
        Kind::Mssql => &[How::AtOnce],
        Kind::Sqlite => &[How::AtOnce, How::Transaction],
        Kind::Mariadb | Kind::Mysql | Kind::Postgres => &[How::AtOnce, How::Transaction, How::Waiting],
    };
    for (n, how) in ways.iter().enumerate() {
        let writing = Writing::begin(db, *how, &format!("F{n}")).await;
        tokio::time::sleep(SECONDS).await;
        pass(&mut passes, &sender).await;
        pass(&mut passes, &sender).await;
        writing.commit().await;
        let found = pass(&mut passes, &sender).await;
        assert_eq!((found.new, found.skipped), (1, false), "{how:?}");
    }
}

/// How a session is inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    AtOnce,
    /// In a transaction that stays open for a while.
    Transaction,
    /// By a statement that waits for the lock of another transaction, and is committed when it ends.
    Waiting,
}

/// An INSERT in progress, which is committed on request.
struct Writing {
    go: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Writing {
    async fn begin(db: &Scratch, how: How, id: &str) -> Writing {
        let (go, told) = oneshot::channel::<()>();
        let sql = insert(id);
        let task = match (db.kind, how) {
            (_, How::AtOnce) => {
                let (mut store, session) = (db.open().await, session(APP, id, 1_800, NOW.0));
                tokio::spawn(async move {
                    told.await.unwrap();
                    store.insert(&[session], OnConflict::Fail).await.unwrap();
                })
            }
            (Kind::Sqlite, _) => {
                let url = db.url.replace("sqlite:", "sqlite://");
                let mut writer = sqlx::SqliteConnection::connect(&url).await.unwrap();
                writer.execute("BEGIN IMMEDIATE").await.unwrap();
                writer.execute(&*sql).await.unwrap();
                tokio::spawn(async move {
                    told.await.unwrap();
                    writer.execute("COMMIT").await.unwrap();
                })
            }
            (_, How::Transaction) => {
                let mut writer = db.client().await;
                writer.begin().await;
                writer.run(&sql).await;
                tokio::spawn(async move {
                    told.await.unwrap();
                    writer.run("COMMIT").await;
                })
            }
            (_, How::Waiting) => {
                let (mut writer, mut other) = (db.client().await, db.client().await);
                other.begin().await;
                other.run(&sql).await;
                let waiting = tokio::spawn(async move { writer.try_run(&sql).await });
                tokio::spawn(async move {
                    told.await.unwrap();
                    assert!(!waiting.is_finished(), "it did not wait");
                    other.rollback().await;
                    waiting.await.unwrap().unwrap();
                })
            }
        };
        Writing { go, task }
    }

    /// Returns after the commit.
    async fn commit(self) {
        self.go.send(()).unwrap();
        self.task.await.unwrap();
    }
}

/// What InnoDB reports about changes is used; what others report is not.
async fn a_table_of_another_storage_engine_is_always_read_again(db: &Scratch) {
    let engines: &[&str] = match db.kind {
        Kind::Mariadb => &["ENGINE=Aria", "ENGINE=MyISAM", "ENGINE=InnoDB PARTITION BY KEY (session_id) PARTITIONS 4"],
        Kind::Mysql => &["ENGINE=MyISAM", "ENGINE=InnoDB PARTITION BY KEY (session_id) PARTITIONS 4"],
        // It has a time of change, but no version.
        _ => return,
    };
    for (n, engine) in engines.iter().enumerate() {
        db.sql(&format!("DROP TABLE IF EXISTS tomcat_sessions; {WIDE_TABLE} {engine}")).await;
        db.open().await.insert(&sessions(50), OnConflict::Fail).await.unwrap();
        let (mut passes, sender) = reader(db).await;
        let writing = Writing::begin(db, How::AtOnce, &format!("A{n}")).await;
        writing.commit().await;
        tokio::time::sleep(SECONDS).await;
        pass(&mut passes, &sender).await;
        for id in [format!("B{n}"), format!("C{n}")] {
            assert!(!pass(&mut passes, &sender).await.skipped, "{engine}");
            Writing::begin(db, How::AtOnce, &id).await.commit().await;
            assert_eq!(pass(&mut passes, &sender).await.new, 1, "{engine}");
            tokio::time::sleep(SECONDS).await;
        }
    }
}

/// A session that is being saved when the move begins, and whose INSERT is part of an older transaction: everything
/// that is committed before the last read must be in the target. `export` uses the same passes, without a target that
/// could be delayed.
async fn a_commit_of_an_older_transaction_is_copied(db: &Scratch) {
    if db.kind == Kind::Mssql {
        // SQLite: readers wait for writers.
        return;
    }
    table(db, 50).await;
    let ways: &[How] = if db.kind == Kind::Sqlite { &[How::Transaction] } else { &[How::Transaction, How::Waiting] };
    for how in ways {
        let id = sessions(2)[1].meta.key.id.clone();
        db.sql(&delete(&id)).await;
        let writing = Writing::begin(db, *how, &id).await;
        tokio::time::sleep(SECONDS).await;
        let to = target(&[]).await;
        // The first pass ends when it is written, and writing is delayed.
        let url = to.url.replace("sqlite:", "sqlite://");
        let mut holding = sqlx::SqliteConnection::connect(&url).await.unwrap();
        holding.execute("BEGIN IMMEDIATE").await.unwrap();
        let committing = async {
            tokio::time::sleep(Duration::from_secs(3)).await;
            writing.commit().await;
            holding.execute("ROLLBACK").await.unwrap();
        };
        let arguments = ["migrate", "--from", &db.url, "--to", &to.url];
        let (done, ()) = tokio::join!(run(&arguments), committing);
        assert_eq!(done.code, Some(0), "{how:?}: {done:?}");
        assert!(to.open().await.get(&key(&id)).await.unwrap().is_some(), "{how:?}: {done:?}");
        db.sql(&delete(&id)).await;
        db.open().await.insert(&sessions(2)[1..], OnConflict::Fail).await.unwrap();
    }
}

async fn count(db: &Scratch) -> u64 {
    db.open().await.count().await.unwrap()
}

/// Tomcat may save data again without another access, for example at shutdown.
async fn changes_of_only_the_data_are_copied(db: &Scratch) {
    table(db, 50).await;
    let (mut passes, sender) = reader(db).await;
    assert_eq!(pass(&mut passes, &sender).await.new, 50);
    let changed = flipped(3);
    replace(db, &changed).await;
    assert_eq!(pass(&mut passes, &sender).await, PassCount { changed: 1, bytes: 136, ..PassCount::default() });
    assert_eq!(pass(&mut passes, &sender).await.changed, 0);
}

/// A session of the table, with only one bit of its data changed.
pub fn flipped(number: usize) -> Session {
    let mut changed = sessions(number + 1).remove(number);
    flip(&mut changed);
    changed
}

/// Saves a session like Tomcat.
pub async fn replace(db: &Scratch, session: &Session) {
    let mut store = db.open().await;
    store.insert(std::slice::from_ref(session), OnConflict::Replace).await.unwrap();
    store.close().await;
}

/// A run of `migrate --follow`, after the target has `number` sessions.
pub async fn following(from: &Scratch, to: &Scratch, number: u64, args: &[&str]) -> Child {
    let args = [&["migrate", "--from", &from.url, "--to", &to.url, "--follow"], args].concat();
    let mut child = program(&args).spawn().unwrap();
    let mut looks = 0;
    while count(to).await != number {
        looks += 1;
        if looks > 600 {
            child.kill().unwrap();
            panic!("the target has {} sessions and not {number}: {:?}", count(to).await, child.wait_with_output());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    child
}

/// Waits until it ends.
pub async fn ended(child: Child) -> Done {
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
    Done {
        code: output.status.code(),
        result: serde_json::from_slice(&output.stdout).unwrap_or_default(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Interrupts it like Ctrl-C, and waits until it ends.
pub async fn interrupted(child: Child) -> Done {
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    ended(child).await
}

async fn changes_of_only_the_data_are_copied_with_follow(db: &Scratch) {
    table(db, 50).await;
    let to = target(&[]).await;
    for quiet in [false, true] {
        to.sql("DELETE FROM tomcat_sessions").await;
        let args: &[&str] = if quiet { &["--until-quiet", "12s"] } else { &[] };
        // Opened before: a login may take longer than the quiet time after which the run ends.
        let mut store = db.open().await;
        let child = following(db, &to, 50, args).await;
        let changed = flipped(if quiet { 7 } else { 3 });
        store.insert(std::slice::from_ref(&changed), OnConflict::Replace).await.unwrap();
        let done = if quiet { ended(child).await } else { interrupted(child).await };
        assert_eq!(done.code, Some(if quiet { 0 } else { 130 }), "{done:?}");
        assert_eq!(to.open().await.get(&changed.meta.key).await.unwrap(), Some(changed), "{done:?}");
        assert_eq!(done.result["verification"]["behind"], 0, "{done:?}");
    }
}

/// The clock of a Tomcat may be ahead: a last access in the future is no sign of a change.
async fn a_difference_with_a_future_access_time_counts(db: &Scratch) {
    db.create_table("recommended").await;
    let now = i64::try_from(std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
    for ahead in [120_000, 3_600_000] {
        let mut all = sessions(4);
        all.iter_mut().for_each(|session| session.meta.last_access = Some(EpochMillis(now + ahead)));
        db.sql("DELETE FROM tomcat_sessions").await;
        db.open().await.insert(&all, OnConflict::Fail).await.unwrap();
        let mut copies = all[1..].to_vec();
        edit(&mut copies[0], |data| data[20] ^= 1);
        let to = target(&copies).await;
        let done = run(&["verify", &db.url, &to.url]).await;
        assert_eq!(done.code, Some(4), "{done:?}");
        let counted = ["missing", "different", "changed", "same"].map(|name| done.result[name].as_u64().unwrap());
        assert_eq!(counted, [1, 1, 0, 2], "{done:?}");
        assert!(done.stderr.contains("ahead"), "{done:?}");
        // An older archive does not contain them either.
        let dir = tempfile::tempdir().unwrap();
        let archive = dir.path().join("a.ndjson").display().to_string();
        assert_eq!(run(&["export", "--url", &to.url, &archive]).await.code, Some(0));
        let done = run(&["verify", &db.url, &archive]).await;
        assert_eq!(done.code, Some(4), "{done:?}");
    }
}

/// While a Tomcat saves sessions, `verify` reports no false differences.
async fn a_session_saved_during_the_comparison_is_not_a_difference(db: &Scratch) {
    table(db, 200).await;
    let to = target(&sessions(200)).await;
    let over = Arc::new(AtomicBool::new(false));
    let mut writer = Client::open(db).await;
    let saving = {
        let over = over.clone();
        tokio::spawn(async move {
            let mut saves = 0;
            while !over.load(Ordering::Relaxed) {
                let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis();
                let saved = session(APP, &format!("{:032X}", 5), 1_800, i64::try_from(now).unwrap());
                writer.save(&saved, &mut false).await.unwrap();
                saves += 1;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            saves
        })
    };
    tokio::time::sleep(Duration::from_millis(100)).await;
    let done = run(&["verify", &db.url, &to.url]).await;
    over.store(true, Ordering::Relaxed);
    assert!(saving.await.unwrap() > 10);
    assert_eq!((done.code, &done.result["changed"]), (Some(0), &1.into()), "{done:?}");
}
