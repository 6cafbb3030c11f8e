//! Errors of files, pipes and archives.

use std::path::Path;
use std::{fmt, io};

use crate::archive::DecodeError;
use crate::redaction::redact_url;

pub type Result<T> = std::result::Result<T, EndpointError>;

#[derive(Debug)]
pub enum EndpointError {
    /// `doing` completes "cannot …".
    Io { doing: String, error: io::Error },
    /// The source is not an intact archive.
    Archive { name: String, fault: DecodeError },
    /// No identity can decrypt the archive.
    Encrypted { name: String, why: String },
    /// The file exists and must not be overwritten.
    Exists(String),
    /// The path is a device, a pipe or a directory.
    NoFile(String),
    /// The path is a symbolic link of another account.
    ForeignLink(String),
    /// The name of an archive looks like a mistyped URL of a store.
    LikeUrl(String),
}

/// A path for messages, redacted: it may be a mistyped URL with a password.
pub(super) fn display_path(path: &Path) -> String {
    redact_url(&path.display().to_string())
}

impl EndpointError {
    pub(super) fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> EndpointError {
        let doing = doing.into();
        move |error| EndpointError::Io { doing, error }
    }

    pub(super) fn path(doing: &str, path: &Path) -> impl FnOnce(io::Error) -> EndpointError {
        EndpointError::io(format!("{doing} `{}`", display_path(path)))
    }

    pub fn exists(path: &Path) -> EndpointError {
        EndpointError::Exists(display_path(path))
    }

    pub(super) fn no_file(path: &Path) -> EndpointError {
        EndpointError::NoFile(display_path(path))
    }

    /// Tells whether the reader of our output has closed the pipe.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, EndpointError::Io { error, .. } if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EndpointError::Io { doing, error } => write!(f, "cannot {doing}: {error}"),
            EndpointError::Archive { name, fault } => write!(f, "cannot use archive `{name}`: {fault}"),
            EndpointError::Encrypted { name, why } => write!(f, "cannot decrypt archive `{name}`: {why}"),
            EndpointError::ForeignLink(name) => {
                write!(f, "`{name}` is a symbolic link that belongs to another account")
            }
            EndpointError::LikeUrl(name) => write!(f, "`{name}` is neither a store's URL nor an archive"),
            EndpointError::NoFile(name) => write!(f, "`{name}` is not a regular file"),
            EndpointError::Exists(name) => write!(f, "`{name}` already exists"),
        }
    }
}

impl std::error::Error for EndpointError {}
