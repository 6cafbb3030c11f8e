//! Text output: on a terminal of 80 columns, in a locale that is not UTF-8, without colors, in UTC, and as a screen
//! that is redrawn. `docs/output.md` describes it.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};

use clap::CommandFactory;
use tempfile::TempDir;
use tomcat_sessions::cli::Cli;
use tomcat_sessions::session::{OnConflict, Session};

use crate::command;
use crate::store::{each_state, holding, on};
use crate::support::faulty_proxy::Proxy;
use crate::support::{Kind, NOW, Scratch, absent, sample, session, variable};

const COLUMNS: usize = 80;
/// Longer than the width of a terminal, as for versioned deployments.
const LONG: &str =
    "/Catalina/shop.example.org/warehouse-administration-console##2026.11.23-build.4711-hotfix-for-the-customer";

/// Quotes a word for the shell.
pub fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// The output of a shell command on a terminal of 80 columns and 200 rows; `None` if `script` (Debian: bsdutils) is
/// missing.
fn on_terminal(line: &str) -> Option<String> {
    on_terminal_with(line, None)
}

/// The same with input on the terminal.
pub fn on_terminal_with(line: &str, typed: Option<&str>) -> Option<String> {
    let program = quoted(assert_cmd::cargo::cargo_bin!("tomcat-sessions").to_str().unwrap());
    let line = format!("stty cols {COLUMNS} rows 200; {}", line.replace("PROGRAM", &program));
    let run = Command::new("script")
        .args(["-qefc", &line, "/dev/null"])
        .env_clear()
        .env("PATH", variable("PATH").unwrap())
        .envs([("TZ", "UTC"), ("LC_ALL", "C.UTF-8"), ("TERM", "xterm"), ("SHELL", "/bin/sh"), ("NO_COLOR", "1")])
        .env("TOMCAT_SESSIONS_CLOCK", NOW.0.to_string())
        .stdin(if typed.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut run) = run else {
        absent("script");
        return None;
    };
    let (mut out, mut stdin, mut shown) = (run.stdout.take().unwrap(), run.stdin.take(), Vec::new());
    let (mut some, mut typed) = ([0; 4096], typed);
    while let Ok(read @ 1..) = out.read(&mut some) {
        shown.extend(&some[..read]);
        // Types only after the question was printed. The pipe stays open until the end: at its end, `script` would type
        // Ctrl-D, which the program could read before a typed signal has reached it.
        if String::from_utf8_lossy(&shown).contains("[y/N] ")
            && let (Some(typed), Some(stdin)) = (typed.take(), &mut stdin)
        {
            stdin.write_all(typed.as_bytes()).unwrap();
        }
    }
    run.wait().unwrap();
    drop(stdin);
    Some(String::from_utf8_lossy(&shown).replace("\r\n", "\n"))
}

/// Sessions whose applications and ids are longer than the width of a terminal.
fn long() -> Vec<Session> {
    let mut rows = sample();
    for (number, row) in rows.iter_mut().enumerate().take(12) {
        row.meta.key.app = Some(format!("{LONG}{}", number % 3));
        row.meta.key.id.push_str(".a-route-that-somebody-thought-nobody-would-ever-see");
    }
    rows.push(session("über/straße-und-so-weiter-und-so-fort-bis-niemand-mehr-liest", "0123", 1800, NOW.0));
    rows
}

async fn store(sessions: &[Session]) -> Scratch {
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    db.create_table("recommended").await;
    let mut store = db.open().await;
    store.insert(sessions, OnConflict::Fail).await.unwrap();
    store.close().await;
    db
}

/// Lines that may be longer: text to paste, and names or ids outside of tables, which are not wrapped.
fn may_be_long(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("paste: ") || line.split_whitespace().any(|word| word.chars().count() > COLUMNS / 2)
}

/// No line of a table may be longer, because its cells are wrapped.
fn is_of_a_table(line: &str) -> bool {
    line.split_whitespace().count() > 2 && line.contains("  ")
}

