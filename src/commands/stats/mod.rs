//! `stats`: totals by application.

mod group_by;
mod html;
mod metrics;
mod sort;
mod totals;
mod watch;

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use self::group_by::{GroupBy, GroupReport, Groups};
use self::metrics::metrics;
use self::sort::Sort;
use self::totals::Stats;
use crate::context::{Context, exit_code_of};
use crate::endpoint::{Endpoint, EndpointError, Output};
use crate::failure::{DONE, Failure};
use crate::javaser::{Decoded, Restorable};
use crate::operations::content_search::ContentSearch;
use crate::operations::expected_sessions::expected_sessions;
use crate::operations::metrics::{Labels, write};
use crate::options::content::ContentArgs;
use crate::options::filter::FilterArgs;
use crate::options::listing::LimitArgs;
use crate::options::metrics::textfile;
use crate::options::replica::ReadFromArgs;
use crate::options::swap::SwappedArgs;
use crate::options::value_parsers::duration;
use crate::session::{EpochMillis, SessionMeta, Totals};
use crate::store::{Cursor, ReadRequest, SessionStore, Stop};
use crate::ui::{Format, Page, Report, plural};

/// Count sessions by application and state
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
OLDEST is how long ago the longest-expired session expired. If it is high, usually no running \
Tomcat serves the application: `expire` deletes such sessions.

Below the table of states, stats draws the distributions of idle times and sizes as bars. The bar under the \
heading 5m counts the sessions with an idle time from 1m to less than 5m, and so on; `+` counts the rest. The \
size 256 means 256K. The highest bar of a row has full height. Percentiles are accurate to one percent; \
machine formats contain more of them.

With --format prometheus the totals are printed as metrics. --metrics-file writes the same metrics to \
a file for node_exporter's textfile collector, and replaces the file in one step; if the run fails, \
the file is unchanged.

--by attr counts the sessions with each attribute and its bytes, --by class the same for the objects \
of each class, --by user the sessions of each logged-in user. For users, routes and applications, \
the bytes are those of the sessions. --by attr, --by class and --by user read and decode the session \
data, and so do --attr, --class, --user and --restorable.

--watch refreshes every 2s, or at the given interval, until a signal ends it. If a query fails, it \
shows the error and the last figures, and tries again after a pause of up to one minute. If the \
first query fails, it ends.

Exit status:
  0    done
  1    failed
  2    usage error, or a file named by an option cannot be read
  10   cannot reach the database or log in to it
  11   the session table (with --swapped: the swap table) is missing or has the wrong structure
  130  interrupted: nothing is printed; --watch keeps the last figures on the screen
  143  terminated, in the same way

Examples:
  tomcat-sessions stats
  tomcat-sessions stats --watch 5s --app demo
  tomcat-sessions stats --html stats.html
  tomcat-sessions stats --sort size --limit 5
  tomcat-sessions stats --quiet --metrics-file /var/lib/prometheus/node-exporter/tomcat_sessions.prom
  tomcat-sessions stats --by attr
  tomcat-sessions stats --by user --app demo --format json")]
pub struct Args {
    /// Count sessions and bytes by this property instead of by state
    #[arg(long, value_enum, value_name = "attr|class|user|route|app", hide_possible_values = true)]
    by: Option<GroupBy>,
    /// Sort order: largest first, or by name [default: name; sessions with --by]
    #[arg(long, value_enum, value_name = "name|sessions|size|expired|oldest", hide_possible_values = true)]
    sort: Option<Sort>,
    #[command(flatten)]
    limit: LimitArgs,
    /// Refresh at this interval [default: 2s]; with --format ndjson print one line per query
    #[arg(long, value_name = "DURATION", value_parser = duration, num_args = 0..=1, default_missing_value = "2s")]
    watch: Option<Duration>,
    /// Write the totals with charts to this self-contained HTML file, or to stdout with `-`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["by", "watch"])]
    html: Option<String>,
    /// Overwrite the file in --html if it exists
    #[arg(long, requires = "html")]
    force: bool,
    /// Write the totals as metrics to this .prom file, for node_exporter's textfile collector
    #[arg(long, value_name = "FILE", value_parser = textfile, conflicts_with_all = ["by", "watch", "html", "limit"])]
    metrics_file: Option<PathBuf>,
    #[command(flatten)]
    swapped: SwappedArgs,
    #[command(flatten)]
    read_from: ReadFromArgs,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    content: ContentArgs,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    args.read_from.apply(cx);
    args.check(cx.ui.format())?;
    if let Some(every) = args.watch {
        return watch::run(&args, cx, every).await;
    }
    let store = args.swapped.open(cx).await?;
    let stop = cx.stop_on_signals()?;
    let snapshot = args.read_snapshot(cx, store, cx.now, &stop).await?;
    if let Some(signal) = stop.requested() {
        return Err(Failure::new(exit_code_of(signal), "interrupted before all sessions were read"));
    }
    if let (Snapshot::Totals(stats), Some(file)) = (&snapshot, &args.metrics_file) {
        write(file, &metrics(stats, &Labels::new(cx, args.swapped)))?;
    }
    match (snapshot, &args.html) {
        (Snapshot::Totals(stats), Some(to)) => page(&args, cx, to, &stats)?,
        (Snapshot::Totals(stats), None) if cx.ui.format() == Format::Prometheus => {
            cx.ui.text(metrics(&stats, &Labels::new(cx, args.swapped)).as_bytes())?;
        }
        (snapshot, _) => snapshot.print(cx)?,
    }
    Ok(DONE)
}

