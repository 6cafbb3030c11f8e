//! `tomcat swap-out`: idle sessions leave the memory of running Tomcats for the table.

use std::time::Duration;

use crate::context::Context;
use crate::failure::{Failure, PARTLY};
use crate::operations::tomcat::background_run::{BackgroundRun, BackgroundRunReport, Verb};
use crate::operations::tomcat::temporary_settings::{save_all, swapping};
use crate::options::background_pass::BackgroundRunArgs;
use crate::options::values::duration;
use crate::ui::plural;

/// Have running Tomcats move idle sessions from memory to the table
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
First all sessions are written, as by `tomcat flush`: a Tomcat that cannot reach its database believes a \
failed save and loses the session, so that nothing is swapped out unless every row is there. Then \
maxIdleSwap is the time that --idle says for one background pass. Each Tomcat judges by its own clocks; \
the sessions come back by themselves at their next request.

Up to Tomcat 9, and where sessionActivityCheck is off, a session may leave while a request that runs for \
longer than --idle still uses it.

Exit status:
  0    done
  1    failed; no application there has a Manager with a Store, or it is under maintenance
  3    sessions without a current row, and nothing was swapped out, or a Tomcat that did not answer
  10   cannot reach the database or any Tomcat, or log in to it
  11   the session table is missing or has the wrong shape
  12   another run is at work with the same state file
  130  interrupted: the old values were put back
  143  terminated: likewise

Examples:
  tomcat-sessions tomcat swap-out --idle 30m --manager https://admin@tomcat1:8443/manager
  tomcat-sessions tomcat swap-out --idle 2h --managers-file nodes --app demo")]
pub struct Args {
    /// Sessions without a request for as long as this
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    idle: Duration,
    #[command(flatten)]
    steer: BackgroundRunArgs,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    let idle = i64::try_from(args.idle.as_secs()).unwrap_or(i64::MAX);
    if i32::try_from(idle).is_err() {
        return Err(Failure::usage("--idle is longer than Tomcat can count").hint("68 years at most"));
    }
    let mut background_run = BackgroundRun::begin(cx, &args.steer).await?;
    let before = background_run.memory(!args.steer.no_verify).await?;
    if !args.steer.no_verify {
        background_run.pass(&save_all).await?;
        let missing = background_run.missing(&before).await?;
        if !missing.is_empty() || !background_run.errors.is_empty() {
            let shown: Vec<String> = missing.iter().take(3).map(|one| one.to_string()).collect();
            for error in &background_run.errors {
                cx.ui.warn(format!("{error}."));
            }
            let failure = Failure::failed(format!(
                "not every session in memory has a current row ({} without: {}); nothing was swapped out",
                plural(missing.len() as u64, "session"),
                shown.join(", ")
            ));
            return Err(Failure { code: PARTLY, ..failure }
                .hint("does Tomcat reach its database? A session that it believes saved is saved again after its next request")
                .hint("`tomcat-sessions tomcat flush --format json` names them all"));
        }
    }
    background_run.pass(&move |served| swapping(served, idle)).await?;
    let applications = background_run.applications(&before).await?;
    background_run
        .conclude(&mut BackgroundRunReport::new("tomcat swap-out", Verb::SwapOut, applications, Vec::new()))
        .await
}
