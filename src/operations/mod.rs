//! Work that several commands share, with its report. Not here: what one command alone does, and anything
//! that a table or
//! a file knows by itself (`store`, `endpoint`).

pub mod archive_header;
pub mod backup;
pub mod configuration_check;
pub mod confirmation;
pub mod content_search;
pub mod expected_sessions;
pub mod find_session;
pub mod metrics;
pub mod parallel;
pub mod purge;
pub mod server_report;
pub mod store_pair;
pub mod swap;
pub mod swap_archive;
pub mod tomcat;
