//! Record of a session in a table that changes while it is read in passes: whether the session is new, changed or
//! gone. `spillable_map` stores these records.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Digest, Session, SessionKey, SessionMeta};

/// Number of consecutive passes in which a session must be missing to count as gone. Tomcat saves with DELETE and
/// then INSERT, so a session that is being saved is absent for a moment.
const GONE: u64 = 2;
/// The bits that count how many consecutive passes missed the session, and the bit with the parity of the pass that
/// saw it last. The other bits are the fingerprint: of the columns and, in the upper half, of the data (zero if
/// unknown).
const MISSED: u64 = 0b11;
const PARITY: u64 = 0b100;
const STATE: u64 = MISSED | PARITY;
const COLUMNS: u64 = 0xffff_ffff & !STATE;

/// When a session was seen last, and in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenState(pub u64);

/// How a session compares with its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowChange {
    New,
    Changed,
    Same,
}

/// Result of a pass for a recorded session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    Seen,
    /// Missing for the first time: it may just be being saved.
    Missing,
    /// Missing in two consecutive passes.
    Gone,
}

impl SeenState {
    /// Records the columns of a session that was read in an `odd` or even pass.
    pub fn of(session: &SessionMeta, odd: bool) -> SeenState {
        SeenState(fingerprint(session) & COLUMNS | parity(odd))
    }

    /// Records its data too.
    pub fn of_digest(digest: &Digest, odd: bool) -> SeenState {
        SeenState(fingerprint(&digest.meta) & COLUMNS | data_bits(digest) | parity(odd))
    }

    /// Compares the columns of a session with its record, and records that this pass has seen it.
    pub fn observe(&mut self, session: &SessionMeta, odd: bool) -> RowChange {
        self.compare(COLUMNS, fingerprint(session) & COLUMNS, odd)
    }

    /// Compares its data too.
    pub fn observe_digest(&mut self, digest: &Digest, odd: bool) -> RowChange {
        self.compare(!STATE, fingerprint(&digest.meta) & COLUMNS | data_bits(digest), odd)
    }

    fn compare(&mut self, compared: u64, now: u64, odd: bool) -> RowChange {
        self.0 = self.0 & !STATE | parity(odd);
        if self.0 & compared == now { RowChange::Same } else { RowChange::Changed }
    }

    /// Ends a pass; counts the session as missing if the pass has not seen it.
    pub fn end_pass(&mut self, odd: bool) -> Absence {
        let pass = parity(odd);
        if self.0 & PARITY == pass {
            return Absence::Seen;
        }
        // A session that remains missing is missing in passes of both parities.
        let missed = (self.0 & MISSED) + 1;
        self.0 = (self.0 & !STATE) | pass | missed;
        if missed < GONE { Absence::Missing } else { Absence::Gone }
    }
}

fn parity(odd: bool) -> u64 {
    if odd { PARITY } else { 0 }
}

/// Short digest of a key; among a million keys, two have the same one with a probability of 1 in 37 million.
pub fn digest(key: &SessionKey) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

/// Fingerprint of the columns and of the size of the data, which most saves change. It includes the key, so that keys
/// with the same digest differ here.
fn fingerprint(session: &SessionMeta) -> u64 {
    let mut hasher = DefaultHasher::new();
    0u8.hash(&mut hasher);
    session.key.hash(&mut hasher);
    session.last_access.map(|at| at.0).hash(&mut hasher);
    (session.max_inactive, session.size, &session.valid).hash(&mut hasher);
    hasher.finish() & !STATE
}

/// Fingerprint of the data. Never zero.
fn data_bits(digest: &Digest) -> u64 {
    let mut hasher = DefaultHasher::new();
    (2u8, digest.sha256).hash(&mut hasher);
    let hash = hasher.finish() & !COLUMNS & !STATE;
    if hash == 0 { 1 << 32 } else { hash }
}

/// The complete state of a row, including its key, in 63 bits.
pub fn state(digest: &Digest) -> u64 {
    let mut hasher = DefaultHasher::new();
    let SessionMeta { key, valid, max_inactive, last_access, size } = &digest.meta;
    (3u8, key, valid, max_inactive, last_access.map(|at| at.0), size, digest.sha256).hash(&mut hasher);
    hasher.finish() & !1
}

/// Short digest of what was written under a key: the upper half for the columns, the lower half for the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenState(pub u64);

impl WrittenState {
    pub fn of(session: &Session) -> WrittenState {
        WrittenState(columns(&session.meta) | u64::from(data_hash(session.data.as_deref())))
    }

