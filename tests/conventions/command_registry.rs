//! Every command is registered and tested, and has the same kind of help.

use std::collections::BTreeSet;

use clap::CommandFactory;
use tomcat_sessions::cli::Cli;
use tomcat_sessions::failure::EXIT_CODES;

use crate::files::{below, read, root};

/// The entries of a directory of `src/`: files without their extension, and directories.
fn names_in(folder: &str) -> BTreeSet<String> {
    let below = below(folder, "");
    let names = below.iter().map(|path| path[folder.len() + 1..].split(['/', '.']).next().unwrap());
    names.filter(|name| *name != "mod").map(str::to_owned).collect()
}

/// The names of commands, as in their file names.
fn registered<'a>(commands: impl Iterator<Item = &'a clap::Command>) -> BTreeSet<String> {
    commands.map(|command| command.get_name().replace('-', "_")).collect()
}

/// Every command, and every command of a group, with its complete name.
fn commands() -> Vec<(String, clap::Command)> {
    let mut all = Vec::new();
    for command in Cli::command().get_subcommands() {
        let name = command.get_name();
        all.extend(command.get_subcommands().map(|sub| (format!("{name} {}", sub.get_name()), sub.clone())));
        all.push((name.to_owned(), command.clone()));
    }
    all
}

/// `src/commands/` and the directories of groups contain only commands, one file or one directory each.
#[test]
fn the_directory_of_commands_contains_only_commands() {
    let grammar = Cli::command();
    let files = names_in("src/commands");
    assert!(files.len() >= 15, "{files:?}");
    assert_eq!(files, registered(grammar.get_subcommands()));
    for group in grammar.get_subcommands().filter(|command| command.has_subcommands()) {
        let folder = format!("src/commands/{}", group.get_name());
        assert_eq!(names_in(&folder), registered(group.get_subcommands()), "{folder}");
    }
}

/// Each command has its arguments and its `run` in its file, or in the `mod.rs` of its directory.
#[test]
fn every_command_has_arguments_and_a_run() {
    for (name, _) in commands() {
        let path = format!("src/commands/{}", name.replace('-', "_").replace(' ', "/"));
        let file = if root(&path).is_dir() { format!("{path}/mod.rs") } else { format!("{path}.rs") };
        let text = read(&file);
        assert!(text.contains("pub struct Args"), "{file} has no `Args`");
        assert!(text.contains("pub async fn run(") || text.contains("pub fn run("), "{file} has no `run`");
    }
}

#[test]
fn every_command_is_tested() {
    for (name, _) in commands().iter().filter(|(_, command)| !command.has_subcommands()) {
        let file = format!("tests/cli/{}.rs", name.replace(['-', ' '], "_"));
        assert!(root(&file).exists(), "{file} is missing");
    }
}

#[test]
fn every_help_ends_with_exit_status_and_two_examples() {
    for (name, command) in commands() {
        let help = command.get_after_long_help().unwrap_or_else(|| panic!("{name} has no after_long_help")).to_string();
        let (before, examples) = help.split_once("\nExamples:\n").unwrap_or_else(|| panic!("{name}: no examples"));
        let status = before.split("Exit status:\n").nth(1).unwrap_or_else(|| panic!("{name}: no exit status"));
        let lines: Vec<&str> = examples.lines().collect();
        assert!(lines.len() >= 2, "{name}: two examples at least, a line each: {lines:?}");
        assert!(lines.iter().all(|line| line.contains("tomcat-sessions ")), "{name}: {lines:?}");
        assert!(status.trim_start().starts_with("0 "), "{name}: 0 comes first");
        assert!(status.contains("\n  2 "), "{name}: 2 is the code of every usage error");
        for line in status.lines().filter(|line| !line.trim().is_empty()) {
            // A continuation line has no code.
            let Some(code) = line.trim().split(' ').next().and_then(|word| word.parse::<u8>().ok()) else { continue };
            assert!(EXIT_CODES.iter().any(|(known, _)| *known == code), "{name}: {code} is no exit code");
        }
        let about = command.get_about().unwrap().to_string();
        assert!(!about.ends_with('.') && about.starts_with(char::is_uppercase), "{name}: `{about}`");
    }
}

/// The examples are valid commands.
#[test]
fn examples_can_be_typed() {
    for (_, command) in commands() {
        let help = command.get_after_long_help().unwrap().to_string();
        for line in help.split("\nExamples:\n").nth(1).unwrap().lines() {
            let words = line.split([';', '|', '>']).find(|part| part.contains("tomcat-sessions ")).unwrap();
            let words = &words[words.find("tomcat-sessions ").unwrap()..];
            let words = words.split_whitespace().map(|word| word.trim_matches('\''));
            if let Err(error) = Cli::command().try_get_matches_from(words) {
                panic!("`{line}`: {error}");
            }
        }
    }
}

