//! `migrate`: moves the sessions of one store to another, beside live Tomcats, and verifies it.

mod report;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use self::report::{Migrated, Verification};
use super::guarding::GuardArgs;
use super::pair::{PairArgs, open, require_two};
use super::purging::lock;
use super::selection::{FilterArgs, duration, size};
use crate::context::{Context, code_of};
use crate::failure::{DONE, FINDINGS, Failure, NO_TABLE, PARTLY};
use crate::finding::{Finding, Remedy, Severity, by_severity, worst};
use crate::ledger::Keys;
use crate::session::{Difference, Kind, OnConflict, SessionKey, SessionMeta};
use crate::store::check::{Fact, Facts, judge};
use crate::store::provision::{Grants, Plan, Profile, Provision};
use crate::store::{
    CompareEnded, Comparer, Fitting, MoveEnded, MovePlan, Mover, Naming, Refusal, Rejected, SessionStore, Stop,
    StoreError, Target, delete_gone, fitting, preflight, write_each,
};

/// Sessions that the verification keeps in mind, to copy them again and to list them.
const KEPT: usize = 10_000;

/// Move the sessions of one store to another, beside live Tomcats, and verify it
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Tomcat saves by deleting a row and then inserting it, so that one pass over a table misses sessions in \
use. Here a first pass takes everything, and further ones, 250 ms apart, what is new or has changed, \
until one finds nothing or --passes is reached. Of two sessions with the same key the one accessed \
later stays: a run that was ended or killed can be started again, and two may not run at once.

First all is judged that could go wrong, as `check` judges it; an error ends the run before anything \
is written. The source is scanned for that only where its columns can hold what the target cannot take. \
A session that the target does not take is named, and the rest goes on; likewise one that \
holds a class of known deserialization attacks, or one that --allow-classes does not list. Where the \
target was empty, each batch is read back once it is committed; unless that shows all, since the source \
is known to have stood still, every row is compared in the end, as `verify` does it, and what the \
target lacks is copied once more.

For a cut-over: start with --follow, point the Tomcats to the new store, and stop it, or let \
--until-quiet do so. The source is only read.

Exit status:
  0    done: the target has every session of the source
  1    failed
  2    wrong usage
  3    sessions were left out, each named, or --max-time stopped it
  4    the verification found differences
  10   cannot reach a database or log in to it
  11   a session table is missing or has the wrong shape
  12   another run holds the lock of the target
  130  interrupted: the batches in hand were finished, and the summary printed
  143  terminated: likewise

Examples:
  tomcat-sessions migrate --from mysql://tomcat@old/tomcat --to mysql://tomcat@new/tomcat --dry-run
  tomcat-sessions migrate --from mysql://tomcat@old/tomcat --to mysql://tomcat@new/tomcat --follow --until-quiet 5m")]
