//! Checks which sessions a running Tomcat has in memory. The row of such a session is only a copy, and may be out of
//! date.

use std::collections::HashSet;

use async_trait::async_trait;
use tokio::task::JoinSet;

use crate::context::Context;
use crate::failure::{Failure, UNREACHABLE};
use crate::jmx::NodeError;
use crate::operations::tomcat::nodes::{TomcatNode, TomcatNodes};
use crate::options::managers::ManagerArgs;
use crate::store::InMemoryCheck;

/// Up to this many sessions are queried one by one (`isLoaded`). For more, the node lists all its sessions in one
/// request; both read the same map of `ManagerBase`.
const MAX_SINGLE_QUERIES: usize = 20;

/// Queries all Tomcats; `None` if no Manager was given.
///
/// # Errors
/// One of them does not answer, so that its sessions in memory are unknown.
pub async fn query_all_nodes(cx: &Context, nodes: &ManagerArgs) -> Result<Option<TomcatNodes>, Failure> {
    if nodes.is_empty() {
        return Ok(None);
    }
    let unknown = "its sessions in memory are unknown, so nothing was moved or deleted";
    let mut tomcats = nodes.ask(cx, &[]).await.map_err(|failure| match failure.code {
        UNREACHABLE => failure.hint(unknown),
        _ => failure,
    })?;
    match tomcats.unreachable.pop() {
        Some(error) => Err(Failure::from(error).hint(unknown)),
        None => Ok(Some(tomcats)),
    }
}

/// The check on all nodes, at the time of the call.
pub struct TomcatMemory(pub TomcatNodes);

#[async_trait]
impl InMemoryCheck for TomcatMemory {
    async fn not_in_memory(&self, app: Option<&str>, ids: &[String]) -> Result<Vec<String>, String> {
        // No Tomcat loads a row without an application.
        let Some(app) = app else { return Ok(ids.to_vec()) };
        let loaded = loaded(&self.0, app, ids).await.map_err(|error| error.to_string())?;
        Ok(ids.iter().filter(|id| !loaded.contains(*id)).cloned().collect())
    }
}

/// Those of `ids` that are in the memory of a node. All nodes are queried concurrently.
async fn loaded(tomcats: &TomcatNodes, app: &str, ids: &[String]) -> Result<HashSet<String>, NodeError> {
    let mut asking = JoinSet::new();
    for asked in &tomcats.nodes {
        asking.spawn(held_by(asked.clone(), app.to_owned(), ids.to_vec()));
    }
    let mut loaded = HashSet::new();
    for answer in asking.join_all().await {
        loaded.extend(answer?);
    }
    Ok(loaded)
}

/// Those of `ids` that are in the memory of a node.
pub async fn held_by(asked: TomcatNode, app: String, ids: Vec<String>) -> Result<Vec<String>, NodeError> {
    let mut held = Vec::new();
    for served in asked.served.iter().filter(|served| served.app == app) {
        // The JMX proxy splits its arguments at commas.
        if ids.len() > MAX_SINGLE_QUERIES || ids.iter().any(|id| id.is_empty() || id.contains(',')) {
            let all: HashSet<String> = asked.node.session_ids(&served.bean).await?.into_iter().collect();
            held.extend(ids.iter().filter(|id| all.contains(*id)).cloned());
        } else {
            for id in &ids {
                if asked.node.is_loaded(&served.bean, id).await? {
                    held.push(id.clone());
                }
            }
        }
    }
    Ok(held)
}
