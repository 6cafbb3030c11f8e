//! Requests to stop: long work checks them between batches, and no wait for a server outlasts them.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// Time for the current batch after a signal, and after `--max-time`. After that, its connection is dropped.
pub const GRACE: Duration = Duration::from_secs(10);

/// The signal that requested the stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    Interrupt,
    Terminate,
}

/// The reason why a wait for a server was ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    Signal(Signal),
    MaxTime,
}

/// Tells long work to end after the current batch, and connections how long that batch may take. All clones share one
/// state.
#[derive(Debug, Clone)]
pub struct Stop(Arc<watch::Sender<State>>);

#[derive(Debug, Clone, Copy, Default)]
struct State {
    signal: Option<Signal>,
    /// When connections are dropped, and why.
    end: Option<(Instant, Cause)>,
    /// Time from which on a server that does not answer must show that it is working.
    answers_required: Option<Instant>,
}

impl Stop {
    /// A request that nobody has made yet.
    pub fn never() -> Stop {
        Stop(Arc::new(watch::Sender::new(State::default())))
    }

    /// Requests long work to end after the current batch, and gives that batch [`GRACE`].
    pub fn request(&self, signal: Signal) {
        let end = Some((Instant::now() + GRACE, Cause::Signal(signal)));
        self.0.send_modify(|state| *state = State { signal: Some(signal), end, ..*state });
    }

    /// The signal that was received, if any.
    pub fn requested(&self) -> Option<Signal> {
        self.0.borrow().signal
    }

    /// Waits for a signal; forever if there is none.
    pub async fn wait(&mut self) -> Signal {
        let mut changes = self.0.subscribe();
        if let Ok(state) = changes.wait_for(|state| state.signal.is_some()).await
            && let Some(signal) = state.signal
        {
            return signal;
        }
        std::future::pending().await
    }

    /// Drops connections [`GRACE`] after this time, unless a signal does so earlier. Replaces the time of an earlier
    /// call; without a time, only a signal does so.
    pub fn set_deadline(&self, time: Option<Duration>) {
        let end = time.and_then(|time| Instant::now().checked_add(time.saturating_add(GRACE)));
        self.0.send_modify(|state| {
            if state.signal.is_none() {
                state.end = end.map(|at| (at, Cause::MaxTime));
            }
        });
    }

    /// Lets work that ends in an orderly way after a signal or `--max-time` take the time it needs: no connection is
    /// dropped because of either. A second signal still ends the process.
    pub fn remove_deadline(&self) {
        self.0.send_modify(|state| state.end = None);
    }

    /// After this time, a connection is closed if its server neither answers nor works for [`GRACE`].
    pub fn require_answers_after(&self, time: Duration) {
        self.0.send_modify(|state| state.answers_required = Instant::now().checked_add(time));
    }

    /// Tells whether connections have to be dropped now, and why.
    pub(super) fn passed_deadline(&self) -> Option<Cause> {
        self.0.borrow().end.filter(|(at, _)| Instant::now() >= *at).map(|(_, cause)| cause)
    }

    /// Tells whether a server must show now that it is working.
    pub(super) fn requires_answers(&self) -> bool {
        self.0.borrow().answers_required.is_some_and(|at| Instant::now() >= at)
    }

    /// Waits for a signal, or until connections have to be dropped: for work whose output nobody reads.
    pub async fn wait_or_deadline(&mut self) -> Cause {
        let stop = self.clone();
        tokio::select! {
            signal = self.wait() => Cause::Signal(signal),
            cause = stop.wait_for_deadline() => cause,
        }
    }

    /// Waits until connections have to be dropped.
    pub async fn wait_for_deadline(&self) -> Cause {
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
