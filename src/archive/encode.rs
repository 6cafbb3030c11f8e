//! Sessions to lines.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Header, MAX_LINE, Trailer, hex, text};
use crate::session::Session;

/// How data are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// Short as it is.
    #[default]
    Base64,
    /// Short once it is compressed.
    Text,
}

/// Writes the lines of one archive, in order: a header, sessions, a trailer.
#[derive(Debug, Default)]
pub struct Encoder {
    form: Form,
    sum: Sha256,
    records: u64,
    bytes: u64,
}

/// A session's line up to its data, which is appended by hand: it needs no escapes.
#[derive(Serialize)]
struct Columns<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    session_id: &'a str,
    app_name: Option<&'a str>,
    valid_session: Option<&'a str>,
    max_inactive: Option<i64>,
    last_access: Option<i64>,
    length: Option<usize>,
    sha256: Option<String>,
}

impl Encoder {
    pub fn new(form: Form) -> Encoder {
        Encoder { form, ..Encoder::default() }
    }

    /// Appends the header's line to `out`.
    pub fn header(&mut self, header: &Header, out: &mut Vec<u8>) {
        self.line(out, |out| json(header, out));
    }

    /// Appends a session's line to `out`.
    pub fn session(&mut self, session: &Session, out: &mut Vec<u8>) {
        let Session { meta, data } = session;
        let (data, form) = (data.as_deref(), self.form);
        self.records += 1;
        self.bytes += data.map_or(0, |data| data.len() as u64);
        let columns = Columns {
            kind: "session",
            session_id: &meta.key.id,
            app_name: meta.key.app.as_deref(),
            valid_session: meta.valid.as_deref(),
            max_inactive: meta.max_inactive,
            last_access: meta.last_access.map(|at| at.0),
            length: data.map(<[u8]>::len),
            sha256: data.map(|data| STANDARD.encode(Sha256::digest(data))),
        };
        self.line(out, |out| {
            json(&columns, out);
            // In the place of the closing brace.
            out.pop();
            match data {
                None => out.extend_from_slice(b",\"session_data\":null"),
                Some(data) => write(form, data, out),
            }
            out.push(b'}');
        });
    }

    /// Appends the trailer's line to `out`.
    pub fn trailer(self, out: &mut Vec<u8>) {
        let Encoder { sum, records, bytes, .. } = self;
        let trailer = Trailer { kind: "trailer".to_owned(), records, bytes, sha256: hex(&sum.finalize()) };
        json(&trailer, out);
        out.push(b'\n');
    }

    fn line(&mut self, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
        let from = out.len();
        write(out);
        out.push(b'\n');
        self.sum.update(&out[from..]);
    }
}

fn json(value: &impl Serialize, out: &mut Vec<u8>) {
    // Texts and numbers into memory: nothing of it can fail.
    let _ = serde_json::to_writer(out, value);
}

/// Appends the last field.
fn write(form: Form, data: &[u8], out: &mut Vec<u8>) {
    // Twice the room is what text takes at most, and the line has other columns too.
    if form == Form::Text && data.len() < MAX_LINE / 4 {
        out.extend_from_slice(b",\"session_text\":");
        return text::write(data, out);
    }
    out.extend_from_slice(b",\"session_data\":\"");
    base64(data, out);
    out.push(b'"');
}

fn base64(data: &[u8], out: &mut Vec<u8>) {
    let from = out.len();
    out.resize(from + data.len().div_ceil(3) * 4, 0);
    // The room is what the encoding takes.
    let _ = STANDARD.encode_slice(data, &mut out[from..]);
}
