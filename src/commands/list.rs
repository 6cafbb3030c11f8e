//! `list`: sessions, filtered, sorted, a page at a time; without the blobs.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::ops::ControlFlow;

use clap::ValueEnum;
use serde::Serialize;

use super::content::{ContentArgs, for_each_found};
use super::selection::FilterArgs;
use crate::context::Context;
use crate::failure::{DONE, Failure};
use crate::javaser::Search;
use crate::session::{EpochMillis, IdPrefixes, SessionMeta};
use crate::store::{Reading, SessionStore, Stop};
use crate::ui::{Format, Head, Record, age, bytes, count};

/// Rows of a table without `--limit`.
const SCREEN: usize = 100;
/// Sessions kept in memory to sort, without `--limit`.
const SORTED: usize = 1_000;

/// List sessions, without their data
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Sessions come in the order of their ids unless --sort says otherwise. The idle time is that of the \
column last_access, which Tomcat does not write while it holds the session in memory: a session \
that looks idle may be in use. --attr, --class and --user fetch and decode the data of the sessions \
that the other filters let through; nothing of the data is shown.

Exit status:
  0   done, also when nothing matched
  10  cannot reach the database or log in to it
  11  the session table is missing or has the wrong shape

Examples:
  tomcat-sessions list --app demo --state live --sort idle --limit 20
  tomcat-sessions list --user alice
  tomcat-sessions list --attr 'cart=*book*' --class 'com.example.*'
  tomcat-sessions list --larger-than 1MB --format ndjson | jq .session_id")]
pub struct Args {
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    content: ContentArgs,
    /// Sort by this, the largest first; `id` is the smallest first
    #[arg(long, value_enum, default_value_t)]
    sort: Sort,
    /// Turn the order round (not for `id`)
    #[arg(long, conflicts_with_all = ["from"])]
    reverse: bool,
    /// At most so many sessions; 0 for all [default: 100 in a table, 1000 when sorting, else all]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Begin at this id, or where it would stand
    #[arg(long, value_name = "ID", conflicts_with_all = ["sort", "attr", "class", "user"])]
    from: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Sort {
    /// Session id, in the order of the key
    #[default]
    Id,
    /// Time since the last access
    Idle,
    /// Bytes of session data
    Size,
    /// Time until the session expires
    Remaining,
    /// max_inactive
    Timeout,
}

/// One session of the list.
#[derive(Debug, Serialize)]
struct Line {
    session_id: String,
    app_name: Option<String>,
    state: &'static str,
    valid_session: Option<String>,
    /// Seconds.
    max_inactive: Option<i64>,
    /// Epoch milliseconds.
    last_access: Option<EpochMillis>,
    idle_ms: Option<u64>,
    /// Epoch milliseconds.
    expires_at: Option<EpochMillis>,
    size_bytes: Option<u64>,
    #[serde(skip)]
    full_id: bool,
    #[serde(skip)]
    now: EpochMillis,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    if args.reverse && args.sort == Sort::Id {
        return Err(Failure::usage("sessions cannot be listed by id from the last to the first")
            .hint("--sort idle, size, remaining or timeout"));
    }
    let search = args.content.search()?;
    let mut store = cx.open().await?;
    let filter = args.filter.filter(&mut store).await?;
    let table = cx.ui.format() == Format::Table;
    let limit = match (args.limit, args.sort) {
        (Some(0), Sort::Id) => None,
        (Some(0), _) => Some(usize::MAX),
        (Some(n), _) => Some(n),
        (None, Sort::Id) => table.then_some(SCREEN),
        (None, _) => Some(if table { SCREEN } else { SORTED }),
    };
    // A sorted list has seen everything before it shows anything.
    let page = if args.sort == Sort::Id { limit } else { None };
    let reading = Reading { filter: &filter, now: cx.now, from: args.from.as_deref(), limit: page };
    let mut out = cx.ui.records::<Line>();
    let line = |session: SessionMeta| Line::new(session, cx.now, cx.options.full_ids);

