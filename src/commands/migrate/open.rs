//! Opens the two stores of `migrate`. The usual hints for a store that cannot be opened are about --url; the hints here
//! name the source or the target, and how to create it.

use std::sync::Mutex;

use super::Args;
use crate::context::Context;
use crate::failure::{Failure, NO_TABLE};
use crate::operations::store_pair::open;
use crate::store::provision::{Grants, Plan, Profile, Provision};
use crate::store::{DbErrorKind, Naming, SessionStore, StoreError, Target};

/// What is missing in a store that cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MissingObject {
    Nothing,
    Table,
    Database,
}

/// Opens a store; also returns whether its table or its database is missing.
async fn open_or_missing(
    cx: &Context,
    target: &mut Target,
    naming: &Naming,
) -> (Result<SessionStore, Failure>, MissingObject) {
    let missing = Mutex::new(MissingObject::Nothing);
    let opened = cx
        .with_password_prompt(target, async |target| {
            let opened = SessionStore::open(target, naming).await;
            let lacks = match &opened {
                Err(StoreError::NoTable { .. }) => MissingObject::Table,
                Err(error) if error.kind() == Some(DbErrorKind::NoDatabase) => MissingObject::Database,
                _ => MissingObject::Nothing,
            };
            if let Ok(mut missing) = missing.lock() {
                *missing = lacks;
            }
            opened
        })
        .await;
    (opened, missing.into_inner().unwrap_or(MissingObject::Nothing))
}

/// Replaces the hints of a failure: the usual ones are about the store of --url.
fn with_hint(failure: Failure, hint: &str) -> Failure {
    Failure { hints: Vec::new(), ..failure }.hint(hint)
}

/// Opens the source.
///
/// # Errors
/// Those of the store.
pub async fn open_source(cx: &Context, source: &mut Target, naming: &Naming) -> Result<SessionStore, Failure> {
    match open_or_missing(cx, source, naming).await {
        (Err(failure), MissingObject::Table) => Err(with_hint(
            failure,
            "this is the source; use --table and --columns for other names, and an account that may read it",
        )),
        (Err(failure), MissingObject::Database) => {
            Err(with_hint(failure, "this is the source; check the database in its URL"))
        }
        (opened, _) => opened,
    }
}

impl Args {
    /// Opens the target; with --init, creates its table first.
    pub(super) async fn open_target(
        &self,
        cx: &Context,
        target: &mut Target,
        naming: &Naming,
    ) -> Result<SessionStore, Failure> {
        let (opened, missing) = open_or_missing(cx, target, naming).await;
        match (opened, missing) {
            (Err(failure), MissingObject::Nothing) if failure.code == NO_TABLE => {
                return Err(with_hint(
                    failure,
                    "this is the target; `tomcat-sessions check` with its --url reports what is wrong",
                ));
            }
            // The error of the attempt to create it is more precise.
            (Err(_), _) if self.init && !self.dry_run => {}
            (Err(failure), MissingObject::Nothing) => return Err(failure),
            (Err(failure), what) => {
                let what = if what == MissingObject::Table { "table" } else { "database and its table" };
                let run = if self.init { "a run without --dry-run" } else { "--init" };
                return Err(with_hint(failure, &format!("this is the target; {run} creates its {what}")));
            }
            (opened, _) => return opened,
        }
        let mut plan = Plan {
            names: naming.names(target, naming.table.as_deref())?,
            profile: Profile::Recommended,
            grants: Grants::Minimal,
            account: None,
            reset_password: false,
            no_password_policy: false,
            lease: false,
        };
        let mut server = cx.with_password_prompt(target, async |target| Provision::survey(target, &plan).await).await?;
        plan.lease = server.in_cluster();
        let applied = server.apply(&plan).await;
        server.close().await;
        if let Some(error) = applied.failed {
            return Err(error.into());
        }
        open(cx, target, naming).await
    }
}
