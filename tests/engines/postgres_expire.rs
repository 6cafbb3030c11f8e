//! `expire` on PostgreSQL: its commits do not wait for the disk.

use tomcat_sessions::session::OnConflict;

use crate::purge_runs::expired;
use crate::support::program::run;
use crate::support::{Kind, NOW, Scratch, session};

const APP: &str = "/Catalina/localhost/demo";

/// Only commits that can be lost without a loss do not wait for the disk: the deletion of expired sessions without an
/// archive. A trigger records the setting of each transaction.
#[tokio::test]
async fn only_the_commits_of_expire_do_not_wait_for_the_disk() {
    let Some(db) = Scratch::new(Kind::Postgres).await else { return };
    db.create_table("recommended").await;
    db.sql(
        "CREATE TABLE seen (setting TEXT);
         CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN INSERT INTO seen VALUES (CURRENT_SETTING(''synchronous_commit'')); RETURN NULL; END';
         CREATE TRIGGER noted AFTER INSERT OR DELETE ON tomcat_sessions EXECUTE FUNCTION note()",
    )
    .await;
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str| dir.path().join(name).display().to_string();
    let (archive, backup) = (file("all.ndjson"), file("expired.ndjson"));
    let mut sessions = expired(10);
    sessions.extend((0..10).map(|n| session(APP, &format!("L{n}"), -1, NOW.0)));
    let expire = ["expire", "--grace", "0", "--allow-clock-skew"];
    for (args, deferred) in [
        (vec!["export", &archive], None),
        (vec!["delete", "L3", "--yes"], Some(false)),
        ([&expire[..], &["--fast"]].concat(), Some(true)),
        (vec!["import", "--any-data", &archive], Some(false)),
        ([&expire[..], &["--backup", &backup]].concat(), Some(false)),
        (vec!["swap-out", "--max-idle", "1h", "--create"], Some(false)),
        (vec!["swap-in", "--all"], Some(false)),
    ] {
        if deferred.is_none() {
            db.open().await.insert(&sessions, OnConflict::Fail).await.unwrap();
        }
        db.sql("DELETE FROM seen").await;
        let done = run(&[&["--url", &db.url], &args[..]].concat()).await;
        assert_eq!(done.code, Some(0), "{args:?} {done:?}");
        let mut client = db.postgres(&db.database).await;
        let seen: Vec<String> =
            sqlx::query_scalar("SELECT DISTINCT setting FROM seen").fetch_all(&mut client).await.unwrap();
        let expected: &[&str] = match deferred {
            None => &[],
            Some(true) => &["off"],
            Some(false) => &["on"],
        };
        assert_eq!(seen, expected, "{args:?}");
    }
    db.drop().await;
}
