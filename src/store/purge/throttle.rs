//! Delays batches while replicas lag, Galera's flow control pauses writers, or the server is busy.
//!
//! The thresholds are named as in pt-archiver (`--max-lag`, `--max-flow-ctl`) and gh-ost (`--max-load`).

use std::time::{Duration, Instant};

use crate::engine::{Bind, Connection, DbError, Target};
use crate::store::error::{Result, StoreError};
use crate::store::session_store::SessionStore;

/// Minimum interval between two checks of the thresholds.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);
/// Galera's counter of the time for which flow control paused replication, in nanoseconds.
const FLOW_CONTROL_PAUSED: &str = "wsrep_flow_control_paused_ns";

/// Thresholds above which batches are delayed.
#[derive(Debug, Clone, Default)]
pub struct Thresholds {
    /// Maximum lag of a replica.
    pub max_lag: Option<Duration>,
    /// Maximum share of the time for which Galera's flow control pauses writers.
    pub max_flow_control: Option<f64>,
    /// Status variables of the server, and their maximum values.
    pub max_load: Vec<(String, u64)>,
}

impl Thresholds {
    fn is_empty(&self) -> bool {
        self.max_lag.is_none() && self.max_flow_control.is_none() && self.max_load.is_empty()
    }
}

/// Checks the thresholds before a batch.
#[derive(Default)]
pub struct Throttle {
    thresholds: Thresholds,
    replicas: Vec<Box<dyn Connection>>,
    last_check: Option<Instant>,
    /// Value of the flow control counter, and when it was read.
    flow_control_paused: Option<(u64, Instant)>,
    /// Why batches are delayed at the moment.
    reason: Option<String>,
}

impl Throttle {
    /// Connects to `replicas`, or, if there are none, to the replicas that the server lists.
    ///
    /// # Errors
    /// [`StoreError::Connect`]; [`StoreError::Db`] if the server cannot list its replicas.
    pub async fn new(store: &mut SessionStore, thresholds: Thresholds, replicas: &[Target]) -> Result<Throttle> {
        let mut throttle = Throttle { thresholds, ..Throttle::default() };
        if throttle.thresholds.max_lag.is_some() {
            let found = if replicas.is_empty() { store.replicas().await? } else { replicas.to_vec() };
            for target in &found {
                let replica = target.connect(false).await.map_err(|error| StoreError::connect(target, error))?;
                throttle.replicas.push(replica);
            }
        }
        Ok(throttle)
    }

    /// Number of watched replicas.
    pub fn replicas(&self) -> usize {
        self.replicas.len()
    }

    /// The reason why a batch must wait; `None` if it may start. Checks the thresholds at most once per second.
    ///
    /// # Errors
    /// [`StoreError::Db`].
    pub(in crate::store) async fn reason_to_wait(&mut self, store: &mut SessionStore) -> Result<Option<String>> {
        if self.thresholds.is_empty() {
            return Ok(None);
        }
        if self.last_check.is_none_or(|at| at.elapsed() >= CHECK_INTERVAL) {
            self.last_check = Some(Instant::now());
            self.reason = self.check(store).await?;
        }
        Ok(self.reason.clone())
    }

    async fn check(&mut self, store: &mut SessionStore) -> Result<Option<String>> {
        if let Some(most) = self.thresholds.max_lag {
            for replica in &mut self.replicas {
                let node = replica.node().unwrap_or_default();
                // A replica that does not answer is treated like one that has stopped.
                let Ok(sources) = replica.replication().await else {
                    return Ok(Some(format!("replica {node} does not report its lag")));
                };
                for source in sources {
                    match source.lag.filter(|_| source.running) {
                        None => return Ok(Some(format!("replication has stopped on {node}"))),
                        Some(lag) if lag > most => {
                            return Ok(Some(format!("replica {node} is {} s behind", lag.as_secs())));
                        }
                        Some(_) => {}
                    }
                }
            }
        }
        let mut names: Vec<&str> = self.thresholds.max_load.iter().map(|(name, _)| name.as_str()).collect();
        if self.thresholds.max_flow_control.is_some() {
            names.push(FLOW_CONTROL_PAUSED);
        }
        if names.is_empty() {
            return Ok(None);
        }
        let status = store.status(&names).await?;
        for (name, most) in &self.thresholds.max_load {
            let Some((_, value)) = status.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)) else {
                let unknown = DbError::other(format!("the server has no status variable {name}"));
                return Err(StoreError::db("look at the server's load", unknown));
            };
            if value > most {
                return Ok(Some(format!("{name} is {value}")));
            }
        }
        let Some(most) = self.thresholds.max_flow_control else { return Ok(None) };
        let Some((_, flow_control_paused)) =
            status.iter().find(|(found, _)| found.eq_ignore_ascii_case(FLOW_CONTROL_PAUSED))
        else {
            let none = DbError::other("the server is not a member of a Galera cluster");
            return Err(StoreError::db("look at flow control", none));
        };
        let now = Instant::now();
        let before = self.flow_control_paused.replace((*flow_control_paused, now));
        Ok(before
            .map(|(count, at)| share(flow_control_paused.saturating_sub(count), now - at))
            .filter(|share| *share > most)
            .map(|share| format!("flow control paused the cluster for {:.0} % of the time", share * 100.0)))
    }

    /// Closes the connections to the replicas.
    pub async fn close(self) {
        for replica in self.replicas {
            replica.close().await;
        }
    }
}

/// `nanoseconds` as a share of `of`.
#[expect(clippy::cast_precision_loss, reason = "a share needs no more than 53 bits")]
fn share(nanoseconds: u64, of: Duration) -> f64 {
    let all = of.as_nanos().max(1) as f64;
    nanoseconds as f64 / all
}

impl SessionStore {
    /// Those of these status variables of the server that are numbers.
    async fn status(&mut self, names: &[&str]) -> Result<Vec<(String, u64)>> {
        let doing = "look at the server's load";
        let bind = Bind::new().list("names", names.iter().copied());
        let rows = self.query(doing, self.statements().status, &bind).await?;
        let mut found = Vec::new();
        for mut row in rows {
            let read = (|| Ok((row.text(0)?, row.text(1)?)))();
            let (name, value) = read.map_err(|e| StoreError::db(doing, e))?;
            if let (Some(name), Some(Ok(value))) = (name, value.map(|value| value.parse())) {
                found.push((name, value));
            }
        }
        Ok(found)
    }

    /// The replicas that the server lists, as targets with the same account.
    async fn replicas(&mut self) -> Result<Vec<Target>> {
        let doing = "look for the server's replicas";
        let found = self.connection.replicas().await.map_err(|error| StoreError::db(doing, error))?;
        let at = |place: crate::engine::HostPort| self.target.at(&place);
        Ok(found.into_iter().map(at).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_time() {
        assert!((share(50_000_000, Duration::from_secs(1)) - 0.05).abs() < 1e-9);
        assert!(share(0, Duration::ZERO).abs() < 1e-9);
    }
}
