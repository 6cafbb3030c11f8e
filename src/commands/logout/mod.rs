//! `logout`: ends sessions in the memory of running Tomcats, in the session table and in the swap table.

mod delete_rows;
mod find;
mod nodes;
mod report;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use self::find::{FoundSessions, Target};
use self::nodes::Tomcats;
use self::report::{LogoutReport, Outcome};
use crate::context::Context;
use crate::failure::{DONE, Failure, PARTLY};
use crate::javaser::Search;
use crate::operations::backup::{Backup, finish, result_with, warn_of_kept};
use crate::operations::purge::conclude;
use crate::operations::tomcat::missing_rows::MissingRow;
use crate::options::backup::BackupArgs;
use crate::options::confirmation::YesArgs;
use crate::options::filter::matching_apps;
use crate::options::managers::ManagerArgs;
use crate::options::pace::PaceArgs;
use crate::options::value_parsers::duration;
use crate::session::Filter;
use crate::store::{Ended, SessionStore, Stop, StoreError};
use crate::ui::plural;

/// Pause between a round and the next search, in which a save that was in progress ends.
const ROUND_PAUSE: Duration = Duration::from_millis(500);

/// Log users out everywhere: in the Tomcats' memory, in the table and in the swap table
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Lock the user's account first; otherwise the user can log in again.

Every Tomcat in --manager expires the matching sessions in its memory: its listeners fire, and it \
deletes the rows. Rows of sessions that no Tomcat holds in memory are deleted, including those in \
the swap table; no listeners fire for them. Then the search is repeated until it finds nothing, or \
until --wait has passed: a session that was in use may be saved again, and the user may have \
logged in again. If another run takes the table's lock after Tomcats have expired sessions, logout waits \
for the lock for 10 s, or for --wait-lock if that is longer.

Users and attributes are searched for in the session data of the table, so the Tomcats first save \
the sessions in their memory, as with `tomcat flush`. The data contain Tomcat's own principal only \
with persistAuthentication=\"true\". Spring Security's user is always found; --attr finds the user \
in an application's own attribute. If an application's Manager has no Store, logout finds its \
sessions only with --id or --all, because their data are not in the table.

--all logs out the sessions that exist when the run begins, but no sessions that users create later \
by logging in again. Sessions that `swap-out --to` moved to another store or to an archive are not \
searched.

Without --manager, only rows are deleted: a Tomcat that has a deleted session in memory keeps its \
user logged in and writes the row again. Deleting the rows is enough if every Tomcat is stopped, and \
with PersistentValve, which keeps no session in memory between requests. If none of the Tomcats in \
--manager answers, nothing is deleted.

--backup archives the rows of all sessions that are logged out, and waits until they are on the disk, \
before Tomcats expire the sessions and before rows are deleted. The Tomcats first write what they have only in memory; what \
they do not write is not archived. `tomcat-sessions import FILE` logs the users in again.

Exit status:
  0    done, even if no session matched
  1    failed, or not confirmed
  2    usage error, or a session id prefix is ambiguous; nothing was changed
  3    a Tomcat did not answer, sessions were left after --wait, a session that Tomcat might be able \
to load has data that could not be searched, or --max-rows or --max-time was reached
  10   cannot reach the database or any Tomcat, or log in to it; nothing was deleted
  11   the session table is missing or has the wrong structure
  12   another run holds the table's lock, or is using the same state file
  130  interrupted: the current batch was finished or rolled back, and the summary printed
  143  terminated, in the same way

Examples:
  tomcat-sessions logout alice --managers-file nodes --manager-password-file mgr.pw
  tomcat-sessions logout --attr user=alice --managers-file nodes --dry-run
  tomcat-sessions logout --id 0A1B2C3D --manager https://admin@tomcat1:8443/manager
  tomcat-sessions logout --app shop --all --managers-file nodes --yes")]
