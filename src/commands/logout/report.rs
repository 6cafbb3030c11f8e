//! The report of `logout`, by node and by application.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::Stores;
use super::find::FoundSessions;
use super::nodes::Tomcats;
use crate::operations::backup::{BackupReport, backup_line};
use crate::operations::purge::{end_of, stopped};
use crate::operations::tomcat::background_pass::missing_lines;
use crate::operations::tomcat::missing_rows::MissingRow;
use crate::options::pace::PaceArgs;
use crate::session::SessionKey;
use crate::store::{Ended, KeptRow, PurgeSummary};
use crate::ui::{Head, Page, Report, Table, count, plural, took};

/// Maximum number of sessions in the table on a terminal.
const MAX_SHOWN: usize = 20;

/// Results of all rounds.
#[derive(Default)]
pub struct Outcome {
    pub rounds: u64,
    /// Sessions that the first search found.
    first: u64,
    by_app: BTreeMap<Option<String>, AppResult>,
    by_node: BTreeMap<usize, u64>,
    sessions: Vec<SessionResult>,
    /// Sessions that stay, and why.
    pub kept: Vec<KeptRow>,
}

impl Outcome {
    /// Counts sessions that a Tomcat expired.
    pub fn expired(&mut self, node: usize, app: &str, sessions: u64) {
        if sessions > 0 {
            *self.by_node.entry(node).or_default() += sessions;
            self.app(Some(app.to_owned())).expired += sessions;
        }
    }

    /// Counts rows that were deleted from the session table or the swap table.
    pub fn deleted(&mut self, summary: &PurgeSummary, swapped: bool) {
        self.kept.extend(summary.kept.iter().cloned());
        for (app, number) in &summary.by_app {
            let done = self.app(app.clone());
            *if swapped { &mut done.swapped_deleted } else { &mut done.rows_deleted } += number.sessions;
        }
    }

    /// Adds the result of a search; a session that is found again counts once.
    pub fn found(&mut self, found: &FoundSessions, tomcats: &Tomcats) {
        if self.rounds == 0 {
            self.first = found.sessions();
        }
        for (key, places) in &found.sessions {
            let managers = || places.nodes.iter().map(|node| tomcats.name(*node).to_owned());
            let done = |done: &&mut SessionResult| done.session_id == key.id && done.app_name == key.app;
            match self.sessions.iter_mut().find(done) {
                Some(done) => {
                    done.managers.extend(managers());
                    done.managers.sort();
                    done.managers.dedup();
                    (done.in_table, done.swapped) = (done.in_table | places.in_table, done.swapped | places.swapped);
                }
                None => self.sessions.push(SessionResult {
                    app_name: key.app.clone(),
                    session_id: key.id.clone(),
                    managers: managers().collect(),
                    in_table: places.in_table,
                    swapped: places.swapped,
                }),
            }
        }
    }

    /// Counts what a run would do; Tomcat deletes the rows of sessions in its memory.
    pub fn add_planned(&mut self, found: &FoundSessions) {
        for held in &found.held {
            self.expired(held.node, &held.app, held.ids.len() as u64);
        }
        for (key, places) in &found.sessions {
            let done = self.app(key.app.clone());
            done.rows_deleted += u64::from(places.in_table && places.nodes.is_empty());
            done.swapped_deleted += u64::from(places.swapped);
        }
    }

    fn app(&mut self, app: Option<String>) -> &mut AppResult {
        let done = self.by_app.entry(app.clone()).or_default();
        done.app_name = app;
        done
    }
}

#[derive(Debug, Serialize)]
pub struct LogoutReport {
    command: &'static str,
    dry_run: bool,
    table: String,
    /// `null` without a swap table.
    swap_table: Option<String>,
    nodes: Vec<NodeResult>,
    applications: Vec<AppResult>,
    /// The sessions that were found, and where; empty with --all.
    sessions: Vec<SessionResult>,
    found: u64,
    expired: u64,
    rows_deleted: u64,
    swapped_deleted: u64,
    /// Sessions in memory without a current row: their data, and so their users, are unknown.
    not_saved: Vec<MissingRow>,
    /// Sessions that the last search found; `null` if there was no search after the last change.
    remaining: Option<u64>,
    rounds: u64,
    ended: &'static str,
    error: Option<String>,
    /// What was archived first.
    #[serde(flatten)]
    pub backup: BackupReport,
    took_ms: u64,
}

#[derive(Debug, Serialize)]
struct NodeResult {
    manager: String,
    expired: u64,
    error: Option<String>,
}

#[derive(Debug, Default, Serialize)]
struct AppResult {
    app_name: Option<String>,
    expired: u64,
    rows_deleted: u64,
    swapped_deleted: u64,
}

#[derive(Debug, Serialize)]
struct SessionResult {
    app_name: Option<String>,
    session_id: String,
    /// The Managers of the Tomcats that held it in memory.
    managers: Vec<String>,
    in_table: bool,
    swapped: bool,
}

