//! Chooses the number of sessions on a page of complete sessions, and the maximum size of those that are read with
//! the page.

use std::ops::RangeInclusive;

/// Approximate size of a session without its data, in bytes.
pub(in crate::store) const ROW: u64 = 512;
/// Target size of a page in bytes, if its sessions are like the previous ones.
const PAGE: u64 = 1 << 20;
/// Maximum size of a page.
const MAX_BYTES: u64 = 4 * PAGE;
/// Number of sessions on a page.
const ROWS: RangeInclusive<u64> = 64..=2_000;

/// The size of a page is derived from the sessions of the previous page: most sessions of a table have similar sizes,
/// and much larger ones are read separately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct PageSize {
    /// Number of sessions.
    pub rows: usize,
    /// Bytes of data of the largest session that is read with the page.
    pub whole_to: u64,
}

impl PageSize {
    /// Size of the first page, before any session is known.
    pub(in crate::store) fn first() -> PageSize {
        PageSize::of(*ROWS.start())
    }

    /// Size of the page after one whose sessions have these sizes. Sessions that were read separately count too:
    /// otherwise pages would get more rows, more sessions would be read separately, and in the end all of them.
    pub(in crate::store) fn after(sizes: impl IntoIterator<Item = u64>) -> PageSize {
        let largest = PageSize::first().whole_to;
        let (mut rows, mut bytes) = (0, 0);
        for size in sizes {
            rows += 1;
            bytes += ROW + size.min(largest);
        }
        PageSize::of(PAGE.saturating_mul(rows) / bytes.max(1))
    }

    fn of(rows: u64) -> PageSize {
        let rows = rows.clamp(*ROWS.start(), *ROWS.end());
        PageSize { rows: usize::try_from(rows).unwrap_or(usize::MAX), whole_to: MAX_BYTES / rows }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads pages of a table whose sessions have the sizes of `cycle`, repeatedly. Returns the bytes of a later
    /// page, and how many of its sessions are read separately.
    fn settled(cycle: &[u64]) -> (u64, usize, PageSize) {
        let mut sizes = cycle.iter().copied().cycle();
        let mut page = PageSize::first();
        for _ in 0..20 {
            page = PageSize::after(sizes.by_ref().take(page.rows));
        }
        let (with, apart): (Vec<u64>, Vec<u64>) = sizes.take(page.rows).partition(|&size| size <= page.whole_to);
        (with.iter().map(|size| ROW + size).sum(), apart.len(), page)
    }

    #[test]
    fn sessions_of_similar_size_are_read_with_their_page() {
        for cycle in
            [&[257][..], &[1_200, 1_600, 2_000, 2_400, 2_800], &[900, 1_100, 3_000, 7_000], &[20_000], &[60_000]]
        {
            let (bytes, apart, page) = settled(cycle);
            assert_eq!(apart, 0, "{cycle:?}: {page:?}");
            assert!(bytes <= MAX_BYTES, "{cycle:?}: {bytes}");
        }
        // A megabyte, if the limits of the number of rows allow it.
        let (bytes, _, page) = settled(&[1_200, 1_600, 2_000, 2_400, 2_800]);
        assert!((PAGE * 9 / 10..=PAGE * 11 / 10).contains(&bytes), "{bytes}: {page:?}");
    }

    #[test]
    fn much_larger_sessions_are_read_separately() {
        let mut cycle = vec![2_000; 499];
        cycle.push(256 << 10);
        let (bytes, apart, page) = settled(&cycle);
        assert!(apart <= 1 && page.rows > 250, "{apart} of {page:?}");
        assert!(bytes <= PAGE, "{bytes}");
        let (_, apart, page) = settled(&[16 << 20]);
        assert_eq!((apart, page), (64, PageSize::first()));
    }

    #[test]
    fn the_page_size_stays_within_its_limits() {
        for before in [0, 1, 257, 2_000, 1 << 20, u64::MAX / 4096] {
            let page = PageSize::after([before; 100]);
            assert!(page.rows as u64 * page.whole_to <= MAX_BYTES, "{before}: {page:?}");
        }
        assert_eq!(PageSize::after([]), PageSize::first());
    }
}
