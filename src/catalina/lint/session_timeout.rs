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
    let mut drivers = databases.iter().filter_map(|at| driver_of_url(&at.url));
    let (error, severity, where_) = if instance.tables.is_empty() {
        let documented = "where max_inactive is INT, as in the documented table";
        (drivers.find_map(DriverClass::int_overflow_error), Severity::Warning, documented)
    } else {
        let error = instance.tables.iter().find_map(|(_, table)| table.expiry_overflow);
        (error, Severity::Error, "because the table's max_inactive is INT")
    };
    let Some(error) = error else { return Vec::new() };
    let fault = |timeout: &crate::catalina::Timeout| {
        let message = format!(
            "session-timeout {} min is over 24.8 days; {where_}, Tomcat's query for expired sessions overflows ({error}): no session expires any more, and the table grows without limit",
            timeout.minutes
        );
        let remedy = Remedy::action("change max_inactive to BIGINT: `tomcat-sessions check` prints the statement");
        instance.of_file(severity, "session-timeout", &timeout.place.file, timeout.place.line, message, remedy)
    };
    instance.base.timeouts.iter().filter(|timeout| timeout.minutes > NARROW).map(fault).collect()
}
