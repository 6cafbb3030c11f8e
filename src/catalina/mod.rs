//! The configuration of a Tomcat on disk: its files, their elements with locations, and the databases of its Stores.
//!
//! This module reads files. It changes nothing and opens no connections; the environment is an argument. Databases are
//! inspected, and findings printed, elsewhere.

mod catalina_base;
mod configuration_file;
mod datasource;
pub mod generated;
mod jar;
pub mod lint;
mod locate;
mod properties;
mod version;
mod war;
mod xml;

use std::fmt;
use std::path::PathBuf;

pub use catalina_base::{Base, ContextFile, Persistence, Scope, Timeout};
pub use configuration_file::ConfigError;
pub use datasource::{ConfiguredStore, NAMES, ResourceLookup, Source, StoreNames};
pub use jar::Libraries;
pub use locate::{base_of, locate};
pub use properties::{Properties, named_in};
pub use version::Version;
pub use xml::{Comment, Element, Xml};

/// Returns the value of an environment variable.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A position in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    pub file: PathBuf,
    /// Counted from 1.
    pub line: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.line)
    }
}
