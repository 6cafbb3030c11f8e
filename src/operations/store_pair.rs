//! What `verify` and `migrate` share: opening two stores, and reporting a session that differs between them.

use serde::Serialize;

use crate::context::Context;
use crate::failure::Failure;
use crate::operations::server_report::ServerReport;
use crate::session::{Difference, Digest, EpochMillis, IdPrefixes, Kind};
use crate::store::{Comparison, Naming, SessionStore, Target};
use crate::ui::{Head, Page, Table, plural};

/// Opens a store.
pub async fn open(cx: &Context, target: &mut Target, naming: &Naming) -> Result<SessionStore, Failure> {
    cx.with_password_prompt(target, async |target| SessionStore::open(target, naming).await).await
}

/// Counts the surplus rows of sessions that have several rows, and warns about them.
pub async fn duplicates(cx: &Context, store: &mut SessionStore) -> Result<u64, Failure> {
    let duplicates = store.duplicates().await?;
    if duplicates > 0 {
        cx.ui.warn(format!(
            "{} of table `{}` in {} {} a duplicate, because the table has no key. Only the newest row of each session is read. `tomcat-sessions check` prints the statements that remove duplicates.",
            plural(duplicates, "row"),
            store.names().table,
            store.target(),
            if duplicates == 1 { "holds" } else { "hold" },
        ));
    }
    Ok(duplicates)
}

/// Refuses a table as both stores.
pub fn require_two(from: &SessionStore, to: &SessionStore) -> Result<(), Failure> {
    let place = |store: &SessionStore| {
        let target = store.target();
        (target.host.clone(), target.port, store.server().database.clone(), store.names().table.clone())
    };
    if place(from) == place(to) && from.target().params.get("socket") == to.target().params.get("socket") {
        return Err(Failure::usage(format!("both stores are the table `{}` of {}", to.names().table, to.target()))
            .hint("if both tables are in one database, name the second one with --to-table"));
    }
    Ok(())
}

/// A store, for reports.
#[derive(Debug, Serialize)]
pub struct ComparedStore {
    pub store: String,
    pub table: String,
    /// The server that answered at the start.
    #[serde(flatten)]
    pub server: ServerReport,
    /// The variant of the server that answered.
    pub engine: String,
    pub server_version: String,
    /// Surplus rows of sessions that have several rows.
    pub duplicates: u64,
}

impl ComparedStore {
    pub fn of(store: &SessionStore) -> ComparedStore {
        ComparedStore {
            store: store.target().to_string(),
            table: store.names().table.clone(),
            server: ServerReport::of(store),
            engine: store.variant().to_owned(),
            server_version: store.server().version.clone(),
            duplicates: 0,
        }
    }
}

impl std::fmt::Display for ComparedStore {
    /// The table, its store, and the server that answered.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = self.server.summary().map(|server| format!(" at {server}")).unwrap_or_default();
        write!(f, "`{}` of {}{at}", self.table, self.store)
    }
}

/// A session that differs between two stores.
#[derive(Debug, Serialize)]
pub struct DifferingSession {
    pub kind: Kind,
    pub session_id: String,
    pub app_name: Option<String>,
    /// The columns that differ, by their names in --columns; empty if a store does not have the session.
    pub columns: Vec<&'static str>,
    pub from: RowState,
    pub to: RowState,
}

/// The compared columns of a row; all `None` if the store does not have the session, so that CSV has all columns.
#[derive(Debug, Default, Serialize)]
pub struct RowState {
    pub present: bool,
    pub valid_session: Option<String>,
    pub max_inactive: Option<i64>,
    pub last_access: Option<EpochMillis>,
    pub last_access_rfc3339: Option<String>,
    pub size_bytes: Option<u64>,
    pub sha256: Option<String>,
}

impl RowState {
    fn of(digest: Option<Digest>) -> RowState {
        let Some(digest) = digest else { return RowState::default() };
        RowState {
            present: true,
            sha256: digest.hex(),
            valid_session: digest.meta.valid,
            max_inactive: digest.meta.max_inactive,
            last_access: digest.meta.last_access,
            last_access_rfc3339: digest.meta.last_access.and_then(EpochMillis::rfc3339),
            size_bytes: digest.meta.size,
        }
    }
}

impl From<Difference> for DifferingSession {
    fn from(found: Difference) -> DifferingSession {
        DifferingSession {
            kind: found.kind,
            columns: found.columns(),
            session_id: found.key.id,
            app_name: found.key.app,
            from: RowState::of(found.left),
            to: RowState::of(found.right),
        }
    }
}

/// Prints the differences, with id prefixes unless `full_ids` is set.
pub fn table(page: &mut Page, differences: &[DifferingSession], full_ids: bool) {
    if differences.is_empty() {
        return;
    }
    let prefixes = IdPrefixes::of(differences.iter().map(|d| d.session_id.as_str()));
    let accessed = |state: &RowState| match state.last_access {
        _ if !state.present => "-".to_owned(),
        None => "NULL".to_owned(),
        Some(at) => page.time(at),
    };
    let row = |d: &DifferingSession| {
        vec![
            d.kind.as_str().to_owned(),
            if full_ids { d.session_id.clone() } else { prefixes.cut(&d.session_id) },
            d.app_name.clone().unwrap_or_else(|| "NULL".to_owned()),
            d.columns.join(", "),
            accessed(&d.from),
            accessed(&d.to),
        ]
    };
    let heads = ["", "SESSION", "APPLICATION", "DIFFERS IN", "LAST ACCESS IN FIRST", "LAST ACCESS IN SECOND"]
        .map(Head::left)
        .to_vec();
    page.table(&Table { heads, rows: differences.iter().map(row).collect() });
    page.blank();
}

/// Counts of a comparison.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub struct ComparisonCounts {
    pub sessions_from: u64,
    pub sessions_to: u64,
    pub same: u64,
    pub missing: u64,
    pub extra: u64,
    pub different: u64,
    pub changed: u64,
}

impl ComparisonCounts {
    pub fn of(done: &Comparison) -> ComparisonCounts {
        ComparisonCounts {
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

/// The result of a comparison in one or two sentences; `second` names the side that is not the reference.
pub fn summary(c: &ComparisonCounts, second: &str) -> String {
    let parts = [
        (c.missing, format!("missing from {second}")),
        (c.extra, format!("only in {second}")),
        (c.different, "different".to_owned()),
    ];
    let parts: Vec<String> =
        parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{} {word}", plural(n, "session"))).collect();
    let changed = if c.changed == 0 {
        String::new()
    } else {
        format!(" Tomcat changed {} in the meantime.", plural(c.changed, "session"))
    };
    let verb = if c.same == 1 { "is" } else { "are" };
    let same = format!("{} {verb} the same", plural(c.same, "session"));
    if parts.is_empty() {
        format!("{same}: no difference.{changed}")
    } else {
        format!("Differences: {}; {same}.{changed}", parts.join(", "))
    }
}
