//! Reading from a replica: which of several hosts is read, and how large its lag may be.

use std::time::Duration;

use clap::ValueEnum;

use crate::context::Context;
use crate::failure::Failure;
use crate::store::SessionStore;

/// The host of a URL from which sessions are read.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
#[command(next_help_heading = "Replicas")]
pub struct ReadFromArgs {
    /// Host to read from if the URL has several: `primary` is the one that accepts writes, `replica` a read-only one
    /// if one is reachable
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "primary|replica",
        hide_possible_values = true,
        hide_short_help = true
    )]
    read_from: ReadFrom,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum ReadFrom {
    #[default]
    Primary,
    Replica,
}

impl ReadFromArgs {
    /// Applies the choice to all stores of this run.
    pub fn apply(self, cx: &Context) {
        if self.read_from == ReadFrom::Replica {
            cx.prefer_replica();
        }
    }
}

/// The maximum lag of a source.
#[derive(Debug, Clone, Copy, clap::Args)]
#[command(next_help_heading = "Replicas")]
pub struct LagArgs {
    /// Read from a replica only while it is at most this far behind its primary server
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = crate::options::value_parsers::duration, hide_short_help = true)]
    max_lag: Duration,
    /// Read from a replica whose replication has stopped, lags, or cannot be inspected
    #[arg(long, conflicts_with = "max_lag", hide_short_help = true)]
    allow_stale: bool,
}

impl LagArgs {
    /// Refuses a source that lags, also in later passes; prints a note with the source of a replica.
    pub async fn require_current(self, cx: &Context, store: &mut SessionStore) -> Result<(), Failure> {
        if self.allow_stale {
            // Only for the report.
            let _ = store.ask_role().await;
        } else {
            store.limit_lag(self.max_lag);
            store.require_current().await?;
        }
        if let Some(source) = store.replicates() {
            let behind = store.lag().map(|lag| format!(", {} s behind", lag.as_secs())).unwrap_or_default();
            cx.ui.note(format!("{} is a replica of {source}{behind}.", store.target()));
        }
        Ok(())
    }
}
