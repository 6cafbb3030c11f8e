//! `import`: writes sessions from an archive or a FileStore directory to the store.

mod report;
mod source;

use std::time::{Duration, Instant};

use clap::ValueEnum;
use tokio::sync::mpsc::channel;
use tokio::sync::oneshot;

use self::report::ImportReport;
use self::source::{ImportSelection, ImportSource, ReadSummary, Rename, SourceReader};
use crate::context::{Context, exit_code_of};
use crate::endpoint::{Archive, Endpoint, Rejected, journal_of};
use crate::failure::Failure;
use crate::javaser::{ClassFilter, Search};
use crate::operations::confirmation::ChosenSessions;
use crate::options::class_filter::ClassFilterArgs;
use crate::options::confirmation::YesArgs;
use crate::options::filter::FilterArgs;
use crate::options::identity::IdentityArgs;
use crate::options::store_pair::is_store;
use crate::session::{Filter, OnConflict};
use crate::store::{Loader, SessionStore, Signal, Stop, StoreError};
use crate::ui::plural;

/// Maximum number of batches between the reader and the writer.
const MAX_WAITING: usize = 1;
/// Time limit for the reader to report its counts after the writer has ended.
const READER_TIMEOUT: Duration = Duration::from_secs(1);

/// Import sessions from an archive or a FileStore directory
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
An archive file is read completely and checked before anything is written; input from a pipe is \
checked line by line. Compression is detected. If the table has a session with the same key, the \
state with the higher last_access is kept, so that an old copy does not replace a newer session, unless \
--on-conflict says otherwise. If an archive has several records of one session, the last one counts, unless it is \
older than the row in the table. If --rename-app gives the sessions of two applications the same \
key, the one that was accessed later is imported, and the other is reported as skipped.

A session that the server refuses, or that does not fit its column, is skipped and reported; no \
session is truncated. Data that do not begin like a Java serialization stream are imported only \
with --any-data. Whoever can write sessions can run code in the Tomcat that reads them: import \
only data that you trust. Sessions with a class used in known deserialization attacks are skipped, \
unless --no-gadget-check is given; --allow-classes accepts only sessions made of the classes that \
you list.

A FileStore does not record the application: --app sets it. With an archive, --app is a filter like \
the others, and compares the names in the archive.

Exit status:
  0    done, also if there was nothing to import
  1    failed; or, with --on-conflict fail, a session already exists
  2    usage error, or a file named by an option cannot be read
  3    some sessions or lines were skipped (they are listed)
  10   cannot reach the database or log in to it
  11   the session table is missing or has the wrong structure
  130  interrupted: the current batch was finished or rolled back, and the summary printed
  143  terminated, in the same way

Examples:
  tomcat-sessions import sessions.ndjson.zst --dry-run
  tomcat-sessions import filestore:/srv/tomcat/work/sessions --app /Catalina/localhost/shop")]
