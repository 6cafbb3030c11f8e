//! Provisions a session database: reads from the catalogue what exists, creates what is missing, and reads the
//! catalogue again.
//!
//! The order is the same for every engine; a step whose SQL file contains no statement is skipped. Passwords and
//! output are handled elsewhere.

mod password;
mod plan;
mod probe;
mod profile;

use secrecy::ExposeSecret;

use crate::engine::{Connection, DbError, DbErrorKind, Dialect, Names, Row, Statements, Target, Template};
use crate::store::catalog::queries;
use crate::store::catalog::queries::ServerInfo;
use crate::store::catalog::table_structure::Shape;
use crate::store::error::{Result, StoreError};
pub use password::generate as generate_password;
use plan::NEEDED;
pub use plan::{Account, Grants, Object, Outcome, Plan, Step};
pub use probe::{Probe, probe};
pub use profile::{Profile, unusable};

/// The statements and the name of the server that answers at `target`, and whether it is a member of a cluster.
///
/// # Errors
/// [`StoreError::Connect`].
pub async fn variant(target: &Target) -> Result<(&'static Statements, &'static str, bool)> {
    let target = Target { database: None, ..target.clone() };
    let connection = target.connect(false).await.map_err(|e| StoreError::connect(&target, e))?;
    let found = (connection.statements(), connection.variant(), connection.cluster().is_some());
    connection.close().await;
    Ok(found)
}

/// Existing objects, read from the catalogue.
#[derive(Debug, Default, Clone)]
struct ExistingObjects {
    database: bool,
    login: bool,
    user: bool,
    table: Option<Shape>,
    lease: bool,
    privileges: Vec<Privilege>,
}

/// A privilege of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Privilege {
    pub name: String,
    /// The object on which it was granted: `the table`.
    pub on: String,
}

/// An account that takes precedence over Tomcat's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShadowingUser {
    pub user: String,
    pub host: String,
    /// The statement that removes it, if it is an anonymous account.
    pub remedy: Option<String>,
}

/// A server with an administrator's connection, and the existing objects of a plan.
pub struct Provision {
    connection: Box<dyn Connection>,
    dialect: &'static Dialect,
    server: ServerInfo,
    /// The database, if it is a file.
    file: Option<String>,
    found: ExistingObjects,
}

/// Result of [`Provision::apply`].
#[derive(Debug, Default)]
pub struct ApplyResult {
    pub done: Vec<(Object, String, Outcome)>,
    /// Differences between the table and the profile; sessions can be stored nevertheless.
    pub differences: Vec<String>,
    /// The statement that fixes a published table.
    pub upgrade: Option<String>,
    /// Privileges that the account has in addition to the requested ones.
    pub excess_privileges: Vec<Privilege>,
    pub shadows: Vec<ShadowingUser>,
    /// The error that ended it; the steps in `done` were executed.
    pub failed: Option<StoreError>,
}

impl Provision {
    /// Connects as an administrator and reads what exists. Nothing is changed, except that the file of an embedded
    /// engine is created.
    ///
    /// # Errors
    /// [`StoreError::Connect`], [`StoreError::Name`], [`StoreError::Db`]; [`StoreError::WrongShape`] if there is a
    /// table of that name that cannot store sessions.
    pub async fn survey(target: &Target, plan: &Plan) -> Result<Provision> {
        let dialect = target.engine.dialect();
        plan.check(dialect)?;
        let mut target = target.clone();
        if dialect.has_accounts {
            // The database does not have to exist yet.
            target.database = None;
        }
        let (mut connection, created) = match target.connect(false).await {
            Err(e) if e.kind == DbErrorKind::NoDatabase && !dialect.has_accounts => (create(&target).await?, true),
            opened => (opened.map_err(|e| StoreError::connect(&target, e))?, false),
        };
        if dialect.has_accounts && !connection.statements().use_database.is_statement() {
            // On this server a connection belongs to one database.
            connection.close().await;
            target.database = Some(plan.names.database.clone());
            connection = target.connect(false).await.map_err(|e| StoreError::connect(&target, e))?;
        }
        let server = queries::server(&mut *connection, dialect).await?;
        let file = target.database.filter(|_| !dialect.has_accounts);
        let mut this = Provision { connection, dialect, server, file, found: ExistingObjects::default() };
        this.found = this.find(plan).await?;
        this.found.database &= !created;
        if let Some(shape) = &this.found.table {
            let mut faults = unusable(shape, &plan.names, dialect);
            if !faults.is_empty() {
                faults.extend(plan.profile.differences(shape, &plan.names, dialect));
                return Err(StoreError::WrongShape { table: plan.names.table.clone(), faults });
            }
        }
        Ok(this)
    }

