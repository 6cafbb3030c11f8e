//! TCP's own signs of life: probes on a connection that is quiet, so that firewalls on the way remember
//! it, and an end of one whose packets vanish.

use std::fs;
use std::os::fd::{AsFd, BorrowedFd, RawFd};
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};

/// The longest pause before the first probe: shorter than what firewalls and balancers wait.
const FIRST: Duration = Duration::from_secs(15);
/// Probes that are lost before a connection is.
const PROBES: u32 = 4;

/// Has the system send probes where the connection is quiet, and end it where neither they nor data are
/// acknowledged for `silence`.
pub(super) fn keep_alive(socket: &impl AsFd, silence: Duration) -> std::io::Result<()> {
    let socket = SockRef::from(socket);
    let first = FIRST.min(silence / 4).max(Duration::from_secs(1));
    let pause = (silence.saturating_sub(first) / PROBES).max(Duration::from_secs(1));
    let probes = TcpKeepalive::new().with_time(first).with_interval(pause).with_retries(PROBES);
    socket.set_tcp_keepalive(&probes)?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(silence))?;
    Ok(())
}

/// As [`keep_alive`], for every connection of this process to that port: sqlx makes its sockets itself
/// and hands none out. Where they cannot be found, they are left as they are.
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

/// A descriptor as it stands, and no copy of it: to close a copy would give back every lock that this process
/// holds on the file behind it (POSIX, `fcntl`). Of an SQLite file another process would then take itself for the
/// last one, and delete the log to which this one writes.
#[expect(unsafe_code, reason = "the only way to a socket that a driver made and keeps to itself")]
fn borrowed(open: RawFd) -> BorrowedFd<'static> {
    // SAFETY: it was open a moment ago and is used for two calls alone, that ask for a peer and set options. They
    // touch neither memory nor a file, and fail where another thread has closed it, or made something else of it.
    unsafe { BorrowedFd::borrow_raw(open) }
}
