//! Reads the source of an import, selects sessions, and groups them into batches. Blocking.

use std::collections::HashMap;

use tokio::sync::mpsc::Sender;

use crate::archive::Item;
use crate::archive::filestore::{fields, is_java_stream};
use crate::endpoint::{Archive, EndpointError, Entries, Entry, Next, Rejected};
use crate::javaser::ClassFilter;
use crate::session::{EpochMillis, Filter, Session, SessionKey, SessionMeta, SessionState};
use crate::store::{BATCH_BYTES, Record};

/// Maximum number of sessions per batch.
const BATCH: usize = 1_000;
/// Approximate memory of a session in addition to its data, in bytes.
const ROW: u64 = 512;

/// The source of an import.
pub enum ImportSource {
    Archive(Archive),
    Files { entries: Entries, app: String },
}

/// An old and a new application name.
#[derive(Debug, Clone)]
pub struct Rename {
    old: String,
    new: String,
}

/// Reads `OLD=NEW`.
pub fn rename(text: &str) -> Result<Rename, String> {
    match text.split_once('=') {
        Some((old, new)) if !old.is_empty() && new.starts_with('/') => {
            Ok(Rename { old: old.to_owned(), new: new.to_owned() })
        }
        _ => Err("write OLD=NEW with the full new name: demo=/Catalina/localhost/shop".to_owned()),
    }
}

/// Which sessions of the source are imported, and under which names.
pub struct ImportSelection {
    /// All filters except --app.
    pub filter: Filter,
    /// The values of --app.
    pub patterns: Vec<String>,
    pub renames: Vec<Rename>,
    pub drop_expired: bool,
    pub any_data: bool,
    pub class_filter: ClassFilter,
    /// The same filter with `--any-data`.
    pub lenient: ClassFilter,
    pub now: EpochMillis,
}

/// Counts of the sessions that were read.
#[derive(Debug, Default)]
pub struct ReadSummary {
    pub sessions: u64,
    /// Sessions that do not match the filters.
    pub filtered: u64,
    /// The source has sessions, but none of the applications in --app.
    pub of_no_app: bool,
    /// Sessions that --drop-expired skipped.
    pub expired: u64,
    pub rejected: Vec<Rejected>,
    /// Of those, sessions whose data are not a Java serialization stream.
    pub no_stream: u64,
    /// Of those, sessions that are rejected only because their data cannot be decoded.
    pub undecodable: u64,
    /// Damaged lines that were skipped, with the problem of each.
    pub damaged: Vec<String>,
    pub failed: Option<EndpointError>,
}

/// Reads an archive completely, to check it; returns the number of its sessions.
///
/// # Errors
/// The archive is damaged, unless `lenient`; the file is not an archive.
pub fn check(mut archive: Archive, lenient: bool) -> Result<u64, EndpointError> {
    let mut sessions = 0;
    loop {
        match archive.read_next() {
            Ok(Next::Item(Item::Session(_))) => sessions += 1,
            Ok(Next::Item(_)) => {}
            Ok(Next::Damaged(_)) if lenient => {}
            Ok(Next::Damaged(fault)) => return Err(archive.fault(fault)),
            Ok(Next::End) => return Ok(sessions),
            Err(error) if lenient && is_damage(&error) => return Ok(sessions),
            Err(error) => return Err(error),
        }
    }
}

/// Tells whether the file is an archive that is damaged.
fn is_damage(error: &EndpointError) -> bool {
    matches!(error, EndpointError::Archive { fault, .. } if fault.kind.is_damage())
}

/// Reads the source in its own thread.
pub struct SourceReader {
    choice: ImportSelection,
    lenient: bool,
    /// Batches may be empty.
    out: Sender<Vec<Record>>,
    /// Caches whether an application matches the patterns.
    apps: HashMap<Option<String>, bool>,
    batch: Vec<Record>,
    bytes: u64,
    read: ReadSummary,
}

/// The receiver of the sessions has ended.
struct ReceiverClosed;

impl SourceReader {
    pub fn new(choice: ImportSelection, lenient: bool, out: Sender<Vec<Record>>) -> SourceReader {
        SourceReader {
            choice,
            lenient,
            out,
            apps: HashMap::new(),
            batch: Vec::new(),
            bytes: 0,
            read: ReadSummary::default(),
        }
    }

    /// Reads the source until its end, or until the receiver has ended.
    pub fn run(mut self, what: ImportSource) -> ReadSummary {
        let ended = match what {
            ImportSource::Archive(archive) => self.archive(archive),
            ImportSource::Files { entries, app } => self.files(entries, &app),
        };
        if ended.is_ok() {
            let _ = self.send();
        }
        self.read.of_no_app = !self.apps.is_empty() && !self.apps.values().any(|&chosen| chosen);
        self.read
    }

