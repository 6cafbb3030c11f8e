//! The sessions that were read of a table that changes while it is read.

use super::{MEMORY, Result, SpillMap};
use crate::session::{Absence, Digest, RowChange, SeenState, SessionKey, SessionMeta, short_digest};

/// What a mover has seen of a table.
///
/// Two keys with the same digest, one chance in 18 million among a million sessions, lose nothing:
/// their sightings differ, so that both are taken for changed and read again.
#[derive(Default)]
pub struct SeenSessions {
    map: SpillMap,
    /// Whether this pass has an odd number.
    odd: bool,
}

/// What a pass did not find any more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Absences {
    /// Missed for the first time: perhaps it is only being saved.
    pub missing: u64,
    /// Missed twice in a row.
    pub gone: u64,
}

impl SeenSessions {
    pub fn new(map: SpillMap) -> SeenSessions {
        SeenSessions { map, odd: false }
    }

    /// As the only one of its run, which may keep in memory what four would.
    pub fn alone() -> SeenSessions {
        SeenSessions::new(SpillMap::new(4 * MEMORY, &std::env::temp_dir()))
    }

    pub fn len(&self) -> u64 {
        self.map.len()
    }

    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// Compares the columns of a session that this pass met with what was taken of it before.
    ///
    /// # Errors
    /// [`super::SpillError`].
    pub fn meet(&mut self, session: &SessionMeta) -> Result<RowChange> {
        let odd = self.odd;
        self.compare(&session.key, |sighting| sighting.meet(session, odd))
    }

    /// Compares its data too.
    ///
    /// # Errors
    /// [`super::SpillError`].
    pub fn meet_digest(&mut self, digest: &Digest) -> Result<RowChange> {
        let odd = self.odd;
        self.compare(&digest.meta.key, |sighting| sighting.meet_digest(digest, odd))
    }

    fn compare(&mut self, key: &SessionKey, meet: impl FnOnce(&mut SeenState) -> RowChange) -> Result<RowChange> {
        let key = short_digest(key);
        let Some(before) = self.map.get(key)? else { return Ok(RowChange::New) };
        let mut sighting = SeenState(before);
        let change = meet(&mut sighting);
        if sighting != SeenState(before) {
            self.map.set(key, sighting.0)?;
        }
        Ok(change)
    }

    /// Notes that this state of the session was taken, by its columns.
    ///
    /// # Errors
    /// [`super::SpillError`].
    pub fn take(&mut self, session: &SessionMeta) -> Result<()> {
        self.map.set(short_digest(&session.key), SeenState::of(session, self.odd).0)?;
        Ok(())
    }

    /// Notes that this state of the session was taken.
    ///
    /// # Errors
    /// [`super::SpillError`].
    pub fn take_digest(&mut self, digest: &Digest) -> Result<()> {
        self.map.set(short_digest(&digest.meta.key), SeenState::of_digest(digest, self.odd).0)?;
        Ok(())
    }

    /// Ends a pass over the whole table and begins the next. What is gone is forgotten, so that it
    /// is new where it comes back.
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
