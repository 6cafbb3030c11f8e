//! Moves sessions between the two tables of a store, one transaction per batch.
//!
//! # Why no session is lost, aged, duplicated or resurrected
//!
//! One transaction locks the rows of a batch in the source table, checks them under the locks, locks the rows with
//! the same keys in the other table, decides with [`Direction::decide`], deletes the rows that are replaced, lets the
//! server copy the rows, deletes the originals, and commits. A run that is killed, or whose commit fails, has moved
//! the batch completely or not at all.
//!
//! | before | event | result |
//! |---|---|---|
//! | the locks | a save, logout or move of the session | the rows are checked under the lock: sessions that are gone or were used are not moved |
//! | | another transaction holds a row's lock (a save in progress) | the row is skipped, and stays |
//! | the commit | a Tomcat loads the session | It reads the row in its previous state. Its next save finds no row to delete and inserts one; the live row is then newer, and the next move of the session replaces the other row. |
//! | | a save or logout of the session | It waits for the locks. Then a save inserts its newer state. A logout deletes nothing if the session was swapped out, because the row is in the other table; if the session was brought back, it deletes the row. |
//! | | an insert of the key in the target table | It waits, and is refused as a duplicate; Tomcat retries with DELETE and INSERT. If it came first, the copy is refused, and the batch is repeated and sees the row. |
//!
//! The lock of the table prevents two simultaneous runs. Without it the row locks would, because one run does not
//! find what the other has moved. On a server that ignores locking hints, a difference between the numbers of copied
//! and deleted rows shows that something has changed, and the batch is rolled back.
//!
//! A logout does not end a session that is swapped out, because Tomcat does not find it. Neither does it end the
//! swapped-out row of a session that a Tomcat held in memory while its row was moved, and wrote again. That row has
//! an older state, and is kept until it is replaced or expires. `swap-out --manager` asks the Tomcats first, and idle
//! times of ten minutes or more make this rare.

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;

use crate::engine::{Bind, DbError, DbErrorKind};
use crate::session::{Decision, Digest, Direction, Session, SessionKey, SessionMeta};
use crate::store::error::{Result, StoreError};
use crate::store::purge::batch::{Batch, BatchAction, BatchResult, KeptRow, RowPredicate};
use crate::store::read::digest::rows_within_batch;
use crate::store::read::pages::meta;
use crate::store::session_store::SessionStore;
use crate::store::swap::table::SwapTable;
use crate::store::write::insert::row;

/// Edits a session before it is written; the error is the reason why that is impossible.
pub type SessionFix = dyn Fn(&mut Session) -> std::result::Result<(), String> + Sync + Send;

/// Moves the sessions of a batch into the other table of their store: the server copies the rows and deletes the
/// originals, under locks on exactly these rows. Rows of the other table with an older state, or the same one, are
/// replaced; if the other table has a newer state, both rows are kept.
pub struct IntoTable {
    pub other: SwapTable,
    pub way: Direction,
    /// If set, the rows are read, edited and written by this program.
    pub fix: Option<Box<SessionFix>>,
}

#[async_trait]
impl BatchAction for IntoTable {
    async fn apply(
        &mut self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        wanted: &RowPredicate<'_>,
    ) -> Result<BatchResult> {
        if batch.dry_run {
            return self.run(store, batch, wanted).await;
        }
        store.begin().await?;
        let done = self.run(store, batch, wanted).await.map_err(met_a_duplicate);
        store.commit_or_roll_back(done).await
    }
}

/// A Tomcat may write the row in the other table after it was looked up; the next attempt sees it.
fn met_a_duplicate(error: StoreError) -> StoreError {
    match error {
        StoreError::Db { doing, error } if error.kind == DbErrorKind::Duplicate => {
            StoreError::db(doing, DbError { kind: DbErrorKind::Retryable, ..error })
        }
        error => error,
    }
}

impl IntoTable {
    async fn run(&self, store: &mut SessionStore, batch: &Batch<'_>, wanted: &RowPredicate<'_>) -> Result<BatchResult> {
        let mut rows = store.lock_rows(batch, wanted).await?;
        let there = self.rows_in_other_table(store, batch, &rows).await?;
        let mut kept = Vec::new();
        let stay = self.newer_keys(store, &rows, &there).await?;
        rows.retain(|session| {
            let keep = stay.contains(&session.key);
            if keep {
                kept.push(KeptRow::newer(&session.key, there.get(&session.key), session.last_access));
            }
            !keep
        });
        let newer = kept.len() as u64;
        let copied = match &self.fix {
            None if batch.dry_run => rows.len() as u64,
            None => self.copy(store, batch, &rows, &there).await?,
            Some(fix) => self.fix(store, batch, &mut rows, &there, fix, &mut kept).await?,
        };
        let (ids, mut deleted) = batch.totals(rows);
        deleted.skipped -= kept.len() as u64;
        (deleted.newer, deleted.kept) = (newer, kept);
        if batch.dry_run {
            return Ok(deleted);
        }
        let gone = store.delete_rows(batch, &ids).await?;
        if copied != deleted.sessions || gone != deleted.sessions {
            // The rows are locked; on a server that ignores locking hints they may have changed.
            let what = format!("{copied} rows were copied and {gone} deleted, of {}", deleted.sessions);
            return Err(StoreError::db("move sessions", DbError::new(DbErrorKind::Retryable, "", what)));
        }
        Ok(deleted)
    }

