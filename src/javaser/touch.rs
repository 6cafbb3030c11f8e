//! Sets the clocks of a session in its data, without changing their length.
//!
//! The first objects of a session are boxes of the JDK's, whose class descriptors have the same bytes
//! in every version of Java, so that the clocks stand at fixed offsets; thisAccessedTime two bytes
//! earlier where isNew and isValid are the same Boolean, the second of which is a reference then.
//! Nothing is taken for granted: the reader must find there what stands at the offset before, and what
//! was written afterwards, and all else unchanged.

use super::{Envelope, Error, Limits, decode};

/// Where `lastAccessedTime` stands: eight bytes, the most significant first.
const LAST_ACCESSED: usize = 88;
/// Where `thisAccessedTime` may stand.
const THIS_ACCESSED: [usize; 2] = [202, 200];

/// Lets a session have been accessed at `now`, in epoch milliseconds, and by no request since.
///
/// # Errors
/// Why it cannot be done, as a fragment; the data are as they were then.
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

/// What the stream says of the session, its attributes by their places.
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
    fn the_clocks_are_set_and_nothing_else() {
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
            // A box in front moves all that follows.
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
