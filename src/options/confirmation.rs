//! The option that skips the confirmation before a command changes more than one session.

#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct YesArgs {
    /// Do not ask for confirmation (without a terminal the program never asks)
    #[arg(short = 'y', long)]
    pub yes: bool,
}
