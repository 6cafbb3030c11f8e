//! Searches the data of sessions, on all cores.

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::context::Context;
use crate::failure::Failure;
use crate::javaser::{Decoded, Error, Limits, Restorable, Search, decode};
use crate::operations::find_session::one_session;
use crate::operations::parallel::InParallel;
use crate::session::{EpochMillis, Filter, Session, SessionMeta};
use crate::store::{Candidates, Reader, SessionBatch, SessionStore, Stop, StoreError};
use crate::ui::plural;

/// Sessions whose data were looked into, on all cores, and what was made of each.
pub struct Finder<T> {
    looked: InParallel<SessionBatch, Looked<T>>,
    reader: Reader,
    left: LeftOut,
}

/// What came of a batch.
struct Looked<T> {
    found: Vec<(SessionMeta, T)>,
    unread: u64,
}

/// What could not be judged.
#[derive(Debug, Clone, Copy, Default)]
pub struct LeftOut {
    /// Cannot be read to their end.
    pub unread: u64,
    /// Were just being saved.
    pub missed: u64,
}

impl<T: Send + 'static> Finder<T> {
    /// Begins to look for what filter and search let through; `make` is given the data where they
    /// can be read, and whether Tomcat can load them.
    pub fn new(
        store: SessionStore,
        filter: Filter,
        now: EpochMillis,
        stop: Stop,
        search: Search,
        make: impl Fn(&SessionMeta, Option<&Decoded<'_>>, Restorable) -> T + Send + Sync + 'static,
    ) -> Finder<T> {
        let (batches, reader) = store.read_whole(filter, now, stop);
        let looked = InParallel::new(batches, move |taken: SessionBatch| {
            let mut looked = Looked { found: Vec::with_capacity(taken.sessions.len()), unread: 0 };
            for Session { meta, data } in taken.sessions {
                let decoded = read(data.as_deref());
                match search.admits(decoded.as_ref(), &meta.key.id) {
                    (Some(true), restorable) => {
                        let made = make(&meta, decoded.and_then(Result::ok).as_ref(), restorable);
                        looked.found.push((meta, made));
                    }
                    (Some(false), _) => {}
                    (None, _) => looked.unread += 1,
                }
            }
            looked
        });
        Finder { looked, reader, left: LeftOut::default() }
    }

    /// The next ones, in the order of the key; `None` when there are no more.
    pub async fn next(&mut self) -> Option<Vec<(SessionMeta, T)>> {
        let Looked { found, unread } = self.looked.next().await?;
        self.left.unread += unread;
        Some(found)
    }

    /// Ends the reading, and tells what could not be judged so far.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn end(self) -> Result<LeftOut, StoreError> {
        drop(self.looked);
        Ok(LeftOut { missed: self.reader.missed().await?, ..self.left })
    }
}

impl Finder<()> {
    /// What it finds as candidates, and what it had to leave out. Where the search fails, the
    /// candidates say so.
    pub fn candidates(mut self) -> (Candidates, Unsaid) {
        let (sender, pages) = mpsc::channel(1);
        let finding = tokio::spawn(async move {
            while let Some(found) = self.next().await {
                let keys = found.into_iter().map(|(session, ())| session.key).collect();
                if sender.send(Ok(keys)).await.is_err() {
                    break;
                }
            }
            match self.end().await {
                Ok(left) => left,
                Err(error) => {
                    let _ = sender.send(Err(error)).await;
                    LeftOut::default()
                }
            }
        });
        (Candidates::of(pages), Unsaid(Some(finding)))
    }
}

/// The sessions that `ids` name, or without one those that filter and search let through, as
/// candidates; and what is to be said of the search once they are at their end.
///
/// # Errors
/// Where an id fits no session, or several.
pub async fn named_or_chosen(
    store: &mut SessionStore,
    ids: &[String],
    filter: &Filter,
    now: EpochMillis,
    stop: &Stop,
    search: Search,
) -> Result<(Candidates, Unsaid), Failure> {
    if !ids.is_empty() {
        let mut keys = Vec::with_capacity(ids.len());
        for id in ids {
            keys.push(one_session(store, id, filter, now).await?);
        }
        return Ok((Candidates::named(keys), Unsaid::default()));
    }
    let reader = store.another().await?;
    Ok(if search.is_empty() {
        (Candidates::matching(reader, filter.clone(), now), Unsaid::default())
    } else {
        Finder::new(reader, filter.clone(), now, stop.clone(), search, |_, _, _| ()).candidates()
    })
}

/// What a search had to leave out, to be said when the summary has been made.
#[derive(Default)]
pub struct Unsaid(Option<JoinHandle<LeftOut>>);

impl Unsaid {
    pub async fn say(self, cx: &Context) {
        if let Some(finding) = self.0
            && let Ok(left) = finding.await
        {
            left.say(cx);
        }
    }
}

/// What decoding brings; `None` for data that are NULL.
fn read(data: Option<&[u8]>) -> Option<Result<Decoded<'_>, Error>> {
    data.map(|data| decode(data, Limits::default()))
}

/// Tells whether the search lets a session through.
pub fn is_found(search: &Search, session: &Session) -> bool {
    search.admits(read(session.data.as_deref()).as_ref(), &session.meta.key.id).0 == Some(true)
}

impl LeftOut {
    pub fn say(self, cx: &Context) {
        if self.unread > 0 {
            cx.ui.warn(format!(
                "Skipped {}: the data could not be decoded completely; `show` says why.",
                plural(self.unread, "session")
            ));
        }
        if self.missed > 0 {
            cx.ui.warn(format!("Skipped {} that Tomcat was just saving.", plural(self.missed, "session")));
        }
    }
}

/// Leaves out of batches what the search does not let through, on all cores.
pub struct Sieve {
    sieved: InParallel<SessionBatch, (SessionBatch, u64)>,
    pub unread: u64,
}

impl Sieve {
    pub fn new(batches: mpsc::Receiver<SessionBatch>, search: Search) -> Sieve {
        let sieved = InParallel::new(batches, move |mut taken: SessionBatch| {
            let mut unread = 0;
            taken.sessions.retain(|session| {
                let decoded = read(session.data.as_deref());
                let (answer, _) = search.admits(decoded.as_ref(), &session.meta.key.id);
                unread += u64::from(answer.is_none());
                answer == Some(true)
            });
            (taken, unread)
        });
        Sieve { sieved, unread: 0 }
    }

    /// What is left of the next batch, which may be nothing; `None` when there are no more.
    pub async fn next(&mut self) -> Option<SessionBatch> {
        let (taken, unread) = self.sieved.next().await?;
        self.unread += unread;
        Some(taken)
    }
}
