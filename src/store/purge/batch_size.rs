//! The number of sessions per batch.

use std::time::Duration;

use crate::store::purge::summary::AppCount;

/// Bytes of session data per batch in a cluster, whose members certify and apply a batch as a whole.
const CLUSTER_BYTES: u64 = 8 << 20;

/// The number of sessions, of the average size so far, in a batch of [`CLUSTER_BYTES`].
pub(in crate::store) fn within_bytes(total: AppCount) -> usize {
    let each = total.bytes.checked_div(total.sessions).unwrap_or(0).max(1);
    usize::try_from(CLUSTER_BYTES / each).unwrap_or(usize::MAX).max(1)
}

/// The size of the next batch: smaller if the last one exceeded the target duration, larger, up to `most`, if it took
/// less than half of it.
pub(in crate::store) fn next_size(size: usize, most: usize, took: Duration, target: Duration) -> usize {
    let least = most.clamp(1, 10);
    if took > target {
        (size / 2).max(least)
    } else if took * 2 < target {
        (size + size / 2 + 1).min(most.max(1))
    } else {
        size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_of_a_cluster_are_bounded_by_bytes() {
        let total = |sessions, bytes| within_bytes(AppCount { sessions, bytes });
        assert_eq!(total(0, 0), 8 << 20);
        assert_eq!(total(100, 100 * 400_000), 20);
        assert_eq!(total(1, 64 << 20), 1);
    }

    #[test]
    fn batches_shrink_when_they_take_long_and_grow_back() {
        let (fast, slow, target) = (Duration::from_millis(1), Duration::from_millis(300), Duration::from_millis(100));
        assert_eq!(next_size(500, 500, slow, target), 250);
        assert_eq!(next_size(11, 500, slow, target), 10);
        assert_eq!(next_size(250, 500, fast, target), 376);
        assert_eq!(next_size(500, 500, fast, target), 500);
        assert_eq!(next_size(1, 1, slow, target), 1);
        assert_eq!(next_size(3, 3, fast, target), 3);
    }
}
