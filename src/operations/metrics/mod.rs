//! What `expire` and `swap-out` leave for Prometheus: a file for node_exporter's textfile collector,
//! which tells of the last run and continues with the counters of those before. `docs/metrics.md` says
//! what is in it.

pub mod exposition;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::context::Context;
use crate::endpoint::{EndpointError, Output};
use crate::failure::{DONE, Failure, PARTLY};
use crate::operations::metrics::exposition::{Exposition, Kind, Label, PreviousMetrics, series};
use crate::operations::purge::ended;
use crate::options::metrics::MetricsArgs;
use crate::options::swap::SwappedArgs;
use crate::private_file;
use crate::session::EpochMillis;
use crate::store::{AppCount, PurgeSummary};

/// A file that is larger is not ours.
const LARGEST: u64 = 16 << 20;
/// Applications whose counters are gone on with: whoever writes the table can name any number.
const APPS: usize = 10_000;

/// The command that is metered, in the words of its metrics.
#[derive(Debug, Clone, Copy)]
pub struct MetricNames {
    /// Behind `tomcat_sessions_`.
    pub name: &'static str,
    /// What becomes of sessions, in a name and in a sentence.
    pub verb: &'static str,
    /// Whether the sessions are those that have expired, so that what is left of them matters.
    pub expired: bool,
}

/// The labels of all metrics of a store; those that the user's words give, so that a run that never
/// reached the server has the same.
#[derive(Debug)]
pub struct Labels {
    store: String,
    table: Option<String>,
}

impl Labels {
    pub fn new(cx: &Context, swapped: SwappedArgs) -> Labels {
        Labels { store: cx.place().unwrap_or_default(), table: swapped.table(&cx.options.naming) }
    }

    pub fn list(&self) -> Vec<Label<'_>> {
        let table = self.table.as_deref().map(|table| ("table", table));
        [("store", self.store.as_str())].into_iter().chain(table).collect()
    }
}

/// A run that is being metered.
#[derive(Debug)]
pub struct RunMetrics {
    path: Option<PathBuf>,
    metered: MetricNames,
    labels: Labels,
    begun: Instant,
    saw: Option<RunFigures>,
}

/// What a run saw, of those that came as far as to see something.
#[derive(Debug)]
struct RunFigures {
    complete: bool,
    by_app: BTreeMap<String, AppCount>,
    earliest: BTreeMap<String, EpochMillis>,
    left: u64,
}

impl MetricsArgs {
    /// Begins to meter a run; a dry run leaves no figures.
    pub fn begin(&self, cx: &Context, metered: MetricNames, swapped: SwappedArgs, dry_run: bool) -> RunMetrics {
        if self.metrics_file.is_some() && dry_run {
            cx.ui.note("A dry run does not write metrics.");
        }
        let path = self.metrics_file.clone().filter(|_| !dry_run);
        RunMetrics { path, metered, labels: Labels::new(cx, swapped), begun: Instant::now(), saw: None }
    }
}

impl RunMetrics {
    /// Takes the figures of the run before they are reported.
    pub fn saw(&mut self, summary: &PurgeSummary) {
        // To Prometheus an empty label is none, and so is NULL.
        let label = |app: &Option<String>| app.clone().unwrap_or_default();
        let mut saw = RunFigures {
            complete: ended(summary).0 == "done",
            by_app: BTreeMap::new(),
            earliest: BTreeMap::new(),
            left: summary.remaining(),
        };
        for (app, count) in &summary.by_app {
            let sum = saw.by_app.entry(label(app)).or_default();
            (sum.sessions, sum.bytes) = (sum.sessions + count.sessions, sum.bytes + count.bytes);
        }
        for (app, at) in &summary.earliest {
            let known = saw.earliest.entry(label(app)).or_insert(*at);
            *known = (*known).min(*at);
        }
        self.saw = Some(saw);
    }

    /// Writes the file, however the run ended, and hands on how it did. A file that cannot be written
    /// is a failure where there was none.
    pub fn end(self, cx: &Context, done: Result<u8, Failure>) -> Result<u8, Failure> {
        let Some(path) = &self.path else { return done };
        let (code, success) = match &done {
            Ok(code) => (*code, matches!(*code, DONE | PARTLY)),
            Err(failure) => (failure.code, failure.silent),
        };
        let text = self.text(&previous(path), cx, code, success);
        match write(path, &text) {
            Ok(()) => done,
            Err(error) if success => {
                Err(Failure::failed(error.to_string()).hint("the run itself is complete; only the metrics are missing"))
            }
            Err(error) => {
                cx.ui.warn(error.to_string());
                done
            }
        }
    }

