//! Options that delay the transactions of a purge.

use std::time::Duration;

use crate::context::Context;
use crate::options::store_pair::target;
use crate::options::value_parsers::{duration, fraction};
use crate::store::{DbError, SessionStore, StoreError, Thresholds, Throttle};

/// Thresholds of the throttle.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Throttling")]
pub struct ThrottleArgs {
    /// Wait while a replica (listed by SHOW REPLICAS or given with --lag-url) lags by more than this
    #[arg(long, value_name = "DURATION", value_parser = duration, hide_short_help = true)]
    max_lag: Option<Duration>,
    /// URL of a replica to watch; repeatable
    #[arg(long, value_name = "URL", requires = "max_lag", hide_short_help = true)]
    lag_url: Vec<String>,
    /// Wait while Galera's flow control stops writers for more than this share of the time; for example 5%
    #[arg(long, value_name = "SHARE", value_parser = fraction, hide_short_help = true)]
    max_flow_control: Option<f64>,
    /// Wait while a status variable of the server is higher than this; for example Threads_running=25; repeatable
    #[arg(long, value_name = "NAME=N", value_parser = load, hide_short_help = true)]
    max_load: Vec<(String, u64)>,
}

fn load(text: &str) -> Result<(String, u64), String> {
    let wrong = || "write a status variable of the server and a number, for example Threads_running=25".to_owned();
    let (name, most) = text.split_once('=').ok_or_else(wrong)?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    match most.parse() {
        Ok(most) if is_name => Ok((name.to_owned(), most)),
        _ => Err(wrong()),
    }
}

impl ThrottleArgs {
    /// Connects to the replicas that are to be watched.
    pub async fn throttle(&self, cx: &Context, store: &mut SessionStore) -> Result<Throttle, StoreError> {
        let thresholds = Thresholds {
            max_lag: self.max_lag,
            max_flow_control: self.max_flow_control,
            max_load: self.max_load.clone(),
        };
        let wrong = |why: String| StoreError::db("watch a replica", DbError::other(why));
        let mut replicas = Vec::new();
        for url in &self.lag_url {
            let (target, _) = target(cx, url, None).map_err(|failure| wrong(failure.error.to_string()))?;
            replicas.push(target);
        }
        let throttle = Throttle::new(store, thresholds, &replicas).await?;
        if self.max_lag.is_some() && throttle.replicas() == 0 {
            return Err(wrong(
                "the server reports no address of a replica; give the URL of a replica with --lag-url".to_owned(),
            ));
        }
        Ok(throttle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loads() {
        assert_eq!(load("Threads_running=25"), Ok(("Threads_running".to_owned(), 25)));
        for wrong in ["Threads_running", "=25", "Threads_running=many", "a b=1", ""] {
            assert!(load(wrong).is_err(), "{wrong}");
        }
    }
}
