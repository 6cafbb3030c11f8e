//! The sockets of connections. TCP keepalive: probes on a quiet connection, so that firewalls do not forget it, and a
//! time limit for a connection whose packets disappear.

use std::fs;
use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd, RawFd};
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};

/// Maximum pause before the first probe: shorter than the idle timeouts of firewalls and load balancers.
const FIRST_PROBE: Duration = Duration::from_secs(15);
/// Number of lost probes after which a connection is lost.
const PROBES: u32 = 4;

/// Makes the system send probes on a quiet connection, and close it if neither they nor data are acknowledged for
/// `silence`.
pub(super) fn keep_alive(socket: &impl AsFd, silence: Duration) -> std::io::Result<()> {
    let socket = SockRef::from(socket);
    let first = FIRST_PROBE.min(silence / 4).max(Duration::from_secs(1));
    let pause = (silence.saturating_sub(first) / PROBES).max(Duration::from_secs(1));
    let probes = TcpKeepalive::new().with_time(first).with_interval(pause).with_retries(PROBES);
    socket.set_tcp_keepalive(&probes)?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(silence))?;
    Ok(())
}

/// As [`keep_alive`], for every connection of this process to this port: sqlx creates its sockets itself and does not
/// expose them. Connections that cannot be found are not changed.
pub(super) fn keep_alive_all(port: u16, silence: Duration) {
    for socket in connections_to(port) {
        let _ = keep_alive(&socket, silence);
    }
}

/// The local address of every connection of this process to this port.
pub(super) fn local_addresses(port: u16) -> Vec<SocketAddr> {
    let address = |socket: BorrowedFd<'_>| SockRef::from(&socket).local_addr().ok()?.as_socket();
    connections_to(port).into_iter().filter_map(address).collect()
}

fn connections_to(port: u16) -> Vec<BorrowedFd<'static>> {
    let Ok(entries) = fs::read_dir("/dev/fd") else { return Vec::new() };
    let open: Vec<RawFd> = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    let goes_there = |socket: &BorrowedFd<'_>| {
        let peer = SockRef::from(socket).peer_addr().ok().and_then(|peer| peer.as_socket());
        peer.is_some_and(|peer| peer.port() == port)
    };
    open.into_iter().map(borrowed).filter(goes_there).collect()
}

/// Borrows a descriptor without duplicating it: closing a duplicate would release all locks of this process on the
/// file behind it (POSIX, `fcntl`). For an SQLite file, another process would then consider itself the last one, and
/// delete the log to which this process writes.
#[expect(unsafe_code, reason = "the only way to a socket that a driver made and keeps to itself")]
fn borrowed(open: RawFd) -> BorrowedFd<'static> {
    // SAFETY: the descriptor was open a moment ago and is used for two calls only, which query an address and set
    // options. They touch neither memory nor a file, and fail if another thread has closed or replaced it.
    unsafe { BorrowedFd::borrow_raw(open) }
}
