//! Encodes sessions as the lines of an archive.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Header, MAX_LINE, Trailer, compressibility, hex, text_encoding};
use crate::session::Session;

/// Size of the buffer that is hashed and written at once, in bytes.
const BUFFER: usize = 256 << 10;
/// Number of bytes of a session's data that are encoded at once, so that a large session is not in memory again as a
/// line. A multiple of three, so that base64 has padding only at the end.
const CHUNK: usize = 96 << 10;

/// Encoding of the data.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DataEncoding {
    /// As base64, which is the shorter form without compression.
    #[default]
    Base64,
    /// As text or base64, whichever compresses better for the session.
    Compressible,
}

/// Writes the lines of an archive in order: a header, sessions, a trailer. The archive is complete after the trailer.
#[derive(Debug, Clone, Default)]
pub struct Encoder {
    form: DataEncoding,
    sum: Sha256,
    /// Bytes that have not been written yet.
    gathered: Vec<u8>,
    records: u64,
    bytes: u64,
}

/// The line of a session up to its data, which are appended without serde because they need no escapes.
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
    pub fn new(form: DataEncoding) -> Encoder {
        Encoder { form, ..Encoder::default() }
    }

    /// Writes the header.
    pub fn header(&mut self, header: &Header) {
        json(header, &mut self.gathered);
        self.gathered.push(b'\n');
    }

    /// Writes the line of a session, of which a part may be buffered until the next call.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn session(&mut self, session: &Session, out: &mut impl Write) -> io::Result<()> {
        let Session { meta, data } = session;
        self.records += 1;
        self.bytes += data.as_ref().map_or(0, |data| data.len() as u64);
        let columns = Columns {
            kind: "session",
            session_id: &meta.key.id,
            app_name: meta.key.app.as_deref(),
            valid_session: meta.valid.as_deref(),
            max_inactive: meta.max_inactive,
            last_access: meta.last_access.map(|at| at.0),
            length: data.as_ref().map(|data| data.len()),
            sha256: data.as_ref().map(|data| STANDARD.encode(data.sha256())),
        };
        json(&columns, &mut self.gathered);
        // Replaces the closing brace.
        self.gathered.pop();
        match data {
            None => self.gathered.extend_from_slice(b",\"session_data\":null"),
            Some(data) => self.data(data, out)?,
        }
        self.gathered.extend_from_slice(b"}\n");
        self.pass_on(BUFFER, out)
    }

    /// Writes the buffer.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn flush(&mut self, out: &mut impl Write) -> io::Result<()> {
        self.pass_on(0, out)
    }

    /// Writes the trailer, and the rest of the buffer.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn trailer(mut self, out: &mut impl Write) -> io::Result<()> {
        self.pass_on(0, out)?;
        let Encoder { sum, records, bytes, gathered: mut line, .. } = self;
        let trailer = Trailer { kind: "trailer".to_owned(), records, bytes, sha256: hex(&sum.finalize()) };
        json(&trailer, &mut line);
        line.push(b'\n');
        out.write_all(&line)
    }

    /// Writes the last field.
    fn data(&mut self, data: &[u8], out: &mut impl Write) -> io::Result<()> {
        // Text takes at most two bytes per byte, and the line contains other columns too.
        let as_text = self.form == DataEncoding::Compressible
            && data.len() < MAX_LINE / 4
            && compressibility::compresses_as_text(data);
        let name: &[u8] = if as_text { b",\"session_text\":\"" } else { b",\"session_data\":\"" };
        self.gathered.extend_from_slice(name);
        for piece in data.chunks(CHUNK) {
            let append = if as_text { text_encoding::append } else { base64 };
            append(piece, &mut self.gathered);
            self.pass_on(BUFFER, out)?;
        }
        self.gathered.push(b'"');
        Ok(())
    }

    /// Hashes and writes the buffer, if it has at least `least` bytes.
    fn pass_on(&mut self, least: usize, out: &mut impl Write) -> io::Result<()> {
        if self.gathered.len() >= least {
            self.sum.update(&self.gathered);
            out.write_all(&self.gathered)?;
            self.gathered.clear();
        }
        Ok(())
    }
}

fn json(value: &impl Serialize, out: &mut Vec<u8>) {
    // Strings and numbers are written to memory, which cannot fail.
    let _ = serde_json::to_writer(out, value);
}

fn base64(data: &[u8], out: &mut Vec<u8>) {
    let from = out.len();
    out.resize(from + data.len().div_ceil(3) * 4, 0);
    // The buffer has the size of the encoded data.
    let _ = STANDARD.encode_slice(data, &mut out[from..]);
}
