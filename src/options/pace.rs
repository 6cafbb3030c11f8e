//! Pace and limits of what works in transactions of some sessions.

use std::time::Duration;

use crate::options::throttle::ThrottleArgs;
use crate::options::values::duration;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Pace and limits")]
pub struct PaceArgs {
    /// Say what would be done, and do nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Sessions a transaction; a save of Tomcat's waits for one at most
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=5000))]
    pub batch: u32,
    /// What a transaction should take; later ones are smaller where one took longer [default: 50ms, where
    /// sessions are copied elsewhere first 200ms]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub batch_time: Option<Duration>,
    /// Pause after each transaction
    #[arg(long, value_name = "DURATION", default_value = "0", value_parser = duration)]
    pub sleep: Duration,
    /// At most so many sessions
    #[arg(long, value_name = "N")]
    pub max_rows: Option<u64>,
    /// Stop after this time
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub max_time: Option<Duration>,
    /// Wait this long for another run's lock
    #[arg(long, value_name = "DURATION", default_value = "0", value_parser = duration)]
    pub wait_lock: Duration,
    #[command(flatten)]
    pub throttle: ThrottleArgs,
}
