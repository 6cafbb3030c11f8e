//! A socket to which the driver connects instead of the server, for tasks that the driver does not do correctly:
//! checking a certificate without the host name (`tls_proxy`), and logins with a changing salt (`login_proxy`).
//!
//! The socket is in a private directory, and accepts one connection.

use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixListener, UnixStream};

use crate::engine::{DbError, DbErrorKind, Target};
use crate::private_file;

/// Size of the buffer in each direction, in bytes.
pub(super) const BUFFER: usize = 64 << 10;
/// Maximum size of a packet of the handshake, in bytes; real ones are smaller than 600.
const LONGEST_PACKET: usize = 64 << 10;

/// A connection to a server.
pub(super) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// A proxy that waits for the driver.
pub(super) struct LocalProxy {
    dir: TempDir,
    failed: Arc<Mutex<Option<DbError>>>,
}

impl LocalProxy {
    /// Starts to wait for the driver, then connects to the target's server and passes both connections to `serve`.
    ///
    /// # Errors
    /// If the directory for the socket cannot be created.
    pub(super) fn start<F, S>(target: &Target, serve: F) -> Result<LocalProxy, DbError>
    where
        F: FnOnce(UnixStream, Box<dyn Duplex>) -> S + Send + 'static,
        S: Future<Output = Result<(), DbError>> + Send,
    {
        let failed = |e: std::io::Error| DbError::other(format!("cannot make a socket for the connection: {e}"));
        let dir = private_file::temporary_directory().map_err(failed)?;
        let listener = UnixListener::bind(dir.path().join("s")).map_err(failed)?;
        let server = (target.host.clone(), target.port, target.params.get("socket").map(PathBuf::from));
        let failed = Arc::default();
        let proxy = LocalProxy { dir, failed: Arc::clone(&failed) };
        tokio::spawn(async move {
            let Ok((driver, _)) = listener.accept().await else { return };
            drop(listener);
            let result = match connect(server).await {
                Ok(server) => serve(driver, server).await,
                Err(e) => Err(unreachable(e)),
            };
            if let Err(error) = result
                && let Ok(mut failed) = failed.lock()
            {
                *failed = Some(error);
            }
        });
        Ok(proxy)
    }

    /// The socket for the driver.
    pub(super) fn socket(&self) -> PathBuf {
        self.dir.path().join("s")
    }

    /// The reason why the proxy gave up, which is more precise than the driver's error.
    pub(super) fn error(&self) -> Option<DbError> {
        self.failed.lock().ok()?.take()
    }
}

async fn connect((host, port, socket): (String, u16, Option<PathBuf>)) -> std::io::Result<Box<dyn Duplex>> {
    Ok(match socket {
        Some(socket) => Box::new(UnixStream::connect(socket).await?),
        None => {
            let server = TcpStream::connect((host.as_str(), port)).await?;
            let _ = server.set_nodelay(true);
            Box::new(server)
        }
    })
}

/// A packet of MySQL's protocol.
pub(super) struct Packet {
    /// Its sequence number.
    pub(super) number: u8,
    pub(super) payload: Vec<u8>,
}

impl Packet {
    /// Reads three bytes with the length, one with the number, and the contents.
    pub(super) async fn read<A: AsyncRead + Unpin + ?Sized>(from: &mut A) -> std::io::Result<Packet> {
        let mut head = [0; 4];
        from.read_exact(&mut head).await?;
        let [a, b, c, number] = head;
        let length = u32::from_le_bytes([a, b, c, 0]) as usize;
        if length > LONGEST_PACKET {
            return Err(std::io::Error::other("the answer is not MySQL's protocol"));
        }
        let mut payload = vec![0; length];
        from.read_exact(&mut payload).await?;
        Ok(Packet { number, payload })
    }

    pub(super) async fn write<B: AsyncWrite + Unpin + ?Sized>(&self, to: &mut B) -> std::io::Result<()> {
        let length = u32::try_from(self.payload.len()).map_err(std::io::Error::other)?;
        let [a, b, c, _] = length.to_le_bytes();
        to.write_all(&[&[a, b, c, self.number], &self.payload[..]].concat()).await?;
        to.flush().await
    }
}

/// Forwards one packet.
pub(super) async fn pass<A, B>(from: &mut A, to: &mut B) -> std::io::Result<Packet>
where
    A: AsyncRead + Unpin + ?Sized,
    B: AsyncWrite + Unpin + ?Sized,
{
    let packet = Packet::read(from).await?;
    packet.write(to).await?;
    Ok(packet)
}

pub(super) fn unreachable(error: std::io::Error) -> DbError {
    DbError::new(DbErrorKind::Unreachable, "", error.to_string())
}
