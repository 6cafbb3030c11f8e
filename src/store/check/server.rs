//! Rules about the server and the connection.

use super::{Rule, Violation};
use crate::engine::Bind;
use crate::finding::{Remedy, Severity};

/// Clock difference from which a finding is reported, in milliseconds; `expire` warns from it on too.
const SKEW: u64 = 5_000;

pub(super) const READ_ONLY: Rule = Rule {
    id: "server.read-only",
    evaluate: |facts| {
        if !facts.server.read_only {
            return Vec::new();
        }
        let primary = facts.primary.as_deref().unwrap_or("the primary server");
        let remedy = Remedy::action(format!("point Tomcat and --url at {primary}"));
        vec![Violation::new(Severity::Error, "read_only", "the server is read-only: no session can be saved", remedy)]
    },
    why: "A replica, or a former primary after a failover, refuses the DELETE and the INSERT of a save. On MySQL and MariaDB, only administrators can write there; on a standby of PostgreSQL, nobody can.",
    source: "MySQL and MariaDB manuals, read_only; PostgreSQL manual, hot standby",
};

pub(super) const SQL_MODE: Rule = Rule {
    id: "server.sql-mode",
    evaluate: |facts| {
        let Some(modes) = &facts.server.sql_mode else { return Vec::new() };
        if modes.split(',').any(|mode| matches!(mode, "STRICT_TRANS_TABLES" | "STRICT_ALL_TABLES" | "TRADITIONAL")) {
            return Vec::new();
        }
        let message =
            "sql_mode does not contain STRICT_TRANS_TABLES: a value that does not fit is truncated without an error";
        vec![Violation::new(
            Severity::Warning,
            "sql_mode",
            message,
            facts.remedy(facts.statements.fix_sql_mode, &Bind::new()),
        )]
    },
    why: "Without STRICT_TRANS_TABLES, the server truncates a session or an id that is larger than its column, without an error: Tomcat considers it saved, but cannot load the session. A JDBC driver may set its own mode, which this check cannot see.",
    source: "MySQL manual, strict SQL mode",
};

pub(super) const ROW_VERSIONS: Rule = Rule {
    id: "server.row-versions",
    evaluate: |facts| {
        if !facts.server.readers_wait {
            return Vec::new();
        }
        let message = "READ_COMMITTED_SNAPSHOT is off: readers wait for writers";
        let remedy = facts.remedy(facts.statements.fix_row_versions, &Bind::new());
        vec![Violation::new(Severity::Note, facts.database_name(), message, remedy)]
    },
    why: "Once per minute, each Tomcat reads all rows of its applications. A request that loads a session reads the row of that session. With READ_COMMITTED_SNAPSHOT off, both kinds of reads wait for uncommitted saves. While Tomcat reads all rows, its locks block saves. With READ_COMMITTED_SNAPSHOT on, readers get the last committed version of a row: they neither wait for writers nor block them.",
    source: "SQL Server documentation, ALTER DATABASE SET options, READ_COMMITTED_SNAPSHOT",
};

pub(super) const SKEW_RULE: Rule = Rule {
    id: "clock.skew",
    evaluate: |facts| {
        let Some(clocks) = facts.clocks.known() else { return Vec::new() };
        let skew = u64::try_from(clocks.here.distance(clocks.server).as_millis()).unwrap_or(u64::MAX);
        if skew <= SKEW {
            return Vec::new();
        }
        let side = if clocks.server > clocks.here { "ahead of" } else { "behind" };
        let message = format!("the server's clock is {}.{} s {side} this machine's", skew / 1000, skew % 1000 / 100);
        let remedy = Remedy::action(
            "correct both clocks; `expire` uses the earlier one, and refuses to run if they differ by more than 5 minutes",
        );
        vec![Violation::new(Severity::Warning, "clock", message, remedy)]
    },
    why: "Tomcat uses its own clock to decide whether a session has expired. A tool with a different clock would delete sessions that are still live.",
    source: "DataSourceStore.expiredKeys: System.currentTimeMillis",
};

pub(super) const CLEAR_TEXT: Rule = Rule {
    id: "connection.clear-text",
    evaluate: |facts| {
        if !facts.link.known().is_some_and(|link| link.remote && !link.encrypted) {
            return Vec::new();
        }
        let message = "this connection is not encrypted: session ids and data cross the network in clear text";
        let encrypted = facts.dialect.hints.encrypted;
        let remedy = Remedy::action(format!(
            "install a certificate on the server and add {encrypted} to the URL; do the same in Tomcat's URL"
        ));
        vec![Violation::new(Severity::Note, "connection", message, remedy)]
    },
    why: "A session id is a credential: whoever reads it is logged in. The check sees only the program's own connection; Tomcat's may be encrypted or not. MySQL, and MariaDB 11.4 and later, offer TLS with a self-signed certificate: with ssl-mode=required the connection is encrypted, but the server's identity is not verified.",
    source: "jakarta.servlet, session tracking by cookies",
};

pub(super) const OPEN_FILE: Rule = Rule {
    id: "storage.open-file",
    evaluate: |facts| {
        let Some(file) = &facts.open_file else { return Vec::new() };
        let shown = file.display();
        let message = format!("every account on this machine can read {shown}, including all session ids");
        vec![Violation::new(Severity::Warning, "file", message, Remedy::action(format!("chmod 600 {shown}")))]
    },
    why: "Every account on this machine can read the SQLite file with the sessions. A session id is a credential: whoever reads it is logged in until the session expires.",
    source: "chmod(2); jakarta.servlet, session tracking by cookies",
};
