//! The metrics of `expire` and `swap-out` for Prometheus: a file for node_exporter's textfile collector with the
//! numbers of the last run, and with counters that continue those of earlier runs. `docs/metrics.md` describes them.

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

/// Larger files were not written by this program.
const LARGEST: u64 = 16 << 20;
/// Maximum number of applications with counters: a manipulated table could contain any number of names.
const APPS: usize = 10_000;

/// Names for the metrics of a command.
#[derive(Debug, Clone, Copy)]
pub struct MetricNames {
    /// The part of the names after `tomcat_sessions_`.
    pub name: &'static str,
    /// The verb for the sessions, in names and in help texts: `deleted` or `moved`.
    pub verb: &'static str,
    /// Whether the command processes expired sessions, so that the number of remaining ones is a metric.
    pub expired: bool,
}

/// The labels of all metrics of a store. They depend only on the options, so that a run that never reached the server
/// has the same labels.
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

/// A run with metrics.
#[derive(Debug)]
pub struct RunMetrics {
    path: Option<PathBuf>,
    metered: MetricNames,
    labels: Labels,
    begun: Instant,
    figures: Option<RunFigures>,
}

/// The numbers of a run, if it got that far.
#[derive(Debug)]
struct RunFigures {
    complete: bool,
    by_app: BTreeMap<String, AppCount>,
    earliest: BTreeMap<String, EpochMillis>,
    left: u64,
}

impl MetricsArgs {
    /// Starts the metrics of a run; a dry run writes none.
    pub fn begin(&self, cx: &Context, metered: MetricNames, swapped: SwappedArgs, dry_run: bool) -> RunMetrics {
        if self.metrics_file.is_some() && dry_run {
            cx.ui.note("A dry run does not write metrics.");
        }
        let path = self.metrics_file.clone().filter(|_| !dry_run);
        RunMetrics { path, metered, labels: Labels::new(cx, swapped), begun: Instant::now(), figures: None }
    }
}

impl RunMetrics {
    /// Records the numbers of the run.
    pub fn record(&mut self, summary: &PurgeSummary) {
        // Prometheus does not distinguish an empty label from a missing one, so NULL and the empty name are added up.
        let label = |app: &Option<String>| app.clone().unwrap_or_default();
        let mut figures = RunFigures {
            complete: ended(summary).0 == "done",
            by_app: BTreeMap::new(),
            earliest: BTreeMap::new(),
            left: summary.remaining(),
        };
        for (app, count) in &summary.by_app {
            let sum = figures.by_app.entry(label(app)).or_default();
            (sum.sessions, sum.bytes) = (sum.sessions + count.sessions, sum.bytes + count.bytes);
        }
        for (app, at) in &summary.earliest {
            let known = figures.earliest.entry(label(app)).or_insert(*at);
            *known = (*known).min(*at);
        }
        self.figures = Some(figures);
    }

    /// Writes the file, however the run ended, and returns the result of the run. If the file cannot be written, a
    /// successful run becomes a failure.
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
        let help = "1 if the last run did not fail (a limit such as --max-time may have ended it), otherwise 0.";
        out.family(name("success"), Kind::Gauge, help).sample(&[], u8::from(success));
        let complete = self.figures.as_ref().is_some_and(|figures| figures.complete);
        let help = "1 if the last run was complete (not ended by a limit, a signal or a failure), otherwise 0.";
        out.family(name("complete"), Kind::Gauge, help).sample(&[], u8::from(complete));
        out.family(name("exit_code"), Kind::Gauge, "Exit code of the last run.").sample(&[], code);
        let took = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        out.family(name("duration_seconds"), Kind::Gauge, "Duration of the last run.").sample(&[], seconds(took));

        let (sessions, bytes) = (name(&format!("{verb}_total")), name(&format!("{verb}_bytes_total")));
        let counters = self.counters(previous, &labels, &sessions, &bytes);
        if let Some(figures) = &self.figures {
            let help = format!("Sessions that the last run {verb}.");
            let mut family = out.family(name(&format!("last_run_{verb}")), Kind::Gauge, &help);
            for app in counters.keys() {
                family.sample(&[("app", app)], figures.by_app.get(app).map_or(0, |count| count.sessions));
            }
            if expired {
                let help = "Longest time between the expiry of a session and its deletion by the last run.";
                let mut family = out.family(name("oldest_expired_seconds"), Kind::Gauge, help);
                for app in counters.keys() {
                    let age = figures.earliest.get(app).map_or(0, |&at| cx.now.since(at));
                    family.sample(&[("app", app)], seconds(age));
                }
            }
            if expired && figures.complete {
                let help = "Expired sessions that the last run found but did not delete: within the grace period, excluded by filters, or locked. Absent after an incomplete run.";
                out.family(name("remaining"), Kind::Gauge, help).sample(&[], figures.left);
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

    /// The counters of the previous file, plus the numbers of this run.
    fn counters(
        &self,
        previous: &PreviousMetrics,
        labels: &[Label<'_>],
        sessions: &str,
        bytes: &str,
    ) -> BTreeMap<String, AppCount> {
        let mut counters = self.figures.as_ref().map(|figures| figures.by_app.clone()).unwrap_or_default();
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

/// The metrics of earlier runs; empty if the file does not exist or cannot be read.
fn previous(path: &Path) -> PreviousMetrics {
    let mut text = String::new();
    // Reading a named pipe would block.
    let read = private_file::open_regular(path).and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text));
    PreviousMetrics::read(if read.is_ok_and(|length| length as u64 <= LARGEST) { &text } else { "" })
}

/// Replaces a metrics file atomically. It is readable by every account, because node_exporter has its own and the file
/// contains no secrets.
///
/// # Errors
/// The file cannot be written; the old one is unchanged.
pub fn write(path: &Path, text: &str) -> Result<(), EndpointError> {
    Output::file(path, true)?.readable_by_all()?.write_whole(text.as_bytes())
}

/// Converts milliseconds to seconds.
fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}
