//! The work of a server: it may go on when the client has its answer.

use std::time::{Duration, Instant};

use crate::client::Client;
use crate::support::{Kind, Scratch};

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
        let mut client = Client::of(db).await;
        let file = match db.kind {
            Kind::Postgres => client.text("SELECT CURRENT_SETTING('data_directory') || '/postmaster.pid'").await,
            _ => client.text("SELECT @@pid_file").await,
        };
        let pid = std::fs::read_to_string(file.ok()?).ok()?.lines().next()?.trim().parse().ok()?;
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

    /// Processor time that it and its children have had, in ticks (Linux): PostgreSQL has a process for each connection.
    fn ticks(&self) -> Option<u64> {
        let all = std::fs::read_dir("/proc").ok()?.flatten();
        let processes = all.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        let children = processes.filter_map(process).filter(|(parent, _)| *parent == self.pid);
        Some(process(self.pid)?.1 + children.map(|(_, ticks)| ticks).sum::<u64>())
    }
}

/// The parent of a process, and the time that it has had, with that of children which are gone.
fn process(pid: u32) -> Option<(u32, u64)> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name, in parentheses, may contain blanks. After the name, field 2 is the parent, and fields 12 to 15 are the times.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let field = |n: usize| fields.get(n)?.parse::<u64>().ok();
    Some((fields.get(1)?.parse().ok()?, field(11)? + field(12)? + field(13)? + field(14)?))
}
