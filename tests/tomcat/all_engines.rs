//! Sessions that are moved through every engine, an archive and a FileStore, and back to a Tomcat.

use std::collections::BTreeSet;
use std::fs;

use tomcat_sessions::session::{OnConflict, Session};

use crate::account::{Account, program, run_successfully};
use crate::support::{Kind, Scratch, sample};
use crate::tomcat::{self, Tomcat};

/// Runs the program on a store.
fn run(url: &str, args: &[&str]) {
    run_successfully(program(url).args(args));
}

async fn all(db: &Scratch, keys: &[Session]) -> Vec<Session> {
    let mut store = db.open().await;
    let mut found = Vec::new();
    for session in keys {
        found.extend(store.get(&session.meta.key).await.unwrap());
    }
    store.close().await;
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn from_mysql_through_all_others_back_to_a_tomcat() {
    let Some(home) = tomcat::home("tomcat10") else { return };
    let (Some(first), Some(last)) = (Scratch::reserve(Kind::Mysql), Scratch::reserve(Kind::Mysql)) else { return };

    // Sessions of a running Tomcat, which are live, and those of the sample, which are expired.
    let before = Account::provision(&first);
    let tomcat = Tomcat::start(&home, &before);
    let users = [tomcat.get("/create?user=alice&bytes=70000", None), tomcat.get("/create?user=bob", None)];
    tomcat.stop();
    let mut store = first.open().await;
    store.insert(&sample(), OnConflict::Fail).await.unwrap();
    let mut sessions = sample();
    for user in &users {
        let key = tomcat_sessions::session::SessionKey::new(Some(crate::APP.to_owned()), user.id());
        sessions.push(store.get(&key).await.unwrap().unwrap());
    }
    store.close().await;

    let mut stores = vec![first];
    for kind in [Kind::Mssql, Kind::Mariadb, Kind::Sqlite] {
        // Missing servers have been reported; the others are tested without them.
        let Some(next) = Scratch::reserve(kind) else { continue };
        run(&stores.last().unwrap().url, &["migrate", "--init", "--to", &next.url]);
        stores.push(next);
    }
    let dir = tempfile::tempdir().unwrap();
    let archive = dir.path().join("sessions.ndjson.zst");
    run(&stores.last().unwrap().url, &["export", archive.to_str().unwrap()]);

    // A FileStore has one application: the archive is split into one FileStore per application.
    let apart = Scratch::reserve(Kind::Sqlite).unwrap();
    run(&apart.url, &["init-db", "--apply"]);
    run(&apart.url, &["import", archive.to_str().unwrap()]);
    let after = Account::provision(&last);
    let apps: BTreeSet<String> = sessions.iter().filter_map(|session| session.meta.key.app.clone()).collect();
    assert_eq!(apps.len(), 5, "{apps:?}");
    for (i, app) in apps.iter().enumerate() {
        let files = format!("filestore:{}", dir.path().join(i.to_string()).display());
        run(&apart.url, &["export", "--app", app, &files]);
        run(&last.url, &["import", &files, "--app", app]);
    }
    assert_eq!(fs::read_dir(dir.path().join("0")).unwrap().count(), 4);

    let arrived = all(&last, &sessions).await;
    assert_eq!(arrived.len(), 28);
    for (arrived, sent) in arrived.iter().zip(&sessions) {
        assert!(arrived == sent, "{:?} arrived as {:?}", sent.meta, arrived.meta);
    }
    let tomcat = Tomcat::start(&home, &after);
    for user in &users {
        let answer = tomcat.get("/read", Some(user.id()));
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.attributes(), crate::restored(user));
    }
    tomcat.stop();

    before.drop(&stores[0]).await;
    after.drop(&last).await;
    for store in stores.into_iter().chain([last, apart]) {
        store.drop().await;
    }
}
