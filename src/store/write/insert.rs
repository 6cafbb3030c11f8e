//! Writes whole sessions, by the rule for keys that already exist.

use std::collections::{BTreeMap, HashMap};
use std::ops::AddAssign;

use async_trait::async_trait;

use crate::engine::{Bind, DbError, DbErrorKind, Names, Value};
use crate::session::{Decision, Digest, EpochMillis, OnConflict, Session, SessionKey, SessionMeta};
use crate::store::catalog::shape::Key;
use crate::store::error::{Result, StoreError};
use crate::store::read::pages::metas;
use crate::store::session_store::SessionStore;

/// How often a batch is tried again that a deadlock, or another's insert of the same key, threw back.
const RETRIES: u32 = 5;

/// What became of the sessions of one call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Inserted {
    pub inserted: u64,
    pub replaced: u64,
    /// The session that was there stayed.
    pub kept: u64,
}

impl AddAssign for Inserted {
    fn add_assign(&mut self, other: Inserted) {
        self.inserted += other.inserted;
        self.replaced += other.replaced;
        self.kept += other.kept;
    }
}

/// What became of one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    pub decision: Decision,
    /// When the row that had its key was accessed last, where there was one.
    pub before: Option<EpochMillis>,
}

impl FromIterator<Written> for Inserted {
    fn from_iter<I: IntoIterator<Item = Written>>(written: I) -> Inserted {
        written.into_iter().fold(Inserted::default(), |mut sum, one| {
            match one.decision {
                Decision::Insert => sum.inserted += 1,
                Decision::Replace => sum.replaced += 1,
                Decision::Keep | Decision::Same | Decision::Refuse => sum.kept += 1,
            }
            sum
        })
    }
}

/// Decides about sessions that are to be written. It is asked in the transaction that writes them,
/// when the rows that have their keys are locked: nobody changes what it has seen before the commit.
#[async_trait]
pub(in crate::store) trait ConflictResolver: Sync {
    /// A decision for each of `sessions`; `existing` are the rows of their keys. `store` may read more
    /// of those rows.
    async fn decide(
        &self,
        store: &mut SessionStore,
        sessions: &[Session],
        existing: &Existing,
    ) -> Result<Vec<Decision>>;

    /// Tells whether the same again may be allowed where a key turns out to be there already, which was
    /// not there when it was looked for.
    fn may_meet_a_duplicate(&self) -> bool {
        true
    }
}

