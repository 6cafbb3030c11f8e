//! `check`.

use tomcat_sessions::session::OnConflict;

use crate::command;
use crate::run::Run;
use crate::support::{Kind, Scratch, sample};

/// The table of a profile with one session.
async fn table(profile: &str) -> Scratch {
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    db.create_table(profile).await;
    db.open().await.insert(&sample()[..1], OnConflict::Fail).await.unwrap();
    db
}

async fn check(db: &Scratch, args: &str) -> Run {
    let version = db.open().await.server().version.clone();
    let run = command().args("check --url").arg(&db.url).args(args);
    run.hide(db.path().display(), "sessions.db").hide(version, "VERSION")
}

#[tokio::test]
async fn a_correct_store_reports_what_was_checked() {
    let db = table("recommended").await;
    insta::assert_snapshot!(check(&db, "--strict").await.run(), @"
    exit 0
    --- stdout
    Checked `tomcat_sessions` of sqlite:sessions.db, sqlite VERSION, 1 session, the largest 1.7 KiB, against 55 rules.
    Usable: no findings.
    ");
}

#[tokio::test]
async fn the_published_table_is_usable_with_warnings() {
    let db = table("documented").await;
    insta::assert_snapshot!(check(&db, "").await.run(), @"
    exit 0
    --- stdout
    warning: the key is only `session_id`: two applications cannot have the same id [schema.key-without-app]
      do: SQLite cannot change a primary key: create a new table with `tomcat-sessions init-db --table NAME`, and copy the rows into it.
    note: the column `app_name` may be NULL, and Tomcat never finds such rows [schema.nullable]
      do: SQLite cannot change a column: create a new table with `tomcat-sessions init-db --table NAME`, and copy the rows into it.
    note: no index on the expiry time: each Tomcat reads all rows of each of its applications once per minute, and `expire` the whole table [index.expiry]
      do: SQLite needs several statements: create a new table with `tomcat-sessions init-db --table NAME`, and copy the rows into it.

    Checked `tomcat_sessions` of sqlite:sessions.db, sqlite VERSION, 1 session, the largest 1.7 KiB, against 55 rules.
    Usable: 1 warning, 2 notes.
    Explanation: `tomcat-sessions check --explain schema.key-without-app`
    ");
    check(&db, "--strict").await.run().code(4);
    insta::assert_snapshot!(check(&db, "--strict --format csv").await.run(), @r#"
    exit 4
    --- stdout
    rule,severity,object,message,remedy_kind,remedy_text
    schema.key-without-app,warning,tomcat_sessions,the key is only `session_id`: two applications cannot have the same id,action,"SQLite cannot change a primary key: create a new table with `tomcat-sessions init-db --table NAME`, and copy the rows into it."
    schema.nullable,note,app_name,"the column `app_name` may be NULL, and Tomcat never finds such rows",action,"SQLite cannot change a column: create a new table with `tomcat-sessions init-db --table NAME`, and copy the rows into it."
    index.expiry,note,tomcat_sessions,"no index on the expiry time: each Tomcat reads all rows of each of its applications once per minute, and `expire` the whole table",action,"SQLite needs several statements: create a new table with `tomcat-sessions init-db --table NAME`, and copy the rows into it."
    "#);
}

#[tokio::test]
async fn a_skipped_scan_is_reported() {
    let db = table("recommended").await;
    db.sql("UPDATE tomcat_sessions SET session_data = NULL").await;
    insta::assert_snapshot!(check(&db, "--no-scan --strict").await.run(), @"
    exit 0
    --- stdout
    note: not checked: the rows (--no-scan)

    Checked `tomcat_sessions` of sqlite:sessions.db, sqlite VERSION, against 55 rules.
    Usable: no findings.
    ");
    insta::assert_snapshot!(check(&db, "--strict").await.run(), @"
    exit 4
    --- stdout
    warning: 1 session without data: Tomcat cannot load such rows [rows.no-data]
      paste: DELETE FROM `tomcat_sessions` WHERE `session_data` IS NULL;

    Checked `tomcat_sessions` of sqlite:sessions.db, sqlite VERSION, 1 session, the largest 0 B, against 55 rules.
    Usable, but at least 1 session cannot be loaded by Tomcat: 1 warning.
    List of these sessions with the reasons: `tomcat-sessions list --restorable no`
    Explanation: `tomcat-sessions check --explain rows.no-data`
    ");
}

#[tokio::test]
async fn an_unusable_table_is_not_scanned() {
    let db = table("recommended").await;
    let run = check(&db, "").await;
    db.sql("ALTER TABLE tomcat_sessions DROP COLUMN valid_session").await;
    insta::assert_snapshot!(run.run(), @"
    exit 11
    --- stdout
    error: the column `valid_session` is missing [schema.column-missing]
      do: use --columns valid=NAME if the column has another name; `tomcat-sessions init-db` prints a table that has it
    note: not checked: the rows (the table does not have the columns of a session table)

    Checked `tomcat_sessions` of sqlite:sessions.db, sqlite VERSION, against 55 rules.
    Not usable: 1 error.
    Explanation: `tomcat-sessions check --explain schema.column-missing`
    ");
}

#[test]
fn explain_prints_the_reason_and_the_source() {
    insta::assert_snapshot!(command().args("check --explain schema.key").run(), @"
    exit 0
    --- stdout
    schema.key: Without a key, each load and each save reads the whole table. Two saves of one session can insert two rows. A purge cannot identify the rows that it has checked.
    source: org.apache.catalina.session.DataSourceStore, load and remove: WHERE id = ? AND app = ?
    ");
    let wrong = command().args("check --explain schema.nothing").run().code(2);
    assert!(wrong.stderr.contains("rules are schema.column-missing, "), "{wrong}");
}

#[tokio::test]
async fn without_a_table_it_fails() {
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    let run = command().args("check --url").arg(&db.url).run().code(11);
    assert!(run.stdout.is_empty() && run.stderr.contains("there is no table `tomcat_sessions`"), "{run}");
}
