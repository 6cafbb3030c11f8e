//! Resolves copies whose originals still exist, or disappeared otherwise: at the end of a batch, at the end of a run,
//! and at the beginning of the next run. The rules are those of [`Direction::resolve`] and [`Direction::reconcile`];
//! `into_store` explains them.

use std::collections::HashMap;
use std::time::Duration;

use crate::engine::{DbError, DbErrorKind};
use crate::session::{CopyOutcome, Digest, LeftoverAction, SessionKey, SessionMeta};
use crate::store::error::{Result, StoreError};
use crate::store::purge::batch::KeptRow;
use crate::store::session_store::SessionStore;
use crate::store::swap::into_store::IntoStore;
use crate::store::swap::journal::Entry;
use crate::store::write::insert::row;

/// Number of attempts at the end if another transaction is in the way.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_millis(250);
/// Keys per entry.
const KEYS: usize = 500;
const IN_DOUBT: &str = "its copy is kept: another run has moved it, or its user has logged out in the meantime";
const ORIGINAL_GONE: &str = "its copy is kept: the original disappeared while it was being moved";
const LEFT_TO_NEXT_RUN: &str = "it was copied and still exists in the source: the next run resolves it";
const COPIED_ORIGINAL_GONE: &str = "an interrupted run copied it, and its original no longer exists: it was moved, or its user has logged out; \
    `swap-in` with its id brings it back, `delete` removes it";
const RESTORED_ROW_GONE: &str = "an interrupted run brought it back, and it is not in the live table: its user has logged out; \
    `swap-in` with its id brings it back, `delete` removes it";

/// What an earlier run had left.
#[derive(Debug, Default)]
pub struct ReconcileResult {
    /// Number of copies that were removed.
    pub removed: u64,
    /// Sessions of which nobody can tell whether their users have logged out.
    pub in_doubt: Vec<KeptRow>,
}

impl IntoStore {
    /// Resolves the open copies, and deletes the entries of the journal; returns the rows that are kept, with the
    /// reasons.
    ///
    /// # Errors
    /// [`StoreError::Db`]; nothing has changed then.
    pub(in crate::store) async fn resolve(&mut self, store: &mut SessionStore) -> Result<Vec<KeptRow>> {
        if self.open.is_empty() && self.journal.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<SessionKey> = self.open.keys().cloned().collect();
        let (mut take_back, mut stay, mut left) = (HashMap::new(), Vec::new(), Vec::new());
        if !keys.is_empty() {
            let alone = self.to.is_alone().await?;
            let source = by_key(store.digests_of(&keys).await?);
            for (key, copy) in &self.open {
                if self.to_retry.contains(key) {
                    stay.push(key.clone());
                    continue;
                }
                let reason = match self.way.resolve(source.get(key), copy, alone) {
                    CopyOutcome::Delete => {
                        take_back.insert(key.clone(), copy.is.clone());
                        continue;
                    }
                    CopyOutcome::Keep => ORIGINAL_GONE,
                    CopyOutcome::LeaveToNextRun => LEFT_TO_NEXT_RUN,
                    CopyOutcome::InDoubt => IN_DOUBT,
                };
                if reason != ORIGINAL_GONE {
                    stay.push(key.clone());
                }
                left.push(KeptRow { key: key.clone(), reason: reason.to_owned() });
            }
        }
        let entries = entries(self, &store.place(), stay);
        self.to.begin().await?;
        match replace_entries(&mut self.to, &take_back, &self.journal, &entries).await {
            Ok(()) => {
                let done = self.to.commit().await;
                if done.as_ref().is_err_and(StoreError::is_unconfirmed_commit) {
                    // They may exist already; the next attempt replaces them.
                    self.journal.extend(entries.iter().map(|entry| entry.row.clone()));
                }
                done?;
            }
            Err(error) => {
                self.to.rollback().await;
                return Err(error);
            }
        }
        // Copies that are being retried remain those of this run; the other entries are left to the next one.
        self.open.retain(|key, _| self.to_retry.contains(key));
        self.journal.clear();
        if !self.open.is_empty() {
            self.journal.extend(entries.into_iter().map(|entry| entry.row));
        }
        Ok(left)
    }

    /// Resolves the open copies at the end of a run, however it ends; copies that cannot be resolved now remain in
    /// the journal, and are listed.
    pub(in crate::store) async fn resolve_at_the_end(&mut self, store: &mut SessionStore) -> Vec<KeptRow> {
        self.to_retry.clear();
        for number in 0..TRIES {
            if self.open.is_empty() && self.journal.is_empty() {
                break;
            }
            match self.resolve(store).await {
                Ok(left) => return left,
                Err(error) if (error.is_retryable() || error.is_broken()) && number + 1 < TRIES => {
                    tokio::time::sleep(PAUSE).await
                }
                Err(_) => break,
            }
        }
        self.open.keys().map(|key| KeptRow { key: key.clone(), reason: LEFT_TO_NEXT_RUN.to_owned() }).collect()
    }

