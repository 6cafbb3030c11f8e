//! `migrate` while sessions are deleted: a session that is live in the source stays in the target or returns to it; a
//! session that ended in the target does not.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tomcat_sessions::session::{Digest, EpochMillis, Session};
use tomcat_sessions::spillable_map::{SentSessions, SentState};
use tomcat_sessions::store::{FinalCheck, Naming, Refusal, SessionStore, Stop};

use crate::copies_during_writes::{APP, ended, flipped, following, interrupted, replace, sessions, table, target};
use crate::support::program::program;
use crate::support::{Kind, NOW, Scratch, flip, session};

crate::suite!(
    sessions_that_come_back_after_deletion_are_copied_again,
    sessions_missing_in_the_target_are_copied_at_the_end,
    a_target_row_that_changed_is_not_deleted,
    a_session_that_ended_in_the_target_is_not_copied_again,
);

/// Ends a run long after the test has made its changes: a login to the TDS server takes seconds.
fn until_quiet(db: &Scratch) -> [&'static str; 2] {
    ["--until-quiet", if db.kind == Kind::Mssql { "12s" } else { "3s" }]
}

async fn delete(db: &Scratch, session: &Session) {
    db.sql(&format!("DELETE FROM tomcat_sessions WHERE session_id = '{}'", session.meta.key.id)).await;
}

async fn stands(db: &Scratch, session: &Session) -> bool {
    db.open().await.get(&session.meta.key).await.unwrap().is_some_and(|there| there == *session)
}

