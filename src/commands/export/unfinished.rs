//! Why an export did not finish, and what it leaves behind.

use std::path::PathBuf;

use crate::context::{Context, exit_code_of};
use crate::endpoint::{Endpoint, EndpointError};
use crate::failure::{Failure, PARTLY};
use crate::store::{Cause, PassesEnded, PassesSummary};
use crate::ui::plural;

/// The reason if a signal ended the export.
const STOPPED: &str = "Stopped";

/// If the export is incomplete: the reason, and the exit code.
pub(super) fn why_unfinished(summary: &PassesSummary) -> Option<(&'static str, u8)> {
    match summary.ended {
        PassesEnded::Signal(signal) => Some((STOPPED, exit_code_of(signal))),
        PassesEnded::MaxTime if !summary.whole => Some(("--max-time ended the first pass", PARTLY)),
        _ => None,
    }
}

/// What an export that did not finish leaves in its target.
pub(super) enum Leftovers {
    /// Nothing: the incomplete file was removed.
    Nothing,
    /// The incomplete file.
    IncompleteFile(String),
    /// What was written to stdout.
    Output,
    /// Session files in a FileStore directory. Their number is unknown while the writer is still blocked.
    SessionFiles { target: String, written: Option<u64> },
}

impl Leftovers {
    /// `remaining` is the incomplete file, unless it was removed. `session_files` is the number of session files that
    /// the export has written, if known.
    pub(super) fn of(target: &Endpoint, remaining: Option<PathBuf>, session_files: Option<u64>) -> Leftovers {
        match (target, remaining) {
            (Endpoint::File(_), None) => Leftovers::Nothing,
            (Endpoint::File(_), Some(file)) => Leftovers::IncompleteFile(Endpoint::File(file).to_string()),
            (Endpoint::Stdio, _) => Leftovers::Output,
            (Endpoint::FileStore(_), _) => {
                Leftovers::SessionFiles { target: target.to_string(), written: session_files }
            }
        }
    }

    /// A clause for the note of a run that was stopped.
    pub(super) fn sentence(&self) -> String {
        match self {
            Leftovers::Nothing => "the incomplete export was removed".to_owned(),
            Leftovers::IncompleteFile(file) => format!("the incomplete file `{file}` was not removed"),
            Leftovers::Output => "the output is incomplete".to_owned(),
            Leftovers::SessionFiles { written: Some(0), .. } => "no session file was written".to_owned(),
            Leftovers::SessionFiles { .. } => self.session_files(),
        }
    }

    /// Prints why the export did not finish, and what it leaves behind; returns the exit code.
    pub(super) fn note(&self, cx: &Context, why: &str, code: u8) -> u8 {
        cx.ui.note(format!("{why}; {}.", self.sentence()));
        code
    }

    /// As [`Leftovers::note`], if the output was not written in time: nobody reads the pipe, or the disk is blocked.
    pub(super) fn note_unwritten(&self, cx: &Context, cause: Cause) -> u8 {
        match cause {
            Cause::Signal(signal) => self.note(cx, STOPPED, exit_code_of(signal)),
            Cause::MaxTime => self.note(cx, "--max-time ended the export while the output was written", PARTLY),
        }
    }

    /// Adds to a failure what it leaves behind, unless that is nothing.
    pub(super) fn hint(&self, failure: Failure) -> Failure {
        match self {
            Leftovers::Nothing | Leftovers::SessionFiles { written: Some(0), .. } => failure,
            Leftovers::IncompleteFile(_) | Leftovers::Output => failure.hint(self.sentence()),
            Leftovers::SessionFiles { .. } => failure.hint(self.session_files()),
        }
    }

    fn session_files(&self) -> String {
        let Leftovers::SessionFiles { target, written } = self else { return String::new() };
        let (files, verb) = match written {
            Some(1) => ("1 session file".to_owned(), "stays"),
            Some(n) => (plural(*n, "session file"), "stay"),
            None => ("the session files written so far".to_owned(), "stay"),
        };
        format!(
            "{files} {verb} in `{target}`, and the other sessions are missing; export to a new directory, or repeat the \
             command with --force, which overwrites these files and keeps those of sessions that have ended since"
        )
    }
}

/// The incomplete file at `temporary`, unless it was removed. A writer that is still blocked has not removed it, and
/// its disk is not asked, because that would block too.
pub(super) fn remaining(temporary: Option<PathBuf>, writer_ended: bool) -> Option<PathBuf> {
    temporary.filter(|file| !writer_ended || file.exists())
}

/// A failure of the writer, with a hint if the disk is full.
pub(super) fn write_failure(error: EndpointError, leftovers: &Leftovers) -> Failure {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    let kinds = [StorageFull, QuotaExceeded, FileTooLarge];
    let full = matches!(&error, EndpointError::Io { error, .. } if kinds.contains(&error.kind()));
    let failure = Failure::from(error);
    let failure = match (full, leftovers) {
        (true, Leftovers::Nothing) => failure.hint("free disk space, or export to another disk; this run left no file"),
        (true, _) => failure.hint("free disk space, or export to another disk"),
        (false, _) => failure,
    };
    leftovers.hint(failure)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::endpoint::{Compression, Output, Sink};

    #[test]
    fn the_sentence_tells_what_stays() {
        let (file, dir) = (Endpoint::File("f".into()), Endpoint::FileStore("d".into()));
        let sentence = |target: &Endpoint, written| Leftovers::of(target, None, written).sentence();
        assert_eq!(sentence(&file, Some(0)), "the incomplete export was removed");
        let blocked = Leftovers::of(&file, Some("d/.f.part".into()), None);
        assert_eq!(blocked.sentence(), "the incomplete file `d/.f.part` was not removed");
        assert_eq!(sentence(&Endpoint::Stdio, None), "the output is incomplete");
        assert_eq!(sentence(&dir, Some(0)), "no session file was written");
        assert!(sentence(&dir, Some(1)).starts_with("1 session file stays in `filestore:d`, and the other sessions"));
        assert!(sentence(&dir, Some(2)).starts_with("2 session files stay in `filestore:d`"));
        assert!(sentence(&dir, None).starts_with("the session files written so far stay in `filestore:d`"));
    }

    #[test]
    fn a_file_remains_while_its_writer_is_blocked_or_if_it_was_not_removed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s.ndjson");
        let output = Output::file(&path, false).unwrap();
        let temporary = output.temporary_path().map(Path::to_owned);
        let sink = Sink::csv(output, Compression::None).unwrap();
        assert!(temporary.as_ref().is_some_and(|file| file.exists()));
        assert_eq!(remaining(temporary.clone(), false), temporary);
        assert_eq!(remaining(temporary.clone(), true), temporary);
        drop(sink);
        assert_eq!(remaining(temporary, true), None);
        assert_eq!(remaining(None, false), None);
    }
}
