//! Chooses the archives to keep, by the rules of `restic forget`. Pure: the times of the archives and the time zone
//! are arguments.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::session::EpochMillis;

/// A number that is never reached.
pub const UNLIMITED: u32 = u32::MAX;

/// How many archives to keep: the newest ones, and the newest one of each period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Retention {
    pub last: u32,
    pub hourly: u32,
    pub daily: u32,
    pub weekly: u32,
    pub monthly: u32,
    pub yearly: u32,
    /// Keep all archives that are at most this much older than the newest one.
    pub within: Option<Duration>,
}

/// Reason for keeping an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeepReason {
    Within,
    Last,
    Hourly,
    Daily,
    Weekly,
    Monthly,
    Yearly,
    /// It is the oldest archive, and fewer periods have archives than are to be kept.
    Oldest,
}

impl KeepReason {
    pub fn as_str(self) -> &'static str {
        match self {
            KeepReason::Within => "within",
            KeepReason::Last => "last",
            KeepReason::Hourly => "hourly",
            KeepReason::Daily => "daily",
            KeepReason::Weekly => "weekly",
            KeepReason::Monthly => "monthly",
            KeepReason::Yearly => "yearly",
            KeepReason::Oldest => "oldest",
        }
    }
}

/// A period: two archives in the same period have equal values.
type Period = (i32, i32);

impl Retention {
    /// Tells whether nothing would be kept.
    pub fn is_empty(&self) -> bool {
        let Retention { last, hourly, daily, weekly, monthly, yearly, within } = self;
        [last, hourly, daily, weekly, monthly, yearly].iter().all(|number| **number == 0) && within.is_none()
    }

    /// The reasons for keeping each of the archives made at these times, the newest first; an archive without a
    /// reason is deleted. Periods are those of `zone`.
    pub fn reasons(&self, made: &[EpochMillis], zone: &TimeZone) -> Vec<Vec<KeepReason>> {
        let mut buckets = [
            (KeepReason::Last, self.last),
            (KeepReason::Hourly, self.hourly),
            (KeepReason::Daily, self.daily),
            (KeepReason::Weekly, self.weekly),
            (KeepReason::Monthly, self.monthly),
            (KeepReason::Yearly, self.yearly),
        ]
        .map(|(reason, left)| Bucket { reason, left, seen: None });
        let newest = made.first().copied();
        let mut all = Vec::with_capacity(made.len());
        for (at, &moment) in made.iter().enumerate() {
            let mut reasons = Vec::new();
            if let (Some(within), Some(newest)) = (self.within, newest)
                && moment >= newest.before(within)
            {
                reasons.push(KeepReason::Within);
            }
            let oldest = at + 1 == made.len();
            for bucket in &mut buckets {
                reasons.extend(bucket.keeps(moment, at, oldest, zone));
            }
            all.push(reasons);
        }
        all
    }
}

/// One of the numbers to keep.
struct Bucket {
    reason: KeepReason,
    left: u32,
    /// Period of the previous archive.
    seen: Option<Period>,
}

impl Bucket {
    fn keeps(&mut self, moment: EpochMillis, at: usize, oldest: bool, zone: &TimeZone) -> Option<KeepReason> {
        if self.left == 0 {
            return None;
        }
        let period = self.period(moment, at, zone);
        let new = self.seen != Some(period);
        if !new && !oldest {
            return None;
        }
        self.seen = Some(period);
        if self.left != UNLIMITED {
            self.left -= 1;
        }
        Some(if new { self.reason } else { KeepReason::Oldest })
    }