pub struct Args {
    /// User name in Tomcat's principal or Spring Security's context; globs allowed
    #[arg(value_name = "USER", conflicts_with_all = ["ids", "all"])]
    users: Vec<String>,
    /// Session id, or its unique prefix; repeatable
    #[arg(long = "id", value_name = "ID", id = "ids", conflicts_with_all = ["attr", "all"])]
    ids: Vec<String>,
    /// Attribute name and value (the value may be a glob); repeatable
    #[arg(long, value_name = "NAME=VALUE", conflicts_with = "all")]
    attr: Vec<String>,
    /// Application: app_name, short name such as `demo`, glob, or list (shop,crm); repeatable
    #[arg(long, value_name = "NAME")]
    app: Vec<String>,
    /// Log out all sessions of the applications in --app
    #[arg(long, requires = "app")]
    all: bool,
    /// Time limit for repeating the search
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration, hide_short_help = true)]
    wait: Duration,
    #[command(flatten)]
    backup: BackupArgs,
    #[command(flatten)]
    yes: YesArgs,
    /// File that keeps the original settings of the Tomcats' Managers while the Tomcats save their sessions
    /// [default: ~/.local/state/tomcat-sessions/tomcats.json]
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    state_file: Option<PathBuf>,
    #[command(flatten)]
    nodes: ManagerArgs,
    #[command(flatten)]
    pace: PaceArgs,
}

impl Args {
    fn target(&self) -> Result<Target, Failure> {
        if self.all {
            return Ok(Target::all());
        }
        if !self.ids.is_empty() {
            return Ok(Target::Ids(self.ids.clone()));
        }
        if self.users.is_empty() && self.attr.is_empty() {
            return Err(Failure::usage("no user, session or application to log out")
                .hint("`tomcat-sessions logout alice` logs a user out, `tomcat-sessions logout --id 0A1B2C3D` one session")
                .hint("`tomcat-sessions logout --app shop --all` logs everybody out of an application"));
        }
        let mut search = Search::default();
        let wrong = |text: &str, why: String| Failure::usage(format!("`{text}`: {why}"));
        if !self.users.is_empty() {
            let users: Vec<&str> = self.users.iter().map(String::as_str).collect();
            search.one_of_users(&users).map_err(|why| wrong(&self.users.join(" "), why))?;
        }
        for text in &self.attr {
            if !text.contains('=') {
                return Err(Failure::usage(format!("`--attr {text}` has no value"))
                    .hint("write NAME=VALUE: `tomcat-sessions logout --attr user=alice`"));
            }
            search.attribute(text).map_err(|why| wrong(text, why))?;
        }
        Ok(Target::Search(search))
    }
}

/// The session table and the swap table.
struct Stores {
    pub live: SessionStore,
    /// `None` if the database has no swap table.
    pub swapped: Option<SessionStore>,
}

