//! The reasons why an export leaves no file.

use crate::context::exit_code_of;
use crate::endpoint::EndpointError;
use crate::failure::{Failure, PARTLY};
use crate::store::{PassesEnded, PassesSummary};

/// If the export is incomplete: the reason why it leaves no file, and the exit code.
pub(super) fn why_no_file(summary: &PassesSummary) -> Option<(&'static str, u8)> {
    match summary.ended {
        PassesEnded::Signal(signal) => Some(("Stopped", exit_code_of(signal))),
        PassesEnded::MaxTime if !summary.whole => Some(("--max-time ended the first pass", PARTLY)),
        _ => None,
    }
}

/// A failure of the writer, with a hint if the disk is full.
pub(super) fn write_failure(error: EndpointError) -> Failure {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    let kinds = [StorageFull, QuotaExceeded, FileTooLarge];
    let full = matches!(&error, EndpointError::Io { error, .. } if kinds.contains(&error.kind()));
    let failure = Failure::from(error);
    if full { failure.hint("free disk space, or export to another disk; this run left no file") } else { failure }
}
