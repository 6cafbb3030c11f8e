//! Mistakes of users and errors of databases, one test for each kind: the message, the exit code, a hint, no password
//! in the output (checked for every run), and no loss of data.

use std::io::{Seek, SeekFrom, Write};

use tomcat_sessions::session::{OnConflict, Session};

use crate::command;
use crate::run::{Done, PASSWORD};
use crate::store::{each_state, holding, on};
use crate::support::faulty_proxy::Proxy;
use crate::support::{Kind, NOW, Scratch, WIDE_TABLE, session};

/// The commands that open a store, with the arguments that they need.
const COMMANDS: &[&str] = &["list", "show 0A", "stats", "expire", "delete 0A", "check"];

/// A failure with this code, a message that contains this text, and a hint.
#[track_caller]
fn refused(run: &Done, code: i32, expected_text: &str) {
    assert_eq!(run.code, Some(code), "{run}");
    assert!(
        run.stderr.contains("error: ") && run.stderr.contains(expected_text),
        "`{expected_text}` is missing: {run}"
    );
    assert!(run.stderr.contains("hint: "), "no hint: {run}");
    assert!(!run.stderr.contains("panicked"), "{run}");
}

async fn left(db: &Scratch) -> u64 {
    db.open().await.count_expired(NOW, None).await.unwrap().0
}

const SERVERS: [Kind; 2] = [Kind::Mariadb, Kind::Mysql];

/// The URL of a database with an account whose password differs from that in the URL.
fn with_password(db: &Scratch) -> String {
    db.url_as("nobody", PASSWORD, "ssl-mode=required")
}

#[test]
fn a_malformed_url_is_refused() {
    for (url, expected_text) in [
        (format!("mysql:/u:{PASSWORD}@h/tomcat"), "malformed"),
        (format!("mysql://u:{PASSWORD}@h:33o6/tomcat"), "malformed"),
        (format!("mysql://u:{PASSWORD}@/tomcat"), "malformed"),
        (format!("mysql://u:{PASSWORD}#@h/tomcat"), "malformed"),
        (format!("mysql://u:{PASSWORD}@h1,/tomcat"), "malformed"),
        (format!("u:{PASSWORD}@h/tomcat"), "scheme"),
        (format!("oracle://u:{PASSWORD}@h/tomcat"), "Oracle Database is not supported yet"),
        (format!("postgre://u:{PASSWORD}@h/tomcat"), "`postgre`"),
        (format!("//u:{PASSWORD}@h/tomcat"), "scheme"),
        (String::new(), "scheme"),
        (format!("mysql://u:{PASSWORD}@h/tomcat&ssl-mode=disabled"), "its first parameter follows `&`"),
        (format!("postgres://u:{PASSWORD}@h/tomcat&a=b"), "its first parameter follows `&`"),
        ("sqlite:".to_owned(), "names no file"),
        ("sqlite::memory:".to_owned(), "in-memory"),
    ] {
        for args in COMMANDS {
            refused(&command().args(args).arg("--url").arg(&url).run(), 2, expected_text);
        }
        let run = command().args("list --format json").env("TOMCAT_SESSIONS_URL", &url).run().code(2);
        let error: serde_json::Value = serde_json::from_str(&run.stderr).unwrap();
        assert_eq!(error["exit_code"], 2);
        assert!(!error["hints"].as_array().unwrap().is_empty(), "{run}");
    }
    // A URL instead of a command: it is not repeated, because it cannot be parsed.
    let run = command().arg(format!("mysql://u:{PASSWORD}@h/tomcat")).args("list").run().code(2);
    assert!(run.stderr.contains("unrecognized subcommand 'URL'"), "{run}");
    command().args("list --format json").arg(format!("--ulr=mysql://u:{PASSWORD}@h/tomcat")).run().code(2);
}

#[test]
fn an_unknown_parameter_is_refused() {
    for (url, expected_text) in [
        (format!("mysql://u:{PASSWORD}@h/tomcat?sslmod=required"), "`sslmod`"),
        (format!("mysql://u@h/tomcat?pasword={PASSWORD}"), "`pasword`"),
        (format!("jdbc:mysql://h/tomcat?user=u&amp;password={PASSWORD}"), "separates its parameters with `&amp;`"),
        (format!("mysql://u:{PASSWORD}@h/tomcat?ssl-mode=perhaps"), "ssl-mode"),
        (format!("mysql://u:{PASSWORD}@h/tomcat?connect-timeout=soon"), "connect-timeout"),
        ("sqlite:x.db?mode=ro".to_owned(), "a sqlite URL has none"),
    ] {
        refused(&command().args("list --url").arg(&url).run(), 2, expected_text);
    }
}

