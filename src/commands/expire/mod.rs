//! `expire`: deletes expired sessions in small batches, while Tomcat is running.

mod via_tomcat;

use std::time::Duration;

use crate::commands::expire::via_tomcat::ViaArgs;
use crate::context::Context;
use crate::failure::{FAILED, Failure};
use crate::operations::backup::{Backup, deletion, finish, result_with, warn_of_kept};
use crate::operations::confirmation::ask;
use crate::operations::metrics::{MetricNames, RunMetrics};
use crate::operations::purge::{Purge, PurgeReport, conclude, earlier_clock};
use crate::options::backup::BackupArgs;
use crate::options::confirmation::YesArgs;
use crate::options::filter::FilterArgs;
use crate::options::metrics::MetricsArgs;
use crate::options::pace::PaceArgs;
use crate::options::swap::SwappedArgs;
use crate::options::value_parsers::{duration, fraction};
use crate::session::{EpochMillis, Filter, SessionMeta, SessionState};
use crate::store::{Candidates, Expiry, ExpiryRoute, SessionStore, Stop};
use crate::ui::count;

/// Delete expired sessions in small batches, while Tomcat is running
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
A session is expired if max_inactive > 0 and last_access + max_inactive * 1000 is before now; now \
is the earlier of this machine's clock and the server's. With max_inactive of 0 or less it never \
expires. Expired rows are found without locks, locked in small batches, checked again under the \
lock and then deleted: a session that is used again in the meantime is kept.

Deleting a row fires no listener: HttpSessionListener.sessionDestroyed is called only if a Tomcat \
expires the session itself. --grace leaves Tomcat the time to do that; sessions that have been \
expired for longer usually belong to applications that no Tomcat serves. With --via-tomcat, the \
Tomcats in --manager first expire their sessions, in memory and in the table. Then only rows of \
applications that none of them serves are deleted. If one of the Tomcats does not answer, no row is \
deleted.

--backup archives each batch, and waits until it is on the disk, before the batch is deleted; \
`tomcat-sessions import FILE` restores the sessions.

--metrics-file writes a file for node_exporter's textfile collector, even if the run fails: time of \
the last run and of the last success, duration, deleted and remaining sessions, and how long the \
deleted sessions had been expired. It contains no session ids.

Exit status:
  0    done, even if nothing had expired
  1    failed, or refused because of --max-fraction or the clocks
  2    usage error, or a file named by an option cannot be read
  3    stopped by --max-rows, --max-time or other clients' locks; a Tomcat did not answer; or sessions \
are too large for --backup (they are listed)
  10   cannot reach the database or any Tomcat, or log in to it
  11   the session table (with --swapped: the swap table) is missing or has the wrong structure
  12   another run holds the table's lock, or (with --via-tomcat) is using the same state file
  130  interrupted: the current batch was finished or rolled back, and the summary printed
  143  terminated, in the same way

Examples:
  tomcat-sessions expire --dry-run
  tomcat-sessions expire --max-time 50s --format json --quiet
  tomcat-sessions expire --via-tomcat --managers-file nodes --manager-password-file mgr.pw")]
pub struct Args {
    /// Leave sessions that expired within this time to Tomcat, so that its listeners fire
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = duration)]
    grace: Duration,
    /// Delete nothing if more than this share (for example 50%) of the table is expired. On a terminal, ask instead. With
    /// --yes, warn and delete
    #[arg(long, value_name = "SHARE", value_parser = fraction)]
    max_fraction: Option<f64>,
    /// Purge even if this machine's clock and the server's differ by more than 5 minutes
    #[arg(long, hide_short_help = true)]
    allow_clock_skew: bool,
    #[command(flatten)]
    backup: BackupArgs,
    #[command(flatten)]
    swapped: SwappedArgs,
    #[command(flatten)]
    metrics: MetricsArgs,
    #[command(flatten)]
    yes: YesArgs,
    #[command(flatten)]
    via: ViaArgs,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    pace: PaceArgs,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    let metered = MetricNames { name: "expire", verb: "deleted", expired: true };
    let mut meter = args.metrics.begin(cx, metered, args.swapped, args.pace.dry_run);
    let done = purge(args, cx, &mut meter).await;
    meter.end(cx, done)
}