    fn text(&self, previous: &PreviousMetrics, cx: &Context, code: u8, success: bool) -> String {
        let labels = self.labels.list();
        let MetricNames { name, verb, expired } = self.metered;
        let name = |what: &str| format!("tomcat_sessions_{name}_{what}");
        let now = cx.clock();
        let at = seconds(u64::try_from(now.0).unwrap_or(0));
        let mut out = Exposition::new(&labels);

        out.family(name("last_run_timestamp_seconds"), Kind::Gauge, "End of the last run.").sample(&[], &at);
        let last_success = name("last_success_timestamp_seconds");
        let kept = previous.get(&series(&last_success, &labels)).filter(|_| !success);
        let known = if success { Some(at.as_str()) } else { kept };
        let mut family = out.family(last_success, Kind::Gauge, "End of the last run that did not fail.");
        if let Some(at) = known {
            family.sample(&[], at);
        }
        let help = "Whether the last run did not fail (a limit of the user may have ended it).";
        out.family(name("success"), Kind::Gauge, help).sample(&[], u8::from(success));
        let complete = self.saw.as_ref().is_some_and(|saw| saw.complete);
        let help = "Whether the last run was complete: not ended by a limit, a signal or a failure.";
        out.family(name("complete"), Kind::Gauge, help).sample(&[], u8::from(complete));
        out.family(name("exit_code"), Kind::Gauge, "Exit code of the last run.").sample(&[], code);
        let took = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        out.family(name("duration_seconds"), Kind::Gauge, "Duration of the last run.").sample(&[], seconds(took));

        let (sessions, bytes) = (name(&format!("{verb}_total")), name(&format!("{verb}_bytes_total")));
        let counters = self.counters(previous, &labels, &sessions, &bytes);
        if let Some(saw) = &self.saw {
            let help = format!("Sessions that the last run {verb}.");
            let mut family = out.family(name(&format!("last_run_{verb}")), Kind::Gauge, &help);
            for app in counters.keys() {
                family.sample(&[("app", app)], saw.by_app.get(app).map_or(0, |count| count.sessions));
            }
            if expired {
                let help = "Longest time that a session deleted by the last run had been expired.";
                let mut family = out.family(name("oldest_expired_seconds"), Kind::Gauge, help);
                for app in counters.keys() {
                    let age = saw.earliest.get(app).map_or(0, |&at| cx.now.since(at));
                    family.sample(&[("app", app)], seconds(age));
                }
            }
            if expired && saw.complete {
                let help = "Expired sessions that the last run found but did not delete: within the grace period, excluded by filters, or locked. Absent after an incomplete run.";
                out.family(name("remaining"), Kind::Gauge, help).sample(&[], saw.left);
            }
        }
        let mut family = out.family(sessions, Kind::Counter, &format!("Sessions {verb} by all runs."));
        for (app, count) in &counters {
            family.sample(&[("app", app)], count.sessions);
        }
        let help = format!("Bytes of the data of sessions {verb} by all runs.");
        let mut family = out.family(bytes, Kind::Counter, &help);
        for (app, count) in &counters {
            family.sample(&[("app", app)], count.bytes);
        }
        out.text()
    }

    /// The counters of the previous file with this run's figures added.
    fn counters(
        &self,
        previous: &PreviousMetrics,
        labels: &[Label<'_>],
        sessions: &str,
        bytes: &str,
    ) -> BTreeMap<String, AppCount> {
        let mut counters = self.saw.as_ref().map(|saw| saw.by_app.clone()).unwrap_or_default();
        let read = |text: &str| text.parse::<u64>().unwrap_or(0);
        for (app, value) in previous.by(sessions, labels, "app") {
            if counters.len() < APPS || counters.contains_key(&app) {
                let count = counters.entry(app).or_default();
                count.sessions = count.sessions.saturating_add(read(value));
            }
        }
        for (app, value) in previous.by(bytes, labels, "app") {
            if let Some(count) = counters.get_mut(&app) {
                count.bytes = count.bytes.saturating_add(read(value));
            }
        }
        counters
    }
}

/// What the last run left; nothing where there is no such file.
fn previous(path: &Path) -> PreviousMetrics {
    let mut text = String::new();
    // A pipe, say, would be waited for.
    let read = private_file::open_regular(path).and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text));
    PreviousMetrics::read(if read.is_ok_and(|length| length as u64 <= LARGEST) { &text } else { "" })
}

/// Replaces a file of metrics in one step. node_exporter runs under an account of its own, and there is nothing in it
/// that it may not read.
///
/// # Errors
/// Where it cannot be written; the file is as it was then.
pub fn write(path: &Path, text: &str) -> Result<(), EndpointError> {
    Output::file(path, true)?.readable()?.whole(text.as_bytes())
}

/// Milliseconds as seconds.
fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}
