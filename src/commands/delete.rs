//! `delete`: deletes sessions by id, or all that match filters.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::context::Context;
use crate::failure::Failure;
use crate::javaser::Search;
use crate::operations::backup::{Backup, deletion, finish, result_with, warn_of_kept};
use crate::operations::confirmation::ChosenSessions;
use crate::operations::content_search::{is_found, named_or_filtered};
use crate::operations::find_session::one_session;
use crate::operations::purge::{Purge, PurgeReport, conclude};
use crate::options::backup::BackupArgs;
use crate::options::confirmation::YesArgs;
use crate::options::content::ContentArgs;
use crate::options::filter::FilterArgs;
use crate::options::pace::PaceArgs;
use crate::options::swap::SwappedArgs;
use crate::session::{Filter, Session, SessionMeta, SessionState};
use crate::store::{SessionPredicate, SessionStore, Stop};

/// Delete sessions by id, or all that match filters
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Deleting the row logs the user out only if no Tomcat holds the session in memory; a Tomcat \
that holds it writes the row again. With PersistentValve, no session stays in memory between requests.

All filters are applied again to the locked row, including those that read the data: a session \
that Tomcat has saved in the meantime is kept if it no longer matches. --attr, --class and --user skip \
sessions whose data cannot be decoded far enough for a result, and count them. To select such sessions, \
use --restorable no (Tomcat cannot load them) or --restorable unknown (Tomcat may be able to load them).

--backup archives each batch, and waits until it is on the disk, before the batch is deleted. \
`tomcat-sessions import FILE` restores the sessions, except those that were saved again since. If the \
run is killed, the archive is incomplete; `tomcat-sessions import --allow-truncated FILE` restores the \
sessions in it.

Exit status:
  0    done, also when no session matched --all
  1    failed, or there is no such session (nothing is deleted then)
  2    usage error, or the prefix of an id is ambiguous; nothing is deleted
  3    stopped by --max-rows, --max-time or other clients' locks; or sessions are too large for --backup (they are listed)
  10   cannot reach the database or log in to it
  11   the session table (with --swapped: the swap table) is missing or has the wrong structure
  12   another run holds the table's lock
  130  interrupted: the current batch was finished or rolled back, and the summary printed
  143  terminated, in the same way

Examples:
  tomcat-sessions delete 0A1B2C3D
  tomcat-sessions delete --user alice --all
  tomcat-sessions delete --restorable no --all --backup unreadable.ndjson.zst
  tomcat-sessions delete --app demo --idle-over 30d --all --dry-run")]
pub struct Args {
    /// Session ids, or unique prefixes of them
    #[arg(value_name = "ID", conflicts_with = "all")]
    ids: Vec<String>,
    /// Delete all sessions that match the filters; at least one filter is required (--app '*' for every application)
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    backup: BackupArgs,
    #[command(flatten)]
    swapped: SwappedArgs,
    #[command(flatten)]
    yes: YesArgs,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    content: ContentArgs,
    #[command(flatten)]
    pace: PaceArgs,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    args.pace.begin(cx);
    let search = args.content.search()?;
    args.backup.path()?;
    if !args.ids.is_empty() && !search.is_empty() {
        return Err(Failure::usage("--attr, --class, --user and --restorable cannot be combined with ids")
            .hint("`tomcat-sessions delete --user alice --all`"));
    }
    if !args.all && args.ids.is_empty() {
        let failure = Failure::usage("no session id was given");
        let chosen = !args.filter.is_empty() || !search.is_empty();
        return Err(failure.hint(if chosen {
            "to delete all sessions that match filters, add --all: `tomcat-sessions delete --user alice --all`"
        } else {
            "`tomcat-sessions delete 0A1B2C3D`; `tomcat-sessions list` shows the ids"
        }));
    }
    if args.all && args.filter.is_empty() && search.is_empty() {
        return Err(Failure::usage("--all without a filter would delete every session")
            .hint("`tomcat-sessions delete --app demo --all` deletes those of one application")
            .hint("`tomcat-sessions delete --app '*' --all` deletes those of every application; add --app NULL for the rows without an application"));
    }
    let mut store = args.swapped.open(cx).await?;
    let filter = args.filter.filter(cx, &mut store).await?;
    let stop = cx.stop_on_signals()?;
    if args.yes.asks(cx, args.pace.dry_run) {
        let chosen = args.chosen(cx, &mut store, &filter, &search, &stop).await?;
        args.yes.confirm(cx, &stop, &chosen, "Delete").await?;
    }
    args.pace.prepare(cx, &mut store).await?;
    let by_data: Option<Box<SessionPredicate>> = (!search.is_empty()).then(|| {
        let (search, now) = (search.clone(), cx.now);
        Box::new(move |session: &Session| is_found(&search, session, now)) as Box<SessionPredicate>
    });
    let (candidates, warnings) = named_or_filtered(&mut store, &args.ids, &filter, cx.now, &stop, search).await?;
    // A session that was given by id is deleted in any state; one that was selected by filters must still match them.
    let chosen = if args.all { filter } else { Filter::default() };
    let in_use = AtomicBool::new(false);
    let wanted = |session: &SessionMeta| {
        let wanted = chosen.matches(session, cx.now);
        let expired = matches!(session.state_at(cx.now), SessionState::Expired { .. });
        in_use.fetch_or(wanted && !expired, Ordering::Relaxed);
        wanted
    };
    let what = Purge {
        doing: "Deleting sessions",
        cutoff: None,
        accessed_before: None,
        wanted: &wanted,
        expected: None,
        in_memory_check: None,
        stop,
    };
    let mut backup = Backup::create(&args.backup, cx, &store, "delete", args.pace.dry_run)?;
    let mut action = deletion(backup.as_mut(), by_data, false);
    let summary = args.pace.purge(cx, &mut store, candidates, what, &mut *action).await;
    drop(action);
    let mut report = PurgeReport::new("delete", args.pace.dry_run, &store, &summary);
    let (archived, unfinished) = finish(backup);
    report.backup = archived;
    store.close().await;
    warnings.warn(cx).await;
    if in_use.into_inner() && !args.swapped.is_wanted() {
        cx.ui.note("If a Tomcat has a deleted session in memory, it writes the row again.");
        cx.ui.note("`tomcat-sessions logout` also ends the sessions in the memory of the Tomcats.");
    }
    let kept = summary.kept;
    let concluded = conclude(cx, &report, summary.ended).map(|code| warn_of_kept(cx, &kept, code));
    result_with(unfinished, concluded)
}

impl Args {
    /// Counts the sessions that will be deleted.
    async fn chosen(
        &self,
        cx: &Context,
        store: &mut SessionStore,
        filter: &Filter,
        search: &Search,
        stop: &Stop,
    ) -> Result<ChosenSessions, Failure> {
        if self.all {
            return ChosenSessions::count(store, filter, cx.now, stop, search, &|_| true).await;
        }
        let mut chosen = ChosenSessions::default();
        let mut keys = Vec::new();
        for id in &self.ids {
            keys.push(one_session(store, id, filter, cx.now).await?);
        }
        keys.sort();
        keys.dedup();
        for key in keys {
            let one = Filter { id_prefix: Some(key.id.clone()), ..filter.clone() };
            let is_it = |session: &SessionMeta| session.key == key;
            chosen.extend(ChosenSessions::count(store, &one, cx.now, stop, search, &is_it).await?);
        }
        Ok(chosen)
    }
}
