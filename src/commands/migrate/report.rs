//! The report of `migrate`.

use serde::Serialize;

use super::remedy;
use crate::finding::Finding;
use crate::operations::store_pair::{ComparedStore, ComparisonCounts, DifferingSession, table};
use crate::session::{IdPrefixes, SessionKey};
use crate::store::{
    Comparison, FinalState, InsertResult, MoveEnded, MoveResult, PassCount, Rejected, SessionStore, Signal,
};
use crate::ui::{Head, Page, Report, Table, bytes, count, plural, took};

/// Maximum number of rows of a table on a terminal.
const SCREEN: usize = 20;

#[derive(Debug, Serialize)]
pub struct MigrateReport {
    command: &'static str,
    dry_run: bool,
    pub from: ComparedStore,
    to: ComparedStore,
    /// Live sessions of the target that the source did not have at the start.
    pub live_only_in_target: u64,
    pub preflight: Vec<Finding>,
    passes: Vec<PassCount>,
    /// `None` in a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<InsertResult>,
    /// `None` except in a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    would_write: Option<InsertResult>,
    /// The replaced sessions that had changed after the first pass.
    replaced_in_later_passes: u64,
    /// Sessions in transactions whose COMMIT was in progress when the connection was lost.
    unconfirmed: u64,
    /// Bytes of session data that the passes read.
    bytes: u64,
    pub rejected: Vec<RejectedSession>,
    /// Deleted from the target by --delete-gone; `None` in a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<u64>,
    pub verification: Option<Verification>,
    /// `settled`, `passes`, `quiet`, `max-time`, `interrupted`, `terminated`, `preflight`, `failed`.
    pub ended: &'static str,
    pub error: Option<String>,
    took_ms: u64,
    /// Number of sessions in the source before the copy.
    #[serde(skip)]
    pub expected: Option<u64>,
    #[serde(skip)]
    pub full_ids: bool,
}

/// A session that was skipped.
#[derive(Debug, Clone, Serialize)]
pub struct RejectedSession {
    session_id: String,
    app_name: Option<String>,
    pub reason: String,
}

impl RejectedSession {
    pub fn key(&self) -> SessionKey {
        SessionKey::new(self.app_name.clone(), self.session_id.clone())
    }
}

/// Result of the comparison: of all rows at the end, or of each batch, read back after its commit.
#[derive(Debug, Serialize)]
pub struct Verification {
    read_back: bool,
    #[serde(flatten)]
    pub counts: ComparisonCounts,
    /// Sessions that are missing or older in the target, except those that were skipped or that a Tomcat has written
    /// since the last pass.
    pub behind: u64,
    /// Sessions that were copied again after a first comparison.
    repaired: u64,
    /// With --follow: sessions that are unchanged in the source since they were written, but changed or deleted in the
    /// target.
    changed_in_target: u64,
    /// Some of the sessions in `behind`.
    differences: Vec<DifferingSession>,
    #[serde(skip)]
    full_ids: bool,
}

impl Verification {
    pub fn new(state: &FinalState, full_ids: bool) -> Verification {
        let mut found = state.differences.clone();
        found.sort_by(|a, b| a.key.cmp(&b.key));
        Verification {
            read_back: false,
            counts: ComparisonCounts::of(&state.comparison),
            behind: state.behind,
            repaired: state.repaired,
            changed_in_target: state.changed_in_target,
            differences: found.into_iter().map(DifferingSession::from).collect(),
            full_ids,
        }
    }

    /// The result if every batch was read back and no session is behind.
    pub fn read_back(proof: &Comparison) -> Verification {
        Verification {
            read_back: true,
            counts: ComparisonCounts::of(proof),
            ..Verification::new(&FinalState::default(), false)
        }
    }
}

