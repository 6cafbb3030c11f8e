//! `expire` while writers behave like Tomcat: no session that became live again is lost, and all sessions that remain
//! expired are deleted.
//!
//! `TOMCAT_SESSIONS_TEST_SOAK=10` revives ten times as many sessions.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use sqlx::{Connection, Executor, MySqlConnection, Row, SqliteConnection};
use tomcat_sessions::session::{EpochMillis, OnConflict, Session, SessionKey, SessionMeta, SessionState};
use tomcat_sessions::store::{
    Candidates, Delete, Ended, Expiry, ExpiryRoute, Pauses, PurgeLimits, Purger, Stop, Throttle,
};

use tiberius::ToSql;

use crate::support::{Kind, NOW, Scratch, Tds, session, variable};

crate::suite!(no_revived_session_is_lost_documented, no_revived_session_is_lost_recommended);

const APPS: [&str; 2] = ["/Catalina/localhost/demo", "/Catalina/localhost/shop"];
const WRITERS: usize = 4;
const MAX_INACTIVE: i64 = 1_800;
const LIVE: i64 = NOW.0;
const DEAD: i64 = NOW.0 - 10 * MAX_INACTIVE * 1000;

async fn no_revived_session_is_lost_documented(db: &Scratch) {
    race(db, "documented", ExpiryRoute::Scan).await;
}

async fn no_revived_session_is_lost_recommended(db: &Scratch) {
    race(db, "recommended", ExpiryRoute::Index).await;
}

/// The contents that the table must have at the end, according to the writers.
type Truth = BTreeMap<SessionKey, Session>;

async fn race(db: &Scratch, profile: &str, route: ExpiryRoute) {
    db.create_table(profile).await;
    // SQLite has one writer at a time: a smaller race is sufficient.
    let (revivals, bystanders) = if db.kind == Kind::Sqlite { (300, 200) } else { (5_000, 3_000) };
    let revivals = revivals * variable("TOMCAT_SESSIONS_TEST_SOAK").and_then(|n| n.parse().ok()).unwrap_or(1);
    if db.kind == Kind::Sqlite {
        db.sql("PRAGMA journal_mode = wal").await;
    }
    let mut truth = bystand(db, bystanders).await;

    let idle = write(db, profile, revivals / 50, Arc::new(AtomicBool::new(false))).await;
    let over = Arc::new(AtomicBool::new(false));
    let target = db.target();
    let purging = async {
        let mut purges = Purges::default();
        while !over.load(Ordering::Relaxed) {
            purges.add(purge(&target, route).await);
        }
        purges
    };
    let (busy, mut purges) = tokio::join!(write(db, profile, revivals, over.clone()), purging);
    // Sessions that the writers left expired are deleted when there are no concurrent writers.
    purges.add(purge(&db.target(), route).await);

    eprintln!("{} {profile}: {} beside writers: {purges:?}", db.kind.name(), busy.revived);
    eprintln!("  saves, idle:            {}", idle.latency());
    eprintln!("  saves, beside `expire`: {}", busy.latency());
    assert!(busy.revived >= revivals, "only {} sessions came back to life while their row was there", busy.revived);
    assert!(purges.deleted >= bystanders, "the purge hardly ran: {purges:?}");
    // SQLite's writers and the purge take turns, so they may not meet.
    assert!(
        purges.skipped > 0 || db.kind == Kind::Sqlite,
        "the purge met no session that came back to life: {purges:?}"
    );
    assert_eq!(busy.lost, 0, "live sessions were gone when they were saved the next time");
    truth.extend(idle.truth);
    truth.extend(busy.truth);
    truth.retain(|_, s| !matches!(s.meta.state_at(NOW), SessionState::Expired { .. }));
    compare(&truth, &table(db).await);
}

/// Inserts sessions that no writer touches: a third expired, a third live, a third that never expire.
async fn bystand(db: &Scratch, each: u64) -> Truth {
    let mut sessions = Vec::new();
    for i in 0..each {
        let app = APPS[usize::from(i % 3 == 0)];
        sessions.push(session(app, &format!("{i:031X}D"), MAX_INACTIVE, DEAD));
        sessions.push(session(app, &format!("{i:031X}E"), MAX_INACTIVE, LIVE));
        sessions.push(session(app, &format!("{i:031X}F"), -1, DEAD));
    }
    db.open().await.insert(&sessions, OnConflict::Fail).await.unwrap();
    sessions.into_iter().map(|s| (s.meta.key.clone(), s)).collect()
}

#[derive(Debug, Default)]
struct Purges {
    runs: u64,
    deleted: u64,
    skipped: u64,
    retries: u64,
}

impl Purges {
    fn add(&mut self, other: Purges) {
        self.runs += other.runs;
        self.deleted += other.deleted;
        self.skipped += other.skipped;
        self.retries += other.retries;
    }
}

