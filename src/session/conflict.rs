//! What happens to a session whose key is there already.

use super::SessionMeta;

/// The rule for a session that is to be written where one of its key may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnConflict {
    /// Nothing is written.
    Fail,
    /// What is there stays.
    Skip,
    /// What is there goes.
    Replace,
    /// The higher `last_access` stays, so that a stale copy never takes the place of a live session.
    Newer,
    /// As [`OnConflict::Newer`], but of two with the same `last_access` the new one is right: it comes
    /// from where both come from.
    NotOlder,
}

/// What the rule says of one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// There is none of its key.
    Insert,
    /// It takes the place of the one that is there.
    Replace,
    /// The one that is there stays.
    Keep,
    /// The rule forbids to go on.
    Refuse,
}

impl OnConflict {
    /// Decides about `new` where `existing` has its key. A NULL `last_access` is older than any.
    pub fn decide(self, existing: Option<&SessionMeta>, new: &SessionMeta) -> Decision {
        let Some(existing) = existing else {
            return Decision::Insert;
        };
        match self {
            OnConflict::Fail => Decision::Refuse,
            OnConflict::Skip => Decision::Keep,
            OnConflict::Replace => Decision::Replace,
            OnConflict::Newer if new.last_access > existing.last_access => Decision::Replace,
            OnConflict::NotOlder if new.last_access >= existing.last_access => Decision::Replace,
            OnConflict::Newer | OnConflict::NotOlder => Decision::Keep,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{EpochMillis, SessionKey};
    use super::*;

    fn at(last_access: Option<i64>) -> SessionMeta {
        SessionMeta {
            key: SessionKey::new(None, "A"),
            valid: None,
            max_inactive: None,
            last_access: last_access.map(EpochMillis),
            size: None,
        }
    }

    #[test]
    fn the_newer_one_stays() {
        let decide = |old, new| OnConflict::Newer.decide(Some(&at(old)), &at(new));
        assert_eq!(decide(Some(5), Some(6)), Decision::Replace);
        assert_eq!(decide(Some(5), Some(5)), Decision::Keep);
        assert_eq!(decide(Some(5), Some(4)), Decision::Keep);
        assert_eq!(decide(Some(5), None), Decision::Keep);
        assert_eq!(decide(None, Some(i64::MIN)), Decision::Replace);
    }

    #[test]
    fn of_two_of_the_same_moment_the_source_has_the_right_one() {
        let decide = |old, new| OnConflict::NotOlder.decide(Some(&at(old)), &at(new));
        assert_eq!(decide(Some(5), Some(5)), Decision::Replace);
        assert_eq!(decide(None, None), Decision::Replace);
        assert_eq!(decide(Some(5), Some(4)), Decision::Keep);
    }

    #[test]
    fn the_other_rules_do_not_look_at_time() {
        let decide = |rule: OnConflict| rule.decide(Some(&at(Some(1))), &at(Some(2)));
        assert_eq!(decide(OnConflict::Fail), Decision::Refuse);
        assert_eq!(decide(OnConflict::Skip), Decision::Keep);
        assert_eq!(decide(OnConflict::Replace), Decision::Replace);
        assert_eq!(OnConflict::Fail.decide(None, &at(None)), Decision::Insert);
    }
}
