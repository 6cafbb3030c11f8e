//! Sessions that no running Tomcat holds in memory: the row of one that does is a copy, and an old one.

use std::collections::HashSet;

use async_trait::async_trait;
use tokio::task::JoinSet;

use crate::context::Context;
use crate::failure::{Failure, UNREACHABLE};
use crate::jmx::NodeError;
use crate::operations::tomcat::nodes::{TomcatNode, TomcatNodes};
use crate::options::managers::ManagerArgs;
use crate::store::InMemoryCheck;

/// Up to so many are asked for one by one (`isLoaded`); for more, the node lists all it has, which is one
/// request, and the same map of `ManagerBase`.
const ONE_BY_ONE: usize = 20;

/// The Tomcats to ask; `None` where none was named.
///
/// # Errors
/// Where one of them does not answer: what it holds is not known.
pub async fn every_node(cx: &Context, nodes: &ManagerArgs) -> Result<Option<TomcatNodes>, Failure> {
    if nodes.is_empty() {
        return Ok(None);
    }
    let unknown = "its sessions in memory are unknown, so nothing was moved or deleted";
    let mut tomcats = nodes.ask(cx, &[]).await.map_err(|failure| match failure.code {
        UNREACHABLE => failure.hint(unknown),
        _ => failure,
    })?;
    match tomcats.silent.pop() {
        Some(error) => Err(Failure::from(error).hint(unknown)),
        None => Ok(Some(tomcats)),
    }
}

/// Lets go what no node holds at this moment.
pub struct TomcatMemory(pub TomcatNodes);

#[async_trait]
impl InMemoryCheck for TomcatMemory {
    async fn of(&self, app: Option<&str>, ids: &[String]) -> Result<Vec<String>, String> {
        // A row without an application is nobody's.
        let Some(app) = app else { return Ok(ids.to_vec()) };
        let loaded = loaded(&self.0, app, ids).await.map_err(|error| error.to_string())?;
        Ok(ids.iter().filter(|id| !loaded.contains(*id)).cloned().collect())
    }
}

/// Those of `ids` that some node has in memory, all nodes asked at once.
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

/// Those of `ids` that a node has in memory.
pub async fn held_by(asked: TomcatNode, app: String, ids: Vec<String>) -> Result<Vec<String>, NodeError> {
    let mut held = Vec::new();
    for served in asked.served.iter().filter(|served| served.app == app) {
        // The proxy takes no argument with a comma in it.
        if ids.len() > ONE_BY_ONE || ids.iter().any(|id| id.is_empty() || id.contains(',')) {
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
