//! Every statement about expiry agrees with `SessionState`.

use tomcat_sessions::session::{EpochMillis, Filter, OnConflict, Session, SessionKey, SessionState};
use tomcat_sessions::store::{Candidates, Expiry};

use crate::filters::matrix;
use crate::purge_runs::{Expire, all, route};
use crate::support::{NOW, Scratch, WIDE_TABLE};

crate::suite!(
    all_statements_agree_in_the_documented_table,
    all_statements_agree_in_the_recommended_table,
    all_statements_agree_where_anything_may_be_null,
);

fn expired_at(rows: &[Session], cutoff: EpochMillis) -> Vec<SessionKey> {
    let expired = rows.iter().filter(|s| matches!(s.meta.state_at(cutoff), SessionState::Expired { .. }));
    let mut keys: Vec<_> = expired.map(|s| s.meta.key.clone()).collect();
    keys.sort();
    keys
}

async fn check(db: &Scratch, rows: &[Session]) {
    let mut store = db.open().await;
    store.insert(rows, OnConflict::Fail).await.unwrap();
    let cutoffs = [0, 1, NOW.0 - 1, NOW.0, NOW.0 + 1, i64::MAX - 1, i64::MAX].map(EpochMillis);
    for cutoff in cutoffs {
        let expected = expired_at(rows, cutoff);
        let counted = store.count_expired(cutoff, None).await.unwrap();
        assert_eq!(counted, (rows.len() as u64, expected.len() as u64), "count_expired at {cutoff:?}");

        let reader = store.another().await.unwrap();
        let mut candidates = Candidates::expired(reader, route(&store), Expiry::at(cutoff), None);
        let mut found = Vec::new();
        while let Some(page) = candidates.next().await {
            found.extend(page.unwrap());
        }
        found.sort();
        assert_eq!(found, expected, "candidates at {cutoff:?}");

        // With all keys, so that lock_rows alone decides.
        let keys = Candidates::named(rows.iter().map(|s| s.meta.key.clone()).collect());
        let dry = Expire { cutoff, dry_run: true, ..Expire::new() };
        let summary = dry.of(&mut store, keys, &mut |_| {}).await;
        assert_eq!(summary.total.sessions, expected.len() as u64, "lock_rows at {cutoff:?}");
    }
    let summary = Expire::new().run(&mut store).await;
    let expected = expired_at(rows, NOW);
    assert!(expected.len() > 10 && expected.len() < rows.len());
    assert_eq!(summary.total.sessions, expected.len() as u64);
    let left: Vec<_> = all(&mut store, &Filter::default(), NOW).await.into_iter().map(|s| s.key).collect();
    assert_eq!(left.len(), rows.len() - expected.len());
    assert!(left.iter().all(|key| !expected.contains(key)));
}

async fn all_statements_agree_in_the_documented_table(db: &Scratch) {
    db.create_table("documented").await;
    check(db, &matrix(false)).await;
}

/// Its generated column limits the values: a sum beyond 64 bits is refused on INSERT.
async fn all_statements_agree_in_the_recommended_table(db: &Scratch) {
    db.create_table("recommended").await;
    let fits = |s: &Session| {
        let (max, last) = (s.meta.max_inactive.unwrap_or(0), s.meta.last_access.map_or(0, |t| t.0));
        last.checked_add(max * 1000).is_some()
    };
    let rows: Vec<_> = matrix(false).into_iter().filter(fits).collect();
    check(db, &rows).await;
}

async fn all_statements_agree_where_anything_may_be_null(db: &Scratch) {
    db.sql(WIDE_TABLE).await;
    check(db, &matrix(true)).await;
}
