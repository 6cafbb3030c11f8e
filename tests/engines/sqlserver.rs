//! Behavior of SQL Server and Azure that no available server shows, with a fake server that sends the same messages.

use std::time::{Duration, Instant};

use tomcat_sessions::session::OnConflict;
use tomcat_sessions::store::{DbErrorKind, Naming, SessionStore, parse_url};

use crate::support::fake_tds::{Answer, Cell, FakeTds};
use crate::support::program::run;
use crate::support::{Kind, NOW, Scratch, session};

async fn connect(url: &str) -> Result<(), (DbErrorKind, String)> {
    let connected = parse_url(url).unwrap().connect(false).await;
    connected.map(drop).map_err(|error| (error.kind, error.to_string()))
}

/// Azure's gateway redirects to the server of the database.
#[tokio::test]
async fn a_redirect_is_followed() {
    let worker = FakeTds::new(|_| Answer::Welcome).await;
    let port = worker.port;
    let second = FakeTds::new(move |_| Answer::Routed { host: "127.0.0.1".to_owned(), port }).await;
    let port = second.port;
    let gateway = FakeTds::new(move |_| Answer::Routed { host: "localhost".to_owned(), port }).await;
    connect(&gateway.url("encrypt=optional")).await.unwrap();
    let counts = [&gateway, &second, &worker].map(|server| server.logins().len());
    assert_eq!((counts, worker.logins()[0].database.as_str()), ([1, 1, 1], "shop"));
}

#[tokio::test]
async fn circular_redirects_are_limited() {
    let port = std::sync::Arc::new(std::sync::atomic::AtomicU16::new(0));
    let own = std::sync::Arc::clone(&port);
    let gateway = FakeTds::new(move |_| {
        let port = own.load(std::sync::atomic::Ordering::SeqCst);
        Answer::Routed { host: "127.0.0.1".to_owned(), port }
    })
    .await;
    port.store(gateway.port, std::sync::atomic::Ordering::SeqCst);
    let (kind, message) = connect(&gateway.url("encrypt=optional")).await.unwrap_err();
    assert_eq!(kind, DbErrorKind::Unreachable, "{message}");
    assert!(message.contains("redirected") && gateway.logins().len() == 5, "{message}");
}

/// Azure's errors while a database is moved, or is too busy for another login.
#[tokio::test]
async fn a_transient_login_error_is_retried() {
    let busy = |number: usize, times: usize| {
        let refused = Answer::Refused { number: 40613, message: "Database 'shop' is not currently available." };
        if number < times { refused } else { Answer::Welcome }
    };
    let server = FakeTds::new(move |number| busy(number, 2)).await;
    connect(&server.url("encrypt=optional")).await.unwrap();
    assert_eq!(server.logins().len(), 3);
    // As long as the URL allows, and no longer.
    let server = FakeTds::new(move |number| busy(number, 1_000)).await;
    let begun = Instant::now();
    let (kind, message) = connect(&server.url("encrypt=optional&loginTimeout=1")).await.unwrap_err();
    assert!(matches!(kind, DbErrorKind::Timeout | DbErrorKind::Unreachable), "{message}");
    assert!(begun.elapsed() < Duration::from_secs(5) && (2..5).contains(&server.logins().len()), "{message}");
    // Errors that are not transient.
    let server = FakeTds::new(|_| Answer::Refused { number: 18456, message: "Login failed for user 'tomcat'." }).await;
    assert_eq!(connect(&server.url("encrypt=optional")).await.unwrap_err().0, DbErrorKind::Auth);
    assert_eq!(server.logins().len(), 1);
}

