//! Names on PostgreSQL: names that the server would truncate, schemas, and the script of `init-db` as run by psql.

use std::process::Command;

use tomcat_sessions::session::OnConflict;
use tomcat_sessions::store::{Naming, SessionStore, parse_url};

use crate::purge_runs::{Expire, count, expired};
use crate::support::program::run;
use crate::support::{Kind, Scratch, absent, variable};

fn naming(table: &str) -> Naming {
    Naming { table: Some(table.to_owned()), ..Naming::default() }
}

/// The server truncates names after 63 bytes, and two indexes then have the same name.
#[tokio::test]
async fn a_long_name_has_both_indexes() {
    let Some(db) = Scratch::new(Kind::Postgres).await else { return };
    // The second name differs from the first where the names of their indexes end.
    let (first, second) = ("t".repeat(63), format!("{}u", "t".repeat(62)));
    for table in [&first, &second, &"é".repeat(31)] {
        for profile in ["recommended", "documented"] {
            let args = ["--url", &db.url, "--table", table, "init-db", "--no-user", "--profile", profile, "--apply"];
            let made = run(&args).await;
            assert_eq!(made.code, Some(0), "{table} {made:?}");
            let again = run(&args).await;
            assert_eq!(again.code, Some(0), "{table} {again:?}");
            let mut store = SessionStore::open(&db.target(), &naming(table)).await.unwrap();
            let (shape, names) = (store.shape(), store.names());
            assert!(shape.has_index(&[&names.app]), "{:?}", shape.indexes);
            assert_eq!(shape.has_expiry_index(names, store.dialect()), profile == "recommended", "{:?}", shape.indexes);
            store.insert(&expired(3), OnConflict::Fail).await.unwrap();
            assert_eq!(Expire::new().run(&mut store).await.total.sessions, 3);
            store.close().await;
            db.sql(&format!("DROP TABLE `{table}`")).await;
        }
    }
    for (table, unit) in [("t".repeat(64), "64 characters"), ("é".repeat(32), "64 bytes")] {
        let error = SessionStore::open(&db.target(), &naming(&table)).await.err().unwrap().to_string();
        assert!(error.contains(unit) && error.contains("63"), "{error}");
    }
    // The name of the swap table would equal that of the live table.
    let made = run(&["--url", &db.url, "--table", &first, "init-db", "--no-user", "--apply"]).await;
    assert_eq!(made.code, Some(0), "{made:?}");
    let done = run(&["--url", &db.url, "--table", &first, "swap-out", "--max-idle", "1h"]).await;
    assert!(done.code == Some(2) && done.stderr.contains("71 characters"), "{done:?}");
    db.drop().await;
}

