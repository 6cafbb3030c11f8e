//! A purge as `expire`, `delete`, `swap-out` and `swap-in` run it: paced, under the lock of the table, and with a
//! report.

use std::time::Duration;

use serde::Serialize;

use crate::context::{Context, exit_code_of};
use crate::failure::{DONE, FAILED, Failure, PARTLY};
use crate::operations::backup::{BackupReport, backup_line};
use crate::operations::server_report::ServerReport;
use crate::options::pace::PaceArgs;
use crate::session::EpochMillis;
use crate::store::{
    AppCount, BatchAction, Candidates, Ended, InMemoryCheck, PurgeSummary, Purger, RowPredicate, SessionStore, Stop,
    StoreError,
};
use crate::ui::{Head, Page, Report, Table, age, bytes, count, plural, took};

/// Difference between the clocks from which on a warning is printed.
const SKEW_WARNED: Duration = Duration::from_secs(5);
/// Difference between the clocks above which nothing is purged.
const SKEW_REFUSED: Duration = Duration::from_secs(300);

impl PaceArgs {
    /// Starts a run that --max-time limits.
    pub fn begin(&self, cx: &Context) {
        cx.require_answers_after(self.max_time);
    }

    /// Makes sure that the store is writable and that no other run works on the table. A dry run takes no lock.
    pub async fn prepare(&self, cx: &Context, store: &mut SessionStore) -> Result<(), Failure> {
        store.require_writable()?;
        if !self.dry_run {
            lock(cx, store, self.wait_lock).await?;
        }
        Ok(())
    }

    /// As [`PaceArgs::prepare`], but refuses a lock that is valid on one member of a cluster only.
    pub async fn prepare_alone(&self, store: &mut SessionStore) -> Result<(), Failure> {
        store.require_writable()?;
        if !self.dry_run {
            store.lock(self.wait_lock).await?;
            store.require_lease()?;
        }
        Ok(())
    }

    /// Runs the purge with a progress bar.
    pub async fn purge(
        &self,
        cx: &Context,
        store: &mut SessionStore,
        mut candidates: Candidates,
        what: Purge<'_>,
        action: &mut dyn BatchAction,
    ) -> PurgeSummary {
        let mut throttle = match self.throttle.throttle(cx, store).await {
            Ok(throttle) => throttle,
            Err(error) => return PurgeSummary { ended: Ended::Failed(error), ..PurgeSummary::default() },
        };
        let mut progress = cx.ui.progress(what.doing, what.expected);
        let limits = self.limits(action);
        let stop = what.stop.clone();
        stop.set_deadline(limits.max_time);
        let purger = Purger {
            store,
            action,
            in_memory_check: what.in_memory_check,
            cutoff: what.cutoff,
            accessed_before: what.accessed_before,
            wanted: what.wanted,
            limits: &limits,
            throttle: &mut throttle,
            dry_run: self.dry_run,
            stop: what.stop,
        };
        let summary = purger.run(&mut candidates, &mut |p| progress.set(p.deleted)).await;
        stop.set_deadline(None);
        throttle.close().await;
        let (batches, most) = (count(summary.batches), plural(limits.batch as u64, "session"));
        cx.ui.detail(format!("Batches: {batches} of at most {most}; retries: {}.", count(summary.retries)));
        if !summary.paused.is_zero() {
            let paused = age(u64::try_from(summary.paused.as_millis()).unwrap_or(u64::MAX));
            cx.ui.detail(format!("Pauses between batches: {paused} in total."));
        }
        summary
    }
}

/// Takes the lock of the table. Warns if it is not valid for runs that use other members of the cluster.
pub async fn lock(cx: &Context, store: &mut SessionStore, wait: Duration) -> Result<(), Failure> {
    store.lock(wait).await?;
    if store.require_lease().is_err() {
        cx.ui.warn(format!(
            "This server is a member of a cluster, and there is no table `{}`: a run through another member would not be detected. `tomcat-sessions init-db --with-lease --apply` creates the table.",
            store.names().lease
        ));
    }
    Ok(())
}

