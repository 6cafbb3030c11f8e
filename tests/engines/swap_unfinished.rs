//! Moves between stores with arbitrary actions of others between any two steps, and interrupted moves: no session is
//! lost, and no logged-out session is restored.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::{Connection, Executor};
use tomcat_sessions::session::{Direction, OnConflict, Session, SessionKey};
use tomcat_sessions::store::{
    ArchivedSessions, Batch, BatchAction, BatchResult, CopiedSessions, CopyToArchive, DeleteCopied, DeletionLog,
    IntoStore, SessionFix, SessionStore, StoreError,
};

use crate::support::{Kind, NOW, Scratch, edit, session};
use crate::swap::ids_of;

crate::suite!(
    two_runs_that_move_the_same_sessions_lose_none,
    the_copy_of_a_session_that_logged_out_is_removed,
    without_the_lock_an_undecidable_copy_is_kept_and_listed,
    touch_does_not_overwrite_a_later_save,
    swap_in_keeps_the_live_row_in_a_tie,
    copies_of_undeletable_sessions_are_removed_at_the_end,
    a_moved_batch_stays_moved_if_copies_cannot_be_removed,
    the_next_run_resolves_the_copies_of_a_killed_swap_out,
    the_next_run_resolves_the_copies_of_a_killed_swap_in,
    nothing_is_deleted_if_the_journal_cannot_be_written,
);

const APP: &str = "/Catalina/localhost/demo";
const HOUR: i64 = 3_600_000;

/// Two stores: one on the tested engine with these sessions, and a second one.
struct Two<'a> {
    db: &'a Scratch,
    other_store: Scratch,
    store: SessionStore,
    sessions: Vec<Session>,
}

impl Two<'_> {
    async fn with(db: &Scratch, count: usize) -> Two<'_> {
        db.create_table("recommended").await;
        let other_store = Scratch::new(Kind::Sqlite).await.unwrap();
        other_store.create_table("recommended").await;
        let sessions: Vec<Session> = (0..count).map(|n| session(APP, &format!("S{n}"), -1, NOW.0 - 2 * HOUR)).collect();
        let mut store = db.open().await;
        store.insert(&sessions, OnConflict::Fail).await.unwrap();
        Two { db, other_store, store, sessions }
    }

    /// A move to the second store; `alone` tells whether it holds the locks of both stores, like a run.
    async fn out(&mut self, alone: bool, fix: Option<Box<SessionFix>>) -> IntoStore {
        let mut to = self.other_store.open().await;
        if alone {
            to.lock(Duration::ZERO).await.unwrap();
            self.store.lock(Duration::from_secs(5)).await.unwrap();
        }
        IntoStore::new(to, Direction::Out, fix)
    }

    fn ids(&self) -> Vec<String> {
        self.sessions.iter().map(|session| session.meta.key.id.clone()).collect()
    }

    async fn away(&mut self) -> Vec<String> {
        ids_of(&mut self.other_store.open().await).await
    }

    async fn live(&mut self) -> Vec<String> {
        ids_of(&mut self.store).await
    }
}

async fn move_all(into: &mut IntoStore, store: &mut SessionStore, ids: &[String]) -> Result<BatchResult, StoreError> {
    let batch = Batch { app: Some(APP), ids, cutoff: None, accessed_before: None, dry_run: false };
    into.apply(store, &batch, &|_| true).await
}

/// Executes an action once, when the first session has been read and nothing has been written.
fn when_read(action: impl AsyncFnOnce() + Send + 'static) -> Box<SessionFix> {
    let action = Mutex::new(Some(action));
    Box::new(move |_| {
        let action = action.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(action) = action {
            elsewhere(action);
        }
        Ok(())
    })
}

/// Executes an action in a separate thread, and waits for it.
fn elsewhere(action: impl AsyncFnOnce() + Send + 'static) {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    std::thread::spawn(move || runtime().block_on(action())).join().unwrap();
}

