//! Deletes the rows of sessions that no Tomcat holds in memory, in paced batches under locks, like `delete`.

use std::time::Duration;

use super::Parts;
use super::find::{FoundSessions, Target};
use crate::context::Context;
use crate::operations::backup::deletion;
use crate::operations::content_search::is_found;
use crate::operations::purge::Purge;
use crate::options::pace::PaceArgs;
use crate::session::{Filter, Session, SessionMeta};
use crate::store::{Candidates, Ended, InMemoryCheck, SessionPredicate, SessionStore, Stop, is_journal};

/// Minimum wait for another run's lock, because Tomcats have already expired sessions.
const MIN_LOCK_WAIT: Duration = Duration::from_secs(10);

/// Deletes the found rows from both tables. Returns how the deletion ended.
pub async fn delete_rows(
    cx: &Context,
    pace: &PaceArgs,
    (target, filter): (&Target, &Filter),
    parts: &mut Parts<'_>,
    found: &FoundSessions,
    stop: &Stop,
) -> Ended {
    let Parts { stores, tomcats, backup, outcome } = parts;
    for (store, swapped) in stores.each().zip([false, true]) {
        if (if swapped { found.swapped } else { found.rows }) == 0 {
            continue;
        }
        if let Err(error) = store.lock(pace.wait_lock.max(MIN_LOCK_WAIT)).await {
            return Ended::Failed(error);
        }
        let candidates = match candidates(cx, store, (target, filter), found, swapped).await {
            Ok(candidates) => candidates,
            Err(error) => return Ended::Failed(error),
        };
        let by_data: Option<Box<SessionPredicate>> = match target {
            Target::Search(search) => {
                let (search, now) = (search.clone(), cx.now);
                Some(Box::new(move |session: &Session| is_found(&search, session, now)))
            }
            Target::Ids(_) | Target::All(_) => None,
        };
        let mut action = deletion(backup.as_mut(), by_data, false);
        let check = tomcats.in_memory_check();
        let wanted = |session: &SessionMeta| filter.matches(session, cx.now);
        let what = Purge {
            doing: "Deleting sessions",
            cutoff: None,
            accessed_before: None,
            wanted: &wanted,
            expected: None,
            // Tomcat does not use the swap table, so no Tomcat needs to be asked about its rows.
            in_memory_check: (!swapped).then_some(&check as &dyn InMemoryCheck),
            stop: stop.clone(),
        };
        let summary = pace.purge(cx, store, candidates, what, &mut *action).await;
        outcome.deleted(&summary, swapped);
        tomcats.give_up_failed(check);
        if let Err(error) = store.unlock().await
            && matches!(summary.ended, Ended::Done)
        {
            return Ended::Failed(error);
        }
        if !matches!(summary.ended, Ended::Done) {
            return summary.ended;
        }
    }
    Ended::Done
}

async fn candidates(
    cx: &Context,
    store: &mut SessionStore,
    (target, filter): (&Target, &Filter),
    found: &FoundSessions,
    swapped: bool,
) -> Result<Candidates, crate::store::StoreError> {
    let Target::All(known) = target else {
        let here = found.sessions.iter().filter(|(_, places)| if swapped { places.swapped } else { places.in_table });
        return Ok(Candidates::named(here.map(|(key, _)| key.clone()).collect()));
    };
    let (reader, known) = (store.another().await?, known.clone());
    Ok(Candidates::selected(reader, filter.clone(), cx.now, move |session| {
        !is_journal(&session.key) && known.has(&session.key)
    }))
}