impl Stores {
    async fn open(cx: &Context) -> Result<Stores, Failure> {
        let live = cx.open().await?;
        let swapped = match live.another().await?.into_swap_table().await {
            Ok((store, _)) => Some(store),
            Err(StoreError::NoSwapTable { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        Ok(Stores { live, swapped })
    }

    pub fn each(&mut self) -> impl Iterator<Item = &mut SessionStore> {
        std::iter::once(&mut self.live).chain(&mut self.swapped)
    }

    /// Takes the lock of each table and releases it. A dry run takes no lock.
    ///
    /// # Errors
    /// Another run holds a lock.
    async fn check_locks(&mut self, pace: &PaceArgs) -> Result<(), Failure> {
        for store in self.each().filter(|_| !pace.dry_run) {
            store.lock(pace.wait_lock).await?;
            store.unlock().await?;
        }
        Ok(())
    }

    async fn close(self) {
        self.live.close().await;
        if let Some(swapped) = self.swapped {
            swapped.close().await;
        }
    }
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    let begun = Instant::now();
    args.pace.begin(cx);
    let target = args.target()?;
    args.backup.path()?;
    let stop = cx.stop_on_signals()?;
    let mut stores = Stores::open(cx).await?;
    // A read-only table, or one on which another run works, is refused before any Tomcat is asked: the search changes
    // settings of the Tomcats for a moment.
    for store in stores.each() {
        args.pace.prepare(cx, store).await?;
        if !args.pace.dry_run {
            store.unlock().await?;
        }
    }
    let mut tomcats = Tomcats::ask(cx, &args.nodes, args.state_file.as_deref(), args.pace.dry_run).await?;
    let filter = Filter { apps: args.apps(cx, &mut stores, &tomcats).await?, ..Filter::default() };
    tomcats.keep_only(&filter);
    target.warn_of_unsearched_apps(cx, &tomcats);
    let mut outcome = Outcome::default();
    let mut found = target.find(cx, &mut stores, &mut tomcats, &filter, &stop).await?;
    if args.yes.asks(cx, args.pace.dry_run) {
        args.yes.confirm(cx, &stop, &found.chosen, "Log out").await?;
    }
    // The lock of each table is taken while its rows are deleted. Taking it again here reports another run that began
    // during the search, before any session is expired.
    stores.check_locks(&args.pace).await?;
    let mut backup = Backup::create(&args.backup, cx, &stores.live, "logout", args.pace.dry_run)?;
    if backup.is_some() && !matches!(target, Target::Search(_)) {
        let not_saved = tomcats.write_all(cx, &mut stores.live, &stop).await?;
        warn_of_unwritten(cx, &found, &not_saved);
    }
    outcome.found(&found, &tomcats);
    let ended = if args.pace.dry_run {
        outcome.add_planned(&found);
        Ended::Done
    } else {
        let parts = Parts { stores: &mut stores, tomcats: &mut tomcats, backup: &mut backup, outcome: &mut outcome };
        rounds(&args, cx, (&target, &filter), parts, &mut found, &stop).await?
    };
    let kept = std::mem::take(&mut outcome.kept);
    let mut report = LogoutReport::new(&args.pace, &stores, &tomcats, outcome, &found, &ended, begun.elapsed());
    stores.close().await;
    found.left_out.warn(cx);
    let (archived, unfinished) = finish(backup);
    report.backup = archived;
    let concluded = conclude(cx, &report, ended).map(|code| warn_of_kept(cx, &kept, code));
    let code = result_with(unfinished, concluded)?;
    // Tomcat may load a session whose data only its own classes can read.
    let partial = report.is_partial() || found.left_out.unknown > 0;
    Ok(if code == DONE && partial { PARTLY } else { code })
}

/// Warns of sessions that no backup can have.
fn warn_of_unwritten(cx: &Context, found: &FoundSessions, not_saved: &[MissingRow]) {
    let goes = |row: &&MissingRow| {
        found.held.iter().any(|held| held.app == row.app_name && held.ids.contains(&row.session_id))
    };
    let sessions = not_saved.iter().filter(goes).count() as u64;
    if sessions > 0 {
        cx.ui.warn(format!("Not archived: {} that a Tomcat has only in memory.", plural(sessions, "session")));
    }
}

/// What the rounds work with.
struct Parts<'a> {
    stores: &'a mut Stores,
    tomcats: &'a mut Tomcats,
    backup: &'a mut Option<Backup>,
    outcome: &'a mut Outcome,
}

impl Args {
    /// The applications in --app, among those that have sessions in a table or in memory.
    async fn apps(
        &self,
        cx: &Context,
        stores: &mut Stores,
        tomcats: &Tomcats,
    ) -> Result<Option<Vec<Option<String>>>, Failure> {
        if self.app.is_empty() {
            return Ok(None);
        }
        let mut existing: Vec<Option<String>> = tomcats.apps().map(|app| Some(app.to_owned())).collect();
        for store in stores.each() {
            existing.extend(store.apps().await?);
        }
        existing.sort();
        existing.dedup();
        Ok(Some(matching_apps(cx, &self.app, &existing)?))
    }
}

/// Logs out the found sessions and searches again, until nothing is found or `--wait` has passed. `found` is the result
/// of the last search.
async fn rounds(
    args: &Args,
    cx: &Context,
    (target, filter): (&Target, &Filter),
    mut parts: Parts<'_>,
    found: &mut FoundSessions,
    stop: &Stop,
) -> Result<Ended, Failure> {
    let (deadline, mut signals) = (Instant::now() + args.wait, stop.clone());
    // Sessions without a current row could not be searched by their data: search again.
    while !found.is_empty() || !found.not_saved.is_empty() {
        parts.outcome.rounds += 1;
        // Their rows go with them, by the Tomcats' own transactions.
        if let Some(backup) = parts.backup {
            for held in &found.held {
                if let Err(error) = backup.copy(&mut parts.stores.live, &held.app, &held.ids).await {
                    return Ok(Ended::Failed(error));
                }
            }
        }
        for done in parts.tomcats.expire(&found.held).await {
            parts.outcome.expired(done.node, &done.app, done.sessions);
        }
        let ended = delete_rows::delete_rows(cx, &args.pace, (target, filter), &mut parts, found, stop).await;
        if !matches!(ended, Ended::Done) {
            return Ok(ended);
        }
        tokio::select! {
            () = tokio::time::sleep(ROUND_PAUSE) => {}
            signal = signals.wait() => return Ok(Ended::Signal(signal)),
        }
        *found = target.find(cx, parts.stores, parts.tomcats, filter, stop).await?;
        parts.outcome.found(found, parts.tomcats);
        if Instant::now() >= deadline {
            break;
        }
    }
    Ok(Ended::Done)
}