/// The parameters of a purge.
pub struct Purge<'a> {
    pub doing: &'static str,
    pub cutoff: Option<EpochMillis>,
    /// If set, only sessions that were last accessed before this time.
    pub accessed_before: Option<EpochMillis>,
    pub wanted: &'a RowPredicate<'a>,
    /// The expected number of sessions, if known.
    pub expected: Option<u64>,
    /// Called before each batch.
    pub in_memory_check: Option<&'a dyn InMemoryCheck>,
    pub stop: Stop,
}

/// The earlier of this machine's clock and the server's. With the earlier time, fewer sessions are expired.
///
/// # Errors
/// The clocks differ by more than five minutes, unless `allow_skew` is set.
pub async fn earlier_clock(cx: &Context, store: &mut SessionStore, allow_skew: bool) -> Result<EpochMillis, Failure> {
    // The server's clock is read between two reads of this machine's clock: logging in and waiting for the lock took
    // time.
    let before = cx.clock();
    let server = store.clock().await?;
    let after = cx.clock();
    let skew = if server < before { server.distance(before) } else { Duration::from_millis(server.since(after)) };
    let ms = u64::try_from(skew.as_millis()).unwrap_or(u64::MAX);
    if skew > SKEW_REFUSED && !allow_skew {
        return Err(Failure::failed(format!("this machine's clock and the server's differ by {}", age(ms)))
            .hint("correct the clocks, or use the earlier one with --allow-clock-skew"));
    }
    if skew > SKEW_WARNED {
        cx.ui.warn(format!("This machine's clock and the server's differ by {}; the earlier one is used.", age(ms)));
    }
    Ok(before.min(server))
}

/// How a purge ended, as a word for reports, and the error that ended it.
pub fn ended(summary: &PurgeSummary) -> (&'static str, Option<String>) {
    end_of(&summary.ended)
}

/// As [`ended`], without the summary.
pub fn end_of(ended: &Ended) -> (&'static str, Option<String>) {
    match ended {
        Ended::Done => ("done", None),
        Ended::MaxRows => ("max-rows", None),
        Ended::MaxTime => ("max-time", None),
        Ended::Signal(crate::store::Signal::Interrupt) => ("interrupted", None),
        Ended::Signal(crate::store::Signal::Terminate) => ("terminated", None),
        Ended::LockLost => ("lock-lost", None),
        Ended::Contention(error) => ("contention", Some(error.to_string())),
        Ended::MemoryUnknown(why) => ("memory-unknown", Some(why.clone())),
        Ended::Failed(error) => ("failed", Some(error.to_string())),
    }
}

/// The report of a purge.
#[derive(Debug, Serialize)]
pub struct PurgeReport {
    pub command: &'static str,
    pub dry_run: bool,
    pub table: String,
    #[serde(flatten)]
    pub server: ServerReport,
    /// Epoch milliseconds: sessions that had expired before this time were deleted; `null` if expiry did not matter.
    pub cutoff: Option<EpochMillis>,
    pub cutoff_rfc3339: Option<String>,
    /// `index` or `scan`.
    pub access_path: Option<&'static str>,
    /// `None` in a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<AppCount>,
    /// `None` except in a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub would_delete: Option<AppCount>,
    pub applications: Vec<AppDeleted>,
    pub candidates: u64,
    pub skipped: u64,
    /// Skipped sessions that do not match the filters.
    pub filtered: u64,
    /// Skipped sessions that were used after their keys were read.
    pub changed: u64,
    pub already_deleted: u64,
    pub locked: u64,
    /// Expired sessions that are left to Tomcat; they are not candidates.
    pub in_grace: u64,
    pub unconfirmed: u64,
    pub batches: u64,
    pub retries: u64,
    /// Total time for which transactions were throttled, and the last cause.
    pub throttled_ms: u64,
    pub throttled_by: Option<String>,
    /// Total time of the pauses between transactions.
    pub paused_ms: u64,
    /// `done`, `max-rows`, `max-time`, `interrupted`, `terminated`, `lock-lost`, `contention`,
    /// `memory-unknown`, `failed`.
    pub ended: &'static str,
    pub error: Option<String>,
    /// The archive of the deleted sessions.
    #[serde(flatten)]
    pub backup: BackupReport,
    pub took_ms: u64,
    #[serde(skip)]
    grace: Duration,
}