async fn purge(mut args: Args, cx: &Context, meter: &mut RunMetrics) -> Result<u8, Failure> {
    args.pace.begin(cx);
    args.backup.path()?;
    if args.via.is_wanted() && args.backup.is_wanted() {
        return Err(Failure::usage(
            "--backup cannot be combined with --via-tomcat: Tomcat deletes its sessions itself",
        )
        .hint("`tomcat-sessions expire --backup expired.ndjson.zst` archives and deletes those of all applications"));
    }
    let mut store = args.swapped.open(cx).await?;
    let mut filter = args.filter.filter(cx, &mut store).await?;
    let stop = cx.stop_on_signals()?;
    if args.max_fraction.is_some() && cx.ui.can_ask() {
        args.confirm(cx, &mut store, &filter, &stop).await?;
        args.max_fraction = None;
    }
    args.pace.prepare(cx, &mut store).await?;
    if args.via.is_wanted() {
        args.via.expire(cx, &mut store, &mut filter, args.pace.dry_run, &stop).await?;
    }
    // One time for the whole run: the filters and the expiry are evaluated at the same time.
    let now = earlier_clock(cx, &mut store, args.allow_clock_skew).await?;
    let cutoff = now.before(args.grace);
    let sql = filter.pushdown(cutoff);
    let mut expected = match args.max_fraction {
        Some(most) => Some(within_fraction(&mut store, cutoff, sql.apps.as_deref(), most).await?),
        None => None,
    };
    let route = ExpiryRoute::choose(&mut store, cutoff, sql.apps.as_deref()).await?;
    if expected.is_none() && cx.ui.shows_progress() {
        expected = Some(store.count_expired(cutoff, sql.apps.as_deref()).await?.1);
    }
    let candidates = Candidates::expired(store.another().await?, route, Expiry { cutoff, now }, sql.apps);
    let wanted = |session: &SessionMeta| is_purged(session, &filter, cutoff, now);
    let what = Purge {
        doing: "Deleting expired sessions",
        cutoff: Some(cutoff),
        accessed_before: None,
        wanted: &wanted,
        expected,
        in_memory_check: None,
        stop,
    };
    // The filter on applications needs no check in the server: a batch has sessions of one application, and the
    // predicate checks it.
    let exact = Filter { apps: None, ..filter.clone() }.is_empty();
    let mut backup = Backup::create(&args.backup, cx, &store, "expire", args.pace.dry_run)?;
    let mut action = deletion(backup.as_mut(), None, exact);
    let summary = args.pace.purge(cx, &mut store, candidates, what, &mut *action).await;
    drop(action);
    meter.record(&summary);
    let mut report = PurgeReport::new("expire", args.pace.dry_run, &store, &summary);
    (report.cutoff, report.cutoff_rfc3339) = (Some(cutoff), cutoff.rfc3339());
    report.explain_expired(&summary, args.grace);
    report.access_path = Some(route.as_str());
    store.close().await;
    let (archived, unfinished) = finish(backup);
    report.backup = archived;
    let kept = summary.kept;
    let concluded = conclude(cx, &report, summary.ended).map(|code| warn_of_kept(cx, &kept, code));
    result_with(unfinished, concluded)
}

impl Args {
    /// Asks on the terminal whether to delete more than --max-fraction.
    async fn confirm(
        &self,
        cx: &Context,
        store: &mut SessionStore,
        filter: &Filter,
        stop: &Stop,
    ) -> Result<(), Failure> {
        let Some(most) = self.max_fraction else { return Ok(()) };
        let cutoff = cx.now.before(self.grace);
        let sql = filter.pushdown(cutoff);
        match within_fraction(store, cutoff, sql.apps.as_deref(), most).await {
            Err(failure) if self.yes.asks(cx, self.pace.dry_run) && failure.code == FAILED => {
                ask(cx, stop, &[format!("{}.", failure.error)], "Delete them anyway?").await
            }
            Err(failure) if self.yes.yes && failure.code == FAILED => {
                cx.ui.warn(format!("{}.", failure.error));
                Ok(())
            }
            counted => counted.map(drop),
        }
    }
}

/// Tells whether a locked row is to be deleted.
fn is_purged(session: &SessionMeta, filter: &Filter, cutoff: EpochMillis, now: EpochMillis) -> bool {
    matches!(session.state_at(cutoff), SessionState::Expired { .. }) && filter.matches(session, now)
}

/// Fails if more than `most` of the table is expired; returns the number of expired sessions. Of the filters, only the
/// applications are taken into account: the other filters can only reduce the number.
async fn within_fraction(
    store: &mut SessionStore,
    cutoff: EpochMillis,
    apps: Option<&[String]>,
    most: f64,
) -> Result<u64, Failure> {
    let (all, mut expired) = store.count_expired(cutoff, None).await?;
    if apps.is_some() {
        (_, expired) = store.count_expired(cutoff, apps).await?;
    }
    #[expect(clippy::cast_precision_loss, reason = "a share needs no more than 53 bits")]
    let share = if all == 0 { 0.0 } else { expired as f64 / all as f64 };
    if share > most {
        return Err(Failure::failed(format!(
            "{} of {} sessions are expired, which is {:.1} % of the table and more than --max-fraction allows",
            count(expired),
            count(all),
            share * 100.0
        ))
        .hint("check `tomcat-sessions stats` and the clocks; a wrong clock or a quiet weekend can expire many sessions at once")
        .hint("to purge anyway, increase --max-fraction"));
    }
    Ok(expired)
}
