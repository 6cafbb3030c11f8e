//! Rules about the connection pool.

use super::{Remedy, Severity, TomcatInstance, Violation};
use crate::catalina::{Element, Source};
use crate::engine::driver_of_url;
use crate::suggestion::nearest;

/// Attributes of every `<Resource>`, for all factories.
const OF_RESOURCES: &[&str] = &["name", "auth", "type", "factory", "scope", "singleton", "closeMethod", "description"];

/// The attributes of Tomcat's DBCP 2: `ALL_PROPERTY_NAMES` of its BasicDataSourceFactory in 9.0.70, 10.1.60 and
/// 11.0.24.
const DBCP2: &[&str] = &[
    "defaultAutoCommit",
    "defaultReadOnly",
    "defaultTransactionIsolation",
    "defaultCatalog",
    "defaultSchema",
    "cacheState",
    "driverClassName",
    "lifo",
    "maxTotal",
    "maxIdle",
    "minIdle",
    "initialSize",
    "maxWaitMillis",
    "testOnCreate",
    "testOnBorrow",
    "testOnReturn",
    "timeBetweenEvictionRunsMillis",
    "numTestsPerEvictionRun",
    "minEvictableIdleTimeMillis",
    "softMinEvictableIdleTimeMillis",
    "evictionPolicyClassName",
    "testWhileIdle",
    "password",
    "url",
    "username",
    "validationQuery",
    "validationQueryTimeout",
    "connectionInitSqls",
    "accessToUnderlyingConnectionAllowed",
    "removeAbandonedOnBorrow",
    "removeAbandonedOnMaintenance",
    "removeAbandonedTimeout",
    "logAbandoned",
    "abandonedUsageTracking",
    "poolPreparedStatements",
    "clearStatementPoolOnReturn",
    "maxOpenPreparedStatements",
    "connectionProperties",
    "maxConnLifetimeMillis",
    "logExpiredConnections",
    "rollbackOnReturn",
    "enableAutoCommitOnReturn",
    "defaultQueryTimeout",
    "fastFailValidation",
    "disconnectionSqlCodes",
    "disconnectionIgnoreSqlCodes",
    "jmxName",
    "registerConnectionMBean",
    "connectionFactoryClassName",
];

/// Attributes of DBCP 1, the equivalents in DBCP 2, and the behavior of DBCP 2 without them (`NUPROP_WARNTEXT`).
const DBCP1: &[(&str, &str, &str)] = &[
    ("maxActive", "maxTotal", "there are at most 8 connections"),
    ("maxWait", "maxWaitMillis", "a request waits for a connection forever"),
    ("removeAbandoned", "removeAbandonedOnBorrow", "abandoned connections are not closed"),
];

/// The factory of a `<Resource>`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pool {
    /// Tomcat's default.
    Dbcp2,
    TomcatJdbc,
    Hikari,
    /// A third-party class, whose attributes are not known. BeanFactory fails if an attribute has no setter.
    Other,
}

impl Pool {
    fn of(resource: &Element) -> Pool {
        match resource.get("factory") {
            None if resource.get("type").is_none_or(|class| class == "javax.sql.DataSource") => Pool::Dbcp2,
            Some(factory) if factory.ends_with(".dbcp2.BasicDataSourceFactory") => Pool::Dbcp2,
            Some("org.apache.tomcat.jdbc.pool.DataSourceFactory") => Pool::TomcatJdbc,
            Some("com.zaxxer.hikari.HikariJNDIFactory") => Pool::Hikari,
            _ => Pool::Other,
        }
    }

    /// The attribute that disables autocommit, and the attribute and value for READ COMMITTED.
    fn transactions(self) -> Option<(&'static str, &'static str, &'static str)> {
        match self {
            Pool::Dbcp2 | Pool::TomcatJdbc => {
                Some(("defaultAutoCommit", "defaultTransactionIsolation", "READ_COMMITTED"))
            }
            Pool::Hikari => Some(("autoCommit", "transactionIsolation", "TRANSACTION_READ_COMMITTED")),
            Pool::Other => None,
        }
    }
}

