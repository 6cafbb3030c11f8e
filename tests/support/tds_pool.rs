//! A connection pool in front of Babelfish, which needs two seconds of processor time for the first statements of each
//! connection, and almost none for the same statements afterwards.
//!
//! When a client with the administrator's account disconnects, its connection is reused by the next one, after
//! `sp_reset_connection`: the transaction is rolled back, and locks, temporary tables and settings are removed, as at
//! the end of a connection. If a client disconnects during a request, its connection is closed, so that the server sees
//! the same as without the pool. Other accounts get their own connections, because tests verify what they are refused.
//!
//! SQL Server itself is used directly.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, OnceLock};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::compat::TokioAsyncWriteCompatExt;
use tomcat_sessions::store::{Target, parse_url};

/// How often a connection is reused; a server process keeps memory for every database that it has used.
const USES: u32 = 100;
/// Maximum number of waiting connections.
const WAITING: usize = 12;

const BATCH: u8 = 1;
const LOGIN: u8 = 16;
const PRELOGIN: u8 = 18;
const ATTENTION: u8 = 6;
/// The setting that shows plans, as it occurs in requests.
const PROFILE: &[u8] = b"P\0R\0O\0F\0I\0L\0E\0";
/// Status bit of the last packet of a message.
const LAST: u8 = 1;

/// The server's URL through the pool, if the server at `url` is Babelfish.
pub fn url(url: &str) -> String {
    static POOLED: OnceLock<String> = OnceLock::new();
    POOLED.get_or_init(|| start(url)).clone()
}

fn start(url: &str) -> String {
    let target = parse_url(url).unwrap();
    let (port, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            if !is_babelfish(&target).await {
                return port.send(None).unwrap();
            }
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            port.send(Some(listener.local_addr().unwrap().port())).unwrap();
            let user = target.user.clone().unwrap_or_default();
            let server = (target.host, target.port);
            let pool = Arc::new(Pool { server, user, answer: OnceLock::new(), waiting: Mutex::default() });
            while let Ok((client, _)) = listener.accept().await {
                let pool = Arc::clone(&pool);
                tokio::spawn(async move { pool.serve(client).await });
            }
        });
    });
    match told.recv().expect("the TDS server does not answer") {
        Some(port) => pooled(url, port),
        None => url.to_owned(),
    }
}

/// The pool does not support TLS: it would have to decrypt it to know the account.
fn pooled(url: &str, port: u16) -> String {
    let (_, rest) = url.split_once("://").unwrap();
    let (account, _) = rest.rsplit_once('@').unwrap();
    format!("mssql://{account}@127.0.0.1:{port}/?encrypt=optional")
}

/// Babelfish for PostgreSQL can be recognized by a server property.
async fn is_babelfish(target: &Target) -> bool {
    use secrecy::ExposeSecret;
    let mut config = tiberius::Config::new();
    config.host(&target.host);
    config.port(target.port);
    let password = target.password.as_ref().map_or("", |p| p.expose_secret());
    config.authentication(tiberius::AuthMethod::sql_server(target.user.as_deref().unwrap_or("sa"), password));
    config.trust_cert();
    let tcp = TcpStream::connect((target.host.as_str(), target.port)).await.unwrap();
    let mut client = tiberius::Client::connect(config, tcp.compat_write()).await.unwrap();
    let answer = client.simple_query("SELECT CAST(SERVERPROPERTY('Babelfish') AS INT)").await.unwrap();
    answer.into_row().await.unwrap().unwrap().get::<i32, _>(0) == Some(1)
}

struct Pool {
    server: (String, u16),
    /// The account whose connections are reused.
    user: String,
    /// The server's answer before the login.
    answer: OnceLock<Vec<u8>>,
    /// Other properties of the login: password and packet size.
    waiting: Mutex<HashMap<Vec<u8>, Vec<Upstream>>>,
}

/// A connection to the server after the login.
struct Upstream {
    stream: TcpStream,
    /// The server's answer to the login.
    greeting: Vec<u8>,
    uses: u32,
}

