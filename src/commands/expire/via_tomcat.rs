//! `expire --via-tomcat`: running Tomcats expire the sessions of their applications; then the rest is purged in SQL.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use crate::context::Context;
use crate::failure::{Failure, PARTLY};
use crate::operations::tomcat::state_file::StateFile;
use crate::operations::tomcat::temporary_settings::{
    TemporarySettings, immediate_pass_settings, restore_and_check_maintenance,
};
use crate::options::managers::ManagerArgs;
use crate::options::value_parsers::duration;
use crate::session::Filter;
use crate::store::{SessionStore, Stop};
use crate::ui::plural;

#[derive(Debug, clap::Args)]
pub struct ViaArgs {
    /// Make the Tomcats in --manager expire their own sessions, with listeners; purge only sessions
    /// of applications that none of them serves
    #[arg(long, conflicts_with = "swapped")]
    via_tomcat: bool,
    #[command(flatten)]
    nodes: ManagerArgs,
    /// With --via-tomcat: file that keeps the original settings of the Tomcats' Managers until they are restored
    /// [default: ~/.local/state/tomcat-sessions/tomcats.json]
    #[arg(long, value_name = "FILE", requires = "via_tomcat", hide_short_help = true, help_heading = None::<&'static str>)]
    state_file: Option<PathBuf>,
    /// With --via-tomcat: time limit for a Tomcat to check the sessions of one application
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = duration, hide_short_help = true, help_heading = None::<&'static str>)]
    wait: Duration,
}

impl ViaArgs {
    pub fn is_wanted(&self) -> bool {
        self.via_tomcat
    }

    /// Makes the Tomcats expire their sessions, and restricts `filter` to the applications that none of them serves.
    ///
    /// # Errors
    /// A Tomcat does not answer or fails to expire its sessions: it is not known which applications it serves, so that
    /// nothing may be purged in SQL.
    pub async fn expire(
        &self,
        cx: &Context,
        store: &mut SessionStore,
        filter: &mut Filter,
        dry_run: bool,
        stop: &Stop,
    ) -> Result<(), Failure> {
        let mut tomcats = self.nodes.ask(cx, &[]).await?;
        // No Tomcat expires the rows of an application whose Manager has no Store.
        for asked in &mut tomcats.nodes {
            asked.served.retain(|served| served.persistent);
        }
        if let Some(apps) = &filter.apps {
            tomcats.keep_only(|app| apps.iter().flatten().any(|chosen| chosen == app));
        }
        let mut failed = tomcats.unreachable.len();
        if !dry_run && tomcats.served().next().is_some() {
            let mut state = StateFile::open(self.state_file.as_deref(), cx)?;
            restore_and_check_maintenance(cx, &mut state, &tomcats).await?;
            let temporary = TemporarySettings {
                state: &mut state,
                tomcats: &tomcats,
                settings: &immediate_pass_settings,
                times: 1,
                wait: self.wait,
                stop: stop.clone(),
            };
            let errors = temporary.run(cx).await?;
            errors.iter().for_each(|error| cx.ui.warn(format!("{error}.")));
            failed += errors.len();
        }
        if failed > 0 {
            let failure = Failure::failed("not every Tomcat expired its sessions; no row was deleted");
            return Err(Failure { code: PARTLY, ..failure }.hint(
                "it is unknown which applications the missing Tomcats serve; if a Tomcat no longer exists, remove its URL from --manager or --managers-file",
            ));
        }
        let served: BTreeSet<String> = tomcats.served().map(|(_, served)| served.app.clone()).collect();
        let of_nobody = match filter.apps.take() {
            Some(apps) => apps,
            None => store.apps().await?,
        };
        let of_nobody = of_nobody.into_iter().filter(|app| app.as_ref().is_none_or(|app| !served.contains(app)));
        filter.apps = Some(of_nobody.collect());
        let applications = plural(served.len() as u64, "application");
        cx.ui.note(if dry_run {
            format!("The Tomcats would expire their sessions of {applications}.")
        } else {
            format!("The Tomcats expired their sessions of {applications}.")
        });
        Ok(())
    }
}
