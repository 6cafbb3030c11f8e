//! The readers of what others wrote. The decoder on streams that a JVM wrote, beside what the JVM itself
//! says of the same objects; on the same streams cut short and with bits flipped. URLs and a Tomcat's
//! configuration files, mistyped and hostile.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and prints its skips"
)]

#[path = "../support/mod.rs"]
mod support;

mod configurations;
mod fixtures;
mod fuzz;
mod guarded;
mod hostile;
mod say;
mod sessions;
mod urls;