impl Pool {
    async fn serve(&self, mut client: TcpStream) -> io::Result<()> {
        client.set_nodelay(true)?;
        let prelogin = message(&mut client).await?;
        let mut fresh = None;
        let answer = match self.answer.get() {
            Some(answer) => answer.clone(),
            None => {
                let (stream, answer) = self.connect(&prelogin).await?;
                fresh = Some(stream);
                self.answer.get_or_init(|| answer).clone()
            }
        };
        client.write_all(&answer).await?;
        let login = message(&mut client).await?;
        if login[0] != LOGIN {
            // A client that starts TLS although it was refused.
            return Ok(());
        }
        let Some(key) = key(&login, &self.user) else {
            return self.pass(client, fresh, &prelogin, &login).await;
        };
        let database = text(&login, 68);
        let found = self.waiting.lock().unwrap().get_mut(&key).and_then(Vec::pop);
        let mut pooled = match found {
            Some(pooled) => pooled,
            None => {
                let mut stream = self.fresh(fresh.take(), &prelogin).await?;
                stream.write_all(&without_database(&login)).await?;
                let greeting = message(&mut stream).await?;
                if !is_welcome(&greeting) {
                    return client.write_all(&greeting).await;
                }
                Upstream { stream, greeting, uses: 0 }
            }
        };
        let quoted = database.replace(']', "]]");
        if !database.is_empty() && !pooled.says_yes(&format!("USE [{quoted}]")).await? {
            // The server itself reports the error.
            self.keep(key, pooled).await?;
            return self.pass(client, fresh, &prelogin, &login).await;
        }
        client.write_all(&pooled.greeting).await?;
        pooled.uses += 1;
        if relay(&mut client, &mut pooled.stream).await? {
            drop(client);
            self.keep(key, pooled).await?;
        }
        Ok(())
    }

    /// Gives a client its own connection.
    async fn pass(
        &self,
        mut client: TcpStream,
        fresh: Option<TcpStream>,
        prelogin: &[u8],
        login: &[u8],
    ) -> io::Result<()> {
        let mut server = self.fresh(fresh, prelogin).await?;
        server.write_all(login).await?;
        relay(&mut client, &mut server).await.map(drop)
    }

    async fn fresh(&self, fresh: Option<TcpStream>, prelogin: &[u8]) -> io::Result<TcpStream> {
        match fresh {
            Some(stream) => Ok(stream),
            None => Ok(self.connect(prelogin).await?.0),
        }
    }

    /// A new connection, and the server's answer to `prelogin`, in which TLS is not supported.
    async fn connect(&self, prelogin: &[u8]) -> io::Result<(TcpStream, Vec<u8>)> {
        let mut stream = TcpStream::connect((self.server.0.as_str(), self.server.1)).await?;
        stream.set_nodelay(true)?;
        stream.write_all(&without_tls(prelogin)).await?;
        let answer = message(&mut stream).await?;
        Ok((stream, without_tls(&answer)))
    }

    /// Resets a connection for the next client.
    async fn keep(&self, key: Vec<u8>, mut pooled: Upstream) -> io::Result<()> {
        if pooled.uses >= USES || !pooled.says_yes("EXEC sp_reset_connection").await? {
            return Ok(());
        }
        if pooled.says_yes("USE master").await? {
            let mut waiting = self.waiting.lock().unwrap();
            let waiting = waiting.entry(key).or_default();
            if waiting.len() < WAITING {
                waiting.push(pooled);
            }
        }
        Ok(())
    }
}

impl Upstream {
    /// Runs a batch without rows; returns false if the server refuses it.
    async fn says_yes(&mut self, batch: &str) -> io::Result<bool> {
        // All headers: their length, and the transaction header without a transaction.
        let mut payload = vec![22, 0, 0, 0, 18, 0, 0, 0, 2, 0];
        payload.extend([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
        payload.extend(batch.encode_utf16().flat_map(u16::to_le_bytes));
        let mut packet = header(BATCH, payload.len());
        packet.extend(payload);
        self.stream.write_all(&packet).await?;
        Ok(!tokens(&message(&mut self.stream).await?).contains(&0xaa))
    }
}

/// Forwards data in both directions until one side closes; returns true if it was the client, after it had all its
/// answers.
async fn relay(client: &mut TcpStream, server: &mut TcpStream) -> io::Result<bool> {
    let (mut up, mut down) = (vec![0; 32 << 10], vec![0; 32 << 10]);
    let (mut asked, mut answered) = (Messages::default(), Messages::default());
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let n = read.unwrap_or(0);
                if n == 0 {
                    return Ok(asked.is_whole() && answered.is_whole() && asked.count == answered.count && !asked.lasting);
                }
                asked.see(&up[..n]);
                asked.lasting |= n < 4096 && up[..n].windows(PROFILE.len()).any(|window| window == PROFILE);
                server.write_all(&up[..n]).await?;
            }
            read = server.read(&mut down) => {
                let n = read?;
                if n == 0 {
                    return Ok(false);
                }
                answered.see(&down[..n]);
                if client.write_all(&down[..n]).await.is_err() {
                    // Further requests are unknown.
                    return Ok(false);
                }
            }
        }
    }
}

