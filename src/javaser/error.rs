//! Errors of reading a stream, with their offsets.

use std::fmt;

/// Offset at which reading stopped, and the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Bytes from the beginning of the stream.
    pub offset: u64,
    pub kind: ErrorKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// The bytes end where something else had to follow.
    Ended { wanted: &'static str },
    /// Something else was expected here.
    Unexpected { wanted: &'static str, found: u8 },
    /// Not `AC ED 00 05`.
    NotAStream,
    /// A reference to an object that does not exist yet, or is of another kind.
    BadReference { handle: u32, wanted: &'static str },
    /// Text that is not modified UTF-8.
    BadText,
    /// Something that no ObjectOutputStream writes.
    Impossible(&'static str),
    /// An Externalizable object of protocol version 1: only its class knows its length.
    Opaque,
    /// Nested more deeply than the limit.
    TooDeep { limit: usize },
    /// More objects, or more values in them, than the limit.
    TooMany { limit: usize },
    /// Larger than this reader can count.
    TooLong,
    /// A readable stream that is not a session, with what was expected.
    NotASession(&'static str),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.offset;
        match &self.kind {
            ErrorKind::Ended { wanted } => write!(f, "the bytes end at offset {at}, where {wanted} was expected"),
            ErrorKind::Unexpected { wanted, found } => {
                write!(f, "byte {found:#04x} at offset {at}, where {wanted} was expected")
            }
            ErrorKind::NotAStream => write!(f, "not a Java serialization stream: it does not begin with AC ED 00 05"),
            ErrorKind::BadReference { handle, wanted } => {
                write!(f, "the reference {handle:#010x} at offset {at} does not refer to an earlier {wanted}")
            }
            ErrorKind::BadText => write!(f, "the text at offset {at} is not modified UTF-8"),
            ErrorKind::Impossible(what) => write!(f, "{what} at offset {at}"),
            ErrorKind::Opaque => write!(
                f,
                "the object at offset {at} is Externalizable in protocol version 1: only its class can determine its end"
            ),
            ErrorKind::TooDeep { limit } => write!(f, "nested more than {limit} deep at offset {at}"),
            ErrorKind::TooMany { limit } => write!(f, "more than {limit} objects up to offset {at}"),
            ErrorKind::TooLong => write!(f, "longer than 4 GiB"),
            ErrorKind::NotASession(wanted) => write!(f, "not a session: {wanted} was expected at offset {at}"),
        }
    }
}

impl std::error::Error for Error {}
