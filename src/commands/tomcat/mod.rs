//! `tomcat`: commands about the Tomcats themselves. One file a subcommand: a new one is its file, its
//! `mod` line and its two rows here.

mod config;

use clap::Subcommand;

use crate::context::Context;
use crate::failure::Failure;

/// Tomcat's side: its configuration
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Each has its own help.

Exit status:
  0  done

Examples:
  tomcat-sessions tomcat config --tomcat 10 --url mysql://tomcat@db.example.org/tomcat
  tomcat-sessions tomcat config --tomcat 9 --store jdbc --url mariadb://tomcat@db.example.org/tomcat")]
pub struct Args {
    #[command(subcommand)]
    command: TomcatCommand,
}

#[derive(Debug, Subcommand)]
enum TomcatCommand {
    Config(config::Args),
}

/// Runs the subcommand and returns its exit code.
pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    match args.command {
        TomcatCommand::Config(args) => config::run(args, cx),
    }
}
