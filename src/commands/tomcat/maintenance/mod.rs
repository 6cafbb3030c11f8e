//! `tomcat maintenance`: prevents running Tomcats from writing to the table during work on the database.

mod report;

use clap::ValueEnum;

use self::report::{Change, MaintenanceReport};
use crate::context::{Context, exit_code_of};
use crate::failure::{DONE, Failure, PARTLY};
use crate::jmx::{Attribute, ServedApp};
use crate::operations::tomcat::background_pass::require_store;
use crate::operations::tomcat::memory_snapshot::{memory, rows};
use crate::operations::tomcat::missing_rows::missing;
use crate::operations::tomcat::nodes::TomcatNodes;
use crate::operations::tomcat::state_file::{SavedSetting, StateFile};
use crate::operations::tomcat::temporary_settings::{
    RestoreOutcome, TemporarySetting, TemporarySettings, immediate_pass_settings, restore_leftovers, restore_settings,
};
use crate::options::background_pass::PassArgs;
use crate::options::managers::ManagerArgs;

/// Number of passes before Tomcat writes again. Each pass takes connections that the database has closed from the pool:
/// two attempts per pass, and by default a pool keeps 8 idle connections.
const WARM_UP_PASSES: u32 = 5;

/// Prevent Tomcats from writing to the database during its maintenance
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
A Tomcat that cannot reach its database treats a failed save as a success: a session that it swaps \
out while the database is down is lost. `begin` writes all sessions in memory to the table, verifies \
that, and turns off maxIdleBackup, maxIdleSwap and minIdleSwap; users keep working, with their sessions in memory. `end` \
checks that the database is available and accepts writes. It then runs background passes, which write nothing, until \
Tomcat's pool has replaced its closed connections, and restores the original values.

The original values are stored in the state file before the first change. You can repeat `begin`, \
and run `end` after an interrupted `begin`. A Tomcat that was restarted in the meantime has its \
configured values again and is not changed. While the database is down, do not stop a Tomcat: it \
would try to save its sessions, fail, and lose them. Stop it only when the database is available again.

Two things are not protected while the database is down: sessions that are only in the table \
(their users get a new session), and applications with PersistentValve, which saves after each \
request and cannot be turned off. Block requests to these applications.

Exit status:
  0    done
  1    failed; there is no maintenance to end, or the state file cannot be used
  2    usage error, or a file named by an option cannot be read
  3    some sessions have no current row, or a Tomcat did not answer; both are listed
  10   cannot reach the database or any Tomcat, or log in to it
  11   the session table is missing or has the wrong structure
  12   another run is using the same state file
  130  interrupted: run `end` to restore the original values
  143  terminated, in the same way

Examples:
  tomcat-sessions tomcat maintenance begin --managers-file nodes --manager-password-file mgr.pw
  tomcat-sessions tomcat maintenance end --managers-file nodes --manager-password-file mgr.pw")]