/// Every Resource of a Store once, with its URL if it has one.
fn resources(instance: &TomcatInstance) -> Vec<(&Element, Pool, Option<String>)> {
    let mut found: Vec<(&Element, Pool, Option<String>)> = Vec::new();
    for (of, store) in instance.stores() {
        let Source::Resource(resource, _) = instance.base.source(of, store) else { continue };
        if found.iter().all(|(known, _, _)| known.place != resource.place) {
            let url = instance.base.configured_store(of, store).map(|at| at.url.to_ascii_lowercase());
            found.push((resource, Pool::of(resource), url));
        }
    }
    found
}

pub(super) fn autocommit(instance: &TomcatInstance) -> Vec<Violation> {
    let fault = |(resource, pool, _): (&Element, Pool, _)| {
        let remedy = match pool.transactions() {
            Some((autocommit, _, _)) if resource.flag(autocommit) == Some(false) => return None,
            Some((autocommit, isolation, value)) => {
                Remedy::config(format!("{autocommit}=\"false\" {isolation}=\"{value}\""))
            }
            None => Remedy::action(
                "use a pool that can turn autocommit off: Tomcat's own pool is used with type=\"javax.sql.DataSource\" and without `factory`",
            ),
        };
        let message = "each save is two transactions, a DELETE and an INSERT: a Tomcat that loads the session in between does not find it, and the user is logged out";
        Some(instance.at(Severity::Note, resource, message, remedy))
    };
    resources(instance).into_iter().filter_map(fault).collect()
}

pub(super) fn isolation(instance: &TomcatInstance) -> Vec<Violation> {
    let fault = |(resource, pool, url): (&Element, Pool, Option<String>)| {
        let (autocommit, isolation, committed) = pool.transactions()?;
        let url = url?;
        if resource.flag(autocommit) != Some(false) {
            return None;
        }
        let level = resource.get(isolation).map(|level| level.trim().to_ascii_uppercase());
        let by_default = driver_of_url(&url).and_then(|driver| driver.default_isolation);
        if by_default.is_none() {
            // READ COMMITTED, unless the Resource sets another level.
            level.as_ref()?;
        }
        let level = match level.as_deref().map(|level| level.trim_start_matches("TRANSACTION_")) {
            Some("READ_COMMITTED" | "READ_UNCOMMITTED" | "READ-COMMITTED" | "1" | "2") => return None,
            None if says_read_committed(resource, &url) => return None,
            Some(other) => other.to_owned(),
            None => by_default.unwrap_or("another level").to_owned(),
        };
        let message = format!(
            "{autocommit}=\"false\" with {level}: the DELETE of a session that has no row yet locks the gap around its id, and new sessions deadlock with each other: users who arrive at the same time are logged out, or their sessions are not saved"
        );
        Some(instance.at(Severity::Warning, resource, message, Remedy::config(format!("{isolation}=\"{committed}\""))))
    };
    resources(instance).into_iter().filter_map(fault).collect()
}

/// Tells whether the URL, or the statement that initializes connections, sets READ COMMITTED.
fn says_read_committed(resource: &Element, url: &str) -> bool {
    let statements = ["connectionInitSqls", "initSQL", "connectionInitSql", "connectionProperties"];
    let texts = statements.iter().filter_map(|name| resource.get(name)).map(str::to_ascii_lowercase);
    texts.chain([url.to_owned()]).any(|text| text.contains("read committed") || text.contains("read-committed"))
}

pub(super) fn ignored_attribute(instance: &TomcatInstance) -> Vec<Violation> {
    let mut faults = Vec::new();
    for (resource, _, _) in resources(instance).into_iter().filter(|(_, pool, _)| *pool == Pool::Dbcp2) {
        for (name, value) in resource.attributes() {
            if OF_RESOURCES.contains(&name) || DBCP2.contains(&name) {
                continue;
            }
            let (message, remedy) = match DBCP1.iter().find(|(old, _, _)| *old == name) {
                Some((_, new, without)) => (
                    format!("`{name}` is an attribute of DBCP 1, which Tomcat's DBCP 2 ignores: {without}"),
                    Remedy::config(format!("{new}=\"{value}\"")),
                ),
                None => (
                    format!("Tomcat's pool has no attribute `{name}` and ignores it"),
                    match nearest(name, DBCP2.iter().copied()) {
                        Some(near) => Remedy::action(format!("write `{near}`")),
                        None => Remedy::action("remove it, or set the `factory` of the pool that it is for"),
                    },
                ),
            };
            faults.push(instance.at(Severity::Warning, resource, message, remedy));
        }
    }
    faults
}
