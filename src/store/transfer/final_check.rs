//! The end of a move: every row is compared, and sessions that the target lacks are copied again.
//!
//! A session that differs was changed either in the source since it was sent, or by somebody in the target. The
//! record of what was sent ([`SentSessions`]) decides which, without any clock: a change in the source is copied, a
//! change in the target is left alone. A Tomcat that already uses the target has saved or ended that session, and it
//! must neither become older nor be resurrected.

use std::collections::BTreeSet;

use crate::engine::Stop;
use crate::session::{Difference, Digest, Kind, OnConflict, SessionKey, SessionMeta};
use crate::spillable_map::{SentSessions, SentState, SinceSent};
use crate::store::error::{Result, StoreError};
use crate::store::read::digest::rows_within_batch;
use crate::store::session_store::SessionStore;
use crate::store::transfer::compare::{CompareEnded, Comparer, Comparison};
use crate::store::transfer::writers::{Refusal, Rejected, write_each};
use crate::store::write::insert::InsertResult;

/// Number of sessions that are copied at a time.
const CHUNK: usize = 10_000;
/// Maximum number of differences that are listed.
const MAX_LISTED: usize = 1_000;

/// A check before it runs.
pub struct FinalCheck<'a> {
    pub from: &'a mut SessionStore,
    pub to: &'a mut SessionStore,
    /// The record of what the move sent.
    pub sent: &'a mut SentSessions,
    /// Sessions that were rejected.
    pub rejected: BTreeSet<SessionKey>,
    pub refusal: &'a Refusal,
    /// Tells whether a session of the source belongs in the target.
    pub chosen: &'a (dyn Fn(&SessionMeta) -> bool + Send + Sync),
    /// Whether Tomcats may already use the target.
    pub target_is_used: bool,
    pub stop: Stop,
}

/// Result of a check.
#[derive(Debug, Default)]
pub struct FinalState {
    pub comparison: Comparison,
    /// Sessions that the target lacks or has in an older state.
    pub behind: u64,
    /// Sessions that were copied again.
    pub repaired: u64,
    /// Sessions that the source has as they were sent, while the target has another state or none.
    pub changed_in_target: u64,
    /// Some of those that are behind.
    pub differences: Vec<Difference>,
    /// Sessions that the target refused in the check.
    pub rejected: Vec<Rejected>,
}

/// The reason why a session of the target differs from that of the source.
enum Cause {
    /// It may differ: it is newer, skipped, or excluded by the filter.
    None,
    Source,
    Target,
}

