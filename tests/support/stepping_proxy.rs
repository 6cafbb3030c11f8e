//! A TCP proxy that recognizes the requests of a client, for the protocols of MySQL and PostgreSQL and for TDS, without
//! TLS. It numbers the requests of all connections, and can hold one of them, with everything after it, until it is
//! told to continue.
//!
//! MySQL: a packet with the sequence number 0 begins a command. TDS: a packet with the status bit EOM ends a request.
//! PostgreSQL: a Query or a Bind is a request. The text of a prepared statement is stored under the number that the
//! server assigned.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// The protocol of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    Mysql,
    Postgres,
    Tds,
}

/// A request that was sent to a server.
#[derive(Debug, Clone)]
pub struct Step {
    /// The server, in the order of the calls of [`Stepper::front`].
    pub server: usize,
    /// The connection, in the order in which they were opened.
    pub connection: usize,
    /// The statement, in one line.
    pub text: String,
    /// Whether the request contains the marker.
    pub asked: bool,
    /// Whether the answer contains the marker.
    pub answered: bool,
}

/// The requests that are counted, and where to stop.
#[derive(Debug, Default)]
struct State {
    steps: Vec<Step>,
    /// The number of the step that is held next, counted from 1.
    hold: Option<usize>,
    /// No counted request passes.
    frozen: bool,
    connections: usize,
    /// Connections whose last request has not been answered yet.
    asking: usize,
    last_byte: Option<Instant>,
}

/// The statements that are steps.
pub type Counts = fn(&str) -> bool;

struct Shared {
    state: Mutex<State>,
    /// A step is held.
    held: Notify,
    /// The held step may continue.
    go: Notify,
    counts: Counts,
    /// Bytes that identify requests and answers about the tested session.
    marker: Vec<u8>,
    /// Replacements in requests, of equal length.
    instead: Option<(&'static str, &'static str)>,
}

/// Numbers the requests to one or several servers.
#[derive(Clone)]
pub struct Stepper(Arc<Shared>);

impl Stepper {
    /// `marker` is searched for in requests and answers, in ASCII and in UTF-16.
    pub fn new(counts: Counts, marker: &str) -> Stepper {
        let shared = Shared {
            state: Mutex::default(),
            held: Notify::new(),
            go: Notify::new(),
            counts,
            marker: marker.as_bytes().to_vec(),
            instead: None,
        };
        Stepper(Arc::new(shared))
    }

    /// Counts and holds nothing, and replaces a text with another of equal length in each request.
    pub fn replacing(text: &'static str, by: &'static str) -> Stepper {
        assert_eq!(text.len(), by.len());
        let Stepper(shared) = Stepper::new(|_| false, text);
        let shared = Arc::into_inner(shared).unwrap();
        Stepper(Arc::new(Shared { instead: Some((text, by)), ..shared }))
    }

