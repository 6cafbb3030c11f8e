//! Reading in passes: while writers save like Tomcat, a single pass loses sessions and several passes lose none; the
//! bytes in flight are bounded.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tomcat_sessions::session::{Filter, OnConflict, Session, SessionKey, StateFilter};
use tomcat_sessions::store::{
    BATCH_BYTES, PassEnd, PassLimits, Passes, PassesEnded, PassesSummary, SessionBatch, Stop,
};

use crate::race::Client;
use crate::support::{Kind, NOW, Scratch, sample, session};

crate::suite!(
    passes_lose_no_session_that_is_being_saved,
    sessions_changed_meanwhile_are_read_again,
    a_pass_in_sections_sees_every_change,
    an_unchanged_table_is_read_once,
    a_batch_is_limited_in_bytes,
    filters_select_the_sessions_of_a_pass,
    max_time_ends_the_passes_after_the_first,
    max_time_ends_the_first_pass,
);

const APP: &str = "/Catalina/localhost/demo";
/// Number of saves of all writers per second.
const SAVES: u32 = 200;

/// Reads the table; returns the sessions that were sent, the last state of each, and the summary.
async fn read(db: &Scratch, filter: Filter, limits: PassLimits) -> (BTreeMap<SessionKey, Session>, PassesSummary) {
    let mut passes = Passes::by_quarters(db.open().await, filter, NOW, Stop::never()).await;
    let (sender, mut receiver) = mpsc::channel::<SessionBatch>(1);
    let taking = async {
        let mut taken = BTreeMap::new();
        while let Some(batch) = receiver.recv().await {
            taken.extend(batch.sessions.into_iter().map(|session| (session.meta.key.clone(), session)));
        }
        taken
    };
    let reading = async {
        let summary = passes.run(limits, &sender).await.unwrap();
        drop(sender);
        passes.close().await;
        summary
    };
    tokio::join!(taking, reading)
}

fn limits(passes: u32) -> PassLimits {
    PassLimits { passes, max_time: None }
}

/// Saves sessions like Tomcat, 200 times per second, until it is stopped.
async fn tomcats(db: &Scratch, ids: &[String]) -> (Arc<AtomicBool>, Vec<JoinHandle<u32>>) {
    let over = Arc::new(AtomicBool::new(false));
    let clock = Arc::new(AtomicI64::new(NOW.0));
    let mut writers = Vec::new();
    // SQLite has one writer at a time, and a second one may wait for any time between its DELETE and its INSERT: no
    // Tomcat has such a gap.
    let writing = if db.kind == Kind::Sqlite { 1 } else { 2 };
    for part in ids.chunks(ids.len().div_ceil(writing)) {
        let (over, clock, part) = (over.clone(), clock.clone(), part.to_vec());
        let mut client = Client::open(db).await;
        writers.push(tokio::spawn(async move {
            let mut tick = tokio::time::interval(Duration::from_secs(1) / (SAVES / writing as u32));
            let mut saves = 0;
            for id in part.iter().cycle() {
                tick.tick().await;
                let saved = session(APP, id, 1_800, clock.fetch_add(1, Ordering::Relaxed));
                client.save(&saved, &mut false).await.unwrap();
                saves += 1;
                if over.load(Ordering::Relaxed) {
                    break;
                }
            }
            saves
        }));
    }
    (over, writers)
}

async fn passes_lose_no_session_that_is_being_saved(db: &Scratch) {
    db.create_table("recommended").await;
    if db.kind == Kind::Sqlite {
        db.sql("PRAGMA journal_mode = wal").await;
    }
    // Each session is saved once per second. How long it is absent depends on the load of the machine; the more
    // sessions there are, the less likely four consecutive reads miss the same one.
    let ids: Vec<String> = (0..200).map(|i| format!("{i:032X}")).collect();
    let all: Vec<Session> = ids.iter().map(|id| session(APP, id, 1_800, NOW.0 - 1)).collect();
    db.open().await.insert(&all, OnConflict::Fail).await.unwrap();
    let (over, writers) = tomcats(db, &ids).await;
    let missed = |taken: &BTreeMap<SessionKey, Session>| ids.len() - taken.len();

    // A single read, as for a dump: sooner or later, a session is being saved.
    let mut looks = 0;
    let mut lost = 0;
    while lost == 0 && looks < 2_000 {
        lost += missed(&read(db, Filter::default(), limits(0)).await.0);
        looks += 1;
    }
    for _ in 0..10 {
        let (taken, summary) = read(db, Filter::default(), limits(3)).await;
        assert_eq!(missed(&taken), 0, "the passes lost sessions: {summary:?}");
        assert!(summary.passes.iter().all(|pass| pass.gone == 0), "{summary:?}");
    }
    over.store(true, Ordering::Relaxed);
    let mut saves = 0;
    for writer in writers {
        saves += writer.await.unwrap();
    }
    eprintln!("{}: {saves} saves; {looks} single passes until {lost} of {} were lost", db.kind.name(), ids.len());
    // SQLite's readers wait for its writer, so the gap is shorter.
    assert!(lost > 0 || db.kind == Kind::Sqlite, "{looks} single passes lost nothing: this shows nothing");
}

