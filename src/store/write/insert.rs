//! Writes complete sessions, by a rule for existing keys.

use std::collections::{BTreeMap, HashMap};
use std::ops::AddAssign;

use async_trait::async_trait;

use crate::engine::{Bind, DbError, DbErrorKind, Names, Value};
use crate::session::{Decision, Digest, EpochMillis, OnConflict, Session, SessionKey, SessionMeta};
use crate::store::catalog::table_structure::Key;
use crate::store::error::{Result, StoreError};
use crate::store::read::pages::metas;
use crate::store::session_store::SessionStore;

/// Number of retries for a batch that failed because of a deadlock, or of another client's insert of the same key.
const RETRIES: u32 = 5;

/// Result of one call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct InsertResult {
    pub inserted: u64,
    pub replaced: u64,
    /// Existing sessions that were kept.
    pub kept: u64,
}

impl AddAssign for InsertResult {
    fn add_assign(&mut self, other: InsertResult) {
        self.inserted += other.inserted;
        self.replaced += other.replaced;
        self.kept += other.kept;
    }
}

/// Result for one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteOutcome {
    pub decision: Decision,
    /// `last_access` of the row that had its key, if there was one.
    pub before: Option<EpochMillis>,
}

impl FromIterator<WriteOutcome> for InsertResult {
    fn from_iter<I: IntoIterator<Item = WriteOutcome>>(written: I) -> InsertResult {
        written.into_iter().fold(InsertResult::default(), |mut sum, one| {
            match one.decision {
                Decision::Insert => sum.inserted += 1,
                Decision::Replace => sum.replaced += 1,
                Decision::Keep | Decision::Same | Decision::Refuse => sum.kept += 1,
            }
            sum
        })
    }
}

/// Decides about sessions to be written. It is called in the transaction that writes them, after the rows with their
/// keys have been locked: nobody changes these rows before the commit.
#[async_trait]
pub(in crate::store) trait ConflictResolver: Sync {
    /// A decision for each of `sessions`; `existing` are the rows with their keys. `store` can be used to read more
    /// of these rows.
    async fn decide(
        &self,
        store: &mut SessionStore,
        sessions: &[Session],
        existing: &Existing,
    ) -> Result<Vec<Decision>>;

    /// Tells whether a retry may succeed if a key turns out to exist that was absent when it was looked up.
    fn may_meet_a_duplicate(&self) -> bool {
        true
    }
}

/// Existing rows by key.
pub(in crate::store) type Existing = HashMap<SessionKey, SessionMeta>;

#[async_trait]
impl ConflictResolver for OnConflict {
    async fn decide(&self, _: &mut SessionStore, sessions: &[Session], existing: &Existing) -> Result<Vec<Decision>> {
        Ok(by_rule(*self, sessions, existing))
    }

    fn may_meet_a_duplicate(&self) -> bool {
        *self != OnConflict::Fail
    }
}

fn by_rule(rule: OnConflict, sessions: &[Session], existing: &Existing) -> Vec<Decision> {
    sessions.iter().map(|session| rule.decide(existing.get(&session.meta.key), &session.meta)).collect()
}

impl SessionStore {
    /// Writes `sessions` in one transaction: all that the rule allows, or nothing. Their keys must be different.
    ///
    /// The caller limits the bytes; statements are split to what the server accepts.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] with [`OnConflict::Fail`]; [`StoreError::UnsupportedKey`] if a column cannot store the
    /// characters of a key; [`StoreError::Db`].
    pub async fn insert(&mut self, sessions: &[Session], rule: OnConflict) -> Result<InsertResult> {
        Ok(self.insert_each(sessions, rule).await?.into_iter().collect())
    }

    /// As [`SessionStore::insert`]; returns the result for each session.
    ///
    /// # Errors
    /// As [`SessionStore::insert`].
    pub(in crate::store) async fn insert_each(
        &mut self,
        sessions: &[Session],
        rule: OnConflict,
    ) -> Result<Vec<WriteOutcome>> {
        self.require_possible_keys(sessions)?;
        if self.all_new && self.refuses_twice(sessions) {
            match self.insert_unseen(sessions).await {
                // One of them exists, or the table considers two of them equal, or there was a conflict.
                Err(error) if error.is_retryable() || error.kind() == Some(DbErrorKind::Duplicate) => {}
                Err(error) if error.is_broken() => {
                    let written = vec![WriteOutcome { decision: Decision::Insert, before: None }; sessions.len()];
                    if error.is_unconfirmed_commit() && self.has_happened(sessions, &[], &written).await? {
                        return Ok(written);
                    }
                }
                done => return done,
            }
        }
        self.insert_by(sessions, &[], &rule).await
    }

