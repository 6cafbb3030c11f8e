//! What is wrong with a configuration: rules over what was read of a CATALINA_BASE.
//!
//! The rules with their reasons are one table in `rules`; how each is judged is in the file of its
//! theme. Nothing is read here but whether files may be read by anybody.

mod attributes;
mod classes;
mod deploy;
mod driver;
mod files;
mod placeholders;
mod placement;
mod pool;
mod route;
mod rules;
mod secret;
mod session;
mod stores;
mod swap;
#[cfg(test)]
mod tests;
mod valve;
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

/// What the database says of a table that a configuration has to know.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Characters that the column of the id holds.
    pub id_length: Option<i64>,
    /// Whether the id alone makes a row unique.
    pub key_is_id: bool,
    /// Whether a timeout of more than 24.8 days stops Tomcat's expiry.
    pub narrow_timeout: bool,
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

    /// The classes that its jars are searched for: the drivers of the databases, and Managers, Stores and Valves
    /// of others.
    pub fn sought_classes(&self) -> Vec<String> {
        let drivers = self.databases().into_iter().filter_map(|at| at.driver);
        drivers.chain(classes::foreign(&self.base)).collect()
    }

    /// The PersistentManagers.
    fn persistent_managers(&self) -> impl Iterator<Item = PersistentManager<'_>> {
        let persistent = |of: &Persistence| of.manager.class().starts_with("Persistent");
        self.base.managers().filter(persistent).map(|of| PersistentManager { of, store: of.store() })
    }

    /// Tomcat's Stores of those Managers, with the Manager. Those of others are their business.
    fn stores(&self) -> impl Iterator<Item = (Persistence<'_>, &Element)> {
        self.persistent_managers()
            .filter_map(|persistent| Some((persistent.of, persistent.store?)))
            .filter(|(_, store)| classes::is_tomcats_store(store))
    }

    /// Where the Stores stand whose Resource names no URL, and where the Resource does.
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

    /// The databases of the Stores, as they are configured.
    pub fn databases(&self) -> Vec<ConfiguredStore> {
        self.stores().filter_map(|(of, store)| self.base.configured_store(of, store)).collect()
    }

    /// The element that has a Store's URL, account and driver.
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

    /// Tells whether the version is known, and older in its branch than these.
    fn is_before(&self, firsts: &[super::version::First]) -> bool {
        self.version.is_some_and(|version| version.is_before(firsts))
    }

    fn major(&self) -> Option<u32> {
        self.version.map(Version::major)
    }

    /// The command that prints what such a Tomcat needs.
    fn config(&self) -> String {
        format!("`tomcat-sessions tomcat config --tomcat {}`", self.major().unwrap_or(10).clamp(9, 11))
    }

    /// A fault at an element.
    fn at(&self, severity: Severity, element: &Element, message: impl Into<String>, remedy: Remedy) -> Violation {
        self.of_file(severity, &element.name, &element.place.file, element.place.line, message, remedy)
    }

    /// A fault at a line; the file is told as it lies below CATALINA_BASE.
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

/// Every rule that a configuration breaks, in the order of [`RULES`].
pub fn judge(instance: &TomcatInstance) -> Vec<Finding> {
    crate::finding::judge(RULES, instance)
}

/// The rule of that name.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}
