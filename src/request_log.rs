//! Log of the statements and requests sent to servers: number, rows and time of each kind, and the text of statements
//! if requested. It never contains values.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Prints a line.
type PrintLine = Box<dyn Fn(&str) + Send + Sync>;

/// All clones share one log. A log that is switched off costs nothing.
#[derive(Clone, Default)]
pub struct RequestLog(Option<Arc<Log>>);

struct Log {
    kinds: Mutex<BTreeMap<String, RequestCount>>,
    /// Prints the text of a statement.
    say: Option<PrintLine>,
}

/// The requests of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestCount {
    pub requests: u64,
    /// Rows that were read or changed.
    pub rows: u64,
    /// Minimum and maximum number of rows.
    pub smallest: u64,
    pub largest: u64,
    pub took: Duration,
    /// Number of failures by error, including those that were retried successfully.
    pub failed: BTreeMap<String, u64>,
}

impl RequestLog {
    /// A log that counts.
    pub fn counting() -> RequestLog {
        RequestLog::new(None)
    }

    /// A log that counts, and passes the text of each statement to `say` before it is sent.
    pub fn printing(say: impl Fn(&str) + Send + Sync + 'static) -> RequestLog {
        RequestLog::new(Some(Box::new(say)))
    }

    fn new(say: Option<PrintLine>) -> RequestLog {
        RequestLog(Some(Arc::new(Log { kinds: Mutex::default(), say })))
    }

    pub fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Records the start of a request; `text` contains no values.
    pub fn begin(&self, kind: impl Into<String>, text: impl FnOnce() -> Option<String>) -> Request {
        let Some(log) = &self.0 else { return Request(None) };
        let kind = kind.into();
        if let Some(say) = &log.say {
            say(&match text() {
                Some(text) => format!("{kind}: {text}"),
                None => kind.clone(),
            });
        }
        Request(Some(OpenRequest { log: Arc::clone(log), kind, at: Instant::now() }))
    }

    /// The requests so far, by kind.
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
pub struct Request(Option<OpenRequest>);

struct OpenRequest {
    log: Arc<Log>,
    kind: String,
    at: Instant,
}

impl Request {
    /// Records an answer with this number of rows.
    pub fn answered(self, rows: u64) {
        self.end(Ok(rows));
    }

    /// Records a failure.
    pub fn failed(self, error: &str) {
        self.end(Err(error));
    }

    fn end(self, outcome: Result<u64, &str>) {
        let Some(OpenRequest { log, kind, at }) = self.0 else { return };
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
