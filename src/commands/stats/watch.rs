//! `stats --watch`: repeats the query at an interval.

use std::time::Duration;

use super::{Args, Snapshot};
use crate::context::{Context, exit_code_of};
use crate::failure::Failure;
use crate::session::EpochMillis;
use crate::store::{SessionStore, Stop};
use crate::ui::{Format, Page, Screen};

/// Minimum interval, to limit the load on the server.
const MIN_INTERVAL: Duration = Duration::from_millis(100);
/// Maximum pause after failed queries. The pause grows, so that a wrong password does not lock the account.
const MAX_PAUSE: Duration = Duration::from_secs(60);

pub async fn run(args: &Args, cx: &Context, every: Duration) -> Result<u8, Failure> {
    if every < MIN_INTERVAL {
        return Err(Failure::usage("--watch needs at least 100ms").hint("--watch 2s"));
    }
    let format = cx.ui.format();
    if format != Format::Ndjson && (format != Format::Table || !cx.ui.can_redraw()) {
        return Err(Failure::usage("--watch needs a terminal")
            .hint("--format ndjson prints one line per query, and does not need a terminal"));
    }
    let silent = cx.without_messages();
    let mut stop = silent.stop_on_signals()?;
    // The prototype of the connections: it keeps the password, and each query opens its own connection.
    let store = args.swapped.open(cx).await?;
    let mut watch = Watch { args, cx: silent, every, store, shown: None, last_failure: None };
    // If the first query fails, the cause is probably a mistake of the user, so the command fails.
    let mut snapshot = watch.read_snapshot(&mut stop).await?;
    let screen = if format == Format::Table { Some(cx.ui.screen()?) } else { None };
    let mut failed = 0;
    while let Some(now) = snapshot {
        match &screen {
            Some(screen) => watch.draw(screen, now)?,
            None => watch.print()?,
        }
        failed = if watch.last_failure.is_some() { failed + 1 } else { 0 };
        tokio::select! {
            () = tokio::time::sleep(pause(every, failed)) => {}
            _ = stop.wait() => break,
        }
        snapshot = match watch.read_snapshot(&mut stop).await {
            Ok(snapshot) => snapshot,
            Err(failure) => {
                watch.last_failure = Some((failure, pause(every, failed + 1)));
                Some(cx.clock())
            }
        };
    }
    if let Some(screen) = screen {
        let mut page = screen.page();
        watch.print_snapshot(&mut page);
        screen.leave(page)?;
    }
    Ok(stop.requested().map_or(crate::failure::DONE, exit_code_of))
}

/// The pause before the next query, after `failed` failed ones in a row.
fn pause(every: Duration, failed: u32) -> Duration {
    every.saturating_mul(2u32.saturating_pow(failed)).min(MAX_PAUSE.max(every))
}

struct Watch<'a> {
    args: &'a Args,
    /// Without messages and progress, because the screen is in use.
    cx: Context,
    every: Duration,
    store: SessionStore,
    /// The last result, and its time.
    shown: Option<(EpochMillis, Snapshot)>,
    /// Why the last query failed, and the pause until the next one.
    last_failure: Option<(Failure, Duration)>,
}

impl Watch<'_> {
    /// Runs one query; returns its time, or `None` if a signal arrived.
    async fn read_snapshot(&mut self, stop: &mut Stop) -> Result<Option<EpochMillis>, Failure> {
        let now = self.cx.clock();
        let never = Stop::never();
        let reading = async {
            let store = self.store.another().await?;
            self.args.read_snapshot(&self.cx, store, now, &never).await
        };
        // Only a read is in progress: cancelling it loses nothing.
        let snapshot = tokio::select! {
            snapshot = reading => snapshot?,
            _ = stop.wait() => return Ok(None),
        };
        (self.shown, self.last_failure) = (Some((now, snapshot)), None);
        Ok(Some(now))
    }

    fn draw(&self, screen: &Screen, now: EpochMillis) -> Result<(), Failure> {
        let mut page = screen.page();
        let place = self.store.target().to_string();
        page.prose(0, format!("{place}, {}, every {}", page.time(now), humantime::format_duration(self.every)));
        if let Some((failure, pause)) = &self.last_failure {
            let chain: Vec<String> = failure.error.chain().map(ToString::to_string).collect();
            let again = humantime::format_duration(*pause);
            page.prose(2, format!("error: {}; next try in {again}", chain.join(": ")));
        }
        page.blank();
        self.print_snapshot(&mut page);
        Ok(screen.draw(page)?)
    }

    /// The last result, with its time if later queries failed.
    fn print_snapshot(&self, page: &mut Page) {
        let Some((at, snapshot)) = &self.shown else { return };
        if self.last_failure.is_some() {
            let at = page.time(*at);
            page.line(format!("At {at}:"));
        }
        snapshot.page(page);
    }

    /// Prints the result to stdout, or the failure to stderr.
    fn print(&self) -> Result<(), Failure> {
        match (&self.last_failure, &self.shown) {
            (Some((failure, _)), _) => {
                let chain: Vec<String> = failure.error.chain().map(ToString::to_string).collect();
                self.cx.ui.failure(failure.code, &chain, &failure.hints);
            }
            (None, Some((_, snapshot))) => snapshot.print(&self.cx)?,
            (None, None) => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_after_errors_grow_to_a_minute() {
        let (two, hour) = (Duration::from_secs(2), Duration::from_secs(3600));
        assert_eq!([0, 1, 4, 5, 90].map(|failed| pause(two, failed).as_secs()), [2, 4, 32, 60, 60]);
        assert_eq!(pause(hour, 3), hour);
    }
}
