//! `tomcat status`: compares the sessions in the memory of running Tomcats with the rows of the store.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use clap::ValueEnum;
use serde::Serialize;

use crate::context::{Context, exit_code_of};
use crate::failure::{DONE, Failure, PARTLY};
use crate::jmx::ServedApp;
use crate::operations::tomcat::memory_snapshot::{MemorySnapshot, StoreRows, memory, rows, tally};
use crate::operations::tomcat::nodes::TomcatNodes;
use crate::options::listing::LimitArgs;
use crate::options::managers::ManagerArgs;
use crate::session::EpochMillis;
use crate::ui::{Head, Page, Report, Table, count, plural};

/// Compare the sessions in the memory of running Tomcats with the rows in the store
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
BOTH counts sessions in memory that have a row. STALE counts those of them whose row is older: their \
latest changes would be lost in a crash of the Tomcat. ONLY MEMORY counts sessions in memory without a \
row, and ONLY TABLE counts rows of sessions that no Tomcat has in memory. Without a store these columns \
are omitted. BACKUP, SWAP and \
MIN are maxIdleBackup, maxIdleSwap and minIdleSwap in seconds, or `off` if negative; FREQ is \
processExpiresFrequency.

STALE requires one request to the Manager per session in memory; --no-stale omits it.

Exit status:
  0    done
  1    no Tomcat serves an application in --app
  2    usage error, or a file named by an option cannot be read
  3    a Tomcat did not answer; the others are shown
  10   cannot reach the database or any Tomcat, or log in to it
  11   the session table is missing or has the wrong structure
  130  interrupted: nothing is printed
  143  terminated, in the same way

Examples:
  tomcat-sessions tomcat status --manager https://admin@tomcat1:8443/manager \
--manager-password-file mgr.pw
  tomcat-sessions tomcat status --managers-file nodes --app demo --format json")]
pub struct Args {
    /// Application: app_name, short name such as `demo`, glob, or list (shop,crm); repeatable
    #[arg(long, value_name = "NAME")]
    app: Vec<String>,
    /// Do not compute STALE, which requires one request per session
    #[arg(long)]
    no_stale: bool,
    /// Sort order of the applications
    #[arg(long, value_enum, default_value_t)]
    sort: Sort,
    #[command(flatten)]
    limit: LimitArgs,
    #[command(flatten)]
    nodes: ManagerArgs,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Sort {
    /// Name of the application
    #[default]
    Name,
    /// Sessions in memory, largest first
    Memory,
    /// Rows of the table, largest first
    Table,
    /// Stale sessions, largest first
    Stale,
}

impl Sort {
    fn sort(self, applications: &mut [AppLine]) {
        match self {
            Sort::Name => {}
            Sort::Memory => applications.sort_by_key(|app| Reverse(app.in_memory)),
            Sort::Table => applications.sort_by_key(|app| Reverse(app.in_table)),
            Sort::Stale => applications.sort_by_key(|app| Reverse(app.stale)),
        }
    }
}

#[derive(Debug, Serialize)]
struct Status {
    command: &'static str,
    /// Epoch milliseconds.
    now: EpochMillis,
    now_rfc3339: Option<String>,
    store: Option<String>,
    nodes: Vec<NodeLine>,
    applications: Vec<AppLine>,
}

#[derive(Debug, Serialize)]
struct NodeLine {
    manager: String,
    server: Option<String>,
    error: Option<String>,
    contexts: Vec<ContextLine>,
}

#[derive(Debug, Serialize)]
struct ContextLine {
    app_name: String,
    manager_class: String,
    persistent: bool,
    persistent_valve: bool,
    active_sessions: Option<i64>,
    expired_sessions: Option<i64>,
    max_active_sessions: Option<i64>,
    max_idle_backup: Option<i64>,
    max_idle_swap: Option<i64>,
    min_idle_swap: Option<i64>,
    process_expires_frequency: Option<i64>,
    save_on_restart: Option<bool>,
}

#[derive(Debug, Serialize)]
struct AppLine {
    app_name: String,
    /// Number of Tomcats that serve it.
    nodes: u64,
    in_memory: u64,
    on_several_nodes: u64,
    in_table: Option<u64>,
    in_both: Option<u64>,
    only_in_memory: Option<u64>,
    only_in_table: Option<u64>,
    stale: Option<u64>,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    let stop = cx.stop_on_signals()?;
    let tomcats = args.nodes.ask(cx, &args.app).await?;
    let with_store = cx.has_store();
    // The times in memory are read before the rows: a session that is saved in between is not stale.
    let memory = memory(&tomcats.nodes, with_store && !args.no_stale).await?;
    let mut store_shown = None;
    let mut table = None;
    if with_store {
        let mut store = cx.open().await?;
        store_shown = Some(store.target().to_string());
        let served: BTreeSet<String> = tomcats.served().map(|(_, served)| served.app.clone()).collect();
        let apps = (!args.app.is_empty()).then_some(&served);
        table = Some(rows(&mut store, &memory, apps, cx.now, &stop).await?);
        store.close().await;
    }
    if let Some(signal) = stop.requested() {
        return Err(Failure::new(exit_code_of(signal), "interrupted before all was read"));
    }
    let mut applications = applications(&tomcats, &memory, table.as_ref(), args.no_stale);
    args.sort.sort(&mut applications);
    args.limit.cut(cx, &mut applications);
    let status = Status {
        command: "tomcat status",
        now: cx.now,
        now_rfc3339: cx.now.rfc3339(),
        store: store_shown,
        nodes: lines(&tomcats),
        applications,
    };
    cx.ui.report(&status)?;
    Ok(if tomcats.unreachable.is_empty() { DONE } else { PARTLY })
}

fn lines(tomcats: &TomcatNodes) -> Vec<NodeLine> {
    let answered = tomcats.nodes.iter().map(|asked| NodeLine {
        manager: asked.node.manager(),
        server: asked.server.clone(),
        error: None,
        contexts: asked.served.iter().map(ContextLine::of).collect(),
    });
    let unreachable = tomcats.unreachable.iter().map(|error| NodeLine {
        manager: error.manager.clone(),
        server: None,
        error: Some(error.to_string()),
        contexts: Vec::new(),
    });
    answered.chain(unreachable).collect()
}

impl ContextLine {
    fn of(served: &ServedApp) -> ContextLine {
        ContextLine {
            app_name: served.app.clone(),
            manager_class: served.class.clone(),
            persistent: served.persistent,
            persistent_valve: served.valve,
            active_sessions: served.number("activeSessions"),
            expired_sessions: served.number("expiredSessions"),
            max_active_sessions: served.number("maxActiveSessions"),
            max_idle_backup: served.number("maxIdleBackup"),
            max_idle_swap: served.number("maxIdleSwap"),
            min_idle_swap: served.number("minIdleSwap"),
            process_expires_frequency: served.number("processExpiresFrequency"),
            save_on_restart: served.text("saveOnRestart").map(|text| text == "true"),
        }
    }
}

/// The applications that write to a Store, and those in the table that no Tomcat serves.
fn applications(
    tomcats: &TomcatNodes,
    memory: &MemorySnapshot,
    table: Option<&BTreeMap<String, StoreRows>>,
    no_stale: bool,
) -> Vec<AppLine> {
    let served = tomcats.served().filter(|(_, served)| served.persistent).map(|(_, served)| served.app.as_str());
    let stored = table.into_iter().flat_map(|table| table.keys().map(String::as_str));
    let names: BTreeSet<&str> = served.chain(stored).collect();
    let line = |app: &str| {
        let rows = table.and_then(|table| table.get(app));
        let nodes = memory.iter().filter(|((_, held), _)| held == app).map(|(_, held)| held);
        let tally = tally(nodes.clone(), rows);
        let in_table = table.map(|_| rows.map_or(0, |rows| rows.count));
        AppLine {
            app_name: app.to_owned(),
            nodes: nodes.count() as u64,
            in_memory: tally.in_memory,
            on_several_nodes: tally.in_several,
            in_table,
            in_both: table.map(|_| tally.in_both),
            only_in_memory: table.map(|_| tally.only_in_memory),
            only_in_table: in_table.map(|rows| rows.saturating_sub(tally.in_both)),
            stale: table.filter(|_| !no_stale).map(|_| tally.stale),
        }
    };
    names.into_iter().map(line).collect()
}

impl Report for Status {
    const RECORDS: Option<&'static str> = Some("applications");

