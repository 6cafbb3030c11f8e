//! Compares two copies of a session that were read several times.

use super::{Digest, SessionKey};

/// Kind of a difference between two stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Only the first store has the session.
    Missing,
    /// Only the second store has it.
    Extra,
    /// Both have it, with different contents.
    Different,
    /// A Tomcat wrote it during the comparison.
    Changed,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Missing => "missing",
            Kind::Extra => "extra",
            Kind::Different => "different",
            Kind::Changed => "changed",
        }
    }
}

/// A session that differs between two stores, in the state of the last read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub kind: Kind,
    pub key: SessionKey,
    pub left: Option<Digest>,
    pub right: Option<Digest>,
}

impl Difference {
    /// Judges the states of the last read; `None` if they are equal, or if both rows are gone. `written` is true if
    /// the session was written in the meantime: an earlier read found another state, or the caller knows it. A
    /// session that had the same states in all reads counts as a difference, even if its last access is in the
    /// future.
    pub fn of(key: SessionKey, left: Option<Digest>, right: Option<Digest>, written: bool) -> Option<Difference> {
        if left == right {
            return None;
        }
        let kind = match (&left, &right) {
            _ if written => Kind::Changed,
            (Some(_), None) => Kind::Missing,
            (None, _) => Kind::Extra,
            (Some(_), Some(_)) => Kind::Different,
        };
        Some(Difference { kind, key, left, right })
    }

    /// The columns that differ, by their names in `--columns`; empty if one side lacks the session.
    pub fn columns(&self) -> Vec<&'static str> {
        match (&self.left, &self.right) {
            (Some(left), Some(right)) => left.differing(right),
            _ => Vec::new(),
        }
    }

    /// Tells whether the second store is behind: it lacks the session, or its `last_access` is not later.
    pub fn is_behind(&self) -> bool {
        match (&self.left, &self.right) {
            (Some(left), Some(right)) => right.meta.last_access <= left.meta.last_access,
            (left, _) => left.is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{EpochMillis, SessionMeta};
    use super::*;

    fn digest(last_access: i64) -> Option<Digest> {
        let meta = SessionMeta {
            key: SessionKey::new(None, "A"),
            valid: None,
            max_inactive: None,
            last_access: Some(EpochMillis(last_access)),
            size: None,
        };
        Some(Digest { meta, sha256: None })
    }

    fn kind(left: Option<Digest>, right: Option<Digest>, written: bool) -> Option<Kind> {
        Difference::of(SessionKey::new(None, "A"), left, right, written).map(|d| d.kind)
    }

    #[test]
    fn kinds() {
        assert_eq!(kind(digest(1), digest(1), true), None);
        assert_eq!(kind(None, None, true), None);
        assert_eq!(kind(digest(1), None, false), Some(Kind::Missing));
        assert_eq!(kind(None, digest(1), false), Some(Kind::Extra));
        assert_eq!(kind(digest(2), digest(1), false), Some(Kind::Different));
    }

    #[test]
    fn concurrent_tomcat_writes_are_not_differences() {
        assert_eq!(kind(digest(1), None, true), Some(Kind::Changed));
        assert_eq!(kind(digest(101), digest(1), true), Some(Kind::Changed));
        assert_eq!(kind(None, digest(101), true), Some(Kind::Changed));
    }

    #[test]
    fn the_side_with_the_later_access_is_not_behind() {
        let behind = |left, right| Difference::of(SessionKey::new(None, "A"), left, right, false).unwrap().is_behind();
        assert!(behind(digest(2), digest(1)) && behind(digest(1), None));
        assert!(!behind(digest(1), digest(2)) && !behind(None, digest(1)));
    }
}
