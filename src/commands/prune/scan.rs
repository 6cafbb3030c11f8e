//! Finds the archives in a directory, and reads each completely. Blocking.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::archive::{DecodeErrorKind, Header, Item};
use crate::endpoint::{Archive, EndpointError, Identities, Next};
use crate::failure::Failure;
use crate::private_file;
use crate::session::EpochMillis;

/// The archives in a directory.
#[derive(Default)]
pub struct Archives {
    pub found: Vec<FoundArchive>,
    pub damaged: Vec<DamagedArchive>,
    /// Archives that `export` did not write, or that cannot be decrypted.
    pub ignored: u64,
}

/// A damaged archive.
#[derive(Debug, Serialize)]
pub struct DamagedArchive {
    pub file: String,
    pub reason: String,
}

/// An intact archive of `export`.
pub struct FoundArchive {
    pub path: PathBuf,
    pub job: Job,
    pub created: EpochMillis,
    pub size: u64,
    pub sessions: u64,
    pub file: FileIdentity,
}

/// The source of an export. The archives of one job are versions of the same data, to which the rules apply together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Job {
    pub store: String,
    pub table: String,
    pub filters: Option<String>,
}

/// Device, inode, size, and modification time in seconds and nanoseconds.
pub type FileIdentity = (u64, u64, u64, i64, i64);

pub fn identity(about: &Metadata) -> FileIdentity {
    (about.dev(), about.ino(), about.size(), about.mtime(), about.mtime_nsec())
}

/// The kind of a file.
enum Kind {
    /// An intact archive: its header, and its number of sessions.
    Archive(Box<Header>, u64),
    Ignored,
    Damaged(String),
    /// Not an archive.
    Other,
}

/// Reads the archives in a directory, until `stopped` returns true; `progress` gets the number of files read so far.
///
/// # Errors
/// The directory cannot be read.
pub fn archives(
    dir: &Path,
    identities: &Identities,
    stopped: &dyn Fn() -> bool,
    progress: &mut dyn FnMut(u64),
) -> Result<Archives, Failure> {
    let cannot = |e: std::io::Error| Failure::failed(format!("cannot read the directory `{}`: {e}", dir.display()));
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !hidden && fs::symlink_metadata(&path).is_ok_and(|about| about.is_file()) {
            paths.push(path);
        }
    }
    paths.sort();
    let mut archives = Archives::default();
    for (read, path) in paths.into_iter().enumerate() {
        if stopped() {
            break;
        }
        archives.add(path, identities, stopped);
        progress(read as u64 + 1);
    }
    Ok(archives)
}

impl Archives {
    fn add(&mut self, path: PathBuf, identities: &Identities, stopped: &dyn Fn() -> bool) {
        let file = path.display().to_string();
        // The identity of the file that is read here is checked again before it is deleted.
        let (about, kind) = match private_file::open_regular(&path).and_then(|file| file.metadata().map(|m| (file, m)))
        {
            Ok((opened, about)) => (about, kind(Archive::of(opened, file.clone(), identities), stopped)),
            Err(error) => {
                return self.damaged.push(DamagedArchive { file, reason: format!("cannot read it: {error}") });
            }
        };
        match kind {
            Kind::Other => {}
            Kind::Ignored => self.ignored += 1,
            Kind::Damaged(reason) => self.damaged.push(DamagedArchive { file, reason }),
            Kind::Archive(header, sessions) => {
                let Header { command, store, table, filters, created, .. } = *header;
                match store.filter(|_| command.as_deref() == Some("export")) {
                    Some(store) => self.found.push(FoundArchive {
                        path,
                        job: Job { store, table, filters },
                        created: EpochMillis(created),
                        size: about.len(),
                        sessions,
                        file: identity(&about),
                    }),
                    None => self.ignored += 1,
                }
            }
        }
    }
}

/// Reads a file completely, if it is an archive.
fn kind(opened: Result<Archive, EndpointError>, stopped: &dyn Fn() -> bool) -> Kind {
    let mut archive = match opened {
        Ok(archive) => archive,
        Err(EndpointError::Encrypted { .. }) => return Kind::Ignored,
        Err(_) => return Kind::Other,
    };
    let (mut header, mut sessions) = (None, 0);
    while !stopped() {
        match archive.read_next() {
            Ok(Next::Item(Item::Header(found))) => header = Some(found),
            Ok(Next::Item(Item::Session(_))) => sessions += 1,
            Ok(Next::Item(Item::Trailer(_))) => {}
            Ok(Next::Damaged(fault)) => return Kind::Damaged(fault.to_string()),
            Ok(Next::End) => return header.map_or(Kind::Other, |header| Kind::Archive(header, sessions)),
            // A file without a header is not an archive.
            Err(_) if header.is_none() => return Kind::Other,
            Err(EndpointError::Archive { fault, .. }) if fault.kind == DecodeErrorKind::Foreign => return Kind::Other,
            Err(EndpointError::Archive { fault, .. }) => return Kind::Damaged(fault.to_string()),
            Err(error) => return Kind::Damaged(error.to_string()),
        }
    }
    Kind::Ignored
}
