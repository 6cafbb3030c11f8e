//! The table that purges are measured on: made once from a seed, copied before each measurement.

use std::time::Duration;

use sqlx::{Executor, Row};
use tomcat_sessions::session::{EpochMillis, Session, SessionKey, SessionMeta};

use crate::support::{NOW, Scratch};

/// Sessions that are made here; the server doubles them as often as needed.
const MADE: u64 = 9_375;
/// Bytes of `session_data`, from and to: 2.8 KB on the average.
const DATA: std::ops::Range<usize> = 1_900..3_700;
const APPS: [&str; 3] = ["/Catalina/localhost/demo", "/Catalina/localhost/shop", "/Catalina/localhost/intranet"];
const DAY: i64 = 86_400_000;

/// The sessions that copies are taken of, in a table `seed`; half of them are expired.
pub struct Seed<'a> {
    pub db: &'a Scratch,
    rows: u64,
}

impl<'a> Seed<'a> {
    pub async fn new(db: &'a Scratch) -> Seed<'a> {
        let mut random = fastrand::Rng::with_seed(2_800);
        db.create_table("documented").await;
        let mut store = db.open().await;
        let sessions: Vec<Session> = (0..MADE).map(|i| session(i, &mut random)).collect();
        for some in sessions.chunks(500) {
            store.insert(some, tomcat_sessions::session::OnConflict::Fail).await.unwrap();
        }
        store.close().await;
        db.sql("RENAME TABLE tomcat_sessions TO seed").await;
        Seed { db, rows: MADE }
    }

    /// Doubles the seed until it has `rows` sessions.
    pub async fn grow(&mut self, rows: u64) {
        while self.rows < rows {
            let text = format!(
                "INSERT INTO seed (session_id, valid_session, max_inactive, last_access, app_name, session_data) \
                 SELECT UPPER(LEFT(SHA2(CONCAT(session_id, {}), 256), 32)), valid_session, max_inactive, last_access, \
                 app_name, session_data FROM seed",
                self.rows
            );
            self.db.sql(&text).await;
            self.rows *= 2;
        }
        assert_eq!(self.rows, rows, "rows are {MADE} times a power of two");
    }

    /// Makes `tomcat_sessions` anew with `rows` sessions, of which one in `2 * thinned` is expired,
    /// and waits until the server has cleaned up after earlier measurements.
    pub async fn copy(&self, profile: &str, rows: u64, thinned: u64) {
        self.copy_where(profile, rows, &format!("CRC32(session_id) % {thinned} = 0")).await;
    }

    /// The same, with a third expired, and an empty table to move them to.
    pub async fn copy_third(&self, profile: &str, rows: u64) {
        self.db.sql("DROP TABLE IF EXISTS tomcat_sessions_swapped").await;
        self.copy_where(profile, rows, "CRC32(session_id) % 3 > 0").await;
        let mut store = self.db.open().await;
        store.create_swap_table().await.unwrap();
        store.close().await;
    }

    /// Leaves those expired that are it in the seed and fulfil a condition.
    async fn copy_where(&self, profile: &str, rows: u64, expired: &str) {
        self.db.sql("DROP TABLE IF EXISTS tomcat_sessions").await;
        self.db.create_table(profile).await;
        let text = format!(
            "INSERT INTO tomcat_sessions (session_id, valid_session, max_inactive, last_access, app_name, session_data) \
             SELECT session_id, valid_session, max_inactive, \
             IF({expired}, last_access, {}), app_name, session_data \
             FROM seed ORDER BY session_id LIMIT {rows}",
            NOW.0
        );
        self.db.sql(&text).await;
        self.db.sql("ANALYZE TABLE tomcat_sessions").await;
        for _ in 0..25 {
            if history(self.db).await < 1_000 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

fn session(i: u64, random: &mut fastrand::Rng) -> Session {
    // The head of every stream of Java's, then what compresses and varies about as attributes do.
    let mut data = vec![0xac, 0xed, 0x00, 0x05];
    let length = random.usize(DATA);
    data.extend(std::iter::repeat_with(|| random.alphanumeric() as u8).take(length));
    let last_access =
        if i.is_multiple_of(2) { NOW.0 - DAY - random.i64(0..7 * DAY) } else { NOW.0 - random.i64(0..600_000) };
    Session {
        meta: SessionMeta {
            key: SessionKey::new(APPS[random.usize(..APPS.len())].to_owned(), format!("{:032X}", random.u128(..))),
            valid: Some("1".to_owned()),
            max_inactive: Some(1_800),
            last_access: Some(EpochMillis(last_access)),
            size: None,
        },
        data: Some(data),
    }
}

/// Row versions that InnoDB has yet to clean up.
async fn history(db: &Scratch) -> i64 {
    number(
        db,
        "SELECT CAST(COUNT AS SIGNED) FROM information_schema.INNODB_METRICS WHERE NAME = 'trx_rseg_history_len'",
    )
    .await
}

async fn number(db: &Scratch, text: &str) -> i64 {
    sqlx::query(text).fetch_one(&mut db.mysql().await).await.unwrap().get_unchecked(0)
}

/// What the server calls itself.
pub async fn version(db: &Scratch) -> String {
    let row = db.mysql().await.fetch_one("SELECT VERSION()").await.unwrap();
    format!("{} {}", db.kind.name(), row.get_unchecked::<String, _>(0))
}