#[tokio::test]
async fn every_result_keeps_to_80_columns() {
    let db = store(&long()).await;
    let mut half = long()[..8].to_vec();
    half[1].meta.max_inactive = Some(7);
    let other = store(&half).await;
    let dir = TempDir::new().unwrap();
    let archive = quoted(dir.path().join("archive.ndjson").to_str().unwrap());
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/guide/mssql");
    let (one, two) = (quoted(&db.url), quoted(&other.url));
    let mut lines: Vec<String> = [
        "list",
        "list --full-ids --sort size",
        "list --columns attr=cart,attr=user",
        "show 0EE532DB --values",
        "stats",
        "stats --by attr",
        "stats --by class",
        "stats --by user",
        "stats --by app",
        "check",
        "check --explain schema.key-without-app",
        "audit",
        "expire --dry-run --allow-clock-skew",
        "delete 0EE532DB --dry-run",
        "delete --app '*warehouse*' --all --dry-run",
        "swap-out --max-idle 10m --include-expired --create --allow-clock-skew",
        "list --swapped",
        "swap-in --all --allow-clock-skew",
        "init-db --apply",
    ]
    .iter()
    .map(|args| format!("{args} --url {one}"))
    .collect();
    lines.extend([
        format!("verify {one} {two}"),
        format!("migrate --from {one} --to {two} --dry-run"),
        format!("export --url {one} {archive}"),
        format!("import --url {two} {archive}"),
        format!("verify --url {two} {archive}"),
        format!("tomcat lint {guide}"),
        "demo --no-pause".to_owned(),
    ]);
    let mut wide = Vec::new();
    for line in &lines {
        let Some(text) = on_terminal(&format!("PROGRAM {line} 2>/dev/null")) else { return };
        // For an archive file, the result of export is a note.
        assert!(!text.is_empty() || line.starts_with("export"), "{line}");
        assert!(!text.contains('\x1b'), "{line}: {text}");
        let long = |line: &&str| line.chars().count() > COLUMNS && (is_of_a_table(line) || !may_be_long(line));
        // Statements of remedies can be pasted.
        let too_long = text.lines().filter(long).filter(|line| !line.trim_start().starts_with("paste: "));
        wide.extend(too_long.map(|found| format!("{line}: {found}")));
    }
    assert!(wide.is_empty(), "{}", wide.join("\n"));
}

#[tokio::test]
async fn output_is_ascii_if_the_locale_is_not_utf8() {
    let db = store(&long()).await;
    for args in
        ["list", "stats", "stats --by attr", "show 0EE532DB", "show 0EE532DB --values", "audit", "show FFFF", "check"]
    {
        for locale in ["C", "POSIX", "de_DE.ISO-8859-1", ""] {
            let done = on(&db, args).env("LC_ALL", locale).run();
            assert!(done.stdout.is_ascii() && done.stderr.is_ascii(), "{args} with `{locale}`: {done}");
        }
    }
    let list = on(&db, "list --app *traße*").env("LC_ALL", "C").run().code(0);
    assert!(list.stdout.contains("\\u00fcber/stra\\u00dfe"), "{list}");
    // LC_ALL takes precedence over LC_CTYPE, which takes precedence over LANG.
    let bars = |all: &str, ctype: &str, lang: &str| {
        let run = on(&db, "stats").env("LC_ALL", all).env("LC_CTYPE", ctype).env("LANG", lang).run();
        run.code(0).stdout.contains('█')
    };
    assert!(bars("", "", "en_US.UTF-8") && bars("", "de_DE.utf8", "C") && bars("C.UTF-8", "C", "C"));
    assert!(!bars("C", "de_DE.UTF-8", "de_DE.UTF-8") && !bars("", "C", "de_DE.UTF-8"));
    // Machine formats are always UTF-8.
    let json = on(&db, "list --format json --app *traße*").env("LC_ALL", "C").run().code(0);
    assert!(json.stdout.contains("über/straße"), "{json}");
}

/// Help is printed before the locale is known.
#[test]
fn help_is_ascii() {
    fn look(command: &mut clap::Command) {
        let help = command.render_long_help().to_string();
        let other: String = help.chars().filter(|c| !c.is_ascii()).collect();
        assert!(other.is_empty(), "{}: {other}", command.get_name());
        command.get_subcommands_mut().for_each(look);
    }
    let mut program = Cli::command();
    program.build();
    look(&mut program);
}

#[tokio::test]
async fn states_are_colored_on_request() {
    let db = holding(&each_state()).await;
    let colored = on(&db, "list --color always").run().code(0);
    for (state, code) in [("live", 10), ("expired", 11), ("never", 14), ("invalid", 9)] {
        assert!(colored.stdout.contains(&format!("\x1b[38;5;{code}m{state}")), "{state}: {:?}", colored.stdout);
    }
    let shown = on(&db, "show B0B --color always").run().code(0);
    assert!(shown.stdout.contains("state          \x1b[38;5;14mnever\x1b[39m expires\n"), "{:?}", shown.stdout);
    assert!(shown.stdout.contains("restorable     \x1b[38;5;9mno"), "{:?}", shown.stdout);
    for args in ["list", "show B0B", "list --color never"] {
        assert!(!on(&db, args).run().code(0).stdout.contains('\x1b'), "{args}");
    }
    let Some(text) = on_terminal(&format!("NO_COLOR= PROGRAM list --url {}", quoted(&db.url))) else { return };
    assert!(text.contains("\x1b[38;5;10mlive"), "{text:?}");
    let Some(text) = on_terminal(&format!("PROGRAM list --url {}", quoted(&db.url))) else { return };
    assert!(!text.contains('\x1b'), "{text:?}");
}

