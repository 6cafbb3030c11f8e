//! Rules about files that cannot be read, and about elements without effect.

use super::{Remedy, Severity, TomcatInstance, Violation, classes, placement};
use crate::catalina::Element;

pub(super) fn unreadable(instance: &TomcatInstance) -> Vec<Violation> {
    let fault = |trouble: &crate::catalina::ConfigError| {
        let remedy = Remedy::action(trouble.hints.first().cloned().unwrap_or_else(|| "fix or remove it".to_owned()));
        instance.of_file(Severity::Error, "file", &trouble.file, trouble.line.max(1), trouble.message.clone(), remedy)
    };
    instance.base.unread.iter().map(fault).collect()
}

pub(super) fn unreadable_jar(instance: &TomcatInstance) -> Vec<Violation> {
    let fault = |trouble: &crate::catalina::ConfigError| {
        let message = format!("{}: its classes are missing at run time", trouble.message);
        let remedy = Remedy::action("download it again");
        Violation::new(Severity::Warning, "jar", message, remedy).in_file(instance.shown(&trouble.file))
    };
    instance.libraries.unread.iter().map(fault).collect()
}

pub(super) fn duplicate(instance: &TomcatInstance) -> Vec<Violation> {
    let mut faults = Vec::new();
    for context in &instance.base.contexts {
        let stores = context.root.all("Manager").flat_map(|manager| manager.all("Store").rev().skip(1));
        for lost in context.root.all("Manager").rev().skip(1).chain(stores) {
            let message = format!("another <{0}> follows in the same element, and this one is not used", lost.name);
            faults.push(instance.at(
                Severity::Warning,
                lost,
                message,
                Remedy::action("remove the one that you do not want"),
            ));
        }
    }
    faults
}

pub(super) fn no_store(instance: &TomcatInstance) -> Vec<Violation> {
    if !instance.base.unread.is_empty() {
        // It may be in a file that could not be read.
        return Vec::new();
    }
    let without = instance.persistent_managers().filter(|persistent| persistent.store.is_none());
    let message = "the Manager has no Store: it cannot save sessions, and a restart logs all users out";
    let remedy = || Remedy::action(format!("{} prints one", instance.config()));
    let mut faults: Vec<Violation> =
        without.map(|persistent| instance.at(Severity::Error, persistent.of.manager, message, remedy())).collect();
    // A finding of another rule already explains why this Manager has no Store.
    let foreign = |manager: &Element| manager.get("className").is_some_and(|class| !class.starts_with("org.apache."));
    let managers: Vec<&Element> = instance.base.managers().map(|of| of.manager).collect();
    let explained = !classes::class(instance).is_empty() || !placement::misplaced(instance).is_empty();
    if instance.persistent_managers().next().is_none() && !explained && !managers.iter().any(|manager| foreign(manager))
    {
        let comment = instance.base.comments.iter().find(|comment| comment.elements.iter().any(|name| name == "Store"));
        let unsaved = managers.iter().find(|manager| manager.get("pathname").is_some_and(str::is_empty));
        let (file, line, but) = match (comment, unsaved) {
            (Some(comment), _) => (comment.place.file.clone(), comment.place.line, "; there is one in this comment"),
            (None, Some(manager)) => (manager.place.file.clone(), manager.place.line, ""),
            (None, None) => (instance.base.dir.join("conf/context.xml"), 1, ""),
        };
        let consequence = match unsaved {
            Some(_) => {
                "with pathname=\"\" they are not saved when Tomcat stops either: every restart logs all users out"
            }
            None => "a crash of Tomcat logs all users out",
        };
        let message =
            format!("no context has a PersistentManager: sessions are in memory only, and {consequence}{but}");
        faults.push(instance.of_file(Severity::Error, "Manager", &file, line, message, remedy()));
    }
    faults
}
