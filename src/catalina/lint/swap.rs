//! Rules about when sessions are saved and swapped out.

use super::{PersistentManager, Remedy, Severity, TomcatInstance, Violation};
use crate::catalina::Element;

const ACTIVITY_CHECK: &str = "org.apache.catalina.session.StandardSession.ACTIVITY_CHECK";
const STRICT: &str = "org.apache.catalina.STRICT_SERVLET_COMPLIANCE";

/// Age of a session, in seconds, from which a failover to it is reported.
const OLD: i64 = 120;

fn idle(manager: &Element, name: &str) -> i64 {
    manager.number(name).unwrap_or(-1)
}

/// Whether sessions are swapped out while Tomcat is running: if they are idle, or if there are almost maxActiveSessions.
fn swaps(manager: &Element) -> bool {
    idle(manager, "maxIdleSwap") >= 0 || idle(manager, "minIdleSwap") >= 0 && idle(manager, "maxActiveSessions") >= 0
}

pub(super) fn activity_missing(instance: &TomcatInstance) -> Vec<Violation> {
    let Some(major) = instance.major() else { return Vec::new() };
    let mut faults = Vec::new();
    for PersistentManager { of, .. } in instance.persistent_managers().filter(|persistent| swaps(persistent.of.manager))
    {
        let manager = of.manager;
        let message = "sessions are swapped out without an activity check: a session can be swapped out while a request is using it, and the changes of that request are lost";
        if major < 10 {
            let set =
                |name: &str| instance.base.properties.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
            if instance.base.properties.file.is_some() && !set(ACTIVITY_CHECK) && !set(STRICT) {
                let remedy = Remedy::action(format!("set {ACTIVITY_CHECK}=true in conf/catalina.properties"));
                faults.push(instance.at(Severity::Warning, manager, message, remedy));
            }
            continue;
        }
        // The newest versions enable it themselves if one of the two is set.
        let by_itself = !instance.is_before(&[(9, 0, 122), (10, 1, 60), (11, 0, 26)]);
        if manager.flag("sessionActivityCheck") != Some(true) && !by_itself {
            faults.push(instance.at(
                Severity::Warning,
                manager,
                message,
                Remedy::config("sessionActivityCheck=\"true\""),
            ));
        }
    }
    faults
}

pub(super) fn activity_ineffective(instance: &TomcatInstance) -> Vec<Violation> {
    let properties = &instance.base.properties;
    if instance.major().is_none_or(|major| major < 10) || properties.get(ACTIVITY_CHECK).is_none() {
        return Vec::new();
    }
    let message = "Tomcat 10 and later ignore this property: sessions are not checked for active requests";
    let remedy = Remedy::action("set sessionActivityCheck=\"true\" in the Manager");
    let (file, line) = match properties.place(ACTIVITY_CHECK) {
        Some(place) => (place.file.clone(), place.line),
        None => (properties.file.clone().unwrap_or_else(|| instance.base.dir.join("conf/catalina.properties")), 1),
    };
    vec![instance.of_file(Severity::Warning, ACTIVITY_CHECK, &file, line, message, remedy)]
}

pub(super) fn swap_before_backup(instance: &TomcatInstance) -> Vec<Violation> {
    of_managers(instance, |manager| {
        let (swap, backup) = (idle(manager, "maxIdleSwap"), idle(manager, "maxIdleBackup"));
        (swap >= 0 && backup > swap).then(|| {
            let message = format!("maxIdleSwap {swap} is below maxIdleBackup {backup}: no session is ever backed up, and a crash of Tomcat loses the sessions in memory");
            (Severity::Warning, message, Remedy::config(format!("maxIdleSwap=\"{}\"", backup.saturating_mul(2))))
        })
    })
}

pub(super) fn min_above_max(instance: &TomcatInstance) -> Vec<Violation> {
    of_managers(instance, |manager| {
        let (min, max) = (idle(manager, "minIdleSwap"), idle(manager, "maxIdleSwap"));
        (max >= 0 && min > max).then(|| {
            let message = format!("minIdleSwap {min} is above maxIdleSwap {max}: sessions stay in memory for {min} s, regardless of maxIdleSwap");
            (Severity::Warning, message, Remedy::config(format!("minIdleSwap=\"{max}\"")))
        })
    })
}

