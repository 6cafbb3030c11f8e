//! Writes complete sessions: by a rule for existing keys, from an archive, or as a script.

pub mod insert;
pub mod load;
pub mod script;
pub mod table_limits;
