//! `migrate` between engines: nothing is lost or changed, while writers save like Tomcat, and however often it is
//! killed.
//!
//! `TOMCAT_SESSIONS_TEST_KILLS=50` sets the number of kills.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use sqlx::Connection;
use tomcat_sessions::session::{OnConflict, Session};

use crate::support::client::save_as_tomcat;
use crate::support::faulty_proxy::Proxy;
use crate::support::program::{Done, run, start};
use crate::support::{Kind, NOW, Scratch, sample, session, variable};

/// Runs `migrate` from one store to another.
async fn migrate(from: &Scratch, to: &Scratch, args: &[&str]) -> Done {
    run(&[&["migrate", "--from", &from.url, "--to", &to.url], args].concat()).await
}

/// A database with the recommended table.
async fn table(kind: Kind) -> Option<Scratch> {
    let db = Scratch::new(kind).await?;
    db.create_table("recommended").await;
    Some(db)
}

/// The sample, and unusual rows: without data, with empty and with large data.
fn sessions() -> Vec<Session> {
    let mut sessions = sample();
    for (id, data) in [("A0", None), ("A1", Some(Vec::new())), ("A2", Some(vec![7u8; 3_000_000]))] {
        let mut odd = session("/Catalina/localhost/odd", id, -1, NOW.0);
        odd.meta.size = data.as_ref().map(|data| data.len() as u64);
        odd.data = data.map(Vec::into);
        sessions.push(odd);
    }
    sessions
}

