//! A set of sessions.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Result, SpillableMap};
use crate::session::{SessionKey, short_digest};

/// Keys of sessions, as two 64-bit digests. If two keys have the same first digest (a chance of 1 in 18 million among
/// a million sessions), the set contains the one that was inserted last.
#[derive(Default)]
pub struct KeySet(SpillableMap);

impl KeySet {
    pub fn len(&self) -> u64 {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Inserts a key; returns whether it was absent.
    ///
    /// # Errors
    /// [`super::SpillError`].
    pub fn insert(&mut self, key: &SessionKey) -> Result<bool> {
        let second = second(key);
        Ok(self.0.set(short_digest(key), second)? != Some(second))
    }

    /// # Errors
    /// [`super::SpillError`].
    pub fn contains(&mut self, key: &SessionKey) -> Result<bool> {
        Ok(self.0.get(short_digest(key))? == Some(second(key)))
    }
}

fn second(key: &SessionKey) -> u64 {
    let mut hasher = DefaultHasher::new();
    1u8.hash(&mut hasher);
    key.hash(&mut hasher);
    hasher.finish()
}
