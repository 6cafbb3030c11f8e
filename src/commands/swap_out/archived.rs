//! Into an archive file: all are copied, the file is put on the disk, and then what is still the same is
//! deleted from the store. Writing blocks the one thread of all connections: nothing else is under way.

use super::super::attic::Attic;
use super::super::purging::{PaceArgs, Purge};
use crate::context::Context;
use crate::failure::Failure;
use crate::store::{AppCount, Candidates, Copied, CopyOut, DeleteCopied, Ended, PurgeSummary, SessionStore};

/// Moves what the first candidates are; the second ones are the same again.
pub(super) async fn swap_out<'a>(
    cx: &Context,
    pace: &PaceArgs,
    store: &mut SessionStore,
    attic: &Attic,
    (candidates, again): (Candidates, Candidates),
    what: &impl Fn(&'static str) -> Purge<'a>,
) -> Result<PurgeSummary, Failure> {
    let mut sink = if pace.dry_run { None } else { Some(attic.begin(store).await?) };
    let (mut summary, copied) = {
        let take = Box::new(|sessions: &[_]| match &mut sink {
            Some(sink) => sink.write(sessions, false).map_err(|e| e.to_string()),
            None => Ok(()),
        });
        let mut copying = CopyOut { take, copied: Copied::default() };
        let summary = pace.purge(cx, store, candidates, what("Copying sessions"), &mut copying).await;
        (summary, std::mem::take(&mut copying.copied))
    };
    let whole = matches!(summary.ended, Ended::Done | Ended::MaxRows | Ended::MaxTime);
    let Some(sink) = sink.filter(|_| whole && !copied.is_empty()) else {
        // What is not finished leaves no file, and nothing was deleted.
        if !pace.dry_run {
            (summary.total, summary.by_app) = (AppCount::default(), Default::default());
        }
        return Ok(summary);
    };
    sink.finish()?;
    let mut deletion = DeleteCopied { copied };
    let deleted = pace.purge(cx, store, again, what("Deleting what was copied"), &mut deletion).await;
    let vain = deletion.copied;
    let spared = summary.spared + vain.len();
    // After an error it is not known what the last transaction came to: twice is better than never.
    if !vain.is_empty() && !matches!(deleted.ended, Ended::Failed(_)) {
        attic.take_out(vain)?;
    }
    let ended = if matches!(deleted.ended, Ended::Done) { summary.ended } else { deleted.ended };
    Ok(PurgeSummary { ended, spared, candidates: summary.candidates, took: summary.took + deleted.took, ..deleted })
}
