//! Searches the data of sessions, on all cores.

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::context::Context;
use crate::failure::Failure;
use crate::javaser::{Decoded, Error, Limits, Restorable, Search, decode};
use crate::operations::find_session::one_session;
use crate::operations::parallel::ParallelMap;
use crate::session::{EpochMillis, Filter, Session, SessionMeta};
use crate::store::{Candidates, Reader, SessionBatch, SessionStore, Stop, StoreError};
use crate::ui::plural;

/// A search in progress; `T` is the value that is computed for each found session.
pub struct ContentSearch<T> {
    batches: ParallelMap<SessionBatch, SearchedBatch<T>>,
    searched: u64,
    reader: Reader,
    left: SkippedSessions,
}

/// Result of searching a batch.
struct SearchedBatch<T> {
    sessions: u64,
    found: Vec<(SessionMeta, T)>,
    skipped: SkippedSessions,
}

/// Sessions for which the search has no result.
#[derive(Debug, Clone, Copy, Default)]
pub struct SkippedSessions {
    /// Their data cannot be decoded completely, and Tomcat cannot load them.
    pub damaged: u64,
    /// Their data cannot be decoded completely, but Tomcat may be able to load them.
    pub unknown: u64,
    /// They were being saved.
    pub missed: u64,
}

impl<T: Send + 'static> ContentSearch<T> {
    /// Starts the search for sessions that match `filter` and `search`. `make` computes a value for each of them, from
    /// the decoded data, if available, and from whether Tomcat can load the session.
    pub fn new(
        store: SessionStore,
        filter: Filter,
        now: EpochMillis,
        stop: Stop,
        search: Search,
        make: impl Fn(&SessionMeta, Option<&Decoded<'_>>, Restorable) -> T + Send + Sync + 'static,
    ) -> ContentSearch<T> {
        let (batches, reader) = store.read_whole(filter, now, stop);
        let batches = ParallelMap::new(batches, move |taken: SessionBatch| {
            let mut searched = SearchedBatch {
                sessions: taken.sessions.len() as u64,
                found: Vec::with_capacity(taken.sessions.len()),
                skipped: SkippedSessions::default(),
            };
            for Session { meta, data } in taken.sessions {
                let decoded = read(data.as_deref());
                match search.admits(decoded.as_ref(), &meta, now) {
                    (Some(true), restorable) => {
                        let made = make(&meta, decoded.and_then(Result::ok).as_ref(), restorable);
                        searched.found.push((meta, made));
                    }
                    (Some(false), _) => {}
                    (None, restorable) => searched.skipped.count(&restorable),
                }
            }
            searched
        });
        ContentSearch { batches, searched: 0, reader, left: SkippedSessions::default() }
    }

    /// The sessions found in the next batch, in key order; `None` after the last batch.
    pub async fn next(&mut self) -> Option<Vec<(SessionMeta, T)>> {
        let SearchedBatch { sessions, found, skipped } = self.batches.next().await?;
        self.searched += sessions;
        self.left.add(skipped);
        Some(found)
    }

    /// Number of sessions searched so far.
    pub fn searched(&self) -> u64 {
        self.searched
    }

    /// Ends the search; returns the sessions without a result.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn end(self) -> Result<SkippedSessions, StoreError> {
        drop(self.batches);
        Ok(SkippedSessions { missed: self.reader.missed().await?, ..self.left })
    }
}

impl ContentSearch<()> {
    /// The found sessions as candidates, and the warnings about sessions without a result. An error of the search is
    /// returned by the candidates.
    pub fn candidates(mut self) -> (Candidates, DeferredWarnings) {
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
                    SkippedSessions::default()
                }
            }
        });
        (Candidates::of(pages), DeferredWarnings(Some(finding)))
    }
}

