//! Collects candidates until there are enough of one application for a full batch.
//!
//! A statement concerns one application, but a page of candidates has those of several. Without the queue, the last few
//! of each application in a page would be a batch of their own, with its own commit and, since the number of ids
//! differs, its own statement to prepare.

use std::collections::{BTreeMap, VecDeque};

use crate::session::SessionKey;

/// With more waiting candidates than this, a batch need not be full: the parts of the table that were read to find them
/// should still be in the server's memory.
const MAX_WAITING: usize = 4_000;

/// Ids of candidates by application, in the order of arrival.
#[derive(Debug, Default)]
pub(in crate::store) struct BatchQueue {
    /// No application has an empty queue. Batches are taken from the front.
    apps: BTreeMap<Option<String>, VecDeque<String>>,
}

impl BatchQueue {
    pub(in crate::store) fn is_empty(&self) -> bool {
        self.apps.is_empty()
    }

    pub(in crate::store) fn add(&mut self, keys: Vec<SessionKey>) {
        for SessionKey { app, id } in keys {
            self.apps.entry(app).or_default().push_back(id);
        }
    }

    /// Takes `size` ids of the application with the most. Takes fewer only if `all` candidates have arrived or too many
    /// are waiting; returns `None` if more candidates should arrive first.
    pub(in crate::store) fn batch(&mut self, size: usize, all: bool) -> Option<(Option<String>, Vec<String>)> {
        let waiting: usize = self.apps.values().map(VecDeque::len).sum();
        let (app, ids) = self.apps.iter_mut().max_by_key(|(_, ids)| ids.len())?;
        if ids.len() < size && !all && waiting <= MAX_WAITING {
            return None;
        }
        let app = app.clone();
        let batch = ids.drain(..size.min(ids.len())).collect();
        if ids.is_empty() {
            self.apps.remove(&app);
        }
        Some((app, batch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `count` ids of an application, numbered from `from`.
    fn keys(app: Option<&str>, from: usize, count: usize) -> Vec<SessionKey> {
        (from..from + count).map(|n| SessionKey::new(app.map(str::to_owned), format!("{n:05}"))).collect()
    }

    #[test]
    fn a_batch_is_full_and_of_one_application() {
        let mut waiting = BatchQueue::default();
        waiting.add([keys(Some("a"), 0, 3), keys(None, 0, 1), keys(Some("b"), 0, 2)].concat());
        assert_eq!(waiting.batch(4, false), None);
        waiting.add(keys(Some("a"), 3, 2));
        let (app, ids) = waiting.batch(4, false).unwrap();
        assert_eq!((app.as_deref(), ids.join(" ").as_str()), (Some("a"), "00000 00001 00002 00003"));
        assert_eq!(waiting.batch(4, false), None, "one of a, one of none, two of b");
    }

    #[test]
    fn the_last_candidates_need_no_full_batch() {
        let mut waiting = BatchQueue::default();
        waiting.add([keys(Some("a"), 0, 3), keys(None, 0, 1)].concat());
        let sizes = |waiting: &mut BatchQueue| {
            std::iter::from_fn(|| waiting.batch(2, true)).map(|(app, ids)| (app, ids.len())).collect::<Vec<_>>()
        };
        let a = Some("a".to_owned());
        let parted = sizes(&mut waiting);
        assert_eq!(parted[0], (a.clone(), 2));
        assert!(parted.len() == 3 && parted.contains(&(a, 1)) && parted.contains(&(None, 1)), "{parted:?}");
        assert!(waiting.is_empty() && waiting.batch(1, true).is_none());
    }

    #[test]
    fn too_many_waiting_candidates_need_no_full_batch() {
        let mut waiting = BatchQueue::default();
        for n in 0..MAX_WAITING {
            waiting.add(keys(Some(&n.to_string()), n, 1));
        }
        assert_eq!(waiting.batch(500, false), None);
        waiting.add(keys(Some("7"), 0, 1));
        let (app, ids) = waiting.batch(500, false).unwrap();
        assert_eq!((app.as_deref(), ids.len()), (Some("7"), 2), "that with most");
    }
}
