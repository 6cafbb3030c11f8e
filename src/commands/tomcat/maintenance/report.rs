//! The report of `tomcat maintenance`.

use serde::Serialize;

use crate::operations::tomcat::background_pass::missing_lines;
use crate::operations::tomcat::missing_rows::MissingRow;
use crate::session::EpochMillis;
use crate::ui::{Head, Page, Report, Table, age, plural};

#[derive(Debug, Serialize)]
pub(super) struct MaintenanceReport {
    pub(super) command: &'static str,
    pub(super) dry_run: bool,
    pub(super) state_file: String,
    /// Start of the maintenance, in epoch milliseconds.
    pub(super) since: EpochMillis,
    pub(super) since_rfc3339: Option<String>,
    pub(super) settings: Vec<Change>,
    /// Sessions in memory at the start; null for `end`.
    pub(super) in_memory: Option<u64>,
    /// Rows of sessions that are in no Tomcat's memory: they are unavailable during the maintenance.
    pub(super) only_in_table: Option<u64>,
    pub(super) not_saved: Vec<MissingRow>,
    pub(super) errors: Vec<String>,
    #[serde(skip)]
    pub(super) took_ms: u64,
}

#[derive(Debug, Serialize)]
pub(super) struct Change {
    pub(super) manager: String,
    pub(super) app_name: String,
    pub(super) attribute: String,
    pub(super) from: i64,
    pub(super) to: i64,
    /// `set`, `restored`, `gone`, `changed`.
    pub(super) outcome: &'static str,
}

impl Report for MaintenanceReport {
    const RECORDS: Option<&'static str> = Some("settings");

    fn page(&self, page: &mut Page) {
        // Settings that were already off are in the state file, but are not shown.
        let changed: Vec<&Change> = self.settings.iter().filter(|change| change.from != change.to).collect();
        if !changed.is_empty() {
            let heads = vec![
                Head::left("TOMCAT"),
                Head::left("APPLICATION"),
                Head::left("ATTRIBUTE"),
                Head::right("FROM"),
                Head::right("TO"),
                Head::left("OUTCOME"),
            ];
            let row = |change: &Change| {
                let (to, outcome) = match change.outcome {
                    "gone" => ("-".to_owned(), "not restored: application no longer served".to_owned()),
                    "changed" => ("-".to_owned(), format!("not restored: now {}, changed since `begin`", change.to)),
                    outcome => (change.to.to_string(), outcome.to_owned()),
                };
                vec![
                    change.manager.clone(),
                    change.app_name.clone(),
                    change.attribute.clone(),
                    change.from.to_string(),
                    to,
                    outcome,
                ]
            };
            page.table(&Table { heads, rows: changed.into_iter().map(row).collect() });
            page.blank();
        }
        let Some(in_memory) = self.in_memory else {
            page.line(if self.dry_run {
                format!("Would restore the values in {}.", self.state_file)
            } else {
                format!("Maintenance ended after {}.", age(self.took_ms))
            });
            return;
        };
        let sessions = plural(in_memory, "session");
        if self.dry_run {
            page.line(format!("Would write {sessions} from memory, then stop all saving."));
        } else {
            page.prose(
                0,
                format!("{sessions} in memory. Nothing is saved or swapped out until `tomcat-sessions tomcat maintenance end`."),
            );
            page.prose(0, format!("The original values are in {}.", self.state_file));
        }
        if let Some(alone) = self.only_in_table.filter(|n| *n > 0) {
            page.prose(
                0,
                format!("Only in the table, and unavailable while the database is down: {}.", plural(alone, "session")),
            );
        }
        missing_lines(page, &self.not_saved);
    }
}