/// Writes the page of `--html`.
fn page(args: &Args, cx: &Context, to: &str, stats: &Stats) -> Result<(), Failure> {
    let text = html::page(stats, &cx.place().unwrap_or_default());
    let (out, name) = match Endpoint::from_argument(to)? {
        Endpoint::Stdio => (Output::Stdout(cx.ui.raw()), None),
        Endpoint::File(path) => (Output::shared(&path, args.force)?, Some(path)),
        Endpoint::FileStore(_) => {
            return Err(Failure::usage("--html needs a file name, or `-`").hint("--html stats.html"));
        }
    };
    out.write_whole(text.as_bytes())?;
    if let Some(path) = name {
        let sessions = plural(stats.total.sessions, "session");
        cx.ui.note(format!("Wrote the statistics of {sessions} to `{}`.", path.display()));
    }
    Ok(())
}

/// Result of a query of the table.
enum Snapshot {
    Totals(Stats),
    Groups(GroupReport),
}

impl Snapshot {
    fn print(&self, cx: &Context) -> io::Result<()> {
        match self {
            Snapshot::Totals(stats) => cx.ui.report(stats),
            Snapshot::Groups(groups) => cx.ui.report(groups),
        }
    }

    fn page(&self, page: &mut Page) {
        match self {
            Snapshot::Totals(stats) => stats.page(page),
            Snapshot::Groups(groups) => groups.page(page),
        }
    }
}

impl Args {
    /// Refuses options that cannot be combined.
    fn check(&self, format: Format) -> Result<(), Failure> {
        if self.by.is_some() && format == Format::Prometheus {
            return Err(Failure::usage("--by cannot be combined with --format prometheus").hint("use --format json"));
        }
        if format == Format::Prometheus && self.limit.is_given() {
            return Err(Failure::usage("--limit cannot be combined with --format prometheus")
                .hint("remove --limit; --app selects applications"));
        }
        if let (Some(_), Some(Sort::Expired | Sort::Oldest)) = (self.by, self.sort) {
            return Err(Failure::usage(
                "--sort expired and --sort oldest cannot be used with --by, which does not count by state",
            )
            .hint("use --sort sessions, size or name"));
        }
        if self.html.is_some() && format != Format::Table {
            return Err(Failure::usage("--html cannot be combined with --format").hint("remove --format"));
        }
        // Reading may take minutes, so an existing file is reported before it.
        if let Some(Endpoint::File(path)) = self.html.as_deref().map(Endpoint::of)
            && !self.force
            && path.symlink_metadata().is_ok()
        {
            return Err(EndpointError::exists(&path).into());
        }
        Ok(())
    }

    /// Reads all sessions that match the filters, or fewer if a signal arrives.
    async fn read_snapshot(
        &self,
        cx: &Context,
        mut store: SessionStore,
        now: EpochMillis,
        stop: &Stop,
    ) -> Result<Snapshot, Failure> {
        let search = self.content.search()?;
        let filter = self.filter.filter(cx, &mut store).await?;
        let expected = expected_sessions(cx, &mut store, &filter).await?;
        let reading = ReadRequest { filter: &filter, now, from: None, limit: None };
        if let Some(by) = self.by {
            let mut groups = Groups::new(by);
            if search.is_empty() && !by.reads_data() {
                by_columns(cx, store, &reading, expected, stop, |session| groups.add(by.of(session, None))).await?;
            } else {
                let make =
                    move |session: &SessionMeta, decoded: Option<&Decoded<'_>>, _: Restorable| by.of(session, decoded);
                let finder = ContentSearch::new(store, filter, now, stop.clone(), search, make);
                by_data(cx, finder, expected, |_, held| groups.add(held)).await?;
            }
            let mut grouped = groups.report(now, self.sort.unwrap_or(Sort::Sessions));
            self.limit.cut(cx, &mut grouped.groups);
            return Ok(Snapshot::Groups(grouped));
        }
        let mut totals = Totals::default();
        let mut each = |session: &SessionMeta| totals.add(session, now);
        if search.is_empty() {
            by_columns(cx, store, &reading, expected, stop, each).await?;
        } else {
            let finder = ContentSearch::new(store, filter, now, stop.clone(), search, |_, _, _| ());
            by_data(cx, finder, expected, |session, ()| each(session)).await?;
        }
        let mut applications = totals.by_app(now);
        self.sort.unwrap_or_default().sort(&mut applications);
        self.limit.cut(cx, &mut applications);
        Ok(Snapshot::Totals(Stats { now, now_rfc3339: now.rfc3339(), total: totals.all(now), applications }))
    }
}

/// Passes every session to `each`, by its columns.
async fn by_columns(
    cx: &Context,
    mut store: SessionStore,
    reading: &ReadRequest<'_>,
    expected: Option<u64>,
    stop: &Stop,
    mut each: impl FnMut(&SessionMeta),
) -> Result<(), Failure> {
    let mut progress = cx.ui.progress("Reading sessions", expected);
    let (mut cursor, mut seen) = (Cursor::default(), 0);
    while stop.requested().is_none() {
        let Some(page) = store.next_page(reading, &mut cursor).await? else { break };
        page.iter().for_each(&mut each);
        seen += page.len() as u64;
        progress.set(seen);
    }
    store.close().await;
    Ok(())
}

/// Passes every session that a search finds to `each`, with the result of the search.
async fn by_data<T: Send + 'static>(
    cx: &Context,
    mut finder: ContentSearch<T>,
    expected: Option<u64>,
    mut each: impl FnMut(&SessionMeta, T),
) -> Result<(), Failure> {
    let mut progress = cx.ui.progress("Reading the data of sessions", expected);
    while let Some(found) = finder.next().await {
        found.into_iter().for_each(|(session, made)| each(&session, made));
        progress.set(finder.searched());
    }
    drop(progress);
    finder.end().await?.warn(cx);
    Ok(())
}
