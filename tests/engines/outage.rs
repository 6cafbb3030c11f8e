//! A server that is killed with SIGKILL during a move and restarted, and one with small limits: a MariaDB of this test,
//! because others use those of `tests/servers`.

use std::time::Duration;

use tomcat_sessions::session::{Filter, OnConflict, Session};
use tomcat_sessions::store::{Naming, SessionStore, Stop, parse_url};

use crate::migrate::reaches;
use crate::support::private::Private;
use crate::support::program::{run, start};
use crate::support::{Kind, NOW, Scratch, WIDE_TABLE, edit, session};

/// A server with a table.
async fn private() -> Option<Private> {
    let private = Private::new()?;
    private.sql("CREATE DATABASE s CHARACTER SET utf8mb4").await;
    private.sql(&format!("USE s; {WIDE_TABLE}")).await;
    Some(private)
}

async fn open(private: &Private) -> SessionStore {
    SessionStore::open(&parse_url(&private.socket_url("s")).unwrap(), &Naming::default()).await.unwrap()
}

fn sessions(number: usize) -> Vec<Session> {
    (0..number).map(|n| session("/a", &format!("{n:032X}"), 1800, NOW.0)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn migrate_after_the_server_was_killed_and_restarted() {
    let Some(mut private) = private().await else { return };
    let all = sessions(20_000);
    let mut store = open(&private).await;
    for some in all.chunks(5_000) {
        store.insert(some, OnConflict::Fail).await.unwrap();
    }
    store.close().await;
    for source in [true, false] {
        let other = Scratch::new(Kind::Sqlite).await.unwrap();
        other.create_table("recommended").await;
        if !source {
            let mut store = other.open().await;
            store.insert(&all, OnConflict::Fail).await.unwrap();
            store.close().await;
            private.sql("TRUNCATE TABLE s.tomcat_sessions").await;
        }
        let url = private.socket_url("s");
        let (from, to) = if source { (&url, &other.url) } else { (&other.url, &url) };
        // One batch of 1 MiB takes five seconds, and there are three.
        let slow = ["migrate", "--from", from, "--to", to, "--max-rate", "200KB"];
        let mut broken = start(&slow);
        let mut target = SessionStore::open(&parse_url(to).unwrap(), &Naming::default()).await.unwrap();
        reaches(1, async || target.count().await.unwrap()).await;
        private.kill();
        let status = broken.wait().unwrap();
        assert_eq!(status.code(), Some(10), "from it: {source}");
        private.start();
        let again = run(&["migrate", "--from", from, "--to", to]).await;
        assert_eq!(again.code, Some(0), "from it: {source}, {again:?}");
        assert_eq!(again.result["verification"]["same"], 20_000);
        assert!(again.result["written"]["kept"].as_u64().unwrap() > 0, "the first run had written nothing: {again:?}");
        other.drop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_larger_than_max_allowed_packet_is_reported() {
    let Some(private) = private().await else { return };
    private.sql("SET GLOBAL max_allowed_packet = 1048576").await;
    let mut all = sessions(3);
    edit(&mut all[1], |data| data.resize(2_000_000, 7));
    all[1].meta.size = Some(2_000_000);
    let from = Scratch::new(Kind::Sqlite).await.unwrap();
    from.create_table("recommended").await;
    from.open().await.insert(&all, OnConflict::Fail).await.unwrap();
    let archive = from.path().with_extension("ndjson").display().to_string();
    assert_eq!(run(&["export", "--url", &from.url, &archive]).await.code, Some(0));
    let keep = ["--unreadable", "keep"];
    let moved = run(&["migrate", "--from", &from.url, "--to", &private.socket_url("s"), keep[0], keep[1]]).await;
    assert_eq!((moved.code, &moved.result["written"]["inserted"]), (Some(3), &2.into()), "{moved:?}");
    private.sql("TRUNCATE TABLE s.tomcat_sessions").await;
    let imported = run(&["import", &archive, "--url", &private.socket_url("s"), keep[0], keep[1]]).await;
    assert_eq!((imported.code, &imported.result["inserted"]), (Some(3), &2.into()), "{imported:?}");
    for done in [moved, imported] {
        let rejected = done.result["rejected"].as_array().unwrap();
        assert_eq!(rejected.len(), 1, "{done:?}");
        let reason = rejected[0]["reason"].as_str().unwrap();
        assert!(reason.contains("2000000 bytes") && reason.contains("max_allowed_packet"), "{reason}");
    }
    from.drop().await;
}

/// A server that truncates values by default: the program sets the strict mode itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_strict_mode_truncates_nothing() {
    let Some(private) = private().await else { return };
    private.sql("SET GLOBAL sql_mode = ''").await;
    private.sql("ALTER TABLE s.tomcat_sessions MODIFY session_data BLOB, MODIFY app_name VARCHAR(20)").await;
    let mut all = sessions(4);
    all[0].data = Some(vec![7; 70_000].into());
    all[0].meta.size = Some(70_000);
    all[1].meta.key.app = Some("/an/application/of/a/long/name".to_owned());
    // Longer than the column, although the structure of the table does not show it.
    all[2].meta.valid = Some("yes".to_owned());
    let from = Scratch::new(Kind::Sqlite).await.unwrap();
    from.sql(WIDE_TABLE).await;
    from.open().await.insert(&all, OnConflict::Fail).await.unwrap();
    let moved = run(&["migrate", "--from", &from.url, "--to", &private.socket_url("s")]).await;
    assert_eq!((moved.code, &moved.result["written"]["inserted"]), (Some(3), &1.into()), "{moved:?}");
    assert_eq!(moved.result["rejected"].as_array().unwrap().len(), 3, "{moved:?}");
    from.drop().await;
}

/// Rows are sent as they are read. A server closes the connection of a client that reads nothing for a while, unless a
/// longer time is set.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_consumer_does_not_break_the_reader() {
    let Some(private) = private().await else { return };
    private.sql("SET GLOBAL net_write_timeout = 1").await;
    let mut all = sessions(2_000);
    for session in &mut all {
        session.data = Some(vec![7; 10_000].into());
        session.meta.size = Some(10_000);
    }
    let mut store = open(&private).await;
    for some in all.chunks(200) {
        store.insert(some, OnConflict::Fail).await.unwrap();
    }
    let (mut batches, reader) = store.read_whole(Filter::default(), NOW, Stop::never());
    let mut taken = 0;
    while let Some(batch) = batches.recv().await {
        if taken == 0 {
            tokio::time::sleep(Duration::from_secs(4)).await;
        }
        taken += batch.sessions.len();
    }
    assert_eq!((taken, reader.missed().await.unwrap()), (all.len(), 0));
}