pub struct Args {
    /// Start or end the maintenance
    #[arg(value_enum, hide_possible_values = true, value_name = "begin|end")]
    what: Action,
    /// Application: app_name, short name such as `demo`, glob, or list (shop,crm); repeatable; not for `end`
    #[arg(long, value_name = "NAME")]
    app: Vec<String>,
    /// Do not use the store, and verify nothing
    #[arg(long)]
    no_verify: bool,
    #[command(flatten)]
    pass: PassArgs,
    #[command(flatten)]
    nodes: ManagerArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Action {
    Begin,
    End,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    if args.what == Action::End && !args.app.is_empty() {
        return Err(Failure::usage("--app is for `begin`")
            .hint("`end` restores the settings of all applications in the state file"));
    }
    let stop = cx.stop_on_signals()?;
    require_store(cx, args.no_verify)?;
    let mut state = StateFile::open(args.pass.state_file.as_deref(), cx)?;
    if args.what == Action::End && !state.entries().iter().any(|entry| entry.maintenance) {
        let shown = state.path();
        return Err(Failure::failed(format!("no maintenance is in progress according to the state file `{shown}`"))
            .hint("use --state-file with the file that `begin` wrote; it may be on another machine"));
    }
    if args.what == Action::End && !args.no_verify {
        require_saves(cx).await?;
    }
    let tomcats = args.nodes.ask(cx, &args.app).await?;
    restore_leftovers(cx, &mut state, &tomcats).await?;
    let mut report = match args.what {
        Action::Begin => begin(&args, cx, &mut state, &tomcats, stop.clone()).await?,
        Action::End => end(&args, cx, &mut state, &tomcats, stop.clone()).await?,
    };
    report.errors.extend(tomcats.unreachable.iter().map(ToString::to_string));
    cx.ui.report(&report)?;
    if let Some(signal) = stop.requested() {
        return Ok(exit_code_of(signal));
    }
    Ok(if report.errors.is_empty() && report.not_saved.is_empty() { DONE } else { PARTLY })
}

/// Makes sure that the database accepts writes. A Tomcat that swaps out sessions while its saves fail loses them.
///
/// # Errors
/// Those of the store; the server is read-only.
async fn require_saves(cx: &Context) -> Result<(), Failure> {
    let mut store = cx.open().await?;
    store.require_source().await?;
    if store.server().read_only {
        return Err(Failure::failed(format!("{} is read-only: Tomcat cannot save its sessions there", store.target()))
            .hint("make the server writable, then run `end` again")
            .hint("if Tomcat uses another server, use that one in --url"));
    }
    store.close().await;
    Ok(())
}

/// The settings that write all sessions once, and then disable writing.
fn maintenance_settings(_: &ServedApp) -> Vec<TemporarySetting> {
    vec![
        TemporarySetting::during_and_after(Attribute::MaxIdleSwap, -1, -1),
        TemporarySetting::during_and_after(Attribute::MinIdleSwap, -1, -1),
        TemporarySetting::during_and_after(Attribute::MaxIdleBackup, 0, -1),
        TemporarySetting::during(Attribute::ProcessExpiresFrequency, 1),
    ]
}

async fn begin(
    args: &Args,
    cx: &Context,
    state: &mut StateFile,
    tomcats: &TomcatNodes,
    stop: crate::store::Stop,
) -> Result<MaintenanceReport, Failure> {
    if !tomcats.served().any(|(_, served)| served.persistent) {
        return Err(Failure::failed("no application has a session Manager with a Store")
            .hint("`tomcat-sessions tomcat status` shows the Managers"));
    }
    for (asked, served) in tomcats.served().filter(|(_, served)| served.valve) {
        cx.ui.warn(format!(
            "PersistentValve of {} on {} saves after each request and cannot be turned off: block requests to this application.",
            served.app,
            asked.node.manager()
        ));
    }
    let verified = !args.no_verify;
    // The store is opened before anything is changed.
    let mut store = if verified { Some(cx.open().await?) } else { None };
    let before = memory(&tomcats.nodes, verified).await?;
    let mut errors = Vec::new();
    if !args.pass.dry_run {
        let settings = &maintenance_settings;
        let temporary =
            TemporarySettings { state, tomcats, settings, times: 1, wait: args.pass.wait, stop: stop.clone() };
        errors = temporary.run(cx).await?;
    }
    let mut without = Vec::new();
    let mut only_in_table = None;
    if let Some(store) = &mut store {
        if !args.pass.dry_run {
            without = missing(cx, store, tomcats, &before, &stop).await?;
        }
        let apps = before.keys().map(|(_, app)| app.clone()).collect();
        let table = rows(store, &before, Some(&apps), cx.now, &stop).await?;
        let alone = |rows: &crate::operations::tomcat::memory_snapshot::StoreRows| {
            rows.count.saturating_sub(rows.of.len() as u64)
        };
        only_in_table = Some(table.values().map(alone).sum());
    }
    if let Some(store) = store {
        store.close().await;
    }
    for error in &errors {
        cx.ui.warn(format!("{error}."));
    }
    let set = |entry: &SavedSetting| Change {
        manager: entry.manager.clone(),
        app_name: entry.app_name.clone(),
        attribute: entry.attribute.clone(),
        from: entry.was,
        to: -1,
        outcome: "set",
    };
    Ok(MaintenanceReport {
        command: "tomcat maintenance begin",
        dry_run: args.pass.dry_run,
        state_file: state.path(),
        since: state.since(),
        since_rfc3339: state.since().rfc3339(),
        settings: state.entries().iter().filter(|entry| entry.maintenance).map(set).collect(),
        in_memory: Some(before.values().map(|held| held.sessions.len() as u64).sum()),
        only_in_table,
        not_saved: without,
        errors: errors.iter().map(ToString::to_string).collect(),
        took_ms: 0,
    })
}

async fn end(
    args: &Args,
    cx: &Context,
    state: &mut StateFile,
    tomcats: &TomcatNodes,
    stop: crate::store::Stop,
) -> Result<MaintenanceReport, Failure> {
    let since = state.since();
    let mut errors = Vec::new();
    let mut settings = Vec::new();
    if !args.pass.dry_run {
        // These passes run while writing is still disabled. A Tomcat that was restarted has its own settings.
        let warm_up = TemporarySettings {
            state,
            tomcats,
            settings: &immediate_pass_settings,
            times: WARM_UP_PASSES,
            wait: args.pass.wait,
            stop,
        };
        errors = warm_up.run(cx).await?;
        let back = restore_settings(cx, state, &tomcats.nodes, true).await?;
        errors.extend(back.errors);
        settings = back
            .done
            .into_iter()
            .map(|(entry, outcome)| {
                let (to, outcome) = match outcome {
                    RestoreOutcome::Restored => (entry.was, "restored"),
                    RestoreOutcome::Gone => (entry.was, "gone"),
                    RestoreOutcome::Changed(now) => (now, "changed"),
                };
                let SavedSetting { manager, app_name, attribute, .. } = entry;
                Change { manager, app_name, attribute, from: -1, to, outcome }
            })
            .collect();
    }
    let mut errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    errors.iter().for_each(|error| cx.ui.warn(format!("{error}.")));
    let mut left: Vec<&str> = state.entries().iter().map(|entry| entry.manager.as_str()).collect();
    left.dedup();
    for manager in left.iter().filter(|_| !args.pass.dry_run) {
        let error = format!("{manager} is still under maintenance");
        cx.ui.warn(format!("{error}: run `end` again, with this Manager application."));
        errors.push(error);
    }
    Ok(MaintenanceReport {
        command: "tomcat maintenance end",
        dry_run: args.pass.dry_run,
        state_file: state.path(),
        since,
        since_rfc3339: since.rfc3339(),
        settings,
        in_memory: None,
        only_in_table: None,
        not_saved: Vec::new(),
        errors,
        took_ms: cx.now.since(since),
    })
}
