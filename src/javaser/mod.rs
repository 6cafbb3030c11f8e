//! Reads the output of `java.io.ObjectOutputStream` (Java Object Serialization Stream Protocol, version 5) without a
//! JVM and without executing anything: a stream becomes a [`Tree`] of objects, and a session of Tomcat an
//! [`Envelope`] over that tree.
//!
//! # Why this project has its own reader
//!
//! Whoever can write to the session table determines these bytes, and commands read millions of them: no stream may
//! stop the process. Two crates have been published. jaded 0.5 reads strings as UTF-8, which fails on real sessions,
//! and allocates by lengths whose bytes it has not seen: a few flipped bits abort the process. java-serialization 0.1
//! reads real sessions, but uses recursion for nesting, so that 200,000 nested arrays overflow the stack. Neither has
//! configurable limits, continues after an exception in a stream, or reports the offset of an object.
//!
//! # Guarantees for all inputs
//!
//! - No panic, and no recursion that depends on the input: open objects are on an explicit stack of frames.
//! - Nothing is allocated for data that have not been seen. Memory is proportional to the bytes read and bounded by
//!   [`Limits`].
//! - Time is linear in the bytes: an object costs its own bytes, regardless of the number of its superclasses.
//! - An error contains the offset and what was expected there.
//!
//! # What cannot be read
//!
//! Externalizable objects of protocol version 1 (`SC_EXTERNALIZABLE` without `SC_BLOCK_DATA`): only their class knows
//! where they end. No JVM since 1.2 writes them by default; the error contains the offset ([`ErrorKind::Opaque`]).
//!
//! Pure: bytes in, data out. Rows, filters and output are elsewhere.

mod access_times;
mod bytes;
mod class_filter;
mod error;
mod gadgets;
mod hex;
mod jdk_classes;
mod json;
mod modified_utf8;
mod parser;
mod preview;
mod restorable;
mod search;
mod secret;
mod session;
mod tree;
mod user;

pub use access_times::touch;
pub use bytes::Span;
pub use class_filter::{AllowedClasses, ClassFilter};
pub use error::{Error, ErrorKind};
pub use gadgets::{find_gadgets, gadget};
pub use hex::hex;
pub use jdk_classes::View;
pub use json::{OutputBudget, json};
pub use modified_utf8::units;
pub use parser::{Content, Limits, Parser, TopLevelElement};
pub use preview::preview;
pub use restorable::{Restorable, RestorableAnswer};
pub use search::{ClassVersion, Search};
pub use secret::{REDACTED, is_secret};
pub use session::{Attribute, Decoded, Envelope, EnvelopeForm, decode, decode_many};
pub use tree::{ClassDesc, ClassId, ClassLevel, Field, Kind, Node, NodeId, Tree, Value};