/// A password is sent without TLS only if the URL allows it, or to this machine.
#[tokio::test]
async fn a_server_without_tls_is_refused_or_accepted_as_the_url_says() {
    let server = FakeTds::new(|_| Answer::Welcome).await;
    for query in ["encrypt=optional", "encrypt=false", ""] {
        connect(&server.url(query)).await.unwrap();
    }
    let known = server.logins().len();
    assert_eq!(known, 3);
    for (query, host) in [("encrypt=true", "127.0.0.1"), ("", "0.0.0.0")] {
        let url = server.url(query).replace("@127.0.0.1:", &format!("@{host}:"));
        let (kind, message) = connect(&url).await.unwrap_err();
        assert_eq!((kind, message.as_str()), (DbErrorKind::Tls, "the server offers no TLS"), "{url}");
    }
    assert_eq!(server.logins().len(), known, "a password travelled");
}

/// A secondary for reading refuses clients that do not announce read intent (error 978).
#[tokio::test]
async fn read_only_connections_announce_read_intent() {
    let server = FakeTds::new(|_| Answer::Welcome).await;
    connect(&server.url("encrypt=optional&applicationIntent=ReadOnly")).await.unwrap();
    connect(&server.url("encrypt=optional")).await.unwrap();
    let jdbc = format!(
        "jdbc:sqlserver://127.0.0.1:{};databaseName=shop;user=tomcat;password=pw;encrypt=false;applicationIntent=readonly",
        server.port
    );
    connect(&jdbc).await.unwrap();
    assert_eq!(server.logins().iter().map(|login| login.read_only).collect::<Vec<_>>(), [true, false, true]);
}

/// Azure SQL Database: the program connects to the database itself, and does not switch to it.
#[tokio::test]
async fn azure_is_recognised_and_provisioned_in_the_database_itself() {
    let output_text = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let heard = std::sync::Arc::clone(&output_text);
    let server = FakeTds::with_rows(
        |_| Answer::Welcome,
        move |text| {
            heard.lock().unwrap().push(text.to_owned());
            let edition =
                [Cell::Wide("12.0.2000.8"), Cell::BigInt(51), Cell::BigInt(0), Cell::BigInt(0), Cell::BigInt(5)];
            if text.contains("EngineEdition") {
                edition.into()
            } else if text.contains("DB_NAME() =") {
                vec![Cell::BigInt(1)]
            } else {
                Vec::new()
            }
        },
    )
    .await;
    let url = server.url("encrypt=optional");
    let printed = run(&["init-db", "--url", &url]).await;
    assert_eq!(printed.code, Some(0), "{printed:?}");
    let objects: Vec<&str> =
        printed.result["statements"].as_array().unwrap().iter().map(|step| step["object"].as_str().unwrap()).collect();
    assert_eq!(objects, ["table", "storage", "index", "index", "account", "grant"]);
    // It does not return a table, so that this run fails at the end; all statements have been sent by then.
    let applied = run(&["init-db", "--url", &url, "--generate-password", "--apply"]).await;
    assert_eq!(applied.code, Some(1), "{applied:?}");
    let databases: Vec<String> = server.logins().into_iter().map(|login| login.database).collect();
    assert_eq!(databases, ["", "", "shop"]);
    let output_text = output_text.lock().unwrap().join("\n");
    assert!(output_text.contains("CREATE USER [tomcat] WITH PASSWORD"), "{output_text}");
    for word in ["USE [", "CREATE LOGIN", "CREATE DATABASE", "sys.databases WHERE name", "server_principals"] {
        assert!(!output_text.contains(word), "{word}");
    }
}

