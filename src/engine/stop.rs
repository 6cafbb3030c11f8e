//! A request to stop: what long work looks at between batches, and what no wait for a server outlasts.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// Time for the batch in hand after a signal, and after `--max-time`. Then its connection is dropped.
pub const GRACE: Duration = Duration::from_secs(10);

/// The signal that asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    Interrupt,
    Terminate,
}

/// Why a wait for a server was cut short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    Signal(Signal),
    MaxTime,
}

/// Tells long work that it should end after the batch in hand, and connections how long that batch may
/// take. All clones are one: whoever has one may ask.
#[derive(Debug, Clone)]
pub struct Stop(Arc<watch::Sender<State>>);

#[derive(Debug, Clone, Copy, Default)]
struct State {
    signal: Option<Signal>,
    /// When connections are dropped.
    end: Option<(Instant, Cause)>,
    /// From when on a server must show that it is at work, where it does not answer.
    hurry: Option<Instant>,
}

impl Stop {
    /// One that nobody has asked yet.
    pub fn never() -> Stop {
        Stop(Arc::new(watch::Sender::new(State::default())))
    }

    /// Asks long work to end after the batch in hand, and gives that batch [`GRACE`].
    pub fn request(&self, signal: Signal) {
        let end = Some((Instant::now() + GRACE, Cause::Signal(signal)));
        self.0.send_modify(|state| *state = State { signal: Some(signal), end, ..*state });
    }

    /// The signal that came, if one did.
    pub fn requested(&self) -> Option<Signal> {
        self.0.borrow().signal
    }

    /// Waits until a signal comes; forever when none does.
    pub async fn wait(&mut self) -> Signal {
        let mut changes = self.0.subscribe();
        if let Ok(state) = changes.wait_for(|state| state.signal.is_some()).await
            && let Some(signal) = state.signal
        {
            return signal;
        }
        std::future::pending().await
    }

    /// Has connections dropped [`GRACE`] after this time, unless a signal does so earlier. Takes the
    /// place of an earlier call; without a time, nothing but a signal does so.
    pub fn end_after(&self, time: Option<Duration>) {
        let end = time.and_then(|time| Instant::now().checked_add(time.saturating_add(GRACE)));
        self.0.send_modify(|state| {
            if state.signal.is_none() {
                state.end = end.map(|at| (at, Cause::MaxTime));
            }
        });
    }

    /// Lets work that a signal or `--max-time` ends in an orderly way take the time that it needs: no connection is
    /// dropped because of either. A second signal ends the process all the same.
    pub fn take_time(&self) {
        self.0.send_modify(|state| state.end = None);
    }

    /// After this time, has a connection given up on which a server neither answers nor is at work for
    /// [`GRACE`].
    pub fn hurry_after(&self, time: Duration) {
        self.0.send_modify(|state| state.hurry = Instant::now().checked_add(time));
    }

    /// Tells whether connections are to be dropped now, and why.
    pub(super) fn ended(&self) -> Option<Cause> {
        self.0.borrow().end.filter(|(at, _)| Instant::now() >= *at).map(|(_, cause)| cause)
    }

    /// Tells whether a server must show by now that it is at work.
    pub(super) fn hurries(&self) -> bool {
        self.0.borrow().hurry.is_some_and(|at| Instant::now() >= at)
    }

    /// Waits until connections are to be dropped.
    pub(super) async fn end(&self) -> Cause {
        let mut changes = self.0.subscribe();
        loop {
            let end = changes.borrow_and_update().end;
            let passed = async {
                match end {
                    Some((at, cause)) => {
                        tokio::time::sleep_until(at).await;
                        cause
                    }
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                cause = passed => return cause,
                // The sender lives as long as `self`.
                _ = changes.changed() => {}
            }
        }
    }
}
