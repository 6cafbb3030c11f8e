//! Decodes the lines of an archive, and checks everything that can be checked.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::{FORMAT, Header, MAX_DATA, MAX_LINE, Trailer, VERSION, hex, text_encoding};
use crate::session::{EpochMillis, Session, SessionData, SessionKey, SessionMeta};

/// Contents of a line.
#[derive(Debug)]
pub enum Item {
    Header(Box<Header>),
    Session(Session),
    Trailer(Trailer),
}

/// An error in an archive, with its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    /// Counted from one.
    pub line: u64,
    pub kind: DecodeErrorKind,
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecodeErrorKind {
    /// Not an archive.
    Foreign,
    /// An archive of a version that this program cannot read.
    Version,
    /// A line is damaged; the following lines can still be read.
    Damaged,
    /// The archive ends before its trailer.
    Truncated,
    /// The trailer contradicts the lines before it, or is not the last line.
    Trailer,
}

impl DecodeErrorKind {
    /// Tells whether it is an archive that this program reads, but damaged.
    pub fn is_damage(self) -> bool {
        !matches!(self, DecodeErrorKind::Foreign | DecodeErrorKind::Version)
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for DecodeError {}

/// Reads the lines of one archive.
#[derive(Debug, Default)]
pub struct Decoder {
    line: u64,
    sum: Sha256,
    records: u64,
    bytes: u64,
    begun: bool,
    ended: bool,
}

#[derive(Deserialize)]
struct LineType<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
}

/// A header of any version.
#[derive(Deserialize)]
struct AnyHeader {
    format: String,
    version: u64,
    #[serde(default)]
    needs: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SessionLine<'a> {
    #[serde(rename = "type", borrow)]
    _kind: Cow<'a, str>,
    session_id: String,
    #[serde(deserialize_with = "required")]
    app_name: Option<String>,
    #[serde(deserialize_with = "required")]
    valid_session: Option<String>,
    #[serde(deserialize_with = "required")]
    max_inactive: Option<i64>,
    #[serde(deserialize_with = "required")]
    last_access: Option<EpochMillis>,
    #[serde(deserialize_with = "required")]
    length: Option<u64>,
    #[serde(deserialize_with = "required")]
    sha256: Option<String>,
    // The data are not parsed as JSON, which would copy them.
    #[serde(borrow, default, deserialize_with = "present")]
    session_data: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    session_text: Option<&'a RawValue>,
}

/// The data of a session as written in the line, with quotes and escapes.
#[derive(Clone, Copy)]
enum EncodedData<'a> {
    Base64(&'a str),
    Text(&'a str),
}

/// A field that may be null but must be present: serde accepts a missing `Option`.
fn required<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

/// A field that may be null or missing, which are different things.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

/// The bytes of a JSON string in base64, which may contain escapes; `None` if it is not a string.
fn base64(json: &str) -> Option<Result<Vec<u8>, base64::DecodeError>> {
    let text = json.strip_prefix('"')?.strip_suffix('"')?;
    Some(match text.contains('\\') {
        true => STANDARD.decode(serde_json::from_str::<String>(json).ok()?),
        false => STANDARD.decode(text),
    })
}

impl Decoder {
    /// Number of the line that was read last, counted from one.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Tells whether the trailer was read.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// Reads the next line, without its line feed. After [`DecodeErrorKind::Damaged`] the next line can be read; the
    /// trailer then does not match either.
    ///
    /// # Errors
    /// An error of any kind except [`DecodeErrorKind::Truncated`].
    pub fn read(&mut self, line: &[u8]) -> Result<Item, DecodeError> {
        self.line += 1;
        if line.len() > MAX_LINE {
            return Err(self.damaged(format!("a line is longer than {MAX_LINE} bytes")));
        }
        let kind = self.kind(line);
        if self.ended {
            return Err(self.fault(
                DecodeErrorKind::Trailer,
                match kind.as_deref() {
                    Ok("header") => "a second archive follows the trailer: import them one by one",
                    _ => "there are data after the trailer",
                },
            ));
        }
        if !self.begun {
            return self.header(line, kind);
        }
        let item = match kind?.as_ref() {
            "session" => self.session(line).map(Item::Session),
            "trailer" => return self.trailer(line).map(Item::Trailer),
            "header" => Err(self.damaged("a second header: two archives were concatenated")),
            other => Err(self.damaged(format!("unknown line type {other:?}"))),
        };
        self.sum.update(line);
        self.sum.update(b"\n");
        item
    }

    /// Checks that the archive may end here.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`], or [`DecodeErrorKind::Foreign`] if there was no line at all.
    pub fn finish(&self) -> Result<(), DecodeError> {
        if self.ended {
            return Ok(());
        }
        let line = self.line + 1;
        if !self.begun {
            return Err(DecodeError {
                line,
                kind: DecodeErrorKind::Foreign,
                message: "it is empty, not an archive".to_owned(),
            });
        }
        let message = format!("the archive ends without a trailer, after {} sessions", self.records);
        Err(DecodeError { line, kind: DecodeErrorKind::Truncated, message })
    }

    /// An error in the current line.
    fn fault(&self, kind: DecodeErrorKind, message: impl Into<String>) -> DecodeError {
        DecodeError { line: self.line, kind, message: message.into() }
    }

    fn damaged(&self, message: impl Into<String>) -> DecodeError {
        self.fault(DecodeErrorKind::Damaged, message)
    }

    fn kind<'a>(&self, line: &'a [u8]) -> Result<Cow<'a, str>, DecodeError> {
        // As the encoder writes it, so that megabytes need not be searched for the type.
        if line.starts_with(b"{\"type\":\"session\",") {
            return Ok(Cow::Borrowed("session"));
        }
        let kind: LineType<'a> = self.parse(line)?;
        Ok(kind.kind)
    }

