//! Dates: `java.util.Date` and its subclasses, and `java.time`, whose classes are all written as `java.time.Ser` (its
//! source documents the bytes). Formatted as ISO 8601; instants are in UTC.

use jiff::Timestamp;

use super::super::bytes::Bytes;
use super::super::modified_utf8;
use super::super::tree::{NodeId, Tree, Value};

/// The classes that `java.time.Ser` represents, by their type bytes from 1.
const SER: [&str; 14] = [
    "Duration",
    "Instant",
    "LocalDate",
    "LocalTime",
    "LocalDateTime",
    "ZonedDateTime",
    "ZoneRegion",
    "ZoneOffset",
    "OffsetTime",
    "OffsetDateTime",
    "Year",
    "YearMonth",
    "MonthDay",
    "Period",
];

/// The class of a `java.time.Ser` after it has been read.
pub(super) fn class(tree: &Tree<'_>, id: NodeId) -> Option<String> {
    let [Value::Block(span), ..] = *tree.annotation(tree.levels(id).first()?) else { return None };
    let kind = usize::from(*span.of(tree.bytes()).first()?);
    SER.get(kind.checked_sub(1)?).map(|name| format!("java.time.{name}"))
}

pub(super) fn text_of(tree: &Tree<'_>, id: NodeId, class: &str) -> Option<String> {
    match class {
        "java.time.Ser" => {
            let [Value::Block(span), ..] = *tree.annotation(tree.levels(id).first()?) else { return None };
            let mut bytes = Bytes::new(span.of(tree.bytes()));
            let kind = bytes.u8("").ok()?;
            time(&mut bytes, kind)
        }
        "java.util.Date" | "java.sql.Timestamp" | "java.sql.Date" | "java.sql.Time" => {
            let date = tree.levels(id).iter().find(|level| tree.is(level.class, "java.util.Date"))?;
            let [Value::Block(span), ..] = *tree.annotation(date) else { return None };
            let ms = i64::from_be_bytes(*span.of(tree.bytes()).first_chunk()?);
            let nanos = match tree.field(id, "nanos") {
                Some(Value::Int(n)) => n,
                _ => i32::try_from(ms.rem_euclid(1000) * 1_000_000).ok()?,
            };
            Some(moment(ms.div_euclid(1000), nanos))
        }
        _ => None,
    }
}

/// An instant; only the seconds if it is outside the calendar.
fn moment(seconds: i64, nanos: i32) -> String {
    match Timestamp::new(seconds, 0) {
        Ok(at) => format!("{}{}Z", at.to_string().trim_end_matches('Z'), fraction(nanos)),
        Err(_) => format!("{seconds}s {nanos}ns after 1970"),
    }
}

fn time(bytes: &mut Bytes<'_>, kind: u8) -> Option<String> {
    let int = |bytes: &mut Bytes<'_>| bytes.i32("").ok();
    Some(match kind {
        1 => {
            let (seconds, nanos) = (bytes.i64("").ok()?, int(bytes)?);
            duration(seconds, nanos)
        }
        2 => moment(bytes.i64("").ok()?, int(bytes)?),
        3 => date(bytes)?,
        4 => clock(bytes)?,
        5 => date_time(bytes)?,
        6 => {
            let (local, offset) = (date_time(bytes)?, offset(bytes)?);
            // A zone is a region or an offset, and contains no other zone.
            let kind = bytes.u8("").ok().filter(|kind| matches!(kind, 7 | 8))?;
            match time(bytes, kind)? {
                zone if zone == offset => format!("{local}{offset}"),
                zone => format!("{local}{offset}[{zone}]"),
            }
        }
        7 => {
            let length = bytes.u16("").ok()?;
            let span = bytes.span(u64::from(length), "").ok()?;
            modified_utf8::text(span.of(bytes.all())).into_owned()
        }
        8 => offset(bytes)?,
        9 => format!("{}{}", clock(bytes)?, offset(bytes)?),
        10 => format!("{}{}", date_time(bytes)?, offset(bytes)?),
        11 => year(int(bytes)?),
        12 => format!("{}-{:02}", year(int(bytes)?), bytes.u8("").ok()?),
        13 => format!("--{:02}-{:02}", bytes.u8("").ok()?, bytes.u8("").ok()?),
        14 => match (int(bytes)?, int(bytes)?, int(bytes)?) {
            (0, 0, 0) => "P0D".to_owned(),
            (years, months, days) => {
                let parts = [(years, 'Y'), (months, 'M'), (days, 'D')];
                let numbers = parts.iter().filter(|(n, _)| *n != 0).map(|(n, unit)| format!("{n}{unit}"));
                format!("P{}", numbers.collect::<String>())
            }
        },
        _ => return None,
    })
}