    /// Tells whether the table itself refuses existing keys. With NULL it accepts any number of rows.
    fn refuses_twice(&self, sessions: &[Session]) -> bool {
        self.shape.key(&self.names) != Key::None && sessions.iter().all(|session| session.meta.key.app.is_some())
    }

    /// Writes without looking for existing rows: the table refuses existing keys.
    async fn insert_unseen(&mut self, sessions: &[Session]) -> Result<Vec<WriteOutcome>> {
        self.begin().await?;
        let written = match self.put(&self.names.clone(), sessions.iter().map(row).collect()).await {
            Ok(_) => self.read_back(sessions).await,
            Err(error) => Err(error),
        };
        self.commit_or_roll_back(written).await?;
        Ok(vec![WriteOutcome { decision: Decision::Insert, before: None }; sessions.len()])
    }

    /// Writes `sessions` in one transaction, as `arbiter` decides under the locks of the rows with their keys;
    /// `besides` are written in the same transaction, and have keys that nothing else uses.
    ///
    /// # Errors
    /// As [`SessionStore::insert`]; [`StoreError::Conflict`] if the arbiter refuses.
    pub(in crate::store) async fn insert_by(
        &mut self,
        sessions: &[Session],
        besides: &[Session],
        arbiter: &dyn ConflictResolver,
    ) -> Result<Vec<WriteOutcome>> {
        self.require_possible_keys(sessions)?;
        let mut tries = 0;
        loop {
            self.begin().await?;
            let written = match self.write(sessions, besides, arbiter).await {
                Ok(written) => match self.commit().await {
                    Err(error) if error.is_broken() && self.has_happened(sessions, besides, &written).await? => {
                        Ok(written)
                    }
                    done => done.map(|()| written),
                },
                Err(error) => {
                    self.rollback().await;
                    Err(error)
                }
            };
            match written {
                // Another client may have inserted the key between the lookup and the insert.
                Err(error)
                    if tries < RETRIES
                        && (error.is_retryable()
                            || error.is_broken()
                            || arbiter.may_meet_a_duplicate() && error.kind() == Some(DbErrorKind::Duplicate)) =>
                {
                    tries += 1;
                    tokio::time::sleep(std::time::Duration::from_millis(10 << tries)).await;
                }
                written => return written,
            }
        }
    }

    /// Finds out, with another connection, whether a commit without an answer was executed: then at least one session
    /// that it wrote exists. A transaction is executed completely or not at all, so missing sessions were saved or
    /// logged out since. If none exists, the transaction is considered not executed, and is repeated: sessions whose
    /// users have all logged out within these seconds would be written twice.
    async fn has_happened(
        &mut self,
        sessions: &[Session],
        besides: &[Session],
        written: &[WriteOutcome],
    ) -> Result<bool> {
        // A session that was in this state before proves nothing.
        let is_new = |(session, one): &(&Session, &WriteOutcome)| match one.decision {
            Decision::Insert => true,
            Decision::Replace => one.before != session.meta.last_access,
            Decision::Keep | Decision::Same | Decision::Refuse => false,
        };
        let new: Vec<Digest> = if besides.is_empty() {
            sessions.iter().zip(written).filter(is_new).map(|(session, _)| Digest::of(session)).collect()
        } else {
            besides.iter().map(Digest::of).collect()
        };
        Ok(self.count_in_states(&new).await? > 0)
    }

    /// Returns what [`SessionStore::insert`] would do, without writing.
    ///
    /// # Errors
    /// As [`SessionStore::insert`], as far as they can be known before writing.
    pub(in crate::store) async fn decide_without_writing(
        &mut self,
        sessions: &[Session],
        rule: OnConflict,
    ) -> Result<Vec<WriteOutcome>> {
        let existing = self.existing(sessions, false).await?;
        let decisions = by_rule(rule, sessions, &existing);
        allowed(sessions, &decisions)?;
        Ok(written(sessions, decisions, &existing))
    }