    fn parse<'a, T: Deserialize<'a>>(&self, line: &'a [u8]) -> Result<T, DecodeError> {
        serde_json::from_slice(line).map_err(|e| {
            // serde_json counts lines too, and every line here is its first.
            let message = e.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            self.damaged(format!("{message} (column {})", e.column()))
        })
    }

    fn header(&mut self, line: &[u8], kind: Result<Cow<'_, str>, DecodeError>) -> Result<Item, DecodeError> {
        let foreign = |message: &str| self.fault(DecodeErrorKind::Foreign, message);
        if kind.as_deref() != Ok("header") {
            return Err(foreign("this is not an archive of sessions: it does not begin with a header"));
        }
        let any: AnyHeader = self.parse(line).map_err(|fault| foreign(&fault.message))?;
        if any.format != FORMAT {
            return Err(foreign(&format!("this is not an archive of sessions, but of {:?}", any.format)));
        }
        if any.version != VERSION {
            let needs = any.needs.unwrap_or_else(|| "a later version".to_owned());
            return Err(self.fault(
                DecodeErrorKind::Version,
                format!(
                    "the archive has version {}, and this program reads version {VERSION}: it needs tomcat-sessions {needs}",
                    any.version
                ),
            ));
        }
        let header: Header = self.parse(line).map_err(|fault| foreign(&fault.message))?;
        self.begun = true;
        self.sum.update(line);
        self.sum.update(b"\n");
        Ok(Item::Header(Box::new(header)))
    }

    fn session(&mut self, line: &[u8]) -> Result<Session, DecodeError> {
        let line: SessionLine<'_> = self.parse(line)?;
        let data = match (line.session_data.map(RawValue::get), line.session_text.map(RawValue::get)) {
            (None, None) => return Err(self.damaged("missing field `session_data`")),
            (Some(_), Some(_)) => return Err(self.damaged("both session_data and session_text are present")),
            (Some("null"), None) => None,
            (Some(base64), None) => Some(EncodedData::Base64(base64)),
            (None, Some(text)) => Some(EncodedData::Text(text)),
        };
        let (Some(length), Some(sum), Some(written)) = (line.length, &line.sha256, data) else {
            if line.length.is_some() || line.sha256.is_some() || data.is_some() {
                return Err(self.damaged("length, sha256 and session_data must be null together"));
            }
            return Ok(self.counted(line, None));
        };
        if length > MAX_DATA {
            return Err(self.damaged(format!("its data are {length} bytes long; the maximum is {MAX_DATA}")));
        }
        let data = match written {
            EncodedData::Base64(text) => {
                let decoded = base64(text).ok_or_else(|| self.damaged("session_data: not a string"))?;
                decoded.map_err(|e| self.damaged(format!("session_data: {e}")))?
            }
            EncodedData::Text(text) => {
                let most = usize::try_from(length).unwrap_or(usize::MAX);
                text_encoding::read(text, most).ok_or_else(|| {
                    self.damaged("session_text: not a string, or it contains a character above U+011F")
                })?
            }
        };
        let data = SessionData::from(data);
        if data.len() as u64 != length {
            return Err(self.damaged(format!("its data are {} bytes long, not {length}", data.len())));
        }
        if STANDARD.encode(data.sha256()) != *sum {
            return Err(self.damaged("the SHA-256 of its data is not the recorded one"));
        }
        if line.session_id.is_empty() {
            return Err(self.damaged("its session_id is empty"));
        }
        Ok(self.counted(line, Some(data)))
    }

    fn counted(&mut self, line: SessionLine<'_>, data: Option<SessionData>) -> Session {
        let size = data.as_ref().map(|data| data.len() as u64);
        self.records += 1;
        self.bytes += size.unwrap_or(0);
        let meta = SessionMeta {
            key: SessionKey::new(line.app_name, line.session_id),
            valid: line.valid_session,
            max_inactive: line.max_inactive,
            last_access: line.last_access,
            size,
        };
        Session { meta, data }
    }

    fn trailer(&mut self, line: &[u8]) -> Result<Trailer, DecodeError> {
        let trailer: Trailer = self.parse(line)?;
        self.ended = true;
        let wrong = |what: &str, says: u64, are: u64| {
            self.fault(DecodeErrorKind::Trailer, format!("the trailer says {says} {what}, but there are {are}"))
        };
        if trailer.records != self.records {
            return Err(wrong("sessions", trailer.records, self.records));
        }
        if trailer.bytes != self.bytes {
            return Err(wrong("bytes of data", trailer.bytes, self.bytes));
        }
        if trailer.sha256 != hex(&self.sum.clone().finalize()) {
            let message =
                "the SHA-256 of the lines before the trailer is not the recorded one: the archive was changed";
            return Err(self.fault(DecodeErrorKind::Trailer, message));
        }
        Ok(trailer)
    }
}

#[cfg(test)]
mod tests;
