//! Parts of a table that several connections read side by side.

use crate::store::session_store::SessionStore;

/// Where the parts of the ids begin, but for the first part. Ids are hexadecimal digits, or else all
/// are in one part.
pub(in crate::store) const HALVES: &[&str] = &["8"];
pub(in crate::store) const QUARTERS: &[&str] = &["4", "8", "C"];

/// The ids of a part of the table: from the first one on, and up to the second one. `None` is no bound.
pub(in crate::store) type IdRange = (Option<&'static str>, Option<&'static str>);

/// Opens connections beside that of `store` for parts of the table, and says which part is left for
/// `store` itself. A server that takes no more connections is read by those there are; a file by one.
pub(in crate::store) async fn open_range_readers(
    store: &SessionStore,
    cuts: &'static [&'static str],
) -> (Vec<(SessionStore, IdRange)>, IdRange) {
    let (mut readers, mut from) = (Vec::with_capacity(cuts.len()), None);
    for &before in cuts.iter().filter(|_| store.dialect().has_accounts) {
        let Ok(reader) = store.another().await else { break };
        readers.push((reader, (from, Some(before))));
        from = Some(before);
    }
    (readers, (from, None))
}
