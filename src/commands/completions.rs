//! `completions`: a shell's completion script.

use crate::context::Context;
use crate::failure::{DONE, Failure};

/// Print the completion script of a shell
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Exit status:
  0  done

Examples:
  tomcat-sessions completions bash > /etc/bash_completion.d/tomcat-sessions
  tomcat-sessions completions fish > ~/.config/fish/completions/tomcat-sessions.fish")]
pub struct Args {
    shell: clap_complete::Shell,
}

pub fn run(args: &Args, cx: &Context) -> Result<u8, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut (cx.grammar)(), "tomcat-sessions", &mut script);
    cx.ui.text(&script)?;
    Ok(DONE)
}
