//! `export`: writes sessions from the store to an archive, a FileStore directory, SQL or CSV.

mod content_filter;
mod report;
mod unfinished;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::sync::oneshot;

use self::content_filter::FilterTask;
use self::report::ExportReport;
use self::unfinished::{Leftovers, remaining, why_unfinished, write_failure};
use crate::context::Context;
use crate::endpoint::{Compression, Endpoint, EndpointError, Files, Output, Recipients, Rejected, Sink};
use crate::failure::{DONE, Failure, PARTLY};
use crate::operations::archive_header::archive_header;
use crate::operations::expected_sessions::expected_sessions;
use crate::operations::server_report::ServerReport;
use crate::operations::store_pair::duplicates;
use crate::options::content::ContentArgs;
use crate::options::filter::FilterArgs;
use crate::options::replica::{LagArgs, ReadFromArgs};
use crate::options::store_pair::is_store;
use crate::options::swap::SwappedArgs;
use crate::options::value_parsers::duration;
use crate::session::sha256;
use crate::store::{
    ENGINES, Engine, PassLimits, Passes, PassesEnded, SessionBatch, SessionStore, by_name, insert_script, script_head,
};
use crate::ui::{Format, Progress};

/// Maximum number of batches between the reader and the writer.
const MAX_WAITING: usize = 1;
/// Time limit for the writer to end, and to remove an incomplete file.
const WRITER_TIMEOUT: Duration = Duration::from_secs(1);

/// Export sessions to an archive, a FileStore directory, SQL or CSV
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Tomcat saves with DELETE and then INSERT: a session in use is absent for a moment, and a single read \
of the table misses it. The table is therefore read in passes. The first pass takes everything; the \
others compare the columns and the SHA-256 of the data and take what is new or has changed, until \
one finds no change, or until --passes or --max-time ends them.

The archive is NDJSON with one session per line and checksums, compressed if its name ends in .zst \
or .gz. The file appears when it is complete; until then, an existing one is unchanged. If the run \
fails or is interrupted, or if --max-time ends its first pass, the incomplete file is removed. If the disk \
does not respond, the file stays, and the last message names it. Only you can read the archive, because \
session ids are credentials. \
--format sql writes INSERT statements, --format csv the columns without the data. If the sessions go \
to a file, --format json prints the summary as JSON.

--attr, --class, --user and --restorable decode the data of all sessions that match the other \
filters. The numbers of new, changed and deleted sessions in the summary ignore these four filters.

A FileStore has one file per session and does not record the application: set it with --app when you \
import. Each file is complete. If the run does not finish, the files that it has written stay, and \
its last message says how many. --force overwrites files, but removes none: those of sessions that \
have ended stay, and `import` would bring these sessions back.

Exit status:
  0    done, also when no session matched
  1    failed
  2    usage error, or a file named by an option cannot be read
  3    some sessions were skipped (the summary lists them); or --max-time ended the passes (if it \
ended the first pass: incomplete, as with 130)
  10   cannot reach the database or log in to it
  11   the session table (with --swapped: the swap table) is missing or has the wrong structure
  130  interrupted: output on stdout is incomplete, an incomplete file is removed, and a FileStore lacks sessions
  143  terminated, in the same way

Examples:
  tomcat-sessions export sessions.ndjson.zst
  tomcat-sessions export --app demo --state live - | ssh backup 'cat > demo.ndjson'")]
