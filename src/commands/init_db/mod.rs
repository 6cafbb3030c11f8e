//! `init-db`: prints the script that creates a session database, or creates and tests the database.

mod probe;
mod report;
mod script;

use std::path::PathBuf;

use clap::ValueEnum;
use clap::builder::PossibleValuesParser;
use secrecy::{ExposeSecret, SecretString};

use self::probe::probe;
use self::report::{ApplyReport, Script};
use self::script::text;
use crate::context::{Context, variable};
use crate::failure::{DONE, Failure, NO_TABLE};
use crate::store::provision::{self, Account, ApplyResult, Grants, Object, Plan, Profile, Provision, Step};
use crate::store::{Dialect, ENGINES, Engine, Failover, Statements, Stop, StoreError, Target, script_head};
use crate::ui::Format;

/// The comment on the statement that creates the swap table.
const SWAP_TABLE: &str =
    "Creates the swap table, to which swap-out moves idle sessions. It has the columns of the session table.";

/// Print the script that creates a session database, or run it with --apply
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Without --apply nothing is changed: the script is printed to stdout, with the reason for each \
statement, and can be run repeatedly. It is written for the server in --url; with --engine no \
server is needed. The script contains the password that was given or generated; otherwise it \
contains the placeholder <password>, which every server refuses.

With --apply, --url must name an administrator; the database does not have to exist. Existing \
objects are not changed. The one exception is a password, with --reset-password. At the end the \
new account logs in and writes, reads and deletes one session, in a transaction that is rolled \
back.

The password of Tomcat's account comes from --user-password-file, TOMCAT_SESSIONS_USER_PASSWORD, \
--generate-password or the terminal, in this order. For SQLite, only the file and the table are \
created.

Exit status:
  0   done, even if everything already existed
  1   failed; the report lists what was done
  2   usage error, or an invalid name
  10  cannot reach the database or log in to it, as administrator or as the new account
  11  a table of that name exists, but Tomcat cannot use it; nothing was changed

Examples:
  tomcat-sessions init-db --engine mysql | less
  tomcat-sessions init-db --url mysql://root@db.example/tomcat --generate-password --apply")]
