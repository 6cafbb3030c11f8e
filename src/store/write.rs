//! Writes sessions: inserts, and deletions in small batches under locks.

use super::{Bind, Result, SessionStore, StoreError};
use crate::engine::Value;
use crate::session::{EpochMillis, Session, SessionMeta};
use crate::store::read::meta;

/// Sessions of one application to delete in one transaction.
#[derive(Debug)]
pub struct Batch<'a> {
    pub app: Option<&'a str>,
    pub ids: &'a [String],
    /// With it, the server deletes only what is still expired at this moment.
    pub cutoff: Option<EpochMillis>,
    /// Judge and count, but change nothing.
    pub dry_run: bool,
}

/// What a batch did.
#[derive(Debug, Default)]
pub struct Deleted {
    pub sessions: u64,
    /// Bytes of `session_data`.
    pub bytes: u64,
    /// Rows that were gone, locked by another, no longer expired, or not what the judge wanted.
    pub spared: u64,
}

impl SessionStore {
    /// Inserts sessions in one transaction, in statements that the server can take.
    ///
    /// # Errors
    /// [`StoreError::Db`]; nothing is inserted then.
    pub async fn insert(&mut self, sessions: &[Session]) -> Result<u64> {
        self.begin().await?;
        let mut inserted = 0;
        for chunk in self.chunks(sessions) {
            match self.insert_chunk(chunk).await {
                Ok(n) => inserted += n,
                Err(error) => {
                    self.rollback().await;
                    return Err(error);
                }
            }
        }
        self.commit().await?;
        Ok(inserted)
    }

    /// Inserts sessions in one statement of the transaction that is open.
    pub(super) async fn insert_chunk(&mut self, sessions: &[Session]) -> Result<u64> {
        let rows = sessions.iter().map(|Session { meta, data }| {
            vec![
                Value::from(meta.key.id.as_str()),
                Value::from(meta.key.app.clone()),
                Value::from(meta.valid.clone()),
                Value::from(meta.max_inactive),
                Value::from(meta.last_access.map(|t| t.0)),
                Value::from(data.clone()),
            ]
        });
        let bind = Bind::new().rows("rows", rows.collect());
        self.execute("insert sessions", self.statements().insert, &bind).await
    }

    /// Cuts sessions into statements: by bytes first, a quarter of what the server takes, then by
    /// the number of parameters. A session that is larger goes alone.
    fn chunks<'a>(&self, sessions: &'a [Session]) -> Vec<&'a [Session]> {
        let most_bytes = u64::try_from(self.server.max_packet.unwrap_or(4 << 20) / 4).unwrap_or(0).min(4 << 20);
        let most_rows = self.dialect().max_params / 6;
        let mut chunks = Vec::new();
        let (mut start, mut bytes) = (0, 0);
        for (i, session) in sessions.iter().enumerate() {
            let size = session.data.as_ref().map_or(0, |d| d.len() as u64) + 512;
            if i > start && (bytes + size > most_bytes || i - start >= most_rows) {
                chunks.push(&sessions[start..i]);
                (start, bytes) = (i, 0);
            }
            bytes += size;
        }
        if start < sessions.len() {
            chunks.push(&sessions[start..]);
        }
        chunks
    }

    /// Deletes those sessions of `batch` that `wanted` still wants, in one transaction.
    ///
    /// The rows are locked and read again first, so that what is judged is what is deleted: a
    /// session that came back to life since its key was read stays. A row that Tomcat is writing
    /// at this moment is left alone where the engine can skip locked rows, and is not waited for.
    ///
    /// # Errors
    /// [`StoreError::Db`]; the transaction is rolled back then.
    pub async fn delete(
        &mut self,
        batch: &Batch<'_>,
        wanted: &(dyn Fn(&SessionMeta) -> bool + Sync),
    ) -> Result<Deleted> {
        if batch.dry_run {
            return self.judge(batch, wanted).await.map(|(_, deleted)| deleted);
        }
        self.begin().await?;
        let done = self.delete_locked(batch, wanted).await;
        match done {
            Ok(deleted) => {
                self.commit().await?;
                Ok(deleted)
            }
            Err(error) => {
                self.rollback().await;
                Err(error)
            }
        }
    }

    async fn delete_locked(
        &mut self,
        batch: &Batch<'_>,
        wanted: &(dyn Fn(&SessionMeta) -> bool + Sync),
    ) -> Result<Deleted> {
        let (ids, mut deleted) = self.judge(batch, wanted).await?;
        if ids.is_empty() {
            return Ok(deleted);
        }
        let bind = Bind::new()
            .set("app", batch.app)
            .list("ids", ids.iter().map(String::as_str))
            .set_if("cutoff", batch.cutoff.map(|t| t.0));
        let gone = self.execute("delete sessions", self.statements().delete_rows, &bind).await?;
        // The rows are locked, so that both agree; the server's count is the one that is reported.
        deleted.spared += deleted.sessions.saturating_sub(gone);
        deleted.sessions = gone;
        Ok(deleted)
    }

    /// Reads the rows of `batch`, under locks unless it is a dry run, and returns the ids that are
    /// to be deleted.
    async fn judge(
        &mut self,
        batch: &Batch<'_>,
        wanted: &(dyn Fn(&SessionMeta) -> bool + Sync),
    ) -> Result<(Vec<String>, Deleted)> {
        let doing = "lock the sessions to delete";
        let bind = Bind::new()
            .set("app", batch.app)
            .list("ids", batch.ids.iter().map(String::as_str))
            .set_if("cutoff", batch.cutoff.map(|t| t.0))
            .flag("lock", !batch.dry_run);
        let rows = self.query(doing, self.statements().lock_rows, &bind).await?;
        let (mut ids, mut deleted) = (Vec::with_capacity(rows.len()), Deleted::default());
        for row in rows {
            let session = meta(row).map_err(|e| StoreError::db(doing, e))?;
            if wanted(&session) {
                deleted.sessions += 1;
                deleted.bytes += session.size.unwrap_or(0);
                ids.push(session.key.id);
            }
        }
        deleted.spared = (batch.ids.len() as u64).saturating_sub(deleted.sessions);
        Ok((ids, deleted))
    }

    pub(super) async fn begin(&mut self) -> Result<()> {
        self.connection.begin().await.map_err(|e| StoreError::db("begin a transaction", e))
    }

    pub(super) async fn commit(&mut self) -> Result<()> {
        self.connection.commit().await.map_err(|e| StoreError::db("commit", e))
    }

    /// Rolls back; where that fails too, the connection is gone and the server does it.
    pub(super) async fn rollback(&mut self) {
        let _ = self.connection.rollback().await;
    }
}