    fn period(&self, moment: EpochMillis, at: usize, zone: &TimeZone) -> Period {
        let number = || (i32::try_from(at).unwrap_or(i32::MAX), -1);
        // A time outside the calendar is a period of its own.
        let Ok(moment) = Timestamp::from_millisecond(moment.0) else { return number() };
        let local = moment.to_zoned(zone.clone());
        let (year, month, day) = (i32::from(local.year()), i32::from(local.month()), i32::from(local.day()));
        match self.reason {
            KeepReason::Hourly => (year, (month * 100 + day) * 100 + i32::from(local.hour())),
            KeepReason::Daily => (year, month * 100 + day),
            KeepReason::Weekly => {
                let week = local.date().iso_week_date();
                (i32::from(week.year()), i32::from(week.week()))
            }
            KeepReason::Monthly => (year, month),
            KeepReason::Yearly => (year, 0),
            KeepReason::Last | KeepReason::Within | KeepReason::Oldest => number(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> EpochMillis {
        let zoned: jiff::civil::DateTime = text.parse().unwrap();
        EpochMillis(zoned.to_zoned(TimeZone::UTC).unwrap().timestamp().as_millisecond())
    }

    /// The archives that are kept, by index, with the reasons.
    fn kept(retention: Retention, made: &[&str], zone: &TimeZone) -> String {
        let made: Vec<EpochMillis> = made.iter().map(|text| at(text)).collect();
        let reasons = retention.reasons(&made, zone);
        let kept = reasons.iter().enumerate().filter(|(_, reasons)| !reasons.is_empty());
        let text = |reasons: &[KeepReason]| reasons.iter().map(|r| r.as_str()).collect::<Vec<_>>().join("+");
        kept.map(|(at, reasons)| format!("{at}:{}", text(reasons))).collect::<Vec<_>>().join(" ")
    }

    /// Four archives per day, at 0, 6, 12 and 18 hours, for a number of days before November 26, 2026, the newest
    /// first.
    fn six_hourly(days: i64) -> Vec<String> {
        let newest: jiff::civil::DateTime = "2026-11-26T18:00".parse().unwrap();
        (0..days * 4).map(|n| (newest - jiff::Span::new().hours(6 * n)).to_string()).collect()
    }

    #[test]
    fn the_newest_of_each_period_is_kept() {
        let made = six_hourly(30);
        let made: Vec<&str> = made.iter().map(String::as_str).collect();
        let utc = TimeZone::UTC;
        let only = |change: fn(&mut Retention)| {
            let mut retention = Retention::default();
            change(&mut retention);
            kept(retention, &made, &utc)
        };
        assert_eq!(only(|r| r.last = 3), "0:last 1:last 2:last");
        assert_eq!(only(|r| r.hourly = 2), "0:hourly 1:hourly");
        assert_eq!(only(|r| r.daily = 3), "0:daily 4:daily 8:daily");
        // November 26, 2026 is a Thursday: its week began three days earlier.
        assert_eq!(only(|r| r.weekly = 3), "0:weekly 16:weekly 44:weekly");
        // There are a few days of October; the oldest archive represents the months without archives.
        assert_eq!(only(|r| r.monthly = 2), "0:monthly 104:monthly");
        assert_eq!(only(|r| r.monthly = 5), "0:monthly 104:monthly 119:oldest");
        assert_eq!(only(|r| r.yearly = 1), "0:yearly");
        assert_eq!(only(|r| (r.last, r.daily) = (2, 2)), "0:last+daily 1:last 4:daily");
        assert_eq!(only(|r| r.within = Some(Duration::from_secs(12 * 3600))), "0:within 1:within 2:within");
        assert_eq!(only(|r| r.last = UNLIMITED).split(' ').count(), 120);
    }

    #[test]
    fn periods_without_an_archive_do_not_count() {
        let made = ["2026-11-26T12:00", "2026-11-20T12:00", "2026-11-20T11:00", "2026-08-01T00:00", "2024-02-29T00:00"];
        let retention = Retention { daily: 3, ..Retention::default() };
        assert_eq!(kept(retention, &made, &TimeZone::UTC), "0:daily 1:daily 3:daily");
        let within = Retention { within: Some(Duration::from_secs(7 * 86_400)), ..Retention::default() };
        assert_eq!(kept(within, &made, &TimeZone::UTC), "0:within 1:within 2:within");
        // Counted from the newest archive, not from now: the last archives are never deleted because of their age
        // alone.
        assert_eq!(kept(within, &made[3..], &TimeZone::UTC), "0:within");
    }

    #[test]
    fn periods_are_those_of_the_local_time() {
        // Three archives of one day in UTC, and three of the previous day in New York.
        let made = ["2026-11-26T05:30", "2026-11-26T04:30", "2026-11-26T00:30", "2026-11-25T06:00"];
        let daily = Retention { daily: 2, ..Retention::default() };
        assert_eq!(kept(daily, &made, &TimeZone::UTC), "0:daily 3:daily");
        let new_york = TimeZone::fixed(jiff::tz::offset(-5));
        assert_eq!(kept(daily, &made, &new_york), "0:daily 1:daily");
        // The last days of 2024 belong to the first week of 2025, and to another year.
        let turn = ["2025-01-02T00:00", "2024-12-31T00:00", "2024-12-29T00:00"];
        let weekly = Retention { weekly: 2, ..Retention::default() };
        assert_eq!(kept(weekly, &turn, &TimeZone::UTC), "0:weekly 2:weekly");
        let yearly = Retention { yearly: 1, ..Retention::default() };
        assert_eq!(kept(yearly, &turn, &TimeZone::UTC), "0:yearly");
    }

    #[test]
    fn retention_of_one_archive_and_of_none() {
        let retention = Retention { daily: 1, ..Retention::default() };
        assert_eq!(kept(retention, &[], &TimeZone::UTC), "");
        assert_eq!(kept(retention, &["2026-01-01T00:00"], &TimeZone::UTC), "0:daily");
        assert!(Retention::default().is_empty() && !retention.is_empty());
        assert!(!Retention { within: Some(Duration::ZERO), ..Retention::default() }.is_empty());
        // Times outside every calendar.
        let far = Retention { monthly: 2, ..Retention::default() };
        assert_eq!(far.reasons(&[EpochMillis(i64::MAX), EpochMillis(0)], &TimeZone::UTC).len(), 2);
    }
}
