//! The sessions in the memory of each Tomcat, and their rows in the table.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;

use tokio::task::JoinSet;

use crate::failure::Failure;
use crate::jmx::{Node, NodeError};
use crate::operations::tomcat::nodes::TomcatNode;
use crate::session::{EpochMillis, Filter};
use crate::store::{ReadRequest, SessionStore, Stop};

/// Maximum number of connections per node, to limit the load on its Manager.
const MAX_CONNECTIONS: usize = 4;

/// The sessions of one application in the memory of one node, each with its `lastAccessedTime` if that was requested
/// and the session still existed.
#[derive(Debug, Default, Clone)]
pub struct NodeSessions {
    pub sessions: HashMap<String, Option<EpochMillis>>,
}

/// The sessions in memory, by position of the node and by application.
pub type MemorySnapshot = BTreeMap<(usize, String), NodeSessions>;

/// Lists the sessions of all nodes concurrently, only those of applications with a Store.
pub async fn memory(nodes: &[TomcatNode], clocks: bool) -> Result<MemorySnapshot, NodeError> {
    let mut asking = JoinSet::new();
    for (at, asked) in nodes.iter().cloned().enumerate() {
        asking.spawn(async move {
            let mut found = Vec::new();
            for served in asked.served.iter().filter(|served| served.persistent) {
                let ids = asked.node.session_ids(&served.bean).await?;
                let sessions = if clocks {
                    clocks_of(&asked.node, &served.bean, ids).await?
                } else {
                    ids.into_iter().map(|id| (id, None)).collect()
                };
                found.push(((at, served.app.clone()), NodeSessions { sessions }));
            }
            Ok::<_, NodeError>(found)
        });
    }
    let answers = asking.join_all().await;
    answers.into_iter().try_fold(MemorySnapshot::new(), |mut memory, answer| {
        memory.extend(answer?);
        Ok(memory)
    })
}

async fn clocks_of(
    node: &Node,
    bean: &str,
    ids: Vec<String>,
) -> Result<HashMap<String, Option<EpochMillis>>, NodeError> {
    let mut tasks = JoinSet::new();
    let size = ids.len().div_ceil(MAX_CONNECTIONS).max(1);
    for part in ids.chunks(size) {
        let (node, bean, part) = (node.clone(), bean.to_owned(), part.to_vec());
        tasks.spawn(async move {
            let mut clocks = Vec::with_capacity(part.len());
            for id in part {
                let at = node.last_accessed(&bean, &id).await?;
                clocks.push((id, at));
            }
            Ok::<_, NodeError>(clocks)
        });
    }
    let mut all = HashMap::with_capacity(ids.len());
    for part in tasks.join_all().await {
        all.extend(part?);
    }
    Ok(all)
}

/// The rows of one application.
#[derive(Debug, Default, Clone)]
pub struct StoreRows {
    pub count: u64,
    /// `last_access` of the sessions that are in memory.
    pub of: HashMap<String, Option<EpochMillis>>,
}

/// Reads the columns of the table: the number of rows of each application, and the last access of the sessions that are
/// in memory. `apps` restricts it to some applications.
pub async fn rows(
    store: &mut SessionStore,
    memory: &MemorySnapshot,
    apps: Option<&BTreeSet<String>>,
    now: EpochMillis,
    stop: &Stop,
) -> Result<BTreeMap<String, StoreRows>, Failure> {
    let mut wanted: HashMap<&str, Vec<&NodeSessions>> = HashMap::new();
    for ((_, app), held) in memory {
        wanted.entry(app).or_default().push(held);
    }
    let apps = apps.map(|apps| apps.iter().cloned().map(Some).collect());
    let filter = Filter { apps, ..Filter::default() };
    let reading = ReadRequest { filter: &filter, now, from: None, limit: None };
    let mut rows: BTreeMap<String, StoreRows> = BTreeMap::new();
    store
        .for_each(&reading, stop, |session| {
            let Some(app) = session.key.app else { return ControlFlow::Continue(()) };
            let held = wanted
                .get(app.as_str())
                .is_some_and(|all| all.iter().any(|held| held.sessions.contains_key(&session.key.id)));
            let rows = rows.entry(app).or_default();
            rows.count += 1;
            if held {
                rows.of.insert(session.key.id, session.last_access);
            }
            ControlFlow::Continue(())
        })
        .await?;
    Ok(rows)
}

/// Numbers of one application: sessions in memory compared with rows.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Tally {
    pub in_memory: u64,
    pub in_both: u64,
    pub only_in_memory: u64,
    /// In both; the row is older than the session in memory.
    pub stale: u64,
    /// In the memory of several nodes.
    pub in_several: u64,
}

/// Compares the sessions in memory with the rows of the same application. A session in the memory of several nodes is
/// counted once; its row is stale if it is older than the newest of them.
pub fn tally<'a>(held: impl Iterator<Item = &'a NodeSessions>, rows: Option<&StoreRows>) -> Tally {
    let mut newest: HashMap<&str, (Option<EpochMillis>, u64)> = HashMap::new();
    for (id, clock) in held.flat_map(|held| &held.sessions) {
        let (at, nodes) = newest.entry(id).or_default();
        *at = (*at).max(*clock);
        *nodes += 1;
    }
    let mut tally = Tally { in_memory: newest.len() as u64, ..Tally::default() };
    for (id, (clock, nodes)) in newest {
        tally.in_several += u64::from(nodes > 1);
        match rows.and_then(|rows| rows.of.get(id)) {
            Some(row) => {
                tally.in_both += 1;
                tally.stale += u64::from(clock.is_some_and(|clock| *row < Some(clock)));
            }
            None => tally.only_in_memory += 1,
        }
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_in_memory_are_compared_with_the_table() {
        let held = |sessions: &[(&str, i64)]| NodeSessions {
            sessions: sessions.iter().map(|(id, at)| ((*id).to_owned(), Some(EpochMillis(*at)))).collect(),
        };
        let nodes = [held(&[("new", 5), ("same", 5), ("shared", 5)]), held(&[("shared", 9), ("older", 5)])];
        let row = |id: &str, at| (id.to_owned(), Some(EpochMillis(at)));
        let rows = StoreRows { count: 7, of: [row("same", 5), row("shared", 5), row("older", 6)].into() };
        let tally = tally(nodes.iter(), Some(&rows));
        assert_eq!(tally, Tally { in_memory: 4, in_both: 3, only_in_memory: 1, stale: 1, in_several: 1 });
    }
}