#[tokio::test]
async fn a_wrong_password_is_reported() {
    for kind in SERVERS {
        let Some(db) = Scratch::new(kind).await else { continue };
        for args in COMMANDS {
            refused(&command().args(args).arg("--url").arg(with_password(&db)).run(), 10, "cannot log in to");
        }
        // An anonymous account is a possible cause only if a password was given.
        for (url, password) in [(with_password(&db), true), (db.url_as("nobody", "", "ssl-mode=required"), false)] {
            let run = command().args("list --url").arg(url.replace(":@", "@")).run().code(10);
            assert_eq!(run.stderr.contains("anonymous account"), password, "{run}");
            assert!(run.stderr.contains("hint: set the password with --password-file"), "{run}");
        }
        // The environment takes precedence over the URL, and a file over both.
        let url = db.url_as("nobody", "other", "ssl-mode=required");
        let run = command().args("list --url").arg(&url).env("TOMCAT_SESSIONS_PASSWORD", PASSWORD).run();
        refused(&run, 10, "cannot log in to");
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("password");
        std::fs::write(&file, format!("{PASSWORD}\n")).unwrap();
        let run = command().args("list --url").arg(&url).arg("--password-file").arg(&file).run();
        refused(&run, 10, "cannot log in to");
        db.drop().await;
    }
    let run = command().args("list --url mysql://u@h/tomcat --password-file /no/such/file").run().code(2);
    assert!(run.stderr.contains("cannot read password file"), "{run}");
}

#[test]
fn an_unreachable_host_is_reported() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    for scheme in ["mysql", "mariadb", "jdbc:mysql"] {
        for place in [format!("127.0.0.1:{port}"), "no-such-host.invalid:3306".to_owned()] {
            let url = format!("{scheme}://u:{PASSWORD}@{place}/tomcat");
            refused(&command().args("list --url").arg(&url).run(), 10, "cannot connect to");
        }
    }
}

#[tokio::test]
async fn a_missing_database_is_reported() {
    let mut missing = vec![Scratch::reserve(Kind::Sqlite).unwrap()];
    missing.extend(SERVERS.into_iter().filter_map(Scratch::reserve));
    for db in missing {
        for args in COMMANDS {
            let run = command().args(args).arg("--url").arg(&db.url).run();
            refused(&run, 10, "cannot open the database");
            assert!(run.stderr.contains("init-db --apply"), "{run}");
        }
        assert!(db.kind != Kind::Sqlite || !db.path().exists(), "a file was made by looking");
    }
    // An existing file that is not a database.
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    std::fs::write(db.path(), "this is no database, and longer than its header would be".repeat(20)).unwrap();
    refused(&on(&db, "list").run(), 10, "file is not a database");
}

#[tokio::test]
async fn a_missing_table_is_reported() {
    for kind in [Kind::Sqlite, Kind::Mariadb, Kind::Mysql] {
        let Some(db) = Scratch::new(kind).await else { continue };
        for args in COMMANDS {
            let run = command().args(args).arg("--url").arg(&db.url).run();
            refused(&run, 11, "there is no table `tomcat_sessions`");
            assert!(run.stderr.contains("init-db"), "{run}");
        }
        db.drop().await;
    }
}

#[tokio::test]
async fn missing_and_mistyped_columns_are_reported() {
    let db = holding(&each_state()).await;
    db.sql("ALTER TABLE tomcat_sessions RENAME COLUMN max_inactive TO timeout").await;
    for args in ["list", "show A11", "stats", "expire", "delete CAFE"] {
        refused(&on(&db, args).run(), 11, "the column `max_inactive` is missing");
    }
    on(&db, "list --columns max-inactive=timeout").run().code(0);
    refused(&on(&db, "list --columns timeout=timeout").run(), 2, "`timeout` is not a column of a session table");
    // A name alone is a column to show.
    refused(&on(&db, "list --columns max-inactive").run(), 11, "the column `max_inactive` is missing");
    on(&db, "list --columns max-inactive=").run().code(2);
    assert_eq!(on(&db, "list --quiet -f ndjson --columns max-inactive=timeout").run().stdout.lines().count(), 4);

    let wrong = Scratch::new(Kind::Sqlite).await.unwrap();
    wrong.sql(&WIDE_TABLE.replace("last_access BIGINT", "last_access DATETIME")).await;
    refused(&on(&wrong, "list").run(), 11, "must have a 64-bit integer type");
}