pub struct Args {
    /// Archive, `-` for stdin, or filestore:DIR
    #[arg(value_name = "SOURCE")]
    source: String,
    /// Show what would be written, without writing it
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// What to do with a session that already exists in the table
    #[arg(long, value_enum, default_value_t, value_name = "RULE")]
    on_conflict: ConflictRule,
    /// Rename an application: OLD=NEW; repeatable
    #[arg(long, value_name = "OLD=NEW", value_parser = source::rename)]
    rename_app: Vec<Rename>,
    /// Skip expired sessions
    #[arg(long)]
    drop_expired: bool,
    /// Like --unreadable keep; also import data that are not a Java serialization stream
    #[arg(long)]
    any_data: bool,
    /// Import the intact sessions of a damaged archive, and report the rest
    #[arg(long)]
    allow_truncated: bool,
    #[command(flatten)]
    identity: IdentityArgs,
    #[command(flatten)]
    yes: YesArgs,
    #[command(flatten)]
    class_filter: ClassFilterArgs,
    #[command(flatten)]
    filter: FilterArgs,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum ConflictRule {
    /// Keep the one with the higher last_access
    #[default]
    Newer,
    /// Keep the existing row
    Skip,
    /// Replace the existing row
    Replace,
    /// Stop at the first such session
    Fail,
}

impl From<ConflictRule> for OnConflict {
    fn from(rule: ConflictRule) -> OnConflict {
        match rule {
            ConflictRule::Newer => OnConflict::Newer,
            ConflictRule::Skip => OnConflict::Skip,
            ConflictRule::Replace => OnConflict::Replace,
            ConflictRule::Fail => OnConflict::Fail,
        }
    }
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    let begun = Instant::now();
    if is_store(cx, &args.source)? {
        return Err(Failure::usage("the source is a store").hint("export it to an archive, and import the archive"));
    }
    let from = Endpoint::from_argument(&args.source)?;
    let class_filter = args.class_filter.filter(args.any_data)?;
    if let Endpoint::File(path) = &from
        && journal_of(path).exists()
    {
        cx.ui.warn(format!(
            "A swap-out to {from} was interrupted: the archive may contain sessions that are still in the store, or whose \
             users have logged out. Run that `swap-out` again before you import the archive."
        ));
    }
    // A file that is not an archive is refused before the program connects to a server.
    let expected = args.check(cx, &from).await?;
    let mut store = cx.open().await?;
    store.require_writable()?;
    if !args.dry_run {
        store.require_source().await?;
    }
    let stop = cx.stop_on_signals()?;
    if matches!(args.on_conflict, ConflictRule::Replace) && args.yes.asks(cx, args.dry_run) {
        let filter = args.filter.filter(cx, &mut store).await?;
        let chosen = ChosenSessions::count(&mut store, &filter, cx.now, &stop, &Search::default(), &|_| true).await?;
        let chosen = chosen.located("The table has ");
        let question = "Replace each one that is also in the source, even if the one in the table is newer";
        args.yes.confirm(cx, &stop, &chosen, question).await?;
    }
    let what = args.what(cx, &from, &mut store).await?;
    let mut report = ImportReport::new(args.dry_run, &from, &store);
    let choice = ImportSelection {
        filter: args.filter.without_apps(cx.now),
        patterns: if matches!(what, ImportSource::Files { .. }) { Vec::new() } else { args.filter.app_patterns() },
        renames: args.rename_app.clone(),
        drop_expired: args.drop_expired,
        any_data: args.any_data,
        lenient: ClassFilter { unreadable: true, ..class_filter.clone() },
        class_filter,
        now: cx.now,
    };

