//! Findings of `check` on PostgreSQL about other things than the table: server settings, connection limits, old
//! transaction ids.

use sqlx::{Connection, Executor};
use tomcat_sessions::finding::{Finding, Remedy, Severity};
use tomcat_sessions::store::check::evaluate;
use tomcat_sessions::store::{Naming, SessionStore, parse_url};

use crate::support::private_postgres::PrivatePostgres;
use crate::support::program::run;
use crate::support::{Kind, NOW, Scratch};

async fn findings(url: &str) -> Vec<Finding> {
    let mut store = SessionStore::inspect(&parse_url(url).unwrap(), &Naming::default()).await.unwrap();
    let facts = store.facts(|| NOW).await.unwrap();
    store.close().await;
    evaluate(&facts)
}

/// The finding of a rule, and the statements that fix it.
async fn remedy(url: &str, rule: &str) -> (Finding, String) {
    let found = findings(url).await;
    let finding = found.iter().find(|finding| finding.rule == rule);
    let finding = finding.unwrap_or_else(|| panic!("{rule} is not found: {found:#?}")).clone();
    let Remedy::Sql(sql) = finding.remedy.clone() else { panic!("{finding:?}") };
    (finding, sql)
}

async fn has(url: &str, rule: &str) -> bool {
    findings(url).await.iter().any(|finding| finding.rule == rule)
}

#[tokio::test]
async fn an_account_with_few_connections() {
    let Some(db) = Scratch::new(Kind::Postgres).await else { return };
    db.create_table("recommended").await;
    let user = &db.database;
    db.sql(&format!("CREATE USER `{user}`@`%` IDENTIFIED BY 'pw-Geheim1'; ALTER ROLE `{user}` CONNECTION LIMIT 19"))
        .await;
    db.sql(&format!("GRANT SELECT, INSERT, DELETE ON `{user}`.tomcat_sessions TO `{user}`@`%`")).await;
    let url = db.url_as(user, "pw-Geheim1", "ssl-mode=disabled");
    let (finding, sql) = remedy(&url, "account.connections").await;
    assert_eq!((finding.severity, finding.object.as_str()), (Severity::Warning, user.as_str()));
    assert!(finding.message.contains("at most 19 connections"), "{finding:?}");
    // An account without limits is an administrator.
    assert!(!has(&db.url, "account.connections").await);
    db.sql(&sql).await;
    assert!(!has(&url, "account.connections").await);
    db.sql(&format!("DROP USER `{user}`@`%`")).await;
    db.drop().await;
}

#[tokio::test]
async fn settings_of_the_server() {
    let settings = ["autovacuum=off", "track_counts=off", "max_connections=30", "superuser_reserved_connections=3"];
    let Some(mut server) = PrivatePostgres::with(&[]) else { return };
    let url = server.url("s");
    let made = run(&["--url", &url, "init-db", "--no-user", "--apply"]).await;
    assert_eq!(made.code, Some(0), "{made:?}");
    for rule in ["vacuum.off", "server.connections", "vacuum.transaction-ids"] {
        assert!(!has(&url, rule).await, "{rule}");
    }

    // Neither is a property of the table.
    for setting in &settings {
        let (name, value) = setting.split_once('=').unwrap();
        server.sql("s", &format!("ALTER SYSTEM SET {name} = {value}")).await;
    }
    server.stop();
    server.start();
    let off: Vec<Finding> = findings(&url).await.into_iter().filter(|finding| finding.rule == "vacuum.off").collect();
    let objects: Vec<&str> = off.iter().map(|finding| finding.object.as_str()).collect();
    assert_eq!(objects, ["autovacuum", "track_counts"], "{off:#?}");
    for finding in &off {
        let Remedy::Sql(sql) = &finding.remedy else { panic!("{finding:?}") };
        server.sql("s", sql).await;
    }
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(!has(&url, "vacuum.off").await);

    // 27 connections are available for ordinary accounts; the check itself uses one.
    let mut others = Vec::new();
    while others.len() < 25 {
        others.push(server.client("s").await);
    }
    let (full, sql) = remedy(&url, "server.connections").await;
    assert!(full.severity == Severity::Warning && full.message.contains("of the server's 27 connections"), "{full:?}");
    for other in others.drain(5..) {
        other.close().await.unwrap();
    }
    server.sql("s", &sql).await;
    assert!(!has(&url, "server.connections").await);
    drop(others);

    // 130,000 transaction ids, none of which may be frozen while a transaction is open.
    server.sql("s", "ALTER TABLE tomcat_sessions SET (autovacuum_freeze_max_age = 100000)").await;
    let mut old = server.client("s").await;
    old.execute("BEGIN ISOLATION LEVEL REPEATABLE READ").await.unwrap();
    old.execute("SELECT COUNT(*) FROM tomcat_sessions").await.unwrap();
    let ids = "DO $tomcat_sessions$ BEGIN FOR i IN 1..130000 LOOP PERFORM PG_CURRENT_XACT_ID(); COMMIT; END LOOP; \
               END $tomcat_sessions$";
    server.sql("s", ids).await;
    let (found, sql) = remedy(&url, "vacuum.transaction-ids").await;
    assert_eq!((found.severity, found.object.as_str()), (Severity::Warning, "tomcat_sessions"), "{found:?}");
    old.execute("COMMIT").await.unwrap();
    old.close().await.unwrap();
    server.sql("s", &sql).await;
    assert!(!has(&url, "vacuum.transaction-ids").await);
}
