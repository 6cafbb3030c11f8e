//! A client that saves sessions as Tomcat does, at a fixed rate, whatever else happens.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hdrhistogram::Histogram;
use sqlx::Row;
use tokio::time::Instant;

use crate::support::{NOW, Scratch};

/// Saves a second.
pub const RATE: u32 = 50;
/// Connections, so that a save that waits does not hold the next ones up.
const CONNECTIONS: u32 = 16;

/// Microseconds from the moment a save was due to its end.
pub type Saves = Histogram<u64>;

/// Runs `work` beside the saver.
pub async fn beside<T>(db: &Scratch, work: impl Future<Output = T>) -> (T, Saves) {
    let sessions = Arc::new(sessions(db).await);
    let over = Arc::new(AtomicBool::new(false));
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        connections.push(db.mysql().await);
    }
    // The clock starts when all have logged in.
    let begun = Instant::now();
    let mut tasks = Vec::new();
    for (i, mut connection) in (0..CONNECTIONS).zip(connections) {
        let (sessions, over) = (sessions.clone(), over.clone());
        tasks.push(tokio::spawn(async move {
            let mut random = fastrand::Rng::with_seed(u64::from(i));
            let mut saves = Saves::new(3).unwrap();
            let data: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(2_800).collect();
            for tick in (i..).step_by(CONNECTIONS as usize) {
                let due = begun + Duration::from_secs(1) / RATE * tick;
                tokio::time::sleep_until(due).await;
                if over.load(Ordering::Relaxed) {
                    return saves;
                }
                // Three quarters are sessions of the table, half of those expired; a quarter is new.
                let (mut id, app) = sessions[random.usize(..sessions.len())].clone();
                if random.u8(..4) == 0 {
                    id = format!("{:032X}", random.u128(..));
                }
                for text in [
                    "DELETE FROM tomcat_sessions WHERE session_id = ? AND app_name = ?",
                    "INSERT INTO tomcat_sessions (session_id, app_name, session_data, valid_session, max_inactive, \
                     last_access) VALUES (?, ?, ?, '1', 1800, ?)",
                ] {
                    let mut query = sqlx::query(text).bind(&id).bind(&app);
                    if text.starts_with("INSERT") {
                        query = query.bind(&data).bind(NOW.0);
                    }
                    query.execute(&mut connection).await.unwrap();
                }
                saves.record(u64::try_from(due.elapsed().as_micros()).unwrap()).unwrap();
            }
            saves
        }));
    }
    let done = work.await;
    over.store(true, Ordering::Relaxed);
    let mut all = Saves::new(3).unwrap();
    for task in tasks {
        all.add(task.await.unwrap()).unwrap();
    }
    (done, all)
}

/// Keys of some sessions, from all over the table.
async fn sessions(db: &Scratch) -> Vec<(String, String)> {
    let text = "SELECT session_id, app_name FROM tomcat_sessions WHERE CRC32(session_id) % 64 = 1 LIMIT 4000";
    let rows = sqlx::query(text).fetch_all(&mut db.mysql().await).await.unwrap();
    rows.iter().map(|row| (row.get_unchecked(0), row.get_unchecked(1))).collect()
}
