//! SQL Server's error numbers in our vocabulary
//! (<https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors>).

use tiberius::error::Error;

use crate::engine::{DbError, DbErrorKind};

pub(super) fn map(error: Error) -> DbError {
    match error {
        Error::Server(token) => {
            let kind = kind(token.code(), token.message());
            let message = match kind {
                // The message repeats the key, which is a session id.
                DbErrorKind::Duplicate => "a session with this key is there already".to_owned(),
                _ => token.message().to_owned(),
            };
            DbError::new(kind, token.code().to_string(), message)
        }
        Error::Tls(message) => {
            // What follows is advice to whoever calls the driver.
            let said = message.split(" To connect anyway").next().unwrap_or_default();
            DbError::new(DbErrorKind::Tls, "", said.trim_end_matches('.'))
        }
        Error::Io { message, .. } if message.contains("certificate") || message.contains("fatal alert") => {
            DbError::new(DbErrorKind::Tls, "", message)
        }
        Error::Io { message, .. } => DbError::new(DbErrorKind::Unreachable, "", message),
        Error::Protocol(message) => {
            DbError::new(DbErrorKind::Unreachable, "", format!("the answer is not TDS: {message}"))
        }
        Error::Routing { host, port } => DbError::new(
            DbErrorKind::Unreachable,
            "",
            format!("the server sends us to {host}:{port}: name that one in the URL"),
        ),
        other => DbError::other(other.to_string()),
    }
}

fn kind(code: u32, message: &str) -> DbErrorKind {
    match code {
        // login failed; untrusted domain; account disabled, locked, or its password expired
        18456 | 18452 | 18470 | 18486 | 18487 | 18488 => DbErrorKind::Auth,
        // no permission on an object, in a database, to create one, on the server; not allowed to use the database
        229 | 230 | 262 | 297 | 300 | 916 | 15151 | 15247 => DbErrorKind::Denied,
        4060 | 911 => DbErrorKind::NoDatabase,
        208 | 3701 | 4902 => DbErrorKind::NoTable,
        207 => DbErrorKind::NoColumn,
        2627 | 2601 => DbErrorKind::Duplicate,
        // too short, too simple, refused by a filter, expired at once
        15113..=15119 => DbErrorKind::Policy,
        // deadlock, lock time-out, snapshot conflict
        1205 | 1222 | 3960 => DbErrorKind::Retryable,
        // data would be truncated; row too long; too many parameters
        8152 | 2628 | 511 | 1701 => DbErrorKind::TooLarge,
        // read-only database, full disk or log
        3906 | 3908 | 1105 | 9002 => DbErrorKind::ReadOnly,
        // shutdown, a KILL, not enough of something, Azure's throttling and failover
        596 | 6005 | 17142 | 40197 | 40501 | 40613 | 49918 => DbErrorKind::Unreachable,
        _ => by_text(message),
    }
}

/// Babelfish gives most of PostgreSQL's errors one number of its own, and PostgreSQL's text.
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
            (3906, ReadOnly),
            (1105, ReadOnly),
            (9002, ReadOnly),
            (596, Unreachable),
            (40613, Unreachable),
            (8115, Other),
            (102, Other),
        ] {
            assert_eq!(kind(code, "a message in any language"), expected, "{code}");
        }
    }

    /// Babelfish's own number stands for many things, its text for one.
    #[test]
    fn texts_of_a_number_that_says_nothing() {
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
    fn the_way_to_the_server() {
        let io = |text: &str| Error::Io { kind: std::io::ErrorKind::Other, message: text.to_owned() };
        assert_eq!(map(Error::Tls("handshake failure".to_owned())).kind, DbErrorKind::Tls);
        assert_eq!(map(io("invalid peer certificate: UnknownIssuer")).kind, DbErrorKind::Tls);
        assert_eq!(map(io("received fatal alert: HandshakeFailure")).kind, DbErrorKind::Tls);
        assert_eq!(map(io("connection reset by peer")).kind, DbErrorKind::Unreachable);
        assert_eq!(map(Error::Protocol("invalid packet type 72".into())).kind, DbErrorKind::Unreachable);
        let advised = map(Error::Tls("rejected: UnknownIssuer. To connect anyway you can: call it so".to_owned()));
        assert_eq!(advised.message, "rejected: UnknownIssuer");
        let routed = map(Error::Routing { host: "replica".to_owned(), port: 1444 });
        assert_eq!(routed.kind, DbErrorKind::Unreachable);
        assert!(routed.message.contains("replica:1444"), "{}", routed.message);
    }
}
