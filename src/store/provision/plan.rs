//! The plan of `init-db`, and its statements. Pure.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use super::Profile;
use crate::engine::{Bind, DbError, Dialect, Names, Sql, Statements, Template};
use crate::store::error::{Result, StoreError};

/// The privileges that Tomcat's Store needs: a save is a DELETE and an INSERT, and nothing is updated
/// (`DataSourceStore.save`).
pub(super) const NEEDED: [&str; 3] = ["SELECT", "INSERT", "DELETE"];

/// The placeholder in a script without a password; no server accepts it.
const PASSWORD_PLACEHOLDER: &str = "<password>";

/// The privileges of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grants {
    /// Those that Tomcat needs, on the table.
    Minimal,
    /// Everything, on the database.
    All,
}

/// Tomcat's account.
#[derive(Debug, Clone)]
pub struct Account {
    pub user: String,
    /// The host from which it connects; empty if the engine has no such restriction.
    pub host: String,
    pub password: Option<SecretString>,
}

impl std::fmt::Display for Account {
    /// As `tomcat@%`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.host.is_empty() { f.write_str(&self.user) } else { write!(f, "{}@{}", self.user, self.host) }
    }
}

/// The requested objects.
#[derive(Debug, Clone)]
pub struct Plan {
    pub names: Names,
    pub profile: Profile,
    pub grants: Grants,
    pub account: Option<Account>,
    /// Whether an existing account gets the password too.
    pub reset_password: bool,
    /// Whether the server's password policy is not applied, if that is possible.
    pub no_password_policy: bool,
    /// Whether the lease table is created too.
    pub lease: bool,
}

/// Object of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object {
    Database,
    Login,
    /// No object: selects the database for the following steps.
    Use,
    Table,
    /// The storage of long data in the table.
    Storage,
    AppIndex,
    ExpiryIndex,
    /// The lease table.
    Lease,
    User,
    Password,
    Grant,
    /// The privileges for the lease.
    LeaseGrant,
}

impl Object {
    /// Tells whether its statement sets the account's password.
    pub fn holds_password(self) -> bool {
        matches!(self, Object::Login | Object::User | Object::Password)
    }

    /// Tells whether it belongs to one table, so that each table has its own.
    fn is_of_table(self) -> bool {
        matches!(self, Object::Table | Object::Storage | Object::AppIndex | Object::ExpiryIndex | Object::Grant)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Object::Database => "database",
            Object::Login => "login",
            Object::Use => "use",
            Object::Table | Object::Lease => "table",
            Object::Storage => "storage",
            Object::AppIndex | Object::ExpiryIndex => "index",
            Object::User => "account",
            Object::Password => "password",
            Object::Grant | Object::LeaseGrant => "grant",
        }
    }
}

/// One statement of the script.
#[derive(Clone)]
pub struct Step {
    pub object: Object,
    /// The object's name.
    pub name: String,
    /// The reason for the statement, line by line.
    pub comment: Vec<String>,
    /// The statement with names and literals; may contain a password.
    pub sql: Sql,
}

/// Without the statement, which may contain a password.
impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.object.as_str(), self.name)
    }
}

/// Result of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Created,
    Exists,
    /// A privilege was granted.
    Granted,
    /// A password was changed.
    Changed,
    /// An option of the table was set.
    Set,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Created => "created",
            Outcome::Exists => "exists",
            Outcome::Granted => "granted",
            Outcome::Changed => "changed",
            Outcome::Set => "set",
        }
    }
}

impl Plan {
    /// Checks that all names are valid for the engine.
    ///
    /// # Errors
    /// [`StoreError::Name`].
    pub fn check(&self, dialect: &Dialect) -> Result<()> {
        self.names.check(dialect).map_err(StoreError::Name)?;
        let Some(account) = &self.account else { return Ok(()) };
        for (what, text, most) in [("user", &account.user, dialect.max_user), ("host", &account.host, 255)] {
            if what == "host" && !dialect.has_hosts {
                continue;
            }
            let length = text.chars().count();
            let fault = if text.is_empty() {
                "is empty".to_owned()
            } else if text.chars().any(char::is_control) {
                "contains a control character".to_owned()
            } else if length > most {
                format!("has {length} characters; the maximum of this engine is {most}")
            } else {
                continue;
            };
            return Err(StoreError::Name(DbError::other(format!("the name of the account's {what} {fault}"))));
        }
        if account.password.as_ref().is_some_and(|p| p.expose_secret().chars().any(char::is_control)) {
            return Err(StoreError::Name(DbError::other("the account's password contains a control character")));
        }
        Ok(())
    }

