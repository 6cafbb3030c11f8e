//! Reads a configuration file as text, with a size limit, and in the encoding that it declares.

use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};

use encoding_rs::{Encoding, UTF_8};

use crate::private_file;

/// Maximum size of a file in bytes: a hundred times the size of a large server.xml.
pub(super) const LONGEST: u64 = 10 << 20;

/// A problem of a configuration file, with a hint. It never contains the value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    pub file: PathBuf,
    /// 0 if the problem concerns the whole file.
    pub line: u32,
    /// A text after "`FILE`: ".
    pub message: String,
    pub hints: Vec<String>,
}

impl ConfigError {
    pub fn new(file: &Path, message: impl Into<String>) -> ConfigError {
        ConfigError { file: file.to_owned(), line: 0, message: message.into(), hints: Vec::new() }
    }

    pub fn at(mut self, line: u32) -> ConfigError {
        self.line = line;
        self
    }

    pub fn hint(mut self, hint: impl Into<String>) -> ConfigError {
        self.hints.push(hint.into());
        self
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        match self.line {
            0 => write!(f, "cannot use `{file}`: {}", self.message),
            line => write!(f, "cannot use `{file}`, line {line}: {}", self.message),
        }
    }
}

impl std::error::Error for ConfigError {}

/// Reads a file, up to the maximum size.
///
/// # Errors
/// The file does not exist, cannot be read, is not a regular file, or is too large.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, ConfigError> {
    let file = private_file::open_regular(path).map_err(|error| ConfigError::new(path, error.to_string()))?;
    read_limited(path, file)
}

/// Reads the contents of a file, up to the maximum size.
///
/// # Errors
/// The file cannot be read, or is too large.
pub(super) fn read_limited(path: &Path, file: impl Read) -> Result<Vec<u8>, ConfigError> {
    let mut bytes = Vec::new();
    let read = file.take(LONGEST + 1).read_to_end(&mut bytes);
    read.map_err(|error| ConfigError::new(path, error.to_string()))?;
    if bytes.len() as u64 > LONGEST {
        return Err(ConfigError::new(
            path,
            format!("it is larger than {LONGEST} bytes, the limit for a configuration"),
        ));
    }
    Ok(bytes)
}

/// Reads an XML file in the encoding of its byte order mark or of its declaration.
///
/// # Errors
/// As for [`bytes`]; the encoding is unknown, or the bytes are invalid in it.
pub(super) fn xml_text(path: &Path) -> Result<String, ConfigError> {
    decoded(path, &bytes(path)?)
}

/// The text of an XML file with these bytes.
///
/// # Errors
/// The encoding is unknown, or the bytes are invalid in it.
pub(super) fn decoded(path: &Path, bytes: &[u8]) -> Result<String, ConfigError> {
    let declared = || -> Result<&'static Encoding, ConfigError> {
        let Some(label) = declared(bytes) else { return Ok(UTF_8) };
        Encoding::for_label(label.as_bytes()).ok_or_else(|| ConfigError::new(path, "it declares an unknown encoding"))
    };
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => declared()?,
    };
    let (text, _, malformed) = encoding.decode(bytes);
    if malformed {
        return Err(ConfigError::new(path, format!("it is not {}, the declared or default encoding", encoding.name())));
    }
    Ok(text.into_owned())
}

/// The entries of a directory, sorted; empty if it cannot be read.
pub(super) fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    found.sort();
    found
}

/// The encoding in an XML declaration: `<?xml version="1.0" encoding="ISO-8859-1"?>`.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
    let declaration = head.strip_prefix("<?xml")?.split("?>").next()?;
    let (_, rest) = declaration.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest[1..].split(quote).next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings() {
        let dir = tempfile::tempdir().unwrap();
        let read = |bytes: &[u8]| {
            let path = dir.path().join("x.xml");
            std::fs::write(&path, bytes).unwrap();
            xml_text(&path).map_err(|trouble| trouble.message)
        };
        assert_eq!(read("<a b='ü'/>".as_bytes()).unwrap(), "<a b='ü'/>");
        assert!(read(b"<?xml version='1.0' encoding='ISO-8859-1'?><a b='\xfc'/>").unwrap().contains("'ü'"));
        let utf16: Vec<u8> =
            [0xfeff].into_iter().chain("<a b='ü'/>".encode_utf16()).flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(&utf16).unwrap(), "<a b='ü'/>");
        assert!(read(b"<a b='\xfc'/>").unwrap_err().contains("not UTF-8"));
        assert!(read(b"<?xml version=\"1.0\" encoding=\"klingon\"?><a/>").unwrap_err().contains("unknown"));
        assert!(bytes(dir.path()).unwrap_err().message.contains("not a regular file"));
        std::fs::write(dir.path().join("long"), vec![b' '; (LONGEST + 1) as usize]).unwrap();
        assert!(bytes(&dir.path().join("long")).unwrap_err().message.contains("the limit for a configuration"));
    }
}
