//! The command line as scripts and users see it: runs the program with SQLite, and compares its output with snapshots.
//! One file per command; `bad_input` concerns all commands.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and prints its skips"
)]

#[path = "../support/mod.rs"]
mod support;

mod audit;
mod backup;
mod bad_input;
mod check;
mod complete;
mod completions;
mod confirmation;
mod context_xml;
mod created_files;
mod damaged_sessions;
mod delete;
mod demo;
mod encryption;
mod expire;
mod export;
mod formats;
mod guides;
mod help;
mod hints_and_suggestions;
mod hostile_names;
mod import;
mod init_db;
mod jdbc_urls;
mod json_documented;
mod list;
mod logout;
mod man;
mod metrics;
mod migrate;
mod open_files;
mod packaging;
mod prune;
mod quiet;
mod readme;
mod run;
mod screen;
mod secrets;
mod server_impersonation;
mod show;
mod stats;
mod store;
mod stores;
mod streams;
mod swap_in;
mod swap_out;
mod tomcat_config;
mod tomcat_drain;
mod tomcat_expire;
mod tomcat_flush;
mod tomcat_lint;
mod tomcat_maintenance;
mod tomcat_status;
mod tomcat_swap_out;
mod verify;
mod version;

use run::command;
