//! `version`.

use serde::Serialize;

use crate::context::Context;
use crate::failure::{DONE, Failure};
use crate::ui::{Page, Report};

/// Print the version of the program
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Exit status:
  0  done
  2  usage error

Examples:
  tomcat-sessions version
  tomcat-sessions version --format json")]
pub struct Args {}

#[derive(Serialize)]
struct Version {
    command: &'static str,
    version: &'static str,
}

impl Report for Version {
    const DOCUMENT: bool = true;

    fn page(&self, page: &mut Page) {
        page.line(format!("tomcat-sessions {}", self.version));
    }
}

pub fn run(_: &Args, cx: &Context) -> Result<u8, Failure> {
    cx.ui.report(&Version { command: "version", version: env!("CARGO_PKG_VERSION") })?;
    Ok(DONE)
}