    pub fn server(&self) -> &ServerInfo {
        &self.server
    }

    pub fn variant(&self) -> &'static str {
        self.connection.variant()
    }

    /// Tells whether the server is a member of a cluster.
    pub fn in_cluster(&self) -> bool {
        self.connection.cluster().is_some()
    }

    pub fn account_exists(&self) -> bool {
        self.found.user
    }

    /// Creates missing objects in order, and reads the catalogue again.
    pub async fn apply(&mut self, plan: &Plan) -> ApplyResult {
        let mut applied = ApplyResult::default();
        applied.failed = self.run(plan, &mut applied).await.err().map(|error| without_password(error, plan));
        applied
    }

    pub async fn close(self) {
        self.connection.close().await;
    }

    async fn run(&mut self, plan: &Plan, applied: &mut ApplyResult) -> Result<()> {
        let before = self.found.clone();
        let expiry = plan.names.of_tokens(self.dialect.expiry_index);
        if let Some(file) = &self.file {
            // Either connecting created it, or it existed.
            let outcome = if before.database { Outcome::Exists } else { Outcome::Created };
            applied.done.push((Object::Database, file.clone(), outcome));
        }
        for step in plan.steps(self.connection.statements(), self.dialect)? {
            let is_there = match step.object {
                Object::Database => before.database,
                Object::Login => before.login,
                // An existing table is not changed.
                Object::Table | Object::Storage => before.table.is_some(),
                Object::AppIndex => before.table.as_ref().is_some_and(|t| t.has_index(&[&plan.names.app])),
                Object::ExpiryIndex => match &before.table {
                    // A table with a different structure does not get the index.
                    Some(table) if expiry.iter().any(|name| table.column(name).is_none()) => continue,
                    Some(table) => table.has_index(&expiry),
                    None => false,
                },
                Object::Lease => before.lease,
                Object::User => before.user,
                // An account that was created a moment ago already has it.
                Object::Password if !before.user => continue,
                Object::Use | Object::Password | Object::Grant | Object::LeaseGrant => false,
            };
            if !is_there {
                match self.connection.execute_raw(&step.sql).await {
                    // Sessions can be stored without it; only scans are slower.
                    Err(error) if step.object == Object::Storage && error.kind == DbErrorKind::Other => {
                        applied
                            .differences
                            .push(format!("the server does not store data separately from keys: {error}"));
                        continue;
                    }
                    done => done.map_err(|e| failed(doing(&step), e))?,
                }
            }
            let outcome = match step.object {
                Object::Use => continue,
                _ if is_there => Outcome::Exists,
                Object::Password => Outcome::Changed,
                Object::Grant | Object::LeaseGrant => Outcome::Granted,
                Object::Storage => Outcome::Set,
                _ => Outcome::Created,
            };
            applied.done.push((step.object, step.name, outcome));
        }
        self.found = self.find(plan).await?;
        self.read_back(plan, &before, applied).await
    }

    /// Compares the catalogue with the plan.
    async fn read_back(&mut self, plan: &Plan, before: &ExistingObjects, applied: &mut ApplyResult) -> Result<()> {
        let missing = |what: String| StoreError::db("find the created objects in the catalog", DbError::other(what));
        if !self.found.database {
            return Err(missing(format!("there is no database `{}`", plan.names.database)));
        }
        let Some(shape) = &self.found.table else {
            return Err(missing(format!("there is no table `{}`", plan.names.table)));
        };
        let differences = plan.profile.differences(shape, &plan.names, self.dialect);
        let files = self.connection.statements();
        if !differences.is_empty()
            && plan.profile == Profile::Recommended
            && files.upgrade_table.is_statement()
            && Profile::Documented.differences(shape, &plan.names, self.dialect).is_empty()
        {
            let sql = files.upgrade_table.render_script(&plan.names, self.dialect, &plan.bind(self.dialect));
            applied.upgrade = Some(sql.map_err(|e| StoreError::db("write the script", e))?.text);
        }
        applied.differences.extend(differences);
        let Some(account) = plan.account.as_ref().filter(|_| self.dialect.has_accounts) else { return Ok(()) };
        if !self.found.user {
            return Err(missing(format!("there is no account {}", account)));
        }
        let has = |name: &str| self.found.privileges.iter().any(|privilege| privilege.name == name);
        if let Some(lacks) = NEEDED.iter().find(|name| !has(name)) {
            return Err(missing(format!("the account {} lacks {lacks}", account)));
        }
        if self.found.privileges == before.privileges {
            // The privilege had been granted before; nothing changed.
            for (_, _, outcome) in applied.done.iter_mut().filter(|(object, ..)| *object == Object::Grant) {
                *outcome = Outcome::Exists;
            }
        }
        if plan.grants == Grants::Minimal {
            let is_excess = |p: &&Privilege| p.on != "the table" || !NEEDED.contains(&p.name.as_str());
            applied.excess_privileges = self.found.privileges.iter().filter(is_excess).cloned().collect();
        }
        applied.shadows = self.shadowing_users(plan).await?;
        Ok(())
    }

    async fn find(&mut self, plan: &Plan) -> Result<ExistingObjects> {
        let files = self.connection.statements();
        let mut found =
            ExistingObjects { database: self.exists(files.database_exists, plan).await?, ..ExistingObjects::default() };
        if found.database {
            if files.use_database.is_statement() {
                let sql = plan.render(Object::Use, files.use_database, self.dialect)?;
                let used = self.connection.execute_raw(&sql).await;
                used.map_err(|e| failed(format!("use the database `{}`", plan.names.database), e))?;
            }
            found.table = queries::shape(&mut *self.connection, &plan.names, self.dialect).await?;
            if files.lease_create.is_statement() {
                let lease = Names { table: plan.names.lease.clone(), ..plan.names.clone() };
                found.lease = queries::shape(&mut *self.connection, &lease, self.dialect).await?.is_some();
            }
        }
        if plan.account.is_some() {
            found.login = self.exists(files.login_exists, plan).await?;
            found.user = self.exists(files.user_exists, plan).await?;
        }
        if found.user {
            found.privileges = self.privileges(plan).await?;
        }
        Ok(found)
    }

    async fn exists(&mut self, file: Template, plan: &Plan) -> Result<bool> {
        let mut rows = self.query(file, plan).await?;
        Ok(rows.first_mut().map(|row| row.int(0)).transpose().map_err(read_error)?.flatten().unwrap_or(0) > 0)
    }

    async fn privileges(&mut self, plan: &Plan) -> Result<Vec<Privilege>> {
        let rows = self.query(self.connection.statements().user_grants, plan).await?;
        let privilege = |mut row: Row| {
            Ok(Privilege { name: row.text(0)?.unwrap_or_default(), on: row.text(1)?.unwrap_or_default() })
        };
        rows.into_iter().map(privilege).collect::<std::result::Result<_, _>>().map_err(read_error)
    }

    async fn shadowing_users(&mut self, plan: &Plan) -> Result<Vec<ShadowingUser>> {
        let rows = self.query(self.connection.statements().shadowing_users, plan).await?;
        let shadow = |mut row: Row| {
            let (user, host) = (row.text(0)?.unwrap_or_default(), row.text(1)?.unwrap_or_default());
            Ok(ShadowingUser { user, host, remedy: row.text(2)? })
        };
        rows.into_iter().map(shadow).collect::<std::result::Result<_, _>>().map_err(read_error)
    }

    async fn query(&mut self, file: Template, plan: &Plan) -> Result<Vec<Row>> {
        if !file.is_statement() {
            return Ok(Vec::new());
        }
        let sql = file.render(&plan.names, self.dialect, &plan.bind(self.dialect)).map_err(read_error)?;
        self.connection.query(&sql).await.map_err(read_error)
    }
}

