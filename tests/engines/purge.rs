//! A purge respects its limits, stops on request, and reports a correct summary.

use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tomcat_sessions::session::{EpochMillis, Filter, OnConflict, SessionKey, SessionMeta};
use tomcat_sessions::store::{
    Batch, BatchAction, BatchResult, Candidates, Delete, DeleteByData, Ended, Expiry, ExpiryRoute, Pauses,
    RowPredicate, SessionStore, Signal, SkipReasons, Stop, StoreError,
};

use crate::purge_runs::{Expire, all, count, expired};
use crate::support::{Kind, NOW, Scratch, session};

crate::suite!(
    a_dry_run_reports_the_same_and_changes_nothing,
    max_rows_is_exact,
    max_time_ends_the_run,
    max_time_ends_a_pause,
    a_server_that_becomes_slower_gets_pauses,
    a_signal_ends_the_run_after_the_batch,
    sessions_are_deleted_by_id_in_any_state,
    rows_refused_by_the_predicate_are_kept,
    rows_refused_by_the_predicate_are_kept_with_delete_returning,
    sessions_used_again_are_kept,
    a_lost_lock_ends_the_run,
    bytes_and_applications_are_counted,
    batches_are_full_across_pages,
    sessions_expired_within_the_grace_are_counted,
    data_filters_are_applied_again_under_the_lock,
);

async fn a_dry_run_reports_the_same_and_changes_nothing(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    store.insert(&expired(25), OnConflict::Fail).await.unwrap();
    store.insert(&[session("/Catalina/localhost/demo", "live", 1800, NOW.0)], OnConflict::Fail).await.unwrap();
    let dry = Expire { dry_run: true, ..Expire::new().batch(10) }.run(&mut store).await;
    assert_eq!(count(&mut store).await, 26);
    let wet = Expire::new().batch(10).run(&mut store).await;
    assert_eq!(
        (dry.total, dry.candidates, dry.skipped, dry.batches),
        (wet.total, wet.candidates, wet.skipped, wet.batches)
    );
    assert_eq!(dry.by_app, wet.by_app);
    assert!(matches!((dry.ended, wet.ended), (Ended::Done, Ended::Done)));
    assert_eq!((wet.total.sessions, count(&mut store).await), (25, 1));
}

async fn max_rows_is_exact(db: &Scratch) {
    db.create_table("documented").await;
    let mut store = db.open().await;
    store.insert(&expired(25), OnConflict::Fail).await.unwrap();
    let mut left = 25;
    for (max, goes) in [(0, 0), (1, 1), (17, 17), (7, 7)] {
        let mut expire = Expire::new().batch(10);
        expire.limits.max_rows = Some(max);
        let summary = expire.run(&mut store).await;
        left -= goes;
        assert_eq!((summary.total.sessions, count(&mut store).await), (goes, left));
        // The last run deletes all remaining sessions, and reaches its limit with them.
        assert!(matches!(summary.ended, Ended::MaxRows) || left == 0, "{:?}", summary.ended);
    }
    assert_eq!(left, 0);
}

async fn max_time_ends_the_run(db: &Scratch) {
    db.create_table("documented").await;
    let mut store = db.open().await;
    store.insert(&expired(200), OnConflict::Fail).await.unwrap();
    let mut expire = Expire::new().batch(1);
    // Babelfish takes a second for the first page of a connection.
    let most = if db.kind == Kind::Mssql { 3_000 } else { 300 };
    expire.limits.max_time = Some(Duration::from_millis(most));
    expire.limits.pauses = Pauses::Fixed(Duration::from_millis(20));
    let begun = Instant::now();
    let summary = expire.run(&mut store).await;
    assert!(matches!(summary.ended, Ended::MaxTime), "{:?}", summary.ended);
    assert!(summary.total.sessions > 0 && begun.elapsed() < Duration::from_secs(6));
    assert_eq!(summary.total.sessions, 200 - count(&mut store).await);
}

