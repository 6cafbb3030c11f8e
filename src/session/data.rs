//! The data of a session with their SHA-256.

use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

/// The bytes of `session_data`, shared by clones, and their SHA-256. It is computed once, and used by the passes that
/// read a table, by the lines of an archive and by the comparison with a target.
#[derive(Clone, Default)]
pub struct SessionData {
    bytes: Bytes,
    sha256: OnceLock<[u8; 32]>,
}

impl SessionData {
    pub fn sha256(&self) -> [u8; 32] {
        *self.sha256.get_or_init(|| sha256(&self.bytes))
    }

    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

impl Deref for SessionData {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl From<Bytes> for SessionData {
    fn from(bytes: Bytes) -> SessionData {
        SessionData { bytes, sha256: OnceLock::new() }
    }
}

impl From<Vec<u8>> for SessionData {
    fn from(bytes: Vec<u8>) -> SessionData {
        Bytes::from(bytes).into()
    }
}

/// Static bytes, which are not copied.
impl From<&'static [u8]> for SessionData {
    fn from(bytes: &'static [u8]) -> SessionData {
        Bytes::from_static(bytes).into()
    }
}

impl AsRef<[u8]> for SessionData {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl PartialEq for SessionData {
    fn eq(&self, other: &SessionData) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for SessionData {}

impl fmt::Debug for SessionData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes.fmt(f)
    }
}

/// The SHA-256 of `data`.
pub fn sha256(data: &[u8]) -> [u8; 32] {
    Sha256::digest(data).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_bytes_and_no_part_of_equality() {
        let [hashed, other] = [SessionData::from(b"x".to_vec()), SessionData::from(b"x".to_vec())];
        assert_eq!(hashed.sha256(), sha256(b"x"));
        assert_eq!(hashed, other);
        assert_eq!(hashed.clone().sha256(), other.sha256());
        assert_ne!(hashed, SessionData::from(b"y".to_vec()));
    }
}
