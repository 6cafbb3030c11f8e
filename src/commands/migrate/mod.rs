//! `migrate`: copies the sessions of one store to another while Tomcat is running, and verifies the copy.

mod open;
mod report;

use std::sync::Arc;
use std::time::Duration;

use self::open::open_source;
use self::report::{MigrateReport, RejectedSession, Verification};
use crate::context::{Context, exit_code_of};
use crate::failure::{DONE, FINDINGS, Failure, NO_TABLE, PARTLY};
use crate::finding::{Finding, Remedy, Severity, by_severity, worst};
use crate::javaser::Search;
use crate::operations::confirmation::ChosenSessions;
use crate::operations::purge::lock;
use crate::operations::store_pair::{duplicates, require_two};
use crate::options::class_filter::ClassFilterArgs;
use crate::options::confirmation::YesArgs;
use crate::options::filter::FilterArgs;
use crate::options::replica::LagArgs;
use crate::options::store_pair::PairArgs;
use crate::options::value_parsers::{duration, size};
use crate::session::SessionMeta;
use crate::spillable_map::SentSessions;
use crate::store::check::{Fact, Facts, evaluate};
use crate::store::{
    FinalCheck, MoveEnded, MovePlan, Mover, Refusal, SessionStore, Stop, StoreError, TableLimits, only_in_target,
    preflight, prune,
};
use crate::ui::plural;

/// Copy sessions to another store while Tomcat is running, and verify the copy
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Tomcat saves by deleting a row and inserting it again, so that a single pass over a table misses \
sessions in use. migrate therefore makes several passes: the first copies everything; further ones, \
250 ms apart, copy what is new or has changed, until one finds no change or --passes is reached. \
These passes compare the columns and the SHA-256 of the data, which the server computes if it can. \
If a session is in both stores, the state with the later last access is kept. You can start an interrupted \
or killed run again; sessions that ended in the source in the meantime then stay in the target. Two runs \
cannot run at the same time.

First both stores are checked with the rules of `check`; an error ends the run before anything is \
written. The source is scanned only if its columns can contain values that the target cannot \
store. Sessions that the target refuses are skipped and reported, and so are sessions with a class \
used in known deserialization attacks or with a class that is not in --allow-classes. If the target was \
empty, each batch is read back after its COMMIT; that is sufficient if another pass finds the source \
unchanged. In all other cases every row is compared at the end, and missing sessions are copied again.

For a cut-over: start migrate with --follow, stop the Tomcats, and let --until-quiet end migrate, or \
interrupt it. In both cases, migrate reads the changes once more and compares every row before it ends; a \
second signal stops it immediately. Then point the Tomcats to the new store and start them. Without \
--delete-gone, users who log out during the copy are logged in again on the new store. Nothing is ever \
written to the source.

A running migrate does not touch sessions that Tomcats on the target change or end. A new run does not \
know about them, and would bring back sessions that ended there: do not start one once Tomcats use the \
target.

With --follow, migrate spends at most a tenth of its time on comparing session data. If only the data \
change, and last_access and the other columns stay the same, the change may therefore be copied late.

The table in the summary has one line per pass; with --follow, the passes after the first 100 share one \
line. NEW counts the sessions that were read for the first time, CHANGED those that were read again, \
MISSING those that the previous pass found and this one did not, and GONE those that two consecutive \
passes did not find.

--delete-gone deletes a session if two reads of the source, 250 ms apart, do not find it, and the \
target has it exactly as this run wrote it. If a third read finds the session again, it is copied \
again. After a signal nothing is deleted.

Exit status:
  0    done: the target has every session of the source
  1    failed
  2    usage error
  3    some sessions were skipped (they are listed); or stopped by --max-time
  4    the verification found differences
  10   cannot reach a database or log in to it
  11   a session table is missing or has the wrong structure
  12   another run holds the lock of the target
  130  interrupted: the current batches were finished or rolled back, and the summary printed
  143  terminated, in the same way

Examples:
  tomcat-sessions migrate --from mysql://tomcat@old/tomcat --to mysql://tomcat@new/tomcat --dry-run
  tomcat-sessions migrate --from mysql://tomcat@old/tomcat --to mysql://tomcat@new/tomcat --follow \