    /// The rows of the other table with the keys of `rows`, locked except in a dry run.
    async fn rows_in_other_table(
        &self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        rows: &[SessionMeta],
    ) -> Result<HashMap<SessionKey, SessionMeta>> {
        if rows.is_empty() {
            return Ok(HashMap::new());
        }
        let doing = "look for sessions in the other table";
        let bind = self.bind(batch, rows.iter()).flag("lock", !batch.dry_run);
        let sql = store.statements().lock_rows.render(&self.other.names, store.dialect(), &bind);
        let sql = sql.map_err(|e| StoreError::db(doing, e))?;
        let found = store.connection.query(&sql).await.map_err(|e| StoreError::db(doing, e))?;
        let found = found.into_iter().map(|row| meta(row).map(|meta| (meta.key.clone(), meta)));
        found.collect::<std::result::Result<_, _>>().map_err(|e| StoreError::db(doing, e))
    }

    /// The keys of the rows that are kept, because the other table has the right state.
    async fn newer_keys(
        &self,
        store: &mut SessionStore,
        rows: &[SessionMeta],
        there: &HashMap<SessionKey, SessionMeta>,
    ) -> Result<HashSet<SessionKey>> {
        let (mut stay, mut close) = (HashSet::new(), Vec::new());
        for row in rows {
            match there.get(&row.key).map(|existing| self.way.decide_by_columns(existing, row)) {
                Some(Some(Decision::Keep)) => drop(stay.insert(row.key.clone())),
                Some(None) => close.push(row.key.clone()),
                Some(Some(_)) | None => {}
            }
        }
        if !close.is_empty() {
            let here = store.digests_of(&close).await?;
            let there = self.digests_in_other_table(store, &close).await?;
            let there: HashMap<SessionKey, Digest> =
                there.into_iter().map(|digest| (digest.meta.key.clone(), digest)).collect();
            for was in here {
                if self.way.decide(there.get(&was.meta.key), &was) == Decision::Keep {
                    stay.insert(was.meta.key);
                }
            }
        }
        Ok(stay)
    }

    /// The digests of rows of the other table, read by the store after it has exchanged its tables.
    async fn digests_in_other_table(&self, store: &mut SessionStore, keys: &[SessionKey]) -> Result<Vec<Digest>> {
        let names = std::mem::replace(&mut store.names, self.other.names.clone());
        let shape = std::mem::replace(&mut store.shape, self.other.shape.clone());
        let digests = store.digests_of(keys).await;
        (store.names, store.shape) = (names, shape);
        digests
    }

    /// Lets the server copy the rows; returns their number.
    async fn copy(
        &self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        rows: &[SessionMeta],
        there: &HashMap<SessionKey, SessionMeta>,
    ) -> Result<u64> {
        if rows.is_empty() {
            return Ok(0);
        }
        self.make_room(store, batch, rows, there).await?;
        let ids: Vec<String> = rows.iter().map(|row| row.key.id.clone()).collect();
        let bind = batch.bind(&ids, store.shape.id_leads_primary(&store.names));
        store.execute("copy sessions to the other table", store.statements().move_rows, &bind).await
    }

    /// Reads the rows completely, edits and writes them, as many at a time as fit into the memory limit. Rows that
    /// cannot be edited are moved from `rows` to `kept`.
    async fn fix(
        &self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        rows: &mut Vec<SessionMeta>,
        there: &HashMap<SessionKey, SessionMeta>,
        fix: &SessionFix,
        kept: &mut Vec<KeptRow>,
    ) -> Result<u64> {
        let (mut moved, mut written) = (Vec::with_capacity(rows.len()), 0);
        let mut rest = std::mem::take(rows);
        while !rest.is_empty() {
            let later = rest.split_off(rows_within_batch(&rest));
            let keys: Vec<SessionKey> = rest.iter().map(|row| row.key.clone()).collect();
            let mut sessions = store.sessions_of(&keys).await?;
            sessions.retain_mut(|session| match fix(session) {
                Ok(()) => true,
                Err(reason) => {
                    kept.push(KeptRow { key: session.meta.key.clone(), reason });
                    false
                }
            });
            rest.retain(|row| sessions.iter().any(|session| session.meta.key == row.key));
            if !batch.dry_run {
                self.make_room(store, batch, &rest, there).await?;
                written += store.put(&self.other.names, sessions.iter().map(row).collect()).await?;
            }
            moved.append(&mut rest);
            rest = later;
        }
        *rows = moved;
        Ok(written)
    }

    /// Deletes from the other table the rows that `rows` replace.
    async fn make_room(
        &self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        rows: &[SessionMeta],
        there: &HashMap<SessionKey, SessionMeta>,
    ) -> Result<()> {
        let replaced: Vec<&SessionMeta> = rows.iter().filter(|row| there.contains_key(&row.key)).collect();
        if replaced.is_empty() {
            return Ok(());
        }
        let doing = "replace sessions in the other table";
        let bind = self.bind(batch, replaced.into_iter());
        let sql = store.statements().delete_rows.render(&self.other.names, store.dialect(), &bind);
        let sql = sql.map_err(|e| StoreError::db(doing, e))?;
        store.connection.execute(&sql).await.map(drop).map_err(|e| StoreError::db(doing, e))
    }

    /// The parameters that select rows of the other table.
    fn bind<'a>(&self, batch: &Batch<'_>, rows: impl Iterator<Item = &'a SessionMeta>) -> Bind {
        let ids: Vec<String> = rows.map(|row| row.key.id.clone()).collect();
        let unbound = Batch { cutoff: None, accessed_before: None, ..*batch };
        unbound.bind(&ids, self.other.shape.id_leads_primary(&self.other.names))
    }
}
