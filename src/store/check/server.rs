//! Rules about the server and the way to it.

use super::{Rule, Violation};
use crate::engine::Bind;
use crate::finding::{Remedy, Severity};

/// A difference between clocks that matters, in milliseconds; `expire` warns from it on too.
const SKEW: u64 = 5_000;

pub(super) const READ_ONLY: Rule = Rule {
    id: "server.read-only",
    judge: |facts| {
        if !facts.server.read_only {
            return Vec::new();
        }
        let primary = facts.primary.as_deref().unwrap_or("the primary server");
        let remedy = Remedy::action(format!("point Tomcat and --url at {primary}"));
        vec![Violation::new(
            Severity::Error,
            "read_only",
            "the server takes no writes: no session can be saved",
            remedy,
        )]
    },
    why: "A replica, or a server that a failover has set aside, refuses the DELETE and the INSERT of a save. Only \
          administrators can write there.",
    source: "MySQL and MariaDB manuals, read_only",
};

pub(super) const SQL_MODE: Rule = Rule {
    id: "server.sql-mode",
    judge: |facts| {
        let Some(modes) = &facts.server.sql_mode else { return Vec::new() };
        if modes.split(',').any(|mode| matches!(mode, "STRICT_TRANS_TABLES" | "STRICT_ALL_TABLES" | "TRADITIONAL")) {
            return Vec::new();
        }
        let message = "sql_mode has no STRICT_TRANS_TABLES: a value that does not fit is cut off without an error";
        vec![Violation::new(
            Severity::Warning,
            "sql_mode",
            message,
            facts.remedy(facts.statements.fix_sql_mode, &Bind::new()),
        )]
    },
    why: "A session that is bigger than its column, or an id that is longer, is stored in part: Tomcat takes the save for \
          good and cannot load the session. A JDBC driver may set a mode of its own, which is not seen from here.",
    source: "MySQL manual, strict SQL mode",
};

pub(super) const ROW_VERSIONS: Rule = Rule {
    id: "server.row-versions",
    judge: |facts| {
        if !facts.server.readers_wait {
            return Vec::new();
        }
        let message = "READ_COMMITTED_SNAPSHOT is off: whoever reads waits for whoever writes";
        let remedy = facts.remedy(facts.statements.fix_row_versions, &Bind::new());
        vec![Violation::new(Severity::Note, facts.server.database.as_deref().unwrap_or("database"), message, remedy)]
    },
    why: "Once a minute each Tomcat reads all sessions of an application, and a request that loads a session reads one: both \
          stand behind every save until it is committed, and a scan's own locks keep saves waiting. With row versions \
          nobody waits for a reader.",
    source: "SQL Server documentation, ALTER DATABASE SET options, READ_COMMITTED_SNAPSHOT",
};

pub(super) const SKEW_RULE: Rule = Rule {
    id: "clock.skew",
    judge: |facts| {
        let Some(clocks) = facts.clocks.known() else { return Vec::new() };
        let skew = u64::try_from(clocks.here.distance(clocks.server).as_millis()).unwrap_or(u64::MAX);
        if skew <= SKEW {
            return Vec::new();
        }
        let side = if clocks.server > clocks.here { "ahead of" } else { "behind" };
        let message = format!("the server's clock is {}.{} s {side} this machine's", skew / 1000, skew % 1000 / 100);
        let remedy =
            Remedy::action("set the clocks of both; `expire` judges by the earlier one and refuses above 5 minutes");
        vec![Violation::new(Severity::Warning, "clock", message, remedy)]
    },
    why: "Tomcat judges expiry by its own clock. A tool that judges by another one would delete what is still live.",
    source: "DataSourceStore.expiredKeys: System.currentTimeMillis",
};

pub(super) const CLEAR_TEXT: Rule = Rule {
    id: "connection.clear-text",
    judge: |facts| {
        if !facts.link.known().is_some_and(|link| link.remote && !link.encrypted) {
            return Vec::new();
        }
        let message = "this connection is not encrypted: session ids and data cross the network as they are";
        let encrypted = facts.dialect.hints.encrypted;
        let remedy =
            Remedy::action(format!("give the server a certificate, and the URL {encrypted}; likewise Tomcat's"));
        vec![Violation::new(Severity::Note, "connection", message, remedy)]
    },
    why: "A session id is a credential: whoever reads it is logged in. Tomcat's own connection may be another than this. MySQL, and MariaDB 11.4 and later, offer TLS by a certificate that they make themselves: it encrypts (ssl-mode=required), but does not show which server answers.",
    source: "jakarta.servlet, session tracking by cookies",
};

pub(super) const OPEN_FILE: Rule = Rule {
    id: "storage.open-file",
    judge: |facts| {
        let Some(file) = &facts.open_file else { return Vec::new() };
        let shown = file.display();
        let message = format!("every account of this machine may read {shown}, and with it the ids of all sessions");
        vec![Violation::new(Severity::Warning, "file", message, Remedy::action(format!("chmod 600 {shown}")))]
    },
    why: "A session id is a credential: whoever reads it is logged in until the session expires.",
    source: "chmod(2); jakarta.servlet, session tracking by cookies",
};
