//! Rules about the number of connections.

use super::{Rule, Violation};
use crate::engine::Bind;
use crate::finding::{Remedy, Severity};

/// The limits on connections.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// Maximum number of connections of all ordinary accounts.
    pub server: u64,
    pub in_use: u64,
    /// Limits of the account and of the database, if they have any.
    pub account: Option<u64>,
    pub database: Option<u64>,
}

/// A Tomcat's pool and this program need at least this many connections.
const FEW_CONNECTIONS: u64 = 20;

pub(super) const FULL: Rule = Rule {
    id: "server.connections",
    evaluate: |facts| {
        let Some(limits) = facts.limits.known() else { return Vec::new() };
        let ConnectionLimits { server, in_use, .. } = *limits;
        if in_use.saturating_mul(10) < server.saturating_mul(9) {
            return Vec::new();
        }
        let message = format!(
            "{in_use} of the server's {server} connections are in use; a new max_connections takes effect after a restart"
        );
        let remedy = Remedy::Sql(format!("ALTER SYSTEM SET max_connections = {};", server.saturating_mul(2).max(100)));
        vec![Violation::new(Severity::Warning, "max_connections", message, remedy)]
    },
    why: "When all connections are in use, the server refuses new ones (error 53300). A Tomcat whose pool has no open connection then cannot save sessions. Each connection is a process of the server; instead of more connections, smaller pools (maxTotal) or PgBouncer with session pooling may be the better way.",
    source: "PostgreSQL manual, max_connections and superuser_reserved_connections",
};

pub(super) const FEW: Rule = Rule {
    id: "account.connections",
    evaluate: |facts| {
        let Some(limits) = facts.limits.known() else { return Vec::new() };
        let few = |limit: Option<u64>| limit.filter(|limit| *limit < FEW_CONNECTIONS);
        let of_account = few(limits.account).map(|limit| (limit, "account", facts.account_name(), true));
        let database = facts.database_name();
        let of_database = few(limits.database).map(|limit| (limit, "database", database, false));
        let fault = |(limit, what, object, is_account): (u64, &str, &str, bool)| {
            let statements = facts.statements;
            let file =
                if is_account { statements.fix_account_connections } else { statements.fix_database_connections };
            let message = format!("the {what} may have at most {limit} connections, from all Tomcats and this program");
            Violation::new(Severity::Warning, object, message, facts.remedy(file, &Bind::new()))
        };
        of_account.into_iter().chain(of_database).map(fault).collect()
    },
    why: "PostgreSQL can limit the connections of an account and of a database (CONNECTION LIMIT). It refuses connections above that limit (error 53300), and Tomcat cannot save the session. Each Tomcat has a pool of connections, by default with up to 8 (commons-dbcp2, maxTotal) or 100 (Tomcat JDBC pool, maxActive). This program opens up to six more.",
    source: "PostgreSQL manual, CREATE ROLE and CREATE DATABASE: CONNECTION LIMIT; Tomcat documentation, JNDI resources",
};
