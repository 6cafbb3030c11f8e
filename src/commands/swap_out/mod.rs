//! `swap-out`: moves idle sessions out of the live table, by the rules of Tomcat's Manager.

mod to_archive;

use std::sync::Arc;
use std::time::Duration;

use clap::ArgGroup;
use tokio::sync::Mutex;

use crate::archive::MAX_DATA;
use crate::context::Context;
use crate::endpoint::Endpoint;
use crate::failure::{Failure, NO_TABLE};
use crate::operations::archive_header::archive_header;
use crate::operations::confirmation::ChosenSessions;
use crate::operations::content_search::{ContentSearch, DeferredWarnings};
use crate::operations::metrics::{MetricNames, RunMetrics};
use crate::operations::purge::{Purge, conclude, earlier_clock};
use crate::operations::swap::SwapReport;
use crate::operations::swap_archive::SwapArchive;
use crate::operations::tomcat::in_memory_check::{TomcatMemory, query_all_nodes};
use crate::options::confirmation::YesArgs;
use crate::options::content::ContentArgs;
use crate::options::filter::FilterArgs;
use crate::options::managers::ManagerArgs;
use crate::options::metrics::MetricsArgs;
use crate::options::pace::PaceArgs;
use crate::options::swap::{OtherArgs, SwappedArgs};
use crate::options::value_parsers::duration;
use crate::session::{Direction, EpochMillis, Filter, SessionMeta, Swap, SwapRule, SwapSelection};
use crate::store::{
    BatchAction, Candidates, Cursor, Delete, InMemoryCheck, IntoStore, IntoTable, ReadRequest, ReconcileResult,
    SessionStore, Stop, is_journal, parse_url,
};
use crate::ui::age;

/// Shorter idle times require --force: such a session is probably in the memory of a Tomcat.
const MIN_IDLE_WITHOUT_FORCE: Duration = Duration::from_secs(600);

/// Move idle sessions out of the live table
#[derive(Debug, clap::Args)]
#[command(group = ArgGroup::new("which").args(["max_idle", "max_active"]).required(true).multiple(true))]
#[command(after_long_help = "\
--max-idle moves sessions that have been idle for that long, like Tomcat's maxIdleSwap. --max-active \
keeps that many sessions of each application and moves the longest-idle ones, but none that has been \
idle for less than --min-idle, like maxActiveSessions with minIdleSwap. If both are given, sessions \
that match either are moved. Filters select the sessions that are counted and moved. Expired \
sessions are neither counted nor moved without --include-expired; `expire` deletes them.

Sessions are moved to a second table in the same database, TABLE_swapped. Each batch is one \
transaction: the server locks the rows, checks them again, copies them and deletes them. If the swap \
table already has a row of the session, it is replaced, unless it is newer: then both rows are kept.

With --to, sessions are moved to another store: each batch is copied and committed there; \
then the sessions that have not changed since are deleted here. An archive file is rewritten with \
its previous contents plus the new sessions and synced to disk before anything is deleted here. \
Sessions that changed in the meantime are kept here and removed from the archive again. `import` \
brings sessions back from an archive.

A run that ends early removes the copies whose originals it did not delete. A run that is killed leaves a \
journal in the target: a row of the application /tomcat-sessions/swap-journal, or a file beside the \
archive. The next run with the same target reads it and removes every copy of a session that the live \
table still has. If the live table does not have the session, and the journal does not show whether it was \
moved or its user has logged out, the run keeps the copy and lists it. `swap-in --all` does not bring \
such a session back; `swap-in` with its id does.

`swap-in` moves sessions back; list, show, stats, expire, export and delete work on the swap table \
with --swapped.

The column last_access is stale while a Tomcat holds the session in memory, unless PersistentValve \
or a short maxIdleBackup saves it. If the row of such a session is moved, that Tomcat writes it \
again later; if it crashes before that, or another Tomcat looks for the session, the user is logged \
out. Idle times below 10 minutes therefore need --force. With --manager, every Tomcat is asked \
before each batch, and sessions in the memory of one of them are not moved. --metrics-file writes \
metrics as with `expire`.

Exit status:
  0    done, even if there was nothing to move
  1    failed, or refused because of the clocks
  2    usage error, or a file named by an option cannot be read
  3    stopped by --max-rows, --max-time or other clients' locks; or a Tomcat did not answer
  10   cannot reach the database or log in to it
  11   a table is missing or has the wrong structure
  12   another run holds the table's lock
  130  interrupted: the current batch was finished or rolled back, and the summary printed
  143  terminated, in the same way

Examples:
  tomcat-sessions swap-out --max-idle 12h --dry-run
  tomcat-sessions swap-out --max-active 10000 --min-idle 1h --app shop --create
  tomcat-sessions swap-out --max-idle 30d --to sqlite:swapped.db")]
