//! Rules about clusters, and about the binary log that replicas read.

use super::{Fact, Rule, Violation};
use crate::engine::{Bind, ClusterKind};
use crate::finding::{Remedy, Severity};
use crate::store::session_store::replica::NodeRole;

/// Properties of the cluster and of the binary log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Member {
    pub kind: Option<ClusterKind>,
    /// `binlog_format`, if there is a binary log.
    pub binlog_format: Option<String>,
    /// `innodb_autoinc_lock_mode`.
    pub autoinc_lock_mode: Option<i64>,
    /// `pxc_strict_mode` of Percona XtraDB Cluster.
    pub strict_mode: Option<String>,
    /// Maximum size of a transaction in the cluster, in bytes.
    pub max_transaction: Option<u64>,
    /// Whether the lease table exists.
    pub has_lease: bool,
}

fn member(facts: &super::Facts) -> Option<(&Member, ClusterKind)> {
    let Fact::Known(member) = &facts.member else { return None };
    member.kind.map(|kind| (member, kind))
}

fn cluster_name(kind: ClusterKind) -> &'static str {
    match kind {
        ClusterKind::Galera => "Galera",
        ClusterKind::Group => "Group Replication",
    }
}

pub(super) const BINLOG_FORMAT: Rule = Rule {
    id: "server.binlog-format",
    evaluate: |facts| {
        let Fact::Known(member) = &facts.member else { return Vec::new() };
        if member.binlog_format.as_deref() != Some("STATEMENT") {
            return Vec::new();
        }
        let message = "binlog_format is STATEMENT: `expire` and `swap-out` fail with error 1665";
        let remedy = Remedy::Sql("SET GLOBAL binlog_format = 'ROW';".to_owned());
        vec![Violation::new(Severity::Error, "binlog_format", message, remedy)]
    },
    why: "A purge uses READ COMMITTED, so that it locks no gaps that Tomcat's INSERTs would wait for. At that isolation level, InnoDB does not support statement-based logging. Set binlog_format = ROW in the server's configuration too, so that the setting survives a restart.",
    source: "MySQL manual, error 1665 and binlog_format",
};

pub(super) const MEMBER: Rule = Rule {
    id: "cluster.member",
    evaluate: |facts| {
        if facts.role != Some(NodeRole::NonMember) {
            return Vec::new();
        }
        let message =
            "the server is not a full member of its cluster: sessions saved here may never reach the other members";
        let remedy = Remedy::action("use another member in --url, and make this one rejoin the cluster");
        vec![Violation::new(Severity::Error, "member", message, remedy)]
    },
    why: "A member that has left its group, or has not joined it yet, answers with outdated data. If it accepts writes, they are lost when it rejoins the group.",
    source: "MySQL manual, performance_schema.replication_group_members",
};

pub(super) const REPLICATION: Rule = Rule {
    id: "server.replication",
    evaluate: |facts| {
        let Some(replicates) = facts.replicates.as_ref().filter(|replicates| !replicates.running) else {
            return Vec::new();
        };
        let message = format!(
            "replication from {} has stopped: sessions are missing or outdated on this server",
            replicates.source_text()
        );
        let remedy = Remedy::action(format!("{} shows the reason", facts.dialect.hints.replication));
        vec![Violation::new(Severity::Warning, "replication", message, remedy)]
    },
    why: "`export`, `migrate` and `verify` refuse a replica whose replication has stopped. A Tomcat that uses it after a failover finds the sessions as they were when replication stopped.",
    source: "docs/clusters.md",
};

pub(super) const LEASE: Rule = Rule {
    id: "cluster.lease",
    evaluate: |facts| {
        let Some((member, kind)) = member(facts) else { return Vec::new() };
        if member.has_lease {
            return Vec::new();
        }
        let message = format!(
            "the server is a member of a cluster ({}), and there is no table `{}`: two runs through two members do not \
             know of each other",
            cluster_name(kind),
            facts.names.lease
        );
        let remedy = facts.remedy(facts.statements.lease_create, &Bind::new());
        vec![Violation::new(Severity::Warning, &facts.names.lease, message, remedy)]
    },
    why: "So that no two runs of tomcat-sessions work on one table, each run takes a lock with GET_LOCK, which is valid only on the member that granted it. In a cluster, a run therefore also takes the lease: a row in the lease table, which all members see. Without the lease table, `swap-out --to` and `swap-in --from` refuse to run. `init-db --with-lease --apply` also grants the required privileges: SELECT, INSERT and UPDATE on that table.",
    source: "docs/clusters.md",
};

