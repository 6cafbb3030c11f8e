//! TCP keepalive: probes on a quiet connection, so that firewalls do not forget it, and a time limit for a connection
//! whose packets disappear.

use std::fs;
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
    let Ok(entries) = fs::read_dir("/dev/fd") else { return };
    let open: Vec<RawFd> = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    for open in open {
        let socket = borrowed(open);
        let goes_there = || Some(SockRef::from(&socket).peer_addr().ok()?.as_socket()?.port() == port);
        if goes_there() == Some(true) {
            let _ = keep_alive(&socket, silence);
        }
    }
}

/// Borrows a descriptor without duplicating it: closing a duplicate would release all locks of this process on the
/// file behind it (POSIX, `fcntl`). For an SQLite file, another process would then consider itself the last one, and
/// delete the log to which this process writes.
#[expect(unsafe_code, reason = "the only way to a socket that a driver made and keeps to itself")]
fn borrowed(open: RawFd) -> BorrowedFd<'static> {
    // SAFETY: the descriptor was open a moment ago and is used for two calls only, which query a peer and set
    // options. They touch neither memory nor a file, and fail if another thread has closed or replaced it.
    unsafe { BorrowedFd::borrow_raw(open) }
}