#[tokio::test]
async fn a_table_without_a_primary_key_is_reported() {
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    db.sql(&WIDE_TABLE.replace(" PRIMARY KEY", "")).await;
    db.open().await.insert(&each_state(), OnConflict::Fail).await.unwrap();
    on(&db, "list").run().code(0);
    for args in ["expire --allow-clock-skew", "expire --dry-run", "delete CAFE"] {
        refused(&on(&db, args).run(), 11, "neither a primary key");
    }
    assert_eq!(left(&db).await, 4);
}

#[tokio::test]
async fn a_view_is_refused() {
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    db.sql(&WIDE_TABLE.replace("tomcat_sessions", "base")).await;
    db.sql("CREATE VIEW tomcat_sessions AS SELECT * FROM base").await;
    on(&db, "list").run().code(0);
    for args in ["expire --allow-clock-skew", "delete --all --app *"] {
        refused(&on(&db, args).run(), 11, "it is a view");
    }
}

/// Arguments of a program cannot contain NUL, but can contain other control characters.
#[tokio::test]
async fn names_with_quotes_controls_and_10_000_characters() {
    let db = holding(&each_state()).await;
    let long = "x".repeat(10_000);
    for (name, code, expected_text) in [
        ("tomcat_sessions`; DROP TABLE tomcat_sessions; --", 11, "there is no table"),
        ("tomcat_sessions'", 11, "there is no table"),
        ("tomcat_sessions\"", 11, "there is no table"),
        ("a\nb", 2, "control character"),
        ("a\x1b[31mb", 2, "control character"),
        ("", 2, "is empty"),
        (long.as_str(), 2, "10000 characters"),
    ] {
        let run = on(&db, "expire --allow-clock-skew").arg("--table").arg(name).run();
        assert!(run.stderr.len() < 1_000 && !run.stderr.contains('\x1b'), "{run}");
        refused(&run, code, expected_text);
    }
    for name in ["app=a`b", "app='", "app=\"x\""] {
        refused(&on(&db, "list").arg("--columns").arg(name).run(), 11, "is missing");
    }
    refused(&on(&db, "list").arg("--columns").arg(format!("app={long}")).run(), 2, "10000 characters");
    assert_eq!(left(&db).await, 4);
}

#[tokio::test]
async fn ids_with_quotes_and_wildcards() {
    let ids = ["a%b", "a_b", "a'b", "a\\b", "axb", "a!b", "a`b", "' OR '1'='1"];
    let db = holding(&ids.map(|id| session("demo", id, 1800, NOW.0))).await;
    for id in ids {
        let run = on(&db, "show --format json").arg(id).run().code(0);
        let found: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(found["session_id"], id);
    }
    for id in ["%", "_", "a%%", "' OR 1=1 --", "*"] {
        refused(&on(&db, "delete").arg(id).run(), 1, "has no session whose id starts with");
    }
    for (n, id) in ids.into_iter().enumerate() {
        on(&db, "delete").arg(id).run().code(0);
        assert_eq!(left(&db).await, 7 - n as u64, "{id}");
    }
}

#[tokio::test]
async fn nulls_in_columns_that_tomcat_fills() {
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    db.sql(WIDE_TABLE).await;
    let mut rows: Vec<Session> = (0..5).map(|i| session("demo", &format!("N{i}"), 1800, 1_000_000)).collect();
    rows[0].meta.valid = None;
    rows[1].meta.max_inactive = None;
    rows[2].meta.last_access = None;
    rows[3].meta.key.app = None;
    rows[4].data = None;
    db.open().await.insert(&rows, OnConflict::Fail).await.unwrap();
    for format in ["table", "json", "ndjson", "csv"] {
        on(&db, &format!("list --format {format}")).run().code(0);
        on(&db, &format!("stats --format {format}")).run().code(0);
        for id in 0..5 {
            on(&db, &format!("show N{id} --format {format}")).run().code(0);
        }
    }
    for sort in ["idle", "size", "remaining", "timeout"] {
        assert_eq!(on(&db, &format!("list -q -f csv --sort {sort}")).run().code(0).stdout.lines().count(), 6);
    }
    on(&db, "expire").real_clock().run().code(0);
    // A session that cannot be evaluated is kept.
    let left = on(&db, "list -q -f csv").run().code(0).stdout;
    assert!(left.lines().count() == 3 && left.contains("\nN1,") && left.contains("\nN2,"), "{left}");
}

