//! A request to stop that long work looks at between batches.

use tokio::sync::watch;

/// The signal that asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    Interrupt,
    Terminate,
}

/// Tells long work that it should end after the batch in hand.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<Option<Signal>>);

impl Stop {
    pub fn new(receiver: watch::Receiver<Option<Signal>>) -> Stop {
        Stop(receiver)
    }

    /// One that never asks.
    pub fn never() -> Stop {
        Stop(watch::channel(None).1)
    }

    /// The signal that came, if one did.
    pub fn requested(&self) -> Option<Signal> {
        *self.0.borrow()
    }

    /// Waits until a signal comes; for ever when none can.
    pub async fn wait(&mut self) -> Signal {
        if let Ok(signal) = self.0.wait_for(Option::is_some).await
            && let Some(signal) = *signal
        {
            return signal;
        }
        std::future::pending().await
    }
}
