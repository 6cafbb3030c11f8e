//! Sets the access times of a session in its data, without changing the length of the data.
//!
//! The first objects of a session are boxed primitives, whose class descriptors have the same bytes in every version
//! of Java. The times are therefore at fixed offsets; thisAccessedTime is two bytes earlier if isNew and isValid are
//! the same Boolean, because the second one is then a reference. Nothing is assumed: the decoded session must have
//! the values at these offsets before the change, the new values after it, and everything else unchanged.

use super::{Envelope, Error, Limits, decode};

/// Offset of `lastAccessedTime`: eight bytes, big-endian.
const LAST_ACCESSED: usize = 88;
/// Possible offsets of `thisAccessedTime`.
const THIS_ACCESSED: [usize; 2] = [202, 200];

/// Sets the last access to `now`, in epoch milliseconds, with no later request.
///
/// # Errors
/// The reason as a fragment, if the times cannot be set; the data are then unchanged.
pub fn touch(data: &mut [u8], now: i64) -> Result<(), String> {
    let before = head(data).map_err(|e| e.to_string())?;
    let is = |at: usize, value: i64| data.get(at..at + 8) == Some(&value.to_be_bytes()[..]);
    let same = usize::from(before.is_new == before.is_valid);
    let this_accessed = THIS_ACCESSED[same];
    if !is(LAST_ACCESSED, before.last_accessed_time) || !is(this_accessed, before.this_accessed_time) {
        return Err("they are not at the positions where Tomcat writes them".to_owned());
    }
    let old = data[..this_accessed + 8].to_vec();
    for at in [LAST_ACCESSED, this_accessed] {
        data[at..at + 8].copy_from_slice(&now.to_be_bytes());
    }
    let wanted = Envelope { last_accessed_time: now, this_accessed_time: now, ..before };
    if head(data).is_ok_and(|after| after == wanted) {
        return Ok(());
    }
    data[..old.len()].copy_from_slice(&old);
    Err("the changed data could not be verified".to_owned())
}

/// The decoded session, with attributes as positions.
fn head(data: &[u8]) -> Result<Envelope, Error> {
    decode(data, Limits::default()).map(|decoded| decoded.session)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SESSIONS: [&[u8]; 3] = [
        include_bytes!("../../tests/decode/fixtures/session-plain.ser"),
        include_bytes!("../../tests/decode/fixtures/session-login.ser"),
        include_bytes!("../../tests/decode/fixtures/session-notes.ser"),
    ];

    #[test]
    fn touch_sets_the_access_times_and_nothing_else() {
        for session in SESSIONS {
            let mut data = session.to_vec();
            let before = head(session).unwrap();
            touch(&mut data, 1_795_360_000_123).unwrap();
            let after = head(&data).unwrap();
            assert_eq!((after.last_accessed_time, after.this_accessed_time), (1_795_360_000_123, 1_795_360_000_123));
            assert_eq!(after.creation_time, before.creation_time);
            assert_eq!(data.len(), session.len());
            let changed = data.iter().zip(session).filter(|(a, b)| a != b).count();
            assert!((1..=16).contains(&changed), "{changed} bytes have changed");
        }
    }

    #[test]
    fn touch_leaves_foreign_data_unchanged() {
        for session in SESSIONS {
            // An additional boxed value at the beginning moves everything after it.
            let mut moved = session.to_vec();
            moved.splice(4..4, [0x70]);
            let mut cut = session[..150].to_vec();
            let mut empty = Vec::new();
            for data in [&mut moved, &mut cut, &mut empty] {
                let before = data.clone();
                touch(data, 1).unwrap_err();
                assert_eq!(*data, before);
            }
        }
    }
}
