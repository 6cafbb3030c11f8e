//! The portable archive of sessions, version 1: encoding and decoding. Pure: bytes in, bytes out.
//! Files, compression and pipes are in `endpoint`.
//!
//! # The format
//!
//! An archive is text in UTF-8, a JSON object a line (NDJSON), each line ended by a line feed. It
//! may be compressed as a whole with zstd or gzip. The first line is the header, the last one the
//! trailer, every line between is a session:
//!
//! ```json
//! {"type":"header","format":"tomcat-sessions","version":1,"needs":"0.1.0","tool":"0.1.0","engine":"mariadb","server":"10.11.6-MariaDB","table":"tomcat_sessions","profile":"recommended","created":1795360000000}
//! {"type":"session","session_id":"0A1B…","app_name":"/Catalina/localhost/demo","valid_session":"1","max_inactive":1800,"last_access":1795357351965,"length":1788,"sha256":"…","session_data":"rO0ABXNy…"}
//! {"type":"trailer","records":1,"bytes":1788,"sha256":"…"}
//! ```
//!
//! - `version` is the format's. `needs` is the first version of this tool that reads it, `tool` the
//!   one that wrote it. `profile` is the table's: `recommended`, `documented` or `other`. `created`
//!   is in epoch milliseconds.
//! - A session has all six columns under the names of the published table. `null` is NULL, and
//!   different from the empty text. `session_data` is in base64 (RFC 4648, with padding); `length`
//!   is its number of bytes before that, and `sha256` the SHA-256 of those bytes, in base64 too.
//!   All three are null where the column is NULL.
//! - In the place of `session_data` may stand `session_text`: the same bytes as characters, those
//!   from 32 on as U+0020 to U+00FF, those below as U+0100 to U+011F. Compressed archives have it
//!   where it compresses better.
//! - A later session of the same id and application replaces an earlier one: an archive is written
//!   in passes, beside Tomcats that go on saving.
//! - The trailer counts the session lines and the bytes of their data. Its `sha256`, in hexadecimal,
//!   is over all lines before it, line feeds included, as they were before compression.
//! - Every field must be there, and no other may be. A line has at most [`MAX_LINE`] bytes, the data
//!   of a session at most [`MAX_DATA`].
//!
//! # Why two forms of the data
//!
//! Base64 is the shorter one, and breaks the alignment of bytes that compressors live on. Measured on
//! 37,500 sessions, 107 MB of class names, words, tokens and numbers, beside the same rows as
//! `mariadb-dump --hex-blob` writes them (218 MB; with zstd 3 26.0 MB after 0.45 s):
//!
//! | form | MB | zstd | MB | s |
//! |---|--:|--:|--:|--:|
//! | base64 | 153 | 3 | 27.5 | 0.44 |
//! | hexadecimal | 224 | 3 | 27.8 | 0.6 |
//! | text | 133 | 3 | 23.2 | 0.43 |
//! | text | 133 | 1 | 24.4 | 0.23 |
//!
//! 1.4 MB of each are the checksums, 32 bytes a session that no compressor makes smaller.

mod decode;
mod encode;
mod entropy;
pub mod filestore;
mod retention;
mod text;

use serde::{Deserialize, Serialize};

pub use decode::{DecodeError, DecodeErrorKind, Decoder, Item};
pub use encode::{DataEncoding, Encoder};
pub use retention::{KeepReason, Retention, UNLIMITED};

/// The version that is written.
pub const VERSION: u64 = 1;
/// The first version of the tool that reads it.
const NEEDS: &str = "0.1.0";
const FORMAT: &str = "tomcat-sessions";

/// The most bytes that a session's data may have.
pub const MAX_DATA: u64 = 64 << 20;
/// The most bytes that a line may have: the data in base64, and more columns than any table takes.
pub const MAX_LINE: usize = (MAX_DATA as usize / 3 + 1) * 4 + (64 << 10);

/// Where an archive comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    #[serde(rename = "type")]
    kind: String,
    format: String,
    version: u64,
    needs: String,
    /// The version of the tool that wrote it.
    pub tool: String,
    /// The flavour of the server it was read from.
    pub engine: String,
    /// That server's version.
    pub server: String,
    pub table: String,
    /// `recommended`, `documented` or `other`.
    pub profile: String,
    /// Epoch milliseconds.
    pub created: i64,
    /// The command that wrote it: `export`, `swap-out`, or one with `--backup`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The store's URL, without its password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<String>,
    /// Stands for the filters that chose the sessions, the same for the same ones; none where all were taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filters: Option<String>,
}

impl Header {
    pub fn new(
        engine: impl Into<String>,
        server: impl Into<String>,
        table: impl Into<String>,
        profile: impl Into<String>,
        created: i64,
    ) -> Header {
        Header {
            kind: "header".to_owned(),
            format: FORMAT.to_owned(),
            version: VERSION,
            needs: NEEDS.to_owned(),
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            engine: engine.into(),
            server: server.into(),
            table: table.into(),
            profile: profile.into(),
            created,
            command: None,
            store: None,
            filters: None,
        }
    }

    /// With what tells the archives of one job from those of another.
    #[must_use]
    pub fn of_job(self, command: &str, store: impl Into<String>, filters: Option<String>) -> Header {
        Header { command: Some(command.to_owned()), store: Some(store.into()), filters, ..self }
    }
}

/// What the last line says of all those before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trailer {
    #[serde(rename = "type")]
    kind: String,
    /// Session lines.
    pub records: u64,
    /// Bytes of `session_data`.
    pub bytes: u64,
    /// In hexadecimal.
    pub sha256: String,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
