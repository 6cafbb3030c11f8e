//! The output of `init-db`: the script, or the report of the created objects.

use serde::Serialize;

use crate::store::Target;
use crate::store::provision::{ApplyResult, Object, Outcome, Plan, Privilege, Probe, Provision, ShadowingUser, Step};
use crate::ui::{Head, Page, Report, Table};

/// The script in machine formats. It may contain a password, so it has no `Debug`.
#[derive(Serialize)]
pub(super) struct Script {
    command: &'static str,
    apply: bool,
    engine: &'static str,
    profile: &'static str,
    statements: Vec<Statement>,
}

#[derive(Serialize)]
struct Statement {
    object: &'static str,
    name: String,
    comment: String,
    sql: String,
}

impl Script {
    pub(super) fn new(plan: &Plan, engine: &'static str, steps: &[Step]) -> Script {
        let statement = |step: &Step| Statement {
            object: step.object.as_str(),
            name: step.name.clone(),
            comment: step.comment.join("\n"),
            sql: step.sql.text.clone(),
        };
        Script {
            command: "init-db",
            apply: false,
            engine,
            profile: plan.profile.as_str(),
            statements: steps.iter().map(statement).collect(),
        }
    }
}

impl Report for Script {
    const RECORDS: Option<&'static str> = Some("statements");
    const DOCUMENT: bool = true;

    fn page(&self, page: &mut Page) {
        for statement in &self.statements {
            page.verbatim(&statement.sql);
        }
    }
}

/// The created objects. It may contain a password, so it has no `Debug`.
#[derive(Serialize)]
pub(super) struct ApplyReport {
    command: &'static str,
    apply: bool,
    engine: &'static str,
    server_version: String,
    store: String,
    pub(super) profile: &'static str,
    table: String,
    account: Option<String>,
    objects: Vec<AppliedStep>,
    /// The generated password, which is printed nowhere else.
    pub(super) password: Option<String>,
    /// Differences between an existing table and the profile.
    pub(super) differences: Vec<String>,
    /// The statement that fixes a published table.
    pub(super) upgrade_sql: Option<String>,
    /// Privileges that the account has in addition to the requested ones.
    pub(super) excess_privileges: Vec<String>,
    /// Accounts that take precedence over the new one.
    pub(super) shadowed_by: Vec<ShadowingAccount>,
    pub(super) probe: Option<ProbeResult>,
    #[serde(skip)]
    password_set: bool,
}

#[derive(Debug, Serialize)]
struct AppliedStep {
    object: &'static str,
    name: String,
    outcome: &'static str,
}

/// An account that the server prefers to the new one.
#[derive(Debug, Serialize)]
pub(super) struct ShadowingAccount {
    account: String,
    host: String,
    remedy: Option<String>,
}

/// Result of the test with one session.
#[derive(Debug, Serialize)]
pub(super) struct ProbeResult {
    /// The account that wrote the session; `None` if the engine has no accounts.
    user: Option<String>,
    pub(super) lower_case_id_matches: bool,
    pub(super) trailing_space_matches: bool,
}

impl ProbeResult {
    pub(super) fn new(user: Option<String>, probe: Probe) -> ProbeResult {
        ProbeResult {
            user,
            lower_case_id_matches: probe.lower_case_id_matches,
            trailing_space_matches: probe.trailing_space_matches,
        }
    }
}

impl ShadowingAccount {
    fn new(shadow: &ShadowingUser) -> ShadowingAccount {
        let name = if shadow.user.is_empty() { "''" } else { &shadow.user };
        ShadowingAccount {
            account: format!("{name}@{}", shadow.host),
            host: shadow.host.clone(),
            remedy: shadow.remedy.clone(),
        }
    }

    /// The hint in a failure.
    pub(super) fn hint(&self) -> String {
        match &self.remedy {
            Some(remedy) => format!("the anonymous account {} takes precedence there: {remedy}", self.account),
            None => format!(
                "the account {} takes precedence there; --user-host {} sets up that one",
                self.account, self.host
            ),
        }
    }

