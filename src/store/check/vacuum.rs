//! Rules about vacuuming, which only PostgreSQL has: dead rows, unused space, transaction ids, storage.

use super::{Rule, Violation};
use crate::engine::Bind;
use crate::finding::{Remedy, Severity};

/// What deleted rows have left behind, and the age of transaction ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vacuum {
    /// Whether the server starts autovacuum.
    pub server_on: bool,
    /// Whether the server counts changed rows, which autovacuum needs.
    pub counts: bool,
    /// Whether autovacuum is on for this table and its TOAST table.
    pub table_on: bool,
    pub dead_rows: u64,
    pub live_rows: u64,
    /// Seconds since the last vacuum; `None` if there was none.
    pub since: Option<u64>,
    /// Transactions since the oldest id in the table.
    pub table_age: u64,
    /// Transactions since the oldest id in the database.
    pub database_age: u64,
    /// The ages at which autovacuum freezes ids: for this table, and the default of the server.
    pub table_limit: u64,
    pub server_limit: u64,
    /// Bytes of the table without its indexes, at the last vacuum.
    pub bytes: u64,
    /// Estimated size of its rows in bytes; `None` if the server has no statistics yet.
    pub needed: Option<u64>,
    /// Whether the data column has the storage PLAIN, which keeps all data in the row.
    pub in_row: bool,
}

/// Minimum number of dead rows for a finding.
const DEAD_ROWS: u64 = 10_000;
/// Time since the last vacuum after which autovacuum is overdue, in seconds.
const OVERDUE_SECONDS: u64 = 3_600;
/// Minimum unused space for a finding, in bytes.
const UNUSED: u64 = 32 << 20;
/// Half of all transaction ids: an older id would appear to be in the future.
const IDS: u64 = 1 << 31;
/// Remaining ids at which the server starts to refuse writes, from PostgreSQL 14; PostgreSQL 13 starts at a million.
const LAST_IDS: u64 = 3_000_000;

fn is_overdue(vacuum: &Vacuum) -> bool {
    vacuum.since.is_none_or(|since| since > OVERDUE_SECONDS)
}

pub(super) const OFF: Rule = Rule {
    id: "vacuum.off",
    evaluate: |facts| {
        let Some(vacuum) = facts.vacuum.known() else { return Vec::new() };
        let setting = |name: &str| {
            let message = format!("{name} is off on the server: the space of deleted rows is never reused");
            let remedy = Remedy::Sql(format!("ALTER SYSTEM SET {name} = on; SELECT PG_RELOAD_CONF();"));
            Violation::new(Severity::Warning, name, message, remedy)
        };
        let of_table = || {
            let message = "autovacuum is off for this table: the space of deleted rows is never reused";
            let remedy = facts.remedy(facts.statements.fix_autovacuum, &Bind::new());
            Violation::new(Severity::Warning, &facts.names.table, message, remedy)
        };
        let of_server = (!vacuum.server_on).then(|| setting("autovacuum"));
        let of_counts = (!vacuum.counts).then(|| setting("track_counts"));
        of_server.into_iter().chain(of_counts).chain((!vacuum.table_on).then(of_table)).collect()
    },
    why: "Each save by Tomcat is a DELETE and an INSERT, so a busy table replaces all of its rows within minutes. Without autovacuum the table and its indexes grow with every save, and every search for expired sessions reads the dead rows too. Autovacuum needs the counters of track_counts. Where ALTER SYSTEM is not allowed (managed servers), set the parameter in the provider's console.",
    source: "PostgreSQL manual, routine vacuuming: the autovacuum daemon",
};

pub(super) const DEAD: Rule = Rule {
    id: "vacuum.dead-rows",
    evaluate: |facts| {
        let Some(vacuum) = facts.vacuum.known() else { return Vec::new() };
        let (dead, live) = (vacuum.dead_rows, vacuum.live_rows);
        if dead < DEAD_ROWS || dead <= live.saturating_mul(2) {
            return Vec::new();
        }
        let last = vacuum.since.map_or_else(
            || "it was never vacuumed".to_owned(),
            |since| format!("the last vacuum was {} minutes ago", since / 60),
        );
        let message = format!("the table has {dead} dead rows beside {live} live ones, and {last}");
        let severity = if is_overdue(vacuum) { Severity::Warning } else { Severity::Note };
        let remedy = facts.remedy(facts.statements.fix_dead_rows, &Bind::new());
        vec![Violation::new(severity, &facts.names.table, message, remedy)]
    },
    why: "Tomcat's search for expired sessions reads dead rows too. In the minutes after `expire` has deleted many sessions, this is normal. If it remains, autovacuum is off or cannot keep up, or an old transaction, a replication slot or a prepared transaction keeps VACUUM from removing rows: `SELECT pid, usename, xact_start, query FROM pg_stat_activity WHERE xact_start IS NOT NULL ORDER BY xact_start LIMIT 5` lists the oldest transactions.",
    source: "PostgreSQL manual, routine vacuuming: recovering disk space",
};

