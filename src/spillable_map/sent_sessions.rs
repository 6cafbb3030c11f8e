//! What a move sent to its target: the state of each session, so that changes made in the target can be distinguished
//! from changes of the source.

use super::{MEMORY, Result, SpillableMap};
use crate::session::{Digest, SessionKey, short_digest, short_state};

/// The bit of a state which says that the target may have kept another state with the same `last_access`.
const KEPT: u64 = 1;

/// The states in which sessions were last sent, as 64-bit digests.
pub struct SentSessions(SpillableMap);

/// The state of a session that was sent, and its key.
#[derive(Debug, Clone, Copy)]
pub struct SentState {
    key: u64,
    state: u64,
}

/// How a session of the source or the target compares with what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SinceSent {
    /// It was never sent.
    Never,
    /// It is as it was sent.
    Same {
        /// The target may have kept another state with the same `last_access`.
        kept: bool,
    },
    /// It has changed, or is gone.
    Changed,
}

impl SentState {
    /// `kept`: the target may have kept another state with the same `last_access`.
    pub fn of(digest: &Digest, kept: bool) -> SentState {
        let state = short_state(digest) | if kept { KEPT } else { 0 };
        SentState { key: short_digest(&digest.meta.key), state }
    }
}

impl Default for SentSessions {
    fn default() -> SentSessions {
        SentSessions(SpillableMap::new(4 * MEMORY, &std::env::temp_dir()))
    }
}

impl SentSessions {
    /// Records a state that was sent, instead of an earlier one.
    ///
    /// # Errors
    /// [`super::SpillError`].
    pub fn note(&mut self, sent: SentState) -> Result<()> {
        self.0.set(sent.key, sent.state)?;
        Ok(())
    }

    /// Forgets a session, so that it is new when it occurs again.
    ///
    /// # Errors
    /// [`super::SpillError`].
    pub fn forget(&mut self, key: &SessionKey) -> Result<()> {
        self.0.remove(short_digest(key))?;
        Ok(())
    }

    /// Tells whether a session was sent.
    ///
    /// # Errors
    /// [`super::SpillError`].
    pub fn has(&mut self, key: &SessionKey) -> Result<bool> {
        Ok(self.0.get(short_digest(key))?.is_some())
    }

    /// Compares a row with what was sent.
    ///
    /// # Errors
    /// [`super::SpillError`].
    pub fn since(&mut self, key: &SessionKey, now: Option<&Digest>) -> Result<SinceSent> {
        let Some(sent) = self.0.get(short_digest(key))? else { return Ok(SinceSent::Never) };
        let same = now.is_some_and(|now| short_state(now) == sent & !KEPT);
        Ok(if same { SinceSent::Same { kept: sent & KEPT != 0 } } else { SinceSent::Changed })
    }
}
