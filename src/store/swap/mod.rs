//! Moves sessions between the live table and the swap table, another store, or an archive.

pub mod into_archive;
pub mod into_store;
pub mod into_table;
pub mod journal;
pub mod reconcile;
pub mod table;