#[derive(Debug, Serialize)]
pub struct AppDeleted {
    pub app_name: Option<String>,
    #[serde(flatten)]
    pub count: AppCount,
}

impl AppDeleted {
    pub fn of(summary: &PurgeSummary) -> Vec<AppDeleted> {
        summary.by_app.iter().map(|(app, count)| AppDeleted { app_name: app.clone(), count: *count }).collect()
    }

    /// Prints a table of the applications, if there are several.
    pub fn table(applications: &[AppDeleted], page: &mut Page) {
        if applications.len() > 1 {
            let heads = vec![Head::left("APPLICATION"), Head::right("SESSIONS"), Head::right("DATA")];
            let row = |a: &AppDeleted| {
                let name = a.app_name.clone().unwrap_or_else(|| "NULL".to_owned());
                vec![name, count(a.count.sessions), bytes(a.count.bytes)]
            };
            page.table(&Table { heads, rows: applications.iter().map(row).collect() });
            page.blank();
        }
    }

    /// A phrase with the application, or with the number of applications.
    pub fn of_applications(applications: &[AppDeleted]) -> String {
        match applications {
            [] => String::new(),
            [one] => format!(" of {}", one.app_name.as_deref().unwrap_or("no application")),
            many => format!(" of {}", plural(many.len() as u64, "application")),
        }
    }
}

impl PurgeReport {
    pub fn new(command: &'static str, dry_run: bool, store: &SessionStore, summary: &PurgeSummary) -> PurgeReport {
        let (ended, error) = ended(summary);
        let why = summary.skip_reasons;
        PurgeReport {
            command,
            dry_run,
            table: store.names().table.clone(),
            server: ServerReport::of(store),
            cutoff: None,
            cutoff_rfc3339: None,
            access_path: None,
            deleted: (!dry_run).then_some(summary.total),
            would_delete: dry_run.then_some(summary.total),
            applications: AppDeleted::of(summary),
            candidates: summary.candidates,
            skipped: summary.skipped,
            filtered: 0,
            // The candidates matched the filters earlier, so those that no longer match have changed.
            changed: why.changed + why.unwanted,
            already_deleted: why.already_deleted,
            locked: why.locked,
            in_grace: 0,
            unconfirmed: summary.unconfirmed,
            batches: summary.batches,
            retries: summary.retries,
            throttled_ms: u64::try_from(summary.throttled.as_millis()).unwrap_or(u64::MAX),
            throttled_by: summary.throttled_by.clone(),
            paused_ms: u64::try_from(summary.paused.as_millis()).unwrap_or(u64::MAX),
            ended,
            error,
            backup: BackupReport::default(),
            took_ms: u64::try_from(summary.took.as_millis()).unwrap_or(u64::MAX),
            grace: Duration::ZERO,
        }
    }

    /// Sets the reasons why expired sessions were kept. Here candidates are all sessions that expired before the
    /// `grace` period, whether or not they match the filters.
    pub fn explain_expired(&mut self, summary: &PurgeSummary, grace: Duration) {
        let why = summary.skip_reasons;
        (self.filtered, self.changed) = (why.unwanted, why.changed);
        (self.in_grace, self.grace) = (summary.in_grace, grace);
    }

