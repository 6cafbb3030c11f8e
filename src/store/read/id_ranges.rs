//! Ranges of ids that several connections read concurrently.

use crate::store::session_store::SessionStore;

/// First ids of all ranges except the first. The ranges are balanced for hexadecimal ids; other ids may all be in one
/// range.
pub(in crate::store) const HALVES: &[&str] = &["8"];
pub(in crate::store) const QUARTERS: &[&str] = &["4", "8", "C"];

/// Ids from the first bound (inclusive) to the second (exclusive); `None` is unbounded.
pub(in crate::store) type IdRange = (Option<&'static str>, Option<&'static str>);

/// Opens a connection for each range except one, and returns that one for `store` itself. If the server accepts no
/// more connections, fewer ranges are used; a file has one.
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
