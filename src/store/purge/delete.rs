//! Deletes sessions in small batches, under locks.

use async_trait::async_trait;

use crate::session::{Session, SessionKey, SessionMeta};
use crate::store::error::Result;
use crate::store::purge::batch::{Batch, BatchAction, BatchResult, KeptRow, RowPredicate, SkipReasons};
use crate::store::read::digest::rows_within_batch;
use crate::store::read::pages::metas;
use crate::store::session_store::SessionStore;

/// Deletes the sessions of a batch, without copying them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Delete {
    /// The predicate checks nothing but the bounds of the batch, so that the server can check it alone.
    pub exact: bool,
}

#[async_trait]
impl BatchAction for Delete {
    async fn apply(
        &mut self,
        store: &mut SessionStore,
        batch: &Batch<'_>,
        wanted: &RowPredicate<'_>,
    ) -> Result<BatchResult> {
        if self.exact
            && !batch.dry_run
            && let Some(deleted) = store.delete_returning(batch, wanted).await?
        {
            return Ok(deleted);
        }
        store.delete(batch, wanted).await
    }

    fn explains_skipped(&self) -> bool {
        true
    }

    /// Nothing is reported as deleted before it is on the server's disk. If that fails, the server writes it by itself
    /// within a second.
    async fn finish(&mut self, store: &mut SessionStore) -> Vec<KeptRow> {
        let _ = store.connection.flush_commits().await;
        Vec::new()
    }
}

/// Deletes those sessions of a batch whose data match too, as read under the locks.
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
    ) -> Result<BatchResult> {
        if batch.dry_run {
            let rows = store.lock_rows(batch, wanted).await?;
            return Ok(batch.totals(store.with_data(rows, &*self.wanted).await?).1);
        }
        store.begin().await?;
        let done = store.delete_by_data(batch, wanted, &*self.wanted).await;
        store.commit_or_roll_back(done).await
    }
}

impl SessionStore {
    /// Deletes those sessions of `batch` for which `wanted` still returns true, in one transaction.
    ///
    /// The rows are locked and read again first: a session that was used since its key was read is kept. A row that
    /// Tomcat is writing at this moment is skipped without waiting, if the engine can skip locked rows.
    ///
    /// # Errors
    /// [`StoreError::Db`]; the transaction is rolled back.
    pub async fn delete(&mut self, batch: &Batch<'_>, wanted: &RowPredicate<'_>) -> Result<BatchResult> {
        if batch.dry_run {
            return Ok(batch.totals(self.lock_rows(batch, wanted).await?).1);
        }
        self.begin().await?;
        let done = self.delete_locked(batch, wanted).await;
        self.commit_or_roll_back(done).await
    }