    /// Listens in front of the server at `upstream`; returns the port.
    pub async fn front(&self, upstream: String, wire: Wire, server: usize) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::clone(&self.0);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(upstream) = TcpStream::connect(&upstream).await else { continue };
                let connection = {
                    let mut state = shared.state();
                    state.connections += 1;
                    state.connections
                };
                client.set_nodelay(true).unwrap();
                upstream.set_nodelay(true).unwrap();
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = upstream.into_split();
                let talk = Arc::new(Mutex::new(Talk::default()));
                let up = Up { shared: Arc::clone(&shared), talk: Arc::clone(&talk), wire, server, connection };
                let down = Down { shared: Arc::clone(&shared), talk, wire };
                tokio::spawn(async move {
                    // When one side closes, the other is closed too.
                    tokio::select! {
                        () = up.relay(from_client, to_server) => {}
                        () = down.relay(from_server, to_client) => {}
                    }
                });
            }
        });
        port
    }

    /// Resets the count, and holds the step with this number, counted from 1.
    pub fn arm(&self, hold: Option<usize>) {
        let mut state = self.0.state();
        state.steps.clear();
        state.connections = 0;
        state.hold = hold;
        state.frozen = false;
        drop(state);
        self.0.go.notify_waiters();
    }

    /// Waits until a step is held, and the requests before it have been answered or seem to wait.
    pub async fn held(&self) {
        loop {
            let notified = self.0.held.notified();
            if self.0.state().frozen {
                break;
            }
            notified.await;
        }
        let patience = Instant::now() + Duration::from_millis(100);
        while Instant::now() < patience && !self.0.is_silent() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Lets the held step continue, up to the step with this number.
    pub fn go(&self, hold: Option<usize>) {
        let mut state = self.0.state();
        state.hold = hold;
        state.frozen = false;
        drop(state);
        self.0.go.notify_waiters();
    }

    /// The number of steps that have passed.
    pub fn passed(&self) -> usize {
        self.0.state().steps.len()
    }

    /// The requests that have passed.
    pub fn steps(&self) -> Vec<Step> {
        self.0.state().steps.clone()
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Whether every request seems to have been answered.
    fn is_silent(&self) -> bool {
        let state = self.state();
        state.asking == 0 && state.last_byte.is_none_or(|at| at.elapsed() > Duration::from_millis(2))
    }

    /// Lets a request pass when it is its turn; returns the number of the step, counted from 0, if it counts.
    async fn arrive(&self, step: Step) -> Option<usize> {
        if !(self.counts)(&step.text) {
            return None;
        }
        loop {
            let go = self.go.notified();
            {
                let mut state = self.state();
                if !state.frozen && state.hold == Some(state.steps.len() + 1) {
                    state.frozen = true;
                    state.hold = None;
                    self.held.notify_waiters();
                }
                if !state.frozen {
                    state.steps.push(step);
                    return Some(state.steps.len() - 1);
                }
            }
            go.await;
        }
    }
}

/// State shared by both directions of a connection.
#[derive(Default)]
struct Talk {
    /// The text of the statement that is being prepared.
    preparing: Option<String>,
    prepared: HashMap<u32, String>,
    /// The same, if the client chooses the names.
    named: HashMap<Vec<u8>, String>,
    /// The step that is being answered.
    step: Option<usize>,
    asking: bool,
}

struct Up {
    shared: Arc<Shared>,
    talk: Arc<Mutex<Talk>>,
    wire: Wire,
    server: usize,
    connection: usize,
}

impl Up {
    async fn relay(self, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
        let (mut bytes, mut waiting) = (vec![0u8; 64 << 10], Vec::new());
        loop {
            let Ok(n @ 1..) = from.read(&mut bytes).await else { return };
            waiting.extend_from_slice(&bytes[..n]);
            while let Some(length) = self.message(&waiting) {
                let mut message: Vec<u8> = waiting.drain(..length).collect();
                self.request(&message).await;
                if let Some((text, by)) = self.shared.instead {
                    replace(&mut message, text.as_bytes(), by.as_bytes());
                }
                if to.write_all(&message).await.is_err() {
                    return;
                }
            }
        }
    }

    /// The length of the message at the beginning of the bytes.
    fn message(&self, bytes: &[u8]) -> Option<usize> {
        match self.wire {
            Wire::Mysql => {
                let header = bytes.get(..4)?;
                let length =
                    4 + usize::from(header[0]) + (usize::from(header[1]) << 8) + (usize::from(header[2]) << 16);
                (bytes.len() >= length).then_some(length)
            }
            Wire::Postgres => {
                // The first message of a connection has no type byte.
                let letter = usize::from(*bytes.first()? != 0);
                let length = bytes.get(letter..letter + 4)?;
                let length = letter + u32::from_be_bytes(length.try_into().ok()?) as usize;
                (bytes.len() >= length).then_some(length)
            }
            Wire::Tds => {
                let mut at = 0;
                loop {
                    let header = bytes.get(at..at + 8)?;
                    // A TLS record, in which the login is encrypted.
                    if (0x14..=0x17).contains(&header[0]) && header[1] == 3 {
                        let length = 5 + usize::from(header[3]) * 256 + usize::from(header[4]);
                        return (bytes.len() >= at + length).then_some(at + length);
                    }
                    at += usize::from(header[2]) * 256 + usize::from(header[3]);
                    if header[1] & 1 == 1 {
                        return (bytes.len() >= at).then_some(at);
                    }
                }
            }
        }
    }

    async fn request(&self, message: &[u8]) {
        let Some(text) = self.text(message) else { return };
        let asked = contains(message, &self.shared.marker);
        let step = Step { server: self.server, connection: self.connection, text, asked, answered: false };
        let number = self.shared.arrive(step).await;
        let mut state = self.shared.state();
        let mut talk = self.talk.lock().unwrap();
        talk.step = number;
        if number.is_some() && !talk.asking {
            talk.asking = true;
            state.asking += 1;
        }
    }

    /// The statement of a message, if it has one.
    fn text(&self, message: &[u8]) -> Option<String> {
        match self.wire {
            Wire::Mysql => {
                let payload = message.get(4..)?;
                let mut talk = self.talk.lock().unwrap();
                match (message[3], payload.first()?) {
                    (0, 0x03) => Some(line(&payload[1..])),
                    (0, 0x16) => {
                        talk.preparing = Some(line(&payload[1..]));
                        None
                    }
                    (0, 0x17) => talk.prepared.get(&u32::from_le_bytes(payload.get(1..5)?.try_into().ok()?)).cloned(),
                    _ => None,
                }
            }
            Wire::Postgres => {
                let payload = message.get(5..)?;
                let mut parts = payload.split(|byte| *byte == 0);
                let mut talk = self.talk.lock().unwrap();
                match message[0] {
                    b'Q' => Some(line(parts.next()?)),
                    b'P' => {
                        let name = parts.next()?.to_vec();
                        talk.named.insert(name, line(parts.next()?));
                        None
                    }
                    // The name of a portal, and then that of the statement.
                    b'B' => talk.named.get(parts.nth(1)?).cloned(),
                    _ => None,
                }
            }
            Wire::Tds => match message[0] {
                1 | 3 => {
                    let mut payload = Vec::with_capacity(message.len());
                    let mut rest = message;
                    while rest.len() >= 8 {
                        let length = (usize::from(rest[2]) * 256 + usize::from(rest[3])).clamp(8, rest.len());
                        payload.extend_from_slice(&rest[8..length]);
                        rest = &rest[length..];
                    }
                    Some(longest_text(&payload))
                }
                // Transaction manager requests: 5 begins, 7 commits, 8 rolls back.
                14 => match message.get(30) {
                    Some(5) => Some("START TRANSACTION".to_owned()),
                    Some(7) => Some("COMMIT".to_owned()),
                    Some(8) => Some("ROLLBACK".to_owned()),
                    _ => Some("TRANSACTION".to_owned()),
                },
                _ => None,
            },
        }
    }
}

struct Down {
    shared: Arc<Shared>,
    talk: Arc<Mutex<Talk>>,
    wire: Wire,
}

impl Down {
    async fn relay(self, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
        let mut bytes = vec![0u8; 64 << 10];
        let (mut packets, mut tail) = (Packets::default(), Vec::new());
        loop {
            let Ok(n @ 1..) = from.read(&mut bytes).await else {
                let mut state = self.shared.state();
                state.asking -= usize::from(std::mem::take(&mut self.talk.lock().unwrap().asking));
                return;
            };
            if self.wire == Wire::Mysql {
                packets.read(&bytes[..n], |first| {
                    let mut talk = self.talk.lock().unwrap();
                    if let Some(text) = talk.preparing.take()
                        && first[0] == 0
                    {
                        let id = u32::from_le_bytes([first[1], first[2], first[3], first[4]]);
                        talk.prepared.insert(id, text);
                    }
                });
            }
            {
                let mut state = self.shared.state();
                let mut talk = self.talk.lock().unwrap();
                state.last_byte = Some(Instant::now());
                state.asking -= usize::from(std::mem::take(&mut talk.asking));
                tail.extend_from_slice(&bytes[..n]);
                if let Some(step) = talk.step
                    && contains(&tail, &self.shared.marker)
                    && let Some(step) = state.steps.get_mut(step)
                {
                    step.answered = true;
                }
                // Bytes that the next ones may complete.
                let kept = tail.len().saturating_sub(2 * self.shared.marker.len() - 1);
                tail.drain(..kept);
            }
            if to.write_all(&bytes[..n]).await.is_err() {
                return;
            }
        }
    }
}

/// Finds the packets of MySQL's protocol in the data of a server, and returns the first five bytes of each packet that
/// may be the answer to a command.
#[derive(Default)]
struct Packets {
    header: Vec<u8>,
    /// Remaining bytes of the packet.
    left: usize,
    head: Option<Vec<u8>>,
}

impl Packets {
    fn read(&mut self, mut bytes: &[u8], mut first: impl FnMut(&[u8])) {
        while !bytes.is_empty() {
            if self.left == 0 {
                let take = (4 - self.header.len()).min(bytes.len());
                self.header.extend_from_slice(&bytes[..take]);
                bytes = &bytes[take..];
                if self.header.len() == 4 {
                    let h = &self.header;
                    self.left = usize::from(h[0]) + (usize::from(h[1]) << 8) + (usize::from(h[2]) << 16);
                    self.head = (h[3] == 1).then(Vec::new);
                    self.header.clear();
                }
                continue;
            }
            let take = self.left.min(bytes.len());
            if let Some(head) = &mut self.head {
                head.extend_from_slice(&bytes[..take.min(5 - head.len())]);
                if head.len() == 5 {
                    first(head);
                    self.head = None;
                }
            }
            self.left -= take;
            bytes = &bytes[take..];
        }
    }
}

fn replace(message: &mut [u8], text: &[u8], by: &[u8]) {
    for at in 0..message.len().saturating_sub(text.len() - 1) {
        if message[at..].starts_with(text) {
            message[at..at + by.len()].copy_from_slice(by);
        }
    }
}

fn contains(bytes: &[u8], marker: &[u8]) -> bool {
    let wide: Vec<u8> = marker.iter().flat_map(|byte| [*byte, 0]).collect();
    bytes.windows(marker.len()).any(|window| window == marker) || bytes.windows(wide.len()).any(|w| w == wide)
}

/// A statement without its comments, in one line.
fn line(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with("--"));
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

/// The longest sequence of printable UTF-16 characters, which is the statement in a TDS request.
fn longest_text(payload: &[u8]) -> String {
    let mut longest = String::new();
    for shift in [0, 1] {
        let mut run = String::new();
        for unit in payload.get(shift..).unwrap_or_default().chunks_exact(2) {
            match u16::from_le_bytes([unit[0], unit[1]]) {
                c @ (0x20..=0x7e | 0x09 | 0x0a | 0x0d) => run.push(char::from(u8::try_from(c).unwrap())),
                _ => run.clear(),
            }
            if run.len() > longest.len() {
                longest.clone_from(&run);
            }
        }
    }
    line(longest.as_bytes())
}
