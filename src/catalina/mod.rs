//! A Tomcat's configuration as it stands on the disk: which files there are, what their elements say
//! and where, and which database a Store keeps its sessions in.
//!
//! Files are read here and nothing is changed, connected to or fetched; the environment is handed in.
//! Not here: what a database says, and anything that is printed.

mod base;
mod datasource;
mod file;
pub mod generated;
mod jar;
pub mod lint;
mod locate;
mod properties;
mod version;
mod xml;

use std::fmt;
use std::path::PathBuf;

pub use base::{Base, ContextFile, Persistence, Scope, Timeout};
pub use datasource::{ConfiguredStore, NAMES, Source, StoreNames, Via};
pub use file::ConfigError;
pub use jar::Libraries;
pub use locate::{base_of, locate};
pub use properties::{Properties, named_in};
pub use version::Version;
pub use xml::{Comment, Element, Xml};

/// Looks up a variable of the environment.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    pub file: PathBuf,
    /// Counted from one.
    pub line: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.line)
    }
}
