//! `tomcat-sessions` administers the database tables in which Apache Tomcat's PersistentManager
//! keeps HTTP sessions.
//!
//! # The map
//!
//! Imports point one way; a test in `tests/house/` reads the `use crate::` lines and fails on
//! anything else.
//!
//! | module | holds | may import |
//! |---|---|---|
//! | `session` | the rules about sessions, pure | nothing of the project |
//! | `archive` | the portable archive and FileStore's files, encoded and decoded, pure | `session` |
//! | `catalina` | a Tomcat's configuration as it is on the disk: files, elements, jars, what its stores name, what is wrong with it | `finding`, `nearest`, `private_file`, `redaction` |
//! | `exposition` | Prometheus' text format, written and read back, pure | nothing of the project |
//! | `finding` | what an inspection found, pure | nothing of the project |
//! | `javaser` | what the bytes of a session mean, pure | nothing of the project |
//! | `jmx` | a running Tomcat, asked through its Manager | `redaction`, `session` |
//! | `ledger` | what is noted of more sessions than memory should hold, in a temporary file | `private_file`, `session` |
//! | `nearest` | the name that a mistyped one means, pure | nothing of the project |
//! | `redaction` | masks passwords in text that may hold a URL, pure | nothing of the project |
//! | `private_file` | files and directories that their owner alone may read | nothing of the project |
//! | `engine` | the boundary to the database engines | `nearest`, `private_file`, `redaction` |
//! | `store` | what can be done with a table of sessions | `engine`, `finding`, `ledger`, `nearest`, `session` |
//! | `endpoint` | archives, FileStore directories and scripts as files and pipes | `archive`, `private_file`, `redaction`, `session` |
//! | `ui` | the only place that prints | `redaction`, `session` |
//! | `failure` | what went wrong, hints, exit codes | `archive`, `catalina`, `endpoint`, `finding`, `jmx`, `ledger`, `nearest`, `store`, `ui` |
//! | `context` | what a command is given; the only reader of clock and environment | `catalina`, `failure`, `private_file`, `redaction`, `store`, `session`, `ui` |
//! | `commands` | one file a subcommand | `archive`, `catalina`, `context`, `endpoint`, `exposition`, `failure`, `finding`, `javaser`, `jmx`, `ledger`, `nearest`, `private_file`, `redaction`, `store`, `session`, `ui` |
//! | `cli` | global options, the way from arguments to a command | `catalina`, `commands`, `context`, `failure`, `redaction`, `session`, `store`, `ui` |

pub mod archive;
pub mod catalina;
pub mod cli;
pub mod commands;
pub mod context;
pub mod endpoint;
pub mod engine;
pub mod exposition;
pub mod failure;
pub mod finding;
pub mod javaser;
pub mod jmx;
pub mod ledger;
pub mod nearest;
pub mod private_file;
pub mod redaction;
pub mod session;
pub mod store;
pub mod ui;
