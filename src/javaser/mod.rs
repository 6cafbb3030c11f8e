//! Reads what `java.io.ObjectOutputStream` wrote (Java Object Serialization Stream Protocol,
//! version 5), without a JVM and without running anything: a stream becomes a [`Tree`] of objects,
//! a session of Tomcat's an [`Envelope`] on top of it.
//!
//! # Why a reader of our own
//!
//! Whoever can write the session table chooses these bytes, and commands read millions of them in
//! a row: no stream may stop the process. Of the published crates, jaded 0.5 takes strings for
//! UTF-8, which fails on the first real session, and allocates by lengths that it read but whose
//! bytes it has not seen: a few flipped bits abort the process. java-serialization 0.1 reads real
//! sessions, but follows nesting by recursion, so that 200,000 arrays in each other overflow the
//! stack. Neither has limits to set, neither goes on behind an exception in mid-stream, and
//! neither can say where in the stream an object stands.
//!
//! # What holds for any bytes
//!
//! - No panic, and no recursion by the depth of the input: open objects are on a stack of frames.
//! - Nothing is allocated for what has not been seen. Memory is proportional to the bytes read and
//!   bounded by [`Limits`].
//! - Time is linear in the bytes: an object costs its own bytes, however many classes are above it.
//! - An error says at which offset, and what was expected there.
//!
//! # What cannot be read
//!
//! Externalizable objects of protocol version 1 (`SC_EXTERNALIZABLE` without `SC_BLOCK_DATA`):
//! only their class knows where they end. No JVM since 1.2 writes them by default; an error names
//! the place ([`ErrorKind::Opaque`]).
//!
//! Pure: bytes in, data out, nothing of the project imported. Not here: rows, filters, printing.

mod bytes;
mod error;
mod gadgets;
mod guard;
mod hex;
mod json;
mod known;
mod parser;
mod preview;
mod restorable;
mod search;
mod secret;
mod session;
mod text;
mod touch;
mod tree;
mod user;

pub use bytes::Span;
pub use error::{Error, ErrorKind};
pub use gadgets::{find_gadgets, gadget};
pub use guard::{AllowedClasses, Guard};
pub use hex::hex;
pub use json::{OutputBudget, json};
pub use known::View;
pub use parser::{Content, Limits, Parser, Top};
pub use preview::preview;
pub use restorable::{Restorable, RestorableAnswer};
pub use search::{ClassVersion, Search};
pub use secret::{KEPT_BACK, is_secret};
pub use session::{Attribute, Decoded, Envelope, EnvelopeForm, decode, decode_many};
pub use text::units;
pub use touch::touch;
pub use tree::{ClassDesc, ClassId, Field, Kind, Level, Node, NodeId, Tree, Value};
