//! A client that saves sessions as Tomcat does, DELETE and then INSERT, each committed by itself, at a
//! fixed rate, whatever else happens.
//!
//! Half of its saves are of expired sessions whose user has come back, and half of those of the ones that
//! a purge is about to come to; a quarter are of live sessions, a quarter of new ones. Whatever was saved
//! must be there in the end: nobody else adds to the table.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use hdrhistogram::Histogram;
use tokio::time::Instant;

use crate::client::{Client, Value};
use crate::seed::{APPS, Contents, EXPIRED, Maker};
use crate::support::{NOW, Scratch};

/// Saves a second.
pub const RATE: u32 = 50;
/// Connections, so that a save that waits does not hold the next ones up.
const CONNECTIONS: u32 = 16;
/// Keys between two looks for the place that a purge has come to.
const STRIDE: usize = 200;

/// What became of the saves of a run.
#[derive(Debug, Clone)]
pub struct Saves {
    /// Microseconds from the moment a save was due to its end.
    pub waits: Histogram<u64>,
    /// Saves of sessions that were expired before.
    pub revived: u64,
    /// Sessions that were saved and are not in the table in the end.
    pub lost: u64,
    /// Saves that the server refused.
    pub refused: u64,
}

impl Saves {
    fn new() -> Saves {
        Saves { waits: Histogram::new(3).unwrap(), revived: 0, lost: 0, refused: 0 }
    }

    pub fn ms(&self, quantile: f64) -> f64 {
        self.waits.value_at_quantile(quantile) as f64 / 1000.0
    }

    pub fn max_ms(&self) -> f64 {
        self.waits.max() as f64 / 1000.0
    }

    /// A 99th percentile of a few saves is none.
    pub fn has_percentiles(&self) -> bool {
        self.waits.len() >= 100
    }

    /// All rounds together.
    pub fn merged(rounds: Vec<Saves>) -> Saves {
        rounds.into_iter().fold(Saves::new(), |mut all, one| {
            all.waits.add(one.waits).unwrap();
            Saves {
                revived: all.revived + one.revived,
                lost: all.lost + one.lost,
                refused: all.refused + one.refused,
                ..all
            }
        })
    }
}

type Key = (String, String);

/// What the connections share.
struct Users {
    expired: Vec<Key>,
    live: Vec<Key>,
    /// How far the purge has come, as a place in `expired`.
    front: AtomicUsize,
    over: AtomicBool,
}

/// Runs `work` while the Tomcat writer saves sessions.
pub async fn while_tomcat_writes<T>(db: &Scratch, work: impl Future<Output = T>) -> (T, Saves) {
    let users = Arc::new(Users {
        expired: keys(db, EXPIRED).await,
        live: keys(db, &format!("NOT ({EXPIRED}) AND session_id LIKE '%7' LIMIT 4000")).await,
        front: AtomicUsize::new(0),
        over: AtomicBool::new(false),
    });
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        connections.push(Client::of(db).await);
    }
    let data: Vec<u8> = Maker::new(Contents::Text).session(0).data.unwrap().to_vec();
    // The clock starts when all have logged in.
    let begun = Instant::now();
    let tasks = (0..CONNECTIONS).zip(connections).map(|(nth, connection)| {
        let writer = TomcatWriter {
            connection,
            users: users.clone(),
            data: data.clone(),
            saves: Saves::new(),
            saved: vec![],
            refused: vec![],
        };
        tokio::spawn(writer.run(nth, begun))
    });
    let tasks: Vec<_> = tasks.collect();
    let done = work.await;
    users.over.store(true, Ordering::Relaxed);
    let mut all = Vec::new();
    let mut saved = Vec::new();
    let mut refused = HashSet::new();
    for task in tasks {
        let writer = task.await.unwrap();
        all.push(writer.saves);
        saved.extend(writer.saved);
        refused.extend(writer.refused);
    }
    // Of one that was refused nobody knows what to expect.
    saved.retain(|key| !refused.contains(key));
    let lost = lost(db, &saved).await;
    (done, Saves { lost, ..Saves::merged(all) })
}

