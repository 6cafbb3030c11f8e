//! Deletes from a copy what has left the original.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use super::{Batch, Cursor, Reading, Result, SessionStore, Stop};
use crate::session::{EpochMillis, Filter, SessionKey, SessionMeta, short_digest};

/// The time between the two looks that must miss a session.
const LOOK_AGAIN: Duration = Duration::from_millis(250);
/// Sessions looked up and deleted at a time.
const BATCH: usize = 500;

/// Deletes from `to` the sessions of `moved` (short digests of keys) that two looks at `from`, 250 ms
/// apart, miss; returns how many. What was never in the original stays, and what somebody changed in
/// the copy since it was read.
///
/// # Errors
/// [`super::StoreError::Db`]; what was deleted before stays deleted.
pub async fn delete_gone(
    from: &mut SessionStore,
    to: &mut SessionStore,
    moved: &HashSet<u64>,
    stop: &Stop,
) -> Result<u64> {
    let mut present = HashSet::with_capacity(moved.len());
    keys(from, stop, |meta| {
        present.insert(short_digest(&meta.key));
    })
    .await?;
    if stop.requested().is_some() {
        return Ok(0);
    }
    let mut candidates: Vec<SessionMeta> = Vec::new();
    keys(to, stop, |meta| {
        let digest = short_digest(&meta.key);
        if moved.contains(&digest) && !present.contains(&digest) {
            candidates.push(meta);
        }
    })
    .await?;
    drop(present);
    tokio::time::sleep(LOOK_AGAIN).await;
    let mut gone = 0;
    for metas in candidates.chunks(BATCH) {
        if stop.requested().is_some() {
            break;
        }
        let keys: Vec<SessionKey> = metas.iter().map(|meta| meta.key.clone()).collect();
        let back: HashSet<SessionKey> = from.digests_of(&keys).await?.into_iter().map(|d| d.meta.key).collect();
        let mut apps: BTreeMap<Option<&str>, Vec<String>> = BTreeMap::new();
        let seen: HashMap<&SessionKey, &SessionMeta> = metas.iter().map(|meta| (&meta.key, meta)).collect();
        for key in keys.iter().filter(|key| !back.contains(key)) {
            apps.entry(key.app.as_deref()).or_default().push(key.id.clone());
        }
        for (app, ids) in apps {
            let batch = Batch { app, ids: &ids, cutoff: None, accessed_before: None, dry_run: false };
            let unchanged = |now: &SessionMeta| seen.get(&now.key).is_some_and(|before| *before == now);
            gone += to.delete(&batch, &unchanged).await?.sessions;
        }
    }
    Ok(gone)
}

/// Hands each session's columns to `each`.
async fn keys(store: &mut SessionStore, stop: &Stop, mut each: impl FnMut(SessionMeta)) -> Result<()> {
    let all = Filter::default();
    let reading = Reading { filter: &all, now: EpochMillis(0), from: None, limit: None };
    let mut cursor = Cursor::default();
    while stop.requested().is_none() {
        let Some(page) = store.next_page(&reading, &mut cursor).await? else { break };
        page.into_iter().for_each(&mut each);
    }
    Ok(())
}