/// A purge with pauses takes long enough on every machine: four batches, 150 ms each.
#[tokio::test]
async fn progress_is_labeled_and_leaves_a_line() {
    let rows: Vec<_> = (0..4).map(|n| session("/Catalina/localhost/demo", &format!("E{n}"), 60, 1_000_000)).collect();
    for columns in [0, 60, 120] {
        let db = holding(&rows).await;
        let line = format!(
            "stty cols {columns}; PROGRAM expire --url {} --batch 1 --sleep 150ms --allow-clock-skew 2>&1 >/dev/null",
            quoted(&db.url)
        );
        let Some(text) = on_terminal(&line) else { return };
        for part in ["/4 ", "%, ", " sessions/s, ETA ", ", elapsed "] {
            assert!(text.contains(part), "{columns} columns: `{part}` in {text:?}");
        }
        let last = text.lines().last().unwrap().rsplit('\r').next().unwrap();
        assert!(
            last.contains("Deleting expired sessions: 4 sessions in ") && last.ends_with(" sessions/s."),
            "{last:?}"
        );
    }
    let db = holding(&rows).await;
    let run = on(&db, "expire --batch 1 --sleep 150ms").real_clock().run().code(0);
    assert_eq!(run.stderr, "", "nothing on a pipe");
}

/// Reading commands also know the total. With a slow network, each run takes long enough.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reading_has_a_total() {
    let (Some(db), Some(other)) = (Scratch::new(Kind::Mariadb).await, Scratch::new(Kind::Mariadb).await) else {
        return;
    };
    for db in [&db, &other] {
        db.create_table("documented").await;
        let mut store = db.open().await;
        store.insert(&sample(), OnConflict::Fail).await.unwrap();
        store.close().await;
    }
    let proxy = Proxy::to(db.address()).await;
    proxy.delay(std::time::Duration::from_millis(150));
    let url = quoted(&db.url_through(proxy.port));
    let demo = sample().iter().filter(|row| row.meta.key.app.as_deref() == Some("/Catalina/localhost/demo")).count();
    for (args, what, total) in [
        ("stats", "Reading sessions", Some(26)),
        ("stats --app demo", "Reading sessions", Some(demo)),
        ("stats --state live", "Reading sessions", None),
        ("stats --by user", "Reading the data of sessions", Some(26)),
        ("stats --user nobody", "Reading the data of sessions", Some(26)),
        ("audit", "Auditing sessions", Some(26)),
        ("export -", "Exporting sessions", Some(26)),
        (&format!("verify {}", quoted(&other.url)), "Comparing sessions", Some(26)),
    ] {
        let Some(text) = on_terminal(&format!("PROGRAM {args} --url {url} 2>&1 >/dev/null")) else { return };
        assert!(text.contains(what), "{args}: {text:?}");
        match total {
            Some(total) => {
                for part in [format!("/{total} "), "%, ".to_owned(), "ETA ".to_owned(), "elapsed ".to_owned()] {
                    assert!(text.contains(&part), "{args}: `{part}` in {text:?}");
                }
            }
            None => assert!(text.contains("sessions/s, elapsed ") && !text.contains("ETA"), "{args}: {text:?}"),
        }
    }
    db.drop().await;
    other.drop().await;
}

#[tokio::test]
async fn times_are_local_or_utc() {
    let db = holding(&each_state()).await;
    let shown = |args: &str| {
        let done = on(&db, args).env("TZ", "Asia/Kolkata").run().code(0);
        done.stdout.lines().find(|line| line.starts_with("last_access")).unwrap().to_owned()
    };
    assert_eq!(shown("show CAFE"), "last_access    1795360000000 (2026-11-22 20:36:40+05:30)");
    assert_eq!(shown("show CAFE --utc"), "last_access    1795360000000 (2026-11-22 15:06:40Z)");
}

