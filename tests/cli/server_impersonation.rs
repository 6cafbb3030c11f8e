//! What an attacker learns who pretends to be a PostgreSQL server without TLS: the password, unless the URL requires
//! TLS (docs/url.md).

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::command;
use crate::run::PASSWORD;

/// The code of a request for TLS, in the place of a protocol version.
const TLS_REQUEST: [u8; 4] = 80_877_103_u32.to_be_bytes();
/// `AuthenticationCleartextPassword`.
const PASSWORD_PLEASE: [u8; 9] = [b'R', 0, 0, 0, 8, 0, 0, 0, 3];

/// Reads a message after its type: four bytes with its length, which they count, and its contents.
fn message(client: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    client.read_exact(&mut length)?;
    let mut contents = vec![0; u32::from_be_bytes(length) as usize - length.len()];
    client.read_exact(&mut contents)?;
    Ok(contents)
}

/// Refuses TLS, and asks for the password.
fn converse(client: &mut TcpStream) -> io::Result<String> {
    let mut first = message(client)?;
    if first == TLS_REQUEST {
        client.write_all(b"N")?;
        first = message(client)?;
    }
    assert!(first.windows(4).any(|bytes| bytes == b"user"), "{first:?}");
    client.write_all(&PASSWORD_PLEASE)?;
    client.read_exact(&mut [0])?;
    Ok(String::from_utf8_lossy(&message(client)?).trim_end_matches('\0').to_owned())
}

#[test]
fn only_required_tls_keeps_the_password_from_a_server_without_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let learned = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&learned);
    thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.unwrap();
            // The program may hang up at any point. It waits for an answer until the client is dropped.
            if let Ok(password) = converse(&mut client) {
                told.lock().unwrap().push(password);
            }
        }
    });
    for (mode, expected) in
        [("preferred", true), ("disabled", true), ("required", false), ("verify-ca", false), ("verify-identity", false)]
    {
        let url = format!("postgres://tomcat@127.0.0.1:{port}/tomcat?ssl-mode={mode}");
        let run = command().args("list --url").arg(url).env("TOMCAT_SESSIONS_PASSWORD", PASSWORD).run().code(10);
        let learned = std::mem::take(&mut *learned.lock().unwrap());
        assert_eq!(learned.iter().any(|password| password == PASSWORD), expected, "{mode}: {learned:?} {run}");
        assert_eq!(learned.is_empty(), !expected, "{mode}: {learned:?}");
    }
}
