//! The pages of a pass: the columns of sessions or, after the first pass, also the SHA-256 of their data.

use crate::store::read::digest::DigestPages;
use crate::store::read::pages::Cursor;

/// How a pass reads what it compares.
pub(in crate::store::read) enum PageReader {
    Columns(Cursor),
    Digests(DigestPages),
}

impl PageReader {
    pub(in crate::store::read) fn continue_before(&mut self, before: Option<String>) {
        match self {
            PageReader::Columns(cursor) => cursor.continue_before(before),
            PageReader::Digests(digests) => digests.continue_before(before),
        }
    }

    /// Whether the last page was read, as far as is known.
    pub(in crate::store::read) fn is_done(&self) -> bool {
        matches!(self, PageReader::Columns(cursor) if cursor.is_done())
    }
}
