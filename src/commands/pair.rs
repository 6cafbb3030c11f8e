//! What `verify` and `migrate` share: two stores in the place of one, and how a session in which
//! they differ is shown.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;

use crate::context::Context;
use crate::failure::Failure;
use crate::session::{Difference, Digest, EpochMillis, IdPrefixes, Kind};
use crate::store::{Comparison, Naming, SessionStore, Target};
use crate::ui::{Head, Page, Table, plural};

/// How current a source must be.
#[derive(Debug, Clone, Copy, clap::Args)]
#[command(next_help_heading = "Replicas")]
pub struct LagArgs {
    /// Read from a replica only while it is at most this far behind its source
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = crate::commands::selection::duration)]
    max_lag: Duration,
    /// Read from a replica whose replication has stopped, lags, or cannot be inspected
    #[arg(long, conflicts_with = "max_lag")]
    allow_stale: bool,
}

impl LagArgs {
    /// Refuses a source that lags, now and in its later passes; says what it is a replica of.
    pub async fn require_current(self, cx: &Context, store: &mut SessionStore) -> Result<(), Failure> {
        if self.allow_stale {
            return Ok(());
        }
        store.limit_lag(self.max_lag);
        store.require_current().await?;
        if let Some(source) = store.replica_of().await? {
            cx.ui.note(format!("{} is a replica of {source}.", store.target().shown()));
        }
        Ok(())
    }
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "The two stores")]
pub struct PairArgs {
    /// A file whose first line is the password of the first store; beats the one in its URL
    #[arg(long, value_name = "FILE")]
    from_password_file: Option<PathBuf>,
    /// A file whose first line is the password of the second store
    #[arg(long, value_name = "FILE")]
    to_password_file: Option<PathBuf>,
    /// The table in the second store, where it is not that of --table
    #[arg(long, value_name = "NAME")]
    to_table: Option<String>,
    /// Columns of the second store that are called otherwise, as in --columns
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = crate::commands::selection::column)]
    to_columns: Vec<(String, String)>,
}

impl PairArgs {
    /// Where the first store is; `url` is `None` for the one of `--url`.
    pub fn from(&self, cx: &Context, url: Option<&str>) -> Result<Target, Failure> {
        match url {
            Some(url) => target(cx, url, self.from_password_file.as_deref()),
            None => {
                let mut target = cx.target()?;
                if let Some(file) = &self.from_password_file {
                    target.password = Some(cx.password_in(file)?);
                }
                Ok(target)
            }
        }
    }

    /// Where the second store is.
    pub fn to(&self, cx: &Context, url: &str) -> Result<Target, Failure> {
        target(cx, url, self.to_password_file.as_deref())
    }

    /// The names in the second store.
    pub fn to_naming(&self, cx: &Context) -> Naming {
        let first = &cx.options.naming;
        Naming {
            table: self.to_table.clone().or_else(|| first.table.clone()),
            columns: if self.to_columns.is_empty() { first.columns.clone() } else { self.to_columns.clone() },
            ..Naming::default()
        }
    }
}

/// A store of its own URL. Where two stores are named, the password that is given for all counts
/// only for one whose URL has none.
pub fn target(cx: &Context, url: &str, file: Option<&Path>) -> Result<Target, Failure> {
    let mut target = crate::store::parse_url(url)?;
    if let Some(file) = file {
        target.password = Some(cx.password_in(file)?);
    } else if target.password.is_none() {
        target.password = cx.password()?;
    }
    Ok(target)
}

/// Opens a store whose columns can be read.
pub async fn open(cx: &Context, target: &mut Target, naming: &Naming) -> Result<SessionStore, Failure> {
    cx.logging_in(target, async |target| SessionStore::open(target, naming).await).await
}

/// Counts the rows that hold a session which another row holds too, and warns of them.
pub async fn duplicates(cx: &Context, store: &mut SessionStore) -> Result<u64, Failure> {
    let duplicates = store.duplicates().await?;
    if duplicates > 0 {
        cx.ui.warn(format!(
            "{} of table `{}` in {} {} a session that another row holds too, since no key keeps them out; of each session the newest row is read. `tomcat-sessions check` prints the statements that remove them.",
            plural(duplicates, "row"),
            store.names().table,
            store.target().shown(),
            if duplicates == 1 { "holds" } else { "hold" },
        ));
    }
    Ok(duplicates)
}

/// Refuses two names for one table.
pub fn require_two(from: &SessionStore, to: &SessionStore) -> Result<(), Failure> {
    let place = |store: &SessionStore| {
        let target = store.target();
        (target.host.clone(), target.port, store.server().database.clone(), store.names().table.clone())
    };
    if place(from) == place(to) && from.target().params.get("socket") == to.target().params.get("socket") {
        return Err(Failure::usage(format!(
            "both stores are the table `{}` of {}",
            to.names().table,
            to.target().shown()
        ))
        .hint("--to-table names the second table where both are in one database"));
    }
    Ok(())
}

