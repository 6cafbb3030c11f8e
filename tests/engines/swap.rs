//! Moving sessions between the two tables of a store: which ones move, which are kept, and that they are unchanged.

use std::time::Duration;

use tomcat_sessions::session::{
    Direction, EpochMillis, Filter, OnConflict, Session, SessionMeta, Swap, SwapRule, SwapSelection,
};
use tomcat_sessions::store::{
    BatchAction, Candidates, Ended, InMemoryCheck, IntoTable, Names, Pauses, PurgeLimits, PurgeSummary, Purger,
    SessionStore, Stop, StoreError, Throttle,
};

use crate::purge_runs::all;
use crate::support::{NOW, Scratch, edit, sample, session};

crate::suite!(
    idle_sessions_move_and_come_back_bit_for_bit,
    the_longest_idle_surplus_is_moved,
    sessions_used_since_the_selection_are_not_moved,
    an_older_state_is_replaced_and_a_newer_one_is_kept,
    the_in_memory_check_can_refuse,
    a_dry_run_moves_nothing,
    sessions_are_edited_while_they_are_moved,
    a_table_with_another_structure_is_refused,
    a_missing_table_is_created,
    swap_in_keeps_the_live_row_in_a_tie,
);

const APP: &str = "/Catalina/localhost/demo";
const HOUR: i64 = 3_600_000;

/// A store with both tables.
pub async fn two_tables(db: &Scratch, profile: &str) -> SessionStore {
    db.create_table(profile).await;
    let mut store = db.open().await;
    store.create_swap_table().await.unwrap();
    store
}

/// Sessions that have been idle for an hour are moved.
pub fn hourly() -> Swap {
    let rule = SwapRule { max_idle: Some(Duration::from_secs(3_600)), ..SwapRule::default() };
    SwapSelection::new(rule, NOW).end()
}

/// Moves the sessions that `swap` selects to the other table.
pub struct Out<'a> {
    pub swap: Swap,
    pub dry_run: bool,
    pub in_memory_check: Option<&'a dyn InMemoryCheck>,
}

impl Out<'_> {
    async fn run(self, store: &mut SessionStore, picked: &[Session]) -> PurgeSummary {
        let mut action = IntoTable { way: Direction::Out, other: store.swap_table().await.unwrap(), fix: None };
        let bound = Some(self.swap.accessed_before());
        self.with(store, picked, &mut action, bound).await
    }

    pub async fn with(
        self,
        store: &mut SessionStore,
        picked: &[Session],
        action: &mut dyn BatchAction,
        accessed_before: Option<EpochMillis>,
    ) -> PurgeSummary {
        let limits = PurgeLimits {
            batch: 7,
            batch_time: Duration::from_secs(60),
            pauses: Pauses::Fixed(Duration::ZERO),
            max_rows: None,
            max_time: None,
        };
        if !self.dry_run {
            store.lock(Duration::ZERO).await.unwrap();
        }
        let wanted = |session: &SessionMeta| self.swap.includes(session);
        let purger = Purger {
            store,
            action,
            in_memory_check: self.in_memory_check,
            cutoff: None,
            accessed_before,
            wanted: &wanted,
            limits: &limits,
            throttle: &mut Throttle::default(),
            dry_run: self.dry_run,
            stop: Stop::never(),
        };
        let keys = picked.iter().map(|session| session.meta.key.clone()).collect();
        let summary = purger.run(&mut Candidates::named(keys), &mut |_| {}).await;
        if !self.dry_run {
            store.unlock().await.unwrap();
        }
        summary
    }
}

async fn out(store: &mut SessionStore, picked: &[Session]) -> PurgeSummary {
    Out { swap: hourly(), dry_run: false, in_memory_check: None }.run(store, picked).await
}

/// The other table, and the action that moves sessions back from it.
async fn other(db: &Scratch) -> SessionStore {
    db.open().await.into_swap_table().await.unwrap().0
}

fn ids(sessions: &[SessionMeta]) -> Vec<&str> {
    sessions.iter().map(|session| session.key.id.as_str()).collect()
}

/// All rows of a table.
pub async fn ids_of(store: &mut SessionStore) -> Vec<String> {
    all(store, &Filter::default(), NOW).await.into_iter().map(|session| session.key.id).collect()
}

