//! A fake TDS server for behavior that no available server has: a gateway that redirects clients, transient login
//! errors, a server without TLS, columns in code pages. It follows MS-TDS, and stores nothing.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The answer to a login.
#[derive(Debug, Clone)]
pub enum Answer {
    Welcome,
    Routed { host: String, port: u16 },
    Refused { number: u32, message: &'static str },
}

/// A received login.
#[derive(Debug, Clone)]
pub struct Login {
    pub database: String,
    /// Whether it announces read intent.
    pub read_only: bool,
}

/// A column of a row.
#[derive(Debug, Clone)]
pub enum Cell {
    /// VARCHAR(100) with the collation in these five bytes.
    Text {
        collation: [u8; 5],
        bytes: Vec<u8>,
    },
    /// NVARCHAR(100).
    Wide(&'static str),
    BigInt(i64),
}

type Logins = Arc<Mutex<Vec<Login>>>;
/// The answer to the login with this number, counted from 0.
type Script = Arc<dyn Fn(usize) -> Answer + Send + Sync>;
/// The row that answers a statement; `None` for a statement without rows.
type Rows = Arc<dyn Fn(&str) -> Vec<Cell> + Send + Sync>;

pub struct FakeTds {
    pub port: u16,
    logins: Logins,
}

impl FakeTds {
    pub async fn new(script: impl Fn(usize) -> Answer + Send + Sync + 'static) -> FakeTds {
        FakeTds::with_rows(script, |_| Vec::new()).await
    }

    pub async fn with_rows(
        script: impl Fn(usize) -> Answer + Send + Sync + 'static,
        rows: impl Fn(&str) -> Vec<Cell> + Send + Sync + 'static,
    ) -> FakeTds {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let logins = Logins::default();
        let (script, rows): (Script, Rows) = (Arc::new(script), Arc::new(rows));
        let known = Arc::clone(&logins);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(client, Arc::clone(&script), Arc::clone(&rows), Arc::clone(&known)));
            }
        });
        FakeTds { port, logins }
    }

    /// Its URL with these parameters.
    pub fn url(&self, query: &str) -> String {
        format!("mssql://tomcat:pw@127.0.0.1:{}/shop?{query}", self.port)
    }

    pub fn logins(&self) -> Vec<Login> {
        self.logins.lock().unwrap().clone()
    }
}

/// Serves one client until it disconnects; returns an error if the client violates the protocol.
async fn serve(mut client: TcpStream, script: Script, rows: Rows, logins: Logins) -> Option<()> {
    loop {
        let (kind, payload) = message(&mut client).await?;
        let answer = match kind {
            // PRELOGIN: a version, and 2 for "encryption not supported".
            18 => vec![0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 16, 0, 0, 0, 0, 0, 2],
            16 => {
                let number = {
                    let mut logins = logins.lock().unwrap();
                    logins.push(Login { database: text(&payload, 68), read_only: payload[26] & 32 != 0 });
                    logins.len() - 1
                };
                logged_in(&script(number))
            }
            1 | 3 => answered(&rows(&statement(&payload))),
            _ => return None,
        };
        let [high, low] = u16::try_from(answer.len() + 8).unwrap().to_be_bytes();
        client.write_all(&[&[4, 1, high, low, 0, 0, 1, 0][..], &answer].concat()).await.ok()?;
    }
}

fn logged_in(answer: &Answer) -> Vec<u8> {
    let mut tokens = Vec::new();
    match answer {
        Answer::Refused { number, message } => {
            let mut body = number.to_le_bytes().to_vec();
            body.extend([1, 14]);
            body.extend(u16::try_from(message.len()).unwrap().to_le_bytes());
            body.extend(wide(message));
            body.extend([0, 0, 1, 0, 0, 0]);
            token(&mut tokens, 0xaa, &body);
        }
        Answer::Welcome | Answer::Routed { .. } => {
            let name = "Fake SQL Server";
            let mut body = vec![1, 0x74, 0, 0, 4, u8::try_from(name.len()).unwrap()];
            body.extend(wide(name));
            body.extend([16, 0, 0, 0]);
            token(&mut tokens, 0xad, &body);
        }
    }
    if let Answer::Routed { host, port } = answer {
        let mut route = vec![0];
        route.extend(port.to_le_bytes());
        route.extend(u16::try_from(host.len()).unwrap().to_le_bytes());
        route.extend(wide(host));
        let mut body = vec![20];
        body.extend(u16::try_from(route.len()).unwrap().to_le_bytes());
        body.extend(route);
        body.extend([0, 0]);
        token(&mut tokens, 0xe3, &body);
    }
    done(&mut tokens, if matches!(answer, Answer::Refused { .. }) { 2 } else { 0 });
    tokens
}

/// One row, or none.
fn answered(columns: &[Cell]) -> Vec<u8> {
    let mut tokens = Vec::new();
    if !columns.is_empty() {
        tokens.push(0x81);
        tokens.extend(u16::try_from(columns.len()).unwrap().to_le_bytes());
        for column in columns {
            // User type, flags, the type with its length, the collation of a text, an empty name.
            tokens.extend([0, 0, 0, 0, 1, 0]);
            match column {
                Cell::Text { collation, .. } => tokens.extend([&[0xa7, 100, 0][..], collation].concat()),
                Cell::Wide(_) => tokens.extend([0xe7, 200, 0, 9, 4, 0xd0, 0, 0x34]),
                Cell::BigInt(_) => tokens.extend([0x26, 8]),
            }
            tokens.push(0);
        }
        tokens.push(0xd1);
        for column in columns {
            let bytes = match column {
                Cell::Text { bytes, .. } => bytes.clone(),
                Cell::Wide(text) => wide(text),
                Cell::BigInt(number) => number.to_le_bytes().to_vec(),
            };
            match column {
                Cell::BigInt(_) => tokens.push(8),
                _ => tokens.extend(u16::try_from(bytes.len()).unwrap().to_le_bytes()),
            }
            tokens.extend(bytes);
        }
    }
    done(&mut tokens, 0);
    tokens
}

fn token(tokens: &mut Vec<u8>, kind: u8, body: &[u8]) {
    tokens.push(kind);
    tokens.extend(u16::try_from(body.len()).unwrap().to_le_bytes());
    tokens.extend(body);
}

fn done(tokens: &mut Vec<u8>, status: u8) {
    tokens.extend([0xfd, status, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// The type of a message, and the contents of its packets.
async fn message(client: &mut TcpStream) -> Option<(u8, Vec<u8>)> {
    let mut payload = Vec::new();
    loop {
        let mut header = [0; 8];
        client.read_exact(&mut header).await.ok()?;
        let mut packet = vec![0; usize::from(u16::from_be_bytes([header[2], header[3]])).saturating_sub(8)];
        client.read_exact(&mut packet).await.ok()?;
        payload.extend(packet);
        if header[1] & 1 == 1 {
            return Some((header[0], payload));
        }
    }
}

/// A text of a login; its position is stored at this offset.
fn text(login: &[u8], offset: usize) -> String {
    let number = |at: usize| usize::from(u16::from_le_bytes([login[at], login[at + 1]]));
    read(&login[number(offset)..][..2 * number(offset + 2)])
}

fn read(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect();
    String::from_utf16_lossy(&units)
}

/// The whole text of a request, which contains the statement.
fn statement(payload: &[u8]) -> String {
    read(payload) + &read(payload.get(1..).unwrap_or_default())
}