pub struct Args {
    /// Move sessions that have been idle for this long
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    max_idle: Option<Duration>,
    /// Keep the N most recently used sessions of each application
    #[arg(long, value_name = "N", requires = "min_idle")]
    max_active: Option<usize>,
    /// With --max-active: minimum idle time of moved sessions
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    min_idle: Option<Duration>,
    /// Also move expired sessions
    #[arg(long, hide_short_help = true)]
    include_expired: bool,
    /// URL of another store, or archive file [default: the swap table]
    #[arg(long, value_name = "URL|FILE", conflicts_with = "create")]
    to: Option<String>,
    /// Create the swap table if it does not exist
    #[arg(long)]
    create: bool,
    /// Allow idle times below 10 minutes
    #[arg(long, hide_short_help = true)]
    force: bool,
    /// Continue even if this machine's clock and the server's differ by more than 5 minutes
    #[arg(long, hide_short_help = true)]
    allow_clock_skew: bool,
    #[command(flatten)]
    metrics: MetricsArgs,
    #[command(flatten)]
    yes: YesArgs,
    #[command(flatten)]
    other: OtherArgs,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    content: ContentArgs,
    #[command(flatten)]
    pace: PaceArgs,
    #[command(flatten)]
    nodes: ManagerArgs,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    let metered = MetricNames { name: "swap_out", verb: "moved", expired: false };
    let mut meter = args.metrics.begin(cx, metered, SwappedArgs::default(), args.pace.dry_run);
    let done = swap_out(args, cx, &mut meter).await;
    meter.end(cx, done)
}

async fn swap_out(args: Args, cx: &Context, meter: &mut RunMetrics) -> Result<u8, Failure> {
    args.pace.begin(cx);
    let search = args.content.search()?;
    let rule = args.rule()?;
    if rule.counts() && !search.is_empty() {
        return Err(Failure::usage("--max-active cannot be combined with --attr, --class, --user and --restorable")
            .hint("use --max-idle, which can be combined with all filters"));
    }
    let mut store = cx.open().await?;
    let filter = args.filter.filter(cx, &mut store).await?;
    let stop = cx.stop_on_signals()?;
    if args.yes.asks(cx, args.pace.dry_run) {
        let swap = count(cx, &mut store, rule.clone(), &filter, cx.now, &stop).await?;
        let is_included = |session: &SessionMeta| swap.includes(session);
        let idle = args.narrowed(&filter);
        let chosen = ChosenSessions::count(&mut store, &idle, cx.now, &stop, &search, &is_included).await?;
        args.yes.confirm(cx, &stop, &chosen, "Move them out of the table").await?;
    }
    args.pace.prepare(cx, &mut store).await?;
    let now = earlier_clock(cx, &mut store, args.allow_clock_skew).await?;
    let (destination, to, mut found) = args.open_destination(cx, &mut store).await?;
    let tomcats = query_all_nodes(cx, &args.nodes).await?;
    if tomcats.is_none() {
        cx.ui
            .note("Tomcat was not asked which of these sessions are in its memory: they are idle only according to the table.");
    }
    let swap = Arc::new(count(cx, &mut store, rule, &filter, now, &stop).await?);
    let idle = args.narrowed(&filter);
    let reader = store.another().await?;
    let (candidates, warnings) = if search.is_empty() {
        (by_columns(reader, idle.clone(), now, &swap), DeferredWarnings::default())
    } else {
        ContentSearch::new(reader, idle.clone(), now, stop.clone(), search, |_, _, _| ()).candidates()
    };
    let in_memory_check = tomcats.map(TomcatMemory);
    let wanted = |session: &SessionMeta| {
        swap.includes(session)
            && filter.matches(session, now)
            && !is_journal(&session.key)
            && destination.can_take(session)
    };
    let what = |doing| Purge {
        doing,
        cutoff: None,
        accessed_before: Some(swap.accessed_before()),
        wanted: &wanted,
        expected: None,
        in_memory_check: in_memory_check.as_ref().map(|all| all as &dyn InMemoryCheck),
        stop: stop.clone(),
    };
    let mut summary = match &destination {
        Destination::To(action) => {
            let mut action = action.lock().await;
            args.pace.purge(cx, &mut store, candidates, what("Moving sessions"), &mut **action).await
        }
        Destination::Archive(archive_file) => {
            let again = by_columns(store.another().await?, idle, now, &swap);
            let (summary, old) =
                to_archive::swap_out(cx, &args.pace, &mut store, archive_file, (candidates, again), &what).await?;
            found = old;
            summary
        }
    };
    meter.record(&summary);
    let places = (store.names().table.clone(), to);
    let mut report = SwapReport::new(cx, "swap-out", args.pace.dry_run, &store, places, &mut summary);
    report.reconciled(found);
    store.close().await;
    warnings.warn(cx).await;
    conclude(cx, &report, summary.ended)
}

