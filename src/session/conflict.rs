//! What to do with a session that already exists in the table.

use super::{EpochMillis, SessionMeta};

/// The rule for a session that is to be written where one of its key may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnConflict {
    /// Nothing is written.
    Fail,
    /// Keep the existing row.
    Skip,
    /// Replace the existing row.
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
    /// The one that is there is the same in all columns and in its data: nothing is to be written.
    Same,
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

/// What an import wrote under a key, of which another record comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earlier {
    /// Both records are of the same session of the archive; otherwise two sessions came under one key
    /// because their applications were renamed.
    pub same_session: bool,
    /// When the row was accessed last in whose place it was written, where there was one.
    pub replaced: Option<EpochMillis>,
}

impl Earlier {
    /// Decides about the record that comes later. `existing` is the row under its key, and `ours` tells
    /// that it is still what was written for the earlier record.
    ///
    /// Of one session the later record counts, but no record brings a state that is older than what
    /// stood in the table before, if `rule` says that the newer one stays. Of two sessions the higher
    /// `last_access` counts. What somebody else has written since is judged by `rule`, and a row that
    /// somebody has deleted since, a user who logged out for one, does not come back.
    pub fn decide(self, rule: OnConflict, existing: Option<&SessionMeta>, ours: bool, later: &SessionMeta) -> Decision {
        let Some(existing) = existing else { return Decision::Keep };
        if !ours {
            return rule.decide(Some(existing), later);
        }
        if !self.same_session {
            return OnConflict::Newer.decide(Some(existing), later);
        }
        let older = self.replaced.is_some() && later.last_access <= self.replaced;
        if rule == OnConflict::Newer && older { Decision::Keep } else { Decision::Replace }
    }
}

#[cfg(test)]
mod tests {
    use super::super::SessionKey;
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

    #[test]
    fn of_records_of_one_session_the_later_counts_and_of_two_sessions_the_newer() {
        use Decision::{Keep, Refuse, Replace};
        let decide = |same_session, replaced: Option<i64>, rule, existing: Option<i64>, ours, later| {
            let earlier = Earlier { same_session, replaced: replaced.map(EpochMillis) };
            let existing = existing.map(|existing| at(Some(existing)));
            earlier.decide(rule, existing.as_ref(), ours, &at(Some(later)))
        };
        let newer = OnConflict::Newer;
        assert_eq!(decide(true, None, newer, Some(5), true, 4), Replace);
        assert_eq!(decide(true, Some(4), newer, Some(5), true, 4), Keep);
        assert_eq!(decide(true, Some(4), OnConflict::Replace, Some(5), true, 3), Replace);
        for (last, decision) in [(4, Keep), (5, Keep), (6, Replace)] {
            assert_eq!(decide(false, None, OnConflict::Replace, Some(5), true, last), decision);
            assert_eq!(decide(true, None, newer, Some(5), false, last), decision);
        }
        assert_eq!(decide(true, None, OnConflict::Skip, Some(5), false, 9), Keep);
        assert_eq!(decide(true, None, OnConflict::Fail, Some(5), false, 9), Refuse);
        for rule in [OnConflict::Fail, OnConflict::Skip, OnConflict::Replace, newer] {
            assert_eq!(decide(true, None, rule, None, false, 9), Keep);
        }
    }
}
