//! What two copies of a session that were looked at several times say.

use super::{Digest, SessionKey};

/// How two stores differ in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The second lacks it.
    Missing,
    /// Only the second has it.
    Extra,
    /// Both have it, and not the same.
    Different,
    /// A Tomcat wrote it in the meantime.
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

/// A session in which two stores differ, as it was at the last look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub kind: Kind,
    pub key: SessionKey,
    pub left: Option<Digest>,
    pub right: Option<Digest>,
}

impl Difference {
    /// Judges what the last look found; `None` where both are the same, or both gone. `written` says that a
    /// session was written in the meantime: an earlier look found another state, or it is known otherwise. What was
    /// the same at all looks is a difference, however late its access.
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

    /// The columns that differ, by their names in `--columns`; none where a side lacks the session.
    pub fn columns(&self) -> Vec<&'static str> {
        match (&self.left, &self.right) {
            (Some(left), Some(right)) => left.differing(right),
            _ => Vec::new(),
        }
    }

    /// Tells whether the second store is behind: it lacks the session, or has it with an access
    /// that is not later.
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
    fn concurrent_tomcat_writes_are_no_differences() {
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
