//! The number of sessions that a run will read, for its progress.

use crate::context::Context;
use crate::failure::Failure;
use crate::session::Filter;
use crate::store::SessionStore;

/// Counts the sessions that match `filter`; `None` if no progress is shown, or if they cannot be counted without
/// reading them.
///
/// # Errors
/// Those of the store.
pub async fn expected_sessions(
    cx: &Context,
    store: &mut SessionStore,
    filter: &Filter,
) -> Result<Option<u64>, Failure> {
    if !cx.ui.shows_progress() {
        return Ok(None);
    }
    Ok(match &filter.apps {
        None if filter.is_empty() => Some(store.count().await?),
        Some(apps) if filter.without_apps().is_empty() => {
            let names: Option<Vec<String>> = apps.iter().cloned().collect();
            match names {
                Some(names) => Some(store.count_expired(cx.now, Some(&names)).await?.0),
                None => None,
            }
        }
        _ => None,
    })
}
