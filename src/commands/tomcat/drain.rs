//! `tomcat drain`: moves the sessions of one Tomcat from memory to the table, until its memory is empty.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::context::{Context, exit_code_of};
use crate::failure::{DONE, Failure, PARTLY};
use crate::operations::tomcat::background_pass::{AppOutcome, BackgroundRun, missing_lines};
use crate::operations::tomcat::memory_snapshot::MemorySnapshot;
use crate::operations::tomcat::missing_rows::MissingRow;
use crate::operations::tomcat::temporary_settings::{save_settings, swap_out_settings};
use crate::options::background_pass::BackgroundRunArgs;
use crate::options::value_parsers::duration;
use crate::ui::{Head, Page, Report, Table, age, count, plural};

/// Pause between two passes.
const PASS_PAUSE: Duration = Duration::from_secs(1);
/// Maximum number of sessions in a list on a terminal.
const MAX_SHOWN: usize = 10;

/// Take one Tomcat out of service: move all its sessions from memory to the table
#[derive(Debug, clap::Args)]
#[command(mut_arg("wait", |arg| arg.help("Maximum time until the memory is empty; also the limit of each pass")))]
#[command(after_long_help = "\
First remove the node from the load balancer, so that it gets no new requests: this command does not \
control the load balancer. Sessions that appear in memory after the start are listed; they show that \
requests still arrive.

In each pass, the Tomcat saves all sessions, as with `tomcat flush`. Then, only if every session \
has a current row, it swaps out the sessions that had no request for --idle, as with `tomcat \
swap-out`. Passes are repeated until its memory is empty, or until --wait has passed. Its settings \
are restored after each pass. The other Tomcats load the sessions at their next requests. If the \
exit status is 0, no session is lost when this Tomcat is stopped, even with kill -9.

NODE is the URL of a Manager application, or the host or host:port of one in --manager, --managers-file or \
TOMCAT_SESSIONS_MANAGER. Applications whose Manager has no Store cannot be drained: their sessions \
are counted, and the exit status is 3. To leave out such applications, name all others with --app.

