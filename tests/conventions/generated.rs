//! Committed generated files are current. `UPDATE_GENERATED=1 cargo test --test conventions` updates them.

use std::io::Write as _;
use std::process::Command;

use clap::CommandFactory;
use clap_complete::Shell;
use tomcat_sessions::catalina::lint;
use tomcat_sessions::cli::Cli;
use tomcat_sessions::commands::man_pages;
use tomcat_sessions::engine;
use tomcat_sessions::store::check;

use crate::files::{below, read, root};

const FILES: &[(Shell, &str)] = &[
    (Shell::Bash, "completions/tomcat-sessions.bash"),
    (Shell::Zsh, "completions/_tomcat-sessions"),
    (Shell::Fish, "completions/tomcat-sessions.fish"),
    (Shell::PowerShell, "completions/_tomcat-sessions.ps1"),
    (Shell::Elvish, "completions/tomcat-sessions.elv"),
];

#[expect(clippy::disallowed_methods, reason = "a test is told by the environment to write")]
pub fn updating() -> bool {
    std::env::var_os("UPDATE_GENERATED").is_some()
}

/// Compares a file with its generated text, or writes it.
#[track_caller]
fn hold(file: &str, text: &str) {
    if updating() {
        std::fs::write(root(file), text).unwrap();
    }
    let old = !root(file).exists() || read(file) != text;
    assert!(!old, "{file} is old: UPDATE_GENERATED=1 cargo test --test conventions");
}

#[test]
fn completion_scripts_are_current() {
    for (shell, file) in FILES {
        let mut script = Vec::new();
        clap_complete::generate(*shell, &mut Cli::command(), "tomcat-sessions", &mut script);
        hold(file, &String::from_utf8(script).unwrap());
    }
}

#[test]
fn man_pages_are_current() {
    let pages = man_pages(Cli::command()).unwrap();
    assert!(pages.len() > 20, "{}", pages.len());
    for (name, page) in &pages {
        hold(&format!("man/{name}"), &String::from_utf8(page.clone()).unwrap());
    }
    for file in below("man", "") {
        assert!(pages.iter().any(|(name, _)| file == format!("man/{name}")), "{file} is the page of no command");
    }
}

/// Every option, argument, command, variable and exit code: `.TP`, the term, its description.
#[test]
fn man_pages_describe_every_term() {
    for (name, page) in man_pages(Cli::command()).unwrap() {
        let page = String::from_utf8(page).unwrap();
        let mut lines = page.lines();
        let mut terms = 0;
        while lines.by_ref().any(|line| line == ".TP") {
            let (term, description) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
            assert!(
                !description.trim().is_empty() && !description.starts_with('.'),
                "{name}: {term} has no description"
            );
            terms += 1;
        }
        assert!(terms > 10, "{name}: {terms}");
    }
}

/// An option may be absent from `-h`; the man page has the same help as `--help`.
#[test]
fn man_pages_have_the_help_of_every_option() {
    fn plain(text: &str) -> String {
        text.replace("\\*(Aq", "'").replace('\\', "")
    }
    fn compare(command: &clap::Command, pages: &[(String, Vec<u8>)]) {
        let name = format!("{}.1", command.get_display_name().unwrap_or_else(|| command.get_name()));
        let (_, page) = pages.iter().find(|(page, _)| *page == name).unwrap();
        let page = plain(std::str::from_utf8(page).unwrap());
        for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
            let help = arg.get_long_help().or_else(|| arg.get_help()).map(ToString::to_string).unwrap_or_default();
            assert!(!help.is_empty() && page.contains(&plain(&help)), "{name}: help of {} is missing", arg.get_id());
        }
        command.get_subcommands().for_each(|below| compare(below, pages));
    }
    let mut grammar = Cli::command();
    grammar.build();
    compare(&grammar, &man_pages(Cli::command()).unwrap());
}

/// With all warnings of groff.
#[test]
fn man_pages_are_what_groff_understands() {
    if Command::new("groff").arg("--version").output().is_err() {
        // Without a print macro, whose output the test harness hides for passed tests.
        let _ = writeln!(std::io::stderr(), "skipped: what needs groff, which is not here");
        return;
    }
    for file in below("man", ".1") {
        let args = ["-man", "-ww", "-z", "-k", "-Tutf8"];
        let run = Command::new("groff").args(args).arg(root(&file)).output().unwrap();
        assert!(run.status.success() && run.stderr.is_empty(), "{file}: {}", String::from_utf8_lossy(&run.stderr));
    }
}

/// Rules, each with its reason and its source.
fn rules(command: &str, file: &str, more: &str, rules: impl Iterator<Item = [&'static str; 3]>) -> String {
    let mut text = format!(
        "<!-- Generated from {file}: UPDATE_GENERATED=1 cargo test --test conventions -->\n\n# The rules of `{command}`\n\n\
         `tomcat-sessions {command} --explain RULE` says the same. {more}\n",
    );
    for [id, why, source] in rules {
        text.push_str(&format!("\n## {id}\n\n{why}\n\nSource: {source}\n"));
    }
    text
}

#[test]
fn the_rules_of_lint_are_documented() {
    let all = lint::RULES.iter().map(|rule| [rule.id, rule.why, rule.source]);
    let more = "The rules about tables are those of `check`.";
    hold("docs/lint.md", &rules("tomcat lint", "src/catalina/lint/rules.rs", more, all));
}

#[test]
fn the_rules_of_check_are_documented() {
    let all = check::RULES.iter().map(|rule| [rule.id, rule.why, rule.source]);
    let more = "The rules about a Tomcat's configuration are those of `tomcat lint`.";
    hold("docs/check.md", &rules("check", "src/store/check/", more, all));
}

#[test]
fn the_parameters_of_jdbc_urls_are_documented() {
    hold("docs/jdbc.md", &engine::jdbc::reference());
}

#[test]
fn there_are_no_other_completion_scripts() {
    for file in below("completions", "") {
        let known = FILES.iter().any(|(_, known)| *known == file);
        assert!(known, "{file} is not generated by anything");
    }
}

/// The scripts for PostgreSQL, for a DBA to read. `tests/engines/postgres_names.rs` runs them with psql.
#[test]
fn scripts_for_postgresql_are_current() {
    for profile in ["recommended", "documented"] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_tomcat-sessions"));
        let printed =
            program.env_clear().args(["init-db", "--engine", "postgres", "--profile", profile]).output().unwrap();
        assert!(printed.status.success(), "{printed:?}");
        hold(&format!("tests/golden/postgres-{profile}.sql"), &String::from_utf8(printed.stdout).unwrap());
    }
}