/// A run of `expire` with small batches and pauses, so that much happens between reading a key and deleting its row.
async fn purge(target: &tomcat_sessions::store::Target, route: ExpiryRoute) -> Purges {
    let naming = tomcat_sessions::store::Naming::default();
    let mut store = tomcat_sessions::store::SessionStore::open(target, &naming).await.unwrap();
    // A server that is slow to notice the end of the previous run still holds its lock.
    store.lock(Duration::from_secs(10)).await.unwrap();
    let mut candidates = Candidates::expired(store.another().await.unwrap(), route, Expiry::at(NOW), None);
    let limits = PurgeLimits {
        batch: 50,
        batch_time: Duration::from_millis(50),
        pauses: Pauses::Fixed(Duration::from_millis(3)),
        max_rows: None,
        max_time: None,
    };
    let wanted = |s: &SessionMeta| matches!(s.state_at(NOW), SessionState::Expired { .. });
    let purger = Purger {
        store: &mut store,
        action: &mut Delete { exact: true },
        in_memory_check: None,
        cutoff: Some(NOW),
        accessed_before: None,
        wanted: &wanted,
        limits: &limits,
        throttle: &mut Throttle::default(),
        dry_run: false,
        stop: Stop::never(),
    };
    let summary = purger.run(&mut candidates, &mut |_| {}).await;
    assert!(matches!(summary.ended, Ended::Done), "{:?}", summary.ended);
    store.close().await;
    Purges { runs: 1, deleted: summary.total.sessions, skipped: summary.skipped, retries: summary.retries }
}

struct Written {
    truth: Truth,
    /// Sessions that were saved live while their expired row still existed.
    revived: u64,
    /// Saves that succeeded at the second attempt, like Tomcat's.
    repeated: u64,
    /// Saves that did not find the row of a session that was live at the last save.
    lost: u64,
    micros: Histogram<u64>,
}

impl Written {
    fn latency(&self) -> String {
        let ms = |us: u64| format!("{}.{:01} ms", us / 1000, us % 1000 / 100);
        format!(
            "p50 {}, p99 {}, max {} of {} saves, {} repeated",
            ms(self.micros.value_at_quantile(0.5)),
            ms(self.micros.value_at_quantile(0.99)),
            ms(self.micros.max()),
            self.micros.len(),
            self.repeated
        )
    }
}

/// Time without a revived session after which the server is considered to hang.
const HANGS: Duration = Duration::from_secs(120);

/// Lets writers work until they have revived this many sessions together, and then sets `over`, however long that
/// takes, as long as there is progress.
async fn write(db: &Scratch, profile: &str, revivals: u64, over: Arc<AtomicBool>) -> Written {
    let revived = Arc::new(Mutex::new((0, Instant::now())));
    // Two applications can have the same id only if both columns are in the key.
    let shared_ids = profile == "recommended";
    let mut tasks = Vec::new();
    for writer in 0..WRITERS {
        let connection = Client::open(db).await;
        let (revived, over) = (revived.clone(), over.clone());
        let ids = if shared_ids { writer / APPS.len() } else { writer };
        tasks.push(tokio::spawn(async move {
            let mut writer = Writer::new(connection, APPS[writer % APPS.len()], ids, writer as u64);
            loop {
                let came_back = writer.step().await;
                let mut revived = revived.lock().unwrap();
                if came_back {
                    *revived = (revived.0 + 1, Instant::now());
                }
                if revived.0 >= revivals || revived.1.elapsed() > HANGS {
                    over.store(true, Ordering::Relaxed);
                    return writer.written;
                }
            }
        }));
    }
    let mut all = Written { truth: Truth::new(), revived: 0, repeated: 0, lost: 0, micros: histogram() };
    for task in tasks {
        let one = task.await.unwrap();
        all.truth.extend(one.truth);
        all.revived += one.revived;
        all.repeated += one.repeated;
        all.lost += one.lost;
        all.micros.add(&one.micros).unwrap();
    }
    all
}

fn histogram() -> Histogram<u64> {
    Histogram::new(3).unwrap()
}

/// The sessions of one Tomcat.
struct Writer {
    client: Client,
    app: &'static str,
    ids: usize,
    made: u64,
    random: fastrand::Rng,
    live: Vec<String>,
    expired: Vec<String>,
    written: Written,
}

impl Writer {
    fn new(client: Client, app: &'static str, ids: usize, seed: u64) -> Writer {
        let written = Written { truth: Truth::new(), revived: 0, repeated: 0, lost: 0, micros: histogram() };
        let random = fastrand::Rng::with_seed(seed);
        Writer { client, app, ids, made: 0, random, live: Vec::new(), expired: Vec::new(), written }
    }

