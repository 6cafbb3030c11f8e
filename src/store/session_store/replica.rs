//! Replicas: servers that apply the commits of another one, a moment or hours later.
//!
//! Sessions are not read from a replica that has stopped or lags. Tomcat saves with DELETE and then INSERT; if only
//! the DELETE has been applied, a live session is absent for as long as the replica lags. Nothing is deleted on a
//! replica: its replication would stop at a row that the source deletes later.

use std::time::{Duration, Instant};

use crate::engine::{Bind, ClusterKind, DbErrorKind, Replication, Role};
use crate::store::error::{Result, StoreError};
use crate::store::session_store::SessionStore;

/// How long a replica gets to catch up completely before it is read as it is.
const CATCH_UP_TIMEOUT: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(200);
/// Uncertainty of `Seconds_Behind_Source`, which counts whole seconds of two clocks.
const UNKNOWN: Duration = Duration::from_secs(2);

/// Role of a server, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeRole {
    /// It accepts writes: a single server, a source, a Galera node, the primary of a group.
    Primary,
    /// A member of a group that is read-only.
    Secondary,
    /// It replicates another server.
    Replica,
    /// It accepts no writes, for an unknown reason.
    ReadOnly,
    /// It is not a full member of its cluster.
    NonMember,
}

impl NodeRole {
    /// The name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            NodeRole::Primary => "primary",
            NodeRole::Secondary => "secondary",
            NodeRole::Replica => "replica",
            NodeRole::ReadOnly => "read-only",
            NodeRole::NonMember => "non-member",
        }
    }
}

/// Of several sources, the one that the server is furthest behind.
fn furthest_behind(found: &[Replication]) -> Option<&Replication> {
    found.iter().max_by_key(|one| (!one.running, one.lag.unwrap_or(Duration::MAX)))
}

impl SessionStore {
    /// The role of the server, from what is already known; `None` for a file.
    pub fn role(&self) -> Option<NodeRole> {
        self.node()?;
        // With several hosts, another one may answer than at first; it was chosen because it accepts writes.
        let replaced = self.connection.generation() > 0 && !self.target.failover.prefers_replica;
        Some(match self.cluster() {
            _ if self.replicates.is_some() => NodeRole::Replica,
            _ if !self.server.read_only || replaced => NodeRole::Primary,
            Some(ClusterKind::Group) => NodeRole::Secondary,
            _ => NodeRole::ReadOnly,
        })
    }

    /// Asks the server for its current role.
    ///
    /// # Errors
    /// [`StoreError::Db`].
    pub async fn ask_role(&mut self) -> Result<Option<NodeRole>> {
        self.replication().await?;
        let role = self.connection.role().await.map_err(|e| StoreError::db("ask what the server is", e))?;
        Ok(if role == Role::NonMember { Some(NodeRole::NonMember) } else { self.role() })
    }

    /// The source of a replica, when it was last examined.
    pub fn replicates(&self) -> Option<&str> {
        self.replicates.as_ref().map(Replication::source_text)
    }

    /// The lag of a replica when it was last examined, if known.
    pub fn lag(&self) -> Option<Duration> {
        self.replicates.as_ref()?.lag
    }

    /// Tells whether other servers have the same sessions: a cluster, or several hosts in the URL.
    pub fn is_one_of_several(&self) -> bool {
        self.cluster().is_some() || !self.target.failover.others.is_empty() || self.replicates.is_some()
    }

    /// Sets the maximum lag of a replica that is read.
    pub fn limit_lag(&mut self, most: Duration) {
        self.max_lag = Some(most);
    }

    /// The replication of the server; `None` if the account may not see it although the server is read-only, as
    /// replicas are.
    async fn replication(&mut self) -> Result<Option<Vec<Replication>>> {
        if self.cluster().is_some() {
            return Ok(Some(Vec::new()));
        }
        let doing = "read the server's replication";
        match self.connection.replication().await {
            Ok(found) => {
                self.replicates = furthest_behind(&found).cloned();
                Ok(Some(found))
            }
            Err(error) if matches!(error.kind, DbErrorKind::Denied | DbErrorKind::Other) => {
                let read_only = if self.connection.generation() == 0 {
                    self.server.read_only
                } else {
                    // Another server answers than at first.
                    self.connection.role().await.map_err(|e| StoreError::db(doing, e))? != Role::Primary
                };
                Ok((!read_only).then(Vec::new))
            }
            Err(error) => Err(StoreError::db(doing, error)),
        }
    }

