//! Connects and logs in to a MySQL or MariaDB server.

use sqlx::ConnectOptions;
use sqlx::Connection as _;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlSslMode};

use super::local_proxy::LocalProxy;
use super::{error, login_proxy, tls_proxy};
use crate::engine::url_parameters::Tls;
use crate::engine::{DbError, Target};

/// Connects and logs in, with TLS according to `tls`; through a proxy if the driver cannot do it itself.
pub(super) async fn connect(target: &Target, tls: Tls) -> Result<MySqlConnection, DbError> {
    let mode = match tls {
        Tls::Disabled => MySqlSslMode::Disabled,
        // The proxy checks the certificate instead of the driver.
        Tls::Required | Tls::VerifyCa => MySqlSslMode::Required,
        // If the URL names an authority, it is used.
        Tls::Tried if target.accepts_any_certificate && !target.params.contains_key("ssl-ca") => {
            MySqlSslMode::Preferred
        }
        Tls::Tried | Tls::VerifyIdentity => MySqlSslMode::VerifyIdentity,
    };
    let mut options = MySqlConnectOptions::new()
        .host(&target.host)
        .port(target.port)
        .username(target.user.as_deref().unwrap_or("root"))
        .ssl_mode(mode)
        .disable_statement_logging()
        // The mode is set to a constant immediately afterwards: proxies that track SET can only read constants.
        .pipes_as_concat(false)
        .no_engine_substitution(false);
    if target.password.is_some() {
        options = options.password(target.password());
    }
    if let Some(database) = &target.database {
        options = options.database(database);
    }
    if tls == Tls::VerifyCa {
        let proxy = tls_proxy::start(target)?;
        return by_proxy(&options, &proxy).await.map_err(|e| proxy.error().unwrap_or_else(|| error::map(e)));
    }
    for (name, value) in &target.params {
        options = match *name {
            "ssl-ca" => options.ssl_ca(value),
            "ssl-cert" => options.ssl_client_cert(value),
            "ssl-key" => options.ssl_client_key(value),
            "socket" => options.socket(value),
            _ => options,
        };
    }
    let in_clear = matches!(mode, MySqlSslMode::Disabled | MySqlSslMode::Preferred) && !target.password().is_empty();
    if in_clear
        && login_proxy::is_needed(target)
        && let Some(done) = with_new_salt(target, &options, mode).await
    {
        return done;
    }
    match MySqlConnection::connect_with(&options).await {
        Err(e) if in_clear && login_proxy::may_help(&e) => {
            with_new_salt(target, &options, mode).await.unwrap_or_else(|| Err(error::map(e)))
        }
        done => done.map_err(error::map),
    }
}

/// Connects to the proxy instead of the server.
async fn by_proxy(options: &MySqlConnectOptions, proxy: &LocalProxy) -> Result<MySqlConnection, sqlx::Error> {
    MySqlConnection::connect_with(&options.clone().host("localhost").socket(proxy.socket())).await
}

/// Logs in without TLS to a server that changes its salt; `None` if the server does not change it.
async fn with_new_salt(
    target: &Target,
    options: &MySqlConnectOptions,
    mode: MySqlSslMode,
) -> Option<Result<MySqlConnection, DbError>> {
    let proxy = match login_proxy::start(target, matches!(mode, MySqlSslMode::Preferred)) {
        Ok(proxy) => proxy,
        Err(error) => return Some(Err(error)),
    };
    match by_proxy(&options.clone().ssl_mode(MySqlSslMode::Disabled), &proxy).await {
        Ok(connection) => {
            login_proxy::remember(target);
            Some(Ok(connection))
        }
        Err(_) if proxy.error().is_some() => None,
        Err(e) => Some(Err(error::map(e))),
    }
}