async fn idle_sessions_move_and_come_back_bit_for_bit(db: &Scratch) {
    let mut store = two_tables(db, "recommended").await;
    let mut sessions = sample();
    // Of every size, without data, and never accessed.
    for (id, data) in [("A0", None), ("A1", Some(Vec::new())), ("A2", Some(vec![7u8; 300_000]))] {
        let mut odd = session("/Catalina/localhost/odd", id, -1, NOW.0 - 2 * HOUR);
        (odd.meta.size, odd.data) = (data.as_ref().map(|data| data.len() as u64), data.map(Vec::into));
        sessions.push(odd);
    }
    sessions.push(session(APP, "BUSY", 1800, NOW.0 - 1_000));
    store.insert(&sessions, OnConflict::Fail).await.unwrap();
    // The sessions of the sample are expired, except for a few.
    let max_idle = Some(Duration::from_secs(1_800));
    let rule = SwapRule { max_idle, include_expired: true, ..SwapRule::default() };
    let swap = || SwapSelection::new(rule.clone(), NOW).end();
    let goes: Vec<&Session> = sessions.iter().filter(|session| swap().includes(&session.meta)).collect();
    assert!((10..sessions.len()).contains(&goes.len()), "{}", goes.len());

    let summary = Out { swap: swap(), dry_run: false, in_memory_check: None }.run(&mut store, &sessions).await;
    assert!(matches!(summary.ended, Ended::Done), "{:?}", summary.ended);
    assert_eq!(summary.total.sessions, goes.len() as u64);
    let mut swapped = other(db).await;
    for session in &sessions {
        let (here, there) =
            (store.get(&session.meta.key).await.unwrap(), swapped.get(&session.meta.key).await.unwrap());
        let expected = (Some(session.clone()), None);
        let expected = if swap().includes(&session.meta) { (expected.1, expected.0) } else { expected };
        assert_eq!((here, there), expected, "{:?}", session.meta.key);
    }

    let back = Out { swap: SwapSelection::new(everything(), NOW).end(), dry_run: false, in_memory_check: None };
    let mut action = IntoTable { way: Direction::Back, other: swapped.swap_table().await.unwrap(), fix: None };
    let summary = back.with(&mut swapped, &sessions, &mut action, None).await;
    assert_eq!(summary.total.sessions, goes.len() as u64);
    for session in &sessions {
        assert_eq!(store.get(&session.meta.key).await.unwrap().as_ref(), Some(session));
        assert_eq!(swapped.get(&session.meta.key).await.unwrap(), None);
    }
}

/// A rule that selects every session.
pub fn everything() -> SwapRule {
    SwapRule { max_idle: Some(Duration::ZERO), include_expired: true, ..SwapRule::default() }
}

async fn the_longest_idle_surplus_is_moved(db: &Scratch) {
    let mut store = two_tables(db, "documented").await;
    let sessions: Vec<Session> = (0..20).map(|n| session(APP, &format!("{n:02}"), -1, NOW.0 - n * HOUR / 10)).collect();
    store.insert(&sessions, OnConflict::Fail).await.unwrap();
    let rule = SwapRule { max_active: Some(8), min_idle: Duration::from_secs(3_600), ..SwapRule::default() };
    let mut count = SwapSelection::new(rule, NOW);
    all(&mut store, &Filter::default(), NOW).await.iter().for_each(|session| count.add(session));
    let summary = Out { swap: count.end(), dry_run: false, in_memory_check: None }.run(&mut store, &sessions).await;
    // Eight may stay; two more stay because they have not been idle for an hour.
    assert_eq!(summary.total.sessions, 10);
    let stay: Vec<String> = (0..10).map(|n| format!("{n:02}")).collect();
    assert_eq!(ids_of(&mut store).await, stay);
}

async fn sessions_used_since_the_selection_are_not_moved(db: &Scratch) {
    let mut store = two_tables(db, "recommended").await;
    let sessions: Vec<Session> = (0..20).map(|n| session(APP, &format!("{n:02}"), -1, NOW.0 - 2 * HOUR)).collect();
    store.insert(&sessions, OnConflict::Fail).await.unwrap();
    let used = [3, 9, 10].map(|n: usize| session(APP, &sessions[n].meta.key.id, -1, NOW.0));
    store.insert(&used, OnConflict::Replace).await.unwrap();
    db.sql("DELETE FROM tomcat_sessions WHERE session_id = '05'").await;
    let summary = out(&mut store, &sessions).await;
    assert_eq!((summary.total.sessions, summary.skipped), (16, 4));
    assert_eq!(ids_of(&mut store).await, ["03", "09", "10"]);
    assert_eq!(ids_of(&mut other(db).await).await.len(), 16);
}

