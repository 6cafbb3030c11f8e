//! Connects and logs in to a PostgreSQL server.

use std::path::Path;

use sqlx::ConnectOptions;
use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};

use super::error;
use super::url::tls;
use crate::engine::url_parameters::{Tls, require_readable_files};
use crate::engine::{DbError, DbErrorKind, Target};

/// A database that exists on every server, for logins without a database name.
const MAINTENANCE_DATABASE: &str = "postgres";

/// Connects and logs in, with TLS as specified in the URL.
pub(super) async fn connect(target: &Target) -> Result<PgConnection, DbError> {
    let tls = tls(target).map_err(|e| DbError::other(e.message))?;
    require_readable_files(target)?;
    crate::engine::choose_cryptography();
    match log_in(target, tls).await {
        // The server does not support TLS, which is the only error that `Tried` tolerates.
        Err(e) if tls == Tls::Tried && e.kind == DbErrorKind::Tls && e.message.contains("does not support TLS") => {
            log_in(target, Tls::Disabled).await
        }
        opened => opened,
    }
}

async fn log_in(target: &Target, tls: Tls) -> Result<PgConnection, DbError> {
    let socket = target.params.get("socket").map(String::as_str);
    let mode = match tls {
        // PostgreSQL does not use TLS on Unix sockets.
        Tls::Tried if socket.is_some() => PgSslMode::Disable,
        Tls::Disabled => PgSslMode::Disable,
        Tls::Required => PgSslMode::Require,
        // If a certificate authority is given, the certificate must be checked.
        Tls::Tried if target.accepts_any_certificate && !target.params.contains_key("ssl-ca") => PgSslMode::Prefer,
        Tls::Tried | Tls::VerifyIdentity => PgSslMode::VerifyFull,
        Tls::VerifyCa => PgSslMode::VerifyCa,
    };
    // All options are set explicitly, because the driver would otherwise read the environment (PGHOST, PGUSER,
    // PGPASSWORD).
    let mut options = PgConnectOptions::new_without_pgpass()
        .host(&target.host)
        .port(target.port)
        .username(target.user.as_deref().unwrap_or("postgres"))
        .password(target.password())
        .database(target.database.as_deref().unwrap_or(MAINTENANCE_DATABASE))
        .ssl_mode(mode)
        .application_name("tomcat-sessions")
        .extra_float_digits(None)
        .disable_statement_logging();
    for (name, value) in &target.params {
        options = match *name {
            "ssl-ca" => options.ssl_root_cert(value),
            "ssl-cert" => options.ssl_client_cert(value),
            "ssl-key" => options.ssl_client_key(value),
            _ => options,
        };
    }
    if let Some(socket) = socket {
        let (directory, port) = directory_and_port(socket);
        options = options.socket(directory).port(port.unwrap_or(target.port));
    }
    PgConnection::connect_with(&options).await.map_err(error::map)
}

/// The directory of a socket and, if the path is the socket file itself, its port.
fn directory_and_port(socket: &str) -> (&Path, Option<u16>) {
    let path = Path::new(socket);
    let port = path.file_name().and_then(|name| name.to_str()?.strip_prefix(".s.PGSQL.")?.parse().ok());
    match (port, path.parent()) {
        (Some(port), Some(directory)) => (directory, Some(port)),
        _ => (path, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_is_a_directory_or_a_file_in_it() {
        assert_eq!(directory_and_port("/run/pg"), (Path::new("/run/pg"), None));
        assert_eq!(directory_and_port("/run/pg/.s.PGSQL.5433"), (Path::new("/run/pg"), Some(5433)));
    }
}
