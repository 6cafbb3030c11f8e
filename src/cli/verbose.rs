//! The summary that `--verbose` prints at the end of a run.

use std::time::Duration;

use crate::context::Context;
use crate::request_log::RequestCount;
use crate::ui::{age, count, plural};

/// Prints the statements and requests by kind, and how the run ended.
pub fn summarize(cx: &Context, took: Duration, code: u8) {
    for (kind, counted) in cx.requests.counts() {
        cx.ui.detail(line(&kind, &counted));
    }
    cx.ui.detail(format!("Took {}; exit status {code}.", age(millis(took))));
}

fn line(kind: &str, counted: &RequestCount) -> String {
    let RequestCount { requests, rows, smallest, largest, took, failed } = counted;
    let mut line = format!("{kind}: {} in {}", plural(*requests, "request"), age(millis(*took)));
    match (rows, requests) {
        (0, _) => {}
        (_, 1) => line.push_str(&format!(", {}", plural(*rows, "row"))),
        _ if smallest == largest => line.push_str(&format!(", {}, {} each", plural(*rows, "row"), count(*largest))),
        _ => {
            line.push_str(&format!(", {}, from {} to {} each", plural(*rows, "row"), count(*smallest), count(*largest)))
        }
    }
    for (error, number) in failed {
        line.push_str(&format!(", {} failed: {error}", count(*number)));
    }
    line + "."
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn verbose_prints_a_line_per_kind() {
        let once = RequestCount { requests: 1, took: Duration::from_millis(12), ..RequestCount::default() };
        assert_eq!(line("clock", &once), "clock: 1 request in 12ms.");
        let failed = BTreeMap::from([("deadlock or lock wait".to_owned(), 2)]);
        let many = RequestCount { requests: 14, rows: 6_210, smallest: 10, largest: 500, failed, ..once };
        assert_eq!(
            line("delete_rows", &many),
            "delete_rows: 14 requests in 12ms, 6,210 rows, from 10 to 500 each, 2 failed: deadlock or lock wait."
        );
    }
}