/// Pauses count: a run ends during a pause that exceeds its limit.
async fn max_time_ends_a_pause(db: &Scratch) {
    db.create_table("documented").await;
    let mut store = db.open().await;
    store.insert(&expired(3), OnConflict::Fail).await.unwrap();
    let mut expire = Expire::new().batch(1);
    expire.limits.max_time = Some(Duration::from_secs(if db.kind == Kind::Mssql { 3 } else { 1 }));
    expire.limits.pauses = Pauses::Fixed(Duration::from_secs(24 * 60 * 60));
    let summary = expire.run(&mut store).await;
    assert!(matches!(summary.ended, Ended::MaxTime), "{:?}", summary.ended);
    assert_eq!((summary.total.sessions, count(&mut store).await), (1, 2));
}

/// Deletes at full speed for some batches, and slowly after that.
struct BecomesSlow {
    batches: u32,
}

#[async_trait::async_trait]
impl BatchAction for BecomesSlow {
    async fn apply(
        &mut self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        wanted: &RowPredicate<'_>,
    ) -> Result<BatchResult, StoreError> {
        self.batches += 1;
        if self.batches > 10 {
            tokio::time::sleep(Duration::from_millis(400)).await;
        }
        Delete { exact: true }.apply(store, batch, wanted).await
    }
}

async fn a_server_that_becomes_slower_gets_pauses(db: &Scratch) {
    db.create_table("documented").await;
    let mut store = db.open().await;
    for (pauses, dry_run, is_paused) in [
        (Pauses::Adaptive, false, true),
        (Pauses::Adaptive, true, false),
        (Pauses::Fixed(Duration::ZERO), false, false),
    ] {
        store.insert(&expired(60), OnConflict::Replace).await.unwrap();
        let mut expire = Expire { dry_run, ..Expire::new().batch(5) };
        expire.limits.pauses = pauses;
        let summary = expire.doing(&mut store, &mut BecomesSlow { batches: 0 }).await;
        assert!(matches!(summary.ended, Ended::Done), "{:?}", summary.ended);
        assert_eq!((summary.total.sessions, summary.batches), (60, 12), "{pauses:?}");
        assert_eq!(!summary.paused.is_zero(), is_paused, "{pauses:?}, dry run: {dry_run}");
        assert!(summary.paused < summary.took, "{pauses:?}");
    }
}

async fn a_signal_ends_the_run_after_the_batch(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    store.insert(&expired(100), OnConflict::Fail).await.unwrap();
    for (signal, left) in [(Signal::Interrupt, 70), (Signal::Terminate, 40)] {
        let stop = Stop::never();
        let expire = Expire { stop: stop.clone(), ..Expire::new().batch(10) };
        let summary = expire
            .watched(&mut store, &mut |deleted| {
                if deleted == 30 {
                    stop.request(signal);
                }
            })
            .await;
        assert!(matches!(summary.ended, Ended::Signal(came) if came == signal), "{:?}", summary.ended);
        assert_eq!((summary.total.sessions, count(&mut store).await), (30, left));
    }
}

async fn sessions_are_deleted_by_id_in_any_state(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    let rows = [session("a", "1", 1800, NOW.0), session("a", "2", 0, 1), session("b", "1", 1800, 1)];
    store.insert(&rows, OnConflict::Fail).await.unwrap();
    let batch = Batch {
        app: Some("a"),
        ids: &["1".to_owned(), "2".to_owned(), "3".to_owned()],
        cutoff: None,
        accessed_before: None,
        dry_run: false,
    };
    let deleted = store.delete(&batch, &|_| true).await.unwrap();
    assert_eq!((deleted.sessions, deleted.skipped), (2, 1));
    assert_eq!(deleted.bytes, rows[0].meta.size.unwrap() + rows[1].meta.size.unwrap());
    assert_eq!(all(&mut store, &Filter::default(), NOW).await, [rows[2].meta.clone()]);
}

