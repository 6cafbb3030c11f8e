//! Progress of long work, on a terminal only and not before it has taken 250 ms.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const DELAY: Duration = Duration::from_millis(250);

/// A bar where the end is known, a count where it is not. It is gone when dropped.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    begun: Instant,
    shown: bool,
}

impl Progress {
    pub(super) fn new(allowed: bool, ascii: bool, what: &'static str, total: Option<u64>) -> Progress {
        let bar = match total {
            Some(total) => ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden()),
            None => ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()),
        };
        let template = match total {
            Some(_) => "{msg} {wide_bar} {human_pos}/{human_len} {per_sec} {eta}",
            None => "{msg} {spinner} {human_pos} {per_sec} {elapsed}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(if ascii { style.progress_chars("#>-").tick_chars("|/-\\ ") } else { style });
        }
        bar.set_message(what);
        Progress { bar, begun: Instant::now(), shown: !allowed }
    }

    pub fn set(&mut self, position: u64) {
        if !self.shown && self.begun.elapsed() >= DELAY {
            self.shown = true;
            // indicatif draws nothing where stderr is no terminal.
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_position(position);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