    /// Creates a session, keeps one alive, lets one expire, or revives one; returns true if a session was revived whose
    /// row still existed.
    async fn step(&mut self) -> bool {
        // A few sessions at a time are expired, for about as long as a purge needs to reach them.
        if self.expired.len() > 40 {
            let id = self.expired.swap_remove(self.random.usize(..self.expired.len()));
            let was_there = self.save(&id, LIVE).await;
            self.written.revived += u64::from(was_there);
            self.live.push(id);
            return was_there;
        }
        match self.random.u8(..10) {
            _ if self.live.len() < 50 => {
                let id = format!("{:X}{:030X}W", self.ids, self.made);
                self.made += 1;
                self.save(&id, LIVE).await;
                self.live.push(id);
            }
            0 => {
                let id = self.live[self.random.usize(..self.live.len())].clone();
                self.save(&id, LIVE).await;
            }
            // Never touched again: the purge must delete it.
            1 => {
                let id = self.live.swap_remove(self.random.usize(..self.live.len()));
                self.save(&id, DEAD).await;
            }
            _ => {
                let id = self.live.swap_remove(self.random.usize(..self.live.len()));
                self.save(&id, DEAD).await;
                self.expired.push(id);
            }
        }
        false
    }

    /// Saves like `DataSourceStore.save`: DELETE, then INSERT, each with its own commit, and everything again after an
    /// error. Returns true if there was a row before.
    async fn save(&mut self, id: &str, last_access: i64) -> bool {
        // Each save has another last access, so that the row can be distinguished from older ones.
        let last_access = last_access - self.random.i64(0..100_000);
        let saved = session(self.app, id, MAX_INACTIVE, last_access);
        let begun = Instant::now();
        let mut was_there = false;
        for again in [true, false] {
            match self.client.save(&saved, &mut was_there).await {
                Ok(()) => break,
                Err(error) => assert!(again, "a save failed twice: {error}"),
            }
            self.written.repeated += 1;
        }
        self.written.micros.record(u64::try_from(begun.elapsed().as_micros()).unwrap()).unwrap();
        let before = self.written.truth.insert(saved.meta.key.clone(), saved);
        let was_live = before.is_some_and(|s| matches!(s.meta.state_at(NOW), SessionState::Live { .. }));
        self.written.lost += u64::from(was_live && !was_there);
        was_there
    }
}

/// Tomcat's own connection, independent of the tested code.
pub enum Client {
    Mysql(Box<MySqlConnection>),
    Postgres(Box<sqlx::PgConnection>),
    Sqlite(Box<SqliteConnection>),
    Mssql(Box<Tds>),
}

const REMOVE: &str = "DELETE FROM tomcat_sessions WHERE session_id = ? AND app_name = ?";
const INSERT: &str = "INSERT INTO tomcat_sessions \
    (session_id, app_name, session_data, valid_session, max_inactive, last_access) VALUES (?, ?, ?, ?, ?, ?)";

/// With PostgreSQL's numbered parameters.
const NUMBERED_REMOVE: &str = "DELETE FROM tomcat_sessions WHERE session_id = $1 AND app_name = $2";
const NUMBERED_INSERT: &str = "INSERT INTO tomcat_sessions \
    (session_id, app_name, session_data, valid_session, max_inactive, last_access) VALUES ($1, $2, $3, $4, $5, $6)";

/// With sendStringParametersAsUnicode=false, so that the id is compared with the key as VARCHAR.
const TDS_REMOVE: &str = "DELETE FROM tomcat_sessions \
    WHERE session_id = CAST(@P1 AS VARCHAR(100)) AND app_name = CAST(@P2 AS VARCHAR(255))";
const TDS_INSERT: &str = "INSERT INTO tomcat_sessions \
    (session_id, app_name, session_data, valid_session, max_inactive, last_access) VALUES (@P1, @P2, @P3, @P4, @P5, @P6)";

impl Client {
    pub async fn open(db: &Scratch) -> Client {
        match db.kind {
            Kind::Sqlite => {
                let mut connection = SqliteConnection::connect(&db.url.replace("sqlite:", "sqlite://")).await.unwrap();
                connection.execute("PRAGMA busy_timeout = 60000").await.unwrap();
                Client::Sqlite(Box::new(connection))
            }
            Kind::Mssql => Client::Mssql(Box::new(db.tds(&db.database).await)),
            Kind::Postgres => Client::Postgres(Box::new(db.postgres(&db.database).await)),
            Kind::Mysql | Kind::Mariadb => Client::Mysql(Box::new(db.mysql().await)),
        }
    }

