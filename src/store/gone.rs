//! Deletes from a copy what has left the original.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::waiting::Waiting;
use super::{Batch, Cursor, Reading, Result, SessionStore, Stop};
use crate::ledger::Keys;
use crate::session::{EpochMillis, Filter, SessionKey, SessionMeta};

/// The time between the two looks that must miss a session.
const LOOK_AGAIN: Duration = Duration::from_millis(250);
/// Sessions looked up and deleted at a time.
const BATCH: usize = 500;
/// Sessions that wait for the second look.
const WAITING: usize = 10_000;

/// Deletes from `to` the sessions of `moved` that two looks at `from`, 250 ms apart, miss; returns how
/// many. What was never in the original stays, and what somebody changed in the copy since it was read.
///
/// # Errors
/// [`super::StoreError::Db`], [`super::StoreError::Notes`]; what was deleted before stays deleted.
pub async fn delete_gone(from: &mut SessionStore, to: &mut SessionStore, moved: &mut Keys, stop: &Stop) -> Result<u64> {
    let all = Filter::default();
    let reading = Reading { filter: &all, now: EpochMillis(0), from: None, limit: None };
    let mut present = Keys::default();
    let mut cursor = Cursor::default();
    while stop.requested().is_none()
        && let Some(page) = from.next_page(&reading, &mut cursor).await?
    {
        for meta in page {
            present.insert(&meta.key)?;
        }
    }
    let (mut gone, mut candidates) = (0, Vec::new());
    let mut cursor = Cursor::default();
    while stop.requested().is_none() {
        let page = to.next_page(&reading, &mut cursor).await?;
        let more = page.is_some();
        for meta in page.unwrap_or_default() {
            if moved.contains(&meta.key)? && !present.contains(&meta.key)? {
                candidates.push(meta);
            }
        }
        if candidates.len() >= WAITING || !more {
            gone += look_again(from, to, &std::mem::take(&mut candidates), stop).await?;
        }
        if !more {
            break;
        }
    }
    Ok(gone)
}

/// Deletes from `to` those that `from` lacks still.
async fn look_again(
    from: &mut SessionStore,
    to: &mut SessionStore,
    candidates: &[SessionMeta],
    stop: &Stop,
) -> Result<u64> {
    tokio::time::sleep(LOOK_AGAIN).await;
    let mut gone = 0;
    for metas in candidates.chunks(BATCH) {
        if stop.requested().is_some() {
            break;
        }
        let keys: Vec<SessionKey> = metas.iter().map(|meta| meta.key.clone()).collect();
        let back: HashSet<SessionKey> = from.digests_of(&keys).await?.into_iter().map(|d| d.meta.key).collect();
        let seen: HashMap<&SessionKey, &SessionMeta> = metas.iter().map(|meta| (&meta.key, meta)).collect();
        let mut absent = Waiting::default();
        absent.add(keys.into_iter().filter(|key| !back.contains(key)).collect());
        while let Some((app, ids)) = absent.batch(BATCH, true) {
            let batch = Batch { app: app.as_deref(), ids: &ids, cutoff: None, accessed_before: None, dry_run: false };
            let unchanged = |now: &SessionMeta| seen.get(&now.key).is_some_and(|before| *before == now);
            gone += to.delete(&batch, &unchanged).await?.sessions;
        }
    }
    Ok(gone)
}
