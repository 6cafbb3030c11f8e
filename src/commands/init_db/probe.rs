//! Tries what `init-db` made, with the account that is to use it.

use std::time::{Duration, Instant};

use super::report::{ApplyReport, ProbeResult};
use crate::context::Context;
use crate::failure::{Failure, UNREACHABLE};
use crate::store::provision::{self, Account, Plan};
use crate::store::{DbErrorKind, Naming, StoreError, Target};

/// How long an account may take to arrive at every member of a cluster.
const ARRIVAL: Duration = Duration::from_secs(10);

/// Shows that the account, or where its password is not known the administrator, can work with
/// the table.
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
            // Through a proxy, another member may answer, which has not made it yet.
            Err(error) if in_cluster && is_absent(&error) && begun.elapsed() < ARRIVAL => {
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

/// Tells whether an account or a table that was made may not be there yet.
fn is_absent(error: &StoreError) -> bool {
    matches!(error, StoreError::NoTable { .. })
        || matches!(error.kind(), Some(DbErrorKind::Auth | DbErrorKind::NoDatabase | DbErrorKind::Denied))
}
