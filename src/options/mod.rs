//! Groups of options that several commands share, and the parsers of their values. `operations` uses them.

pub mod background_pass;
pub mod backup;
pub mod confirmation;
pub mod content;
pub mod filter;
pub mod format;
pub mod guard;
pub mod identity;
pub mod listing;
pub mod managers;
pub mod metrics;
pub mod pace;
pub mod replica;
pub mod store_pair;
pub mod swap;
pub mod throttle;
pub mod values;
