//! Totals over sessions, in memory that does not depend on their number.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;
use serde::Serialize;

use super::{EpochMillis, SessionMeta, SessionState};

/// Running totals by application. Memory depends on the number of applications, not on the number of sessions.
#[derive(Debug, Default)]
pub struct Totals {
    apps: BTreeMap<Option<String>, Tally>,
}

#[derive(Debug)]
struct Tally {
    sessions: u64,
    live: u64,
    expired: u64,
    never: u64,
    invalid: u64,
    bytes: u64,
    oldest_expired: Option<EpochMillis>,
    sizes: Spread,
    idle: Spread,
}

/// Upper limits of the idle time buckets, in milliseconds: 1m 5m 30m 1h 6h 1d 7d. Tomcat's default timeout is 30
/// minutes.
pub const IDLE_BOUNDS: [u64; 7] = [60_000, 300_000, 1_800_000, 3_600_000, 21_600_000, 86_400_000, 604_800_000];
/// Upper limits of the size buckets, in bytes: 1K 4K 16K 64K 256K 1M 4M. MySQL's BLOB holds 64K.
pub const SIZE_BOUNDS: [u64; 7] = [1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20];

/// Histogram for percentiles, the exact maximum (the histogram knows only its bucket), and the counts of the
/// displayed buckets.
#[derive(Debug)]
struct Spread {
    histogram: Histogram<u64>,
    max: u64,
    bounds: &'static [u64; 7],
    /// One more than there are limits: the last count has no upper limit.
    counts: [u64; 8],
}

impl Spread {
    fn new(bounds: &'static [u64; 7]) -> Spread {
        // With two significant digits, it grows to at most 50 KB over the whole range of u64.
        let mut histogram = Histogram::new(2).unwrap_or_else(|_| unreachable!("2 is within hdrhistogram's 0 to 5"));
        histogram.auto(true);
        Spread { histogram, max: 0, bounds, counts: [0; 8] }
    }

    fn add(&mut self, value: u64) {
        self.max = self.max.max(value);
        // The histogram resizes itself, so recording cannot fail.
        let _ = self.histogram.record(value);
        self.counts[self.bounds.partition_point(|bound| *bound <= value)] += 1;
    }

    fn merge(&mut self, other: &Spread) {
        self.max = self.max.max(other.max);
        // Both resize themselves, so adding cannot fail.
        let _ = self.histogram.add(&other.histogram);
        self.counts.iter_mut().zip(other.counts).for_each(|(count, more)| *count += more);
    }

    fn report(&self) -> Distribution {
        let at = |q| self.histogram.value_at_quantile(q).min(self.max);
        let ends = self.bounds.iter().copied().map(Some).chain([None]);
        let buckets = ends.zip(self.counts).map(|(below, sessions)| Bucket { below, sessions }).collect();
        Distribution { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: self.max, buckets }
    }
}

/// Totals of one application, or of all applications.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AppTotals {
    /// `app_name`; `null` for rows without an application.
    pub app_name: Option<String>,
    pub sessions: u64,
    pub live: u64,
    pub expired: u64,
    pub never_expiring: u64,
    pub invalid: u64,
    /// Bytes of `session_data`.
    pub bytes: u64,
    /// The longest time that a session has been expired, in milliseconds.
    pub oldest_expired_ms: Option<u64>,
    /// Bytes of `session_data` of one session.
    pub size_bytes: Distribution,
    /// Milliseconds since `last_access`.
    pub idle_ms: Distribution,
}

/// Percentiles, accurate to one percent; the maximum and the buckets are exact.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Distribution {
    pub p50: u64,
    pub p95: u64,
    pub p99: u64,
    pub max: u64,
    pub buckets: Vec<Bucket>,
}

/// Number of sessions between the limit of the previous bucket and the limit of this one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bucket {
    /// Upper limit; `null` for the last bucket, which has none.
    pub below: Option<u64>,
    pub sessions: u64,
}

impl Tally {
    fn new() -> Tally {
        Tally {
            sessions: 0,
            live: 0,
            expired: 0,
            never: 0,
            invalid: 0,
            bytes: 0,
            oldest_expired: None,
            sizes: Spread::new(&SIZE_BOUNDS),
            idle: Spread::new(&IDLE_BOUNDS),
        }
    }

    fn add(&mut self, session: &SessionMeta, now: EpochMillis) {
        self.sessions += 1;
        self.bytes = self.bytes.saturating_add(session.size.unwrap_or(0));
        match session.state_at(now) {
            SessionState::Live { .. } => self.live += 1,
            SessionState::NeverExpires => self.never += 1,
            SessionState::Invalid => self.invalid += 1,
            SessionState::Expired { since } => {
                self.expired += 1;
                self.oldest_expired = Some(self.oldest_expired.map_or(since, |at| at.min(since)));
            }
        }
        self.sizes.add(session.size.unwrap_or(0));
        if let Some(idle) = session.idle_ms(now) {
            self.idle.add(idle);
        }
    }