#[tokio::test]
async fn watch_redraws_on_a_terminal_and_prints_lines_otherwise() {
    let db = holding(&each_state()).await;
    for (args, word) in [
        ("stats --watch 2s", "--watch needs a terminal"),
        ("stats --watch --format json", "--watch needs a terminal"),
        ("stats --watch 1ms --format ndjson", "at least 100ms"),
        ("stats --watch --html x.html", "cannot be used with"),
    ] {
        let done = on(&db, args).run().code(2);
        assert!(done.stderr.contains(word), "{args}: {done}");
    }
    let gone = command().args("stats --watch --format ndjson --url sqlite:/nowhere/at/all.db").run();
    assert_eq!(gone.code, Some(10), "a first look that fails ends it: {gone}");
}

/// Starts --watch with one line per query into a pipe.
fn watching(db: &Scratch, stderr: Stdio) -> Child {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"));
    command.env_clear().args(["stats", "--watch", "100ms", "--format", "ndjson", "--url", &db.url]);
    command.stdout(Stdio::piped()).stderr(stderr).spawn().unwrap()
}

/// One line per query; a failed query is reported and repeated.
#[tokio::test]
async fn watch_continues_after_a_failed_query() {
    let db = holding(&each_state()).await;
    let mut run = watching(&db, Stdio::piped());
    let mut out = BufReader::new(run.stdout.take().unwrap()).lines();
    let mut err = BufReader::new(run.stderr.take().unwrap()).lines();
    let mut look = || serde_json::from_str::<serde_json::Value>(&out.next().unwrap().unwrap()).unwrap();
    assert_eq!(look()["total"]["sessions"], 4);
    let away = db.path().with_extension("away");
    std::fs::rename(db.path(), &away).unwrap();
    let told = err.next().unwrap().unwrap();
    assert!(told.starts_with("{\"error\":\"cannot open") && told.ends_with("\"exit_code\":10}"), "{told}");
    db_is_back(&db, &away).await;
    // Output before the failure may still be in the pipe.
    let seen = (0..1000).map(|_| look()["total"]["sessions"].as_u64()).find(|sessions| *sessions == Some(5));
    assert_eq!(seen, Some(Some(5)));
    let kill = Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    assert!(kill.success());
    assert_eq!(run.wait().unwrap().code(), Some(130));
}

/// The thread of the connections is then blocked on the pipe, and cannot handle a signal.
#[tokio::test]
async fn a_second_signal_ends_a_blocked_write() {
    let rows: Vec<_> =
        (0..60).map(|n| session(&format!("/Catalina/localhost/a{n}"), &format!("{n:02X}"), 1800, NOW.0)).collect();
    let db = holding(&rows).await;
    let mut run = watching(&db, Stdio::null());
    let ended = (0..100).find_map(|n| {
        if n > 15 {
            // If it has ended, it no longer exists.
            let _ = Command::new("kill").args(["-TERM", &run.id().to_string()]).stderr(Stdio::null()).status();
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
        run.try_wait().unwrap()
    });
    if ended.is_none() {
        run.kill().unwrap();
    }
    assert_eq!(ended.and_then(|status| status.code()), Some(143));
}

/// Restores the file, with one more session.
async fn db_is_back(db: &Scratch, away: &std::path::Path) {
    let held = Scratch::new(Kind::Sqlite).await.unwrap();
    std::fs::copy(away, held.path()).unwrap();
    let mut store = held.open().await;
    store.insert(&[session("/Catalina/localhost/demo", "MORE", 1800, NOW.0)], OnConflict::Fail).await.unwrap();
    store.close().await;
    std::fs::copy(held.path(), db.path()).unwrap();
}

#[tokio::test]
async fn watch_redraws_and_restores_the_screen() {
    let db = holding(&each_state()).await;
    let line = format!(
        "timeout --foreground --preserve-status -s INT 3 PROGRAM stats --watch 200ms --url {}; echo exit $?",
        quoted(&db.url)
    );
    let Some(text) = on_terminal(&line) else { return };
    let (before, rest) = text.split_once("\x1b[?1049h").unwrap();
    let (drawn, after) = rest.rsplit_once("\x1b[?1049l").unwrap();
    assert_eq!(before, "");
    assert!(drawn.matches("\x1b[H").count() > 1 && drawn.contains("every 200ms"), "{drawn:?}");
    // The cursor is shown again, and the last result remains.
    assert!(drawn.ends_with("\x1b[?7h\x1b[?25h"), "{drawn:?}");
    assert!(after.starts_with("APPLICATION ") && after.ends_with("exit 130\n"), "{after:?}");
    assert!(!after.contains('\x1b'), "{after:?}");
}