/// The sessions with these `ids` or, without ids, those that match the filter and the search, as candidates; also
/// returns the warnings to print at the end.
///
/// # Errors
/// An id matches no session, or several.
pub async fn named_or_filtered(
    store: &mut SessionStore,
    ids: &[String],
    filter: &Filter,
    now: EpochMillis,
    stop: &Stop,
    search: Search,
) -> Result<(Candidates, DeferredWarnings), Failure> {
    if !ids.is_empty() {
        let mut keys = Vec::with_capacity(ids.len());
        for id in ids {
            keys.push(one_session(store, id, filter, now).await?);
        }
        return Ok((Candidates::named(keys), DeferredWarnings::default()));
    }
    let reader = store.another().await?;
    Ok(if search.is_empty() {
        (Candidates::matching(reader, filter.clone(), now), DeferredWarnings::default())
    } else {
        ContentSearch::new(reader, filter.clone(), now, stop.clone(), search, |_, _, _| ()).candidates()
    })
}

/// Warnings about sessions without a result, to be printed after the summary.
#[derive(Default)]
pub struct DeferredWarnings(Option<JoinHandle<SkippedSessions>>);

impl DeferredWarnings {
    pub async fn warn(self, cx: &Context) {
        if let Some(finding) = self.0
            && let Ok(left) = finding.await
        {
            left.warn(cx);
        }
    }
}

/// Decodes the data; `None` for NULL.
fn read(data: Option<&[u8]>) -> Option<Result<Decoded<'_>, Error>> {
    data.map(|data| decode(data, Limits::default()))
}

/// Tells whether a session matches the search.
pub fn is_found(search: &Search, session: &Session, now: EpochMillis) -> bool {
    search.admits(read(session.data.as_deref()).as_ref(), &session.meta, now).0 == Some(true)
}

impl SkippedSessions {
    /// Counts a session whose data could not be decoded far enough for a result.
    fn count(&mut self, restorable: &Restorable) {
        *match restorable {
            Restorable::Unknown(_) => &mut self.unknown,
            Restorable::Yes | Restorable::No(_) => &mut self.damaged,
        } += 1;
    }

    pub fn add(&mut self, other: SkippedSessions) {
        self.damaged += other.damaged;
        self.unknown += other.unknown;
        self.missed += other.missed;
    }

    pub fn warn(self, cx: &Context) {
        for (number, answer) in [(self.damaged, "no"), (self.unknown, "unknown")] {
            if number > 0 {
                cx.ui.warn(format!(
                    "Skipped {}: the data could not be decoded completely. `tomcat-sessions list --restorable {answer}` \
                     prints the reasons.",
                    plural(number, "session")
                ));
            }
        }
        if self.missed > 0 {
            cx.ui.warn(format!("Skipped {} that Tomcat was saving.", plural(self.missed, "session")));
        }
    }
}

/// Removes sessions that do not match the search from batches, on all cores.
pub struct ContentFilter {
    filtered: ParallelMap<SessionBatch, (SessionBatch, SkippedSessions)>,
    pub skipped: SkippedSessions,
}

impl ContentFilter {
    pub fn new(batches: mpsc::Receiver<SessionBatch>, search: Search, now: EpochMillis) -> ContentFilter {
        let filtered = ParallelMap::new(batches, move |mut taken: SessionBatch| {
            let mut skipped = SkippedSessions::default();
            taken.sessions.retain(|session| {
                let decoded = read(session.data.as_deref());
                let (answer, restorable) = search.admits(decoded.as_ref(), &session.meta, now);
                if answer.is_none() {
                    skipped.count(&restorable);
                }
                answer == Some(true)
            });
            (taken, skipped)
        });
        ContentFilter { filtered, skipped: SkippedSessions::default() }
    }

    /// The matching sessions of the next batch, which may be none; `None` after the last batch.
    pub async fn next(&mut self) -> Option<SessionBatch> {
        let (taken, skipped) = self.filtered.next().await?;
        self.skipped.add(skipped);
        Some(taken)
    }
}
