//! `tomcat expire`: makes running Tomcats expire sessions, with their listeners.

use crate::context::Context;
use crate::failure::Failure;
use crate::operations::tomcat::background_pass::{BackgroundRun, BackgroundRunReport, Verb};
use crate::operations::tomcat::temporary_settings::immediate_pass_settings;
use crate::options::background_pass::BackgroundRunArgs;

/// Make running Tomcats expire sessions now, with their listeners
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
processExpiresFrequency is set to 1 for one background pass. Each Tomcat expires its sessions in \
memory and in the table, and calls HttpSessionListener.sessionDestroyed for each, which a purge in \
SQL cannot do. Rows of applications that no Tomcat serves are not deleted; `tomcat-sessions expire \
--via-tomcat` also deletes those.

The pass is a normal background pass of each Tomcat: it also swaps out and backs up sessions as \
configured. A Tomcat before 9.0.122, 10.1.60 or 11.0.26 also deletes the rows of sessions that are \
meant never to expire.

Exit status:
  0    done
  1    failed; no application has a Manager with a Store; or `tomcat maintenance begin` is in effect
  2    usage error, or a file named by an option cannot be read
  3    a Tomcat did not answer; it is listed
  10   cannot reach the database or any Tomcat, or log in to it
  11   the session table is missing or has the wrong structure
  12   another run is using the same state file
  130  interrupted: the original values were restored
  143  terminated, in the same way

Examples:
  tomcat-sessions tomcat expire --manager https://admin@tomcat1:8443/manager \
--manager-password-file mgr.pw
  tomcat-sessions tomcat expire --managers-file nodes --no-verify")]
pub struct Args {
    #[command(flatten)]
    steer: BackgroundRunArgs,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    let mut background_run = BackgroundRun::begin(cx, &args.steer).await?;
    let before = background_run.memory(false).await?;
    background_run.pass(&immediate_pass_settings).await?;
    let applications = background_run.applications(&before).await?;
    background_run
        .conclude(&mut BackgroundRunReport::new("tomcat expire", Verb::Expire, applications, Vec::new()))
        .await
}