/// Rows that were found, by their keys.
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
    /// Writes `sessions` in one transaction: all that the rule lets through, or nothing. Keys must
    /// be different from each other.
    ///
    /// The caller bounds the bytes; statements are cut to what the server takes.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] under [`OnConflict::Fail`]; [`StoreError::Unkeepable`] where a
    /// column cannot hold a key's characters; [`StoreError::Db`].
    pub async fn insert(&mut self, sessions: &[Session], rule: OnConflict) -> Result<Inserted> {
        Ok(self.insert_each(sessions, rule).await?.into_iter().collect())
    }

    /// As [`SessionStore::insert`]; tells what became of each session.
    ///
    /// # Errors
    /// As [`SessionStore::insert`].
    pub(in crate::store) async fn insert_each(
        &mut self,
        sessions: &[Session],
        rule: OnConflict,
    ) -> Result<Vec<Written>> {
        if self.all_new && self.refuses_twice(sessions) {
            match self.insert_unseen(sessions).await {
                // One of them is there, or two of them are the same to the table, or another was in the way.
                Err(error) if error.is_retryable() || error.kind() == Some(DbErrorKind::Duplicate) => {}
                Err(error) if error.is_broken() => {
                    let written = vec![Written { decision: Decision::Insert, before: None }; sessions.len()];
                    if error.is_unconfirmed_commit() && self.has_happened(sessions, &[], &written).await? {
                        return Ok(written);
                    }
                }
                done => return done,
            }
        }
        self.insert_by(sessions, &[], &rule).await
    }

    /// Tells whether the table itself refuses a key that already exists. Of NULL it takes any number.
    fn refuses_twice(&self, sessions: &[Session]) -> bool {
        self.shape.key(&self.names) != Key::None && sessions.iter().all(|session| session.meta.key.app.is_some())
    }

    /// Writes without a look at what is there: the table refuses a key that is.
    async fn insert_unseen(&mut self, sessions: &[Session]) -> Result<Vec<Written>> {
        self.begin().await?;
        let written = match self.put(&self.names.clone(), sessions.iter().map(row).collect()).await {
            Ok(_) => self.read_back(sessions).await,
            Err(error) => Err(error),
        };
        self.commit_or_roll_back(written).await?;
        Ok(vec![Written { decision: Decision::Insert, before: None }; sessions.len()])
    }

    /// Writes `sessions` in one transaction, as `arbiter` decides under the locks of the rows that have
    /// their keys; `besides` are written in it too, whose keys nothing else has.
    ///
    /// # Errors
    /// As [`SessionStore::insert`]; [`StoreError::Conflict`] where the arbiter refuses.
    pub(in crate::store) async fn insert_by(
        &mut self,
        sessions: &[Session],
        besides: &[Session],
        arbiter: &dyn ConflictResolver,
    ) -> Result<Vec<Written>> {
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
                // Another may have inserted the key between our look and our insert.
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

    /// Tells, by another connection, whether a commit has happened whose answer was lost: what it has put there is
    /// there, one session of it at least. A transaction is there as a whole or not at all, so that the others
    /// were saved or logged out since. Where none is there, the transaction is taken not to have happened, and is
    /// done again: sessions whose users have all logged out within those seconds would be written twice.
    async fn has_happened(&mut self, sessions: &[Session], besides: &[Session], written: &[Written]) -> Result<bool> {
        // What was in this state before proves nothing.
        let is_new = |(session, one): &(&Session, &Written)| match one.decision {
            Decision::Insert => true,
            Decision::Replace => one.before != session.meta.last_access,
            Decision::Keep | Decision::Same | Decision::Refuse => false,
        };
        let new: Vec<Digest> = if besides.is_empty() {
            sessions.iter().zip(written).filter(is_new).map(|(session, _)| Digest::of(session)).collect()
        } else {
            besides.iter().map(Digest::of).collect()
        };
        Ok(self.standing(&new).await? > 0)
    }

    /// Says what [`SessionStore::insert`] would do, and does nothing.
    ///
    /// # Errors
    /// As [`SessionStore::insert`], of what can be known before writing.
    pub(in crate::store) async fn weigh(&mut self, sessions: &[Session], rule: OnConflict) -> Result<Vec<Written>> {
        let existing = self.existing(sessions, false).await?;
        let decisions = by_rule(rule, sessions, &existing);
        allowed(sessions, &decisions)?;
        Ok(written(sessions, decisions, &existing))
    }

    /// Writes in the transaction that is open.
    pub(in crate::store) async fn write(
        &mut self,
        sessions: &[Session],
        besides: &[Session],
        arbiter: &dyn ConflictResolver,
    ) -> Result<Vec<Written>> {
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

    /// Deletes rows, in the transaction that is open, as they were seen under their locks.
    ///
    /// # Errors
    /// [`StoreError::Db`]; retryable where one of them has changed: on a server that takes no locks by hints.
    pub(in crate::store) async fn delete_seen(&mut self, rows: &[&SessionMeta]) -> Result<()> {
        let mut apps: BTreeMap<Option<&str>, Vec<&SessionMeta>> = BTreeMap::new();
        for row in rows {
            apps.entry(row.key.app.as_deref()).or_default().push(row);
        }
        let doing = "delete sessions";
        for (app, rows) in apps {
            for rows in rows.chunks(self.most_keys()) {
                // Another row may be there by now, where locks are not taken: it was accessed later.
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

    /// Deletes the rows of those keys, whatever they are, in the transaction that is open.
    pub(in crate::store) async fn delete_keys(&mut self, keys: &[SessionKey]) -> Result<()> {
        let mut apps: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
        for key in keys {
            apps.entry(key.app.as_deref()).or_default().push(&key.id);
        }
        for (app, ids) in apps {
            for ids in ids.chunks(self.most_keys()) {
                let primary = self.shape.id_leads_primary(&self.names);
                let bind = Bind::new().keys(app, ids.iter().copied(), primary);
                self.execute("delete rows", self.statements().delete_rows, &bind).await?;
            }
        }
        Ok(())
    }

    /// How many keys a statement takes.
    fn most_keys(&self) -> usize {
        self.dialect().max_batch.min(self.dialect().max_params - 8)
    }

    /// Inserts rows into the table of these names, in the transaction that is open; returns how many.
    pub(in crate::store) async fn put(&mut self, names: &Names, rows: Vec<Vec<Value>>) -> Result<u64> {
        let packet = self.server.max_packet.and_then(|n| u64::try_from(n).ok());
        let inserting = self.connection.insert_many(names, rows, packet).await;
        inserting.map_err(|e| StoreError::db("insert sessions", e))
    }

    /// What stands in the table under the keys of `sessions`, locked where that is asked for and can be.
    pub(in crate::store) async fn existing(&mut self, sessions: &[Session], lock: bool) -> Result<Existing> {
        let keys: Vec<SessionKey> = sessions.iter().map(|session| session.meta.key.clone()).collect();
        self.rows_of(&keys, lock).await
    }

    /// What stands in the table under those keys, locked where that is asked for and can be. A row that
    /// another has locked is left out.
    pub(in crate::store) async fn rows_of(&mut self, keys: &[SessionKey], lock: bool) -> Result<Existing> {
        let doing = "look for sessions that are there already";
        let primary = self.shape.id_leads_primary(&self.names);
        let mut values = keys.iter().map(|key| vec![Value::from(key.id.as_str()), Value::from(key.app.clone())]);
        let staged = self.connection.stage_keys(&self.names, &mut values).await;
        let mut rows = Vec::new();
        if staged.map_err(|e| StoreError::db(doing, e))? {
            let bind = Bind::new().flag("primary", primary).flag("lock", lock);
            rows = self.query(doing, self.statements().lock_keys, &bind).await?;
        } else {
            let mut apps: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
            for key in keys {
                apps.entry(key.app.as_deref()).or_default().push(&key.id);
            }
            for (app, ids) in apps {
                for ids in ids.chunks(self.most_keys()) {
                    let bind = Bind::new().keys(app, ids.iter().copied(), primary).flag("lock", lock);
                    rows.extend(self.query(doing, self.statements().lock_rows, &bind).await?);
                }
            }
        }
        Ok(metas(doing, rows)?.into_iter().map(|found| (found.key.clone(), found)).collect())
    }

    /// Reads keys back whose characters a column may not have: a server turns such a one into `?`
    /// without a word, and the session would be another's.
    async fn read_back(&mut self, sessions: impl IntoIterator<Item = &Session> + Send) -> Result<()> {
        for Session { meta, .. } in sessions {
            let ascii = meta.key.id.is_ascii() && meta.key.app.as_deref().is_none_or(str::is_ascii);
            if !ascii && self.get(&meta.key).await?.is_none() {
                return Err(StoreError::Unkeepable { key: meta.key.clone() });
            }
        }
        Ok(())
    }
}

/// The sessions about which one of `wanted` was decided.
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

/// What became of sessions about which that was decided.
pub(in crate::store) fn written(sessions: &[Session], decisions: Vec<Decision>, existing: &Existing) -> Vec<Written> {
    let before = |session: &Session| existing.get(&session.meta.key).and_then(|row| row.last_access);
    let each = sessions.iter().zip(decisions);
    each.map(|(session, decision)| Written { decision, before: before(session) }).collect()
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