    fn skipped_lines(&self, page: &mut Page) {
        let known = self.filtered + self.changed + self.already_deleted + self.locked;
        let grace = age(u64::try_from(self.grace.as_millis()).unwrap_or(u64::MAX));
        for (number, why) in [
            (self.in_grace, format!("expired within the last {grace}, left to Tomcat (--grace)")),
            (self.filtered, "excluded by the filters".to_owned()),
            (self.changed, "changed in the meantime".to_owned()),
            (self.already_deleted, "deleted by another client in the meantime".to_owned()),
            (self.locked, "locked by another transaction".to_owned()),
            (self.skipped.saturating_sub(known), "changed, deleted or locked in the meantime".to_owned()),
        ] {
            if number > 0 {
                page.line(format!("Skipped {}: {why}.", plural(number, "session")));
            }
        }
    }
}

/// Prints the report; returns the exit code or the failure for the end of the purge.
pub fn conclude(cx: &Context, report: &impl Report, ended: Ended) -> Result<u8, Failure> {
    cx.ui.report(report)?;
    match ended {
        Ended::Done => Ok(DONE),
        Ended::MaxRows | Ended::MaxTime => {
            // A limit was reached, as intended. With --quiet, cron should not send a mail about that every minute.
            cx.ui.discard_hidden();
            Ok(PARTLY)
        }
        Ended::Signal(signal) => Ok(exit_code_of(signal)),
        Ended::LockLost => Err(Failure::new(PARTLY, "the table's lock was lost during the run")
            .hint("the server or a proxy closed the connection or ended its database session; run the command again")),
        Ended::Contention(error) => {
            Err(Failure { code: PARTLY, ..Failure::from(error) }.hint("a smaller --batch locks fewer rows at a time"))
        }
        Ended::MemoryUnknown(why) => {
            Err(Failure::new(PARTLY, why).hint("the summary counts what was done; the rest was not changed"))
        }
        Ended::Failed(error) => Err(failed(error)),
    }
}

/// A failure after something may have been done; the error of the database determines the exit code.
fn failed(error: StoreError) -> Failure {
    let failure = Failure::from(error);
    if failure.code == FAILED {
        failure.hint("the summary counts what was done; correct the cause, then run the command again for the rest")
    } else {
        failure
    }
}

impl Report for PurgeReport {
    const RECORDS: Option<&'static str> = Some("applications");

    fn is_needed(&self) -> bool {
        self.unconfirmed > 0
    }

    fn page(&self, page: &mut Page) {
        AppDeleted::table(&self.applications, page);
        let of = AppDeleted::of_applications(&self.applications);
        let noun = if self.cutoff.is_some() { "expired session" } else { "session" };
        let verb = if self.dry_run { "Would delete" } else { "Deleted" };
        let total = self.deleted.or(self.would_delete).unwrap_or_default();
        page.line(format!(
            "{verb} {}{of}, {} of data{}.",
            plural(total.sessions, noun),
            bytes(total.bytes),
            took(self.dry_run, self.took_ms)
        ));
        backup_line(&self.backup, page);
        self.server.line(page);
        self.skipped_lines(page);
        if self.unconfirmed > 0 {
            page.line(format!(
                "The connection was lost during a COMMIT: up to {} more may have been deleted.",
                plural(self.unconfirmed, "session")
            ));
        }
        throttled_line(self.throttled_ms, self.throttled_by.as_deref(), page);
        stopped(self.ended, page);
    }
}

/// Prints why a purge ended early, if it did.
pub fn stopped(ended: &str, page: &mut Page) {
    let why = match ended {
        "done" => return,
        "max-rows" => "--max-rows was reached",
        "max-time" => "--max-time was reached",
        "interrupted" => "interrupted",
        "terminated" => "terminated",
        "lock-lost" => "the table's lock was lost",
        "contention" => "every attempt met locks of other transactions",
        "memory-unknown" => "a Tomcat could not be asked",
        _ => "an error occurred",
    };
    page.line(format!("Stopped early: {why}."));
}

/// Prints for how long a purge was throttled, if it was.
pub fn throttled_line(throttled_ms: u64, by: Option<&str>, page: &mut Page) {
    if let Some(by) = by {
        page.line(format!("Throttled for {}; last cause: {by}.", age(throttled_ms)));
    }
}
