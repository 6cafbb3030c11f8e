//! Deletes sessions in small batches, under locks.

use async_trait::async_trait;

use crate::session::{Session, SessionKey, SessionMeta};
use crate::store::error::Result;
use crate::store::purge::batch::{Batch, BatchAction, Deleted, RowPredicate, SparedCounts};
use crate::store::read::digest::rows_within_batch;
use crate::store::read::pages::metas;
use crate::store::session_store::SessionStore;

/// Deletes the sessions of a batch, and that is all.
#[derive(Debug, Clone, Copy, Default)]
pub struct Delete {
    /// The bounds of a batch are all that its judge asks for: the server can judge by itself.
    pub exact: bool,
}

#[async_trait]
impl BatchAction for Delete {
    async fn apply(
        &mut self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        wanted: &RowPredicate<'_>,
    ) -> Result<Deleted> {
        if self.exact
            && !batch.dry_run
            && let Some(deleted) = store.delete_returning(batch, wanted).await?
        {
            return Ok(deleted);
        }
        store.delete(batch, wanted).await
    }

    fn explains_spared(&self) -> bool {
        true
    }
}

/// Deletes those sessions of a batch whose data are wanted too, as they are under the locks.
pub struct DeleteByData {
    pub wanted: Box<dyn Fn(&Session) -> bool + Send + Sync>,
}

#[async_trait]
impl BatchAction for DeleteByData {
    async fn apply(
        &mut self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        wanted: &RowPredicate<'_>,
    ) -> Result<Deleted> {
        if batch.dry_run {
            let rows = store.lock_rows(batch, wanted).await?;
            return Ok(batch.judged(store.with_data(rows, &*self.wanted).await?).1);
        }
        store.begin().await?;
        let done = store.delete_by_data(batch, wanted, &*self.wanted).await;
        store.commit_or_roll_back(done).await
    }
}

impl SessionStore {
    /// Deletes those sessions of `batch` that `wanted` still wants, in one transaction.
    ///
    /// The rows are locked and read again first, so that what is judged is what is deleted: a
    /// session that came back to life since its key was read stays. A row that Tomcat is writing
    /// at this moment is left alone where the engine can skip locked rows, and is not waited for.
    ///
    /// # Errors
    /// [`StoreError::Db`]; the transaction is rolled back then.
    pub async fn delete(&mut self, batch: &Batch<'_>, wanted: &RowPredicate<'_>) -> Result<Deleted> {
        if batch.dry_run {
            return Ok(batch.judged(self.lock_rows(batch, wanted).await?).1);
        }
        self.begin().await?;
        let done = self.delete_locked(batch, wanted).await;
        self.commit_or_roll_back(done).await
    }

    /// The same in one statement, where the server has one that returns what it deleted: half of the
    /// look-ups, and locks for half of the time. The server judges, under the lock that its own DELETE
    /// takes; `wanted` judges again before the commit.
    ///
    /// `None`, with nothing changed, where the server has no such statement, where another transaction
    /// locks a row of the batch, or where `wanted` does not want what went: [`SessionStore::delete`]
    /// can part them.
    ///
    /// # Errors
    /// [`StoreError::Db`]; the transaction is rolled back then.
    async fn delete_returning(&mut self, batch: &Batch<'_>, wanted: &RowPredicate<'_>) -> Result<Option<Deleted>> {
        let file = self.statements().delete_returning;
        if !file.is_statement() || !self.shape.id_leads_primary(&self.names) {
            return Ok(None);
        }
        let doing = "delete sessions";
        self.begin().await?;
        let rows = self.query(doing, file, &batch.bind(batch.ids, true).flag("no_wait", true)).await;
        match rows.and_then(|rows| metas(doing, rows)) {
            Ok(rows) if rows.iter().all(wanted) => {
                self.commit().await?;
                return Ok(Some(batch.judged(rows).1));
            }
            Err(error) if !error.is_retryable() => {
                self.rollback().await;
                return Err(error);
            }
            Ok(_) | Err(_) => self.rollback().await,
        }
        Ok(None)
    }

