//! The conventions of the project that no compiler checks, tested by reading the files.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod command_registry;
mod deb;
mod engines;
mod files;
mod generated;
mod golden_mssql;
mod guides;
mod imports;
mod json_tables;
mod layers;
mod lengths;
mod release;
mod security;
mod sql_files;
mod tests_listed;