impl MigrateReport {
    pub fn new(from: &SessionStore, to: &SessionStore, dry_run: bool, full_ids: bool) -> MigrateReport {
        MigrateReport {
            command: "migrate",
            dry_run,
            from: ComparedStore::of(from),
            to: ComparedStore::of(to),
            live_only_in_target: 0,
            preflight: Vec::new(),
            passes: Vec::new(),
            written: (!dry_run).then(InsertResult::default),
            would_write: dry_run.then(InsertResult::default),
            replaced_in_later_passes: 0,
            unconfirmed: 0,
            bytes: 0,
            rejected: Vec::new(),
            deleted: (!dry_run).then_some(0),
            verification: None,
            ended: "preflight",
            error: None,
            took_ms: 0,
            expected: None,
            full_ids,
        }
    }

    /// Adds the result of the copy.
    pub fn add(&mut self, moved: &MoveResult) {
        self.passes.clone_from(&moved.passes);
        self.unconfirmed = moved.unconfirmed;
        self.bytes = moved.passes.iter().map(|pass| pass.bytes).sum();
        let written = if self.dry_run { &mut self.would_write } else { &mut self.written };
        *written = Some(moved.written);
        self.replaced_in_later_passes = moved.updates;
        moved.rejected.iter().cloned().for_each(|one| self.reject(one));
        self.took_ms = u64::try_from(moved.took.as_millis()).unwrap_or(u64::MAX);
        (self.ended, self.error) = match &moved.ended {
            MoveEnded::Settled => ("settled", None),
            MoveEnded::Passes => ("passes", None),
            MoveEnded::Quiet => ("quiet", None),
            MoveEnded::MaxTime => ("max-time", None),
            MoveEnded::Signal(Signal::Interrupt) => ("interrupted", None),
            MoveEnded::Signal(Signal::Terminate) => ("terminated", None),
            MoveEnded::Failed(error) => ("failed", Some(error.to_string())),
        };
    }

    /// Adds a session that was skipped.
    pub fn reject(&mut self, Rejected { key, reason }: Rejected) {
        self.rejected.push(RejectedSession { session_id: key.id, app_name: key.app, reason });
    }
}

impl Report for MigrateReport {
    const RECORDS: Option<&'static str> = Some("rejected");

    fn page(&self, page: &mut Page) {
        for finding in &self.preflight {
            page.prose(2, format!("{}: {} [{}]", finding.severity.as_str(), finding.message, finding.rule));
            page.prose(6, format!("  {}", remedy(&finding.remedy)));
        }
        if self.ended == "preflight" {
            return;
        }
        if !self.preflight.is_empty() {
            page.blank();
        }
        self.rejected(page);
        let heads = ["PASS", "NEW", "CHANGED", "MISSING", "GONE", "DATA"].map(Head::right).to_vec();
        let row = |(n, p): (usize, &PassCount)| {
            let numbers = [p.new, p.changed, p.missing, p.gone].map(count);
            [vec![(n + 1).to_string()], numbers.to_vec(), vec![bytes(p.bytes)]].concat()
        };
        page.table(&Table { heads, rows: self.passes.iter().enumerate().map(row).collect() });
        page.blank();
        // A dry run does not read the target's rows.
        let verb = if self.dry_run { "Would copy up to" } else { "Copied" };
        let w = self.written.or(self.would_write).unwrap_or_default();
        let kept = if w.kept > 0 {
            let were = if w.kept == 1 { "was" } else { "were" };
            format!(" {} {were} already there in the same state or a newer one.", count(w.kept))
        } else {
            String::new()
        };
        let updates = match self.replaced_in_later_passes {
            0 => String::new(),
            n => format!(" and {} to them", plural(n, "later change")),
        };
        page.prose(
            0,
            format!(
                "{verb} {}{updates} from {} to {}{}; read {} of data.{kept}",
                plural((w.inserted + w.replaced).saturating_sub(self.replaced_in_later_passes), "session"),
                self.from,
                self.to,
                took(self.dry_run, self.took_ms),
                bytes(self.bytes)
            ),
        );
        if self.unconfirmed > 0 {
            page.line(format!(
                "The connection was lost during a COMMIT: up to {} more may have been written.",
                plural(self.unconfirmed, "session")
            ));
        }
        let unwritten = self.unwritten(w);
        if unwritten > 0 {
            page.line(format!("{} had been read but not written when the run ended.", plural(unwritten, "session")));
        }
        if let Some(deleted) = self.deleted.filter(|&n| n > 0) {
            page.line(format!("Deleted {} that no longer exist in the source.", plural(deleted, "session")));
        }
        if let Some(verification) = &self.verification {
            verification.page(page, self.rejected.len());
        }
        let why = match self.ended {
            "settled" | "quiet" => return,
            // With --follow, this is the normal end.
            "interrupted" | "terminated" if self.verification.is_some() => return,
            "passes" if self.dry_run => return,
            "passes" => "The source was still changing during the last pass; use --follow to continue.",
            "max-time" => "Stopped early: --max-time was reached.",
            "interrupted" => "Stopped early: interrupted.",
            "terminated" => "Stopped early: terminated.",
            _ => "Stopped early: an error occurred.",
        };
        page.line(why);
    }
}

