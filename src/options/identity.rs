//! The option with the secret keys for encrypted archives.

use std::path::PathBuf;

use crate::context::Context;
use crate::endpoint::Identities;

/// For every command that reads archives.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct IdentityArgs {
    /// File with the age secret key for an encrypted archive; repeatable
    #[arg(long, value_name = "FILE")]
    identity: Vec<PathBuf>,
}

impl IdentityArgs {
    pub fn identities(&self, cx: &Context) -> Identities {
        for file in &self.identity {
            cx.warn_of_readers("the secret key in", file);
        }
        Identities::of(&self.identity)
    }
}
