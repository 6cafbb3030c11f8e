//! Work that several commands share, with its reports. Work of a single command is in `commands`; work on tables and
//! files is in `store` and `endpoint`.

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
pub mod session_report;
pub mod store_pair;
pub mod swap;
pub mod swap_archive;
pub mod tomcat;
