//! Rules about the configuration in a CATALINA_BASE.
//!
//! The table of rules with their reasons is in `rules`; the function of each rule is in the file for its topic. The
//! rules read nothing except the permissions of files.

mod attributes;
mod classes;
mod credentials;
mod deploy;
mod driver;
mod files;
mod jvm_route;
mod persistent_valve;
mod placeholders;
mod placement;
mod pool;
mod rules;
mod session_timeout;
mod stores;
mod swap;
#[cfg(test)]
mod tests;
mod versions;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::{Base, ConfiguredStore, Element, Libraries, Location, Persistence, Source, Version};
use crate::finding::{Finding, Remedy, Severity, Violation};

pub use attributes::setters;
pub use rules::RULES;
pub use versions::keeps_never_expiring;

/// A rule about a configuration.
pub type Rule = crate::finding::Rule<TomcatInstance>;

/// One Tomcat: its configuration files, jars, tables and URLs.
pub struct TomcatInstance {
    pub base: Base,
    pub libraries: Libraries,
    /// Read from the jars, or given with --tomcat-version.
    pub version: Option<Version>,
    /// The tables, by the location of the Store that uses them.
    pub tables: Vec<(Location, Table)>,
    /// The results for the URLs, by the locations of the Stores.
    pub urls: Vec<(Location, UrlCheck)>,
    /// The directories of the other Tomcats, and the routes of their Engines.
    pub others: Vec<(PathBuf, Option<String>)>,
}

/// Whether its driver can connect with a URL.
#[derive(Debug, Clone)]
pub enum UrlCheck {
    /// The driver accepts it; `local` is a server on this machine.
    Usable { encrypted: bool, local: bool },
    /// The driver refuses it or misreads it. `wrong_separator`: a `jdbc:sqlserver:` URL with `&` between properties.
    Unusable { why: String, remedy: String, wrong_separator: bool },
}

/// Properties of a table that the rules need.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Length of the id column, in characters.
    pub id_length: Option<i64>,
    /// Whether the primary key consists of the id only.
    pub key_is_id: bool,
    /// The server's error if a timeout of more than 24.8 days makes Tomcat's expiry fail.
    pub expiry_overflow: Option<&'static str>,
    pub sessions: Option<u64>,
}

/// A PersistentManager and its Store.
struct PersistentManager<'a> {
    of: Persistence<'a>,
    store: Option<&'a Element>,
}

impl TomcatInstance {
    /// Creates an instance from its configuration files; jars, tables and URLs are added later.
    pub fn of(base: Base, version: Option<Version>) -> TomcatInstance {
        let libraries = Libraries::default();
        TomcatInstance { base, libraries, version, tables: Vec::new(), urls: Vec::new(), others: Vec::new() }
    }

    /// The classes to search for in the jars: JDBC drivers, and third-party Managers, Stores and Valves.
    pub fn searched_classes(&self) -> Vec<String> {
        let drivers = self.databases().into_iter().filter_map(|at| at.driver);
        drivers.chain(classes::foreign(&self.base)).collect()
    }

    /// The PersistentManagers.
    fn persistent_managers(&self) -> impl Iterator<Item = PersistentManager<'_>> {
        let persistent = |of: &Persistence| of.manager.class().starts_with("Persistent");
        self.base.managers().filter(persistent).map(|of| PersistentManager { of, store: of.store() })
    }

    /// Stores of Tomcat's classes, with their Managers. Third-party Stores are not checked.
    fn stores(&self) -> impl Iterator<Item = (Persistence<'_>, &Element)> {
        self.persistent_managers()
            .filter_map(|persistent| Some((persistent.of, persistent.store?)))
            .filter(|(_, store)| classes::is_tomcats_store(store))
    }

    /// The locations of Stores whose Resource has no URL, and of the Resources.
    pub fn without_url(&self) -> Vec<(&Location, &Location)> {
        let mut found = Vec::new();
        for (of, store) in self.stores() {
            if let Source::Resource(resource, _) = self.base.source(of, store)
                && self.base.configured_store(of, store).is_none()
            {
                found.push((&store.place, &resource.place));
            }
        }
        found
    }

    /// The databases of the Stores, as configured.
    pub fn databases(&self) -> Vec<ConfiguredStore> {
        self.stores().filter_map(|(of, store)| self.base.configured_store(of, store)).collect()
    }

    /// The element with the URL, account and driver of a Store.
    fn connection<'a>(&'a self, of: Persistence<'a>, store: &'a Element) -> Option<(&'a Element, ConfiguredStore)> {
        let element = match self.base.source(of, store) {
            Source::Own(store) => store,
            Source::Resource(resource, _) => resource,
            _ => return None,
        };
        Some((element, self.base.configured_store(of, store)?))
    }

    /// Every connection once.
    fn connections(&self) -> Vec<(&Element, ConfiguredStore)> {
        let mut found: Vec<(&Element, ConfiguredStore)> = Vec::new();
        let mut places = HashSet::new();
        for (of, store) in self.stores() {
            if let Some((element, at)) = self.connection(of, store)
                && places.insert(&element.place)
            {
                found.push((element, at));
            }
        }
        found
    }

    fn table(&self, store: &Element) -> Option<&Table> {
        self.tables.iter().find(|(place, _)| *place == store.place).map(|(_, table)| table)
    }

    /// Tells whether the version is known and older than the one in `firsts` for its branch.
    fn is_before(&self, firsts: &[super::version::FirstVersion]) -> bool {
        self.version.is_some_and(|version| version.is_before(firsts))
    }

    fn major(&self) -> Option<u32> {
        self.version.map(Version::major)
    }

    /// The command that prints the configuration for this version.
    fn config(&self) -> String {
        format!("`tomcat-sessions tomcat config --tomcat {}`", self.major().unwrap_or(10).clamp(9, 11))
    }

    /// A finding at an element.
    fn at(&self, severity: Severity, element: &Element, message: impl Into<String>, remedy: Remedy) -> Violation {
        self.of_file(severity, &element.name, &element.place.file, element.place.line, message, remedy)
    }

    /// A finding at a line; the path of the file is relative to CATALINA_BASE.
    fn of_file(
        &self,
        severity: Severity,
        object: &str,
        file: &Path,
        line: u32,
        message: impl Into<String>,
        remedy: Remedy,
    ) -> Violation {
        Violation::new(severity, object, message, remedy).at(self.shown(file), line)
    }

    fn shown(&self, file: &Path) -> String {
        file.strip_prefix(&self.base.dir).unwrap_or(file).display().to_string()
    }
}

/// All violations, in the order of [`RULES`].
pub fn evaluate(instance: &TomcatInstance) -> Vec<Finding> {
    crate::finding::evaluate(RULES, instance)
}

/// The rule with this id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}
