//! Keeps the N sessions with the highest rank.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::ListedSession;

/// The N sessions with the highest rank.
pub struct TopN {
    most: usize,
    heap: BinaryHeap<Ranked>,
}

struct Ranked {
    rank: i128,
    found: ListedSession,
}

/// The heap has the session with the lowest rank at the top, where it is removed first.
impl Ord for Ranked {
    fn cmp(&self, other: &Ranked) -> Ordering {
        other.rank.cmp(&self.rank).then_with(|| self.found.0.key.cmp(&other.found.0.key))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Ranked) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Ranked) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ranked {}

impl TopN {
    pub fn new(most: usize) -> TopN {
        TopN { most, heap: BinaryHeap::new() }
    }

    /// Adds a session; returns false if one was dropped, either this or another one.
    pub fn offer(&mut self, rank: i128, found: ListedSession) -> bool {
        self.heap.push(Ranked { rank, found });
        if self.heap.len() <= self.most {
            return true;
        }
        self.heap.pop();
        false
    }

    pub fn into_sorted(self) -> impl Iterator<Item = ListedSession> {
        self.heap.into_sorted_vec().into_iter().map(|ranked| ranked.found)
    }
}
