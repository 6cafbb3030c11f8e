//! Writes sessions in one of the formats of `export`.

use std::collections::HashMap;
use std::io::{self, Write};

use super::compression::Compressor;
use super::encryption::Encryptor;
use super::{Compression, EndpointError, Files, Output, Recipients, Result};
use crate::archive::{self, Encoder, Header, MAX_DATA};
use crate::session::{Session, SessionKey};

/// Size of the output buffer in bytes, before compression.
const BUFFER: usize = 256 << 10;

/// Converts sessions to SQL statements. The flag means that the script may already contain earlier states of these
/// sessions.
pub type Script = Box<dyn Fn(&[Session], bool) -> String + Send>;

/// A session that could not be written, and the reason.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Rejected {
    /// Prefix of the session id.
    pub session_id_prefix: String,
    pub app_name: Option<String>,
    pub reason: String,
}

impl Rejected {
    pub fn new(key: &SessionKey, reason: impl Into<String>) -> Rejected {
        Rejected { session_id_prefix: key.redacted(), app_name: key.app.clone(), reason: reason.into() }
    }
}

/// An export in progress. If it is dropped, an incomplete file is removed; the files in a FileStore directory stay.
pub struct Sink {
    form: SinkKind,
    /// Number of written sessions, including later states of the same session.
    pub records: u64,
    /// Bytes of their data.
    pub bytes: u64,
    pub rejected: Vec<Rejected>,
}

enum SinkKind {
    Archive {
        encoder: Encoder,
        out: ByteOutput,
    },
    Script {
        script: Script,
        text: TextOutput,
    },
    Csv {
        text: TextOutput,
    },
    /// The application of each file's session: two applications may have the same id.
    Files {
        files: Files,
        owners: HashMap<String, Option<String>>,
    },
}

impl Sink {
    /// # Errors
    /// [`EndpointError::Io`].
    pub fn archive(out: Output, compression: Compression, recipients: &Recipients, header: &Header) -> Result<Sink> {
        let out = ByteOutput::new(Encryptor::new(out, recipients)?, compression)?;
        let mut encoder = Encoder::new(match compression {
            Compression::None => archive::DataEncoding::Base64,
            Compression::Gzip | Compression::Zstd => archive::DataEncoding::Compressible,
        });
        encoder.header(header);
        Ok(Sink::new(SinkKind::Archive { encoder, out }))
    }

    /// # Errors
    /// [`EndpointError::Io`].
    pub fn script(out: Output, compression: Compression, head: &str, script: Script) -> Result<Sink> {
        let mut text = TextOutput::new(out, compression)?;
        text.buffer.extend_from_slice(head.as_bytes());
        Ok(Sink::new(SinkKind::Script { script, text }))
    }

    /// The columns without the data.
    ///
    /// # Errors
    /// [`EndpointError::Io`].
    pub fn csv(out: Output, compression: Compression) -> Result<Sink> {
        let mut text = TextOutput::new(out, compression)?;
        text.buffer.extend_from_slice(b"session_id,app_name,valid_session,max_inactive,last_access,size_bytes\n");
        Ok(Sink::new(SinkKind::Csv { text }))
    }

    pub fn files(files: Files) -> Sink {
        Sink::new(SinkKind::Files { files, owners: HashMap::new() })
    }

    fn new(form: SinkKind) -> Sink {
        Sink { form, records: 0, bytes: 0, rejected: Vec::new() }
    }

    /// Number of session files that this export has written; 0 unless the target is a FileStore directory.
    pub fn session_files(&self) -> u64 {
        match &self.form {
            SinkKind::Files { owners, .. } => owners.len() as u64,
            _ => 0,
        }
    }

    /// Writes sessions; `again`: some of them may be later states of earlier ones.
    ///
    /// # Errors
    /// [`EndpointError::Io`].
    pub fn write(&mut self, sessions: &[Session], again: bool) -> Result<()> {
        match &mut self.form {
            SinkKind::Archive { encoder, out } => {
                for session in sessions {
                    if session.meta.size.unwrap_or(0) > MAX_DATA {
                        let reason = format!("it is larger than {MAX_DATA} bytes, the limit of archives");
                        self.rejected.push(Rejected::new(&session.meta.key, reason));
                        continue;
                    }
                    let written = encoder.session(session, &mut out.writer);
                    written.map_err(|error| out.failed(error))?;
                    self.records += 1;
                    self.bytes += session.meta.size.unwrap_or(0);
                }
                Ok(())
            }
            SinkKind::Script { script, text } => {
                text.buffer.extend_from_slice(script(sessions, again).as_bytes());
                self.records += sessions.len() as u64;
                self.bytes += bytes(sessions);
                text.drain(BUFFER)
            }
            SinkKind::Csv { text } => {
                csv(sessions, text)?;
                self.records += sessions.len() as u64;
                self.bytes += bytes(sessions);
                text.drain(BUFFER)
            }
            SinkKind::Files { files, owners } => {
                for session in sessions {
                    match file(files, owners, session)? {
                        Ok(()) => {
                            self.records += 1;
                            self.bytes += session.meta.size.unwrap_or(0);
                        }
                        Err(reason) => self.rejected.push(Rejected::new(&session.meta.key, reason)),
                    }
                }
                Ok(())
            }
        }
    }

