//! The option that limits the length of a list.

use crate::context::Context;
use crate::ui::count;

#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct LimitArgs {
    /// Maximum number of lines in the table; 0 for all [default: all]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

impl LimitArgs {
    /// Tells whether --limit was given.
    pub fn is_given(self) -> bool {
        self.limit.is_some_and(|limit| limit > 0)
    }

    /// Shortens a sorted list, and prints a note about it.
    pub fn cut<T>(self, cx: &Context, rows: &mut Vec<T>) {
        let all = rows.len();
        if let Some(limit) = self.limit.filter(|limit| (1..all).contains(limit)) {
            rows.truncate(limit);
            cx.ui.note(format!("Showing the first {} of {}. All: --limit 0", count(limit as u64), count(all as u64)));
        }
    }
}
