//! What was sent to servers: each kind of statement and request with its number, rows and time, and the text of
//! statements where that is asked for. Values are never part of it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Prints a line.
type Say = Box<dyn Fn(&str) + Send + Sync>;

/// All clones are one log. One that is off costs nothing.
#[derive(Clone, Default)]
pub struct RequestLog(Option<Arc<Log>>);

struct Log {
    kinds: Mutex<BTreeMap<String, RequestCount>>,
    /// Prints the text of a statement.
    say: Option<Say>,
}

/// The requests of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestCount {
    pub requests: u64,
    /// Rows that were read or changed.
    pub rows: u64,
    /// Rows of the smallest and of the largest one.
    pub smallest: u64,
    pub largest: u64,
    pub took: Duration,
    /// Those that failed, by their errors; what is tried again fails first.
    pub failed: BTreeMap<String, u64>,
}

impl RequestLog {
    /// One that counts.
    pub fn counting() -> RequestLog {
        RequestLog::new(None)
    }

    /// One that counts, and hands the text of each statement to `say` before it is sent.
    pub fn printing(say: impl Fn(&str) + Send + Sync + 'static) -> RequestLog {
        RequestLog::new(Some(Box::new(say)))
    }

    fn new(say: Option<Say>) -> RequestLog {
        RequestLog(Some(Arc::new(Log { kinds: Mutex::default(), say })))
    }

    pub fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Begins a request; `text` has no values in it.
    pub fn begin(&self, kind: impl Into<String>, text: impl FnOnce() -> Option<String>) -> Request {
        let Some(log) = &self.0 else { return Request(None) };
        let kind = kind.into();
        if let Some(say) = &log.say {
            say(&match text() {
                Some(text) => format!("{kind}: {text}"),
                None => kind.clone(),
            });
        }
        Request(Some(Begun { log: Arc::clone(log), kind, at: Instant::now() }))
    }

    /// What was sent so far, by kind.
    pub fn counts(&self) -> Vec<(String, RequestCount)> {
        let kinds = self.0.as_ref().and_then(|log| log.kinds.lock().ok().map(|kinds| kinds.clone()));
        kinds.unwrap_or_default().into_iter().collect()
    }
}

impl fmt::Debug for RequestLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_on() { "RequestLog(on)" } else { "RequestLog(off)" })
    }
}

/// A request that was sent.
#[must_use]
pub struct Request(Option<Begun>);

struct Begun {
    log: Arc<Log>,
    kind: String,
    at: Instant,
}

impl Request {
    /// It was answered, with so many rows.
    pub fn answered(self, rows: u64) {
        self.end(Ok(rows));
    }

    /// It failed.
    pub fn failed(self, error: &str) {
        self.end(Err(error));
    }

    fn end(self, outcome: Result<u64, &str>) {
        let Some(Begun { log, kind, at }) = self.0 else { return };
        let Ok(mut kinds) = log.kinds.lock() else { return };
        let count = kinds.entry(kind).or_default();
        count.took += at.elapsed();
        match outcome {
            Ok(rows) => {
                let first = count.requests == count.failed.values().sum::<u64>();
                count.smallest = if first { rows } else { count.smallest.min(rows) };
                count.largest = count.largest.max(rows);
                count.rows += rows;
            }
            Err(error) => *count.failed.entry(error.to_owned()).or_default() += 1,
        }
        count.requests += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_kind() {
        let log = RequestLog::counting();
        for rows in [500, 20] {
            log.begin("delete_rows", || None).answered(rows);
        }
        log.begin("delete_rows", || None).failed("deadlock");
        let counts = log.counts();
        let [(kind, count)] = counts.as_slice() else { panic!("{counts:?}") };
        assert_eq!((kind.as_str(), count.requests, count.rows), ("delete_rows", 3, 520));
        assert_eq!((count.smallest, count.largest), (20, 500));
        assert_eq!(count.failed, BTreeMap::from([("deadlock".to_owned(), 1)]));
    }

    #[test]
    fn log_text_is_built_only_if_needed() {
        let unread = || -> Option<String> { unreachable!("nobody reads it") };
        RequestLog::default().begin("page", unread).answered(1);
        RequestLog::counting().begin("page", unread).answered(1);
        assert!(RequestLog::default().counts().is_empty());
    }
}
