//! Maps MySQL's and MariaDB's error numbers
//! (<https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html>).

use rustls::CertificateError;
use sqlx::mysql::MySqlDatabaseError;

use crate::engine::{DbError, DbErrorKind};

pub(super) fn map(error: sqlx::Error) -> DbError {
    match error {
        sqlx::Error::Database(db) => match db.try_downcast_ref::<MySqlDatabaseError>() {
            Some(mysql) => {
                let code = format!("{} ({})", mysql.number(), mysql.code().unwrap_or("HY000"));
                DbError::new(
                    kind(mysql.number(), mysql.message()),
                    code,
                    without_values(mysql.number(), mysql.message()),
                )
            }
            None => DbError::other(db.message().to_owned()),
        },
        sqlx::Error::Tls(e) => DbError::new(DbErrorKind::Tls, "", e.to_string()),
        sqlx::Error::Io(e) => {
            let kind = certificate_error(&e).unwrap_or(DbErrorKind::Unreachable);
            DbError::new(kind, "", e.to_string())
        }
        sqlx::Error::Protocol(e) => {
            DbError::new(DbErrorKind::Unreachable, "", format!("the answer is not MySQL's protocol: {e}"))
        }
        e => DbError::other(e.to_string()),
    }
}

/// The kind of error of a handshake that failed because of the server's certificate; `None` for all other errors.
fn certificate_error(error: &std::io::Error) -> Option<DbErrorKind> {
    match error.get_ref()?.downcast_ref()? {
        rustls::Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => Some(DbErrorKind::CertificateName),
        rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => Some(DbErrorKind::Tls),
        _ => None,
    }
}

/// Interprets a lock wait that timed out. If the statement only `waits` for its node to catch up with the cluster, it
/// is not a row lock: Galera uses the same error number for both (`wsrep_sync_wait`).
pub(super) fn map_lock_timeout(waits: bool, error: DbError) -> DbError {
    if !waits || !error.code.starts_with("1205 ") {
        return error;
    }
    DbError { kind: DbErrorKind::NoQuorum, message: "this node does not catch up with its cluster".to_owned(), ..error }
}

/// The message of a duplicate key contains the key, which is a session id.
fn without_values(number: u16, message: &str) -> String {
    if number == 1062 {
        return "a session with this key already exists".to_owned();
    }
    message.to_owned()
}

/// Tells whether the server, or a limit of this account, allows no further connection.
pub(super) fn is_full(error: &DbError) -> bool {
    ["1040 ", "1203 ", "1226 "].iter().any(|number| error.code.starts_with(number))
}

fn kind(number: u16, message: &str) -> DbErrorKind {
    match number {
        // Galera reports at COMMIT that the node has left its cluster, or that the transaction is too large;
        // https://galeracluster.com/library/documentation/mysql-wsrep-options.html, wsrep_max_ws_size and _rows.
        1105 | 1180 if message.contains("Primary Component") => DbErrorKind::NoQuorum,
        1105 | 1180 if ["writeset", "wsrep_max_ws"].iter().any(|part| message.to_lowercase().contains(part)) => {
            DbErrorKind::BatchTooLarge
        }
        // A group reports at COMMIT that another member's transaction was first, with InnoDB's internal number of a
        // deadlock.
        1180 if message.contains(" 149 ") => DbErrorKind::Retryable,
        1047 => DbErrorKind::NoQuorum,
        // At COMMIT, a group refuses transactions above group_replication_transaction_size_limit.
        3100 => DbErrorKind::BatchTooLarge,
        // access denied; plug-ins missing; password expired or to be changed; locked; host blocked or not allowed
        1045 | 1698 | 1251 | 1524 | 2059 | 1820 | 1862 | 3118 | 1129 | 1130 => DbErrorKind::Auth,
        // for a database, a table, a column, a routine; or a privilege is missing
        1044 | 1142 | 1143 | 1227 | 1370 | 1410 => DbErrorKind::Denied,
        1049 | 1046 => DbErrorKind::NoDatabase,
        1146 | 1932 => DbErrorKind::NoTable,
        1054 => DbErrorKind::NoColumn,
        1062 | 1586 => DbErrorKind::Duplicate,
        // lock wait, deadlock, record changed since (MariaDB), NOWAIT, certification failure of a group (Galera's is a deadlock)
        1205 | 1213 | 1020 | 3572 | 3101 => DbErrorKind::Retryable,
        // too many connections, shutdown in progress, killed, gone away
        1040 | 1203 | 1226 | 1053 | 1077 | 1927 | 2006 | 2013 | 4031 => DbErrorKind::Unreachable,
        // packet, data, row or parameter too long
        1153 | 1406 | 1118 | 2020 => DbErrorKind::TooLarge,
        // --read-only, --super-read-only, a read-only transaction, schema or table
        1290 | 1792 | 1836 | 3989 | 1036 => DbErrorKind::ReadOnly,
        1021 | 1114 => DbErrorKind::NoSpace,
        1819 => DbErrorKind::Policy,
        3024 | 1969 | 1317 => DbErrorKind::Timeout,
        3159 => DbErrorKind::Tls,
        _ => DbErrorKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commit_errors_by_number() {
        for (message, expected) in [
            ("Got error 149 - 'Lock deadlock; Retry transaction' during COMMIT", DbErrorKind::Retryable),
            ("Got error 6 \"Not connected to Primary Component\" during COMMIT", DbErrorKind::NoQuorum),
            ("wsrep_max_ws_rows exceeded", DbErrorKind::BatchTooLarge),
            ("Got error 28 during COMMIT", DbErrorKind::Other),
        ] {
            assert_eq!(kind(1180, message), expected, "{message}");
        }
    }
}
