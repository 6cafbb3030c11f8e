//! Writes sessions batch by batch, and records those that the target refuses.
//!
//! # Why no session is lost, aged or resurrected
//!
//! A record of the source is written in one transaction. It locks the row with its key, decides by what it sees under
//! the lock, deletes that row if the record replaces it, and inserts the record ([`SessionStore::insert_by`]). At the
//! same time, Tomcats save (DELETE, then INSERT, each committed separately), log users out (DELETE) and load
//! (SELECT); other runs of this program write by the same rules.
//!
//! | between | event | result |
//! |---|---|---|
//! | reading the source and the lock | a Tomcat saves a newer state | it is visible under the lock: `newer` and `skip` keep it |
//! | | the user logs out | there is no row, and the record is inserted: the purpose of an import is to bring sessions back |
//! | | a Tomcat has deleted the row and not yet inserted it | the record is inserted; Tomcat's INSERT is refused as a duplicate, and its retry deletes and inserts: its state is kept |
//! | | a Tomcat holds the row's lock | The row is skipped when locking. The INSERT waits, and is refused as a duplicate, or succeeds if the row is gone. If it is refused, the transaction is repeated from the lookup on. |
//! | the lock and the commit | nothing: the row is locked | On a server that ignores locking hints, the DELETE does not delete rows with a higher `last_access`; its count shows that, and the transaction is repeated. |
//! | the commit and a later record with the same key | a save, load or logout | the row is compared, under its lock, with what was written for the earlier record |
//!
//! A source may have several records with one key: those of a session that changed while it was exported, and with
//! `--rename-app` those of two sessions. [`EarlierWrite`] decides about every record after one that was written. If none
//! was written, only the rule decides, because a *kept* row is not what was written:
//!
//! - The row is still what was written, columns and data. Of one session, the later record replaces it, unless it is
//!   older than the row before the import and the rule is `newer`. Of two sessions, the one that was accessed later
//!   is kept, and the other is reported.
//! - The row has another state: a Tomcat has saved it since. The rule decides, as for any row.
//! - There is no row: the user has logged out since. Nothing is written.
//!
//! A run that is killed leaves complete transactions, and the same import continues from there: rows that are already
//! in the table are ties, and are kept.

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;

use crate::engine::DbErrorKind;
use crate::session::{
    Decision, EarlierWrite, EpochMillis, OnConflict, Session, SessionKey, SessionMeta, WrittenState, short_digest,
};
use crate::spillable_map;
use crate::spillable_map::SpillableMap;
use crate::store::error::{Result, StoreError};
use crate::store::session_store::SessionStore;
use crate::store::write::insert::{ConflictResolver, Existing, InsertResult};
use crate::store::write::table_limits::TableLimits;

/// After this many refusals without a single success, the sessions are not the cause.
const MAX_REFUSALS: usize = 50;
/// Maximum size of the records in memory, in bytes; the rest is in a temporary file.
const MAX_RECORDS_BYTES: usize = 8 << 20;

/// A session of the source.
#[derive(Debug, Clone)]
pub struct Record {
    pub session: Session,
    /// Its application in the source, if it was renamed.
    pub renamed_from: Option<String>,
}

impl From<Session> for Record {
    fn from(session: Session) -> Record {
        Record { session, renamed_from: None }
    }
}

impl Record {
    fn key(&self) -> &SessionKey {
        &self.session.meta.key
    }

    /// Its application in the source.
    fn app(&self) -> Option<&str> {
        self.renamed_from.as_deref().or(self.key().app.as_deref())
    }

    /// Its key in the source.
    fn source_key(&self) -> SessionKey {
        SessionKey::new(self.app().map(str::to_owned), self.key().id.as_str())
    }
}

/// A session that was not written, and the reason.
#[derive(Debug)]
pub struct RefusedSession {
    pub key: SessionKey,
    pub reason: String,
}

/// An import in progress.
pub struct Loader {
    store: SessionStore,
    fitting: TableLimits,
    rule: OnConflict,
    dry_run: bool,
    notes: EarlierRecords,
    pub done: InsertResult,
    /// Number of records whose key occurred before.
    pub again: u64,
    pub refused: Vec<RefusedSession>,
}

impl Loader {
    pub fn new(store: SessionStore, rule: OnConflict, dry_run: bool) -> Loader {
        let (notes, done) = (EarlierRecords::default(), InsertResult::default());
        let fitting = TableLimits::of(&store);
        Loader { store, fitting, rule, dry_run, notes, done, again: 0, refused: Vec::new() }
    }

    /// Closes the connection.
    pub async fn close(self) {
        self.store.close().await;
    }