    let (sender, mut receiver) = channel(MAX_WAITING);
    let lenient = args.allow_truncated;
    let (done, read) = oneshot::channel();
    // A thread that is never joined: it may be blocked on a pipe.
    std::thread::spawn(move || drop(done.send(SourceReader::new(choice, lenient, sender).run(what))));
    let mut loader = Loader::new(store, args.on_conflict.into(), args.dry_run);
    let mut progress = cx.ui.progress("Importing sessions", expected);
    let mut taken = 0u64;
    let mut failed = None;
    let mut asked = stop.clone();
    loop {
        let batch = tokio::select! {
            batch = receiver.recv() => batch,
            _ = asked.wait() => None,
        };
        let Some(batch) = batch else { break };
        let number = batch.len() as u64;
        taken += number;
        if let Err(error) = loader.load(batch).await {
            report.unconfirmed = if error.is_unconfirmed_commit() { number } else { 0 };
            failed = Some(error);
            break;
        }
        progress.set(taken);
    }
    drop(receiver);
    drop(progress);
    let read = match tokio::time::timeout(READER_TIMEOUT, read).await {
        Ok(read) => read.map_err(|_| Failure::failed("the reader failed"))?,
        Err(_) => ReadSummary { sessions: taken, ..ReadSummary::default() },
    };
    if read.of_no_app {
        cx.ui.warn(format!("The source has no session of --app {}.", args.filter.app_values().join(", ")));
    }
    report.read(&read);
    report.loaded(&loader);
    loader.close().await;
    report.took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let done = conclude(cx, report, &stop, failed, read.failed.map(Failure::from));
    // Each warning names the option for its session; one run with one option is sufficient for all.
    if read.no_stream > 0 && read.undecodable > 0 {
        let sessions = plural(read.no_stream + read.undecodable, "session");
        cx.ui.note(format!("--any-data accepts all {sessions} whose data cannot be decoded."));
    }
    done
}

/// Prints the summary, which is correct however the run ended, and returns the exit code or the failure.
fn conclude(
    cx: &Context,
    mut report: ImportReport,
    stop: &Stop,
    store: Option<StoreError>,
    source: Option<Failure>,
) -> Result<u8, Failure> {
    let again = "the summary counts what was written; correct the cause, then run the command again for the rest";
    let failure = match store {
        // Another run would end at the same session.
        Some(conflict @ StoreError::Conflict { .. }) => Some(Failure::from(conflict)),
        Some(error) => Some(Failure::from(error).hint(again)),
        None => source,
    };
    report.ended = match (stop.requested(), &failure) {
        (Some(Signal::Interrupt), _) => "interrupted",
        (Some(Signal::Terminate), _) => "terminated",
        (None, Some(_)) => "failed",
        (None, None) => report.ended,
    };
    for Rejected { session_id_prefix: session, app_name, reason } in &report.rejected {
        let app = app_name.as_deref().unwrap_or("NULL");
        cx.ui.warn(format!("Skipped session {session} of {app}: {reason}."));
    }
    for line in &report.damaged_lines {
        cx.ui.warn(format!("Skipped: {line}."));
    }
    cx.ui.report(&report)?;
    match (failure, stop.requested()) {
        (Some(failure), _) => Err(failure),
        (None, Some(signal)) => Ok(exit_code_of(signal)),
        (None, None) => Ok(report.code()),
    }
}

impl Args {
    /// Reads an archive file completely, to check it; returns the number of its sessions.
    async fn check(&self, cx: &Context, from: &Endpoint) -> Result<Option<u64>, Failure> {
        let Endpoint::File(path) = from else { return Ok(None) };
        let (path, lenient, identities) = (path.clone(), self.allow_truncated, self.identity.identities(cx));
        tokio::task::spawn_blocking(move || source::check(Archive::open(&path, &identities)?, lenient))
            .await
            .map_err(|e| Failure::failed(format!("the reader failed: {e}")))?
            .map(Some)
            .map_err(Failure::from)
    }

    /// The opened source.
    async fn what(&self, cx: &Context, from: &Endpoint, store: &mut SessionStore) -> Result<ImportSource, Failure> {
        Ok(match from {
            Endpoint::File(path) => ImportSource::Archive(Archive::open(path, &self.identity.identities(cx))?),
            Endpoint::Stdio => {
                ImportSource::Archive(Archive::of(std::io::stdin(), "-".to_owned(), &self.identity.identities(cx))?)
            }
            Endpoint::FileStore(dir) => {
                ImportSource::Files { entries: crate::endpoint::entries(dir)?, app: self.application(store).await? }
            }
        })
    }

    /// The application to which the sessions of a FileStore are assigned.
    async fn application(&self, store: &mut SessionStore) -> Result<String, Failure> {
        let [app] = self.filter.app_values() else {
            return Err(Failure::usage("a FileStore does not record the application: exactly one --app is required")
                .hint(
                    "--app /Catalina/localhost/demo: engine, host and context path; the ROOT context ends in a slash",
                ));
        };
        let existing = store.apps().await.map_err(|e: StoreError| Failure::from(e))?;
        match Filter::resolve_app(app, &existing).as_deref() {
            Ok([Some(name)]) => Ok(name.clone()),
            _ if app.starts_with('/') && !app.contains(['*', '?', '[', '{']) => Ok(app.clone()),
            _ => Err(Failure::usage(format!("`--app {app}` is not the full name of an application"))
                .hint("--app /Catalina/localhost/demo: engine, host and context path")),
        }
    }
}
