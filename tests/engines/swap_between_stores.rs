//! Moving sessions from one store to another: sessions that change meanwhile are kept, and no session is missing in
//! both.

use tomcat_sessions::session::{Direction, OnConflict, Session, SwapSelection};
use tomcat_sessions::store::{Ended, IntoStore, Naming, SessionStore};

use crate::support::program::run;
use crate::support::{Kind, NOW, Scratch, edit, sample, session};
use crate::swap::{Out, everything, hourly, ids_of};

crate::suite!(
    sessions_go_to_another_store_and_back_bit_for_bit,
    sessions_changed_between_copy_and_deletion_are_kept,
    a_newer_state_in_the_target_is_kept,
    an_archive_with_a_newer_state_keeps_it_and_the_row_is_kept,
);

const APP: &str = "/Catalina/localhost/demo";
const HOUR: i64 = 3_600_000;

/// A store of another engine.
async fn other_store() -> Scratch {
    let other = Scratch::new(Kind::Sqlite).await.unwrap();
    other.create_table("recommended").await;
    other
}

fn out<'a>() -> Out<'a> {
    Out { swap: hourly(), dry_run: false, in_memory_check: None }
}

fn all<'a>() -> Out<'a> {
    Out { swap: SwapSelection::new(everything(), NOW).end(), dry_run: false, in_memory_check: None }
}

async fn sessions_go_to_another_store_and_back_bit_for_bit(db: &Scratch) {
    db.create_table("recommended").await;
    let other_store = other_store().await;
    let mut sessions = sample();
    for (id, data) in [("A0", None), ("A1", Some(Vec::new())), ("A2", Some(vec![7u8; 3_000_000]))] {
        let mut odd = session("/Catalina/localhost/odd", id, -1, NOW.0 - 2 * HOUR);
        (odd.meta.size, odd.data) = (data.as_ref().map(|data| data.len() as u64), data.map(Vec::into));
        sessions.push(odd);
    }
    let (mut store, mut there) = (db.open().await, other_store.open().await);
    store.insert(&sessions, OnConflict::Fail).await.unwrap();
    let mut action = IntoStore::new(other_store.open().await, Direction::Out, None);
    let dry = Out { dry_run: true, ..all() }.with(&mut store, &sessions, &mut action, None).await;
    assert_eq!(ids_of(&mut there).await, [""; 0]);
    let wet = all().with(&mut store, &sessions, &mut action, None).await;
    assert_eq!((wet.total.sessions, wet.skipped), (29, 0), "{wet:?}");
    assert_eq!((dry.total, dry.skipped), (wet.total, 0));
    assert_eq!(ids_of(&mut store).await, [""; 0]);
    for session in &sessions {
        assert_eq!(there.get(&session.meta.key).await.unwrap().as_ref(), Some(session));
    }
    let mut action = IntoStore::new(db.open().await, Direction::Back, None);
    let back = all().with(&mut there, &sessions, &mut action, None).await;
    assert_eq!(back.total, wet.total);
    for session in &sessions {
        assert_eq!(store.get(&session.meta.key).await.unwrap().as_ref(), Some(session));
    }
}

