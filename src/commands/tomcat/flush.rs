//! `tomcat flush`: what is only in memory comes into the table now.

use crate::context::Context;
use crate::failure::Failure;
use crate::operations::tomcat::background_run::{BackgroundRun, BackgroundRunReport, Verb};
use crate::operations::tomcat::temporary_settings::save_all;
use crate::options::background_pass::BackgroundRunArgs;

/// Have running Tomcats write every session in memory to the table now
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
maxIdleBackup is 0 and processExpiresFrequency 1 for one background pass, then they are what they were; \
a state file that is written before keeps the old values, and the next call puts them back where this \
one could not. Sessions stay in memory. Then the table is read until each session that was in memory has \
a row as new as it was; what has none is named, exit 3.

The pass runs with the class loader of the Manager webapp. A JDBC driver that lies in WEB-INF/lib, and \
not in Tomcat's lib where it belongs, is not found by it before the pool was used by Tomcat itself.

Exit status:
  0    done: every session in memory has a current row
  1    failed; no application there has a Manager with a Store, or it is under maintenance
  3    sessions without a current row, or a Tomcat that did not answer; both are named
  10   cannot reach the database or any Tomcat, or log in to it
  11   the session table is missing or has the wrong shape
  12   another run is at work with the same state file
  130  interrupted: the old values were put back
  143  terminated: likewise

Examples:
  tomcat-sessions tomcat flush --manager https://admin@tomcat1:8443/manager --manager-password-file mgr.pw
  tomcat-sessions tomcat flush --managers-file nodes --app demo --format json")]
pub struct Args {
    #[command(flatten)]
    steer: BackgroundRunArgs,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    let mut background_run = BackgroundRun::begin(cx, &args.steer).await?;
    let before = background_run.memory(!args.steer.no_verify).await?;
    background_run.pass(&save_all).await?;
    let missing = background_run.missing(&before).await?;
    let applications = background_run.applications(&before).await?;
    background_run.conclude(&mut BackgroundRunReport::new("tomcat flush", Verb::Flush, applications, missing)).await
}
