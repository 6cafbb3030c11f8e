//! The totals by application, as a report.

use serde::Serialize;

use crate::session::{AppTotals, EpochMillis};
use crate::ui::{Head, Page, Report, Table, age, bytes, count, marks};

/// Labels for the upper limits of the buckets of idle times.
pub const IDLE_MARKS: [&str; 8] = ["1m", "5m", "30m", "1h", "6h", "1d", "7d", "+"];
/// Labels for the upper limits of the buckets of sizes; `256` means 256 KiB.
pub const SIZE_MARKS: [&str; 8] = ["1K", "4K", "16K", "64K", "256", "1M", "4M", "+"];

#[derive(Debug, Serialize)]
pub struct Stats {
    /// Epoch milliseconds.
    pub now: EpochMillis,
    pub now_rfc3339: Option<String>,
    pub total: AppTotals,
    pub applications: Vec<AppTotals>,
}

impl Report for Stats {
    const RECORDS: Option<&'static str> = Some("applications");

    /// The page fits into 80 columns, unless application names or numbers are very long.
    fn page(&self, page: &mut Page) {
        let named = self.named();
        page.table(&self.states(&named));
        if self.total.sessions > 0 {
            for table in [idle(&named, page), sizes(&named, page)] {
                page.blank();
                page.table(&table);
            }
        }
    }
}

impl Stats {
    /// The totals of each application with its name, and the totals of all applications.
    pub fn named(&self) -> Vec<(String, &AppTotals)> {
        let name = |t: &AppTotals| t.app_name.clone().unwrap_or_else(|| "NULL".to_owned());
        let all = std::iter::once(("all".to_owned(), &self.total));
        self.applications.iter().map(|t| (name(t), t)).chain(all).collect()
    }

    fn states(&self, named: &[(String, &AppTotals)]) -> Table {
        // Tomcat does not write invalid rows, so the column is shown only if there are any.
        let invalid = self.total.invalid > 0;
        let mut heads = vec![
            Head::left("APPLICATION"),
            Head::right("SESSIONS"),
            Head::right("LIVE"),
            Head::right("NEVER"),
            Head::right("EXPIRED"),
            Head::right("OLDEST"),
            Head::right("DATA"),
        ];
        if invalid {
            heads.push(Head::right("INVALID"));
        }
        let row = |(name, t): &(String, &AppTotals)| {
            let mut row = vec![
                name.clone(),
                count(t.sessions),
                count(t.live),
                count(t.never_expiring),
                count(t.expired),
                t.oldest_expired_ms.map_or_else(|| "-".to_owned(), age),
                bytes(t.bytes),
            ];
            if invalid {
                row.push(count(t.invalid));
            }
            row
        };
        Table { heads, rows: named.iter().map(row).collect() }
    }
}

/// Histograms of the idle times; the labels are the upper limits of the buckets.
fn idle(named: &[(String, &AppTotals)], page: &Page) -> Table {
    let marks = marks(IDLE_MARKS);
    let heads = vec![Head::left("IDLE"), Head::right("50%"), Head::right("99%"), Head::drawing(marks)];
    let row = |(name, t): &(String, &AppTotals)| {
        let idle = &t.idle_ms;
        vec![name.clone(), age(idle.p50), age(idle.p99), page.bars(idle.buckets.iter().map(|bucket| bucket.sessions))]
    };
    Table { heads, rows: named.iter().map(row).collect() }
}

/// Histograms of the sizes; the label `256` means 256 KiB.
fn sizes(named: &[(String, &AppTotals)], page: &Page) -> Table {
    let marks = marks(SIZE_MARKS);
    let heads = vec![Head::left("SIZE"), Head::right("99%"), Head::right("MAX"), Head::drawing(marks)];
    let row = |(name, t): &(String, &AppTotals)| {
        let size = &t.size_bytes;
        vec![
            name.clone(),
            bytes(size.p99),
            bytes(size.max),
            page.bars(size.buckets.iter().map(|bucket| bucket.sessions)),
        ]
    };
    Table { heads, rows: named.iter().map(row).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Distribution, Totals};

    #[test]
    fn marks_are_the_upper_limits_of_the_buckets() {
        let all = Totals::default().all(EpochMillis(0));
        let ends = |of: &Distribution| of.buckets.iter().map(|bucket| bucket.below).collect::<Vec<_>>();
        let idle = |mark: &str| humantime::parse_duration(mark).ok().map(|time| time.as_millis() as u64);
        assert_eq!(ends(&all.idle_ms), IDLE_MARKS.map(idle));
        let size = |mark: &str| {
            let mark = if mark == "256" { "256K" } else { mark };
            mark.ends_with(char::is_alphabetic)
                .then(|| format!("{mark}iB").parse::<bytesize::ByteSize>().map(|size| size.as_u64()))
        };
        assert_eq!(ends(&all.size_bytes), SIZE_MARKS.map(|mark| size(mark).map(Result::unwrap_or_default)));
    }
}