    /// Writes in the open transaction.
    pub(in crate::store) async fn write(
        &mut self,
        sessions: &[Session],
        besides: &[Session],
        arbiter: &dyn ConflictResolver,
    ) -> Result<Vec<WriteOutcome>> {
        let existing = self.existing(sessions, true).await?;
        self.all_new = existing.is_empty();
        let decisions = arbiter.decide(self, sessions, &existing).await?;
        allowed(sessions, &decisions)?;
        let losers = chosen(sessions, &decisions, &[Decision::Replace]);
        let losers: Vec<&SessionMeta> = losers.iter().filter_map(|session| existing.get(&session.meta.key)).collect();
        self.delete_seen(&losers).await?;
        let mut winners = chosen(sessions, &decisions, &[Decision::Insert, Decision::Replace]);
        winners.extend(besides);
        let rows = winners.iter().map(|session| row(session)).collect();
        self.put(&self.names.clone(), rows).await?;
        self.read_back(winners).await?;
        Ok(written(sessions, decisions, &existing))
    }

    /// Deletes rows, in the open transaction, in the states that were seen under their locks.
    ///
    /// # Errors
    /// [`StoreError::Db`]; retryable if one of them has changed, on a server that ignores locking hints.
    pub(in crate::store) async fn delete_seen(&mut self, rows: &[&SessionMeta]) -> Result<()> {
        let mut apps: BTreeMap<Option<&str>, Vec<&SessionMeta>> = BTreeMap::new();
        for row in rows {
            apps.entry(row.key.app.as_deref()).or_default().push(row);
        }
        let doing = "delete sessions";
        for (app, rows) in apps {
            for rows in rows.chunks(self.max_keys()) {
                // Without locks, another row may exist by now, with a higher `last_access`.
                let newest = rows.iter().map(|row| row.last_access).max().flatten();
                let bound = newest.filter(|_| rows.iter().all(|row| row.last_access.is_some()));
                let bind = Bind::new()
                    .keys(app, rows.iter().map(|row| row.key.id.as_str()), self.shape.id_leads_primary(&self.names))
                    .set_if("accessed_before", bound.map(|at| at.0.saturating_add(1)));
                let deleted = self.execute(doing, self.statements().delete_rows, &bind).await?;
                if deleted < rows.len() as u64 {
                    let what = format!("{deleted} rows were deleted, of {}", rows.len());
                    return Err(StoreError::db(doing, DbError::new(DbErrorKind::Retryable, "", what)));
                }
            }
        }
        Ok(())
    }

    /// Deletes the rows with these keys, in any state, in the open transaction.
    pub(in crate::store) async fn delete_keys(&mut self, keys: &[SessionKey]) -> Result<()> {
        let mut apps: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
        for key in keys {
            apps.entry(key.app.as_deref()).or_default().push(&key.id);
        }
        for (app, ids) in apps {
            for ids in ids.chunks(self.max_keys()) {
                let primary = self.shape.id_leads_primary(&self.names);
                let bind = Bind::new().keys(app, ids.iter().copied(), primary);
                self.execute("delete rows", self.statements().delete_rows, &bind).await?;
            }
        }
        Ok(())
    }

    /// Maximum number of keys per statement.
    fn max_keys(&self) -> usize {
        self.dialect().max_batch.min(self.dialect().max_params - 8)
    }

    /// Inserts rows into the table with these names, in the open transaction; returns their number.
    pub(in crate::store) async fn put(&mut self, names: &Names, rows: Vec<Vec<Value>>) -> Result<u64> {
        let packet = self.server.max_packet.and_then(|n| u64::try_from(n).ok());
        let inserting = self.connection.insert_many(names, rows, packet).await;
        inserting.map_err(|e| StoreError::db("insert sessions", e))
    }

    /// The rows with the keys of `sessions`, locked if requested and possible.
    pub(in crate::store) async fn existing(&mut self, sessions: &[Session], lock: bool) -> Result<Existing> {
        let keys: Vec<SessionKey> = sessions.iter().map(|session| session.meta.key.clone()).collect();
        self.rows_of(&keys, lock).await
    }

