//! The other store of `swap-out` and `swap-in`, and their report.

use serde::Serialize;

use crate::context::Context;
use crate::failure::Failure;
use crate::operations::purge::{AppDeleted, ended, stopped, throttled_line};
use crate::operations::server_report::ServerReport;
use crate::operations::store_pair::{open, require_two};
use crate::options::pace::PaceArgs;
use crate::options::store_pair::target;
use crate::options::swap::OtherArgs;
use crate::store::{AppCount, KeptRow, Naming, PurgeSummary, ReconcileResult, SessionStore};
use crate::ui::{Page, Report, bytes, plural, took};

/// Maximum number of listed sessions per kind.
pub const MAX_LISTED: usize = 1_000;
/// Maximum number of sessions that are listed on a terminal.
const SCREEN: usize = 20;

impl OtherArgs {
    /// Opens the other store, and makes sure that no other run works on it.
    pub async fn open(
        &self,
        cx: &Context,
        url: &str,
        pace: &PaceArgs,
        first: &SessionStore,
    ) -> Result<SessionStore, Failure> {
        let (mut target, named) = target(cx, url, self.other_password_file.as_deref())?;
        let typed = Naming { table: self.other_table.clone(), ..Naming::default() };
        let naming = named.unwrap_or_default().or(&typed);
        let mut store = open(cx, &mut target, &naming).await?;
        require_two(first, &store)?;
        pace.prepare_alone(&mut store).await?;
        Ok(store)
    }
}

/// The report of `swap-out` and `swap-in`.
#[derive(Debug, Serialize)]
pub struct SwapReport {
    pub command: &'static str,
    pub dry_run: bool,
    /// The server of the source.
    #[serde(flatten)]
    pub server: ServerReport,
    /// The source of the sessions.
    pub from: String,
    /// The target of the sessions.
    pub to: String,
    /// `None` in a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved: Option<AppCount>,
    /// `None` except in a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub would_move: Option<AppCount>,
    pub applications: Vec<AppDeleted>,
    pub candidates: u64,
    pub skipped: u64,
    pub in_memory: u64,
    pub newer_in_target: u64,
    /// Kept because they are expired.
    pub expired: u64,
    /// Sessions whose users may have logged out after an interrupted run copied them.
    pub in_doubt: u64,
    /// Copies of an interrupted run that were removed.
    pub reconciled: u64,
    /// Some of the kept sessions, with the reasons.
    pub not_moved: Vec<KeptSession>,
    pub unconfirmed: u64,
    pub batches: u64,
    pub retries: u64,
    /// Total time for which transactions were throttled, and the last cause.
    pub throttled_ms: u64,
    pub throttled_by: Option<String>,
    /// Total time of the pauses between transactions.
    pub paused_ms: u64,
    /// The same words as in the report of a purge.
    pub ended: &'static str,
    pub error: Option<String>,
    pub took_ms: u64,
    #[serde(skip)]
    full_ids: bool,
}

/// A session that was kept.
#[derive(Debug, Serialize)]
pub struct KeptSession {
    pub session_id: String,
    pub app_name: Option<String>,
    pub reason: String,
}

impl From<KeptRow> for KeptSession {
    fn from(KeptRow { key, reason }: KeptRow) -> KeptSession {
        KeptSession { session_id: key.id, app_name: key.app, reason }
    }
}

impl SwapReport {
    pub fn new(
        cx: &Context,
        command: &'static str,
        dry_run: bool,
        store: &SessionStore,
        (from, to): (String, String),
        summary: &mut PurgeSummary,
    ) -> SwapReport {
        let (ended, error) = ended(summary);
        SwapReport {
            command,
            dry_run,
            server: ServerReport::of(store),
            from,
            to,
            moved: (!dry_run).then_some(summary.total),
            would_move: dry_run.then_some(summary.total),
            applications: AppDeleted::of(summary),
            candidates: summary.candidates,
            skipped: summary.skipped,
            in_memory: summary.in_memory,
            newer_in_target: summary.newer,
            expired: 0,
            in_doubt: 0,
            reconciled: 0,
            not_moved: std::mem::take(&mut summary.kept).into_iter().map(KeptSession::from).collect(),
            unconfirmed: summary.unconfirmed,
            batches: summary.batches,
            retries: summary.retries,
            throttled_ms: u64::try_from(summary.throttled.as_millis()).unwrap_or(u64::MAX),
            throttled_by: summary.throttled_by.clone(),
            paused_ms: u64::try_from(summary.paused.as_millis()).unwrap_or(u64::MAX),
            ended,
            error,
            took_ms: u64::try_from(summary.took.as_millis()).unwrap_or(u64::MAX),
            full_ids: cx.options.full_ids,
        }
    }

    /// Adds the leftovers of an interrupted run.
    pub fn reconciled(&mut self, found: ReconcileResult) {
        self.reconciled = found.removed;
        self.in_doubt += found.in_doubt.len() as u64;
        self.not_moved.extend(found.in_doubt.into_iter().take(MAX_LISTED).map(KeptSession::from));
    }

    fn list_not_moved(&self, page: &mut Page) {
        for stayed in self.not_moved.iter().take(SCREEN) {
            let id =
                if self.full_ids { stayed.session_id.clone() } else { stayed.session_id.chars().take(8).collect() };
            let app = stayed.app_name.as_deref().unwrap_or("no application");
            page.prose(4, format!("  {id} of {app}: {}", stayed.reason));
        }
        if self.not_moved.len() > SCREEN {
            page.line("  … and more; --format json lists them.");
        }
    }
}

impl Report for SwapReport {
    const RECORDS: Option<&'static str> = Some("applications");

    /// Listed sessions need the attention of the administrator.
    fn is_needed(&self) -> bool {
        !self.not_moved.is_empty() || self.unconfirmed > 0
    }

    fn page(&self, page: &mut Page) {
        AppDeleted::table(&self.applications, page);
        let verb = if self.dry_run { "Would move" } else { "Moved" };
        let moved = self.moved.or(self.would_move).unwrap_or_default();
        page.prose(
            0,
            format!(
                "{verb} {}{} from `{}` to `{}`, {} of data{}.",
                plural(moved.sessions, "session"),
                AppDeleted::of_applications(&self.applications),
                self.from,
                self.to,
                bytes(moved.bytes),
                took(self.dry_run, self.took_ms)
            ),
        );
        self.server.line(page);
        let stayed = [
            (self.skipped, "changed, deleted or locked since their keys were read"),
            (self.in_memory, "in a Tomcat's memory"),
            (self.newer_in_target, "newer in the target"),
            (self.expired, "expired (--touch moves them too)"),
            (self.in_doubt, "an earlier run was interrupted during the move, and the user may have logged out since"),
        ];
        for (number, why) in stayed.into_iter().filter(|(number, _)| *number > 0) {
            page.line(format!("Kept {}: {why}.", plural(number, "session")));
        }
        self.list_not_moved(page);
        if self.unconfirmed > 0 {
            page.line(format!(
                "The connection was lost during a COMMIT: up to {} more may have been moved.",
                plural(self.unconfirmed, "session")
            ));
        }
        if self.reconciled > 0 {
            page.line(format!(
                "Removed the duplicate copies of {} that an interrupted run had left.",
                plural(self.reconciled, "session")
            ));
        }
        throttled_line(self.throttled_ms, self.throttled_by.as_deref(), page);
        stopped(self.ended, page);
    }
}
