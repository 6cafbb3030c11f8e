//! Finds the sessions to log out: in memory, in the session table and in the swap table.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use super::Stores;
use super::nodes::{SessionsInMemory, Tomcats};
use crate::context::Context;
use crate::failure::Failure;
use crate::javaser::Search;
use crate::operations::confirmation::ChosenSessions;
use crate::operations::content_search::{ContentSearch, SkippedSessions};
use crate::operations::find_session::{Match, ambiguous};
use crate::operations::tomcat::missing_rows::MissingRow;
use crate::session::{EpochMillis, Filter, SessionKey, SessionMeta, short_digest};
use crate::spillable_map::SpillableMap;
use crate::store::{Cursor, ReadRequest, SessionStore, Stop, is_journal};

/// Which sessions are to be logged out.
pub enum Target {
    /// Sessions with these ids or id prefixes.
    Ids(Vec<String>),
    /// Sessions whose data matches.
    Search(Search),
    /// All sessions that the first search finds.
    All(Arc<InitialSessions>),
}

/// The sessions of the first search, as digests of their keys.
#[derive(Default)]
pub struct InitialSessions {
    keys: Mutex<SpillableMap>,
}

impl InitialSessions {
    /// Tells whether a session is to be logged out: the first search records all that it finds, later searches
    /// accept only recorded ones.
    ///
    /// # Errors
    /// Those of the temporary file.
    fn is_selected(&self, key: &SessionKey, first: bool) -> Result<bool, Failure> {
        let Ok(mut keys) = self.keys.lock() else { return Ok(false) };
        if !first {
            return Ok(keys.get(short_digest(key))?.is_some());
        }
        keys.set(short_digest(key), 1)?;
        Ok(true)
    }

    /// Tells whether the first search found a session. If the temporary file cannot be read, it did not: its row is
    /// kept, and the next search fails with the reason.
    pub fn has(&self, key: &SessionKey) -> bool {
        self.keys.lock().is_ok_and(|mut keys| keys.get(short_digest(key)).is_ok_and(|at| at.is_some()))
    }

    fn is_empty(&self) -> bool {
        self.keys.lock().is_ok_and(|keys| keys.is_empty())
    }
}

/// Where a session was found.
#[derive(Debug, Clone, Default)]
pub struct SessionLocations {
    pub nodes: BTreeSet<usize>,
    pub in_table: bool,
    pub swapped: bool,
}

/// The result of a search.
#[derive(Default)]
pub struct FoundSessions {
    /// The sessions to expire in the memory of each node.
    pub held: Vec<SessionsInMemory>,
    pub rows: u64,
    pub swapped: u64,
    /// Every session with its locations; empty with --all.
    pub sessions: BTreeMap<SessionKey, SessionLocations>,
    pub chosen: ChosenSessions,
    /// Sessions in memory without a current row: their data could not be searched.
    pub not_saved: Vec<MissingRow>,
    pub left_out: SkippedSessions,
}

impl FoundSessions {
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

