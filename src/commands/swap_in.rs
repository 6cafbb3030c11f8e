//! `swap-in`: moves swapped-out sessions back.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Mutex, PoisonError};

use crate::context::Context;
use crate::failure::{DONE, Failure, PARTLY};
use crate::javaser::touch;
use crate::operations::content_search::named_or_filtered;
use crate::operations::purge::{Purge, conclude, earlier_clock};
use crate::operations::swap::{KeptSession, MAX_LISTED, SwapReport};
use crate::options::content::ContentArgs;
use crate::options::filter::FilterArgs;
use crate::options::pace::PaceArgs;
use crate::options::swap::OtherArgs;
use crate::session::{self, EpochMillis, Filter, Session, SessionKey, SessionMeta, SessionState};
use crate::spillable_map::{KeySet, SpillError};
use crate::store::{
    BatchAction, Ended, IntoStore, IntoTable, KeptRow, ReconcileResult, SessionFix, SessionStore, SwapTable, is_journal,
};

/// Move swapped-out sessions back into the live table
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Sessions are moved back from the swap table TABLE_swapped, each batch in one transaction; with \
--from, from another store, where `swap-out --to` moved them. A session is not overwritten if the \
live table has a newer state, or a different state with the same last access: both are kept, and \
the session is listed. A session that an interrupted run was moving, and whose user may have \
logged out since, is kept and listed too; give its id to bring it back.

Sessions continue to expire while they are swapped out, and Tomcat would delete an expired one at \
the first request. Such sessions are listed and not moved. With --touch, the last access of every \
moved session is set to now. That includes lastAccessedTime and thisAccessedTime in the data, which \
Tomcat uses; if they are not at the positions where Tomcat writes them, the session is not moved.

Exit status:
  0    done, also when no session matched
  1    failed, or there is no such session; nothing is moved
  2    usage error, or the prefix of an id is ambiguous; nothing is moved
  3    some sessions were not moved (the summary lists them); or stopped by --max-rows or --max-time
  10   cannot reach the database or log in to it
  11   a table is missing or has the wrong structure
  12   another run holds the table's lock
  130  interrupted: the current batch was finished or rolled back, and the summary printed
  143  terminated, in the same way

Examples:
  tomcat-sessions swap-in 0A1B2C3D
  tomcat-sessions swap-in --user alice --touch
  tomcat-sessions swap-in --all --app shop --dry-run")]
pub struct Args {
    /// Session ids, or unique prefixes of them
    #[arg(value_name = "ID", conflicts_with = "all")]
    ids: Vec<String>,
    /// Move all sessions; not needed with a filter
    #[arg(long)]
    all: bool,
    /// URL of another store to move sessions from [default: the swap table]
    #[arg(long, value_name = "URL")]
    from: Option<String>,
    /// Set the last access to now, so that expired sessions become live
    #[arg(long)]
    touch: bool,
    /// Continue even if this machine's clock and the server's differ by more than 5 minutes
    #[arg(long, hide_short_help = true)]
    allow_clock_skew: bool,
    #[command(flatten)]
    other: OtherArgs,
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
    if !args.ids.is_empty() && !search.is_empty() {
        return Err(Failure::usage("--attr, --class, --user and --restorable cannot be combined with ids"));
    }
    if !args.all && args.ids.is_empty() && args.filter.is_empty() && search.is_empty() {
        return Err(Failure::usage("no session id was given")
            .hint("use `tomcat-sessions swap-in 0A1B2C3D`, a filter, or --all"));
    }
    let live = cx.open().await?;
    live.require_writable()?;
    let (mut store, way) = args.source(cx, live).await?;
    let now = earlier_clock(cx, &mut store, args.allow_clock_skew).await?;
    let filter = args.filter.filter(cx, &mut store).await?;
    let stop = cx.stop_on_signals()?;
    let (candidates, warnings) = named_or_filtered(&mut store, &args.ids, &filter, now, &stop, search).await?;
    let chosen = if args.ids.is_empty() { filter } else { Filter::default() };
    let (expired, in_doubt) = (Mutex::new(ExpiredSessions::default()), Mutex::new(BTreeSet::new()));
    // A session that is given by id is moved in any case.
    let doubtful = if args.ids.is_empty() { store.in_doubt().await? } else { HashSet::new() };
    let fix =
        args.touch.then(|| Box::new(move |session: &mut Session| set_last_access(session, now)) as Box<SessionFix>);
    let (mut action, places, found) = way.action(&mut store, fix, args.pace.dry_run).await?;
    let back: HashSet<SessionKey> = found.in_doubt.iter().map(|left| left.key.clone()).collect();
    let wanted = |session: &SessionMeta| {
        if is_journal(&session.key) || !chosen.matches(session, now) {
            return false;
        }
        if args.ids.is_empty() && (doubtful.contains(&session.key) || back.contains(&session.key)) {
            in_doubt.lock().unwrap_or_else(PoisonError::into_inner).insert(session.key.clone());
            return false;
        }
        args.touch || !expired.lock().unwrap_or_else(PoisonError::into_inner).count_if_expired(session, now)
    };
    let what = Purge {
        doing: "Bringing sessions back",
        cutoff: None,
        accessed_before: None,
        wanted: &wanted,
        expected: None,
        in_memory_check: None,
        stop,
    };
    let mut summary = args.pace.purge(cx, &mut store, candidates, what, &mut *action).await;
    let mut report = SwapReport::new(cx, "swap-in", args.pace.dry_run, &store, places, &mut summary);
    store.close().await;
    warnings.warn(cx).await;
    let ExpiredSessions { seen, named, failed } = expired.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(error) = failed {
        summary.ended = Ended::Failed(error.into());
    }
    let in_doubt = in_doubt.into_inner().unwrap_or_else(PoisonError::into_inner);
    report.expired = seen.len();
    report.skipped = report.skipped.saturating_sub(report.expired + in_doubt.len() as u64);
    report.reconciled(found);
    let unnamed: Vec<SessionKey> = in_doubt.into_iter().filter(|key| !back.contains(key)).collect();
    report.in_doubt += unnamed.len() as u64;
    let reason = "an interrupted run copied it, and its user may have logged out since; give its id to bring it back";
    report
        .not_moved
        .extend(unnamed.into_iter().take(MAX_LISTED).map(|key| KeptRow { key, reason: reason.to_owned() }.into()));
    report.not_moved.extend(named);
    if report.expired > 0 {
        cx.ui.note("Tomcat would delete an expired session at the first request. --touch sets its last access to now.");
    }
    let stayed = !report.not_moved.is_empty();
    let code = conclude(cx, &report, summary.ended)?;
    Ok(if code == DONE && stayed { PARTLY } else { code })
}