    pub(super) fn warning(&self, account: &str) -> String {
        match &self.remedy {
            Some(remedy) => format!(
                "The anonymous account {} takes precedence over {account} when Tomcat connects from {}, and the login fails. As administrator: {remedy}",
                self.account, self.host
            ),
            None => format!(
                "The account {} takes precedence over {account} when Tomcat connects from {}, with its own password and grants. --user-host {} sets it up.",
                self.account, self.host, self.host
            ),
        }
    }
}

impl ApplyReport {
    pub(super) fn new(plan: &Plan, server: &Provision, applied: &ApplyResult, target: &Target) -> ApplyReport {
        let made = |(object, name, outcome): &(Object, String, Outcome)| AppliedStep {
            object: object.as_str(),
            name: name.clone(),
            outcome: outcome.as_str(),
        };
        let set =
            |(object, _, outcome): &(Object, String, Outcome)| object.holds_password() && *outcome != Outcome::Exists;
        let accounts = target.engine.dialect().has_accounts;
        let store = if accounts {
            Target { database: Some(plan.names.database.clone()), ..target.clone() }
        } else {
            target.clone()
        };
        ApplyReport {
            command: "init-db",
            apply: true,
            engine: server.variant(),
            server_version: server.server().version.clone(),
            store: Target { user: None, ..store }.to_string(),
            profile: plan.profile.as_str(),
            table: plan.names.table.clone(),
            account: plan.account.as_ref().map(|account| account.to_string()),
            objects: applied.done.iter().map(made).collect(),
            password: None,
            differences: applied.differences.clone(),
            upgrade_sql: applied.upgrade.clone(),
            excess_privileges: grouped(&applied.excess_privileges),
            shadowed_by: applied.shadows.iter().map(ShadowingAccount::new).collect(),
            probe: None,
            password_set: applied.done.iter().any(set),
        }
    }

    /// Tells whether the session table existed before this run.
    pub(super) fn table_exists(&self) -> bool {
        let is_table = |made: &&AppliedStep| made.object == Object::Table.as_str() && made.name == self.table;
        self.objects.iter().find(is_table).is_some_and(|made| made.outcome == Outcome::Exists.as_str())
    }

    /// Tells whether this run set the account's password.
    pub(super) fn set_password(&self) -> bool {
        self.password_set
    }

    pub(super) fn account(&self) -> &str {
        self.account.as_deref().unwrap_or_default()
    }
}

/// Privileges, grouped by the object on which they were granted.
fn grouped(privileges: &[Privilege]) -> Vec<String> {
    let mut grants: Vec<(&str, Vec<&str>)> = Vec::new();
    for privilege in privileges {
        match grants.iter_mut().find(|(on, _)| *on == privilege.on) {
            Some((_, names)) => names.push(&privilege.name),
            None => grants.push((&privilege.on, vec![&privilege.name])),
        }
    }
    grants.into_iter().map(|(on, names)| format!("{} on {on}", names.join(", "))).collect()
}

impl Report for ApplyReport {
    const RECORDS: Option<&'static str> = Some("objects");

    /// The password is printed here and nowhere else.
    fn is_needed(&self) -> bool {
        self.password.is_some()
    }

    fn page(&self, page: &mut Page) {
        let heads = vec![Head::left("OBJECT"), Head::left("NAME"), Head::left("OUTCOME")];
        let row = |made: &AppliedStep| vec![made.object.to_owned(), made.name.clone(), made.outcome.to_owned()];
        page.table(&Table { heads, rows: self.objects.iter().map(row).collect() });
        if let Some(password) = &self.password {
            page.blank();
            page.verbatim(format!("The password of {} is {password}", self.account()));
        }
        if let Some(probe) = &self.probe {
            let who = probe.user.as_ref().map(|user| format!(" as {user}")).unwrap_or_default();
            page.blank();
            page.line(format!("Wrote, read back and deleted a session in {}{who}.", self.store));
            if !probe.lower_case_id_matches && !probe.trailing_space_matches {
                page.line("Id lookups are exact (case and trailing spaces matter).");
            }
        }
    }
}
