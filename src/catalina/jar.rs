//! The jars in `lib`: the version of Tomcat, and the JDBC drivers.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use super::{ConfigError, Version, catalina_base};
use crate::engine::driver_classes;
use crate::private_file;

/// Maximum size of a file that is read from a jar, in bytes.
const LONGEST: u64 = 64 << 10;

/// The jars of Tomcat's common class loader.
#[derive(Debug, Default)]
pub struct Libraries {
    pub tomcat: Option<Version>,
    /// Number of jars that could be opened.
    pub opened: usize,
    drivers: Vec<(String, PathBuf, Option<String>)>,
    /// Classes in `WEB-INF/lib` of an application.
    in_applications: Vec<String>,
    pub unread: Vec<ConfigError>,
}

impl Libraries {
    /// Opens what is in `lib` of CATALINA_BASE and CATALINA_HOME, and looks for the drivers of all engines and for `wanted`.
    pub fn read(dir: &Path, home: Option<&Path>, wanted: &[String]) -> Libraries {
        let mut found = Libraries::default();
        let folders = [Some(dir), home.filter(|home| *home != dir)];
        let jars = folders.into_iter().flatten().flat_map(|folder| catalina_base::entries(&folder.join("lib")));
        for path in jars.filter(|path| path.extension().is_some_and(|end| end == "jar")) {
            let opened = private_file::open_regular(&path).map_err(|error| error.to_string());
            let archive = opened.and_then(|file| ZipArchive::new(file).map_err(|_| "it is not a zip file".to_owned()));
            match archive {
                Ok(archive) => found.look(&path, archive, wanted),
                Err(message) => found.unread.push(ConfigError::new(&path, message)),
            }
        }
        found
    }

    /// Looks for the classes of drivers that are not in `lib` in these directories of applications. Jars that cannot
    /// be opened are skipped.
    pub fn look_in_applications(&mut self, folders: &[PathBuf], wanted: &[String]) {
        let missing: Vec<&String> = wanted.iter().filter(|class| self.driver(class).is_none()).collect();
        if missing.is_empty() {
            return;
        }
        let jars = folders.iter().flat_map(|folder| catalina_base::entries(folder));
        let mut found = Vec::new();
        for path in jars.filter(|path| path.extension().is_some_and(|end| end == "jar")) {
            let Some(archive) = private_file::open_regular(&path).ok().and_then(|file| ZipArchive::new(file).ok())
            else {
                continue;
            };
            found.extend(missing.iter().filter(|class| holds(&archive, class)).map(|class| (*class).clone()));
        }
        self.in_applications = found;
    }

    /// Tells whether an application has this class in its `WEB-INF/lib`.
    pub fn is_in_application(&self, class: &str) -> bool {
        self.in_applications.iter().any(|found| found == class)
    }

    /// A single jar with a driver, for tests.
    #[cfg(test)]
    pub(super) fn with_driver(class: &str, version: &str) -> Libraries {
        let drivers = vec![(class.to_owned(), PathBuf::from("lib/driver.jar"), Some(version.to_owned()))];
        Libraries { opened: 1, drivers, ..Libraries::default() }
    }

    fn look(&mut self, path: &Path, mut archive: ZipArchive<File>, wanted: &[String]) {
        self.opened += 1;
        if self.tomcat.is_none() {
            let info = text(&mut archive, "org/apache/catalina/util/ServerInfo.properties");
            self.tomcat = info.and_then(|info| Version::parse(value(&info, "server.number=")?));
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

fn holds(archive: &ZipArchive<File>, class: &str) -> bool {
    archive.index_for_name(&format!("{}.class", class.replace('.', "/"))).is_some()
}

fn text(archive: &mut ZipArchive<File>, name: &str) -> Option<String> {
    let mut bytes = Vec::new();
    archive.by_name(name).ok()?.take(LONGEST).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn value<'a>(text: &'a str, begin: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(begin)).map(str::trim)
}
