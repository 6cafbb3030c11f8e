//! Runs background passes of running Tomcats with temporary settings, and restores the original values, however the
//! passes ended.

use std::time::Duration;

use tokio::task::JoinSet;

use crate::context::Context;
use crate::failure::Failure;
use crate::jmx::{Attribute, Node, NodeError, ServedApp};
use crate::operations::tomcat::nodes::{TomcatNode, TomcatNodes};
use crate::operations::tomcat::state_file::{SavedSetting, StateFile};
use crate::store::Stop;
use crate::ui::plural;

/// The setting with which the next background run expires and saves sessions, instead of every sixth run by default.
pub fn immediate_pass_settings(_: &ServedApp) -> Vec<TemporarySetting> {
    vec![TemporarySetting::during(Attribute::ProcessExpiresFrequency, 1)]
}

/// A value for the passes, and the value after them.
#[derive(Debug, Clone, Copy)]
pub struct TemporarySetting {
    pub attribute: Attribute,
    pub during: i64,
    /// `None` restores the original value.
    pub after: Option<i64>,
}

impl TemporarySetting {
    /// A value for the passes only.
    pub fn during(attribute: Attribute, during: i64) -> TemporarySetting {
        TemporarySetting { attribute, during, after: None }
    }

    pub fn during_and_after(attribute: Attribute, during: i64, after: i64) -> TemporarySetting {
        TemporarySetting { attribute, during, after: Some(after) }
    }

    fn entry(&self, node: &Node, served: &ServedApp) -> Option<SavedSetting> {
        let mut ours = vec![self.during];
        ours.extend(self.after);
        Some(SavedSetting {
            manager: node.manager(),
            bean: served.bean.clone(),
            app_name: served.app.clone(),
            attribute: self.attribute.name().to_owned(),
            was: served.number(self.attribute.name())?,
            ours,
            maintenance: self.after.is_some(),
        })
    }
}

/// Passes over all applications with a Store.
pub struct TemporarySettings<'a> {
    pub state: &'a mut StateFile,
    pub tomcats: &'a TomcatNodes,
    pub settings: &'a (dyn Fn(&ServedApp) -> Vec<TemporarySetting> + Sync),
    /// Number of consecutive passes.
    pub times: u32,
    pub wait: Duration,
    pub stop: Stop,
}

impl TemporarySettings<'_> {
    /// Saves the original values, runs the passes on all nodes concurrently, and restores the original values. Returns
    /// the errors of nodes; the other nodes are not affected.
    ///
    /// # Errors
    /// The state file cannot be written; nothing was changed.
    pub async fn run(self, cx: &Context) -> Result<Vec<NodeError>, Failure> {
        let (mut entries, mut plans, mut errors) = (Vec::new(), Vec::new(), Vec::new());
        for asked in &self.tomcats.nodes {
            let mut plan = Vec::new();
            for served in asked.served.iter().filter(|served| served.persistent) {
                // The current values are read now: values that were restored after the node was queried must not be
                // saved.
                match asked.node.application(&served.bean).await {
                    Ok(Some(served)) => {
                        let settings = (self.settings)(&served);
                        entries.extend(settings.iter().filter_map(|setting| setting.entry(&asked.node, &served)));
                        plan.push((served.bean, settings));
                    }
                    Ok(None) => {}
                    Err(error) => errors.push(error),
                }
            }
            plans.push((asked.node.clone(), plan));
        }
        self.state.remember(entries, cx.now)?;
        let mut passes = JoinSet::new();
        for (node, plan) in plans {
            let (stop, times, wait) = (self.stop.clone(), self.times, self.wait);
            passes.spawn(async move {
                let mut errors = Vec::<NodeError>::new();
                for (bean, settings) in plan {
                    if stop.requested().is_some() {
                        break;
                    }
                    if let Err(error) = one(&node, &bean, &settings, times, wait).await {
                        errors.push(error);
                    }
                }
                errors
            });
        }
        errors.extend(passes.join_all().await.into_iter().flatten());
        errors.extend(restore_settings(cx, self.state, &self.tomcats.nodes, false).await?.errors);
        Ok(errors)
    }
}

async fn one(
    node: &Node,
    bean: &str,
    settings: &[TemporarySetting],
    times: u32,
    wait: Duration,
) -> Result<(), NodeError> {
    let passed = passes(node, bean, settings, times, wait).await;
    // Values that stay are set even if a pass failed: otherwise Tomcat would continue to write during the maintenance.
    let mut first = passed;
    for setting in settings {
        if let Some(after) = setting.after.filter(|after| *after != setting.during) {
            first = first.and(node.set(bean, setting.attribute, after).await);
        }
    }
    first
}

async fn passes(
    node: &Node,
    bean: &str,
    settings: &[TemporarySetting],
    times: u32,
    wait: Duration,
) -> Result<(), NodeError> {
    for setting in settings {
        node.set(bean, setting.attribute, setting.during).await?;
    }
    for _ in 0..times {
        node.background_process(bean, wait).await?;
    }
    Ok(())
}

/// Result of restoring settings.
#[derive(Default)]
pub struct Restored {
    pub errors: Vec<NodeError>,
    /// Entries that are no longer needed, with the outcome for each.
    pub done: Vec<(SavedSetting, RestoreOutcome)>,
    /// Entries of nodes that were not queried.
    pub elsewhere: Vec<SavedSetting>,
}

