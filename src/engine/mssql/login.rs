//! Connects to a server: addresses, TLS, login, redirects.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt as _};
use tiberius::error::Error;
use tiberius::{AuthMethod, Client, Config, EncryptionLevel};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::sleep;
use tokio_util::compat::{Compat, TokioAsyncWriteCompatExt};

use super::error;
use super::url::{Encrypt, is_true, timeouts, trusts_any};
use crate::engine::socket::keep_alive;
use crate::engine::{DbError, DbErrorKind, Target};

pub(super) type Tds = Client<Compat<TcpStream>>;

/// Maximum number of redirects; Azure's gateway redirects once.
const REDIRECTS: u32 = 4;
/// Maximum number of attempts after transient login errors, and the first pause, which doubles.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_millis(500);
/// Head start of the first address of a host before the next one is tried too (RFC 8305 recommends 250 ms).
const HEAD_START: Duration = Duration::from_millis(250);

/// Connects and logs in. Transient errors are retried as long as the caller waits.
pub(super) async fn connect(target: &Target) -> Result<Tds, DbError> {
    let mut pause = PAUSE;
    for _ in 1..TRIES {
        match follow(target).await {
            Err(error) if error::is_transient(&error) => sleep(pause).await,
            logged_in => return logged_in,
        }
        pause *= 2;
    }
    follow(target).await
}

/// Follows redirects and logs in: Azure's gateway names the server that has the database.
async fn follow(target: &Target) -> Result<Tds, DbError> {
    let (mut host, mut port) = (target.host.clone(), target.port);
    for _ in 0..=REDIRECTS {
        match log_in(target, &host, port).await {
            Err(Error::Routing { host: next, port: at }) => (host, port) = (next, at),
            logged_in => return logged_in.map_err(error::map),
        }
    }
    let message = format!("the server redirected {REDIRECTS} times, and then to {host}:{port}");
    Err(DbError::new(DbErrorKind::Unreachable, "", message))
}

async fn log_in(target: &Target, host: &str, port: u16) -> Result<Tds, Error> {
    let mut config = config(target, host, port)?;
    let pattern = target.params.get("hostNameInCertificate").filter(|name| name.starts_with("*."));
    if let Some(pattern) = pattern {
        config.hostname_in_certificate(first_name(pattern, host));
    } else if let Some(name) = target.params.get("hostNameInCertificate") {
        config.hostname_in_certificate(name);
    }
    match attempt(target, host, port, config.clone()).await {
        // The certificate is valid, but for another name that matches the pattern.
        Err(Error::Tls(message)) if pattern.and_then(|pattern| presented_name(pattern, &message)).is_some() => {
            config.hostname_in_certificate(pattern.and_then(|p| presented_name(p, &message)).unwrap_or_default());
            attempt(target, host, port, config).await
        }
        Err(failed) if may_be_plain(target) && error::concerns_tls(&failed) => {
            if offers_tls(target, host, port).await? {
                return Err(failed);
            }
            config.encryption(EncryptionLevel::NotSupported);
            attempt(target, host, port, config).await
        }
        logged_in => logged_in,
    }
}

fn config(target: &Target, host: &str, port: u16) -> Result<Config, Error> {
    let mut config = Config::new();
    config.host(host);
    config.port(port);
    config.authentication(AuthMethod::sql_server(target.user.as_deref().unwrap_or("sa"), target.password()));
    config.application_name(target.params.get("applicationName").map_or("tomcat-sessions", String::as_str));
    if let Some(database) = &target.database {
        config.database(database);
    }
    config.readonly(target.params.get("applicationIntent").is_some_and(|how| how.eq_ignore_ascii_case("ReadOnly")));
    // The driver would limit the login to 15 s and every statement to 30 s; `liveness` sets the limits instead.
    config.handshake_timeout(None);
    config.command_timeout(None);
    let encrypt = Encrypt::of(target).map_err(|e| Error::Protocol(e.message.into()))?;
    config.encryption(match encrypt {
        Encrypt::LoginOnly => EncryptionLevel::Off,
        Encrypt::Tried => EncryptionLevel::On,
        Encrypt::Required => EncryptionLevel::Required,
        Encrypt::Strict => EncryptionLevel::Strict,
    });
    if trusts_any(target) || encrypt == Encrypt::LoginOnly {
        config.trust_cert();
    } else if let Some(file) = target.params.get("serverCertificate") {
        config.trust_cert_ca(file);
    }
    Ok(config)
}

async fn attempt(target: &Target, host: &str, port: u16, config: Config) -> Result<Tds, Error> {
    let tcp = connect_tcp(target, host, port).await?;
    Client::connect(config, tcp.compat_write()).await
}

/// Connects to an address of the host: one after the other, each with a head start, so that an unreachable address
/// costs little; or all at the same time with `multiSubnetFailover`.
async fn connect_tcp(target: &Target, host: &str, port: u16) -> io::Result<TcpStream> {
    let addresses: Vec<SocketAddr> = tokio::net::lookup_host((host, port)).await?.collect();
    let head_start = if is_true(target, "multiSubnetFailover") { Duration::ZERO } else { HEAD_START };
    let tcp = first_to_answer(&addresses, head_start).await?;
    tcp.set_nodelay(true)?;
    if let Some(silence) = timeouts(target).keepalive {
        keep_alive(&tcp, silence)?;
    }
    Ok(tcp)
}

