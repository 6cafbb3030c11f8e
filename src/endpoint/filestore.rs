//! A directory in the format of Tomcat's `FileStore`.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::{EndpointError, Result};
use crate::archive::{MAX_DATA, filestore};
use crate::private_file;

/// A directory for writing sessions.
#[derive(Debug)]
pub struct Files {
    dir: PathBuf,
    force: bool,
}

impl Files {
    /// Creates the directory if it is missing, accessible only by its owner.
    pub fn create(dir: &Path, force: bool) -> Result<Files> {
        private_file::directory(dir).map_err(EndpointError::path("create", dir))?;
        Ok(Files { dir: dir.to_owned(), force })
    }

    /// Writes the data of a session to a temporary file, and renames it. `again`: the file was written by this run, and
    /// may be replaced.
    ///
    /// # Errors
    /// The outer error ends the run; the inner one is the reason why this session is skipped.
    pub fn write(&self, id: &str, data: &[u8], again: bool) -> Result<std::result::Result<(), String>> {
        let Some(name) = filestore::file_name(id) else {
            return Ok(Err("its id cannot be a file name in the directory".to_owned()));
        };
        let path = self.dir.join(&name);
        if !self.force && !again && path.symlink_metadata().is_ok() {
            return Ok(Err(format!("the file `{}` already exists", path.display())));
        }
        let written = (|| {
            let mut file = private_file::beside(&path)?;
            file.write_all(data)?;
            file.as_file().sync_all()?;
            let replaces = self.force || again;
            if replaces { file.persist(&path) } else { file.persist_noclobber(&path) }.map_err(|e| e.error)
        })();
        match written {
            Ok(_) => Ok(Ok(())),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                Ok(Err(format!("the file `{}` already exists", path.display())))
            }
            Err(e) => Err(EndpointError::path("write", &path)(e)),
        }
    }
}

/// The sessions in a directory, in the order of the file names.
pub struct Entries {
    files: std::vec::IntoIter<PathBuf>,
}

/// The file of a session.
#[derive(Debug)]
pub struct Entry {
    pub id: String,
    /// The data, or the reason why they cannot be read.
    pub data: std::result::Result<Vec<u8>, String>,
}

/// The sessions in a directory. Files with other names are ignored.
pub fn entries(dir: &Path) -> Result<Entries> {
    let failed = || EndpointError::path("read", dir);
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).map_err(failed())? {
        let entry = entry.map_err(failed())?;
        if entry.file_name().to_str().is_some_and(|name| filestore::id_of(name).is_some()) {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(Entries { files: files.into_iter() })
}

impl Iterator for Entries {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        let path = self.files.next()?;
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let id = filestore::id_of(name).unwrap_or_default().to_owned();
        Some(Entry { id, data: read(&path) })
    }
}

fn read(path: &Path) -> std::result::Result<Vec<u8>, String> {
    let text = |e: io::Error| e.to_string();
    // A link could point outside of the directory.
    if !path.symlink_metadata().map_err(text)?.is_file() {
        return Err("it is not a regular file".to_owned());
    }
    let mut data = Vec::new();
    let file = private_file::open_regular(path).map_err(text)?;
    file.take(MAX_DATA + 1).read_to_end(&mut data).map_err(text)?;
    if data.len() as u64 > MAX_DATA {
        return Err(format!("it is larger than {MAX_DATA} bytes"));
    }
    Ok(data)
}