    let mut shown = 0usize;
    let mut last = String::new();
    let mut next: Option<SessionMeta> = None;
    let mut more = 0u64;
    if args.sort == Sort::Id {
        let mut printed = Ok(());
        feed(store, search.as_ref(), &reading, cx, |session| {
            if limit.is_some_and(|n| shown >= n) {
                next = Some(session);
                return ControlFlow::Break(());
            }
            shown += 1;
            last.clone_from(&session.key.id);
            printed = out.push(line(session));
            if printed.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .await?;
        printed?;
    } else {
        let mut best = Best::new(limit.unwrap_or(SORTED));
        feed(store, search.as_ref(), &reading, cx, |session| {
            let rank = args.sort.rank(&session, cx.now);
            more += u64::from(!best.offer(if args.reverse { !rank } else { rank }, session));
            ControlFlow::Continue(())
        })
        .await?;
        for session in best.into_sorted() {
            shown += 1;
            out.push(line(session))?;
        }
    }
    out.finish()?;
    if shown == 0 {
        cx.ui.note("No session matches.");
    } else if search.is_some() && next.is_some() {
        cx.ui.note(format!("The first {} are shown; have all with --limit 0.", count(shown as u64)));
    } else if let Some(next) = next {
        // Long enough to stand behind the last one shown; one id in two applications is told whole.
        let id = next.key.id;
        let from = if id == last { id } else { IdPrefixes::of([last.as_str(), id.as_str()]).cut(&id) };
        cx.ui.note(format!(
            "The first {} are shown; go on with --from {from}, or have all with --limit 0.",
            count(shown as u64)
        ));
    } else if more > 0 {
        cx.ui.note(format!(
            "The first {} of {} are shown; --limit shows more.",
            count(shown as u64),
            count(shown as u64 + more)
        ));
    }
    Ok(DONE)
}

/// Hands every session that is wanted to `each`; the data are read only where a search looks into
/// them.
async fn feed(
    mut store: SessionStore,
    search: Option<&Search>,
    reading: &Reading<'_>,
    cx: &Context,
    each: impl FnMut(SessionMeta) -> ControlFlow<()> + Send,
) -> Result<(), Failure> {
    match search {
        Some(search) => for_each_found(store, reading.filter, search, cx, &Stop::never(), each).await,
        None => {
            store.for_each(reading, &Stop::never(), each).await?;
            store.close().await;
            Ok(())
        }
    }
}

impl Sort {
    /// What to sort by, the largest first. Where a column is NULL the session comes last.
    fn rank(self, session: &SessionMeta, now: EpochMillis) -> i128 {
        let number = |n: Option<i128>| n.unwrap_or(i128::MIN + 1);
        match self {
            Sort::Id => 0,
            Sort::Idle => number(session.last_access.map(|at| i128::from(now.0) - i128::from(at.0))),
            Sort::Size => number(session.size.map(i128::from)),
            Sort::Remaining => number(session.verdict(now).expires_at().map(|at| i128::from(at.0) - i128::from(now.0))),
            Sort::Timeout => number(session.max_inactive.map(i128::from)),
        }
    }
}

/// The best so many of any number of sessions.
struct Best {
    most: usize,
    heap: BinaryHeap<Ranked>,
}

struct Ranked {
    rank: i128,
    session: SessionMeta,
}

/// The worst of those kept is on top of the heap, so that it is the one to go.
impl Ord for Ranked {
    fn cmp(&self, other: &Ranked) -> Ordering {
        other.rank.cmp(&self.rank).then_with(|| self.session.key.cmp(&other.session.key))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Ranked) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Ranked) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ranked {}

impl Best {
    fn new(most: usize) -> Best {
        Best { most, heap: BinaryHeap::new() }
    }

    /// Takes `session`; false when that left another, or this one, out.
    fn offer(&mut self, rank: i128, session: SessionMeta) -> bool {
        self.heap.push(Ranked { rank, session });
        if self.heap.len() <= self.most {
            return true;
        }
        self.heap.pop();
        false
    }

    fn into_sorted(self) -> impl Iterator<Item = SessionMeta> {
        self.heap.into_sorted_vec().into_iter().map(|ranked| ranked.session)
    }
}

impl Line {
    fn new(session: SessionMeta, now: EpochMillis, full_id: bool) -> Line {
        let verdict = session.verdict(now);
        Line {
            state: verdict.word(),
            expires_at: verdict.expires_at(),
            idle_ms: session.idle_ms(now),
            session_id: session.key.id,
            app_name: session.key.app,
            valid_session: session.valid,
            max_inactive: session.max_inactive,
            last_access: session.last_access,
            size_bytes: session.size,
            full_id,
            now,
        }
    }
}

impl Record for Line {
    fn heads() -> Vec<Head> {
        vec![
            Head::left("SESSION"),
            Head::left("APPLICATION"),
            Head::left("STATE"),
            Head::right("IDLE"),
            Head::right("EXPIRES"),
            Head::right("SIZE"),
        ]
    }

    fn cells(all: &[Line]) -> Vec<Vec<String>> {
        let prefixes = IdPrefixes::of(all.iter().map(|line| line.session_id.as_str()));
        let row = |line: &Line| {
            let expires = match line.expires_at {
                None => "-".to_owned(),
                Some(at) if at >= line.now => format!("in {}", age(at.since(line.now))),
                Some(at) => format!("{} ago", age(line.now.since(at))),
            };
            vec![
                if line.full_id { line.session_id.clone() } else { prefixes.cut(&line.session_id) },
                line.app_name.clone().unwrap_or_else(|| "NULL".to_owned()),
                line.state.to_owned(),
                line.idle_ms.map_or_else(|| "-".to_owned(), age),
                expires,
                line.size_bytes.map_or_else(|| "NULL".to_owned(), bytes),
            ]
        };
        all.iter().map(row).collect()
    }
}
