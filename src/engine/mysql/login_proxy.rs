//! Logins without TLS to a server that changes the salt of the password during the login.
//!
//! A server sends a salt in its greeting, and may request another authentication method with a new salt
//! (`AuthSwitchRequest`). MySQL Router always does, because it sends a greeting before it knows to which server it
//! will connect. If the server then requests the password itself, encrypted with its public key, the password is
//! masked with the salt. The driver uses the salt of the greeting (sqlx 0.8 and 0.9), so the server decrypts a wrong
//! password, or Router closes the connection. The proxy answers instead of the driver. With TLS the password is sent
//! unmasked, and the problem does not occur.

use std::collections::BTreeSet;
use std::io;
use std::sync::{Mutex, PoisonError};

use rsa::pkcs8::DecodePublicKey;
use rsa::rand_core::OsRng;
use rsa::{Oaep, RsaPublicKey};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sqlx::mysql::MySqlDatabaseError;
use tokio::io::{AsyncRead, AsyncWrite, copy_bidirectional_with_sizes};

use super::local_proxy::{BUFFER, LocalProxy, Packet, pass, unreachable};
use crate::engine::{DbError, Target};

/// The authentication method that masks the password.
const CACHING_SHA2: &[u8] = b"caching_sha2_password";
/// In the second byte of the capabilities: the server offers TLS.
const OFFERS_TLS: u8 = 0x08;
/// The error number of a wrong password.
const ACCESS_DENIED: u16 = 1045;
/// Length of a salt; a zero byte follows.
const SALT: usize = 20;

/// Servers, by host and port, at which this process has logged in through a proxy. The next login uses a proxy at
/// once, because every attempt without it is a failed login on the server.
static NEEDED: Mutex<BTreeSet<(String, u16)>> = Mutex::new(BTreeSet::new());

/// Tells whether a previous login at this server needed a proxy.
pub(super) fn is_needed(target: &Target) -> bool {
    NEEDED.lock().unwrap_or_else(PoisonError::into_inner).contains(&(target.host.clone(), target.port))
}

/// Tells whether a login may have failed because of the salt: Router closes the connection, a server reports a wrong
/// password.
pub(super) fn may_help(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => error.kind() == io::ErrorKind::UnexpectedEof,
        sqlx::Error::Database(error) => {
            error.try_downcast_ref::<MySqlDatabaseError>().is_some_and(|error| error.number() == ACCESS_DENIED)
        }
        _ => false,
    }
}

/// Records that the server needs a proxy.
pub(super) fn remember(target: &Target) {
    NEEDED.lock().unwrap_or_else(PoisonError::into_inner).insert((target.host.clone(), target.port));
}

/// Starts to wait for the driver; `if_no_tls` gives up if the server offers TLS, because the driver can then log in
/// itself.
///
/// # Errors
/// As [`LocalProxy::start`].
pub(super) fn start(target: &Target, if_no_tls: bool) -> Result<LocalProxy, DbError> {
    let password = SecretString::from(target.password());
    LocalProxy::start(target, move |mut driver, mut server| async move {
        forward(&mut driver, &mut server, &password, if_no_tls).await.map_err(unreachable)?;
        // The driver notices how a connection ends.
        let _ = copy_bidirectional_with_sizes(&mut driver, &mut server, BUFFER, BUFFER).await;
        Ok(())
    })
}

/// Forwards the login, and encrypts the password if the driver would use the wrong salt.
///
/// # Errors
/// If the server does not change its salt: the login then fails for another reason, and is not completed.
async fn forward<A, B>(driver: &mut A, server: &mut B, password: &SecretString, if_no_tls: bool) -> io::Result<()>
where
    A: AsyncRead + AsyncWrite + Unpin,
    B: AsyncRead + AsyncWrite + Unpin,
{
    let nothing_to_do = || io::Error::other("the server does not change its salt");
    let greeting = pass(server, driver).await?;
    if if_no_tls && offers_tls(&greeting.payload) {
        return Err(nothing_to_do());
    }
    pass(driver, server).await?;
    let mut salt = None;
    loop {
        let packet = Packet::read(server).await?;
        match (&packet.payload[..], &salt) {
            // Logged in, or refused.
            ([0x00 | 0xff, ..], _) => return packet.write(driver).await,
            // Another authentication method, or the same with another salt.
            ([0xfe, request @ ..], _) => salt = Some(new_salt(request)),
            (_, None) => return Err(nothing_to_do()),
            // The server has cached the password; an OK packet follows.
            ([1, 3], _) => continue,
            // The server requests the password itself, and has a public key for it.
            ([1, 4], Some(Some(salt))) => {
                Packet { number: packet.number.wrapping_add(1), payload: vec![2] }.write(server).await?;
                let key = Packet::read(server).await?;
                let payload = encrypted(&key.payload, password, salt)?;
                Packet { number: key.number.wrapping_add(1), payload }.write(server).await?;
                continue;
            }
            _ => {}
        }
        packet.write(driver).await?;
        pass(driver, server).await?;
    }
}

/// Tells whether a greeting offers TLS. The version is followed by four bytes with the session id, eight of the salt,
/// an empty one, and two with capabilities.
fn offers_tls(greeting: &[u8]) -> bool {
    let version = greeting.iter().skip(1).position(|byte| *byte == 0);
    version.and_then(|end| greeting.get(end + 2 + 4 + 8 + 1 + 1)).is_some_and(|high| high & OFFERS_TLS != 0)
}

/// The salt in a request for another authentication method: its name, a zero byte, the salt, and a zero byte; `None`
/// for a method that does not mask the password with it.
fn new_salt(request: &[u8]) -> Option<Vec<u8>> {
    let salt = request.strip_prefix(CACHING_SHA2)?.strip_prefix(&[0])?;
    salt.get(..SALT).map(<[u8]>::to_vec)
}

/// The password, terminated by a zero byte, masked with the salt and encrypted with the server's public key: a byte,
/// and PEM.
fn encrypted(key: &[u8], password: &SecretString, salt: &[u8]) -> io::Result<Vec<u8>> {
    let [1, pem @ ..] = key else { return Err(io::Error::other("the server has no key for the password")) };
    let pem = str::from_utf8(pem).map_err(io::Error::other)?;
    let key = RsaPublicKey::from_public_key_pem(pem).map_err(io::Error::other)?;
    let bytes = password.expose_secret().bytes().chain([0]);
    let masked: Vec<u8> = bytes.zip(salt.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
    key.encrypt(&mut OsRng, Oaep::new::<Sha1>(), &masked).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn salts_are_found() {
        let request = [CACHING_SHA2, b"\0abcdefghijklmnopqrst\0"].concat();
        assert_eq!(new_salt(&request).unwrap(), b"abcdefghijklmnopqrst");
        for other in [&b"mysql_native_password\0abcdefghijklmnopqrst\0"[..], b"caching_sha2_password\0short\0", b""] {
            assert_eq!(new_salt(other), None, "{other:?}");
        }
    }

    #[test]
    fn tls_is_seen_in_the_greeting() {
        let greeting = |low: [u8; 2]| [&b"\x0a9.7.4-router\0"[..], &[7; 4], &[9; 8], &[0], &low].concat();
        assert!(offers_tls(&greeting([0xff, 0xdf])) && !offers_tls(&greeting([0xff, 0xd7])));
        assert!(!offers_tls(b"\xff\x10\x04Too many connections") && !offers_tls(b""));
    }
}