    fn page(&self, page: &mut Page) {
        for node in &self.nodes {
            page.line(match (&node.server, &node.error) {
                (Some(server), _) => format!("{}, {server}", node.manager),
                (None, Some(_)) => format!("{}, no answer", node.manager),
                (None, None) => node.manager.clone(),
            });
            if !node.contexts.is_empty() {
                page.table(&contexts(&node.contexts));
            }
            page.blank();
        }
        page.table(&self.tallies());
        let unserved = self.applications.iter().filter(|app| app.nodes == 0).count() as u64;
        if unserved > 0 {
            page.blank();
            page.prose(
                0,
                format!(
                    "{} of the table {} served by no Tomcat that answered.",
                    plural(unserved, "application"),
                    if unserved == 1 { "is" } else { "are" }
                ),
            );
        }
    }
}

fn contexts(lines: &[ContextLine]) -> Table {
    let heads = vec![
        Head::left("CONTEXT"),
        Head::left("MANAGER"),
        Head::right("ACTIVE"),
        Head::right("BACKUP"),
        Head::right("SWAP"),
        Head::right("MIN"),
        Head::right("FREQ"),
    ];
    let seconds = |n: Option<i64>| match n {
        Some(n) if n < 0 => "off".to_owned(),
        Some(n) => n.to_string(),
        None => "-".to_owned(),
    };
    let row = |line: &ContextLine| {
        let valve = if line.persistent_valve { " + valve" } else { "" };
        vec![
            line.app_name.clone(),
            format!("{}{valve}", line.manager_class),
            line.active_sessions.map_or_else(|| "-".to_owned(), |n| n.to_string()),
            seconds(line.max_idle_backup),
            seconds(line.max_idle_swap),
            seconds(line.min_idle_swap),
            seconds(line.process_expires_frequency),
        ]
    };
    Table { heads, rows: lines.iter().map(row).collect() }
}

impl Status {
    fn tallies(&self) -> Table {
        let heads = vec![
            Head::left("APPLICATION"),
            Head::right("NODES"),
            Head::right("MEMORY"),
            Head::right("TABLE"),
            Head::right("BOTH"),
            Head::right("STALE"),
            Head::right("ONLY MEMORY"),
            Head::right("ONLY TABLE"),
        ];
        let or_dash = |n: Option<u64>| n.map_or_else(|| "-".to_owned(), count);
        let row = |app: &AppLine| {
            vec![
                app.app_name.clone(),
                count(app.nodes),
                count(app.in_memory),
                or_dash(app.in_table),
                or_dash(app.in_both),
                or_dash(app.stale),
                or_dash(app.only_in_memory),
                or_dash(app.only_in_table),
            ]
        };
        Table { heads, rows: self.applications.iter().map(row).collect() }
    }
}
