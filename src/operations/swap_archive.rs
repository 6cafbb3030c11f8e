//! The archive of `swap-out`. Each run writes the whole file again, including the sessions that it already contains.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::archive::{Header, Item};
use crate::endpoint::{
    Archive, Compression, EndpointError, Identities, JournalLine, Next, Output, Recipients, Sink, SwapJournal,
    journal_of, read_journal,
};
use crate::failure::{Failure, LOCKED};
use crate::private_file;
use crate::session::{Digest, Session, SessionKey, short_digest};
use crate::spillable_map;
use crate::spillable_map::SpillableMap;
use crate::store::{
    ArchivedSessions, BATCH_BYTES, CopiedSessions, KeptRow, ReconcileResult, SessionStore, StoredState,
};

/// State of a session in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum JournalState {
    Nothing,
    /// It was copied; its deletion had not begun.
    Copied,
    /// The deletion was being committed.
    Deleting,
}

/// The journal of an interrupted run.
#[derive(Default)]
struct UnfinishedRun(SpillableMap);

const COPIED: u64 = 1;
const DELETING: u64 = 2;

impl UnfinishedRun {
    /// Reads the journal of an archive, if there is one.
    fn read(archive: &Path) -> io::Result<UnfinishedRun> {
        let (mut states, mut deleting) = (SpillableMap::default(), Vec::new());
        read_journal(archive, |line| {
            let noted = match line {
                JournalLine::Copied(key) => states.set(short_digest(&key), COPIED).map(drop),
                JournalLine::Deleting(key) => {
                    deleting.push(short_digest(&key));
                    states.set(short_digest(&key), DELETING).map(drop)
                }
                JournalLine::Deleted => deleting.drain(..).try_for_each(|key| states.remove(key).map(drop)),
                JournalLine::Kept => deleting.drain(..).try_for_each(|key| states.set(key, COPIED).map(drop)),
            };
            noted.map_err(io::Error::other)
        })?;
        Ok(UnfinishedRun(states))
    }

    fn state_of(&mut self, key: &SessionKey) -> spillable_map::Result<JournalState> {
        Ok(match self.0.get(short_digest(key))? {
            Some(COPIED) => JournalState::Copied,
            Some(_) => JournalState::Deleting,
            None => JournalState::Nothing,
        })
    }
}

const IN_DOUBT: &str = "an earlier run was killed while it moved the session, and the table does not have it: it was \
    moved, or its user has logged out; the archive keeps it";

/// An archive that is being written.
pub struct NewArchive {
    /// The output; `None` in a dry run.
    pub sink: Option<Sink>,
    /// The sessions that the old archive contained.
    pub archived: ArchivedSessions,
    pub found: ReconcileResult,
}

/// An archive that is locked by this run.
pub struct SwapArchive {
    path: PathBuf,
    header: Header,
    /// Held until the end: of two simultaneous runs, one would lose the sessions that the other added.
    _lock: File,
}

impl SwapArchive {
    /// # Errors
    /// Another run holds the lock; usage error if the path is not a regular file.
    pub fn open(path: &Path, header: Header) -> Result<SwapArchive, Failure> {
        if path.symlink_metadata().is_ok_and(|there| !there.is_file()) {
            return Err(Failure::usage(format!(
                "`{}` is not a regular file, so an archive cannot replace it",
                path.display()
            )));
        }
        let lock = private_file::lock_path(path);
        let cannot = |e: std::io::Error| Failure::failed(format!("cannot lock `{}`: {e}", lock.display()));
        let file = private_file::lock_file(&lock).map_err(cannot)?;
        match file.try_lock() {
            Ok(()) => Ok(SwapArchive { path: path.to_owned(), header, _lock: file }),
            Err(TryLockError::WouldBlock) => {
                Err(Failure::new(LOCKED, format!("another run is writing the archive `{}`", path.display())))
            }
            Err(TryLockError::Error(e)) => Err(cannot(e)),
        }
    }

