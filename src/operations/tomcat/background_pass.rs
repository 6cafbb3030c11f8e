//! A background pass as `tomcat flush`, `tomcat swap-out` and `tomcat expire` run it, with its report.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::context::{Context, exit_code_of};
use crate::failure::{DONE, Failure, PARTLY};
use crate::jmx::{NodeError, ServedApp};
use crate::operations::tomcat::memory_snapshot::{MemorySnapshot, memory, rows, tally};
use crate::operations::tomcat::missing_rows::{MissingRow, missing};
use crate::operations::tomcat::nodes::TomcatNodes;
use crate::operations::tomcat::state_file::StateFile;
use crate::operations::tomcat::temporary_settings::{
    TemporarySetting, TemporarySettings, restore_and_check_maintenance,
};
use crate::options::background_pass::BackgroundRunArgs;
use crate::store::{SessionStore, Stop};
use crate::ui::{Head, Page, Report, Table, count, plural};

/// Makes sure that a store is given, unless --no-verify is.
///
/// # Errors
/// Usage error.
pub fn require_store(cx: &Context, no_verify: bool) -> Result<(), Failure> {
    if no_verify || cx.has_store() {
        return Ok(());
    }
    Err(Failure::usage("no store was given to verify the sessions in")
        .hint("use --url mysql://tomcat@localhost:3306/tomcat, or --no-verify"))
}

/// A run on running Tomcats.
pub struct BackgroundRun<'a> {
    pub cx: &'a Context,
    pub args: &'a BackgroundRunArgs,
    pub tomcats: TomcatNodes,
    pub state: Option<StateFile>,
    pub store: Option<SessionStore>,
    pub stop: Stop,
    /// Errors of nodes; they do not end the run.
    pub errors: Vec<NodeError>,
}

impl<'a> BackgroundRun<'a> {
    /// Queries the nodes, opens the store and the state file, and restores settings that an interrupted run left
    /// behind.
    ///
    /// # Errors
    /// No node answers, no application has a Store, no store is given, or another run is active.
    pub async fn begin(cx: &'a Context, args: &'a BackgroundRunArgs) -> Result<BackgroundRun<'a>, Failure> {
        let stop = cx.stop_on_signals()?;
        require_store(cx, args.no_verify)?;
        let tomcats = args.nodes.ask(cx, &args.app).await?;
        if !tomcats.served().any(|(_, served)| served.persistent) {
            let classes: BTreeSet<&str> = tomcats.served().map(|(_, served)| served.class.as_str()).collect();
            let classes: Vec<&str> = classes.into_iter().collect();
            return Err(Failure::failed(format!(
                "no application has a session Manager with a Store (Managers are {})",
                classes.join(", ")
            ))
            .hint("`tomcat-sessions tomcat config --tomcat 10` prints the PersistentManager that a context needs"));
        }
        let state = if args.pass.dry_run {
            None
        } else {
            let mut state = StateFile::open(args.pass.state_file.as_deref(), cx)?;
            restore_and_check_maintenance(cx, &mut state, &tomcats).await?;
            Some(state)
        };
        let store = if args.no_verify { None } else { Some(cx.open().await?) };
        Ok(BackgroundRun { cx, args, tomcats, state, store, stop, errors: Vec::new() })
    }

    /// The sessions in memory now; with `clocks`, also their last accesses.
    pub async fn memory(&self, clocks: bool) -> Result<MemorySnapshot, Failure> {
        Ok(memory(&self.tomcats.nodes, clocks).await?)
    }

    /// Runs a pass over all applications with temporary settings; does nothing in a dry run.
    pub async fn pass(
        &mut self,
        settings: &(dyn Fn(&ServedApp) -> Vec<TemporarySetting> + Sync),
    ) -> Result<(), Failure> {
        let Some(state) = &mut self.state else { return Ok(()) };
        let temporary = TemporarySettings {
            state,
            tomcats: &self.tomcats,
            settings,
            times: 1,
            wait: self.args.pass.wait,
            stop: self.stop.clone(),
        };
        self.errors.extend(temporary.run(self.cx).await?);
        Ok(())
    }

    /// The sessions of `before` without a current row; empty without a store.
    pub async fn missing(&mut self, before: &MemorySnapshot) -> Result<Vec<MissingRow>, Failure> {
        match &mut self.store {
            Some(store) if !self.args.pass.dry_run => missing(self.cx, store, &self.tomcats, before, &self.stop).await,
            _ => Ok(Vec::new()),
        }
    }

    /// The numbers of each application: in memory before and now, and in the table now.
    pub async fn applications(&mut self, before: &MemorySnapshot) -> Result<Vec<AppOutcome>, Failure> {
        let after = self.memory(false).await?;
        let apps: BTreeSet<String> = before.keys().map(|(_, app)| app.clone()).collect();
        let table = match &mut self.store {
            Some(store) => Some(rows(store, before, Some(&apps), self.cx.now, &self.stop).await?),
            None => None,
        };
        let numbers = |memory: &MemorySnapshot, app: &str| {
            let held = memory.iter().filter(|((_, name), _)| name == app).map(|(_, held)| held);
            tally(held, table.as_ref().and_then(|table| table.get(app)))
        };
        let line = |app: &String| {
            let was = numbers(before, app);
            AppOutcome {
                app_name: app.clone(),
                nodes: before.keys().filter(|(_, name)| name == app).count() as u64,
                in_memory_before: was.in_memory,
                in_memory: numbers(&after, app).in_memory,
                in_table: table.as_ref().map(|table| table.get(app).map_or(0, |rows| rows.count)),
            }
        };
        Ok(apps.iter().map(line).collect())
    }

    /// Prints the report; returns the exit code.
    pub async fn conclude(mut self, report: &mut BackgroundRunReport) -> Result<u8, Failure> {
        report.dry_run = self.args.pass.dry_run;
        report.store = self.store.as_ref().map(|store| store.target().to_string());
        report.errors = self.tomcats.unreachable.iter().chain(&self.errors).map(ToString::to_string).collect();
        for error in &self.errors {
            self.cx.ui.warn(format!("{error}."));
        }
        if let Some(store) = self.store.take() {
            store.close().await;
        }
        self.cx.ui.report(report)?;
        if let Some(signal) = self.stop.requested() {
            return Ok(exit_code_of(signal));
        }
        Ok(if report.errors.is_empty() && report.not_saved.is_empty() { DONE } else { PARTLY })
    }
}

