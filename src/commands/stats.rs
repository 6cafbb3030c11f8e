//! `stats`: totals by application.

mod by;

use std::collections::BTreeMap;

use serde::Serialize;

use self::by::{By, Groups};
use super::content::{ContentArgs, Finder};
use super::metering::Labels;
use super::selection::FilterArgs;
use super::swapping::SwappedArgs;
use crate::context::{Context, code_of};
use crate::exposition::{Exposition, Kind};
use crate::failure::{DONE, Failure};
use crate::javaser::{Decoded, Search};
use crate::session::{AppTotals, EpochMillis, Filter, SessionMeta, Totals};
use crate::store::{Cursor, Reading, SessionStore, Stop};
use crate::ui::{Format, Head, Page, Report, Table, age, bytes, count};

/// Add up the sessions by application
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
OLDEST is how long the longest-expired session has been expired. Percentiles are within one per cent \
of the true ones; machine formats have more. Expired sessions that stay for long belong to \
an application that no running Tomcat serves: `expire` purges them. With --format prometheus the \
totals come as metrics, for node_exporter's textfile collector.

--by attr counts each attribute and its bytes in the data, --by class the objects of each class with \
what is in them, --by user who is logged in; the bytes of a user, a route or an application are those \
of the sessions. --by attr, --by class, --by user, --attr, --class and --user read and decode the data.

Exit status:
  0    done
  10   cannot reach the database or log in to it
  11   the session table is missing or has the wrong shape
  130  interrupted: nothing is printed

Examples:
  tomcat-sessions stats
  tomcat-sessions stats --by attr
  tomcat-sessions stats --by user --app demo --format json")]
pub struct Args {
    /// Count by this in the place of the state: sessions that hold it, and bytes
    #[arg(long, value_enum, value_name = "attr|class|user|route|app", hide_possible_values = true)]
    by: Option<By>,
    #[command(flatten)]
    swapped: SwappedArgs,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    content: ContentArgs,
}

#[derive(Debug, Serialize)]
struct Stats {
    /// Epoch milliseconds.
    now: EpochMillis,
    total: AppTotals,
    applications: Vec<AppTotals>,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    if args.by.is_some() && cx.ui.format() == Format::Prometheus {
        return Err(Failure::usage("--by has no form for Prometheus").hint("--format json"));
    }
    let labels = Labels::new(cx, args.swapped);
    let search = args.content.search()?;
    let mut store = args.swapped.open(cx).await?;
    let filter = args.filter.filter(cx, &mut store).await?;
    let stop = cx.stop_on_signals()?;
    let interrupted = |stop: &Stop| match stop.requested() {
        Some(signal) => Err(Failure::new(code_of(signal), "interrupted before all sessions were read")),
        None => Ok(()),
    };
    if let Some(by) = args.by {
        let groups = grouped(cx, store, filter, search, by, &stop).await?;
        interrupted(&stop)?;
        cx.ui.report(&groups.report(cx.now))?;
        return Ok(DONE);
    }
    let mut totals = Totals::default();
    let mut each = |session: &SessionMeta| totals.add(session, cx.now);
    if search.is_empty() {
        by_columns(cx, store, &filter, &stop, each).await?;
    } else {
        let finder = Finder::new(store, filter, cx.now, stop.clone(), search, |_, _| ());
        by_data(cx, finder, |session, ()| each(session)).await?;
    }
    interrupted(&stop)?;
    let stats = Stats { now: cx.now, total: totals.all(cx.now), applications: totals.by_app(cx.now) };
    match cx.ui.format() {
        Format::Prometheus => cx.ui.text(metrics(&stats, &labels).as_bytes())?,
        _ => cx.ui.report(&stats)?,
    }
    Ok(DONE)
}

/// Hands on every session by its columns.
async fn by_columns(
    cx: &Context,
    mut store: SessionStore,
    filter: &Filter,
    stop: &Stop,
    mut each: impl FnMut(&SessionMeta),
) -> Result<(), Failure> {
    let mut progress = cx.ui.progress("Reading sessions", None);
    let reading = Reading { filter, now: cx.now, from: None, limit: None };
    let (mut cursor, mut seen) = (Cursor::default(), 0);
    while stop.requested().is_none() {
        let Some(page) = store.next_page(&reading, &mut cursor).await? else { break };
        page.iter().for_each(&mut each);
        seen += page.len() as u64;
        progress.set(seen);
    }
    store.close().await;
    Ok(())
}