struct TomcatWriter {
    connection: Client,
    users: Arc<Users>,
    data: Vec<u8>,
    saves: Saves,
    saved: Vec<Key>,
    refused: Vec<Key>,
}

impl TomcatWriter {
    /// Every so many-th save is this connection's.
    async fn run(mut self, nth: u32, begun: Instant) -> TomcatWriter {
        let mut random = fastrand::Rng::with_seed(u64::from(nth));
        for tick in (nth..).step_by(CONNECTIONS as usize) {
            let due = begun + Duration::from_secs(1) / RATE * tick;
            tokio::time::sleep_until(due - Duration::from_millis(50)).await;
            let (key, revived) = self.choose(&mut random).await;
            tokio::time::sleep_until(due).await;
            if self.users.over.load(Ordering::Relaxed) {
                break;
            }
            match self.save(&key).await {
                Ok(()) => {
                    self.saves.revived += u64::from(revived);
                    self.saved.push(key);
                }
                Err(_) => {
                    self.saves.refused += 1;
                    self.refused.push(key);
                }
            }
            self.saves.waits.record(u64::try_from(due.elapsed().as_micros()).unwrap()).unwrap();
        }
        self
    }

    /// A session, and whether it is an expired one.
    async fn choose(&mut self, random: &mut fastrand::Rng) -> (Key, bool) {
        let users = self.users.clone();
        let Users { expired, live, .. } = &*users;
        match random.u8(..4) {
            0 if !expired.is_empty() => {
                let near = self.front().await + random.usize(..STRIDE * 2);
                (expired[near.min(expired.len() - 1)].clone(), true)
            }
            1 if !expired.is_empty() => (expired[random.usize(..expired.len())].clone(), true),
            2 if !live.is_empty() => (live[random.usize(..live.len())].clone(), false),
            _ => ((format!("{:032X}", random.u128(..)), APPS[random.usize(..APPS.len())].to_owned()), false),
        }
    }

    /// The place of the first expired session, in the order of the key, that is still there; about.
    async fn front(&mut self) -> usize {
        let mut place = self.users.front.load(Ordering::Relaxed);
        let text = "SELECT 1 FROM tomcat_sessions WHERE session_id = ?";
        while let Some((id, _)) = self.users.expired.get(place + STRIDE)
            && matches!(self.connection.finds(text, &[Value::Text(id)]).await, Ok(false))
        {
            place += STRIDE;
        }
        self.users.front.fetch_max(place, Ordering::Relaxed);
        place
    }

    async fn save(&mut self, (id, app): &Key) -> Result<(), sqlx::Error> {
        let delete = "DELETE FROM tomcat_sessions WHERE session_id = ? AND app_name = ?";
        self.connection.execute(delete, &[Value::Text(id), Value::Text(app)]).await?;
        let insert = "INSERT INTO tomcat_sessions (session_id, app_name, session_data, valid_session, max_inactive, \
                      last_access) VALUES (?, ?, ?, '1', 1800, ?)";
        let values = [Value::Text(id), Value::Text(app), Value::Bytes(&self.data), Value::Int(NOW.0)];
        self.connection.execute(insert, &values).await?;
        Ok(())
    }
}

/// Keys of sessions, in the order of the key.
async fn keys(db: &Scratch, condition: &str) -> Vec<Key> {
    let (condition, limit) = condition.split_once(" LIMIT ").unwrap_or((condition, "1000000"));
    let text =
        format!("SELECT session_id, app_name FROM tomcat_sessions WHERE {condition} ORDER BY session_id LIMIT {limit}");
    Client::of(db).await.pairs(&text).await
}

/// How many of those that were saved are not there.
async fn lost(db: &Scratch, saved: &[Key]) -> u64 {
    let mut connection = Client::of(db).await;
    let mut lost = 0;
    for (id, app) in saved {
        let text = "SELECT 1 FROM tomcat_sessions WHERE session_id = ? AND app_name = ?";
        let found = connection.finds(text, &[Value::Text(id), Value::Text(app)]).await.unwrap();
        lost += u64::from(!found);
    }
    lost
}
