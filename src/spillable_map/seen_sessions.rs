//! The sessions that were read from a table that changes at the same time.

use super::{MEMORY, Result, SpillableMap};
use crate::session::{Absence, Digest, RowChange, SeenState, SessionKey, SessionMeta, short_digest};

/// Record of the sessions of a table.
///
/// If two keys have the same digest (a chance of 1 in 18 million among a million sessions), nothing is lost: their
/// states differ, so both are considered changed and read again.
#[derive(Default)]
pub struct SeenSessions {
    map: SpillableMap,
    /// Whether the number of this pass is odd.
    odd: bool,
}

/// Sessions that a pass no longer found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Absences {
    /// Missing for the first time: they may be in the middle of a save.
    pub missing: u64,
    /// Missing in two consecutive passes.
    pub gone: u64,
}

impl SeenSessions {
    pub fn new(map: SpillableMap) -> SeenSessions {
        SeenSessions { map, odd: false }
    }

    /// For a run with a single record, which may use the memory of four.
    pub fn alone() -> SeenSessions {
        SeenSessions::new(SpillableMap::new(4 * MEMORY, &std::env::temp_dir()))
    }

    pub fn len(&self) -> u64 {
        self.map.len()
    }

    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// Compares the columns of a session that this pass has found with its record.
    ///
    /// # Errors
    /// [`super::SpillError`].
    pub fn observe(&mut self, session: &SessionMeta) -> Result<RowChange> {
        let odd = self.odd;
        self.compare(&session.key, |sighting| sighting.observe(session, odd))
    }

    /// Compares its data too.
    ///
    /// # Errors
    /// [`super::SpillError`].
    pub fn observe_digest(&mut self, digest: &Digest) -> Result<RowChange> {
        let odd = self.odd;
        self.compare(&digest.meta.key, |sighting| sighting.observe_digest(digest, odd))
    }

    fn compare(&mut self, key: &SessionKey, observe: impl FnOnce(&mut SeenState) -> RowChange) -> Result<RowChange> {
        let key = short_digest(key);
        let Some(before) = self.map.get(key)? else { return Ok(RowChange::New) };
        let mut sighting = SeenState(before);
        let change = observe(&mut sighting);
        if sighting != SeenState(before) {
            self.map.set(key, sighting.0)?;
        }
        Ok(change)
    }

    /// Records the state of a session that was read, by its columns.
    ///
    /// # Errors
    /// [`super::SpillError`].
    pub fn take(&mut self, session: &SessionMeta) -> Result<()> {
        self.map.set(short_digest(&session.key), SeenState::of(session, self.odd).0)?;
        Ok(())
    }

    /// Records the state of a session that was read.
    ///
    /// # Errors
    /// [`super::SpillError`].
    pub fn take_digest(&mut self, digest: &Digest) -> Result<()> {
        self.map.set(short_digest(&digest.meta.key), SeenState::of_digest(digest, self.odd).0)?;
        Ok(())
    }

    /// Ends a pass over the whole table and begins the next. Sessions that are gone are forgotten, so that they are
    /// new if they reappear.
    ///
    /// # Errors
    /// [`super::SpillError`].
    pub fn end_pass(&mut self) -> Result<Absences> {
        let (mut absences, odd) = (Absences::default(), self.odd);
        self.map.retain(|state| {
            let mut sighting = SeenState(*state);
            let absence = sighting.end_pass(odd);
            *state = sighting.0;
            match absence {
                Absence::Seen => {}
                Absence::Missing => absences.missing += 1,
                Absence::Gone => absences.gone += 1,
            }
            absence != Absence::Gone
        })?;
        self.odd = !odd;
        Ok(absences)
    }
}