    /// Writes a batch, in one transaction if the target accepts all of it and no key occurs twice.
    ///
    /// # Errors
    /// Errors that do not concern a single session: the connection, the account, the table, the temporary directory;
    /// and [`StoreError::Conflict`] with [`OnConflict::Fail`]. Earlier batches remain written.
    pub async fn load(&mut self, records: Vec<Record>) -> Result<()> {
        let mut fits = Vec::with_capacity(records.len());
        for record in records {
            match self.fitting.fault(&record.session) {
                Some(reason) => self.refuse(record.source_key(), reason),
                None => fits.push(record),
            }
        }
        // Records with the same key are written one after the other, in their order in the source.
        while !fits.is_empty() {
            let (round, later) = first_of_each_key(fits);
            fits = later;
            let (mut fresh, mut again) = (Vec::with_capacity(round.len()), Vec::new());
            for record in round {
                match self.notes.written(&record)? {
                    Some(written) => again.push((record, written)),
                    None => {
                        self.again += u64::from(self.notes.was_kept(&record)?);
                        fresh.push(record);
                    }
                }
            }
            self.write(&fresh).await?;
            self.again += again.len() as u64;
            self.write_again(&again).await?;
        }
        Ok(())
    }

    /// Writes records with keys under which nothing was written. If the target refuses a batch, its halves are tried,
    /// until the refused sessions are known.
    async fn write(&mut self, records: &[Record]) -> Result<()> {
        if records.is_empty() {
            return Ok(());
        }
        let sessions: Vec<Session> = records.iter().map(|record| record.session.clone()).collect();
        let written = if self.dry_run {
            self.store.decide_without_writing(&sessions, self.rule).await
        } else {
            self.store.insert_each(&sessions, self.rule).await
        };
        match written {
            Ok(written) => {
                for (record, one) in records.iter().zip(&written) {
                    match one.decision {
                        Decision::Insert => self.notes.write(record, None, self.dry_run)?,
                        Decision::Replace => self.notes.write(record, one.before, self.dry_run)?,
                        Decision::Keep | Decision::Same | Decision::Refuse => self.notes.keep(record)?,
                    }
                }
                self.done += written.into_iter().collect();
                Ok(())
            }
            // A batch that conflicts with another transaction may succeed in halves.
            Err(error) if !(is_about_a_session(&error) || error.is_retryable() && records.len() > 1) => Err(error),
            Err(error) if records.len() == 1 => self.refuse_one(&records[0], error),
            Err(_) => {
                let (one, other) = records.split_at(records.len() / 2);
                Box::pin(self.write(one)).await?;
                Box::pin(self.write(other)).await
            }
        }
    }

    /// Writes records with keys that were written before.
    async fn write_again(&mut self, records: &[(Record, EarlierRecord)]) -> Result<()> {
        if records.is_empty() {
            return Ok(());
        }
        let decisions: Vec<Decision> = if self.dry_run {
            let decide = |(record, note): &(Record, EarlierRecord)| {
                let written = SessionMeta { last_access: note.accessed, ..record.session.meta.clone() };
                note.earlier.decide(self.rule, Some(&written), true, &record.session.meta)
            };
            records.iter().map(decide).collect()
        } else {
            let sessions: Vec<Session> = records.iter().map(|(record, _)| record.session.clone()).collect();
            let notes = records.iter().map(|(record, note)| (record.key(), note)).collect();
            match self.store.insert_by(&sessions, &[], &RepeatedKeyResolver { rule: self.rule, notes }).await {
                Ok(written) => written.into_iter().map(|one| one.decision).collect(),
                Err(error) if !is_about_a_session(&error) => return Err(error),
                Err(error) if records.len() == 1 => return self.refuse_one(&records[0].0, error),
                Err(_) => {
                    let (one, other) = records.split_at(records.len() / 2);
                    Box::pin(self.write_again(one)).await?;
                    return Box::pin(self.write_again(other)).await;
                }
            }
        };
        for ((record, note), decision) in records.iter().zip(decisions) {
            let replaced = matches!(decision, Decision::Insert | Decision::Replace);
            if !note.earlier.same_session {
                let loser = if replaced { note.session.clone() } else { record.source_key() };
                let winner = if replaced { record.source_key() } else { note.session.clone() };
                let winner = winner.app.unwrap_or_else(|| "no application".to_owned());
                self.refuse(loser, format!("a session of {winner} has the same new key and is not older"));
            }
            // It was counted when it was written first; the row before that remains the reference.
            if replaced {
                self.notes.write(record, note.earlier.replaced, self.dry_run)?;
            }
        }
        Ok(())
    }

    fn refuse_one(&mut self, record: &Record, error: StoreError) -> Result<()> {
        self.refuse(record.source_key(), error.to_string());
        let nothing = self.done == InsertResult::default();
        if nothing && self.refused.len() >= MAX_REFUSALS { Err(error) } else { Ok(()) }
    }

    fn refuse(&mut self, key: SessionKey, reason: String) {
        self.refused.push(RefusedSession { key, reason });
    }
}

/// Splits records into the first one with each key, and the others, both in their order.
fn first_of_each_key(records: Vec<Record>) -> (Vec<Record>, Vec<Record>) {
    let mut keys = HashSet::with_capacity(records.len());
    records.into_iter().partition(|record| keys.insert(record.key().clone()))
}

/// The record that was written under a key before.
#[derive(Debug, Clone)]
struct EarlierRecord {
    state: WrittenState,
    /// Its `last_access`, in a dry run.
    accessed: Option<EpochMillis>,
    /// Its session in the source.
    session: SessionKey,
    earlier: EarlierWrite,
}