    fn merge(&mut self, other: &Tally) {
        self.sessions += other.sessions;
        self.live += other.live;
        self.expired += other.expired;
        self.never += other.never;
        self.invalid += other.invalid;
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.oldest_expired = match (self.oldest_expired, other.oldest_expired) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.sizes.merge(&other.sizes);
        self.idle.merge(&other.idle);
    }

    fn report(&self, app_name: Option<String>, now: EpochMillis) -> AppTotals {
        AppTotals {
            app_name,
            sessions: self.sessions,
            live: self.live,
            expired: self.expired,
            never_expiring: self.never,
            invalid: self.invalid,
            bytes: self.bytes,
            oldest_expired_ms: self.oldest_expired.map(|at| now.since(at)),
            size_bytes: self.sizes.report(),
            idle_ms: self.idle.report(),
        }
    }
}

impl Totals {
    /// Counts `session`, in its state at the time `now`.
    pub fn add(&mut self, session: &SessionMeta, now: EpochMillis) {
        if !self.apps.contains_key(&session.key.app) {
            self.apps.insert(session.key.app.clone(), Tally::new());
        }
        if let Some(tally) = self.apps.get_mut(&session.key.app) {
            tally.add(session, now);
        }
    }

    /// Totals of each application, sorted by name.
    pub fn by_app(&self, now: EpochMillis) -> Vec<AppTotals> {
        self.apps.iter().map(|(app, tally)| tally.report(app.clone(), now)).collect()
    }

    /// Totals of all applications together.
    pub fn all(&self, now: EpochMillis) -> AppTotals {
        let mut all = Tally::new();
        self.apps.values().for_each(|tally| all.merge(tally));
        all.report(None, now)
    }
}

#[cfg(test)]
mod tests {
    use super::super::SessionKey;
    use super::*;

    fn row(app: &str, max_inactive: i64, last_access: i64, size: u64) -> SessionMeta {
        SessionMeta {
            key: SessionKey::new(Some(app.to_owned()), "0A"),
            valid: Some("1".to_owned()),
            max_inactive: Some(max_inactive),
            last_access: Some(EpochMillis(last_access)),
            size: Some(size),
        }
    }

    #[test]
    fn totals_by_application_and_together() {
        let now = EpochMillis(100_000);
        let mut totals = Totals::default();
        totals.add(&row("a", 10, 50_000, 100), now);
        totals.add(&row("a", 10, 20_000, 300), now);
        totals.add(&row("b", 0, 20_000, 50), now);
        totals.add(&row("b", 90, 99_000, 50), now);
        let apps = totals.by_app(now);
        assert_eq!(apps.len(), 2);
        assert_eq!((apps[0].expired, apps[0].bytes, apps[0].oldest_expired_ms), (2, 400, Some(70_000)));
        assert_eq!((apps[1].never_expiring, apps[1].live, apps[1].oldest_expired_ms), (1, 1, None));
        let all = totals.all(now);
        assert_eq!((all.sessions, all.bytes), (4, 500));
        let sizes = all.size_bytes;
        assert_eq!((sizes.p50, sizes.p95, sizes.p99, sizes.max), (50, 300, 300, 300));
    }

    #[test]
    fn extreme_values_are_counted() {
        let now = EpochMillis(i64::MAX);
        let mut totals = Totals::default();
        totals.add(&row("a", 1, i64::MIN, u64::MAX), now);
        let all = totals.all(now);
        assert_eq!((all.expired, all.bytes), (1, u64::MAX));
        assert!(all.idle_ms.max > 0);
    }

    #[test]
    fn totals_of_no_sessions_are_zero() {
        let all = Totals::default().all(EpochMillis(0));
        assert_eq!((all.size_bytes.p50, all.size_bytes.max), (0, 0));
        assert!(all.size_bytes.buckets.iter().all(|bucket| bucket.sessions == 0));
    }

    #[test]
    fn a_bucket_excludes_its_upper_limit() {
        let now = EpochMillis(10_000_000_000);
        let mut totals = Totals::default();
        for (idle, size) in
            [(0, 0), (59_999, 1023), (60_000, 1024), (604_799_999, (4 << 20) - 1), (604_800_000, u64::MAX)]
        {
            totals.add(&row(if size == 0 { "a" } else { "b" }, 0, now.0 - idle, size), now);
        }
        let all = totals.all(now);
        let counts = |of: &Distribution| of.buckets.iter().map(|bucket| bucket.sessions).collect::<Vec<_>>();
        assert_eq!(counts(&all.idle_ms), [2, 1, 0, 0, 0, 0, 1, 1]);
        assert_eq!(counts(&all.size_bytes), [2, 1, 0, 0, 0, 0, 1, 1]);
        assert_eq!(all.idle_ms.buckets.last().map(|bucket| bucket.below), Some(None));
    }
}