    /// All steps in order, as for an empty server.
    ///
    /// # Errors
    /// If a file of `sql/` has a parameter that is not given here, which is a bug.
    pub fn steps(&self, files: &Statements, dialect: &'static Dialect) -> Result<Vec<Step>> {
        let names = &self.names;
        let (table, storage, index) = match self.profile {
            Profile::Recommended => (files.create_table, Some(files.table_storage), Some(files.create_index_expiry)),
            Profile::Documented => (files.create_table_documented, None, None),
        };
        let index_name = |name: &str| names.index(name, dialect);
        let mut wanted = vec![(Object::Database, names.database.clone(), files.create_database)];
        if self.account.is_some() {
            wanted.push((Object::Login, self.user(), files.create_login));
        }
        wanted.push((Object::Use, names.database.clone(), files.use_database));
        wanted.push((Object::Table, names.table.clone(), table));
        wanted.extend(storage.map(|file| (Object::Storage, names.table.clone(), file)));
        wanted.push((Object::AppIndex, index_name("kapp_name"), files.create_index_app));
        wanted.extend(index.map(|file| (Object::ExpiryIndex, index_name("kexpires_at"), file)));
        if self.lease {
            wanted.push((Object::Lease, names.lease.clone(), files.lease_create));
        }
        if let Some(account) = &self.account {
            wanted.push((Object::User, account.to_string(), files.create_user));
            if self.reset_password {
                wanted.push((Object::Password, account.to_string(), files.reset_password));
            }
            wanted.push(match self.grants {
                Grants::Minimal => {
                    (Object::Grant, format!("{} on {}", NEEDED.join(", "), names.table), files.grant_minimal)
                }
                Grants::All => (Object::Grant, format!("ALL on {}", names.database), files.grant_all),
            });
            if self.lease && self.grants == Grants::Minimal {
                let name = format!("SELECT, INSERT, UPDATE on {}", names.lease);
                wanted.push((Object::LeaseGrant, name, files.lease_grant));
            }
        }
        let steps = wanted.into_iter().filter(|(_, _, file)| file.is_statement());
        steps
            .map(|(object, name, file)| {
                let comment = file.comment_with(names, dialect).map_err(write_error)?;
                Ok(Step { object, name, comment, sql: self.render(object, file, dialect)? })
            })
            .collect()
    }

    /// The statement that prevents a script from running in another database; `None` if the engine needs none.
    ///
    /// # Errors
    /// As [`Plan::steps`].
    pub fn guard(&self, files: &Statements, dialect: &Dialect) -> Result<Option<(Vec<String>, Sql)>> {
        let file = files.script_guard;
        if !file.is_statement() {
            return Ok(None);
        }
        let comment = file.comment_with(&self.names, dialect).map_err(write_error)?;
        Ok(Some((comment, self.render(Object::Use, file, dialect)?)))
    }

    /// The same plan for the swap table.
    pub fn with_tables_exchanged(&self) -> Plan {
        Plan { names: self.names.with_tables_exchanged(), ..self.clone() }
    }

    /// Tells whether [`Plan::with_tables_exchanged`] has a step for this object that the plan itself does not have.
    pub fn is_second(&self, object: Object) -> bool {
        object.is_of_table() && (object != Object::Grant || self.grants == Grants::Minimal)
    }

    pub(super) fn render(&self, object: Object, file: Template, dialect: &Dialect) -> Result<Sql> {
        let mut names = self.names.clone();
        if object == Object::Grant && self.grants == Grants::All {
            names.database = (dialect.grant_pattern)(&names.database);
        }
        if let Some(account) = &self.account {
            names.account.clone_from(&account.user);
        }
        let bind = self.bind(dialect).flag("no_policy", self.no_password_policy);
        let bind = match self.account.as_ref().and_then(|account| account.password.as_ref()) {
            Some(password) => bind.set("password", password.expose_secret()),
            None => bind.placeholder("password", PASSWORD_PLACEHOLDER),
        };
        file.render_script(&names, dialect, &bind).map_err(write_error)
    }

    /// The parameters of the catalogue queries.
    pub(super) fn bind(&self, dialect: &Dialect) -> Bind {
        let names = &self.names;
        let bind = Bind::new()
            .set("database", names.database.as_str())
            .set("table", names.catalogue_name(&names.table, dialect))
            .set("id_column", names.id.as_str())
            .set("app_column", names.app.as_str())
            .set("timeout_column", names.max_inactive.as_str())
            .flag("schema", names.schema.is_some());
        match &self.account {
            Some(account) => bind.set("user", account.user.as_str()).set("host", account.host.as_str()),
            None => bind,
        }
    }

    fn user(&self) -> String {
        self.account.as_ref().map(|account| account.user.clone()).unwrap_or_default()
    }
}

fn write_error(error: DbError) -> StoreError {
    StoreError::db("write the script", error)
}