fn year(n: i32) -> String {
    match n {
        0..=9999 => format!("{n:04}"),
        10_000.. => format!("+{n}"),
        _ => format!("-{:04}", n.unsigned_abs()),
    }
}

fn date(bytes: &mut Bytes<'_>) -> Option<String> {
    let (y, m, d) = (bytes.i32("").ok()?, bytes.u8("").ok()?, bytes.u8("").ok()?);
    Some(format!("{}-{m:02}-{d:02}", year(y)))
}

fn date_time(bytes: &mut Bytes<'_>) -> Option<String> {
    Some(format!("{}T{}", date(bytes)?, clock(bytes)?))
}

/// A LocalTime: it ends with the last part that is not zero, whose bits are inverted.
fn clock(bytes: &mut Bytes<'_>) -> Option<String> {
    let mut parts = [0_u8; 3];
    let mut nanos = 0;
    let mut whole = true;
    for part in &mut parts {
        let byte = bytes.take::<1>("").ok().map(i8::from_be_bytes)?;
        if byte < 0 {
            *part = (!byte) as u8;
            whole = false;
            break;
        }
        *part = byte as u8;
    }
    if whole {
        nanos = bytes.i32("").ok()?;
    }
    let [h, m, s] = parts;
    let seconds = if s > 0 || nanos > 0 { format!(":{s:02}{}", fraction(nanos)) } else { String::new() };
    Some(format!("{h:02}:{m:02}{seconds}"))
}

/// Three, six or nine digits, as java.time prints them.
fn fraction(nanos: i32) -> String {
    match nanos {
        0 => String::new(),
        n if n % 1_000_000 == 0 => format!(".{:03}", n / 1_000_000),
        n if n % 1_000 == 0 => format!(".{:06}", n / 1_000),
        n => format!(".{n:09}"),
    }
}

/// Like `Duration.toString`: hours, minutes and seconds; the nanoseconds are added to the seconds.
fn duration(seconds: i64, nanos: i32) -> String {
    if seconds == 0 && nanos == 0 {
        return "PT0S".to_owned();
    }
    let negative = seconds < 0 && nanos > 0;
    let whole = if negative { seconds + 1 } else { seconds };
    let mut out = "PT".to_owned();
    for (n, unit) in [(whole / 3600, 'H'), (whole % 3600 / 60, 'M')] {
        if n != 0 {
            out.push_str(&format!("{n}{unit}"));
        }
    }
    let rest = whole % 60;
    if rest == 0 && nanos == 0 {
        return out;
    }
    out.push_str(if negative && rest == 0 { "-" } else { "" });
    let billionths = if negative { 1_000_000_000_i64.saturating_sub(i64::from(nanos)) } else { i64::from(nanos) };
    let fraction = if nanos == 0 { String::new() } else { format!(".{billionths:09}") };
    let fraction = fraction.trim_end_matches('0').to_owned();
    out.push_str(&format!("{rest}{fraction}S"));
    out
}

/// A ZoneOffset: quarters of an hour, or 127 followed by seconds.
fn offset(bytes: &mut Bytes<'_>) -> Option<String> {
    let seconds = match bytes.take::<1>("").ok().map(i8::from_be_bytes)? {
        127 => bytes.i32("").ok()?,
        quarters => i32::from(quarters) * 900,
    };
    if seconds == 0 {
        return Some("Z".to_owned());
    }
    let (sign, n) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs());
    let rest = if n % 60 > 0 { format!(":{:02}", n % 60) } else { String::new() };
    Some(format!("{sign}{:02}:{:02}{rest}", n / 3600, n / 60 % 60))
}
