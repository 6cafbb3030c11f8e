//! Zip files: jars, and the WAR files of applications that are not unpacked.

use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::path::Path;

use zip::ZipArchive;

use super::configuration_file::{self, ConfigError};
use crate::private_file;

pub(super) fn class_file(class: &str) -> String {
    format!("{}.class", class.replace('.', "/"))
}

pub(super) fn holds<R: Read + Seek>(archive: &ZipArchive<R>, class: &str) -> bool {
    archive.index_for_name(&class_file(class)).is_some()
}

/// # Errors
/// Why it cannot be read as a zip file.
pub(super) fn open(path: &Path) -> Result<ZipArchive<File>, String> {
    let file = private_file::open_regular(path).map_err(|error| error.to_string())?;
    ZipArchive::new(file).map_err(|_| "it is not a zip file".to_owned())
}

/// Those of `classes` that a WAR file contains. Its jars are unpacked into memory, at most `left` bytes.
pub(super) fn in_war(path: &Path, classes: &[&String], left: &mut u64) -> Vec<String> {
    let Ok(mut war) = open(path) else { return Vec::new() };
    let is_unpacked =
        |class: &&&String| war.index_for_name(&format!("WEB-INF/classes/{}", class_file(class))).is_some();
    let mut found: Vec<String> = classes.iter().filter(is_unpacked).map(|class| (*class).clone()).collect();
    let is_library =
        |name: &str| name.strip_prefix("WEB-INF/lib/").is_some_and(|jar| !jar.contains('/') && jar.ends_with(".jar"));
    let jars: Vec<String> =
        war.file_names().filter_map(|name| Some(name.ok()?.into_owned())).filter(|name| is_library(name)).collect();
    for jar in jars {
        let mut bytes = Vec::new();
        let Ok(entry) = war.by_name(&jar) else { continue };
        let read = entry.take(*left).read_to_end(&mut bytes);
        *left = left.saturating_sub(bytes.len() as u64);
        if let Some(jar) = read.ok().and_then(|_| ZipArchive::new(Cursor::new(bytes)).ok()) {
            found.extend(classes.iter().filter(|class| holds(&jar, class)).map(|class| (*class).clone()));
        }
    }
    found
}

/// A file in a WAR file, whose path in messages is `path`; `None` if the WAR file does not contain it or cannot be
/// opened.
///
/// # Errors
/// The file cannot be read, or is too large.
pub(super) fn file_in_war(war: &Path, name: &str, path: &Path) -> Option<Result<Vec<u8>, ConfigError>> {
    Some(configuration_file::read_limited(path, open(war).ok()?.by_name(name).ok()?))
}