    /// Resolves what an interrupted run has left. Nothing is done unless this run is alone with both tables: the
    /// other run may still be active.
    ///
    /// # Errors
    /// [`StoreError::Db`]; what was done before remains valid.
    pub async fn reconcile(&mut self, store: &mut SessionStore) -> Result<ReconcileResult> {
        let mut done = ReconcileResult::default();
        if !self.to.is_alone().await? || !store.is_alone().await? {
            return Ok(done);
        }
        let place = store.place();
        for entry in self.to.journal().await? {
            if entry.source == place && entry.way == self.way {
                self.reconcile_entry(store, entry, &mut done).await?;
            }
        }
        Ok(done)
    }

    async fn reconcile_entry(
        &mut self,
        store: &mut SessionStore,
        entry: Entry,
        done: &mut ReconcileResult,
    ) -> Result<()> {
        let source = by_key(store.digests_of(&entry.keys).await?);
        let copies = by_key(self.to.digests_of(&entry.keys).await?);
        let (mut copies_go, mut originals_go, mut stay) = (HashMap::new(), HashMap::new(), Vec::new());
        for key in entry.keys {
            let (original, copy) = (source.get(&key), copies.get(&key));
            match entry.way.reconcile(original.map(|row| &row.meta), copy.map(|row| &row.meta)) {
                LeftoverAction::Nothing => {}
                LeftoverAction::RemoveCopy => copies_go.extend(copy.map(|row| (key, row.clone()))),
                LeftoverAction::RemoveSource => originals_go.extend(original.map(|row| (key, row.clone()))),
                LeftoverAction::InDoubt => stay.push(key),
            }
        }
        if !originals_go.is_empty() {
            store.begin().await?;
            let done = store.delete_same(&originals_go).await;
            store.commit_or_roll_back(done).await?;
        }
        let entries = entries(self, &entry.source, stay.clone());
        self.to.begin().await?;
        let replaced = replace_entries(&mut self.to, &copies_go, &[entry.row], &entries).await;
        self.to.commit_or_roll_back(replaced).await?;
        done.removed += (copies_go.len() + originals_go.len()) as u64;
        let reason = if self.way == crate::session::Direction::Out { COPIED_ORIGINAL_GONE } else { RESTORED_ROW_GONE };
        done.in_doubt.extend(stay.into_iter().map(|key| KeptRow { key, reason: reason.to_owned() }));
        Ok(())
    }
}

fn by_key(digests: Vec<Digest>) -> HashMap<SessionKey, Digest> {
    digests.into_iter().map(|digest| (digest.meta.key.clone(), digest)).collect()
}

/// Entries for the keys that are kept, each for one application.
fn entries(into: &IntoStore, source: &str, mut keys: Vec<SessionKey>) -> Vec<Entry> {
    keys.sort();
    let of_app = keys.chunk_by(|a, b| a.app == b.app).flat_map(|keys| keys.chunks(KEYS));
    of_app.map(|keys| Entry::new(into.way, source, keys.to_vec())).collect()
}

/// In the open transaction: deletes copies that are still in these states, and old entries of the journal, and writes
/// new ones.
async fn replace_entries(
    to: &mut SessionStore,
    copies: &HashMap<SessionKey, Digest>,
    old: &[SessionKey],
    new: &[Entry],
) -> Result<()> {
    to.delete_same(copies).await?;
    to.delete_keys(old).await?;
    let names = to.names().clone();
    let rows = new.iter().map(|entry| row(&entry.session(None))).collect();
    to.put(&names, rows).await.map(drop)
}

impl SessionStore {
    /// Deletes, in the open transaction, the rows that are still in these states.
    ///
    /// # Errors
    /// [`StoreError::Db`]; retryable if another transaction holds a row's lock, so that its state is unknown.
    pub(in crate::store) async fn delete_same(&mut self, states: &HashMap<SessionKey, Digest>) -> Result<()> {
        let keys: Vec<SessionKey> = states.keys().cloned().collect();
        let locked: Vec<SessionKey> = self.rows_of(&keys, true).await?.into_keys().collect();
        let same = |digest: &Digest| states.get(&digest.meta.key) == Some(digest);
        let rows: Vec<SessionMeta> =
            self.digests_of(&locked).await?.into_iter().filter(same).map(|digest| digest.meta).collect();
        self.delete_seen(&rows.iter().collect::<Vec<_>>()).await?;
        if locked.len() < keys.len() {
            let unlocked: Vec<SessionKey> = keys.into_iter().filter(|key| !locked.contains(key)).collect();
            if self.digests_of(&unlocked).await?.iter().any(same) {
                let held = DbError::new(DbErrorKind::Retryable, "", "another transaction locks a row");
                return Err(StoreError::db("remove copies", held));
            }
        }
        Ok(())
    }
}
