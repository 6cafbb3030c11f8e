//! Swaps sessions out to an archive file: copies all of them, syncs the file to disk, and then deletes those that have
//! not changed from the store. Writing blocks the only thread of the connections, which have nothing else to do.

use crate::context::Context;
use crate::endpoint::SwapJournal;
use crate::failure::Failure;
use crate::operations::purge::Purge;
use crate::operations::swap_archive::SwapArchive;
use crate::options::pace::PaceArgs;
use crate::session::{Session, SessionKey};
use crate::store::{
    AppCount, Candidates, CopiedSessions, CopyToArchive, DeleteCopied, DeletionLog, Ended, PurgeSummary,
    ReconcileResult, SessionStore,
};

/// Moves the candidates to the archive; `again` are the same candidates for the deletion. Also returns the leftovers of
/// an interrupted run.
pub(super) async fn swap_out<'a>(
    cx: &Context,
    pace: &PaceArgs,
    store: &mut SessionStore,
    archive_file: &SwapArchive,
    (candidates, again): (Candidates, Candidates),
    what: &impl Fn(&'static str) -> Purge<'a>,
) -> Result<(PurgeSummary, ReconcileResult), Failure> {
    let begun = archive_file.begin(store, !pace.dry_run).await?;
    let (mut sink, found) = (begun.sink, begun.found);
    let mut journal = if pace.dry_run { None } else { Some(archive_file.log()?) };
    let (mut summary, copied) = {
        let take = Box::new(|sessions: &[Session]| {
            if let (Some(sink), Some(journal)) = (&mut sink, &mut journal) {
                sink.write(sessions, false).map_err(|e| e.to_string())?;
                let keys = sessions.iter().map(|session| &session.meta.key);
                journal.copied(keys).map_err(|e| archive_file.journal_error("write", &e))?;
            }
            Ok(())
        });
        let mut copying = CopyToArchive { take, copied: CopiedSessions::default(), archived: begun.archived };
        let summary = pace.purge(cx, store, candidates, what("Copying sessions"), &mut copying).await;
        (summary, std::mem::take(&mut copying.copied))
    };
    let (Some(sink), Some(mut journal)) = (sink, journal) else { return Ok((summary, found)) };
    let in_doubt = !found.in_doubt.is_empty();
    let cannot = |e: std::io::Error| Failure::failed(archive_file.journal_error("write", &e));
    let whole = matches!(summary.ended, Ended::Done | Ended::MaxRows | Ended::MaxTime);
    // The leftovers of an interrupted run are also removed if there is nothing to move.
    if !whole || copied.is_empty() && found.removed == 0 {
        // An incomplete archive is not written, and nothing was deleted.
        (summary.total, summary.by_app) = (AppCount::default(), Default::default());
        let found = if whole { found } else { ReconcileResult::default() };
        // The journal of the earlier run still applies to the existing archive.
        let ended = journal.end(in_doubt || !whole);
        return ended.map(|()| (summary, found)).map_err(cannot);
    }
    journal.sync().map_err(cannot)?;
    sink.finish()?;
    let mut log = Log(journal);
    let mut deletion = DeleteCopied { copied, log: &mut log };
    let deleted = pace.purge(cx, store, again, what("Deleting copied sessions"), &mut deletion).await;
    let mut copied = deletion.copied;
    let skipped = summary.skipped + copied.undeleted();
    if copied.undeleted() > 0 {
        archive_file.rewrite_without(&mut copied)?;
    }
    log.0.end(in_doubt).map_err(cannot)?;
    let ended = if matches!(deleted.ended, Ended::Done) { summary.ended } else { deleted.ended };
    let kept = summary.kept.into_iter().chain(deleted.kept).collect();
    let (candidates, newer) = (summary.candidates, summary.newer);
    let (took, paused) = (summary.took + deleted.took, summary.paused + deleted.paused);
    Ok((PurgeSummary { ended, skipped, candidates, newer, kept, took, paused, ..deleted }, found))
}

/// The journal as the log of the deletion.
struct Log(SwapJournal);

impl DeletionLog for Log {
    fn deleting(&mut self, keys: &[SessionKey]) -> Result<(), String> {
        self.0.deleting(keys.iter()).map_err(|e| e.to_string())
    }

    fn ended(&mut self, deleted: bool) {
        self.0.end_deletion(deleted);
    }
}