pub(super) fn lag(instance: &TomcatInstance) -> Vec<Violation> {
    let mut faults = Vec::new();
    // With the valve, sessions are saved after each request.
    for PersistentManager { of, .. } in
        instance.persistent_managers().filter(|persistent| !has_valve(instance, persistent))
    {
        let manager = of.manager;
        let backup = idle(manager, "maxIdleBackup");
        if backup < 0 {
            let swaps = ["maxIdleSwap", "minIdleSwap"].iter().any(|name| idle(manager, name) >= 0);
            let message = match (manager.flag("saveOnRestart") == Some(false), swaps) {
                (false, _) => {
                    "sessions are saved only when Tomcat stops or swaps them out: a crash logs out all users of that Tomcat"
                }
                (true, true) => {
                    "sessions are saved only when they are swapped out: when Tomcat stops, users whose sessions are still in memory are logged out"
                }
                (true, false) => {
                    "no session is ever saved: the Manager neither backs up nor swaps out, and with saveOnRestart=\"false\" all sessions are discarded when Tomcat stops"
                }
            };
            faults.push(instance.at(
                Severity::Warning,
                manager,
                message,
                Remedy::config("maxIdleBackup=\"30\" processExpiresFrequency=\"1\""),
            ));
            continue;
        }
        let delay =
            instance.base.engines().filter_map(|engine| engine.number("backgroundProcessorDelay")).max().unwrap_or(10);
        let period = manager.number("processExpiresFrequency").unwrap_or(6).saturating_mul(delay);
        let lag = backup.saturating_add(period);
        if lag > OLD {
            let message = format!(
                "a failover loses the changes that a session made in the last {lag} s (maxIdleBackup {backup} s, checked every {period} s), or all changes since its last backup if it was never idle for {backup} s"
            );
            faults.push(instance.at(
                Severity::Warning,
                manager,
                message,
                Remedy::config("maxIdleBackup=\"30\" processExpiresFrequency=\"1\""),
            ));
        }
    }
    faults
}

fn has_valve(instance: &TomcatInstance, persistent: &PersistentManager<'_>) -> bool {
    let in_contexts = instance
        .base
        .inherited(persistent.of.context)
        .any(|context| super::persistent_valve::persistent(&context.root));
    in_contexts || super::persistent_valve::above(instance).next().is_some()
}

pub(super) fn save_on_restart(instance: &TomcatInstance) -> Vec<Violation> {
    of_managers(instance, |manager| {
        (manager.flag("saveOnRestart") == Some(false)).then(|| {
            let message =
                "saveOnRestart is false: a normal shutdown expires all sessions in memory, and their users are logged out"
                    .to_owned();
            (Severity::Warning, message, Remedy::config("saveOnRestart=\"true\""))
        })
    })
}

pub(super) fn max_active(instance: &TomcatInstance) -> Vec<Violation> {
    let mut faults = Vec::new();
    for PersistentManager { of, store } in instance.persistent_managers() {
        let Some(most) = of.manager.number("maxActiveSessions").filter(|most| *most > 0) else { continue };
        let stored = store.and_then(|store| instance.table(store)?.sessions);
        let near = stored.is_some_and(|stored| stored.saturating_mul(10) >= most.unsigned_abs().saturating_mul(9));
        if near || idle(of.manager, "minIdleSwap") < 0 {
            let but = stored
                .filter(|_| near)
                .map(|stored| format!(", and the table has {stored} sessions"))
                .unwrap_or_default();
            let message = format!(
                "maxActiveSessions is {most}{but}: as soon as {most} sessions are in memory, each new user gets an error (IllegalStateException) instead of a session, unless minIdleSwap allows other sessions to be swapped out"
            );
            faults.push(instance.at(
                Severity::Warning,
                of.manager,
                message,
                Remedy::config("maxActiveSessions=\"-1\""),
            ));
        }
    }
    faults
}

fn of_managers(
    instance: &TomcatInstance,
    evaluate: impl Fn(&Element) -> Option<(Severity, String, Remedy)>,
) -> Vec<Violation> {
    let fault = |persistent: PersistentManager<'_>| {
        let (severity, message, remedy) = evaluate(persistent.of.manager)?;
        Some(instance.at(severity, persistent.of.manager, message, remedy))
    };
    instance.persistent_managers().filter_map(fault).collect()
}
