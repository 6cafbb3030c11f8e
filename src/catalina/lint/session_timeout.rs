//! Rules about the session timeout of `web.xml`.

use super::{Remedy, Severity, TomcatInstance, Violation};
use crate::engine::{DriverClass, driver_of_url};

/// A timeout of more minutes than this does not fit into 32 bits as milliseconds: 24.8 days.
const NARROW: i64 = 35_791;

pub(super) fn never(instance: &TomcatInstance) -> Vec<Violation> {
    if instance.stores().next().is_none() {
        return Vec::new();
    }
    let fault = |timeout: &crate::catalina::Timeout| {
        let message =
            format!("session-timeout {}: sessions never expire, and the table grows without limit", timeout.minutes);
        instance.of_file(
            Severity::Warning,
            "session-timeout",
            &timeout.place.file,
            timeout.place.line,
            message,
            Remedy::config("<session-timeout>30</session-timeout>"),
        )
    };
    instance.base.timeouts.iter().filter(|timeout| timeout.minutes <= 0).map(fault).collect()
}

pub(super) fn overflow(instance: &TomcatInstance) -> Vec<Violation> {
    let databases = instance.databases();
    let computes_narrow = databases.iter().filter_map(|at| driver_of_url(&at.url)).any(DriverClass::multiplies_narrow);
    let known: Vec<bool> = instance.tables.iter().map(|(_, table)| table.narrow_timeout).collect();
    let (severity, where_) = match (known.is_empty(), known.contains(&true)) {
        (false, true) => (Severity::Error, "the table's max_inactive is INT"),
        (false, false) => return Vec::new(),
        (true, _) if computes_narrow => (Severity::Warning, "where max_inactive is INT, as in the documented table"),
        (true, _) => return Vec::new(),
    };
    let fault = |timeout: &crate::catalina::Timeout| {
        let message = format!(
            "session-timeout {} min is over 24.8 days; {where_}, Tomcat's query overflows on SQL Server (error 8115) and PostgreSQL (22003): no session expires any more, and the table grows without limit",
            timeout.minutes
        );
        let remedy = Remedy::action("change max_inactive to BIGINT: `tomcat-sessions check` prints the statement");
        instance.of_file(severity, "session-timeout", &timeout.place.file, timeout.place.line, message, remedy)
    };
    instance.base.timeouts.iter().filter(|timeout| timeout.minutes > NARROW).map(fault).collect()
}
