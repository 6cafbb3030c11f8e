//! Where sessions come from and go to when it is no store: archives as files and pipes, FileStore
//! directories, SQL scripts, CSV. Blocking I/O; what the bytes mean is in `archive`.

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

/// What a target or a source that is no store is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// `-`: stdin or stdout.
    Stdio,
    /// An archive's path.
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

    /// As [`Endpoint::of`], of what a user typed where a store's URL could stand too.
    ///
    /// # Errors
    /// [`EndpointError::LikeUrl`], where a file of that name would be a slip.
    pub fn typed(text: &str) -> Result<Endpoint> {
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
            Endpoint::File(path) => f.write_str(&error::shown(path)),
            Endpoint::FileStore(dir) => write!(f, "filestore:{}", error::shown(dir)),
        }
    }
}
