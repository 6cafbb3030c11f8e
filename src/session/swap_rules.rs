//! Rules for moving a session between the live table and the target of `swap-out`: which of two states is kept, and
//! what happens to a copy whose move was interrupted.

use super::{Decision, Digest, OnConflict, SessionMeta};

/// Direction of a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Out of the live table.
    Out,
    /// Back into the live table.
    Back,
}

impl Direction {
    /// Decides about a session that is moved. `was` is its state at the source; `existing` is the row with its key in
    /// the target. If two different states have the same `last_access`, the live one is kept: data saved at a
    /// shutdown may be newer than `last_access` says.
    pub fn decide(self, existing: Option<&Digest>, was: &Digest) -> Decision {
        match existing {
            None => Decision::Insert,
            Some(existing) if existing == was => Decision::Same,
            Some(existing) => self.rule().decide(Some(&existing.meta), &was.meta),
        }
    }

    /// As [`Direction::decide`], from the columns alone; `None` if the data have to be compared.
    pub fn decide_by_columns(self, existing: &SessionMeta, was: &SessionMeta) -> Option<Decision> {
        (existing.last_access != was.last_access).then(|| self.rule().decide(Some(existing), was))
    }

    fn rule(self) -> OnConflict {
        match self {
            Direction::Out => OnConflict::NotOlder,
            Direction::Back => OnConflict::Newer,
        }
    }

    /// Decides about a copy that this run wrote, or found, and whose original it did not delete. `source` is the
    /// current row at the source.
    ///
    /// Only a run that is `alone` with the target knows that no other run has adopted the copy and deleted the
    /// original. Otherwise, a copy is removed only if the source has another state of the session: whatever happened
    /// to the copied state, the session exists.
    pub fn resolve(self, source: Option<&Digest>, copy: &UnresolvedCopy, alone: bool) -> CopyOutcome {
        match (self, source) {
            (Direction::Out, Some(source)) if *source != copy.was => CopyOutcome::Delete,
            (Direction::Out, Some(_)) if alone => CopyOutcome::Delete,
            (Direction::Out, Some(_)) => CopyOutcome::LeaveToNextRun,
            // The user has logged out, or the row was deleted by something other than this program.
            (Direction::Out, None) if alone && !copy.deleting => CopyOutcome::Delete,
            (Direction::Out, None) if copy.ours => CopyOutcome::InDoubt,
            (Direction::Out, None) => CopyOutcome::Keep,
            // The live row may be in a Tomcat's memory by now, so it is kept.
            (Direction::Back, Some(_)) => CopyOutcome::LeaveToNextRun,
            (Direction::Back, None) => CopyOutcome::Keep,
        }
    }

    /// Decides about a copy left by an interrupted run. `source` and `copy` are the current rows in the two places.
    pub fn reconcile(self, source: Option<&SessionMeta>, copy: Option<&SessionMeta>) -> LeftoverAction {
        match (self, source, copy) {
            (Direction::Out, _, None) | (Direction::Back, None, _) => LeftoverAction::Nothing,
            (Direction::Out, Some(live), Some(copy)) if live.last_access >= copy.last_access => {
                LeftoverAction::RemoveCopy
            }
            (Direction::Back, Some(swapped), Some(live)) if live.last_access >= swapped.last_access => {
                LeftoverAction::RemoveSource
            }
            (_, Some(_), Some(_)) => LeftoverAction::Nothing,
            // Either the interrupted run moved the session, or the user has logged out since.
            (Direction::Out, None, Some(_)) | (Direction::Back, Some(_), None) => LeftoverAction::InDoubt,
        }
    }
}

/// A copy whose original this run has not deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnresolvedCopy {
    /// State at the source that was copied.
    pub was: Digest,
    /// State that was written to the target.
    pub is: Digest,
    /// This run wrote it; otherwise it found a copy written by another run.
    pub ours: bool,
    /// The connection was lost during the COMMIT that deletes the original.
    pub deleting: bool,
}

/// What happens to such a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyOutcome {
    /// It is deleted if it is unchanged.
    Delete,
    /// It is kept: it is now the session.
    Keep,
    /// It is kept, and the next run decides.
    LeaveToNextRun,
    /// It is kept: either it is now the session, or its user has logged out.
    InDoubt,
}