/// Another pass over columns and digests gives the same result as a comparison of all rows.
#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_source_is_not_compared_again() {
    for (from, to) in [
        (Kind::Mariadb, Kind::Mysql),
        (Kind::Mysql, Kind::Mariadb),
        (Kind::Mysql, Kind::Mssql),
        (Kind::Mariadb, Kind::Postgres),
        (Kind::Postgres, Kind::Mysql),
    ] {
        let (Some(from), Some(to)) = (table(from).await, table(to).await) else { continue };
        from.open().await.insert(&sessions(), OnConflict::Fail).await.unwrap();
        let moved = migrate(&from, &to, &[]).await;
        assert_eq!((moved.code, &moved.result["verification"]["read_back"]), (Some(0), &true.into()), "{moved:?}");
        assert_eq!(moved.result["verification"]["same"], 29);
        // Rows that the target already has were not written by this run, and are compared.
        let again = migrate(&from, &to, &[]).await;
        assert_eq!(
            (&again.result["verification"]["read_back"], &again.result["verification"]["same"]),
            (&false.into(), &29.into())
        );
        from.drop().await;
        to.drop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_engine_to_engine_and_back_bit_for_bit() {
    let Some(first) = table(Kind::Mysql).await else { return };
    first.open().await.insert(&sessions(), OnConflict::Fail).await.unwrap();
    let mut stores = vec![first];
    for kind in [Kind::Postgres, Kind::Mssql, Kind::Postgres, Kind::Mariadb, Kind::Sqlite, Kind::Mysql] {
        // Missing servers have been reported; the others are tested without them.
        let Some(next) = Scratch::reserve(kind) else { continue };
        let moved = migrate(stores.last().unwrap(), &next, &["--init"]).await;
        assert_eq!(moved.code, Some(0), "to {}: {moved:?}", kind.name());
        assert_eq!(moved.result["written"]["inserted"], 29);
        assert_eq!(moved.result["verification"]["same"], 29);
        stores.push(next);
    }
    assert!(stores.len() >= 4);
    let mut last = stores.last().unwrap().open().await;
    for session in sessions() {
        assert_eq!(last.get(&session.meta.key).await.unwrap().unwrap(), session);
    }
    last.close().await;
    for store in stores {
        store.drop().await;
    }
}

/// Saves sessions like Tomcat: DELETE, then INSERT, each with its own commit.
struct Writers {
    over: Arc<AtomicBool>,
    saves: Arc<AtomicU64>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Writers {
    /// Four writers; each saves its own sessions in turn, about fifty times per second.
    fn start(db: &Scratch) -> Writers {
        let (over, saves) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let url = db.url.replacen("mariadb://", "mysql://", 1);
        let task = |writer: i64| {
            let (over, saves, url) = (over.clone(), saves.clone(), url.clone());
            tokio::spawn(async move {
                let mut connection = sqlx::MySqlConnection::connect(&url).await.unwrap();
                let mut n = 0i64;
                while !over.load(Ordering::Relaxed) {
                    let id = format!("{writer:X}{:031X}", n % 40);
                    let delete = format!("DELETE FROM tomcat_sessions WHERE session_id = '{id}' AND app_name = '/a'");
                    let insert = format!(
                        "INSERT INTO tomcat_sessions (session_id, app_name, valid_session, max_inactive, last_access, session_data) \
                         VALUES ('{id}', '/a', '1', 1800, {}, REPEAT(X'{:02X}', 500))",
                        NOW.0 + n,
                        n % 251
                    );
                    save_as_tomcat(&mut connection, [&delete, &insert]).await;
                    saves.fetch_add(1, Ordering::Relaxed);
                    n += 1;
                    tokio::time::sleep(Duration::from_millis(15)).await;
                }
                connection.close().await.unwrap();
            })
        };
        let tasks = (10..14).map(task).collect();
        Writers { over, saves, tasks }
    }

    async fn stop(self) -> u64 {
        self.over.store(true, Ordering::Relaxed);
        for task in self.tasks {
            task.await.unwrap();
        }
        self.saves.load(Ordering::Relaxed)
    }
}

/// Waits until a number is at least this large.
pub async fn reaches(wanted: u64, mut number: impl AsyncFnMut() -> u64) {
    for _ in 0..1_200 {
        if number().await >= wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it has not reached {wanted} within two minutes");
}

async fn bystanders(db: &Scratch, number: usize) {
    let mut store = db.open().await;
    let all: Vec<Session> = (0..number).map(|n| session("/b", &format!("{n:032X}"), 1800, NOW.0)).collect();
    for sessions in all.chunks(5_000) {
        store.insert(sessions, OnConflict::Fail).await.unwrap();
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_on_the_source_lose_nothing() {
    for (source, target) in [(Kind::Mariadb, Kind::Mysql), (Kind::Mysql, Kind::Sqlite)] {
        let (Some(from), Some(to)) = (table(source).await, table(target).await) else { return };
        bystanders(&from, 5_000).await;
        let writers = Writers::start(&from);
        // After the first pass was written, a later one must read everything that they save.
        let stopping = async {
            let mut written = to.open().await;
            reaches(5_160, async || written.count().await.unwrap()).await;
            let before = writers.saves.load(Ordering::Relaxed);
            reaches(before + 200, async || writers.saves.load(Ordering::Relaxed)).await;
            writers.stop().await
        };
        let follow = ["--follow", "--until-quiet", "5s"];
        let (moved, _) = tokio::join!(migrate(&from, &to, &follow), stopping);
        assert_eq!((moved.code, &moved.result["ended"]), (Some(0), &"quiet".into()), "{moved:?}");
        assert!(moved.result["written"]["replaced"].as_u64().unwrap() > 0, "no session changed meanwhile: {moved:?}");
        let checked = run(&["verify", &from.url, &to.url]).await;
        assert_eq!((checked.code, &checked.result["same"]), (Some(0), &5_160.into()), "{checked:?}");
        from.drop().await;
        to.drop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_it_can_be_started_again() {
    let (Some(from), Some(to)) = (table(Kind::Mariadb).await, table(Kind::Mysql).await) else { return };
    bystanders(&from, 20_000).await;
    let writers = Writers::start(&from);
    let kills = variable("TOMCAT_SESSIONS_TEST_KILLS").and_then(|n| n.parse().ok()).unwrap_or(8);
    for _ in 0..kills {
        let mut child = start(&["migrate", "--from", &from.url, "--to", &to.url, "--max-rate", "2MB"]);
        tokio::time::sleep(Duration::from_millis(fastrand::u64(30..1_200))).await;
        child.kill().unwrap();
        assert!(!child.wait().unwrap().success(), "it had come to its end before it was killed");
    }
    let saves = writers.stop().await;
    // The server may take a moment to notice that the last connection, and with it the lock, is gone.
    let mut moved = migrate(&from, &to, &[]).await;
    for _ in 0..20 {
        if moved.code == Some(12) {
            tokio::time::sleep(Duration::from_millis(100)).await;
            moved = migrate(&from, &to, &[]).await;
        }
    }
    assert_eq!(moved.code, Some(0), "after {kills} kills and {saves} saves: {moved:?}");
    let checked = run(&["verify", &from.url, &to.url]).await;
    assert_eq!((checked.code, &checked.result["same"]), (Some(0), &20_160.into()), "{checked:?}");
    from.drop().await;
    to.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_refused_by_the_target_are_reported_and_the_rest_is_copied() {
    let Some(from) = table(Kind::Mariadb).await else { return };
    let mut all = sample();
    let mut big = session("/b", "BIG", 1800, NOW.0);
    big.data = Some(vec![1; 70_000].into());
    big.meta.size = Some(70_000);
    all.extend([big, session("/b", "ab", 1800, NOW.0), session("/b", "AB", 1800, NOW.0)]);
    all.push(session("/b", &"L".repeat(60), 1800, NOW.0));
    from.open().await.insert(&all, OnConflict::Fail).await.unwrap();
    let Some(to) = Scratch::new(Kind::Mysql).await else { return };
    to.create_table("documented").await;
    to.sql("ALTER TABLE tomcat_sessions MODIFY session_data BLOB, MODIFY session_id VARCHAR(50)").await;
    let moved = migrate(&from, &to, &[]).await;
    assert_eq!(moved.code, Some(3), "{moved:?}");
    let rejected = moved.result["rejected"].as_array().unwrap();
    let reason = |id: &str| rejected.iter().find(|r| r["session_id"] == id).map(|r| r["reason"].as_str().unwrap());
    assert!(reason("BIG").unwrap().contains("70000 bytes, but the target's column holds at most 65535"), "{moved:?}");
    assert!(reason(&"L".repeat(60)).unwrap().contains("60 characters"), "{moved:?}");
    let twin = reason("ab").or(reason("AB")).unwrap();
    assert!(twin.contains("differ only by case") && reason("ab").is_some() != reason("AB").is_some(), "{moved:?}");
    // Two contexts of the sample have the same id, and the published key is the id only.
    assert_eq!(moved.result["written"]["inserted"].as_u64().unwrap() + rejected.len() as u64, all.len() as u64);
    assert_eq!(moved.result["verification"]["behind"], 0);
    let rules: Vec<&str> =
        moved.result["preflight"].as_array().unwrap().iter().map(|f| f["rule"].as_str().unwrap()).collect();
    for rule in ["capacity.column", "schema.key-without-app", "collation.case"] {
        assert!(rules.contains(&rule), "{rules:?}");
    }
    from.drop().await;
    to.drop().await;
}

/// The same database through a proxy.
async fn through_a_proxy(db: &Scratch) -> (Proxy, String) {
    let target = db.target();
    let proxy = Proxy::to(format!("{}:{}", target.host, target.port)).await;
    let url = db.url.replacen(&format!(":{}/", target.port), &format!(":{}/", proxy.port), 1);
    assert_ne!(url, db.url);
    (proxy, url)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_ends_the_run_and_the_next_run_finishes() {
    for cut_the_source in [true, false] {
        let (Some(from), Some(to)) = (table(Kind::Mariadb).await, table(Kind::Mysql).await) else { return };
        bystanders(&from, 20_000).await;
        let (proxy, url) = through_a_proxy(if cut_the_source { &from } else { &to }).await;
        proxy.cut_after(3_500_000);
        let (source, target) = if cut_the_source { (&url, &to.url) } else { (&from.url, &url) };
        let broken = run(&["migrate", "--from", source, "--to", target, "--jobs", "1"]).await;
        assert_eq!((broken.code, &broken.result["ended"]), (Some(10), &"failed".into()), "{broken:?}");
        assert!(broken.stderr.contains("run the command again"), "{broken:?}");
        let again = migrate(&from, &to, &[]).await;
        assert_eq!(again.code, Some(0), "{again:?}");
        assert_eq!(again.result["verification"]["same"], 20_000);
        assert!(again.result["written"]["kept"].as_u64().unwrap() > 0, "the first run had written nothing: {again:?}");
        from.drop().await;
        to.drop().await;
    }
}
