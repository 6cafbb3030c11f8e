//! The work of a server: it may go on when the client has its answer.

use std::time::{Duration, Instant};

use sqlx::{Executor as _, Row as _};

use crate::support::Scratch;

/// The span that is looked at.
const GLANCE: Duration = Duration::from_millis(500);
/// So many of them one after the other are rest: a purge may begin a while after the commit.
const GLANCES: u32 = 6;
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
        let (mut since, mut quiet) = (begun.elapsed(), 0);
        while quiet < GLANCES {
            let worked = self.ticks().unwrap_or(0);
            tokio::time::sleep(GLANCE).await;
            if self.ticks().unwrap_or(0) <= worked + RESTING {
                quiet += 1;
            } else {
                (since, quiet) = (begun.elapsed(), 0);
            }
        }
        since
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