/// What remains to be done about a copy of an earlier run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftoverAction {
    Nothing,
    /// Remove the copy: the live row is the same or newer.
    RemoveCopy,
    /// Remove the swapped-out row: the live row, which is the copy, is the same or newer.
    RemoveSource,
    /// Nobody can tell whether the session was moved or its user has logged out.
    InDoubt,
}

#[cfg(test)]
mod tests {
    use super::super::{EpochMillis, SessionKey};
    use super::*;

    fn digest(last_access: Option<i64>, byte: u8) -> Digest {
        let meta = SessionMeta {
            key: SessionKey::new(None, "A"),
            valid: None,
            max_inactive: None,
            last_access: last_access.map(EpochMillis),
            size: None,
        };
        Digest { meta, sha256: Some([byte; 32]) }
    }

    #[test]
    fn a_tie_keeps_the_live_row() {
        for (way, tie) in [(Direction::Out, Decision::Replace), (Direction::Back, Decision::Keep)] {
            let decide = |old: Digest, new: Digest| {
                let decision = way.decide(Some(&old), &new);
                let by_columns = way.decide_by_columns(&old.meta, &new.meta);
                assert!(by_columns.is_none_or(|by_columns| by_columns == decision));
                decision
            };
            assert_eq!(way.decide(None, &digest(Some(5), 1)), Decision::Insert);
            assert_eq!(decide(digest(Some(5), 1), digest(Some(5), 1)), Decision::Same);
            assert_eq!(decide(digest(Some(5), 1), digest(Some(5), 2)), tie);
            assert_eq!(decide(digest(None, 1), digest(None, 2)), tie);
            assert_eq!(decide(digest(Some(5), 1), digest(Some(6), 1)), Decision::Replace);
            assert_eq!(decide(digest(Some(6), 1), digest(Some(5), 1)), Decision::Keep);
        }
    }

    #[test]
    fn a_copy_is_removed_only_if_no_other_run_can_have_moved_its_session() {
        let (same, newer) = (digest(Some(5), 1), digest(Some(6), 2));
        let copy = |ours, deleting| UnresolvedCopy { was: same.clone(), is: same.clone(), ours, deleting };
        for (ours, deleting) in [(false, false), (false, true), (true, false), (true, true)] {
            let resolve = |source: Option<&Digest>, alone| Direction::Out.resolve(source, &copy(ours, deleting), alone);
            assert_eq!(resolve(Some(&newer), false), CopyOutcome::Delete);
            assert_eq!(resolve(Some(&newer), true), CopyOutcome::Delete);
            assert_eq!(resolve(Some(&same), false), CopyOutcome::LeaveToNextRun);
            assert_eq!(resolve(Some(&same), true), CopyOutcome::Delete);
            let gone = if ours { CopyOutcome::InDoubt } else { CopyOutcome::Keep };
            assert_eq!(resolve(None, false), gone);
            assert_eq!(resolve(None, true), if deleting { gone } else { CopyOutcome::Delete });
            for alone in [false, true] {
                assert_eq!(Direction::Back.resolve(None, &copy(ours, deleting), alone), CopyOutcome::Keep);
                assert_eq!(
                    Direction::Back.resolve(Some(&newer), &copy(ours, deleting), alone),
                    CopyOutcome::LeaveToNextRun
                );
            }
        }
    }

    #[test]
    fn leftovers_of_an_earlier_run_are_removed_by_the_live_row() {
        let at = |at: i64| digest(Some(at), 1).meta;
        let (five, six) = (at(5), at(6));
        for (way, remove) in
            [(Direction::Out, LeftoverAction::RemoveCopy), (Direction::Back, LeftoverAction::RemoveSource)]
        {
            let reconcile = |live: Option<&SessionMeta>, swapped: Option<&SessionMeta>| match way {
                Direction::Out => way.reconcile(live, swapped),
                Direction::Back => way.reconcile(swapped, live),
            };
            assert_eq!(reconcile(Some(&five), Some(&five)), remove);
            assert_eq!(reconcile(Some(&six), Some(&five)), remove);
            assert_eq!(reconcile(Some(&five), Some(&six)), LeftoverAction::Nothing);
            assert_eq!(reconcile(Some(&five), None), LeftoverAction::Nothing);
            assert_eq!(reconcile(None, Some(&five)), LeftoverAction::InDoubt);
            assert_eq!(reconcile(None, None), LeftoverAction::Nothing);
        }
    }
}