#[tokio::test]
async fn numbers_at_the_limits() {
    let limits = [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX - 1, i64::MAX];
    let pairs = limits.iter().flat_map(|max| limits.iter().map(move |last| (*max, *last)));
    let rows: Vec<_> =
        pairs.enumerate().map(|(i, (max, last))| session("demo", &format!("L{i:02}"), max, last)).collect();
    for kind in [Kind::Sqlite, Kind::Mariadb, Kind::Mysql] {
        let Some(db) = Scratch::new(kind).await else { continue };
        db.sql(WIDE_TABLE).await;
        db.open().await.insert(&rows, OnConflict::Fail).await.unwrap();
        let run = |args: &str| command().args(args).arg("--url").arg(&db.url).real_clock().run();
        for format in ["table", "json", "ndjson", "csv"] {
            for args in ["list", "list --sort remaining", "list --sort idle --reverse", "stats", "show L00", "show L48"]
            {
                run(&format!("{args} --format {format}")).code(0);
            }
        }
        for filter in ["--idle-over 100d", "--idle-under 100d", "--state expired", "--state live"] {
            run(&format!("list {filter}")).code(0);
        }
        let dry = run("expire --dry-run --format json").code(0);
        let wet = run("expire --format json").code(0);
        let number =
            |run: &Done, name: &str| serde_json::from_str::<serde_json::Value>(&run.stdout).unwrap()[name].clone();
        assert_eq!(number(&dry, "would_delete"), number(&wet, "deleted"));
        let gone = number(&wet, "deleted")["sessions"].as_u64().unwrap();
        assert!(gone > 5, "{wet}");
        assert_eq!(left(&db).await, 49 - gone);
        db.drop().await;
    }
}

#[tokio::test]
async fn a_read_only_database_is_reported() {
    // SQLite opens a file of a later format read-only, even for root, for whom file modes have no effect. The version
    // for writing is byte 18 of the header.
    let db = holding(&each_state()).await;
    let mut file = std::fs::OpenOptions::new().write(true).open(db.path()).unwrap();
    file.seek(SeekFrom::Start(18)).unwrap();
    file.write_all(&[3]).unwrap();
    drop(file);
    on(&db, "list").run().code(0);
    for args in ["expire --allow-clock-skew", "delete CAFE"] {
        let run = on(&db, args).run();
        assert_eq!(run.code, Some(1), "{run}");
        assert!(run.stderr.contains("readonly") && run.stderr.contains("hint: use a file and a directory"), "{run}");
    }
    assert_eq!(left(&db).await, 4);
    let Some(db) = Scratch::new(Kind::Mysql).await else { return };
    db.create_table("recommended").await;
    db.open().await.insert(&[session("demo", "0A", 1, 1)], OnConflict::Fail).await.unwrap();
    db.sql(&format!("ALTER DATABASE `{}` READ ONLY = 1", db.database)).await;
    let run = command().args("expire --url").arg(&db.url).real_clock().run();
    db.sql(&format!("ALTER DATABASE `{}` READ ONLY = 0", db.database)).await;
    refused(&run, 1, "read only");
    assert_eq!(left(&db).await, 1);
    db.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_lost_during_a_run_is_reported() {
    for kind in SERVERS {
        let Some(db) = Scratch::new(kind).await else { continue };
        db.create_table("recommended").await;
        let rows: Vec<_> = (0..1_000).map(|i| session("demo", &format!("E{i:04}"), 1800, 1)).collect();
        db.open().await.insert(&rows, OnConflict::Fail).await.unwrap();
        let proxy = Proxy::to(db.address()).await;
        proxy.cut_after(110_000);
        let through = db.url.replacen(&format!(":{}/", db.target().port), &format!(":{}/", proxy.port), 1);
        let run = tokio::task::spawn_blocking(move || {
            command().args("expire --batch 10 --format json --url").arg(&through).real_clock().run()
        });
        let run = run.await.unwrap();
        assert_eq!(run.code, Some(10), "{run}");
        let summary: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(summary["ended"], "failed");
        let error: serde_json::Value = serde_json::from_str(run.stderr.trim()).unwrap();
        assert!(!error["hints"].as_array().unwrap().is_empty(), "{run}");
        let (known, more) =
            (summary["deleted"]["sessions"].as_u64().unwrap(), summary["unconfirmed"].as_u64().unwrap());
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let gone = 1_000 - left(&db).await;
        assert!(known > 0 && (known..=known + more).contains(&gone), "{gone} are gone: {summary}");
        // The next run does the rest.
        command().args("expire --wait-lock 10s --url").arg(&db.url).real_clock().run().code(0);
        assert_eq!(left(&db).await, 0);
        db.drop().await;
    }
}
