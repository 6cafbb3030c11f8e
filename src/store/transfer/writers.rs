//! The writers of a move: each takes batches in turn and writes them with its own connection. Sessions that the
//! target refuses are recorded one by one; an error that does not concern a single session ends all writers.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, mpsc};

use crate::engine::{DbErrorKind, Stop};
use crate::session::{Digest, OnConflict, Session, SessionKey};
use crate::spillable_map::SentState;
use crate::store::error::{Result, StoreError};
use crate::store::read::pass::SessionBatch;
use crate::store::session_store::SessionStore;
use crate::store::write::insert::InsertResult;
use crate::store::write::table_limits::TableLimits;

/// Maximum size of the batches of all writers, in KiB; a larger session is written alone.
pub(in crate::store) const MAX_KIB_IN_FLIGHT: u32 = 4 << 10;
/// After this many refusals without a single success, the sessions are not the cause.
const MAX_REFUSALS: usize = 50;
/// Number of retries for a session that conflicted with another transaction.
const RETRIES: u32 = 10;

/// A session that the target refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    pub key: SessionKey,
    pub reason: String,
}

/// Returns the reason why a session must not be written; `None` if it may be.
pub type Refusal = Arc<dyn Fn(&Session) -> Option<String> + Send + Sync>;

/// Progress of a move.
#[derive(Debug, Clone, Copy, Default)]
pub struct MoveProgress {
    pub sessions: u64,
    pub bytes: u64,
    /// The first pass is over: sessions copied from now on have changed since.
    pub changes: bool,
}

/// State shared by the writers.
pub(in crate::store) struct WriterState {
    pub(in crate::store) batches: tokio::sync::Mutex<BatchSource>,
    pub(in crate::store) done: Mutex<WriteTotals>,
    pub(in crate::store) in_flight: Semaphore,
    pub(in crate::store) dry_run: bool,
    /// Whether each batch is read back after its commit.
    pub(in crate::store) read_back: bool,
    /// Whether the states of the sent sessions are recorded.
    pub(in crate::store) noted: bool,
    pub(in crate::store) refusal: Refusal,
}

/// Source of the writers' batches.
pub(in crate::store) struct BatchSource {
    pub(in crate::store) batches: mpsc::Receiver<SessionBatch>,
    pub(in crate::store) max_rate: Option<u64>,
    pub(in crate::store) begun: Instant,
    pub(in crate::store) bytes: u64,
    pub(in crate::store) stop: Stop,
}

#[derive(Default)]
pub(in crate::store) struct WriteTotals {
    pub(in crate::store) written: InsertResult,
    /// Those of `written.replaced` that come from later passes.
    pub(in crate::store) updates: u64,
    pub(in crate::store) confirmed: u64,
    pub(in crate::store) unconfirmed: u64,
    pub(in crate::store) progress: MoveProgress,
    pub(in crate::store) rejected: Vec<Rejected>,
    pub(in crate::store) failed: Option<StoreError>,
    pub(in crate::store) sent: Vec<SentState>,
}

