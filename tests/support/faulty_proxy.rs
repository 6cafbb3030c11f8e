//! A TCP proxy that behaves like a failing network: it cuts connections after a number of bytes, or acknowledges data
//! without forwarding them, or forwards them late.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A proxy in front of a server, as long as the test's runtime exists.
pub struct Proxy {
    pub port: u16,
    faults: Arc<Faults>,
}

struct Faults {
    /// Number of bytes after which every connection is cut, for both directions and all connections together.
    cut: AtomicI64,
    /// Number of bytes after which nothing more is forwarded, counted in the same way.
    swallow: AtomicI64,
    /// Connections up to this number forward nothing; later ones do.
    swallowed: AtomicU32,
    accepted: AtomicU32,
    delay_ms: AtomicU64,
    /// Whether the server's side of a connection stays open after the client's side is closed.
    holds: AtomicBool,
    /// Whether held connections are closed.
    closes_held: AtomicBool,
    /// Number of received bytes.
    seen: AtomicU64,
}

impl Proxy {
    /// Listens, and forwards everything to `upstream` until told otherwise.
    pub async fn to(upstream: String) -> Proxy {
        Proxy::at("127.0.0.1", upstream).await
    }

    /// As [`Proxy::to`], at an address of this machine.
    pub async fn at(address: &str, upstream: String) -> Proxy {
        let listener = TcpListener::bind((address, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let faults = Arc::new(Faults {
            cut: AtomicI64::new(i64::MAX),
            swallow: AtomicI64::new(i64::MAX),
            swallowed: AtomicU32::new(0),
            accepted: AtomicU32::new(0),
            delay_ms: AtomicU64::new(0),
            holds: AtomicBool::new(false),
            closes_held: AtomicBool::new(false),
            seen: AtomicU64::new(0),
        });
        let shared = Arc::clone(&faults);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(&upstream).await else { continue };
                let number = shared.accepted.fetch_add(1, Ordering::SeqCst) + 1;
                tokio::spawn(relay(client, server, number, Arc::clone(&shared)));
            }
        });
        Proxy { port, faults }
    }

    /// The same URL through the proxy; `query` is appended.
    pub fn url(&self, url: &str, port: u16, query: &str) -> String {
        let url = url.replacen(&format!(":{port}/"), &format!(":{}/", self.port), 1);
        let sign = if url.contains('?') { '&' } else { '?' };
        if query.is_empty() { url } else { format!("{url}{sign}{query}") }
    }

    /// Forwards everything again.
    pub fn heal(&self) {
        self.cut_after(i64::MAX);
        self.swallow_after(i64::MAX);
        self.delay(Duration::ZERO);
        self.hold(false);
    }

    /// Keeps the server's side of connections open after the client's side is closed, like a network that does not
    /// report it.
    pub fn hold(&self, holds: bool) {
        self.faults.holds.store(holds, Ordering::SeqCst);
        self.faults.closes_held.store(false, Ordering::SeqCst);
    }

    /// Closes the held connections, like a proxy whose timeout has expired.
    pub fn close_held(&self) {
        self.faults.closes_held.store(true, Ordering::SeqCst);
    }

    /// Number of received bytes, without resetting it.
    pub fn passed(&self) -> u64 {
        self.faults.seen.load(Ordering::SeqCst)
    }

    /// Forwards this number of bytes, for both directions and all connections together, and then cuts.
    pub fn cut_after(&self, bytes: i64) {
        self.faults.cut.store(bytes, Ordering::SeqCst);
    }

    /// Forwards this number of bytes, and then drops everything.
    pub fn swallow_after(&self, bytes: i64) {
        self.faults.swallow.store(bytes, Ordering::SeqCst);
    }

    /// Drops everything on the open connections; new ones work.
    pub fn swallow_open(&self) {
        self.faults.swallowed.store(self.faults.accepted.load(Ordering::SeqCst), Ordering::SeqCst);
    }

    /// Forwards everything with this delay.
    pub fn delay(&self, by: Duration) {
        self.faults.delay_ms.store(u64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }

    /// Number of bytes received since the last call.
    pub fn seen(&self) -> u64 {
        self.faults.seen.swap(0, Ordering::SeqCst)
    }
}

async fn relay(mut client: TcpStream, mut server: TcpStream, number: u32, faults: Arc<Faults>) {
    let (mut up, mut down) = ([0u8; 4096], [0u8; 4096]);
    loop {
        let passed = tokio::select! {
            read = client.read(&mut up) => pass(read, &up, &mut server, number, &faults).await,
            read = server.read(&mut down) => pass(read, &down, &mut client, number, &faults).await,
        };
        if !passed && faults.holds.load(Ordering::SeqCst) {
            // Until the server closes it.
            drop(client);
            let closed = async {
                while !faults.closes_held.load(Ordering::SeqCst) {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            };
            let given_up = async { while server.read(&mut down).await.is_ok_and(|n| n > 0) {} };
            tokio::select! {
                () = given_up => {}
                () = closed => {}
            }
            return;
        }
        // Dropping both sides closes them.
        if !passed {
            return;
        }
    }
}

async fn pass(read: std::io::Result<usize>, bytes: &[u8], to: &mut TcpStream, number: u32, faults: &Faults) -> bool {
    let Ok(n @ 1..) = read else { return false };
    faults.seen.fetch_add(n as u64, Ordering::SeqCst);
    let delay = faults.delay_ms.load(Ordering::SeqCst);
    if delay > 0 {
        tokio::time::sleep(Duration::from_millis(delay)).await;
    }
    if number <= faults.swallowed.load(Ordering::SeqCst) {
        return true;
    }
    let left = |of: &AtomicI64| usize::try_from(of.fetch_sub(n as i64, Ordering::SeqCst).clamp(0, n as i64)).unwrap();
    let passed = left(&faults.swallow);
    let allowed = left(&faults.cut);
    to.write_all(&bytes[..allowed.min(passed)]).await.is_ok() && allowed == n
}
