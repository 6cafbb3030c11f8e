//! Results that `--quiet` hides. They are kept, and printed if the run fails or finds something.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

/// All clones share one buffer.
#[derive(Debug, Clone, Default)]
pub struct HiddenOutput(Arc<Mutex<Vec<u8>>>);

impl HiddenOutput {
    /// Returns and removes the contents.
    pub fn take(&self) -> Vec<u8> {
        self.0.lock().map(|mut held| std::mem::take(&mut *held)).unwrap_or_default()
    }
}

impl Write for HiddenOutput {
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
