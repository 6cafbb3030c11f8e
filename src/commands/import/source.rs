//! Reads what is to be imported, chooses, and cuts it into batches. Blocking.

use std::collections::HashMap;

use tokio::sync::mpsc::Sender;

use crate::archive::filestore::{fields, is_java_stream};
use crate::archive::{DecodeErrorKind, Item};
use crate::endpoint::{Archive, EndpointError, Entries, Entry, Next, Rejected};
use crate::javaser::Guard;
use crate::session::{EpochMillis, Filter, Session, SessionKey, SessionMeta, SessionState};
use crate::store::{BATCH_BYTES, Record};

/// Sessions of a batch at most.
const BATCH: usize = 1_000;
/// What a session takes beside its data, about.
const ROW: u64 = 512;

/// Where sessions come from.
pub enum ImportSource {
    Archive(Archive),
    Files { entries: Entries, app: String },
}

/// An application and its new name.
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

/// What is wanted of what comes.
pub struct ImportSelection {
    /// All but the applications.
    pub filter: Filter,
    /// Applications as they were asked for.
    pub patterns: Vec<String>,
    pub renames: Vec<Rename>,
    pub drop_expired: bool,
    pub any_data: bool,
    pub guard: Guard,
    pub now: EpochMillis,
}

/// What was read.
#[derive(Debug, Default)]
pub struct ReadSummary {
    pub sessions: u64,
    /// Sessions that the filters did not choose.
    pub unchosen: u64,
    /// There were sessions, and none of an application that was asked for.
    pub of_no_app: bool,
    /// Sessions that --drop-expired left out.
    pub expired: u64,
    pub rejected: Vec<Rejected>,
    /// What is wrong with lines that were passed over.
    pub damaged: Vec<String>,
    pub failed: Option<EndpointError>,
}

/// Reads an archive completely and writes nothing; returns how many sessions are in it.
///
/// # Errors
/// Where it is damaged, unless `lenient`; where it is no archive.
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

/// Tells whether an archive is one, if not a whole one.
fn is_damage(error: &EndpointError) -> bool {
    matches!(error, EndpointError::Archive { fault, .. } if fault.kind != DecodeErrorKind::Foreign)
}

/// A reading under way.
pub struct SourceReader {
    choice: ImportSelection,
    lenient: bool,
    /// An empty batch means nothing.
    out: Sender<Vec<Record>>,
    /// Whether the patterns choose an application, as it was found the first time.
    apps: HashMap<Option<String>, bool>,
    batch: Vec<Record>,
    bytes: u64,
    read: ReadSummary,
}

/// Nobody takes the sessions any more.
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

    /// Reads everything, as long as somebody takes it.
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
                Err(EndpointError::Archive { fault, .. }) if self.lenient && fault.kind != DecodeErrorKind::Foreign => {
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
            self.read.unchosen += 1;
            return Ok(());
        }
        if self.choice.drop_expired && matches!(session.meta.state_at(self.choice.now), SessionState::Expired { .. }) {
            self.read.expired += 1;
            return Ok(());
        }
        if !self.choice.any_data && session.data.as_deref().is_some_and(|data| !is_java_stream(data)) {
            let reason = "its data do not begin like a Java serialization stream (--any-data accepts it)";
            self.read.rejected.push(Rejected::new(&session.meta.key, reason));
            return Ok(());
        }
        if let Some(reason) = session.data.as_deref().and_then(|data| self.choice.guard.refuses(data)) {
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
            // There is room for an empty one when the big session is being written: before that no other
            // is read, which may be as big.
            self.out.blocking_send(Vec::new()).map_err(|_| ReceiverClosed)?;
        }
        Ok(())
    }
}

/// Tells whether a pattern means this application, as if it were the only one.
fn fits(pattern: &str, app: &Option<String>) -> bool {
    Filter::resolve_app(pattern, std::slice::from_ref(app)).is_ok()
}

/// A session of a FileStore's file, or why it is none.
fn session(key: SessionKey, data: Vec<u8>) -> Result<Session, String> {
    let fields = fields(&data).ok_or("its data are not a session")?;
    if fields.id != key.id {
        // Tomcat deletes such a session when it is asked for.
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