    fn archive(&mut self, mut archive: Archive) -> Result<(), ReceiverClosed> {
        loop {
            match archive.read_next() {
                Ok(Next::Item(Item::Session(session))) => self.take(session)?,
                Ok(Next::Item(_)) => {}
                Ok(Next::Damaged(fault)) if self.lenient => self.read.damaged.push(fault.to_string()),
                Ok(Next::Damaged(fault)) => {
                    self.read.failed = Some(archive.fault(fault));
                    return Ok(());
                }
                Ok(Next::End) => return Ok(()),
                Err(EndpointError::Archive { fault, .. }) if self.lenient && fault.kind.is_damage() => {
                    self.read.damaged.push(fault.to_string());
                    return Ok(());
                }
                Err(error) => {
                    self.read.failed = Some(error);
                    return Ok(());
                }
            }
        }
    }

    fn files(&mut self, entries: Entries, app: &str) -> Result<(), ReceiverClosed> {
        for Entry { id, data } in entries {
            let key = SessionKey::new(Some(app.to_owned()), id);
            match data.and_then(|data| session(key.clone(), data)) {
                Ok(session) => self.take(session)?,
                Err(reason) => {
                    self.read.sessions += 1;
                    self.read.rejected.push(Rejected::new(&key, reason));
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, mut session: Session) -> Result<(), ReceiverClosed> {
        self.read.sessions += 1;
        let meta = &session.meta;
        if !self.is_of_app(&meta.key.app) || !self.choice.filter.matches(&session.meta, self.choice.now) {
            self.read.filtered += 1;
            return Ok(());
        }
        if self.choice.drop_expired && matches!(session.meta.state_at(self.choice.now), SessionState::Expired { .. }) {
            self.read.expired += 1;
            return Ok(());
        }
        if !self.choice.any_data && session.data.as_deref().is_some_and(|data| !is_java_stream(data)) {
            let reason = "its data do not begin like a Java serialization stream (--any-data accepts it)";
            self.read.rejected.push(Rejected::new(&session.meta.key, reason));
            self.read.no_stream += 1;
            return Ok(());
        }
        if let Some((data, reason)) =
            session.data.as_deref().and_then(|data| Some((data, self.choice.class_filter.refuses(data)?)))
        {
            self.read.undecodable += u64::from(self.choice.lenient.refuses(data).is_none());
            self.read.rejected.push(Rejected::new(&session.meta.key, reason));
            return Ok(());
        }
        let app = &mut session.meta.key.app;
        let rename = self.choice.renames.iter().find(|rename| fits(&rename.old, app));
        let renamed_from = rename.and_then(|rename| app.replace(rename.new.clone()));
        let size = ROW + session.meta.size.unwrap_or(0);
        if self.bytes + size > BATCH_BYTES || self.batch.len() >= BATCH {
            self.send()?;
        }
        self.bytes += size;
        self.batch.push(Record { session, renamed_from });
        Ok(())
    }

    fn is_of_app(&mut self, app: &Option<String>) -> bool {
        let patterns = &self.choice.patterns;
        if patterns.is_empty() {
            return true;
        }
        if let Some(&known) = self.apps.get(app) {
            return known;
        }
        let chosen = patterns.iter().any(|pattern| fits(pattern, app));
        self.apps.insert(app.clone(), chosen);
        chosen
    }

    fn send(&mut self) -> Result<(), ReceiverClosed> {
        let bytes = std::mem::take(&mut self.bytes);
        let batch = std::mem::take(&mut self.batch);
        if batch.is_empty() {
            return Ok(());
        }
        self.out.blocking_send(batch).map_err(|_| ReceiverClosed)?;
        if bytes > BATCH_BYTES {
            // The channel accepts this empty batch only when the large session is being written; the next session,
            // which may be as large, is not read earlier.
            self.out.blocking_send(Vec::new()).map_err(|_| ReceiverClosed)?;
        }
        Ok(())
    }
}

/// Tells whether a pattern matches this application, as if there were no others.
fn fits(pattern: &str, app: &Option<String>) -> bool {
    Filter::resolve_app(pattern, std::slice::from_ref(app)).is_ok()
}

/// A session from a FileStore file, or the reason why it is not one.
fn session(key: SessionKey, data: Vec<u8>) -> Result<Session, String> {
    let fields = fields(&data).ok_or("its data are not a session")?;
    if fields.id != key.id {
        // Tomcat deletes such a session when it is requested.
        return Err("the id in its data is not the id in the file name".to_owned());
    }
    let meta = SessionMeta {
        key,
        valid: Some("1".to_owned()),
        max_inactive: Some(fields.max_inactive),
        last_access: Some(fields.last_access),
        size: Some(data.len() as u64),
    };
    Ok(Session { meta, data: Some(data.into()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renames() {
        let rename = rename("demo=/Catalina/localhost/shop").unwrap();
        assert!(fits(&rename.old, &Some("/Catalina/localhost/demo".to_owned())));
        assert!(!fits(&rename.old, &Some("/Catalina/localhost/demo##2".to_owned())));
        assert!(!fits(&rename.old, &None));
        for wrong in ["demo", "=/Catalina/localhost/shop", "demo=shop", ""] {
            assert!(super::rename(wrong).is_err(), "{wrong}");
        }
    }
}