async fn two_runs_that_move_the_same_sessions_lose_none(db: &Scratch) {
    let mut two = Two::with(db, 5).await;
    let (ids, target, other_store) = (two.ids(), db.target(), two.other_store.target());
    let second = move || async move {
        let naming = Default::default();
        let mut store = SessionStore::open(&target, &naming).await.unwrap();
        let mut into = IntoStore::new(SessionStore::open(&other_store, &naming).await.unwrap(), Direction::Out, None);
        let moved = move_all(&mut into, &mut store, &ids).await.unwrap();
        assert_eq!(moved.sessions, 5);
        assert_eq!(into.finish(&mut store).await.len(), 0);
    };
    let mut into = two.out(false, Some(when_read(second))).await;
    let moved =
        move_all(&mut into, &mut two.store, &two.sessions.iter().map(|s| s.meta.key.id.clone()).collect::<Vec<_>>())
            .await
            .unwrap();
    let mut kept = moved.kept;
    kept.extend(into.finish(&mut two.store).await);
    assert_eq!((moved.sessions, moved.skipped, kept.len()), (0, 5, 5), "{kept:?}");
    assert!(kept[0].reason.starts_with("its copy is kept"), "{kept:?}");
    assert_eq!((two.live().await, two.away().await), (vec![], two.ids()));
    for session in &two.sessions {
        let there = two.other_store.open().await.get(&session.meta.key).await.unwrap();
        assert_eq!(there.as_ref(), Some(session));
    }
}

/// Logs out the user of S1.
fn logout(db: &Scratch) -> impl AsyncFnOnce() + Send + use<> {
    let target = db.target();
    move || async move {
        let mut tomcat = SessionStore::open(&target, &Default::default()).await.unwrap();
        let ids = ["S1".to_owned()];
        let batch = Batch { app: Some(APP), ids: &ids, cutoff: None, accessed_before: None, dry_run: false };
        assert_eq!(tomcat.delete(&batch, &|_| true).await.unwrap().sessions, 1);
    }
}

async fn the_copy_of_a_session_that_logged_out_is_removed(db: &Scratch) {
    let mut two = Two::with(db, 3).await;
    let mut into = two.out(true, Some(when_read(logout(db)))).await;
    let ids = two.ids();
    let moved = move_all(&mut into, &mut two.store, &ids).await.unwrap();
    assert_eq!((moved.sessions, moved.skipped, moved.kept.len()), (2, 1, 0));
    assert_eq!((two.live().await, two.away().await), (vec![], vec!["S0".to_owned(), "S2".to_owned()]));
}

async fn without_the_lock_an_undecidable_copy_is_kept_and_listed(db: &Scratch) {
    let mut two = Two::with(db, 3).await;
    let mut into = two.out(false, Some(when_read(logout(db)))).await;
    let ids = two.ids();
    let moved = move_all(&mut into, &mut two.store, &ids).await.unwrap();
    assert_eq!((moved.sessions, moved.skipped, moved.kept.len()), (2, 1, 1));
    assert_eq!(moved.kept[0].key.id, "S1");
    let in_doubt = two.other_store.open().await.in_doubt().await.unwrap();
    assert_eq!(in_doubt.into_iter().map(|key| key.id).collect::<Vec<_>>(), ["S1"]);
}

async fn touch_does_not_overwrite_a_later_save(db: &Scratch) {
    let two = Two::with(db, 0).await;
    let swapped_out = [session(APP, "S1", -1, NOW.0 - 2 * HOUR), session(APP, "S2", -1, NOW.0 - 2 * HOUR)];
    let mut other_store = two.other_store.open().await;
    other_store.insert(&swapped_out, OnConflict::Fail).await.unwrap();
    let saved = session(APP, "S1", -1, NOW.0 - HOUR);
    let (target, row) = (db.target(), saved.clone());
    let save = move || async move {
        let mut tomcat = SessionStore::open(&target, &Default::default()).await.unwrap();
        tomcat.insert(&[row], OnConflict::Replace).await.unwrap();
    };
    let save = when_read(save);
    let touch = move |session: &mut Session| {
        save(session)?;
        session.meta.last_access = Some(NOW);
        Ok(())
    };
    let mut into = IntoStore::new(db.open().await, Direction::Back, Some(Box::new(touch)));
    let moved = move_all(&mut into, &mut other_store, &["S1".to_owned(), "S2".to_owned()]).await.unwrap();
    assert_eq!((moved.sessions, moved.newer, moved.kept.len()), (1, 1, 1), "{moved:?}");
    let mut live = db.open().await;
    assert_eq!(live.get(&saved.meta.key).await.unwrap(), Some(saved));
    assert_eq!(live.get(&swapped_out[1].meta.key).await.unwrap().unwrap().meta.last_access, Some(NOW));
    assert_eq!(ids_of(&mut other_store).await, ["S1"]);
}

