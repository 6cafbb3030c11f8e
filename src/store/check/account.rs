//! Rules about the privileges of the account.

use super::{Facts, OrphanedUser, Rule, Violation};
use crate::finding::{Remedy, Severity};
use crate::store::catalog::grants::Grants;

pub(super) const MISSING: Rule = Rule {
    id: "account.missing",
    evaluate: |facts| {
        let Some((grants, database)) = granted(facts) else { return Vec::new() };
        let missing = grants.missing(database, &facts.names);
        if missing.is_empty() {
            return Vec::new();
        }
        // Privileges of roles are not listed with those of the account.
        let (severity, but) =
            if grants.roles { (Severity::Note, ", unless one of its roles has it") } else { (Severity::Error, "") };
        let message = format!("the account lacks the privilege {}{but}", missing.join(", "));
        vec![Violation::new(
            severity,
            facts.account_name(),
            message,
            facts.remedy(facts.statements.grant_minimal, &facts.account()),
        )]
    },
    why: "The account lacks a privilege that Tomcat needs. Tomcat loads with SELECT and saves with DELETE and INSERT. It needs these three privileges and no others.",
    source: "org.apache.catalina.session.DataSourceStore, load, save, remove, clear",
};

pub(super) const ADMINISTRATOR: Rule = Rule {
    id: "account.administrator",
    evaluate: |facts| {
        if !granted(facts).is_some_and(|(grants, _)| grants.is_administrator()) {
            return Vec::new();
        }
        let message = "this account is an administrator of the server; Tomcat must not use such an account";
        let remedy = Remedy::action(
            "`tomcat-sessions init-db --apply` creates an account for Tomcat; run check again with its --url",
        );
        vec![Violation::new(Severity::Warning, facts.account_name(), message, remedy)]
    },
    why: "Tomcat deserializes the contents of the table: a session is a Java object. If Tomcat logs in as an administrator, an attacker who breaks into an application gains access to every database on the server. With an administrator's URL, `check` cannot check the privileges of Tomcat's account.",
    source: "Tomcat's security model: the session store is trusted; CVE-2020-9484",
};

pub(super) const EXCESS: Rule = Rule {
    id: "account.excess",
    evaluate: |facts| {
        let Some((grants, database)) = granted(facts).filter(|(grants, _)| !grants.is_administrator()) else {
            return Vec::new();
        };
        let excess = grants.excess(database, &facts.names);
        if excess.is_empty() {
            return Vec::new();
        }
        let message = format!("the account has more privileges than Tomcat needs: {}", excess.join("; "));
        let files = [facts.statements.fix_grants, facts.statements.grant_minimal];
        vec![Violation::new(
            Severity::Warning,
            facts.account_name(),
            message,
            facts.remedy_of(&files, &facts.account()),
        )]
    },
    why: "Tomcat selects, inserts and deletes rows of one table. It never updates rows or changes a table. On MySQL and MariaDB, the remedy revokes all other privileges of the account, including those in other databases. On PostgreSQL, UPDATE on the column valid_session is not reported, because `expire` uses it to lock rows.",
    source: "org.apache.catalina.session.DataSourceStore; Tomcat's security model: the session store is trusted",
};

pub(super) const ORPHAN: Rule = Rule {
    id: "account.orphan",
    evaluate: |facts| {
        let orphans = facts.orphans.known().map(Vec::as_slice).unwrap_or_default();
        let fault = |OrphanedUser { user, has_namesake }: &OrphanedUser| {
            let message = format!("the database user `{user}` has no login on this server");
            let remedy = if *has_namesake {
                facts.remedy_for_account(facts.statements.fix_orphan, user)
            } else {
                Remedy::action(format!("create a login `{user}` and check again, or drop the user if it is not needed"))
            };
            Violation::new(Severity::Warning, user, message, remedy)
        };
        orphans.iter().map(fault).collect()
    },
    why: "A database that was restored or attached on another server contains its users, but not their logins. Tomcat's login fails with error 4060, although user, password and grants look correct.",
    source: "SQL Server documentation, troubleshoot orphaned users",
};

fn granted(facts: &Facts) -> Option<(&Grants, &str)> {
    Some((facts.grants.known()?, facts.server.database.as_deref()?))
}