async fn an_older_state_is_replaced_and_a_newer_one_is_kept(db: &Scratch) {
    let mut store = two_tables(db, "recommended").await;
    let at = |id: &str, hours: i64| session(APP, id, -1, NOW.0 - hours * HOUR);
    let live = [at("older", 5), at("same", 5), at("newer", 5), at("alone", 5)];
    store.insert(&live, OnConflict::Fail).await.unwrap();
    let mut swapped = other(db).await;
    let mut same = at("same", 5);
    same.data = Some(vec![1, 2, 3].into());
    same.meta.size = Some(3);
    let newer = at("newer", 4);
    // The same id in another application is another session.
    let foreign = session("/Catalina/localhost/shop", "alone", -1, NOW.0);
    swapped.insert(&[at("older", 6), same, newer.clone(), foreign.clone()], OnConflict::Fail).await.unwrap();
    let summary = out(&mut store, &live).await;
    assert_eq!((summary.total.sessions, summary.newer, summary.skipped), (3, 1, 0));
    assert_eq!(ids(&[summary.kept[0].key.clone()].map(|key| SessionMeta { key, ..newer.meta.clone() })), ["newer"]);
    assert_eq!(ids_of(&mut store).await, ["newer"]);
    for session in [&live[0], &live[1], &newer, &live[3], &foreign] {
        assert_eq!(swapped.get(&session.meta.key).await.unwrap().as_ref(), Some(session), "{:?}", session.meta.key);
    }
}

/// Reports sessions with even numbers as not in memory.
struct Even;

#[async_trait::async_trait]
impl InMemoryCheck for Even {
    async fn not_in_memory(&self, app: Option<&str>, ids: &[String]) -> Result<Vec<String>, String> {
        assert_eq!(app, Some(APP));
        if ids.iter().any(|id| id == "18") {
            return Err("cannot ask any more".to_owned());
        }
        Ok(ids.iter().filter(|id| id.ends_with(['0', '2', '4', '6', '8'])).cloned().collect())
    }
}

async fn the_in_memory_check_can_refuse(db: &Scratch) {
    let mut store = two_tables(db, "documented").await;
    let sessions: Vec<Session> = (0..20).map(|n| session(APP, &format!("{n:02}"), -1, NOW.0 - 2 * HOUR)).collect();
    store.insert(&sessions, OnConflict::Fail).await.unwrap();
    let summary = Out { swap: hourly(), dry_run: false, in_memory_check: Some(&Even) }.run(&mut store, &sessions).await;
    // Batches of seven: the check of the third one fails.
    assert!(matches!(&summary.ended, Ended::MemoryUnknown(why) if why == "cannot ask any more"), "{:?}", summary.ended);
    assert_eq!((summary.total.sessions, summary.in_memory, summary.skipped), (7, 7, 0));
    assert_eq!(ids_of(&mut store).await.len(), 13);
}

async fn a_dry_run_moves_nothing(db: &Scratch) {
    let mut store = two_tables(db, "documented").await;
    let sessions: Vec<Session> = (0..9).map(|n| session(APP, &format!("{n:02}"), -1, NOW.0 - 2 * HOUR)).collect();
    store.insert(&sessions, OnConflict::Fail).await.unwrap();
    let mut swapped = other(db).await;
    swapped.insert(&[session(APP, "04", -1, NOW.0)], OnConflict::Fail).await.unwrap();
    let dry = Out { swap: hourly(), dry_run: true, in_memory_check: None }.run(&mut store, &sessions).await;
    assert_eq!((ids_of(&mut store).await.len(), ids_of(&mut swapped).await.len()), (9, 1));
    let wet = out(&mut store, &sessions).await;
    assert_eq!((dry.total, dry.newer, dry.skipped), (wet.total, wet.newer, wet.skipped));
    assert_eq!((wet.total.sessions, wet.newer), (8, 1));
}