async fn rows_refused_by_the_predicate_are_kept(db: &Scratch) {
    db.create_table("documented").await;
    let mut store = db.open().await;
    store.insert(&expired(10), OnConflict::Fail).await.unwrap();
    let ids: Vec<String> = (0..10).map(|i| format!("E{i:04}")).collect();
    let batch = Batch {
        app: Some("/Catalina/localhost/demo"),
        ids: &ids,
        cutoff: Some(NOW),
        accessed_before: None,
        dry_run: false,
    };
    let deleted = store.delete(&batch, &|s| s.key.id != "E0003").await.unwrap();
    assert_eq!((deleted.sessions, deleted.skipped), (9, 1));
    assert_eq!(all(&mut store, &Filter::default(), NOW).await[0].key.id, "E0003");
}

/// A predicate that checks more than the bounds of the batch, although `exact` is set.
async fn rows_refused_by_the_predicate_are_kept_with_delete_returning(db: &Scratch) {
    db.create_table("documented").await;
    let mut store = db.open().await;
    store.insert(&expired(6), OnConflict::Fail).await.unwrap();
    let ids: Vec<String> = (0..6).map(|i| format!("E{i:04}")).collect();
    let app = Some("/Catalina/localhost/demo");
    let batch = Batch { app, ids: &ids, cutoff: Some(NOW), accessed_before: None, dry_run: false };
    let evaluate = |s: &SessionMeta| s.key.id != "E0003";
    let done = Delete { exact: true }.apply(&mut store, &batch, &evaluate).await.unwrap();
    assert_eq!((done.sessions, done.skipped), (5, 1));
    let left: Vec<_> = all(&mut store, &Filter::default(), NOW).await.into_iter().map(|s| s.key.id).collect();
    assert_eq!(left, ["E0003"]);
}

/// The keys are out of date: since they were read, one session was used, one was replaced by one that never expires,
/// and one was deleted.
async fn sessions_used_again_are_kept(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    store.insert(&expired(10), OnConflict::Fail).await.unwrap();
    let keys: Vec<SessionKey> = expired(10).into_iter().map(|s| s.meta.key).collect();
    db.sql(&format!("UPDATE tomcat_sessions SET last_access = {} WHERE session_id = 'E0001'", NOW.0)).await;
    db.sql("UPDATE tomcat_sessions SET max_inactive = -1 WHERE session_id = 'E0002'").await;
    db.sql("DELETE FROM tomcat_sessions WHERE session_id = 'E0003'").await;
    store.lock(Duration::ZERO).await.unwrap();
    let summary = Expire::new().of(&mut store, Candidates::named(keys), &mut |_| {}).await;
    assert_eq!((summary.candidates, summary.total.sessions, summary.skipped), (10, 7, 3));
    let SkipReasons { unwanted, changed, already_deleted, locked } = summary.skip_reasons;
    assert_eq!((unwanted, changed, already_deleted, locked), (0, 2, 1, 0));
    assert_eq!(summary.remaining(), 0);
    let left: Vec<_> = all(&mut store, &Filter::default(), NOW).await.into_iter().map(|s| s.key.id).collect();
    assert_eq!(left, ["E0001", "E0002"]);
}

async fn a_lost_lock_ends_the_run(db: &Scratch) {
    db.create_table("documented").await;
    let mut store = db.open().await;
    store.insert(&expired(3), OnConflict::Fail).await.unwrap();
    let keys = |range: std::ops::Range<usize>| expired(3)[range].iter().map(|s| s.meta.key.clone()).collect();
    store.lock(Duration::ZERO).await.unwrap();
    let summary = Expire::new().of(&mut store, Candidates::named(keys(0..1)), &mut |_| {}).await;
    assert!(matches!(summary.ended, Ended::Done), "{:?}", summary.ended);
    store.unlock().await.unwrap();
    let summary = Expire::new().of(&mut store, Candidates::named(keys(1..3)), &mut |_| {}).await;
    assert!(matches!(summary.ended, Ended::LockLost), "{:?}", summary.ended);
    assert_eq!((summary.total.sessions, count(&mut store).await), (0, 2));
}