async fn first_to_answer(addresses: &[SocketAddr], head_start: Duration) -> io::Result<TcpStream> {
    let mut rest = addresses.iter();
    let mut trying = FuturesUnordered::new();
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
    loop {
        trying.extend(rest.next().map(|address| TcpStream::connect(*address)));
        tokio::select! {
            Some(connected) = trying.next() => match connected {
                Ok(tcp) => return Ok(tcp),
                Err(error) => last = error,
            },
            () = sleep(head_start), if rest.len() > 0 => {}
            else => return Err(last),
        }
    }
}

/// Tells whether the account may be sent without TLS: if the URL is_true so, or on this machine.
fn may_be_plain(target: &Target) -> bool {
    match Encrypt::of(target) {
        Ok(Encrypt::LoginOnly) => true,
        Ok(Encrypt::Tried) => target.params.contains_key("encrypt") || target.is_local(),
        _ => false,
    }
}

/// Asks a server whether it offers TLS (MS-TDS, PRELOGIN: the option ENCRYPTION).
async fn offers_tls(target: &Target, host: &str, port: u16) -> io::Result<bool> {
    const ENCRYPTION: u8 = 1;
    const NOT_SUPPORTED: u8 = 2;
    // A header; the options VERSION and ENCRYPTION with position and length, and their end; a version, and 0 for
    // encryption that is available and off.
    const ASKED: [u8; 26] =
        [18, 1, 0, 26, 0, 0, 1, 0, 0, 0, 11, 0, 6, ENCRYPTION, 0, 17, 0, 1, 0xff, 16, 0, 0, 0, 0, 0, 0];
    let mut tcp = connect_tcp(target, host, port).await?;
    tcp.write_all(&ASKED).await?;
    let mut header = [0; 8];
    tcp.read_exact(&mut header).await?;
    let mut payload = vec![0; usize::from(u16::from_be_bytes([header[2], header[3]])).saturating_sub(8)];
    tcp.read_exact(&mut payload).await?;
    let place = payload.chunks_exact(5).take_while(|option| option[0] != 0xff).find(|option| option[0] == ENCRYPTION);
    let answered = place.and_then(|option| payload.get(usize::from(u16::from_be_bytes([option[1], option[2]]))));
    Ok(answered != Some(&NOT_SUPPORTED))
}

/// The name to look for in the certificate for a pattern such as `*.example.org`: the host's own name if it matches.
fn first_name(pattern: &str, host: &str) -> String {
    if matches_pattern(pattern, host) { host.to_owned() } else { format!("any{}", &pattern[1..]) }
}

/// Exactly one label, followed by the rest of the pattern after `*`.
fn matches_pattern(pattern: &str, name: &str) -> bool {
    let (name, end) = (name.to_ascii_lowercase(), pattern[1..].to_ascii_lowercase());
    name.strip_suffix(&end).is_some_and(|label| !label.is_empty() && !label.contains('.'))
}

/// The name in the certificate that matches the pattern, taken from the error message.
fn presented_name(pattern: &str, message: &str) -> Option<String> {
    let (_, presented) = message.split_once("only valid for")?;
    presented.split('"').skip(1).step_by(2).find(|name| matches_pattern(pattern, name)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A listener whose queue is full answers nobody, like an unreachable host.
    #[tokio::test]
    async fn a_dead_address_does_not_use_up_the_timeout() {
        let dead = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
        dead.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
        dead.listen(0).unwrap();
        let silent = dead.local_addr().unwrap().as_socket().unwrap();
        let mut queued = Vec::new();
        while let Ok(Ok(tcp)) = tokio::time::timeout(HEAD_START, TcpStream::connect(silent)).await {
            queued.push(tcp);
        }
        let alive = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let there = alive.local_addr().unwrap();
        for head_start in [HEAD_START, Duration::ZERO] {
            let addresses = [silent, there];
            let reaching = first_to_answer(&addresses, head_start);
            let tcp = tokio::time::timeout(Duration::from_secs(30), reaching).await.expect("it waits").unwrap();
            assert_eq!(tcp.peer_addr().unwrap(), there);
        }
    }

    #[test]
    fn certificate_names_of_a_pattern() {
        let pattern = "*.database.example.net";
        assert_eq!(first_name(pattern, "shop.Database.example.net"), "shop.Database.example.net");
        assert_eq!(first_name(pattern, "10.0.0.7"), "any.database.example.net");
        assert_eq!(first_name(pattern, "a.b.database.example.net"), "any.database.example.net");
        let message = "certificate not valid for name \"any.database.example.net\"; certificate is only valid for DnsName(\"other.example.net\") or DnsName(\"db7.database.example.net\")";
        assert_eq!(presented_name(pattern, message).as_deref(), Some("db7.database.example.net"));
        assert_eq!(presented_name("*.example.com", message), None);
        assert_eq!(presented_name(pattern, "UnknownIssuer"), None);
    }
}
