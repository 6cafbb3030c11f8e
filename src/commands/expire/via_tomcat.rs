//! `expire --via-tomcat`: running Tomcats expire what is theirs, before the rest is purged in SQL.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use crate::context::Context;
use crate::failure::{Failure, PARTLY};
use crate::operations::tomcat::state_file::StateFile;
use crate::operations::tomcat::temporary_settings::{TemporarySettings, immediate_pass, restore_and_check_maintenance};
use crate::options::managers::ManagerArgs;
use crate::options::values::duration;
use crate::session::Filter;
use crate::store::{SessionStore, Stop};
use crate::ui::plural;

#[derive(Debug, clap::Args)]
pub struct ViaArgs {
    /// Have the Tomcats that --manager names expire their own, with listeners, and purge only what none serves
    #[arg(long, conflicts_with = "swapped")]
    via_tomcat: bool,
    #[command(flatten)]
    nodes: ManagerArgs,
    /// Where what was changed in the Tomcats is kept until it is put back
    /// [default: ~/.local/state/tomcat-sessions/tomcats.json]
    #[arg(long, value_name = "FILE", requires = "via_tomcat")]
    state_file: Option<PathBuf>,
    /// What a Tomcat's pass over the sessions of one application may take
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = duration)]
    wait: Duration,
}

impl ViaArgs {
    pub fn is_wanted(&self) -> bool {
        self.via_tomcat
    }

    /// Lets the Tomcats expire, and leaves to `filter` the applications that none of them serves.
    ///
    /// # Errors
    /// Where a Tomcat does not answer or does not do it: what it serves is not known, and nothing may be
    /// purged in SQL.
    pub async fn expire(
        &self,
        cx: &Context,
        store: &mut SessionStore,
        filter: &mut Filter,
        dry_run: bool,
        stop: &Stop,
    ) -> Result<(), Failure> {
        let mut tomcats = self.nodes.ask(cx, &[]).await?;
        // A Manager without a Store leaves its rows, if there are any, to nobody.
        for asked in &mut tomcats.nodes {
            asked.served.retain(|served| served.persistent);
        }
        if let Some(apps) = &filter.apps {
            tomcats.keep_only(|app| apps.iter().flatten().any(|chosen| chosen == app));
        }
        let mut failed = tomcats.silent.len();
        if !dry_run && tomcats.served().next().is_some() {
            let mut state = StateFile::open(self.state_file.as_deref(), cx)?;
            restore_and_check_maintenance(cx, &mut state, &tomcats).await?;
            let temporary = TemporarySettings {
                state: &mut state,
                tomcats: &tomcats,
                settings: &immediate_pass,
                times: 1,
                wait: self.wait,
                stop: stop.clone(),
            };
            let errors = temporary.run(cx).await?;
            errors.iter().for_each(|error| cx.ui.warn(format!("{error}.")));
            failed += errors.len();
        }
        if failed > 0 {
            let failure = Failure::failed("not every Tomcat expired what is its own; nothing was purged in SQL");
            return Err(Failure { code: PARTLY, ..failure }.hint(
                "which rows the others serve is not known; leave a Tomcat that is gone for good out of the Managers",
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
            format!("The Tomcats would expire what is theirs, of {applications}.")
        } else {
            format!("The Tomcats expired what is theirs, of {applications}.")
        });
        Ok(())
    }
}