async fn bytes_and_applications_are_counted(db: &Scratch) {
    db.create_table("documented").await;
    let mut store = db.open().await;
    let mut rows = vec![session("a", "1", 10, 1), session("a", "2", 10, 1), session("b", "3", 10, 1)];
    rows[2].data = None;
    store.insert(&rows, OnConflict::Fail).await.unwrap();
    let summary = Expire { cutoff: EpochMillis(20_000), ..Expire::new() }.run(&mut store).await;
    let of = |app: &str| summary.by_app[&Some(app.to_owned())];
    assert_eq!((of("a").sessions, of("b").sessions, of("b").bytes), (2, 1, 0));
    assert_eq!(of("a").bytes, rows[0].meta.size.unwrap() + rows[1].meta.size.unwrap());
    assert_eq!(summary.total.bytes, of("a").bytes);
}

async fn batches_are_full_across_pages(db: &Scratch) {
    db.create_table("documented").await;
    let mut store = db.open().await;
    let rows: Vec<_> = (0..40).map(|n| session(&format!("app{}", n % 3), &format!("E{n:02}"), 1800, 1)).collect();
    store.insert(&rows, OnConflict::Fail).await.unwrap();
    let (sender, pages) = mpsc::channel(4);
    for page in rows.chunks(10) {
        sender.try_send(Ok(page.iter().map(|session| session.meta.key.clone()).collect())).unwrap();
    }
    drop(sender);
    store.lock(Duration::ZERO).await.unwrap();
    let summary = Expire::new().batch(10).of(&mut store, Candidates::of(pages), &mut |_| {}).await;
    // Ten of each application, and then four, three and three: not a few of each from every page.
    assert_eq!((summary.batches, summary.total.sessions, count(&mut store).await), (6, 40, 0));
}

/// With the index and with a scan, for more than one page.
async fn sessions_expired_within_the_grace_are_counted(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    let app = "/Catalina/localhost/demo";
    let recently = (0..2_500).map(|i| session(app, &format!("A{i:04}"), 60, NOW.0 - 61_000));
    let long_ago = (0..2_500).map(|i| session(app, &format!("B{i:04}"), 60, NOW.0 - 500_000));
    let rows: Vec<_> = recently.chain(long_ago).collect();
    for rows in rows.chunks(500) {
        store.insert(rows, OnConflict::Fail).await.unwrap();
    }
    for route in [ExpiryRoute::Scan, ExpiryRoute::Index] {
        let expiry = Expiry { cutoff: NOW.before(Duration::from_secs(300)), now: NOW };
        let mut candidates = Candidates::expired(store.another().await.unwrap(), route, expiry, None);
        let mut found = 0;
        while let Some(page) = candidates.next().await {
            let page = page.unwrap();
            assert!(page.iter().all(|key| key.id.starts_with('B')), "{route:?}");
            found += page.len();
        }
        assert_eq!((found, candidates.in_grace()), (2_500, 2_500), "{route:?}");
    }
}

/// A session that Tomcat saves between the read of its data and the lock is evaluated in its new state.
async fn data_filters_are_applied_again_under_the_lock(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    let rows = [session("a", "1", 1800, NOW.0), session("a", "2", 1800, NOW.0)];
    store.insert(&rows, OnConflict::Fail).await.unwrap();
    let damaged = rows[0].data.clone();
    let mut action = DeleteByData { wanted: Box::new(move |session| session.data == damaged) };
    let ids = ["1".to_owned(), "2".to_owned()];
    let batch = |dry_run| Batch { app: Some("a"), ids: &ids, cutoff: None, accessed_before: None, dry_run };
    for dry_run in [true, false] {
        let done = action.apply(&mut store, &batch(dry_run), &|_| true).await.unwrap();
        assert_eq!((done.sessions, done.skipped), (1, 1));
    }
    let left: Vec<_> = all(&mut store, &Filter::default(), NOW).await.into_iter().map(|s| s.key.id).collect();
    assert_eq!(left, ["2"]);
}
