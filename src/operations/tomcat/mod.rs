//! Work on running Tomcats, through their Managers.

pub mod background_pass;
pub mod in_memory_check;
pub mod memory_snapshot;
pub mod missing_rows;
pub mod nodes;
pub mod state_file;
pub mod temporary_settings;