async fn swap_in_keeps_the_live_row_in_a_tie(db: &Scratch) {
    let mut two = Two::with(db, 2).await;
    let mut swapped_out = two.sessions.clone();
    edit(&mut swapped_out[1], |data| data[50] = 1);
    let mut other_store = two.other_store.open().await;
    other_store.insert(&swapped_out, OnConflict::Fail).await.unwrap();
    let mut into = IntoStore::new(db.open().await, Direction::Back, None);
    let moved = move_all(&mut into, &mut other_store, &two.ids()).await.unwrap();
    assert_eq!((moved.sessions, moved.newer, moved.kept.len()), (1, 1, 1), "{moved:?}");
    assert!(moved.kept[0].reason.contains("a different state with the same last access"), "{moved:?}");
    for session in &two.sessions {
        assert_eq!(two.store.get(&session.meta.key).await.unwrap().as_ref(), Some(session));
    }
    assert_eq!(ids_of(&mut other_store).await, ["S1"]);
}

/// A lock that allows reading the table but not writing, like that of mysqldump, until it is dropped.
enum Reader {
    Server(sqlx::MySqlConnection),
    File(sqlx::SqliteConnection),
    Other(Box<crate::support::client::Client>),
}

impl Reader {
    /// `None` if the engine has no such lock that the test could take.
    async fn of(db: &Scratch) -> Option<Reader> {
        match db.kind {
            Kind::Mariadb | Kind::Mysql => {
                let mut connection = db.mysql().await;
                connection.execute("LOCK TABLES tomcat_sessions READ").await.unwrap();
                Some(Reader::Server(connection))
            }
            Kind::Sqlite => {
                let url = db.url.replace("sqlite:", "sqlite://");
                let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
                connection.execute("BEGIN IMMEDIATE").await.unwrap();
                Some(Reader::File(connection))
            }
            Kind::Postgres => {
                let mut client = db.client().await;
                client.begin().await;
                client.run("LOCK TABLE tomcat_sessions IN SHARE MODE").await;
                Some(Reader::Other(Box::new(client)))
            }
            Kind::Mssql => None,
        }
    }

    async fn end(self) {
        match self {
            Reader::Server(connection) => connection.close().await.unwrap(),
            Reader::Other(mut client) => client.rollback().await,
            Reader::File(mut connection) => {
                connection.execute("ROLLBACK").await.unwrap();
                connection.close().await.unwrap();
            }
        }
    }
}

async fn copies_of_undeletable_sessions_are_removed_at_the_end(db: &Scratch) {
    let mut two = Two::with(db, 3).await;
    let mut into = two.out(true, None).await;
    let Some(reader) = Reader::of(db).await else { return };
    let ids = two.ids();
    let refused = move_all(&mut into, &mut two.store, &ids).await.unwrap_err();
    assert!(refused.is_retryable(), "{refused}");
    assert_eq!(two.away().await.len(), 4, "three copies and an entry of the journal");
    // While the lock is held, like the end of a run.
    assert_eq!(into.finish(&mut two.store).await.len(), 0);
    assert_eq!(two.away().await, [""; 0]);
    reader.end().await;
    assert_eq!(two.live().await, ids);
}

