//! A file that appears whole or not at all, or stdout.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{EndpointError, Result};

/// Where bytes go. A file is written beside its place and moved there when it is finished; one
/// that is dropped before leaves nothing.
pub enum Output {
    Stdout(Box<dyn Write + Send>),
    File { temporary: NamedTempFile, path: PathBuf, force: bool },
}

impl Output {
    /// Begins a file that only its owner may read: session ids are credentials.
    ///
    /// # Errors
    /// [`EndpointError::Exists`] without `force`; [`EndpointError::NoFile`]; [`EndpointError::Io`].
    pub fn file(path: &Path, force: bool) -> Result<Output> {
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
        // tempfile makes files of mode 0600.
        let temporary = tempfile::Builder::new()
            .prefix(&format!(".{name}."))
            .suffix(".part")
            .tempfile_in(folder(&path))
            .map_err(EndpointError::path("write", &path))?;
        Ok(Output::File { temporary, path, force })
    }

    /// The name for messages.
    pub fn name(&self) -> String {
        match self {
            Output::Stdout(_) => "stdout".to_owned(),
            Output::File { path, .. } => format!("`{}`", path.display()),
        }
    }

    /// Puts the file in its place once all of it is on the disk.
    ///
    /// # Errors
    /// [`EndpointError::Exists`] where another came first; [`EndpointError::Io`].
    pub fn finish(self) -> Result<()> {
        match self {
            Output::Stdout(mut out) => out.flush().map_err(EndpointError::io("write to stdout")),
            Output::File { temporary, path, force } => {
                let failed = || EndpointError::path("write", &path);
                temporary.as_file().sync_all().map_err(failed())?;
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
            Output::File { temporary, .. } => temporary.write(bytes),
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
