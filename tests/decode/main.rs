//! The decoder on streams that a JVM wrote, beside what the JVM itself says of the same objects;
//! and on the same streams cut short and with bits flipped.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and prints its skips"
)]

#[path = "../support/mod.rs"]
mod support;

mod fixtures;
mod guarded;
mod hostile;
mod say;
mod sessions;
