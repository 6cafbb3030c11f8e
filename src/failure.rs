//! What went wrong, what to type next, and the exit code that says it to a script.

use std::fmt;

use crate::archive::DecodeErrorKind;
use crate::catalina::ConfigError;
use crate::endpoint::EndpointError;
use crate::finding::Severity;
use crate::jmx::{NodeError, NodeErrorKind};
use crate::nearest::among;
use crate::spill::SpillError;
use crate::store::{COLUMNS, Cause, DbErrorKind, Signal, StoreError, UrlError};

/// Done, also when nothing matched.
pub const DONE: u8 = 0;
/// Failed.
pub const FAILED: u8 = 1;
/// Wrong usage.
pub const USAGE: u8 = 2;
/// Partly done, or stopped by a limit that the user set.
pub const PARTLY: u8 = 3;
/// Differences or findings.
pub const FINDINGS: u8 = 4;
/// The database, or a Tomcat's Manager, cannot be reached or refuses the login.
pub const UNREACHABLE: u8 = 10;
/// The session table is missing or has the wrong shape.
pub const NO_TABLE: u8 = 11;
/// Another run holds the store's lock.
pub const LOCKED: u8 = 12;
/// Interrupted by SIGINT.
pub const INTERRUPTED: u8 = 130;
/// Ended by SIGTERM.
pub const TERMINATED: u8 = 143;

/// The table of exit codes, as it stands in the README and the man page.
pub const EXIT_CODES: &[(u8, &str)] = &[
    (DONE, "done (also when nothing matched)"),
    (FAILED, "failed"),
    (USAGE, "wrong usage"),
    (PARTLY, "partly done, or stopped by a limit that the user set (--max-time, --max-rows)"),
    (FINDINGS, "differences (verify, migrate), or findings (audit, tomcat lint, check --strict)"),
    (UNREACHABLE, "cannot reach the database, or a Manager, or log in to it"),
    (NO_TABLE, "the session table is missing or has the wrong shape"),
    (LOCKED, "another run holds the store's lock"),
    (INTERRUPTED, "interrupted: the batch in hand was finished, and the summary printed"),
    (TERMINATED, "terminated: likewise"),
];

/// A command's failure. Neither message nor hints ever hold a password or a whole session id.
#[derive(Debug)]
pub struct Failure {
    pub code: u8,
    /// The message and what caused it, outermost first.
    pub error: anyhow::Error,
    /// What to type or look at next.
    pub hints: Vec<String>,
    /// Ends without a word: the reader of our output has gone.
    pub silent: bool,
}

impl Failure {
    pub fn new(code: u8, message: impl fmt::Display + fmt::Debug + Send + Sync + 'static) -> Failure {
        Failure { code, error: anyhow::Error::msg(message), hints: Vec::new(), silent: false }
    }

    /// The arguments contradict each other, or one of them cannot be used.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure::new(USAGE, message.into())
    }

    pub fn failed(message: impl Into<String>) -> Failure {
        Failure::new(FAILED, message.into())
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hints.push(hint.into());
        self
    }
}

impl From<std::io::Error> for Failure {
    /// A failure to print: the only I/O that commands leave to `?`.
    fn from(error: std::io::Error) -> Failure {
        let silent = error.kind() == std::io::ErrorKind::BrokenPipe;
        let code = if silent { DONE } else { FAILED };
        Failure { silent, ..Failure::new(code, format!("cannot write the output: {error}")) }
    }
}