async fn sessions_are_edited_while_they_are_moved(db: &Scratch) {
    let mut store = two_tables(db, "recommended").await;
    let mut sessions: Vec<Session> = (0..12).map(|n| session(APP, &format!("{n:02}"), -1, NOW.0 - 2 * HOUR)).collect();
    // Together more than the memory limit of a batch.
    for session in &mut sessions[..5] {
        session.data = Some(vec![0; 900_000].into());
        session.meta.size = Some(900_000);
    }
    let mut swapped = other(db).await;
    for session in &sessions {
        swapped.insert(std::slice::from_ref(session), OnConflict::Fail).await.unwrap();
    }
    // The live table contains an older state of one that cannot be edited, and of one that can.
    let older = [session(APP, "07", -1, 1), session(APP, "08", -1, 1)];
    store.insert(&older, OnConflict::Fail).await.unwrap();
    let fix = |session: &mut Session| {
        if session.meta.key.id == "07" {
            return Err("it is the seventh".to_owned());
        }
        edit(session, |data| data[0] = 0xff);
        session.meta.last_access = Some(NOW);
        Ok(())
    };
    let mut action =
        IntoTable { way: Direction::Back, other: swapped.swap_table().await.unwrap(), fix: Some(Box::new(fix)) };
    let back = Out { swap: SwapSelection::new(everything(), NOW).end(), dry_run: false, in_memory_check: None };
    let summary = back.with(&mut swapped, &sessions, &mut action, None).await;
    assert!(matches!(summary.ended, Ended::Done), "{:?}", summary.ended);
    assert_eq!((summary.total.sessions, summary.newer, summary.skipped), (11, 0, 0));
    assert_eq!((summary.kept.len(), summary.kept[0].reason.as_str()), (1, "it is the seventh"));
    assert_eq!(ids_of(&mut swapped).await, ["07"]);
    for session in &sessions {
        let found = store.get(&session.meta.key).await.unwrap().unwrap();
        if session.meta.key.id == "07" {
            assert_eq!(found, older[0]);
        } else {
            assert_eq!((found.meta.last_access, found.data.as_ref().unwrap()[0]), (Some(NOW), 0xff));
            assert_eq!(found.data.unwrap()[1..], session.data.as_ref().unwrap()[1..]);
        }
    }
}

async fn a_table_with_another_structure_is_refused(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    let missing = store.swap_table().await.err().unwrap();
    assert!(
        matches!(&missing, StoreError::NoSwapTable { table, .. } if table == "tomcat_sessions_swapped"),
        "{missing}"
    );
    let wrong = [
        ("session_id VARCHAR(100) NOT NULL PRIMARY KEY, app_name VARCHAR(255)", "the column `session_data` is missing"),
        (
            "session_id VARCHAR(50) NOT NULL PRIMARY KEY, valid_session CHAR(1) NOT NULL, max_inactive BIGINT NOT NULL, \
          last_access BIGINT NOT NULL, app_name VARCHAR(255) NOT NULL, session_data LONGBLOB",
            "its key is only the id",
        ),
    ];
    for (columns, word) in wrong {
        db.sql(&format!("CREATE TABLE tomcat_sessions_swapped ({columns})")).await;
        let refused = store.swap_table().await.err().unwrap();
        assert!(matches!(refused, StoreError::WrongShape { .. }) && refused.to_string().contains(word), "{refused}");
        db.sql("DROP TABLE tomcat_sessions_swapped").await;
    }
}

/// With Tomcat's default names, and as created by a profile.
async fn a_missing_table_is_created(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    store.create_swap_table().await.unwrap();
    // The second time, nothing is done.
    store.create_swap_table().await.unwrap();
    assert_eq!(store.swap_table().await.unwrap().name(), "tomcat_sessions_swapped");
    let swapped = other(db).await;
    assert_eq!(
        swapped.names(),
        &Names { database: store.names().database.clone(), ..Names::default().with_tables_exchanged() }
    );
    let indexes = |store: &SessionStore| store.shape().has_expiry_index(store.names(), store.dialect());
    assert_eq!(indexes(&swapped), indexes(&store));
}

async fn swap_in_keeps_the_live_row_in_a_tie(db: &Scratch) {
    let mut store = two_tables(db, "recommended").await;
    let swapped_out = [session(APP, "same", -1, 5), session(APP, "other", -1, 5), session(APP, "older", -1, 5)];
    let mut live = swapped_out.clone();
    edit(&mut live[1], |data| data[50] = 1);
    live[2] = session(APP, "older", -1, 4);
    let mut swapped = other(db).await;
    swapped.insert(&swapped_out, OnConflict::Fail).await.unwrap();
    store.insert(&live, OnConflict::Fail).await.unwrap();
    let back = Out { swap: SwapSelection::new(everything(), NOW).end(), dry_run: false, in_memory_check: None };
    let mut action = IntoTable { way: Direction::Back, other: swapped.swap_table().await.unwrap(), fix: None };
    let summary = back.with(&mut swapped, &swapped_out, &mut action, None).await;
    assert_eq!((summary.total.sessions, summary.newer, summary.skipped), (2, 1, 0), "{summary:?}");
    assert_eq!(ids_of(&mut swapped).await, ["other"]);
    for session in [&live[0], &live[1], &swapped_out[2]] {
        assert_eq!(store.get(&session.meta.key).await.unwrap().as_ref(), Some(session), "{:?}", session.meta.key);
    }
}
