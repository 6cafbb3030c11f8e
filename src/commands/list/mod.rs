//! `list`: lists sessions without their data, filtered and sorted.

mod attributes;
mod columns;
mod content;
mod list_row;
mod top_n;

use std::sync::Arc;

use clap::ValueEnum;

use self::attributes::Attributes;
use self::content::SessionContent;
use self::list_row::{ListRow, RowOptions};
use self::top_n::TopN;
use crate::context::Context;
use crate::failure::{DONE, Failure};
use crate::javaser::{Decoded, Restorable};
use crate::operations::content_search::ContentSearch;
use crate::options::content::ContentArgs;
use crate::options::filter::FilterArgs;
use crate::options::replica::ReadFromArgs;
use crate::options::swap::SwappedArgs;
use crate::session::{EpochMillis, Filter, IdPrefixes, SessionMeta};
use crate::store::{Cursor, ReadRequest, SessionStore, Stop};
use crate::ui::{Format, Records, count};

/// Maximum number of rows of a table without `--limit`.
const MAX_ON_SCREEN: usize = 100;
/// Maximum number of sorted sessions without `--limit`.
const MAX_SORTED: usize = 1_000;

/// List sessions, without their data
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Sessions are listed in the order of their ids, unless --sort is given. The idle time is computed \
from the column last_access, which Tomcat does not update while it holds the session in memory: a \
session that looks idle may be in use.

--attr, --class, --user and --restorable fetch and decode the data of all sessions that match the \
other filters. Only the attributes in --columns are shown, except those whose names look like a \
password, secret, token or credential.

--columns chooses among id, app, state, user, route, valid, max-inactive, last-access, idle, \
expires, size, restorable and attr=NAME, in every format. --format wide shows most of \
them. user, restorable and attr=NAME read the data of the listed sessions only.

Exit status:
  0   done, also when nothing matched
  1   failed
  2   usage error, or a file named by an option cannot be read
  10  cannot reach the database or log in to it
  11  the session table (with --swapped: the swap table) is missing or has the wrong structure

Examples:
  tomcat-sessions list --app demo --state live --sort idle --limit 20
  tomcat-sessions list --user alice
  tomcat-sessions list --attr 'cart=*book*' --class 'com.example.*'
  tomcat-sessions list --format wide --since 1h
  tomcat-sessions list --columns id,user,last-access,attr=cart --limit 10
  tomcat-sessions list --larger-than 1MB --format ndjson | jq .session_id")]
pub struct Args {
    /// Sort key; descending, except id
    #[arg(long, value_enum, default_value_t)]
    sort: Sort,
    /// Reverse the order (not for `id`)
    #[arg(long, conflicts_with_all = ["from"])]
    reverse: bool,
    /// Maximum number of sessions; 0 for all [default: 100 in a table; in other formats
    /// 1000 with --sort, otherwise all]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Start at this session id (not with --sort)
    #[arg(long, value_name = "ID", conflicts_with_all = ["sort", "attr", "class", "user", "restorable"])]
    from: Option<String>,
    #[command(flatten)]
    swapped: SwappedArgs,
    #[command(flatten)]
    read_from: ReadFromArgs,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    content: ContentArgs,
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

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    args.read_from.apply(cx);
    if args.reverse && args.sort == Sort::Id {
        return Err(Failure::usage("--reverse cannot be combined with --sort id")
            .hint("use --sort idle, size, remaining or timeout"));
    }
    let shown_as = RowOptions::of(cx)?;
    let search = args.content.search()?;
    let searching = !search.is_empty();
    let mut store = args.swapped.open(cx).await?;
    let filter = args.filter.filter(cx, &mut store).await?;
    // A search already reads the data.
    let mut attributes = Attributes::open(cx, &store, shown_as.reads_data() && !searching).await?;
    let table = cx.ui.format() == Format::Table;
    let limit = match (args.limit, args.sort) {
        (Some(0), Sort::Id) => None,
        (Some(0), _) => Some(usize::MAX),
        (Some(n), _) => Some(n),
        (None, Sort::Id) => table.then_some(MAX_ON_SCREEN),
        (None, _) => Some(if table { MAX_ON_SCREEN } else { MAX_SORTED }),
    };
    let mut sessions = if searching {
        let asked = search.clone();
        let held = move |_: &SessionMeta, decoded: Option<&Decoded<'_>>, restorable: Restorable| {
            SessionContent::new(&restorable, decoded, &asked)
        };
        Sessions::Found(Box::new(ContentSearch::new(store, filter, cx.now, Stop::never(), search, held)))
    } else {
        // A sorted list reads all sessions before it prints any.
        let page = if args.sort == Sort::Id { limit } else { None };
        let (from, cursor) = (args.from, Cursor::default());
        Sessions::Columns(Box::new(Pages { store, filter, now: cx.now, from, limit: page, cursor }))
    };
    let mut out = cx.ui.records::<ListRow>();

    let mut shown = 0usize;
    let mut last = String::new();
    let mut next: Option<ListedSession> = None;
    let mut more = 0u64;
    if args.sort == Sort::Id {
        while let Some(mut some) = sessions.next().await? {
            let room = limit.map_or(some.len(), |most| most - shown);
            next = some.get(room).cloned();
            some.truncate(room);
            shown += some.len();
            if let Some((session, _)) = some.last() {
                last.clone_from(&session.key.id);
            }
            print(some, &mut attributes, &shown_as, &mut out).await?;
            if next.is_some() {
                break;
            }
        }
    } else {
        let mut best = TopN::new(limit.unwrap_or(MAX_SORTED));
        while let Some(some) = sessions.next().await? {
            for found in some {
                let rank = args.sort.rank(&found.0, cx.now);
                more += u64::from(!best.offer(if args.reverse { !rank } else { rank }, found));
            }
        }
        let sorted: Vec<ListedSession> = best.into_sorted().collect();
        shown = sorted.len();
        print(sorted, &mut attributes, &shown_as, &mut out).await?;
    }
    sessions.end(cx).await?;
    if let Some(attributes) = attributes {
        attributes.close().await;
    }
    out.finish()?;
    if shown == 0 {
        cx.ui.note("No session matches.");
    } else if searching && next.is_some() {
        cx.ui.note(format!("Showing the first {}. All: --limit 0", count(shown as u64)));
    } else if let Some((next, _)) = next {
        // The shortest prefix that sorts after the last listed session, or the complete id if two applications have it.
        let id = next.key.id;
        let from = if id == last { id } else { IdPrefixes::of([last.as_str(), id.as_str()]).cut(&id) };
        cx.ui.note(format!("Showing the first {}. Next page: --from {from}. All: --limit 0", count(shown as u64)));
    } else if more > 0 {
        cx.ui.note(format!(
            "Showing the first {} of {}. All: --limit 0",
            count(shown as u64),
            count(shown as u64 + more)
        ));
    }
    Ok(DONE)
}

