//! The first commands and mistakes of new users: the program suggests what was probably meant, and the suggested
//! commands work.

use tomcat_sessions::catalina::lint;
use tomcat_sessions::session::OnConflict;
use tomcat_sessions::store::check;

use crate::command;
use crate::run::{Run, quoted, words};
use crate::store::{each_state, holding, on};
use crate::support::{Kind, Scratch, WIDE_TABLE};

#[test]
fn no_arguments_show_the_five_commands_to_begin_with() {
    let run = command().run();
    insta::assert_snapshot!(run, @"
    exit 2
    --- stderr
    tomcat-sessions administers the database table in which Apache Tomcat keeps HTTP sessions.

      tomcat-sessions demo      take a tour on a temporary store
      tomcat-sessions init-db   print the script that creates a session database
      tomcat-sessions check     check a table and the server, and print remedies
      tomcat-sessions stats     count the sessions by application
      tomcat-sessions expire    delete expired sessions while Tomcat is running

    Most commands need the store: --url mysql://tomcat@localhost:3306/tomcat, the environment variable
    TOMCAT_SESSIONS_URL, or --context-xml with a Tomcat's configuration file.
    `tomcat-sessions --help` lists all commands, and --help after a command its options.
    ");
    // The environment does not replace a command.
    assert_eq!(command().env("TOMCAT_SESSIONS_URL", "sqlite:x.db").run().to_string(), run.to_string());
}

#[tokio::test]
async fn mistyped_names_are_answered_with_suggestions() {
    let db = holding(&each_state()).await;
    for (args, code, expected_text) in [
        ("lsit", 2, "'list'"),
        ("tomcat lnt", 2, "'lint'"),
        ("list --stat live", 2, "'--state'"),
        ("list --sort idel", 2, "'idle'"),
        ("list --state exipred", 2, "'expired'"),
        ("list --format jsn", 2, "'json'"),
        ("stats --by ap", 2, "'app'"),
        ("init-db --profile recomended", 2, "'recommended'"),
        ("init-db --engine mysl", 2, "'mysql'"),
        ("completions bsh", 2, "'bash'"),
        ("list --columns last-acess=x", 2, "did you mean `last-access`?"),
        ("list --app shpo", 0, "did you mean --app shop?"),
        ("expire --dry-run --allow-clock-skew --app Demo", 0, "did you mean --app demo?"),
        ("list --app /Catalina/localhost/demmo", 0, "did you mean --app /Catalina/localhost/demo?"),
        ("check --explain collation.cas", 2, "`tomcat-sessions check --explain collation.case`"),
        ("tomcat lint --explain activity.misin", 2, "`tomcat-sessions tomcat lint --explain activity.missing`"),
        ("man exprie", 2, "did you mean `tomcat-sessions man expire`?"),
        ("man tomcat confg", 2, "did you mean `tomcat-sessions man tomcat config`?"),
    ] {
        let run =
            if args.starts_with("list") || args.starts_with("expire") { on(&db, args) } else { command().args(args) };
        let run = run.run().code(code);
        assert!(run.stderr.contains(expected_text), "`{expected_text}` is missing: {args}: {run}");
    }
    for (url, expected_text) in [
        ("mysql://u@h/tomcat?sslmod=required", "did you mean `ssl-mode`?"),
        ("mariadb://u@h/tomcat?conect-timeout=1", "did you mean `connect-timeout`?"),
        ("mssql://u@h/tomcat?encrpt=true", "did you mean `encrypt`?"),
        ("mysq://u@h/tomcat", "did you mean `mysql:`?"),
    ] {
        let run = command().args("list --url").arg(url).run().code(2);
        assert!(run.stderr.contains(expected_text), "`{expected_text}` is missing: {run}");
    }
    // There is no suggestion without similarity.
    for args in ["list --app intranet", "list --app /Catalina/localhost/intranet", "list --app *x*"] {
        let run = on(&db, args).run().code(0);
        assert!(!run.stderr.contains("did you mean"), "{run}");
    }
    let run = command().args("check --explain schema.nothing").run().code(2);
    assert!(!run.stderr.contains("did you mean"), "{run}");
}

/// For rules about tables and about configurations, in either command.
#[test]
fn every_rule_is_explained_with_a_source() {
    let rules = check::RULES.iter().map(|rule| (rule.id, rule.source));
    let rules: Vec<_> = rules.chain(lint::RULES.iter().map(|rule| (rule.id, rule.source))).collect();
    for (id, source) in &rules {
        assert!(source.len() > 10 && source.contains(['.', '/', ' ']), "{id}: `{source}` is no source");
        assert_eq!(rules.iter().filter(|(other, _)| other == id).count(), 1, "{id} is there twice");
    }
    for command_line in ["check --explain", "tomcat lint --explain"] {
        for id in ["collation.case", "activity.missing"] {
            let run = command().args(command_line).arg(id).run().code(0);
            assert!(run.stdout.starts_with(&format!("{id}: ")) && run.stdout.contains("\nsource: "), "{run}");
        }
    }
    // A prefix alone lists its rules.
    let run = command().args("check --explain collation").run().code(2);
    let of_theme: Vec<&str> = rules.iter().map(|(id, _)| *id).filter(|id| id.starts_with("collation.")).collect();
    assert!(of_theme.len() > 1 && run.stderr.contains(&format!("hint: rules are {}\n", of_theme.join(", "))), "{run}");
}

/// Runs the first command in the hints of a failed run, on the same store.
#[track_caller]
fn follow(failed: Run, code: i32, url: &str) -> Run {
    let failed = failed.run().code(code);
    let hints = failed.hints();
    let line = hints.iter().flat_map(|hint| quoted(hint)).find(|line| line.starts_with("tomcat-sessions "));
    let line = line.unwrap_or_else(|| panic!("no hint names a command: {failed}"));
    words(line).into_iter().skip(1).fold(command(), Run::arg).env("TOMCAT_SESSIONS_URL", url)
}

#[tokio::test]
async fn commands_in_hints_work() {
    // There is no table: the hint prints its script, and with --apply creates the table.
    let empty = Scratch::new(Kind::Sqlite).await.unwrap();
    let script = follow(on(&empty, "list"), 11, &empty.url).run().code(0);
    assert!(script.stdout.contains("CREATE TABLE"), "{script}");
    follow(on(&empty, "list"), 11, &empty.url).arg("--apply").run().code(0);
    on(&empty, "list").run().code(0);

    // A column is missing: `check` reports which one, and how to fix it.
    let db = holding(&each_state()).await;
    db.sql("ALTER TABLE tomcat_sessions RENAME COLUMN max_inactive TO timeout").await;
    let output_text = follow(on(&db, "list"), 11, &db.url).run().code(11);
    assert!(output_text.stdout.contains("do: use --columns max-inactive=NAME"), "{output_text}");

    // No session has such an id: the hint lists existing ids.
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    db.sql(WIDE_TABLE).await;
    db.open().await.insert(&each_state(), OnConflict::Fail).await.unwrap();
    let listed = follow(on(&db, "show a11ce"), 1, &db.url).run().code(0);
    assert!(listed.stdout.contains("A11CE"), "{listed}");

    for (slip, code) in
        [("check --explain colation.case", 2), ("tomcat lint --explain driver.missin", 2), ("man lst", 2)]
    {
        follow(command().args(slip), code, &db.url).run().code(0);
    }
    // No session is given: the commands in the hint work, even with placeholder names.
    follow(on(&db, "delete"), 2, &db.url).arg("--dry-run").run().code(1);
    follow(on(&db, "delete --user alice"), 2, &db.url).arg("--dry-run").run().code(0);
    follow(on(&db, "export --format prometheus"), 2, &db.url).run().code(0);
    // No store is given: the only command that needs none.
    follow(command().args("list"), 2, "").real_clock().run().code(0);
}
