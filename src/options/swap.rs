//! Options for the swap table, and for another store.

use std::path::PathBuf;

use crate::context::Context;
use crate::failure::Failure;
use crate::store::{Naming, SessionStore};

#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct SwappedArgs {
    /// Use the swap table instead of the live table
    #[arg(long)]
    swapped: bool,
}

impl SwappedArgs {
    pub fn is_wanted(self) -> bool {
        self.swapped
    }

    /// Opens the selected table.
    pub async fn open(self, cx: &Context) -> Result<SessionStore, Failure> {
        let store = cx.open().await?;
        Ok(if self.swapped { store.into_swap_table().await?.0 } else { store })
    }

    /// The name of the table as given by the user; `None` for the default name.
    pub fn table(self, naming: &Naming) -> Option<String> {
        if !self.swapped {
            return naming.table.clone();
        }
        let live = || naming.table.as_deref().unwrap_or("tomcat_sessions");
        Some(naming.swap_table.clone().unwrap_or_else(|| format!("{}_swapped", live())))
    }
}

/// The store to which, or from which, sessions are moved.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "The other store")]
pub struct OtherArgs {
    /// File with the password of the other store
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub other_password_file: Option<PathBuf>,
    /// Table in the other store [default: tomcat_sessions]
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub other_table: Option<String>,
}