pub struct Args {
    /// The store that is read [default: the one of --url]
    #[arg(long, value_name = "URL")]
    from: Option<String>,
    /// The store that is written
    #[arg(long, value_name = "URL")]
    to: String,
    #[command(flatten)]
    pair: PairArgs,
    /// Create the target's table where it is missing, as `init-db --no-user` does
    #[arg(long)]
    init: bool,
    /// Judge and read, and write nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Writers, each with a connection of its own; one with SQLite
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=32))]
    jobs: u8,
    /// Bytes of session data a second, at most (500KB, 10MB)
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_rate: Option<u64>,
    /// Passes after the first, at most
    #[arg(long, value_name = "N", default_value_t = 3, conflicts_with = "follow")]
    passes: u32,
    /// Stop after this time; start it again to finish
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    max_time: Option<Duration>,
    /// Go on with passes until interrupted
    #[arg(long)]
    follow: bool,
    /// With --follow: until the source has not changed for so long
    #[arg(long, value_name = "DURATION", value_parser = duration, requires = "follow")]
    until_quiet: Option<Duration>,
    /// Delete from the target what left the source during this run
    #[arg(long)]
    delete_gone: bool,
    /// Neither read batches back nor compare every row
    #[arg(long)]
    no_verify: bool,
    #[command(flatten)]
    guard: GuardArgs,
    #[command(flatten)]
    filter: FilterArgs,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    cx.hurry_after(args.max_time);
    let guard = args.guard.guard()?;
    let refusal: Refusal = Arc::new(move |session| session.data.as_deref().and_then(|data| guard.refuses(data)));
    let (mut source, mut target) = (args.pair.from(cx, args.from.as_deref())?, args.pair.to(cx, &args.to)?);
    let naming = args.pair.to_naming(cx);
    let mut from = open(cx, &mut source, &cx.options.naming).await?;
    let mut to = args.open_target(cx, &mut target, &naming).await?;
    require_two(&from, &to)?;
    if !args.dry_run {
        to.require_writable()?;
        lock(cx, &mut to, Duration::ZERO).await?;
    }
    let filter = args.filter.filter(cx, &mut from).await?;
    let stop = cx.stop_on_signals()?;
    let mut report = Migrated::new(&from, &to, args.dry_run, cx.options.full_ids);
    let held;
    (report.preflight, held) = survey(cx, &mut from, &mut to, &mut report.expected).await?;
    if !filter.is_empty() {
        report.expected = None;
    }
    if worst(&report.preflight) == Some(Severity::Error) {
        report.ended = "preflight";
        cx.ui.report(&report)?;
        return Err(Failure::new(NO_TABLE, "the target cannot take the sessions; nothing was written")
            .hint("what the report says to do mends it"));
    }
    for finding in report.preflight.iter().filter(|finding| finding.severity == Severity::Warning) {
        cx.ui.warn(format!("{}. {}", finding.message, remedy(&finding.remedy)));
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
    let (mut seen, mut noted) = (Keys::default(), Ok(true));
    let mut remember = |key: &SessionKey| {
        if args.delete_gone && noted.is_ok() {
            noted = seen.insert(key);
        }
    };
    let mover = Mover {
        from: &from,
        to: &to,
        plan: &plan,
        refusal: Arc::clone(&refusal),
        moved: &mut remember,
        stop: stop.clone(),
    };
    stop.end_after(args.max_time);
    let mut progress = cx.ui.progress("Moving sessions", report.expected);
    let moved = mover.run(&|| cx.clock(), &mut |at| progress.set(at.sessions)).await;
    stop.end_after(None);
    drop(progress);
    report.add(&moved);

    let whole = matches!(moved.ended, MoveEnded::Settled | MoveEnded::Passes | MoveEnded::Quiet) && !args.dry_run;
    let mut failed = None;
    if whole && args.delete_gone {
        let gone = match noted {
            Ok(_) => delete_gone(&mut from, &mut to, &mut seen, &stop).await,
            Err(error) => Err(error.into()),
        };
        match gone {
            Ok(gone) => report.deleted = gone,
            Err(error) => failed = Some(error),
        }
    }
    drop(seen);
    if let Some(proof) = moved.proof().filter(|_| whole && failed.is_none()) {
        report.verification = Some(Verification::read_back(&proof));
    } else if whole && !args.no_verify && failed.is_none() {
        let checked =
            verify(cx, &mut from, &mut to, &mut report, &Choice { refusal, plan: &plan }, moved.last_pass, &stop).await;
        match checked {
            Ok(verification) => report.verification = Some(verification),
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

/// Turns the way it ended into an exit code or a failure.
fn conclude(report: &Migrated, ended: MoveEnded, failed: Option<StoreError>, stop: &Stop) -> Result<u8, Failure> {
    let again = |error: StoreError| {
        Failure::from(error).hint("what the summary counts is written; start it again, and it goes on from there")
    };
    if let Some(error) = failed {
        return Err(again(error));
    }
    match ended {
        MoveEnded::Failed(error) => return Err(again(error)),
        MoveEnded::Signal(signal) => return Ok(code_of(signal)),
        MoveEnded::MaxTime => return Ok(PARTLY),
        MoveEnded::Settled | MoveEnded::Passes | MoveEnded::Quiet => {}
    }
    if let Some(signal) = stop.requested() {
        return Ok(code_of(signal));
    }
    if report.verification.as_ref().is_some_and(|found| found.behind > 0) {
        return Ok(FINDINGS);
    }
    Ok(if report.rejected.is_empty() { DONE } else { PARTLY })
}

fn remedy(remedy: &Remedy) -> String {
    match remedy {
        Remedy::Sql(text) | Remedy::Config(text) => format!("To paste: {text}"),
        Remedy::Action(text) => format!("To do: {}.", text.trim_end_matches('.')),
    }
}

/// Judges both stores before anything is written; says how many sessions the target holds, too.
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
        let _progress = cx.ui.progress("Looking at the source", None);
        if is_looked_at(from, to, &second).await? {
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

/// Tells whether the source's sessions have to be looked at: where the target takes whatever the
/// columns of the source can hold, a scan of the table would tell nothing more.
async fn is_looked_at(from: &mut SessionStore, to: &SessionStore, target: &Facts) -> Result<bool, StoreError> {
    let (source, fitting) = (Fitting::of(from), Fitting::of(to));
    Ok(!fitting.takes_all_of(&source)
        // Long time-outs stop Tomcat's expiry there.
        || judge(target).iter().any(|finding| finding.rule == "schema.max-inactive")
        || fitting.refuses_nameless_of(&source) && from.apps().await?.contains(&None))
}

/// What of the source is moved.
struct Choice<'a> {
    refusal: Refusal,
    plan: &'a MovePlan,
}

impl Choice<'_> {
    /// Tells whether the filters choose the session as it is in the source.
    fn has(&self, difference: &Difference) -> bool {
        let left = difference.left.as_ref();
        left.is_some_and(|left| self.plan.filter.matches(&left.meta, self.plan.now))
    }
}

/// Compares every row; what the target lacks or has in an older state is copied once more, and all
/// is compared again.
async fn verify(
    cx: &Context,
    from: &mut SessionStore,
    to: &mut SessionStore,
    report: &mut Migrated,
    choice: &Choice<'_>,
    last_pass: crate::session::EpochMillis,
    stop: &Stop,
) -> Result<Verification, StoreError> {
    let rejected: BTreeMap<SessionKey, String> =
        report.rejected.iter().map(|one| (one.key(), one.reason.clone())).collect();
    let mut mended = 0;
    loop {
        let (mut behind, mut found) = (0u64, Vec::new());
        let mut progress = cx.ui.progress("Comparing sessions", report.expected);
        let comparer = Comparer { left: from, right: to, began: last_pass, stop: stop.clone() };
        let mut each = |difference: Difference| {
            if difference.is_behind() && choice.has(&difference) && !rejected.contains_key(&difference.key) {
                behind += u64::from(difference.kind != Kind::Changed);
                if found.len() < KEPT {
                    found.push(difference);
                }
            }
        };
        let done = comparer.run(&mut each, &mut |read| progress.set(read)).await;
        drop(progress);
        if let CompareEnded::Failed(error) = done.ended {
            return Err(error);
        }
        let verification = Verification::new(&done, behind, mended, report.full_ids, &found);
        if behind == 0 || mended > 0 || stop.requested().is_some() {
            return Ok(verification);
        }
        // The filter chose by what is in the source, so that it is there.
        let lacking: Vec<SessionMeta> = found.into_iter().filter_map(|d| d.left.map(|left| left.meta)).collect();
        mended = copy_again(from, to, &lacking, report, &choice.refusal).await?;
        if mended == 0 {
            return Ok(verification);
        }
    }
}

/// Copies sessions by their keys; of two states of the same access that of the source is right.
async fn copy_again(
    from: &mut SessionStore,
    to: &mut SessionStore,
    lacking: &[SessionMeta],
    report: &mut Migrated,
    refusal: &Refusal,
) -> Result<u64, StoreError> {
    let (mut mended, mut rest) = (0, lacking);
    while !rest.is_empty() {
        let (now, later) = rest.split_at(fitting(rest));
        rest = later;
        let batch: Vec<SessionKey> = now.iter().map(|meta| meta.key.clone()).collect();
        let mut sessions = from.sessions_of(&batch).await?;
        sessions.retain(|session| match refusal(session) {
            Some(reason) => {
                report.reject(Rejected { key: session.meta.key.clone(), reason });
                false
            }
            None => true,
        });
        let (written, rejected) = write_each(to, &sessions, OnConflict::NotOlder).await?;
        mended += written.inserted + written.replaced;
        rejected.into_iter().for_each(|one: Rejected| report.reject(one));
    }
    Ok(mended)
}

impl Args {
    /// Opens the target, and with --init makes its table first.
    async fn open_target(&self, cx: &Context, target: &mut Target, naming: &Naming) -> Result<SessionStore, Failure> {
        let opened = open(cx, target, naming).await;
        match opened {
            Err(failure) if failure.code == NO_TABLE && self.init && !self.dry_run => {}
            Err(failure) if failure.code == NO_TABLE => {
                return Err(failure.hint("it is the target; --init creates its table"));
            }
            // The file or the database itself may be missing.
            Err(_) if self.init && !self.dry_run => {}
            opened => return opened,
        }
        let mut plan = Plan {
            names: naming.names(target, naming.table.as_deref())?,
            profile: Profile::Recommended,
            grants: Grants::Minimal,
            account: None,
            reset_password: false,
            no_password_policy: false,
            lease: false,
        };
        let mut server = cx.logging_in(target, async |target| Provision::survey(target, &plan).await).await?;
        plan.lease = server.in_cluster();
        let applied = server.apply(&plan).await;
        server.close().await;
        if let Some(error) = applied.failed {
            return Err(error.into());
        }
        open(cx, target, naming).await
    }
}
