//! Results that are printed record by record. Machine formats print each record immediately; a table waits for all
//! records, to compute the widths.

use std::io::{self, Write};

use serde_json::Value;

use super::text_output::{Page, Style, Table};
use super::{Format, Record};

/// Receives the records of a result one by one.
pub struct Records<R: Record> {
    format: Format,
    out: Box<dyn Write + Send>,
    style: Style,
    /// Whether the table is hidden, so that its lines are not kept.
    hidden: bool,
    waiting: Vec<R>,
    written: u64,
}

impl<R: Record> Records<R> {
    /// Starts a result that is written to `out`.
    pub fn new(format: Format, out: Box<dyn Write + Send>, style: Style) -> Records<R> {
        Records { format, out, style, hidden: false, waiting: Vec::new(), written: 0 }
    }

    /// Starts a result that `--quiet` hides.
    pub fn hidden(format: Format, style: Style) -> Records<R> {
        Records { hidden: true, ..Records::new(format, Box::new(io::sink()), style) }
    }

    /// Adds a record.
    pub fn push(&mut self, record: R) -> io::Result<()> {
        if self.hidden {
            return Ok(());
        }
        match self.format {
            Format::Table | Format::Prometheus | Format::Sql | Format::Sarif => self.waiting.push(record),
            Format::Ndjson => {
                serde_json::to_writer(&mut self.out, &record)?;
                self.out.write_all(b"\n")?;
            }
            Format::Json => {
                self.out.write_all(if self.written == 0 { b"[\n" } else { b",\n" })?;
                serde_json::to_writer(&mut self.out, &record)?;
            }
            Format::Csv => csv_row(&serde_json::to_value(&record)?, self.written == 0, &mut self.out)?,
        }
        self.written += 1;
        Ok(())
    }

    /// Completes the result.
    pub fn finish(mut self) -> io::Result<()> {
        match self.format {
            Format::Table | Format::Prometheus | Format::Sql if !self.waiting.is_empty() => {
                let mut page = Page::new(self.style);
                page.table(&Table { heads: R::heads(&self.waiting), rows: R::cells(&self.waiting) });
                self.out.write_all(page.text().as_bytes())?;
            }
            Format::Json if self.written == 0 => self.out.write_all(b"[]\n")?,
            Format::Json => self.out.write_all(b"\n]\n")?,
            _ => {}
        }
        self.out.flush()
    }
}

/// Writes the records in the field `records` of a report as CSV, or the report as a single record.
pub(super) fn csv_of(report: &Value, records: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
    match records.and_then(|name| report.get(name)).and_then(Value::as_array) {
        Some(records) => records.iter().enumerate().try_for_each(|(i, record)| csv_row(record, i == 0, out)),
        None => csv_row(report, true, out),
    }
}

/// Writes a record as CSV, with a header if requested. Nested objects become columns `outer_inner`; lists are omitted.
fn csv_row(record: &Value, header: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut cells = Vec::new();
    flatten("", record, &mut cells);
    let mut writer = csv::Writer::from_writer(out);
    if header {
        writer.write_record(cells.iter().map(|(name, _)| name.as_str())).map_err(io::Error::from)?;
    }
    writer.write_record(cells.iter().map(|(_, value)| value.as_str())).map_err(io::Error::from)?;
    writer.flush()
}

fn flatten(name: &str, value: &Value, cells: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (inner, value) in fields {
                let name = if name.is_empty() { inner.clone() } else { format!("{name}_{inner}") };
                flatten(&name, value, cells);
            }
        }
        Value::Array(_) => {}
        Value::Null => cells.push((name.to_owned(), String::new())),
        Value::String(text) => cells.push((name.to_owned(), text.clone())),
        other => cells.push((name.to_owned(), other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;
    use crate::ui::Head;

    const STYLE: Style = Style { color: false, width: None, ascii: true, utc: true };

    #[derive(Serialize)]
    struct Line(u64);

    impl Record for Line {
        fn heads(_: &[Line]) -> Vec<Head> {
            vec![Head::right("N")]
        }

        fn cells(all: &[Line]) -> Vec<Vec<String>> {
            all.iter().map(|line| vec![line.0.to_string()]).collect()
        }
    }

    /// A hidden list of any length takes no memory.
    #[test]
    fn hidden_records_are_not_kept() {
        for (mut records, kept) in [
            (Records::hidden(Format::Table, STYLE), 0),
            (Records::new(Format::Table, Box::new(io::sink()), STYLE), 3),
            (Records::new(Format::Ndjson, Box::new(io::sink()), STYLE), 0),
        ] {
            (0..3).for_each(|n| records.push(Line(n)).unwrap());
            assert_eq!(records.waiting.len(), kept);
            records.finish().unwrap();
        }
    }
}
