//! Sources and targets of sessions that are not stores: archives as files and pipes, FileStore directories, SQL
//! scripts, CSV. Blocking I/O; the format of archives is in `archive`.

mod backup;
mod compression;
mod encryption;
mod error;
mod filestore;
mod input;
mod output;
mod read_ahead;
mod sink;
mod swap_journal;

use std::fmt;
use std::path::PathBuf;

use crate::redaction::{holds_secret, redact_url};

pub use backup::BackupArchive;
pub use compression::Compression;
pub use encryption::{Identities, Recipients};
pub use error::{EndpointError, Result};
pub use filestore::{Entries, Entry, Files, entries};
pub use input::{Archive, Next};
pub use output::Output;
pub use sink::{Rejected, Script, Sink};
pub use swap_journal::{JournalLine, SwapJournal, journal_of, read_journal};

/// A source or target other than a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// `-`: stdin or stdout.
    Stdio,
    /// The path of an archive.
    File(PathBuf),
    /// `filestore:DIR`.
    FileStore(PathBuf),
}

impl Endpoint {
    pub fn of(text: &str) -> Endpoint {
        match text.strip_prefix("filestore:") {
            Some(dir) => Endpoint::FileStore(PathBuf::from(dir)),
            None if text == "-" => Endpoint::Stdio,
            None => Endpoint::File(PathBuf::from(text)),
        }
    }

    /// As [`Endpoint::of`], for an argument that could also be the URL of a store.
    ///
    /// # Errors
    /// [`EndpointError::LikeUrl`] if the argument looks like a mistyped URL.
    pub fn from_argument(text: &str) -> Result<Endpoint> {
        let endpoint = Endpoint::of(text);
        if matches!(endpoint, Endpoint::File(_)) && holds_secret(text) {
            return Err(EndpointError::LikeUrl(redact_url(text)));
        }
        Ok(endpoint)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Endpoint::Stdio => f.write_str("-"),
            Endpoint::File(path) => f.write_str(&error::display_path(path)),
            Endpoint::FileStore(dir) => write!(f, "filestore:{}", error::display_path(dir)),
        }
    }
}
