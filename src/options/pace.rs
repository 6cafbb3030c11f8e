//! Pace and limits of commands that work in small transactions.

use std::time::Duration;

use crate::options::throttle::ThrottleArgs;
use crate::options::value_parsers::duration;
use crate::store::{BatchAction, Pauses, PurgeLimits};

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Pace and limits")]
pub struct PaceArgs {
    /// Show what would be done, without doing it
    #[arg(short = 'n', long, help_heading = None::<&'static str>)]
    pub dry_run: bool,
    /// Sessions per transaction
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=5000), hide_short_help = true)]
    pub batch: u32,
    /// Target duration of a transaction; the next batch is smaller if one takes longer [default: 50ms; 200ms if
    /// sessions are copied to another store or an archive]
    #[arg(long, value_name = "DURATION", value_parser = duration, hide_short_help = true)]
    pub batch_time: Option<Duration>,
    /// Fixed pause after each transaction [default: pauses that depend on how busy the server is, each at most as
    /// long as the transaction]
    #[arg(long, value_name = "DURATION", value_parser = duration, hide_short_help = true)]
    pub sleep: Option<Duration>,
    /// Do not pause between transactions; same as --sleep 0
    #[arg(long, conflicts_with = "sleep")]
    pub fast: bool,
    /// Stop after this many sessions
    #[arg(long, value_name = "N", hide_short_help = true)]
    pub max_rows: Option<u64>,
    /// Stop after this time
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub max_time: Option<Duration>,
    /// Time to wait for another run's lock
    #[arg(long, value_name = "DURATION", default_value = "0", value_parser = duration, hide_short_help = true)]
    pub wait_lock: Duration,
    #[command(flatten)]
    pub throttle: ThrottleArgs,
}

impl PaceArgs {
    /// The limits for a purge with this action.
    pub fn limits(&self, action: &dyn BatchAction) -> PurgeLimits {
        PurgeLimits {
            batch: self.batch as usize,
            batch_time: self.batch_time.unwrap_or_else(|| action.batch_time()),
            pauses: match self.sleep {
                Some(pause) => Pauses::Fixed(pause),
                None if self.fast => Pauses::Fixed(Duration::ZERO),
                None => Pauses::Adaptive,
            },
            max_rows: self.max_rows,
            max_time: self.max_time,
        }
    }
}
