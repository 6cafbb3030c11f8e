//! Failures of commands: message, hints and exit code.

use std::fmt;

use crate::archive::DecodeErrorKind;
use crate::catalina::ConfigError;
use crate::endpoint::EndpointError;
use crate::finding::Severity;
use crate::jmx::{NodeError, NodeErrorKind};
use crate::spillable_map::SpillError;
use crate::store::{COLUMNS, Cause, DbError, DbErrorKind, Signal, StoreError, USE_PRIMARY, UrlError, url_schemes};
use crate::suggestion::among;

/// Success, also if nothing matched.
pub const DONE: u8 = 0;
/// Failure.
pub const FAILED: u8 = 1;
/// Usage error.
pub const USAGE: u8 = 2;
/// Partly done, or stopped by a limit that the user set.
pub const PARTLY: u8 = 3;
/// Differences or findings.
pub const FINDINGS: u8 = 4;
/// The database, or a Tomcat's Manager, cannot be reached or refuses the login.
pub const UNREACHABLE: u8 = 10;
/// A required table is missing or has the wrong structure.
pub const NO_TABLE: u8 = 11;
/// Another run holds the store's lock.
pub const LOCKED: u8 = 12;
/// Interrupted by SIGINT.
pub const INTERRUPTED: u8 = 130;
/// Terminated by SIGTERM.
pub const TERMINATED: u8 = 143;

/// The table of exit codes, as in the README and the man page.
pub const EXIT_CODES: &[(u8, &str)] = &[
    (DONE, "done (including when nothing matched)"),
    (FAILED, "failed"),
    (USAGE, "usage error"),
    (PARTLY, "partially completed, or stopped by a limit (--max-time, --max-rows)"),
    (
        FINDINGS,
        "differences (verify, migrate), or findings (audit, tomcat lint, and check with --strict or --context-xml)",
    ),
    (UNREACHABLE, "cannot connect or log in to the database or to a Tomcat's Manager application"),
    (NO_TABLE, "a required table is missing or has the wrong structure"),
    (LOCKED, "another run holds the store's lock, or is using the same state file"),
    (INTERRUPTED, "interrupted by SIGINT: the current batch was finished or rolled back, and the summary printed"),
    (TERMINATED, "terminated by SIGTERM, otherwise as for 130"),
];

/// The failure of a command. Neither message nor hints contain a password or a complete session id.
#[derive(Debug)]
pub struct Failure {
    pub code: u8,
    /// The message and its causes, outermost first.
    pub error: anyhow::Error,
    /// Instructions for the user. If the command does not have an option that a hint names, the hint is not printed.
    pub hints: Vec<String>,
    /// Print nothing: the reader of our output has closed the pipe.
    pub silent: bool,
}

impl Failure {
    pub fn new(code: u8, message: impl fmt::Display + fmt::Debug + Send + Sync + 'static) -> Failure {
        Failure { code, error: anyhow::Error::msg(message), hints: Vec::new(), silent: false }
    }

    /// A usage error: arguments contradict each other, or one of them is invalid.
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
    /// A failure to print, which is the only I/O error that commands pass on with `?`.
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
                failure.hint("use the file itself, in a directory that only you can write to")
            }
            EndpointError::LikeUrl(_) => {
                let usage = Failure { code: USAGE, ..failure };
                usage
                    .hint(format!("a store's URL starts with one of {}:", url_schemes().join(":, ")))
                    .hint("if it is a file, rename it: a `:` before an `@`, or text such as `password=`, looks like a URL with a password")
            }
            EndpointError::NoFile(_) => failure.hint("use `-` to write to stdout, and redirect it"),
            EndpointError::Exists(_) => failure.hint("use --force to overwrite it"),
            EndpointError::Encrypted { .. } => failure.hint("use --identity FILE, the file with the secret key"),
            EndpointError::Archive { fault, .. } => match fault.kind {
                DecodeErrorKind::Foreign => failure.hint(
                    "use a file that `tomcat-sessions export` wrote, or filestore:DIR for the directory of a FileStore",
                ),
                DecodeErrorKind::Version => failure,
                DecodeErrorKind::Damaged | DecodeErrorKind::Truncated | DecodeErrorKind::Trailer => {
                    failure.hint(
                        "`tomcat-sessions import --allow-truncated FILE` imports the intact sessions and reports the damaged ones",
                    )
                }
            },
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
        let code = if error.kind.concerns_node() { UNREACHABLE } else { FAILED };
        let hint = hint_of_node(&error.kind);
        let failure = Failure::new(code, error.to_string());
        hint.into_iter().fold(failure, Failure::hint)
    }
}