--delete-gone --until-quiet 5m")]
pub struct Args {
    /// URL of the source [default: --url]
    #[arg(long, value_name = "URL")]
    from: Option<String>,
    /// URL of the target
    #[arg(long, value_name = "URL")]
    to: String,
    /// Create the target's table if it is missing, as `init-db --no-user` does
    #[arg(long)]
    init: bool,
    /// Check and read both stores, without writing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Number of parallel writers (1 with SQLite)
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=32))]
    jobs: u8,
    /// Maximum bytes of session data per second (500KB, 10MB)
    #[arg(long, value_name = "SIZE", value_parser = size, hide_short_help = true)]
    max_rate: Option<u64>,
    /// Maximum number of passes after the first
    #[arg(long, value_name = "N", default_value_t = 3, conflicts_with = "follow", hide_short_help = true)]
    passes: u32,
    /// Stop after this time; run again to finish
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    max_time: Option<Duration>,
    /// Repeat passes until interrupted
    #[arg(long)]
    follow: bool,
    /// With --follow: end when the source has not changed for this time
    #[arg(long, value_name = "DURATION", value_parser = duration, requires = "follow")]
    until_quiet: Option<Duration>,
    /// Delete target rows whose sessions ended in the source during this run
    #[arg(long)]
    delete_gone: bool,
    /// Do not read batches back or compare rows
    #[arg(long, hide_short_help = true)]
    no_verify: bool,
    #[command(flatten)]
    yes: YesArgs,
    #[command(flatten)]
    pair: PairArgs,
    #[command(flatten)]
    lag: LagArgs,
    #[command(flatten)]
    class_filter: ClassFilterArgs,
    #[command(flatten)]
    filter: FilterArgs,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    cx.require_answers_after(args.max_time);
    let filter = args.class_filter.filter(false)?;
    let refusal: Refusal = Arc::new(move |session| session.data.as_deref().and_then(|data| filter.refuses(data)));
    let (mut source, source_naming) = args.pair.from(cx, args.from.as_deref())?;
    let (mut target, naming) = args.pair.to(cx, &args.to)?;
    let mut from = open_source(cx, &mut source, &source_naming).await?;
    args.lag.require_current(cx, &mut from).await?;
    let mut to = args.open_target(cx, &mut target, &naming).await?;
    require_two(&from, &to)?;
    let filter = args.filter.filter(cx, &mut from).await?;
    let stop = cx.stop_on_signals()?;
    if args.delete_gone && args.yes.asks(cx, args.dry_run) {
        let chosen = ChosenSessions::count(&mut to, &filter, cx.now, &stop, &Search::default(), &|_| true).await?;
        let chosen = chosen.located("The target has ");
        let question = "Delete from the target those that end in the source during this run";
        args.yes.confirm(cx, &stop, &chosen, question).await?;
    }
    if !args.dry_run {
        to.require_writable()?;
        lock(cx, &mut to, Duration::ZERO).await?;
    }
    let mut report = MigrateReport::new(&from, &to, args.dry_run, cx.options.full_ids);
    report.from.duplicates = duplicates(cx, &mut from).await?;
    let held;
    (report.preflight, held) = survey(cx, &mut from, &mut to, &mut report.expected).await?;
    if !filter.is_empty() {
        report.expected = None;
    }
    if worst(&report.preflight) == Some(Severity::Error) {
        report.ended = "preflight";
        cx.ui.report(&report)?;
        return Err(Failure::new(NO_TABLE, "the target cannot store the sessions; nothing was written")
            .hint("follow the remedies in the report"));
    }
    for finding in report.preflight.iter().filter(|finding| finding.severity == Severity::Warning) {
        cx.ui.warn(format!("{}. {}", finding.message, remedy(&finding.remedy)));
    }
    if held > 0 {
        report.live_only_in_target = only_in_target(&mut from, &mut to, &filter, cx.now).await?;
        warn_of_sessions_only_in_target(cx, &to, args.filter.app_values(), report.live_only_in_target);
    }

    let plan = MovePlan {
        // In a cluster, each transaction renews the lease, and would wait for those of other writers.
        jobs: if to.dialect().has_accounts && to.cluster().is_none() { usize::from(args.jobs) } else { 1 },
        max_rate: args.max_rate,
        passes: args.passes,
        max_time: args.max_time,
        follow: args.follow,
        until_quiet: args.until_quiet,
        dry_run: args.dry_run,
        read_back: !args.no_verify && !args.follow && held == 0,
        filter,
        now: cx.now,
    };
    let mut sent = SentSessions::default();
    let mover = Mover {
        from: &from,
        to: &to,
        plan: &plan,
        refusal: Arc::clone(&refusal),
        sent: (!args.dry_run && (args.delete_gone || !args.no_verify)).then_some(&mut sent),
        stop: stop.clone(),
    };
    stop.set_deadline(args.max_time);
    let mut progress = cx.ui.progress("Copying sessions", report.expected);
    let mut before = None;
    let moved = mover
        .run(&mut |at| {
            if at.changes && before.is_none() {
                before = Some(at.sessions);
                progress = cx.ui.progress("Copying changes", None);
            }
            progress.set(at.sessions - before.unwrap_or(0));
        })
        .await;
    stop.set_deadline(None);
    drop(progress);
    report.add(&moved);

    let done = matches!(moved.ended, MoveEnded::Settled | MoveEnded::Passes | MoveEnded::Quiet) && !args.dry_run;
    // With --follow, a signal or a limit is the normal end, and the copy is verified after it too.
    let ended = args.follow && matches!(moved.ended, MoveEnded::Signal(_) | MoveEnded::MaxTime);
    let checked = done || ended && moved.complete && !args.dry_run;
    let stop = if ended && checked {
        stop.remove_deadline();
        Stop::never()
    } else {
        stop
    };
    let mut failed = None;
    if done && args.delete_gone {
        match prune(&mut from, &mut to, &mut sent, &refusal, &stop).await {
            Ok(pruned) => {
                report.deleted = Some(pruned.sessions);
                pruned.rejected.into_iter().for_each(|one| report.reject(one));
            }
            Err(error) => failed = Some(error),
        }
    }
    if let Some(proof) = moved.comparison().filter(|_| done && report.deleted == Some(0) && failed.is_none()) {
        report.verification = Some(Verification::read_back(&proof));
    } else if checked && !args.no_verify && failed.is_none() {
        let mut progress = cx.ui.progress("Comparing sessions", report.expected);
        let check = FinalCheck {
            from: &mut from,
            to: &mut to,
            sent: &mut sent,
            rejected: report.rejected.iter().map(RejectedSession::key).collect(),
            refusal: &refusal,
            chosen: &|meta: &SessionMeta| plan.filter.matches(meta, plan.now),
            target_is_used: args.follow,
            stop: stop.clone(),
        };
        let state = check.run(&mut |read| progress.set(read)).await;
        drop(progress);
        match state {
            Ok(state) => {
                report.verification = Some(Verification::new(&state, cx.options.full_ids));
                state.rejected.into_iter().for_each(|one| report.reject(one));
            }
            Err(error) => failed = Some(error),
        }
    }
    if let Some(error) = &failed {
        report.ended = "failed";
        report.error = Some(error.to_string());
    }
    from.close().await;
    to.close().await;
    cx.ui.report(&report)?;
    conclude(&report, moved.ended, failed, &stop)
}

