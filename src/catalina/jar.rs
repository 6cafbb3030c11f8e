//! The jars of Tomcat and of its applications: the version of Tomcat, and the JDBC drivers.

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use super::configuration_file::entries;
use super::war::{class_file, holds, in_war, open};
use super::{Base, ConfigError, Version};
use crate::engine::driver_classes;

/// Maximum size of a file that is read from a jar, in bytes.
const LONGEST: u64 = 64 << 10;

/// The property with the directories and jars of the common class loader.
const COMMON_LOADER: &str = "common.loader";
/// Maximum number of bytes of jars that are unpacked from WAR files, for all applications.
const MAX_UNPACKED: u64 = 1 << 30;

/// The jars of Tomcat's common class loader.
#[derive(Debug, Default)]
pub struct Libraries {
    pub tomcat: Option<Version>,
    /// The jar that names Tomcat's version.
    pub catalina: Option<PathBuf>,
    /// Number of jars that could be opened.
    pub opened: usize,
    drivers: Vec<(String, PathBuf, Option<String>)>,
    /// Classes in `WEB-INF` of an application.
    in_applications: Vec<String>,
    pub unread: Vec<ConfigError>,
}

impl Libraries {
    /// Opens the jars of the common class loader, and looks for the drivers of all engines and for `wanted`.
    pub fn read(base: &Base, wanted: &[String]) -> Libraries {
        let mut found = Libraries::default();
        for path in common_jars(base) {
            match open(&path) {
                Ok(archive) => found.add_jar(&path, archive, wanted),
                Err(message) => found.unread.push(ConfigError::new(&path, message)),
            }
        }
        found
    }

    /// Looks for the classes that are not in `lib` in these applications, which are directories or WAR files. Files
    /// that cannot be opened are skipped.
    pub fn search_applications(&mut self, applications: &[PathBuf], wanted: &[String]) {
        let missing: Vec<&String> = wanted.iter().filter(|class| self.driver(class).is_none()).collect();
        let mut left = MAX_UNPACKED;
        for application in applications {
            let is_new = |class: &&&String| !self.in_applications.contains(class);
            let missing: Vec<&String> = missing.iter().filter(is_new).copied().collect();
            if missing.is_empty() {
                return;
            }
            let found = if application.is_dir() {
                in_directory(application, &missing)
            } else {
                in_war(application, &missing, &mut left)
            };
            self.in_applications.extend(found);
        }
    }

    /// Tells whether an application has this class in its `WEB-INF`.
    pub fn is_in_application(&self, class: &str) -> bool {
        self.in_applications.iter().any(|found| found == class)
    }

    /// A single jar with a driver, for tests.
    #[cfg(test)]
    pub(super) fn with_driver(class: &str, version: &str) -> Libraries {
        let drivers = vec![(class.to_owned(), PathBuf::from("lib/driver.jar"), Some(version.to_owned()))];
        Libraries { opened: 1, drivers, ..Libraries::default() }
    }

    fn add_jar(&mut self, path: &Path, mut archive: ZipArchive<File>, wanted: &[String]) {
        self.opened += 1;
        if self.tomcat.is_none() {
            let info = text(&mut archive, "org/apache/catalina/util/ServerInfo.properties");
            self.tomcat = info.and_then(|info| Version::parse(value(&info, "server.number=")?));
            self.catalina = self.tomcat.map(|_| path.to_owned());
        }
        let classes = driver_classes().map(|driver| driver.class.to_owned()).chain(wanted.iter().cloned());
        let there: Vec<String> = classes.filter(|class| holds(&archive, class)).collect();
        if !there.is_empty() {
            let manifest = text(&mut archive, "META-INF/MANIFEST.MF").unwrap_or_default();
            let version = value(&manifest, "Implementation-Version:").or_else(|| value(&manifest, "Bundle-Version:"));
            self.drivers
                .extend(there.into_iter().map(|class| (class, path.to_owned(), version.map(|v| v.trim().to_owned()))));
        }
    }

    /// The jar that contains a class, and its version.
    pub fn driver(&self, class: &str) -> Option<(&Path, Option<&str>)> {
        let (_, path, version) = self.drivers.iter().find(|(name, _, _)| name == class)?;
        Some((path, version.as_deref()))
    }
}

/// Those of `classes` that an unpacked application contains.
fn in_directory(application: &Path, classes: &[&String]) -> Vec<String> {
    let unpacked = application.join("WEB-INF/classes");
    let jars: Vec<_> = entries(&application.join("WEB-INF/lib"))
        .iter()
        .filter(|path| is_jar(path))
        .filter_map(|path| open(path).ok())
        .collect();
    let contains =
        |class: &&&String| unpacked.join(class_file(class)).is_file() || jars.iter().any(|jar| holds(jar, class));
    classes.iter().filter(contains).map(|class| (*class).clone()).collect()
}

fn is_jar(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "jar")
}

/// The jars of the common class loader: those that `common.loader` names, or those in `lib`.
fn common_jars(base: &Base) -> Vec<PathBuf> {
    let jars_in = |folder: &Path| entries(folder).into_iter().filter(|path| is_jar(path)).collect::<Vec<_>>();
    let mut found: Vec<PathBuf> = match base.properties.get(COMMON_LOADER) {
        None => {
            let folders = [Some(&base.dir), base.home.as_ref()].into_iter().flatten();
            folders.flat_map(|folder| jars_in(&folder.join("lib"))).collect()
        }
        Some(list) => list
            .split(',')
            .map(|entry| base.properties.substitute(entry.trim_matches(|c: char| c.is_whitespace() || c == '"')))
            .flat_map(|entry| match entry.strip_suffix("*.jar") {
                Some(folder) => jars_in(Path::new(folder)),
                None => Some(PathBuf::from(entry)).filter(|path| is_jar(path) && path.exists()).into_iter().collect(),
            })
            .collect(),
    };
    let mut seen = HashSet::new();
    found.retain(|path| seen.insert(path.clone()));
    found
}

fn text(archive: &mut ZipArchive<File>, name: &str) -> Option<String> {
    let mut bytes = Vec::new();
    archive.by_name(name).ok()?.take(LONGEST).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn value<'a>(text: &'a str, begin: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(begin)).map(str::trim)
}