/// Creates the file of an embedded engine.
async fn create(target: &Target) -> Result<Box<dyn Connection>> {
    target.connect(true).await.map_err(|mut error| {
        if error.kind == DbErrorKind::NoDatabase {
            error.kind = DbErrorKind::ReadOnly;
        }
        StoreError::db(format!("create the file of {}", target), error)
    })
}

fn read_error(error: DbError) -> StoreError {
    failed("read the server's catalog", error)
}

fn failed(doing: impl Into<String>, error: DbError) -> StoreError {
    match error.kind {
        DbErrorKind::Denied => StoreError::NotAdministrator { doing: doing.into(), error },
        _ => StoreError::db(doing, error),
    }
}

fn doing(step: &Step) -> String {
    match step.object {
        Object::Use => format!("use the database `{}`", step.name),
        Object::Password => format!("change the password of the account `{}`", step.name),
        Object::Grant | Object::LeaseGrant => format!("grant {}", step.name),
        Object::Storage => format!("set how the table `{}` stores long data", step.name),
        object => format!("create the {} `{}`", object.as_str(), step.name),
    }
}

/// Removes the password: a server may quote the statement in its error message.
fn without_password(error: StoreError, plan: &Plan) -> StoreError {
    let password = plan.account.as_ref().and_then(|account| account.password.as_ref()).map(ExposeSecret::expose_secret);
    match (error, password) {
        (StoreError::Db { doing, mut error }, Some(password)) if !password.is_empty() => {
            error.message = error.message.replace(password, "…");
            StoreError::Db { doing, error }
        }
        (error, _) => error,
    }
}
