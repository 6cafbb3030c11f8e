//! A file that appears whole or not at all, or stdout.

use std::fs::{File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

use tempfile::NamedTempFile;

use super::{EndpointError, Result};

/// What is written before the disk is asked to take it, while more is written: at the end little is left
/// to wait for.
const EARLY: u64 = 64 << 20;

/// Where bytes go. A file is written beside its place and moved there when it is finished; one
/// that is dropped before leaves nothing.
pub enum Output {
    Stdout(Box<dyn Write + Send>),
    File { temporary: NamedTempFile, path: PathBuf, force: bool, early: Early },
}

/// Puts a file on the disk while it is written.
#[derive(Default)]
pub struct Early {
    /// Bytes since the last time.
    written: u64,
    under_way: Option<JoinHandle<io::Result<()>>>,
}

impl Early {
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
    /// [`EndpointError::Exists`] without `force`; [`EndpointError::NoFile`]; [`EndpointError::Io`].
    pub fn file(path: &Path, force: bool) -> Result<Output> {
        Output::begin(path, force, 0o600)
    }

    /// Begins a file that others may read as far as the umask lets them.
    ///
    /// # Errors
    /// As [`Output::file`].
    pub fn shared(path: &Path, force: bool) -> Result<Output> {
        Output::begin(path, force, 0o666)
    }

    fn begin(path: &Path, force: bool, mode: u32) -> Result<Output> {
        if !force && path.symlink_metadata().is_ok() {
            return Err(EndpointError::Exists(path.display().to_string()));
        }
        // What is moved to its place would take the place of a device, or of a link.
        let path = match path.metadata() {
            Ok(there) if !there.is_file() => return Err(EndpointError::NoFile(path.display().to_string())),
            Ok(_) => path.canonicalize().map_err(EndpointError::path("write", path))?,
            Err(_) => path.to_owned(),
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let temporary = tempfile::Builder::new()
            .permissions(Permissions::from_mode(mode))
            .prefix(&format!(".{name}."))
            .suffix(".part")
            .tempfile_in(folder(&path))
            .map_err(EndpointError::path("write", &path))?;
        Ok(Output::File { temporary, path, force, early: Early::default() })
    }

    /// Lets everybody read the file, whatever the umask.
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
            Output::File { path, .. } => format!("`{}`", path.display()),
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
                    io::ErrorKind::AlreadyExists => EndpointError::Exists(path.display().to_string()),
                    _ => failed()(e.error),
                })?;
                // The name is on the disk when its directory is.
                File::open(folder(&path)).and_then(|dir| dir.sync_all()).map_err(failed())
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

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
