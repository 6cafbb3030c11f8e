//! Compares two stores row by row, while Tomcats write to them.
//!
//! Both are read once, in the order of their servers, and paired (`session::Pairing`). Sessions that differ are
//! looked up again by key, twice, with at least [`RECHECK_PAUSE`] in between: a session that is being saved is absent
//! for a moment, and a session that changed between the two reads is not a difference. A session that was the same in
//! all reads is a difference, unless its last access shows that it was written between the beginning and the time
//! when it was read ([`WritePeriod`]).

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::engine::{Signal, Stop};
use crate::session::{Difference, Digest, EpochMillis, Kind, Pair, Pairing, SessionKey, Side};
use crate::store::error::{Result, StoreError};
use crate::store::read::digest::Digests;
use crate::store::session_store::SessionStore;

/// Time between two reads of the same session.
const RECHECK_PAUSE: Duration = Duration::from_millis(250);
/// Number of further reads.
const RECHECKS: u32 = 2;

/// Two stores to compare.
pub struct Comparer<'a> {
    /// The reference.
    pub left: &'a mut SessionStore,
    pub right: &'a mut SessionStore,
    /// The time from which on a write on the left, and on the right, is not a difference; `None` if nobody writes, or
    /// if the caller knows better than a clock.
    pub since: [Option<WritePeriod>; 2],
    pub stop: Stop,
}

/// The period in which sessions may be written while `verify` compares two stores, by the clock of a server.
#[derive(Debug, Clone, Copy)]
pub struct WritePeriod {
    /// Sessions with a last access before this time could already be read.
    pub from: EpochMillis,
    /// The time when the comparison begins. A last access after the time of reading means that the clock is ahead,
    /// and does not show when the session was written.
    pub at: EpochMillis,
}

/// Reason for the end of a comparison.
#[derive(Debug, Default)]
pub enum CompareEnded {
    #[default]
    Done,
    Signal(Signal),
    Failed(StoreError),
}

/// Result of a comparison. It is correct for what was read, whatever ended it.
#[derive(Debug, Default)]
pub struct Comparison {
    /// Sessions read from each side.
    pub left: u64,
    pub right: u64,
    /// Equal on both sides, at the first read or a later one.
    pub same: u64,
    pub missing: u64,
    pub extra: u64,
    pub different: u64,
    pub changed: u64,
    /// Number of differing sessions whose last access was after the time of reading, and by how much at most.
    pub ahead: u64,
    pub most_ahead: Duration,
    pub ended: CompareEnded,
    pub took: Duration,
}

impl Comparison {
    /// Adds a session to the counts, or removes it.
    pub(in crate::store) fn count(&mut self, kind: Kind, add: bool) {
        let count = match kind {
            Kind::Missing => &mut self.missing,
            Kind::Extra => &mut self.extra,
            Kind::Different => &mut self.different,
            Kind::Changed => &mut self.changed,
        };
        *count = if add { *count + 1 } else { count.saturating_sub(1) };
    }

    /// Number of differences that no Tomcat made in the meantime.
    pub fn differences(&self) -> u64 {
        self.missing + self.extra + self.different
    }
}

/// A session that seems to differ.
struct PossibleDifference {
    pair: Pair,
    moved: bool,
}

