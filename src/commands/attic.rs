//! The archive that `swap-out` keeps: it is written anew as a whole each time, with what it had.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::archive::{Header, Item};
use crate::endpoint::{Archive, Compression, EndpointError, Identities, Next, Output, Recipients, Sink};
use crate::failure::{Failure, LOCKED};
use crate::session::{Digest, Session};
use crate::store::{BATCH_BYTES, Copied, SessionStore};

/// An archive that this run alone writes.
pub struct Attic {
    path: PathBuf,
    header: Header,
    /// Held until the end: of two runs that write it anew, one would lose what the other added.
    _lock: File,
}

impl Attic {
    /// # Errors
    /// When another run holds it; usage, when there is something else of that name.
    pub fn open(path: &Path, header: Header) -> Result<Attic, Failure> {
        if path.symlink_metadata().is_ok_and(|there| !there.is_file()) {
            return Err(Failure::usage(format!(
                "`{}` is no file that an archive could take the place of",
                path.display()
            )));
        }
        let mut lock = path.to_owned().into_os_string();
        lock.push(".lock");
        let lock = PathBuf::from(lock);
        let cannot = |e: std::io::Error| Failure::failed(format!("cannot lock `{}`: {e}", lock.display()));
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&lock).map_err(cannot)?;
        match file.try_lock() {
            Ok(()) => Ok(Attic { path: path.to_owned(), header, _lock: file }),
            Err(TryLockError::WouldBlock) => {
                Err(Failure::new(LOCKED, format!("another run writes the archive `{}`", path.display())))
            }
            Err(TryLockError::Error(e)) => Err(cannot(e)),
        }
    }

    pub fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// Begins to write it anew, with what it holds but for what stands in the store in the same state or
    /// a newer one: what a run left in both that was killed, and who was active all the same.
    ///
    /// # Errors
    /// When the old one is damaged, or cannot be read.
    pub async fn begin(&self, store: &mut SessionStore) -> Result<Sink, Failure> {
        let mut sink = self.sink()?;
        let mut old = self.old()?;
        loop {
            let (mut sessions, more) = next(&mut old)?;
            store.leave_what_it_lacks(&mut sessions).await?;
            sink.write(&sessions, false)?;
            if !more {
                return Ok(sink);
            }
        }
    }

    /// Writes it anew without those sessions that were copied in vain.
    ///
    /// # Errors
    /// As [`Attic::begin`].
    pub fn take_out(&self, mut vain: Copied) -> Result<(), Failure> {
        let mut sink = self.sink()?;
        let mut old = self.old()?;
        loop {
            let (sessions, more) = next(&mut old)?;
            let mut stay = Vec::with_capacity(sessions.len());
            for session in sessions {
                if !vain.has(&Digest::of(&session))? {
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

    /// What is there, if anything is.
    fn old(&self) -> Result<Option<Archive>, EndpointError> {
        self.path.exists().then(|| Archive::open(&self.path, &Identities::default())).transpose()
    }
}

/// The next sessions of an archive, as many as memory is meant to hold, and whether more may come.
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
