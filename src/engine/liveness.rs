//! Distinguishes an unreachable server from one that executes a long statement.
//!
//! A missing answer proves nothing. After half of the time that the URL allows, a second connection asks the server
//! whether it is executing a statement for the first one. While the server confirms that, the answer is waited for,
//! however long it takes. If it denies it, or does not answer either, the connection is closed when the time is over.
//! A request to stop ends every wait.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::stop_request::{Cause, GRACE, Signal};
use super::{DbError, DbErrorKind, Target};

/// Time limit for asking with a second connection.
const CHECK_TIMEOUT: Duration = Duration::from_secs(10);
/// Assumed speed at which large statements are transferred, in bytes per second.
const MIN_BYTES_PER_SECOND: usize = 1 << 20;
/// A server that answers, but cannot say what it is executing, gets this many times the time in the URL.
const UNKNOWN_STATE_FACTOR: u32 = 10;

/// Time limits of a target, from its URL.
#[derive(Debug, Clone, Copy, Default)]
pub struct Timeouts {
    /// For connecting and logging in together; `None` if there is nothing to wait for.
    pub connect: Option<Duration>,
    /// Time without an answer after which the connection is closed; `None` if the engine has no server.
    pub keepalive: Option<Duration>,
}

pub(super) type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, DbError>> + Send + 'a>>;

/// The error for a wait that was ended early.
pub(super) fn stopped(cause: Cause) -> DbError {
    let after = match cause {
        Cause::Signal(Signal::Interrupt) => "SIGINT",
        Cause::Signal(Signal::Terminate) => "SIGTERM",
        Cause::MaxTime => "--max-time",
    };
    DbError::new(DbErrorKind::Stopped(cause), "", format!("no answer within {} s after {after}", GRACE.as_secs()))
}

fn no_reply_error(keepalive: Duration, why: &str) -> DbError {
    DbError::new(DbErrorKind::Unreachable, "", format!("no answer for {} s, and {why}", keepalive.as_secs_f64().ceil()))
}

/// Answer to the question of the second connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reply {
    /// The server is executing a statement for the first connection.
    Working,
    /// It is not, or does not know that connection.
    Idle,
    /// The server answers, but cannot or may not say.
    Unknown,
    /// No connection, or no answer in time.
    Missing,
}

/// The server at the other end of a connection.
pub(super) struct Server {
    pub(super) target: Target,
    pub(super) keepalive: Option<Duration>,
    /// The id of the session there.
    pub(super) session: Option<i64>,
}

impl Server {
    /// Waits for `answer` as long as the server is working on it. The outer error means that the connection has to be
    /// closed.
    pub(super) async fn answer<T>(
        &self,
        bytes: usize,
        mut answer: Answer<'_, T>,
    ) -> Result<Result<T, DbError>, DbError> {
        let still = AtomicU64::new(0);
        tokio::select! {
            biased;
            answer = &mut answer => Ok(answer),
            error = self.given_up(bytes, &still) => Err(error),
        }
    }

    /// Waits until the connection has to be closed. `moved` counts what arrives; `bytes` are sent first.
    pub(super) async fn given_up(&self, bytes: usize, moved: &AtomicU64) -> DbError {
        let stop = &self.target.stop;
        let mut watch = Watch::new(bytes);
        loop {
            sleep(watch.pause(self.keepalive)).await;
            if let Some(cause) = stop.passed_deadline() {
                return stopped(cause);
            }
            let Some(keepalive) = self.keepalive else { continue };
            let keepalive = if stop.requires_answers() { keepalive.min(GRACE) } else { keepalive };
            if !watch.asks(keepalive, moved.load(Ordering::Relaxed)) {
                continue;
            }
            let reply = tokio::select! {
                biased;
                cause = stop.wait_for_deadline() => return stopped(cause),
                reply = self.ask(keepalive) => reply,
            };
            if let Some(why) = watch.handle_reply(reply, keepalive) {
                if reply == Reply::Missing && self.target.failover.reconnect.is_none() {
                    self.target.failover.unanswered.set();
                    // Calls for which other connections of this run are already waiting need not wait as long.
                    stop.require_answers_after(Duration::ZERO);
                }
                return no_reply_error(keepalive, why);
            }
        }
    }

    /// Asks with a second connection whether the server is working for the first one.
    async fn ask(&self, keepalive: Duration) -> Reply {
        let asking = async {
            let mut second = self.target.engine.open(&self.target, false).await?;
            let working = match self.session {
                Some(session) => second.is_working(session).await,
                None => Ok(None),
            };
            second.close().await;
            match working {
                // A server that refuses to answer is alive.
                Err(error) if !error.code.is_empty() => Ok(None),
                working => working,
            }
        };
        match timeout(CHECK_TIMEOUT.min(keepalive / 4), asking).await {
            Ok(Ok(Some(true))) => Reply::Working,
            Ok(Ok(Some(false))) => Reply::Idle,
            Ok(Ok(None)) => Reply::Unknown,
            Ok(Err(error)) if error.kind == DbErrorKind::Auth || self.target.engine.is_full(&error) => Reply::Unknown,
            Ok(Err(_)) | Err(_) => Reply::Missing,
        }
    }
}

/// State of a wait.
struct Watch {
    /// Time since which nothing has arrived and the server has not confirmed that it is working.
    quiet_since: Instant,
    /// Time since which the server has not said what it is executing.
    unknown_since: Option<Instant>,
    moved: u64,
    denials: u32,
}

impl Watch {
    fn new(bytes: usize) -> Watch {
        let travels = Duration::from_secs((bytes / MIN_BYTES_PER_SECOND) as u64);
        Watch { quiet_since: Instant::now() + travels, unknown_since: None, moved: 0, denials: 0 }
    }

    /// Time until the next check.
    fn pause(&self, keepalive: Option<Duration>) -> Duration {
        let second = Duration::from_secs(1);
        let Some(keepalive) = keepalive else { return second };
        if self.denials > 0 { keepalive / 12 } else { second.min(keepalive / 8) }
    }

    /// Tells whether it has been quiet long enough to ask the server.
    fn asks(&mut self, keepalive: Duration, moved: u64) -> bool {
        if moved != self.moved {
            *self = Watch { moved, ..Watch::new(0) };
        }
        self.quiet_since.elapsed() >= keepalive / 2
    }

    /// Evaluates the answer; returns the error if the connection has to be closed.
    fn handle_reply(&mut self, reply: Reply, keepalive: Duration) -> Option<&'static str> {
        let now = Instant::now();
        match reply {
            Reply::Working => {
                *self = Watch { moved: self.moved, ..Watch::new(0) };
                return None;
            }
            Reply::Unknown => {
                let since = *self.unknown_since.get_or_insert(now);
                if now - since < keepalive * UNKNOWN_STATE_FACTOR {
                    self.quiet_since = now;
                    self.denials = 0;
                    return None;
                }
            }
            Reply::Idle | Reply::Missing => {
                // The result may have been sent just before.
                self.denials += 1;
                if self.denials < 2 || self.quiet_since.elapsed() < keepalive {
                    return None;
                }
            }
        }
        Some(match reply {
            Reply::Idle => "the server is not executing the statement",
            Reply::Unknown => "the server does not report whether it is executing the statement",
            _ => "a second connection got no answer either",
        })
    }
}
