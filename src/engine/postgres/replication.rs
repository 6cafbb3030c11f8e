//! Reads the rows of `replication.sql`.

use std::time::Duration;

use crate::engine::{DbError, Replication, Row};

/// The source of a standby, whose address the account may not see.
pub(super) fn read(mut row: Row) -> Result<Replication, DbError> {
    let (host, port) = (row.text(0)?, row.text(1)?);
    let running = row.int(2)? == Some(1);
    let lag = row.int(3)?.and_then(|ms| u64::try_from(ms).ok()).map(Duration::from_millis);
    let source = host.map(|host| port.map_or_else(|| host.clone(), |port| format!("{host}:{port}")));
    Ok(Replication { source, running, lag })
}