#[test]
fn every_exit_code_is_documented() {
    let page = read("docs/exit-codes.md");
    let (_, section) = page.split_once("\n## Exit codes\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows: Vec<&str> =
        section.lines().filter(|line| line.starts_with('|') && line.contains(char::is_numeric)).collect();
    let expected: Vec<String> = EXIT_CODES.iter().map(|(code, meaning)| format!("| {code} | {meaning} |")).collect();
    assert_eq!(rows, expected);
}

/// Every command with its global options, as in clap's completion.
fn built() -> Vec<(String, clap::Command)> {
    fn add(name: &str, command: &clap::Command, all: &mut Vec<(String, clap::Command)>) {
        all.push((name.to_owned(), command.clone()));
        for sub in command.get_subcommands() {
            add(&format!("{name} {}", sub.get_name()), sub, all);
        }
    }
    let mut grammar = Cli::command();
    grammar.build();
    let mut all = Vec::new();
    add("tomcat-sessions", &grammar, &mut all);
    all
}

/// 40 lines of 100 columns.
#[test]
fn the_short_help_of_every_command_fits_a_screen() {
    let mut long = Vec::new();
    for (name, mut command) in built() {
        let help = command.render_help().to_string();
        let (lines, columns) = (help.lines().count(), help.lines().map(|line| line.chars().count()).max());
        if lines > 40 || columns > Some(100) {
            long.push(format!("{name}: {lines} lines, {columns:?} columns"));
        }
    }
    assert!(long.is_empty(), "hide options with hide_short_help: {long:#?}");
}

/// The options under each heading.
const HEADINGS: &[(&str, &[&str])] = &[
    (
        "Filters",
        &[
            "app",
            "state",
            "idle_over",
            "idle_under",
            "since",
            "before",
            "id_prefix",
            "route",
            "larger_than",
            "smaller_than",
        ],
    ),
    ("Filters that read the session data", &["attr", "class", "user", "restorable"]),
    ("Pace and limits", &["batch", "batch_time", "sleep", "fast", "max_rows", "max_time", "wait_lock"]),
    ("Throttling", &["max_lag", "lag_url", "max_flow_control", "max_load"]),
    (
        "Tomcat's Manager application",
        &[
            "managers",
            "managers_file",
            "manager_user",
            "manager_password_file",
            "manager_ca",
            "manager_insecure",
            "manager_timeout",
        ],
    ),
    ("The two stores", &["from_password_file", "to_password_file", "to_table", "to_columns"]),
    ("The other store", &["other_password_file", "other_table"]),
    ("Replicas", &["read_from", "max_lag", "allow_stale"]),
    ("Class filter", &["allow_classes", "no_gadget_check", "unreadable"]),
    (
        "Global options",
        &[
            "url",
            "store",
            "config",
            "defaults_file",
            "context_xml",
            "password_file",
            "table",
            "swap_table",
            "columns",
            "format",
            "json",
            "full_ids",
            "quiet",
            "verbose",
            "color",
            "no_progress",
            "reconnect",
            "utc",
        ],
    ),
];

#[test]
fn headings_contain_only_their_own_options() {
    let mut unused: BTreeSet<&str> = HEADINGS.iter().map(|(heading, _)| *heading).collect();
    for (name, command) in built() {
        for option in command.get_arguments() {
            let Some(heading) = option.get_help_heading() else { continue };
            let group = HEADINGS.iter().find(|(known, _)| *known == heading);
            let (_, options) = group.unwrap_or_else(|| panic!("{name}: no group has the heading `{heading}`"));
            let id = option.get_id().as_str();
            assert!(options.contains(&id), "`{name}` has {id} under `{heading}`");
            unused.remove(heading);
        }
    }
    assert!(unused.is_empty(), "{unused:?}");
}

/// `--format`, `-f`, `--output`, `-o` and `--json` have the same meaning in every command.
#[test]
fn the_output_format_has_the_same_names_everywhere() {
    for (name, command) in built() {
        let options: Vec<_> = command.get_arguments().collect();
        let format = options.iter().find(|option| option.get_long() == Some("format"));
        let format = format.unwrap_or_else(|| panic!("{name} has no --format"));
        assert_eq!(format.get_short_and_visible_aliases().unwrap(), ['f', 'o'], "{name}");
        assert_eq!(format.get_visible_aliases().unwrap(), ["output"], "{name}");
        assert!(options.iter().any(|option| option.get_long() == Some("json")), "{name} has no --json");
    }
}

/// `-n` is never a number.
#[test]
fn n_is_dry_run_everywhere() {
    let mut writers = 0;
    for (name, command) in built() {
        for option in command.get_arguments() {
            let (short, dry) = (option.get_short() == Some('n'), option.get_long() == Some("dry-run"));
            assert_eq!(short, dry, "{name}: {option}");
            writers += usize::from(dry);
        }
    }
    assert!(writers > 8, "{writers}");
}

#[test]
fn lists_have_an_order_and_a_limit() {
    const LISTS: &[&str] = &["list", "stats", "stores", "audit", "tomcat status"];
    for list in LISTS {
        let (_, command) = built().into_iter().find(|(name, _)| name.ends_with(&format!("sessions {list}"))).unwrap();
        for option in ["sort", "limit"] {
            assert!(command.get_arguments().any(|arg| arg.get_long() == Some(option)), "{list} has no --{option}");
        }
    }
}

#[test]
fn all_formats_are_listed() {
    for (name, mut command) in built() {
        let help = command.render_help().to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        let formats = "[possible values: table, wide, json, ndjson, csv, prometheus, sql, sarif]";
        assert!(help.contains(formats), "{name}: {help}");
    }
}
