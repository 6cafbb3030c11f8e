//! Loads an archive into a temporary table, so that it can be compared like a store; a later record of a session
//! replaces an earlier one. The table has ids and digests, but no session data. It is in a directory that only its
//! owner can read, so that memory is bounded; that of an encrypted archive is in memory, so that nothing is written to
//! disk unencrypted.

use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::TempDir;

use super::ComparedStore;
use crate::archive::{Header, Item};
use crate::context::Context;
use crate::endpoint::{Archive, Endpoint, Identities, Next};
use crate::failure::Failure;
use crate::operations::server_report::ServerReport;
use crate::private_file;
use crate::session::{EpochMillis, OnConflict, Session};
use crate::store::provision::{Grants, Plan, Profile, Provision};
use crate::store::{BATCH_BYTES, Naming, SessionStore, Target, condensed, parse_url, sqlite_in_memory, write_each};

/// Sessions per transaction.
const BATCH: usize = 500;

/// An archive as a store; its file is removed when this is dropped.
pub struct StagedArchive {
    name: String,
    header: Option<Header>,
    _dir: Option<TempDir>,
}

impl StagedArchive {
    /// The time when the archive was begun.
    pub fn created(&self) -> Option<EpochMillis> {
        self.header.as_ref().map(|header| EpochMillis(header.created))
    }

    /// The archive, for reports.
    pub fn place(&self) -> ComparedStore {
        let of = |field: fn(&Header) -> &str| self.header.as_ref().map_or("", field).to_owned();
        ComparedStore {
            store: self.name.clone(),
            table: of(|header| &header.table),
            server: ServerReport::default(),
            engine: of(|header| &header.engine),
            server_version: of(|header| &header.server),
            duplicates: 0,
        }
    }
}

/// Reads the archive completely.
///
/// # Errors
/// The archive is damaged, or the file is not an archive; a session has no application, and cannot be distinguished
/// from others with the same id.
pub async fn stage(
    cx: &Context,
    from: &Endpoint,
    identities: &Identities,
) -> Result<(SessionStore, StagedArchive), Failure> {
    let mut archive = match from {
        Endpoint::File(path) => Archive::open(path, identities)?,
        _ => Archive::of(std::io::stdin(), "-".to_owned(), identities)?,
    };
    let failed = |e: std::io::Error| Failure::failed(format!("cannot create a temporary directory: {e}"));
    let (dir, target) = if archive.is_encrypted() {
        static STAGED: AtomicU64 = AtomicU64::new(0);
        (None, sqlite_in_memory(&format!("staged-{}", STAGED.fetch_add(1, Ordering::Relaxed))))
    } else {
        let dir = private_file::temporary_directory().map_err(failed)?;
        let target = parse_url(&format!("sqlite:{}", dir.path().join("archive.db").display()))?;
        (Some(dir), target)
    };
    let mut store = create(&target).await?;
    let mut header = None;
    let mut progress = cx.ui.progress("Reading the archive", None);
    let (mut batch, mut bytes, mut read): (Vec<Session>, u64, u64) = (Vec::new(), 0, 0);
    loop {
        // Blocking: nothing else is in progress.
        match archive.read_next()? {
            Next::Item(Item::Header(found)) => header = Some(*found),
            Next::Item(Item::Session(session)) => {
                let size = session.meta.size.unwrap_or(0);
                let again = batch.iter().any(|earlier| earlier.meta.key == session.meta.key);
                if again || batch.len() >= BATCH || bytes + size > BATCH_BYTES {
                    write(&mut store, &mut batch).await?;
                    bytes = 0;
                    progress.set(read);
                }
                (bytes, read) = (bytes + size, read + 1);
                batch.push(condensed(&session));
            }
            Next::Item(Item::Trailer(_)) => {}
            Next::Damaged(fault) => return Err(archive.fault(fault).into()),
            Next::End => break,
        }
    }
    write(&mut store, &mut batch).await?;
    Ok((store.with_condensed_data(), StagedArchive { name: from.to_string(), header, _dir: dir }))
}

/// Creates the table.
async fn create(target: &Target) -> Result<SessionStore, Failure> {
    let naming = Naming::default();
    let plan = Plan {
        lease: false,
        names: naming.names(target, None)?,
        profile: Profile::Recommended,
        grants: Grants::Minimal,
        account: None,
        reset_password: false,
        no_password_policy: false,
    };
    let mut server = Provision::survey(target, &plan).await?;
    let applied = server.apply(&plan).await;
    // A database in memory exists as long as a connection to it is open.
    let store = SessionStore::open(target, &naming).await;
    server.close().await;
    match applied.failed {
        Some(error) => Err(error.into()),
        None => Ok(store?),
    }
}

/// Writes the batch; a later record replaces an earlier one.
async fn write(store: &mut SessionStore, batch: &mut Vec<Session>) -> Result<(), Failure> {
    let (_, refused) = write_each(store, batch, OnConflict::Replace).await?;
    batch.clear();
    match refused.first() {
        None => Ok(()),
        Some(one) => Err(Failure::failed(format!(
            "session {} of the archive cannot be compared: {}",
            one.key.redacted(),
            one.reason
        ))),
    }
}
