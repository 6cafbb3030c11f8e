//! Loading: what comes twice, and what a target does not take.

use tomcat_sessions::session::{OnConflict, Session};
use tomcat_sessions::store::{Inserted, Loader};

use crate::support::{Kind, NOW, Scratch, session};

crate::suite!(
    what_comes_again_takes_the_place_of_what_came_before,
    what_somebody_else_wrote_meanwhile_is_judged_by_the_rule,
    a_session_that_is_not_taken_is_named_and_the_rest_goes_on,
    a_dry_run_writes_nothing,
);

const APP: &str = "/Catalina/localhost/demo";

fn at(id: &str, last_access: i64) -> Session {
    session(APP, id, 60, last_access)
}

async fn rows(db: &Scratch) -> u64 {
    db.open().await.count_expired(NOW, None).await.unwrap().0
}

async fn what_comes_again_takes_the_place_of_what_came_before(db: &Scratch) {
    db.create_table("recommended").await;
    for rule in [OnConflict::Fail, OnConflict::Skip, OnConflict::Newer, OnConflict::Replace] {
        let mut loader = Loader::new(db.open().await, rule, false);
        // In the same batch, and in a later one; the older state comes last, and is the later one.
        let app = format!("{APP}-{rule:?}");
        let one = |last_access| session(&app, "A", 60, last_access);
        loader.load(vec![one(5), session(&app, "B", 60, 1), one(6)]).await.unwrap();
        loader.load(vec![one(4)]).await.unwrap();
        assert_eq!(loader.done, Inserted { inserted: 2, replaced: 0, kept: 0 }, "{rule:?}");
        assert_eq!((loader.again, loader.refused.len()), (2, 0), "{rule:?}");
        assert_eq!(db.open().await.get(&one(4).meta.key).await.unwrap(), Some(one(4)), "{rule:?}");
    }
}

async fn what_somebody_else_wrote_meanwhile_is_judged_by_the_rule(db: &Scratch) {
    db.create_table("recommended").await;
    let mut loader = Loader::new(db.open().await, OnConflict::Newer, false);
    loader.load(vec![at("A", 5)]).await.unwrap();
    db.open().await.insert(&[at("A", 9)], OnConflict::Replace).await.unwrap();
    loader.load(vec![at("A", 6)]).await.unwrap();
    assert_eq!(db.open().await.get(&at("A", 9).meta.key).await.unwrap(), Some(at("A", 9)));
}

async fn a_session_that_is_not_taken_is_named_and_the_rest_goes_on(db: &Scratch) {
    if !matches!(db.kind, Kind::Mariadb | Kind::Mysql) {
        return;
    }
    // Ids of ten characters that differ by more than case, and data of 64 KB.
    db.sql(
        "CREATE TABLE tomcat_sessions (session_id varchar(10) COLLATE utf8mb4_general_ci NOT NULL PRIMARY KEY, \
         app_name varchar(255), valid_session char(1) NOT NULL, max_inactive int NOT NULL, \
         last_access bigint NOT NULL, session_data blob)",
    )
    .await;
    let mut big = at("BIG", 1);
    big.data = Some(vec![7; 70_000].into());
    big.meta.size = Some(70_000);
    let wide = session(APP, "WIDE", i64::MAX, 1);
    let sessions = vec![at("A", 1), at("abc", 1), big, at("ABC", 1), at("LONGER-THAN-TEN", 1), wide, at("Z", 1)];
    let mut loader = Loader::new(db.open().await, OnConflict::Newer, false);
    loader.load(sessions).await.unwrap();
    let mut refused: Vec<_> = loader.refused.iter().map(|r| (r.key.id.as_str(), r.reason.as_str())).collect();
    refused.sort_unstable();
    let [collides, big, long, wide] = refused[..] else { panic!("{refused:?}") };
    assert!(collides.0 == "ABC" && collides.1.contains("is there already"), "{collides:?}");
    assert!(big.0 == "BIG" && big.1.contains("70000 bytes") && big.1.contains("65535"), "{big:?}");
    assert!(long.0 == "LONGER-THAN-TEN" && long.1.contains("15 characters"), "{long:?}");
    assert!(wide.0 == "WIDE" && wide.1.contains("ut of range"), "{wide:?}");
    assert_eq!((loader.done.inserted, rows(db).await), (3, 3));
    assert_eq!(db.open().await.get(&at("Z", 1).meta.key).await.unwrap(), Some(at("Z", 1)));
}

async fn a_dry_run_writes_nothing(db: &Scratch) {
    db.create_table("recommended").await;
    db.open().await.insert(&[at("A", 5), at("B", 5)], OnConflict::Fail).await.unwrap();
    let mut loader = Loader::new(db.open().await, OnConflict::Newer, true);
    loader.load(vec![at("A", 6), at("B", 4), at("C", 1)]).await.unwrap();
    assert_eq!(loader.done, Inserted { inserted: 1, replaced: 1, kept: 1 });
    assert_eq!(rows(db).await, 2);
}