/// The kind of source, with the target of the sessions.
enum SwapSource {
    Table(Box<SwapTable>),
    Store(Box<SessionStore>),
}

impl Args {
    /// Opens the source for this run alone, and the target.
    async fn source(&self, cx: &Context, mut live: SessionStore) -> Result<(SessionStore, SwapSource), Failure> {
        if let Some(url) = &self.from {
            if !url.contains(':') {
                return Err(Failure::usage("`swap-in` reads from a table or a store, not from an archive")
                    .hint(format!("use `tomcat-sessions import {url} --id 0A1B2C3D` for an archive; the next `swap-out` to the archive removes the session from it")));
            }
            let store = self.other.open(cx, url, &self.pace, &live).await?;
            self.pace.prepare_alone(&mut live).await?;
            return Ok((store, SwapSource::Store(Box::new(live))));
        }
        let (mut store, live) = live.into_swap_table().await?;
        self.pace.prepare(cx, &mut store).await?;
        Ok((store, SwapSource::Table(Box::new(live))))
    }
}

impl SwapSource {
    /// The action, the names of source and target, and the leftovers of an interrupted run.
    async fn action(
        self,
        from: &mut SessionStore,
        fix: Option<Box<SessionFix>>,
        dry_run: bool,
    ) -> Result<(Box<dyn BatchAction>, (String, String), ReconcileResult), Failure> {
        Ok(match self {
            SwapSource::Table(other) => {
                let places = (from.names().table.clone(), other.name().to_owned());
                (
                    Box::new(IntoTable { other: *other, way: session::Direction::Back, fix }),
                    places,
                    ReconcileResult::default(),
                )
            }
            SwapSource::Store(to) => {
                let places = (from.target().to_string(), to.names().table.clone());
                let mut into = IntoStore::new(*to, session::Direction::Back, fix);
                let found = if dry_run { ReconcileResult::default() } else { into.reconcile(from).await? };
                (Box::new(into), places, found)
            }
        })
    }
}

/// Expired sessions, each counted once.
#[derive(Default)]
struct ExpiredSessions {
    seen: KeySet,
    named: Vec<KeptSession>,
    /// Why counting ended early.
    failed: Option<SpillError>,
}

impl ExpiredSessions {
    fn count_if_expired(&mut self, session: &SessionMeta, now: EpochMillis) -> bool {
        let expired = matches!(session.state_at(now), SessionState::Expired { .. });
        if !expired || self.failed.is_some() {
            return expired;
        }
        let new = self.seen.insert(&session.key).unwrap_or_else(|error| {
            self.failed = Some(error);
            false
        });
        if new && self.named.len() < MAX_LISTED {
            let SessionKey { id, app } = session.key.clone();
            self.named.push(KeptSession { session_id: id, app_name: app, reason: "it has expired".to_owned() });
        }
        expired
    }
}

/// Sets the last access of a session, in its column and in its data.
fn set_last_access(session: &mut Session, now: EpochMillis) -> Result<(), String> {
    let mut data = session.data.as_deref().ok_or("it has no data")?.to_vec();
    touch(&mut data, now.0).map_err(|why| format!("its times cannot be set: {why}"))?;
    session.data = Some(data.into());
    session.meta.last_access = Some(now);
    Ok(())
}
