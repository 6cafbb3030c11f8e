//! The account of a MySQL option file (`~/.my.cnf`), as the mysql client reads it. Pure.
//!
//! The rules are those in "Using Option Files" of the MySQL manual: groups in brackets, comments after `#` and `;`, `-`
//! equivalent to `_` in names, spaces around `=`, quotes around values, escapes with backslashes. The last occurrence
//! of an option counts.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::SecretString;

use super::ConfigurationError;

/// The groups for all clients, and those of the mysql and mariadb clients.
const GROUPS: &[&str] = &["client", "client-server", "client-mariadb", "mysql", "mariadb-client"];

/// The options of a client.
#[derive(Debug, Clone, Default)]
pub struct ClientOptions {
    pub user: Option<String>,
    pub password: Option<SecretString>,
    pub host: Option<String>,
    pub port: Option<String>,
    pub socket: Option<String>,
    pub database: Option<String>,
    pub ssl_mode: Option<String>,
    pub ssl_ca: Option<String>,
}

impl ClientOptions {
    /// Parses the text of a file. Other groups and options are ignored.
    ///
    /// # Errors
    /// `!include` and `!includedir` are not supported.
    pub fn parse(text: &str) -> Result<ClientOptions, ConfigurationError> {
        let mut read = ClientOptions::default();
        let mut counts = false;
        for (line, n) in text.lines().map(str::trim).zip(1..) {
            if line.starts_with('!') {
                return Err(ConfigurationError {
                    line: n,
                    message: "`!include` is not followed".to_owned(),
                    hint: Some("name the file that has the account".to_owned()),
                });
            }
            if let Some(group) = line.strip_prefix('[').and_then(|line| line.split(']').next()) {
                counts = GROUPS.contains(&group.trim());
                continue;
            }
            if !counts || line.is_empty() || line.starts_with(['#', ';']) {
                continue;
            }
            let Some((name, value)) = line.split_once('=') else { continue };
            let value = value_of(value.trim());
            let field = match name.trim().replace('_', "-").as_str() {
                "password" => {
                    read.password = Some(SecretString::from(value));
                    continue;
                }
                "user" => &mut read.user,
                "host" => &mut read.host,
                "port" => &mut read.port,
                "socket" => &mut read.socket,
                "database" => &mut read.database,
                "ssl-mode" => &mut read.ssl_mode,
                "ssl-ca" => &mut read.ssl_ca,
                _ => continue,
            };
            *field = Some(value);
        }
        Ok(read)
    }

    /// The URL with the server and the database, without the account; `None` if there is no database.
    pub fn url(&self) -> Option<String> {
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let host = self.host.as_deref().unwrap_or("localhost");
        let port = self.port.as_deref().map(|port| format!(":{port}")).unwrap_or_default();
        let parameters = [("socket", &self.socket), ("ssl-mode", &self.ssl_mode), ("ssl-ca", &self.ssl_ca)];
        let parameters = parameters.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        let parameters: Vec<String> = parameters.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let query = if parameters.is_empty() { String::new() } else { format!("?{}", parameters.join("&")) };
        Some(format!("mysql://{host}{port}/{}{query}", encoded(self.database.as_ref()?)))
    }
}

/// A value without quotes, comment and escapes.
fn value_of(written: &str) -> String {
    let quote = written.chars().next().filter(|c| matches!(c, '"' | '\''));
    let inner = match quote.and_then(|quote| written[1..].rfind(quote)) {
        Some(end) => &written[1..=end],
        // A comment begins with a space and a `#`.
        None => written.split(" #").next().unwrap_or_default().trim_end(),
    };
    let (mut value, mut chars) = (String::with_capacity(inner.len()), inner.chars());
    while let Some(c) = chars.next() {
        match (c, chars.clone().next()) {
            ('\\', Some(escaped @ ('b' | 't' | 'n' | 'r' | '\\' | 's' | '"' | '\''))) => {
                chars.next();
                value.push(match escaped {
                    'b' => '\u{8}',
                    't' => '\t',
                    'n' => '\n',
                    'r' => '\r',
                    's' => ' ',
                    itself => itself,
                });
            }
            _ => value.push(c),
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn the_account_of_the_clients_groups_is_read() {
        let text = "# mine\n[mysqld]\nuser = mysql\n[client]\nuser=tomcat\npassword = \"a#b \\\"c\\\" \\s\"\nport=3307 # here\n\
                    default-character-set=utf8mb4\n[mysqldump]\npassword=other\n[mysql]\nssl_ca = '/etc/ca.pem'\ndatabase=tomcat\n";
        let read = ClientOptions::parse(text).unwrap();
        assert_eq!(read.user.as_deref(), Some("tomcat"));
        assert_eq!(read.password.as_ref().map(|p| p.expose_secret()), Some("a#b \"c\"  "));
        assert_eq!(read.url().unwrap(), "mysql://localhost:3307/tomcat?ssl-ca=%2Fetc%2Fca%2Epem");
        assert!(ClientOptions::parse("[mysqld]\ndatabase=tomcat\n").unwrap().url().is_none());
    }

    #[test]
    fn the_last_value_counts_and_includes_are_refused() {
        assert_eq!(ClientOptions::parse("[client]\nuser=a\nuser=b\n").unwrap().user.as_deref(), Some("b"));
        let error = ClientOptions::parse("[client]\n!includedir /etc/mysql/conf.d\n").unwrap_err();
        assert_eq!(error.line, 2);
    }
}
