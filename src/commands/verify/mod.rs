//! `verify`: compares two stores, or a store and an archive, row by row.

mod staging;

use std::time::Instant;

use serde::Serialize;

use self::staging::{StagedArchive, stage};
use crate::context::{Context, exit_code_of};
use crate::endpoint::{Endpoint, Identities};
use crate::failure::{DONE, FINDINGS, Failure};
use crate::operations::expected_sessions::expected_sessions;
use crate::operations::store_pair::{
    ComparedStore, ComparisonCounts, DifferingSession, duplicates, open, require_two, summary, table,
};
use crate::options::identity::IdentityArgs;
use crate::options::replica::{LagArgs, ReadFromArgs};
use crate::options::store_pair::{PairArgs, is_store};
use crate::session::{Difference, EpochMillis, Filter};
use crate::store::{CompareEnded, Comparer, Naming, SessionStore, Signal, Target, WritePeriod};
use crate::ui::{Page, Report, age, count, plural};

/// Minimum clock difference for a warning, in milliseconds.
const SKEW_WARNED: u64 = 1_000;

/// Compare two stores, or a store and an archive, row by row
#[derive(Debug, clap::Args)]
#[command(override_usage = "tomcat-sessions verify [OPTIONS] <STORE> [STORE]")]
#[command(after_long_help = "\
The first store is the reference: a session is missing if only the first store has it, extra if only \
the second has it, and different if a column or the SHA-256 of the data differs. With one argument, the \
store in --url is the first: a missing session is in that store, but not in the other one. If it can, \
the server computes the SHA-256, so that the data are not transferred.

You can run verify while Tomcat is running. Differences are read two more times, 250 ms apart, \
because a session that is being saved is absent for a moment. A session that changes between two \
reads, or that was accessed after the start of the run, is listed as changed and does not count as \
a difference. For that, verify uses the clock of each store's server, and warns if it differs from \
this machine's by more than a second. Sessions with a last access in the future are reported too.

Instead of a store you can give an archive, by its path or as - for stdin. Sessions that were \
accessed after the archive was written are listed as changed. The archive is checked; its ids and \
digests are kept in a temporary file in TMPDIR that only its owner can read, about 250 bytes per \
session, or in memory if the archive is encrypted.

The program keeps 10 to 21 bytes in memory for each session that exists on one side only, or that the two sides \
sort differently.

Exit status:
  0    both have the same sessions, apart from those that Tomcat changed in the meantime
  1    failed, or the archive is damaged
  2    usage error
  4    there are differences
  10   cannot reach a database or log in to it
  11   a session table is missing or has the wrong structure
  130  interrupted: the summary covers the sessions compared so far
  143  terminated, in the same way

Examples:
  tomcat-sessions verify mysql://tomcat@old/tomcat mysql://tomcat@new/tomcat
  tomcat-sessions --url mysql://tomcat@old/tomcat verify sessions.ndjson.zst --format json")]
pub struct Args {
    /// Two stores (URLs or names) or archives (paths), the reference first; if only one is given, the store in --url is
    /// the reference
    #[arg(value_name = "STORE", required = true, num_args = 1..=2)]
    stores: Vec<String>,
    /// Maximum number of listed sessions; 0 for all (all are counted)
    #[arg(long, value_name = "N", default_value_t = 1000)]
    limit: usize,
    #[command(flatten)]
    identity: IdentityArgs,
    #[command(flatten)]
    read_from: ReadFromArgs,
    #[command(flatten)]
    pair: PairArgs,
    #[command(flatten)]
    lag: LagArgs,
}

