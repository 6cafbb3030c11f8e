//! Writes sessions that come batch by batch, and sets aside those that the target does not take.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::panic::resume_unwind;

use tokio::task::{JoinError, JoinSet};

use super::fitting::Fitting;
use super::{BATCH_BYTES, DbError, DbErrorKind, Inserted, Result, SessionStore, StoreError};
use crate::ledger::Seen;
use crate::session::{OnConflict, Session, SessionKey, Standing};

/// So many refusals without one session taken say that it is not the sessions' fault.
const HOPELESS: usize = 50;

/// A session that was not written, and why.
#[derive(Debug)]
pub struct Refused {
    pub key: SessionKey,
    pub reason: String,
}

/// A load under way: one or two connections, each of which writes a batch.
pub struct Loader {
    /// The connections that write nothing at this moment.
    free: Vec<SessionStore>,
    under_way: JoinSet<Written>,
    /// The keys of what is being written.
    writing: HashSet<SessionKey>,
    /// One batch is written after the other.
    by_one: bool,
    fitting: Fitting,
    rule: OnConflict,
    dry_run: bool,
    /// What was written here, by digests.
    sent: Seen,
    pub done: Inserted,
    /// Sessions that came once more and took the place of what was written before.
    pub again: u64,
    pub refused: Vec<Refused>,
}

impl Loader {
    /// By one connection: a batch is written when [`Loader::load`] returns.
    pub fn new(store: SessionStore, rule: OnConflict, dry_run: bool) -> Loader {
        let (sent, done) = (Seen::alone(), Inserted::default());
        let fitting = Fitting::of(&store);
        Loader {
            free: vec![store],
            under_way: JoinSet::new(),
            writing: HashSet::new(),
            by_one: true,
            fitting,
            rule,
            dry_run,
            sent,
            done,
            again: 0,
            refused: Vec::new(),
        }
    }

    /// By two, where the server takes another one: while it commits a batch of the one, it works on
    /// that of the other.
    pub async fn by_two(store: SessionStore, rule: OnConflict, dry_run: bool) -> Loader {
        let wanted = store.dialect().has_accounts && !dry_run;
        let other = if wanted { store.another().await.ok() } else { None };
        let by_one = other.is_none();
        let mut loader = Loader { by_one, ..Loader::new(store, rule, dry_run) };
        loader.free.extend(other);
        loader
    }

    /// Says goodbye to the server.
    pub async fn close(self) {
        for store in self.free {
            store.close().await;
        }
    }

    /// Writes a batch, in one transaction where the target takes all of it, or begins to: the end, or
    /// the next call, tells. A session whose key was written by this loader before takes its place,
    /// whatever the rule says: it is a later state.
    ///
    /// # Errors
    /// Of this batch or an earlier one: what is no single session's fault: the connection, the account,
    /// the table, the temporary directory; and [`StoreError::Conflict`] under [`OnConflict::Fail`].
    /// Batches before stay written.
    pub async fn load(&mut self, sessions: Vec<Session>) -> Result<()> {
        // What is being written must be noted before a later state of it comes.
        if sessions.iter().any(|session| self.writing.contains(&session.meta.key)) {
            self.finish().await?;
        }
        let mut places: HashMap<SessionKey, usize> = HashMap::new();
        let (mut fresh, mut repeated): (Vec<Session>, Vec<Session>) = (Vec::new(), Vec::new());
        for session in sessions {
            if let Some(reason) = self.fitting.fault(&session) {
                self.refused.push(Refused { key: session.meta.key, reason });
            } else if self.sent.meet(&session.meta)? != Standing::New {
                repeated.push(session);
            } else if let Some(&at) = places.get(&session.meta.key) {
                fresh[at] = session;
                self.again += 1;
            } else {
                places.insert(session.meta.key.clone(), fresh.len());
                fresh.push(session);
            }
        }
        // A big session is in several buffers already.
        let big = fresh.iter().map(|session| session.meta.size.unwrap_or(0)).sum::<u64>() > BATCH_BYTES;
        let alone = self.by_one || big || !repeated.is_empty();
        if alone {
            self.finish().await?;
        }
        self.begin(fresh, self.rule).await?;
        if alone {
            self.finish().await?;
        }
        for session in repeated {
            self.write_again(session).await?;
        }
        Ok(())
    }

    /// Waits for the end of a batch that is being written; for ever, where none is. To drop it loses
    /// nothing.
    ///
    /// # Errors
    /// As [`Loader::load`].
    pub async fn batch_ends(&mut self) -> Result<()> {
        match self.under_way.is_empty() {
            true => std::future::pending().await,
            false => self.take_back().await,
        }
    }

