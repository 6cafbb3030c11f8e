//! Progress of long work, shown on a terminal only and not before 250 ms.

use std::io::Write as _;
use std::time::{Duration, Instant};

use indicatif::style::ProgressTracker;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::charset;
use super::human::{age, count, plural};

const DELAY: Duration = Duration::from_millis(250);
/// Minimum width of a terminal for a bar next to the numbers.
const ROOM_FOR_BAR: u16 = 100;

/// A bar if the total is known, otherwise a count. When it is dropped, a line with the count and the time remains.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    what: &'static str,
    begun: Instant,
    /// Whether progress may be shown.
    allowed: bool,
    shown: bool,
    ascii: bool,
}

impl Progress {
    pub(super) fn new(allowed: bool, ascii: bool, what: &'static str, total: Option<u64>) -> Progress {
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
        // A terminal of unknown width is assumed to have 80 columns.
        let width = console::Term::stderr().size_checked().map_or(80, |(_, columns)| columns);
        if let Ok(style) = ProgressStyle::with_template(template(total.is_some(), width)) {
            let style = style
                .with_key("rate", ComputedField(rate))
                .with_key("left", ComputedField(|state| age(whole_seconds(state.eta()))))
                .with_key("took", ComputedField(|state| age(whole_seconds(state.elapsed()))));
            bar.set_style(if ascii { style.progress_chars("#>-").tick_chars("|/-\\ ") } else { style });
        }
        bar.set_message(what);
        Progress { bar, what, begun: Instant::now(), allowed, shown: false, ascii }
    }

    pub fn set(&mut self, position: u64) {
        if self.allowed && !self.shown && self.begun.elapsed() >= DELAY {
            self.shown = true;
            // indicatif draws nothing if stderr is not a terminal.
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_position(position);
    }
}

/// The template for a terminal with `width` columns. On a narrow one, the numbers come first.
fn template(has_total: bool, width: u16) -> &'static str {
    match (has_total, width >= ROOM_FOR_BAR) {
        (true, true) => "{msg} {wide_bar} {human_pos}/{human_len} {percent}%, {rate}, ETA {left}, elapsed {took}",
        (true, false) => "{human_pos}/{human_len} {percent}%, {rate}, ETA {left}, elapsed {took}, {wide_msg}",
        (false, true) => "{msg} {spinner} {human_pos}, {rate}, elapsed {took}",
        (false, false) => "{human_pos}, {rate}, elapsed {took}, {wide_msg}",
    }
}

fn rate(state: &ProgressState) -> String {
    per_second(state.pos(), state.elapsed())
}

/// Sessions per second, as a whole number.
fn per_second(sessions: u64, took: Duration) -> String {
    let millis = took.as_millis().max(1);
    let rate = u128::from(sessions) * 1000 / millis;
    format!("{} sessions/s", count(u64::try_from(rate).unwrap_or(u64::MAX)))
}

fn whole_seconds(time: Duration) -> u64 {
    time.as_secs().saturating_mul(1000)
}

/// The line that remains after the work.
fn summary(what: &str, sessions: u64, took: Duration) -> String {
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    format!("{what}: {} in {}, {}.", plural(sessions, "session"), age(millis), per_second(sessions, took))
}

#[derive(Clone)]
struct ComputedField(fn(&ProgressState) -> String);

impl ProgressTracker for ComputedField {
    fn clone_box(&self) -> Box<dyn ProgressTracker> {
        Box::new(self.clone())
    }

    fn tick(&mut self, _: &ProgressState, _: Instant) {}

    fn reset(&mut self, _: &ProgressState, _: Instant) {}

    fn write(&self, state: &ProgressState, to: &mut dyn std::fmt::Write) {
        let _ = to.write_str(&(self.0)(state));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        if self.shown && console::Term::stderr().is_term() {
            let line = summary(self.what, self.bar.position(), self.begun.elapsed());
            let line = if self.ascii { charset::ascii(&line) } else { line };
            // If stderr is closed, the error is ignored.
            let _ = writeln!(std::io::stderr().lock(), "{line}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_names_and_units() {
        assert_eq!(per_second(12_345, Duration::from_secs(2)), "6,172 sessions/s");
        assert_eq!(per_second(7, Duration::ZERO), "7,000 sessions/s");
        assert_eq!(
            summary("Deleting sessions", 300_000, Duration::from_millis(80_250)),
            "Deleting sessions: 300,000 sessions in 1m 20s, 3,738 sessions/s."
        );
        for width in [0, 60, 100, 200] {
            let with_total = template(true, width);
            for part in ["{human_pos}/{human_len}", "{percent}%", "{rate}", "ETA {left}", "elapsed {took}"] {
                assert!(with_total.contains(part), "{width}: {part}");
            }
            assert!(template(false, width).contains("{rate}, elapsed {took}"));
        }
    }
}
