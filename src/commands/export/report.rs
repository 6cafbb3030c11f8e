//! The report of `export`.

use serde::Serialize;

use super::content_filter::FilterTotals;
use crate::endpoint::Rejected;
use crate::operations::server_report::ServerReport;
use crate::store::{PassCount, PassesEnded, PassesSummary};
use crate::ui::{Page, Report, age, bytes, count, plural};

/// Result of an export.
#[derive(Debug, Default, Serialize)]
pub(super) struct ExportReport {
    pub(super) command: &'static str,
    /// URL of the store, without its password.
    pub(super) store: String,
    pub(super) table: String,
    #[serde(flatten)]
    pub(super) server: ServerReport,
    pub(super) duplicates: u64,
    pub(super) target: String,
    /// `archive`, `filestore`, `sql`, `csv`.
    pub(super) format: &'static str,
    /// Distinct sessions that were written.
    pub(super) sessions: u64,
    /// Sessions that were written again because they had changed.
    pub(super) rewritten: u64,
    pub(super) bytes: u64,
    pub(super) passes: Vec<PassCount>,
    /// `settled`, `passes`, `max-time`.
    pub(super) ended: &'static str,
    pub(super) rejected: Vec<Rejected>,
    pub(super) took_ms: u64,
}

impl ExportReport {
    pub(super) fn count(&mut self, summary: &PassesSummary, chosen: Option<&FilterTotals>, bytes: u64) {
        let sum = |part: fn(&PassCount) -> u64| summary.passes.iter().map(part).sum::<u64>();
        let all = || (sum(|pass| pass.new), sum(|pass| pass.changed));
        let (sessions, again) = chosen.map_or_else(all, |chosen| (chosen.sessions, chosen.again));
        self.sessions = sessions.saturating_sub(self.rejected.len() as u64);
        (self.rewritten, self.bytes) = (again, bytes);
        self.passes.clone_from(&summary.passes);
        self.ended = match summary.ended {
            PassesEnded::Passes => "passes",
            PassesEnded::MaxTime => "max-time",
            _ => "settled",
        };
    }

    pub(super) fn text(&self) -> String {
        let mut text = format!(
            "Exported {}, {} of data, to {} in {}",
            plural(self.sessions, "session"),
            bytes(self.bytes),
            self.target,
            age(self.took_ms)
        );
        let later = &self.passes[1.min(self.passes.len())..];
        let sum = |part: fn(&PassCount) -> u64| later.iter().map(part).sum::<u64>();
        let (new, changed, gone) = (sum(|p| p.new), sum(|p| p.changed), sum(|p| p.gone));
        let passes = match later.len() {
            1 => "1 further pass".to_owned(),
            n => format!("{n} further passes"),
        };
        text += &if later.is_empty() {
            "; changes in the meantime were not checked (no further pass).".to_owned()
        } else if later.iter().all(|pass| pass.skipped) {
            "; nothing changed in the meantime.".to_owned()
        } else if new + changed + gone == 0 {
            format!("; {passes} found no change.")
        } else {
            format!("; {passes} found {} new, {} changed, {} deleted.", count(new), count(changed), count(gone))
        };
        text += &self.server.summary().map(|server| format!(" Read from {server}.")).unwrap_or_default();
        if self.ended != "settled" && !later.is_empty() {
            text += " Tomcat was still saving when the last pass ended.";
        }
        text
    }
}

impl Report for ExportReport {
    fn page(&self, page: &mut Page) {
        page.line(self.text());
    }
}