impl MigrateReport {
    /// Number of states that were read but not written, if the run was ended early.
    fn unwritten(&self, written: InsertResult) -> u64 {
        if !["max-time", "interrupted", "terminated", "failed"].contains(&self.ended) {
            return 0;
        }
        let taken: u64 = self.passes.iter().map(|pass| pass.new + pass.changed).sum();
        let InsertResult { inserted, replaced, kept } = written;
        taken.saturating_sub(inserted + replaced + kept + self.unconfirmed + self.rejected.len() as u64)
    }

    fn rejected(&self, page: &mut Page) {
        if self.rejected.is_empty() {
            return;
        }
        let verb = if self.dry_run { "Would skip" } else { "Skipped" };
        page.line(format!("{verb} {}:", plural(self.rejected.len() as u64, "session")));
        let prefixes = IdPrefixes::of(self.rejected.iter().map(|left| left.session_id.as_str()));
        for left in self.rejected.iter().take(SCREEN) {
            let id = if self.full_ids { left.session_id.clone() } else { prefixes.cut(&left.session_id) };
            let app = left.app_name.as_deref().unwrap_or("no application");
            page.prose(4, format!("  {id} of {app}: {}", left.reason));
        }
        if self.rejected.len() > SCREEN {
            page.line("  … and more; --format json lists all.");
        }
        page.blank();
    }
}

impl Verification {
    /// Prints the result of the comparison; `skipped` is the number of skipped sessions.
    fn page(&self, page: &mut Page, skipped: usize) {
        let shown = &self.differences[..self.differences.len().min(SCREEN)];
        if self.behind > 0 {
            table(page, shown, self.full_ids);
        }
        let c = &self.counts;
        let behind = match (self.behind, skipped) {
            (0, 0) => "the target has every session of the source".to_owned(),
            (0, _) => "the target has all sessions of the source except the skipped ones".to_owned(),
            (behind, _) => format!("{} are missing or older in the target", plural(behind, "session")),
        };
        let what = plural(c.sessions_from, "session");
        page.prose(
            0,
            if self.read_back {
                format!("Read back {what} after writing, with no change in the source: {behind}.")
            } else {
                format!("Compared {what} with the target: {behind}.")
            },
        );
        if self.repaired > 0 {
            page.line(format!("Copied {} again after a first comparison.", plural(self.repaired, "session")));
        }
        if c.extra > 0 {
            page.line(format!("The target has {} that the source does not have.", plural(c.extra, "session")));
        }
        if self.changed_in_target > 0 {
            page.line(format!(
                "{} changed or ended in the target after they were written, and were not touched.",
                plural(self.changed_in_target, "session")
            ));
        }
        if c.changed > 0 {
            page.line(format!("Tomcat wrote {} since the last pass.", plural(c.changed, "session")));
        }
    }
}