/// Candidates selected by their columns only.
fn by_columns(reader: SessionStore, idle: Filter, now: EpochMillis, swap: &Arc<Swap>) -> Candidates {
    let swap = swap.clone();
    Candidates::selected(reader, idle, now, move |session| swap.includes(session) && !is_journal(&session.key))
}

/// The target of the sessions.
enum Destination {
    To(Mutex<Box<dyn BatchAction>>),
    Archive(Box<SwapArchive>),
}

impl Destination {
    fn to(action: impl BatchAction + 'static) -> Destination {
        Destination::To(Mutex::new(Box::new(action)))
    }

    /// Tells whether the target can store a session of this size.
    fn can_take(&self, session: &SessionMeta) -> bool {
        !matches!(self, Destination::Archive(_)) || session.size.unwrap_or(0) <= MAX_DATA
    }
}

/// Counts the sessions of each application, if the rule requires it.
async fn count(
    cx: &Context,
    store: &mut SessionStore,
    rule: SwapRule,
    filter: &Filter,
    now: EpochMillis,
    stop: &Stop,
) -> Result<Swap, Failure> {
    let counts = rule.counts();
    let mut count = SwapSelection::new(rule, now);
    if counts {
        let mut progress = cx.ui.progress("Counting sessions", None);
        let reading = ReadRequest { filter, now, from: None, limit: None };
        let (mut cursor, mut seen) = (Cursor::default(), 0);
        while stop.requested().is_none() {
            let Some(page) = store.next_page(&reading, &mut cursor).await? else { break };
            page.iter().for_each(|session| count.add(session));
            seen += page.len() as u64;
            progress.set(seen);
        }
    }
    Ok(count.end())
}

impl Args {
    fn rule(&self) -> Result<SwapRule, Failure> {
        let rule = SwapRule {
            max_idle: self.max_idle,
            max_active: self.max_active,
            min_idle: self.min_idle.unwrap_or_default(),
            include_expired: self.include_expired,
        };
        let least = rule.least_idle();
        if least < MIN_IDLE_WITHOUT_FORCE && !self.force && self.nodes.is_empty() {
            let ms = u64::try_from(least.as_millis()).unwrap_or(u64::MAX);
            return Err(Failure::usage(format!(
                "sessions idle for only {} are probably still in a Tomcat's memory, and their rows are outdated copies",
                age(ms)
            ))
            .hint("use 10 minutes or more, or --force"));
        }
        Ok(rule)
    }

    /// The filter with the minimum idle time of the rule, so that fewer rows are read.
    fn narrowed(&self, filter: &Filter) -> Filter {
        let least = self.rule().map(|rule| rule.least_idle()).unwrap_or_default();
        // The filter excludes sessions that are idle for exactly this time, and the rule includes them.
        let least = least.checked_sub(Duration::from_millis(1));
        Filter { idle_over: filter.idle_over.max(least), ..filter.clone() }
    }

    /// The target, its name, and the leftovers of an interrupted run in it.
    async fn open_destination(
        &self,
        cx: &Context,
        store: &mut SessionStore,
    ) -> Result<(Destination, String, ReconcileResult), Failure> {
        let name = store.names().swapped.clone();
        if let Some(to) = &self.to {
            let url = if cx.named_store(to)?.is_some() { Ok(()) } else { parse_url(to).map(|_| ()) };
            return match (url, Endpoint::of(to)) {
                (Ok(()), _) => {
                    if !self.pace.dry_run {
                        store.require_lease()?;
                    }
                    let to = self.other.open(cx, to, &self.pace, store).await?;
                    let name = to.target().to_string();
                    let mut into = IntoStore::new(to, Direction::Out, None);
                    let found =
                        if self.pace.dry_run { ReconcileResult::default() } else { into.reconcile(store).await? };
                    Ok((Destination::to(into), name, found))
                }
                (Err(error), _) if to.contains("://") => Err(error.into()),
                (Err(_), Endpoint::File(path)) => {
                    Endpoint::from_argument(to)?;
                    let archive_file = SwapArchive::open(&path, archive_header(cx, store, "swap-out", None))?;
                    let name = archive_file.name();
                    Ok((Destination::Archive(Box::new(archive_file)), name, ReconcileResult::default()))
                }
                (Err(_), _) => Err(Failure::usage("--to needs a store's URL or the path of an archive")
                    .hint("--to sessions.ndjson.zst")),
            };
        }
        if self.create && !self.pace.dry_run {
            store.create_swap_table().await?;
        }
        match store.swap_table().await.map_err(Failure::from) {
            Ok(other) => Ok((
                Destination::to(IntoTable { other, way: Direction::Out, fix: None }),
                name,
                ReconcileResult::default(),
            )),
            // In a dry run, a table that would be created accepts every session.
            Err(failure) if self.create && self.pace.dry_run && failure.code == NO_TABLE => {
                Ok((Destination::to(Delete::default()), name, ReconcileResult::default()))
            }
            Err(failure) => Err(failure),
        }
    }
}
