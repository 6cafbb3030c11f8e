//! The sessions to audit: from the store, an archive or a FileStore.

use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::{JoinHandle, spawn_blocking};

use super::Args;
use crate::archive::Item;
use crate::context::Context;
use crate::endpoint::{Archive, Endpoint, EndpointError, Entries, Entry, Next, entries};
use crate::failure::Failure;
use crate::operations::expected_sessions::expected_sessions;
use crate::session::{EpochMillis, Filter, Session, SessionData, SessionKey, SessionMeta};
use crate::store::{BATCH_BYTES, Reader, Stop};

/// Maximum number of sessions per batch.
const BATCH: usize = 1_000;

/// The sessions to audit.
pub enum SessionSource {
    Store(Reader),
    Other(JoinHandle<Result<(), EndpointError>>),
}

impl SessionSource {
    /// Waits for the end. Returns the number of sessions that were missed because Tomcat was saving them.
    ///
    /// # Errors
    /// Those of the store; an archive that is damaged, or a file that is not an archive.
    pub async fn end(self) -> Result<u64, Failure> {
        match self {
            SessionSource::Store(reader) => Ok(reader.missed().await?),
            SessionSource::Other(reading) => {
                let read = reading.await.map_err(|e| Failure::failed(format!("the reader failed: {e}")))?;
                read.map(|()| 0).map_err(Failure::from)
            }
        }
    }
}

impl Args {
    /// Starts reading.
    pub(super) async fn open(
        &self,
        cx: &Context,
        stop: &Stop,
    ) -> Result<(Receiver<Vec<Session>>, SessionSource, Option<u64>), Failure> {
        let (sender, receiver) = channel(1);
        let Some(source) = &self.source else {
            let mut store = cx.open().await?;
            let filter = self.filter.filter(cx, &mut store).await?;
            let expected = expected_sessions(cx, &mut store, &filter).await?;
            let (mut batches, reader) = store.read_whole(filter, cx.now, stop.clone());
            tokio::spawn(async move {
                while let Some(taken) = batches.recv().await {
                    if sender.send(taken.sessions).await.is_err() {
                        break;
                    }
                }
            });
            return Ok((receiver, SessionSource::Store(reader), expected));
        };
        let identities = self.identity.identities(cx);
        let what = match Endpoint::from_argument(source)? {
            Endpoint::Stdio => FileSource::Archive(Archive::of(std::io::stdin(), "-".to_owned(), &identities)?),
            Endpoint::File(path) => FileSource::Archive(Archive::open(&path, &identities)?),
            Endpoint::FileStore(dir) => FileSource::Files(entries(&dir)?),
        };
        let mut reading = FileReading {
            filter: self.filter.without_apps(cx.now),
            apps: self.filter.app_patterns(),
            now: cx.now,
            batch: Vec::new(),
            bytes: 0,
            out: sender,
        };
        Ok((receiver, SessionSource::Other(spawn_blocking(move || reading.run(what))), None))
    }
}

/// An archive or a FileStore.
enum FileSource {
    Archive(Archive),
    Files(Entries),
}

struct FileReading {
    filter: Filter,
    apps: Vec<String>,
    now: EpochMillis,
    batch: Vec<Session>,
    bytes: u64,
    out: Sender<Vec<Session>>,
}

impl FileReading {
    /// Reads all sessions, until the receiver is gone.
    fn run(&mut self, what: FileSource) -> Result<(), EndpointError> {
        match what {
            FileSource::Archive(mut archive) => loop {
                match archive.read_next()? {
                    Next::Item(Item::Session(session)) => {
                        if !self.take(session) {
                            return Ok(());
                        }
                    }
                    Next::Item(_) => {}
                    Next::Damaged(fault) => return Err(archive.fault(fault)),
                    Next::End => break,
                }
            },
            FileSource::Files(files) => {
                for Entry { id, data } in files {
                    // A file that cannot be read is audited as a session without data.
                    if !self.take(of_file(id, data.ok())) {
                        return Ok(());
                    }
                }
            }
        }
        self.send_batch();
        Ok(())
    }

    /// Adds a session to the batch, if the filters select it; false if the receiver is gone.
    fn take(&mut self, session: Session) -> bool {
        let app = &session.meta.key.app;
        let of_app = |pattern: &String| Filter::resolve_app(pattern, std::slice::from_ref(app)).is_ok();
        if !(self.apps.is_empty() || self.apps.iter().any(of_app)) || !self.filter.matches(&session.meta, self.now) {
            return true;
        }
        self.bytes += session.meta.size.unwrap_or(0);
        self.batch.push(session);
        self.bytes < BATCH_BYTES && self.batch.len() < BATCH || self.send_batch()
    }

    fn send_batch(&mut self) -> bool {
        self.bytes = 0;
        self.out.blocking_send(std::mem::take(&mut self.batch)).is_ok()
    }
}

/// A session from a FileStore file, which contains neither the application nor the columns.
fn of_file(id: String, data: Option<Vec<u8>>) -> Session {
    let size = data.as_ref().map(|data| data.len() as u64);
    let meta = SessionMeta { key: SessionKey::new(None, id), valid: None, max_inactive: None, last_access: None, size };
    Session { meta, data: data.map(SessionData::from) }
}
