//! Maps SQLSTATEs to error kinds (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).

use crate::engine::{DbError, DbErrorKind};

pub(super) fn map(error: sqlx::Error) -> DbError {
    match error {
        sqlx::Error::Database(db) => {
            let state = db.code().unwrap_or_default().into_owned();
            let kind = kind(&state);
            let message = match kind {
                // The detail of the server's error, which is not in this message, contains the key, and so the session
                // id.
                DbErrorKind::Duplicate => "a session with this key already exists".to_owned(),
                _ => db.message().to_owned(),
            };
            DbError::new(kind, state, message)
        }
        sqlx::Error::Tls(e) => DbError::new(DbErrorKind::Tls, "", e.to_string()),
        sqlx::Error::Io(e) if e.to_string().contains("certificate") => {
            DbError::new(DbErrorKind::Tls, "", e.to_string())
        }
        sqlx::Error::Io(e) => DbError::new(DbErrorKind::Unreachable, "", e.to_string()),
        sqlx::Error::Protocol(e) => {
            DbError::new(DbErrorKind::Unreachable, "", format!("the answer is not PostgreSQL's protocol: {e}"))
        }
        e => DbError::other(e.to_string()),
    }
}

/// Tells whether the server accepts no further connection, because of a limit of the account, of the database or of the
/// server.
pub(super) fn is_full(error: &DbError) -> bool {
    error.code == "53300"
}

fn kind(state: &str) -> DbErrorKind {
    match state {
        // the account or its password is wrong, or pg_hba.conf has no matching line
        "28000" | "28P01" => DbErrorKind::Auth,
        "42501" => DbErrorKind::Denied,
        "3D000" => DbErrorKind::NoDatabase,
        // a table or its schema does not exist
        "42P01" | "3F000" => DbErrorKind::NoTable,
        "42703" => DbErrorKind::NoColumn,
        "23505" => DbErrorKind::Duplicate,
        // a database, a role, a table or an index already exists, or was created concurrently
        "42P04" | "42710" | "42P07" => DbErrorKind::Exists,
        // serialization failure, deadlock, lock_timeout or NOWAIT; a template database in use
        "40001" | "40P01" | "55P03" | "55006" => DbErrorKind::Retryable,
        "57014" => DbErrorKind::Timeout,
        // too long for its column; beyond a limit of the server for a statement or an index
        "22001" | "54000" => DbErrorKind::TooLarge,
        "25006" => DbErrorKind::ReadOnly,
        "53100" => DbErrorKind::NoSpace,
        // too many connections; shutdown, crash or recovery; idle session timeout
        "53300" | "57P01" | "57P02" | "57P03" | "57P04" | "57P05" | "25P03" => DbErrorKind::Unreachable,
        _ if state.starts_with("08") => DbErrorKind::Unreachable,
        _ => DbErrorKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states() {
        use DbErrorKind::*;
        for (state, expected) in [
            ("28P01", Auth),
            ("28000", Auth),
            ("42501", Denied),
            ("3D000", NoDatabase),
            ("42P01", NoTable),
            ("3F000", NoTable),
            ("42703", NoColumn),
            ("23505", Duplicate),
            ("42P04", Exists),
            ("42710", Exists),
            ("42P07", Exists),
            ("40P01", Retryable),
            ("55P03", Retryable),
            ("57014", Timeout),
            ("22001", TooLarge),
            ("54000", TooLarge),
            ("25006", ReadOnly),
            ("53100", NoSpace),
            ("53300", Unreachable),
            ("57P01", Unreachable),
            ("57P03", Unreachable),
            ("08006", Unreachable),
            ("25P02", Other),
            ("22003", Other),
            ("42601", Other),
        ] {
            assert_eq!(kind(state), expected, "{state}");
        }
    }
}
