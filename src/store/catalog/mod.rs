//! Queries about the server, the session table and the account, and the name of the table. Rows are read elsewhere.

pub mod grants;
pub mod naming;
pub mod queries;
pub mod table_name;
pub mod table_structure;
