//! Finds sessions in memory that have no current row.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Serialize;

use crate::context::Context;
use crate::failure::Failure;
use crate::operations::tomcat::memory_snapshot::{MemorySnapshot, memory, rows};
use crate::operations::tomcat::nodes::TomcatNodes;
use crate::session::SessionKey;
use crate::store::{SessionStore, Stop};

/// How often the table is read before a row counts as missing. Tomcat deletes a row before it inserts it again, so that
/// a single read misses sessions in use.
const READS: u32 = 6;
const READ_PAUSE: Duration = Duration::from_millis(500);

/// A session in memory without a current row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct MissingRow {
    pub app_name: String,
    pub session_id: String,
}

impl std::fmt::Display for MissingRow {
    /// The prefix of the id, and the application.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {}", SessionKey::new(None, self.session_id.as_str()).redacted(), self.app_name)
    }
}

/// Finds the sessions of `before` that are still in memory and have no row that is at least as new as `before`.
///
/// # Errors
/// Those of the store and of the nodes.
pub async fn missing(
    cx: &Context,
    store: &mut SessionStore,
    tomcats: &TomcatNodes,
    before: &MemorySnapshot,
    stop: &Stop,
) -> Result<Vec<MissingRow>, Failure> {
    let apps: BTreeSet<String> = before.keys().map(|(_, app)| app.clone()).collect();
    let mut without: BTreeSet<MissingRow> = BTreeSet::new();
    for look in 0..READS {
        if look > 0 {
            tokio::time::sleep(READ_PAUSE).await;
        }
        let rows = rows(store, before, Some(&apps), cx.now, stop).await?;
        without.clear();
        for ((_, app), held) in before {
            let rows = rows.get(app);
            for (id, clock) in &held.sessions {
                // Without a time, the session ended before it was queried.
                let row = rows.and_then(|rows| rows.of.get(id));
                if clock.is_some() && row.is_none_or(|row| row < clock) {
                    without.insert(MissingRow { app_name: app.clone(), session_id: id.clone() });
                }
            }
        }
        if without.is_empty() || stop.requested().is_some() {
            break;
        }
        // A session that has ended in the meantime needs no row.
        let still = memory(&tomcats.nodes, false).await?;
        without.retain(|missing| {
            still
                .iter()
                .any(|((_, app), held)| *app == missing.app_name && held.sessions.contains_key(&missing.session_id))
        });
        if without.is_empty() {
            break;
        }
    }
    Ok(without.into_iter().collect())
}