/// Outcome for an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestoreOutcome {
    Restored,
    /// The node no longer serves the application.
    Gone,
    /// It has a value that is neither the original nor one of ours. For example, a restarted Tomcat has the values of
    /// its context.xml.
    Changed(i64),
}

/// Restores the values in the state file: those of `maintenance`, or those of other commands.
///
/// # Errors
/// The state file cannot be written.
pub async fn restore_settings(
    cx: &Context,
    state: &mut StateFile,
    nodes: &[TomcatNode],
    maintenance: bool,
) -> Result<Restored, Failure> {
    let mut outcome = Restored::default();
    let due: Vec<SavedSetting> =
        state.entries().iter().filter(|entry| entry.maintenance == maintenance).cloned().collect();
    let mut work = JoinSet::new();
    for entry in due {
        match nodes.iter().find(|asked| asked.node.manager() == entry.manager) {
            Some(asked) => {
                let node = asked.node.clone();
                work.spawn(async move {
                    let result = restore(&node, &entry).await;
                    (entry, result)
                });
            }
            None => outcome.elsewhere.push(entry),
        }
    }
    for (entry, result) in work.join_all().await {
        match result {
            Ok(what) => outcome.done.push((entry, what)),
            Err(error) => outcome.errors.push(error),
        }
    }
    outcome
        .done
        .sort_by(|(a, _), (b, _)| (&a.manager, &a.bean, &a.attribute).cmp(&(&b.manager, &b.bean, &b.attribute)));
    let done: Vec<SavedSetting> = outcome.done.iter().map(|(entry, _)| entry.clone()).collect();
    state.forget(&done)?;
    if !outcome.errors.is_empty() {
        let remedy = if maintenance {
            "run `tomcat-sessions tomcat maintenance end` again"
        } else {
            "the next run of a `tomcat-sessions tomcat` command restores them"
        };
        cx.ui.warn(format!("Some values could not be restored. They are in {}; {remedy}.", state.path()));
    }
    Ok(outcome)
}

async fn restore(node: &Node, entry: &SavedSetting) -> Result<RestoreOutcome, NodeError> {
    let Some(served) = node.application(&entry.bean).await? else { return Ok(RestoreOutcome::Gone) };
    let (Some(attribute), Some(now)) = (entry.attribute(), served.number(&entry.attribute)) else {
        return Ok(RestoreOutcome::Gone);
    };
    if now != entry.was && !entry.ours.contains(&now) {
        return Ok(RestoreOutcome::Changed(now));
    }
    if now != entry.was {
        node.set(&entry.bean, attribute, entry.was).await?;
    }
    Ok(RestoreOutcome::Restored)
}

/// Restores the values that interrupted commands left behind. Fails during a maintenance, in which no Tomcat may write.
///
/// # Errors
/// A maintenance is in progress; the state file cannot be written.
pub async fn restore_and_check_maintenance(
    cx: &Context,
    state: &mut StateFile,
    tomcats: &TomcatNodes,
) -> Result<(), Failure> {
    restore_leftovers(cx, state, tomcats).await?;
    let under = tomcats.served().find(|(asked, served)| {
        let there = |e: &SavedSetting| e.maintenance && e.manager == asked.node.manager() && e.bean == served.bean;
        state.entries().iter().any(there)
    });
    match under {
        Some((asked, served)) => Err(Failure::failed(format!(
            "`tomcat maintenance begin` is in effect for {} of {}, which therefore writes nothing",
            served.app,
            asked.node.manager()
        ))
        .hint("`tomcat-sessions tomcat maintenance end` ends the maintenance")),
        None => Ok(()),
    }
}

/// Restores the values that interrupted commands left behind.
///
/// # Errors
/// The state file cannot be written.
pub async fn restore_leftovers(cx: &Context, state: &mut StateFile, tomcats: &TomcatNodes) -> Result<(), Failure> {
    let left = restore_settings(cx, state, &tomcats.nodes, false).await?;
    if !left.done.is_empty() {
        cx.ui
            .note(format!("Restored {} that an interrupted run had changed.", plural(left.done.len() as u64, "value")));
    }
    for error in &left.errors {
        cx.ui.warn(format!("{error}."));
    }
    if let Some(entry) = left.elsewhere.first() {
        cx.ui
            .warn(format!("Settings of {} still have to be restored: add this Manager with --manager.", entry.manager));
    }
    Ok(())
}

/// The settings with which a pass swaps out sessions that have been idle for `idle` seconds.
pub fn swap_out_settings(served: &ServedApp, idle: i64) -> Vec<TemporarySetting> {
    let mut settings = vec![
        TemporarySetting::during(Attribute::MaxIdleSwap, idle),
        TemporarySetting::during(Attribute::ProcessExpiresFrequency, 1),
    ];
    // minIdleSwap keeps sessions in memory that maxIdleSwap would swap out.
    if served.number("minIdleSwap").is_some_and(|least| least > idle) {
        settings.push(TemporarySetting::during(Attribute::MinIdleSwap, idle));
    }
    settings
}

/// The settings with which a pass saves all sessions.
pub fn save_settings(_: &ServedApp) -> Vec<TemporarySetting> {
    vec![
        TemporarySetting::during(Attribute::MaxIdleBackup, 0),
        TemporarySetting::during(Attribute::ProcessExpiresFrequency, 1),
    ]
}