    /// Adds the wanted sessions from the memory of the nodes.
    fn keep_held(&mut self, held: Vec<SessionsInMemory>, wanted: impl Fn(&FoundSessions, &SessionKey) -> bool) {
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
    pub fn warn_of_unsearched_apps(&self, cx: &Context, tomcats: &Tomcats) {
        if let Target::Search(_) = self {
            let apps: BTreeSet<&str> = tomcats.without_store().collect();
            if !apps.is_empty() {
                let apps = apps.into_iter().collect::<Vec<_>>().join(", ");
                cx.ui.warn(format!(
                    "Not searched: {apps}. The Manager has no Store, so that only --id and --all find these sessions."
                ));
            }
        }
    }

    /// Searches the memory of the Tomcats and both tables.
    ///
    /// # Errors
    /// Those of the store and of the state file; usage error if an id prefix is ambiguous.
    pub async fn find(
        &self,
        cx: &Context,
        stores: &mut Stores,
        tomcats: &mut Tomcats,
        filter: &Filter,
        stop: &Stop,
    ) -> Result<FoundSessions, Failure> {
        match self {
            Target::Search(search) => find_by_data(cx, stores, tomcats, (filter, search), stop).await,
            Target::Ids(ids) => find_by_ids(cx, stores, tomcats, filter, ids).await,
            Target::All(known) => find_all(cx, stores, tomcats, filter, known, stop).await,
        }
    }
}

async fn find_by_data(
    cx: &Context,
    stores: &mut Stores,
    tomcats: &mut Tomcats,
    (filter, search): (&Filter, &Search),
    stop: &Stop,
) -> Result<FoundSessions, Failure> {
    let not_saved = tomcats.write_all(cx, &mut stores.live, stop).await?;
    let mut found = FoundSessions { not_saved, ..FoundSessions::default() };
    for (store, swapped) in stores.each().zip([false, true]) {
        let reader = store.another().await?;
        let mut finder = ContentSearch::new(reader, filter.clone(), cx.now, stop.clone(), search.clone(), |_, _, _| ());
        while let Some(batch) = finder.next().await {
            batch.into_iter().for_each(|(session, ())| found.add_row(session, swapped, cx));
        }
        let left = finder.end().await?;
        found.left_out.add(left);
    }
    let held = tomcats.held().await;
    found.keep_held(held, |found, key| found.sessions.contains_key(key));
    Ok(found)
}

/// Ids are looked up in memory and in both tables: a session in memory need not have a row.
async fn find_by_ids(
    cx: &Context,
    stores: &mut Stores,
    tomcats: &mut Tomcats,
    filter: &Filter,
    ids: &[String],
) -> Result<FoundSessions, Failure> {
    let held = tomcats.held().await;
    let mut found = FoundSessions::default();
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
            return Err(ambiguous(id, matches(&rows, &held, id, cx.now)));
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
            (!ids.is_empty()).then(|| SessionsInMemory { ids, ..held.clone() })
        });
        found.keep_held(of_id.collect(), |_, _| true);
    }
    Ok(found)
}

/// The sessions whose ids have this prefix: their rows, and those in memory that have none.
fn matches(rows: &[(SessionMeta, bool)], held: &[SessionsInMemory], id: &str, now: EpochMillis) -> Vec<Match> {
    let mut all = BTreeMap::new();
    for held in held {
        for id in held.ids.iter().filter(|held| held.starts_with(id)) {
            all.insert(SessionKey::new(held.app.clone(), id.as_str()), "in memory");
        }
    }
    all.extend(
        rows.iter()
            .map(|(row, swapped)| (row.key.clone(), if *swapped { "swapped out" } else { row.state_at(now).as_str() })),
    );
    all.into_iter().map(|(key, state)| Match { key, state }).collect()
}

/// Reads rows whose ids have this prefix, at most enough to list some of them.
async fn with_prefix(
    store: &mut SessionStore,
    filter: &Filter,
    id: &str,
    cx: &Context,
) -> Result<Vec<SessionMeta>, Failure> {
    const MOST: usize = 1_000;
    let filter = Filter { id_prefix: Some(id.to_owned()), ..filter.clone() };
    let reading = ReadRequest { filter: &filter, now: cx.now, from: None, limit: None };
    let mut rows = Vec::new();
    store
        .for_each(&reading, &Stop::never(), |session| {
            rows.push(session);
            if rows.len() < MOST { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
        .await?;
    Ok(rows)
}

async fn find_all(
    cx: &Context,
    stores: &mut Stores,
    tomcats: &mut Tomcats,
    filter: &Filter,
    known: &InitialSessions,
    stop: &Stop,
) -> Result<FoundSessions, Failure> {
    let first = known.is_empty();
    let mut found = FoundSessions::default();
    // A session counts once, even if it is in memory and in both tables.
    let mut counted = SpillableMap::default();
    for (store, swapped) in stores.each().zip([false, true]) {
        let reading = ReadRequest { filter, now: cx.now, from: None, limit: None };
        let mut cursor = Cursor::default();
        while stop.requested().is_none() {
            let Some(page) = store.next_page(&reading, &mut cursor).await? else { break };
            for session in page.into_iter().filter(|session| !is_journal(&session.key)) {
                if !known.is_selected(&session.key, first)? {
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
            if known.is_selected(&key, first)? {
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
