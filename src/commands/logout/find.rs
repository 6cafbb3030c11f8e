//! Looks for the sessions to log out: in memory, in the table, and swapped out.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use super::Stores;
use super::nodes::{Held, Tomcats};
use crate::context::Context;
use crate::failure::Failure;
use crate::javaser::Search;
use crate::operations::confirmation::ChosenSessions;
use crate::operations::content_search::{ContentSearch, SkippedSessions};
use crate::operations::tomcat::missing_rows::MissingRow;
use crate::session::{Filter, SessionKey, SessionMeta, short_digest};
use crate::spill::SpillMap;
use crate::store::{Cursor, Reading, SessionStore, Stop, is_journal};
use crate::ui::plural;

/// Who is to be logged out.
pub enum Target {
    /// By ids, or their beginnings.
    Ids(Vec<String>),
    /// By what the data hold.
    Search(Search),
    /// Everybody who is there at the first look.
    All(Arc<Known>),
}

/// The sessions of the first look, by digests.
#[derive(Default)]
pub struct Known {
    keys: Mutex<SpillMap>,
}

impl Known {
    /// Tells whether a session is wanted: one that was there at the first look, which notes it.
    fn wants(&self, key: &SessionKey, first: bool) -> Result<bool, Failure> {
        if !first {
            return Ok(self.has(key));
        }
        let Ok(mut keys) = self.keys.lock() else { return Ok(false) };
        keys.set(short_digest(key), 1)?;
        Ok(true)
    }

    /// Tells whether a session was there at the first look. Where that cannot be read, it was: to log out one
    /// too many is what was asked for.
    pub fn has(&self, key: &SessionKey) -> bool {
        self.keys.lock().is_ok_and(|mut keys| keys.get(short_digest(key)).is_ok_and(|at| at.is_some()))
    }

    fn is_empty(&self) -> bool {
        self.keys.lock().is_ok_and(|keys| keys.is_empty())
    }
}

/// Where a session is.
#[derive(Debug, Clone, Default)]
pub struct Places {
    pub nodes: BTreeSet<usize>,
    pub in_table: bool,
    pub swapped: bool,
}

/// What a look found.
#[derive(Default)]
pub struct Found {
    /// Of the nodes' memory, what is to be expired there.
    pub held: Vec<Held>,
    pub rows: u64,
    pub swapped: u64,
    /// Each session; empty with --all.
    pub sessions: BTreeMap<SessionKey, Places>,
    pub chosen: ChosenSessions,
    /// Sessions in memory whose data the table does not have, so that they could not be searched.
    pub unwritten: Vec<MissingRow>,
    pub left_out: SkippedSessions,
}

impl Found {
    pub fn is_empty(&self) -> bool {
        self.rows == 0 && self.swapped == 0 && self.held.iter().all(|held| held.ids.is_empty())
    }

    pub fn sessions(&self) -> u64 {
        self.chosen.sessions()
    }

    fn add_row(&mut self, session: SessionMeta, swapped: bool, cx: &Context) {
        if is_journal(&session.key) {
            return;
        }
        *if swapped { &mut self.swapped } else { &mut self.rows } += 1;
        if !self.sessions.contains_key(&session.key) {
            self.chosen.add(&session, cx.now);
        }
        let places = self.sessions.entry(session.key).or_default();
        *if swapped { &mut places.swapped } else { &mut places.in_table } = true;
    }

    /// Keeps of what the nodes hold what is wanted.
    fn keep_held(&mut self, held: Vec<Held>, wanted: impl Fn(&Found, &SessionKey) -> bool) {
        for mut held in held {
            let all = std::mem::take(&mut held.ids);
            for id in all {
                let key = SessionKey::new(held.app.clone(), id.as_str());
                if !wanted(self, &key) {
                    continue;
                }
                if !self.sessions.contains_key(&key) {
                    self.chosen.add_in_memory(&held.app);
                }
                self.sessions.entry(key).or_default().nodes.insert(held.node);
                held.ids.push(id);
            }
            self.held.push(held);
        }
    }
}

impl Target {
    pub fn all() -> Target {
        Target::All(Arc::default())
    }

    /// Warns of applications whose sessions cannot be searched for users.
    pub fn warn_of_unseen(&self, cx: &Context, tomcats: &Tomcats) {
        if let Target::Search(_) = self {
            let apps: BTreeSet<&str> = tomcats.without_store().collect();
            if !apps.is_empty() {
                let apps = apps.into_iter().collect::<Vec<_>>().join(", ");
                cx.ui.warn(format!(
                    "Not searched: {apps}. The Manager there has no Store; --id and --all reach its sessions."
                ));
            }
        }
    }

    /// Looks everywhere.
    ///
    /// # Errors
    /// Those of the store and of the state file; usage, where the beginning of an id fits several sessions.
    pub async fn find(
        &self,
        cx: &Context,
        stores: &mut Stores,
        tomcats: &mut Tomcats,
        filter: &Filter,
        stop: &Stop,
    ) -> Result<Found, Failure> {
        match self {
            Target::Search(search) => by_data(cx, stores, tomcats, (filter, search), stop).await,
            Target::Ids(ids) => by_ids(cx, stores, tomcats, filter, ids).await,
            Target::All(known) => everybody(cx, stores, tomcats, filter, known, stop).await,
        }
    }
}