/// A session that is edited during the move has been read, but is not locked: a Tomcat may save it.
async fn sessions_changed_between_copy_and_deletion_are_kept(db: &Scratch) {
    db.create_table("recommended").await;
    let other_store = other_store().await;
    let sessions: Vec<Session> = (0..20).map(|n| session(APP, &format!("{n:02}"), -1, NOW.0 - 2 * HOUR)).collect();
    let (mut store, mut there) = (db.open().await, other_store.open().await);
    store.insert(&sessions, OnConflict::Fail).await.unwrap();
    let (sender, mut saves) = tokio::sync::mpsc::unbounded_channel::<(String, std::sync::mpsc::Sender<()>)>();
    let target = db.target();
    // In a separate thread, because the edit waits for it.
    let tomcat = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let mut tomcat = SessionStore::open(&target, &Naming::default()).await.unwrap();
            while let Some((id, done)) = saves.recv().await {
                let mut saved = session(APP, &id, -1, if id == "03" { NOW.0 } else { NOW.0 - 2 * HOUR });
                // The columns may equal those that were copied; the data differ.
                edit(&mut saved, |data| data[50] = 1);
                tomcat.insert(&[saved], OnConflict::Replace).await.unwrap();
                done.send(()).unwrap();
            }
        });
    });
    let fix = move |session: &mut Session| {
        if ["03", "11"].contains(&session.meta.key.id.as_str()) {
            let (done, waiting) = std::sync::mpsc::channel();
            sender.send((session.meta.key.id.clone(), done)).unwrap();
            waiting.recv().unwrap();
        }
        Ok(())
    };
    let mut action = IntoStore::new(other_store.open().await, Direction::Out, Some(Box::new(fix)));
    let summary = out().with(&mut store, &sessions, &mut action, Some(hourly().accessed_before())).await;
    drop(action);
    tomcat.join().unwrap();
    assert!(matches!(summary.ended, Ended::Done), "{:?}", summary.ended);
    assert_eq!((summary.total.sessions, summary.skipped), (18, 2));
    assert_eq!(ids_of(&mut store).await, ["03", "11"]);
    let gone: Vec<String> = (0..20).filter(|n| ![3, 11].contains(n)).map(|n| format!("{n:02}")).collect();
    assert_eq!(ids_of(&mut there).await, gone);
    for id in [3, 11usize] {
        let stayed = store.get(&sessions[id].meta.key).await.unwrap().unwrap();
        assert_eq!(stayed.data.unwrap()[50], 1, "what was saved is there");
    }
}

async fn a_newer_state_in_the_target_is_kept(db: &Scratch) {
    db.create_table("documented").await;
    let other_store = other_store().await;
    let at = |id: &str, hours: i64| session(APP, id, -1, NOW.0 - hours * HOUR);
    let live = [at("older", 5), at("same", 5), at("newer", 5), at("busy", 0)];
    let (mut store, mut there) = (db.open().await, other_store.open().await);
    store.insert(&live, OnConflict::Fail).await.unwrap();
    // As a run leaves it that was killed between copy and deletion: the same in both.
    there.insert(&[at("older", 6), at("same", 5), at("newer", 4)], OnConflict::Fail).await.unwrap();
    let mut action = IntoStore::new(other_store.open().await, Direction::Out, None);
    let summary = out().with(&mut store, &live, &mut action, Some(hourly().accessed_before())).await;
    assert_eq!((summary.total.sessions, summary.newer, summary.skipped), (2, 1, 1), "{summary:?}");
    assert_eq!(ids_of(&mut store).await, ["busy", "newer"]);
    for session in [&live[0], &live[1], &at("newer", 4)] {
        assert_eq!(there.get(&session.meta.key).await.unwrap().as_ref(), Some(session));
    }
}

/// `import` uses the last record of a session: an older one after a newer one would restore an old state.
async fn an_archive_with_a_newer_state_keeps_it_and_the_row_is_kept(db: &Scratch) {
    db.create_table("recommended").await;
    let now = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
    let at = |id: &str, hours: i64| session(APP, id, -1, now - hours * HOUR);
    let dir = tempfile::TempDir::new().unwrap();
    let archive = dir.path().join("swapped.ndjson").display().to_string();
    let swap = ["swap-out", "--max-idle", "2h", "--to", &archive, "--url", &db.url];
    db.open().await.insert(&[at("D1", 3)], OnConflict::Fail).await.unwrap();
    assert_eq!(run(&swap).await.code, Some(0));
    let older = at("D1", 5);
    db.open().await.insert(&[older.clone(), at("D3", 5)], OnConflict::Fail).await.unwrap();
    let done = run(&swap).await;
    assert_eq!((done.code, &done.result["not_moved"][0]["session_id"]), (Some(0), &"D1".into()), "{done:?}");
    let mut store = db.open().await;
    assert_eq!(store.get(&older.meta.key).await.unwrap(), Some(older), "{done:?}");
    assert_eq!(store.get(&at("D3", 5).meta.key).await.unwrap(), None, "{done:?}");
}
