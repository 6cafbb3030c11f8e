//! `man`: the man pages.

use crate::context::Context;
use crate::failure::{DONE, Failure};

/// Print the man page, or that of a command
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Exit status:
  0  done
  2  there is no such command

Examples:
  tomcat-sessions man | man -l -
  tomcat-sessions man expire > tomcat-sessions-expire.1")]
pub struct Args {
    /// The command; the program's own page without one
    command: Option<String>,
}

pub fn run(args: &Args, cx: &Context) -> Result<u8, Failure> {
    let mut grammar = (cx.grammar)();
    grammar.build();
    let page = match &args.command {
        None => grammar,
        Some(name) => {
            let Some(command) = grammar.find_subcommand(name) else {
                return Err(
                    Failure::usage(format!("there is no command `{name}`")).hint("`tomcat-sessions --help` lists them")
                );
            };
            command.clone()
        }
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    cx.ui.text(&text)?;
    Ok(DONE)
}