async fn sessions_changed_meanwhile_are_read_again(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    let old = [session(APP, "A", 60, 1), session(APP, "B", 60, 1), session(APP, "C", 60, 1)];
    store.insert(&old, OnConflict::Fail).await.unwrap();

    let mut passes = Passes::new(db.open().await, Filter::default(), NOW, Stop::never());
    let (sender, mut receiver) = mpsc::channel::<SessionBatch>(10);
    passes.pass(&sender, None).await.unwrap();
    assert_eq!(receiver.recv().await.unwrap().sessions, old);

    let changed = [session(APP, "B", 60, 2), session(APP, "D", 60, 1)];
    store.insert(&changed, OnConflict::Newer).await.unwrap();
    db.sql("DELETE FROM tomcat_sessions WHERE session_id = 'C'").await;
    let limits = PassLimits { passes: 3, max_time: None };
    let summary = passes.run(limits, &sender).await.unwrap();
    let counts: Vec<_> = summary.passes.iter().map(|p| (p.new, p.changed, p.missing, p.gone)).collect();
    assert_eq!(counts, [(1, 1, 1, 0), (0, 0, 0, 1)]);
    assert_eq!(summary.ended, PassesEnded::Settled);
    assert_eq!(receiver.recv().await.unwrap().sessions, changed);
}

