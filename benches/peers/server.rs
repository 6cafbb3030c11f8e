//! The work of a server: it may go on when the client has its answer.

use std::time::{Duration, Instant};

use sqlx::{Executor as _, Row as _};

use crate::support::Scratch;

/// How long the server is watched for being at rest.
const WATCHED: Duration = Duration::from_millis(500);
/// Processor time in that span, in ticks of 10 ms, that is none.
const RESTING: u64 = 2;

/// A server's process on this machine.
pub struct Server {
    pid: u32,
}

impl Server {
    /// `None` where it is on another machine.
    pub async fn of(db: &Scratch) -> Option<Server> {
        let row = db.mysql().await.fetch_one("SELECT @@pid_file").await.unwrap();
        let file: String = row.get_unchecked(0);
        let pid = std::fs::read_to_string(file).ok()?.trim().parse().ok()?;
        let server = Server { pid };
        server.ticks().map(|_| server)
    }

    /// Waits until the server rests, and tells how long after `begun` that was.
    pub async fn rests(&self, begun: Instant) -> Duration {
        loop {
            let (before, worked) = (begun.elapsed(), self.ticks());
            tokio::time::sleep(WATCHED).await;
            if self.ticks().unwrap_or(0) <= worked.unwrap_or(0) + RESTING {
                return before;
            }
        }
    }

    /// Processor time that it has had, in ticks (Linux).
    fn ticks(&self) -> Option<u64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid)).ok()?;
        // The name, in parentheses, may hold blanks. After it utime and stime are fields 12 and 13.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let field = |n: usize| fields.get(n)?.parse::<u64>().ok();
        Some(field(11)? + field(12)?)
    }
}
