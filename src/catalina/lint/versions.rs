//! Rules about the version of Tomcat.

use super::{Remedy, Severity, TomcatInstance, Violation};
use crate::catalina::{Source, Version};

/// CVE id, affected versions (first and last of each branch), and consequence.
type Vulnerability = (&'static str, &'static [(&'static str, &'static str)], &'static str);

/// Vulnerabilities in session persistence (Apache Tomcat's security pages).
const VULNERABILITIES: &[Vulnerability] = &[
    (
        "CVE-2020-9484",
        &[("7.0.0", "7.0.103"), ("8.5.0", "8.5.54"), ("9.0.0.M1", "9.0.34"), ("10.0.0-M1", "10.0.0-M4")],
        "whoever can place a file can run code",
    ),
    (
        "CVE-2021-25329",
        &[("7.0.0", "7.0.107"), ("8.5.0", "8.5.61"), ("9.0.0.M1", "9.0.41"), ("10.0.0-M1", "10.0.0")],
        "the fix of CVE-2020-9484 was incomplete",
    ),
    (
        "CVE-2022-23181",
        &[("8.5.55", "8.5.73"), ("9.0.35", "9.0.56"), ("10.0.0-M5", "10.0.14"), ("10.1.0-M1", "10.1.0-M8")],
        "a local user can gain Tomcat's privileges",
    ),
    (
        "CVE-2025-24813",
        &[("8.5.0", "8.5.100"), ("9.0.0.M1", "9.0.98"), ("10.1.0-M1", "10.1.34"), ("11.0.0-M1", "11.0.2")],
        "an upload by partial PUT runs code",
    ),
];

fn of_version(instance: &TomcatInstance, severity: Severity, message: String, remedy: Remedy) -> Violation {
    // The version can be given instead of read from the jar.
    let jar = instance.libraries.catalina.as_ref().filter(|_| instance.version == instance.libraries.tomcat);
    let violation = Violation::new(severity, "Tomcat", message, remedy);
    match jar {
        Some(jar) => violation.in_file(instance.shown(jar)),
        None => violation,
    }
}

pub(super) fn vulnerable(instance: &TomcatInstance) -> Vec<Violation> {
    let Some(version) = instance.version else { return Vec::new() };
    let in_files = instance.stores().any(|(of, store)| matches!(instance.base.source(of, store), Source::Files));
    let has = |ranges: &&[(&str, &str)]| {
        ranges.iter().any(|(first, last)| {
            let (first, last) = (Version::parse(first), Version::parse(last));
            first.zip(last).is_some_and(|(first, last)| first <= version && version <= last)
        })
    };
    let fault = |(name, _, what): &Vulnerability| {
        let (severity, but) = if in_files {
            (Severity::Error, "")
        } else {
            (Severity::Note, "; this matters only with a FileStore, which this Tomcat does not use")
        };
        let message = format!("Tomcat {version} has {name}: {what}{but}");
        of_version(instance, severity, message, Remedy::action("update to the newest version of the branch"))
    };
    VULNERABILITIES.iter().filter(|(_, ranges, _)| has(ranges)).map(fault).collect()
}

/// A finding if the version is older than the fix.
fn before(instance: &TomcatInstance, firsts: &[(u32, u32, u32)], severity: Severity, what: &str) -> Vec<Violation> {
    let Some(version) = instance.version.filter(|version| version.is_before(firsts)) else { return Vec::new() };
    if instance.stores().next().is_none() {
        return Vec::new();
    }
    let mended: Vec<String> = firsts.iter().map(|(major, minor, patch)| format!("{major}.{minor}.{patch}")).collect();
    let remedy = Remedy::action(format!("update to {} or later", mended.join(", ")));
    vec![of_version(instance, severity, format!("Tomcat {version} {what}"), remedy)]
}

pub(super) fn swallowed(instance: &TomcatInstance) -> Vec<Violation> {
    before(
        instance,
        &[(9, 0, 119), (10, 1, 56), (11, 0, 23)],
        Severity::Warning,
        "reports a failed save as a success: the row is deleted, nothing is inserted, and the user is logged out; only an SQLException in the log shows it",
    )
}

/// The first versions that keep sessions that never expire.
const KEEPS_NEVER: &[(u32, u32, u32)] = &[(9, 0, 122), (10, 1, 60), (11, 0, 26)];

/// Tells whether this Tomcat keeps sessions that never expire.
pub fn keeps_never_expiring(version: Version) -> bool {
    !version.is_before(KEEPS_NEVER)
}

pub(super) fn never_expiring(instance: &TomcatInstance) -> Vec<Violation> {
    let severity = if instance.base.timeouts.iter().any(|timeout| timeout.minutes <= 0) {
        Severity::Warning
    } else {
        Severity::Note
    };
    before(
        instance,
        KEEPS_NEVER,
        severity,
        "destroys sessions that never expire (timeout 0 or -1) at the first background pass after they were stored",
    )
}

pub(super) fn filestore_loss(instance: &TomcatInstance) -> Vec<Violation> {
    let in_files = instance.stores().any(|(of, store)| matches!(instance.base.source(of, store), Source::Files));
    let Some(version) = instance.version.filter(|_| in_files) else { return Vec::new() };
    let lossy = ["9.0.109", "10.1.45", "11.0.11"].into_iter().filter_map(Version::parse).any(|lossy| lossy == version);
    if !lossy {
        return Vec::new();
    }
    let message = format!(
        "FileStore of Tomcat {version} needs a class that is missing in this release: the application does not start, and every request is answered with 404"
    );
    vec![of_version(instance, Severity::Error, message, Remedy::action("update to the next version"))]
}

pub(super) fn store_removed(instance: &TomcatInstance) -> Vec<Violation> {
    if instance.major().is_none_or(|major| major < 10) {
        return Vec::new();
    }
    let gone = instance.stores().filter(|(_, store)| store.class() == "JDBCStore");
    gone.map(|(_, store)| {
        let message = "JDBCStore does not exist in Tomcat 10 and later: ClassNotFoundException at startup, and no session is stored";
        let remedy = Remedy::action(format!("use DataSourceStore with a Resource: {} prints both", instance.config()));
        instance.at(Severity::Error, store, message, remedy)
    })
    .collect()
}

pub(super) fn store_missing(instance: &TomcatInstance) -> Vec<Violation> {
    if !instance.is_before(&[(8, 5, 60), (9, 0, 40), (10, 0, 0)]) {
        return Vec::new();
    }
    let early = instance.stores().filter(|(_, store)| store.class() == "DataSourceStore");
    early.map(|(_, store)| {
        let message = "DataSourceStore exists only in Tomcat 8.5.60, 9.0.40 and later: ClassNotFoundException at startup, and no session is stored";
        let remedy = Remedy::action("update Tomcat; until then, JDBCStore also accepts a dataSourceName");
        instance.at(Severity::Error, store, message, remedy)
    })
    .collect()
}

pub(super) fn one_connection(instance: &TomcatInstance) -> Vec<Violation> {
    if instance.major().is_some_and(|major| major >= 10) {
        return Vec::new();
    }
    let own = instance.stores().filter(|(of, store)| matches!(instance.base.source(*of, store), Source::Own(_)));
    own.map(|(_, store)| {
        let message = "JDBCStore has a single connection: each request that loads or saves a session waits for all others, and its DELETE and INSERT are two transactions";
        let remedy = Remedy::action(format!(
            "use DataSourceStore with a Resource: {} prints both; Tomcat 10 supports only that",
            instance.config()
        ));
        instance.at(Severity::Warning, store, message, remedy)
    })
    .collect()
}