#[derive(Debug, Serialize)]
pub struct BackgroundRunReport {
    pub command: &'static str,
    pub dry_run: bool,
    pub store: Option<String>,
    pub applications: Vec<AppOutcome>,
    /// Sessions in memory without a current row.
    pub not_saved: Vec<MissingRow>,
    pub errors: Vec<String>,
    #[serde(skip)]
    pub verb: Verb,
}

/// The verb in the last line of the report.
#[derive(Debug, Clone, Copy)]
pub enum Verb {
    Flush,
    SwapOut,
    Expire,
}

#[derive(Debug, Serialize)]
pub struct AppOutcome {
    pub app_name: String,
    pub nodes: u64,
    pub in_memory_before: u64,
    pub in_memory: u64,
    pub in_table: Option<u64>,
}

impl BackgroundRunReport {
    pub fn new(
        command: &'static str,
        verb: Verb,
        applications: Vec<AppOutcome>,
        not_saved: Vec<MissingRow>,
    ) -> BackgroundRunReport {
        BackgroundRunReport { command, dry_run: false, store: None, applications, not_saved, errors: Vec::new(), verb }
    }

    fn sentence(&self) -> String {
        let before: u64 = self.applications.iter().map(|app| app.in_memory_before).sum();
        let after: u64 = self.applications.iter().map(|app| app.in_memory).sum();
        match (self.verb, self.dry_run) {
            (Verb::Flush, true) => format!("Would write {} from memory to the table.", plural(before, "session")),
            (Verb::SwapOut, true) => {
                format!(
                    "Of {} in memory, would swap out those that have been idle for --idle.",
                    plural(before, "session")
                )
            }
            (Verb::Expire, true) => {
                format!("Would make the Tomcats check {} in memory and all their rows.", plural(before, "session"))
            }
            (Verb::Flush, false) if self.store.is_none() => {
                format!("Wrote {} from memory; the table was not verified.", plural(before, "session"))
            }
            (Verb::Flush, false) => {
                let written = before.saturating_sub(self.not_saved.len() as u64);
                format!("{} in memory, {} with a current row.", plural(before, "session"), count(written))
            }
            (Verb::SwapOut | Verb::Expire, false) => {
                format!("{} in memory before, {} now.", plural(before, "session"), count(after))
            }
        }
    }
}

impl Report for BackgroundRunReport {
    const RECORDS: Option<&'static str> = Some("applications");

    fn page(&self, page: &mut Page) {
        let heads = vec![
            Head::left("APPLICATION"),
            Head::right("NODES"),
            Head::right("BEFORE"),
            Head::right("MEMORY"),
            Head::right("TABLE"),
        ];
        let row = |app: &AppOutcome| {
            let table = app.in_table.map_or_else(|| "-".to_owned(), count);
            vec![app.app_name.clone(), count(app.nodes), count(app.in_memory_before), count(app.in_memory), table]
        };
        page.table(&Table { heads, rows: self.applications.iter().map(row).collect() });
        page.blank();
        page.line(self.sentence());
        self::missing_lines(page, &self.not_saved);
    }
}

/// Lists the first sessions without a current row.
pub fn missing_lines(page: &mut Page, missing: &[MissingRow]) {
    const SHOWN: usize = 10;
    if missing.is_empty() {
        return;
    }
    let mut by_app: BTreeMap<&str, u64> = BTreeMap::new();
    missing.iter().for_each(|one| *by_app.entry(&one.app_name).or_default() += 1);
    page.blank();
    page.prose(0, format!(
        "Without a current row: {}. Tomcat may assume that it has saved them. It saves them again after their next request. Until then, they exist only in the memory of their Tomcat.",
        plural(missing.len() as u64, "session")
    ));
    missing.iter().take(SHOWN).for_each(|one| page.line(format!("  {}", one)));
    if missing.len() > SHOWN {
        page.line(format!("  and {} more", count((missing.len() - SHOWN) as u64)));
    }
}
