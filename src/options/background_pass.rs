//! Options of background passes of running Tomcats: the state file, and the time limit of a pass.

use std::path::PathBuf;
use std::time::Duration;

use crate::options::managers::ManagerArgs;
use crate::options::value_parsers::duration;

#[derive(Debug, clap::Args)]
pub struct PassArgs {
    /// File that keeps the original settings of the Tomcats' Managers until they are restored [default:
    /// ~/.local/state/tomcat-sessions/tomcats.json]
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub state_file: Option<PathBuf>,
    /// Time limit for a Tomcat's background pass over the sessions of one application
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = duration, hide_short_help = true)]
    pub wait: Duration,
    /// Show what would be done, without doing it
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}

#[derive(Debug, clap::Args)]
pub struct BackgroundRunArgs {
    /// Application: app_name, short name such as `demo`, glob, or list (shop,crm); repeatable
    #[arg(long, value_name = "NAME")]
    pub app: Vec<String>,
    /// Do not use the store, and verify nothing
    #[arg(long)]
    pub no_verify: bool,
    #[command(flatten)]
    pub pass: PassArgs,
    #[command(flatten)]
    pub nodes: ManagerArgs,
}