async fn by_data(
    cx: &Context,
    stores: &mut Stores,
    tomcats: &mut Tomcats,
    (filter, search): (&Filter, &Search),
    stop: &Stop,
) -> Result<Found, Failure> {
    let unwritten = tomcats.write_all(cx, &mut stores.live, stop).await?;
    let mut found = Found { unwritten, ..Found::default() };
    for (store, swapped) in stores.each().zip([false, true]) {
        let reader = store.another().await?;
        let mut finder = ContentSearch::new(reader, filter.clone(), cx.now, stop.clone(), search.clone(), |_, _, _| ());
        while let Some(batch) = finder.next().await {
            batch.into_iter().for_each(|(session, ())| found.add_row(session, swapped, cx));
        }
        let left = finder.end().await?;
        found.left_out.unread += left.unread;
        found.left_out.missed += left.missed;
    }
    let held = tomcats.held().await;
    found.keep_held(held, |found, key| found.sessions.contains_key(key));
    Ok(found)
}

/// What is in memory under an id of its own is found there, whatever the table has.
async fn by_ids(
    cx: &Context,
    stores: &mut Stores,
    tomcats: &mut Tomcats,
    filter: &Filter,
    ids: &[String],
) -> Result<Found, Failure> {
    let held = tomcats.held().await;
    let mut found = Found::default();
    for id in ids {
        if id.is_empty() {
            return Err(Failure::usage("a session id is empty"));
        }
        let mut rows = Vec::new();
        for (store, swapped) in stores.each().zip([false, true]) {
            let all = with_prefix(store, filter, id, cx).await?;
            rows.extend(all.into_iter().map(|session| (session, swapped)));
        }
        let in_memory = held.iter().flat_map(|held| &held.ids).filter(|held| held.starts_with(id.as_str()));
        let mut meant: BTreeSet<&str> = rows.iter().map(|(row, _)| row.key.id.as_str()).collect();
        meant.extend(in_memory.map(String::as_str));
        if meant.len() > 1 && !meant.contains(id.as_str()) {
            let shown: Vec<String> =
                meant.iter().take(5).map(|id| id.chars().take(12).collect::<String>() + "…").collect();
            return Err(Failure::usage(format!(
                "`{}` fits {}",
                SessionKey::new(None, id.as_str()).redacted(),
                plural(meant.len() as u64, "session")
            ))
            .hint(format!(
                "write a longer prefix; `tomcat-sessions list --id PREFIX` lists the matches: {}",
                shown.join(", ")
            )));
        }
        let exact =
            if meant.contains(id.as_str()) { Some(id.clone()) } else { meant.first().map(|id| (*id).to_owned()) };
        let Some(exact) = exact else { continue };
        for (row, swapped) in rows {
            if row.key.id == exact && !found.sessions.get(&row.key).is_some_and(|places| places.in_table && !swapped) {
                found.add_row(row, swapped, cx);
            }
        }
        let of_id = held.iter().filter_map(|held| {
            let ids: Vec<String> = held.ids.iter().filter(|held| **held == exact).cloned().collect();
            (!ids.is_empty()).then(|| Held { ids, ..held.clone() })
        });
        found.keep_held(of_id.collect(), |_, _| true);
    }
    Ok(found)
}

/// Rows whose ids begin so; as many as it takes to name some.
async fn with_prefix(
    store: &mut SessionStore,
    filter: &Filter,
    id: &str,
    cx: &Context,
) -> Result<Vec<SessionMeta>, Failure> {
    const MOST: usize = 1_000;
    let filter = Filter { id_prefix: Some(id.to_owned()), ..filter.clone() };
    let reading = Reading { filter: &filter, now: cx.now, from: None, limit: None };
    let mut rows = Vec::new();
    store
        .for_each(&reading, &Stop::never(), |session| {
            rows.push(session);
            if rows.len() < MOST { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
        .await?;
    Ok(rows)
}

async fn everybody(
    cx: &Context,
    stores: &mut Stores,
    tomcats: &mut Tomcats,
    filter: &Filter,
    known: &Known,
    stop: &Stop,
) -> Result<Found, Failure> {
    let first = known.is_empty();
    let mut found = Found::default();
    // What this look has counted: a session counts once, wherever it is.
    let mut counted = SpillMap::default();
    for (store, swapped) in stores.each().zip([false, true]) {
        let reading = Reading { filter, now: cx.now, from: None, limit: None };
        let mut cursor = Cursor::default();
        while stop.requested().is_none() {
            let Some(page) = store.next_page(&reading, &mut cursor).await? else { break };
            for session in page.into_iter().filter(|session| !is_journal(&session.key)) {
                if !known.wants(&session.key, first)? {
                    continue;
                }
                *if swapped { &mut found.swapped } else { &mut found.rows } += 1;
                if counted.set(short_digest(&session.key), 1)?.is_none() {
                    found.chosen.add(&session, cx.now);
                }
            }
        }
    }
    for mut held in tomcats.held().await {
        for id in std::mem::take(&mut held.ids) {
            let key = SessionKey::new(held.app.clone(), id.as_str());
            if known.wants(&key, first)? {
                if counted.set(short_digest(&key), 1)?.is_none() {
                    found.chosen.add_in_memory(&held.app);
                }
                held.ids.push(id);
            }
        }
        found.held.push(held);
    }
    Ok(found)
}