    pub async fn save(&mut self, session: &Session, was_there: &mut bool) -> Result<(), String> {
        let Session { meta, data } = session;
        macro_rules! both {
            ($connection:expr, $remove:expr, $insert:expr) => {{
                let removed = sqlx::query($remove)
                    .bind(&meta.key.id)
                    .bind(meta.key.app.as_deref())
                    .execute(&mut **$connection)
                    .await
                    .map_err(|e| e.to_string())?;
                *was_there |= removed.rows_affected() > 0;
                sqlx::query($insert)
                    .bind(&meta.key.id)
                    .bind(meta.key.app.as_deref())
                    .bind(data.as_deref())
                    .bind(meta.valid.as_deref())
                    .bind(meta.max_inactive)
                    .bind(meta.last_access.map(|t| t.0))
                    .execute(&mut **$connection)
                    .await
                    .map_err(|e| e.to_string())?;
            }};
        }
        match self {
            Client::Mysql(connection) => both!(connection, REMOVE, INSERT),
            Client::Sqlite(connection) => both!(connection, REMOVE, INSERT),
            Client::Postgres(connection) => both!(connection, NUMBERED_REMOVE, NUMBERED_INSERT),
            Client::Mssql(connection) => {
                let removed = connection.execute(TDS_REMOVE, &[&meta.key.id, &meta.key.app]).await;
                *was_there |= removed.map_err(|e| e.to_string())?.total() > 0;
                let row: [&dyn ToSql; 6] = [
                    &meta.key.id,
                    &meta.key.app,
                    &data.as_deref(),
                    &meta.valid,
                    &meta.max_inactive,
                    &meta.last_access.map(|t| t.0),
                ];
                connection.execute(TDS_INSERT, &row).await.map_err(|e| e.to_string())?;
            }
        }
        Ok(())
    }
}

/// All rows, read independently of the tested code.
async fn table(db: &Scratch) -> Truth {
    let text =
        "SELECT session_id, app_name, session_data, valid_session, max_inactive, last_access FROM tomcat_sessions";
    macro_rules! rows {
        ($connection:expr, $text:expr) => {
            sqlx::query($text)
                .fetch_all(&mut **$connection)
                .await
                .unwrap()
                .iter()
                .map(|row| {
                    let (id, app) = (row.get_unchecked::<String, _>(0), row.get_unchecked::<String, _>(1));
                    let data: Vec<u8> = row.get_unchecked(2);
                    let meta = SessionMeta {
                        key: SessionKey::new(app, id),
                        valid: row.get_unchecked(3),
                        max_inactive: row.get_unchecked(4),
                        last_access: row.get_unchecked::<Option<i64>, _>(5).map(EpochMillis),
                        size: Some(data.len() as u64),
                    };
                    (meta.key.clone(), Session { meta, data: Some(data.into()) })
                })
                .collect()
        };
    }
    match &mut Client::open(db).await {
        Client::Mysql(connection) => rows!(connection, text),
        Client::Sqlite(connection) => rows!(connection, text),
        // With one integer type for both profiles.
        Client::Postgres(connection) => {
            rows!(connection, &text.replace("max_inactive", "CAST(max_inactive AS BIGINT)"))
        }
        Client::Mssql(connection) => {
            // With one integer type for both profiles.
            let text = text.replace("max_inactive", "CAST(max_inactive AS BIGINT)");
            let answer = connection.simple_query(text).await.unwrap().into_first_result().await.unwrap();
            answer
                .iter()
                .map(|row| {
                    let text = |i| row.get::<&str, _>(i).map(str::to_owned);
                    let data = row.get::<&[u8], _>(2).unwrap().to_vec();
                    let meta = SessionMeta {
                        key: SessionKey::new(text(1), text(0).unwrap()),
                        valid: text(3),
                        max_inactive: row.get(4),
                        last_access: row.get(5).map(EpochMillis),
                        size: Some(data.len() as u64),
                    };
                    (meta.key.clone(), Session { meta, data: Some(data.into()) })
                })
                .collect()
        }
    }
}

fn compare(truth: &Truth, table: &Truth) {
    let lost: Vec<_> = truth.keys().filter(|key| !table.contains_key(key)).collect();
    let stayed: Vec<_> = table.keys().filter(|key| !truth.contains_key(key)).collect();
    let other: Vec<_> = truth.iter().filter(|(key, s)| table.get(key).is_some_and(|row| row != *s)).collect();
    let first = |keys: &[&SessionKey]| keys.first().map(|key| format!("{key:?}")).unwrap_or_default();
    assert!(lost.is_empty(), "{} live sessions are lost, such as {}", lost.len(), first(&lost));
    assert!(stayed.is_empty(), "{} expired sessions stayed, such as {}", stayed.len(), first(&stayed));
    assert!(other.is_empty(), "{} rows are not the ones last saved", other.len());
}