/// A store, for reports.
#[derive(Debug, Serialize)]
pub struct Place {
    pub store: String,
    pub table: String,
    /// The host and port that answered at the beginning.
    pub node: Option<String>,
    /// The flavour that answered.
    pub engine: String,
    pub server_version: String,
    /// Rows that hold a session which another row holds too, the newest of each apart.
    pub duplicates: u64,
}

impl Place {
    pub fn of(store: &SessionStore) -> Place {
        Place {
            store: store.target().shown(),
            table: store.names().table.clone(),
            node: store.node(),
            engine: store.flavour().to_owned(),
            server_version: store.server().version.clone(),
            duplicates: 0,
        }
    }

    pub fn shown(&self) -> String {
        format!("`{}` of {}", self.table, self.store)
    }
}

/// A session in which two stores differ.
#[derive(Debug, Serialize)]
pub struct Differing {
    pub kind: Kind,
    pub session_id: String,
    pub app_name: Option<String>,
    /// What differs, by the names in --columns; empty where a store lacks the session.
    pub columns: Vec<&'static str>,
    pub from: State,
    pub to: State,
}

/// What of a row is compared; all `None` where the store lacks it, so that CSV has all columns.
#[derive(Debug, Default, Serialize)]
pub struct State {
    pub present: bool,
    pub valid_session: Option<String>,
    pub max_inactive: Option<i64>,
    pub last_access: Option<EpochMillis>,
    pub size_bytes: Option<u64>,
    pub sha256: Option<String>,
}

impl State {
    fn of(digest: Option<Digest>) -> State {
        let Some(digest) = digest else { return State::default() };
        State {
            present: true,
            sha256: digest.hex(),
            valid_session: digest.meta.valid,
            max_inactive: digest.meta.max_inactive,
            last_access: digest.meta.last_access,
            size_bytes: digest.meta.size,
        }
    }
}

impl From<Difference> for Differing {
    fn from(found: Difference) -> Differing {
        Differing {
            kind: found.kind,
            columns: found.columns(),
            session_id: found.key.id,
            app_name: found.key.app,
            from: State::of(found.left),
            to: State::of(found.right),
        }
    }
}

/// Shows the differences to a person, with ids cut unless `full_ids`.
pub fn table(page: &mut Page, differences: &[Differing], full_ids: bool) {
    if differences.is_empty() {
        return;
    }
    let prefixes = IdPrefixes::of(differences.iter().map(|d| d.session_id.as_str()));
    let accessed = |state: &State| match state.last_access {
        _ if !state.present => "-".to_owned(),
        None => "NULL".to_owned(),
        Some(at) => page.time(at),
    };
    let row = |d: &Differing| {
        vec![
            d.kind.word().to_owned(),
            if full_ids { d.session_id.clone() } else { prefixes.cut(&d.session_id) },
            d.app_name.clone().unwrap_or_else(|| "NULL".to_owned()),
            d.columns.join(", "),
            accessed(&d.from),
            accessed(&d.to),
        ]
    };
    let heads = ["", "SESSION", "APPLICATION", "DIFFERS IN", "ACCESSED, FIRST", "SECOND"].map(Head::left).to_vec();
    page.table(&Table { heads, rows: differences.iter().map(row).collect() });
    page.blank();
}

/// What a comparison counted.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub struct Counts {
    pub sessions_from: u64,
    pub sessions_to: u64,
    pub same: u64,
    pub missing: u64,
    pub extra: u64,
    pub different: u64,
    pub changed: u64,
}

impl Counts {
    pub fn of(done: &Comparison) -> Counts {
        Counts {
            sessions_from: done.left,
            sessions_to: done.right,
            same: done.same,
            missing: done.missing,
            extra: done.extra,
            different: done.different,
            changed: done.changed,
        }
    }
}

/// What a comparison found, in a sentence or two.
pub fn summary(c: &Counts) -> String {
    let parts = [
        (c.missing, "missing from the second store"),
        (c.extra, "only in the second store"),
        (c.different, "different"),
    ];
    let parts: Vec<String> =
        parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{} {word}", plural(n, "session"))).collect();
    let changed = if c.changed == 0 {
        String::new()
    } else {
        format!(" Tomcat changed {} meanwhile.", plural(c.changed, "session"))
    };
    let verb = if c.same == 1 { "is" } else { "are" };
    let same = format!("{} {verb} the same", plural(c.same, "session"));
    if parts.is_empty() {
        format!("{same}: no difference.{changed}")
    } else {
        format!("Differences: {}; {same}.{changed}", parts.join(", "))
    }
}