/// Adds up what sessions hold.
async fn grouped(
    cx: &Context,
    store: SessionStore,
    filter: Filter,
    search: Search,
    by: By,
    stop: &Stop,
) -> Result<Groups, Failure> {
    let mut groups = Groups::new(by);
    if search.is_empty() && !by.reads_data() {
        by_columns(cx, store, &filter, stop, |session| groups.add(by.of(session, None))).await?;
    } else {
        let make = move |session: &SessionMeta, decoded: Option<&Decoded<'_>>| by.of(session, decoded);
        let finder = Finder::new(store, filter, cx.now, stop.clone(), search, make);
        by_data(cx, finder, |_, held| groups.add(held)).await?;
    }
    Ok(groups)
}

/// Hands on every session that a search finds, and what was made of it.
async fn by_data<T: Send + 'static>(
    cx: &Context,
    mut finder: Finder<T>,
    mut each: impl FnMut(&SessionMeta, T),
) -> Result<(), Failure> {
    let mut progress = cx.ui.progress("Reading the data of sessions", None);
    let mut seen = 0;
    while let Some(found) = finder.next().await {
        seen += found.len() as u64;
        found.into_iter().for_each(|(session, made)| each(&session, made));
        progress.set(seen);
    }
    drop(progress);
    finder.end().await?.say(cx);
    Ok(())
}

impl Report for Stats {
    const RECORDS: Option<&'static str> = Some("applications");

    /// Fits 80 columns where application names and numbers are of the usual length.
    fn page(&self, page: &mut Page) {
        let name = |t: &AppTotals| t.app_name.clone().unwrap_or_else(|| "NULL".to_owned());
        let named: Vec<(String, &AppTotals)> = self
            .applications
            .iter()
            .map(|t| (name(t), t))
            .chain(std::iter::once(("all".to_owned(), &self.total)))
            .collect();
        page.table(&self.states(&named));
        if self.total.sessions > 0 {
            page.blank();
            page.table(&percentiles(&named));
        }
    }
}

impl Stats {
    fn states(&self, named: &[(String, &AppTotals)]) -> Table {
        // Tomcat writes no invalid row: the column is there when it says something.
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

fn percentiles(named: &[(String, &AppTotals)]) -> Table {
    let heads = vec![
        Head::left("PERCENTILES"),
        Head::right("SIZE 50%"),
        Head::right("99%"),
        Head::right("MAX"),
        Head::right("IDLE 50%"),
        Head::right("99%"),
    ];
    let row = |(name, t): &(String, &AppTotals)| {
        let (s, i) = (t.size_bytes, t.idle_ms);
        let sizes = [s.p50, s.p99, s.max].map(bytes);
        let idle = [i.p50, i.p99].map(age);
        [name.clone()].into_iter().chain(sizes).chain(idle).collect()
    };
    Table { heads, rows: named.iter().map(row).collect() }
}

/// The totals for Prometheus.
fn metrics(stats: &Stats, labels: &Labels) -> String {
    type Value = fn(&AppTotals) -> u64;
    let labels = labels.list();
    // To Prometheus an empty label is none, and so is NULL.
    let mut apps: BTreeMap<&str, Vec<&AppTotals>> = BTreeMap::new();
    for totals in &stats.applications {
        apps.entry(totals.app_name.as_deref().unwrap_or_default()).or_default().push(totals);
    }
    let mut out = Exposition::new(&labels);
    let states: [(&str, Value); 4] =
        [("live", |t| t.live), ("expired", |t| t.expired), ("never", |t| t.never_expiring), ("invalid", |t| t.invalid)];
    let mut family = out.family("tomcat_sessions", Kind::Gauge, "Sessions in the table by state.");
    for (app, totals) in &apps {
        for (state, value) in states {
            family.sample(&[("app", app), ("state", state)], totals.iter().map(|t| value(t)).sum::<u64>());
        }
    }
    let mut family = out.family("tomcat_sessions_data_bytes", Kind::Gauge, "Bytes of session data.");
    for (app, totals) in &apps {
        family.sample(&[("app", app)], totals.iter().fold(0u64, |sum, t| sum.saturating_add(t.bytes)));
    }
    let largest: [(&str, &str, Value); 2] = [
        ("tomcat_sessions_largest_bytes", "Bytes of the largest session.", |t| t.size_bytes.max),
        ("tomcat_sessions_oldest_expired_seconds", "How long the longest-expired session has been expired.", |t| {
            t.oldest_expired_ms.unwrap_or(0) / 1000
        }),
    ];
    for (name, help, value) in largest {
        let mut family = out.family(name, Kind::Gauge, help);
        for (app, totals) in &apps {
            family.sample(&[("app", app)], totals.iter().map(|t| value(t)).max().unwrap_or(0));
        }
    }
    out.text()
}