/// A session that was being saved in both stores during two reads: its INSERT is committed at the same time as our
/// deletion.
async fn sessions_that_come_back_after_deletion_are_copied_again(db: &Scratch) {
    table(db, 20).await;
    let busy = sessions(6).remove(5);
    let copies = Naming { table: Some("copies".to_owned()), ..Naming::default() };
    let (id, at) = (&busy.meta.key.id, NOW.0 + 100_000_000_000);
    let save = format!(
        "INSERT INTO tomcat_sessions (session_id, app_name, valid_session, max_inactive, last_access) \
         VALUES ('{id}', '{APP}', '1', 1800, {at})"
    );
    let trigger = match db.kind {
        Kind::Sqlite => format!("CREATE TRIGGER saving AFTER DELETE ON copies BEGIN {save}; END"),
        Kind::Mssql => format!("CREATE TRIGGER saving ON copies AFTER DELETE AS {save}"),
        Kind::Postgres => format!(
            "CREATE OR REPLACE FUNCTION saving() RETURNS TRIGGER LANGUAGE plpgsql AS \
             $tomcat_sessions$ BEGIN {save}; RETURN NULL; END $tomcat_sessions$; \
             CREATE TRIGGER saving AFTER DELETE ON copies FOR EACH ROW EXECUTE FUNCTION saving()"
        ),
        _ => format!("CREATE TRIGGER saving AFTER DELETE ON copies FOR EACH ROW {save}"),
    };
    for args in [&["--delete-gone"][..], &["--delete-gone", "--no-verify"]] {
        let arguments = ["migrate", "--from", &db.url, "--to", &db.url, "--to-table", "copies", "--init", "--follow"];
        let mut child = program(&[&arguments[..], &until_quiet(db), args].concat()).spawn().unwrap();
        let mut looks = 0;
        while !is_copied(db, &copies).await {
            looks += 1;
            if looks > 300 {
                child.kill().unwrap();
                panic!("nothing was copied: {:?}", child.wait_with_output());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        db.sql(&trigger).await;
        delete(db, &busy).await;
        let done = ended(child).await;
        assert_eq!(done.code, Some(0), "{done:?}");
        let there = db.open_as(&copies).await.get(&busy.meta.key).await.unwrap();
        let there = there.and_then(|there| there.meta.last_access);
        assert_eq!(there, Some(EpochMillis(at)), "it is in the source alone: {done:?}");
        db.sql("DROP TABLE copies").await;
        replace(db, &busy).await;
    }
}

/// Whether the second table exists with all sessions.
async fn is_copied(db: &Scratch, copies: &Naming) -> bool {
    match SessionStore::open(&db.target(), copies).await {
        Ok(mut store) => store.count().await.unwrap() == 20,
        Err(_) => false,
    }
}

/// A session that was never sent is copied at the end, even if its last access is in the future; a session that the
/// target does not have as it was sent is reported.
async fn sessions_missing_in_the_target_are_copied_at_the_end(db: &Scratch) {
    table(db, 20).await;
    let mut late = session(APP, "1A7E", 1_800, NOW.0 + 100_000_000_000);
    replace(db, &late).await;
    let mut sent = SentSessions::default();
    for one in &sessions(20) {
        sent.note(SentState::of(&Digest::of(one), false)).unwrap();
    }
    let ended_there = sessions(20).split_off(18);
    for (used, behind, changed_in_target) in [(true, 0, 2), (false, 2, 0)] {
        let to = target(&sessions(18)).await;
        let (mut from, mut copy) = (db.open().await, to.open().await);
        let refusal: Refusal = Arc::new(|_| None);
        let check = FinalCheck {
            from: &mut from,
            to: &mut copy,
            sent: &mut sent,
            rejected: BTreeSet::new(),
            refusal: &refusal,
            chosen: &|_| true,
            target_is_used: used,
            stop: Stop::never(),
        };
        let state = check.run(&mut |_| {}).await.unwrap();
        assert_eq!(
            (state.repaired, state.behind, state.changed_in_target),
            (1, behind, changed_in_target),
            "{state:?}"
        );
        assert_eq!((state.comparison.same, state.comparison.missing), (19, 2), "{state:?}");
        assert!(stands(&to, &late).await);
        assert!(!stands(&to, &ended_there[0]).await && !stands(&to, &ended_there[1]).await);
        // The same with another state.
        flip(&mut late);
        replace(db, &late).await;
    }
}

/// The target may have a newer state of a session, or another one with the same last access: the end of the session in
/// the source does not end it there.
async fn a_target_row_that_changed_is_not_deleted(db: &Scratch) {
    let from = target(&sessions(20)).await;
    table(db, 0).await;
    let (mut newer, left) = (sessions(4).remove(3), sessions(5).remove(4));
    newer.meta.last_access = Some(EpochMillis(NOW.0 + 60_000));
    replace(db, &newer).await;
    let child = following(&from, db, 20, &[&until_quiet(db)[..], &["--delete-gone"]].concat()).await;
    let same_access = flipped(6);
    replace(db, &same_access).await;
    for session in [&newer, &left, &same_access] {
        delete(&from, session).await;
    }
    let done = ended(child).await;
    assert_eq!((done.code, &done.result["deleted"]), (Some(0), &1.into()), "{done:?}");
    assert!(stands(db, &newer).await && stands(db, &same_access).await, "{done:?}");
    assert!(!stands(db, &left).await);
}

/// Users who log out at a Tomcat on the target while the source still has their sessions.
async fn a_session_that_ended_in_the_target_is_not_copied_again(db: &Scratch) {
    let from = target(&sessions(20)).await;
    table(db, 0).await;
    let follow = until_quiet(db);
    for quiet in [true, false] {
        let child = following(&from, db, 20, if quiet { &follow } else { &[] }).await;
        let out = sessions(8).remove(7);
        delete(db, &out).await;
        let new = session(APP, "NEW", 60, NOW.0);
        replace(&from, &new).await;
        let done = if quiet { ended(child).await } else { interrupted(child).await };
        assert_eq!(done.code, Some(if quiet { 0 } else { 130 }), "{done:?}");
        assert!(stands(db, &new).await, "{done:?}");
        assert!(!stands(db, &out).await, "it came back to life: {done:?}");
        assert_eq!(done.result["verification"]["behind"], 0, "{done:?}");
        assert_eq!(done.result["verification"]["changed_in_target"], 1, "{done:?}");
        db.sql("DELETE FROM tomcat_sessions").await;
        delete(&from, &new).await;
    }
}
