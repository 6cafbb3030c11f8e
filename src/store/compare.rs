//! Compares two stores row by row, beside Tomcats that write them.
//!
//! Both are read once, in their servers' orders, and paired (`session::Pairing`). What then differs
//! is looked up again by its key, twice, with at least [`LOOK_AGAIN`] between two looks: a session
//! that is being saved is absent for a moment, and one that moved on between the two readings is no
//! difference.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::digest::Digests;
use super::{Result, SessionStore, Signal, Stop, StoreError};
use crate::session::{Difference, Digest, EpochMillis, Kind, Pair, Pairing, SessionKey, Side};

/// The time between two looks at the same session.
const LOOK_AGAIN: Duration = Duration::from_millis(250);
/// Looks after the first one.
const LOOKS: u32 = 2;

/// Two stores to compare.
pub struct Comparer<'a> {
    /// The store that is right.
    pub left: &'a mut SessionStore,
    pub right: &'a mut SessionStore,
    /// What was accessed later than this was written meanwhile.
    pub began: EpochMillis,
    pub stop: Stop,
}

/// How a comparison ended.
#[derive(Debug)]
pub enum CompareEnded {
    Done,
    Signal(Signal),
    Failed(StoreError),
}

/// What a comparison found. It is true, of what was read, whatever ended it.
#[derive(Debug)]
pub struct Comparison {
    /// Sessions read from each side.
    pub left: u64,
    pub right: u64,
    /// The same on both sides, at the first look or at a later one.
    pub same: u64,
    pub missing: u64,
    pub extra: u64,
    pub different: u64,
    pub changed: u64,
    pub ended: CompareEnded,
    pub took: Duration,
}

impl Comparison {
    /// Differences that no Tomcat made meanwhile.
    pub fn differences(&self) -> u64 {
        self.missing + self.extra + self.different
    }
}

/// A session under suspicion.
struct Suspect {
    pair: Pair,
    moved: bool,
}

impl Comparer<'_> {
    /// Compares them, hands each difference to `each` and the number of sessions read from the left
    /// to `progress`.
    pub async fn run(
        mut self,
        each: &mut (dyn FnMut(Difference) + Send),
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Comparison {
        let begun = Instant::now();
        let mut done = Comparison {
            left: 0,
            right: 0,
            same: 0,
            missing: 0,
            extra: 0,
            different: 0,
            changed: 0,
            ended: CompareEnded::Done,
            took: Duration::ZERO,
        };
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

    async fn read(
        &mut self,
        pairing: &mut Pairing,
        done: &mut Comparison,
        each: &mut (dyn FnMut(Difference) + Send),
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Option<Signal>> {
        let mut left = Digests::of(self.left.another().await?);
        let mut right = Digests::of(self.right.another().await?);
        while let Some(side) = pairing.next() {
            let stream = if side == Side::Left { &mut left } else { &mut right };
            // Only reading is under way: to drop it loses nothing.
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
                self.settle(pairs, done, each).await?;
            }
        }
        Ok(None)
    }

    /// Looks at the sessions of `pairs` again, and reports those that differ still.
    async fn settle(
        &mut self,
        pairs: Vec<Pair>,
        done: &mut Comparison,
        each: &mut (dyn FnMut(Difference) + Send),
    ) -> Result<()> {
        let mut suspects: Vec<Suspect> = pairs.into_iter().map(|pair| Suspect { pair, moved: false }).collect();
        for look in 0..LOOKS {
            tokio::time::sleep(LOOK_AGAIN).await;
            let keys: Vec<SessionKey> = suspects.iter().map(|suspect| suspect.pair.key.clone()).collect();
            let (left, right) = tokio::try_join!(self.left.digests_of(&keys), self.right.digests_of(&keys))?;
            let by_key = |found: Vec<Digest>| -> HashMap<SessionKey, Digest> {
                found.into_iter().map(|digest| (digest.meta.key.clone(), digest)).collect()
            };
            let (mut left, mut right) = (by_key(left), by_key(right));
            suspects.retain_mut(|Suspect { pair, moved }| {
                let (l, r) = (left.remove(&pair.key), right.remove(&pair.key));
                if l.is_some() && l == r {
                    done.same += 1;
                    return false;
                }
                // That the first reading lacked it says nothing yet: it may stand elsewhere in that order.
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
        for Suspect { pair, moved } in suspects {
            let Some(found) = Difference::of(pair.key, pair.left, pair.right, moved, self.began) else { continue };
            match found.kind {
                Kind::Missing => done.missing += 1,
                Kind::Extra => done.extra += 1,
                Kind::Different => done.different += 1,
                Kind::Changed => done.changed += 1,
            }
            each(found);
        }
        Ok(())
    }
}