    async fn delete_by_data(
        &mut self,
        batch: &Batch<'_>,
        wanted: &RowPredicate<'_>,
        by_data: &(dyn Fn(&Session) -> bool + Send + Sync),
    ) -> Result<Deleted> {
        let rows = self.lock_rows(batch, wanted).await?;
        let (ids, mut deleted) = batch.judged(self.with_data(rows, by_data).await?);
        let gone = self.delete_rows(batch, &ids).await?;
        deleted.spared += deleted.sessions.saturating_sub(gone);
        deleted.sessions = gone;
        Ok(deleted)
    }

    /// Leaves of `rows` those whose data are wanted; as many are read at a time as memory is meant to hold.
    pub(in crate::store) async fn with_data(
        &mut self,
        rows: Vec<SessionMeta>,
        wanted: &(dyn Fn(&Session) -> bool + Send + Sync),
    ) -> Result<Vec<SessionMeta>> {
        let (mut left, mut rest) = (Vec::with_capacity(rows.len()), rows.as_slice());
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rows_within_batch(rest));
            rest = later;
            let keys: Vec<SessionKey> = now.iter().map(|row| row.key.clone()).collect();
            let sessions = self.sessions_of(&keys).await?;
            left.extend(sessions.into_iter().filter(|session| wanted(session)).map(|session| session.meta));
        }
        Ok(left)
    }

    async fn delete_locked(&mut self, batch: &Batch<'_>, wanted: &RowPredicate<'_>) -> Result<Deleted> {
        let (ids, mut deleted) = batch.judged(self.lock_rows(batch, wanted).await?);
        let gone = self.delete_rows(batch, &ids).await?;
        // The rows are locked, so that both agree; the server's count is the one that is reported.
        deleted.spared += deleted.sessions.saturating_sub(gone);
        deleted.sessions = gone;
        Ok(deleted)
    }

    /// Tells apart why `spared` sessions of a batch stayed, by another look at their rows, which waits for no
    /// lock.
    ///
    /// # Errors
    /// [`StoreError::Db`].
    pub(in crate::store) async fn why_spared(
        &mut self,
        batch: &Batch<'_>,
        wanted: &RowPredicate<'_>,
        spared: u64,
    ) -> Result<SparedCounts> {
        let mut why = SparedCounts::default();
        if spared == 0 {
            return Ok(why);
        }
        let doing = "look at the sessions that stayed";
        let unbounded = Batch { cutoff: None, accessed_before: None, ..*batch };
        let bind = unbounded.bind(batch.ids, self.shape.id_leads_primary(&self.names));
        let rows = self.query(doing, self.statements().spared_rows, &bind).await?;
        let mut left = spared;
        for row in metas(doing, rows)? {
            let count = match (batch.is_within(&row), wanted(&row)) {
                (false, _) => &mut why.changed,
                (true, false) => &mut why.unwanted,
                // A dry run deletes nothing, and no lock keeps it from reading.
                (true, true) if batch.dry_run => continue,
                (true, true) => &mut why.locked,
            };
            // One that was deleted may have been saved again since.
            if left > 0 {
                (*count, left) = (*count + 1, left - 1);
            }
        }
        why.gone = left;
        Ok(why)
    }

    /// Reads the rows of `batch`, under locks unless it is a dry run, and returns those that are wanted.
    pub(in crate::store) async fn lock_rows(
        &mut self,
        batch: &Batch<'_>,
        wanted: &RowPredicate<'_>,
    ) -> Result<Vec<SessionMeta>> {
        let doing = "lock the sessions of a batch";
        let primary = self.shape.id_leads_primary(&self.names);
        let bind = batch.bind(batch.ids, primary).flag("lock", !batch.dry_run);
        let rows = self.query(doing, self.statements().lock_rows, &bind).await?;
        let mut rows = metas(doing, rows)?;
        rows.retain(|session| wanted(session));
        Ok(rows)
    }

    /// Deletes the rows of `ids`, which are locked; returns how many.
    pub(in crate::store) async fn delete_rows(&mut self, batch: &Batch<'_>, ids: &[String]) -> Result<u64> {
        if ids.is_empty() {
            return Ok(0);
        }
        let bind = batch.bind(ids, self.shape.id_leads_primary(&self.names));
        self.execute("delete sessions", self.statements().delete_rows, &bind).await
    }
}