/// The hint for an error of a Manager.
fn hint_of_node(kind: &NodeErrorKind) -> Option<&'static str> {
    Some(match kind {
        NodeErrorKind::Unreachable(_) => {
            "check that Tomcat is running, and that host, port and http or https match its connector"
        }
        NodeErrorKind::Timeout => "use --manager-timeout to wait longer",
        NodeErrorKind::Tls(_) => "use --manager-ca FILE with the certificate of the authority that signed the server's",
        NodeErrorKind::Login => {
            "put the user into the URL (https://user@host:8443/manager) or --manager-user, and the password into --manager-password-file or TOMCAT_SESSIONS_MANAGER_PASSWORD"
        }
        NodeErrorKind::Forbidden => {
            "the user needs the role manager-jmx; the RemoteAddrValve in the META-INF/context.xml of the Manager application may block this machine"
        }
        NodeErrorKind::NoManager => {
            "check that the Manager application is deployed (on Debian: tomcat10-admin); if its path differs, put the path into the URL"
        }
        NodeErrorKind::Status(301..=399) => {
            "the server sends a redirect, perhaps to https; redirects are not followed, because they would forward the password"
        }
        NodeErrorKind::Status(_) => "see Tomcat's log",
        NodeErrorKind::Foreign => "use the URL of the Manager application itself: https://user@host:8443/manager",
        NodeErrorKind::Jmx(_) => "see Tomcat's log; `tomcat-sessions tomcat status` lists the applications",
        NodeErrorKind::UnsupportedArgument => return None,
    })
}

/// The exit code of an inspection with `worst` as its most severe finding; `strict` includes warnings.
pub fn code_of_findings(worst: Option<Severity>, strict: bool) -> u8 {
    match worst {
        Some(Severity::Error) => NO_TABLE,
        Some(Severity::Warning) if strict => FINDINGS,
        _ => DONE,
    }
}

/// The exit code of work that was stopped early.
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
        StoreError::Conflict { .. } | StoreError::UnsupportedKey { .. } => FAILED,
        StoreError::Stale { .. } | StoreError::Replica { .. } | StoreError::Secondary { .. } => FAILED,
        StoreError::NotAdministrator { .. } | StoreError::Spill(_) => FAILED,
        StoreError::Db { error, .. } => match error.kind {
            DbErrorKind::Unreachable
            | DbErrorKind::Broken
            | DbErrorKind::NoQuorum
            | DbErrorKind::SharedSession
            | DbErrorKind::Auth
            | DbErrorKind::NoDatabase
            | DbErrorKind::Tls
            | DbErrorKind::CertificateName => UNREACHABLE,
            DbErrorKind::NoTable | DbErrorKind::NoColumn => NO_TABLE,
            DbErrorKind::LockLost => PARTLY,
            _ => FAILED,
        },
    }
}

fn hints(error: &StoreError) -> Vec<String> {
    let texts: &[&str] = match error {
        StoreError::Connect { error, dialect, given, with_password, .. } => {
            let own: &[&str] = match error.kind {
                DbErrorKind::Timeout => {
                    let waits = dialect.hints.timeout;
                    return vec![format!(
                        "check for a firewall between the two machines; increase {waits} in the URL to wait longer"
                    )];
                }
                DbErrorKind::Auth if *with_password => dialect.hints.refused_password,
                DbErrorKind::Auth => dialect.hints.auth,
                DbErrorKind::NoDatabase => dialect.hints.no_database,
                DbErrorKind::Tls | DbErrorKind::CertificateName => dialect.hints.tls,
                _ => &[],
            };
            // A parameter that was given is not what is missing.
            let added = |hint: &'static str| hint.strip_prefix("add ")?.split_once('=').map(|(name, _)| name);
            let new = |hint: &&&'static str| added(hint).is_none_or(|name| !given.contains(&name));
            let by_name = (error.kind == DbErrorKind::CertificateName).then_some(dialect.hints.wrong_name);
            let all = of_error(error).iter().chain(by_name.as_ref()).chain(own).filter(new);
            return all.map(|&hint| hint.to_owned()).collect();
        }
        StoreError::Db { error, .. } | StoreError::Name(error) => of_error(error),
        StoreError::NotAdministrator { .. } => &[
            "use the --url of an administrator, who may create databases and accounts, grant privileges, and read the server's accounts",
            "without --apply the script is printed; give it to someone who may run it",
        ],
        StoreError::NoSwapTable { .. } => &[
            "`tomcat-sessions init-db --with-swap-table --apply` creates it; on a database server this requires an administrator's --url",
            "`tomcat-sessions swap-out --max-idle 12h --create` creates it before it moves sessions, if the account may create tables",
            "use --swap-table for a table with another name",
        ],
        StoreError::NoLease { .. } => &[
            "`tomcat-sessions init-db --with-lease --apply` with an administrator's --url creates it and grants the privileges for it",
        ],
        StoreError::Leased { .. } => &[
            "wait with --wait-lock 60s",
            "run the command again when the other run has ended; the lease of a killed run ends within 30 s",
        ],
        StoreError::Replica { source: Some(source), .. } => return vec![format!("use the source in --url: {source}")],
        StoreError::Replica { source: None, see_source, .. } => &[USE_PRIMARY, see_source],
        StoreError::Secondary { primary: Some(primary), .. } => {
            return vec![format!(
                "use the primary in --url: {primary}; or list all members, separated by commas, and the primary is selected"
            )];
        }
        StoreError::Secondary { primary: None, .. } => {
            &["use the primary in --url; or list all members, separated by commas, and the primary is selected"]
        }
        StoreError::Stale { hint, .. } => &[
            "read from the primary server, wait until the replica has caught up, or accept a larger lag with --max-lag",
            hint,
            "use --allow-stale to read anyway",
        ],
        StoreError::LeaseLost { .. } => &["the summary counts what was done; run the command again for the rest"],
        StoreError::NoTable { .. } => &[
            "`tomcat-sessions init-db` prints the script that creates it, `tomcat-sessions init-db --apply` runs it",
            "use --table and --columns for other names; a table that the account may not read is not visible",
        ],
        StoreError::WrongShape { .. } => &[
            "`tomcat-sessions check` reports what is wrong, with remedies",
            "use --columns id=…,app=…,data=…,valid=…,max-inactive=…,last-access=… for other column names",
        ],
        StoreError::UnknownColumn(name) => {
            return vec![format!("{}: --columns id=ID,app=APP", among("columns", name, COLUMNS))];
        }
        StoreError::Conflict { .. } => &[
            "use --on-conflict newer, skip or replace to import the other sessions too; the summary counts what was written",
        ],
        StoreError::Spill(SpillError::Io { .. }) => {
            &["free disk space there, or set TMPDIR to another directory; at most 41 bytes per session are needed"]
        }
        StoreError::Spill(SpillError::Alike) => &["use --app, --id and the other filters to process a part at a time"],
        StoreError::UnsupportedKey { hint, .. } => &[hint],
        StoreError::Locked { .. } => &[
            "wait with --wait-lock 60s",
            "run the command again when the other run has ended; it then releases the lock",
        ],
    };
    texts.iter().filter(|hint| !hint.is_empty()).map(|&hint| hint.to_owned()).collect()
}

