//! `tomcat flush`: makes running Tomcats write the sessions in memory to the table.

use crate::context::Context;
use crate::failure::Failure;
use crate::operations::tomcat::background_pass::{BackgroundRun, BackgroundRunReport, Verb};
use crate::operations::tomcat::temporary_settings::save_settings;
use crate::options::background_pass::BackgroundRunArgs;

/// Make running Tomcats write all sessions in memory to the table
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
For one background pass, maxIdleBackup is set to 0 and processExpiresFrequency to 1; then the \
original values are restored. A state file stores the original values first; if this run cannot \
restore them, the next one does. Sessions stay in memory. Then the table is read until each session \
that was in memory has a current row. Sessions without one are listed, and the exit code is 3.

Put the JDBC driver into Tomcat's lib directory. The pass runs with the class loader of the Manager \
application: it can load a driver in WEB-INF/lib of the application only after Tomcat itself has used the \
connection pool.

Exit status:
  0    done: every session in memory has a current row
  1    failed; no application has a Manager with a Store; or `tomcat maintenance begin` is in effect
  2    usage error, or a file named by an option cannot be read
  3    some sessions have no current row, or a Tomcat did not answer; both are listed
  10   cannot reach the database or any Tomcat, or log in to it
  11   the session table is missing or has the wrong structure
  12   another run is using the same state file
  130  interrupted: the original values were restored
  143  terminated, in the same way

Examples:
  tomcat-sessions tomcat flush --manager https://admin@tomcat1:8443/manager \
--manager-password-file mgr.pw
  tomcat-sessions tomcat flush --managers-file nodes --app demo --format json")]
pub struct Args {
    #[command(flatten)]
    steer: BackgroundRunArgs,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    let mut background_run = BackgroundRun::begin(cx, &args.steer).await?;
    let before = background_run.memory(!args.steer.no_verify).await?;
    background_run.pass(&save_settings).await?;
    let missing = background_run.missing(&before).await?;
    let applications = background_run.applications(&before).await?;
    background_run.conclude(&mut BackgroundRunReport::new("tomcat flush", Verb::Flush, applications, missing)).await
}
