//! The journal of a swap-out to an archive: a file beside it that says which sessions the run has copied
//! and which of them it is deleting. It is there while a run lasts, and after one that did not come to its
//! end: the next one learns from it what became of the copies.
//!
//! Lines of JSON: `["copied", id, application]`, `["deleting", …]` before the commit of a deletion, and
//! after it `["deleted"]`, or `["kept"]` where it was rolled back. A line that was cut short counts for
//! nothing.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::private_file;
use crate::session::SessionKey;

/// The journal's file of an archive.
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
    /// What was being deleted is.
    Deleted,
    /// It was not.
    Kept,
}

/// Reads the journal of an archive, if there is one, line by line.
///
/// # Errors
/// When it cannot be read, and those of `each`.
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

/// A journal that is being written. What an unfinished run has written in it stays.
pub struct SwapJournal {
    path: PathBuf,
    file: File,
    lines: Vec<u8>,
    /// A deletion was being committed, and what came of it is not known.
    open: bool,
}

impl SwapJournal {
    /// Opens the journal of an archive, to write behind what it has.
    ///
    /// # Errors
    /// When its file cannot be opened.
    pub fn open(archive: &Path) -> io::Result<SwapJournal> {
        let path = journal_of(archive);
        let file = private_file::append(&path)?;
        // The line before may have been cut short.
        Ok(SwapJournal { path, file, lines: b"\n".to_vec(), open: false })
    }

    /// Notes copies; on the disk by the next [`SwapJournal::sync`].
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn copied<'a>(&mut self, keys: impl Iterator<Item = &'a SessionKey>) -> io::Result<()> {
        self.add("copied", keys);
        if self.lines.len() < 1 << 16 { Ok(()) } else { self.flush() }
    }

    /// Notes sessions whose deletion is committed next, on the disk.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn deleting<'a>(&mut self, keys: impl Iterator<Item = &'a SessionKey>) -> io::Result<()> {
        self.add("deleting", keys);
        self.open = true;
        self.sync()
    }

    /// Notes what became of the deletion. The journal says less where that cannot be written.
    pub fn end_deletion(&mut self, deleted: bool) {
        self.lines.extend_from_slice(if deleted { b"[\"deleted\"]\n" } else { b"[\"kept\"]\n" });
        self.open = self.flush().is_err();
    }

    /// Puts on the disk what was noted.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn sync(&mut self) -> io::Result<()> {
        self.flush()?;
        self.file.sync_data()
    }

    /// Removes it at the end of a run that left nothing open, unless there is still something `in_doubt`.
    ///
    /// # Errors
    /// When it cannot be removed.
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
