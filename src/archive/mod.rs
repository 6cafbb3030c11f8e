//! The portable archive of sessions, version 1: encoding and decoding. Pure: bytes in, bytes out.
//! Files, compression and pipes are in `endpoint`.
//!
//! # The format
//!
//! An archive is UTF-8 text with one JSON object per line (NDJSON); each line ends with a line feed. The archive may be
//! compressed as a whole with zstd or gzip. The first line is the header, the last one the trailer, and every other
//! line a session:
//!
//! ```json
//! {"type":"header","format":"tomcat-sessions","version":1,"needs":"0.1.0","tool":"0.1.0","engine":"mariadb","server":"10.11.6-MariaDB","table":"tomcat_sessions","profile":"recommended","created":1795360000000}
//! {"type":"session","session_id":"0A1B…","app_name":"/Catalina/localhost/demo","valid_session":"1","max_inactive":1800,"last_access":1795357351965,"length":1788,"sha256":"…","session_data":"rO0ABXNy…"}
//! {"type":"trailer","records":1,"bytes":1788,"sha256":"…"}
//! ```
//!
//! - `version` is the version of the format. `needs` is the oldest version of this program that can read the archive,
//!   `tool` the version that wrote it. `profile` is that of the table: `recommended`, `documented` or `other`. `created`
//!   is in epoch milliseconds.
//! - A session has all six columns, with the names of the published table. `null` is NULL, which differs from the empty
//!   text. `session_data` is in base64 (RFC 4648, with padding); `length` is the number of bytes before encoding, and
//!   `sha256` the SHA-256 of those bytes, also in base64. All three are null if the column is NULL.
//! - `session_text` may replace `session_data`: the same bytes as characters, those from 32 on as U+0020 to U+00FF, those
//!   below as U+0100 to U+011F. Compressed archives contain it if it compresses better.
//! - A later session with the same id and application replaces an earlier one: an archive is written in passes, while
//!   Tomcats are saving.
//! - The trailer contains the number of session lines and of the bytes of their data. Its `sha256`, in hexadecimal, is
//!   that of all preceding lines including line feeds, before compression.
//! - Every field must be present, except `command`, `store` and `filters`; no other is allowed. A line has at most
//!   [`MAX_LINE`] bytes, the data of a session at most [`MAX_DATA`].
//!
//! # Why two forms of the data
//!
//! Base64 is shorter, but breaks the alignment of bytes on which compressors depend. Measured on 37,500 sessions with
//! 107 MB of class names, words, tokens and numbers; for comparison, `mariadb-dump --hex-blob` writes the same rows as
//! 218 MB (26.0 MB with zstd 3, after 0.45 s):
//!
//! | form | MB | zstd | MB | s |
//! |---|--:|--:|--:|--:|
//! | base64 | 153 | 3 | 27.5 | 0.44 |
//! | hexadecimal | 224 | 3 | 27.8 | 0.6 |
//! | text | 133 | 3 | 23.2 | 0.43 |
//! | text | 133 | 1 | 24.4 | 0.23 |
//!
//! The checksums account for 1.4 MB of each: 32 bytes per session that cannot be compressed.

mod compressibility;
mod decode;
mod encode;
pub mod filestore;
mod retention;
mod text_encoding;

use serde::{Deserialize, Serialize};

pub use decode::{DecodeError, DecodeErrorKind, Decoder, Item};
pub use encode::{DataEncoding, Encoder};
pub use retention::{KeepReason, Retention, UNLIMITED};

/// The version that is written.
pub const VERSION: u64 = 1;
/// The oldest version of this program that can read it.
const NEEDS: &str = "0.1.0";
const FORMAT: &str = "tomcat-sessions";

/// Maximum size of a session's data, in bytes.
pub const MAX_DATA: u64 = 64 << 20;
/// Maximum size of a line, in bytes: the data in base64, and more columns than any table has.
pub const MAX_LINE: usize = (MAX_DATA as usize / 3 + 1) * 4 + (64 << 10);

/// Origin of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    #[serde(rename = "type")]
    kind: String,
    format: String,
    version: u64,
    needs: String,
    /// Version of the program that wrote it.
    pub tool: String,
    /// The kind of server from which it was read.
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
    /// Identifies the filters: equal for equal filters; `None` without filters.
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

    /// Adds what distinguishes the archives of one job from those of another.
    #[must_use]
    pub fn of_job(self, command: &str, store: impl Into<String>, filters: Option<String>) -> Header {
        Header { command: Some(command.to_owned()), store: Some(store.into()), filters, ..self }
    }
}

/// Checksums of all preceding lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trailer {
    #[serde(rename = "type")]
    kind: String,
    /// Number of session lines.
    pub records: u64,
    /// Bytes of `session_data`.
    pub bytes: u64,
    /// In hexadecimal.
    pub sha256: String,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
