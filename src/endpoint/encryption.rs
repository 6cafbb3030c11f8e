//! Encrypted archives in the age format, version 1 (age-encryption.org/v1), which `age` and `rage` also read and write.

use std::fs;
use std::io::{self, BufRead, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use age::stream::StreamWriter;
use age::{Decryptor, IdentityFile, x25519};

use super::{EndpointError, Output, Result};

/// The beginning of every file in this format.
const BEGINS: &[u8] = b"age-encryption.org/";

/// The recipients of an encrypted archive.
#[derive(Clone, Default)]
pub struct Recipients(Vec<x25519::Recipient>);

impl Recipients {
    /// Reads recipients (`age1…`), and files with one recipient per line.
    ///
    /// # Errors
    /// The text that is neither, as a sentence without its full stop.
    pub fn of(texts: &[String]) -> std::result::Result<Recipients, String> {
        let mut recipients = Vec::new();
        for text in texts {
            if text.starts_with("age1") || is_secret(text) {
                recipients.push(recipient(text)?);
                continue;
            }
            let lines = fs::read_to_string(text).map_err(|e| format!("cannot read recipients `{text}`: {e}"))?;
            let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
            let before = recipients.len();
            for line in lines {
                recipients.push(recipient(line).map_err(|e| format!("{e} (in `{text}`)"))?);
            }
            if recipients.len() == before {
                return Err(format!("`{text}` contains no recipient"));
            }
        }
        Ok(Recipients(recipients))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn recipient(text: &str) -> std::result::Result<x25519::Recipient, String> {
    if is_secret(text) {
        return Err("this is a secret key, not a recipient; `age-keygen -y` prints its recipient".to_owned());
    }
    text.parse().map_err(|_| format!("`{text}` is not an age recipient (age1…)"))
}

/// Detects a secret key that was given by mistake, which must not be printed.
fn is_secret(text: &str) -> bool {
    text.to_ascii_uppercase().starts_with("AGE-SECRET-KEY-")
}

/// Files with the secret keys for archives.
#[derive(Debug, Clone, Default)]
pub struct Identities(Arc<[PathBuf]>);

impl Identities {
    pub fn of(files: &[PathBuf]) -> Identities {
        Identities(files.into())
    }
}

/// Encrypts an output, if there are recipients.
pub(super) enum Encryptor {
    Open(Output),
    Age { name: String, writer: Box<StreamWriter<Output>> },
}

impl Encryptor {
    /// # Errors
    /// [`EndpointError::Io`].
    pub(super) fn new(out: Output, recipients: &Recipients) -> Result<Encryptor> {
        if recipients.is_empty() {
            return Ok(Encryptor::Open(out));
        }
        let name = out.name();
        let failed = EndpointError::io(format!("write to {name}"));
        let keys = recipients.0.iter().map(|recipient| recipient as &dyn age::Recipient);
        let sealed =
            age::Encryptor::with_recipients(keys).map_err(io::Error::other).and_then(|age| age.wrap_output(out));
        sealed.map(|writer| Encryptor::Age { name, writer: Box::new(writer) }).map_err(failed)
    }

    /// The name for messages.
    pub(super) fn name(&self) -> String {
        match self {
            Encryptor::Open(out) => out.name(),
            Encryptor::Age { name, .. } => name.clone(),
        }
    }

    /// Writes the last block.
    pub(super) fn finish(self) -> io::Result<Output> {
        match self {
            Encryptor::Open(out) => Ok(out),
            Encryptor::Age { writer, .. } => writer.finish(),
        }
    }
}

impl Write for Encryptor {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Encryptor::Open(out) => out.write(bytes),
            Encryptor::Age { writer, .. } => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Encryptor::Open(out) => out.flush(),
            Encryptor::Age { writer, .. } => writer.flush(),
        }
    }
}

/// Tells whether the source is encrypted.
///
/// # Errors
/// Errors of reading.
pub(super) fn is_encrypted(source: &mut impl BufRead) -> io::Result<bool> {
    Ok(source.fill_buf()?.starts_with(BEGINS))
}

/// Decrypts the source, if it is encrypted.
///
/// # Errors
/// [`EndpointError::Encrypted`] if no identity can decrypt it; [`EndpointError::Io`] if an identity cannot be read.
pub(super) fn open(
    source: impl BufRead + Send + 'static,
    name: &str,
    identities: &Identities,
) -> Result<Box<dyn Read + Send>> {
    let encrypted = |why: String| EndpointError::Encrypted { name: name.to_owned(), why };
    if identities.0.is_empty() {
        return Err(encrypted("it is encrypted, and no identity was given".to_owned()));
    }
    let mut keys = Vec::new();
    for file in identities.0.iter() {
        keys.extend(identity(file)?);
    }
    let opened = Decryptor::new_buffered(source)
        .and_then(|decryptor| decryptor.decrypt(keys.iter().map(|key| &**key as &dyn age::Identity)));
    match opened {
        Ok(reader) => Ok(Box::new(reader)),
        Err(age::DecryptError::NoMatchingKeys) => {
            Err(encrypted("none of the given identities can decrypt it".to_owned()))
        }
        Err(error) => Err(encrypted(error.to_string())),
    }
}

fn identity(file: &Path) -> Result<Vec<Box<dyn age::Identity + Send + Sync>>> {
    let read = fs::File::open(file).map(io::BufReader::new).and_then(IdentityFile::from_buffer);
    // The contents of the file must not be printed.
    let read = read.and_then(|found| found.into_identities().map_err(|e| io::Error::other(e.to_string())));
    read.map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => io::Error::other("it contains something other than age secret keys"),
        _ => error,
    })
    .map_err(EndpointError::path("read identity", file))
}
