//! `tomcat-sessions` administers the database tables in which Apache Tomcat's PersistentManager
//! keeps HTTP sessions.
//!
//! # The map
//!
//! Imports go in one direction only, and there are no circular imports at any level; `tests/conventions/layers.rs` reads
//! the `use` lines and fails on anything else.
//!
//! ```text
//! main -> cli -> commands -> operations -> options -> context -> failure -> ui
//!                    |            |           |
//!                    v            v           v
//!          store   endpoint   archive   catalina   jmx   javaser
//!            |         |                   |        |
//!            v         v                   v        v
//!          engine    session             engine   session
//! ```
//!
//! The path of a session through `migrate`: `commands::migrate` opens two stores (`operations::store_pair`) and runs
//! `store::transfer::mover`, which reads with `store::read::multi_pass` and writes with `store::write::insert`; SQL goes
//! through `engine`. The path of a row through `expire`: `commands::expire`, `operations::purge`,
//! `store::purge::purger`, whose candidates are checked by `session`. The path of an element through `tomcat lint`:
//! `commands::tomcat::lint`, `operations::configuration_check`, `catalina::base`, `catalina::lint`.
//!
//! | module | contents | may import |
//! |---|---|---|
//! | `session` | rules about sessions: keys, expiry, filters, totals; pure | nothing of the project |
//! | `archive` | encodes and decodes archives and the files of a FileStore; pure | `session` |
//! | `catalina` | a Tomcat's configuration on disk: files, elements, jars, configured stores, and the rules of `tomcat lint` | `engine`, `finding`, `suggestion`, `private_file` |
//! | `configuration` | the configuration file with named stores, and MySQL option files; pure | `suggestion` |
//! | `finding` | findings, remedies and rules of `check`, `audit` and `tomcat lint`; pure | nothing of the project |
//! | `javaser` | decodes session data (Java serialization streams); pure | `session` |
//! | `jmx` | requests to a running Tomcat through its Manager application | `redaction`, `request_log`, `session` |
//! | `spillable_map` | sets and maps of session digests that spill to a temporary file | `private_file`, `session` |
//! | `suggestion` | suggestions for mistyped names; pure | nothing of the project |
//! | `request_log` | counts of statements and requests for `--verbose`; no values | nothing of the project |
//! | `redaction` | masks passwords in text that may contain a URL; pure | nothing of the project |
//! | `private_file` | creates files and directories that only their owner can read | nothing of the project |
//! | `engine` | the interface to the database engines, one folder each | `suggestion`, `private_file`, `redaction`, `request_log` |
//! | `store` | operations on a session table; the table in `store/mod.rs` lists its modules | `engine`, `finding`, `spillable_map`, `suggestion`, `session` |
//! | `endpoint` | reads and writes archives, FileStore directories and scripts: files, pipes, compression, encryption | `archive`, `private_file`, `redaction`, `session` |
//! | `ui` | output: the only module that prints | `redaction`, `session` |
//! | `failure` | errors of commands: message, hints, exit code | `archive`, `catalina`, `endpoint`, `finding`, `jmx`, `spillable_map`, `suggestion`, `store` |
//! | `context` | the environment of a command: options, clock, environment variables, signals; nothing else reads clock and environment | `catalina`, `configuration`, `failure`, `suggestion`, `private_file`, `redaction`, `request_log`, `store`, `session`, `ui` |
//! | `options` | option groups that several commands share, and the parsers of their values | `catalina`, `configuration`, `context`, `endpoint`, `failure`, `javaser`, `suggestion`, `session`, `store`, `ui` |
//! | `operations` | work that several commands share: purge, swap, backup, store pairs, running Tomcats | `archive`, `catalina`, `context`, `endpoint`, `failure`, `finding`, `javaser`, `jmx`, `spillable_map`, `suggestion`, `options`, `private_file`, `session`, `store`, `ui` |
//! | `commands` | commands only, one file or folder each | `archive`, `catalina`, `configuration`, `context`, `endpoint`, `failure`, `finding`, `javaser`, `jmx`, `spillable_map`, `suggestion`, `operations`, `options`, `private_file`, `redaction`, `store`, `session`, `ui` |
//! | `cli` | global options, and dispatch from arguments to a command | `catalina`, `commands`, `configuration`, `context`, `failure`, `suggestion`, `options`, `redaction`, `request_log`, `session`, `store`, `ui` |

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
pub mod operations;
pub mod options;
pub mod private_file;
pub mod redaction;
pub mod request_log;
pub mod session;
pub mod spillable_map;
pub mod store;
pub mod suggestion;
pub mod ui;
