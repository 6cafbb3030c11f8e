//! The session store: operations on a session table, implemented once for all engines.
//!
//! The statements are in `sql/`, the rules in `session`, the connections in `engine`. User input and output are
//! elsewhere.
//!
//! Tomcats use the same rows at the same time: they save (DELETE, then INSERT), log out (DELETE) and load (SELECT),
//! each in its own transaction. The modules with the statements explain why no session is lost, resurrected,
//! duplicated or replaced by an older state, whatever a Tomcat, another run or a kill does between two statements:
//! `transfer` for `export`, `migrate` and `verify`; `purge::purger` for `expire` and `delete`; `write::load` for
//! `import`; `swap::into_table`, `swap::into_store` and `swap::into_archive` for `swap-out` and `swap-in`.
//!
//! # Modules
//!
//! Each imports only from those above it (`tests/conventions/layers.rs`):
//!
//! | module | contents |
//! |---|---|
//! | `error` | errors, in terms that commands can act on |
//! | `catalog` | the server, the structure of the table, the privileges of the account, the names of the table |
//! | `session_store` | an open store: connection, transactions, lock and lease, replicas |
//! | `read` | pages, digests, single sessions, passes over a whole table |
//! | `write` | inserts, the limits of a table, scripts, loading an archive |
//! | `purge` | candidates, batches, throttling |
//! | `check` | facts about a store, and the rules about them |
//! | `provision` | creating a session database |
//! | `transfer` | copying and comparing whole tables |
//! | `swap` | moving sessions between the live table and the swap table, another store or an archive |

mod catalog;
pub mod check;
mod error;
pub mod provision;
mod purge;
mod read;
mod session_store;
mod swap;
mod transfer;
mod write;

pub use crate::engine::{
    Bind, Cause, ClusterKind, Configured, DbError, DbErrorKind, Dialect, DriverClass, ENGINES, Engine, Failover, GRACE,
    GeneratedDriver, Names, Signal, Sql, Statements, Stop, Target, Template, USE_PRIMARY, UrlError, by_name,
    driver_classes, parse_configured, parse_url, sqlite_in_memory, url_schemes,
};
pub use catalog::naming::{COLUMNS, Naming};
pub use catalog::queries::ServerInfo;
pub use catalog::table_name::{TableName, name_text};
pub use catalog::table_structure::{Column, Index, Key, Shape};
pub use error::{Result, StoreError};
pub use purge::backup::{DeleteWithBackup, SessionBackup, SessionPredicate};
pub use purge::batch::{Batch, BatchAction, BatchResult, InMemoryCheck, KeptRow, RowPredicate, SkipReasons};
pub use purge::candidates::{Candidates, Expiry, ExpiryRoute};
pub use purge::delete::{Delete, DeleteByData};
pub use purge::pace::Pauses;
pub use purge::purger::{PurgeLimits, PurgeProgress, Purger};
pub use purge::summary::{AppCount, Ended, PurgeSummary};
pub use purge::throttle::{Thresholds, Throttle};
pub use read::digest::{condensed, rows_within_batch};
pub use read::multi_pass::{PassLimits, Passes, PassesSummary};
pub use read::pages::{Cursor, MAX_MATCHES, PrefixMatch, ReadRequest};
pub use read::pass::{BATCH_BYTES, PassCount, PassEnd, PassesEnded, SessionBatch};
pub use read::session_reader::Reader;
pub use session_store::SessionStore;
pub use session_store::replica::NodeRole;
pub use swap::into_archive::{ArchivedSessions, CopiedSessions, CopyToArchive, DeleteCopied, DeletionLog, StoredState};
pub use swap::into_store::IntoStore;
pub use swap::into_table::{IntoTable, SessionFix};
pub use swap::journal::is_journal;
pub use swap::reconcile::ReconcileResult;
pub use swap::table::SwapTable;
pub use transfer::compare::{CompareEnded, Comparer, Comparison, WritePeriod};
pub use transfer::final_check::{FinalCheck, FinalState};
pub use transfer::mover::{MoveEnded, MovePlan, MoveResult, Mover};
pub use transfer::only_in_target::only_in_target;
pub use transfer::preflight::preflight;
pub use transfer::prune::{PruneResult, prune};
pub use transfer::writers::{MoveProgress, Refusal, Rejected, write_each};
pub use write::insert::InsertResult;
pub use write::load::{Loader, Record, RefusedSession};
pub use write::script::{insert_script, script_head};
pub use write::table_limits::TableLimits;