async fn a_moved_batch_stays_moved_if_copies_cannot_be_removed(db: &Scratch) {
    let mut two = Two::with(db, 3).await;
    let (target, mut used) = (db.target(), two.sessions[1].clone());
    edit(&mut used, |data| data[50] = 1);
    let use_it = move || async move {
        let mut tomcat = SessionStore::open(&target, &Default::default()).await.unwrap();
        tomcat.insert(&[used], OnConflict::Replace).await.unwrap();
    };
    let mut into = two.out(true, Some(when_read(use_it))).await;
    let (judged, held) = (AtomicUsize::new(0), Arc::new(AtomicBool::new(true)));
    let holder = Mutex::new(None);
    let (url, hold) = (two.other_store.url.replace("sqlite:", "sqlite://"), held.clone());
    let wanted = |_: &_| {
        // The first time after the lookup and the read: the copies are committed, the originals locked.
        if judged.fetch_add(1, Ordering::Relaxed) == 6 {
            let (url, hold) = (url.clone(), hold.clone());
            let (locked, wait) = std::sync::mpsc::channel();
            let thread = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async {
                    let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
                    connection.execute("BEGIN IMMEDIATE").await.unwrap();
                    locked.send(()).unwrap();
                    while hold.load(Ordering::Relaxed) {
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                    connection.execute("ROLLBACK").await.unwrap();
                });
            });
            wait.recv().unwrap();
            *holder.lock().unwrap() = Some(thread);
        }
        true
    };
    let ids = two.ids();
    let batch = Batch { app: Some(APP), ids: &ids, cutoff: None, accessed_before: None, dry_run: false };
    let moved = into.apply(&mut two.store, &batch, &wanted).await;
    held.store(false, Ordering::Relaxed);
    holder.into_inner().unwrap().unwrap().join().unwrap();
    let moved = moved.unwrap();
    assert_eq!((moved.sessions, moved.skipped), (2, 1), "{moved:?}");
    assert_eq!(two.away().await.len(), 4, "three copies and an entry of the journal");
    assert_eq!(into.finish(&mut two.store).await.len(), 0);
    assert_eq!((two.live().await, two.away().await), (vec!["S1".to_owned()], vec!["S0".to_owned(), "S2".to_owned()]));
}

/// Copies all sessions, and ends before the deletion.
async fn killed_before_the_deletion(two: &mut Two<'_>) -> bool {
    let mut into = two.out(true, None).await;
    let Some(reader) = Reader::of(two.db).await else { return false };
    let ids = two.ids();
    move_all(&mut into, &mut two.store, &ids).await.unwrap_err();
    reader.end().await;
    two.store.unlock().await.unwrap();
    true
}

async fn the_next_run_resolves_the_copies_of_a_killed_swap_out(db: &Scratch) {
    let mut two = Two::with(db, 4).await;
    if !killed_before_the_deletion(&mut two).await {
        return;
    }
    // One is used, one is saved with the same time, one user logs out, one session is unchanged.
    let mut saved = two.sessions[3].clone();
    edit(&mut saved, |data| data[50] = 1);
    two.store.insert(&[session(APP, "S0", -1, NOW.0), saved], OnConflict::Replace).await.unwrap();
    db.sql("DELETE FROM tomcat_sessions WHERE session_id = 'S1'").await;
    let live = two.live().await;
    for round in 0..2 {
        // A run that does not hold both locks, or comes from another store, changes nothing.
        let nothing = two.out(false, None).await.reconcile(&mut two.store).await.unwrap();
        assert_eq!((nothing.removed, nothing.in_doubt.len()), (0, 0));
        let found = two.out(true, None).await.reconcile(&mut two.store).await.unwrap();
        assert_eq!((found.removed, found.in_doubt.len()), (if round == 0 { 3 } else { 0 }, 1), "{found:?}");
        assert_eq!(found.in_doubt[0].key.id, "S1");
        two.store.unlock().await.unwrap();
        let away = two.away().await;
        assert!(away.len() == 2 && away[0] == "S1", "a session and an entry of the journal: {away:?}");
        let in_doubt = two.other_store.open().await.in_doubt().await.unwrap();
        assert_eq!(in_doubt.into_iter().map(|key| key.id).collect::<Vec<_>>(), ["S1"]);
    }
    assert_eq!(two.live().await, live);
    // The Tomcat was only saving it.
    two.store.insert(&[session(APP, "S1", -1, NOW.0)], OnConflict::Fail).await.unwrap();
    let found = two.out(true, None).await.reconcile(&mut two.store).await.unwrap();
    assert_eq!((found.removed, found.in_doubt.len()), (1, 0));
    assert_eq!(two.away().await, [""; 0]);
}

