//! Rules about the deployment of applications while Tomcat is running.

use super::{Remedy, Severity, TomcatInstance, Violation};

pub(super) fn automatic(instance: &TomcatInstance) -> Vec<Violation> {
    if instance.stores().next().is_none() {
        return Vec::new();
    }
    let hosts = instance.base.engines().flat_map(|engine| engine.all("Host"));
    let automatic = hosts.filter(|host| host.flag("autoDeploy") != Some(false));
    automatic
        .map(|host| {
            let message = "autoDeploy is on: if conf/context.xml changes while Tomcat is running, Tomcat redeploys every application with the new configuration within seconds";
            let remedy = Remedy::config("autoDeploy=\"false\"");
            instance.at(Severity::Note, host, message, remedy)
        })
        .collect()
}
