//! The conventions of the project: what no compiler checks, read from the files themselves.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod deb;
mod files;
mod generated;
mod guides;
mod imports;
mod json_tables;
mod layers;
mod lengths;
mod registry;
mod release;
mod rendered;
mod security;
mod sql_files;
mod tests_listed;
