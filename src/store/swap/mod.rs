//! Moves sessions between the live table and where swapped-out sessions are: the table beside it, another
//! store, or an
//! archive.

pub mod into_archive;
pub mod into_store;
pub mod into_table;
pub mod journal;
pub mod reconcile;
pub mod table;