/// A pass that follows a slow one reads its range in several sections. Each session belongs to one of them, also where
/// two applications have the same id.
async fn a_pass_in_sections_sees_every_change(db: &Scratch) {
    db.create_table("recommended").await;
    let sized = |app: &str, n: usize, last_access| {
        let mut session = session(app, &format!("{n:04}"), 60, last_access);
        session.data = Some(vec![7; 16_000].into());
        session.meta.size = Some(16_000);
        session
    };
    let apps = [APP, "/Catalina/localhost/shop"];
    let all: Vec<Session> = (0..300).flat_map(|n| apps.map(|app| sized(app, 2 * n, 1))).collect();
    let mut store = db.open().await;
    for some in all.chunks(100) {
        store.insert(some, OnConflict::Fail).await.unwrap();
    }

    let mut passes = Passes::new(db.open().await, Filter::default(), NOW, Stop::never());
    let (sender, mut receiver) = mpsc::channel::<SessionBatch>(1);
    // The pages are further apart than the ends of sections.
    let slow = tokio::spawn(async move {
        while receiver.recv().await.is_some() {
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    });
    let count = async |passes: &mut Passes| {
        let PassEnd::Complete(count) = passes.pass(&sender, None).await.unwrap() else { panic!("cut") };
        (count.new, count.changed, count.missing, count.gone)
    };
    assert_eq!(count(&mut passes).await, (600, 0, 0, 0));
    assert_eq!(count(&mut passes).await, (0, 0, 0, 0));

    // Changes everywhere: every tenth session is changed, every fifteenth is new, every sixtieth is deleted.
    let changed: Vec<Session> = (0..60).map(|n| sized(APP, n * 10, 2)).collect();
    let new: Vec<Session> = (0..40).map(|n| sized(APP, n * 15 + 1 + n % 2, 1)).collect();
    store.insert(&changed, OnConflict::Newer).await.unwrap();
    store.insert(&new, OnConflict::Newer).await.unwrap();
    let deleted = (0..10).map(|n| format!("'{:04}'", n * 60 + 2)).collect::<Vec<_>>().join(", ");
    db.sql(&format!("DELETE FROM tomcat_sessions WHERE session_id IN ({deleted})")).await;
    assert_eq!(count(&mut passes).await, (40, 60, 20, 0));
    assert_eq!(count(&mut passes).await, (0, 0, 0, 20));
    assert_eq!(count(&mut passes).await, (0, 0, 0, 0));
    drop(sender);
    passes.close().await;
    slow.await.unwrap();
}

/// The server's time of change is used only if no change can be hidden.
async fn an_unchanged_table_is_read_once(db: &Scratch) {
    db.create_table("recommended").await;
    let old: Vec<Session> = (0..50).map(|i| session(APP, &format!("{i:032X}"), 60, 1)).collect();
    db.open().await.insert(&old, OnConflict::Fail).await.unwrap();
    // A server with a resolution of a second may have another change in the same second.
    if db.kind != Kind::Sqlite {
        let (taken, summary) = read(db, Filter::default(), limits(1)).await;
        assert_eq!((taken.len(), summary.passes[1].skipped), (50, false));
    }
    tokio::time::sleep(Duration::from_secs(4)).await;

    let mut passes = Passes::by_quarters(db.open().await, Filter::default(), NOW, Stop::never()).await;
    let (sender, mut receiver) = mpsc::channel::<SessionBatch>(10);
    // MariaDB reports the start of the transaction, which is not a version of the table.
    let knows = matches!(db.kind, Kind::Mysql | Kind::Sqlite);
    assert_eq!(counted(&mut passes, &sender).await, (50, 0, false));
    assert_eq!(counted(&mut passes, &sender).await, (0, 0, knows));
    let changes = [
        ("UPDATE tomcat_sessions SET last_access = 2 WHERE session_id LIKE '%1F'", (0, 1)),
        (
            "INSERT INTO tomcat_sessions (session_id, valid_session, max_inactive, last_access, app_name) \
          VALUES ('F', '1', 60, 1, 'x')",
            (1, 0),
        ),
        ("DELETE FROM tomcat_sessions WHERE session_id = 'F'", (0, 0)),
    ];
    for (change, (new, changed)) in changes {
        db.sql(change).await;
        assert_eq!(counted(&mut passes, &sender).await, (new, changed, false), "{change}");
    }
    // Missed once: the session must be read again, whatever the server reports.
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(counted(&mut passes, &sender).await, (0, 0, false));
    tokio::time::sleep(Duration::from_secs(3)).await;
    counted(&mut passes, &sender).await;
    assert_eq!(counted(&mut passes, &sender).await, (0, 0, knows));
    receiver.close();
}

async fn counted(passes: &mut Passes, sender: &mpsc::Sender<SessionBatch>) -> (u64, u64, bool) {
    let PassEnd::Complete(count) = passes.pass(sender, None).await.unwrap() else { panic!("cut") };
    (count.new, count.changed, count.skipped)
}

async fn a_batch_is_limited_in_bytes(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    let mut sessions = Vec::new();
    for (i, size) in [400_000, 400_000, 400_000, 3_000_000, 10, 10].into_iter().enumerate() {
        let mut one = session(APP, &format!("{i}"), 60, 1);
        one.data = Some(vec![7; size].into());
        one.meta.size = Some(size as u64);
        store.insert(&[one.clone()], OnConflict::Fail).await.unwrap();
        sessions.push(one);
    }
    let (sender, mut receiver) = mpsc::channel::<SessionBatch>(10);
    let mut passes = Passes::new(store, Filter::default(), NOW, Stop::never());
    passes.pass(&sender, None).await.unwrap();
    drop(sender);
    let mut batches = Vec::new();
    while let Some(SessionBatch { sessions: batch, .. }) = receiver.recv().await {
        let bytes: u64 = batch.iter().filter_map(|s| s.meta.size).sum();
        assert!(bytes <= BATCH_BYTES || batch.len() == 1, "{} sessions of {bytes} bytes", batch.len());
        batches.push(batch);
    }
    // If rows are streamed, only the large session is read separately, and then the rest of its page.
    let expected: &[&[usize]] = match db.kind {
        Kind::Mariadb | Kind::Mysql | Kind::Postgres => &[&[0, 1], &[3], &[2, 4, 5]],
        Kind::Mssql | Kind::Sqlite => &[&[0, 1], &[2], &[3], &[4, 5]],
    };
    let expected = expected.iter().map(|batch| batch.iter().map(|&i| sessions[i].clone()).collect::<Vec<_>>());
    assert_eq!(batches, expected.collect::<Vec<_>>());
}

async fn filters_select_the_sessions_of_a_pass(db: &Scratch) {
    db.create_table("documented").await;
    db.open().await.insert(&sample(), OnConflict::Fail).await.unwrap();
    let filter = Filter { state: Some(StateFilter::Expired), ..Filter::default() };
    let expected: BTreeSet<_> =
        sample().into_iter().filter(|s| filter.matches(&s.meta, NOW)).map(|s| s.meta.key).collect();
    let (taken, summary) = read(db, filter, limits(3)).await;
    assert_eq!(taken.into_keys().collect::<BTreeSet<_>>(), expected);
    assert_eq!((summary.passes.len(), summary.ended), (2, PassesEnded::Settled));
}

async fn max_time_ends_the_passes_after_the_first(db: &Scratch) {
    db.create_table("recommended").await;
    db.open().await.insert(&sample(), OnConflict::Fail).await.unwrap();
    let limits = PassLimits { passes: 3, max_time: Some(Duration::ZERO) };
    let (taken, summary) = read(db, Filter::default(), limits).await;
    assert_eq!((taken.len(), summary.passes.len(), summary.ended), (26, 1, PassesEnded::MaxTime));
}

async fn max_time_ends_the_first_pass(db: &Scratch) {
    db.create_table("recommended").await;
    let all: Vec<_> = (0..12_000).map(|n| session("/a", &format!("{n:032X}"), 1800, NOW.0)).collect();
    let mut store = db.open().await;
    for some in all.chunks(4_000) {
        store.insert(some, OnConflict::Fail).await.unwrap();
    }
    store.close().await;
    let limits = PassLimits { passes: 3, max_time: Some(Duration::ZERO) };
    for filter in [Filter::default(), Filter { state: Some(StateFilter::Live), ..Filter::default() }] {
        let (taken, summary) = read(db, filter, limits).await;
        assert_eq!((summary.passes.len(), summary.whole, summary.ended), (1, false, PassesEnded::MaxTime));
        assert!(taken.len() < all.len());
    }
}
