//! Pairs the sessions of two tables that are read in parallel, with bounded memory.
//!
//! Two servers may sort the same keys differently, each by its collation, so the order of a stream proves nothing.
//! Sessions without a partner wait. The stream that is behind, compared by the bytes of its last key, is read next;
//! if both servers sort by bytes, as for hexadecimal ids, about one page waits. When [`WINDOW`] sessions wait, those
//! that the other stream has passed are returned as pairs without a partner; if that is not enough, all of them. The
//! caller then looks up these keys on both sides, which makes the result correct under every order. A partner that
//! arrives later is ignored; a 64-bit digest of its key is kept for that.

use std::collections::{HashMap, HashSet};

use super::change_tracking::digest as short;
use super::{Digest, SessionKey};

/// Maximum number of waiting sessions, about 300 bytes each. A session that was returned before the end of the other
/// stream needs 10 to 21 bytes more.
pub const WINDOW: usize = 10_000;

/// Side of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Left,
    Right,
}

/// Different states of a session; `None` if a stream did not contain it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub key: SessionKey,
    pub left: Option<Digest>,
    pub right: Option<Digest>,
}

/// One stream: its waiting sessions and its position.
#[derive(Debug, Default)]
struct Stream {
    waiting: HashMap<SessionKey, Digest>,
    /// Keys that were returned because the other stream had passed them.
    judged: HashSet<u64>,
    last: Option<SessionKey>,
    done: bool,
    read: u64,
}

impl Stream {
    /// Removes and returns the waiting sessions that `other` has passed, or `all`.
    fn hand_out(&mut self, other: &mut Stream, all: bool) -> impl Iterator<Item = (SessionKey, Digest)> + use<> {
        let (done, last, judged) = (other.done, &other.last, &mut other.judged);
        let passed = |key: &SessionKey| all || done || last.as_ref().is_some_and(|at| key < at);
        let taken: Vec<_> = self.waiting.extract_if(|key, _| passed(key)).collect();
        if !done {
            judged.extend(taken.iter().map(|(key, _)| short(key)));
        }
        taken.into_iter()
    }
}

/// Two streams that are being read.
#[derive(Debug, Default)]
pub struct Pairing {
    left: Stream,
    right: Stream,
    unequal: Vec<Pair>,
    same: u64,
}

impl Pairing {
    /// The stream to read next; `None` when both have ended.
    pub fn next(&self) -> Option<Side> {
        match (self.left.done, self.right.done) {
            (true, true) => None,
            (true, false) => Some(Side::Right),
            (false, true) => Some(Side::Left),
            (false, false) => Some(if self.left.last <= self.right.last { Side::Left } else { Side::Right }),
        }
    }

    /// Adds the next session of a stream.
    pub fn offer(&mut self, side: Side, digest: Digest) {
        let (own, other) = match side {
            Side::Left => (&mut self.left, &mut self.right),
            Side::Right => (&mut self.right, &mut self.left),
        };
        own.read += 1;
        own.last = Some(digest.meta.key.clone());
        if !own.judged.is_empty() && own.judged.remove(&short(&digest.meta.key)) {
            return;
        }
        match other.waiting.remove(&digest.meta.key) {
            None => drop(own.waiting.insert(digest.meta.key.clone(), digest)),
            Some(partner) if partner == digest => self.same += 1,
            Some(partner) => {
                let key = digest.meta.key.clone();
                let (left, right) = match side {
                    Side::Left => (digest, partner),
                    Side::Right => (partner, digest),
                };
                self.unequal.push(Pair { key, left: Some(left), right: Some(right) });
            }
        }
    }

    /// Marks a stream as ended.
    pub fn finish(&mut self, side: Side) {
        match side {
            Side::Left => self.left.done = true,
            Side::Right => self.right.done = true,
        }
    }

    /// Number of sessions that are equal on both sides.
    pub fn same(&self) -> u64 {
        self.same
    }

    /// Number of sessions read from a stream.
    pub fn read(&self, side: Side) -> u64 {
        match side {
            Side::Left => self.left.read,
            Side::Right => self.right.read,
        }
    }

