//! Candidates that no running Tomcat holds in memory: the row of one that does is a copy, and an old one.

use std::collections::{BTreeMap, HashSet};

use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};

use super::nodes::{Asked, Fleet, NodeArgs};
use crate::context::Context;
use crate::failure::Failure;
use crate::jmx::NodeError;
use crate::session::SessionKey;
use crate::store::Candidates;

/// Candidates that are asked for at a time, so that little time passes between the answer and the move.
const CHUNK: usize = 500;
/// Up to so many are asked for one by one (`isLoaded`); for more, the node lists all it has, which is one
/// request, and the same map of `ManagerBase`.
const ONE_BY_ONE: usize = 20;

/// The Tomcats to ask; `None` where none was named.
///
/// # Errors
/// Where one of them does not answer: what it holds is not known.
pub async fn every_node(cx: &Context, nodes: &NodeArgs) -> Result<Option<Fleet>, Failure> {
    if nodes.is_empty() {
        return Ok(None);
    }
    let mut fleet = nodes.ask(cx, &[]).await?;
    match fleet.silent.pop() {
        Some(error) => {
            Err(Failure::from(error).hint("what it holds in memory is not known, so that nothing was moved"))
        }
        None => Ok(Some(fleet)),
    }
}

/// Says how many candidates were held back, or which node stopped answering: the candidates end there.
pub type Asking = JoinHandle<Result<u64, NodeError>>;

/// Lets through what no node holds at this moment; everything, where there is none to ask.
pub fn unloaded(fleet: &Option<Fleet>, mut candidates: Candidates) -> (Candidates, Option<Asking>) {
    let Some(fleet) = fleet.clone() else { return (candidates, None) };
    let (sender, pages) = mpsc::channel(1);
    let asking = tokio::spawn(async move {
        let mut held = 0;
        while let Some(page) = candidates.next().await {
            let page = match page {
                Ok(page) => page,
                Err(error) => {
                    let _ = sender.send(Err(error)).await;
                    break;
                }
            };
            for chunk in page.chunks(CHUNK) {
                let loaded = loaded(&fleet, chunk).await?;
                let free: Vec<SessionKey> = chunk.iter().filter(|key| !loaded.contains(*key)).cloned().collect();
                held += (chunk.len() - free.len()) as u64;
                if sender.send(Ok(free)).await.is_err() {
                    return Ok(held);
                }
            }
        }
        Ok(held)
    });
    (Candidates::of(pages), Some(asking))
}

/// Those of `keys` that some node has in memory, all nodes asked at once.
async fn loaded(fleet: &Fleet, keys: &[SessionKey]) -> Result<HashSet<SessionKey>, NodeError> {
    let mut by_app: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for key in keys {
        // A row without an application is nobody's.
        if let Some(app) = &key.app {
            by_app.entry(app.clone()).or_default().push(key.id.clone());
        }
    }
    let mut asking = JoinSet::new();
    for asked in &fleet.nodes {
        asking.spawn(held_by(asked.clone(), by_app.clone()));
    }
    let mut loaded = HashSet::new();
    for answer in asking.join_all().await {
        loaded.extend(answer?);
    }
    Ok(loaded)
}

async fn held_by(asked: Asked, by_app: BTreeMap<String, Vec<String>>) -> Result<Vec<SessionKey>, NodeError> {
    let mut held = Vec::new();
    for served in &asked.served {
        let Some(ids) = by_app.get(&served.app) else { continue };
        let key = |id: &String| SessionKey::new(Some(served.app.clone()), id.as_str());
        // The proxy takes no argument with a comma in it.
        if ids.len() > ONE_BY_ONE || ids.iter().any(|id| id.is_empty() || id.contains(',')) {
            let all: HashSet<String> = asked.node.session_ids(&served.bean).await?.into_iter().collect();
            held.extend(ids.iter().filter(|id| all.contains(*id)).map(key));
        } else {
            for id in ids {
                if asked.node.is_loaded(&served.bean, id).await? {
                    held.push(key(id));
                }
            }
        }
    }
    Ok(held)
}
