//! The rules of the house: what no compiler checks, read from the files themselves.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and prints its skips"
)]

mod deb;
mod files;
mod generated;
mod guides;
mod json_tables;
mod layers;
mod lengths;
mod registry;
mod rendered;
mod sql_files;
mod tests_listed;
