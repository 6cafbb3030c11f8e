//! The journal of a swap-out to an archive: a file next to the archive with the sessions that the run has copied, and
//! those that it is deleting. It exists during a run, and after an interrupted one, so that the next run can find out
//! what became of the copies.
//!
//! JSON lines: `["copied", id, application]`; `["deleting", …]` before the commit of a deletion, and after it
//! `["deleted"]`, or `["kept"]` if it was rolled back. A truncated line is ignored.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::private_file;
use crate::session::SessionKey;

/// The path of the journal of an archive.
pub fn journal_of(archive: &Path) -> PathBuf {
    let mut path = archive.to_owned().into_os_string();
    path.push(".journal");
    path.into()
}

/// A line of a journal.
#[derive(Debug, PartialEq, Eq)]
pub enum JournalLine {
    Copied(SessionKey),
    Deleting(SessionKey),
    /// The last deletion was committed.
    Deleted,
    /// The last deletion was rolled back.
    Kept,
}

/// Reads the journal of an archive, if there is one, and passes each line to `each`.
///
/// # Errors
/// It cannot be read; errors of `each`.
pub fn read_journal(archive: &Path, mut each: impl FnMut(JournalLine) -> io::Result<()>) -> io::Result<()> {
    let file = match File::open(journal_of(archive)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for line in BufReader::new(file).split(b'\n') {
        let Ok(line) = serde_json::from_slice::<Value>(&line?) else { continue };
        let key = || {
            let app = line[2].as_str().map(str::to_owned);
            Some(SessionKey::new(app, line[1].as_str()?))
        };
        let line = match line[0].as_str() {
            Some("copied") => key().map(JournalLine::Copied),
            Some("deleting") => key().map(JournalLine::Deleting),
            Some("deleted") => Some(JournalLine::Deleted),
            Some("kept") => Some(JournalLine::Kept),
            _ => None,
        };
        line.map_or(Ok(()), &mut each)?;
    }
    Ok(())
}

/// A journal opened for writing. The lines of an interrupted run are kept.
pub struct SwapJournal {
    path: PathBuf,
    file: File,
    lines: Vec<u8>,
    /// A deletion is in progress, or its outcome could not be written.
    open: bool,
}

impl SwapJournal {
    /// Opens the journal of an archive, to append to it.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn open(archive: &Path) -> io::Result<SwapJournal> {
        let path = journal_of(archive);
        let file = private_file::append(&path)?;
        // The last line may be truncated.
        Ok(SwapJournal { path, file, lines: b"\n".to_vec(), open: false })
    }

    /// Records copies. They are on disk after the next [`SwapJournal::sync`].
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn copied<'a>(&mut self, keys: impl Iterator<Item = &'a SessionKey>) -> io::Result<()> {
        self.add("copied", keys);
        if self.lines.len() < 1 << 16 { Ok(()) } else { self.flush() }
    }

    /// Records sessions whose deletion will be committed next, and syncs the file.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn deleting<'a>(&mut self, keys: impl Iterator<Item = &'a SessionKey>) -> io::Result<()> {
        self.add("deleting", keys);
        self.open = true;
        self.sync()
    }

    /// Records the outcome of the deletion. If that cannot be written, the outcome counts as unknown.
    pub fn end_deletion(&mut self, deleted: bool) {
        self.lines.extend_from_slice(if deleted { b"[\"deleted\"]\n" } else { b"[\"kept\"]\n" });
        self.open = self.flush().is_err();
    }

    /// Syncs the recorded lines to disk.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn sync(&mut self) -> io::Result<()> {
        self.flush()?;
        self.file.sync_data()
    }

    /// Removes the journal at the end of a run, unless the outcome of a deletion is unknown or other sessions are
    /// `in_doubt`.
    ///
    /// # Errors
    /// The file cannot be removed.
    pub fn end(self, in_doubt: bool) -> io::Result<()> {
        if self.open || in_doubt { Ok(()) } else { std::fs::remove_file(&self.path) }
    }

    fn add<'a>(&mut self, what: &str, keys: impl Iterator<Item = &'a SessionKey>) {
        for key in keys {
            self.lines.extend_from_slice(json!([what, key.id, key.app]).to_string().as_bytes());
            self.lines.push(b'\n');
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(&self.lines)?;
        self.lines.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::JournalLine::{Copied, Deleted, Deleting, Kept};
    use super::*;

    #[test]
    fn journal_round_trips() {
        let dir = tempfile::TempDir::new().unwrap();
        let archive = dir.path().join("swapped.ndjson");
        let key = |id: &str| SessionKey::new((id != "E").then(|| "/a\"b".to_owned()), id);
        let lines = || {
            let mut lines = Vec::new();
            read_journal(&archive, |line| {
                lines.push(line);
                Ok(())
            })
            .unwrap();
            lines
        };
        assert_eq!(lines(), []);
        let mut journal = SwapJournal::open(&archive).unwrap();
        journal.copied([key("A"), key("E")].iter()).unwrap();
        journal.deleting([key("A")].iter()).unwrap();
        journal.end_deletion(true);
        journal.deleting([key("E")].iter()).unwrap();
        journal.end_deletion(false);
        journal.deleting([key("E")].iter()).unwrap();
        // It is killed here, in the middle of a line; the next run goes on.
        let path = journal_of(&archive);
        std::fs::write(&path, [std::fs::read(&path).unwrap(), b"[\"copied\",\"F".to_vec()].concat()).unwrap();
        let mut journal = SwapJournal::open(&archive).unwrap();
        journal.copied([key("G")].iter()).unwrap();
        journal.sync().unwrap();
        let first = [Copied(key("A")), Copied(key("E")), Deleting(key("A")), Deleted, Deleting(key("E")), Kept];
        let then = [Deleting(key("E")), Copied(key("G"))];
        assert_eq!(lines(), first.into_iter().chain(then).collect::<Vec<_>>());
        journal.end(true).unwrap();
        assert!(path.exists());
        SwapJournal::open(&archive).unwrap().end(false).unwrap();
        assert!(!path.exists());
    }
}
