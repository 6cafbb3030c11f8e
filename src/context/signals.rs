//! Handles signals in a separate thread: the thread of the connections may be blocked on a pipe or a disk, and a second
//! signal must still end the process.

use std::io::{self, Error};
use std::sync::mpsc;
use std::thread;

use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{self, SignalKind, signal};

use super::exit_code_of;
use crate::store::{GRACE, Signal, Stop};
use crate::ui::Ui;

/// Starts the thread: the first signal requests `stop`, the second one ends the process.
pub fn listen(stop: Stop, ui: &Ui) -> io::Result<()> {
    let (begun, begins) = mpsc::channel();
    let ui = ui.clone();
    let listening = move || match handlers() {
        Ok((runtime, interrupt, terminate)) => {
            let _ = begun.send(Ok(()));
            runtime.block_on(stop_on_signal(interrupt, terminate, &stop, &ui));
        }
        Err(error) => drop(begun.send(Err(error))),
    };
    thread::Builder::new().name("signals".to_owned()).spawn(listening)?;
    begins.recv().map_err(Error::other).flatten()
}

/// The handlers of SIGINT and SIGTERM, and their runtime.
fn handlers() -> io::Result<(Runtime, unix::Signal, unix::Signal)> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let within = runtime.enter();
    let (interrupt, terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    drop(within);
    Ok((runtime, interrupt, terminate))
}

async fn stop_on_signal(mut interrupt: unix::Signal, mut terminate: unix::Signal, stop: &Stop, ui: &Ui) {
    loop {
        let came = tokio::select! {
            _ = interrupt.recv() => Signal::Interrupt,
            _ = terminate.recv() => Signal::Terminate,
        };
        if stop.requested().is_some() {
            std::process::exit(i32::from(exit_code_of(came)));
        }
        stop.request(came);
        let most = GRACE.as_secs();
        ui.note(format!("Stopping after the current batch, within {most} s. A second signal stops it immediately."));
    }
}