    /// As [`SessionStore::delete`], in one DELETE that returns the deleted rows, if the server has such a statement. It
    /// needs half as many index lookups, and holds locks for half the time. The server checks the bounds of the batch
    /// under the locks of the DELETE; `wanted` checks the returned rows before the commit.
    ///
    /// Returns `None`, with nothing changed, if the server has no such statement, if another transaction has locked a
    /// row of the batch, or if `wanted` rejects a returned row: [`SessionStore::delete`] can delete the others.
    ///
    /// # Errors
    /// [`StoreError::Db`]; the transaction is rolled back.
    async fn delete_returning(&mut self, batch: &Batch<'_>, wanted: &RowPredicate<'_>) -> Result<Option<BatchResult>> {
        let file = self.statements().delete_returning;
        let possible = batch.ids.iter().all(|id| self.can_hold(id));
        if !file.is_statement() || !self.shape.id_leads_primary(&self.names) || !possible {
            return Ok(None);
        }
        let doing = "delete sessions";
        // Expired sessions may be there again after a crash of the server: they are still expired.
        let begun = if batch.cutoff.is_some() { self.begin_relaxed().await } else { self.begin().await };
        begun?;
        let rows = self.query(doing, file, &batch.bind(batch.ids, true).flag("no_wait", true)).await;
        match rows.and_then(|rows| metas(doing, rows)) {
            Ok(rows) if rows.iter().all(wanted) => {
                self.commit().await?;
                return Ok(Some(batch.totals(rows).1));
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
    ) -> Result<BatchResult> {
        let rows = self.lock_rows(batch, wanted).await?;
        let (ids, mut deleted) = batch.totals(self.with_data(rows, by_data).await?);
        let gone = self.delete_rows(batch, &ids).await?;
        deleted.skipped += deleted.sessions.saturating_sub(gone);
        deleted.sessions = gone;
        Ok(deleted)
    }

    /// Keeps those of `rows` whose data match. The data are read in parts of bounded size.
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

    async fn delete_locked(&mut self, batch: &Batch<'_>, wanted: &RowPredicate<'_>) -> Result<BatchResult> {
        let (ids, mut deleted) = batch.totals(self.lock_rows(batch, wanted).await?);
        let gone = self.delete_rows(batch, &ids).await?;
        // The rows are locked, so that both counts agree; the server's count is reported.
        deleted.skipped += deleted.sessions.saturating_sub(gone);
        deleted.sessions = gone;
        Ok(deleted)
    }

    /// Finds out why `skipped` sessions of a batch were skipped, by reading their rows again without waiting for locks.
    ///
    /// # Errors
    /// [`StoreError::Db`].
    pub(in crate::store) async fn skip_reasons(
        &mut self,
        batch: &Batch<'_>,
        wanted: &RowPredicate<'_>,
        skipped: u64,
    ) -> Result<SkipReasons> {
        let mut why = SkipReasons::default();
        if skipped == 0 {
            return Ok(why);
        }
        let doing = "look at the sessions that stayed";
        let unbounded = Batch { cutoff: None, accessed_before: None, ..*batch };
        let bind = unbounded.bind(batch.ids, self.shape.id_leads_primary(&self.names));
        let rows = self.query(doing, self.statements().metadata_by_key, &bind).await?;
        let mut left = skipped;
        for row in metas(doing, rows)? {
            let count = match (batch.is_within(&row), wanted(&row)) {
                (false, _) => &mut why.changed,
                (true, false) => &mut why.unwanted,
                // A dry run does not skip locked rows, because it locks none.
                (true, true) if batch.dry_run => continue,
                (true, true) => &mut why.locked,
            };
            // A deleted session may have been saved again in the meantime.
            if left > 0 {
                (*count, left) = (*count + 1, left - 1);
            }
        }
        why.already_deleted = left;
        Ok(why)
    }

    /// Reads the rows of `batch`, with locks unless it is a dry run, and returns those for which `wanted` returns true.
    pub(in crate::store) async fn lock_rows(
        &mut self,
        batch: &Batch<'_>,
        wanted: &RowPredicate<'_>,
    ) -> Result<Vec<SessionMeta>> {
        let doing = "lock the sessions of a batch";
        let primary = self.shape.id_leads_primary(&self.names);
        if !batch.app.is_none_or(|app| self.can_hold(app)) {
            return Ok(Vec::new());
        }
        let ids = batch.ids.iter().filter(|id| self.can_hold(id));
        let bind = batch.bind(ids, primary).flag("lock", !batch.dry_run);
        let rows = self.query(doing, self.statements().lock_rows, &bind).await?;
        let mut rows = metas(doing, rows)?;
        rows.retain(|session| wanted(session));
        Ok(rows)
    }

    /// Deletes the locked rows of `ids`; returns their number.
    pub(in crate::store) async fn delete_rows(&mut self, batch: &Batch<'_>, ids: &[String]) -> Result<u64> {
        if ids.is_empty() {
            return Ok(0);
        }
        let bind = batch.bind(ids, self.shape.id_leads_primary(&self.names));
        self.execute("delete sessions", self.statements().delete_rows, &bind).await
    }
}
