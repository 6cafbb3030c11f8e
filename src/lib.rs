//! `tomcat-sessions` administers the database tables in which Apache Tomcat's PersistentManager
//! keeps HTTP sessions.
//!
//! # The map
//!
//! Imports point one way, and there is no circle of modules at any level; tests in `tests/conventions/layers.rs` read the
//! `use` lines and fail on anything else.
//!
//! ```text
//! main -> cli -> commands -> operations -> options -> context -> failure -> ui
//!                    |            |           |
//!                    v            v           v
//!          store   endpoint   archive   catalina   jmx   javaser
//!            |         |         |                  |
//!            v         v         v                  v
//!          engine    session <------------------- session
//! ```
//!
//! A session on its way through `migrate`: `commands::migrate` opens two stores (`operations::store_pair`) and runs
//! `store::transfer::mover`, which reads with `store::read::passes` and writes with `store::write::insert`; SQL goes
//! through `engine`. A row on its way through `expire`: `commands::expire`, `operations::purge`,
//! `store::purge::purger`, whose candidates are judged by `session`. An element on its way through `tomcat lint`:
//! `commands::tomcat::lint`, `operations::configuration_check`, `catalina::base`, `catalina::lint`.
//!
//! | module | holds | may import |
//! |---|---|---|
//! | `session` | the rules about sessions, pure | nothing of the project |
//! | `archive` | the portable archive and FileStore's files, encoded and decoded, pure | `session` |
//! | `catalina` | a Tomcat's configuration as it is on the disk: files, elements, jars, what its stores name, what is wrong with it | `finding`, `nearest`, `private_file` |
//! | `configuration` | the configuration file: stores by name, and MySQL's option files, pure | `nearest` |
//! | `finding` | what an inspection found, pure | nothing of the project |
//! | `javaser` | what the bytes of a session mean, pure | `session` |
//! | `jmx` | a running Tomcat, asked through its Manager | `redaction`, `request_log`, `session` |
//! | `spill` | what is noted of more sessions than memory should hold, in a temporary file | `private_file`, `session` |
//! | `nearest` | the name that a mistyped one means, pure | nothing of the project |
//! | `request_log` | what was sent to servers, counted by kind; never a value | nothing of the project |
//! | `redaction` | masks passwords in text that may hold a URL, pure | nothing of the project |
//! | `private_file` | files and directories that their owner alone may read | nothing of the project |
//! | `engine` | the boundary to the database engines, one folder each | `nearest`, `private_file`, `redaction`, `request_log` |
//! | `store` | what can be done with a table of sessions, in rooms of its own | `engine`, `finding`, `spill`, `nearest`, `session` |
//! | `endpoint` | archives, FileStore directories and scripts as files and pipes | `archive`, `private_file`, `redaction`, `session` |
//! | `ui` | the only place that prints | `redaction`, `session` |
//! | `failure` | what went wrong, hints, exit codes | `archive`, `catalina`, `endpoint`, `finding`, `jmx`, `spill`, `nearest`, `store` |
//! | `context` | what a command is given; the only reader of clock and environment | `catalina`, `configuration`, `failure`, `nearest`, `private_file`, `redaction`, `request_log`, `store`, `session`, `ui` |
//! | `options` | groups of options that several commands share, and the parsers of their values | `catalina`, `configuration`, `context`, `endpoint`, `failure`, `javaser`, `nearest`, `session`, `store`, `ui` |
//! | `operations` | work that several commands share | `archive`, `catalina`, `context`, `endpoint`, `failure`, `finding`, `javaser`, `jmx`, `spill`, `nearest`, `options`, `private_file`, `session`, `store`, `ui` |
//! | `commands` | only commands, one file or one folder each | `archive`, `catalina`, `configuration`, `context`, `endpoint`, `failure`, `finding`, `javaser`, `jmx`, `spill`, `nearest`, `operations`, `options`, `private_file`, `redaction`, `store`, `session`, `ui` |
//! | `cli` | global options, the way from arguments to a command | `catalina`, `commands`, `configuration`, `context`, `failure`, `nearest`, `options`, `redaction`, `request_log`, `session`, `store`, `ui` |

pub mod archive;
pub mod catalina;
pub mod cli;
pub mod commands;
pub mod configuration;
pub mod context;
pub mod endpoint;
pub mod engine;
pub mod failure;
pub mod finding;
pub mod javaser;
pub mod jmx;
pub mod nearest;
pub mod operations;
pub mod options;
pub mod private_file;
pub mod redaction;
pub mod request_log;
pub mod session;
pub mod spill;
pub mod store;
pub mod ui;
