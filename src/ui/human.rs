//! Numbers for people. Machine formats contain unformatted numbers.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::session::EpochMillis;

/// A duration in its two largest units: `12s`, `3m 20s`, `2h 5m`, `41d 3h`.
pub fn age(ms: u64) -> String {
    let seconds = ms / 1000;
    let parts = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")];
    if seconds == 0 {
        return if ms == 0 { "0s".to_owned() } else { format!("{ms}ms") };
    }
    let largest = parts.iter().position(|(n, _)| *n > 0).unwrap_or(3);
    let mut words = vec![format!("{}{}", parts[largest].0, parts[largest].1)];
    if let Some((n, unit)) = parts.get(largest + 1).filter(|(n, _)| *n > 0) {
        words.push(format!("{n}{unit}"));
    }
    words.join(" ")
}

/// How long a run took, for the end of a sentence: `, in 12s`. The time of a dry run says nothing about a real one.
pub fn took(dry_run: bool, ms: u64) -> String {
    if dry_run { String::new() } else { format!(", in {}", age(ms)) }
}

/// A number of bytes: `812 B`, `2.8 KiB`.
pub fn bytes(n: u64) -> String {
    bytesize::ByteSize::b(n).display().iec().to_string()
}

/// A number with thousands separators: `300,000`.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number with its noun: `1 session`, `41 sessions`.
pub fn plural(n: u64, noun: &str) -> String {
    format!("{} {noun}{}", count(n), if n == 1 { "" } else { "s" })
}

/// The time zone in which times are printed and days begin.
pub fn time_zone(utc: bool) -> TimeZone {
    if utc { TimeZone::UTC } else { TimeZone::system() }
}

/// A time in the local time zone with its offset, or in UTC with a Z; the plain number if it is outside of the
/// calendar's range.
pub fn time(at: EpochMillis, utc: bool) -> String {
    match Timestamp::from_millisecond(at.0) {
        Ok(t) if utc => t.strftime("%Y-%m-%d %H:%M:%SZ").to_string(),
        Ok(t) => t.to_zoned(time_zone(false)).strftime("%Y-%m-%d %H:%M:%S%:z").to_string(),
        Err(_) => at.0.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages() {
        for (ms, text) in [
            (0, "0s"),
            (250, "250ms"),
            (12_999, "12s"),
            (200_000, "3m 20s"),
            (7_500_000, "2h 5m"),
            (3_600_000, "1h"),
            (3_553_200_000, "41d 3h"),
        ] {
            assert_eq!(age(ms), text);
        }
        assert_eq!(age(u64::MAX), "213503982334d 14h");
    }

    #[test]
    fn counts() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(300_000), "300,000");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(plural(1, "session"), "1 session");
    }

    #[test]
    fn a_time_outside_the_calendar_is_shown_as_a_number() {
        assert_eq!(time(EpochMillis(i64::MAX), false), i64::MAX.to_string());
        assert_eq!(time(EpochMillis(i64::MAX), true), i64::MAX.to_string());
        assert_eq!(time(EpochMillis(0), true), "1970-01-01 00:00:00Z");
    }
}
