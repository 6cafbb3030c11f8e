//! When a session is expired.

use serde::Serialize;

use super::EpochMillis;

/// The longest `max_inactive` that is told apart from longer ones, in seconds (285 million years).
///
/// It keeps `max_inactive * 1000`, and `now` minus that, inside 64 bits in every engine: SQL has
/// no wider integer, and an overflow there fails the whole statement (MySQL error 1690, SQL Server
/// error 8115). The SQL files clamp at the same number, so that both rules judge alike.
pub const MAX_INACTIVE_CLAMP: i64 = 9_000_000_000_000_000;

/// What can be said of a session from its columns alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum Verdict {
    /// Expires at `until` unless it is used before.
    Live { until: EpochMillis },
    /// Has been expired since `since`.
    Expired { since: EpochMillis },
    /// `max_inactive` is zero or below.
    #[serde(rename = "never")]
    NeverExpires,
    /// Not expired, but `valid_session` is not `'1'`, or a column that judges it is NULL: nothing
    /// that Tomcat writes.
    Invalid,
}

impl Verdict {
    /// Judges the columns of one row at `now`.
    ///
    /// A session is expired when `max_inactive > 0` and `last_access + max_inactive * 1000 < now`,
    /// which is the preselection of Tomcat's `DataSourceStore.expiredKeys` plus the condition on
    /// `max_inactive` that Tomcat itself has only from 10.1.60 on. `valid_session` has no part in
    /// it: Tomcat expires rows whatever stands there.
    pub fn of(
        valid: Option<&str>,
        max_inactive: Option<i64>,
        last_access: Option<EpochMillis>,
        now: EpochMillis,
    ) -> Verdict {
        let (Some(max_inactive), Some(last_access)) = (max_inactive, last_access) else {
            return Verdict::Invalid;
        };
        let end = expired_at(max_inactive, last_access);
        match end {
            Some(since) if since < now => Verdict::Expired { since },
            _ if valid.map(str::trim) != Some("1") => Verdict::Invalid,
            Some(until) => Verdict::Live { until },
            None => Verdict::NeverExpires,
        }
    }

    /// The word for it in filters and machine formats.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Live { .. } => "live",
            Verdict::Expired { .. } => "expired",
            Verdict::NeverExpires => "never",
            Verdict::Invalid => "invalid",
        }
    }

    /// When the session expires or expired, where that can be said.
    pub fn expires_at(self) -> Option<EpochMillis> {
        match self {
            Verdict::Live { until } => Some(until),
            Verdict::Expired { since } => Some(since),
            Verdict::NeverExpires | Verdict::Invalid => None,
        }
    }
}

/// The moment after which a session is expired; `None` when it never expires.
///
/// `max_inactive` in seconds. Saturates at the latest point that can be written.
pub fn expired_at(max_inactive: i64, last_access: EpochMillis) -> Option<EpochMillis> {
    (max_inactive > 0).then(|| {
        let allowed = max_inactive.min(MAX_INACTIVE_CLAMP) * 1000;
        EpochMillis(last_access.0.saturating_add(allowed))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(max_inactive: i64, last_access: i64, now: i64) -> &'static str {
        Verdict::of(Some("1"), Some(max_inactive), Some(EpochMillis(last_access)), EpochMillis(now)).word()
    }

    #[test]
    fn the_end_itself_is_still_live() {
        assert_eq!(judge(10, 5_000, 15_000), "live");
        assert_eq!(judge(10, 5_000, 15_001), "expired");
    }

    #[test]
    fn zero_and_below_never_expires() {
        for max in [0, -1, i64::MIN] {
            assert_eq!(judge(max, 1, i64::MAX), "never");
        }
    }

    #[test]
    fn no_number_overflows() {
        assert_eq!(judge(i64::MAX, i64::MAX, i64::MAX), "live");
        assert_eq!(judge(i64::MAX, 0, 1_800_000_000_000), "live");
        assert_eq!(judge(1, i64::MIN, 0), "expired");
        assert_eq!(judge(i64::MAX, i64::MIN, 1_800_000_000_000), "expired");
    }

    #[test]
    fn time_judges_before_the_valid_flag() {
        let of = |valid, now| Verdict::of(valid, Some(1), Some(EpochMillis(0)), EpochMillis(now)).word();
        assert_eq!(of(Some("0"), 2_000), "expired");
        assert_eq!(of(Some("0"), 500), "invalid");
        assert_eq!(of(None, 500), "invalid");
        assert_eq!(of(Some("1"), 500), "live");
    }

    #[test]
    fn a_row_that_cannot_be_judged_is_never_expired() {
        assert_eq!(Verdict::of(Some("1"), None, Some(EpochMillis(0)), EpochMillis(9)), Verdict::Invalid);
        assert_eq!(Verdict::of(Some("1"), Some(1), None, EpochMillis(9)), Verdict::Invalid);
    }
}