async fn the_next_run_resolves_the_copies_of_a_killed_swap_in(db: &Scratch) {
    let mut two = Two::with(db, 0).await;
    let swapped_out: Vec<Session> = (0..3).map(|n| session(APP, &format!("S{n}"), -1, NOW.0 - 2 * HOUR)).collect();
    let mut other_store = two.other_store.open().await;
    other_store.insert(&swapped_out, OnConflict::Fail).await.unwrap();
    let ids: Vec<String> = swapped_out.iter().map(|session| session.meta.key.id.clone()).collect();
    let into = |live: SessionStore| IntoStore::new(live, Direction::Back, None);
    let reader = Reader::of(&two.other_store).await.unwrap();
    let mut killed = into(db.open().await);
    move_all(&mut killed, &mut other_store, &ids).await.unwrap_err();
    // Rows in the live table may be in use: nothing is removed, and all are listed.
    assert_eq!(killed.finish(&mut other_store).await.len(), 3);
    reader.end().await;
    assert_eq!(two.live().await.len(), 4, "three sessions and an entry of the journal");
    two.store.insert(&[session(APP, "S0", -1, NOW.0)], OnConflict::Replace).await.unwrap();
    db.sql("DELETE FROM tomcat_sessions WHERE session_id = 'S1'").await;
    let mut live = db.open().await;
    live.lock(Duration::from_secs(5)).await.unwrap();
    other_store.lock(Duration::ZERO).await.unwrap();
    let found = into(live).reconcile(&mut other_store).await.unwrap();
    assert_eq!((found.removed, found.in_doubt.len()), (2, 1), "{found:?}");
    assert_eq!(found.in_doubt[0].key.id, "S1");
    assert_eq!(ids_of(&mut other_store).await, ["S1"]);
    assert_eq!(two.live().await[..2], ["S0", "S2"]);
}

/// Records deletions, or fails.
#[derive(Default)]
struct Log {
    full: bool,
    deleting: Vec<usize>,
    ended: Vec<bool>,
}

impl DeletionLog for Log {
    fn deleting(&mut self, keys: &[SessionKey]) -> Result<(), String> {
        self.deleting.push(keys.len());
        if self.full { Err("no space left on device".to_owned()) } else { Ok(()) }
    }

    fn ended(&mut self, deleted: bool) {
        self.ended.push(deleted);
    }
}

/// For a session that was copied to an archive, everything that can fail happens before the commit.
async fn nothing_is_deleted_if_the_journal_cannot_be_written(db: &Scratch) {
    let mut two = Two::with(db, 3).await;
    let (ids, taken) = (two.ids(), Mutex::new(Vec::new()));
    let batch = Batch { app: Some(APP), ids: &ids, cutoff: None, accessed_before: None, dry_run: false };
    let take = |sessions: &[Session]| {
        taken.lock().unwrap().extend(sessions.to_vec());
        Ok(())
    };
    // The archive has S0 in a newer state, and S1 in an older one.
    let mut archived = ArchivedSessions::default();
    for (id, hours) in [("S0", 1), ("S1", 3)] {
        archived.add(&session(APP, id, -1, NOW.0 - hours * HOUR).meta).unwrap();
    }
    let mut copying = CopyToArchive { take: Box::new(take), copied: CopiedSessions::default(), archived };
    let copied = copying.apply(&mut two.store, &batch, &|_| true).await.unwrap();
    assert_eq!((copied.sessions, copied.newer, copied.skipped), (2, 1, 0));
    assert_eq!(copied.kept[0].key.id, "S0");
    let copied = std::mem::take(&mut copying.copied);
    drop(copying);
    assert_eq!(taken.into_inner().unwrap(), two.sessions[1..]);
    let mut full = Log { full: true, ..Log::default() };
    let mut deletion = DeleteCopied { copied, log: &mut full };
    deletion.apply(&mut two.store, &batch, &|_| true).await.unwrap_err();
    let copied = deletion.copied;
    assert_eq!((copied.undeleted(), &full.ended[..]), (2, &[false][..]));
    assert_eq!(two.live().await, ids);
    let mut log = Log::default();
    let mut deletion = DeleteCopied { copied, log: &mut log };
    let deleted = deletion.apply(&mut two.store, &batch, &|_| true).await.unwrap();
    assert_eq!((deleted.sessions, deletion.copied.undeleted()), (2, 0));
    assert_eq!((&log.deleting[..], &log.ended[..]), (&[2][..], &[true][..]));
    assert_eq!(two.live().await, ["S0"]);
}