    /// The replication of which the server is a replica.
    ///
    /// # Errors
    /// [`StoreError::Db`].
    async fn replica_of(&mut self) -> Result<Option<Replication>> {
        if self.max_lag.is_none() && !self.server.read_only {
            return Ok(None);
        }
        Ok(self.replication().await?.and_then(|found| found.into_iter().next()))
    }

    /// Refuses a source that is known to be a lagging replica, or may be one. Returns whether everything that its
    /// source had committed is known to have arrived; waits a few seconds for it.
    ///
    /// # Errors
    /// [`StoreError::Stale`].
    pub async fn require_current(&mut self) -> Result<bool> {
        let Some(most) = self.max_lag else { return Ok(true) };
        let begun = Instant::now();
        loop {
            let Some(found) = self.replication().await? else {
                let why = "is read-only, and the account has no privilege to see whether it is a lagging replica";
                return Err(self.stale(why, self.dialect().hints.see_lag));
            };
            if found.is_empty() {
                // A single server is not asked again.
                if self.target.failover.others.is_empty() {
                    self.max_lag = None;
                }
                return Ok(true);
            }
            if let Some(stopped) = found.iter().find(|one| !one.running) {
                let why = format!("is a replica of {}, and its replication has stopped", stopped.source_text());
                return Err(self.stale(why, format!("{} shows the reason", self.dialect().hints.replication)));
            }
            let lag = furthest_behind(&found).and_then(|one| one.lag);
            if lag == Some(Duration::ZERO) {
                return Ok(true);
            }
            if begun.elapsed() >= CATCH_UP_TIMEOUT {
                let source = found[0].source_text();
                return match lag {
                    Some(lag) if lag <= most => Ok(false),
                    Some(lag) => Err(self.stale(format!("is a replica of {source}, {} s behind", lag.as_secs()), "")),
                    None => {
                        let why = format!("is a replica of {source} with an unknown lag");
                        Err(self.stale(why, self.dialect().hints.see_lag))
                    }
                };
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Waits on a replica until changes that its lag does not show have been applied.
    pub(in crate::store) async fn outwait_lag(&mut self) -> Result<()> {
        if self.max_lag.is_some() && self.replica_of().await?.is_some() {
            tokio::time::sleep(UNKNOWN).await;
        }
        Ok(())
    }

    /// Refuses to write to a read-only replica, which an administrator's account could do.
    ///
    /// # Errors
    /// [`StoreError::Replica`].
    pub async fn require_source(&mut self) -> Result<()> {
        if !self.server.read_only {
            return Ok(());
        }
        if self.cluster() == Some(ClusterKind::Group) {
            let primary = self.group_primary().await?;
            return Err(StoreError::Secondary { target: self.target.to_string(), primary });
        }
        match self.replica_of().await? {
            Some(Replication { source, .. }) => Err(StoreError::Replica {
                target: self.target.to_string(),
                source,
                see_source: self.dialect().hints.see_source,
            }),
            None => Ok(()),
        }
    }

    /// The group member that accepts writes, if the account may see it.
    async fn group_primary(&mut self) -> Result<Option<String>> {
        match self.query("look for the primary", self.statements().group_primary, &Bind::new()).await {
            Ok(mut rows) => Ok(rows.first_mut().and_then(|row| row.text(0).ok()).flatten()),
            Err(error) if error.kind() == Some(DbErrorKind::Denied) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn stale(&self, why: impl Into<String>, hint: impl Into<String>) -> StoreError {
        StoreError::Stale { target: self.target.to_string(), why: why.into(), hint: hint.into() }
    }
}
