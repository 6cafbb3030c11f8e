//! A connection that is cut in the middle of a purge: the summary is correct, nothing is lost, and the next run
//! completes the purge.

use std::time::Duration;

use tomcat_sessions::session::OnConflict;
use tomcat_sessions::store::{DbErrorKind, Ended, Naming, SessionStore, parse_url};

use crate::purge_runs::{Expire, count, expired};
use crate::support::faulty_proxy::Proxy;
use crate::support::{NOW, Scratch, session};

crate::suite!(servers: connection_lost_during_a_run, connection_lost_before_the_first_answer);

async fn connection_lost_during_a_run(db: &Scratch) {
    db.create_table("recommended").await;
    let mut direct = db.open().await;
    let proxy = Proxy::to(db.address()).await;
    let port = db.target().port;
    let target = parse_url(&db.url.replacen(&format!(":{port}/"), &format!(":{}/", proxy.port), 1)).unwrap();
    let mut broken = 0;
    for bytes in [300, 2_000, 2_700, 5_000, 9_999, 20_000] {
        direct.insert(&expired(400), OnConflict::Fail).await.unwrap();
        direct.insert(&[session("/Catalina/localhost/demo", "live", 1800, NOW.0)], OnConflict::Fail).await.unwrap();
        proxy.cut_after(i64::MAX);
        let mut store = SessionStore::open(&target, &Naming::default()).await.unwrap();
        let mut first = true;
        let summary = Expire::new()
            .batch(10)
            .watched(&mut store, &mut |_| {
                if std::mem::take(&mut first) {
                    proxy.cut_after(bytes);
                }
            })
            .await;
        if let Ended::Failed(error) = &summary.ended {
            assert_eq!(error.kind(), Some(DbErrorKind::Unreachable), "{error}");
            broken += 1;
        } else {
            assert!(matches!(summary.ended, Ended::Done), "{:?}", summary.ended);
        }
        let known = summary.total.sessions;
        // A statement that was sent before the cut may still be running.
        tokio::time::sleep(Duration::from_millis(200)).await;
        let gone = 401 - count(&mut direct).await;
        assert!(known >= 10 && (known..=known + summary.unconfirmed).contains(&gone), "{gone} are gone: {summary:?}");
        let rest = Expire { limits: Expire::new().limits, ..Expire::new() };
        direct.lock(Duration::from_secs(5)).await.unwrap();
        direct.unlock().await.unwrap();
        assert_eq!(rest.run(&mut direct).await.total.sessions, 400 - gone);
        assert_eq!(count(&mut direct).await, 1);
        db.sql("DELETE FROM tomcat_sessions").await;
    }
    assert!(broken >= 4, "only {broken} of 6 runs were cut");
}

async fn connection_lost_before_the_first_answer(db: &Scratch) {
    let proxy = Proxy::to(db.address()).await;
    let port = db.target().port;
    let target = parse_url(&db.url.replacen(&format!(":{port}/"), &format!(":{}/", proxy.port), 1)).unwrap();
    for bytes in [0, 10, 100, 1_000] {
        proxy.cut_after(bytes);
        let error = SessionStore::open(&target, &Naming::default()).await.err().unwrap();
        assert_eq!(error.kind(), Some(DbErrorKind::Unreachable), "after {bytes} bytes: {error}");
    }
}
