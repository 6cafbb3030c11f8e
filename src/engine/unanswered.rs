//! Whether a server has stopped answering, for all connections of a run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{DbError, DbErrorKind};

/// Whether a server was given up because a second connection was not answered either. All clones of a target
/// share it: what a run does afterwards fails at once and does not wait again.
#[derive(Debug, Clone, Default)]
pub struct Unanswered(Arc<AtomicBool>);

impl Unanswered {
    pub(super) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// The error of what comes later.
    ///
    /// # Errors
    /// [`DbErrorKind::Unreachable`], where the server was given up.
    pub(super) fn check(&self) -> Result<(), DbError> {
        if self.is_set() {
            return Err(DbError::new(DbErrorKind::Unreachable, "", "the server has stopped answering"));
        }
        Ok(())
    }
}