/// A pasted script has the same result as `--apply`.
#[tokio::test]
async fn psql_runs_the_script_of_either_profile() {
    let (Some(client), Some(passfile)) =
        (variable("TOMCAT_SESSIONS_TEST_POSTGRES_CLIENT"), variable("TOMCAT_SESSIONS_TEST_POSTGRES_PASSFILE"))
    else {
        return absent("postgres");
    };
    for profile in ["recommended", "documented"] {
        let Some(db) = Scratch::reserve(Kind::Postgres) else { return };
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name).display().to_string();
        std::fs::write(at("password"), "it's \\ a \"Kenn`wort\" $1$ 1\n").unwrap();
        let name = format!("{}_\"it's", db.database);
        let args = [
            "init-db",
            "--engine",
            "postgres",
            "--database",
            &name,
            "--user",
            &name,
            "--profile",
            profile,
            "--user-password-file",
            &at("password"),
        ];
        let mut command = Command::new(env!("CARGO_BIN_EXE_tomcat-sessions"));
        let script = command.args(args).output().unwrap();
        assert!(script.status.success(), "{script:?}");
        std::fs::write(at("script.sql"), &script.stdout).unwrap();
        let target = db.target();
        let psql = |database: &str, more: &[&str]| {
            let mut command = Command::new(&client);
            command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", &target.host, "-p", &target.port.to_string()]);
            command.args(["-U", target.user.as_deref().unwrap(), "-d", database]).args(more);
            command.env("PGPASSFILE", &passfile).output().unwrap()
        };
        // Twice: existing objects are kept.
        for _ in 0..2 {
            let done = psql("postgres", &["-f", &at("script.sql")]);
            let output_text = String::from_utf8_lossy(&done.stderr).replace("NOTICE", "");
            assert!(done.status.success() && !output_text.contains("WARNING"), "{output_text}");
        }
        let encoded: String =
            percent_encoding::utf8_percent_encode(&name, percent_encoding::NON_ALPHANUMERIC).to_string();
        let own = format!("postgres://{encoded}@{}:{}/{encoded}?ssl-mode=disabled", target.host, target.port);
        let mut store = SessionStore::open(
            &{
                let mut own = parse_url(&own).unwrap();
                own.password = Some("it's \\ a \"Kenn`wort\" $1$ 1".to_owned().into());
                own
            },
            &Naming::default(),
        )
        .await
        .unwrap();
        store.insert(&expired(9), OnConflict::Fail).await.unwrap();
        assert_eq!(store.shape().has_expiry_index(store.names(), store.dialect()), profile == "recommended");
        assert_eq!(Expire::new().run(&mut store).await.total.sessions, 9);
        store.close().await;
        let quoted = name.replace('"', "\"\"");
        assert!(psql("postgres", &["-c", &format!("DROP DATABASE \"{quoted}\"")]).status.success());
        assert!(psql("postgres", &["-c", &format!("DROP ROLE \"{quoted}\"")]).status.success());
    }
}

/// A table in a schema other than `public`, with an account that may use only that schema.
#[tokio::test]
async fn a_schema_of_its_own() {
    let Some(db) = Scratch::new(Kind::Postgres).await else { return };
    let user = &db.database;
    db.sql("CREATE SCHEMA web").await;
    let args = [
        "--url",
        &db.url,
        "--table",
        "web.tomcat_sessions",
        "init-db",
        "--user",
        user,
        "--generate-password",
        "--apply",
    ];
    let made = run(&args).await;
    assert_eq!(made.code, Some(0), "{made:?}");
    db.sql(&format!("ALTER ROLE `{user}` PASSWORD 'pw-Geheim1'")).await;
    // Once with a qualified table name, once with the search path, as Tomcat does.
    for (query, table) in
        [("ssl-mode=disabled", "web.tomcat_sessions"), ("ssl-mode=disabled&schema=web", "tomcat_sessions")]
    {
        let target = parse_url(&db.url_as(user, "pw-Geheim1", query)).unwrap();
        let mut store = SessionStore::open(&target, &naming(table)).await.unwrap();
        store.insert(&expired(12), OnConflict::Fail).await.unwrap();
        assert_eq!(count(&mut store).await, 12);
        assert_eq!(Expire::new().run(&mut store).await.total.sessions, 12);
        store.close().await;
        let check = run(&["--url", &db.url_as(user, "pw-Geheim1", query), "--table", table, "check", "--strict"]).await;
        assert_eq!(check.code, Some(0), "{check:?}");
    }
    // Without USAGE on the schema, the table appears to be missing, and the message says so.
    db.sql(&format!("REVOKE USAGE ON SCHEMA web FROM `{user}`")).await;
    let url = db.url_as(user, "pw-Geheim1", "ssl-mode=disabled");
    let done = run(&["--url", &url, "--table", "web.tomcat_sessions", "list"]).await;
    assert!(matches!(done.code, Some(1 | 11)), "{done:?}");
    assert!(
        done.stderr.contains("GRANT USAGE ON SCHEMA") || done.stderr.contains("permission denied for schema"),
        "{done:?}"
    );
    db.sql(&format!("DROP OWNED BY `{user}`; DROP ROLE `{user}`")).await;
    db.drop().await;
}
