//! What the catalogue of a server says of it, of the session table and of the account; and how users name that table.
//! Not here: rows.

pub mod grants;
pub mod naming;
pub mod queries;
pub mod shape;
pub mod table_name;
