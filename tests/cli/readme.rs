//! The README and the guides show the actual output of the program. `UPDATE_GENERATED=1 cargo test --test cli readme`
//! updates the examples; examples that omit lines (`...`) are edited manually.

use std::path::{Path, PathBuf};

use std::sync::Mutex;

use tempfile::TempDir;
use tomcat_sessions::session::EpochMillis;

use crate::command;
use crate::support::{Kind, Scratch, variable};

/// The sections with printed examples, by page and heading.
const SECTIONS: &[(&str, &str)] = &[
    ("README.md", "## What it looks like"),
    ("docs/output.md", "## The bars of `stats`"),
    ("docs/provision.md", "## What you should see"),
    ("docs/provision.md", "## What can go wrong"),
];
/// The names of account, database and server in the examples.
const SHOWN: &str = "tomcat";
const SERVER: &str = "db.example.org:3306";

/// A command and its printed output on a page.
struct Example {
    page: &'static str,
    line: String,
    shown: String,
}

fn file(page: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(page)
}

fn examples() -> Vec<Example> {
    SECTIONS.iter().flat_map(|(page, heading)| examples_of(page, heading)).collect()
}

/// # Panics
/// If the page has no such section, or the section has no example.
fn examples_of(page: &'static str, heading: &str) -> Vec<Example> {
    let text = std::fs::read_to_string(file(page)).unwrap();
    let (_, rest) = text.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("{page}: no {heading}"));
    let section = rest.split("\n## ").next().unwrap();
    let blocks = section.split("\n```").skip(1).step_by(2);
    let prompts = blocks.flat_map(|block| block.split("\n$ ").skip(1).map(str::to_owned).collect::<Vec<_>>());
    let all = prompts.map(|prompt| {
        let (line, printed) = prompt.split_once('\n').unwrap_or((&prompt, ""));
        Example { page, line: line.to_owned(), shown: printed.trim_end().to_owned() }
    });
    let all: Vec<Example> = all.filter(|example| example.line.starts_with("tomcat-sessions ")).collect();
    assert!(!all.is_empty(), "{page}: {heading} has no example");
    all
}

/// A text without parts that differ in every run: durations, and generated passwords.
fn steady(text: &str) -> String {
    let line = |line: &str| {
        let line = line.split_once(" is ").filter(|_| line.starts_with("The password of ")).map_or(line, |(of, _)| of);
        let took = line.rsplit_once(", in ").filter(|(_, took)| took.ends_with("s."));
        took.map_or(line, |(before, _)| before).trim_end().to_owned()
    };
    text.trim_end().lines().map(line).collect::<Vec<_>>().join("\n")
}

/// # Panics
/// If the page shows something else.
fn compare(example: &Example, printed: &str) {
    let Example { page, line, shown } = example;
    if shown.lines().any(|line| line == "...") {
        let mut rest = printed;
        for part in shown.split("\n...\n") {
            let (_, behind) =
                rest.split_once(part).unwrap_or_else(|| panic!("`{line}` does not print\n{part}\nbut\n{printed}"));
            rest = behind;
        }
        return;
    }
    if steady(shown) == steady(printed) {
        return;
    }
    if variable("UPDATE_GENERATED").is_some() {
        static ONE: Mutex<()> = Mutex::new(());
        let _one = ONE.lock().unwrap();
        let text = std::fs::read_to_string(file(page)).unwrap();
        let text = text.replacen(&format!("$ {line}\n{shown}"), &format!("$ {line}\n{}", printed.trim_end()), 1);
        std::fs::write(file(page), text).unwrap();
        return;
    }
    panic!("{page} is out of date: UPDATE_GENERATED=1 cargo test --test cli readme; `{line}` prints\n{printed}");
}

/// Examples with the store of the tour.
fn of_the_tour(line: &str) -> bool {
    line.starts_with("tomcat-sessions --url sqlite:sessions.db ")
}

#[test]
fn there_are_five_examples() {
    assert!(examples().len() >= 5);
}

#[test]
fn the_tour_prints_the_examples() {
    let temp = TempDir::new().unwrap();
    // One clock for all commands of the tour, so that their times agree; close to SQLite's, because a purge compares
    // the two.
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis();
    let now = EpochMillis(i64::try_from(now).unwrap()).0.to_string();
    let tour = command().env("TOMCAT_SESSIONS_CLOCK", now).env("TMPDIR", temp.path()).args("demo").run().code(0).stdout;
    for example in examples().iter().filter(|example| of_the_tour(&example.line)) {
        let line = &example.line;
        let (_, rest) = tour.split_once(&format!("\n$ {line}\n")).unwrap_or_else(|| panic!("the tour has no `{line}`"));
        // After this line, the tour continues with text.
        let printed = rest.split("\n\n# ").next().unwrap();
        compare(example, printed);
    }
}

/// Replaces the names of the run with those in the examples, and adjusts the widths of columns.
fn as_shown(printed: &str, db: &Scratch, user: &str) -> String {
    let mut text = printed.replace(&db.address(), SERVER);
    for (name, shown) in [(user, SHOWN), (&db.database, SHOWN)] {
        let more = " ".repeat(name.len() - shown.len());
        for end in ["", "@%"] {
            text = text.replace(&format!("{name}{end}  "), &format!("{shown}{end}  {more}"));
        }
        text = text.replace(name, shown);
    }
    text
}

#[tokio::test]
async fn the_examples_match_the_output_on_a_server() {
    let Some(db) = Scratch::reserve(Kind::Mariadb) else { return };
    let user = format!("u{}", db.database);
    let published = Scratch::reserve(Kind::Mariadb).unwrap();
    let publish = "init-db --profile documented --no-user --apply --quiet --url";
    command().args(publish).arg(&published.url).run().code(0);
    for example in examples().iter().filter(|example| !of_the_tour(&example.line)) {
        let args = example.line.strip_prefix("tomcat-sessions --password-file root.pw ").unwrap();
        let run = if args.starts_with("init-db ") {
            command().args(args).arg("--user").arg(&user).arg("--url").arg(&db.url)
        } else {
            command().real_clock().args(args).arg("--url").arg(&published.url)
        };
        compare(example, &as_shown(&run.run().code(0).stdout, &db, &user));
    }
    db.server_sql(&format!("DROP USER IF EXISTS '{user}'@'%'")).await;
    published.drop().await;
    db.drop().await;
}
