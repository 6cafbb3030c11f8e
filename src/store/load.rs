//! Writes sessions that come batch by batch, and sets aside those that the target does not take.

use std::collections::HashMap;

use super::fitting::Fitting;
use super::{DbErrorKind, Inserted, Result, SessionStore, StoreError};
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

/// A load under way.
pub struct Loader {
    store: SessionStore,
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
    pub fn new(store: SessionStore, rule: OnConflict, dry_run: bool) -> Loader {
        let (sent, done) = (Seen::alone(), Inserted::default());
        let fitting = Fitting::of(&store);
        Loader { store, fitting, rule, dry_run, sent, done, again: 0, refused: Vec::new() }
    }

    /// Says goodbye to the server.
    pub async fn close(self) {
        self.store.close().await;
    }

    /// Writes a batch, in one transaction where the target takes all of it. A session whose key was
    /// written by this loader before takes its place, whatever the rule says: it is a later state.
    ///
    /// # Errors
    /// What is no single session's fault: the connection, the account, the table, the temporary
    /// directory; and [`StoreError::Conflict`] under [`OnConflict::Fail`]. Batches before stay written.
    pub async fn load(&mut self, sessions: Vec<Session>) -> Result<()> {
        let mut places: HashMap<SessionKey, usize> = HashMap::new();
        let (mut fresh, mut repeated): (Vec<Session>, Vec<Session>) = (Vec::new(), Vec::new());
        for session in sessions {
            if let Some(reason) = self.fitting.fault(&session) {
                self.refuse(&session, reason);
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
        self.write(&fresh, self.rule).await?;
        for session in repeated {
            self.write_again(session).await?;
        }
        Ok(())
    }

    /// Writes sessions of different keys. Where the target refuses a batch, its halves are tried,
    /// until it is known which sessions it does not take.
    async fn write(&mut self, sessions: &[Session], rule: OnConflict) -> Result<()> {
        if sessions.is_empty() {
            return Ok(());
        }
        let written =
            if self.dry_run { self.store.weigh(sessions, rule).await } else { self.store.insert(sessions, rule).await };
        match written {
            Ok(done) => {
                self.done += done;
                for session in sessions {
                    self.sent.take(&session.meta)?;
                }
                Ok(())
            }
            Err(error) if !is_about_a_session(&error) => Err(error),
            Err(error) if sessions.len() == 1 => {
                self.refuse(&sessions[0], error.to_string());
                let nothing = self.done == Inserted::default();
                if nothing && self.refused.len() >= HOPELESS { Err(error) } else { Ok(()) }
            }
            Err(_) => {
                let (one, other) = sessions.split_at(sessions.len() / 2);
                Box::pin(self.write(one, rule)).await?;
                Box::pin(self.write(other, rule)).await
            }
        }
    }

    /// Writes a session whose key came before: in the place of what was written here, or by the
    /// rule where something else stands there.
    async fn write_again(&mut self, session: Session) -> Result<()> {
        self.again += 1;
        if self.dry_run {
            return Ok(());
        }
        let there = self.store.get(&session.meta.key).await?;
        let ours = match there {
            Some(there) => self.sent.meet(&there.meta)? == Standing::Same,
            None => false,
        };
        let before = self.done;
        let written = self.write(&[session], if ours { OnConflict::Replace } else { self.rule }).await;
        if ours {
            // Counted when it was written first.
            self.done = before;
        }
        written
    }

    fn refuse(&mut self, session: &Session, reason: String) {
        self.refused.push(Refused { key: session.meta.key.clone(), reason });
    }
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
