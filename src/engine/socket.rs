//! TCP's own signs of life: probes on a connection that is quiet, so that firewalls on the way remember
//! it, and an end of one whose packets vanish.

use std::fs;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd, RawFd};
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
    for socket in open.into_iter().filter_map(copy) {
        let goes_there = || Some(SockRef::from(&socket).peer_addr().ok()?.as_socket()?.port() == port);
        if goes_there() == Some(true) {
            let _ = keep_alive(&socket, silence);
        }
    }
}

/// A descriptor of the same file.
#[expect(unsafe_code, reason = "the only way to a socket that a driver made and keeps to itself")]
fn copy(open: RawFd) -> Option<OwnedFd> {
    // SAFETY: it was open a moment ago and is borrowed for one call alone, that of dup, which touches
    // neither memory nor the file. Where another thread has closed it meanwhile, dup fails or copies
    // what took its place, and the caller looks at what it got.
    unsafe { BorrowedFd::borrow_raw(open) }.try_clone_to_owned().ok()
}