pub struct Args {
    /// Archive, `-` for stdout, or filestore:DIR
    #[arg(value_name = "TARGET", default_value = "-")]
    target: String,
    /// Overwrite existing files
    #[arg(long)]
    force: bool,
    /// Compression format, regardless of the extension of the file name
    #[arg(long, value_enum, value_name = "none|gz|zst", hide_possible_values = true)]
    compress: Option<Compress>,
    /// Encrypt the archive for this age recipient (age1...), or for those in a file; repeatable
    #[arg(long, value_name = "RECIPIENT")]
    encrypt_to: Vec<String>,
    /// SQL dialect of --format sql: mysql, mariadb, postgres, mssql, sqlite [default: the store's]
    #[arg(long, value_name = "ENGINE")]
    dialect: Option<String>,
    /// Maximum number of passes after the first
    #[arg(long, value_name = "N", default_value_t = 3)]
    passes: u32,
    /// Stop after this time, also in the middle of a pass
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    max_time: Option<Duration>,
    #[command(flatten)]
    swapped: SwappedArgs,
    #[command(flatten)]
    read_from: ReadFromArgs,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    content: ContentArgs,
    #[command(flatten)]
    lag: LagArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Compress {
    None,
    Gz,
    Zst,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    args.read_from.apply(cx);
    cx.require_answers_after(args.max_time);
    let begun = Instant::now();
    let target = args.endpoint(cx)?;
    let recipients = args.recipients()?;
    let search = args.content.search()?;
    let mut store = args.swapped.open(cx).await?;
    args.lag.require_current(cx, &mut store).await?;
    let duplicates = duplicates(cx, &mut store).await?;
    let filter = args.filter.filter(cx, &mut store).await?;
    let stop = cx.stop_on_signals()?;
    stop.set_deadline(args.max_time.map(|most| most.saturating_sub(begun.elapsed())));
    let (mut sink, temporary) = args.sink(cx, &store, &target, &recipients)?;
    let mut report = ExportReport {
        command: "export",
        store: store.target().to_string(),
        table: store.names().table.clone(),
        server: ServerReport::of(&store),
        duplicates,
        target: target.to_string(),
        format: form(cx, &target),
        ended: "settled",
        ..ExportReport::default()
    };

    let total = if search.is_empty() { expected_sessions(cx, &mut store, &filter).await? } else { None };
    let (sender, receiver) = channel(MAX_WAITING);
    let (sender, choosing) = if search.is_empty() {
        (sender, None)
    } else {
        let (unfiltered, batches) = channel(MAX_WAITING);
        (unfiltered, Some(FilterTask::new(batches, (search, cx.now), sender)))
    };
    let progress = cx.ui.progress("Exporting sessions", total);
    let (done, written) = oneshot::channel();
    // A thread that is never joined: it may be blocked on a pipe.
    std::thread::spawn(move || {
        let written = write(&mut sink, receiver, progress);
        drop(done.send((sink, written)));
    });
    let mut passes = Passes::by_quarters(store, filter, cx.now, stop.clone()).await;
    let limits = PassLimits { passes: args.passes, max_time: args.max_time };
    let reading = async {
        let read = passes.run(limits, &sender).await;
        drop(sender);
        passes.close().await;
        read
    };
    let choosing = async {
        match choosing {
            Some(choosing) => choosing.run(stop.clone()).await.map(Some),
            None => Ok(None),
        }
    };
    let (read, chosen) = tokio::join!(reading, choosing);
    if let Some((why, code)) = read.as_ref().ok().and_then(why_unfinished) {
        // Dropping an incomplete file removes it.
        let ended = tokio::time::timeout(WRITER_TIMEOUT, written).await;
        let session_files = ended.ok().and_then(Result::ok).map(|(sink, _)| sink.session_files());
        let leftovers = Leftovers::of(&target, remaining(temporary, session_files.is_some()), session_files);
        return Ok(leftovers.note(cx, why, code));
    }
    let (mut sink, written) = tokio::select! {
        written = written => written.map_err(|_| Failure::failed("the writer failed"))?,
        cause = stop.wait_for_deadline() => {
            return Ok(Leftovers::of(&target, remaining(temporary, false), None).note_unwritten(cx, cause));
        }
    };
    let session_files = Some(sink.session_files());
    let leftovers = Leftovers::of(&target, None, session_files);
    let (summary, chosen) = match (written, read, chosen) {
        (Err(error), _, _) => return Err(write_failure(error, &leftovers)),
        (_, Err(error), _) => return Err(leftovers.hint(error.into())),
        (_, _, Err(error)) => return Err(leftovers.hint(error.into())),
        (Ok(()), Ok(summary), Ok(chosen)) => (summary, chosen),
    };
    report.rejected = std::mem::take(&mut sink.rejected);
    report.count(&summary, chosen.as_ref(), sink.bytes);
    tokio::select! {
        finished = tokio::task::spawn_blocking(move || sink.finish()) => finished
            .map_err(|e| Failure::failed(format!("the writer failed: {e}")))?
            .map_err(|error| write_failure(error, &leftovers))?,
        cause = stop.wait_for_deadline() => {
            return Ok(Leftovers::of(&target, remaining(temporary, false), session_files).note_unwritten(cx, cause));
        }
    };
    report.took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    chosen.iter().for_each(|chosen| chosen.left.warn(cx));
    conclude(cx, &report, &target, summary.ended)
}

/// Writes batches until there are no more.
fn write(sink: &mut Sink, mut receiver: Receiver<SessionBatch>, mut progress: Progress) -> Result<(), EndpointError> {
    while let Some(taken) = receiver.blocking_recv() {
        sink.write(&taken.sessions, taken.again)?;
        progress.set(sink.records);
    }
    Ok(())
}

fn form(cx: &Context, target: &Endpoint) -> &'static str {
    match (target, cx.ui.format()) {
        (Endpoint::FileStore(_), _) => "filestore",
        (_, Format::Sql) => "sql",
        (_, Format::Csv) => "csv",
        _ => "archive",
    }
}