impl Comparer<'_> {
    /// Compares the stores; passes each difference to `each`, and the number of sessions read from the left to
    /// `progress`.
    pub async fn run(
        mut self,
        each: &mut (dyn FnMut(Difference) + Send),
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Comparison {
        let begun = Instant::now();
        let mut done = Comparison::default();
        let mut pairing = Pairing::default();
        done.ended = match self.read(&mut pairing, &mut done, each, progress).await {
            Ok(None) => CompareEnded::Done,
            Ok(Some(signal)) => CompareEnded::Signal(signal),
            Err(error) => CompareEnded::Failed(error),
        };
        done.same += pairing.same();
        (done.left, done.right) = (pairing.read(Side::Left), pairing.read(Side::Right));
        done.took = begun.elapsed();
        done
    }

    /// Reads only these sessions, and passes those that differ to `each`.
    ///
    /// # Errors
    /// [`StoreError::Db`].
    pub async fn compare_keys(
        &mut self,
        keys: Vec<SessionKey>,
        each: &mut (dyn FnMut(Difference) + Send),
    ) -> Result<Comparison> {
        let mut done = Comparison::default();
        let pairs = keys.into_iter().map(|key| Pair { key, left: None, right: None }).collect();
        self.confirm(pairs, Duration::ZERO, &mut done, each).await?;
        Ok(done)
    }

    async fn read(
        &mut self,
        pairing: &mut Pairing,
        done: &mut Comparison,
        each: &mut (dyn FnMut(Difference) + Send),
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Option<Signal>> {
        let begun = Instant::now();
        let mut left = Digests::of(self.left.another().await?);
        let mut right = Digests::of(self.right.another().await?);
        while let Some(side) = pairing.next() {
            let stream = if side == Side::Left { &mut left } else { &mut right };
            // Only a read is in progress, so dropping it loses nothing.
            let page = tokio::select! {
                page = stream.next() => page,
                signal = self.stop.wait() => return Ok(Some(signal)),
            };
            match page {
                Some(page) => page?.into_iter().for_each(|digest| pairing.offer(side, digest)),
                None => pairing.finish(side),
            }
            progress(pairing.read(Side::Left));
            let pairs = pairing.take();
            if !pairs.is_empty() {
                self.confirm(pairs, begun.elapsed(), done, each).await?;
            }
        }
        Ok(None)
    }

    /// Reads the sessions of `pairs`, which were first read this long after the beginning, again, and reports those
    /// that still differ.
    async fn confirm(
        &mut self,
        pairs: Vec<Pair>,
        read_after: Duration,
        done: &mut Comparison,
        each: &mut (dyn FnMut(Difference) + Send),
    ) -> Result<()> {
        let mut suspects: Vec<PossibleDifference> =
            pairs.into_iter().map(|pair| PossibleDifference { pair, moved: false }).collect();
        for look in 0..RECHECKS {
            tokio::time::sleep(RECHECK_PAUSE).await;
            let keys: Vec<SessionKey> = suspects.iter().map(|suspect| suspect.pair.key.clone()).collect();
            let (left, right) = tokio::try_join!(self.left.digests_of(&keys), self.right.digests_of(&keys))?;
            let by_key = |found: Vec<Digest>| -> HashMap<SessionKey, Digest> {
                found.into_iter().map(|digest| (digest.meta.key.clone(), digest)).collect()
            };
            let (mut left, mut right) = (by_key(left), by_key(right));
            suspects.retain_mut(|PossibleDifference { pair, moved }| {
                let (l, r) = (left.remove(&pair.key), right.remove(&pair.key));
                if l.is_some() && l == r {
                    done.same += 1;
                    return false;
                }
                // If the first read did not find it, it may be elsewhere in the other order.
                let differs =
                    |now: &Option<Digest>, before: &Option<Digest>| now != before && (look > 0 || before.is_some());
                *moved |= differs(&l, &pair.left) || differs(&r, &pair.right);
                (pair.left, pair.right) = (l, r);
                true
            });
            if suspects.is_empty() {
                return Ok(());
            }
        }
        for PossibleDifference { pair, moved } in suspects {
            let (since, ahead) = self.accessed(&pair, read_after);
            if let Some(ahead) = ahead {
                done.ahead += 1;
                done.most_ahead = done.most_ahead.max(ahead);
            }
            let Some(found) = Difference::of(pair.key, pair.left, pair.right, moved || since) else { continue };
            done.count(found.kind, true);
            each(found);
        }
        Ok(())
    }

    /// Tells whether the last access of a side shows that it was written since the beginning, and by how much a clock
    /// is ahead.
    fn accessed(&self, pair: &Pair, read_after: Duration) -> (bool, Option<Duration>) {
        let read_after = i64::try_from(read_after.as_millis()).unwrap_or(i64::MAX).saturating_add(1);
        let (mut written, mut ahead) = (false, None);
        for (since, digest) in self.since.iter().zip([&pair.left, &pair.right]) {
            let accessed = digest.as_ref().and_then(|digest| digest.meta.last_access);
            let (Some(WritePeriod { from, at }), Some(accessed)) = (since, accessed) else { continue };
            let read = EpochMillis(at.0.saturating_add(read_after));
            if accessed > read {
                ahead = ahead.max(Some(read.distance(accessed)));
            } else {
                written |= accessed > *from;
            }
        }
        (written, ahead)
    }
}
