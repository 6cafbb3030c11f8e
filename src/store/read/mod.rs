//! Reads sessions: pages in key order, digests, single sessions, and whole tables in passes while Tomcats write to
//! them. Nothing here writes.

pub mod batch_sender;
pub mod digest;
pub mod id_ranges;
pub mod multi_pass;
pub mod page_reader;
pub mod page_size;
pub mod pages;
pub mod pass;
pub mod range_reader;
pub mod read_times;
pub mod session_reader;
pub mod table_version;
