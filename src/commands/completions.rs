//! `completions`: a shell's completion script.

use crate::context::Context;
use crate::failure::{DONE, Failure};

/// Print the completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
The scripts complete commands, options and their values. Dynamic completion also completes \
applications and session ids from the store in --url or TOMCAT_SESSIONS_URL. It queries the store \
at each TAB and waits at most one second; ids are completed only as far as the prefix that `list` \
shows. To enable it in bash, add this to ~/.bashrc: source <(COMPLETE=bash tomcat-sessions). For \
zsh, use COMPLETE=zsh in the same way; for fish: COMPLETE=fish tomcat-sessions | source

Exit status:
  0  done
  2  usage error

Examples:
  tomcat-sessions completions bash > /etc/bash_completion.d/tomcat-sessions
  tomcat-sessions completions fish > ~/.config/fish/completions/tomcat-sessions.fish")]
pub struct Args {
    /// Name of the shell
    shell: clap_complete::Shell,
}

pub fn run(args: &Args, cx: &Context) -> Result<u8, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut (cx.grammar)(), "tomcat-sessions", &mut script);
    cx.ui.text(&script)?;
    Ok(DONE)
}