/// Prints sessions, with the selected attributes.
async fn print(
    sessions: Vec<ListedSession>,
    attributes: &mut Option<Attributes>,
    shown: &Arc<RowOptions>,
    out: &mut Records<ListRow>,
) -> Result<(), Failure> {
    let row = |session, held, attributes| ListRow::new(session, held, attributes, Arc::clone(shown));
    let Some(attributes) = attributes else {
        sessions.into_iter().try_for_each(|(session, held)| out.push(row(session, held, None)))?;
        return Ok(());
    };
    let (metas, held): (Vec<SessionMeta>, Vec<Option<SessionContent>>) = sessions.into_iter().unzip();
    let (mut rest, mut held) = (&metas[..], held.into_iter());
    while !rest.is_empty() {
        let (now, later) = rest.split_at(Attributes::rows_within_batch(rest));
        rest = later;
        let read = now.iter().zip(held.by_ref());
        for ((session, held), (columns, read)) in read.zip(attributes.of(now).await?) {
            out.push(row(session.clone(), held.or(read), columns))?;
        }
    }
    Ok(())
}

/// A session, and the contents of its data if they were read.
type ListedSession = (SessionMeta, Option<SessionContent>);

/// The sessions to list: read from the columns only or, with a search, from the data.
enum Sessions {
    Columns(Box<Pages>),
    Found(Box<ContentSearch<SessionContent>>),
}

/// Reads pages of columns.
struct Pages {
    store: SessionStore,
    filter: Filter,
    now: EpochMillis,
    from: Option<String>,
    limit: Option<usize>,
    cursor: Cursor,
}

impl Sessions {
    async fn next(&mut self) -> Result<Option<Vec<ListedSession>>, Failure> {
        match self {
            Sessions::Columns(pages) => {
                let Pages { store, filter, now, from, limit, cursor } = &mut **pages;
                let reading = ReadRequest { filter, now: *now, from: from.as_deref(), limit: *limit };
                let page = store.next_page(&reading, cursor).await?;
                Ok(page.map(|page| page.into_iter().map(|session| (session, None)).collect()))
            }
            Sessions::Found(finder) => {
                let found = finder.next().await;
                Ok(found.map(|found| found.into_iter().map(|(session, held)| (session, Some(held))).collect()))
            }
        }
    }

    async fn end(self, cx: &Context) -> Result<(), Failure> {
        match self {
            Sessions::Columns(pages) => pages.store.close().await,
            Sessions::Found(finder) => finder.end().await?.warn(cx),
        }
        Ok(())
    }
}

impl Sort {
    /// The sort key; larger values come first. A session with NULL in the column comes last.
    fn rank(self, session: &SessionMeta, now: EpochMillis) -> i128 {
        let number = |n: Option<i128>| n.unwrap_or(i128::MIN + 1);
        match self {
            Sort::Id => 0,
            Sort::Idle => number(session.last_access.map(|at| i128::from(now.0) - i128::from(at.0))),
            Sort::Size => number(session.size.map(i128::from)),
            Sort::Remaining => {
                number(session.state_at(now).expires_at().map(|at| i128::from(at.0) - i128::from(now.0)))
            }
            Sort::Timeout => number(session.max_inactive.map(i128::from)),
        }
    }
}
