//! Rules about the size of sessions.

use super::{Rule, Violation};
use crate::engine::{Bind, ColumnClass};
use crate::finding::Severity;
use crate::store::write::table_limits::longest_statement;

/// Size of a session without attributes, as written by Tomcat 10.1, in bytes.
const EMPTY_SESSION: u64 = 257;
/// Capacity of a BLOB, in bytes.
const BLOB: u64 = 65_535;
/// Maximum value of max_allowed_packet, in bytes.
const LARGEST_PACKET: u64 = 1 << 30;

pub(super) const COLUMN: Rule = Rule {
    id: "capacity.column",
    evaluate: |facts| {
        let name = &facts.names.data;
        let Some(column) = facts.shape.column(name) else { return Vec::new() };
        let ColumnClass::Binary { max } = (facts.dialect.class)(&column.data_type) else { return Vec::new() };
        let declared = column.length.filter(|_| facts.dialect.enforces_lengths).and_then(|n| u64::try_from(n).ok());
        let Some(max) = max.or(declared) else { return Vec::new() };
        let largest = facts.rows.known().map_or(0, |rows| rows.largest_bytes);
        let holds = format!("the column `{name}` is {} and holds at most {max} bytes", column.declared);
        let (severity, message) = if max < EMPTY_SESSION {
            (Severity::Error, format!("{holds}, which is too small even for a session without attributes"))
        } else if max <= BLOB {
            (Severity::Warning, format!("{holds}: larger sessions are lost"))
        } else if largest >= max / 10 * 8 {
            (Severity::Warning, format!("{holds}; the largest session is {largest} bytes"))
        } else {
            return Vec::new();
        };
        vec![Violation::new(severity, name, message, facts.remedy(facts.statements.fix_data, &Bind::new()))]
    },
    why: "The server refuses a session that does not fit, and the session is lost; without STRICT_TRANS_TABLES the server truncates it, and Tomcat cannot load it.",
    source: "MySQL manual, data type storage requirements; DataSourceStore.save",
};

pub(super) const PACKET: Rule = Rule {
    id: "capacity.packet",
    evaluate: |facts| {
        let Some(packet) = facts.server.max_packet.and_then(|n| u64::try_from(n).ok()) else { return Vec::new() };
        let Some(largest) = facts.rows.known().map(|rows| rows.largest_bytes) else { return Vec::new() };
        // An engine without accounts has no server and no packets.
        let needed = longest_statement(largest);
        if !facts.dialect.has_accounts || needed <= packet || packet >= LARGEST_PACKET {
            return Vec::new();
        }
        let message = format!(
            "the largest session is {largest} bytes and needs up to {needed} in a statement, but the server accepts at most {packet}"
        );
        let wanted = needed.saturating_mul(2).next_power_of_two().min(LARGEST_PACKET);
        let bind = Bind::new().set("bytes", i64::try_from(wanted).unwrap_or(i64::MAX));
        vec![Violation::new(
            Severity::Warning,
            "max_allowed_packet",
            message,
            facts.remedy(facts.statements.fix_packet, &bind),
        )]
    },
    why: "A driver that inserts parameters into the text of the statement escapes bytes, which doubles some of them. A session of half the size of max_allowed_packet can therefore be refused, and is then lost. JDBC drivers have a limit of their own, maxAllowedPacket.",
    source: "MySQL manual, packet too large; DataSourceStore.save",
};