Tomcat 9.0.122, 10.1.60, 11.0.26 and later swap out only sessions that were created while maxIdleSwap \
or minIdleSwap was set in the Manager. Without either, sessions remain in memory, with a current \
row: shut this Tomcat down normally (saveOnRestart=\"true\" saves them again).

Exit status:
  0    done: no session is in the memory of this Tomcat
  1    failed; no application has a Manager with a Store; or `tomcat maintenance begin` is in effect
  2    usage error, or NODE matches no Manager application, or several
  3    sessions are still in memory, or have no current row
  10   cannot reach the database or the Tomcat, or log in to it
  11   the session table is missing or has the wrong structure
  12   another run is using the same state file
  130  interrupted: the original values were restored
  143  terminated, in the same way

Examples:
  tomcat-sessions tomcat drain tomcat1 --managers-file nodes --manager-password-file mgr.pw
  tomcat-sessions tomcat drain https://admin@tomcat1:8443/manager --app shop --wait 10m")]
pub struct Args {
    /// URL of the Manager application, or host or host:port of one in --manager or --managers-file
    #[arg(value_name = "NODE")]
    node: String,
    /// Swap out sessions that had no request for this long
    #[arg(long, value_name = "DURATION", default_value = "5s", value_parser = duration)]
    idle: Duration,
    #[command(flatten)]
    steer: BackgroundRunArgs,
}

/// Results of the passes.
#[derive(Default)]
struct DrainResult {
    passes: u64,
    /// Sessions that were not in memory at the start.
    new: BTreeSet<MissingRow>,
    missing: Vec<MissingRow>,
    left: BTreeSet<MissingRow>,
}

pub async fn run(mut args: Args, cx: &Context) -> Result<u8, Failure> {
    let begun = Instant::now();
    args.steer.nodes = args.steer.nodes.only(&args.node)?;
    let idle = i64::try_from(args.idle.as_secs()).ok().filter(|idle| i32::try_from(*idle).is_ok());
    let Some(idle) = idle else {
        return Err(Failure::usage("--idle is too long for Tomcat").hint("the maximum is 68 years"));
    };
    let mut background_run = BackgroundRun::begin(cx, &args.steer).await?;
    let before = background_run.memory(false).await?;
    let drained = if args.steer.pass.dry_run {
        DrainResult { left: sessions(&before), ..DrainResult::default() }
    } else {
        passes(&args, &mut background_run, &before, idle).await?
    };
    let without_store =
        background_run.tomcats.served().filter(|(_, served)| !served.persistent).filter_map(|(_, served)| {
            let sessions = served.number("activeSessions").and_then(|number| u64::try_from(number).ok())?;
            (sessions > 0).then(|| WithoutStore { app_name: served.app.clone(), sessions })
        });
    let without_store = without_store.collect();
    let errors: Vec<String> = background_run.errors.iter().map(ToString::to_string).collect();
    for error in &background_run.errors {
        cx.ui.warn(format!("{error}."));
    }
    let report = DrainReport {
        command: "tomcat drain",
        dry_run: args.steer.pass.dry_run,
        store: background_run.store.as_ref().map(|store| store.target().to_string()),
        manager: background_run.tomcats.nodes.first().map(|asked| asked.node.manager()).unwrap_or_default(),
        applications: background_run.applications(&before).await?,
        new: drained.new.into_iter().collect(),
        remaining: drained.left.into_iter().collect(),
        not_saved: drained.missing,
        without_store,
        errors,
        passes: drained.passes,
        took_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
    };
    if let Some(store) = background_run.store.take() {
        store.close().await;
    }
    cx.ui.report(&report)?;
    match background_run.stop.requested() {
        Some(signal) => Ok(exit_code_of(signal)),
        None => Ok(if report.dry_run || report.is_empty() { DONE } else { PARTLY }),
    }
}

/// Repeats passes until the memory is empty, `--wait` has passed, or a request fails.
async fn passes(
    args: &Args,
    background_run: &mut BackgroundRun<'_>,
    before: &MemorySnapshot,
    idle: i64,
) -> Result<DrainResult, Failure> {
    let deadline = Instant::now() + args.steer.pass.wait;
    let first = sessions(before);
    let mut drained = DrainResult::default();
    let mut stop = background_run.stop.clone();
    loop {
        let now = background_run.memory(!args.steer.no_verify).await?;
        drained.left = sessions(&now);
        drained.new.extend(drained.left.difference(&first).cloned());
        let over = Instant::now() >= deadline && drained.passes > 0;
        if drained.left.is_empty() || over || !background_run.errors.is_empty() || stop.requested().is_some() {
            if drained.left.is_empty() {
                drained.missing.clear();
            }
            return Ok(drained);
        }
        drained.passes += 1;
        if !args.steer.no_verify {
            background_run.pass(&save_settings).await?;
            drained.missing = background_run.missing(&now).await?;
        }
        if drained.missing.is_empty() && background_run.errors.is_empty() {
            background_run.pass(&move |served| swap_out_settings(served, idle)).await?;
        }
        if !sessions(&background_run.memory(false).await?).is_empty() {
            tokio::select! {
                () = tokio::time::sleep(PASS_PAUSE) => {}
                _ = stop.wait() => {}
            }
        }
    }
}

fn sessions(memory: &MemorySnapshot) -> BTreeSet<MissingRow> {
    let of = |((_, app), held): (&(usize, String), &crate::operations::tomcat::memory_snapshot::NodeSessions)| {
        let app = app.clone();
        let ids: Vec<String> = held.sessions.keys().cloned().collect();
        ids.into_iter().map(move |session_id| MissingRow { app_name: app.clone(), session_id })
    };
    memory.iter().flat_map(of).collect()
}

#[derive(Debug, Serialize)]
struct DrainReport {
    command: &'static str,
    dry_run: bool,
    store: Option<String>,
    manager: String,
    applications: Vec<AppOutcome>,
    /// Sessions that appeared in memory after the start.
    new: Vec<MissingRow>,
    /// Sessions that are still in memory.
    remaining: Vec<MissingRow>,
    /// Sessions in memory without a current row.
    not_saved: Vec<MissingRow>,
    without_store: Vec<WithoutStore>,
    errors: Vec<String>,
    passes: u64,
    took_ms: u64,
}

#[derive(Debug, Serialize)]
struct WithoutStore {
    app_name: String,
    sessions: u64,
}

impl DrainReport {
    /// Tells whether the Tomcat can be stopped without losing a session.
    fn is_empty(&self) -> bool {
        self.remaining.is_empty()
            && self.not_saved.is_empty()
            && self.without_store.is_empty()
            && self.errors.is_empty()
    }

    fn sentence(&self) -> String {
        let before: u64 = self.applications.iter().map(|app| app.in_memory_before).sum();
        let left = self.remaining.len() as u64;
        if self.dry_run {
            return format!("Would move {} from the memory of {} to the table.", plural(left, "session"), self.manager);
        }
        if left == 0 {
            let moved = plural(before + self.new.len() as u64, "session");
            return format!(
                "{} has no more sessions in memory: {moved} moved to the table in {}.",
                self.manager,
                age(self.took_ms)
            );
        }
        format!("{} of {} are still in memory after {}.", plural(left, "session"), self.manager, age(self.took_ms))
    }
}

impl Report for DrainReport {
    const RECORDS: Option<&'static str> = Some("applications");

    fn page(&self, page: &mut Page) {
        let heads = vec![Head::left("APPLICATION"), Head::right("BEFORE"), Head::right("MEMORY"), Head::right("TABLE")];
        let row = |app: &AppOutcome| {
            let table = app.in_table.map_or_else(|| "-".to_owned(), count);
            vec![app.app_name.clone(), count(app.in_memory_before), count(app.in_memory), table]
        };
        page.table(&Table { heads, rows: self.applications.iter().map(row).collect() });
        page.blank();
        page.line(self.sentence());
        if !self.dry_run {
            named(page, "Still in memory", &self.remaining);
            missing_lines(page, &self.not_saved);
            if self.store.is_some() && !self.remaining.is_empty() && self.not_saved.is_empty() && self.errors.is_empty()
            {
                page.prose(0, "All of them have a current row. Tomcat 9.0.122, 10.1.60, 11.0.26 and later swap out only sessions that were created while maxIdleSwap or minIdleSwap was set in the Manager.");
            }
        }
        if !self.new.is_empty() {
            named(page, "New in memory since the start: requests still arrive at this Tomcat", &self.new);
        }
        for app in &self.without_store {
            page.line(format!(
                "{} of {} cannot be moved: its Manager has no Store.",
                plural(app.sessions, "session"),
                app.app_name
            ));
        }
    }
}

fn named(page: &mut Page, what: &str, sessions: &[MissingRow]) {
    if sessions.is_empty() {
        return;
    }
    page.line(format!("{what}:"));
    sessions.iter().take(MAX_SHOWN).for_each(|one| page.line(format!("  {one}")));
    if sessions.len() > MAX_SHOWN {
        page.line(format!("  and {} more", count((sessions.len() - MAX_SHOWN) as u64)));
    }
}