/// The records so far, by digests of their keys. A record takes about 30 bytes, and twice as much if it replaced a
/// row or was renamed.
struct EarlierRecords {
    /// Digests of what was written.
    written: SpillableMap,
    /// Keys whose existing rows were kept.
    kept: SpillableMap,
    /// `last_access` of the rows that were replaced.
    replaced: SpillableMap,
    /// The applications in the source of records that were renamed, as indexes of `apps`.
    renamed: SpillableMap,
    apps: Vec<Option<String>>,
    /// In a dry run, the `last_access` of what would be written.
    accessed: SpillableMap,
}

impl Default for EarlierRecords {
    fn default() -> EarlierRecords {
        EarlierRecords {
            written: SpillableMap::new(MAX_RECORDS_BYTES, &std::env::temp_dir()),
            kept: SpillableMap::default(),
            replaced: SpillableMap::default(),
            renamed: SpillableMap::default(),
            apps: Vec::new(),
            accessed: SpillableMap::default(),
        }
    }
}

impl EarlierRecords {
    /// What was written under the key of `record`, and how the two records are related.
    fn written(&mut self, record: &Record) -> spillable_map::Result<Option<EarlierRecord>> {
        let key = short_digest(record.key());
        let Some(state) = self.written.get(key)? else { return Ok(None) };
        let place = self.renamed.get(key)?.and_then(|place| usize::try_from(place).ok());
        let app = place.and_then(|place| self.apps.get(place)).unwrap_or(&record.key().app);
        let earlier = EarlierWrite {
            same_session: app.as_deref() == record.app(),
            replaced: self.replaced.get(key)?.map(|at| EpochMillis(at.cast_signed())),
        };
        let accessed = self.accessed.get(key)?.map(|at| EpochMillis(at.cast_signed()));
        let session = SessionKey::new(app.clone(), record.key().id.as_str());
        Ok(Some(EarlierRecord { state: WrittenState(state), accessed, session, earlier }))
    }

    fn was_kept(&mut self, record: &Record) -> spillable_map::Result<bool> {
        Ok(self.kept.get(short_digest(record.key()))?.is_some())
    }

    fn keep(&mut self, record: &Record) -> spillable_map::Result<()> {
        self.kept.set(short_digest(record.key()), 0).map(drop)
    }

    fn write(&mut self, record: &Record, replaced: Option<EpochMillis>, dry_run: bool) -> spillable_map::Result<()> {
        let key = short_digest(record.key());
        self.written.set(key, WrittenState::of(&record.session).0)?;
        if let Some(at) = replaced {
            self.replaced.set(key, at.0.cast_unsigned())?;
        }
        match &record.renamed_from {
            Some(_) => {
                let app = record.app().map(str::to_owned);
                let place = self.apps.iter().position(|known| *known == app).unwrap_or_else(|| {
                    self.apps.push(app);
                    self.apps.len() - 1
                });
                self.renamed.set(key, place as u64)?;
            }
            None => drop(self.renamed.remove(key)?),
        }
        if let Some(at) = record.session.meta.last_access.filter(|_| dry_run) {
            self.accessed.set(key, at.0.cast_unsigned())?;
        }
        Ok(())
    }
}

/// Decides about records with keys under which others were written before.
struct RepeatedKeyResolver<'a> {
    rule: OnConflict,
    notes: HashMap<&'a SessionKey, &'a EarlierRecord>,
}

#[async_trait]
impl ConflictResolver for RepeatedKeyResolver<'_> {
    async fn decide(
        &self,
        store: &mut SessionStore,
        sessions: &[Session],
        existing: &Existing,
    ) -> Result<Vec<Decision>> {
        // Not larger than what was written.
        let may_be = |row: &&SessionMeta| self.notes.get(&row.key).is_some_and(|note| note.state.may_be(row));
        let keys: Vec<SessionKey> = existing.values().filter(may_be).map(|row| row.key.clone()).collect();
        let rows = store.sessions_of(&keys).await?;
        let ours: HashSet<&SessionKey> = rows
            .iter()
            .filter(|row| self.notes.get(&row.meta.key).is_some_and(|note| note.state.is(row)))
            .map(|row| &row.meta.key)
            .collect();
        let decide = |session: &Session| {
            let key = &session.meta.key;
            let earlier = self.notes.get(key).map(|note| note.earlier);
            let row = existing.get(key);
            earlier.map_or_else(
                || self.rule.decide(row, &session.meta),
                |earlier| earlier.decide(self.rule, row, ours.contains(key), &session.meta),
            )
        };
        Ok(sessions.iter().map(decide).collect())
    }

    fn may_meet_a_duplicate(&self) -> bool {
        true
    }
}

/// Tells whether another session might be accepted although this one was not.
fn is_about_a_session(error: &StoreError) -> bool {
    match error {
        StoreError::UnsupportedKey { .. } => true,
        StoreError::Db { error, .. } => {
            matches!(
                error.kind,
                DbErrorKind::TooLarge | DbErrorKind::BatchTooLarge | DbErrorKind::Duplicate | DbErrorKind::Other
            )
        }
        _ => false,
    }
}
