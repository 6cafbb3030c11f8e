//! The archive of `--backup`, and its part of the reports.

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

/// The archive of the sessions that a run deletes.
pub struct Backup {
    archive: Option<BackupArchive>,
    file: String,
}

/// The archive, for the report.
#[derive(Debug, Clone, Default, Serialize)]
pub struct BackupReport {
    /// The archive; `null` without --backup, and if nothing was archived.
    #[serde(rename = "backup")]
    pub file: Option<String>,
    /// Number of archived sessions; one that was archived twice counts twice.
    pub archived: u64,
}

impl Backup {
    /// Creates the archive, if --backup is given. In a dry run, no file is created.
    ///
    /// # Errors
    /// The file exists or cannot be written.
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

    /// Archives rows of sessions that a Tomcat is about to delete.
    ///
    /// # Errors
    /// Those of the store; the archive cannot be written.
    pub async fn copy(&mut self, store: &mut SessionStore, app: &str, ids: &[String]) -> StoreResult<()> {
        store.archive_rows(Some(app), ids, self).await.map(drop)
    }
}

/// Completes the archive, if there is one. Returns its part of the report, and the failure if the trailer could not be
/// written.
pub fn finish(backup: Option<Backup>) -> (BackupReport, Option<Failure>) {
    let Some(Backup { archive: Some(mut archive), file }) = backup else { return (BackupReport::default(), None) };
    match archive.finish() {
        Ok(false) => (BackupReport::default(), None),
        Ok(true) => (BackupReport { file: Some(file), archived: archive.sessions }, None),
        Err(error) => {
            let failure = Failure::failed(error.to_string()).hint(format!(
                "the archive contains every deleted session, but its end is missing: restore them with `tomcat-sessions import --allow-truncated {file}`"
            ));
            (BackupReport { file: Some(file), archived: archive.sessions }, Some(failure))
        }
    }
}

/// The result of a run whose archive may be incomplete.
///
/// # Errors
/// The failure of the run or of the archive; for both, that of the run with all hints.
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

/// The action that deletes the sessions of a run: after archiving them, if there is a backup.
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

/// Warns about sessions that are too large for an archive. Returns the exit code, which is then that of a partial run.
pub fn warn_of_kept(cx: &Context, kept: &[KeptRow], code: u8) -> u8 {
    for row in kept {
        let Rejected { session_id_prefix: session, app_name, reason } = Rejected::new(&row.key, row.reason.as_str());
        let app = app_name.as_deref().unwrap_or("NULL");
        cx.ui.warn(format!("Skipped session {session} of {app}: {reason}."));
    }
    if kept.is_empty() || code != DONE { code } else { PARTLY }
}

/// Prints the line about the archive.
pub fn backup_line(backup: &BackupReport, page: &mut Page) {
    if let BackupReport { file: Some(file), archived } = backup {
        page.prose(0, format!("Archived {} in `{file}`; `import` restores them.", plural(*archived, "session")));
    }
}
