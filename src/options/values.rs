//! The values of options as people write them: durations, sizes, shares, columns.

use std::time::Duration;

/// The longest duration that is taken: a hundred years of 366 days.
const LONGEST: Duration = Duration::from_secs(100 * 366 * 86_400);

/// A column and its name, as in `--columns`.
pub fn column(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((which, name)) if !name.is_empty() => Ok((which.trim().to_owned(), name.to_owned())),
        _ => Err("write COLUMN=NAME, for example id=SESSION_ID".to_owned()),
    }
}

/// A duration as people write it.
pub fn duration(text: &str) -> Result<Duration, String> {
    if text.parse::<u64>().is_ok_and(|n| n > 0) {
        return Err(format!("add a unit: {text}s, {text}m, {text}h or {text}d"));
    }
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    let duration = humantime::parse_duration(text).map_err(|e| format!("{e}; write 90s, 30m, 12h or 7d"))?;
    // What is longer would leave the numbers that servers and clocks count with.
    if duration > LONGEST {
        Err("the maximum is 100 years; write 90s, 30m, 12h or 7d".to_owned())
    } else {
        Ok(duration)
    }
}

/// A number of bytes as people write it.
pub fn size(text: &str) -> Result<u64, String> {
    text.parse::<bytesize::ByteSize>().map(|size| size.as_u64()).map_err(|_| "write 500, 10KB, 64KiB or 1MB".to_owned())
}

/// A share, as `0.5` or `50%`.
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
    fn shares() {
        assert_eq!(fraction("50%"), Ok(0.5));
        assert_eq!(fraction("0.25"), Ok(0.25));
        assert_eq!(fraction("1"), Ok(1.0));
        for wrong in ["2", "-1", "150%", "half", "NaN", ""] {
            assert!(fraction(wrong).is_err(), "{wrong}");
        }
    }
}
