//! The archive that `--backup` writes of what is deleted, and its part of a report.

use serde::Serialize;

use crate::archive::MAX_DATA;
use crate::context::Context;
use crate::endpoint::{BackupArchive, EndpointError, Rejected};
use crate::failure::{DONE, Failure, PARTLY};
use crate::operations::archive_header::archive_header;
use crate::options::backup::{BackupArgs, exists};
use crate::session::Session;
use crate::store::{
    BatchAction, Delete, DeleteByData, DeleteWithBackup, KeptRow, Result as StoreResult, SessionBackup,
    SessionPredicate, SessionStore,
};
use crate::ui::{Page, plural};

/// Archives of a run that deletes sessions.
pub struct Backup {
    archive: Option<BackupArchive>,
    file: String,
}

/// What was archived, as it is reported.
#[derive(Debug, Clone, Default, Serialize)]
pub struct BackupReport {
    /// The archive; `null` without --backup, and where nothing was archived.
    #[serde(rename = "backup")]
    pub file: Option<String>,
    /// Sessions in it, later copies of the same one included.
    pub archived: u64,
}

impl Backup {
    /// Creates the archive, unless none is wanted or nothing is to be changed.
    ///
    /// # Errors
    /// Where the file exists or cannot be written.
    pub fn create(
        args: &BackupArgs,
        cx: &Context,
        store: &SessionStore,
        command: &str,
        dry_run: bool,
    ) -> Result<Option<Backup>, Failure> {
        let Some(path) = args.path()? else { return Ok(None) };
        let file = path.display().to_string();
        if dry_run {
            return Ok(Some(Backup { archive: None, file }));
        }
        match BackupArchive::create(&path, &archive_header(cx, store, command, None)) {
            Ok(archive) => Ok(Some(Backup { archive: Some(archive), file })),
            Err(EndpointError::Exists(_)) => Err(exists(&file)),
            Err(error) => Err(error.into()),
        }
    }

    /// Archives the rows of sessions that a Tomcat is about to delete.
    ///
    /// # Errors
    /// Of the store, also where the archive cannot be written.
    pub async fn copy(&mut self, store: &mut SessionStore, app: &str, ids: &[String]) -> StoreResult<()> {
        store.archive_rows(Some(app), ids, self).await.map(drop)
    }
}

/// Ends the backup of a run, where there is one: what it has, and why its end could not be written.
pub fn finish(backup: Option<Backup>) -> (BackupReport, Option<Failure>) {
    let Some(Backup { archive: Some(mut archive), file }) = backup else { return (BackupReport::default(), None) };
    match archive.finish() {
        Ok(false) => (BackupReport::default(), None),
        Ok(true) => (BackupReport { file: Some(file), archived: archive.sessions }, None),
        Err(error) => {
            let failure = Failure::failed(error.to_string()).hint(format!(
                "it has every session that was deleted, but no end: `tomcat-sessions import --allow-truncated {file}`"
            ));
            (BackupReport { file: Some(file), archived: archive.sessions }, Some(failure))
        }
    }
}

/// The result of a run whose backup may have failed to end.
///
/// # Errors
/// Of either.
pub fn result_with(failed: Option<Failure>, concluded: Result<u8, Failure>) -> Result<u8, Failure> {
    match (failed, concluded) {
        (Some(failed), Err(failure)) => Err(failed.hints.into_iter().fold(failure, Failure::hint)),
        (Some(failed), Ok(_)) => Err(failed),
        (None, concluded) => concluded,
    }
}

impl SessionBackup for Backup {
    fn max_data(&self) -> u64 {
        MAX_DATA
    }

    fn write(&mut self, sessions: &[Session]) -> Result<(), String> {
        self.archive.as_mut().map_or(Ok(()), |archive| archive.write(sessions)).map_err(|e| e.to_string())
    }

    fn sync(&mut self) -> Result<(), String> {
        self.archive.as_mut().map_or(Ok(()), BackupArchive::sync).map_err(|e| e.to_string())
    }

    fn end_batch(&mut self, stay: bool) {
        if let Some(archive) = &mut self.archive {
            archive.end_batch(stay);
        }
    }
}

/// What deletes the sessions of a run: into the backup first, where there is one.
pub fn deletion<'a>(
    backup: Option<&'a mut Backup>,
    by_data: Option<Box<SessionPredicate>>,
    exact: bool,
) -> Box<dyn BatchAction + 'a> {
    match (backup, by_data) {
        (Some(backup), by_data) => Box::new(DeleteWithBackup { by_data, backup }),
        (None, Some(wanted)) => Box::new(DeleteByData { wanted }),
        (None, None) => Box::new(Delete { exact }),
    }
}

/// Names the sessions that are too large for an archive; the exit code is that of a run in part then.
pub fn name_left(cx: &Context, left: &[KeptRow], code: u8) -> u8 {
    for left in left {
        let Rejected { session_id_prefix: session, app_name, reason } = Rejected::new(&left.key, left.reason.as_str());
        let app = app_name.as_deref().unwrap_or("NULL");
        cx.ui.warn(format!("Skipped session {session} of {app}: {reason}."));
    }
    if left.is_empty() || code != DONE { code } else { PARTLY }
}

/// The line about the backup.
pub fn backup_line(backup: &BackupReport, page: &mut Page) {
    if let BackupReport { file: Some(file), archived } = backup {
        page.prose(0, format!("Archived {} in `{file}`; `import` restores them.", plural(*archived, "session")));
    }
}
