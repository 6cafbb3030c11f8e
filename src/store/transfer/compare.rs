//! Compares two stores row by row, beside Tomcats that write them.
//!
//! Both are read once, in their servers' orders, and paired (`session::Pairing`). What then differs
//! is looked up again by its key, twice, with at least [`LOOK_AGAIN`] between two looks: a session
//! that is being saved is absent for a moment, and one that moved on between the two readings is no
//! difference. One that was the same at all looks is a difference, unless its access says that it was
//! written between the beginning and the moment it was read ([`Since`]).

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::engine::{Signal, Stop};
use crate::session::{Difference, Digest, EpochMillis, Kind, Pair, Pairing, SessionKey, Side};
use crate::store::error::{Result, StoreError};
use crate::store::read::digest::Digests;
use crate::store::session_store::SessionStore;

/// The time between two looks at the same session.
const LOOK_AGAIN: Duration = Duration::from_millis(250);
/// Looks after the first one.
const LOOKS: u32 = 2;

/// Two stores to compare.
pub struct Comparer<'a> {
    /// The store that is right.
    pub left: &'a mut SessionStore,
    pub right: &'a mut SessionStore,
    /// Since when a write on the left, and on the right, is no difference; `None` where nobody writes, or
    /// the caller knows better than a clock.
    pub since: [Option<Since>; 2],
    pub stop: Stop,
}

/// A time in which a session may be written while `verify` compares two stores, by the clock of one's server.
#[derive(Debug, Clone, Copy)]
pub struct Since {
    /// What was accessed until then was there to be read.
    pub from: EpochMillis,
    /// What time it is when the comparison begins. What is accessed later than it is read has a clock that
    /// is ahead, and says nothing of when it was written.
    pub at: EpochMillis,
}

/// How a comparison ended.
#[derive(Debug, Default)]
pub enum CompareEnded {
    #[default]
    Done,
    Signal(Signal),
    Failed(StoreError),
}

/// What a comparison found. It is true, of what was read, whatever ended it.
#[derive(Debug, Default)]
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
    /// Sessions among those that differ which were accessed later than they were read, and how much later at most.
    pub ahead: u64,
    pub most_ahead: Duration,
    pub ended: CompareEnded,
    pub took: Duration,
}

impl Comparison {
    /// Takes a session into account, or out of it.
    pub(in crate::store) fn count(&mut self, kind: Kind, add: bool) {
        let count = match kind {
            Kind::Missing => &mut self.missing,
            Kind::Extra => &mut self.extra,
            Kind::Different => &mut self.different,
            Kind::Changed => &mut self.changed,
        };
        *count = if add { *count + 1 } else { count.saturating_sub(1) };
    }

    /// Differences that no Tomcat made in the meantime.
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

    /// Looks at these sessions alone, and hands those that differ to `each`.
    ///
    /// # Errors
    /// [`StoreError::Db`].
    pub async fn look_at(
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
                self.confirm(pairs, begun.elapsed(), done, each).await?;
            }
        }
        Ok(None)
    }

    /// Looks at the sessions of `pairs`, which were read so long after the beginning, again, and reports those
    /// that differ still.
    async fn confirm(
        &mut self,
        pairs: Vec<Pair>,
        read_after: Duration,
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

    /// Tells whether a side's access says that it was written since the beginning, and how far one is ahead.
    fn accessed(&self, pair: &Pair, read_after: Duration) -> (bool, Option<Duration>) {
        let read_after = i64::try_from(read_after.as_millis()).unwrap_or(i64::MAX).saturating_add(1);
        let (mut written, mut ahead) = (false, None);
        for (since, digest) in self.since.iter().zip([&pair.left, &pair.right]) {
            let accessed = digest.as_ref().and_then(|digest| digest.meta.last_access);
            let (Some(Since { from, at }), Some(accessed)) = (since, accessed) else { continue };
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
