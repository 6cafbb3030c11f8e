//! A file that appears whole or not at all, or stdout.

use std::fs::{File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

use tempfile::NamedTempFile;

use super::error::shown;
use super::{EndpointError, Result};
use crate::private_file;

/// What is written before the disk is asked to take it, while more is written: at the end little is left
/// to wait for.
const EARLY: u64 = 64 << 20;

/// Where bytes go. A file is written beside its place and moved there when it is finished; one
/// that is dropped before leaves nothing.
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
        if self.written >= EARLY && !busy {
            self.end()?;
            self.written = 0;
            let file = file.try_clone()?;
            self.under_way = Some(thread::spawn(move || file.sync_data()));
        }
        Ok(())
    }

    /// Waits for what is under way. An error of the disk is told once, and would be lost otherwise.
    fn end(&mut self) -> io::Result<()> {
        match self.under_way.take().map(JoinHandle::join) {
            Some(Ok(synced)) => synced,
            Some(Err(_)) => Err(io::Error::other("the thread that writes to the disk failed")),
            None => Ok(()),
        }
    }
}

impl Output {
    /// Begins a file that only its owner may read: session ids are credentials.
    ///
    /// # Errors
    /// [`EndpointError::Exists`] without `force`; [`EndpointError::NoFile`]; [`EndpointError::ForeignLink`];
    /// [`EndpointError::Io`].
    pub fn file(path: &Path, force: bool) -> Result<Output> {
        Output::begin(path, force, private_file::beside)
    }

    /// Begins a file that others may read as far as the umask lets them, and nobody else may write.
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
        // What is moved to its place would take the place of a device, or of a link.
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

    /// Lets everybody read the file, whatever the umask: it holds nothing that others may not know.
    ///
    /// # Errors
    /// [`EndpointError::Io`].
    pub fn readable(self) -> Result<Output> {
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
            Output::File { path, .. } => format!("`{}`", shown(path)),
        }
    }

    /// Writes all that there is to write, and finishes.
    ///
    /// # Errors
    /// As [`Output::finish`].
    pub fn whole(mut self, bytes: &[u8]) -> Result<()> {
        match self.write_all(bytes) {
            Ok(()) => self.finish(),
            Err(error) => Err(EndpointError::io(&format!("write {}", self.name()))(error)),
        }
    }

    /// Puts the file in its place once all of it is on the disk.
    ///
    /// # Errors
    /// [`EndpointError::Exists`] where another came first; [`EndpointError::Io`].
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
                // The name is on the disk when its directory is.
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

/// Where a link leads that our own account made: one of another account would let it choose which of our
/// files is replaced. `ours` is a file of ours.
fn followed(link: &Path, ours: &File) -> Result<PathBuf> {
    let failed = || EndpointError::path("write", link);
    let owner = link.symlink_metadata().map_err(failed())?.uid();
    if owner != ours.metadata().map_err(failed())?.uid() {
        return Err(EndpointError::ForeignLink(shown(link)));
    }
    link.canonicalize().map_err(failed())
}