pub(super) const UNUSED_SPACE: Rule = Rule {
    id: "vacuum.unused-space",
    evaluate: |facts| {
        let Some(vacuum) = facts.vacuum.known() else { return Vec::new() };
        let Some(needed) = vacuum.needed else { return Vec::new() };
        let unused = vacuum.bytes.saturating_sub(needed);
        if unused < UNUSED || needed > vacuum.bytes / 4 {
            return Vec::new();
        }
        let message = format!(
            "the table takes up {} MB, of which its rows need about {}; VACUUM FULL makes Tomcat wait while it copies the table",
            vacuum.bytes / 1_000_000,
            needed / 1_000_000
        );
        let remedy = facts.remedy(facts.statements.fix_unused_space, &Bind::new());
        vec![Violation::new(Severity::Note, &facts.names.table, message, remedy)]
    },
    why: "VACUUM makes the space of deleted rows available to new rows, and returns little of it to the operating system. After a peak, or a time without autovacuum, the table stays large, and scans of it and backups are slow. VACUUM (FULL) rewrites the table, and Tomcat has to wait for it; pg_repack does the same while Tomcat is running. If the table will grow again, leave it as it is.",
    source: "PostgreSQL manual, VACUUM and routine vacuuming",
};

pub(super) const TRANSACTION_IDS: Rule = Rule {
    id: "vacuum.transaction-ids",
    evaluate: |facts| {
        let Some(vacuum) = facts.vacuum.known() else { return Vec::new() };
        let is_late = |age: u64, limit: u64| age > limit.saturating_add(limit / 4).min(IDS - LAST_IDS * 100);
        let (object, age, remedy) = if is_late(vacuum.table_age, vacuum.table_limit) {
            let remedy = facts.remedy(facts.statements.fix_transaction_ids, &Bind::new());
            (facts.names.table.as_str(), vacuum.table_age, remedy)
        } else if is_late(vacuum.database_age, vacuum.server_limit) {
            let database = facts.database_name();
            (database, vacuum.database_age, Remedy::Sql("VACUUM (FREEZE);".to_owned()))
        } else {
            return Vec::new();
        };
        let left = (IDS - LAST_IDS).saturating_sub(age.max(vacuum.database_age));
        let (severity, then) = match left {
            0 => (Severity::Error, "the server refuses all writes".to_owned()),
            left => (Severity::Warning, format!("after {left} more transactions the server refuses all writes")),
        };
        let message =
            format!("the oldest transaction id is {age} transactions old, and autovacuum has not frozen it: {then}");
        vec![Violation::new(severity, object, message, remedy)]
    },
    why: "Transaction ids have 32 bits. Autovacuum freezes those that are older than autovacuum_freeze_max_age, even where it is turned off. If it cannot, because an old transaction, a replication slot or a prepared transaction holds them, the server stops accepting writes 3 million ids (PostgreSQL 13: 1 million) before they run out, and no session can be saved. Before you run VACUUM, end the transaction, or drop the slot, that holds the old ids. Look for it in pg_stat_activity, pg_replication_slots and pg_prepared_xacts.",
    source: "PostgreSQL manual, preventing transaction ID wraparound failures",
};

pub(super) const STORAGE: Rule = Rule {
    id: "storage.in-row",
    evaluate: |facts| {
        if !facts.vacuum.known().is_some_and(|vacuum| vacuum.in_row) {
            return Vec::new();
        }
        let name = &facts.names.data;
        let message = format!("the column `{name}` has the storage PLAIN: a session of more than 8 kB cannot be saved");
        let remedy = facts.remedy(facts.statements.fix_storage, &Bind::new());
        vec![Violation::new(Severity::Warning, name, message, remedy)]
    },
    why: "A row must fit into a page of 8 kB. PostgreSQL stores long data in a separate table (TOAST), unless the column has the storage PLAIN: then an INSERT of a longer session fails with error 54000, \"row is too big\", and the session is lost.",
    source: "PostgreSQL manual, database physical storage: TOAST",
};