impl WriterState {
    /// Waits until a writer fails.
    pub(in crate::store) async fn failed(&self) {
        while self.done.lock().unwrap_or_else(PoisonError::into_inner).failed.is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl BatchSource {
    /// The next batch, delayed to keep the maximum rate.
    async fn next(&mut self) -> Option<SessionBatch> {
        let batch = self.batches.recv().await?;
        if let Some(rate) = self.max_rate {
            #[expect(clippy::cast_precision_loss, reason = "a pace needs no more than 53 bits")]
            let due = self.begun + Duration::from_secs_f64((self.bytes as f64 / rate.max(1) as f64).min(1e9));
            tokio::select! {
                () = tokio::time::sleep_until(due.into()) => {}
                _ = self.stop.wait() => {}
            }
            self.bytes += bytes(&batch.sessions);
        }
        Some(batch)
    }
}

/// Writes batches until there are no more; an error that does not concern a single session ends all writers.
pub(in crate::store) async fn write(mut target: SessionStore, shared: Arc<WriterState>) {
    let rows_within_batch = TableLimits::of(&target);
    loop {
        // Its permits are released after everything has been recorded.
        let Some(SessionBatch { sessions, again, room: _room, in_hand: _in_hand }) =
            shared.batches.lock().await.next().await
        else {
            break;
        };
        let kib = u32::try_from(bytes(&sessions) >> 10).unwrap_or(MAX_KIB_IN_FLIGHT).clamp(1, MAX_KIB_IN_FLIGHT);
        let Ok(_permit) = shared.in_flight.acquire_many(kib).await else { break };
        let (mut done, number) = (WriteTotals::default(), sessions.len() as u64);
        let failed = write_batch(&mut target, &rows_within_batch, (sessions, again), &shared, &mut done).await.err();
        let failing = failed.is_some();
        if failed.as_ref().is_some_and(StoreError::is_unconfirmed_commit) {
            done.unconfirmed = number;
        }
        {
            let mut all = shared.done.lock().unwrap_or_else(PoisonError::into_inner);
            all.written += done.written;
            all.updates += done.updates;
            all.confirmed += done.confirmed;
            all.unconfirmed += done.unconfirmed;
            all.progress.sessions += done.progress.sessions;
            all.progress.bytes += done.progress.bytes;
            all.rejected.extend(done.rejected);
            all.sent.extend(done.sent);
            if all.failed.is_none() {
                all.failed = failed;
            }
        }
        if failing {
            shared.batches.lock().await.batches.close();
            break;
        }
    }
    target.close().await;
}

async fn write_batch(
    target: &mut SessionStore,
    rows_within_batch: &TableLimits,
    (taken, again): (Vec<Session>, bool),
    shared: &WriterState,
    done: &mut WriteTotals,
) -> Result<()> {
    // Of two states with the same last access, the one of a later pass is newer.
    let rule = if again { OnConflict::NotOlder } else { OnConflict::Newer };
    let mut sessions = Vec::with_capacity(taken.len());
    for session in taken {
        match rows_within_batch.fault(&session).or_else(|| (shared.refusal)(&session)) {
            Some(reason) => done.rejected.push(Rejected { key: session.meta.key, reason }),
            None => sessions.push(session),
        }
    }
    if shared.dry_run {
        done.written.inserted += sessions.len() as u64;
    } else {
        let (written, rejected) = write_each(target, &sessions, rule).await?;
        done.written = written;
        done.updates = if again { written.replaced } else { 0 };
        if shared.read_back || shared.noted {
            let refused: BTreeSet<&SessionKey> = rejected.iter().map(|one| &one.key).collect();
            let written_now = sessions.iter().filter(|session| !refused.contains(&session.meta.key));
            let states: Vec<Digest> = written_now.map(Digest::of).collect();
            let kept = !again && written.kept > 0;
            done.sent = states.iter().map(|state| SentState::of(state, kept)).collect();
            if shared.read_back {
                done.confirmed = target.count_in_states(&states).await?;
            }
        }
        done.rejected.extend(rejected);
    }
    done.progress.sessions = sessions.len() as u64;
    done.progress.bytes = bytes(&sessions);
    Ok(())
}

/// Writes sessions in one transaction; if the target refuses it, writes each session separately, so that only the
/// refused ones are returned.
///
/// # Errors
/// Errors that do not concern a single session.
pub async fn write_each(
    target: &mut SessionStore,
    sessions: &[Session],
    rule: OnConflict,
) -> Result<(InsertResult, Vec<Rejected>)> {
    let (mut written, mut rejected) = (InsertResult::default(), Vec::new());
    if sessions.is_empty() {
        return Ok((written, rejected));
    }
    match target.insert(sessions, rule).await {
        Ok(all) => return Ok((all, rejected)),
        Err(error) if is_general(&error) => return Err(error),
        Err(_) => {}
    }
    for session in sessions {
        let mut tries = 0;
        loop {
            match target.insert(std::slice::from_ref(session), rule).await {
                Ok(one) => written += one,
                Err(error) if error.is_retryable() && tries < RETRIES => {
                    tries += 1;
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
                Err(error) if is_general(&error) || error.is_retryable() => return Err(error),
                Err(error) if written == InsertResult::default() && rejected.len() >= MAX_REFUSALS => {
                    return Err(error);
                }
                Err(error) => rejected.push(Rejected { key: session.meta.key.clone(), reason: reason(&error) }),
            }
            break;
        }
    }
    Ok((written, rejected))
}

/// Tells whether every session would get this error.
fn is_general(error: &StoreError) -> bool {
    let about_one = matches!(
        error.kind(),
        Some(
            DbErrorKind::Duplicate
                | DbErrorKind::TooLarge
                | DbErrorKind::BatchTooLarge
                | DbErrorKind::Retryable
                | DbErrorKind::Other
        )
    );
    !about_one && !matches!(error, StoreError::UnsupportedKey { .. } | StoreError::Conflict { .. })
}

fn reason(error: &StoreError) -> String {
    match error.kind() {
        Some(DbErrorKind::Duplicate) => {
            "the target treats its key as that of another session: they differ only by case, spaces or the application"
                .to_owned()
        }
        _ => error.to_string(),
    }
}

fn bytes(sessions: &[Session]) -> u64 {
    sessions.iter().map(|session| session.meta.size.unwrap_or(0)).sum()
}