    /// Waits until all is written.
    ///
    /// # Errors
    /// As [`Loader::load`], the first of them.
    pub async fn finish(&mut self) -> Result<()> {
        let mut first = Ok(());
        while !self.under_way.is_empty() {
            first = first.and(self.take_back().await);
        }
        first
    }

    /// Begins to write sessions of different keys, once a connection is free.
    async fn begin(&mut self, sessions: Vec<Session>, rule: OnConflict) -> Result<()> {
        if sessions.is_empty() {
            return Ok(());
        }
        let store = loop {
            match self.free.pop() {
                Some(store) => break store,
                None => self.take_back().await?,
            }
        };
        self.writing.extend(sessions.iter().map(|session| session.meta.key.clone()));
        let nothing = self.done == Inserted::default();
        let patience = nothing.then(|| HOPELESS.saturating_sub(self.refused.len()));
        self.under_way.spawn(write(store, sessions, rule, self.dry_run, patience));
        Ok(())
    }

    /// Waits for the end of a batch, and notes what became of it.
    async fn take_back(&mut self) -> Result<()> {
        let written = match self.under_way.join_next().await {
            Some(Ok(written)) => written,
            Some(Err(error)) => match error.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                Err(cancelled) => return Err(lost(&cancelled)),
            },
            None => return Ok(()),
        };
        self.free.push(written.store);
        self.done += written.done;
        self.refused.extend(written.refused);
        for session in &written.sessions {
            self.writing.remove(&session.meta.key);
        }
        for session in written.taken.into_iter().flat_map(|range| &written.sessions[range]) {
            self.sent.take(&session.meta)?;
        }
        written.failed.map_or(Ok(()), Err)
    }

    /// Writes a session whose key came before: in the place of what was written here, or by the
    /// rule where something else stands there. Nothing else is being written.
    async fn write_again(&mut self, session: Session) -> Result<()> {
        self.again += 1;
        if self.dry_run {
            return Ok(());
        }
        let there = match self.free.first_mut() {
            Some(store) => store.get(&session.meta.key).await?,
            None => None,
        };
        let ours = match there {
            Some(there) => self.sent.meet(&there.meta)? == Standing::Same,
            None => false,
        };
        let before = self.done;
        self.begin(vec![session], if ours { OnConflict::Replace } else { self.rule }).await?;
        let written = self.finish().await;
        if ours {
            // Counted when it was written first.
            self.done = before;
        }
        written
    }
}

/// What became of a batch.
struct Written {
    store: SessionStore,
    sessions: Vec<Session>,
    /// Those of them that the target took, or that stayed out by the rule.
    taken: Vec<Range<usize>>,
    done: Inserted,
    refused: Vec<Refused>,
    failed: Option<StoreError>,
}

/// Writes sessions of different keys. Where the target refuses a batch, its halves are tried, until it
/// is known which sessions it does not take; of so many as `patience` says without one that it takes,
/// the last one's error is that of all.
async fn write(
    store: SessionStore,
    sessions: Vec<Session>,
    rule: OnConflict,
    dry_run: bool,
    patience: Option<usize>,
) -> Written {
    let (taken, done, refused) = (Vec::new(), Inserted::default(), Vec::new());
    let mut batch = Written { store, sessions, taken, done, refused, failed: None };
    let mut rest: Vec<_> = std::iter::once(0..batch.sessions.len()).collect();
    while let Some(range) = rest.pop() {
        let some = &batch.sessions[range.clone()];
        let written = if dry_run { batch.store.weigh(some, rule).await } else { batch.store.insert(some, rule).await };
        match written {
            Ok(done) => {
                batch.done += done;
                batch.taken.push(range);
            }
            Err(error) if !is_about_a_session(&error) => {
                batch.failed = Some(error);
                break;
            }
            Err(error) if range.len() == 1 => {
                batch.refused.push(Refused { key: some[0].meta.key.clone(), reason: error.to_string() });
                let nothing = batch.done == Inserted::default();
                if nothing && patience.is_some_and(|most| batch.refused.len() >= most) {
                    batch.failed = Some(error);
                    break;
                }
            }
            Err(_) => {
                let middle = range.start + range.len() / 2;
                // The first half is tried first.
                rest.extend([middle..range.end, range.start..middle]);
            }
        }
    }
    batch
}

/// The program ends, and takes what writes with it.
fn lost(cancelled: &JoinError) -> StoreError {
    StoreError::db("write sessions", DbError::other(cancelled.to_string()))
}

/// Tells whether another session might be taken where this one was not.
fn is_about_a_session(error: &StoreError) -> bool {
    match error {
        StoreError::Unkeepable { .. } => true,
        StoreError::Db { error, .. } => {
            matches!(error.kind, DbErrorKind::TooLarge | DbErrorKind::Duplicate | DbErrorKind::Other)
        }
        _ => false,
    }
}
