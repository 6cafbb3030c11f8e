//! What was changed in running Tomcats and is still to be restored: a file that is on the disk before
//! the first change, so that whatever ends a run, the next one can undo it.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::context::{Context, variable};
use crate::endpoint::Output;
use crate::failure::{Failure, LOCKED};
use crate::jmx::Attribute;
use crate::private_file;
use crate::session::EpochMillis;

/// What a later version of this program may write and this one must not guess at.
const VERSION: u32 = 1;

/// One attribute of one Manager.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSetting {
    /// The Manager's URL, without user and password.
    pub manager: String,
    pub bean: String,
    pub app_name: String,
    pub attribute: String,
    pub was: i64,
    /// What this program sets in its place. Another value is somebody else's, and stays.
    pub ours: Vec<i64>,
    /// Kept until `maintenance end`; otherwise only as long as the command runs that wrote it.
    pub maintenance: bool,
}

impl SavedSetting {
    pub fn attribute(&self) -> Option<Attribute> {
        Attribute::of(&self.attribute)
    }

    fn same_place(&self, other: &SavedSetting) -> bool {
        (&self.manager, &self.bean, &self.attribute) == (&other.manager, &other.bean, &other.attribute)
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct StateFileContent {
    version: u32,
    /// When the first entry was made, in epoch milliseconds.
    since: EpochMillis,
    entries: Vec<SavedSetting>,
}

/// The file, for this run alone.
pub struct StateFile {
    path: PathBuf,
    content: StateFileContent,
    /// Held as long as this is.
    _lock: File,
}

impl StateFile {
    /// Takes the file for this run and reads what is in it.
    ///
    /// # Errors
    /// [`LOCKED`] where another run has it; where it cannot be read, or its directory cannot be written.
    pub fn open(path: Option<&Path>, cx: &Context) -> Result<StateFile, Failure> {
        let path = path.map_or_else(default_path, |path| Ok(path.to_owned()))?;
        let shown = path.display().to_string();
        let unwritable = |e: std::io::Error| {
            Failure::failed(format!("cannot write the state file `{shown}`: {e}"))
                .hint("use another file with --state-file; it must exist until `maintenance end`")
        };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            private_file::directory(folder).map_err(unwritable)?;
        }
        let lock = private_file::lock_file(&path.with_extension("lock")).map_err(unwritable)?;
        if lock.try_lock().is_err() {
            return Err(Failure::new(LOCKED, format!("another run is using the state file `{shown}`"))
                .hint("wait until it ends; each of two runs would take the other's values for Tomcat's own"));
        }
        let content = match read_file(&path) {
            Ok(text) => read(&text).map_err(|why| {
                Failure::failed(format!("cannot read the state file `{shown}`: {why}"))
                    .hint("it contains the original values of the Tomcats: look at it before you move it away")
                    .hint("a restarted Tomcat has the values of its context.xml again")
            })?,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                StateFileContent { version: VERSION, since: cx.now, entries: Vec::new() }
            }
            Err(e) => return Err(unwritable(e)),
        };
        Ok(StateFile { path, content, _lock: lock })
    }

    pub fn path(&self) -> String {
        self.path.display().to_string()
    }

    pub fn since(&self) -> EpochMillis {
        self.content.since
    }

    pub fn entries(&self) -> &[SavedSetting] {
        &self.content.entries
    }

    /// Adds what is about to be changed. Where an entry already exists its old value stays: what a run
    /// finds after another one died is not what the administrator set.
    ///
    /// # Errors
    /// When it cannot be written; nothing may be changed then.
    pub fn remember(&mut self, entries: Vec<SavedSetting>, now: EpochMillis) -> Result<(), Failure> {
        if self.content.entries.is_empty() {
            self.content.since = now;
        }
        for entry in entries {
            match self.content.entries.iter_mut().find(|there| there.same_place(&entry)) {
                Some(there) => {
                    there.maintenance |= entry.maintenance;
                    there.ours.extend(entry.ours);
                    there.ours.sort_unstable();
                    there.ours.dedup();
                }
                None => self.content.entries.push(entry),
            }
        }
        self.write()
    }

    /// Removes what has been restored.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn forget(&mut self, done: &[SavedSetting]) -> Result<(), Failure> {
        if done.is_empty() {
            return Ok(());
        }
        self.content.entries.retain(|entry| !done.iter().any(|done| done.same_place(entry)));
        self.write()
    }

    fn write(&self) -> Result<(), Failure> {
        if self.content.entries.is_empty() {
            return match fs::remove_file(&self.path) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                    Err(Failure::failed(format!("cannot remove the state file `{}`: {e}", self.path.display())))
                }
                _ => Ok(()),
            };
        }
        let text = serde_json::to_vec_pretty(&self.content).map_err(|e| Failure::failed(e.to_string()))?;
        let mut output = Output::file(&self.path, true)?;
        output.write_all(&text).map_err(|e| {
            Failure::failed(format!("cannot write the state file `{}`: {e}", self.path.display()))
                .hint("nothing was changed; use another file with --state-file")
        })?;
        Ok(output.finish()?)
    }
}

fn read_file(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    private_file::open_regular(path)?.read_to_end(&mut text)?;
    Ok(text)
}

fn read(text: &[u8]) -> Result<StateFileContent, String> {
    let content: StateFileContent = serde_json::from_slice(text).map_err(|e| e.to_string())?;
    if content.version != VERSION {
        return Err(format!("it has version {}, but this program supports {VERSION}", content.version));
    }
    if let Some(unknown) = content.entries.iter().find(|entry| entry.attribute().is_none()) {
        return Err(format!("it contains the attribute `{}`, which this program does not set", unknown.attribute));
    }
    Ok(content)
}

/// Where programs keep what must survive a restart of the machine, by the XDG base directories.
fn default_path() -> Result<PathBuf, Failure> {
    let state = variable("XDG_STATE_HOME").filter(|dir| dir.starts_with('/')).map(PathBuf::from);
    let home = || variable("HOME").filter(|home| !home.is_empty()).map(|home| Path::new(&home).join(".local/state"));
    match state.or_else(home) {
        Some(folder) => Ok(folder.join("tomcat-sessions").join("tomcats.json")),
        None => Err(Failure::usage("HOME is not set, so there is no place for the state file")
            .hint("use --state-file FILE; the file must exist until the Tomcats have their values back")),
    }
}
