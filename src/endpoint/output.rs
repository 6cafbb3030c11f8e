//! A file that is written completely or not at all, or stdout.

use std::fs::{File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

use tempfile::NamedTempFile;

use super::error::display_path;
use super::{EndpointError, Result};
use crate::private_file;

/// Number of bytes after which the file is synced in the background, so that little remains to be synced at the end.
const SYNC_INTERVAL_BYTES: u64 = 64 << 20;

/// An output. A file is written under a temporary name, and renamed when it is finished; if it is dropped before,
/// nothing remains.
pub enum Output {
    Stdout(Box<dyn Write + Send>),
    File { temporary: NamedTempFile, path: PathBuf, force: bool, early: EarlySync },
}

/// Syncs a file to disk while it is being written.
#[derive(Default)]
pub struct EarlySync {
    /// Bytes written since the last sync.
    written: u64,
    under_way: Option<JoinHandle<io::Result<()>>>,
}

impl EarlySync {
    fn wrote(&mut self, bytes: usize, file: &File) -> io::Result<()> {
        self.written += bytes as u64;
        let busy = self.under_way.as_ref().is_some_and(|thread| !thread.is_finished());
        if self.written >= SYNC_INTERVAL_BYTES && !busy {
            self.end()?;
            self.written = 0;
            let file = file.try_clone()?;
            self.under_way = Some(thread::spawn(move || file.sync_data()));
        }
        Ok(())
    }

    /// Waits for the sync in progress. The system reports a disk error only once, so it must not be ignored.
    fn end(&mut self) -> io::Result<()> {
        match self.under_way.take().map(JoinHandle::join) {
            Some(Ok(synced)) => synced,
            Some(Err(_)) => Err(io::Error::other("the thread that writes to the disk failed")),
            None => Ok(()),
        }
    }
}

impl Output {
    /// Creates a file that only its owner can read, because session ids are credentials.
    ///
    /// # Errors
    /// [`EndpointError::Exists`] without `force`; [`EndpointError::NoFile`]; [`EndpointError::ForeignLink`];
    /// [`EndpointError::Io`].
    pub fn file(path: &Path, force: bool) -> Result<Output> {
        Output::begin(path, force, private_file::beside)
    }

    /// Creates a file that others can read if the umask allows it, and that nobody else can write.
    ///
    /// # Errors
    /// As [`Output::file`].
    pub fn shared(path: &Path, force: bool) -> Result<Output> {
        Output::begin(path, force, private_file::readable_beside)
    }

    fn begin(path: &Path, force: bool, create: fn(&Path) -> io::Result<NamedTempFile>) -> Result<Output> {
        if !force && path.symlink_metadata().is_ok() {
            return Err(EndpointError::exists(path));
        }
        // The rename would replace a device or a link.
        if path.metadata().is_ok_and(|there| !there.is_file()) {
            return Err(EndpointError::no_file(path));
        }
        let mut path = path.to_owned();
        let mut temporary = create(&path).map_err(EndpointError::path("write", &path))?;
        if path.is_symlink() && path.exists() {
            path = followed(&path, temporary.as_file())?;
            temporary = create(&path).map_err(EndpointError::path("write", &path))?;
        }
        Ok(Output::File { temporary, path, force, early: EarlySync::default() })
    }

    /// Makes the file readable for all accounts, regardless of the umask: it contains no secrets.
    ///
    /// # Errors
    /// [`EndpointError::Io`].
    pub fn readable_by_all(self) -> Result<Output> {
        if let Output::File { temporary, path, .. } = &self {
            let done = temporary.as_file().set_permissions(Permissions::from_mode(0o644));
            done.map_err(EndpointError::path("write", path))?;
        }
        Ok(self)
    }

    /// The name for messages.
    pub fn name(&self) -> String {
        match self {
            Output::Stdout(_) => "stdout".to_owned(),
            Output::File { path, .. } => format!("`{}`", display_path(path)),
        }
    }

    /// The path of the file while it is incomplete.
    pub fn temporary_path(&self) -> Option<&Path> {
        match self {
            Output::Stdout(_) => None,
            Output::File { temporary, .. } => Some(temporary.path()),
        }
    }

    /// Writes all bytes, and finishes the output.
    ///
    /// # Errors
    /// As [`Output::finish`].
    pub fn write_whole(mut self, bytes: &[u8]) -> Result<()> {
        match self.write_all(bytes) {
            Ok(()) => self.finish(),
            Err(error) => Err(EndpointError::io(&format!("write {}", self.name()))(error)),
        }
    }

    /// Syncs the file, and renames it.
    ///
    /// # Errors
    /// [`EndpointError::Exists`] if the file was created in the meantime; [`EndpointError::Io`].
    pub fn finish(self) -> Result<()> {
        match self {
            Output::Stdout(mut out) => out.flush().map_err(EndpointError::io("write to stdout")),
            Output::File { temporary, path, force, mut early } => {
                let failed = || EndpointError::path("write", &path);
                early.end().and_then(|()| temporary.as_file().sync_all()).map_err(failed())?;
                let moved = if force { temporary.persist(&path) } else { temporary.persist_noclobber(&path) };
                moved.map_err(|e| match e.error.kind() {
                    io::ErrorKind::AlreadyExists => EndpointError::exists(&path),
                    _ => failed()(e.error),
                })?;
                // The file name is durable only after the directory is synced.
                File::open(private_file::folder(&path)).and_then(|dir| dir.sync_all()).map_err(failed())
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Output::Stdout(out) => out.write(bytes),
            Output::File { temporary, early, .. } => {
                let written = temporary.write(bytes)?;
                early.wrote(written, temporary.as_file())?;
                Ok(written)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Output::Stdout(out) => out.flush(),
            Output::File { temporary, .. } => temporary.flush(),
        }
    }
}

/// The target of a symbolic link of our own account. With a link of another account, that account could choose which of
/// our files is replaced. `ours` is a file with our owner.
fn followed(link: &Path, ours: &File) -> Result<PathBuf> {
    let failed = || EndpointError::path("write", link);
    let owner = link.symlink_metadata().map_err(failed())?.uid();
    if owner != ours.metadata().map_err(failed())?.uid() {
        return Err(EndpointError::ForeignLink(display_path(link)));
    }
    link.canonicalize().map_err(failed())
}
