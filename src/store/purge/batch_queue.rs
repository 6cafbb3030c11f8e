//! Candidates that wait until there are enough of their application for a batch.
//!
//! A statement is about one application, and a page of candidates has some of each: the few that are
//! left of it would be batches of their own, each with its commit, and a statement of its own to
//! prepare, since it has another number of ids.

use std::collections::{BTreeMap, VecDeque};

use crate::session::SessionKey;

/// So many wait at most. What of the table was read to find them is then still in the server's memory.
const MOST: usize = 4_000;

/// Ids of candidates, by application, each in the order in which they came.
#[derive(Debug, Default)]
pub(in crate::store) struct BatchQueue {
    /// No application is here without ids. They leave at the front, of a page that may be long.
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

    /// Takes `size` ids of one application; fewer only where `all` are to go, or too many wait. `None`
    /// where it is better to wait for more.
    pub(in crate::store) fn batch(&mut self, size: usize, all: bool) -> Option<(Option<String>, Vec<String>)> {
        let waiting: usize = self.apps.values().map(VecDeque::len).sum();
        let (app, ids) = self.apps.iter_mut().max_by_key(|(_, ids)| ids.len())?;
        if ids.len() < size && !all && waiting <= MOST {
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

    /// So many ids of an application, from a number on.
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
    fn all_go_in_the_end() {
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
    fn too_many_do_not_wait() {
        let mut waiting = BatchQueue::default();
        for n in 0..MOST {
            waiting.add(keys(Some(&n.to_string()), n, 1));
        }
        assert_eq!(waiting.batch(500, false), None);
        waiting.add(keys(Some("7"), 0, 1));
        let (app, ids) = waiting.batch(500, false).unwrap();
        assert_eq!((app.as_deref(), ids.len()), (Some("7"), 2), "that with most");
    }
}
