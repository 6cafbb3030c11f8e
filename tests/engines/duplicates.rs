//! Tables without a key, in which a session has several rows: they are counted, the newest row of each session is read,
//! and passes complete.

use tomcat_sessions::session::{OnConflict, Session};

use crate::support::program::{Done, run};
use crate::support::{Kind, NOW, Scratch, WIDE_TABLE, sample};

crate::suite!(duplicates_are_counted_and_the_newest_is_read);

/// Copies of the sessions of one application, with a last access five seconds earlier.
const OLDER: &str = "INSERT INTO tomcat_sessions (session_id, valid_session, max_inactive, last_access, app_name, \
    session_data) SELECT session_id, valid_session, max_inactive, last_access - 5000, app_name, session_data FROM \
    tomcat_sessions WHERE app_name = '/Catalina/localhost/demo9'";
/// A copy that differs only in its data.
const TIED: &str = "INSERT INTO tomcat_sessions (session_id, valid_session, max_inactive, last_access, app_name, \
    session_data) SELECT session_id, valid_session, max_inactive, last_access, app_name, (SELECT MIN(session_data) FROM \
    tomcat_sessions AS other WHERE other.app_name = '/Catalina/localhost/tied') FROM tomcat_sessions \
    WHERE app_name = '/Catalina/localhost/tied' AND session_id = 'B'";

async fn duplicates_are_counted_and_the_newest_is_read(db: &Scratch) {
    db.sql(&WIDE_TABLE.replace(" NOT NULL PRIMARY KEY", "")).await;
    let mut store = db.open().await;
    let mut sessions = sample();
    for (id, byte) in [("A", 1u8), ("B", 2)] {
        let mut tied = crate::support::session("/Catalina/localhost/tied", id, 1800, NOW.0);
        let data = vec![byte; 64];
        tied.meta.size = Some(64);
        tied.data = Some(data.into());
        sessions.push(tied);
    }
    store.insert(&sessions, OnConflict::Fail).await.unwrap();
    db.sql(OLDER).await;
    // PostgreSQL does not support MIN of bytea.
    let least = "(ARRAY_AGG(session_data ORDER BY session_data))[1]";
    db.sql(&if db.kind == Kind::Postgres { TIED.replace("MIN(session_data)", least) } else { TIED.to_owned() }).await;
    let older =
        sessions.iter().filter(|s| s.meta.key.app.as_deref() == Some("/Catalina/localhost/demo9")).count() as u64;
    assert!(older > 0);
    assert_eq!(store.duplicates().await.unwrap(), older + 1);
    store.close().await;

    let dir = tempfile::TempDir::new().unwrap();
    let archive = dir.path().join("s.ndjson");
    let archive = archive.to_str().unwrap();
    let all = sessions.len() as u64;
    let exported = run(&["export", archive, "--url", &db.url]).await;
    assert_eq!(exported.code, Some(0), "{exported:?}");
    assert_eq!(
        [&exported.result["sessions"], &exported.result["rewritten"], &exported.result["duplicates"]],
        [all, 0, older + 1],
        "{exported:?}"
    );
    assert_eq!(exported.result["ended"], "settled");
    assert!(exported.stderr.contains("`tomcat-sessions check` prints the statements"), "{exported:?}");
    let verified = run(&["verify", archive, "--url", &db.url]).await;
    let numbers = |done: &Done| [&done.result["missing"], &done.result["extra"]].map(|n| n.as_u64().unwrap());
    assert_eq!(numbers(&verified), [0, 0], "{verified:?}");
    // Of rows that differ only in their data, either may be read.
    assert!(verified.result["different"].as_u64() <= Some(1), "{verified:?}");

    let to = Scratch::new(db.kind).await.unwrap();
    to.create_table("recommended").await;
    let moved =
        run(&["migrate", "--from", &db.url, "--to", &to.url, "--follow", "--until-quiet", "1s", "--max-time", "60s"])
            .await;
    assert_eq!(
        (&moved.result["ended"], &moved.result["from"]["duplicates"]),
        (&"quiet".into(), &(older + 1).into()),
        "{moved:?}"
    );
    let mut target = to.open().await;
    let newest: Vec<&Session> = sessions.iter().filter(|s| s.meta.key.id != "B").collect();
    for session in newest {
        assert_eq!(target.get(&session.meta.key).await.unwrap().as_ref(), Some(session));
    }
    target.close().await;
    to.drop().await;
}
