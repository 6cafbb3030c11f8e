//! Rules about rows that Tomcat would trip over.

use super::{Facts, Rows, Rule, Violation};
use crate::engine::{Bind, Template};
use crate::finding::{Remedy, Severity};

pub(super) const NO_APP: Rule = Rule {
    id: "rows.no-app",
    judge: |facts| {
        let message = "without an application, which no Tomcat finds";
        counted(facts, |rows| rows.without_app, &facts.names.app, message, facts.statements.fix_null_app)
    },
    why: "Tomcat asks for rows with app = ?, which NULL never equals: such a row stays for ever.",
    source: "org.apache.catalina.session.DataSourceStore: WHERE id = ? AND app = ?",
};

pub(super) const NO_DATA: Rule = Rule {
    id: "rows.no-data",
    judge: |facts| {
        let message = "without data, which Tomcat cannot load";
        counted(facts, |rows| rows.without_data, &facts.names.data, message, facts.statements.fix_null_data)
    },
    why: "Tomcat finds the row and reads a stream that is not there: no session, a line in its log, and the row stays.",
    source: "org.apache.catalina.session.DataSourceStore, load; seen on Tomcat 9.0, 10.1 and 11.0",
};

pub(super) const NO_TIMES: Rule = Rule {
    id: "rows.no-times",
    judge: |facts| {
        let message = "without a time-out or a last access, which never expire";
        counted(facts, |rows| rows.without_times, &facts.names.last_access, message, facts.statements.fix_null_times)
    },
    why: "A sum with NULL is NULL, and not less than anything: neither Tomcat nor `expire` ever finds such a row.",
    source: "org.apache.catalina.session.DataSourceStore, expiredKeys",
};

pub(super) const CUT_OFF: Rule = Rule {
    id: "rows.truncated",
    judge: |facts| {
        let message = "of exactly 65,535 or 16,777,215 bytes, very likely cut off";
        counted(facts, |rows| rows.cut_off, &facts.names.data, message, facts.statements.fix_truncated)
    },
    why: "Those are the lengths of a full BLOB and a full MEDIUMBLOB: without STRICT_TRANS_TABLES the server cuts off \
          what does not fit. Tomcat cannot load the rest, logs it and leaves the row. Widen the column first.",
    source: "MySQL manual, data type storage requirements; seen on Tomcat 9.0, 10.1 and 11.0",
};

pub(super) const NO_STREAM: Rule = Rule {
    id: "rows.no-stream",
    judge: |facts| {
        let count = facts.rows.known().map_or(0, |rows| rows.no_stream);
        if count == 0 {
            return Vec::new();
        }
        let message =
            format!("{} whose data are no Java serialization stream, which Tomcat cannot load", sessions(count));
        let remedy = Remedy::action(
            "restore the rows from a dump that keeps bytes (mysqldump --hex-blob); `tomcat-sessions list --restorable no` lists \
             them, and `tomcat-sessions delete --restorable no --all` deletes them",
        );
        vec![Violation::new(Severity::Warning, &facts.names.data, message, remedy)]
    },
    why: "The data of every session begin with AC ED 00 05. A dump without --hex-blob, or a client that takes bytes for text, \
          replaces such bytes, and what is lost cannot be computed from the rest. Tomcat logs a StreamCorruptedException, \
          gives the user a new session, and leaves the row.",
    source: "java.io.ObjectStreamConstants: STREAM_MAGIC, STREAM_VERSION; MySQL manual, mysqldump --hex-blob",
};

pub(super) const DUPLICATES: Rule = Rule {
    id: "rows.duplicates",
    judge: |facts| {
        let count = facts.rows.known().map_or(0, |rows| rows.duplicates);
        if count == 0 {
            return Vec::new();
        }
        let rows = if count == 1 { "1 row is".to_owned() } else { format!("{count} rows are") };
        let message =
            format!("{rows} a duplicate: another row holds the same session, and Tomcat loads either of them");
        let statements = facts.statements;
        let files = [statements.fix_duplicates_begin, statements.fix_duplicates, statements.fix_duplicates_end];
        let files: Vec<Template> = files.into_iter().filter(|file| file.is_statement()).collect();
        vec![Violation::new(Severity::Error, &facts.names.table, message, facts.remedy_of(&files, &Bind::new()))]
    },
    why: "Without a key two saves of one session at the same time insert two rows. Tomcat loads the first that the server \
          returns, which may be the older. A key can only be added when the duplicates are gone: the statements keep the \
          row of each session that was used last.",
    source: "org.apache.catalina.session.DataSourceStore, save and load; MySQL error 1062",
};

pub(super) const FUTURE: Rule = Rule {
    id: "rows.future",
    judge: |facts| {
        let count = facts.rows.known().map_or(0, |rows| rows.from_the_future);
        if count == 0 {
            return Vec::new();
        }
        let message = format!("{} last used more than 5 minutes from now", sessions(count));
        let remedy = Remedy::action("set the clocks of the machines that Tomcat runs on");
        vec![Violation::new(Severity::Warning, &facts.names.last_access, message, remedy)]
    },
    why: "Tomcat writes its own clock's time. A session from the future expires too late by as much, and Tomcats whose \
          clocks differ expire each other's sessions too early.",
    source: "StandardSession.endAccess: System.currentTimeMillis; StoreBase.processExpires",
};

pub(super) const NEVER_EXPIRING: Rule = Rule {
    id: "rows.never-expiring",
    judge: |facts| {
        let count = facts.rows.known().map_or(0, |rows| rows.never_expiring);
        if count == 0 {
            return Vec::new();
        }
        let message =
            format!("{} never to expire; Tomcat 9.0.70 and 11.0.24 destroy such, 10.1.60 keeps them", meant(count));
        let remedy = Remedy::action("see that Tomcat is 10.1.60 or later, or give those sessions a time-out");
        vec![Violation::new(Severity::Note, &facts.names.max_inactive, message, remedy)]
    },
    why: "max_inactive of zero or below means never. Tomcat's query for what is expired has them all, and versions before \
          the fix destroy them at the first background pass after they are stored. `expire` leaves them alone.",
    source: "DataSourceStore.expiredKeys and StoreBase.processExpires; seen on Tomcat 9.0.70, 10.1.60 and 11.0.24",
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

fn meant(n: u64) -> String {
    format!("{} {} meant", sessions(n), if n == 1 { "is" } else { "are" })
}
