//! The Managers of the Tomcats that a command talks to.

use std::path::PathBuf;
use std::time::Duration;

use crate::options::values::duration;

#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Tomcat's Manager")]
pub struct ManagerArgs {
    /// The Manager of a Tomcat, https://user@host:8443/manager; may be repeated
    #[arg(long = "manager", value_name = "URL", env = "TOMCAT_SESSIONS_MANAGER", hide_env_values = true)]
    #[arg(value_delimiter = ' ')]
    pub managers: Vec<String>,
    /// A file with the URL of a Manager a line
    #[arg(long, value_name = "FILE")]
    pub managers_file: Option<PathBuf>,
    /// The user for Managers whose URL names none
    #[arg(long, value_name = "NAME")]
    manager_user: Option<String>,
    /// A file whose first line is the password; beats those in the URLs, as TOMCAT_SESSIONS_MANAGER_PASSWORD does
    #[arg(long, value_name = "FILE")]
    pub manager_password_file: Option<PathBuf>,
    /// The authorities that sign the Managers' certificates, PEM [default: the system's]
    #[arg(long, value_name = "FILE", conflicts_with = "manager_insecure")]
    pub manager_ca: Option<PathBuf>,
    /// Do not check the Managers' certificates
    #[arg(long)]
    pub manager_insecure: bool,
    /// What an answer may take
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = duration)]
    pub manager_timeout: Duration,
}
