//! What to do with a session that already exists in the table.

use super::{EpochMillis, SessionMeta};

/// Rule for a session that is written to a table that may already have a row with its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnConflict {
    /// Write nothing.
    Fail,
    /// Keep the existing row.
    Skip,
    /// Replace the existing row.
    Replace,
    /// Keep the row with the higher `last_access`, so that a stale copy never replaces a live session.
    Newer,
    /// As [`OnConflict::Newer`], but if both have the same `last_access`, the new one replaces the existing one: both
    /// come from the same source.
    NotOlder,
}

/// Decision about one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// No row has its key.
    Insert,
    /// Replace the existing row.
    Replace,
    /// Keep the existing row.
    Keep,
    /// The existing row has the same columns and data: write nothing.
    Same,
    /// The rule forbids to continue.
    Refuse,
}

impl OnConflict {
    /// Decides about `new`, whose key `existing` has. A NULL `last_access` is older than any other.
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

/// What the run has already written for a key that occurs again in the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EarlierWrite {
    /// Both records belong to the same session of the archive. Otherwise two sessions have the same key because their
    /// applications were renamed.
    pub same_session: bool,
    /// `last_access` of the row that was replaced, if there was one.
    pub replaced: Option<EpochMillis>,
}

impl EarlierWrite {
    /// Decides about a later record. `existing` is the row with its key; `ours` is true if it still is what was
    /// written for the earlier record.
    ///
    /// Of two records of one session the later one counts, except that with [`OnConflict::Newer`] no record replaces
    /// a state that was newer before the import. Of two sessions the one with the higher `last_access` counts. `rule`
    /// decides about a row that somebody else has written since. A row that somebody else has deleted since (for
    /// example because the user logged out) is not written again.
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
    fn newer_keeps_the_higher_last_access() {
        let decide = |old, new| OnConflict::Newer.decide(Some(&at(old)), &at(new));
        assert_eq!(decide(Some(5), Some(6)), Decision::Replace);
        assert_eq!(decide(Some(5), Some(5)), Decision::Keep);
        assert_eq!(decide(Some(5), Some(4)), Decision::Keep);
        assert_eq!(decide(Some(5), None), Decision::Keep);
        assert_eq!(decide(None, Some(i64::MIN)), Decision::Replace);
    }

    #[test]
    fn not_older_replaces_rows_with_the_same_last_access() {
        let decide = |old, new| OnConflict::NotOlder.decide(Some(&at(old)), &at(new));
        assert_eq!(decide(Some(5), Some(5)), Decision::Replace);
        assert_eq!(decide(None, None), Decision::Replace);
        assert_eq!(decide(Some(5), Some(4)), Decision::Keep);
    }

    #[test]
    fn the_other_rules_ignore_last_access() {
        let decide = |rule: OnConflict| rule.decide(Some(&at(Some(1))), &at(Some(2)));
        assert_eq!(decide(OnConflict::Fail), Decision::Refuse);
        assert_eq!(decide(OnConflict::Skip), Decision::Keep);
        assert_eq!(decide(OnConflict::Replace), Decision::Replace);
        assert_eq!(OnConflict::Fail.decide(None, &at(None)), Decision::Insert);
    }

    #[test]
    fn the_later_record_of_a_session_and_the_newer_of_two_sessions_count() {
        use Decision::{Keep, Refuse, Replace};
        let decide = |same_session, replaced: Option<i64>, rule, existing: Option<i64>, ours, later| {
            let earlier = EarlierWrite { same_session, replaced: replaced.map(EpochMillis) };
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