fn conclude(cx: &Context, report: &ExportReport, target: &Endpoint, ended: PassesEnded) -> Result<u8, Failure> {
    for Rejected { session_id_prefix: session, app_name, reason } in &report.rejected {
        let app = app_name.as_deref().unwrap_or("NULL");
        cx.ui.warn(format!("Skipped session {session} of {app}: {reason}."));
    }
    if report.format == "filestore" && report.sessions > 0 {
        cx.ui.note("A FileStore does not record the application. Set it when you import: `tomcat-sessions import filestore:DIR --app NAME`.");
    }
    let machine = matches!(cx.ui.format(), Format::Json | Format::Ndjson);
    if machine && *target != Endpoint::Stdio {
        cx.ui.report(report)?;
    } else {
        cx.ui.note(report.text());
    }
    let partly = !report.rejected.is_empty() || ended == PassesEnded::MaxTime;
    Ok(if partly { PARTLY } else { DONE })
}

impl Args {
    /// The target of the export.
    fn endpoint(&self, cx: &Context) -> Result<Endpoint, Failure> {
        if is_store(cx, &self.target)? {
            return Err(Failure::usage("the target is a store").hint("export to an archive, and import that"));
        }
        let target = Endpoint::from_argument(&self.target)?;
        if self.dialect.is_some() && cx.ui.format() != Format::Sql {
            return Err(Failure::usage("--dialect is for --format sql"));
        }
        if matches!(target, Endpoint::FileStore(_)) && matches!(cx.ui.format(), Format::Sql | Format::Csv) {
            return Err(Failure::usage("a FileStore has its own format").hint("remove --format"));
        }
        if !self.encrypt_to.is_empty() && form(cx, &target) != "archive" {
            return Err(Failure::usage("--encrypt-to is for archives").hint("remove --format, and name a file"));
        }
        match &target {
            Endpoint::File(path) if !self.force && path.symlink_metadata().is_ok() => {
                Err(EndpointError::exists(path).into())
            }
            Endpoint::Stdio if cx.ui.stdout_is_terminal() && form(cx, &target) == "archive" => {
                Err(Failure::usage("the archive would be printed to the terminal, including session ids")
                    .hint("give a file name: `tomcat-sessions export sessions.ndjson.zst`"))
            }
            _ => Ok(target),
        }
    }

    fn recipients(&self) -> Result<Recipients, Failure> {
        Recipients::of(&self.encrypt_to).map_err(|why| {
            Failure::usage(why).hint("`age-keygen -o key.txt` generates a key pair and prints the recipient")
        })
    }

    /// Opens the target. Returns also the path of the file while it is incomplete, if the target is a file.
    fn sink(
        &self,
        cx: &Context,
        store: &SessionStore,
        target: &Endpoint,
        recipients: &Recipients,
    ) -> Result<(Sink, Option<PathBuf>), Failure> {
        let out = match target {
            Endpoint::FileStore(dir) => return Ok((Sink::files(Files::create(dir, self.force)?), None)),
            Endpoint::Stdio => Output::Stdout(cx.ui.raw()),
            Endpoint::File(path) => Output::file(path, self.force)?,
        };
        let temporary = out.temporary_path().map(Path::to_owned);
        let named = match target {
            Endpoint::File(path) => Compression::of_name(Path::new(path)),
            _ => Compression::None,
        };
        let compression = match self.compress {
            None => named,
            Some(Compress::None) => Compression::None,
            Some(Compress::Gz) => Compression::Gzip,
            Some(Compress::Zst) => Compression::Zstd,
        };
        let sink = match cx.ui.format() {
            Format::Sql => {
                let engine = self.engine(store)?;
                let names = store.names().clone();
                let head = format!(
                    "-- Sessions of {}, for {}. Made by tomcat-sessions {}.\n{}",
                    store.target().to_string().replace(['\n', '\r'], " "),
                    engine.name(),
                    env!("CARGO_PKG_VERSION"),
                    script_head(engine.statements(), engine.dialect(), &names)?
                );
                // Writing the statements cannot fail: their templates are part of the program.
                let script = move |sessions: &[_], again| {
                    insert_script(engine, &names, sessions, again).unwrap_or_else(|e| format!("-- {e}\n"))
                };
                Sink::script(out, compression, &head, Box::new(script))?
            }
            Format::Csv => Sink::csv(out, compression)?,
            _ => Sink::archive(out, compression, recipients, &archive_header(cx, store, "export", self.chosen()))?,
        };
        Ok((sink, temporary))
    }

    /// A hash of the filters for the header; `None` without filters.
    fn chosen(&self) -> Option<String> {
        let text = |filter: &FilterArgs, content: &ContentArgs| format!("{filter:?} {content:?}");
        let typed = text(&self.filter, &self.content);
        let all = typed == text(&FilterArgs::default(), &ContentArgs::default());
        (!all).then(|| sha256(typed.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect())
    }

    fn engine(&self, store: &SessionStore) -> Result<&'static dyn Engine, Failure> {
        let Some(name) = &self.dialect else { return Ok(store.target().engine) };
        by_name(name).ok_or_else(|| {
            let names: Vec<&str> = ENGINES.iter().map(|engine| engine.name()).collect();
            Failure::usage(format!("there is no dialect `{name}`")).hint(format!("use one of {}", names.join(", ")))
        })
    }
}
