//! Tests the database that `init-db` created, with Tomcat's account.

use std::time::{Duration, Instant};

use super::report::{ApplyReport, ProbeResult};
use crate::context::Context;
use crate::failure::{Failure, UNREACHABLE};
use crate::store::provision::{self, Account, Plan};
use crate::store::{DbErrorKind, Naming, StoreError, Target};

/// Time limit for an account to be replicated to all members of a cluster.
const REPLICATION_TIMEOUT: Duration = Duration::from_secs(10);

/// Tests the table with Tomcat's account or, if its password is not known, with that of the administrator.
pub(super) async fn probe(
    cx: &Context,
    plan: &Plan,
    target: &Target,
    in_cluster: bool,
    report: &mut ApplyReport,
) -> Result<(), Failure> {
    let mut target = target.clone();
    if target.engine.dialect().has_accounts {
        target.database = Some(plan.names.database.clone());
    }
    match &plan.account {
        Some(Account { user, password: Some(password), .. }) => {
            target.user = Some(user.clone());
            target.password = Some(password.clone());
        }
        Some(account) => cx.ui.note(format!(
            "The password of {} is unknown, so the table was tested with the administrator's account. Use --user-password-file to test the login too.",
            account
        )),
        None => {}
    }
    let naming = Naming {
        table: Some(plan.names.table_text(target.engine.dialect())),
        columns: cx.options.naming.columns.clone(),
        ..Naming::default()
    };
    let as_account = plan.account.as_ref().is_some_and(|account| account.password.is_some());
    let begun = Instant::now();
    let probed = loop {
        match provision::probe(&target, &naming, cx.now).await {
            // Behind a proxy, another member may answer, to which the account has not been replicated yet.
            Err(error) if in_cluster && is_absent(&error) && begun.elapsed() < REPLICATION_TIMEOUT => {
                tokio::time::sleep(Duration::from_millis(250)).await;
            }
            probed => break probed,
        }
    };
    match probed {
        Ok(probe) => {
            report.probe = Some(ProbeResult::new(target.user, probe));
            Ok(())
        }
        Err(error) if error.kind() == Some(DbErrorKind::Auth) && as_account => {
            let failure = Failure::new(UNREACHABLE, error.to_string());
            Err(if report.set_password() {
                failure.hint("check that the account may connect from this machine (--user-host)")
            } else {
                failure.hint("the account already exists with another password; --reset-password sets this one")
            })
        }
        Err(error) => Err(error.into()),
    }
}

/// Tells whether the error may mean that the account or the table has not been replicated yet.
fn is_absent(error: &StoreError) -> bool {
    matches!(error, StoreError::NoTable { .. })
        || matches!(error.kind(), Some(DbErrorKind::Auth | DbErrorKind::NoDatabase | DbErrorKind::Denied))
}
