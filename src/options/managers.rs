//! Options with the Managers of the Tomcats.

use std::path::PathBuf;
use std::time::Duration;

use crate::options::value_parsers::duration;

#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Tomcat's Manager application")]
pub struct ManagerArgs {
    /// Manager application's URL; repeatable
    ///
    /// For example https://user@host:8443/manager.
    #[arg(long = "manager", value_name = "URL", env = "TOMCAT_SESSIONS_MANAGER", hide_env_values = true)]
    #[arg(value_delimiter = ' ')]
    pub managers: Vec<String>,
    /// File with one such URL per line
    #[arg(long, value_name = "FILE")]
    pub managers_file: Option<PathBuf>,
    /// User for Manager applications whose URL has none
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub manager_user: Option<String>,
    /// File with the password for the Manager applications
    ///
    /// The password is its first line. It takes precedence over TOMCAT_SESSIONS_MANAGER_PASSWORD and the URLs.
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub manager_password_file: Option<PathBuf>,
    /// PEM file with the certificate authorities of the Manager applications [default: the system's]
    #[arg(long, value_name = "FILE", conflicts_with = "manager_insecure", hide_short_help = true)]
    pub manager_ca: Option<PathBuf>,
    /// Do not check the certificates of the Manager applications
    #[arg(long, hide_short_help = true)]
    pub manager_insecure: bool,
    /// Response timeout
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = duration, hide_short_help = true)]
    pub manager_timeout: Duration,
}
