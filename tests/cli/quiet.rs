//! `--quiet` and `--verbose`.

use tomcat_sessions::session::OnConflict;

use crate::command;
use crate::store::{each_state, holding, on};
use crate::support::{Kind, NOW, Scratch, session};

#[tokio::test]
async fn quiet_prints_nothing_on_success() {
    for args in ["list", "show B0B", "stats", "stats --by app", "check --no-scan", "expire", "delete CAFE"] {
        let db = holding(&each_state()).await;
        // SQLite's clock is that of the machine.
        let run = on(&db, args).real_clock().run();
        assert!(run.code == Some(0) && !run.stdout.is_empty(), "{args}: {run}");
        let db = holding(&each_state()).await;
        let run = on(&db, args).args("--quiet").real_clock().run();
        if args.starts_with("check") {
            // It prints a warning.
            assert!(run.stdout.contains("warning"), "{run}");
        } else {
            assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (Some(0), "", ""), "{args}");
        }
    }
}

#[tokio::test]
async fn quiet_prints_machine_formats_and_documents() {
    let db = holding(&each_state()).await;
    for args in ["list -o csv", "stats --json", "show B0B -o ndjson", "stats -o prometheus", "export -"] {
        let loud = on(&db, args).run().code(0);
        let quiet = on(&db, args).args("--quiet").run().code(0);
        assert_eq!((&quiet.stdout, quiet.stderr.as_str()), (&loud.stdout, ""), "{args}");
        assert!(!quiet.stdout.is_empty(), "{args}");
    }
    for args in
        ["init-db --engine mysql", "tomcat config --tomcat 10 --url mysql://t@db/t", "version", "completions bash"]
    {
        let run = command().args(args).args("--quiet").run().code(0);
        assert!(!run.stdout.is_empty(), "{args}");
    }
    // A password that is printed nowhere else.
    let run = on(&holding(&[]).await, "init-db --apply --quiet").run().code(0);
    assert_eq!(run.stdout, "", "{run}");
}

#[tokio::test]
async fn quiet_prints_what_failed() {
    let rows: Vec<_> = (0..3).map(|n| session("demo", &format!("A{n}"), 60, 1_000_000)).collect();
    let (one, two) = (holding(&rows).await, holding(&rows[..1]).await);
    let run = command().args("verify --quiet").arg(&one.url).arg(&two.url).run().code(4);
    assert!(run.stdout.contains("2 sessions missing from the second store") && run.stderr.is_empty(), "{run}");
    let run = on(&one, "show NONE --quiet").run().code(1);
    assert!(run.stdout.is_empty() && run.stderr.starts_with("error: "), "{run}");
    // A limit set by the user is not a failure.
    let run = on(&one, "expire --max-rows 1 --quiet").real_clock().run().code(3);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
}

#[tokio::test]
async fn verbose_counts_statements() {
    let rows: Vec<_> = (0..30).map(|n| session("demo", &format!("A{n:02}"), 60, 1_000_000)).collect();
    let db = holding(&rows).await;
    let run = on(&db, "expire -v --batch 10 --allow-clock-skew --grace 0").run().code(0);
    for line in [
        "Batches: 3 of at most 10 sessions; retries: 0.",
        "commit: 3 requests in ",
        "expired_page",
        ", 30 rows, 10 each.",
    ] {
        assert!(run.stderr.contains(line), "{line}: {run}");
    }
    assert!(run.stderr.lines().last().unwrap().starts_with("Took "), "{run}");
    assert!(run.stderr.ends_with("exit status 0.\n"), "{run}");
    assert!(!run.stderr.contains("SELECT"), "{run}");
    let run = on(&db, "show NONE -v").run().code(1);
    assert!(run.stderr.contains("page: 1 request in ") && run.stderr.ends_with("exit status 1.\n"), "{run}");
    for args in ["version", "completions bash", "man", "help", "init-db --engine mysql", "stores"] {
        let run = command().args(args).args("-v").run().code(0);
        assert!(run.stderr.contains("Took ") && run.stderr.ends_with("exit status 0.\n"), "{args}: {run}");
    }
}

/// The statements have placeholders; executed scripts have the parameters of their files.
#[tokio::test]
async fn the_sql_of_verbose_has_no_values() {
    let row = session("geheim", "0123456789ABCDEF.jvm1", 1800, NOW.0);
    let db = holding(&[row]).await;
    for args in ["show 0123 -vv", "list --id 0123 -vv", "delete 0123 -vv"] {
        let run = on(&db, args).secret("0123456789ABCDEF").run().code(0);
        assert!(run.stderr.contains("page: SELECT ") && run.stderr.contains(" parameters)"), "{args}: {run}");
        assert!(!run.stderr.contains("geheim"), "{args}: {run}");
    }
    for kind in [Kind::Postgres, Kind::Mariadb, Kind::Mysql] {
        let Some(db) = Scratch::new(kind).await else { continue };
        db.create_table("documented").await;
        let mut store = db.open().await;
        store.insert(&[session("geheim", "0123456789ABCDEF.jvm1", 1800, NOW.0)], OnConflict::Fail).await.unwrap();
        store.close().await;
        let placeholder = if kind == Kind::Postgres { "$1" } else { "?" };
        for (args, statement) in [
            ("show 0123 -vv", "page: SELECT "),
            ("list --app geheim --id 0123 -vv", "page: SELECT "),
            ("delete 0123 -vv", "delete_rows: DELETE "),
        ] {
            let run = command().args(args).arg("--url").arg(&db.url).secret("0123456789ABCDEF").run().code(0);
            let line = run.stderr.lines().find(|line| line.contains(statement));
            let line = line.unwrap_or_else(|| panic!("{kind:?} {args}: no `{statement}`: {run}"));
            assert!(line.contains(placeholder) && line.contains(" parameters)"), "{kind:?} {args}: {line}");
            assert!(!run.stderr.contains("geheim"), "{kind:?} {args}: {run}");
        }
        db.drop().await;
    }
    let new = Scratch::reserve(Kind::Sqlite).unwrap();
    let run = on(&new, "init-db --apply -vv").run().code(0);
    assert!(run.stderr.contains("create_table: CREATE TABLE"), "{run}");
    let run = on(&db, "list -v --quiet").run().code(2);
    assert!(run.stderr.contains("cannot be used with"), "{run}");
}