    /// Returns pairs that differ or have no partner, once enough sessions wait; the rest is returned after both
    /// streams have ended. Empty if nothing is ready.
    pub fn take(&mut self) -> Vec<Pair> {
        let ended = self.left.done && self.right.done;
        if !ended && self.waiting() < WINDOW {
            return Vec::new();
        }
        let mut pairs = std::mem::take(&mut self.unequal);
        let alone = |key: SessionKey, digest: Digest, side| match side {
            Side::Left => Pair { key, left: Some(digest), right: None },
            Side::Right => Pair { key, left: None, right: Some(digest) },
        };
        let (left, right) = (&mut self.left, &mut self.right);
        for all in [false, true] {
            if all && left.waiting.len() + right.waiting.len() < WINDOW {
                break;
            }
            pairs.extend(left.hand_out(right, all).map(|(key, digest)| alone(key, digest, Side::Left)));
            pairs.extend(right.hand_out(left, all).map(|(key, digest)| alone(key, digest, Side::Right)));
        }
        pairs.sort_by(|a, b| a.key.cmp(&b.key));
        pairs
    }

    fn waiting(&self) -> usize {
        self.left.waiting.len() + self.right.waiting.len() + self.unequal.len()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{EpochMillis, SessionMeta};
    use super::*;

    fn digest(id: &str, last_access: i64) -> Digest {
        let meta = SessionMeta {
            key: SessionKey::new(None, id),
            valid: None,
            max_inactive: None,
            last_access: Some(EpochMillis(last_access)),
            size: None,
        };
        Digest { meta, sha256: None }
    }

    /// Reads both streams completely. Returns the pairs as `id` with `<`, `>` or `!`, and the maximum number that
    /// waited.
    fn pair(left: &[(&str, i64)], right: &[(&str, i64)]) -> (Vec<String>, u64, usize) {
        let mut pairing = Pairing::default();
        let (mut left, mut right) = (left.iter(), right.iter());
        let (mut found, mut most) = (Vec::new(), 0);
        while let Some(side) = pairing.next() {
            let next = if side == Side::Left { left.next() } else { right.next() };
            match next {
                Some((id, at)) => pairing.offer(side, digest(id, *at)),
                None => pairing.finish(side),
            }
            most = most.max(pairing.waiting());
            found.extend(pairing.take());
        }
        let word = |pair: &Pair| match (&pair.left, &pair.right) {
            (Some(_), None) => format!("{}<", pair.key.id),
            (None, Some(_)) => format!("{}>", pair.key.id),
            _ => format!("{}!", pair.key.id),
        };
        (found.iter().map(word).collect(), pairing.same(), most)
    }

    #[test]
    fn missing_extra_and_different_sessions_are_reported() {
        let (found, same, _) = pair(&[("A", 1), ("B", 1), ("D", 1)], &[("B", 2), ("C", 1), ("D", 1)]);
        assert_eq!(found, ["A<", "B!", "C>"]);
        assert_eq!(same, 1);
        assert_eq!(pair(&[], &[]).0, [""; 0]);
        assert_eq!(pair(&[("A", 1)], &[]).0, ["A<"]);
        assert_eq!(pair(&[], &[("A", 1)]).0, ["A>"]);
    }

    #[test]
    fn another_sort_order_is_not_a_difference() {
        let (found, same, _) = pair(&[("a", 1), ("B", 1), ("c", 1)], &[("B", 1), ("a", 1), ("c", 1)]);
        assert_eq!((found.len(), same), (0, 3));
    }

    #[test]
    fn a_long_gap_on_one_side_does_not_buffer_the_other() {
        let ids: Vec<String> = (0..3 * WINDOW).map(|n| format!("{n:08X}")).collect();
        let all: Vec<(&str, i64)> = ids.iter().map(|id| (id.as_str(), 1)).collect();
        let (found, same, most) = pair(&all, &all[2 * WINDOW..]);
        assert_eq!((found.len(), same), (2 * WINDOW, WINDOW as u64));
        assert!(most <= WINDOW + 1, "{most}");
    }

    #[test]
    fn incompatible_sort_orders_stay_within_the_window() {
        let ids: Vec<String> = (0..3 * WINDOW).map(|n| format!("{n:08X}")).collect();
        let up: Vec<(&str, i64)> = ids.iter().map(|id| (id.as_str(), 1)).collect();
        let down: Vec<(&str, i64)> = up.iter().rev().copied().collect();
        let (found, same, most) = pair(&up, &down);
        assert!(most <= WINDOW + 1, "{most}");
        assert_eq!(found.len() as u64 + same, 3 * WINDOW as u64, "each session once");
    }
}
