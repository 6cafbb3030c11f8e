//! `tomcat`: commands about Tomcats, one file each. To add one, add its file, its `mod` line and its two rows here.

mod config;
mod drain;
mod expire;
mod flush;
mod lint;
mod maintenance;
mod status;
mod swap_out;

use clap::Subcommand;

use crate::context::Context;
use crate::failure::Failure;

/// Generate and check Tomcat's configuration, and control running Tomcats
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Each command has its own help. The commands for running Tomcats use the JMX proxy of the Manager \
application, with a user that has the role manager-jmx: <user username=\"...\" password=\"...\" \
roles=\"manager-jmx\"/> in tomcat-users.xml.

Exit status:
  0    done
  1    failed
  2    usage error, or a file named by an option cannot be read
  3    partially completed: a Tomcat did not answer; the report lists it
  4    findings (lint)
  10   cannot connect or log in to the database or to a Tomcat's Manager application
  11   the session table is missing or has the wrong structure
  12   another run is using the same state file
  130  interrupted: the help of each command says what was done
  143  terminated, in the same way

Examples:
  tomcat-sessions tomcat config --tomcat 10 --url mysql://tomcat@db.example.org/tomcat
  tomcat-sessions tomcat lint /var/lib/tomcat10
  tomcat-sessions tomcat status --manager https://admin@tomcat1:8443/manager")]
pub struct Args {
    #[command(subcommand)]
    command: TomcatCommand,
}

#[derive(Debug, Subcommand)]
enum TomcatCommand {
    Config(config::Args),
    Status(status::Args),
    Flush(flush::Args),
    SwapOut(swap_out::Args),
    Drain(drain::Args),
    Expire(expire::Args),
    Maintenance(maintenance::Args),
    Lint(lint::Args),
}

impl Args {
    /// Tells whether the result can be printed as SARIF.
    pub fn has_sarif(&self) -> bool {
        matches!(self.command, TomcatCommand::Lint(_))
    }
}

/// Runs the subcommand and returns its exit code.
pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    match args.command {
        TomcatCommand::Config(args) => config::run(args, cx),
        TomcatCommand::Status(args) => status::run(args, cx).await,
        TomcatCommand::Flush(args) => flush::run(args, cx).await,
        TomcatCommand::SwapOut(args) => swap_out::run(args, cx).await,
        TomcatCommand::Drain(args) => drain::run(args, cx).await,
        TomcatCommand::Expire(args) => expire::run(args, cx).await,
        TomcatCommand::Maintenance(args) => maintenance::run(args, cx).await,
        TomcatCommand::Lint(args) => lint::run(args, cx).await,
    }
}
