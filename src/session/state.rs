//! When a session is expired.

use serde::Serialize;

use super::EpochMillis;

/// Largest `max_inactive` in seconds that is distinguished from larger ones (285 million years).
///
/// It keeps `max_inactive * 1000`, and `now` minus that, within 64 bits in every engine: SQL has no larger integer
/// type, and an overflow makes the whole statement fail (MySQL error 1690, SQL Server error 8115). The SQL files
/// clamp to the same number, so that both give the same result.
pub const MAX_INACTIVE_CLAMP: i64 = 9_000_000_000_000_000;

/// State of a session, derived from its columns alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum SessionState {
    /// Expires at `until` unless it is accessed before.
    Live { until: EpochMillis },
    /// Expired at `since`.
    Expired { since: EpochMillis },
    /// `max_inactive` is 0 or less.
    #[serde(rename = "never")]
    NeverExpires,
    /// Not expired, but `valid_session` is not `'1'`, or a column that is needed to evaluate it is NULL. Tomcat never
    /// writes such a row.
    Invalid,
}

impl SessionState {
    /// Derives the state from the columns of one row at the time `now`.
    ///
    /// A session is expired if `max_inactive > 0` and `last_access + max_inactive * 1000 < now`. That is the
    /// condition of Tomcat's `DataSourceStore.expiredKeys`, plus the condition on `max_inactive`, which Tomcat has
    /// only from 10.1.60 on. `valid_session` is irrelevant: Tomcat expires rows regardless of its value.
    pub fn of(
        valid: Option<&str>,
        max_inactive: Option<i64>,
        last_access: Option<EpochMillis>,
        now: EpochMillis,
    ) -> SessionState {
        let (Some(max_inactive), Some(last_access)) = (max_inactive, last_access) else {
            return SessionState::Invalid;
        };
        let end = expired_at(max_inactive, last_access);
        match end {
            Some(since) if since < now => SessionState::Expired { since },
            _ if valid.map(str::trim) != Some("1") => SessionState::Invalid,
            Some(until) => SessionState::Live { until },
            None => SessionState::NeverExpires,
        }
    }

    /// Name of the state in filters and machine formats.
    pub fn as_str(self) -> &'static str {
        match self {
            SessionState::Live { .. } => "live",
            SessionState::Expired { .. } => "expired",
            SessionState::NeverExpires => "never",
            SessionState::Invalid => "invalid",
        }
    }

    /// Expiry time, past or future, if the session has one.
    pub fn expires_at(self) -> Option<EpochMillis> {
        match self {
            SessionState::Live { until } => Some(until),
            SessionState::Expired { since } => Some(since),
            SessionState::NeverExpires | SessionState::Invalid => None,
        }
    }
}

/// The time after which a session is expired; `None` if it never expires.
///
/// `max_inactive` is in seconds. Saturates at the latest representable time.
pub fn expired_at(max_inactive: i64, last_access: EpochMillis) -> Option<EpochMillis> {
    (max_inactive > 0).then(|| {
        let allowed = max_inactive.min(MAX_INACTIVE_CLAMP) * 1000;
        EpochMillis(last_access.0.saturating_add(allowed))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evaluate(max_inactive: i64, last_access: i64, now: i64) -> &'static str {
        SessionState::of(Some("1"), Some(max_inactive), Some(EpochMillis(last_access)), EpochMillis(now)).as_str()
    }

    #[test]
    fn a_session_is_live_at_its_expiry_time() {
        assert_eq!(evaluate(10, 5_000, 15_000), "live");
        assert_eq!(evaluate(10, 5_000, 15_001), "expired");
    }

    #[test]
    fn zero_and_below_never_expires() {
        for max in [0, -1, i64::MIN] {
            assert_eq!(evaluate(max, 1, i64::MAX), "never");
        }
    }

    #[test]
    fn no_number_overflows() {
        assert_eq!(evaluate(i64::MAX, i64::MAX, i64::MAX), "live");
        assert_eq!(evaluate(i64::MAX, 0, 1_800_000_000_000), "live");
        assert_eq!(evaluate(1, i64::MIN, 0), "expired");
        assert_eq!(evaluate(i64::MAX, i64::MIN, 1_800_000_000_000), "expired");
    }

    #[test]
    fn expiry_takes_precedence_over_the_valid_flag() {
        let of = |valid, now| SessionState::of(valid, Some(1), Some(EpochMillis(0)), EpochMillis(now)).as_str();
        assert_eq!(of(Some("0"), 2_000), "expired");
        assert_eq!(of(Some("0"), 500), "invalid");
        assert_eq!(of(None, 500), "invalid");
        assert_eq!(of(Some("1"), 500), "live");
    }

    #[test]
    fn a_row_with_null_times_is_never_expired() {
        assert_eq!(SessionState::of(Some("1"), None, Some(EpochMillis(0)), EpochMillis(9)), SessionState::Invalid);
        assert_eq!(SessionState::of(Some("1"), Some(1), None, EpochMillis(9)), SessionState::Invalid);
    }
}
