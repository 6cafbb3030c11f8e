//! `tomcat swap-out`: makes running Tomcats move idle sessions from memory to the table.

use std::time::Duration;

use crate::context::Context;
use crate::failure::{Failure, PARTLY};
use crate::operations::tomcat::background_pass::{BackgroundRun, BackgroundRunReport, Verb};
use crate::operations::tomcat::temporary_settings::{save_settings, swap_out_settings};
use crate::options::background_pass::BackgroundRunArgs;
use crate::options::value_parsers::duration;
use crate::ui::plural;

/// Make running Tomcats move idle sessions from memory to the table
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
First all sessions are written, as by `tomcat flush`. A Tomcat that cannot reach its database treats \
a failed save as a success and loses the session; therefore nothing is swapped out unless every row \
exists. Then maxIdleSwap is set to --idle for one background pass. Each Tomcat uses its own clock. \
The sessions return to memory at their next request.

If the activity check is off (the default before 9.0.122, 10.1.60 and 11.0.26), a session can be \
swapped out while a request that runs longer than --idle is still using it.

Exit status:
  0    done
  1    failed; no application has a Manager with a Store; or `tomcat maintenance begin` is in effect
  2    usage error, or a file named by an option cannot be read
  3    some sessions have no current row, so nothing was swapped out; or a Tomcat did not answer
  10   cannot reach the database or any Tomcat, or log in to it
  11   the session table is missing or has the wrong structure
  12   another run is using the same state file
  130  interrupted: the original values were restored
  143  terminated, in the same way

Examples:
  tomcat-sessions tomcat swap-out --idle 30m --manager https://admin@tomcat1:8443/manager
  tomcat-sessions tomcat swap-out --idle 2h --managers-file nodes --app demo")]
pub struct Args {
    /// Minimum time since the last request
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    idle: Duration,
    #[command(flatten)]
    steer: BackgroundRunArgs,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    let idle = i64::try_from(args.idle.as_secs()).unwrap_or(i64::MAX);
    if i32::try_from(idle).is_err() {
        return Err(Failure::usage("--idle is too long for Tomcat").hint("the maximum is 68 years"));
    }
    let mut background_run = BackgroundRun::begin(cx, &args.steer).await?;
    let before = background_run.memory(!args.steer.no_verify).await?;
    if !args.steer.no_verify {
        background_run.pass(&save_settings).await?;
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
                .hint("check that Tomcat can reach its database; a session that it assumes to be saved is saved again after its next request")
                .hint("`tomcat-sessions tomcat flush --format json` lists all of them"));
        }
    }
    background_run.pass(&move |served| swap_out_settings(served, idle)).await?;
    let applications = background_run.applications(&before).await?;
    background_run
        .conclude(&mut BackgroundRunReport::new("tomcat swap-out", Verb::SwapOut, applications, Vec::new()))
        .await
}
