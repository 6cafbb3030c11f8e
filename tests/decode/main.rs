//! The readers of external data. The decoder is compared with a JVM on streams that the JVM wrote, and tested with
//! truncated and mutated ones. URLs and Tomcat's configuration files are tested with mistyped and hostile contents.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and prints its skips"
)]

#[path = "../support/mod.rs"]
mod support;

mod class_filter;
mod configurations;
mod fixtures;
mod fuzz;
mod hostile;
mod print_decoded;
mod sessions;
mod urls;
