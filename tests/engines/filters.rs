//! The server never excludes a session that the filter matches.

use std::time::Duration;

use tomcat_sessions::session::{EpochMillis, Filter, OnConflict, Session, StateFilter};

use crate::purge_runs::all;
use crate::support::{Kind, NOW, Scratch, WIDE_TABLE, session};

crate::suite!(
    every_filter_finds_what_it_matches_in_the_documented_table,
    every_filter_finds_what_it_matches_where_anything_may_be_null,
);

/// Rows with every pair of timeout and last access at a boundary. `wide`: also NULLs and 64-bit timeouts.
pub fn matrix(wide: bool) -> Vec<Session> {
    let day = 86_400_000;
    let timeouts = [
        i64::MIN,
        i64::MIN + 1,
        -9_000_000_000_000_001,
        -2_147_483_648,
        -1,
        0,
        1,
        1_799,
        1_800,
        2_147_483,
        2_147_484,
        2_147_483_647,
        2_147_483_648,
        8_999_999_999_999_999,
        9_000_000_000_000_000,
        9_000_000_000_000_001,
        i64::MAX,
    ];
    let accesses = [
        i64::MIN,
        i64::MIN + 1,
        -9_000_000_000_000_000_000,
        -1,
        0,
        1,
        NOW.0 - 400 * day,
        NOW.0 - 1_800_001,
        NOW.0 - 1_800_000,
        NOW.0 - 1_799_999,
        NOW.0 - 1,
        NOW.0,
        NOW.0 + 1,
        NOW.0 + day,
        i64::MAX - 1,
        i64::MAX,
    ];
    let timeouts = timeouts.into_iter().filter(|&n| wide || i32::try_from(n).is_ok()).map(Some);
    let timeouts: Vec<_> = timeouts.chain(wide.then_some(None)).collect();
    let accesses: Vec<_> = accesses.into_iter().map(Some).chain(wide.then_some(None)).collect();
    let mut rows = Vec::new();
    for max_inactive in &timeouts {
        for last_access in &accesses {
            let i = rows.len();
            let route = ["", ".jvm1", ".jvm2", ".JVM1"][i % 4];
            let app = ["/Catalina/localhost/demo", "/Catalina/localhost/", "/catalina/LOCALHOST/shop"][i % 3];
            let mut row = session(app, &format!("{:02X}{i:04}{route}", i % 5), 0, 0);
            row.meta.max_inactive = *max_inactive;
            row.meta.last_access = last_access.map(EpochMillis);
            row.meta.valid = [Some("1"), Some("1"), Some("0"), wide.then_some("x")][i % 4].map(str::to_owned);
            if row.meta.valid.is_none() && !wide {
                row.meta.valid = Some("1".to_owned());
            }
            row.data =
                [Some(0), Some(1), Some(100), Some(101), wide.then_some(5_000)][i % 5].map(|n| vec![7; n].into());
            row.meta.size = row.data.as_ref().map(|d| d.len() as u64);
            if wide && i.is_multiple_of(11) {
                row.meta.valid = None;
                row.meta.key.app = None;
                row.data = None;
                row.meta.size = None;
            }
            rows.push(row);
        }
    }
    rows
}

/// Each condition alone, with each state, and with one condition of another kind.
fn filters() -> Vec<Filter> {
    let some = |text: &str| Some(text.to_owned());
    let apps = |names: &[Option<&str>]| Some(names.iter().map(|n| n.map(str::to_owned)).collect());
    let far = Duration::from_secs(100_000 * 365 * 86_400);
    let none = Filter::default;
    let alone = vec![
        none(),
        Filter { apps: apps(&[Some("/Catalina/localhost/demo")]), ..none() },
        Filter { apps: apps(&[Some("/Catalina/localhost/shop")]), ..none() },
        Filter { apps: apps(&[None]), ..none() },
        Filter { apps: apps(&[None, Some("/Catalina/localhost/")]), ..none() },
        Filter { apps: apps(&[]), ..none() },
        Filter { idle_over: Some(Duration::ZERO), ..none() },
        Filter { idle_over: Some(Duration::from_secs(1_800)), ..none() },
        Filter { idle_over: Some(far), ..none() },
        Filter { idle_over: Some(Duration::MAX), ..none() },
        Filter { idle_under: Some(Duration::ZERO), ..none() },
        Filter { idle_under: Some(Duration::from_millis(1)), ..none() },
        Filter { idle_under: Some(Duration::from_secs(1_800)), ..none() },
        Filter { idle_under: Some(Duration::MAX), ..none() },
        Filter { id_prefix: some("03"), ..none() },
        Filter { id_prefix: some(""), ..none() },
        Filter { route: some("jvm1"), ..none() },
        Filter { larger_than: Some(0), ..none() },
        Filter { larger_than: Some(100), ..none() },
        Filter { larger_than: Some(u64::MAX), ..none() },
        Filter { smaller_than: Some(0), ..none() },
        Filter { smaller_than: Some(1), ..none() },
        Filter { smaller_than: Some(101), ..none() },
        Filter { smaller_than: Some(u64::MAX), ..none() },
    ];
    let states = [StateFilter::Live, StateFilter::Expired, StateFilter::Never, StateFilter::Invalid];
    let mut filters = alone.clone();
    for filter in &alone {
        filters.extend(states.map(|state| Filter { state: Some(state), ..filter.clone() }));
        filters.push(Filter { larger_than: Some(1), route: some("JVM1"), ..filter.clone() });
    }
    filters
}

async fn check(db: &Scratch, rows: &[Session]) {
    let mut store = db.open().await;
    store.insert(rows, OnConflict::Fail).await.unwrap();
    let (mut some, mut none) = (0, 0);
    for filter in filters() {
        let mut expected: Vec<_> = rows.iter().map(|s| s.meta.clone()).filter(|s| filter.matches(s, NOW)).collect();
        expected.sort_by(|a, b| a.key.cmp(&b.key));
        let mut found = all(&mut store, &filter, NOW).await;
        found.sort_by(|a, b| a.key.cmp(&b.key));
        assert_eq!(found, expected, "{filter:?}");
        if found.is_empty() { none += 1 } else { some += 1 }
    }
    assert!(some > 50 && none > 10, "the filters say too little: {some} find something, {none} nothing");
}

async fn every_filter_finds_what_it_matches_in_the_documented_table(db: &Scratch) {
    db.create_table("documented").await;
    check(db, &matrix(false)).await;
}

async fn every_filter_finds_what_it_matches_where_anything_may_be_null(db: &Scratch) {
    db.sql(WIDE_TABLE).await;
    check(db, &matrix(true)).await;
    if db.kind == Kind::Sqlite {
        // SQLite's published table also accepts 64-bit numbers.
        assert!(matrix(true).len() > matrix(false).len());
    }
}
