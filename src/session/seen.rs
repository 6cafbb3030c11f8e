//! What a mover has seen of a table that changes while it is read: which sessions are new, which
//! have changed, which are gone.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};

use super::{SessionKey, SessionMeta};

/// How often in a row a session must be missed to count as gone. Tomcat saves by DELETE and then
/// INSERT, so that a session which is being saved is absent for a moment.
const GONE: u64 = 2;
/// The bits of an entry that say how often in a row the session was missed, and the one that says
/// in which pass, of an even or an odd number, it was seen last. The rest is the fingerprint.
const MISSED: u64 = 0b11;
const PARITY: u64 = 0b100;
const STATE: u64 = MISSED | PARITY;

/// The sessions that were read, by digests: 16 bytes each, and with the map's own share 36 MB for a
/// million (18 MB more while it grows to that).
///
/// Two keys with the same digest of 64 bits, one chance in 37 million among a million sessions,
/// lose nothing: their fingerprints differ, so that both are taken for changed and read again.
#[derive(Debug, Default)]
pub struct Seen {
    entries: HashMap<u64, u64, BuildHasherDefault<DefaultHasher>>,
    /// [`PARITY`] or zero, in turns.
    pass: u64,
}

/// How a session stands to what was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    New,
    Changed,
    Same,
}

/// What a pass did not find any more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Absences {
    /// Missed for the first time: perhaps it is only being saved.
    pub missing: u64,
    /// Missed twice in a row.
    pub gone: u64,
}

impl Seen {
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Compares a session that this pass met with what was taken of it before.
    pub fn meet(&mut self, session: &SessionMeta) -> Standing {
        match self.entries.get_mut(&digest(&session.key)) {
            None => Standing::New,
            Some(entry) => {
                let before = *entry & !STATE;
                *entry = before | self.pass;
                if before == fingerprint(session) { Standing::Same } else { Standing::Changed }
            }
        }
    }

    /// Notes that this state of the session was taken.
    pub fn take(&mut self, session: &SessionMeta) {
        self.entries.insert(digest(&session.key), fingerprint(session) | self.pass);
    }

    /// Ends a pass over the whole table and begins the next. What is gone is forgotten, so that it
    /// is new where it comes back.
    pub fn end_pass(&mut self) -> Absences {
        let mut absences = Absences::default();
        let pass = self.pass;
        self.entries.retain(|_, entry| {
            if *entry & PARITY == pass {
                return true;
            }
            // One that stays missing is missed in passes of both parities.
            let missed = (*entry & MISSED) + 1;
            *entry = (*entry & !STATE) | pass | missed;
            if missed < GONE {
                absences.missing += 1;
                return true;
            }
            absences.gone += 1;
            false
        });
        self.pass ^= PARITY;
        absences
    }
}

/// A short digest of a key; two of a million keys have the same one with a chance of one in 37 million.
pub fn digest(key: &SessionKey) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

/// What of a row tells a save: the columns, and the size of the data. The key is part of it, so
/// that keys of the same digest differ here.
fn fingerprint(session: &SessionMeta) -> u64 {
    let mut hasher = DefaultHasher::new();
    0u8.hash(&mut hasher);
    session.key.hash(&mut hasher);
    session.last_access.map(|at| at.0).hash(&mut hasher);
    (session.max_inactive, session.size, &session.valid).hash(&mut hasher);
    hasher.finish() & !STATE
}

#[cfg(test)]
mod tests {
    use super::super::EpochMillis;
    use super::*;

    fn session(id: &str, last_access: i64) -> SessionMeta {
        SessionMeta {
            key: SessionKey::new(Some("/Catalina/localhost/demo".to_owned()), id),
            valid: Some("1".to_owned()),
            max_inactive: Some(1800),
            last_access: Some(EpochMillis(last_access)),
            size: Some(500),
        }
    }

    fn seen(ids: &[&str]) -> Seen {
        let mut seen = Seen::default();
        ids.iter().for_each(|id| seen.take(&session(id, 1)));
        assert_eq!(seen.end_pass(), Absences::default());
        seen
    }

    #[test]
    fn new_changed_and_the_same() {
        let mut seen = seen(&["A"]);
        assert_eq!(seen.meet(&session("A", 1)), Standing::Same);
        assert_eq!(seen.meet(&session("B", 1)), Standing::New);
        assert_eq!(seen.meet(&session("A", 2)), Standing::Changed);
        seen.take(&session("A", 2));
        assert_eq!(seen.meet(&session("A", 2)), Standing::Same);
        for change in [
            SessionMeta { max_inactive: Some(1), ..session("A", 2) },
            SessionMeta { size: None, ..session("A", 2) },
            SessionMeta { valid: None, ..session("A", 2) },
            SessionMeta { last_access: None, ..session("A", 2) },
        ] {
            assert_eq!(seen.meet(&change), Standing::Changed);
        }
    }

    #[test]
    fn another_application_of_the_same_id_is_another_session() {
        let mut seen = seen(&["A"]);
        let other = SessionMeta { key: SessionKey::new(None, "A"), ..session("A", 1) };
        assert_eq!(seen.meet(&other), Standing::New);
    }

    #[test]
    fn missed_once_is_not_gone() {
        let mut seen = seen(&["A", "B"]);
        seen.meet(&session("A", 1));
        assert_eq!(seen.end_pass(), Absences { missing: 1, gone: 0 });
        seen.meet(&session("A", 1));
        assert_eq!(seen.meet(&session("B", 1)), Standing::Same);
        assert_eq!(seen.end_pass(), Absences::default());
        // The miss before the look does not count any more.
        seen.meet(&session("A", 1));
        assert_eq!(seen.end_pass(), Absences { missing: 1, gone: 0 });
    }

    #[test]
    fn missed_twice_in_a_row_is_gone_and_new_when_it_comes_back() {
        let mut seen = seen(&["A", "B"]);
        for expected in [Absences { missing: 1, gone: 0 }, Absences { missing: 0, gone: 1 }, Absences::default()] {
            seen.meet(&session("A", 1));
            assert_eq!(seen.end_pass(), expected);
        }
        assert_eq!(seen.len(), 1);
        assert_eq!(seen.meet(&session("B", 1)), Standing::New);
    }
}