impl LogoutReport {
    pub fn new(
        pace: &PaceArgs,
        stores: &Stores,
        tomcats: &Tomcats,
        outcome: Outcome,
        last: &FoundSessions,
        end: &Ended,
        took: Duration,
    ) -> LogoutReport {
        let searched = !pace.dry_run && matches!(end, Ended::Done);
        let (ended, error) = end_of(end);
        let error_of = |manager: &str| tomcats.errors().find(|error| error.manager == manager).map(ToString::to_string);
        let mut nodes: Vec<NodeResult> = tomcats
            .names()
            .iter()
            .enumerate()
            .map(|(at, manager)| NodeResult {
                manager: manager.clone(),
                expired: outcome.by_node.get(&at).copied().unwrap_or_default(),
                error: error_of(manager),
            })
            .collect();
        let unreachable = tomcats.errors().filter(|error| !tomcats.names().contains(&error.manager));
        nodes.extend(unreachable.map(|error| NodeResult {
            manager: error.manager.clone(),
            expired: 0,
            error: Some(error.to_string()),
        }));
        let applications: Vec<AppResult> = outcome.by_app.into_values().collect();
        let sum = |part: fn(&AppResult) -> u64| applications.iter().map(part).sum();
        LogoutReport {
            command: "logout",
            dry_run: pace.dry_run,
            table: stores.live.names().table.clone(),
            swap_table: stores.swapped.as_ref().map(|store| store.names().table.clone()),
            nodes,
            expired: sum(|app| app.expired),
            rows_deleted: sum(|app| app.rows_deleted),
            swapped_deleted: sum(|app| app.swapped_deleted),
            applications,
            found: outcome.first.max(outcome.sessions.len() as u64),
            sessions: outcome.sessions,
            not_saved: last.not_saved.clone(),
            remaining: searched.then(|| last.sessions()),
            rounds: outcome.rounds,
            ended,
            error,
            backup: BackupReport::default(),
            took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        }
    }
}

impl LogoutReport {
    /// Tells whether a user may still be logged in.
    pub fn is_partial(&self) -> bool {
        self.nodes.iter().any(|node| node.error.is_some())
            || self.remaining.is_some_and(|remaining| remaining > 0)
            || !self.not_saved.is_empty()
    }

    fn sentence(&self) -> String {
        if self.found == 0 {
            let answered = self.nodes.iter().filter(|node| node.error.is_none()).count() as u64;
            let swapped = self.swap_table.is_some();
            return match (swapped, answered) {
                (false, 0) => "No session matches in the table.".to_owned(),
                (true, 0) => "No session matches in the table or in the swap table.".to_owned(),
                (swapped, answered) => format!(
                    "No session matches in the table{} or in the memory of {}.",
                    if swapped { ", in the swap table" } else { "" },
                    plural(answered, "Tomcat")
                ),
            };
        }
        let would = if self.dry_run { "Would log out" } else { "Logged out" };
        let parts = match self.dry_run {
            true => [
                (self.expired, "in the memory of a Tomcat"),
                (self.rows_deleted, "in the table"),
                (self.swapped_deleted, "in the swap table"),
            ],
            false => [
                (self.expired, "expired by Tomcat"),
                (self.rows_deleted, "deleted from the table"),
                (self.swapped_deleted, "deleted from the swap table"),
            ],
        };
        let parts = parts.iter().filter(|(number, _)| *number > 0);
        let parts: Vec<String> = parts.map(|(number, what)| format!("{} {what}", count(*number))).collect();
        let parts = if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
        format!("{would} {}{parts}{}.", plural(self.found, "session"), took(self.dry_run, self.took_ms))
    }
}

impl Report for LogoutReport {
    const RECORDS: Option<&'static str> = Some("sessions");

    fn page(&self, page: &mut Page) {
        if !self.sessions.is_empty() {
            let heads = vec![Head::left("SESSION"), Head::left("APPLICATION"), Head::left("TOMCAT"), Head::left("ROW")];
            let row = |session: &SessionResult| {
                let row = match (session.in_table, session.swapped) {
                    (true, true) => "table, swapped out",
                    (true, false) => "table",
                    (false, true) => "swapped out",
                    (false, false) => "-",
                };
                let memory = if session.managers.is_empty() { "-".to_owned() } else { session.managers.join(" ") };
                let app = session.app_name.clone().unwrap_or_else(|| "NULL".to_owned());
                vec![SessionKey::new(None, session.session_id.as_str()).redacted(), app, memory, row.to_owned()]
            };
            page.table(&Table { heads, rows: self.sessions.iter().take(MAX_SHOWN).map(row).collect() });
            if self.sessions.len() > MAX_SHOWN {
                page.line(format!("and {} more", count((self.sessions.len() - MAX_SHOWN) as u64)));
            }
            page.blank();
        }
        if self.nodes.len() > 1 || self.nodes.iter().any(|node| node.error.is_some()) {
            let heads = vec![Head::left("TOMCAT"), Head::right("EXPIRED"), Head::left("")];
            let row = |node: &NodeResult| {
                let state = if node.error.is_some() { "did not answer" } else { "" };
                vec![node.manager.clone(), count(node.expired), state.to_owned()]
            };
            page.table(&Table { heads, rows: self.nodes.iter().map(row).collect() });
            page.blank();
        }
        page.line(self.sentence());
        backup_line(&self.backup, page);
        missing_lines(page, &self.not_saved);
        if let Some(left) = self.remaining.filter(|left| *left > 0) {
            page.line(format!(
                "{} came back and could not be logged out in time. Lock the account, then run the command again.",
                plural(left, "session")
            ));
        }
        for node in self.nodes.iter().filter(|node| node.error.is_some()) {
            page.line(format!(
                "{} may hold sessions in memory. Run the command again when this Tomcat answers, or restart it.",
                node.manager
            ));
        }
        stopped(self.ended, page);
    }
}