    /// Completes the export, syncs it, and renames the file.
    ///
    /// # Errors
    /// [`EndpointError::Io`], [`EndpointError::Exists`].
    pub fn finish(self) -> Result<()> {
        match self.form {
            SinkKind::Archive { encoder, mut out } => {
                let written = encoder.trailer(&mut out.writer);
                written.map_err(|error| out.failed(error))?;
                out.finish()
            }
            SinkKind::Script { text, .. } | SinkKind::Csv { text } => text.finish(),
            SinkKind::Files { .. } => Ok(()),
        }
    }
}

fn bytes(sessions: &[Session]) -> u64 {
    sessions.iter().map(|session| session.meta.size.unwrap_or(0)).sum()
}

fn csv(sessions: &[Session], text: &mut TextOutput) -> Result<()> {
    let mut writer = csv::Writer::from_writer(&mut text.buffer);
    let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
    for Session { meta, .. } in sessions {
        let record = [
            meta.key.id.as_str(),
            meta.key.app.as_deref().unwrap_or_default(),
            meta.valid.as_deref().unwrap_or_default(),
            &number(meta.max_inactive),
            &number(meta.last_access.map(|at| at.0)),
            &meta.size.map(|n| n.to_string()).unwrap_or_default(),
        ];
        writer.write_record(record).map_err(|e| EndpointError::io("write CSV")(e.into()))?;
    }
    writer.flush().map_err(EndpointError::io("write CSV"))
}

/// Writes the file of a session; the inner error is the reason why it cannot be written.
fn file(
    files: &Files,
    owners: &mut HashMap<String, Option<String>>,
    session: &Session,
) -> Result<std::result::Result<(), String>> {
    let key = &session.meta.key;
    let Some(data) = &session.data else {
        return Ok(Err("its session_data is NULL".to_owned()));
    };
    let owner = owners.get(&key.id);
    if owner.is_some_and(|app| *app != key.app) {
        return Ok(Err("a session of another application has this id; select one with --app".to_owned()));
    }
    let written = files.write(&key.id, data, owner.is_some())?;
    if written.is_ok() && owner.is_none() {
        owners.insert(key.id.clone(), key.app.clone());
    }
    Ok(written)
}

/// A buffer for text output.
struct TextOutput {
    buffer: Vec<u8>,
    out: ByteOutput,
}

impl TextOutput {
    fn new(out: Output, compression: Compression) -> Result<TextOutput> {
        Ok(TextOutput {
            buffer: Vec::with_capacity(BUFFER * 2),
            out: ByteOutput::new(Encryptor::Open(out), compression)?,
        })
    }

    /// Writes the buffered text, if it is longer than `most` bytes.
    fn drain(&mut self, most: usize) -> Result<()> {
        if self.buffer.len() >= most {
            let written = self.out.writer.write_all(&self.buffer);
            written.map_err(|error| self.out.failed(error))?;
            self.buffer.clear();
        }
        Ok(())
    }

    fn finish(mut self) -> Result<()> {
        self.drain(0)?;
        self.out.finish()
    }
}

/// An output with compression and encryption.
struct ByteOutput {
    writer: Compressor<Encryptor>,
    name: String,
}

impl ByteOutput {
    fn new(out: Encryptor, compression: Compression) -> Result<ByteOutput> {
        let name = out.name();
        let writer = compression.writer(out).map_err(EndpointError::io(format!("write to {name}")))?;
        Ok(ByteOutput { writer, name })
    }

    fn failed(&self, error: io::Error) -> EndpointError {
        EndpointError::io(format!("write to {}", self.name))(error)
    }

    fn finish(self) -> Result<()> {
        let ByteOutput { writer, name } = self;
        let finished = writer.finish().and_then(Encryptor::finish);
        let mut out = finished.map_err(EndpointError::io(format!("write to {name}")))?;
        out.flush().map_err(EndpointError::io(format!("write to {name}")))?;
        out.finish()
    }
}
