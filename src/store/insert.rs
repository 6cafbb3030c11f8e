//! Writes whole sessions, by the rule for keys that are there already.

use std::collections::{BTreeMap, HashMap};
use std::ops::AddAssign;

use super::shape::Key;
use super::{Bind, DbErrorKind, Names, Result, SessionStore, StoreError};
use crate::engine::Value;
use crate::session::{Decision, OnConflict, Session, SessionKey, SessionMeta};
use crate::store::read::metas;

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
        let mut tries = 0;
        let mut unseen = self.all_new && self.refuses_twice(sessions);
        loop {
            self.begin().await?;
            let writing = if unseen { self.write_unseen(sessions).await } else { self.write(sessions, rule).await };
            let written = match writing {
                Ok(written) => self.commit().await.map(|()| written),
                Err(error) => {
                    self.rollback().await;
                    Err(error)
                }
            };
            match written {
                // One of them is there, or two of them are the same to the table: `write` tells which.
                Err(error) if unseen && error.kind() == Some(DbErrorKind::Duplicate) => unseen = false,
                // Another may have inserted the key between our look and our insert.
                Err(error)
                    if tries < RETRIES
                        && (error.is_retryable()
                            || rule != OnConflict::Fail && error.kind() == Some(DbErrorKind::Duplicate)) =>
                {
                    tries += 1;
                    tokio::time::sleep(std::time::Duration::from_millis(10 << tries)).await;
                }
                written => return written,
            }
        }
    }

    /// Tells whether the table itself refuses a key that is there already. Of NULL it takes any number.
    fn refuses_twice(&self, sessions: &[Session]) -> bool {
        self.shape.key(&self.names) != Key::None && sessions.iter().all(|session| session.meta.key.app.is_some())
    }

    /// Writes in the transaction that is open, without a look at what is there.
    async fn write_unseen(&mut self, sessions: &[Session]) -> Result<Inserted> {
        self.put(&self.names.clone(), sessions.iter().map(row).collect()).await?;
        self.read_back(sessions).await?;
        Ok(Inserted { inserted: sessions.len() as u64, ..Inserted::default() })
    }

    /// Says what [`SessionStore::insert`] would do, and does nothing.
    ///
    /// # Errors
    /// As [`SessionStore::insert`], of what can be known before writing.
    pub async fn weigh(&mut self, sessions: &[Session], rule: OnConflict) -> Result<Inserted> {
        let existing = self.existing(sessions, false).await?;
        Ok(sort(sessions, &existing, rule)?.done)
    }

    /// Writes in the transaction that is open.
    pub(super) async fn write(&mut self, sessions: &[Session], rule: OnConflict) -> Result<Inserted> {
        let existing = self.existing(sessions, true).await?;
        self.all_new = existing.is_empty();
        let Sorted { done, winners, losers } = sort(sessions, &existing, rule)?;
        for (app, ids) in losers {
            let primary = self.shape.id_leads_primary(&self.names);
            let bind = Bind::new().set("app", app).list("ids", ids).flag("primary", primary);
            self.execute("replace sessions", self.statements().delete_rows, &bind).await?;
        }
        let rows = winners.iter().map(|session| row(session)).collect();
        self.put(&self.names.clone(), rows).await?;
        self.read_back(winners).await?;
        Ok(done)
    }

    /// Inserts rows into the table of these names, in the transaction that is open; returns how many.
    pub(super) async fn put(&mut self, names: &Names, rows: Vec<Vec<Value>>) -> Result<u64> {
        let packet = self.server.max_packet.and_then(|n| u64::try_from(n).ok());
        let inserting = self.connection.insert_many(names, rows, packet).await;
        inserting.map_err(|e| StoreError::db("insert sessions", e))
    }

    /// What stands in the table under the keys of `sessions`, locked where that is asked for and can be.
    pub(super) async fn existing(
        &mut self,
        sessions: &[Session],
        lock: bool,
    ) -> Result<HashMap<SessionKey, SessionMeta>> {
        let doing = "look for sessions that are there already";
        let primary = self.shape.id_leads_primary(&self.names);
        let mut keys = sessions
            .iter()
            .map(|Session { meta, .. }| vec![Value::from(meta.key.id.as_str()), Value::from(meta.key.app.clone())]);
        let staged = self.connection.stage_keys(&self.names, &mut keys).await;
        let mut rows = Vec::new();
        if staged.map_err(|e| StoreError::db(doing, e))? {
            let bind = Bind::new().flag("primary", primary).flag("lock", lock);
            rows = self.query(doing, self.statements().lock_keys, &bind).await?;
        } else {
            let mut apps: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
            for Session { meta, .. } in sessions {
                apps.entry(meta.key.app.as_deref()).or_default().push(&meta.key.id);
            }
            let most = self.dialect().max_batch.min(self.dialect().max_params - 8);
            for (app, ids) in apps {
                for ids in ids.chunks(most) {
                    let bind = Bind::new()
                        .set("app", app)
                        .list("ids", ids.iter().copied())
                        .flag("primary", primary)
                        .flag("lock", lock);
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

/// What a rule says of sessions.
struct Sorted<'a> {
    done: Inserted,
    /// To be written.
    winners: Vec<&'a Session>,
    /// To be deleted first, by application.
    losers: BTreeMap<Option<&'a str>, Vec<&'a str>>,
}

fn sort<'a>(
    sessions: &'a [Session],
    existing: &HashMap<SessionKey, SessionMeta>,
    rule: OnConflict,
) -> Result<Sorted<'a>> {
    let mut sorted =
        Sorted { done: Inserted::default(), winners: Vec::with_capacity(sessions.len()), losers: BTreeMap::new() };
    for session in sessions {
        let key = &session.meta.key;
        match rule.decide(existing.get(key), &session.meta) {
            Decision::Insert => sorted.done.inserted += 1,
            Decision::Replace => {
                sorted.losers.entry(key.app.as_deref()).or_default().push(&key.id);
                sorted.done.replaced += 1;
            }
            Decision::Keep => {
                sorted.done.kept += 1;
                continue;
            }
            Decision::Refuse => return Err(StoreError::Conflict { key: key.clone() }),
        }
        sorted.winners.push(session);
    }
    Ok(sorted)
}

/// The six columns in the order of `insert.sql`.
pub(super) fn row(Session { meta, data }: &Session) -> Vec<Value> {
    vec![
        Value::from(meta.key.id.as_str()),
        Value::from(meta.key.app.clone()),
        Value::from(meta.valid.clone()),
        Value::from(meta.max_inactive),
        Value::from(meta.last_access.map(|t| t.0)),
        Value::from(data.clone()),
    ]
}