/// Warns about live sessions of the target that have no row in the source.
fn warn_of_sessions_only_in_target(cx: &Context, to: &SessionStore, apps: &[String], sessions: u64) {
    if sessions == 0 {
        return;
    }
    let apps = if apps.is_empty() { "'*' --app NULL".to_owned() } else { format!("'{}'", apps.join(",")) };
    let table = format!("'{}'", to.names().table_text(to.dialect()));
    cx.ui.warn(format!(
        "The target has {} that the source does not have. They are kept. If an earlier run copied them and their users have logged out since then, these users are logged in again when Tomcat uses the target. To empty the target before you migrate: `tomcat-sessions --url {} --table {table} delete --app {apps} --all`",
        plural(sessions, "live session"),
        to.target(),
    ));
}

/// Returns the exit code or the failure.
fn conclude(report: &MigrateReport, ended: MoveEnded, failed: Option<StoreError>, stop: &Stop) -> Result<u8, Failure> {
    let again = |error: StoreError| {
        Failure::from(error)
            .hint("the summary counts what was written; correct the cause, then run the command again to continue")
    };
    if let Some(error) = failed {
        return Err(again(error));
    }
    let behind = report.verification.as_ref().is_some_and(|found| found.behind > 0);
    match ended {
        MoveEnded::Failed(error) => return Err(again(error)),
        _ if behind => return Ok(FINDINGS),
        MoveEnded::Signal(signal) => return Ok(exit_code_of(signal)),
        MoveEnded::MaxTime => return Ok(PARTLY),
        MoveEnded::Settled | MoveEnded::Passes | MoveEnded::Quiet => {}
    }
    if let Some(signal) = stop.requested() {
        return Ok(exit_code_of(signal));
    }
    Ok(if report.rejected.is_empty() { DONE } else { PARTLY })
}

fn remedy(remedy: &Remedy) -> String {
    match remedy {
        Remedy::Sql(text) | Remedy::Config(text) => format!("paste: {text}"),
        Remedy::Action(text) => format!("do: {text}"),
    }
}

/// Checks both stores before anything is written; also returns the number of sessions in the target.
async fn survey(
    cx: &Context,
    from: &mut SessionStore,
    to: &mut SessionStore,
    expected: &mut Option<u64>,
) -> Result<(Vec<Finding>, u64), Failure> {
    let mut first = from.facts(|| cx.clock()).await?;
    let second = to.facts(|| cx.clock()).await?;
    let held = to.count().await?;
    {
        let _progress = cx.ui.progress("Checking the source", None);
        if needs_scan(from, to, &second).await? {
            first.rows = from.scan_by_quarters(cx.now).await?;
        } else {
            *expected = Some(from.count().await?);
        }
    }
    if let Fact::Known(rows) = &first.rows {
        *expected = Some(rows.sessions);
    }
    Ok((by_severity(preflight(&first, &second, held)), held))
}

/// Tells whether the rows of the source must be scanned. If the target can store everything that the columns of the
/// source can contain, a scan is not needed.
async fn needs_scan(from: &mut SessionStore, to: &SessionStore, target: &Facts) -> Result<bool, StoreError> {
    let (source, fitting) = (TableLimits::of(from), TableLimits::of(to));
    Ok(!fitting.accepts_all_of(&source)
        // In such a target, long timeouts stop Tomcat's expiry.
        || evaluate(target).iter().any(|finding| finding.rule == "schema.max-inactive")
        || fitting.refuses_null_apps_of(&source) && from.apps().await?.contains(&None))
}
