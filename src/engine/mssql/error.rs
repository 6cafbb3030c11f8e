//! Maps SQL Server's error numbers
//! (<https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors>).

use tiberius::error::Error;

use crate::engine::{DbError, DbErrorKind};

/// The driver's message if TLS was requested and the server does not offer it, or does not want it.
const ENCRYPTION_REFUSED: &str = "requested encryption level";

/// Errors that Microsoft lists as transient: the client should retry
/// (<https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-errors-issues>).
const TRANSIENT: [&str; 11] =
    ["615", "926", "4221", "10928", "10929", "40197", "40501", "40613", "49918", "49919", "49920"];

/// Tells whether a login that failed with this error may succeed a moment later.
pub(super) fn is_transient(error: &DbError) -> bool {
    TRANSIENT.contains(&error.code.as_str())
}

/// Tells whether TLS may have failed. A server that closes the connection does not report a reason.
pub(super) fn concerns_tls(error: &Error) -> bool {
    match error {
        Error::Tls(_) => true,
        Error::Protocol(message) => message.contains(ENCRYPTION_REFUSED),
        Error::Io { kind, message } => is_of_tls(message) || *kind == std::io::ErrorKind::UnexpectedEof,
        _ => false,
    }
}

fn is_of_tls(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    ["certificate", "fatal alert", "tls handshake"].iter().any(|part| message.contains(part))
}

/// Distinguishes an untrusted certificate from one with another name. tiberius passes rustls' error on only as text.
fn tls(message: String) -> DbError {
    let kind = if message.contains("not valid for name") { DbErrorKind::CertificateName } else { DbErrorKind::Tls };
    DbError::new(kind, "", message)
}

pub(super) fn map(error: Error) -> DbError {
    match error {
        Error::Server(token) => {
            let kind = kind(token.code(), token.message());
            let message = match kind {
                // The message repeats the key, which is a session id.
                DbErrorKind::Duplicate => "a session with this key already exists".to_owned(),
                _ => token.message().to_owned(),
            };
            DbError::new(kind, token.code().to_string(), message)
        }
        Error::Tls(message) => {
            // The rest of the message is advice for the caller of the driver.
            let cause = message.split(" To connect anyway").next().unwrap_or_default();
            tls(cause.trim_end_matches('.').to_owned())
        }
        Error::Protocol(message) if message.contains(ENCRYPTION_REFUSED) => {
            DbError::new(DbErrorKind::Tls, "", "the server offers no TLS")
        }
        Error::Io { message, .. } if is_of_tls(&message) => tls(message),
        Error::Io { message, .. } => DbError::new(DbErrorKind::Unreachable, "", message),
        Error::Protocol(message) => {
            DbError::new(DbErrorKind::Unreachable, "", format!("the answer is not TDS: {message}"))
        }
        other => DbError::other(other.to_string()),
    }
}

fn kind(code: u32, message: &str) -> DbErrorKind {
    match code {
        // login failed; untrusted domain; account disabled, locked, or its password expired; not a user of Azure's
        18456 | 18452 | 18470 | 18486 | 18487 | 18488 | 40532 => DbErrorKind::Auth,
        // no permission on an object, in a database, to create one, on the server; not allowed to use the database
        229 | 230 | 262 | 297 | 300 | 916 | 15151 | 15247 => DbErrorKind::Denied,
        4060 | 911 => DbErrorKind::NoDatabase,
        208 | 3701 | 4902 => DbErrorKind::NoTable,
        207 => DbErrorKind::NoColumn,
        2627 | 2601 => DbErrorKind::Duplicate,
        // an object, a database, a login or user of that name
        2714 | 1801 | 15025 | 15023 => DbErrorKind::Exists,
        // no plan that keeps to the statement's hints
        8622 => DbErrorKind::NoPlan,
        // too short, too simple, refused by a filter, expired at once
        15113..=15119 => DbErrorKind::Policy,
        // deadlock, lock timeout, snapshot conflict; no memory for locks, for the query, in time
        1205 | 1222 | 3960 | 1204 | 701 | 8645 => DbErrorKind::Retryable,
        // data would be truncated; row too long; too many parameters
        8152 | 2628 | 511 | 1701 => DbErrorKind::TooLarge,
        3906 | 3908 => DbErrorKind::ReadOnly,
        // full disk, filegroup or log; Azure's quota
        1101 | 1105 | 9002 | 40544 => DbErrorKind::NoSpace,
        // shutdown, a KILL; a database that is not up, or whose replica takes no connections; Azure's throttling and
        // failover, its limits of sessions, its firewall
        596
        | 6005
        | 17142
        | 615
        | 926
        | 927
        | 942
        | 976
        | 978
        | 983
        | 4221
        | 10928
        | 10929
        | 40197
        | 40501
        | 40613
        | 40615
        | 40914
        | 47073
        | 49918..=49920 => DbErrorKind::Unreachable,
        _ => by_text(message),
    }
}