/// Names in CP437, for which the driver has no table: they are read as NVARCHAR, whatever the column.
#[tokio::test]
async fn text_of_any_code_page_is_read() {
    // SQL_Latin1_General_CP437_BIN: sort id 30.
    let cp437 = [9, 4, 0, 1, 30];
    let server = FakeTds::with_rows(
        |_| Answer::Welcome,
        move |text| match text.contains("GROUP BY [app_name]") {
            true if text.contains("CAST([app_name] AS NVARCHAR(4000))") => vec![Cell::Wide("b\u{fc}ro")],
            true => vec![Cell::Text { collation: cp437, bytes: b"b\x81ro".to_vec() }],
            false => Vec::new(),
        },
    )
    .await;
    let target = parse_url(&server.url("encrypt=optional")).unwrap();
    let mut connection = target.connect(false).await.unwrap();
    let statements = connection.statements();
    let names = tomcat_sessions::store::Names::default();
    let bind = tomcat_sessions::store::Bind::new();
    let sql = statements.apps.render(&names, target.engine.dialect(), &bind).unwrap();
    let mut rows = connection.query(&sql).await.unwrap();
    assert_eq!(rows[0].text(0).unwrap().as_deref(), Some("b\u{fc}ro"));
}

/// SQL Server cannot hash IMAGE (error 8116). Babelfish can, so the statement is checked too.
#[tokio::test]
async fn data_of_the_old_type_are_hashed_here() {
    let Some(db) = Scratch::new(Kind::Mssql).await else { return };
    db.sql(
        "CREATE TABLE tomcat_sessions (session_id VARCHAR(100) NOT NULL PRIMARY KEY, valid_session CHAR(1) NOT NULL, \
         max_inactive INT NOT NULL, last_access BIGINT NOT NULL, app_name VARCHAR(255), session_data IMAGE)",
    )
    .await;
    let all = [session("/a", "A1", 1_800, NOW.0), session("/a", "A2", 1_800, NOW.0)];
    let mut store = SessionStore::open(&db.target(), &Naming::default()).await.unwrap();
    assert!(!store.hashes_on_server());
    store.insert(&all, OnConflict::Fail).await.unwrap();
    let other = Scratch::new(Kind::Sqlite).await.unwrap();
    other.create_table("recommended").await;
    other.open().await.insert(&all, OnConflict::Fail).await.unwrap();
    let done = run(&["verify", &db.url, &other.url]).await;
    assert_eq!((done.code, &done.result["same"]), (Some(0), &2.into()), "{done:?}");
    store.close().await;
    db.drop().await;
}

/// The login of a printed script has the given password, although sqlcmd substitutes variables.
#[tokio::test]
async fn a_password_that_looks_like_a_sqlcmd_variable_is_kept() {
    let Some(db) = Scratch::new(Kind::Mssql).await else { return };
    let dir = tempfile::TempDir::new().unwrap();
    let (file, password) = (dir.path().join("password"), "Zq9$(SQLCMDSERVER)'x");
    std::fs::write(&file, password).unwrap();
    let script = std::process::Command::new(env!("CARGO_BIN_EXE_tomcat-sessions"))
        .env_clear()
        .args(["init-db", "--engine", "mssql", "--database", &db.database, "--user", &db.database])
        .args(["--user-password-file", file.to_str().unwrap()])
        .output()
        .unwrap();
    let script = String::from_utf8(script.stdout).unwrap();
    let login: Vec<&str> = script.split("\nGO\n").filter(|batch| batch.contains("CREATE LOGIN")).collect();
    assert!(login.len() == 1 && !login[0].contains("$("), "{login:?}");
    let one = crate::support::alone(Kind::Mssql).await;
    db.batch(login[0]).await.unwrap();
    drop(one);
    let entered = db.tds_as("master", &db.database, password).await;
    assert!(entered.is_ok(), "{:?}", entered.err());
    drop(entered);
    let _ = db.batch(&format!("DROP LOGIN [{}]", db.database)).await;
    db.drop().await;
}

