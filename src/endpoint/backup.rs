//! An archive of sessions that are about to be deleted. It is written in place, batch by batch: a batch that has been
//! synced survives any later failure.
//!
//! Each batch is compressed separately, as a zstd frame or a gzip member, so that it can be read without the batches
//! after it, and removed by truncating the file. A killed run leaves an archive without a trailer, possibly with one
//! batch that was not deleted from the table.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::compression::Compressor;
use super::error::display_path;
use super::{Compression, EndpointError, Result};
use crate::archive::{DataEncoding, Encoder, Header};
use crate::private_file;
use crate::session::Session;

const BUFFER: usize = 256 << 10;

/// The archive. [`BackupArchive::finish`] writes the trailer, and removes an archive without sessions.
pub struct BackupArchive {
    path: PathBuf,
    file: File,
    compression: Compression,
    encoder: Encoder,
    /// End of the last batch that was kept.
    end: u64,
    batch: Option<OpenBatch>,
    /// Number of sessions in the archive; one that was archived twice counts twice.
    pub sessions: u64,
    /// Bytes of their data.
    pub bytes: u64,
    finished: bool,
}

/// The current batch.
struct OpenBatch {
    /// State of the encoder before the batch.
    before: Encoder,
    /// `None` after the batch has been synced.
    out: Option<Compressor<BufWriter<File>>>,
    sessions: u64,
    bytes: u64,
}

impl BackupArchive {
    /// Creates the file with its header, readable only by its owner, and syncs the file and its directory.
    ///
    /// # Errors
    /// [`EndpointError::Exists`], also for a symbolic link; [`EndpointError::Io`].
    pub fn create(path: &Path, header: &Header) -> Result<BackupArchive> {
        let created = private_file::new(path);
        let file = created.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => EndpointError::exists(path),
            _ => EndpointError::path("create", path)(error),
        })?;
        let compression = Compression::of_name(path);
        let encoder = Encoder::new(match compression {
            Compression::None => DataEncoding::Base64,
            Compression::Gzip | Compression::Zstd => DataEncoding::Compressible,
        });
        let (path, finished) = (path.to_owned(), false);
        let mut archive =
            BackupArchive { path, file, compression, encoder, end: 0, batch: None, sessions: 0, bytes: 0, finished };
        archive.encoder.header(header);
        archive.sync()?;
        archive.end_batch(true);
        // The file name is durable only after the directory is synced.
        let folder = File::open(private_file::folder(&archive.path)).and_then(|dir| dir.sync_all());
        folder.map_err(archive.failed("create"))?;
        Ok(archive)
    }

    /// Appends sessions to the current batch.
    ///
    /// # Errors
    /// [`EndpointError::Io`].
    pub fn write(&mut self, sessions: &[Session]) -> Result<()> {
        let written = self.begin_batch().and_then(|()| {
            let BackupArchive {
                encoder, batch: Some(OpenBatch { out: Some(out), sessions: number, bytes, .. }), ..
            } = self
            else {
                return Err(io::Error::other("the batch has ended"));
            };
            for session in sessions {
                encoder.session(session, out)?;
                *number += 1;
                *bytes += session.meta.size.unwrap_or(0);
            }
            Ok(())
        });
        written.map_err(self.failed("write"))
    }

    /// Syncs the current batch to disk.
    ///
    /// # Errors
    /// [`EndpointError::Io`].
    pub fn sync(&mut self) -> Result<()> {
        self.begin_batch().and_then(|()| self.flush(|encoder, out| encoder.flush(out))).map_err(self.failed("write"))
    }

    /// Ends the current batch: keeps it, or removes it by truncating the file. If truncating fails, the batch is kept:
    /// its sessions are then also in the table.
    pub fn end_batch(&mut self, stay: bool) {
        let Some(OpenBatch { before, out, sessions, bytes }) = self.batch.take() else { return };
        let whole = out.is_none();
        // A compressor writes its remaining data when it is dropped; that is truncated too.
        drop(out);
        if !(stay && whole) && self.cut().is_ok() {
            self.encoder = before;
            return;
        }
        if let Ok(end) = self.file.stream_position() {
            self.end = end;
        }
        (self.sessions, self.bytes) = (self.sessions + sessions, self.bytes + bytes);
    }

    /// Writes the trailer. An archive without sessions is removed; returns whether there is an archive.
    ///
    /// # Errors
    /// [`EndpointError::Io`]; the archive then has no trailer.
    pub fn finish(&mut self) -> Result<bool> {
        self.end_batch(false);
        self.finished = true;
        if self.sessions == 0 {
            return std::fs::remove_file(&self.path).map(|()| false).map_err(self.failed("remove"));
        }
        let trailer = |encoder: &mut Encoder, out: &mut Compressor<_>| std::mem::take(encoder).trailer(out);
        let written = self.begin_batch().and_then(|()| self.flush(trailer));
        if written.is_err() {
            self.end_batch(false);
        }
        written.map(|()| true).map_err(self.failed("write"))
    }

    /// Writes the end of the batch, and syncs the file.
    fn flush(
        &mut self,
        last: impl FnOnce(&mut Encoder, &mut Compressor<BufWriter<File>>) -> io::Result<()>,
    ) -> io::Result<()> {
        let Some(out) = self.batch.as_mut().and_then(|batch| batch.out.as_mut()) else { return Ok(()) };
        last(&mut self.encoder, out)?;
        if let Some(out) = self.batch.as_mut().and_then(|batch| batch.out.take()) {
            out.finish()?.flush()?;
        }
        self.file.sync_data()
    }

    fn begin_batch(&mut self) -> io::Result<()> {
        if self.batch.is_none() {
            let out = BufWriter::with_capacity(BUFFER, self.file.try_clone()?);
            let out = Some(self.compression.writer(out)?);
            self.batch = Some(OpenBatch { before: self.encoder.clone(), out, sessions: 0, bytes: 0 });
        }
        Ok(())
    }

    fn cut(&mut self) -> io::Result<()> {
        self.file.set_len(self.end)?;
        self.file.seek(SeekFrom::Start(self.end)).map(drop)
    }

    fn failed(&self, doing: &'static str) -> impl FnOnce(io::Error) -> EndpointError + use<> {
        EndpointError::io(format!("{doing} `{}`", display_path(&self.path)))
    }
}

