//! Whether each session in memory has its row, and a new one.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Serialize;

use crate::context::Context;
use crate::failure::Failure;
use crate::operations::tomcat::memory::{MemorySnapshot, memory, rows};
use crate::operations::tomcat::nodes::TomcatNodes;
use crate::session::SessionKey;
use crate::store::{SessionStore, Stop};

/// How often the table is looked at before a row counts as missing. Tomcat deletes a row before it
/// inserts it again, so that one look misses sessions in use.
const LOOKS: u32 = 6;
const BETWEEN: Duration = Duration::from_millis(500);

/// A session in memory without a row that is as new.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct MissingRow {
    pub app_name: String,
    pub session_id: String,
}

impl std::fmt::Display for MissingRow {
    /// The beginning of the id, and the application.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {}", SessionKey::new(None, self.session_id.as_str()).redacted(), self.app_name)
    }
}

/// Finds the sessions of `before` that are still in memory and have no row as new as they were then.
///
/// # Errors
/// The store's, and the nodes'.
pub async fn missing(
    cx: &Context,
    store: &mut SessionStore,
    tomcats: &TomcatNodes,
    before: &MemorySnapshot,
    stop: &Stop,
) -> Result<Vec<MissingRow>, Failure> {
    let apps: BTreeSet<String> = before.keys().map(|(_, app)| app.clone()).collect();
    let mut without: BTreeSet<MissingRow> = BTreeSet::new();
    for look in 0..LOOKS {
        if look > 0 {
            tokio::time::sleep(BETWEEN).await;
        }
        let rows = rows(store, before, Some(&apps), cx.now, stop).await?;
        without.clear();
        for ((_, app), held) in before {
            let rows = rows.get(app);
            for (id, clock) in &held.sessions {
                // Without a clock the session had gone before it was asked.
                let row = rows.and_then(|rows| rows.of.get(id));
                if clock.is_some() && row.is_none_or(|row| row < clock) {
                    without.insert(MissingRow { app_name: app.clone(), session_id: id.clone() });
                }
            }
        }
        if without.is_empty() || stop.requested().is_some() {
            break;
        }
        // Who has logged out or expired in the meantime needs no row.
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