/// Babelfish reports most errors of PostgreSQL with the same number and PostgreSQL's text.
fn by_text(message: &str) -> DbErrorKind {
    let says = |part| message.contains(part);
    if says("canceling statement due to lock timeout") || says("could not serialize access") {
        DbErrorKind::Retryable
    } else if says("relation \"") && says("does not exist") {
        DbErrorKind::NoTable
    } else if says("column \"") && says("does not exist") {
        DbErrorKind::NoColumn
    } else if says("permission denied") || says("does not have permission") {
        DbErrorKind::Denied
    } else if says("database \"") && says("does not exist") || says("Cannot open database") {
        DbErrorKind::NoDatabase
    } else if says("invalid TDS authentication request") {
        DbErrorKind::Auth
    } else {
        DbErrorKind::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        use DbErrorKind::*;
        for (code, expected) in [
            (18456, Auth),
            (18452, Auth),
            (18470, Auth),
            (18486, Auth),
            (18487, Auth),
            (18488, Auth),
            (229, Denied),
            (230, Denied),
            (262, Denied),
            (297, Denied),
            (300, Denied),
            (916, Denied),
            (15151, Denied),
            (15247, Denied),
            (4060, NoDatabase),
            (911, NoDatabase),
            (208, NoTable),
            (4902, NoTable),
            (207, NoColumn),
            (2627, Duplicate),
            (2601, Duplicate),
            (15116, Policy),
            (15118, Policy),
            (1205, Retryable),
            (1222, Retryable),
            (3960, Retryable),
            (8152, TooLarge),
            (2628, TooLarge),
            (511, TooLarge),
            (40532, Auth),
            (2714, Exists),
            (1801, Exists),
            (15025, Exists),
            (8622, NoPlan),
            (1204, Retryable),
            (701, Retryable),
            (8645, Retryable),
            (1101, NoSpace),
            (40544, NoSpace),
            (10928, Unreachable),
            (10929, Unreachable),
            (49919, Unreachable),
            (49920, Unreachable),
            (4221, Unreachable),
            (976, Unreachable),
            (978, Unreachable),
            (983, Unreachable),
            (927, Unreachable),
            (942, Unreachable),
            (40615, Unreachable),
            (40914, Unreachable),
            (47073, Unreachable),
            (3906, ReadOnly),
            (1105, NoSpace),
            (9002, NoSpace),
            (596, Unreachable),
            (40613, Unreachable),
            (8115, Other),
            (102, Other),
        ] {
            assert_eq!(kind(code, "a message in any language"), expected, "{code}");
        }
    }

    /// Babelfish's own number is ambiguous, its text is not.
    #[test]
    fn ambiguous_error_numbers_are_mapped_by_text() {
        use DbErrorKind::*;
        for (text, expected) in [
            ("canceling statement due to lock timeout", Retryable),
            ("could not serialize access due to concurrent update", Retryable),
            ("relation \"tomcat_sessions\" does not exist", NoTable),
            ("column \"app_name\" does not exist", NoColumn),
            ("permission denied for table tomcat_sessions", Denied),
            ("database \"shop\" does not exist", NoDatabase),
            ("Cannot open database \"shop\" requested by the login. The login failed", NoDatabase),
            ("invalid TDS authentication request for host \"::1\", user \"shop\"", Auth),
            ("'sp_tableoption' is not currently supported in Babelfish", Other),
        ] {
            assert_eq!(kind(33_557_097, text), expected, "{text}");
        }
    }

    #[test]
    fn connection_errors_are_mapped() {
        let io = |text: &str| Error::Io { kind: std::io::ErrorKind::Other, message: text.to_owned() };
        assert_eq!(map(Error::Tls("handshake failure".to_owned())).kind, DbErrorKind::Tls);
        assert_eq!(map(io("invalid peer certificate: UnknownIssuer")).kind, DbErrorKind::Tls);
        let other_name = "invalid peer certificate: certificate not valid for name \"db1\"";
        assert_eq!(map(io(other_name)).kind, DbErrorKind::CertificateName);
        assert_eq!(map(io("received fatal alert: HandshakeFailure")).kind, DbErrorKind::Tls);
        assert_eq!(map(io("connection reset by peer")).kind, DbErrorKind::Unreachable);
        assert_eq!(map(Error::Protocol("invalid packet type 72".into())).kind, DbErrorKind::Unreachable);
        let advised = map(Error::Tls("rejected: UnknownIssuer. To connect anyway you can: call it so".to_owned()));
        assert_eq!(advised.message, "rejected: UnknownIssuer");
        // A server of 2012 that supports none of the offered ciphers.
        assert_eq!(map(io("tls handshake eof")).kind, DbErrorKind::Tls);
        let refused = map(Error::Protocol("Server does not allow the requested encryption level.".into()));
        assert_eq!((refused.kind, refused.message.as_str()), (DbErrorKind::Tls, "the server offers no TLS"));
    }
    #[test]
    fn transient_errors_are_recognised() {
        let of = |code: &str| is_transient(&DbError::new(DbErrorKind::Unreachable, code, ""));
        assert!(of("40613") && of("49920") && of("4221"));
        assert!(!of("40615") && !of("18456") && !of(""));
    }
}