impl From<EndpointError> for Failure {
    fn from(error: EndpointError) -> Failure {
        let silent = error.is_broken_pipe();
        let code = if silent { DONE } else { FAILED };
        let failure = Failure { silent, ..Failure::new(code, error.to_string()) };
        match error {
            EndpointError::ForeignLink(_) => {
                failure.hint("name the file itself, in a directory that only you can write")
            }
            EndpointError::LikeUrl(_) => {
                let usage = Failure { code: USAGE, ..failure };
                usage
                    .hint("a store's URL begins with mysql://, mariadb://, mssql://, sqlite: or jdbc:")
                    .hint("a file of such a name is written ./NAME, without `:` before `@`")
            }
            EndpointError::NoFile(_) => failure.hint("`-` writes to stdout, which can be sent anywhere"),
            EndpointError::Exists(_) => failure.hint("--force overwrites it"),
            EndpointError::Encrypted { .. } => failure.hint("--identity FILE names the file with the secret key"),
            EndpointError::Archive { fault, .. } if fault.kind != DecodeErrorKind::Foreign => {
                failure.hint("--allow-truncated takes what is intact, and says what is not")
            }
            _ => failure,
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(trouble: ConfigError) -> Failure {
        let failure = Failure::usage(trouble.to_string());
        trouble.hints.into_iter().fold(failure, Failure::hint)
    }
}

impl From<UrlError> for Failure {
    fn from(error: UrlError) -> Failure {
        Failure::usage(error.message).hint(error.hint)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        let failure = Failure::new(code(&error), error.to_string());
        hints(&error).into_iter().fold(failure, Failure::hint)
    }
}

impl From<SpillError> for Failure {
    fn from(error: SpillError) -> Failure {
        StoreError::from(error).into()
    }
}

impl From<NodeError> for Failure {
    fn from(error: NodeError) -> Failure {
        let code = if error.kind.is_of_the_node() { UNREACHABLE } else { FAILED };
        let hint = hint_of_node(&error.kind);
        let failure = Failure::new(code, error.to_string());
        hint.into_iter().fold(failure, Failure::hint)
    }
}

/// What to try when a Manager does not do what it was asked.
fn hint_of_node(kind: &NodeErrorKind) -> Option<&'static str> {
    Some(match kind {
        NodeErrorKind::Unreachable(_) => {
            "is Tomcat running, and are host, port and http or https those of its connector?"
        }
        NodeErrorKind::Timeout => "--manager-timeout waits longer",
        NodeErrorKind::Tls(_) => "--manager-ca FILE names the authority that signed the certificate",
        NodeErrorKind::Login => {
            "the user stands in the URL (https://user@host:8443/manager), the password in --manager-password-file or TOMCAT_SESSIONS_MANAGER_PASSWORD"
        }
        NodeErrorKind::Forbidden => {
            "the user needs the role manager-jmx, and the RemoteAddrValve of the webapp's META-INF/context.xml may keep this machine out"
        }
        NodeErrorKind::NoManager => {
            "is the Manager webapp deployed there? Debian has it in tomcat10-admin; another path goes into the URL"
        }
        NodeErrorKind::Status(301..=399) => {
            "it sends elsewhere, to https perhaps; redirects are not followed, since they would take the password along"
        }
        NodeErrorKind::Status(_) => "Tomcat's log says more",
        NodeErrorKind::Foreign => "the URL must be that of the Manager webapp itself: https://user@host:8443/manager",
        NodeErrorKind::Jmx(_) => "Tomcat's log says more; `tomcat-sessions tomcat status` shows what is served there",
        NodeErrorKind::Unaskable => return None,
    })
}

/// The exit code of an inspection whose gravest finding is `worst`; `strict` minds warnings too.
pub fn code_of_findings(worst: Option<Severity>, strict: bool) -> u8 {
    match worst {
        Some(Severity::Error) => NO_TABLE,
        Some(Severity::Warning) if strict => FINDINGS,
        _ => DONE,
    }
}

/// The exit code of what was stopped before its end.
pub fn code_of_cause(cause: Cause) -> u8 {
    match cause {
        Cause::Signal(Signal::Interrupt) => INTERRUPTED,
        Cause::Signal(Signal::Terminate) => TERMINATED,
        Cause::MaxTime => PARTLY,
    }
}

fn code(error: &StoreError) -> u8 {
    if let Some(DbErrorKind::Stopped(cause)) = error.kind() {
        return code_of_cause(cause);
    }
    match error {
        StoreError::Connect { error, .. } if error.kind == DbErrorKind::NoTable => NO_TABLE,
        StoreError::Connect { .. } => UNREACHABLE,
        StoreError::NoTable { .. }
        | StoreError::NoSwapTable { .. }
        | StoreError::NoLease { .. }
        | StoreError::WrongShape { .. } => NO_TABLE,
        StoreError::Name(_) | StoreError::UnknownColumn(_) => USAGE,
        StoreError::Locked { .. } | StoreError::Leased { .. } => LOCKED,
        StoreError::LeaseLost { .. } => PARTLY,
        StoreError::Conflict { .. } | StoreError::Unkeepable { .. } => FAILED,
        StoreError::Stale { .. } | StoreError::Replica { .. } | StoreError::Secondary { .. } => FAILED,
        StoreError::NotAdministrator { .. } | StoreError::Notes(_) => FAILED,
        StoreError::Db { error, .. } => match error.kind {
            DbErrorKind::Unreachable
            | DbErrorKind::Broken
            | DbErrorKind::NoQuorum
            | DbErrorKind::Auth
            | DbErrorKind::NoDatabase
            | DbErrorKind::Tls => UNREACHABLE,
            DbErrorKind::NoTable | DbErrorKind::NoColumn => NO_TABLE,
            DbErrorKind::LockLost => PARTLY,
            _ => FAILED,
        },
    }
}

fn hints(error: &StoreError) -> Vec<String> {
    let texts: &[&str] = match error {
        StoreError::Connect { error, dialect, given, .. } => {
            let own: &[&str] = match error.kind {
                DbErrorKind::Timeout => {
                    let waits = dialect.hints.timeout;
                    return vec![format!("is a firewall between here and there? {waits} in the URL waits longer")];
                }
                DbErrorKind::Auth => dialect.hints.auth,
                DbErrorKind::NoDatabase => dialect.hints.no_database,
                DbErrorKind::Tls => dialect.hints.tls,
                _ => &[],
            };
            // An authority that was given is not what is missing.
            let authority =
                |hint: &str| ["ssl-ca", "serverCertificate"].into_iter().find(|name| hint.starts_with(name));
            let new = |hint: &&&str| authority(hint).is_none_or(|name| !given.contains(&name));
            let wrong_name = error.kind == DbErrorKind::Tls && error.message.contains("not valid for name");
            let by_name = wrong_name.then_some(dialect.hints.wrong_name);
            let all = of_kind(error.kind).iter().chain(by_name.as_ref()).chain(own).filter(new);
            return all.map(|&hint| hint.to_owned()).collect();
        }
        StoreError::Db { error, .. } => of_kind(error.kind),
        StoreError::NotAdministrator { .. } => &[
            "--url must name an administrator, who may create databases and accounts, grant, and read the server's accounts",
            "without --apply the script is printed, for whoever may run it",
        ],
        StoreError::NoSwapTable { .. } => &[
            "`tomcat-sessions init-db --with-swap-table --apply` with an administrator's --url makes it, and so does --create of swap-out where the account may",
            "--swap-table names one that is called otherwise",
        ],
        StoreError::NoLease { .. } => &[
            "`tomcat-sessions init-db --with-lease --apply` with an administrator's --url creates it and grants what a run needs",
        ],
        StoreError::Leased { .. } => {
            &["wait for it with --wait-lock 60s; the lease of a run that was killed ends by itself within 30 s"]
        }
        StoreError::Replica { source, .. } => return vec![format!("name the source in --url: {source}")],
        StoreError::Secondary { primary: Some(primary), .. } => {
            return vec![format!(
                "name the primary in --url: {primary}; with all members in it, separated by commas, the primary is found"
            )];
        }
        StoreError::Secondary { primary: None, .. } => {
            &["name the primary in --url, or all members, separated by commas: the primary is found then"]
        }
        StoreError::Stale { .. } => &[
            "read from the source instead, or wait until the replica has caught up; --max-lag sets how far behind it may be",
            "an account with REPLICATION CLIENT (MariaDB: SLAVE MONITOR) can see the lag; --allow-stale reads what is there",
        ],
        StoreError::LeaseLost { .. } => &["what the summary counts is done; run it again for the rest"],
        StoreError::NoTable { .. } => &[
            "`tomcat-sessions init-db` prints the script that creates it, `tomcat-sessions init-db --apply` runs it",
            "--table and --columns name a table that is called otherwise; one that the account may not read is not seen",
        ],
        StoreError::WrongShape { .. } => &[
            "`tomcat-sessions check` says what is wrong with it and how to mend it",
            "--columns id=…,app=…,data=…,valid=…,max-inactive=…,last-access=… names columns that are called otherwise",
        ],
        StoreError::Name(_) => &[
            "--table takes NAME or DATABASE.NAME (SQL Server: SCHEMA.NAME, DATABASE.SCHEMA.NAME); write a name that holds a dot itself in the engine's quotes",
        ],
        StoreError::UnknownColumn(name) => {
            return vec![format!("{}: --columns id=ID,app=APP", among("columns", name, COLUMNS))];
        }
        StoreError::Conflict { .. } => &[],
        StoreError::Notes(SpillError::Io { .. }) => {
            &["make room there, or name another directory by TMPDIR: 41 bytes a session are enough"]
        }
        StoreError::Notes(SpillError::Alike) => &["--app, --id and the other filters take a part at a time"],
        StoreError::Unkeepable { .. } => &["make the column NVARCHAR, or of a character set that has them all"],
        StoreError::Locked { .. } => {
            &["wait for it with --wait-lock 60s; a lock is given back when its run ends, however it ends"]
        }
    };
    texts.iter().map(|&hint| hint.to_owned()).collect()
}

/// What is the same for every engine.
fn of_kind(kind: DbErrorKind) -> &'static [&'static str] {
    match kind {
        DbErrorKind::Unreachable | DbErrorKind::Broken => {
            &["is the server running, and are host and port those of --url?"]
        }
        DbErrorKind::NoQuorum => &[
            "this member has lost the majority of its cluster or is not in step with it: name another one in --url, or restore the cluster (`SHOW STATUS LIKE 'wsrep_%'`, `SELECT * FROM performance_schema.replication_group_members`)",
        ],
        DbErrorKind::LockLost => &["what the summary counts is done; run it again for the rest"],
        DbErrorKind::BatchTooLarge => &["a smaller --batch makes smaller transactions"],
        DbErrorKind::Auth => {
            &["give the password by --password-file or TOMCAT_SESSIONS_PASSWORD; both beat the one in the URL"]
        }
        DbErrorKind::NoDatabase => &["`tomcat-sessions init-db --apply` with an administrator's --url creates it"],
        DbErrorKind::Denied => {
            &["`tomcat-sessions check` says what this account may not do; Tomcat's own may SELECT, INSERT and DELETE"]
        }
        DbErrorKind::NoTable | DbErrorKind::NoColumn => &["`tomcat-sessions check` says what is wrong with the table"],
        DbErrorKind::ReadOnly => &["use the primary server, or a file and a directory that this user may write"],
        DbErrorKind::NoSpace => &["make room for the database: its disk, its log, or the quota"],
        DbErrorKind::Policy => {
            &["--generate-password makes one that such policies take; --no-password-policy leaves SQL Server's out"]
        }
        DbErrorKind::Exists => &["somebody else has just created it: run it again"],
        DbErrorKind::NoPlan => &["`tomcat-sessions check` says which index the table lacks"],
        DbErrorKind::Retryable => &["run it again: another transaction was in the way"],
        DbErrorKind::TooLarge => {
            &["`tomcat-sessions check` compares the sessions with the limits of server and column"]
        }
        DbErrorKind::Stopped(_)
        | DbErrorKind::Timeout
        | DbErrorKind::Tls
        | DbErrorKind::Duplicate
        | DbErrorKind::Other => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_and_codes() {
        for (worst, lenient, strict) in [
            (None, DONE, DONE),
            (Some(Severity::Note), DONE, DONE),
            (Some(Severity::Warning), DONE, FINDINGS),
            (Some(Severity::Error), NO_TABLE, NO_TABLE),
        ] {
            assert_eq!((code_of_findings(worst, false), code_of_findings(worst, true)), (lenient, strict), "{worst:?}");
        }
    }
}
