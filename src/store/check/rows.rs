//! Rules about rows that Tomcat cannot load, or handles wrongly.

use super::{Facts, Rows, Rule, Violation};
use crate::engine::{Bind, Template};
use crate::finding::{Remedy, Severity};

pub(super) const NO_APP: Rule = Rule {
    id: "rows.no-app",
    evaluate: |facts| {
        let message = "without an application: Tomcat never finds such rows";
        counted(facts, |rows| rows.without_app, &facts.names.app, message, facts.statements.fix_null_app)
    },
    why: "Tomcat selects rows with app = ?, and NULL equals nothing: such a row is never deleted.",
    source: "org.apache.catalina.session.DataSourceStore: WHERE id = ? AND app = ?",
};

pub(super) const NO_DATA: Rule = Rule {
    id: "rows.no-data",
    evaluate: |facts| {
        let message = "without data: Tomcat cannot load such rows";
        counted(facts, |rows| rows.without_data, &facts.names.data, message, facts.statements.fix_null_data)
    },
    why: "Tomcat finds the row but has no data to read: it loads no session, logs an error and keeps the row.",
    source: "org.apache.catalina.session.DataSourceStore, load; seen on Tomcat 9.0, 10.1 and 11.0",
};

pub(super) const NO_TIMES: Rule = Rule {
    id: "rows.no-times",
    evaluate: |facts| {
        let message = "without a timeout or a last access: such rows never expire";
        counted(facts, |rows| rows.without_times, &facts.names.last_access, message, facts.statements.fix_null_times)
    },
    why: "A session expires at last_access + max_inactive * 1000. If one of the two columns is NULL, so is the sum, and a comparison with it is never true: neither Tomcat nor `expire` ever finds such a row.",
    source: "org.apache.catalina.session.DataSourceStore, expiredKeys",
};

pub(super) const CUT_OFF: Rule = Rule {
    id: "rows.truncated",
    evaluate: |facts| {
        let message = "of exactly 65,535 or 16,777,215 bytes, probably truncated";
        counted(facts, |rows| rows.truncated, &facts.names.data, message, facts.statements.fix_truncated)
    },
    why: "65,535 and 16,777,215 bytes are the maximum lengths of BLOB and MEDIUMBLOB. Data of exactly that length were probably truncated. Without STRICT_TRANS_TABLES the server truncates larger data. Tomcat cannot load truncated data; it logs an error and keeps the row. Enlarge the column before you delete these rows; otherwise new sessions are truncated too.",
    source: "MySQL manual, data type storage requirements; seen on Tomcat 9.0, 10.1 and 11.0",
};

pub(super) const NO_STREAM: Rule = Rule {
    id: "rows.no-stream",
    evaluate: |facts| {
        let count = facts.rows.known().map_or(0, |rows| rows.no_stream);
        if count == 0 {
            return Vec::new();
        }
        let message =
            format!("{} whose data are not a Java serialization stream: Tomcat cannot load such rows", sessions(count));
        let remedy = Remedy::action(
            "restore the rows from a dump that keeps bytes (mysqldump --hex-blob); `tomcat-sessions list --restorable no` lists \
             them, and `tomcat-sessions delete --restorable no --all` deletes them",
        );
        vec![Violation::new(Severity::Warning, &facts.names.data, message, remedy)]
    },
    why: "The data of every session begin with AC ED 00 05. A dump without --hex-blob, or a client that treats bytes as text, replaces bytes that are not valid text, and the original cannot be reconstructed. Tomcat logs a StreamCorruptedException, gives the user a new session, and keeps the row.",
    source: "java.io.ObjectStreamConstants: STREAM_MAGIC, STREAM_VERSION; MySQL manual, mysqldump --hex-blob",
};

pub(super) const DUPLICATES: Rule = Rule {
    id: "rows.duplicates",
    evaluate: |facts| {
        let count = facts.rows.known().map_or(0, |rows| rows.duplicates);
        if count == 0 {
            return Vec::new();
        }
        let rows = if count == 1 { "1 duplicate row".to_owned() } else { format!("{count} duplicate rows") };
        let message = format!("{rows}: another row has the same session, and Tomcat may load either");
        let statements = facts.statements;
        let files = [statements.fix_duplicates_begin, statements.fix_duplicates, statements.fix_duplicates_end];
        let files: Vec<Template> = files.into_iter().filter(|file| file.is_statement()).collect();
        vec![Violation::new(Severity::Error, &facts.names.table, message, facts.remedy_of(&files, &Bind::new()))]
    },
    why: "Without a key, two simultaneous saves of one session insert two rows. Tomcat loads the first row that the server returns, which may be the older one. A key can be added only after the duplicates are deleted; the statements of the remedy keep the most recently used row of each session.",
    source: "org.apache.catalina.session.DataSourceStore, save and load; MySQL error 1062",
};

pub(super) const FUTURE: Rule = Rule {
    id: "rows.future",
    evaluate: |facts| {
        let count = facts.rows.known().map_or(0, |rows| rows.from_the_future);
        if count == 0 {
            return Vec::new();
        }
        let message = format!("{} with a last access more than 5 minutes in the future", sessions(count));
        let remedy = Remedy::action("correct the clocks of the machines that run Tomcat");
        vec![Violation::new(Severity::Warning, &facts.names.last_access, message, remedy)]
    },
    why: "Tomcat writes the time of its own clock. A session whose last access is in the future expires that much later than it should. Tomcats whose clocks differ expire each other's sessions too early.",
    source: "StandardSession.endAccess: System.currentTimeMillis; StoreBase.processExpires",
};

pub(super) const NEVER_EXPIRING: Rule = Rule {
    id: "rows.never-expiring",
    evaluate: |facts| {
        let count = facts.rows.known().map_or(0, |rows| rows.never_expiring);
        if count == 0 {
            return Vec::new();
        }
        let message = format!(
            "{} never to expire; older Tomcats (seen on 9.0.70 and 11.0.24) destroy such sessions",
            sessions_meant(count)
        );
        let remedy =
            Remedy::action("upgrade Tomcat to 9.0.122, 10.1.60, 11.0.26 or later, or set a timeout for these sessions");
        vec![Violation::new(Severity::Note, &facts.names.max_inactive, message, remedy)]
    },
    why: "max_inactive of 0 or less means that the session never expires. Tomcat's query for expired sessions returns such sessions too, and versions before 9.0.122, 10.1.60 and 11.0.26 destroy them at the first background pass after they are stored. `expire` does not delete them.",
    source: "DataSourceStore.expiredKeys and StoreBase.processExpires; seen on 9.0.70 and 11.0.24, not on 10.1.60",
};

fn counted(facts: &Facts, count: fn(&Rows) -> u64, column: &str, what: &str, remedy: Template) -> Vec<Violation> {
    match facts.rows.known().map_or(0, count) {
        0 => Vec::new(),
        n => {
            let message = format!("{} {what}", sessions(n));
            vec![Violation::new(Severity::Warning, column, message, facts.remedy(remedy, &Bind::new()))]
        }
    }
}

fn sessions(n: u64) -> String {
    if n == 1 { "1 session".to_owned() } else { format!("{n} sessions") }
}

fn sessions_meant(n: u64) -> String {
    format!("{} {} meant", sessions(n), if n == 1 { "is" } else { "are" })
}
