//! `help`: prints the help of a command, like `--help`.

use crate::context::Context;
use crate::failure::{DONE, Failure};

/// Print the help of the program or of a command
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
`tomcat-sessions help COMMAND` prints the same as `tomcat-sessions COMMAND --help`. -h is shorter: \
it shows only the most used options.

Exit status:
  0  done
  2  there is no such command

Examples:
  tomcat-sessions help
  tomcat-sessions help tomcat lint")]
pub struct Args {
    /// Command, in one or two words such as `tomcat config`; without it, the help of the program
    command: Vec<String>,
}

pub fn run(args: &Args, cx: &Context) -> Result<u8, Failure> {
    let mut grammar = (cx.grammar)();
    grammar.build();
    let mut command = &mut grammar;
    for name in &args.command {
        let program = command.get_bin_name().unwrap_or("tomcat-sessions").to_owned();
        command = command.find_subcommand_mut(name).ok_or_else(|| {
            Failure::usage(format!("there is no command `{name}`")).hint(format!("`{program} --help` lists them"))
        })?;
    }
    cx.ui.text(command.render_long_help().to_string().as_bytes())?;
    Ok(DONE)
}