/// Unusual tables of applications: another key and NULLs, types of SQL Server only. Sessions are moved to them, read,
/// purged and compared; numbers that are not integers are refused.
#[tokio::test]
async fn tables_of_applications_are_used_or_refused() {
    let Some(db) = Scratch::new(Kind::Mssql).await else { return };
    let columns = |id: &str, valid: &str, number: &str, app: &str, data: &str| {
        format!(
            "(session_id {id} NOT NULL PRIMARY KEY, valid_session {valid} NOT NULL, max_inactive {} NOT NULL, \
             last_access {number} NOT NULL, app_name {app}, session_data {data})",
            if number == "BIGINT" { "INT" } else { number }
        )
    };
    let text = "VARCHAR(255)";
    for (table, columns) in [
        ("portal_session", columns("VARCHAR(120)", "CHAR(1)", "BIGINT", text, "VARBINARY(MAX)")),
        ("legacy_session", columns("NVARCHAR(100)", "BIT", "BIGINT", "NVARCHAR(200) NOT NULL", "IMAGE NULL")),
        ("decimal_session", columns("CHAR(100)", "TINYINT", "NUMERIC(19, 0)", text, "VARBINARY(8000)")),
    ] {
        db.sql(&format!("CREATE TABLE {table} {columns}")).await;
    }
    let from = Scratch::new(Kind::Sqlite).await.unwrap();
    from.create_table("recommended").await;
    let sessions = [
        session("/Catalina/localhost/shop", "LIVE", 1_800, 4_000_000_000_000),
        session("/Catalina/localhost/shop", "GONE", 1_800, 1_000),
        session("/Catalina/localhost/b\u{fc}ro", "KEPT", -1, 1_000),
    ];
    from.open().await.insert(&sessions, OnConflict::Fail).await.unwrap();
    for table in ["portal_session", "legacy_session"] {
        let at = ["--url", &db.url, "--table", table];
        let checked = run(&[&["check"][..], &at].concat()).await;
        assert_eq!((checked.code, &checked.result["usable"]), (Some(0), &true.into()), "{table}: {checked:?}");
        let moved =
            ["migrate", "--from", &from.url, "--to", &db.url, "--to-table", table, "--table", "tomcat_sessions"];
        let app = if table == "portal_session" { "shop" } else { "*" };
        let moved = run(&[&moved[..], &["--app", app]].concat()).await;
        let held = if app == "*" { 3 } else { 2 };
        assert_eq!((moved.code, &moved.result["written"]["inserted"]), (Some(0), &held.into()), "{table}: {moved:?}");
        let purged = run(&[&["expire", "--grace", "0"][..], &at].concat()).await;
        assert_eq!(purged.result["deleted"]["sessions"], 1, "{table}: {purged:?}");
        let mut store = db.open_as(&Naming { table: Some(table.to_owned()), ..Naming::default() }).await;
        for session in
            sessions.iter().filter(|one| one.meta.key.id != "GONE" && (app == "*" || one.meta.key.id == "LIVE"))
        {
            assert_eq!(store.get(&session.meta.key).await.unwrap().as_ref(), Some(session), "{table}");
        }
        assert_eq!(store.count().await.unwrap(), held - 1);
        store.close().await;
    }
    let at = ["--url", &db.url, "--table", "decimal_session"];
    let checked = run(&[&["check"][..], &at].concat()).await;
    let of_type =
        |finding: &&serde_json::Value| finding["rule"] == "schema.column-type" && finding["severity"] == "error";
    assert_eq!(checked.code, Some(11), "{checked:?}");
    assert_eq!(checked.result["findings"].as_array().unwrap().iter().filter(of_type).count(), 2, "{checked:?}");
    let listed = run(&[&["list"][..], &at].concat()).await;
    assert!(listed.code == Some(11) && listed.stderr.contains("must have a 64-bit integer type"), "{listed:?}");
    db.drop().await;
}

/// For `tests/sqlserver-report`.
#[tokio::test]
async fn the_server_version_is_reported() {
    let Some(db) = Scratch::new(Kind::Mssql).await else { return };
    db.create_table("recommended").await;
    let store = db.open().await;
    let server = store.server();
    eprintln!("SQL Server: {} as {}", server.version, store.variant());
    assert!(!server.version.is_empty() && server.database.as_deref() == Some(db.database.as_str()), "{server:?}");
    store.close().await;
    db.drop().await;
}
