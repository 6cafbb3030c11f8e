//! A TCP proxy that cuts every connection through it after so many bytes.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A proxy in front of a server, for as long as the test's runtime lives.
pub struct Proxy {
    pub port: u16,
    left: Arc<AtomicI64>,
}

impl Proxy {
    /// Listens, and passes on to `upstream` without end until [`Proxy::cut_after`] is called.
    pub async fn to(upstream: String) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let left = Arc::new(AtomicI64::new(i64::MAX));
        let shared = Arc::clone(&left);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(&upstream).await else { continue };
                tokio::spawn(relay(client, server, Arc::clone(&shared)));
            }
        });
        Proxy { port, left }
    }

    /// Lets so many bytes more pass, in both directions and all connections together.
    pub fn cut_after(&self, bytes: i64) {
        self.left.store(bytes, Ordering::SeqCst);
    }
}

async fn relay(mut client: TcpStream, mut server: TcpStream, left: Arc<AtomicI64>) {
    let (mut up, mut down) = ([0u8; 4096], [0u8; 4096]);
    loop {
        let passed = tokio::select! {
            read = client.read(&mut up) => pass(read, &up, &mut server, &left).await,
            read = server.read(&mut down) => pass(read, &down, &mut client, &left).await,
        };
        // Dropping both ends closes them.
        if !passed {
            return;
        }
    }
}

async fn pass(read: std::io::Result<usize>, bytes: &[u8], to: &mut TcpStream, left: &AtomicI64) -> bool {
    let Ok(n @ 1..) = read else { return false };
    let before = left.fetch_sub(n as i64, Ordering::SeqCst);
    let allowed = usize::try_from(before.clamp(0, n as i64)).unwrap();
    to.write_all(&bytes[..allowed]).await.is_ok() && allowed == n
}
