//! Parses the replication status of a server by the names of the columns: their positions differ between versions,
//! and their names between MySQL and MariaDB.

use std::time::Duration;

use sqlx::mysql::MySqlRow;
use sqlx::{Column, Row as _};

use crate::engine::{HostPort, Replication};

/// Parses a row; `None` for the internal channels of a replication group.
pub(super) fn read(row: &MySqlRow) -> Option<Replication> {
    let text = |names| text(row, names);
    let channel = text(["Channel_Name", "Connection_name"]).unwrap_or_default();
    if channel.starts_with("group_replication_") {
        return None;
    }
    let (host, port) = (text(["Source_Host", "Master_Host"]), text(["Source_Port", "Master_Port"]));
    let yes = |names| text(names).as_deref() == Some("Yes");
    let lag = text(["Seconds_Behind_Source", "Seconds_Behind_Master"]).and_then(|seconds| seconds.parse().ok());
    Some(Replication {
        source: Some(format!("{}:{}", host.unwrap_or_default(), port.unwrap_or_default())),
        running: yes(["Replica_IO_Running", "Slave_IO_Running"]) && yes(["Replica_SQL_Running", "Slave_SQL_Running"]),
        lag: lag.map(Duration::from_secs),
    })
}

/// The address of a replica; `None` if it does not report one.
pub(super) fn host(row: &MySqlRow) -> Option<HostPort> {
    let host = text(row, ["Host", "host"]).filter(|host| !host.is_empty())?;
    let port = text(row, ["Port", "port"]).and_then(|port| port.parse().ok()).filter(|port| *port > 0)?;
    Some(HostPort { host, port })
}

/// The text in the column with one of these names.
fn text(row: &MySqlRow, names: [&str; 2]) -> Option<String> {
    let column = row.columns().iter().find(|column| names.contains(&column.name()))?;
    let bytes: Option<Vec<u8>> = row.try_get_unchecked(column.ordinal()).ok()?;
    bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}
