//! Hints in an engine's own words: the parameters of its URLs, its privileges, its statements. Code that is the same for
//! all engines contains no such words.

use super::error::HintsOf;

/// The hint for a server that is read-only, of whatever engine.
pub const USE_PRIMARY: &str = "use the primary server in --url; or list all servers, separated by commas, and the one that accepts writes is selected";

/// The hints of an engine.
#[derive(Debug)]
pub struct Hints {
    /// The parameter that increases the timeout.
    pub timeout: &'static str,
    /// Other possible causes of a refused login without a password.
    pub auth: &'static [&'static str],
    /// Other possible causes of a refused login with a password than the password.
    pub refused_password: &'static [&'static str],
    /// Other possible causes than that the database does not exist.
    pub no_database: &'static [&'static str],
    pub tls: &'static [&'static str],
    /// What to try if the certificate has another name than the host.
    pub wrong_name: &'static str,
    /// The parameter that enables encryption with a checked certificate.
    pub encrypted: &'static str,
    /// What shows why a server no longer replicates another.
    pub replication: &'static str,
    /// How an account sees the lag of a replica that it does not see.
    pub see_lag: &'static str,
    /// How an account sees which server a replica replicates.
    pub see_source: &'static str,
    /// What makes a column able to store all characters of an id or application.
    pub all_characters: &'static str,
    /// Hints for errors, instead of those that are the same for all engines.
    pub of_kind: HintsOf,
}