    pub fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// Starts to write the archive again, with the sessions of the old one. Two kinds are omitted: sessions that the
    /// store has in the same or a newer state, and copies of an interrupted run that had not begun to delete them and
    /// that have been deleted from the store since. Without `write`, the old archive is only read.
    ///
    /// # Errors
    /// The old archive is damaged, or cannot be read.
    pub async fn begin(&self, store: &mut SessionStore, write: bool) -> Result<NewArchive, Failure> {
        let mut unfinished =
            UnfinishedRun::read(&self.path).map_err(|e| Failure::failed(self.journal_error("read", &e)))?;
        let sink = if write { Some(self.sink()?) } else { None };
        let mut begun = NewArchive { sink, archived: ArchivedSessions::default(), found: ReconcileResult::default() };
        let mut old = self.old()?;
        loop {
            let (sessions, more) = next(&mut old)?;
            let beside = store.stored_states(&sessions).await?;
            let mut stay = Vec::with_capacity(sessions.len());
            for (session, beside) in sessions.into_iter().zip(beside) {
                let state = unfinished.state_of(&session.meta.key)?;
                match (beside, state) {
                    (StoredState::SameOrNewer, _) | (StoredState::Nothing, JournalState::Copied) => {
                        begun.found.removed += u64::from(state != JournalState::Nothing);
                        continue;
                    }
                    (StoredState::Nothing, JournalState::Deleting) => {
                        begun
                            .found
                            .in_doubt
                            .push(KeptRow { key: session.meta.key.clone(), reason: IN_DOUBT.to_owned() });
                    }
                    (StoredState::Nothing, JournalState::Nothing) | (StoredState::Older, _) => {}
                }
                begun.archived.add(&session.meta)?;
                stay.push(session);
            }
            if let Some(sink) = &mut begun.sink {
                sink.write(&stay, false)?;
            }
            if !more {
                return Ok(begun);
            }
        }
    }

    /// Opens the journal, to append to the entries of an interrupted run.
    ///
    /// # Errors
    /// The file cannot be opened for writing.
    pub fn log(&self) -> Result<SwapJournal, Failure> {
        SwapJournal::open(&self.path).map_err(|e| Failure::failed(self.journal_error("write", &e)))
    }

    /// The message about a journal that cannot be read or written, which `action` says.
    pub fn journal_error(&self, action: &str, error: &std::io::Error) -> String {
        format!("cannot {action} the journal `{}`: {error}", journal_of(&self.path).display())
    }

    /// Writes the archive again without the sessions that could not be deleted from the store.
    ///
    /// # Errors
    /// As [`SwapArchive::begin`].
    pub fn rewrite_without(&self, vain: &mut CopiedSessions) -> Result<(), Failure> {
        let mut sink = self.sink()?;
        let mut old = self.old()?;
        loop {
            let (sessions, more) = next(&mut old)?;
            let mut stay = Vec::with_capacity(sessions.len());
            for session in sessions {
                if !vain.is_undeleted(&Digest::of(&session))? {
                    stay.push(session);
                }
            }
            sink.write(&stay, false)?;
            if !more {
                return Ok(sink.finish()?);
            }
        }
    }

    fn sink(&self) -> Result<Sink, EndpointError> {
        Sink::archive(
            Output::file(&self.path, true)?,
            Compression::of_name(&self.path),
            &Recipients::default(),
            &self.header,
        )
    }

    /// Opens the old archive, if it exists.
    fn old(&self) -> Result<Option<Archive>, EndpointError> {
        self.path.exists().then(|| Archive::open(&self.path, &Identities::default())).transpose()
    }
}

/// The next sessions of an archive, of bounded size, and whether there may be more.
fn next(archive: &mut Option<Archive>) -> Result<(Vec<Session>, bool), EndpointError> {
    let (mut sessions, mut bytes) = (Vec::new(), 0);
    let Some(archive) = archive else { return Ok((sessions, false)) };
    while bytes < BATCH_BYTES && sessions.len() < 1_000 {
        match archive.read_next()? {
            Next::Item(Item::Session(session)) => {
                bytes += session.meta.size.unwrap_or(0);
                sessions.push(session);
            }
            Next::Item(_) => {}
            Next::Damaged(fault) => return Err(archive.fault(fault)),
            Next::End => return Ok((sessions, false)),
        }
    }
    Ok((sessions, true))
}
