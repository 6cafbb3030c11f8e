//! Writes whole sessions: by the rule for keys that already exist, from an archive, or as a script.

pub mod insert;
pub mod load;
pub mod script;
pub mod table_limits;