/// Result of a comparison.
#[derive(Debug, Serialize)]
struct VerifyReport {
    command: &'static str,
    from: ComparedStore,
    to: ComparedStore,
    #[serde(flatten)]
    counts: ComparisonCounts,
    /// `done`, `interrupted`, `terminated`, `failed`.
    ended: &'static str,
    error: Option<String>,
    took_ms: u64,
    differences: Vec<DifferingSession>,
    #[serde(skip)]
    full_ids: bool,
    /// The name of the second side in a sentence.
    #[serde(skip)]
    second: &'static str,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    args.read_from.apply(cx);
    let begun = Instant::now();
    let (first, second) = match args.stores.as_slice() {
        [first, second] => (Some(first.as_str()), second.as_str()),
        [second] => (None, second.as_str()),
        _ => return Err(Failure::usage("`verify` compares two stores")),
    };
    let identities = args.identity.identities(cx);
    let (from, to) = (Side::of(cx, first, &identities)?, Side::of(cx, Some(second), &identities)?);
    let (mut from, first) = from.open(cx, || args.pair.from(cx, first)).await?;
    let (mut to, second) = to.open(cx, || args.pair.to(cx, second)).await?;
    for store in [&mut from, &mut to] {
        args.lag.require_current(cx, store).await?;
    }
    require_two(&from, &to)?;
    let doubled = [duplicates(cx, &mut from).await?, duplicates(cx, &mut to).await?];
    let since = since(cx, [&mut from, &mut to], [first.as_ref(), second.as_ref()]).await?;
    let stop = cx.stop_on_signals()?;
    let most = if args.limit == 0 { usize::MAX } else { args.limit };
    let mut found: Vec<Difference> = Vec::new();
    let expected = expected_sessions(cx, &mut from, &Filter::default()).await?;
    let mut progress = cx.ui.progress("Comparing sessions", expected);
    let comparer = Comparer { left: &mut from, right: &mut to, since, stop };
    let done = comparer
        .run(
            &mut |difference| {
                if found.len() < most {
                    found.push(difference);
                }
            },
            &mut |read| progress.set(read),
        )
        .await;
    drop(progress);
    found.sort_by(|a, b| a.key.cmp(&b.key));
    let (ended, error) = match &done.ended {
        CompareEnded::Done => ("done", None),
        CompareEnded::Signal(Signal::Interrupt) => ("interrupted", None),
        CompareEnded::Signal(Signal::Terminate) => ("terminated", None),
        CompareEnded::Failed(error) => ("failed", Some(error.to_string())),
    };
    if done.ahead > 0 {
        cx.ui.warn(format!(
            "{} with differences have a last access up to {} in the future: the clock of a Tomcat is or was ahead.",
            plural(done.ahead, "session"),
            age(u64::try_from(done.most_ahead.as_millis()).unwrap_or(u64::MAX))
        ));
    }
    let report = VerifyReport {
        command: "verify",
        from: ComparedStore {
            duplicates: doubled[0],
            ..first.as_ref().map_or_else(|| ComparedStore::of(&from), StagedArchive::place)
        },
        to: ComparedStore {
            duplicates: doubled[1],
            ..second.as_ref().map_or_else(|| ComparedStore::of(&to), StagedArchive::place)
        },
        counts: ComparisonCounts::of(&done),
        ended,
        error,
        took_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        differences: found.into_iter().map(DifferingSession::from).collect(),
        full_ids: cx.options.full_ids,
        second: match (&first, &second) {
            (_, Some(_)) => "the archive",
            (Some(_), None) => "the store",
            (None, None) => "the second store",
        },
    };
    from.close().await;
    to.close().await;
    cx.ui.report(&report)?;
    let differences = done.differences();
    match done.ended {
        CompareEnded::Done if differences == 0 => Ok(DONE),
        CompareEnded::Done => Ok(FINDINGS),
        CompareEnded::Signal(signal) => Ok(exit_code_of(signal)),
        CompareEnded::Failed(error) => Err(error.into()),
    }
}

/// The time on each side since which a change is not a difference: now, by the clock of its server or, compared with an
/// archive, the time at which the archive was begun. An archive itself no longer changes. Warns about clocks that
/// differ.
async fn since(
    cx: &Context,
    stores: [&mut SessionStore; 2],
    archives: [Option<&StagedArchive>; 2],
) -> Result<[Option<WritePeriod>; 2], Failure> {
    let mut since = [None, None];
    let created = archives.iter().flatten().filter_map(|archive| archive.created()).min();
    for (n, store) in stores.into_iter().enumerate() {
        if archives[n].is_some() {
            continue;
        }
        let (at, ahead, doubt) = store.clock_offset(|| cx.clock()).await?;
        if ahead.unsigned_abs() > SKEW_WARNED + doubt {
            let side = if ahead > 0 { "ahead of" } else { "behind" };
            cx.ui.warn(format!(
                "The clock of {} is {} {side} this machine's.",
                store.target(),
                age(ahead.unsigned_abs())
            ));
        }
        let from = created.map_or(at, |created| EpochMillis(created.0.saturating_add(ahead)).min(at));
        since[n] = Some(WritePeriod { from, at });
    }
    Ok(since)
}

/// A side of the comparison, as given on the command line.
enum Side {
    Store,
    Archive(Endpoint, Identities),
}

impl Side {
    /// `None` stands for the store of `--url`.
    fn of(cx: &Context, text: Option<&str>, identities: &Identities) -> Result<Side, Failure> {
        let Some(text) = text else { return Ok(Side::Store) };
        if text.contains("://") || text.starts_with("jdbc:") || is_store(cx, text)? {
            return Ok(Side::Store);
        }
        match Endpoint::from_argument(text)? {
            Endpoint::FileStore(_) => {
                Err(Failure::usage("a FileStore does not record the application and cannot be compared")
                    .hint("`tomcat-sessions import filestore:DIR --app NAME` imports it into a store; compare that"))
            }
            archive => Ok(Side::Archive(archive, identities.clone())),
        }
    }

    /// Opens the store, or reads the archive into a temporary store, which exists until the second value is dropped.
    async fn open(
        self,
        cx: &Context,
        place: impl FnOnce() -> Result<(Target, Naming), Failure>,
    ) -> Result<(SessionStore, Option<StagedArchive>), Failure> {
        match self {
            Side::Store => {
                let (mut target, naming) = place()?;
                Ok((open(cx, &mut target, &naming).await?, None))
            }
            Side::Archive(archive, identities) => {
                let (store, staged) = stage(cx, &archive, &identities).await?;
                Ok((store, Some(staged)))
            }
        }
    }
}

impl Report for VerifyReport {
    const RECORDS: Option<&'static str> = Some("differences");

    fn page(&self, page: &mut Page) {
        table(page, &self.differences, self.full_ids);
        let c = &self.counts;
        let found = c.missing + c.extra + c.different + c.changed;
        if found > self.differences.len() as u64 {
            page.line(format!("Showing {} of {}. All: --limit 0", count(self.differences.len() as u64), count(found)));
        }
        page.prose(0, format!("Compared {} with {}, in {}.", self.from, self.to, age(self.took_ms)));
        page.line(summary(c, self.second));
        if self.ended != "done" {
            let why = match self.ended {
                "interrupted" => "interrupted",
                "terminated" => "terminated",
                _ => "an error occurred",
            };
            page.line(format!("Stopped early: {why}."));
        }
    }
}
