//! Counts the live sessions of a store that another store does not have. A copy from the other store keeps them, and
//! users who have logged out in the meantime would be logged in again.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::engine::Bind;
use crate::session::{EpochMillis, Filter, SessionKey, SessionState};
use crate::store::error::Result;
use crate::store::read::pages::{Cursor, ReadRequest, metas};
use crate::store::session_store::SessionStore;

/// Time after which a missing session is looked up again: it may be in the middle of a save.
const RECHECK_PAUSE: Duration = Duration::from_millis(250);

/// Counts the sessions of `to` that match `filter`, are live at `now` and have no row in `from`.
///
/// # Errors
/// [`crate::store::StoreError::Db`].
pub async fn only_in_target(
    from: &mut SessionStore,
    to: &mut SessionStore,
    filter: &Filter,
    now: EpochMillis,
) -> Result<u64> {
    let reading = ReadRequest { filter, now, from: None, limit: None };
    let (mut cursor, mut found) = (Cursor::default(), 0);
    while let Some(page) = to.next_page(&reading, &mut cursor).await? {
        let live = |verdict| matches!(verdict, SessionState::Live { .. } | SessionState::NeverExpires);
        let keys = page.into_iter().filter(|session| live(session.state_at(now))).map(|session| session.key);
        let missing = from.missing_of(keys.collect()).await?;
        if !missing.is_empty() {
            tokio::time::sleep(RECHECK_PAUSE).await;
            found += from.missing_of(missing).await?.len() as u64;
        }
    }
    Ok(found)
}

impl SessionStore {
    /// Those of `keys` that have no row.
    async fn missing_of(&mut self, keys: Vec<SessionKey>) -> Result<Vec<SessionKey>> {
        let doing = "look for sessions of the target";
        let mut by_app: BTreeMap<Option<String>, Vec<String>> = BTreeMap::new();
        for key in keys {
            by_app.entry(key.app).or_default().push(key.id);
        }
        let primary = self.shape.id_leads_primary(&self.names);
        let mut missing = Vec::new();
        for (app, ids) in by_app {
            for ids in ids.chunks(self.keys_per_query()) {
                let bind = Bind::new().keys(app.as_deref(), ids.iter().map(String::as_str), primary);
                let rows = metas(doing, self.query(doing, self.statements().metadata_by_key, &bind).await?)?;
                let there: BTreeSet<String> = rows.into_iter().map(|row| row.key.id).collect();
                let absent = ids.iter().filter(|id| !there.contains(*id));
                missing.extend(absent.map(|id| SessionKey::new(app.clone(), id.clone())));
            }
        }
        Ok(missing)
    }
}
