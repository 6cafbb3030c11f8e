//! `completions`: a shell's completion script.

use crate::context::Context;
use crate::failure::{DONE, Failure};

/// Print the completion script of a shell
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
The scripts know the commands, the options and their values, and need nothing else. Completion that \
also knows the applications and the session ids of the store asks the store at each TAB, and waits a \
second at most; ids are completed no further than `list` shows them. It knows the store by --url on \
the line, or by TOMCAT_SESSIONS_URL. For bash, this in ~/.bashrc: source <(COMPLETE=bash tomcat-sessions); \
zsh likewise, and for fish: COMPLETE=fish tomcat-sessions | source

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
