//! The commands, one file each: the arguments, the execution and the report.
//!
//! To add a command, add its file, its `mod` line, its row in [`Command`] and its row in [`Command::run`].

mod audit;
mod check;
mod completions;
mod delete;
mod demo;
mod expire;
mod export;
mod help;
mod import;
mod init_db;
mod list;
mod logout;
mod man;
mod migrate;
mod prune;
mod show;
mod stats;
mod stores;
mod swap_in;
mod swap_out;
mod tomcat;
mod verify;
mod version;

use clap::Subcommand;

pub use man::pages as man_pages;

use crate::context::Context;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub enum Command {
    InitDb(init_db::Args),
    List(list::Args),
    Show(show::Args),
    Stats(stats::Args),
    Check(check::Args),
    Audit(audit::Args),
    Expire(expire::Args),
    Delete(delete::Args),
    Logout(logout::Args),
    SwapOut(swap_out::Args),
    SwapIn(swap_in::Args),
    Migrate(migrate::Args),
    Verify(verify::Args),
    Export(export::Args),
    Import(import::Args),
    Prune(prune::Args),
    Tomcat(tomcat::Args),
    Stores(stores::Args),
    Demo(demo::Args),
    Completions(completions::Args),
    Man(man::Args),
    Help(help::Args),
    Version(version::Args),
}

impl Command {
    /// Tells whether the result can be printed as SARIF.
    pub fn has_sarif(&self) -> bool {
        matches!(self, Command::Tomcat(args) if args.has_sarif())
    }

    /// Runs the command and returns its exit code.
    pub async fn run(self, cx: &Context) -> Result<u8, Failure> {
        match self {
            Command::InitDb(args) => init_db::run(args, cx).await,
            Command::List(args) => list::run(args, cx).await,
            Command::Show(args) => show::run(args, cx).await,
            Command::Stats(args) => stats::run(args, cx).await,
            Command::Check(args) => check::run(args, cx).await,
            Command::Audit(args) => audit::run(args, cx).await,
            Command::Expire(args) => expire::run(args, cx).await,
            Command::Delete(args) => delete::run(args, cx).await,
            Command::Logout(args) => logout::run(args, cx).await,
            Command::SwapOut(args) => swap_out::run(args, cx).await,
            Command::SwapIn(args) => swap_in::run(args, cx).await,
            Command::Migrate(args) => migrate::run(args, cx).await,
            Command::Verify(args) => verify::run(args, cx).await,
            Command::Export(args) => export::run(args, cx).await,
            Command::Import(args) => import::run(args, cx).await,
            Command::Prune(args) => prune::run(args, cx).await,
            Command::Tomcat(args) => tomcat::run(args, cx).await,
            Command::Stores(args) => stores::run(args, cx).await,
            Command::Demo(args) => demo::run(args, cx).await,
            Command::Completions(args) => completions::run(&args, cx),
            Command::Man(args) => man::run(&args, cx),
            Command::Help(args) => help::run(&args, cx),
            Command::Version(args) => version::run(&args, cx),
        }
    }
}
