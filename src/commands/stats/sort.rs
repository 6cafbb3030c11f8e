//! The sort order of the lines.

use std::cmp::Reverse;

use clap::ValueEnum;

use crate::session::AppTotals;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    /// Name, in alphabetical order
    #[default]
    Name,
    /// Number of sessions
    Sessions,
    /// Bytes of session data
    Size,
    /// Number of expired sessions
    Expired,
    /// Time that a session has been expired
    Oldest,
}

impl Sort {
    /// Sorts applications, which are already sorted by name.
    pub fn sort(self, applications: &mut [AppTotals]) {
        match self {
            Sort::Name => {}
            Sort::Sessions => applications.sort_by_key(|app| Reverse(app.sessions)),
            Sort::Size => applications.sort_by_key(|app| Reverse(app.bytes)),
            Sort::Expired => applications.sort_by_key(|app| Reverse(app.expired)),
            Sort::Oldest => applications.sort_by_key(|app| Reverse(app.oldest_expired_ms)),
        }
    }
}
