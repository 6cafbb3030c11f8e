//! Parses the values of options: durations, sizes, shares, columns.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::session::EpochMillis;

/// Maximum duration: a hundred years of 366 days.
const LONGEST: Duration = Duration::from_secs(100 * 366 * 86_400);

/// Parses a column and its name in `--columns`.
pub fn column(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((which, name)) if !name.is_empty() => Ok((which.trim().to_owned(), name.to_owned())),
        _ => Err("write COLUMN=NAME, for example id=SESSION_ID".to_owned()),
    }
}

/// The columns that `list` can show, by their names in `--columns`.
pub const LIST_COLUMNS: [&str; 12] = [
    "id",
    "app",
    "state",
    "user",
    "route",
    "valid",
    "max-inactive",
    "last-access",
    "idle",
    "expires",
    "size",
    "restorable",
];

/// Parses either a column with its name in the table, or a column to show, which is returned with an empty first name.
pub fn column_or_name(text: &str) -> Result<(String, String), String> {
    match text.trim() {
        "" => column(text),
        name if !name.contains('=') => Ok((String::new(), name.to_owned())),
        _ => column(text),
    }
}

/// A time in an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeArgument {
    At(EpochMillis),
    /// This long before the start of the run.
    Ago(Duration),
}

impl TimeArgument {
    /// The time, in a run that started at `now`.
    pub fn at(self, now: EpochMillis) -> EpochMillis {
        match self {
            TimeArgument::At(at) => at,
            TimeArgument::Ago(time) => now.before(time),
        }
    }
}

/// Parses a time: RFC 3339, a date or a time in the local time zone, or a duration before now.
pub fn moment(text: &str) -> Result<TimeArgument, String> {
    const FORMS: &str = "write 2026-11-26T09:30:00Z, '2026-11-26 09:30' or 2026-11-26 in local time, or a duration such as 30m for 30 minutes ago";
    let at = |at: Timestamp| TimeArgument::At(EpochMillis(at.as_millisecond()));
    if let Ok(zoned) = text.parse::<Timestamp>() {
        return Ok(at(zoned));
    }
    // A duration also begins with a number, but has at most one hyphen.
    if text.matches('-').count() >= 2 {
        let local = text.parse::<DateTime>().map_err(|_| FORMS.to_owned())?;
        return local.to_zoned(TimeZone::system()).map(|zoned| at(zoned.timestamp())).map_err(|_| FORMS.to_owned());
    }
    duration(text).map(TimeArgument::Ago).map_err(|_| FORMS.to_owned())
}

/// Parses a duration.
pub fn duration(text: &str) -> Result<Duration, String> {
    if text.parse::<u64>().is_ok_and(|n| n > 0) {
        return Err(format!("add a unit: {text}s, {text}m, {text}h or {text}d"));
    }
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    let duration = humantime::parse_duration(text).map_err(|e| format!("{e}; write 90s, 30m, 12h or 7d"))?;
    // A longer duration could overflow the numbers of servers and clocks.
    if duration > LONGEST {
        Err("the maximum is 100 years; write 90s, 30m, 12h or 7d".to_owned())
    } else {
        Ok(duration)
    }
}

/// Parses a number of bytes.
pub fn size(text: &str) -> Result<u64, String> {
    text.parse::<bytesize::ByteSize>().map(|size| size.as_u64()).map_err(|_| "write 500, 10KB, 64KiB or 1MB".to_owned())
}

/// Parses a share such as `0.5` or `50%`.
pub fn fraction(text: &str) -> Result<f64, String> {
    let (number, unit) = text.strip_suffix('%').map_or((text, 1.0), |n| (n, 100.0));
    match number.trim().parse::<f64>().map(|n| n / unit) {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("write a share such as 0.5 or 50%".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        let at = |ms| Ok(TimeArgument::At(EpochMillis(ms)));
        assert_eq!(moment("1970-01-01T00:00:01Z"), at(1_000));
        assert_eq!(moment("1970-01-01T01:00:01.5+01:00"), at(1_500));
        assert_eq!(moment("30m"), Ok(TimeArgument::Ago(Duration::from_secs(1800))));
        assert_eq!(moment("0"), Ok(TimeArgument::Ago(Duration::ZERO)));
        for local in ["2026-11-26", "2026-11-26 09:30", "2026-11-26T09:30:15"] {
            assert!(matches!(moment(local), Ok(TimeArgument::At(_))), "{local}");
        }
        for wrong in ["", "yesterday", "2026-13-01", "2026-11-26 25:00", "30", "1795360000000", "-5m"] {
            assert!(moment(wrong).is_err_and(|error| error.contains("2026-11-26T09:30:00Z")), "{wrong}");
        }
        assert_eq!(TimeArgument::Ago(Duration::from_secs(1)).at(EpochMillis(5_000)), EpochMillis(4_000));
        assert_eq!(TimeArgument::At(EpochMillis(7)).at(EpochMillis(5_000)), EpochMillis(7));
    }

    #[test]
    fn columns_and_names() {
        let pair = |a: &str, b: &str| Ok((a.to_owned(), b.to_owned()));
        assert_eq!(column_or_name("id=SESSION"), pair("id", "SESSION"));
        assert_eq!(column_or_name("user"), pair("", "user"));
        assert!(column_or_name("").is_err() && column_or_name("id=").is_err() && column("user").is_err());
    }

    #[test]
    fn shares() {
        assert_eq!(fraction("50%"), Ok(0.5));
        assert_eq!(fraction("0.25"), Ok(0.25));
        assert_eq!(fraction("1"), Ok(1.0));
        for wrong in ["2", "-1", "150%", "half", "NaN", ""] {
            assert!(fraction(wrong).is_err(), "{wrong}");
        }
    }
}