/// Counts the messages of one direction.
#[derive(Default)]
struct Messages {
    header: Vec<u8>,
    /// Remaining bytes of the packet.
    left: usize,
    /// Whether the last packet was the last one of its message.
    unfinished: bool,
    count: u64,
    /// Whether it may leave state that the server does not reset: after an attention message, or with plans instead of
    /// rows.
    lasting: bool,
}

impl Messages {
    fn see(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.left == 0 {
                let take = (8 - self.header.len()).min(bytes.len());
                self.header.extend_from_slice(&bytes[..take]);
                bytes = &bytes[take..];
                if self.header.len() == 8 {
                    self.left = usize::from(self.header[2]) * 256 + usize::from(self.header[3]) - 8;
                    self.lasting |= self.header[0] == ATTENTION;
                    self.unfinished = self.header[1] & LAST == 0;
                    self.count += u64::from(!self.unfinished);
                    self.header.clear();
                }
                continue;
            }
            let take = self.left.min(bytes.len());
            self.left -= take;
            bytes = &bytes[take..];
        }
    }

    fn is_whole(&self) -> bool {
        self.left == 0 && self.header.is_empty() && !self.unfinished
    }
}

/// A message, with its unchanged packets.
async fn message(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut message = Vec::new();
    loop {
        let mut header = [0; 8];
        stream.read_exact(&mut header).await?;
        let length = usize::from(header[2]) * 256 + usize::from(header[3]);
        let mut packet = vec![0; length.saturating_sub(8)];
        stream.read_exact(&mut packet).await?;
        message.extend(header);
        message.extend(packet);
        if header[1] & LAST == 1 {
            return Ok(message);
        }
    }
}

fn header(kind: u8, payload: usize) -> Vec<u8> {
    let [high, low] = u16::try_from(payload + 8).unwrap().to_be_bytes();
    vec![kind, LAST, high, low, 0, 0, 1, 0]
}

/// A PRELOGIN or its answer, with TLS marked as not supported.
fn without_tls(message: &[u8]) -> Vec<u8> {
    const ENCRYPTION: u8 = 1;
    const NOT_SUPPORTED: u8 = 2;
    debug_assert!(matches!(message[0], PRELOGIN | 4));
    let mut message = message.to_vec();
    let mut at = 8;
    while message[at] != 0xff {
        if message[at] == ENCRYPTION {
            let place = usize::from(message[at + 1]) * 256 + usize::from(message[at + 2]);
            message[8 + place] = NOT_SUPPORTED;
        }
        at += 5;
    }
    message
}

/// A text of a login; its position is stored at this offset.
fn text(login: &[u8], offset: usize) -> String {
    let number = |at: usize| usize::from(login[8 + at]) + usize::from(login[9 + at]) * 256;
    let bytes = &login[8 + number(offset)..][..2 * number(offset + 2)];
    let units: Vec<u16> = bytes.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect();
    String::from_utf16_lossy(&units)
}

/// The same login to the server's own database.
fn without_database(login: &[u8]) -> Vec<u8> {
    let mut login = login.to_vec();
    login[8 + 70..8 + 72].fill(0);
    login
}

/// Properties by which connections of the administrator are distinguished.
fn key(login: &[u8], user: &str) -> Option<Vec<u8>> {
    let own = text(login, 40) == user;
    own.then(|| [&login[8 + 8..8 + 12], text(login, 44).as_bytes()].concat())
}

fn is_welcome(greeting: &[u8]) -> bool {
    let tokens = tokens(greeting);
    tokens.contains(&0xad) && !tokens.contains(&0xaa)
}

/// The tokens of an answer without rows, up to the first one of unknown length.
fn tokens(message: &[u8]) -> Vec<u8> {
    let mut payload = Vec::new();
    let mut rest = message;
    while rest.len() >= 8 {
        let length = usize::from(rest[2]) * 256 + usize::from(rest[3]);
        payload.extend_from_slice(&rest[8..length]);
        rest = &rest[length..];
    }
    let (mut at, mut tokens) = (0, Vec::new());
    while let Some(token) = payload.get(at) {
        tokens.push(*token);
        at += match token {
            0xe3 | 0xab | 0xaa | 0xad => {
                3 + payload.get(at + 1..at + 3).map_or(0, |n| usize::from(n[0]) + usize::from(n[1]) * 256)
            }
            0xfd..=0xff => 13,
            0x79 => 5,
            _ => break,
        };
    }
    tokens
}
