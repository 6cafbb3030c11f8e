//! The file with the original values of settings that were changed in running Tomcats. It is synced before the first
//! change, so that the next run can restore them, however a run ends.

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

/// The version of the format. A file with another version is refused.
const VERSION: u32 = 1;

/// One attribute of one Manager.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSetting {
    /// The URL of the Manager, without user and password.
    pub manager: String,
    pub bean: String,
    pub app_name: String,
    pub attribute: String,
    pub was: i64,
    /// The values that this program sets. If the attribute has another value, somebody else has set it, and it is not
    /// restored.
    pub ours: Vec<i64>,
    /// Restored by `maintenance end`; otherwise at the end of the command that changed the attribute.
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
    /// When the first entry was added, in epoch milliseconds.
    since: EpochMillis,
    entries: Vec<SavedSetting>,
}

/// The file, locked by this run.
pub struct StateFile {
    path: PathBuf,
    content: StateFileContent,
    /// Held as long as this exists.
    _lock: File,
}

impl StateFile {
    /// Locks and reads the file.
    ///
    /// # Errors
    /// [`LOCKED`] if another run holds it; the file cannot be read, or its directory cannot be written.
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
                .hint("wait until it ends; two simultaneous runs could save each other's temporary values as the original ones"));
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

    /// Adds attributes that are about to be changed. The original value of an existing entry is kept: the current value
    /// was set by a run that was interrupted.
    ///
    /// # Errors
    /// The file cannot be written; then nothing may be changed.
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

    /// Removes attributes that have been restored.
    ///
    /// # Errors
    /// The file cannot be written.
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

/// The path for files that must survive a restart of the machine (XDG Base Directory Specification).
fn default_path() -> Result<PathBuf, Failure> {
    let state = variable("XDG_STATE_HOME").filter(|dir| dir.starts_with('/')).map(PathBuf::from);
    let home = || variable("HOME").filter(|home| !home.is_empty()).map(|home| Path::new(&home).join(".local/state"));
    match state.or_else(home) {
        Some(folder) => Ok(folder.join("tomcat-sessions").join("tomcats.json")),
        None => Err(Failure::usage("HOME is not set, so there is no place for the state file")
            .hint("use --state-file FILE; keep the file until the values of the Tomcats are restored")),
    }
}
