//! Moves sessions into another store. No transaction spans both: a batch is copied and committed
//! there first, and only what is still what was copied is deleted here. A run that is killed between
//! the two leaves sessions in both stores, never in none, and the next one finishes what it began.

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;

use super::digest::fitting;
use super::purge::COPIED;
use super::{Batch, Deleted, Disposal, Judge, Left, Mend, Result, SessionStore};
use crate::session::{Decision, Digest, OnConflict, SessionKey, SessionMeta};

/// Moves the sessions of a batch into another store. What stands there already in an older state, or
/// in the same one, is replaced; of what stands there in a newer state, both stay.
pub struct IntoStore {
    pub to: SessionStore,
    /// With it, sessions are edited on their way.
    pub mend: Option<Box<Mend>>,
}

/// A session that was copied: what it was, and what stands in the other store now.
struct Copied {
    was: Digest,
    is: SessionMeta,
}

#[async_trait]
impl Disposal for IntoStore {
    async fn dispose(&mut self, store: &mut SessionStore, batch: &Batch<'_>, wanted: &Judge<'_>) -> Result<Deleted> {
        let look = Batch { dry_run: true, ..*batch };
        let rows = store.lock_rows(&look, wanted).await?;
        let mut done =
            Deleted { spared: (batch.ids.len() - rows.len().min(batch.ids.len())) as u64, ..Deleted::default() };
        let copied = self.copy(store, batch, rows, &mut done).await?;
        if batch.dry_run {
            done.sessions = copied.len() as u64;
            done.bytes = copied.values().map(|one| one.is.size.unwrap_or(0)).sum();
            return Ok(done);
        }
        store.begin().await?;
        let gone = match delete_unchanged(store, batch, wanted, &copied).await {
            Ok(gone) => {
                store.commit().await?;
                gone
            }
            Err(error) => {
                store.rollback().await;
                return Err(error);
            }
        };
        done.sessions = gone.len() as u64;
        done.bytes = gone.iter().filter_map(|key| copied.get(key)?.is.size).sum();
        let stay: Vec<String> = copied.keys().filter(|key| !gone.contains(key)).map(|key| key.id.clone()).collect();
        if !stay.is_empty() {
            // They were used meanwhile: what was copied is not their state any more.
            done.spared += stay.len() as u64;
            let taken_back = Batch { app: batch.app, ids: &stay, cutoff: None, accessed_before: None, dry_run: false };
            self.to.delete(&taken_back, &|row| copied.get(&row.key).is_some_and(|one| one.is == *row)).await?;
        }
        Ok(done)
    }

    fn batch_time(&self) -> Duration {
        COPIED
    }
}

impl IntoStore {
    /// Copies the sessions, as many at a time as memory is meant to hold.
    async fn copy(
        &mut self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        rows: Vec<SessionMeta>,
        done: &mut Deleted,
    ) -> Result<HashMap<SessionKey, Copied>> {
        let mut copied = HashMap::with_capacity(rows.len());
        let mut rest = rows.as_slice();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(fitting(rest));
            rest = later;
            let keys: Vec<SessionKey> = now.iter().map(|row| row.key.clone()).collect();
            let mut sessions = store.sessions_of(&keys).await?;
            done.spared += (keys.len() - sessions.len()) as u64;
            let there = self.to.existing(&sessions, false).await?;
            let mut was = HashMap::new();
            sessions.retain_mut(|session| {
                let key = session.meta.key.clone();
                let digest = Digest::of(session);
                let kept = OnConflict::NotOlder.decide(there.get(&key), &session.meta) == Decision::Keep;
                let why = match &self.mend {
                    _ if kept => {
                        done.newer += 1;
                        Some("it is there in a newer state".to_owned())
                    }
                    Some(mend) => mend(session).err(),
                    None => None,
                };
                match why {
                    Some(reason) => done.left.push(Left { key, reason }),
                    None => drop(was.insert(key, digest)),
                }
                was.contains_key(&session.meta.key)
            });
            if !batch.dry_run && !sessions.is_empty() {
                self.to.insert(&sessions, OnConflict::NotOlder).await?;
            }
            for session in sessions {
                if let Some(was) = was.remove(&session.meta.key) {
                    copied.insert(session.meta.key.clone(), Copied { was, is: session.meta });
                }
            }
        }
        Ok(copied)
    }
}

/// Deletes those rows, in the transaction that is open, whose columns and data are still what was
/// copied; returns which.
async fn delete_unchanged(
    store: &mut SessionStore,
    batch: &Batch<'_>,
    wanted: &Judge<'_>,
    copied: &HashMap<SessionKey, Copied>,
) -> Result<Vec<SessionKey>> {
    let ids: Vec<String> = copied.keys().map(|key| key.id.clone()).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let locked = store.lock_rows(&Batch { ids: &ids, ..*batch }, wanted).await?;
    let keys: Vec<SessionKey> = locked.into_iter().map(|row| row.key).filter(|key| copied.contains_key(key)).collect();
    let now = store.digests_of(&keys).await?;
    let same = now.into_iter().filter(|digest| copied.get(&digest.meta.key).is_some_and(|one| one.was == *digest));
    let gone: Vec<SessionKey> = same.map(|digest| digest.meta.key).collect();
    let ids: Vec<String> = gone.iter().map(|key| key.id.clone()).collect();
    store.delete_rows(batch, &ids).await?;
    Ok(gone)
}
