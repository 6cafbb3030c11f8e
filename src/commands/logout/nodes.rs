//! Lists and expires the sessions in the memory of running Tomcats.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::context::Context;
use crate::failure::{Failure, UNREACHABLE};
use crate::jmx::{Node, NodeError};
use crate::operations::tomcat::in_memory_check::held_by;
use crate::operations::tomcat::memory_snapshot::memory;
use crate::operations::tomcat::missing_rows::{MissingRow, missing};
use crate::operations::tomcat::nodes::{TomcatNode, TomcatNodes};
use crate::operations::tomcat::state_file::StateFile;
use crate::operations::tomcat::temporary_settings::{TemporarySettings, restore_and_check_maintenance, save_settings};
use crate::options::managers::ManagerArgs;
use crate::session::Filter;
use crate::store::{InMemoryCheck, SessionStore, Stop};

/// Concurrent connections per node.
const MAX_CONNECTIONS: usize = 4;
/// Maximum duration of a pass that saves the sessions of an application.
const MAX_SAVE_TIME: Duration = Duration::from_secs(300);

/// The sessions of one application in one node's memory.
#[derive(Debug, Clone)]
pub struct SessionsInMemory {
    pub node: usize,
    pub bean: String,
    pub app: String,
    pub ids: Vec<String>,
}

/// How many sessions of an application a node was asked to expire.
pub struct ExpiredCount {
    pub node: usize,
    pub app: String,
    pub sessions: u64,
}

/// The Tomcats of a run; empty without --manager.
pub struct Tomcats {
    tomcats: TomcatNodes,
    /// The Managers that answered at the start; other fields refer to their positions.
    names: Vec<String>,
    state: Option<StateFile>,
    /// Errors of nodes that failed later.
    errors: Vec<NodeError>,
}

impl Tomcats {
    /// Reads the applications of every Tomcat.
    ///
    /// # Errors
    /// No Tomcat answers, the state file cannot be written, or a maintenance is in progress.
    pub async fn ask(
        cx: &Context,
        nodes: &ManagerArgs,
        state_file: Option<&Path>,
        dry_run: bool,
    ) -> Result<Tomcats, Failure> {
        if nodes.is_empty() {
            cx.ui.note(
                "No --manager is given, so only rows are deleted: a Tomcat that has a deleted session in memory \
                 keeps the session and writes its row again. Give the Manager application of every Tomcat with \
                 --manager or --managers-file.",
            );
            let tomcats = TomcatNodes { nodes: Vec::new(), unreachable: Vec::new() };
            return Ok(Tomcats { tomcats, names: Vec::new(), state: None, errors: Vec::new() });
        }
        let tomcats = nodes.ask(cx, &[]).await.map_err(|failure| {
            if failure.code != UNREACHABLE {
                return failure;
            }
            failure
                .hint("nothing was deleted, and nobody was logged out; run the command again when a Tomcat answers")
                .hint(
                    "if every Tomcat is stopped on purpose, run it without --manager, --managers-file and \
                     TOMCAT_SESSIONS_MANAGER: it then deletes the rows",
                )
        })?;
        let state = if dry_run { None } else { Some(state(cx, state_file, &tomcats).await?) };
        let names = tomcats.nodes.iter().map(|asked| asked.node.manager()).collect();
        Ok(Tomcats { tomcats, names, state, errors: Vec::new() })
    }

    pub fn name(&self, node: usize) -> &str {
        self.names.get(node).map_or("", String::as_str)
    }

    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Errors of all nodes, including those that never answered.
    pub fn errors(&self) -> impl Iterator<Item = &NodeError> {
        self.tomcats.unreachable.iter().chain(&self.errors)
    }

    /// The applications of all Tomcats.
    pub fn apps(&self) -> impl Iterator<Item = &str> {
        self.tomcats.served().map(|(_, served)| served.app.as_str())
    }

    /// Applications with sessions whose Manager has no Store.
    pub fn without_store(&self) -> impl Iterator<Item = &str> {
        let served = self.tomcats.served().filter(|(_, served)| !served.persistent);
        served.filter(|(_, served)| served.number("activeSessions") != Some(0)).map(|(_, served)| served.app.as_str())
    }

    pub fn keep_only(&mut self, filter: &Filter) {
        if let Some(apps) = &filter.apps {
            self.tomcats.keep_only(|app| apps.iter().flatten().any(|chosen| chosen == app));
        }
    }

    /// Makes the Tomcats save all sessions in their memory, so that their data can be searched in the table. Returns
    /// the sessions that have no current row afterwards.
    ///
    /// # Errors
    /// Those of the store and of the state file.
    pub async fn write_all(
        &mut self,
        cx: &Context,
        store: &mut SessionStore,
        stop: &Stop,
    ) -> Result<Vec<MissingRow>, Failure> {
        if self.state.is_none() || !self.tomcats.served().any(|(_, served)| served.persistent) {
            return Ok(Vec::new());
        }
        let before = loop {
            match memory(&self.tomcats.nodes, true).await {
                Ok(memory) => break memory,
                Err(error) => self.give_up(error),
            }
        };
        let Some(state) = &mut self.state else { return Ok(Vec::new()) };
        let passing = TemporarySettings {
            state,
            tomcats: &self.tomcats,
            settings: &save_settings,
            times: 1,
            wait: MAX_SAVE_TIME,
            stop: stop.clone(),
        };
        for error in passing.run(cx).await? {
            self.give_up(error);
        }
        loop {
            match missing(cx, store, &self.tomcats, &before, stop).await {
                Err(failure) => match self.dead_node().await {
                    Some(error) => self.give_up(error),
                    None => return Err(failure),
                },
                found => return found,
            }
        }
    }

