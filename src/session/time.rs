//! Epoch milliseconds, the unit of `last_access`.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A point in time as Java's `System.currentTimeMillis()` counts it: milliseconds since 1970-01-01T00:00:00Z. The
/// column can contain any `i64`, so no operation here overflows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EpochMillis(pub i64);

impl EpochMillis {
    /// Milliseconds from `earlier` to `self`; 0 if `earlier` is later.
    pub fn since(self, earlier: EpochMillis) -> u64 {
        if earlier >= self { 0 } else { self.0.abs_diff(earlier.0) }
    }

    /// RFC 3339 in UTC; `None` if the time is outside the calendar.
    pub fn rfc3339(self) -> Option<String> {
        let at = Timestamp::from_millisecond(self.0).ok()?;
        Some(at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
    }

    /// This time minus `by`; saturates at the earliest representable time.
    pub fn before(self, by: Duration) -> EpochMillis {
        clamped(i128::from(self.0) - millis(by))
    }

    /// This time plus `by`; saturates at the latest representable time.
    pub fn after(self, by: Duration) -> EpochMillis {
        clamped(i128::from(self.0) + millis(by))
    }

    /// Absolute difference between two times.
    pub fn distance(self, other: EpochMillis) -> Duration {
        Duration::from_millis(self.0.abs_diff(other.0))
    }
}

/// The longest `Duration` has about 2^74 milliseconds.
fn millis(d: Duration) -> i128 {
    i128::try_from(d.as_millis()).unwrap_or(i128::MAX / 2)
}

fn clamped(at: i128) -> EpochMillis {
    EpochMillis(i64::try_from(at).unwrap_or(if at < 0 { i64::MIN } else { i64::MAX }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_rfc_3339() {
        assert_eq!(EpochMillis(1_795_359_940_000).rfc3339().unwrap(), "2026-11-22T15:05:40.000Z");
        assert_eq!(EpochMillis(-1).rfc3339().unwrap(), "1969-12-31T23:59:59.999Z");
        assert_eq!(EpochMillis(i64::MAX).rfc3339(), None);
    }

    #[test]
    fn extreme_times_do_not_overflow() {
        let (first, last) = (EpochMillis(i64::MIN), EpochMillis(i64::MAX));
        assert_eq!(last.since(first), u64::MAX);
        assert_eq!(first.since(last), 0);
        assert_eq!(first.before(Duration::MAX), first);
        assert_eq!(last.before(Duration::MAX), first);
        assert_eq!(last.after(Duration::from_secs(1)), last);
        assert_eq!(first.distance(last), Duration::from_millis(u64::MAX));
    }
}