/// The engine's own hints, or else those for errors of this kind.
fn of_error(error: &DbError) -> &'static [&'static str] {
    match error.hints() {
        [] => of_kind(error.kind),
        own => own,
    }
}

/// Hints that apply to every engine.
fn of_kind(kind: DbErrorKind) -> &'static [&'static str] {
    match kind {
        DbErrorKind::Unreachable | DbErrorKind::Broken => {
            &["check that the server is running, and that host and port in its URL are correct"]
        }
        DbErrorKind::NoQuorum => &[
            "this member has lost the majority of its cluster or is not synchronized: use another one in --url, or restore the cluster",
        ],
        DbErrorKind::SharedSession => &["connect to the server itself, without a connection pool"],
        DbErrorKind::ColumnName => {
            &["--columns id=…,app=…,data=…,valid=…,max-inactive=…,last-access=… names the columns"]
        }
        DbErrorKind::LockLost => &["the summary counts what was done; run the command again for the rest"],
        DbErrorKind::BatchTooLarge => &["use a smaller --batch for smaller transactions"],
        DbErrorKind::Auth => &[
            "set the password with --password-file or TOMCAT_SESSIONS_PASSWORD; both take precedence over a password in --url",
            "for another store than that in --url, use --from-password-file or --to-password-file, which take precedence over a password in its URL",
            "for another store than that in --url, use --other-password-file, which takes precedence over a password in its URL",
        ],
        DbErrorKind::NoDatabase => &["`tomcat-sessions init-db --apply` with an administrator's --url creates it"],
        DbErrorKind::Denied => {
            &["`tomcat-sessions check` reports missing privileges; Tomcat's account needs SELECT, INSERT and DELETE"]
        }
        DbErrorKind::NoTable | DbErrorKind::NoColumn => {
            &["`tomcat-sessions check` reports what is wrong with the table"]
        }
        DbErrorKind::ReadOnly => &[USE_PRIMARY],
        DbErrorKind::NoSpace => &["free disk space on the database server, or increase its log or quota"],
        DbErrorKind::Policy => &["use --generate-password for a password that satisfies the policy"],
        DbErrorKind::Exists => &["another client has just created it: run the command again"],
        DbErrorKind::NoPlan => &["`tomcat-sessions check` reports missing indexes"],
        DbErrorKind::Retryable => &["another transaction was in the way: run the command again"],
        DbErrorKind::TooLarge => {
            &["`tomcat-sessions check` compares the sizes of the sessions with the limits of the server and the column"]
        }
        DbErrorKind::Stopped(_)
        | DbErrorKind::Timeout
        | DbErrorKind::Tls
        | DbErrorKind::CertificateName
        | DbErrorKind::Duplicate
        | DbErrorKind::TableName
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
