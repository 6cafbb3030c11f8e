//! Records, for all connections of a run, that a server has stopped answering.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{DbError, DbErrorKind};

/// Whether a server was given up because it did not answer a second connection either. All clones of a target share
/// it: later operations of the run fail at once instead of waiting again.
#[derive(Debug, Clone, Default)]
pub struct Unresponsive(Arc<AtomicBool>);

impl Unresponsive {
    pub(super) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Returns the error of later operations.
    ///
    /// # Errors
    /// [`DbErrorKind::Unreachable`], if the server was given up.
    pub(super) fn check(&self) -> Result<(), DbError> {
        if self.is_set() {
            return Err(DbError::new(DbErrorKind::Unreachable, "", "the server has stopped answering"));
        }
        Ok(())
    }
}
