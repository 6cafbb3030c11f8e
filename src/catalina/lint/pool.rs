//! Rules about the pool of connections.

use super::{Fault, Remedy, Severity, Site};
use crate::catalina::Source;

pub(super) fn autocommit(site: &Site) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    let mut seen = Vec::new();
    for (of, store) in site.stores() {
        let Source::Resource(resource, _) = site.base.source(of, store) else { continue };
        if resource.flag("defaultAutoCommit") == Some(false) || seen.contains(&&resource.place) {
            continue;
        }
        seen.push(&resource.place);
        let message = "each save is two transactions, a DELETE and an INSERT: a Tomcat that looks in between finds no session, and its user is logged out";
        faults.push(site.at(Severity::Note, resource, message, Remedy::config("defaultAutoCommit=\"false\"")));
    }
    faults
}