impl Drop for BackupArchive {
    fn drop(&mut self) {
        if !self.finished {
            self.end_batch(false);
            if self.sessions == 0 {
                let _ = std::fs::remove_file(&self.path);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::Item;
    use crate::endpoint::{Archive, Identities, Next};
    use crate::session::{EpochMillis, SessionKey, SessionMeta};

    fn session(n: usize) -> Session {
        let data: Vec<u8> = (0..3_000).map(|at| (at * (n + 7) % 251) as u8).collect();
        let meta = SessionMeta {
            key: SessionKey::new(Some("/a".to_owned()), format!("{n:04}")),
            valid: Some("1".to_owned()),
            max_inactive: Some(1800),
            last_access: Some(EpochMillis(n as i64)),
            size: Some(data.len() as u64),
        };
        Session { meta, data: Some(data.into()) }
    }

    fn sessions(of: std::ops::Range<usize>) -> Vec<Session> {
        of.map(session).collect()
    }

    fn header() -> Header {
        Header::new("MySQL", "9.7", "tomcat_sessions", "other", 1)
    }

    /// The sessions of an archive, and whether it has its end.
    fn read(path: &Path) -> (Vec<Session>, bool) {
        let (mut found, mut archive) = (Vec::new(), Archive::open(path, &Identities::default()).unwrap());
        loop {
            match archive.read_next() {
                Ok(Next::Item(Item::Session(session))) => found.push(session),
                Ok(Next::Item(_)) => {}
                Ok(Next::End) => return (found, true),
                Ok(Next::Damaged(_)) | Err(_) => return (found, false),
            }
        }
    }

    fn batch(archive: &mut BackupArchive, of: std::ops::Range<usize>, stay: bool) {
        archive.write(&sessions(of)).unwrap();
        archive.sync().unwrap();
        archive.end_batch(stay);
    }

    #[test]
    fn synced_batches_survive_and_withdrawn_ones_do_not() {
        for name in ["a.ndjson", "a.ndjson.gz", "a.ndjson.zst"] {
            let dir = tempfile::TempDir::new().unwrap();
            let path = dir.path().join(name);
            let mut archive = BackupArchive::create(&path, &header()).unwrap();
            batch(&mut archive, 0..200, true);
            batch(&mut archive, 200..400, false);
            // What is on the disk now is what a killed run leaves.
            let killed = dir.path().join("killed");
            let synced = usize::try_from(std::fs::copy(&path, &killed).unwrap()).unwrap();
            assert_eq!(read(&killed), (sessions(0..200), false), "{name}");
            batch(&mut archive, 400..401, true);
            archive.write(&sessions(401..800)).unwrap();
            archive.end_batch(true);
            archive.write(&sessions(800..900)).unwrap();
            assert_eq!((archive.sessions, archive.bytes), (201, 201 * 3_000));
            assert!(archive.finish().unwrap());
            assert_eq!(read(&path), (sessions(0..200).into_iter().chain(sessions(400..401)).collect(), true), "{name}");
            // Cut anywhere behind a batch that was synced, it still has that batch.
            let bytes = std::fs::read(&path).unwrap();
            for cut in (synced..bytes.len()).step_by((bytes.len() - synced) / 12 + 1) {
                std::fs::write(&killed, &bytes[..cut]).unwrap();
                let (left, whole) = read(&killed);
                assert!(!whole && left.len() >= 200, "{name} cut at {cut} of {}: {}", bytes.len(), left.len());
            }
        }
    }

    #[test]
    fn an_empty_backup_is_removed_and_no_file_is_overwritten() {
        let dir = tempfile::TempDir::new().unwrap();
        let path = dir.path().join("a.ndjson.zst");
        let mut archive = BackupArchive::create(&path, &header()).unwrap();
        assert!(matches!(BackupArchive::create(&path, &header()), Err(EndpointError::Exists(_))));
        batch(&mut archive, 0..3, false);
        assert!(path.exists());
        assert!(!archive.finish().unwrap() && !path.exists());
        drop(BackupArchive::create(&path, &header()).unwrap());
        assert!(!path.exists());
        let mut archive = BackupArchive::create(&path, &header()).unwrap();
        batch(&mut archive, 0..3, true);
        drop(archive);
        assert_eq!(read(&path), (sessions(0..3), false));
    }
}
