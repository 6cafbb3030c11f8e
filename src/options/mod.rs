//! Groups of options that several commands share, and the parsers of their values. `operations` uses them.

pub mod background_pass;
pub mod backup;
pub mod class_filter;
pub mod confirmation;
pub mod content;
pub mod filter;
pub mod format;
pub mod identity;
pub mod listing;
pub mod managers;
pub mod metrics;
pub mod pace;
pub mod replica;
pub mod store_pair;
pub mod swap;
pub mod throttle;
pub mod value_parsers;