    /// Tells whether a row may be what was written, judged by its columns.
    pub fn may_be(self, row: &SessionMeta) -> bool {
        self.0 >> 32 == columns(row) >> 32
    }

    /// Tells whether a row is what was written.
    pub fn is(self, row: &Session) -> bool {
        self == WrittenState::of(row)
    }
}

fn columns(session: &SessionMeta) -> u64 {
    fingerprint(session) & !u64::from(u32::MAX)
}

/// A hash that is as fast as memory: every session of an import is hashed because of the few that occur twice. It
/// detects accidental changes, not those of an attacker; whoever could forge one can write the table anyway.
fn data_hash(data: Option<&[u8]>) -> u32 {
    let Some(data) = data else { return 0 };
    let (words, rest) = data.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let words = words.iter().chain([&last]).map(|word| u64::from_le_bytes(*word));
    let mix = |hash: u64, word: u64| (hash.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    (words.fold(1, mix) >> 32) as u32
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::EpochMillis;
    use super::*;

    /// A session with this `last_access`.
    pub(crate) fn session(id: &str, last_access: i64) -> SessionMeta {
        SessionMeta {
            key: SessionKey::new(Some("/Catalina/localhost/demo".to_owned()), id),
            valid: Some("1".to_owned()),
            max_inactive: Some(1800),
            last_access: Some(EpochMillis(last_access)),
            size: Some(500),
        }
    }

    #[test]
    fn a_change_of_any_column_or_the_key_is_detected() {
        let taken = SeenState::of(&session("A", 2), false);
        for odd in [false, true] {
            let mut seen = taken;
            assert_eq!(seen.observe(&session("A", 2), odd), RowChange::Same);
            assert_eq!(seen, SeenState::of(&session("A", 2), odd));
        }
        for change in [
            session("A", 1),
            session("B", 2),
            SessionMeta { key: SessionKey::new(None, "A"), ..session("A", 2) },
            SessionMeta { max_inactive: Some(1), ..session("A", 2) },
            SessionMeta { size: None, ..session("A", 2) },
            SessionMeta { valid: None, ..session("A", 2) },
            SessionMeta { last_access: None, ..session("A", 2) },
        ] {
            assert_eq!({ taken }.observe(&change, false), RowChange::Changed, "{change:?}");
        }
    }

    #[test]
    fn changed_data_of_the_same_size_are_detected_by_digest() {
        let digest = |byte| Digest { meta: session("A", 2), sha256: Some([byte; 32]) };
        let taken = SeenState::of_digest(&digest(1), false);
        assert_eq!({ taken }.observe_digest(&digest(1), true), RowChange::Same);
        assert_eq!({ taken }.observe_digest(&digest(2), true), RowChange::Changed);
        assert_eq!({ taken }.observe_digest(&Digest { sha256: None, ..digest(1) }, true), RowChange::Changed);
        assert_eq!({ taken }.observe(&session("A", 2), true), RowChange::Same);
        assert_eq!({ taken }.observe(&session("A", 3), true), RowChange::Changed);
        // If only the columns were recorded, the data may differ.
        assert_eq!(SeenState::of(&session("A", 2), true).observe_digest(&digest(1), true), RowChange::Changed);
        assert!(state(&digest(1)) != state(&digest(2)) && state(&digest(1)) & 1 == 0);
    }

    #[test]
    fn missed_twice_in_a_row_is_gone() {
        for odd in [false, true] {
            let mut one = SeenState::of(&session("A", 1), odd);
            assert_eq!(one.end_pass(odd), Absence::Seen);
            assert_eq!(one.end_pass(!odd), Absence::Missing);
            let mut back = one;
            assert_eq!(one.end_pass(odd), Absence::Gone);
            // The miss before the session was seen again no longer counts.
            assert_eq!(back.observe(&session("A", 1), odd), RowChange::Same);
            assert_eq!(back.end_pass(odd), Absence::Seen);
            assert_eq!(back.end_pass(!odd), Absence::Missing);
        }
    }

    #[test]
    fn a_change_of_any_byte_is_detected() {
        let whole = |data: Option<Vec<u8>>| Session { meta: session("A", 1), data: data.map(Into::into) };
        for length in [0, 1, 7, 8, 9, 500] {
            let data = vec![7u8; length];
            let written = WrittenState::of(&whole(Some(data.clone())));
            assert!(written.is(&whole(Some(data.clone()))) && !written.is(&whole(None)));
            for at in 0..length {
                let mut other = data.clone();
                other[at] ^= 1;
                assert!(!written.is(&whole(Some(other))), "{at} of {length}");
            }
            assert!(written.may_be(&session("A", 1)) && !written.may_be(&session("A", 2)));
        }
    }
}