    /// Returns the error of the first node that no longer answers.
    async fn dead_node(&self) -> Option<NodeError> {
        for asked in &self.tomcats.nodes {
            if let Err(error) = asked.node.server().await {
                return Some(error);
            }
        }
        None
    }

    /// Continues without a node that failed; the report lists it.
    fn give_up(&mut self, error: NodeError) {
        self.tomcats.nodes.retain(|asked| asked.node.manager() != error.manager);
        if !self.errors().any(|known| known.manager == error.manager) {
            self.errors.push(error);
        }
    }

    fn position(&self, asked: &TomcatNode) -> usize {
        let name = asked.node.manager();
        self.names.iter().position(|known| *known == name).unwrap_or_default()
    }

    /// Lists the sessions in memory now.
    pub async fn held(&mut self) -> Vec<SessionsInMemory> {
        let mut asking = JoinSet::new();
        for asked in &self.tomcats.nodes {
            let (at, asked) = (self.position(asked), asked.clone());
            asking.spawn(async move {
                let mut held = Vec::new();
                for served in &asked.served {
                    let ids = asked.node.session_ids(&served.bean).await?;
                    held.push(SessionsInMemory { node: at, bean: served.bean.clone(), app: served.app.clone(), ids });
                }
                Ok::<_, NodeError>(held)
            });
        }
        let mut all = Vec::new();
        for answer in asking.join_all().await {
            match answer {
                Ok(held) => all.extend(held),
                Err(error) => self.give_up(error),
            }
        }
        all.sort_by(|a, b| (a.node, &a.app).cmp(&(b.node, &b.app)));
        all
    }

    /// Expires the sessions in memory, on all nodes concurrently.
    pub async fn expire(&mut self, found: &[SessionsInMemory]) -> Vec<ExpiredCount> {
        let nodes: HashMap<usize, Node> =
            self.tomcats.nodes.iter().map(|asked| (self.position(asked), asked.node.clone())).collect();
        let mut work = JoinSet::new();
        for held in found.iter().filter(|held| !held.ids.is_empty()) {
            let Some(node) = nodes.get(&held.node) else { continue };
            for ids in held.ids.chunks(held.ids.len().div_ceil(MAX_CONNECTIONS)) {
                let (node, bean, ids) = (node.clone(), held.bean.clone(), ids.to_vec());
                let (at, app) = (held.node, held.app.clone());
                work.spawn(async move {
                    let (mut done, mut failed) = (0, None);
                    for id in &ids {
                        match node.expire_session(&bean, id).await {
                            Ok(()) => done += 1,
                            Err(error) => {
                                let of_the_node = error.kind.concerns_node();
                                failed = Some(error);
                                if of_the_node {
                                    break;
                                }
                            }
                        }
                    }
                    (at, app, done, failed)
                });
            }
        }
        let mut failed: BTreeMap<String, NodeError> = BTreeMap::new();
        let mut expired = Vec::new();
        for (at, app, done, error) in work.join_all().await {
            expired.push(ExpiredCount { node: at, app, sessions: done });
            if let Some(error) = error {
                failed.insert(error.manager.clone(), error);
            }
        }
        for error in failed.into_values() {
            if error.kind.concerns_node() {
                self.give_up(error);
            } else if !self.errors().any(|known| known.manager == error.manager) {
                self.errors.push(error);
            }
        }
        expired
    }

    /// The check that keeps rows of sessions in memory from being deleted.
    pub fn in_memory_check(&self) -> NotInMemory {
        NotInMemory { nodes: self.tomcats.nodes.clone(), failed: Mutex::default() }
    }

    /// Continues without the nodes that could not be asked.
    pub fn give_up_failed(&mut self, check: NotInMemory) {
        for error in check.failed.into_inner() {
            self.give_up(error);
        }
    }
}

async fn state(cx: &Context, file: Option<&Path>, tomcats: &TomcatNodes) -> Result<StateFile, Failure> {
    let mut state = StateFile::open(file, cx)?;
    restore_and_check_maintenance(cx, &mut state, tomcats).await?;
    Ok(state)
}

/// Spares the rows of sessions in the memory of a Tomcat: the next round expires them there. A Tomcat that does not
/// answer spares nothing, because its sessions cannot be expired.
pub struct NotInMemory {
    nodes: Vec<TomcatNode>,
    failed: Mutex<Vec<NodeError>>,
}

#[async_trait]
impl InMemoryCheck for NotInMemory {
    async fn not_in_memory(&self, app: Option<&str>, ids: &[String]) -> Result<Vec<String>, String> {
        let Some(app) = app else { return Ok(ids.to_vec()) };
        let mut held = Vec::new();
        for asked in &self.nodes {
            if self.failed.lock().await.iter().any(|error| error.manager == asked.node.manager()) {
                continue;
            }
            match held_by(asked.clone(), app.to_owned(), ids.to_vec()).await {
                Ok(ids) => held.extend(ids),
                Err(error) => self.failed.lock().await.push(error),
            }
        }
        Ok(ids.iter().filter(|id| !held.contains(id)).cloned().collect())
    }
}