pub struct Args {
    /// Print the script for this kind of server, without a connection
    #[arg(long, value_parser = PossibleValuesParser::new(variants().map(|(name, ..)| name)), conflicts_with = "apply")]
    engine: Option<String>,
    /// Create missing objects, and test them
    #[arg(long)]
    apply: bool,
    /// Table profile: the recommended table, or the documented one from Tomcat guides
    #[arg(long, value_enum, default_value_t)]
    profile: ProfileName,
    /// Privileges of the account: minimal for Tomcat, or all on the database [default: minimal; all
    /// with --profile documented]
    #[arg(long, value_enum)]
    grants: Option<GrantsName>,
    /// Database name [default: the one in --url, otherwise tomcat]
    #[arg(long, value_name = "NAME")]
    database: Option<String>,
    /// Also create the swap table
    #[arg(long)]
    with_swap_table: bool,
    /// Also create the lease table, a lock that all members of a cluster see [default: if --url is a
    /// member of a Galera cluster or a MySQL group]
    #[arg(long)]
    with_lease: bool,
    /// Name of Tomcat's account [default: tomcat]
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// Create no account
    #[arg(long, conflicts_with_all = ["user", "user_host", "user_password_file", "generate_password", "reset_password", "no_password_policy", "grants"])]
    no_user: bool,
    /// Host from which the account may connect [default: %, any host]
    #[arg(long, value_name = "HOST")]
    user_host: Option<String>,
    /// File with the account's password in its first line; takes precedence over TOMCAT_SESSIONS_USER_PASSWORD
    #[arg(long, value_name = "FILE")]
    user_password_file: Option<PathBuf>,
    /// Generate a strong password, and print it once, with the result
    #[arg(long, conflicts_with = "user_password_file")]
    generate_password: bool,
    /// Do not apply the server's password policy to this account (SQL Server)
    #[arg(long)]
    no_password_policy: bool,
    /// Also change the password of an existing account
    #[arg(long)]
    reset_password: bool,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum ProfileName {
    #[default]
    Recommended,
    Documented,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum GrantsName {
    Minimal,
    All,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    let chosen = args.engine.as_deref();
    if let Some((name, engine, files)) = variants().find(|(name, ..)| chosen == Some(*name)) {
        let target = Target {
            engine,
            host: String::new(),
            port: 0,
            user: None,
            password: None,
            database: None,
            params: Default::default(),
            stop: Stop::never(),
            failover: Failover::default(),
            accepts_any_certificate: false,
            notes: Vec::new(),
        };
        let plan = args.plan(cx, &target)?;
        return print(&args, cx, plan, engine.dialect(), files, name);
    }
    let mut target = cx.target().map_err(|failure| failure.hint("--engine prints a script without any server"))?;
    let plan = args.plan(cx, &target)?;
    let dialect = target.engine.dialect();
    plan.check(dialect)?;
    if args.apply {
        return apply(&args, cx, plan, target).await;
    }
    if !dialect.has_accounts {
        return print(&args, cx, plan, dialect, target.engine.statements(), target.engine.name());
    }
    let (files, variant, in_cluster) =
        cx.with_password_prompt(&mut target, async |target| provision::variant(target).await).await?;
    let plan = Plan { lease: plan.lease || in_cluster, ..plan };
    print(&args, cx, plan, dialect, files, variant)
}

/// All kinds of servers for which a script can be printed.
fn variants() -> impl Iterator<Item = (&'static str, &'static dyn Engine, &'static Statements)> {
    ENGINES.iter().flat_map(|engine| {
        let more = engine.variants().iter().map(|(name, files)| (*name, *engine, *files));
        std::iter::once((engine.name(), *engine, engine.statements())).chain(more)
    })
}

fn print(
    args: &Args,
    cx: &Context,
    mut plan: Plan,
    dialect: &'static Dialect,
    files: &Statements,
    engine: &'static str,
) -> Result<u8, Failure> {
    plan.check(dialect)?;
    let generated = args.give_password(&mut plan, true)?;
    let mut steps = plan.steps(files, dialect)?;
    if args.with_swap_table {
        let second = plan.with_tables_exchanged();
        second.check(dialect)?;
        let of_second = second.steps(files, dialect)?.into_iter().filter(|step| plan.is_second(step.object));
        steps.extend(of_second.map(|step| match step.object {
            Object::Table => Step { comment: vec![SWAP_TABLE.to_owned()], ..step },
            _ => step,
        }));
    }
    let guard = plan.guard(files, dialect)?;
    let script = Script::new(&plan, engine, &steps);
    match cx.ui.format() {
        Format::Table => {
            cx.ui.text(text(&steps, &script_head(files, dialect, &plan.names)?, guard, dialect).as_bytes())?
        }
        _ => cx.ui.report(&script)?,
    }
    if generated {
        cx.ui.note("The script contains the generated password: protect it like the password.");
    } else if plan.account.as_ref().is_some_and(|account| account.password.is_none()) {
        cx.ui.note("Replace <password> in the script, or use --generate-password or --user-password-file.");
    }
    Ok(DONE)
}

async fn apply(args: &Args, cx: &Context, mut plan: Plan, mut target: Target) -> Result<u8, Failure> {
    let survey = async |target: &Target| Provision::survey(target, &plan).await;
    let mut server = cx.with_password_prompt(&mut target, survey).await.map_err(with_table_hint)?;
    plan.lease |= server.in_cluster();
    let needs_password = !server.account_exists() || args.reset_password;
    let generated = args.give_password(&mut plan, needs_password)?;
    if needs_password && let Some(account) = plan.account.as_mut().filter(|account| account.password.is_none()) {
        let asked = cx.ui.ask_password(&account.to_string())?.filter(|password| !password.is_empty());
        let Some(password) = asked else {
            return Err(Failure::usage(format!("no password was given for the account {}", account))
                .hint("use --generate-password, --user-password-file or TOMCAT_SESSIONS_USER_PASSWORD")
                .hint("--no-user creates no account"));
        };
        account.password = Some(SecretString::from(password));
        plan.check(target.engine.dialect())?;
    }
    let mut applied = server.apply(&plan).await;
    if args.with_swap_table && applied.failed.is_none() {
        applied.failed = swap_table(&plan, &target, &mut applied).await.err();
    }
    let mut report = ApplyReport::new(&plan, &server, &applied, &target);
    if generated && report.set_password() {
        report.password = plan.account.as_ref().and_then(|a| a.password.clone()).map(|p| p.expose_secret().to_owned());
    }
    let in_cluster = server.in_cluster();
    server.close().await;
    let failed = match applied.failed.take() {
        Some(error) => Some(with_table_hint(error.into())),
        None => probe(cx, &plan, &target, in_cluster, &mut report).await.err(),
    };
    cx.ui.report(&report)?;
    warn(cx, &report, target.engine.dialect());
    match failed {
        Some(failure) => Err(report.shadowed_by.iter().fold(failure, |failure, shadow| failure.hint(shadow.hint()))),
        None => Ok(DONE),
    }
}

/// Creates the swap table, and adds the steps to `applied`.
async fn swap_table(plan: &Plan, target: &Target, applied: &mut ApplyResult) -> Result<(), StoreError> {
    let second = plan.with_tables_exchanged();
    let mut server = Provision::survey(target, &second).await?;
    let made = server.apply(&second).await;
    server.close().await;
    applied.done.extend(made.done.into_iter().filter(|(object, ..)| plan.is_second(*object)));
    let table = &second.names.table;
    applied.differences.extend(made.differences.into_iter().map(|what| format!("of `{table}`: {what}")));
    made.failed.map_or(Ok(()), Err)
}

/// Adds a hint if the existing table cannot store sessions.
fn with_table_hint(failure: Failure) -> Failure {
    match failure.code {
        NO_TABLE => failure.hint("nothing was changed; --table creates a table with another name"),
        _ => failure,
    }
}

/// Warns about problems that do not prevent Tomcat from using the table.
fn warn(cx: &Context, report: &ApplyReport, dialect: &Dialect) {
    if !report.differences.is_empty() {
        let (profile, differences) = (report.profile, report.differences.join("; "));
        cx.ui.warn(if report.table_exists() {
            format!(
                "The table already exists and was not changed. Tomcat can use it, but it differs from the {profile} one: {differences}."
            )
        } else {
            format!("Tomcat can use the table, but this server created it differently from the {profile} one: {differences}.")
        });
    }
    if let Some(upgrade) = &report.upgrade_sql {
        cx.ui.note(format!(
            "This statement changes it to the recommended one. It copies the table, so stop Tomcat first:\n{upgrade};"
        ));
    }
    if !report.excess_privileges.is_empty() {
        cx.ui.warn(format!(
            "{} has more privileges than Tomcat needs, from earlier grants: {}.",
            report.account(),
            report.excess_privileges.join("; ")
        ));
    }
    for shadow in &report.shadowed_by {
        cx.ui.warn(shadow.warning(report.account()));
    }
    let Some(probe) = &report.probe else { return };
    if probe.lower_case_id_matches {
        cx.ui.warn("The table finds a session also by its id in lower case. Since 9.0.122, 10.1.60 and 11.0.26, Tomcat then deletes the session if a cookie contains such an id. The recommended profile compares ids as bytes.");
    } else if probe.trailing_space_matches && !dialect.ignores_trailing_spaces {
        cx.ui.warn(
            "The table finds a session also by its id with a trailing space. The recommended profile compares ids as bytes.",
        );
    }
}

impl Args {
    fn plan(&self, cx: &Context, target: &Target) -> Result<Plan, Failure> {
        let has_accounts = target.engine.dialect().has_accounts;
        if !has_accounts {
            let given = [
                ("--database", self.database.is_some()),
                ("--user", self.user.is_some()),
                ("--user-host", self.user_host.is_some()),
                ("--user-password-file", self.user_password_file.is_some()),
                ("--generate-password", self.generate_password),
                ("--reset-password", self.reset_password),
                ("--no-password-policy", self.no_password_policy),
                ("--grants", self.grants.is_some()),
            ];
            if let Some((option, _)) = given.iter().find(|(_, given)| *given) {
                let engine = target.engine.name();
                return Err(Failure::usage(format!(
                    "{engine} has no accounts, and one database per file: {option} has no effect"
                ))
                .hint("for SQLite, init-db creates only the file and the table"));
            }
        }
        let dialect = target.engine.dialect();
        if self.user_host.is_some() && !dialect.has_hosts {
            return Err(Failure::usage(format!("accounts of {} do not depend on the host", target.engine.name()))
                .hint("remove --user-host"));
        }
        if self.no_password_policy && !dialect.policy_is_optional {
            return Err(Failure::usage(format!("{} always applies its password policy", target.engine.name()))
                .hint("remove --no-password-policy; --generate-password satisfies usual policies"));
        }
        let naming = &cx.options.naming;
        let mut names = naming.names(target, naming.table.as_deref())?;
        if let Some(database) = &self.database {
            let of_table = naming.target(&Target { database: None, ..target.clone() })?.database;
            if of_table.is_some_and(|named| named != *database) {
                return Err(Failure::usage("--database and --table name different databases").hint("remove --database"));
            }
            names.database.clone_from(database);
        }
        let profile = match self.profile {
            ProfileName::Recommended => Profile::Recommended,
            ProfileName::Documented => Profile::Documented,
        };
        let grants = match (self.grants, self.profile) {
            (Some(GrantsName::Minimal), _) | (None, ProfileName::Recommended) => Grants::Minimal,
            (Some(GrantsName::All), _) | (None, ProfileName::Documented) => Grants::All,
        };
        let account = (has_accounts && !self.no_user).then(|| Account {
            user: self.user.clone().unwrap_or_else(|| "tomcat".to_owned()),
            // Servers store hosts in lower case.
            host: match &self.user_host {
                _ if !dialect.has_hosts => String::new(),
                Some(host) => host.to_lowercase(),
                None => "%".to_owned(),
            },
            password: None,
        });
        let mut plan = Plan {
            names,
            profile,
            grants,
            account,
            reset_password: self.reset_password,
            no_password_policy: self.no_password_policy,
            lease: self.with_lease,
        };
        if let Some(account) = &mut plan.account {
            account.password = self.given_password(cx)?;
        }
        Ok(plan)
    }

    fn given_password(&self, cx: &Context) -> Result<Option<SecretString>, Failure> {
        if self.generate_password {
            return Ok(None);
        }
        if let Some(file) = &self.user_password_file {
            return cx.password_in(file).map(Some);
        }
        Ok(variable("TOMCAT_SESSIONS_USER_PASSWORD").filter(|p| !p.is_empty()).map(SecretString::from))
    }

    /// Generates a password if --generate-password is given and a password is `needed`; returns whether it did.
    fn give_password(&self, plan: &mut Plan, needed: bool) -> Result<bool, Failure> {
        match &mut plan.account {
            Some(account) if self.generate_password && needed => {
                account.password = Some(provision::generate_password()?);
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}
