//! Background passes of running Tomcats: where the old values are kept, and how long a pass may take.

use std::path::PathBuf;
use std::time::Duration;

use crate::options::managers::ManagerArgs;
use crate::options::values::duration;

#[derive(Debug, clap::Args)]
pub struct PassArgs {
    /// Where what was changed is kept until it is put back
    /// [default: ~/.local/state/tomcat-sessions/tomcats.json]
    #[arg(long, value_name = "FILE")]
    pub state_file: Option<PathBuf>,
    /// What a pass over the sessions of one application may take
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = duration)]
    pub wait: Duration,
    /// Say what would be done, and change nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}

#[derive(Debug, clap::Args)]
pub struct BackgroundRunArgs {
    #[command(flatten)]
    pub nodes: ManagerArgs,
    /// Applications: an app_name, a short name as `demo`, a glob, or a list (shop,crm); may be repeated
    #[arg(long, value_name = "NAME")]
    pub app: Vec<String>,
    #[command(flatten)]
    pub pass: PassArgs,
    /// Do without the store: nothing is verified
    #[arg(long)]
    pub no_verify: bool,
}