pub(super) const PRIMARY_KEY: Rule = Rule {
    id: "cluster.primary-key",
    evaluate: |facts| {
        let Some((_, kind)) = member(facts) else { return Vec::new() };
        if facts.shape.indexes.iter().any(|index| index.primary) {
            return Vec::new();
        }
        let message = format!("the table has no primary key, which {} requires", cluster_name(kind));
        let remedy = facts.remedy(facts.statements.fix_primary_key, &Bind::new());
        vec![Violation::new(Severity::Error, &facts.names.table, message, remedy)]
    },
    why: "A cluster detects conflicts between members by the primary keys of the rows. With Galera, rows without a primary key can diverge between nodes. Group Replication refuses writes to such a table (error 3098).",
    source: "Galera documentation, limitations; MySQL manual, Group Replication requirements",
};

pub(super) const AUTOINC: Rule = Rule {
    id: "cluster.autoinc-lock-mode",
    evaluate: |facts| {
        let Some((member, ClusterKind::Galera)) = member(facts) else { return Vec::new() };
        if member.autoinc_lock_mode.is_none_or(|mode| mode == 2) {
            return Vec::new();
        }
        let message = "innodb_autoinc_lock_mode is not 2, which Galera requires";
        let remedy = Remedy::config("[mysqld]\ninnodb_autoinc_lock_mode = 2");
        vec![Violation::new(Severity::Warning, "innodb_autoinc_lock_mode", message, remedy)]
    },
    why: "With an innodb_autoinc_lock_mode other than 2, applying several transactions at once can cause a deadlock that stops the node. This matters for other tables on this server; the session table has no AUTO_INCREMENT column.",
    source: "Galera documentation, system configuration",
};

pub(super) const STRICT_MODE: Rule = Rule {
    id: "cluster.pxc-strict-mode",
    evaluate: |facts| {
        let Some((member, _)) = member(facts) else { return Vec::new() };
        let strict = member.strict_mode.as_deref().is_some_and(|mode| matches!(mode, "ENFORCING" | "MASTER"));
        if !strict || member.has_lease {
            return Vec::new();
        }
        let message = "pxc_strict_mode forbids advisory locks, and the lease table is missing: commands that lock the table, such as `expire`, fail (Tomcat is not affected)";
        let remedy = Remedy::action("`tomcat-sessions init-db --with-lease --apply` with an administrator's --url");
        vec![Violation::new(Severity::Error, "pxc_strict_mode", message, remedy)]
    },
    why: "Percona XtraDB Cluster prohibits GET_LOCK in its default mode ENFORCING. If the lease table exists and GET_LOCK is refused, the program uses only the lease.",
    source: "Percona XtraDB Cluster documentation, strict mode",
};

pub(super) const TRANSACTION_SIZE: Rule = Rule {
    id: "cluster.transaction-size",
    evaluate: |facts| {
        let Some((member, kind)) = member(facts) else { return Vec::new() };
        let (Some(most), Some(rows)) = (member.max_transaction, facts.rows.known()) else { return Vec::new() };
        // The deleted row and the inserted row.
        if most == 0 || rows.largest_bytes.saturating_mul(2) <= most {
            return Vec::new();
        }
        let message = format!(
            "the largest session has {} bytes, and the cluster accepts transactions of at most {most} bytes: it may be impossible \
             to save or delete it",
            rows.largest_bytes
        );
        let name = match kind {
            ClusterKind::Galera => "wsrep_max_ws_size",
            ClusterKind::Group => "group_replication_transaction_size_limit",
        };
        let remedy = Remedy::action(format!("increase {name} on every member, or store less in the session"));
        vec![Violation::new(Severity::Warning, name, message, remedy)]
    },
    why: "A member sends each transaction to the others as a whole. The transaction of a save contains the deleted row and the inserted row.",
    source: "Galera documentation, wsrep_max_ws_size; MySQL manual, group_replication_transaction_size_limit",
};
