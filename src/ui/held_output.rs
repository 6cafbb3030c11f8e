//! Results that `--quiet` hides: they are kept, and printed where the run turns out not to be all right.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

/// All clones are one.
#[derive(Debug, Clone, Default)]
pub struct HeldOutput(Arc<Mutex<Vec<u8>>>);

impl HeldOutput {
    /// What was written since the last time.
    pub fn take(&self) -> Vec<u8> {
        self.0.lock().map(|mut held| std::mem::take(&mut *held)).unwrap_or_default()
    }
}

impl Write for HeldOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Ok(mut held) = self.0.lock() {
            held.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