impl FinalCheck<'_> {
    /// Compares and copies until the target has every session; `progress` receives the number of sessions read.
    ///
    /// # Errors
    /// [`StoreError::Db`], [`StoreError::Spill`].
    pub async fn run(mut self, progress: &mut (dyn FnMut(u64) + Send)) -> Result<FinalState> {
        let mut state = FinalState::default();
        loop {
            let (mut lacking, mut more) = (Vec::new(), 0);
            (state.changed_in_target, state.differences) = (0, Vec::new());
            state.comparison = self.compare(&mut state, &mut lacking, &mut more, progress).await?;
            let stopped = self.stop.requested().is_some();
            if lacking.is_empty() || stopped {
                state.behind = lacking.len() as u64 + more;
                name(&mut state.differences, lacking);
                break;
            }
            // The filter refers to the row of the source, so it exists.
            let metas: Vec<SessionMeta> = lacking.iter().filter_map(|d| Some(d.left.as_ref()?.meta.clone())).collect();
            let (written, rejected) = copy_sessions(self.from, self.to, &metas, self.refusal, self.sent).await?;
            self.rejected.extend(rejected.iter().map(|one| one.key.clone()));
            state.rejected.extend(rejected);
            let repaired = written.inserted + written.replaced;
            state.repaired += repaired;
            if more > 0 && repaired > 0 {
                continue;
            }
            self.compare_again(lacking, &mut state).await?;
            state.behind += more;
            break;
        }
        if !self.target_is_used {
            state.behind += state.changed_in_target;
            state.changed_in_target = 0;
        }
        Ok(state)
    }

    /// Compares everything; collects the sessions that the source changed, and only counts them beyond [`CHUNK`].
    async fn compare(
        &mut self,
        state: &mut FinalState,
        lacking: &mut Vec<Difference>,
        more: &mut u64,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Comparison> {
        let FinalCheck { from, to, sent, rejected, chosen, target_is_used, stop, .. } = self;
        let mut failed = None;
        let mut each = |difference: Difference| match cause(&difference, sent, rejected, *chosen) {
            Ok(Cause::None) => {}
            Ok(Cause::Source) if lacking.len() < CHUNK => lacking.push(difference),
            Ok(Cause::Source) => *more += 1,
            Ok(Cause::Target) => {
                state.changed_in_target += 1;
                if !*target_is_used {
                    name(&mut state.differences, [difference]);
                }
            }
            Err(error) => failed = Some(error),
        };
        let comparer = Comparer { left: from, right: to, since: [None, None], stop: stop.clone() };
        let mut done = comparer.run(&mut each, progress).await;
        if let CompareEnded::Failed(error) = std::mem::take(&mut done.ended) {
            failed = Some(error);
        }
        match failed {
            Some(error) => Err(error),
            None => Ok(done),
        }
    }

    /// Reads the copied sessions again: those that still differ were changed since, in the source or in the target.
    async fn compare_again(&mut self, lacking: Vec<Difference>, state: &mut FinalState) -> Result<()> {
        let done = &mut state.comparison;
        lacking.iter().for_each(|difference| done.count(difference.kind, false));
        let keys = lacking.into_iter().map(|difference| difference.key).collect();
        let mut found = Vec::new();
        let mut comparer = Comparer { left: self.from, right: self.to, since: [None, None], stop: self.stop.clone() };
        done.same += comparer.compare_keys(keys, &mut |difference| found.push(difference)).await?.same;
        for mut difference in found {
            match cause(&difference, self.sent, &self.rejected, self.chosen)? {
                Cause::None => {}
                Cause::Source => difference.kind = Kind::Changed,
                Cause::Target => state.changed_in_target += 1,
            }
            state.comparison.count(difference.kind, true);
            if difference.kind != Kind::Changed && !self.target_is_used {
                name(&mut state.differences, [difference]);
            }
        }
        Ok(())
    }
}

fn name(named: &mut Vec<Difference>, differences: impl IntoIterator<Item = Difference>) {
    named.extend(differences.into_iter().take(MAX_LISTED.saturating_sub(named.len())));
}

fn cause(
    difference: &Difference,
    sent: &mut SentSessions,
    rejected: &BTreeSet<SessionKey>,
    chosen: &(dyn Fn(&SessionMeta) -> bool + Send + Sync),
) -> Result<Cause> {
    let Difference { key, left, right, .. } = difference;
    let is_wanted = left.as_ref().is_some_and(|left| chosen(&left.meta)) && !rejected.contains(key);
    if !difference.is_behind() || !is_wanted {
        return Ok(Cause::None);
    }
    Ok(match sent.since(key, left.as_ref()).map_err(StoreError::from)? {
        SinceSent::Never | SinceSent::Changed => Cause::Source,
        // The target had it before with the same last access: the source is right.
        SinceSent::Same { kept: true } if right.is_some() => Cause::Source,
        SinceSent::Same { .. } => Cause::Target,
    })
}

/// Copies sessions by key; of two states with the same last access, that of the source is right.
pub(in crate::store) async fn copy_sessions(
    from: &mut SessionStore,
    to: &mut SessionStore,
    metas: &[SessionMeta],
    refusal: &Refusal,
    sent: &mut SentSessions,
) -> Result<(InsertResult, Vec<Rejected>)> {
    let (mut done, mut refused, mut rest) = (InsertResult::default(), Vec::new(), metas);
    while !rest.is_empty() {
        let (now, later) = rest.split_at(rows_within_batch(rest));
        rest = later;
        let keys: Vec<SessionKey> = now.iter().map(|meta| meta.key.clone()).collect();
        let mut sessions = from.sessions_of(&keys).await?;
        sessions.retain(|session| match refusal(session) {
            Some(reason) => {
                refused.push(Rejected { key: session.meta.key.clone(), reason });
                false
            }
            None => true,
        });
        let (written, rejected) = write_each(to, &sessions, OnConflict::NotOlder).await?;
        done += written;
        for session in &sessions {
            if !rejected.iter().any(|one| one.key == session.meta.key) {
                sent.note(SentState::of(&Digest::of(session), false))?;
            }
        }
        refused.extend(rejected);
    }
    Ok((done, refused))
}
