//! Exports that leave no file, and why.

use crate::context::code_of;
use crate::endpoint::EndpointError;
use crate::failure::{Failure, PARTLY};
use crate::store::{PassesEnded, PassesSummary};

/// Why an export leaves nothing, with its exit code, where it does not.
pub(super) fn why_no_file(summary: &PassesSummary) -> Option<(&'static str, u8)> {
    match summary.ended {
        PassesEnded::Signal(signal) => Some(("Stopped", code_of(signal))),
        PassesEnded::MaxTime if !summary.whole => Some(("--max-time ended the first pass", PARTLY)),
        _ => None,
    }
}

/// A failure of the writer; where the disk is full, with what to do.
pub(super) fn full(error: EndpointError) -> Failure {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    let kinds = [StorageFull, QuotaExceeded, FileTooLarge];
    let full = matches!(&error, EndpointError::Io { error, .. } if kinds.contains(&error.kind()));
    let failure = Failure::from(error);
    if full { failure.hint("free disk space, or export to another disk; this run left no file") } else { failure }
}