    /// The rows with these keys, locked if requested and possible. Rows that another transaction has locked are
    /// omitted.
    pub(in crate::store) async fn rows_of(&mut self, keys: &[SessionKey], lock: bool) -> Result<Existing> {
        let doing = "look for sessions that are there already";
        let primary = self.shape.id_leads_primary(&self.names);
        let keys: Vec<&SessionKey> = keys.iter().filter(|key| self.can_hold_key(key)).collect();
        let mut values = keys.iter().map(|key| vec![Value::from(key.id.as_str()), Value::from(key.app.clone())]);
        let staged = self.connection.stage_keys(&self.names, &mut values).await;
        let mut rows = Vec::new();
        if staged.map_err(|e| StoreError::db(doing, e))? {
            let bind = Bind::new().flag("primary", primary).flag("lock", lock);
            rows = self.query(doing, self.statements().lock_staged_keys, &bind).await?;
        } else {
            let mut apps: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
            for key in keys {
                apps.entry(key.app.as_deref()).or_default().push(&key.id);
            }
            for (app, ids) in apps {
                for ids in ids.chunks(self.max_keys()) {
                    let bind = Bind::new().keys(app, ids.iter().copied(), primary).flag("lock", lock);
                    rows.extend(self.query(doing, self.statements().lock_rows, &bind).await?);
                }
            }
        }
        Ok(metas(doing, rows)?.into_iter().map(|found| (found.key.clone(), found)).collect())
    }

    /// Refuses sessions with keys that no row can have.
    fn require_possible_keys(&self, sessions: &[Session]) -> Result<()> {
        match sessions.iter().find(|session| !self.can_hold_key(&session.meta.key)) {
            Some(session) => Err(self.unsupported_key(&session.meta.key)),
            None => Ok(()),
        }
    }

    fn unsupported_key(&self, key: &SessionKey) -> StoreError {
        StoreError::UnsupportedKey { key: key.clone(), hint: self.dialect().hints.all_characters }
    }

    /// Reads keys back if a column may be unable to store their characters: the server would silently replace these
    /// with `?`, and the row would belong to another session.
    async fn read_back(&mut self, sessions: impl IntoIterator<Item = &Session> + Send) -> Result<()> {
        for Session { meta, .. } in sessions {
            let ascii = meta.key.id.is_ascii() && meta.key.app.as_deref().is_none_or(str::is_ascii);
            if !ascii && self.get(&meta.key).await?.is_none() {
                return Err(self.unsupported_key(&meta.key));
            }
        }
        Ok(())
    }
}

/// The sessions with one of the `wanted` decisions.
fn chosen<'a>(sessions: &'a [Session], decisions: &[Decision], wanted: &[Decision]) -> Vec<&'a Session> {
    let all = sessions.iter().zip(decisions);
    all.filter(|(_, decision)| wanted.contains(decision)).map(|(session, _)| session).collect()
}

/// # Errors
/// [`StoreError::Conflict`] for the first session that was refused.
fn allowed(sessions: &[Session], decisions: &[Decision]) -> Result<()> {
    let refused = sessions.iter().zip(decisions).find(|(_, decision)| **decision == Decision::Refuse);
    refused.map_or(Ok(()), |(session, _)| Err(StoreError::Conflict { key: session.meta.key.clone() }))
}

/// The results for sessions with these decisions.
pub(in crate::store) fn written(
    sessions: &[Session],
    decisions: Vec<Decision>,
    existing: &Existing,
) -> Vec<WriteOutcome> {
    let before = |session: &Session| existing.get(&session.meta.key).and_then(|row| row.last_access);
    let each = sessions.iter().zip(decisions);
    each.map(|(session, decision)| WriteOutcome { decision, before: before(session) }).collect()
}

/// The six columns in the order of `insert.sql`.
pub(in crate::store) fn row(Session { meta, data }: &Session) -> Vec<Value> {
    vec![
        Value::from(meta.key.id.as_str()),
        Value::from(meta.key.app.clone()),
        Value::from(meta.valid.clone()),
        Value::from(meta.max_inactive),
        Value::from(meta.last_access.map(|t| t.0)),
        Value::from(data.as_ref().map(|data| data.bytes().clone())),
    ]
}
